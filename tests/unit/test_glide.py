"""The integrator with lift: forces by hand, equilibrium and phugoid, schedules, laws, stops, neighbours."""

import math

import numpy as np
import pytest

from opendome import air
from opendome.errors import InputError, Status
from opendome.fly import (
    equilibrium_alt_m,
    equilibrium_glide_deg,
    glide,
    glide_many,
    gliding_acceleration,
    height,
    phugoid_rate_rad_s,
    scale_height_m,
)
from opendome.fly.motion import LAW_DEPTH, LAW_NET_M_S2, LAW_SCALE_M, Law, damping_factor, law_factors, mach_factor
from opendome.world import POINT_MASS, WGS84

R, MU = POINT_MASS.a_m, POINT_MASS.mu_m3_s2
BODY = {"lift_to_drag": 2.6, "beta_kg_m2": 13000.0}
LEVEL = BODY | {"alt_m": 50e3, "speed_m_s": 5500.0, "flight_path_deg": 0.0, "heading_deg": 90.0, "lat_deg": 0.0,
                "lon_deg": 0.0, "stop_alt_m": 20e3, "step_s": 1.0, "rotating": False}


def state(alt_m, speed_m_s, path_deg, heading_deg=90.0):
    """ECEF state over the sphere at 0 N 0 E: x is up, y east, z north."""
    path, heading = math.radians(path_deg), math.radians(heading_deg)
    level = speed_m_s * math.cos(path)
    return [R + alt_m, 0.0, 0.0, speed_m_s * math.sin(path), level * math.sin(heading), level * math.cos(heading)]


def speeds(flight):
    return np.linalg.norm(flight.v_ecef_m_s, axis=1)


def path_deg(flight):
    up = np.einsum("ki,ki->k", flight.r_ecef_m, flight.v_ecef_m_s) / np.linalg.norm(flight.r_ecef_m, axis=1)
    return np.degrees(np.arcsin(up / speeds(flight)))


def test_forces_by_hand():
    # Level, eastward, banked 30 degrees to the right (south): lift q (L/D) / beta, drag q / beta against the velocity.
    q = 0.5 * air.density(50e3) * 5500.0**2
    up, right = 2.6 / 13000 * math.cos(math.pi / 6), 2.6 / 13000 * math.sin(math.pi / 6)
    a = gliding_acceleration(POINT_MASS, 1 / 13000, up, right, *state(50e3, 5500.0, 0.0))
    assert a[0] == pytest.approx(q * up - MU / (R + 50e3) ** 2, rel=1e-12)
    assert a[1] == pytest.approx(-q / 13000, rel=1e-12)
    assert a[2] == pytest.approx(-q * right, rel=1e-12)


def test_lift_does_no_work():
    """Next to no drag: energy per mass stays, while lift carries the body up and down by kilometres."""
    flights = glide_many(state(45e3, 5500.0, -1.0), 2e12, 1e16, 20.0, t_max_s=1000.0, step_s=10.0, tol=1e-12,
                         earth=POINT_MASS)
    r, v = np.linalg.norm(flights.r_ecef_m[0], axis=1), np.linalg.norm(flights.v_ecef_m_s[0], axis=1)
    energy = 0.5 * v * v - MU / r
    assert np.ptp(r) > 5e3
    assert np.abs(energy / energy[0] - 1.0).max() < 1e-9


def test_equilibrium_start_flies_along_the_equilibrium():
    alt = equilibrium_alt_m(5500.0, **BODY)
    angle = equilibrium_glide_deg(5500.0, lift_to_drag=2.6, scale_m=scale_height_m(alt), alt_m=alt)
    flight = glide(**(LEVEL | {"alt_m": alt, "flight_path_deg": angle, "step_s": 20.0}))
    late = flight.t_s < 900.0
    wanted = np.array([equilibrium_alt_m(v, **BODY) for v in speeds(flight)[late]])
    # The scale height jumps at 47.4 km, which starts a little phugoid.
    assert np.abs(flight.alt_m[late] - wanted).max() < 150.0
    assert flight.alt_m[0] - flight.alt_m[late][-1] > 8e3


