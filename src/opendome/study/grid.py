"""Values to sweep over, from text: `500:20000:500` (from, to, step), `120,180,240`, words, or one value."""

import math
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal, DecimalException
from typing import Any

from opendome.errors import InputError

Value = bool | int | float | str
"""What one key of a sweep may be set to."""

POINTS_MAX = 100_000
"""Most points of one sweep."""

FORMS = "must be FROM:TO:STEP, values with commas between them, or one value"


def values_of(where: str, given: Any) -> list[Value]:
    """The values of one key, from a text or from a list of numbers, words and truth values.

    `where` names the key in errors. Steps are exact decimals: 0.1:0.5:0.1 are five values, the last 0.5. Whole numbers
    stay whole. Raises `InputError` for what is empty, given twice, or no value.
    """
    if isinstance(given, str):
        found = [value for item in given.split(",") for value in _item(f"{where}={given}", item.strip())]
    elif isinstance(given, Iterable) and not isinstance(given, dict):
        found = [_plain(where, value) for value in given]
    else:
        found = [_plain(where, given)]
    if not found:
        raise InputError(f"{where}: holds no values\n  {FORMS}")
    seen: set[tuple[bool, Value]] = set()
    for value in found:
        identity = (isinstance(value, bool), value)
        if identity in seen:
            raise InputError(f"{where}: {text_of(value)} stands there twice\n  every value must be another one")
        seen.add(identity)
    return found


def check_size(counts: Sequence[int]) -> None:
    """Raise `InputError` when a grid of so many values for each key has too many points."""
    points = math.prod(counts)
    if points > POINTS_MAX:
        product = " x ".join(f"{count:,}" for count in counts)
        raise InputError(f"--over: {product} = {points:,} points\n  must be at most {POINTS_MAX:,}\n"
                         "hint: a larger step, or fewer keys")


def text_of(value: Value) -> str:
    """A value as it is written on the command line."""
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def _plain(where: str, value: Any) -> Value:
    """A number, a word or a truth value; those of NumPy too."""
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
    if isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise InputError(f"{where}: {value!r} cannot be swept over\n  must be a finite number, a word, or true or false")


def _item(where: str, text: str) -> list[Value]:
    """The values of one item of a list: those of a range, or one."""
    if not text:
        raise InputError(f"{where}\n  a value is missing; {FORMS}")
    try:
        found = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:  # no value of TOML: a range, or a word without quotes
        if set(text) & set("{}[]"):
            raise InputError(f"{where}: {text} cannot be swept over\n  {FORMS}") from None
        return _range(where, text) if ":" in text else [text]
    if isinstance(found["value"], time):  # 20:40:10 is a range here
        return _range(where, text)
    is_moment = isinstance(found["value"], date)
    return [text if is_moment or len(found) > 1 else _plain(where, found["value"])]


def _range(where: str, text: str) -> list[Value]:
    """The values of FROM:TO:STEP, TO included when it falls on a step."""
    parts = [part.strip() for part in text.split(":")]
    try:
        numbers = [Decimal(part) for part in parts]
        if len(numbers) != 3 or not all(number.is_finite() for number in numbers):
            raise DecimalException
    except DecimalException:
        raise InputError(f"{where}\n  {text!r} is no range: must be three numbers FROM:TO:STEP, as 500:20000:500"
                         ) from None
    first, last, step = numbers
    if step == 0:
        raise InputError(f"{where}\n  the step of {text!r} is 0: must be {'below' if last < first else 'above'} 0")
    if (last - first) * step < 0:
        raise InputError(f"{where}\n  {text!r} leads away from its end: the step must be "
                         f"{'below' if last < first else 'above'} 0")
    count = _count(where, text, first, last, step)
    is_whole = all(part.lstrip("+-").replace("_", "").isdigit() for part in (parts[0], parts[2]))
    values = [first + i * step for i in range(count)]
    return [int(value) if is_whole else _plain(where, float(value)) for value in values]


def _count(where: str, text: str, first: Decimal, last: Decimal, step: Decimal) -> int:
    try:
        steps = (last - first) / step
    except DecimalException:
        steps = Decimal("inf")
    if steps >= POINTS_MAX:
        found = f"{steps + 1:,.0f}" if steps < 10**15 else f"{steps:.1e}" if steps.is_finite() else "too many"
        raise InputError(f"{where}\n  {text!r} has {found} values: must be at most {POINTS_MAX:,}")
    return int((last - first) // step) + 1
