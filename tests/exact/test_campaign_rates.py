"""Campaigns by rates, solved on paper: every estimate lies within 4 standard errors at a fixed seed."""

import numpy as np
import pytest

from opendome.battle import CLASSES
from opendome.scenario import reader
from tiny_campaign import by_rates, run

BALLISTIC, DRONE = CLASSES.index("ballistic"), CLASSES.index("drone")
RUNS = 1000


def total(outcome, field, c=BALLISTIC):
    """(R,) of a class over all months and campaigns."""
    return getattr(outcome.attacks, field)[:, :, :, c].sum(axis=(1, 2))


def fired(outcome, stock="arrow"):
    """(R,) rounds of a stock over all months."""
    return outcome.records.fired[:, :, outcome.names.pairs.index(("home", stock))].sum(axis=1)


def near(found, expected):
    """Whether the mean of a column lies within 4 standard errors of what was expected; exact where nothing varies."""
    error = found.std(ddof=1) / np.sqrt(len(found))
    return abs(found.mean() - expected) <= 4 * error + 1e-12


def test_a_salvo_of_two_at_one_half_leaks_a_quarter():
    outcome = run(by_rates({"2026-01-05": 10}, [{"interceptor": "arrow", "salvo": 2, "p_kill": 0.5}]), RUNS)
    assert near(total(outcome, "leaked"), 10 * 0.5**2)
    assert (fired(outcome) == 20).all()
    assert (total(outcome, "engaged") == 10).all()
    assert (total(outcome, "launched") == 10).all()
    assert (total(outcome, "raids") == 1).all()


def test_every_round_of_a_salvo_kills_by_itself():
    """Four rounds at one half leak a sixteenth, five at a third (2/3)^5."""
    for salvo, p_kill in ((4, 0.5), (5, 1 / 3)):
        tier = {"interceptor": "arrow", "salvo": salvo, "p_kill": p_kill}
        assert near(total(run(by_rates({"2026-01-05": 10}, [tier]), RUNS), "leaked"), 10 * (1 - p_kill)**salvo)


def test_tiers_cover_threats_independently():
    """Half are covered by each of two tiers that never miss: a quarter by neither."""
    tiers = [{"interceptor": name, "salvo": 1, "p_kill": 1.0, "covered": 0.5} for name in ("high", "low")]
    outcome = run(by_rates({"2026-01-05": 10}, tiers, stocks={"high": 100, "low": 100}), RUNS)
    assert near(total(outcome, "leaked"), 10 * 0.25)


def test_a_threat_that_the_next_tier_has_nothing_for_was_engaged():
    tiers = [{"interceptor": name, "salvo": 1, "p_kill": 0.0} for name in ("high", "low")]
    outcome = run(by_rates({"2026-01-05": 10}, tiers, stocks={"high": 100, "low": 0}))
    assert (total(outcome, "engaged") == 10).all()


def test_two_owners_and_the_last_days_of_months():
    """Each fires from its own stock, after 5 rounds of home's by plan: on 31 January, and on 29 February of 2028."""
    tier = {"tiers": [{"interceptor": "arrow", "salvo": 1, "p_kill": 1.0}]}

    def siege(owner, days, **more):
        raids = [{"day": day, "launched": {"ballistic": n}} for day, n in days.items()]
        return {"owner": owner, "raids": raids, "against": {"ballistic": tier}, **more}

    outcome = run(reader.from_data({
        "title": "Two", "price_year": 2026, "assumptions": "fixed",
        "stockpile": {"start": "2027-12", "until": "2028-03", "owners": {"home": {}, "ally": {}},
                      "interceptors": {"arrow": {}}, "stocks": {"home": {"arrow": 20}, "ally": {"arrow": 9}},
                      "uses": {"plan": {"owner": "home", "interceptor": "arrow", "first": "2028-01", "rounds": 5}}},
        "campaigns": {"one": siege("home", {"2028-01-31": 4, "2028-02-29": 30}, first="2028-01"),
                      "two": siege("ally", {"2027-12-31": 2, "2028-02-29": 3}, until="2028-02"),
                      "three": siege("home", {"2028-02-29": 6})}}))
    assert outcome.records.fired[0].T.tolist() == [[0, 9, 11, 0], [2, 0, 3, 0]]
    assert outcome.records.wanted[0].T.tolist() == [[0, 9, 36, 0], [2, 0, 3, 0]]
    assert outcome.attacks.leaked[0, :, :, BALLISTIC].T.tolist() == [[0, 0, 19, 0], [0, 0, 0, 0], [0, 0, 6, 0]]