@pytest.mark.parametrize("speed_m_s", [4000.0, 5500.0, 6500.0])
def test_phugoid_has_its_frequency(speed_m_s):
    """A start 200 m low oscillates about the equilibrium: its first full period against 2 pi / omega."""
    alt = equilibrium_alt_m(speed_m_s, **BODY)
    angle = equilibrium_glide_deg(speed_m_s, lift_to_drag=2.6, scale_m=scale_height_m(alt), alt_m=alt)
    start = LEVEL | {"alt_m": alt - 200.0, "speed_m_s": speed_m_s, "flight_path_deg": angle, "step_s": 2.0}
    flight = glide(**start)
    part = flight.t_s < 500.0
    excess = flight.alt_m[part] - np.array([equilibrium_alt_m(v, **BODY) for v in speeds(flight)[part]])
    crossings = flight.t_s[part][1:][np.diff(np.sign(excess)) != 0]
    period = crossings[2] - crossings[0]
    middle = float(np.interp(0.5 * (crossings[0] + crossings[2]), flight.t_s, speeds(flight)))
    alt = equilibrium_alt_m(middle, **BODY)
    rate = phugoid_rate_rad_s(middle, scale_m=scale_height_m(alt), alt_m=alt)
    assert 2.0 * math.pi / period == pytest.approx(rate, rel=0.04)


def test_right_and_left_are_mirrored():
    right, left = (glide(**(LEVEL | {"bank_deg": bank, "damping": 0.5})) for bank in (25.0, -25.0))
    assert right.lat_deg[-1] < -5.0                                     # eastward: right is south
    assert np.abs(right.lat_deg + left.lat_deg).max() < 1e-9
    assert right.t_s[-1] == pytest.approx(left.t_s[-1], abs=1e-5)


def test_turn_rate_by_hand():
    # Heading rate L sin(bank) / (m V) at the start: q 2.6 / 13000 sin(20) / 5500, over 5 s.
    flight = glide(**(LEVEL | {"bank_deg": 20.0}))
    q = 0.5 * air.density(50e3) * 5500.0**2
    turned = math.atan2(-flight.v_ecef_m_s[5, 2], flight.v_ecef_m_s[5, 1])
    assert turned == pytest.approx(5.0 * q * 2.6 / 13000 * math.sin(math.radians(20.0)) / 5500.0, rel=0.01)


def test_schedule_is_the_flights_one_after_the_other():
    legs = [(0.0, 0.0), (100.3, 40.0), (250.0, -30.0)]
    whole = glide_many(state(50e3, 5500.0, 0.0), 2.6, 13000.0, [b for _, b in legs],
                       bank_from_s=[t for t, _ in legs], t_max_s=400.0, tol=1e-12, earth=POINT_MASS)
    y = np.array(state(50e3, 5500.0, 0.0))
    for (begin, bank), end in zip(legs, [100.3, 250.0, 400.0]):
        y = glide_many(y, 2.6, 13000.0, bank, t_max_s=end - begin, tol=1e-12, earth=POINT_MASS).end[0]
    assert np.abs(whole.end[0, :3] - y[:3]).max() < 1e-3
    assert whole.t_end_s[0] == 400.0


def test_switch_to_the_same_bank_changes_nothing():
    plain, cut = (glide(**(LEVEL | {"bank_deg": bank})) for bank in (15.0, [(0.0, 15.0), (333.3, 15.0)]))
    assert np.abs(plain.r_ecef_m - cut.r_ecef_m).max() < 0.1


def flights_of(count, seed=8):
    rng = np.random.default_rng(seed)
    starts = [state(rng.uniform(45e3, 90e3), rng.uniform(4000, 6500), rng.uniform(-6, 1)) for _ in range(count)]
    return np.array(starts), rng.uniform(1.5, 3.5, count), rng.uniform(2e3, 13e3, count), rng.uniform(-60, 60, count)


