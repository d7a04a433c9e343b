"""Whole programmes drawn by Hypothesis: money is conserved in every grouping, and moves the way it must."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.cost import life_cycle
from opendome.cost.breakdown import GROUPS, costs_of, sums_of
from opendome.cost.lower import programme_of

MONTHS = st.integers(5, 60).map(lambda m: f"{2026 + m // 12}-{m % 12 + 1:02d}")
CASES = settings(max_examples=15, deadline=None)


def numbers(low, high):
    """A value, with or without a range."""
    ranged = st.lists(st.floats(low, high), min_size=3, max_size=3).map(sorted).map(
        lambda three: {"low": three[0], "value": three[1], "high": three[2]})
    return st.one_of(st.floats(low, high), ranged)


LAUNCHERS = {"heavy": {"vehicle_musd": 90.0, "payload_kg": 9000.0, "learning": 0.9},
             "any": {"price_usd_per_kg": 2000.0}}


@st.composite
def elements(draw):
    element = {"n_units": draw(numbers(5, 300)), "there_at_start": draw(st.sampled_from([0.0, 3.0])),
               "spares": draw(numbers(0, 0.3)), "development_musd": draw(numbers(0, 500)),
               "layer": draw(st.sampled_from(["boost", "midcourse"])),
               "operations_musd_per_year": draw(numbers(0, 20)), "disposal_unit_musd": draw(numbers(0, 2)),
               "operations_unit_musd_per_year": draw(numbers(0, 2))}
    if draw(st.booleans()):
        element |= {"first_unit_musd": 20.0, "learning": 0.85, "built_before": draw(numbers(0, 20)),
                    "learning_theory": draw(st.sampled_from(["unit", "cumulative-average"])),
                    "learning_restarts": draw(st.booleans())}
    else:
        element["unit_musd"] = 8.0
    launcher = draw(st.sampled_from(["", *LAUNCHERS]))
    element |= {"mass_kg": 700.0, "launcher": launcher} if launcher else {}
    if draw(st.booleans()):
        element["life_years"] = draw(numbers(1, 12))
    if draw(st.booleans()):
        order, first, last = sorted(draw(st.lists(MONTHS, min_size=3, max_size=3)))
        element |= {"first_delivery": first, "last_delivery": last, "delay_months": draw(numbers(0, 40))}
        element |= {"orders_from": order} if draw(st.booleans()) else {}
    return element


def programme_with(whole, made):
    """A programme with these elements, and the launchers that they name."""
    used = {element.get("launcher") for element in made.values()}
    return whole | {"elements": made, "launchers": {name: one for name, one in LAUNCHERS.items() if name in used}}


@st.composite
def programmes(draw):
    whole = {"start": draw(st.sampled_from(["2026-01", "2026-05"])), "years": draw(st.integers(6, 15)),
             "correlation": draw(st.sampled_from([0.0, 0.4])), "discount_rate": 0.03}
    return programme_with(whole, {f"e{i}": draw(elements()) for i in range(draw(st.integers(1, 3)))})


@CASES
@given(programmes(), st.sampled_from(["constant", "then-year", "discounted"]))
def test_every_grouping_adds_up_to_the_total(programme, dollars):
    found = life_cycle(programme, runs=4)
    total = found.totals(dollars)
    assert (found.musd >= -1e-9).all()
    for by in ((), *((name,) for name in GROUPS), ("layer", "phase"), ("year", "element"), GROUPS):
        assert found.table(by, dollars=dollars)["value"].sum() == pytest.approx(total.mean(), rel=1e-12)


@CASES
@given(programmes())
def test_all_that_was_delivered_is_there_or_was_replaced(programme):
    for element in programme["elements"].values():
        element.pop("first_delivery", None)
        for name in ("last_delivery", "orders_from", "delay_months"):
            element.pop(name, None)
    found = life_cycle(programme, runs=4)
    bought, replaced, there = (found.units[name] for name in ("bought", "replaced", "there"))
    at_start = [element["there_at_start"] for element in programme["elements"].values()]
    assert bought == pytest.approx(there - np.array(at_start) + replaced)


@CASES
@given(programmes(), st.floats(0.0, 6.0))
def test_a_longer_life_never_costs_more(programme, longer):
    def total(more):
        lives = {f"elements.{name}.life_years": element["life_years"] + more
                 for name, element in programme["elements"].items() if isinstance(element.get("life_years"), float)}
        return life_cycle(programme, changes=lives).total_musd

    assert total(longer) <= total(0.0) + 1e-6


@CASES
@given(programmes(), st.floats(0.5, 1.0), st.floats(0.0, 0.5))
def test_less_learning_never_costs_less(programme, learning, less):
    def total(rate):
        changes = {f"elements.{name}.learning": rate for name, element in programme["elements"].items()
                   if "learning" in element}
        return life_cycle(programme, changes=changes).total_musd

    assert total(min(1.0, learning + less)) >= total(learning) - 1e-6


@CASES
@given(programmes())
def test_run_i_is_row_i_whatever_the_number_of_runs(programme):
    scenario = programme_of(programme)
    many, few = costs_of(scenario, runs=7, seed=3), costs_of(scenario, runs=3, seed=3)
    assert np.array_equal(many.musd[:3], few.musd)
    sums = sums_of(scenario, runs=7, seed=3).sums
    for dollars, rows in sums.items():
        assert np.array_equal(rows, many.by_run(dollars))


@CASES
@given(programmes(), elements())
def test_another_element_changes_nothing_for_the_others(programme, other):
    alone = life_cycle(programme, runs=4)
    beside = life_cycle(programme_with(programme, {"other": other, **programme["elements"]}), runs=4)
    assert np.array_equal(beside.musd[:, 1:], alone.musd)
