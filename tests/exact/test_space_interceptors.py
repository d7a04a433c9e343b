"""Space-based interceptors solved on paper: meetings, shares of a shell, saturation."""

import math

import numpy as np
import pytest

from opendome.engagement import SpaceKinematics, in_reach, paths_of, saturation_curve, share_in_reach, space_shots
from opendome.engagement.sbi import EARTH_RADIUS_KM
from opendome.engagement.space_sizing import epochs
from opendome.fly import trajectory
from opendome.orbits import orbit_state, walker
from opendome.world import WGS84, ecef_from_eci
from sample_boosts import boost

KIN = SpaceKinematics(150.0, 6000.0, 200.0, 100e3, 2000e3)


def beside(constellation, ahead_m: float, up_m: float):
    """A flight that stays ahead of and above satellite 0, by constant distances in the plane of its orbit."""
    rows = []
    t_s = np.arange(0.0, 201.0, 1.0)
    turn_s = constellation.orbits.anomaly_rate[0] + constellation.orbits.argp_rate[0]
    for t in t_s:
        r, angle = np.array(orbit_state(constellation.orbits, 0, t)), constellation.earth_angle_rad
        up, ahead = r[:3] / np.linalg.norm(r[:3]), r[3:] / np.linalg.norm(r[3:])
        place = r[:3] + up_m * up + ahead_m * ahead
        speed = r[3:] + turn_s * (up_m * ahead - ahead_m * up)
        angle += WGS84.omega_rad_s * t
        x, y, z = ecef_from_eci(*place, angle)
        u, v, w = ecef_from_eci(*speed, angle)
        rows.append((x, y, z, u + WGS84.omega_rad_s * y, v - WGS84.omega_rad_s * x, w))
    table = np.array(rows)
    return trajectory(t_s, table[:, :3].copy(), table[:, 3:].copy())


@pytest.mark.parametrize(("ahead_m", "up_m", "flown_s"), [
    (30e3, 0.0, 20.0),  # in the burn: a t^2 / 2 = 150 t^2 / 2
    (0.0, 120e3, 40.0),  # at its end
    (-240e3, 320e3, 86.0 + 2.0 / 3.0),  # 400 km off: 40 s of burn over 120 km, 280 km at 6 km/s
])
def test_a_target_that_stays_beside_the_satellite(ahead_m, up_m, flown_s):
    alone = walker(n_satellites=1, n_planes=1, phasing=0, inclination_deg=0.0, altitude_km=500.0)
    flight = beside(alone, ahead_m, up_m)
    shots = space_shots(alone, KIN, [flight], decision_s=15.0, during=None)
    assert shots.t_meet_s.tolist() == pytest.approx([15.0 + flown_s], abs=1e-3)
    too_slow = KIN._replace(flight_max_s=flown_s - 0.01)
    assert space_shots(alone, too_slow, [flight], decision_s=15.0, during=None).satellite.size == 0


@pytest.mark.parametrize("inclination_deg", [20.0, 50.0, 90.0])
def test_shares_over_all_latitudes_are_the_share_of_the_sphere(inclination_deg):
    # Averaged evenly over the sphere of targets, any shell is like an even one: cap area (1 - cos psi) / 2.
    reach_km, orbit, target = 900.0, EARTH_RADIUS_KM + 400.0, EARTH_RADIUS_KM + 150.0
    sines = (np.arange(400) + 0.5) / 200.0 - 1.0
    mean = np.mean([share_in_reach(inclination_deg=inclination_deg, latitude_deg=math.degrees(math.asin(s)),
                                   orbit_altitude_km=400.0, target_altitude_km=150.0, reach_km=reach_km)
                    for s in sines])
    assert mean == pytest.approx((reach_km**2 - 250.0**2) / (4.0 * orbit * target), rel=2e-3)


