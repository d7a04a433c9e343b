"""Plain data to TOML text: the way back from `tomllib`, for scenarios that OpenDome writes itself.

Reading the text gives equal data back. The order of keys is kept, except that plain values stand
before tables, as TOML demands. Comments and layout of a file once read are not kept.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from numbers import Integral
from typing import Any

from opendome.errors import InputError

WIDTH = 120
"""Longest line that a small table or a list may take before it gets lines of its own."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NOT_PLAIN = re.compile(r'[\x00-\x1f\x7f"\\]')
_SHORT_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}


def dumps(data: Mapping[str, Any]) -> str:
    """TOML text of `data`: strings, truth values, whole numbers, floats, dates and times, lists and tables of these.

    Lists of tables become `[[...]]`, tables `[...]`; a small table of plain values below the first level
    stays on one line, unless it comes after a table that does not. What TOML cannot say (None, other types,
    numbers over 64 bits) is an `InputError` that names the place.
    """
    return "\n".join(_table_lines(data, ())).strip("\n") + "\n" if data else ""


def _table_lines(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    """The lines inside one table: its plain values, then its tables with their headers."""
    lines: list[str] = []
    tables: list[str] = []
    for key, value in table.items():
        here = (*path, key)
        if _is_table_list(value):
            for item in value:
                tables += ["", f"[[{_dotted(here)}]]", *_table_lines(item, here)]
        elif isinstance(value, Mapping) and (tables or not (path and _fits_inline(value, here))):
            inside = _table_lines(value, here)
            only_tables = bool(inside) and inside[0] == ""
            tables += inside if only_tables else ["", f"[{_dotted(here)}]", *inside]
        else:
            lines += _pair_lines(key, value, here)
    return lines + tables


def _pair_lines(key: str, value: Any, path: tuple[str, ...]) -> list[str]:
    """`key = value`; a list that is too long for one line gets one line for each item."""
    line = f"{_key(key, path)} = {_inline(value, path)}"
    if len(line) <= WIDTH or not _is_list(value):
        return [line]
    return [f"{_key(key, path)} = [", *(f"    {_inline(item, path)}," for item in value), "]"]


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_table_list(value: Any) -> bool:
    return _is_list(value) and len(value) > 0 and all(isinstance(item, Mapping) for item in value)


def _fits_inline(table: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    is_flat = not any(isinstance(value, Mapping) or _is_list(value) for value in table.values())
    return is_flat and len(_key(path[-1], path)) + 3 + len(_inline(table, path)) <= WIDTH


def _inline(value: Any, path: tuple[str, ...]) -> str:
    """One value on one line."""
    if isinstance(value, Mapping):
        pairs = (f"{_key(key, path)} = {_inline(item, (*path, key))}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }" if value else "{}"
    if _is_list(value):
        return "[" + ", ".join(_inline(item, path) for item in value) + "]"
    return _scalar(value, path)


def _scalar(value: Any, path: tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value, path)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, Integral):
        return _whole(int(value), path)
    if isinstance(value, date | time) and _is_sayable(value):
        return value.isoformat()
    hint = "TOML has no empty value: leave the key out" if value is None else "give plain data"
    kind = type(value).__name__
    raise InputError(f"{_place(path)} = {value!r}\n  TOML cannot hold a {kind} like this\n  hint: {hint}")


def _is_sayable(value: date | time) -> bool:
    """TOML has offsets in whole minutes, for instants only."""
    if isinstance(value, datetime):
        return (value.utcoffset() or timedelta()).total_seconds() % 60 == 0
    return not isinstance(value, time) or value.tzinfo is None


def _whole(value: int, path: tuple[str, ...]) -> str:
    if not -(2**63) <= value < 2**63:
        raise InputError(f"{_place(path)} = {value}\n  whole numbers in TOML have 64 bits\n  hint: write it as a float")
    return str(value)


def _string(text: str, path: tuple[str, ...]) -> str:
    """A quoted string; control characters, quotes and backslashes are escaped, all else stands as it is."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise InputError(f"{_place(path)} = {text!r}\n  holds half of a surrogate pair, which is no character")
    return '"' + _NOT_PLAIN.sub(lambda m: _SHORT_ESCAPES.get(m[0], f"\\u{ord(m[0]):04x}"), text) + '"'


def _key(key: Any, path: tuple[str, ...]) -> str:
    if not isinstance(key, str):
        raise InputError(f"{_place(path)}: the key {key!r}\n  keys must be text")
    return key if _BARE_KEY.fullmatch(key) else _string(key, path)


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(_key(key, path) for key in path)


def _place(path: tuple[str, ...]) -> str:
    return ".".join(str(key) for key in path)
