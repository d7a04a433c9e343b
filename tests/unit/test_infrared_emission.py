"""Radiance in a band, heated walls, bodies and gliders, and the air: worked numbers and independent integration."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from opendome import sensing
from opendome.air import density
from opendome.errors import InputError
from opendome.sensing.infrared import air, emission

H, C, K, SIGMA = 6.62607015e-34, 299792458.0, 1.380649e-23, 5.670374419e-8


def radiance(temperature_k, low_um, high_um):
    """Planck's law, integrated numerically over the band."""
    def law(um):
        m = um * 1e-6
        return 2 * H * C * C / m**5 / math.expm1(H * C / (m * K * temperature_k)) * 1e-6

    return quad(law, low_um, high_um, epsabs=0, epsrel=1e-11)[0]


@pytest.mark.parametrize("band", [(2.69, 2.95), (1.4, 3.0), (3.0, 5.0), (8.0, 12.0), (0.5, 14.0)])
@pytest.mark.parametrize("temperature_k", [200.0, 300.0, 1000.0, 1800.0, 5000.0, 20000.0])
def test_band_radiance_against_integration(temperature_k, band):
    expected = radiance(temperature_k, *band)
    assert sensing.planck_band(temperature_k, *band) == pytest.approx(expected, rel=1e-6, abs=1e-290)


def test_all_wavelengths_together_are_the_law_of_stefan_and_boltzmann():
    assert sensing.planck_band(1000.0, 0.05, 1e5) == pytest.approx(SIGMA * 1000.0**4 / math.pi, rel=1e-6)


def test_plume_keeps_its_intensity_in_its_own_band_and_scales_to_others():
    assert sensing.plume_in_band(100.0, 1800.0, 2.69, 2.95) == pytest.approx(100e3)
    ratio = radiance(1800.0, 8.0, 12.0) / radiance(1800.0, 2.69, 2.95)
    assert sensing.plume_in_band(100.0, 1800.0, 8.0, 12.0) == pytest.approx(100e3 * ratio, rel=1e-6)


def test_nose_is_in_balance():
    """1.7415e-4 sqrt(rho / r) V^3 (1 - h_w / h_0) = 0.85 sigma (T^4 - 300^4), solved again by bracketing."""
    rho, v, r = density(49.7e3), 6000.0, 0.034
    h0 = 0.5 * v * v + 1150.0 * 300.0

    def excess(t):
        return 1.7415e-4 * math.sqrt(rho / r) * v**3 * (1 - 1150.0 * t / h0) - 0.85 * SIGMA * (t**4 - 300.0**4)

    assert sensing.stagnation_temperature(49.7e3, v, r, 0.85) == pytest.approx(brentq(excess, 300, 5000), rel=1e-9)


def test_thin_air_heats_no_more_than_it_brings():
    alt, v = 115e3, 7000.0
    most = density(alt) * v * (0.5 * v * v + 1150.0 * 300.0)
    t = sensing.stagnation_temperature(alt, v, 1e-4, 0.85)
    assert 0.85 * SIGMA * (t**4 - 300.0**4) < most
    assert sensing.stagnation_temperature(alt, v, 1e-6, 0.85) == pytest.approx(t)  # a sharper nose gets no more


def test_skin_by_hand():
    """Flat plate at 10 degrees, 6 km/s, 49.7 km, 1 m: the balance closes with the temperature that comes out."""
    alt, v, phi = 49.7e3, 6000.0, math.radians(10.0)
    t = sensing.skin_temperature(alt, v, phi, 1.0, 0.85, 1.0)
    rho = density(alt)
    pressure = 82.8 + rho * v * v * math.sin(phi) ** 2  # US76: 79.8 Pa at 50 km, a scale height of 8 km
    u = v * math.cos(phi)
    h_e = 1150.0 * 300.0 + 0.5 * (v * math.sin(phi)) ** 2
    t_ref = (0.5 * (h_e + 1150.0 * t) + 0.22 * math.sqrt(0.71) * 0.5 * u * u) / 1150.0
    rho_ref, mu = pressure / (287.05 * t_ref), 1.458e-6 * t_ref**1.5 / (t_ref + 110.4)
    stanton = 0.332 / math.sqrt(rho_ref * u / mu) * 0.71 ** (-2 / 3)
    heating = stanton * rho_ref * u * (h_e + math.sqrt(0.71) * 0.5 * u * u - 1150.0 * t)
    assert 0.85 * SIGMA * (t**4 - 300.0**4) == pytest.approx(heating, rel=0.01)


def test_skin_cools_down_its_length_and_jumps_where_it_turns_turbulent():
    t = np.array([sensing.skin_temperature(45e3, 5500.0, 0.17, x, 0.85, 1.0) for x in np.linspace(0.2, 4.0, 40)])
    assert np.all(np.diff(t) < 0)
    low = [sensing.skin_temperature(30e3, 3000.0, 0.17, x, 0.85, 1.0) for x in (0.01, 3.0)]
    assert low[1] > low[0] - 300.0  # turbulent: hotter than a laminar skin 300 times farther back would be


def test_body_is_cold_in_space_and_hot_in_the_air():
    cold = sensing.heated_intensity(8.0, 12.0, 0.5, 0.1, 300e3, 7000.0)
    assert cold == pytest.approx(0.5 * radiance(300.0, 8.0, 12.0), rel=1e-6)
    hot = [sensing.heated_intensity(8.0, 12.0, 0.5, 0.1, alt, 7000.0) for alt in (110e3, 90e3, 70e3, 50e3)]
    assert cold < hot[0] < hot[1] < hot[2] < hot[3]
    at_ground = sensing.heated_intensity(8.0, 12.0, 0.5, 0.1, 0.0, 1.0)
    assert at_ground == pytest.approx((0.5 + 0.85 * math.pi * 0.01) * radiance(300.0, 8.0, 12.0), rel=0.01)


