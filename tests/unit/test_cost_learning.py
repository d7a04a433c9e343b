"""Learning by both theories, packing of launches, the price index: small numbers, worked by hand."""

import numpy as np
import pytest
from scipy.integrate import quad

from opendome.cost import index, learning
from opendome.cost.launch import units_per_vehicle, vehicles_for
from opendome.errors import ScenarioError

B85 = float(np.log2(0.85))


def unit(n, slope=B85):
    return float(learning.total(np.array([float(n)]), np.array([slope]))[0])


def average(n, slope=B85):
    return float(learning.total(np.array([float(n)]), np.array([slope]), is_average=True)[0])


def test_one_two_and_four_units_at_85_percent():
    # Unit theory: the second costs 0.85, the fourth 0.85^2 = 0.7225, the third 3^b = 0.772915 with b = -0.234465.
    assert unit(1) == pytest.approx(1.0, abs=1e-12)
    assert unit(2) == pytest.approx(1.85, abs=1e-12)
    assert unit(4) == pytest.approx(1.85 + 0.772915 + 0.7225, abs=1e-6)
    # Cumulative average: the average of two is 0.85, that of four 0.7225.
    assert average(1) == 1.0
    assert average(2) == pytest.approx(2 * 0.85, abs=1e-12)
    assert average(4) == pytest.approx(4 * 0.7225, abs=1e-12)


@pytest.mark.parametrize("slope", [-1.0, -0.999999, -0.9995, -0.5, B85, -0.01, 0.0])
@pytest.mark.parametrize("n", [1, 7, 8, 9, 100, 31_200])
def test_sum_over_units_against_adding_them_up(slope, n):
    added = float(np.sum(np.arange(1.0, n + 1) ** slope))
    assert unit(n, slope) == pytest.approx(added, rel=1e-10)


def test_nothing_costs_nothing_and_the_sum_between_whole_numbers_rises_evenly():
    assert unit(0) == pytest.approx(0.0, abs=1e-12)
    steps = np.diff(learning.total(np.linspace(0.0, 12.0, 121), np.array(B85)))
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all(), "each tenth of a unit is cheaper than the one before"
    whole = learning.total(np.arange(12.0), np.array(B85))
    shifted = learning.total(np.arange(12.0) + 0.25, np.array(B85))
    # Unit n + 1/4 costs (n + 1/4)^b: the sum keeps its law between whole numbers.
    assert np.diff(shifted) == pytest.approx((np.arange(1.0, 12.0) + 0.25) ** B85, abs=1e-12)
    assert np.diff(whole) == pytest.approx(np.arange(1.0, 12.0) ** B85, abs=1e-12)


@pytest.mark.parametrize("is_average", [False, True])
@pytest.mark.parametrize("slope", [-1.0, B85, 0.0])
@pytest.mark.parametrize(("first", "last"), [(0.0, 5.0), (3.0, 40.0), (14.0, 15.0), (1000.0, 1003.0)])
def test_area_is_the_integral_of_what_was_built(first, last, slope, is_average):
    def built(n):
        return float(learning.between(np.array(first), np.array(n), np.array(slope), is_average=is_average))

    area = learning.area(np.array([first]), np.array([last]), np.array([slope]), is_average=is_average)
    assert float(area[0]) == pytest.approx(quad(built, first, last, epsabs=0, epsrel=1e-11, limit=200)[0], rel=1e-10)


def test_packing_of_45_tonnes_with_1294_kg():
    # 45,000 / 1,294 = 34.8: 34 whole units. 4,990 / 34 = 146.8: 147 launches.
    per = units_per_vehicle(np.array([45_000.0]), np.array([1_294.0]))
    assert per.tolist() == [34.0]
    assert vehicles_for(np.array([4_990.0, 34.0, 35.0, 0.0]), per).tolist() == [147.0, 1.0, 2.0, 0.0]


def test_packing_at_most_what_there_is_room_for_and_with_rounding():
    assert units_per_vehicle(np.array([45_000.0]), np.array([1_294.0]), 20).tolist() == [20.0]
    # 0.3 / 0.1 is 2.9999999999999996 in floating point.
    assert units_per_vehicle(np.array([0.3]), np.array([0.1])).tolist() == [3.0]
    assert vehicles_for(np.array([3 * 1.1]), np.array([1.1])).tolist() == [3.0]


def test_a_unit_heavier_than_the_payload_is_refused_with_both_numbers():
    with pytest.raises(ScenarioError, match=r"mass_kg = 5000\n  must be at most payload_kg = 4500"):
        units_per_vehicle(np.array([9_000.0, 4_500.0]), np.array([5_000.0, 5_000.0]))


def test_price_index_is_whole_and_rises_since_1950():
    found = index.price_index()
    assert (np.diff(found.years) == 1).all()
    assert found.years[-1] >= 2025
    assert (np.diff(found.level[found.years >= 1950]) > 0).all()


def test_dollars_of_one_year_in_those_of_another_and_back():
    found = index.price_index()
    level = dict(zip(found.years.tolist(), found.level.tolist(), strict=True))
    assert index.factor(2004, 2024) == level[2024] / level[2004]
    assert index.factor(2004, 2024) * index.factor(2024, 2004) == pytest.approx(1.0, abs=1e-15)
    assert index.factor(2020, 2020) == 1.0


def test_then_year_dollars_by_the_index_and_beyond_it_by_growth():
    found = index.price_index()
    last, level = int(found.years[-1]), float(found.level[-1])
    years = np.array([last - 1, last, last + 1, last + 3])
    factor = index.then_year_factor(last, years, np.array([0.02, 0.0]))
    assert factor[0] == pytest.approx([float(found.level[-2]) / level, 1.0, 1.02, 1.02**3])
    assert factor[1, 1:].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("year", [1800, 2150])
def test_a_year_outside_the_index_is_refused_with_the_years_it_has(year):
    found = index.price_index()
    with pytest.raises(ScenarioError, match=rf"elements\.x\.price_year = {year}\n  must be a year of the price index, "
                                            rf"{found.years[0]} to {found.years[-1]}"):
        index.factor(year, 2020, where="elements.x.price_year")
