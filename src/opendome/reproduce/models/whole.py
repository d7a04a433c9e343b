"""Assumptions that count whole things."""

from collections.abc import Mapping

from opendome.errors import InputError


def whole(values: Mapping[str, float], key: str) -> int:
    """An assumption as a whole number; `InputError` where it is not one."""
    found = values[key]
    if found != int(found):
        raise InputError(f"{key} = {found:g}\n  must be a whole number\nhint: {int(found)} or {int(found) + 1}")
    return int(found)