@pytest.mark.parametrize(("estimate", "narrow", "wide"), [("tracy-wright", 43.0, 370.0),
                                                          ("candler-leyva", 4.90, 22.1)])
def test_estimates_pass_through_what_was_published(estimate, narrow, wide):
    for band, published in (((2.69, 2.95), narrow), ((1.4, 3.0), wide)):
        found = sensing.glider_intensity_kw_sr(estimate, alt_km=49.7, speed_m_s=6000.0, low_um=band[0], high_um=band[1])
        assert found == pytest.approx(published, rel=1e-5)


@pytest.mark.parametrize("estimate", sensing.ESTIMATES)
def test_a_slower_glider_is_dimmer(estimate):
    found = [sensing.glider_intensity_kw_sr(estimate, alt_km=50.0, speed_m_s=v, low_um=2.69, high_um=2.95)
             for v in (2000.0, 3500.0, 5000.0, 6500.0)]
    assert np.all(np.diff(found) > 0)


def test_a_glider_at_rest_is_as_warm_as_its_surroundings():
    assert emission.glider_intensity(sensing.TRACY_WRIGHT, 40e3, 1.0, 8.0, 12.0) == pytest.approx(
        emission.TRACY_WRIGHT_M2 * radiance(300.0, 8.0, 12.0), rel=1e-3)


def test_nonsense_about_gliders_is_refused():
    good = {"alt_km": 45.0, "speed_m_s": 5000.0, "low_um": 1.4, "high_um": 3.0}
    with pytest.raises(InputError, match=r"tracy[\s\S]*hint: did you mean tracy-wright"):
        sensing.glider_intensity_kw_sr("tracy-wrigth", **good)
    with pytest.raises(InputError, match="the shorter first"):
        sensing.glider_intensity_kw_sr("computed", **(good | {"low_um": 3.0, "high_um": 1.4}))
    with pytest.raises(InputError, match="speed_m_s"):
        sensing.glider_intensity_kw_sr("computed", **(good | {"speed_m_s": 0.0}))


def column(alt_m, sin_el):
    """Air along a straight path from alt_m to 300 km, exponential, over that straight up; integrated numerically."""
    r, h = air.MEAN_RADIUS_M + alt_m, air.SCALE_M
    end = -r * sin_el + math.sqrt((r * sin_el) ** 2 + (air.MEAN_RADIUS_M + 300e3) ** 2 - r * r)

    def dens(s):
        return math.exp(-(math.sqrt(r * r + s * s + 2 * r * s * sin_el) - r) / h)

    ends = (0.0, min(max(-r * sin_el, 0.0), end), min(max(-r * sin_el, 0.0) + 6e5, end), end)
    return sum(quad(dens, a, b, limit=500)[0] for a, b in pairwise(ends)) / h


@pytest.mark.parametrize("elevation_deg", [90.0, 45.0, 10.0, 3.0, 0.5, 0.0])
def test_airmass_against_integration(elevation_deg):
    sin_el = math.sin(math.radians(elevation_deg))
    found, lowest_m = sensing.airmass(12e3, sin_el)
    assert found == pytest.approx(column(12e3, sin_el), rel=2e-3)
    assert lowest_m == 12e3


def test_airmass_of_a_path_that_first_falls():
    sin_el = math.sin(math.radians(-4.0))
    found, lowest_m = sensing.airmass(40e3, sin_el)
    assert lowest_m == pytest.approx((air.MEAN_RADIUS_M + 40e3) * math.cos(math.radians(4.0)) - air.MEAN_RADIUS_M)
    at_bottom = math.exp((lowest_m - 40e3) / air.SCALE_M)  # the same air, counted in columns at the lowest point
    assert found == pytest.approx(column(40e3, sin_el) * at_bottom, rel=2e-3)
    assert sensing.airmass(40e3, -1e-9)[0] == pytest.approx(sensing.airmass(40e3, 1e-9)[0], rel=1e-3)


def test_higher_and_steeper_lets_more_through():
    for band in ((2.69, 2.95), (1.4, 3.0), (3.0, 5.0), (8.0, 12.0)):
        up = [sensing.transmission_of_band(*band, alt_km=h) for h in np.arange(0.0, 61.0, 1.5)]
        assert np.all(np.diff(up) >= 0)
        assert up[-1] > 0.99
        slant = [sensing.transmission_of_band(*band, alt_km=8.0, elevation_deg=e) for e in (0, 5, 10, 30, 60, 90)]
        assert np.all(np.diff(slant) > 0)
    assert sensing.transmission_of_band(4.25, 4.45, alt_km=0.0) < 0.002  # carbon dioxide
    assert sensing.transmission_of_band(8.0, 12.0, alt_km=30.0, elevation_deg=-10.0) == 0.0  # through the ground


def test_air_that_is_not_known_is_refused():
    with pytest.raises(InputError, match="where the air is known"):
        sensing.transmission_of_band(0.5, 3.0, alt_km=0.0)
    with pytest.raises(InputError, match="elevation_deg"):
        sensing.transmission_of_band(1.4, 3.0, alt_km=0.0, elevation_deg=91.0)
