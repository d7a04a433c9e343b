"""What differs between two scenarios, value by value, in the words of their keys.

Looked at is what a run depends on, defaults and the catalogue's entries included. Titles, notes, sources, what was
observed, and the numbers of runs and seeds are left out: they change no run.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from opendome.catalogue import shipped, with_overrides
from opendome.scenario import Scenario
from opendome.scenario.quantity import Quantity

ABSENT = "–"
"""What stands for a value that is not there."""

TEXT_MAX = 60
"""Most characters of a value as it is told."""

ALIKE = 3
"""Changes of so many places in the same way are told in one line."""

_SECTIONS = {"threats", "sensors", "interceptors"}
_LEFT_OUT = {"format", "title", "note", "runs", "seed", "variants", "catalogue", "observations"}
_NO_MATTER = {"note", "why"}
_ORDERED = ("sensors", "layers", "raids")


class Change(NamedTuple):
    """One value that differs."""

    key: str
    """Its full path, as in `--set`; with `*` where it stands for several."""
    before: str
    after: str
    places: int = 1
    """How many values it stands for."""

    def __str__(self) -> str:
        more = f" ({self.places} places)" if self.places > 1 else ""
        return f"{self.key}: {self.before} -> {self.after}{more}"


def differences(base: Scenario, other: Scenario) -> list[Change]:
    """Every value that is another one in `other` than in `base`, in the scenario's order."""
    old, new = _whole(base), _whole(other)
    return [*_between((), old, new), *_orders(old, new)]


def gathered(changes: Sequence[Change]) -> list[Change]:
    """The changes with those that are alike, at `ALIKE` places or more, as one."""
    alike: dict[tuple[str, ...], list[Change]] = {}
    for change in changes:
        steps = change.key.split(".")
        alike.setdefault((steps[0], str(len(steps)), steps[-1], change.before, change.after), []).append(change)
    found = []
    for group in alike.values():
        if len(group) < ALIKE:
            found += group
            continue
        columns = zip(*(change.key.split(".") for change in group))
        key = ".".join(column[0] if len(set(column)) == 1 else "*" for column in columns)
        found.append(group[0]._replace(key=key, places=len(group)))
    return found


def _whole(scenario: Scenario) -> dict[str, Any]:
    """Everything that a run depends on, as plain data with every default."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude=_LEFT_OUT)
    catalogue, _ = with_overrides(shipped(), scenario.catalogue)  # what does not fit was found before
    return {**data, "catalogue": catalogue.model_dump(mode="json", include=_SECTIONS)}


def _between(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    olds, news = _entries(old), _entries(new)
    if olds is not None and news is not None:
        for key in dict.fromkeys([*olds, *news]):
            if key not in _NO_MATTER:
                yield from _between((*path, key), olds.get(key), news.get(key))
    elif (before := _in_full(old)) != (after := _in_full(new)):
        yield Change(".".join(path), _short(before), _short(after))


def _orders(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Tables that hold the same names in another order, which is an order of raids, or of who is asked first."""
    for key in _ORDERED:
        before, after = list(old[key]), list(new[key])
        if before != after and set(before) == set(after):
            yield Change(key, _short(", ".join(before)), _short(", ".join(after)))


def _entries(found: Any) -> Mapping[str, Any] | None:
    """What stands in a table, or in a list of tables by number; None for a value (a quantity too)."""
    if isinstance(found, Mapping):
        return None if _is_quantity(found) else found
    if isinstance(found, list) and found and all(isinstance(item, Mapping) for item in found):
        return {str(i): item for i, item in enumerate(found)}
    return None


def _is_quantity(found: Mapping[str, Any]) -> bool:
    return set(found) == set(Quantity.model_fields)


def _short(text: str) -> str:
    return text if len(text) <= TEXT_MAX else text[:TEXT_MAX - 1] + "…"


def _in_full(found: Any) -> str:
    """A value as it is told: `2`, `5 (4 to 6)`, `salvo`, a table in braces."""
    if found is None:
        return ABSENT
    if isinstance(found, Mapping) and _is_quantity(found):
        value, low, high = (found[key] for key in ("value", "low", "high"))
        low, high = (value if end is None else end for end in (low, high))
        return _number(value) if low == high else f"{_number(value)} ({_number(low)} to {_number(high)})"
    if isinstance(found, Mapping):
        inside = (f"{key} = {_in_full(value)}" for key, value in found.items()
                  if value not in (None, {}, []) and key not in _NO_MATTER)
        return "{" + ", ".join(inside) + "}"
    if isinstance(found, list):
        return "[" + ", ".join(map(_in_full, found)) + "]"
    return _number(found) if isinstance(found, float) else found if isinstance(found, str) else json.dumps(found)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
