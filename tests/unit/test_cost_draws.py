"""Draws of cost lines: each keeps its distribution, and the correlation moves them together."""

import numpy as np
import pytest

from opendome import rng
from opendome.cost import life_cycle
from opendome.cost.draws import cost_sampler, is_money
from opendome.sampling import Sampler
from opendome.scenario.cost_specs import Programme
from opendome.scenario.quantity import Quantity

RUNS = 2000
LINE = Quantity(value=20.0, low=10.0, high=60.0)
PATHS = [f"cost.elements.e{i}.unit_musd" for i in range(6)]


def sampler_of(correlation, runs=RUNS, first=0):
    element = {"n_units": Quantity(value=1.0), "unit_musd": Quantity(value=1.0)}
    rho = correlation if isinstance(correlation, Quantity) else Quantity(value=correlation)
    programme = Programme.model_validate({"start": "2026-01", "elements": {"e": element}, "correlation": rho})
    return cost_sampler(programme, rng.key(5), runs, is_sampled=True, first=first)


def drawn(correlation, **more):
    sampler = sampler_of(correlation, **more)
    return np.array([sampler.column(path, LINE) for path in PATHS])


def test_which_lines_are_money():
    assert is_money("cost.elements.a.operations_unit_musd_per_year")
    assert is_money("cost.launchers.a.price_usd_per_kg")
    assert not is_money("cost.elements.a_musd.life_years")
    assert not is_money("cost.elements.a.mass_kg")


def test_without_correlation_the_numbers_are_those_of_any_sampler():
    plain = Sampler(rng.key(5), RUNS, True)
    assert np.array_equal(drawn(0.0), np.array([plain.column(path, LINE) for path in PATHS]))


def test_runs_from_a_first_one_on_are_rows_of_all():
    assert np.array_equal(drawn(0.5)[:, 100:150], drawn(0.5, runs=50, first=100))


@pytest.mark.parametrize("rho", [0.3, 0.9, 1.0])
def test_every_line_keeps_its_own_distribution(rho):
    # Triangle (10, 20, 60): mean 30, variance (a2 + b2 + c2 - ab - ac - bc) / 18 = (4100 - 2000) / 18 = 116.7.
    for line in drawn(rho):
        assert line.mean() == pytest.approx(30.0, abs=4 * np.sqrt(116.7 / RUNS))
        assert line.var() == pytest.approx(116.7, rel=0.1)
        # Its quantile at (20 - 10) / (60 - 10) = 0.2 is the mode.
        assert np.mean(line < 20.0) == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / RUNS))


def test_normal_scores_of_two_lines_are_correlated_as_stated():
    from scipy.special import ndtri
    from scipy.stats import rankdata

    first, second = (ndtri(rankdata(line) / (RUNS + 1)) for line in drawn(0.6)[:2])
    # The standard error of a correlation is (1 - rho^2) / sqrt(N) = 0.014.
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.6, abs=0.056)


def test_spread_of_the_sum_grows_with_the_correlation_from_independent_to_all_together():
    spreads = [drawn(rho).sum(axis=0).std() for rho in (0.0, 0.1, 0.3, 0.6, 1.0)]
    assert (np.diff(spreads) > 0).all()
    # Six equal lines of deviation 10.8: sqrt(6) times that if independent, 6 times if all move together.
    assert spreads[0] == pytest.approx(np.sqrt(6 * 116.7), rel=0.05)
    assert spreads[-1] == pytest.approx(6 * np.sqrt(116.7), rel=0.05)


def test_numbers_that_are_not_money_stay_where_they_are():
    mass = "cost.elements.e0.mass_kg"
    assert np.array_equal(sampler_of(0.8).column(mass, LINE), sampler_of(0.0).column(mass, LINE))


def test_an_uncertain_correlation_is_drawn_apart_from_the_common_factor():
    sampler = sampler_of(Quantity(value=0.3, low=0.0, high=0.9))
    assert sampler.sampled == {"cost.correlation"}
    common = sampler.uniform("cost.correlation", 1)
    assert sampler.correlation is not None
    assert abs(np.corrcoef(sampler.correlation, common)[0, 1]) < 4 / np.sqrt(RUNS)


def test_spread_of_a_life_cycle_is_understated_by_independent_lines():
    ranged = {"value": 100.0, "low": 50.0, "high": 200.0}
    elements = {f"e{i}": {"n_units": 1.0, "unit_musd": ranged} for i in range(10)}
    spread = {}
    for rho in (0.0, 0.3):
        found = life_cycle({"start": "2026-01", "elements": elements, "correlation": rho}, runs=2000)
        spread[rho] = found.high_musd - found.low_musd
        assert found.total_musd == pytest.approx(10 * 350 / 3, rel=0.02)
    assert spread[0.3] > 1.7 * spread[0.0]
