"""Constellations: patterns, states in bulk beside one by one, slots that stay, and what is refused."""

import math
import warnings
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from opendome import orbits
from opendome.errors import InputError
from opendome.orbits import geostationary, joined, listed, orbit_position_ecef, orbit_state, states, walker
from opendome.orbits.bulk import newton_steps
from opendome.world import WGS84

MIXED = {"semi_major_axis_km": [6900.0, 7000.0, 7500.0, 26600.0, 26600.0, 9000.0, 42164.0, 15000.0],
         "eccentricity": [0.0, 0.0009, 0.03, 0.74, 0.15, 0.25, 0.0, 0.45],
         "inclination_deg": [0.0, 97.0, 53.0, 63.4, 30.0, 90.0, 5.0, 180.0],
         "raan_deg": np.arange(8) * 40.0, "argp_deg": np.arange(8) * 77.0, "mean_anomaly_deg": np.arange(8) * 111.0}


def small(**changes):
    return walker(**{"n_satellites": 12, "n_planes": 3, "phasing": 1, "inclination_deg": 53.0, "altitude_km": 550.0,
                     **changes})


def test_walker_delta_by_hand():
    made = small()
    e = made.elements
    assert len(made) == 12
    assert np.degrees(e.raan_rad[[0, 4, 8]]) == pytest.approx([0.0, 120.0, 240.0])
    # In a plane 90 degrees apart; the next plane is 360 / 12 = 30 degrees ahead.
    assert np.degrees(e.anomaly_rad[:6]) == pytest.approx([0.0, 90.0, 180.0, 270.0, 30.0, 120.0])
    assert e.a_m == pytest.approx(6928137.0)
    assert made.plane.tolist() == [0] * 4 + [1] * 4 + [2] * 4


def test_walker_star_spreads_over_half_a_turn():
    assert np.degrees(small(pattern="star").elements.raan_rad[[0, 4, 8]]) == pytest.approx([0.0, 60.0, 120.0])


@pytest.mark.parametrize("made", [small(), listed(**MIXED), joined([small(), listed(**MIXED)])],
                         ids=["circular", "mixed", "joined"])
def test_bulk_is_one_by_one(made):
    t = np.array([0.0, 100.0, 40000.0, -777.0])
    eci, ecef = states(made, t), states(made, t, frame="ecef")
    positions = made.positions_ecef(t)
    table = made.orbits
    for k, t_s in enumerate(t):
        for s in range(len(made)):
            assert eci[k, :, s] == pytest.approx(orbit_state(table, s, t_s), abs=1e-5)
            expected = orbit_position_ecef(table, s, t_s, made.earth_angle_rad)
            assert positions[k, :, s] == pytest.approx(expected, abs=1e-3)
            assert ecef[k, :3, s] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("frame", ["eci", "ecef"])
def test_velocity_is_the_rate_of_position(frame):
    made = listed(**MIXED)
    step = 0.05
    before, now, after = states(made, [1000.0 - step, 1000.0, 1000.0 + step], frame=frame)
    assert (after[:3] - before[:3]) / (2.0 * step) == pytest.approx(now[3:], abs=2e-4)


def test_kepler_is_solved_to_rounding():
    # M = E - e sin E at both ends of a long ellipse, followed by hand.
    made = listed(semi_major_axis_km=26600.0, eccentricity=0.74, inclination_deg=0.0,
                  mean_anomaly_deg=[0.0, 180.0, 90.0])
    r = np.linalg.norm(states(made, 0.0)[0, :3], axis=0) / 26600e3
    assert r[:2] == pytest.approx([0.26, 1.74], abs=1e-15)
    u = 2.2
    for _ in range(50):
        u -= (u - 0.74 * math.sin(u) - math.pi / 2.0) / (1.0 - 0.74 * math.cos(u))
    assert r[2] == pytest.approx(1.0 - 0.74 * math.cos(u), abs=1e-15)