def test_campaigns_and_months_fare_independently():
    """Half of each raid come through, on the same day of two months and in two campaigns: not the same half."""
    scenario = by_rates({"2026-01-05": 10, "2026-02-05": 10}, [], until="2026-02", others=0.5)
    both = scenario.model_copy(update={"campaigns": dict.fromkeys(("one", "two"), scenario.campaigns["siege"])})
    leaked = run(both, RUNS).attacks.leaked[:, :, :, BALLISTIC].reshape(RUNS, 4)
    assert np.abs(np.corrcoef(leaked.T) - np.eye(4)).max() < 4 / np.sqrt(RUNS)


def test_classes_fare_independently():
    """Half of each of two classes come through: not the same half."""
    against = {name: {"others": 0.5} for name in ("ballistic", "drone")}
    outcome = run(by_rates({"2026-01-05": {"ballistic": 10, "drone": 10}}, [], against=against), RUNS)
    both = [total(outcome, "leaked", c) for c in (BALLISTIC, DRONE)]
    assert all(near(one, 5) for one in both)
    assert abs(np.corrcoef(*both)[0, 1]) < 4 / np.sqrt(RUNS)


def test_the_stock_runs_out_on_the_third_day():
    """10 a day at two rounds each from 44: days 1 and 2 take 40, day 3 engages two, and day 4 none."""
    raids = {f"2026-01-{day:02d}": 10 for day in (1, 2, 3, 4)}
    outcome = run(by_rates(raids, [{"interceptor": "arrow", "salvo": 2, "p_kill": 1.0}], stocks={"arrow": 44}))
    assert (total(outcome, "engaged") == 22).all()
    assert (total(outcome, "leaked") == 18).all()
    assert (fired(outcome) == 44).all()
    assert (outcome.records.wanted[:, 0, 0] == 80).all(), "two for each of 40: what was lacking is asked for"
    assert (outcome.records.stock[:, 0, 0] == 0).all()


def test_the_last_round_is_fired_alone():
    outcome = run(by_rates({"2026-01-05": 2}, [{"interceptor": "arrow", "salvo": 2, "p_kill": 0.5}],
                           stocks={"arrow": 3}), RUNS)
    assert near(total(outcome, "leaked"), 0.25 + 0.5)
    assert (fired(outcome) == 3).all()


def test_shoot_look_shoot_spends_the_second_salvo_on_misses_alone():
    """One round, then another after a miss: leak 0.4^2, and 1 + 0.4 rounds each."""
    tier = {"interceptor": "arrow", "salvo": 1, "salvos": 2, "p_kill": 0.6}
    outcome = run(by_rates({"2026-01-05": 10}, [tier]), RUNS)
    assert near(total(outcome, "leaked"), 10 * 0.4**2)
    assert near(fired(outcome), 10 * 1.4)


def test_the_first_tier_fires_first():
    """The second tier meets only what the first lets by: 10 * 0.3 at two rounds each."""
    tiers = [{"interceptor": "high", "salvo": 1, "p_kill": 0.7}, {"interceptor": "low", "salvo": 2, "p_kill": 0.5}]
    outcome = run(by_rates({"2026-01-05": 10}, tiers, stocks={"high": 1000, "low": 1000}), RUNS)
    assert (fired(outcome, "high") == 10).all()
    assert near(fired(outcome, "low"), 10 * 0.3 * 2)
    assert near(total(outcome, "leaked"), 10 * 0.3 * 0.25)
    swapped = run(by_rates({"2026-01-05": 10}, tiers[::-1], stocks={"high": 1000, "low": 1000}), RUNS)
    assert (fired(swapped, "low") == 20).all()
    assert near(fired(swapped, "high"), 10 * 0.25)


def test_a_tier_saves_the_last_part_of_its_stock():
    """It fires at this class above a tenth of 100 rounds: 90 go, one each; the other 30 threats leak."""
    tier = {"interceptor": "arrow", "salvo": 1, "p_kill": 1.0, "fires_above": 0.1}
    outcome = run(by_rates({"2026-01-05": 120}, [tier], stocks={"arrow": 100}))
    assert (fired(outcome) == 90).all()
    assert (total(outcome, "leaked") == 30).all()
    assert (outcome.records.wanted[:, 0, 0] == 90).all(), "held back is not lacking"


