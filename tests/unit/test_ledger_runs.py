"""What simulated figures rest on: lines through hand-made runs with known slopes, and the inputs that runs drew."""

import json
import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from opendome import cost
from opendome.errors import InputError
from opendome.evidence import COLUMNS, FIXED, NOT_SEEN, SEEN, Input
from opendome.results import Results, Tables
from opendome.results.ledger import TOGETHER, drawn_in, inputs_of, jointly, ledgers, regressed, tied_in
from opendome.rng import key
from opendome.sampling import Sampler, drawn_at
from opendome.scenario.quantity import Quantity
from small_results import MANIFEST, results, scenario

RUNS = 200
STOCK, LAYER = Quantity(value=10.0, low=4.0, high=16.0), "layers.upper.sites.north.stock"
OTHER = Quantity(value=1.0, low=0.5, high=2.0)


def test_a_straight_line_is_found_with_its_error() -> None:
    """x = -2 -1 0 1 2 twice, plus 10; y = 30 + 3 (x - 10) and 1 more or less: slope 3, residual sum of squares 10."""
    x = np.tile([8.0, 9.0, 10.0, 11.0, 12.0], 2)
    y = 30.0 + 3.0 * (x - 10.0) + np.repeat([1.0, -1.0], 5)
    found = regressed(x, y)
    # sxx = 20, syy = 9 x 20 + 10 = 190, r2 = 180 / 190; error of the slope sqrt(10 / 8 / 20) = 0.25.
    assert found.elasticity == pytest.approx(3.0 * 10 / 30)
    assert found.error == pytest.approx(0.25 * 10 / 30)
    assert found.share == pytest.approx(180 / 190 - 1 / 9)
    low, high = np.quantile(x, (0.05, 0.95))
    assert found.swing == pytest.approx(3.0 * (high - low))
    assert (found.at_low, found.at_high) == pytest.approx((30 + 3 * (low - 10), 30 + 3 * (high - 10)))
    assert found.how == SEEN


def test_two_errors_are_not_enough() -> None:
    """The ten points above with a slope of 0.6: 2.4 of its errors."""
    x = np.tile([8.0, 9.0, 10.0, 11.0, 12.0], 2)
    found = regressed(x, 30.0 + 0.6 * (x - 10.0) + np.repeat([1.0, -1.0], 5))
    assert found.elasticity / found.error == pytest.approx(2.4)
    assert found.how == NOT_SEEN


def test_what_does_not_matter_is_not_seen() -> None:
    x = np.tile([8.0, 9.0, 10.0, 11.0, 12.0], 2)
    found = regressed(x, np.repeat([1.0, 3.0], 5))
    assert found.how == NOT_SEEN
    assert found.elasticity == pytest.approx(0.0, abs=1e-12)
    assert found.share == pytest.approx(-1 / 9)  # what chance gives is taken off


def test_shares_of_inputs_without_effect_are_nothing_on_average() -> None:
    """r2 of independent numbers is 1 / (N - 1) in the mean: 400 pairs of 50, error of their mean 0.0014."""
    rng = np.random.default_rng(3)
    shares = [regressed(rng.uniform(1, 2, 50), rng.normal(5, 1, 50)).share for _ in range(400)]
    assert abs(np.mean(shares)) < 4 * np.std(shares) / 20


def test_slopes_are_within_their_errors() -> None:
    """Two standard errors hold 95 % of the time: at least 9 of 10 in 300 tries of a known slope."""
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(300):
        x = rng.uniform(1, 3, 40)
        found = regressed(x, 5.0 + 2.0 * x + rng.normal(0, 1, 40))
        inside += abs(found.elasticity - 2.0 * x.mean() / (5.0 + 2.0 * x.mean())) < 2.2 * found.error
    assert inside >= 270


def test_runs_without_a_value_are_left_out() -> None:
    x, y = np.arange(20.0) + 1, 2.0 * (np.arange(20.0) + 1)
    holes = y.copy()
    holes[[3, 7]] = np.nan
    assert regressed(x, holes).elasticity == pytest.approx(1.0)


@pytest.mark.parametrize(("x", "y"), [(np.arange(20.0), np.full(20, 3.0)), (np.full(20, 3.0), np.arange(20.0)),
                                      (np.arange(3.0), np.arange(3.0)), (np.arange(20.0), np.full(20, np.nan))])
def test_nothing_is_read_off_what_does_not_spread_or_is_too_little(x: Any, y: Any) -> None:
    found = regressed(x, y)
    assert found.how == NOT_SEEN
    assert math.isnan(found.elasticity)


def drawn(path: str, quantity: Quantity, runs: int = RUNS) -> Any:
    return Sampler(key(7), runs, True).column(path, quantity)