def test_shares_at_the_edges():
    case = {"orbit_altitude_km": 300.0, "target_altitude_km": 200.0}
    assert share_in_reach(inclination_deg=40.0, latitude_deg=60.0, reach_km=600.0, **case) == 0.0
    assert share_in_reach(inclination_deg=40.0, latitude_deg=60.0, reach_km=90.0, **case) == 0.0
    assert share_in_reach(inclination_deg=40.0, latitude_deg=60.0, reach_km=14000.0, **case) == 1.0
    # Over the equator a target at rest sees the satellites of an equatorial ring within the angle psi either way.
    psi = 2.0 * math.asin(600.0 / 2.0 / (EARTH_RADIUS_KM + 300.0))
    ring = share_in_reach(inclination_deg=0.0, latitude_deg=0.0, reach_km=600.0, orbit_altitude_km=300.0,
                          target_altitude_km=300.0)
    assert ring == pytest.approx(psi / math.pi, rel=1e-6)


@pytest.mark.compiled
@pytest.mark.parametrize(("inclination_deg", "lat_deg"), [(50.0, 10.0), (50.0, 46.0), (80.0, 46.0), (80.0, 79.0)])
def test_shares_of_flown_shells(inclination_deg, lat_deg):
    """A missile that hangs in the air for two minutes, and 1,500 satellites at 100 phases."""
    shell = walker(n_satellites=1500, n_planes=50, phasing=25, inclination_deg=inclination_deg, altitude_km=300.0)
    hanging = boost(lat_deg=lat_deg, level_m_s=1e-3, up_m_s=1e-3, burn_s=120.0)
    at_200_km = hanging.r_ecef_m[0] * (1.0 + 200e3 / np.linalg.norm(hanging.r_ecef_m[0]))
    flight = trajectory(hanging.t_s, np.tile(at_200_km, (hanging.t_s.size, 1)), np.zeros_like(hanging.v_ecef_m_s))
    radius_km = np.linalg.norm(at_200_km) / 1e3
    share = share_in_reach(
        inclination_deg=inclination_deg, latitude_deg=math.degrees(math.asin(at_200_km[2] / 1e3 / radius_km)),
        orbit_altitude_km=WGS84.a_m / 1e3 + 300.0 - EARTH_RADIUS_KM, target_altitude_km=radius_km - EARTH_RADIUS_KM,
        reach_km=600.0)
    paths = paths_of([flight], None)
    at_any_time = in_reach(shell, KIN, paths, t_s=epochs(100))
    paths.first_s[0] = 119.999
    at_the_end = in_reach(shell, KIN, paths, t_s=epochs(100))
    error = at_the_end.std(ddof=1) / 10.0
    assert abs(at_the_end.mean() - 1500 * share) < 4.0 * error
    # Few pass and leave again: reach grows by 6 km/s and they recede at 7.7 at most.
    assert at_the_end.mean() <= at_any_time.mean() < 1.1 * at_the_end.mean()


def test_saturation_of_one_place_on_paper():
    # m satellites in reach of every missile, two shots each: floor(m / 2) of n are engaged, best and greedy alike.
    shell = walker(n_satellites=900, n_planes=30, phasing=15, inclination_deg=48.0, altitude_km=320.0)
    counts = in_reach(shell, KIN, [boost()], t_s=epochs(6), decision_s=30.0)[:, 0]
    assert counts.min() > 1
    curve = saturation_curve(shell, KIN, [boost()], n_launches=[1, 4, 9], n_epochs=6, decision_s=30.0,
                             shots_per_target=2)
    expected = np.array([[min(1.0, m // 2 / n) for n in (1, 4, 9)] for m in counts])
    assert curve.engaged == pytest.approx(expected.mean(axis=0))
    assert curve.greedy == pytest.approx(expected.mean(axis=0))
    assert curve.engaged_error == pytest.approx(expected.std(axis=0, ddof=1) / math.sqrt(6))
    assert curve.p_all == pytest.approx((expected == 1.0).mean(axis=0))
