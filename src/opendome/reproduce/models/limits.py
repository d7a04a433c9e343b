"""What the assumptions of a model may be, and where a function of one number is zero."""

from collections.abc import Callable, Mapping

from scipy.optimize import brentq

from opendome.errors import InputError


def between(a: Mapping[str, float], limits: Mapping[str, tuple[float, float]]) -> None:
    """Raise `InputError` that names every assumption of these which is not between the least and the most it may be."""
    wrong = [f"{key} = {a[key]:g}\n  must be from {low:g} to {high:g}" for key, (low, high) in limits.items()
             if not low <= a[key] <= high]
    if wrong:
        raise InputError("\n".join(wrong))


def root(function: Callable[[float], float], low: float, high: float, *, refusal: str,
         tolerance: float = 1e-9) -> float:
    """The zero between two numbers, to a tolerance. Raises `InputError` with `refusal` where there is none."""
    if not function(low) * function(high) <= 0.0:
        raise InputError(refusal)
    return float(brentq(function, low, high, xtol=tolerance))