def test_newton_steps_by_runs_of_neighbours():
    bounds, steps = newton_steps(np.concatenate([np.zeros(500), np.full(300, 0.01), np.full(200, 0.7)]))
    assert bounds.tolist() == [[0, 500], [500, 800], [800, 1000]]
    assert steps.tolist() == [-1, 1, 4]
    bounds, steps = newton_steps(np.tile([0.0, 0.01, 0.7], 50))
    assert bounds.tolist() == [[0, 150]]
    assert steps.tolist() == [4]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_threads_change_no_byte(jobs):
    made, t = small(n_satellites=150, n_planes=5), np.arange(0.0, 20000.0, 100.0)
    assert made.positions_ecef(t, jobs=jobs).tobytes() == made.positions_ecef(t, jobs=3).tobytes()


def test_out_is_filled_and_looked_at():
    made, t = small(), np.array([0.0, 60.0])
    out = np.full((2, 6, 12), np.nan)
    assert states(made, t, out=out) is out
    assert np.isfinite(out).all()
    with pytest.raises(InputError, match=r"contiguous float64 array of shape \(2, 6, 12\)"):
        states(made, t, out=np.empty((2, 3, 12)))
    with pytest.raises(InputError, match="finite"):
        states(made, [np.nan])


def test_nothing_gives_nothing():
    nobody = small().keep(np.zeros(12, bool))
    assert nobody.positions_ecef([0.0, 1.0]).shape == (2, 3, 0)
    assert len(joined([nobody, small()])) == 12


def test_geostationary_satellites_stay_for_a_year():
    slots = [0.0, 90.0, -100.5]
    made = geostationary(longitudes_deg=slots)
    p = made.positions_ecef([0.0, 3.0e7])
    assert np.degrees(np.arctan2(p[:, 1], p[:, 0])) == pytest.approx(np.array([slots, slots]), abs=1e-6)
    # By hand: omega^2 r = mu / r^2 (1 + 3/2 J2 (R / r)^2) over the equator. To second order in J2.
    r = (WGS84.mu_m3_s2 / WGS84.omega_rad_s**2) ** (1.0 / 3.0)
    for _ in range(9):
        r = (WGS84.mu_m3_s2 / WGS84.omega_rad_s**2 * (1.0 + 1.5 * WGS84.j2 * (WGS84.a_m / r) ** 2)) ** (1.0 / 3.0)
    assert made.elements.a_m[0] == pytest.approx(r, abs=1.0)


def test_inclined_slot_draws_an_eight():
    made = geostationary(longitudes_deg=[45.0], inclination_deg=7.0)
    track = orbits.ground_track(made, np.arange(0.0, 86164.0 * 30, 900.0))
    assert track.lat_deg.max() == pytest.approx(7.0, abs=0.1)
    assert abs(track.lon_deg - 45.0).max() < 0.25  # half of i^2 / 2 = 0.21 deg


def test_listed_sizes_in_three_ways():
    radius = WGS84.a_m / 1e3
    by_axis = listed(semi_major_axis_km=radius + 20000.0, eccentricity=0.7, inclination_deg=63.4)
    a = radius + 20000.0
    by_ends = listed(apogee_km=1.7 * a - radius, perigee_km=0.3 * a - radius, inclination_deg=63.4)
    assert by_ends.elements.a_m == pytest.approx(by_axis.elements.a_m)
    assert by_ends.elements.e == pytest.approx(by_axis.elements.e)
    assert listed(altitude_km=550.0, inclination_deg=53.0).elements.a_m == pytest.approx(6928137.0)
    with pytest.raises(InputError, match="one way"):
        listed(altitude_km=550.0, semi_major_axis_km=7000.0, inclination_deg=53.0)
    with pytest.raises(InputError, match="not be above apogee"):
        listed(apogee_km=500.0, perigee_km=600.0, inclination_deg=0.0)


def test_listed_planes_are_those_that_agree():
    made = listed(altitude_km=1000.0, inclination_deg=[50, 50, 50, 60], raan_deg=[0, 90, 360, 90])
    assert made.plane.tolist() == [0, 1, 0, 2]


def test_molniya_perigee_stands_still():
    # At the critical inclination, 63.435 deg, 4 - 5 sin^2 i = 0.
    rates = orbits.secular_rates(np.array([26.6e6]), np.array([0.74]), np.array([math.atan(2.0)]))
    assert rates.argp[0] == pytest.approx(0.0, abs=1e-20)


