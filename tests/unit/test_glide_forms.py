"""Closed forms of the glide, each against numbers worked by hand."""

import math

import pytest
from scipy.integrate import quad

from opendome import air
from opendome.errors import InputError
from opendome.fly import (
    equilibrium_alt_m,
    equilibrium_density,
    equilibrium_glide_deg,
    glide_range_km,
    glide_time_s,
    phugoid_rate_rad_s,
    scale_height_m,
    turn_radius_km,
)
from opendome.world import POINT_MASS

HTV = {"lift_to_drag": 2.6, "beta_kg_m2": 13000.0}

# At 50 km over the sphere of 6,371 km: r = 6,421 km, g = 3.986004418e14 / r^2 = 9.66791, and at 6 km/s V^2 / r is
# 5.60660, so that 4.06130 m/s2 are left to carry.


def test_equilibrium_density():
    assert equilibrium_density(6000.0, **HTV) == pytest.approx(2 * 13000 * 4.06130 / (36e6 * 2.6), rel=1e-5)
    assert equilibrium_density(6000.0, **HTV) == pytest.approx(1.12814e-3, rel=1e-5)
    assert equilibrium_density(6000.0, **HTV, bank_deg=60.0) == pytest.approx(2 * 1.12814e-3, rel=1e-5)


def test_equilibrium_altitude_has_that_density():
    alt = equilibrium_alt_m(6000.0, **HTV)
    assert air.density(alt) == pytest.approx(equilibrium_density(6000.0, **HTV, alt_m=alt), rel=1e-7)
    assert alt == pytest.approx(49.24e3, abs=50.0)      # 1.128e-3 kg/m3 lies between the standard's 49 and 50 km


def test_equilibrium_altitude_near_the_circular_speed():
    # At 7,800 m/s some 0.2 m/s2 are left to carry: high up, but in the air.
    assert 60e3 < equilibrium_alt_m(7800.0, **HTV) < 80e3


def test_equilibrium_glide_angle():
    assert equilibrium_glide_deg(6000.0, lift_to_drag=2.6) == pytest.approx(
        math.degrees(-2 * 7200 * 9.66791 / (36e6 * 2.6)), rel=1e-5)
    assert equilibrium_glide_deg(6000.0, lift_to_drag=2.6) == pytest.approx(-0.085220, abs=2e-6)


def test_equilibrium_glide_angle_is_the_slope_of_the_equilibrium_altitude():
    # dh / ds = (dh / dV) (dV / dt) / V with dV / dt = -(g - V^2 / r) / (L/D).
    v = 5000.0
    slope = (equilibrium_alt_m(v + 5.0, **HTV) - equilibrium_alt_m(v - 5.0, **HTV)) / 10.0
    alt = equilibrium_alt_m(v, **HTV)
    r = POINT_MASS.a_m + alt
    net = POINT_MASS.mu_m3_s2 / r**2 - v * v / r
    expected = math.degrees(-slope * net / 2.6 / v)
    # Gravity changes with altitude as well, which the formula leaves out: 2 H / r and less, some 0.3 %.
    assert equilibrium_glide_deg(v, lift_to_drag=2.6, scale_m=scale_height_m(alt), alt_m=alt) == pytest.approx(
        expected, rel=0.01)


def test_phugoid_rate():
    assert phugoid_rate_rad_s(6000.0) == pytest.approx(math.sqrt(4.06130 / 7200.0), rel=1e-5)
    assert phugoid_rate_rad_s(6000.0) == pytest.approx(0.023750, abs=1e-6)


def test_scale_height():
    # Isothermal from 47 to 51 km' at 270.65 K: R T / (g m) = 287.053 x 270.65 / 9.80665 m' = 7,922 m', and a metre of
    # altitude is (6,356.766 / (6,356.766 + 49))^2 of one of those.
    assert scale_height_m(49e3) == pytest.approx(287.053 * 270.65 / 9.80665 * (6405.766 / 6356.766) ** 2, rel=1e-4)


def test_range_and_time():
    # At 40 km: r = 6,411 km, g r = 62.1742e6 m2/s2; u0 = 36 / 62.1742 = 0.579018, u1 = 4 / 62.1742 = 0.0643354.
    assert glide_range_km(6000.0, 2000.0, lift_to_drag=2.6) == pytest.approx(
        8282.3 * math.log(0.9356646 / 0.420982), rel=1e-5)
    assert glide_range_km(6000.0, 2000.0, lift_to_drag=2.6) == pytest.approx(6614.9, rel=1e-4)
    # Vc = 7,885.06 m/s, r / Vc = 813.06 s; artanh(0.760932) - artanh(0.253645) = 0.998425 - 0.259316.
    assert glide_time_s(6000.0, 2000.0, lift_to_drag=2.6) == pytest.approx(2.6 * 813.06 * 0.739109, rel=1e-4)


def test_range_and_time_are_the_integrals():
    r = POINT_MASS.a_m + 40e3
    g = POINT_MASS.mu_m3_s2 / r**2

    def braking(v):
        return (g - v * v / r) / (3.0 * math.cos(math.radians(25.0)))

    time = quad(lambda v: 1.0 / braking(v), 2500.0, 6500.0)[0]
    path = quad(lambda v: v / braking(v), 2500.0, 6500.0)[0]
    assert glide_time_s(6500.0, 2500.0, lift_to_drag=3.0, bank_deg=25.0) == pytest.approx(time, rel=1e-9)
    assert glide_range_km(6500.0, 2500.0, lift_to_drag=3.0, bank_deg=25.0) == pytest.approx(
        path * POINT_MASS.a_m / r / 1000.0, rel=1e-9)


def test_turn_radius():
    assert turn_radius_km(6000.0, bank_deg=45.0) == pytest.approx(36e6 / 4.06130 / 1000.0, rel=1e-5)
    assert turn_radius_km(6000.0, bank_deg=-45.0) == turn_radius_km(6000.0, bank_deg=45.0)


@pytest.mark.parametrize(("call", "says"), [
    (lambda: equilibrium_density(8000.0, **HTV), "must be below the circular speed, 7879 m/s at 50 km"),
    (lambda: equilibrium_alt_m(100.0, **HTV), "is too slow to glide"),
    (lambda: equilibrium_alt_m(8000.0, **HTV), "must be below the circular speed"),
    (lambda: equilibrium_density(6000.0, lift_to_drag=0.0, beta_kg_m2=1.0), "lift_to_drag = 0.0\n  must be above zero"),
    (lambda: glide_range_km(6000.0, 2000.0, lift_to_drag=2.6, bank_deg=90.0), "bank_deg = 90\n  must be between"),
    (lambda: turn_radius_km(6000.0, bank_deg=0.0), "must be between 0 and 90 to turn"),
    (lambda: phugoid_rate_rad_s(math.nan), "speed_m_s = nan\n  must be above zero"),
])
def test_what_makes_no_sense_is_refused(call, says):
    with pytest.raises(InputError) as caught:
        call()
    assert says in str(caught.value)
