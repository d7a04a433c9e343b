"""Everything that is wrong with a scenario file, in one list: form, names, changes to the catalogue, and flights."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from opendome.catalogue import Catalogue, shipped, with_overrides
from opendome.errors import Problem, ScenarioError
from opendome.raid.lower import flight_problems, look_up, missing_names
from opendome.raid.lower_sky import orbit_problems
from opendome.scenario import Scenario, reader
from opendome.scenario.problems import problems_from

ROUNDS = 20
"""How often broken parts are cut out before the rest is given up; each round can empty the tables of the one before."""

NOBODY = "?"
"""Name of what stands in for a part that cannot be read."""

_WAVE = {"threat": NOBODY, "count": 1, "from": {NOBODY: 1.0}, "at": {NOBODY: 1.0}}
_OBSERVATION = {"raids": [NOBODY], "threat_class": "drone", "launched": 0, "destroyed": 0, "used_for": "test",
                "source": NOBODY}
_ITEMS = {"waves": _WAVE, "observations": _OBSERVATION}
"""What stands in for an item of a list, so that the others keep their numbers."""

_TABLES: dict[str, Any] = {
    "title": NOBODY,
    "price_year": 2026,
    "places": {NOBODY: {"lat_deg": 0.0, "lon_deg": 0.0}},
    "areas": {NOBODY: {"lat_deg": 1.0, "lon_deg": 0.0, "radius_km": 1.0}},
    "raids": {NOBODY: {"start": datetime(2026, 1, 1, tzinfo=UTC), "waves": [_WAVE]}},
}
"""What stands in for a top-level value that is missing."""

Steps = tuple[int | str, ...]
"""Where something stands in a file: keys, and numbers in lists."""


def problems(name_or_path: str | Path) -> list[Problem]:
    """Every problem of a scenario file (or of a shipped scenario) and of its variants, or those of the variant named;
    an empty list when it can be run."""
    try:
        return problems_of_all(*reader.read(name_or_path))
    except ScenarioError as error:
        return list(error.problems)


def problems_of_all(text: str, variant: str = "") -> list[Problem]:
    """Every problem of a scenario text and, after those, what more is wrong with each of its variants; or the problems
    of one variant alone."""
    found = problems_of(text, variant=variant)
    try:
        variants = {} if variant else reader.read_toml(text, "scenario").get("variants", {})
    except ScenarioError:
        return found
    for name in variants if isinstance(variants, Mapping) else ():
        more = [p for p in problems_of(text, variant=name) if p not in found]
        found += [replace(p, where=f"variants.{name}: {p.where}") for p in more]
    return found


def problems_of(text: str, changes: Mapping[str, Any] | None = None, variant: str = "") -> list[Problem]:
    """Every problem of a scenario text after `changes` (as in `reader.parse`); an empty list when it can be run."""
    try:
        data = reader.read_toml(text, "scenario")
    except ScenarioError as error:
        return list(error.problems)
    problems = reader.change(data, changes or {}, variant)
    return problems_in(data, problems)


def problems_in(data: dict[str, Any], found: Sequence[Problem] = ()) -> list[Problem]:
    """The problems already `found` and every one of plain data; an empty list when they can be run.

    Where a part cannot be read it is cut out and the rest is looked at, so that one slip does not hide the others.
    """
    problems = list(found)
    stand_ins = [f"raids.{NOBODY}."]
    scenario = _readable_part(data, problems, stand_ins)
    if scenario is None:
        return problems
    catalogue, wrong = with_overrides(shipped(), scenario.catalogue)
    further = [*reader.cross_references(scenario, known=data), *wrong, *missing_names(scenario, catalogue),
               *_names_in_cut_parts(data, catalogue), *orbit_problems(scenario, catalogue),
               *flight_problems(scenario, catalogue)]
    problems += [p for p in further if not p.where.startswith(tuple(stand_ins))]
    return list(dict.fromkeys(problems))


def _names_in_cut_parts(data: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Problem]:
    """Catalogue names in sensors and layers that may have been cut out for another fault."""
    for section, key, kind, known in (("sensors", "type", "a sensor", catalogue.sensors),
                                      ("layers", "interceptor", "an interceptor", catalogue.interceptors)):
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, Mapping) else ():
            if isinstance(entry, Mapping) and isinstance(found := entry.get(key), str):
                yield from look_up(f"{section}.{name}.{key}", found, kind, known)


def _readable_part(data: dict[str, Any], problems: list[Problem], stand_ins: list[str]) -> Scenario | None:
    """The scenario without the parts that cannot be read, or None when too little is left.

    Adds the problems of those parts, and the paths of what stands in for them.
    """
    rest = copy.deepcopy(data)
    for attempt in range(ROUNDS):
        try:
            return Scenario.model_validate(rest)
        except ValidationError as error:
            if attempt == 0:
                problems += problems_from(error, data, known=Scenario)
            found = error.errors(include_url=False)
            cuts = [_part_to_cut(rest, e["loc"], is_missing=e["type"] == "missing") for e in found]
            missing = [e["loc"][0] for e in found if e["type"] == "missing" and len(e["loc"]) == 1]
            rest |= {str(key): copy.deepcopy(_TABLES[str(key)]) for key in missing}
            for steps in filter(None, cuts):
                _cut(rest, steps, stand_ins)
    return None


def _part_to_cut(data: Any, place: Sequence[int | str], *, is_missing: bool) -> Steps:
    """What to cut for one error: the value it is about, or the table that lacks one, or the list it is an item of.

    Steps that are pydantic's own (the kind of a union) do not stand in the file and are passed over.
    """
    steps: list[int | str] = []
    for part in place[:-1] if is_missing else place:
        is_there = part in data if isinstance(data, dict) else isinstance(data, list) and part in range(len(data))
        if is_there:
            steps.append(part)
            data = data[part]
    while len(steps) > 1 and isinstance(steps[-1], int) and steps[-2] not in _ITEMS:
        steps.pop()
    return tuple(steps)


def _cut(data: Any, steps: Steps, stand_ins: list[str]) -> None:
    """Remove a part, unless it went with another; an item of a list gives way to its stand-in."""
    *outer, last = steps
    for part in outer:
        if isinstance(data, dict) and part not in data:
            return
        data = data[part]
    if isinstance(data, list):
        data[int(last)] = copy.deepcopy(_ITEMS[str(outer[-1])])
        stand_ins.append(f"{'.'.join(map(str, outer))}[{last}]")
    elif last in data:
        del data[last]
