"""Names in a programme: what an element counts, how it is launched, what a milestone needs.

They are looked up in the plain data of the file, so that a table that cannot be read for another fault still has its
names checked, and is still known by its own name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from opendome.errors import Problem, nearest
from opendome.scenario.problems import dotted
from opendome.scenario.specs import Scenario
from opendome.scenario.stock_names import walk

SECTIONS = {"constellations": "a constellation", "layers": "a layer", "sensors": "a sensor"}
"""Sections of a scenario that elements count something of."""

PARTS = ("sites", "launchers")
"""What of a layer can be counted besides its rounds."""

FORMS = "must be constellations.NAME, layers.NAME, layers.NAME.sites, layers.NAME.launchers or sensors.NAME"


class Counted(NamedTuple):
    """What a key of `counts` names."""

    section: str
    name: str
    part: str = ""
    """sites or launchers of a layer; "" for its rounds, and for all else."""


def counted(key: str) -> Counted | None:
    """What a key of `counts` names, or None for a key of no known form."""
    section, _, rest = key.partition(".")
    if section not in SECTIONS or not rest:
        return None
    name, _, part = rest.rpartition(".")
    return Counted(section, name, part) if section == "layers" and name and part in PARTS else Counted(section, rest)


def same_thing(scenario: Scenario, key: str) -> str:
    """The key, or for a sensor in orbit that of the satellites that carry it: keys of one thing are equal."""
    found = counted(key)
    sensor = scenario.sensors.get(found.name) if found is not None and found.section == "sensors" else None
    return key if sensor is None or sensor.constellation is None else f"constellations.{sensor.constellation}"


def unknown_cost_names(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Every name of the programme in plain data that is not known, and launchers that nothing uses."""
    elements, launchers = (_table(data.get("cost"), name) for name in ("elements", "launchers"))
    for element in walk(data, "cost.elements.*"):
        yield from _counts(element.where, element.value.get("counts") if isinstance(element.value, Mapping) else None,
                           data)
    used = [found for found in walk(data, "cost.elements.*.launcher") if isinstance(found.value, str)]
    for found in used:
        yield from _unknown(found.where, found.value, "a launcher", launchers, "launchers")
    for found in walk(data, "cost.milestones.*.needs.*"):
        yield from _unknown(found.where, found.key, "an element", elements, "elements")
    for name in launchers:
        if elements and name not in {found.value for found in used}:
            yield Problem(f"cost.launchers.{dotted(name)}", "", "launches nothing: no element names it",
                          f'give an element launcher = "{name}", or take it out')


def _unknown(where: str, name: str, what: str, known: Mapping[str, Any], table: str) -> Iterator[Problem]:
    if name not in known:
        yield Problem(where, repr(name), f"must name {what} of this programme",
                      nearest(name, known) or ("" if known else f"it has no {table}"))


def _counts(where: str, keys: Any, data: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the keys of one element, one by one."""
    keys = keys if isinstance(keys, list | tuple) else []
    times = Counter(key for key in keys if isinstance(key, str))
    for i, key in enumerate(keys):
        if not isinstance(key, str):
            continue
        if times[key] > 1 and key in keys[:i]:
            yield Problem(f"{where}.counts[{i}]", repr(key), "stands in it twice, so that it would be counted twice")
        else:
            yield from _count(f"{where}.counts[{i}]", key, data)


def _count(where: str, key: str, data: Mapping[str, Any]) -> Iterator[Problem]:
    found = counted(key)
    if found is None:
        yield Problem(where, repr(key), FORMS, _meant(key, data))
        return
    known = _table(data, found.section)
    if found.name not in known:
        first = found.name.split(".")[0]
        if found.section == "layers" and first in known:
            yield Problem(where, repr(key), f"must be layers.{first} (its rounds), layers.{first}.sites or "
                                            f"layers.{first}.launchers")
        else:
            yield Problem(where, repr(key), f"must name {SECTIONS[found.section]} of this scenario",
                          nearest(found.name, known) or ("" if known else f"it has no {found.section}"))
        return
    entry = known[found.name]
    carrier = entry.get("constellation") if isinstance(entry, Mapping) else None
    if found.section == "layers" and isinstance(carrier, str):
        yield Problem(where, repr(key), f"has no sites: its interceptors ride on the satellites of {carrier}",
                      f'count "constellations.{carrier}"')


def _meant(key: str, data: Mapping[str, Any]) -> str:
    """Hint for a key of no known form: a name without its section, a section in the singular, or the nearest."""
    section, _, rest = key.partition(".")
    known = [f"{name}.{entry}" for name in SECTIONS for entry in _table(data, name)]
    fits = [one for one in known if one.split(".", 1)[1] in (key, rest)] or [
        one for one in known if one.startswith(f"{section}s.") and rest in one]
    return f"did you mean {' or '.join(fits[:3])}?" if fits else nearest(key, known)


def _table(data: Any, name: str) -> Mapping[str, Any]:
    """A table of plain data; an empty one where it is none."""
    found = data.get(name) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}
