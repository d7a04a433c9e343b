"""Scenarios on their way to being run more than once: as plain data with changes made, and checked before any run."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opendome.catalogue import Catalogue, shipped, with_overrides
from opendome.errors import Problem, ScenarioError
from opendome.raid.lower import flight_problems, missing_names
from opendome.raid.lower_sky import orbit_problems
from opendome.scenario import Scenario, reader
from opendome.study.checking import problems_in


def plain_data(scenario: Scenario | str | Path, changes: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Where the scenario is from, and what it says as plain data: a variant resolved, changes made."""
    if isinstance(scenario, Scenario):
        source, variant, data = "scenario", "", reader.to_data(scenario)
    else:
        source = str(scenario)
        text, variant = reader.read(scenario)
        data = reader.read_toml(text, source)
    problems = reader.change(data, changes, variant)
    if problems:
        raise ScenarioError(source, problems_in(data, problems))
    data.pop("variants", None)
    return source, data


def checked(source: str, data: Mapping[str, Any]) -> Scenario:
    """The scenario that plain data describe. Raises `ScenarioError` with everything that keeps it from being run."""
    problems = problems_at(data, {})
    if problems:
        raise ScenarioError(source, problems_in(copy.deepcopy(dict(data))) or problems)
    return reader.from_data(data, source=source)


def problems_at(data: Mapping[str, Any], flights: dict[str, list[Problem]] | None) -> list[Problem]:
    """What is wrong with plain data, at the first kind of fault. Flights that earlier data had too are not solved again
    (`flights`); with None none are solved, which takes moments and needs no compiler."""
    try:
        scenario = reader.from_data(data)
    except ScenarioError as error:
        return list(error.problems)
    catalogue, problems = with_overrides(shipped(), scenario.catalogue)
    problems = [*problems, *missing_names(scenario, catalogue), *orbit_problems(scenario, catalogue)]
    if problems or flights is None:
        return problems
    flown = _what_flies(scenario, catalogue)
    if flown not in flights:
        flights[flown] = list(flight_problems(scenario, catalogue))
    return flights[flown]


def _what_flies(scenario: Scenario, catalogue: Catalogue) -> str:
    """All that flights depend on, as one text."""
    parts = scenario.model_dump(mode="json", include={"places", "areas", "raids"})
    used = dict.fromkeys(wave.threat for raid in scenario.raids.values() for wave in raid.waves)
    return json.dumps([parts, *(catalogue.threats[name].model_dump(mode="json") for name in used)])
