"""How each pack is rebuilt: one module each, whose `compute` takes the assumptions and gives the outputs, by key."""

from collections.abc import Iterable, Mapping

from opendome.errors import InputError


def not_negative(a: Mapping[str, float], keys: Iterable[str]) -> None:
    """Raise `InputError` that names every assumption of these which is stated and below 0."""
    wrong = [f"{key} = {a[key]:g}\n  must not be below 0" for key in keys if a.get(key, 0.0) < 0.0]
    if wrong:
        raise InputError("\n".join(wrong))


def whole(a: Mapping[str, float], key: str) -> int:
    """An assumption that counts whole things. Raises `InputError` for a fraction."""
    if a[key] != int(a[key]):
        raise InputError(f"{key} = {a[key]:g}\n  must be a whole number")
    return int(a[key])
