"""Everything that is wrong with a scenario file, in one list: form, names, changes to the catalogue, and flights."""

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from opendome.catalogue import shipped, with_overrides
from opendome.errors import Problem, ScenarioError
from opendome.raid.lower import flight_problems, missing_names
from opendome.scenario import Scenario, reader
from opendome.scenario.problems import problems_from

ROUNDS = 8
"""How often broken parts are cut out before the rest is given up."""

_STAND_INS = {"title": "?", "price_year": 2026}
"""What stands in for a missing top-level value while the rest is looked at."""


def problems(name_or_path: str | Path) -> list[Problem]:
    """Every problem of a scenario file (or of a shipped scenario); an empty list when it can be run."""
    path = reader.find(name_or_path)
    try:
        return problems_of(reader.read_text(path))
    except ScenarioError as error:
        return list(error.problems)


def problems_of(text: str, changes: Mapping[str, Any] | None = None) -> list[Problem]:
    """Every problem of a scenario text after `changes` (as in `reader.parse`); an empty list when it can be run.

    Where a part cannot be read it is cut out and the rest is looked at, so that one slip does not hide the others.
    """
    try:
        data = reader.read_toml(text, "scenario")
    except ScenarioError as error:
        return list(error.problems)
    problems = reader.change(data, changes or {})
    scenario = _readable_part(data, problems)
    if scenario is None:
        return problems
    problems += reader.cross_references(scenario, known=data)
    catalogue, wrong = with_overrides(shipped(), scenario.catalogue)
    problems += wrong
    problems += missing_names(scenario, catalogue)
    problems += flight_problems(scenario, catalogue)
    return list(dict.fromkeys(problems))


def _readable_part(data: dict[str, Any], problems: list[Problem]) -> Scenario | None:
    """The scenario without the parts that cannot be read, whose problems are added; None when too little is left."""
    rest = copy.deepcopy(data)
    for attempt in range(ROUNDS):
        try:
            return Scenario.model_validate(rest)
        except ValidationError as error:
            if attempt == 0:
                problems += problems_from(error, data, known=Scenario)
            for wrong in error.errors(include_url=False):
                _cut(rest, wrong["type"], wrong["loc"])
    return None


def _cut(data: dict[str, Any], kind: str, place: Sequence[int | str]) -> None:
    """Remove what an error is about: the value, or the table that lacks one."""
    if kind == "missing" and len(place) == 1 and place[0] in _STAND_INS:
        data[str(place[0])] = _STAND_INS[str(place[0])]
        return
    trail: list[tuple[Any, Any]] = []
    here: Any = data
    for part in place:
        is_there = part in here if isinstance(here, dict) else isinstance(here, list) and part in range(len(here))
        if is_there:
            trail.append((here, part))
            here = here[part]
    if trail:
        container, part = trail[-1]
        del container[part]