def test_the_part_saved_is_that_of_the_runs_own_stock():
    """Half of what each run starts with stays, rounded down."""
    tier = {"interceptor": "arrow", "salvo": 1, "p_kill": 1.0, "fires_above": 0.5}
    stock = {"value": 40, "low": 20, "high": 80, "grade": "assumed", "source": "assumption", "why": "a test"}
    scenario = by_rates({"2026-01-05": 100}, [tier], stocks={"arrow": stock})
    outcome = run(scenario.model_copy(update={"assumptions": "sampled"}), 20)
    start = outcome.tables.start[:, 0]
    assert np.unique(start).size > 5
    assert (outcome.records.stock[:, 0, 0] == start // 2).all()


@pytest.mark.parametrize("share", [0.29, 0.57, 0.07])
def test_a_stock_that_stands_at_the_share_is_held(share):
    """0.29 x 100 is a little less than 29 in floating point, 0.07 x 100 a little more than 7: both count as whole."""
    tier = {"interceptor": "arrow", "salvo": 1, "p_kill": 1.0, "fires_above": share}
    assert (fired(run(by_rates({"2026-01-05": 120}, [tier], stocks={"arrow": 100}))) == 100 - round(100 * share)).all()


def test_salvos_shrink_when_the_stock_is_low():
    """Two each while more than half of 20 are left: five threats; then one each: ten more."""
    tier = {"interceptor": "arrow", "salvo": 2, "p_kill": 0.5, "single_below": 0.5}
    outcome = run(by_rates({"2026-01-05": 15}, [tier], stocks={"arrow": 20}), RUNS)
    assert (fired(outcome) == 20).all()
    assert (total(outcome, "engaged") == 15).all()
    assert near(total(outcome, "leaked"), 5 * 0.25 + 10 * 0.5)


def test_a_stock_that_stands_at_the_share_gives_single_rounds():
    """71 rounds go one by one at drones, and at 29 of 100 a salvo at a missile has one round."""
    against = {name: {"tiers": [{"interceptor": "arrow", "p_kill": 1.0} | tier]} for name, tier in (
        ("drone", {"salvo": 1}), ("ballistic", {"salvo": 2, "single_below": 0.29}))}
    raids = {"2026-01-05": {"drone": 71}, "2026-01-06": {"ballistic": 1}}
    assert (fired(run(by_rates(raids, [], stocks={"arrow": 100}, against=against))) == 72).all()


def test_what_is_not_covered_harmless_or_met_by_others():
    """Of 100, a tenth falls outside; 0.6 of the rest is covered and hit with 0.5; others take 0.2 of what is left."""
    tier = {"interceptor": "arrow", "salvo": 1, "p_kill": 0.5, "covered": 0.6}
    outcome = run(by_rates({"2026-01-05": 100}, [tier], harmless=0.1, others=0.2), RUNS)
    rest = 100 * 0.9
    assert near(total(outcome, "harmless"), 10)
    assert near(total(outcome, "engaged"), rest * 0.6)
    left = rest * (1 - 0.6 * 0.5)
    assert near(total(outcome, "leaked"), left * 0.8)
    assert near(total(outcome, "destroyed"), rest * 0.6 * 0.5 + left * 0.2)


def test_a_class_that_nothing_is_said_of_leaks():
    scenario = by_rates({"2026-01-05": {"ballistic": 3, "drone": 4}}, [],
                        against={"ballistic": {"others": 1.0}, "drone": {}})
    outcome = run(scenario)
    assert (total(outcome, "destroyed") == 3).all()
    assert (total(outcome, "leaked", DRONE) == 4).all()


@pytest.mark.compiled
def test_a_drawn_process_has_its_mean():
    """Five a day over the 31 and 28 days of two months."""
    process = {"classes": {"ballistic": {"per_day": 5.0}}}
    outcome = run(by_rates({}, [{"interceptor": "arrow", "salvo": 1, "p_kill": 1.0}], until="2026-02",
                           process=process), RUNS)
    launched = outcome.attacks.launched[:, :, 0, BALLISTIC]
    assert near(launched[:, 0], 5 * 31)
    assert near(launched[:, 1], 5 * 28)


@pytest.mark.parametrize(("span", "months"), [({"first": "2026-02"}, [1, 2]), ({"last": "2026-02"}, [0, 1])])
def test_a_campaign_keeps_to_its_months(span, months):
    process = {"classes": {"ballistic": {"per_day": 5.0}}}
    outcome = run(by_rates({}, [], until="2026-03", process=process, **span))
    assert np.flatnonzero(outcome.attacks.launched.sum(axis=(0, 2, 3))).tolist() == months
