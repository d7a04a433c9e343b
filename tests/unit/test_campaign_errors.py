"""What campaigns say when they cannot be run, or reach beyond what they were fitted to."""

import pytest

from opendome.campaign.loop import LargeRaids
from opendome.errors import ScenarioError
from opendome.scenario import reader
from tiny_campaign import busy, by_rates, on_template, run

DAY = {"2026-01-05": {"ballistic": 12}}


@pytest.mark.compiled
def test_raids_larger_than_the_surface_holds_for_are_told_of():
    scenario = on_template("surface", process={"classes": {"ballistic": {"per_day": 6.0}}}, campaign={
        "surface": {"points": 8, "checks": 4, "runs": 4, "largest": {"ballistic": 5}}})
    with pytest.warns(LargeRaids, match=r"\d+ of \d+ raids are larger (.|\n)*set campaigns.siege.surface.largest"):
        outcome = run(scenario)
    assert outcome.attacks.launched.sum(axis=(1, 2, 3)).min() > 100


def test_layers_that_fire_nothing_stocked():
    scenario = on_template("raid", DAY)
    pile = scenario.stockpile.model_copy(update={"interceptors": {
        "rounds": scenario.stockpile.interceptors["rounds"].model_copy(update={"type": None})}})
    with pytest.raises(ScenarioError, match="none fires an interceptor of the stockpile"):
        run(scenario.model_copy(update={"stockpile": pile}))


def test_a_doctrine_step_that_names_nothing():
    step = {"interceptor": "rounds", "below": 0.5, "set": {"layers.only.salvoes": 1}}
    scenario = on_template("raid", DAY)
    campaign = scenario.campaigns["siege"].model_copy(update={"doctrine": [
        type(scenario.campaigns["siege"]).model_fields["doctrine"].annotation.__args__[0].model_validate(step)]})
    with pytest.raises(ScenarioError, match="salvoes"):
        run(scenario.model_copy(update={"campaigns": {"siege": campaign}}))


@pytest.mark.compiled
def test_assumptions_are_listed_once_with_those_of_tiers_and_templates():
    tier = {"interceptor": "arrow", "salvo": 2, "p_kill": {"value": 0.6, "low": 0.3, "high": 0.9}}
    process = {"classes": {"ballistic": {"per_day": {"value": 3.0, "low": 2.0, "high": 5.0}}}}
    scenario = by_rates({}, [tier], process=process).model_copy(update={"assumptions": "sampled"})
    found = [one.path for one in run(scenario).assumptions if one.is_sampled]
    assert found == ["campaigns.siege.process.classes.ballistic.per_day",
                     "campaigns.siege.against.ballistic.tiers[0].p_kill"]
    paths = [one.path for one in run(busy("raid", {"2026-01-05": {"ballistic": 2}})).assumptions]
    assert len(paths) == len(set(paths))
    assert {"interceptors.arrow.p_kill.ballistic", "stockpile.stocks.home.rounds"} <= set(paths)


def test_a_scenario_without_a_stockpile():
    with pytest.raises(ScenarioError, match="stockpile"):
        run(reader.from_data(reader.to_data(on_template("raid", DAY)) | {"stockpile": None, "campaigns": {}}))
