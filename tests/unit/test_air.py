"""The air's table against its equations, and its behaviour where layers meet."""

import math

import numpy as np
import pytest

from opendome import air
from opendome.air import standard


def test_table_is_up_to_date():
    density, pressure = standard.cells()
    assert np.abs(air.LN_DENSITY - density).max() < 1e-12
    assert np.abs(air.LN_PRESSURE - pressure).max() < 1e-12
    assert pytest.approx(standard.CELLS["KINK_KM"]) == air.KINK_KM


def test_table_repeats_the_equations_below_86_km():
    h_km = np.linspace(-9.9, 84.85, 2001)
    ln_density, ln_pressure = standard.lower(h_km)
    z_m = 1000.0 * standard.geometric_km(h_km)
    # 1e-12 is the interpolation error of degree 5 over 1 km; rounding of the stored coefficients is 1e-13.
    assert max(abs(math.log(air.density(z)) - ref) for z, ref in zip(z_m, ln_density)) < 2e-12
    assert max(abs(math.log(air.pressure(z)) - ref) for z, ref in zip(z_m, ln_pressure)) < 2e-12


def test_table_repeats_the_equations_above_86_km():
    z_km, ln_density, ln_pressure = standard.upper()
    pick = np.flatnonzero(z_km < 1000.0)[::97]
    # 8e-6 is the shift at 86 km; the rest is the kink of the molecular weight at 100 km.
    assert max(abs(math.log(air.density(1000.0 * z_km[i])) - ln_density[i]) for i in pick) < 3e-4
    assert max(abs(math.log(air.pressure(1000.0 * z_km[i])) - ln_pressure[i]) for i in pick) < 3e-4


def test_temperature_is_that_of_the_equations_above_86_km():
    z_km = np.linspace(86.0, 1000.0, 500)
    t_k, _ = standard.temperature(z_km)
    assert np.allclose([air.temperature(1000.0 * z) for z in z_km], t_k, atol=1e-3)


@pytest.mark.parametrize("alt_m", [*air.KINK_ALT_M, 0.0, 80e3, 91e3, 110e3, 120e3, 128e3])
def test_continuous(alt_m):
    for value in (air.density, air.pressure, air.temperature, air.sound_speed):
        assert value(alt_m - 0.01) == pytest.approx(value(alt_m + 0.01), rel=1e-5)


def test_density_and_pressure_agree_by_the_gas_law():
    for z_m in (0.0, 9000.0, 25e3, 60e3):
        assert air.pressure(z_m) == pytest.approx(air.density(z_m) * 287.0529 * air.temperature(z_m), rel=1e-6)


def test_ends_of_the_air():
    assert air.density(-10e3) == air.density(-50e3) > air.density(-9e3)
    assert air.density(1000.0e3) > 0.0
    assert air.density(1000.1e3) == 0.0 == air.pressure(5.0e7)


def test_layer_goes_on_smoothly_beyond_its_bounds():
    first, last = int(air.KINK_ROW[0]), int(air.KINK_ROW[1]) - 1
    inside, beyond = 9000.0, 13000.0
    assert air.density_of_layer(inside, first, last) == air.density(inside)
    # The troposphere's closed formula, carried 2 km into the stratosphere.
    h_km = 0.001 * air.geopotential_height(beyond)
    t_k = 288.15 - 6.5 * h_km
    rho = 1.225 * (t_k / 288.15) ** (9.80665 * 28.9644 / (8314.32 * 0.0065) - 1.0)
    assert air.density_of_layer(beyond, first, last) == pytest.approx(rho, rel=1e-6)
    assert abs(air.density(beyond) / rho - 1.0) > 0.005
