"""Drag: lifetimes that follow their own decay rate, budgets, and how many satellites a year."""

import math

import pytest

from opendome.errors import InputError
from opendome.orbits import (
    lifetime_years,
    replenishment_per_year,
    station_keeping_m_s_per_year,
    upper_air_density,
)

MU, RADIUS_M, YEAR_S = 3.986004418e14, 6378137.0, 365.25 * 86400.0


def test_a_row_of_the_table():
    assert upper_air_density(altitude_km=400.0, solar_activity=150.0) == pytest.approx(4.2681e-12)
    # Halfway between rows: the geometric mean.
    expected = math.sqrt(4.2681e-12 * 2.8212e-12)
    assert upper_air_density(altitude_km=412.5, solar_activity=150.0) == pytest.approx(expected)


def test_lifetime_is_the_time_of_the_decay():
    # Between 400 and 401 km it takes beta / (rho sqrt(mu a)) for each metre.
    density = upper_air_density(altitude_km=400.5)
    step_s = 100.0 * 1000.0 / (density * math.sqrt(MU * (RADIUS_M + 400.5e3)))
    ages = [lifetime_years(altitude_km=h, beta_kg_m2=100.0) for h in (400.0, 401.0)]
    assert (ages[1] - ages[0]) * YEAR_S == pytest.approx(step_s, rel=1e-3)


def test_twice_as_heavy_lasts_twice_as_long():
    one, two = (lifetime_years(altitude_km=500.0, beta_kg_m2=beta) for beta in (50.0, 100.0))
    assert two == pytest.approx(2.0 * one)


def test_an_active_sun_brings_it_down_sooner():
    low, mean, high = (lifetime_years(altitude_km=500.0, beta_kg_m2=100.0, solar_activity=word)
                       for word in ("low", "mean", "high"))
    assert low > mean > high
    assert lifetime_years(altitude_km=500.0, beta_kg_m2=100.0, solar_activity=130.0) == mean


def test_beyond_the_air():
    assert lifetime_years(altitude_km=35786.0, beta_kg_m2=100.0) == math.inf
    assert station_keeping_m_s_per_year(altitude_km=35786.0, beta_kg_m2=100.0) == 0.0
    assert lifetime_years(altitude_km=120.0, beta_kg_m2=100.0) == 0.0


def test_station_keeping_is_drag_over_a_year():
    density = upper_air_density(altitude_km=300.0, solar_activity="high")
    speed2 = MU / (RADIUS_M + 300e3)
    expected = 0.5 * density * speed2 / 200.0 * YEAR_S
    assert station_keeping_m_s_per_year(altitude_km=300.0, beta_kg_m2=200.0, solar_activity="high") == pytest.approx(
        expected)


def test_replenishment():
    assert replenishment_per_year(7800, 5.0) == 1560.0
    assert replenishment_per_year(0, 5.0) == 0.0


@pytest.mark.parametrize(("call", "text"), [
    (lambda: lifetime_years(altitude_km=100.0, beta_kg_m2=100.0), "within hours"),
    (lambda: lifetime_years(altitude_km=math.nan, beta_kg_m2=100.0), "altitude_km = nan"),
    (lambda: lifetime_years(altitude_km=500.0, beta_kg_m2=0.0), "beta_kg_m2 = 0.0"),
    (lambda: lifetime_years(altitude_km=500.0, beta_kg_m2=math.inf), "beta_kg_m2 = inf"),
    (lambda: lifetime_years(altitude_km=500.0, beta_kg_m2=1.0, solar_activity="hihg"), "did you mean high"),
    (lambda: lifetime_years(altitude_km=500.0, beta_kg_m2=1.0, solar_activity=300.0), "70 to 250"),
    (lambda: upper_air_density(altitude_km=50.0), "between 100 and 1500"),
    (lambda: station_keeping_m_s_per_year(altitude_km=50.0, beta_kg_m2=1.0), "between 100 and 1500"),
    (lambda: replenishment_per_year(100, 0.0), "life_years = 0.0"),
    (lambda: replenishment_per_year(-1, 5.0), "n_satellites = -1"),
])
def test_what_is_refused(call, text):
    with pytest.raises(InputError) as caught:
        call()
    assert text in str(caught.value)