def test_neighbours_do_not_matter():
    starts, ratio, beta, bank = flights_of(21)
    settings = {"t_max_s": 600.0, "step_s": 50.0, "stop_alt_m": 15e3}
    together = glide_many(starts, ratio, beta, bank, **settings, jobs=2)
    for i in (0, 7, 20):
        alone = glide_many(starts[i], ratio[i], beta[i], bank[i], **settings)
        assert np.array_equal(alone.r_ecef_m[0], together.r_ecef_m[i], equal_nan=True)
        assert np.array_equal(alone.end[0], together.end[i])
    assert (together.status == Status.OK).all()


@pytest.mark.compiled
def test_steps_do_not_leap_over_kinks_of_the_air():
    """Phugoids graze the kinks: without a look at where a step turns, 5 m; with states at kinks from the dense output,
    0.06 m. A step may err by 0.6 mm."""
    starts, ratio, beta, _ = flights_of(200, seed=9)
    loose, tight = (glide_many(starts, ratio, beta, t_max_s=1000.0, step_s=5.0, stop_alt_m=15e3, tol=tol,
                               earth=POINT_MASS) for tol in (1e-10, 1e-13))
    distance = np.linalg.norm(loose.r_ecef_m - tight.r_ecef_m, axis=2)
    assert np.nanmax(distance) < 0.02
    assert np.nanmedian(np.nanmax(distance, axis=1)) < 0.001


def test_dip_below_the_stop_inside_a_step_ends_the_flight():
    """Flight A turns up at 30.55 km: a level just above is met falling, though the step's end is above it again."""
    start = state(100e3, 6010.0, -5.03)
    free = glide_many(start, 2.6, 13000.0, t_max_s=200.0, step_s=0.1, earth=POINT_MASS)
    lowest = min(height(POINT_MASS, *r) for r in free.r_ecef_m[0])
    for above_m in (1.0, 30.0):
        cut = glide_many(start, 2.6, 13000.0, t_max_s=200.0, stop_alt_m=lowest + above_m, earth=POINT_MASS)
        assert cut.t_end_s[0] < 109.0
        assert height(POINT_MASS, *cut.end[0, :3]) == pytest.approx(lowest + above_m, abs=1e-3)


def test_stops():
    level = glide(**LEVEL)
    assert level.alt_m[-1] == pytest.approx(20e3, abs=1e-4)
    assert np.array_equal(level.t_s[:-1], np.arange(level.t_s.size - 1.0))
    assert level.t_s[-1] - level.t_s[-2] <= 1.0
    slow = glide(**(LEVEL | {"stop_m_s": 4000.0}))
    assert speeds(slow)[-1] == pytest.approx(4000.0, abs=1e-6)
    late = glide(**(LEVEL | {"duration_s": 77.5, "step_s": 10.0}))
    assert late.t_s.tolist() == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 77.5]
    ground = glide(**(LEVEL | {"stop_alt_m": 0.0, "step_s": 60.0}))
    assert ground.alt_m[-1] == pytest.approx(0.0, abs=1e-4)


def test_turning_earth_carries_an_eastward_glide_farther():
    east, west = (glide(**(LEVEL | {"rotating": True, "heading_deg": h, "step_s": 30.0})) for h in (90.0, 270.0))
    still = glide(**(LEVEL | {"step_s": 30.0}))
    assert east.lon_deg[-1] > still.lon_deg[-1] > -west.lon_deg[-1]


def test_geodetic_samples():
    flight = glide(**(LEVEL | {"rotating": True, "lat_deg": 45.0, "step_s": 100.0, "heading_deg": 30.0}))
    assert (flight.lat_deg[0], flight.lon_deg[0]) == pytest.approx((45.0, 0.0), abs=1e-9)
    assert flight.alt_m[0] == pytest.approx(50e3, abs=1e-3)
    assert height(WGS84, *flight.r_ecef_m[-1]) == pytest.approx(flight.alt_m[-1], abs=1e-3)
    sphere = glide(**(LEVEL | {"lat_deg": 45.0, "step_s": 100.0, "heading_deg": 30.0}))
    assert (sphere.lat_deg[0], sphere.alt_m[0]) == pytest.approx((45.0, 50e3), abs=1e-6)