@pytest.mark.parametrize(("changes", "text"), [
    ({"n_planes": 0}, "n_planes = 0\n  must be a whole number, at least 1"),
    ({"n_planes": 5}, "n_planes = 5\n  must divide n_satellites = 12: 4 and 6 do"),
    ({"n_satellites": 0}, "n_satellites = 0"),
    ({"n_satellites": 2.5}, "n_satellites = 2.5"),
    ({"altitude_km": -10.0}, "altitude_km = -10\n  lies inside the Earth"),
    ({"altitude_km": 100.0}, "decays within hours"),
    ({"altitude_km": math.nan}, "altitude_km = nan\n  must be a finite number"),
    ({"altitude_km": "1000"}, "altitude_km = '1000'\n  must be a finite number"),
    ({"altitude_km": None}, "altitude_km = None\n  must be a finite number"),
    ({"phasing": "1"}, "phasing = '1'\n  must be a finite number"),
    ({"inclination_deg": "53"}, "inclination_deg = '53'\n  must be between 0 and 180"),
    ({"n_satellites": "12"}, "n_satellites = '12'\n  must be a whole number"),
    ({"n_satellites": 10**9, "n_planes": None}, "n_satellites = 1000000000\n  must be at most 200,000"),
    ({"n_satellites": 200_001, "n_planes": 1}, "n_satellites = 200001\n  must be at most 200,000"),
    ({"epoch": "2028-01-01"}, "epoch = '2028-01-01'\n  must be a datetime"),
    ({"altitude_km": 1e6}, "the Moon decides"),
    ({"inclination_deg": 181.0}, "inclination_deg = 181.0\n  must be between 0 and 180"),
    ({"inclination_deg": -1.0}, "between 0 and 180"),
    ({"phasing": math.inf}, "phasing = inf"),
    ({"pattern": "rosette"}, '"delta"'),
])
def test_walker_refuses(changes, text):
    with pytest.raises(InputError) as caught:
        small(**changes)
    assert text in str(caught.value)


def test_walker_says_all_that_is_wrong():
    with pytest.raises(InputError) as caught:
        small(n_planes=5, altitude_km=50.0, inclination_deg=200.0)
    assert all(name in str(caught.value) for name in ("n_planes", "altitude_km", "inclination_deg"))


