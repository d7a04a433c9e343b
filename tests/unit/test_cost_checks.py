"""What elements count, and what of a programme is looked at."""

import pytest

from opendome.cost.counts import counted_in, units_of
from opendome.cost.index import price_index
from opendome.errors import Problem
from opendome.sampling import Sampler
from opendome.scenario import reader
from opendome.scenario.cost_checks import cost_problems, index_years
from opendome.scenario.cost_names import Counted, counted, same_thing, unknown_cost_names
from programme_file import TEXT
from tiny_file import TEXT as BARE


@pytest.mark.parametrize(("key", "found"), [
    ("constellations.shell", Counted("constellations", "shell")), ("layers.lower", Counted("layers", "lower")),
    ("layers.lower.sites", Counted("layers", "lower", "sites")), ("sensors.eye", Counted("sensors", "eye")),
    ("layers.lower.launchers", Counted("layers", "lower", "launchers")),
    ("layers.a.b.sites", Counted("layers", "a.b", "sites")), ("layers.sites", Counted("layers", "sites")),
    ("constellations.x.sites", Counted("constellations", "x.sites")),
    ("layers", None), ("layers.", None), ("raids.night", None), ("", None), ("shell", None)])
def test_what_keys_name(key, found):
    assert counted(key) == found


@pytest.mark.parametrize(("key", "number"), [
    ("constellations.shell", 40), ("sensors.flash", 40), ("sensors.eye", 1), ("layers.lower", 8),
    ("layers.lower.sites", 1), ("layers.lower.launchers", 2)])
def test_how_many_they_are(key, number):
    sampler = Sampler(None, 2, is_sampled=False)
    assert counted_in(reader.parse(TEXT), key, sampler).tolist() == [number, number]


def test_units_with_spares():
    scenario = reader.parse(TEXT, changes={"elements.rounds.spares": 0.25, "constellation.deployed": 0.5})
    sampler = Sampler(None, 1, is_sampled=False)
    units = {name: units_of(scenario, name, element, sampler)[0] for name, element in scenario.cost.elements.items()}
    assert units == {"boosters": 16, "rounds": 10, "centre": 1}  # two whole planes of eight


def test_a_sensor_in_orbit_is_the_satellites_that_carry_it():
    scenario = reader.parse(TEXT)
    assert [same_thing(scenario, key) for key in ("sensors.flash", "sensors.eye", "layers.lower")] == [
        "constellations.shell", "sensors.eye", "layers.lower"]


def test_scenarios_without_a_programme_have_no_problems():
    assert list(cost_problems(reader.parse(BARE), {})) == []


def test_the_years_of_the_index_are_those_of_the_engine():
    assert index_years() == (price_index().years[0], price_index().years[-1])


def test_months_that_were_not_read_are_not_told_of():
    """Where the start only stands in for one that cannot be read, no date lies outside."""
    scenario = reader.parse(TEXT)
    data = reader.to_data(scenario)
    moved = scenario.model_copy(update={"cost": scenario.cost.model_copy(update={"start": "2030-01"})})
    assert list(cost_problems(moved, data)) == []
    data["cost"]["start"] = "2030-01"
    found = list(cost_problems(moved, data))
    assert {problem.where for problem in found} == {
        "cost.elements.boosters.first_delivery", "cost.elements.rounds.first_delivery", "cost.milestones.half.date"}
    assert all(isinstance(problem, Problem) for problem in found)


@pytest.mark.parametrize("elements", [{}, {"elements": {}}, {"elements": 3}])
def test_launchers_are_not_unused_where_nothing_can_use_them(elements):
    """That there are no elements is said by itself."""
    assert list(unknown_cost_names({"cost": {"launchers": {"heavy": {}}} | elements})) == []