# ---- laws ----------------------------------------------------------------------------------------------------------


def test_mach_table():
    law = Law(0.0, np.array([2.0, 6.0]), np.array([0.5, 1.0]))
    assert [mach_factor(law, m) for m in (1.0, 2.0, 3.0, 6.0, 9.0)] == [0.5, 0.5, 0.625, 1.0, 1.0]
    x = state(50e3, 4.0 * air.sound_speed(50e3), 0.0)
    assert law_factors(POINT_MASS, law, 1e-4, 2e-4, *x) == pytest.approx((1.0, 0.75), rel=1e-9)


def test_flat_table_is_a_constant():
    plain = glide(**LEVEL)
    table = glide(**(LEVEL | {"lift_to_drag": ([0.0, 10.0, 20.0], [2.6, 2.6, 2.6])}))
    n = min(len(plain.t_s), len(table.t_s)) - 1
    assert np.abs(plain.r_ecef_m[:n] - table.r_ecef_m[:n]).max() < 0.1
    worse = glide(**(LEVEL | {"lift_to_drag": ([0.0, 10.0, 20.0], [2.0, 2.4, 2.6])}))
    assert worse.lon_deg[-1] < plain.lon_deg[-1]


def test_damping_factor_by_hand():
    # On the equilibrium angle it is 1; 0.002 rad above, 1 - k 0.002 to first order, k = 2 d V / sqrt(H (g - V^2 / r)).
    v, alt, d = 5500.0, 48e3, 0.6
    r = R + alt
    g = MU / r**2
    glide_angle = -2.0 * LAW_SCALE_M * g / (v * v * 2.6)
    net = math.hypot(g - v * v / r, LAW_NET_M_S2)
    k = 2.0 * d * v / math.sqrt(LAW_SCALE_M * net)
    for above in (0.0, 0.002, -0.002, 0.3, -0.3):
        s = k * (math.sin(math.asin(glide_angle) + above) - glide_angle) / LAW_DEPTH
        got = damping_factor(POINT_MASS, d, 2.6, *state(alt, v, math.degrees(math.asin(glide_angle) + above)))
        assert got == pytest.approx(1.0 - LAW_DEPTH * s / math.sqrt(1.0 + s * s), rel=1e-9)
        assert 0.5 <= got <= 1.5


@pytest.mark.parametrize("damping", [0.1, 0.2])
def test_damping_is_the_share_of_the_critical(damping):
    """Amplitude of successive peaks about the equilibrium: exp(-pi d / sqrt(1 - d^2)) each half period."""
    speed = 6500.0
    alt = equilibrium_alt_m(speed, **BODY)
    start = LEVEL | {"alt_m": alt - 300.0, "speed_m_s": speed, "step_s": 1.0, "damping": damping, "flight_path_deg":
                     equilibrium_glide_deg(speed, lift_to_drag=2.6, scale_m=scale_height_m(alt), alt_m=alt)}
    flight = glide(**start)
    part = flight.t_s < 400.0
    excess = flight.alt_m[part] - np.array([equilibrium_alt_m(v, **BODY) for v in speeds(flight)[part]])
    peaks = [excess[i] for i in range(1, excess.size - 1)
             if (excess[i] - excess[i - 1]) * (excess[i + 1] - excess[i]) <= 0.0]
    half = abs(peaks[1] - peaks[0]) / (300.0 + abs(peaks[0]))
    assert half == pytest.approx(math.exp(-math.pi * damping / math.sqrt(1.0 - damping**2)), rel=0.12)


def test_damped_entry_settles_into_the_equilibrium():
    flight = glide(**(LEVEL | {"alt_m": 100e3, "speed_m_s": 6010.0, "flight_path_deg": -5.03, "damping": 1.0}))
    late = (flight.t_s > 700.0) & (flight.t_s < 1300.0)
    wanted = np.array([equilibrium_alt_m(v, **BODY) for v in speeds(flight)[late]])
    assert np.abs(flight.alt_m[late] - wanted).max() < 600.0
    assert (path_deg(flight)[late] < 0.0).all()