@cache
def many() -> Results:
    """Runs whose left rounds are the drawn stock, and whose shots are 3 times another input; no threats fly."""
    left, shots = drawn(LAYER, STOCK), 3.0 * drawn("interceptors.thaad.cost_musd", OTHER)
    sites = pd.DataFrame({"run": np.arange(RUNS), "raid": "two", "layer": "upper", "site": "north",
                          "interceptor": "thaad", "shots": 0, "kills": 0, "left": left, "stock": left,
                          "cost_musd": shots})
    threats = results().tables.threats
    every = pd.concat([threats[threats["run"] == 0].assign(run=run) for run in range(RUNS)])
    rows = [(LAYER, STOCK, True), ("interceptors.thaad.cost_musd", OTHER, True),
            ("threats.glider.glow_kw_sr", OTHER, True), ("threats.glider.glow_k", OTHER, True),
            ("layers.upper.decision_s", Quantity(value=5.0, why="a person says yes"), False)]
    rows += rows[:1]  # a site's stock stands in the table twice: as the site's, and as the layer's
    assumptions = pd.DataFrame([
        {"path": path, "value": q.value, "low": q.low_or_value, "high": q.high_or_value, "unit": "", "grade": q.grade,
         "source": q.source, "why": q.why, "sampled": is_drawn} for path, q, is_drawn in rows])
    return Results(Tables(threats=every, sites=sites, assumptions=assumptions), scenario(),
                   {**MANIFEST, "runs": RUNS})


def row(table: pd.DataFrame, path: str) -> Any:
    return table[table["path"] == path].iloc[0]


def test_inputs_are_those_that_the_runs_drew() -> None:
    """Rounds left are the drawn stock itself: elasticity 1 without error, and all of the variance."""
    table = many().ledger("left")
    stock = row(table, LAYER)
    assert stock["elasticity"] == pytest.approx(1.0, abs=1e-6)  # the tables hold seven digits
    assert stock["error"] < 1e-6
    assert stock["share"] == pytest.approx(1.0 - 1 / (RUNS - 1), abs=1e-6)
    low, high = np.quantile(drawn(LAYER, STOCK), (0.05, 0.95))
    assert stock["swing"] == pytest.approx(high - low, rel=1e-5)
    assert table["path"].iloc[0] == LAYER
    assert row(table, "interceptors.thaad.cost_musd")["how"] == NOT_SEEN
    assert row(table, "layers.upper.decision_s")["how"] == FIXED
    assert list(table.columns) == list(COLUMNS)
    assert table["path"].is_unique


def test_by_groups_there_is_a_ledger_for_each() -> None:
    table = many().ledger("cost", "layer")
    assert list(table["layer"].unique()) == ["upper"]
    assert row(table, "interceptors.thaad.cost_musd")["elasticity"] == pytest.approx(1.0, abs=1e-5)


def test_what_is_drawn_with_another_is_told_and_not_counted_twice() -> None:
    table = many().ledger("left")
    assert row(table, "threats.glider.glow_k")["how"] == TOGETHER
    assert math.isnan(row(table, "threats.glider.glow_k")["share"])
    assert drawn_at("threats.glider.glow_k") == "threats.glider.glow_kw_sr"
    same = [drawn(f"threats.glider.{name}", OTHER, 8) for name in ("glow_k", "glow_kw_sr")]
    assert np.array_equal(*same)


def test_it_says_how_much_is_explained_and_by_chance() -> None:
    (_, found), = ledgers(many().tables, many().scenario, many().manifest, "left")
    assert found.explained == pytest.approx(1.0, abs=0.02)
    assert found.runs == RUNS
    assert found.left_out == 0
    assert "1 of 3 inputs that were drawn" in found.notes[0]
    assert "about 0.0 would be by chance" in found.notes[0]
    assert "explain 99 % of the variance" in found.notes[1]
    json.dumps(found.data(), allow_nan=False)


def test_a_figure_without_spread_says_so() -> None:
    (_, found), = ledgers(many().tables, many().scenario, many().manifest, "leak_through")
    assert found.notes == ("It is the same in all runs, whatever the inputs.",)
    assert set(found.table["how"]) == {NOT_SEEN, FIXED, TOGETHER}
    assert math.isnan(found.explained)


def test_few_runs_and_fixed_inputs_say_so() -> None:
    small = results()
    (_, found), = ledgers(small.tables, small.scenario, small.manifest, "leak_through")
    assert "4 runs: too few" in found.notes[-1]
    fixed = small.tables.assumptions.assign(sampled=False)
    object.__setattr__(small.tables, "assumptions", fixed)
    (_, found), = ledgers(small.tables, small.scenario, small.manifest, "leak_through")
    assert "No input was drawn" in found.notes[-1]


