"""What a computed number rests on, by hand: products, sums, powers, steps, ends of what is possible."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from opendome.evidence import (
    AT_ZERO,
    IMPOSSIBLE,
    NONE,
    ONE_SIDE,
    SLOPE,
    STEPWISE,
    WHOLE,
    WIDE,
    Effect,
    Input,
    Ledger,
    cited,
    differences,
    looked_up,
    rests_on,
    rows_of,
)
from opendome.scenario.cost_specs import Element, Programme
from opendome.scenario.quantity import Quantity


def q(value: float, low: float | None = None, high: float | None = None, **more: Any) -> Quantity:
    return Quantity(value=value, low=low, high=high, **more)


def effects(model: Callable[..., Any], **inputs: Quantity) -> tuple[float, dict[str, Effect]]:
    """What a model of arrays by name says of its inputs."""
    def evaluate(rows: int, columns: Mapping[str, Any]) -> Any:
        return model(**{name: columns.get(name, np.full(rows, one.value)) for name, one in inputs.items()})

    base, found = differences([Input(name, one) for name, one in inputs.items()], evaluate)
    return base, dict(zip(inputs, found))


def test_a_factor_has_elasticity_one_and_a_divisor_minus_one() -> None:
    base, found = effects(lambda a, b, c: a * b / c, a=q(3, 2, 5), b=q(4), c=q(2))
    assert base == 6.0
    assert found["a"].elasticity == pytest.approx(1.0, abs=1e-12)
    assert found["b"].elasticity == pytest.approx(1.0, abs=1e-12)
    assert found["c"].elasticity == pytest.approx(-1.0, abs=2e-4)  # 1/x over a step of 1 %: -(1 + 1e-4)
    assert {one.how for one in found.values()} == {SLOPE}
    # a from 2 to 5 moves 2 a from 4 to 10; b and c have no range.
    assert (found["a"].at_low, found["a"].at_high, found["a"].swing) == (4.0, 10.0, 6.0)
    assert found["b"].swing == 0.0
    assert math.isnan(found["a"].error)


def test_a_term_of_a_sum_has_its_share() -> None:
    _, found = effects(lambda a, b: a + b, a=q(30), b=q(70))
    assert found["a"].elasticity == pytest.approx(0.3, abs=1e-12)
    assert found["b"].elasticity == pytest.approx(0.7, abs=1e-12)


def test_a_power_has_its_exponent() -> None:
    _, found = effects(lambda a: 5.0 * a**-0.234465, a=q(100, 50, 200))  # learning of 85 %: log2(0.85)
    assert found["a"].elasticity == pytest.approx(-0.234465, abs=2e-5)
    assert found["a"].swing < 0.0
    assert found["a"].swing == pytest.approx(found["a"].at_high - found["a"].at_low)


def test_others_stay_at_their_values() -> None:
    """b is at 10, whatever its range, while a goes through its own."""
    _, found = effects(lambda a, b: a * b, a=q(1, 0, 3), b=q(10, 1, 100))
    assert (found["a"].at_low, found["a"].at_high) == (0.0, 30.0)
    assert (found["b"].at_low, found["b"].at_high) == (1.0, 100.0)


def test_what_has_no_effect() -> None:
    _, found = effects(lambda a, b: a + 0.0 * b, a=q(2), b=q(5, 1, 9))
    assert found["b"] == (0.0, pytest.approx(math.nan, nan_ok=True), 0.0, 2.0, 2.0, NONE,
                          pytest.approx(math.nan, nan_ok=True))


def test_steps_are_told_and_measured_over_the_range() -> None:
    """Whole launches of 34: 100 units take 3; from 68 to 204 it goes from 2 to 6, an arc of ln 3 / ln 3."""
    _, found = effects(lambda n: np.ceil(n / 34.0), n=q(100, 68, 204))
    assert found["n"].how == STEPWISE
    assert found["n"].elasticity == pytest.approx(1.0, abs=1e-12)
    assert found["n"].swing == 4.0


def test_a_step_at_the_value_itself_is_not_taken_for_a_slope() -> None:
    """A life of 5 years in 20: three generations of replacements, a fourth for any shorter life."""
    def cost(life: Any) -> Any:
        return 1.0 + np.ceil(20.0 / life - 1e-9) - 1.0

    _, found = effects(cost, life=q(5, 4, 10))
    assert found["life"].how == STEPWISE
    # 5 units at a life of 4, 2 at 10: ln(2 / 5) / ln(10 / 4) = -1.
    assert found["life"].elasticity == pytest.approx(-1.0, abs=1e-12)
    _, found = effects(cost, life=q(5))
    assert found["life"].how == WIDE
    # Without a range over 10 %: 5 at 4.5, 4 at 5.5.
    assert found["life"].elasticity == pytest.approx(math.log(4 / 5) / math.log(5.5 / 4.5), abs=1e-12)
    assert found["life"].swing == 0.0


def test_many_small_steps_are_not_a_slope() -> None:
    """Whole parts of 1.6: 62 of them at 100, one more at 101, one less at 99, and none at half of that."""
    _, found = effects(lambda a: np.floor(a / 1.6), a=q(100))
    assert found["a"].how == WIDE
    assert found["a"].elasticity == pytest.approx(math.log(68 / 56) / math.log(110 / 90), abs=1e-12)


def test_a_bend_at_the_value_is_not_a_slope() -> None:
    """Whatever is above 100 counts as 100."""
    _, found = effects(lambda a: np.minimum(a, 100.0), a=q(100))
    assert found["a"].how == WIDE
    assert found["a"].elasticity == pytest.approx(math.log(100 / 90) / math.log(110 / 90), abs=1e-12)


def test_a_swing_counts_what_lies_between_the_ends() -> None:
    """Highest in the middle: 1 at 5, 0 at both ends; the swing is 1, not 0."""
    _, found = effects(lambda a: 1.0 - ((a - 5.0) / 5.0) ** 2, a=q(5, 0, 10))
    assert abs(found["a"].swing) == 1.0


def test_a_value_of_zero_has_a_swing_and_no_elasticity() -> None:
    _, found = effects(lambda a, b: b + a, a=q(0, -1, 3), b=q(10))
    assert found["a"].how == AT_ZERO
    assert math.isnan(found["a"].elasticity)
    assert found["a"].swing == 4.0


def test_where_the_model_ends_the_slope_is_that_of_the_other_side() -> None:
    """A share of 1 cannot grow: below it, the number goes with it."""
    _, found = effects(lambda p: np.where(p <= 1.0, 7.0 * p, np.nan), p=q(1, 0.5, 1))
    assert found["p"].how == ONE_SIDE
    assert found["p"].elasticity == pytest.approx(1.0, abs=1e-12)


def test_where_the_model_ends_and_is_flat_the_range_tells() -> None:
    """Cover grows with latitude up to 60 degrees, and 90 is the most there is."""
    _, found = effects(lambda a: np.where(a <= 90.0, np.minimum(a, 60.0), np.nan), a=q(90, 30, 90))
    assert (found["a"].how, found["a"].swing) == (STEPWISE, 30.0)
    assert found["a"].elasticity == pytest.approx(math.log(2) / math.log(3), abs=1e-12)


def test_whole_numbers_that_take_no_parts_are_changed_by_one() -> None:
    def model(n: Any) -> Any:
        return np.where(n == np.rint(n), 3.0 * n, np.nan)

    _, found = effects(model, n=q(20))
    assert found["n"].how == WHOLE
    assert found["n"].elasticity == pytest.approx(1.0, abs=1e-12)
    assert (found["n"].swing, found["n"].at_high) == (0.0, 60.0)
    _, found = effects(lambda n: np.where(n == 7, n, np.nan), n=q(7))
    assert found["n"].how == IMPOSSIBLE


def ledger(**inputs: Quantity) -> Ledger:
    base, found = effects(lambda a, b, c: 2.0 * a + b + 0.0 * c, **inputs)
    table = rows_of([Input(name, one, "M$", f"The {name}.") for name, one in inputs.items()], list(found.values()))
    return Ledger("a sum", "total", "All of it.", "M$", base, math.nan, 0, 0, table, ("A note.",), cited(table))


def sums() -> Ledger:
    return ledger(b=q(10, 6, 16, grade="official", source="cbo2026", page="7"), c=q(1, 0, 2),
                  a=q(10, 5, 20, why="a guess"))


def test_the_largest_swing_comes_first_and_shares_add_up() -> None:
    found = sums().table
    assert list(found["path"]) == ["a", "b", "c"]
    assert list(found["swing"]) == [30.0, 10.0, 0.0]  # 2 x (20 - 5), 16 - 6
    assert list(found["share"]) == [0.75, 0.25, 0.0]
    assert list(found["says"]) == ["The a.", "The b.", "The c."]
    assert sums().explained == 1.0


def test_the_order_is_that_of_swings_and_not_of_elasticities() -> None:
    """a has twice the elasticity of b and moves the sum by 4; b moves it by 30."""
    found = ledger(a=q(10, 9, 11), b=q(10, 0, 30), c=q(1)).table
    assert list(found["path"]) == ["b", "a", "c"]
    assert found["elasticity"][0] < found["elasticity"][1]


def test_what_rests_on_assumptions() -> None:
    assert sums().by_grade() == {"assumed": 0.75, "official": 0.25}
    assert rests_on(sums()) == "75 % of the swing rests on declared assumptions; 25 % on official values."
    assert rests_on(ledger(a=q(1), b=q(2), c=q(3))) == ""


def test_data_are_complete_json() -> None:
    found = json.loads(json.dumps(sums().data(), allow_nan=False))
    assert set(found) == {"format", "of", "number", "says", "unit", "value", "error", "runs", "left_out", "explained",
                          "by_grade", "notes", "inputs", "references"}
    assert (found["format"], found["value"], found["error"]) == (1, 30.0, None)
    b = found["inputs"][1]
    assert (b["path"], b["low"], b["high"], b["grade"], b["source"], b["page"]) == ("b", 6.0, 16.0, "official",
                                                                                   "cbo2026", "7")
    assert b["error"] is None
    assert set(found["references"]) == {"cbo2026"}
    assert {"author", "title", "year", "publisher", "link"} <= set(found["references"]["cbo2026"])


def test_quantities_and_their_sentences_are_found_by_path() -> None:
    element = Element(n_units=Quantity(value=3.0), unit_musd=Quantity(value=2.0, page="9"))
    programme = Programme(start="2026-01", elements={"sbi": element})
    found, says = looked_up([element, {"cost": programme}], "cost.elements.sbi.unit_musd")
    assert found == element.unit_musd
    assert says == "Price of a unit, whatever their number."
    assert looked_up([programme], "elements.sbi.nothing") == (None, "")
    assert looked_up([{"a": [Quantity(value=1.0), Quantity(value=4.0)]}], "a[1]")[0] == Quantity(value=4.0)