def test_damped_flight_a_is_longer():
    """The numbers that the validation card and the model page name for the damped reading."""
    flight = glide(**(LEVEL | {"alt_m": 100e3, "speed_m_s": 6010.0, "flight_path_deg": -5.03, "stop_alt_m": 30.5e3,
                               "damping": 1.0}))
    flown = np.radians(flight.lon_deg) * R / 1000.0
    assert (flight.t_s[-1], flown[-1]) == pytest.approx((1438.0, 6180.0), abs=1.0)
    assert np.interp(1363.0, flight.t_s, flown) == pytest.approx(5998.0, abs=1.0)
    assert np.interp(5889.0, flown, flight.t_s) == pytest.approx(1321.0, abs=1.0)


# ---- tables that make no sense -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "says"), [
    ({"lift_to_drag": 0.0}, "lift_to_drag = 0\n  must be above zero: without lift nothing glides\nhint: free_flight"),
    ({"lift_to_drag": [2.6, 2.6]}, "must be one number, or a pair of sequences (mach, lift_to_drag)"),
    ({"lift_to_drag": ([1.0, 1.0], [2.0, 2.0])}, "must be two or more rising Mach numbers"),
    ({"beta_kg_m2": -1.0}, "beta_kg_m2 = -1.0\n  must be above zero"),
    ({"bank_deg": [(5.0, 3.0)]}, "must begin at 0 and rise"),
    ({"bank_deg": [(0.0, 3.0), (0.0, 4.0)]}, "must begin at 0 and rise"),
    ({"bank_deg": [1.0, 2.0, 3.0]}, "a schedule of pairs [(from_s, bank_deg), ...]"),
    ({"bank_deg": math.nan}, "bank_deg\n  must be finite numbers"),
    ({"stop_alt_m": 60e3}, "stop_alt_m = 60000\n  must be between 0 (the ground) and alt_m = 50000"),
    ({"stop_m_s": 6000.0}, "stop_m_s = 6000\n  must be below speed_m_s = 5500"),
    ({"nose_max_k": 2000.0}, "must be given together"),
    ({"flight_path_deg": 91.0}, "must be between -90 and 90"),
    ({"damping": -1.0}, "damping = -1.0\n  must be 0 or above"),
    ({"step_s": 0.0}, "step_s = 0.0\n  must be above zero"),
    ({"lat_deg": 95.0}, "lat_deg = 95.0\n  must be between -90 and 90"),
    ({"earth": WGS84._replace(f=0.1)}, "must be WGS-84's, with its radius, or 0 (a sphere)"),
])
def test_what_makes_no_sense_is_refused(change, says):
    with pytest.raises(InputError) as caught:
        glide(**(LEVEL | change))
    assert says in str(caught.value)


@pytest.mark.parametrize(("change", "says"), [
    ({"bank_deg": [1.0, 2.0, 3.0]}, "must be one number or one for each of 2 flights\nhint: a schedule needs"),
    ({"bank_from_s": [0.0, 5.0], "bank_deg": 3.0}, "must both be (S,), or (T, S) for 2 flights"),
    ({"bank_from_s": [[0.0]], "bank_deg": [[3.0]]}, "must both be (S,), or (T, S) for 2 flights"),
    ({"lift_to_drag": [1.0, 2.0, 3.0]}, "lift_to_drag, of shape (3,)\n  must be one number or one for each of 2"),
    ({"stop_m_s": math.nan}, "stop_m_s = nan\n  must be 0 or above"),
])
def test_tables_of_many_are_refused(change, says):
    starts = np.array([state(50e3, 5500.0, 0.0)] * 2)
    with pytest.raises(InputError) as caught:
        glide_many(**({"start": starts, "lift_to_drag": 2.6, "beta_kg_m2": 13000.0, "t_max_s": 10.0} | change))
    assert says in str(caught.value)