def test_runs_without_the_figure_are_counted() -> None:
    """Leak-through of drones that fly in half of the runs alone."""
    found = many.__wrapped__()
    rows = found.tables.threats
    kept = rows[(rows["threat_class"] != "drone") | (rows["run"] % 2 == 0)]
    object.__setattr__(found.tables, "threats", kept)
    by_class = dict(ledgers(found.tables, found.scenario, found.manifest, "leak_through", "threat_class"))
    assert by_class["drone",].left_out == RUNS // 2
    assert by_class["drone",].notes[0] == f"{RUNS // 2} runs without a value are left out."


def test_sources_and_pages_are_those_of_the_catalogue_where_it_says_the_same() -> None:
    """The small results say 12.7 M$ of a ministry; the catalogue says something else, so that no page is given."""
    (_, found), = ledgers(results().tables, results().scenario, MANIFEST, "leak_through")
    assert row(found.table, "interceptors.thaad.cost_musd")["page"] == ""
    assert row(found.table, "interceptors.thaad.cost_musd")["says"] != ""
    for value, page in ((12.7, "5"), (13.0, None)):
        now = {"interceptors": {"thaad": {"cost_musd": Quantity(value=value, source="ministry2026", page="5")}}}
        assert inputs_of(results().tables, [now])[0].quantity.page == page


def test_an_unknown_figure_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean leak_through"):
        results().ledger("leak_trough")


def test_inputs_that_go_together_are_told_apart() -> None:
    """y = 2 a + 0 b with b correlated with a: b alone would be given most of the slope of a, and is given none."""
    rng = np.random.default_rng(5)
    common = rng.normal(size=400)
    a, b = 10 + common + 0.5 * rng.normal(size=400), 10 + common + 0.5 * rng.normal(size=400)
    y = 2.0 * a + 0.1 * rng.normal(size=400)
    assert regressed(b, y).elasticity > 0.6
    first, second = jointly(np.stack([a, b], axis=1), y)
    assert first.elasticity == pytest.approx(1.0, abs=4 * first.error)
    assert abs(second.elasticity) < 4 * second.error
    plane = np.linalg.lstsq(np.stack([a, b, np.ones(400)], axis=1), y, rcond=None)[1][0]
    r2 = 1.0 - plane / float(((y - y.mean()) ** 2).sum())
    assert first.share + second.share + 2 / 399 == pytest.approx(r2, abs=1e-9)
    assert first.error == pytest.approx(_error_of(a, b, y) * a.mean() / y.mean(), rel=1e-9)


def _error_of(a: Any, b: Any, y: Any) -> float:
    """Standard error of the slope on a beside b, by the normal equations with their constant."""
    x = np.stack([np.ones(len(y)), a, b], axis=1)
    inverse = np.linalg.inv(x.T @ x)
    left = y - x @ (inverse @ (x.T @ y))
    return float(np.sqrt(inverse[1, 1] * (left @ left) / (len(y) - 3)))


def test_money_is_drawn_again_with_its_correlation() -> None:
    """Prices of a programme as `cost.life_cycle` drew them: total = price of the only unit, run by run."""
    data = {"start": "2026-01", "years": 1, "correlation": 0.7, "price_year": 2026, "elements": {
        name: {"n_units": 1, "unit_musd": {"value": 10, "low": 5, "high": 30}} for name in ("one", "two")}}
    one = scenario(cost=data)
    musd = cost.life_cycle(one, runs=50, seed=7).musd[:, 0].sum(axis=(1, 2))
    small = many()
    path = "cost.elements.one.unit_musd"
    assert one.cost is not None
    inputs = [Input(path, one.cost.elements["one"].unit_musd or OTHER), Input("layers.x", OTHER)]
    assert drawn_in(small.tables, one, small.manifest)(inputs[0])[:50] == pytest.approx(musd, rel=1e-12)
    assert tied_in(one, inputs, [True, True]) == [0]
    assert tied_in(small.scenario, inputs, [True, True]) == []
    plain = Sampler(key(7), 50, True).column(path, inputs[0].quantity)
    assert not np.allclose(plain, musd)
    prices = [Input(f"cost.elements.{name}.unit_musd", inputs[0].quantity) for name in ("one", "two")]
    x = np.stack([drawn_in(small.tables, one, small.manifest)(price) for price in prices], axis=1)
    both = jointly(x, x.sum(axis=1))
    assert [found.elasticity for found in both] == pytest.approx(x.mean(axis=0) / x.sum(axis=1).mean(), rel=1e-9)
    assert sum(found.share for found in both) == pytest.approx(1.0 - 2 / (RUNS - 1), rel=1e-9)
