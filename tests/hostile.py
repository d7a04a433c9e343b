"""A scenario with markup wherever a user may write text: names, notes and titles."""

from typing import Any

from opendome.scenario import Scenario, reader
from tiny import tiny

MARKUP = "<img src=x onerror=\"window.__marked = true\"><script>window.__marked = true</script>'&amp;"
"""Runs, or becomes an element, wherever it is taken for more than text."""

NAMES = ("town", "north", "coast", "eye", "battery", "only", "raid", "missile", "arrow", "eye-type")
"""Names of the small scenario; "drone" is a class of threats too, and those have fixed names."""


def scenario(**changes: Any) -> Scenario:
    """Three missiles and a drone against one battery, with markup in every text."""
    data = reader.to_data(tiny(missiles=3, drones=1, spread_min=2, title=MARKUP, note=MARKUP, runs=3, **changes))
    return reader.from_data(_marked(data))


def _marked(data: Any, key: str = "") -> Any:
    if isinstance(data, dict):
        return {_name(k): _marked(value, k) for k, value in data.items()}
    if isinstance(data, list):
        return [_marked(one, key) for one in data]
    return MARKUP if key == "note" else _name(data) if isinstance(data, str) else data


def _name(found: str) -> str:
    return found + MARKUP if found in NAMES else found
