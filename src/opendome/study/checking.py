"""Everything that is wrong with a scenario file, in one list: form, names, changes to the catalogue, and flights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from opendome.catalogue import Catalogue, shipped, with_overrides
from opendome.errors import Problem, ScenarioError
from opendome.raid.lower import flight_problems, look_up, missing_names
from opendome.raid.lower_sky import orbit_problems
from opendome.scenario import reader
from opendome.study.stand_ins import readable_part, stands_in


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
    scenario, stand_ins = readable_part(data, problems)
    if scenario is None:
        return problems
    catalogue, wrong = with_overrides(shipped(), scenario.catalogue)
    further = [*reader.cross_references(scenario, known=data), *wrong, *missing_names(scenario, catalogue),
               *_names_in_cut_parts(data, catalogue), *orbit_problems(scenario, catalogue),
               *flight_problems(scenario, catalogue)]
    problems += [p for p in further if not stands_in(p.where, stand_ins)]
    return list(dict.fromkeys(problems))


def _names_in_cut_parts(data: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Problem]:
    """Catalogue names in sensors and layers that may have been cut out for another fault."""
    for section, key, kind, known in (("sensors", "type", "a sensor", catalogue.sensors),
                                      ("layers", "interceptor", "an interceptor", catalogue.interceptors)):
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, Mapping) else ():
            if isinstance(entry, Mapping) and isinstance(found := entry.get(key), str):
                yield from look_up(f"{section}.{name}.{key}", found, kind, known)