def test_low_orbits_are_announced_with_their_lifetime():
    with pytest.warns(orbits.LowOrbitWarning, match=r"150 km is short-lived: about 0\.16 days there"):
        small(altitude_km=150.0)
    with pytest.warns(orbits.LowOrbitWarning, match="circular orbit at its perigee"):
        listed(apogee_km=39000.0, perigee_km=150.0, inclination_deg=63.4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small(altitude_km=200.0)


def test_listed_names_the_satellite():
    with pytest.raises(InputError) as caught:
        listed(semi_major_axis_km=[7000.0, 8000.0], eccentricity=[0.0, 0.25], inclination_deg=[0.0, 190.0])
    text = str(caught.value)
    assert "satellite 1: inclination_deg = 190" in text
    assert "satellite 1: perigee altitude in km = -378.137" in text
    assert "satellite 0" not in text
    with pytest.raises(InputError, match="lists of one length"):
        listed(altitude_km=[500.0, 600.0], inclination_deg=[1.0, 2.0, 3.0])


def test_listed_names_ten_satellites_and_counts_the_rest():
    def refused(altitudes_km):
        with pytest.raises(InputError) as caught:
            listed(altitude_km=altitudes_km, inclination_deg=50.0)
        return str(caught.value)

    text = refused([50.0] * 40 + [500.0])
    assert "satellite 9:" in text
    assert "satellite 10:" not in text
    assert text.endswith("\nand 30 more satellites")
    assert "more" not in refused([50.0] * 10)
    assert refused([500.0, math.nan]) == "satellite 1: semi-major axis in km = nan\n  must be a finite number"


@pytest.mark.parametrize(("changes", "text"), [
    ({"altitude_km": ["500"]}, r"altitude_km = \['500'\]\n  must be a number or a list of numbers"),
    ({"raan_deg": [[1.0], [1.0, 2.0]]}, "raan_deg = .*\n  must be a number or a list"),
    ({"altitude_km": []}, "at least one"),
    ({"altitude_km": None, "apogee_km": [900.0] * 3, "perigee_km": [500.0] * 2}, "of lengths 2 and 3"),
    ({"epoch": "2028-01-01"}, "epoch = '2028-01-01'\n  must be a datetime"),
])
def test_listed_refuses(changes, text):
    with pytest.raises(InputError, match=text):
        listed(**{"altitude_km": 500.0, "inclination_deg": 50.0, **changes})


def test_an_epoch_without_a_time_zone_is_utc():
    naive, there = datetime(2029, 3, 1, 5), datetime(2029, 3, 1, 5, tzinfo=UTC)
    for made in (small(epoch=naive), geostationary(longitudes_deg=[10.0], epoch=naive),
                 listed(altitude_km=500.0, inclination_deg=50.0, epoch=naive),
                 small(epoch=there.astimezone(timezone(timedelta(hours=9))))):
        assert made.epoch == there
        assert made.epoch.tzinfo is UTC


@pytest.mark.parametrize(("changes", "text"), [
    ({"longitudes_deg": []}, "at least one"),
    ({"longitudes_deg": [10.0, 500.0]}, r"longitudes_deg = \[500.0\]\n  must be between -360 and 360"),
    ({"longitudes_deg": ["east"]}, "must be a number or a list of numbers"),
    ({"longitudes_deg": [10.0], "raan_deg": math.nan}, "raan_deg = nan\n  must be a finite number"),
    ({"longitudes_deg": [10.0], "epoch": 2028}, "epoch = 2028\n  must be a datetime"),
])
def test_slots_refuse(changes, text):
    with pytest.raises(InputError, match=text):
        geostationary(**changes)


def test_shells_say_which_is_wrong():
    good = {"n_satellites": 4, "n_planes": 2, "phasing": 0, "inclination_deg": 50.0, "altitude_km": 600.0}
    made = orbits.shells(good, {**good, "altitude_km": 900.0})
    assert made.shell.tolist() == [0] * 4 + [1] * 4
    assert made.plane.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    with pytest.raises(InputError, match="shell 1: altitude_km = 90"):
        orbits.shells(good, {**good, "altitude_km": 90.0})


def test_joined_needs_one_epoch():
    with pytest.raises(InputError, match="one and the same"):
        joined([small(), small(epoch=datetime(2030, 1, 1, tzinfo=UTC))])
    with pytest.raises(InputError, match="at least one"):
        joined([])


def test_without_planes_and_satellites():
    left = small().without(planes=[1], satellites=[0])
    assert left.plane.tolist() == [0] * 3 + [2] * 4
    assert left.ordinal.tolist() == [1, 2, 3, 8, 9, 10, 11]
    with pytest.raises(InputError, match=r"planes = \[7\]\n  must be among 0 to 2"):
        small().without(planes=[7])


def test_outages_are_drawn_by_address():
    made = small(n_satellites=1200, n_planes=30)
    few, many = orbits.degraded(made, 0.1, seed=7, run=3), orbits.degraded(made, 0.3, seed=7, run=3)
    assert 0.85 < len(few) / 1200 < 0.95
    assert set(many.ordinal) < set(few.ordinal)
    assert orbits.degraded(made, 0.1, seed=7, run=3).ordinal.tolist() == few.ordinal.tolist()
    assert orbits.degraded(made, 0.1, seed=7, run=4).ordinal.tolist() != few.ordinal.tolist()
    # Taking a plane away first changes nothing for the others.
    rest = orbits.degraded(made.without(planes=[0]), 0.1, seed=7, run=3)
    assert rest.ordinal.tolist() == [n for n in few.ordinal.tolist() if n >= 40]
    assert len(orbits.degraded(made, 0.0, seed=1)) == 1200
    assert len(orbits.degraded(made, 1.0, seed=1)) == 0
    with pytest.raises(InputError, match="p_out"):
        orbits.degraded(made, 1.1, seed=1)


@pytest.mark.parametrize(("n", "planes"), [(1, 1), (28, 4), (54, 6), (91, 7), (97, 97), (8000, 80), (34, 17)])
def test_planes_for(n, planes):
    assert orbits.planes_for(n) == planes
    assert n % planes == 0


def test_planes_are_chosen_where_none_are_given():
    assert small(n_satellites=91, n_planes=None).plane.max() == 6
