"""Campaigns on a template whose raid is solved on paper, simulated raid by raid and by the response surface.

A perfect battery fires two rounds at each missile, each kills with 0.7: 0.09 leak through.
"""

from itertools import pairwise

import numpy as np
import pytest

from opendome.battle import CLASSES
from opendome.campaign.design import errors
from opendome.scenario import reader
from tiny_campaign import on_template, run

pytestmark = pytest.mark.compiled

BALLISTIC, DRONE = CLASSES.index("ballistic"), CLASSES.index("drone")
DAYS = {f"2026-01-{day:02d}": {"ballistic": 5} for day in range(1, 7)}


def total(outcome, field, c=BALLISTIC):
    return getattr(outcome.attacks, field)[:, :, 0, c].sum(axis=1)


@pytest.mark.parametrize(("fight", "tolerance"), [("raid", 0.0), ("surface", 0.02)])
def test_leak_through_of_plenty(fight, tolerance):
    """`tolerance`: what the surface may be off by; it is fitted to 384 raids of up to 5 missiles."""
    outcome = run(on_template(fight, DAYS), 40)
    leaked = total(outcome, "leaked") / 30
    assert (total(outcome, "launched") == 30).all()
    assert abs(leaked.mean() - 0.09) <= 4 * leaked.std(ddof=1) / np.sqrt(40) + tolerance
    assert (outcome.records.fired[:, 0, 0] == 60).all()
    assert (total(outcome, "engaged") == 30).all()


@pytest.mark.parametrize("fight", ["raid", "surface"])
def test_the_stock_runs_out(fight):
    """Ten a day from 25: two days and a half, thirteen missiles engaged, one of them with the last round alone."""
    outcome = run(on_template(fight, DAYS, stock=25), 40)
    assert (outcome.records.fired[:, 0, 0] == 25).all()
    assert (outcome.records.stock[:, 0, 0] == 0).all()
    assert abs(total(outcome, "engaged").mean() - 13) <= (0 if fight == "raid" else 0.5)


def test_doctrine_saves_rounds_when_the_stock_has_fallen():
    """From 40 rounds: ten a day down to 20, which is half; from then on five a day with one round each."""
    step = {"interceptor": "rounds", "below": 0.5, "set": {"layers.only.salvo": 1}}
    outcome = run(on_template("raid", DAYS, stock=40, campaign={"doctrine": [step]}), 40)
    assert (outcome.records.fired[:, 0, 0] == 10 + 10 + 4 * 5).all()
    leaked = total(outcome, "leaked")
    assert abs(leaked.mean() - (10 * 0.09 + 20 * 0.3)) <= 4 * leaked.std(ddof=1) / np.sqrt(40)
    by_surface = run(on_template("surface", DAYS, stock=40, campaign={"doctrine": [step]}), 40)
    assert abs(by_surface.records.fired[:, 0, 0].mean() - 40) < 0.5
    leaked = total(by_surface, "leaked")
    off = max(row["rms"] for row in errors(by_surface.surfaces, 16) if row["quantity"] == "leaked")
    assert abs(leaked.mean() - (10 * 0.09 + 20 * 0.3)) <= 4 * leaked.std(ddof=1) / np.sqrt(40) + 6 * off
    assert {row["step"] for row in by_surface.surfaces} == {0, 1}


def test_a_class_that_the_template_lacks_is_met_by_rates():
    days = {"2026-01-05": {"ballistic": 2, "drone": 8}}
    outcome = run(on_template("raid", days, campaign={"against": {"drone": {"others": 1.0}}}))
    assert (total(outcome, "destroyed", DRONE) == 8).all()
    assert (total(outcome, "launched") == 2).all()
    assert (outcome.records.fired[:, 0, 0] == 4).all()


def test_a_layer_with_no_stock_fires_in_every_raid_as_the_scenario_has_it():
    """A second layer of an interceptor that nobody stocks: its ten rounds are back each day."""
    second = {"interceptor": "sling", "doctrine": "salvo", "salvo": 1, "shots_max": 1, "decision_s": 0,
              "sites": {"tower": {"lat_deg": 25.02, "lon_deg": 55.01, "launchers": 1, "stock": 10}}}
    scenario = on_template("raid", DAYS, stock=0)
    data = reader.to_data(scenario)
    data["catalogue"]["interceptors"]["sling"] = data["catalogue"]["interceptors"]["arrow"] | {
        "p_kill": {"ballistic": 1.0}}
    data["layers"]["second"] = second
    outcome = run(reader.from_data(data))
    assert (total(outcome, "destroyed") == 30).all()
    assert (total(outcome, "engaged") == 0).all(), "nothing of it comes from a stock"


@pytest.mark.parametrize("fight", ["rates", "surface", "raid"])
def test_fewer_rounds_let_more_through(fight):
    """Paired: the same raids, the same seed, stocks of 10, 30 and 50 rounds for 60 that are wanted."""
    tier = {"interceptor": "rounds", "salvo": 2, "p_kill": 0.7}
    campaign = {"against": {"ballistic": {"tiers": [tier]}}} if fight == "rates" else {}
    leaked = [total(run(on_template(fight, DAYS, stock=stock, campaign=campaign), 40), "leaked")
              for stock in (10, 30, 50)]
    for fewer, more in pairwise(leaked):
        gain = fewer - more
        assert gain.mean() > 4 * gain.std(ddof=1) / np.sqrt(40)
        if fight == "rates":
            assert (gain >= 0).all()
