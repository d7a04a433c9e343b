"""Integrator, events and the public functions, against closed formulas and SciPy's own DOP853."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome import air
from opendome.errors import InputError, Status
from opendome.fly import (
    APOGEE,
    FALLING,
    NO_EVENT,
    RISING,
    acceleration,
    fly,
    fly_block,
    fly_many,
    fly_to_ground,
    free_flight,
    height,
    rk4_step,
    start_state,
)
from opendome.world import POINT_MASS, WGS84, altitude

NOTHING = np.empty((0, 3))
ARC = {"lat_deg": 25.0, "lon_deg": 50.0, "alt_m": 100e3, "v_east_m_s": 2500.0, "v_north_m_s": -1800.0,
       "v_up_m_s": 2000.0}
HOP = {"lat_deg": -5.0, "lon_deg": 10.0, "alt_m": 20e3, "v_east_m_s": 900.0, "v_north_m_s": 100.0, "v_up_m_s": 700.0}


def arrive(start, beta, event, level_m, *, earth=WGS84, t_max_s=5000.0, tol=1e-11):
    end = np.empty(6)
    status, _, t_s = fly(earth, start, beta, t_max_s, event, level_m, tol, 1.0, NOTHING, NOTHING, end)
    assert status == Status.OK
    return t_s, end


@pytest.mark.parametrize("start", [ARC, HOP])
@pytest.mark.parametrize("beta", [math.inf, 5000.0, 300.0])
def test_same_flight_as_scipy(start, beta):
    """SciPy stops at every kink of the air, so that its step never spans one."""
    y0 = start_state(**start)
    t_end, end = arrive(y0, beta, FALLING, 0.0)

    def rate(_, y):
        return [*y[3:], *acceleration(WGS84, 1.0 / beta, *y)]

    def at(level_m):
        def event(_, y):
            return height(WGS84, *y[:3]) - level_m
        event.terminal = True
        return event

    t, y = 0.0, y0
    while t < t_end:
        kinks = [at(level) for level in air.KINK_ALT_M if abs(height(WGS84, *y[:3]) - level) > 1e-3]
        leg = solve_ivp(rate, (t, t_end), y, method="DOP853", rtol=1e-12, atol=1e-9, events=kinks, max_step=10.0)
        t, y = leg.t[-1], leg.y[:, -1]
    # Both are good to some 1e-12 a step over up to 300 steps on 6.4e6 m, and SciPy finds kinks to 1e-6 s or so.
    assert np.abs(end[:3] - y[:3]).max() < 0.01
    assert np.abs(end[3:] - y[3:]).max() < 1e-3


def test_straight_up_in_uniform_field():
    # Point mass at rest: energy gives the apogee, v^2 / 2 = mu (1 / r0 - 1 / r1).
    start = np.array([6371e3, 0.0, 0.0, 2000.0, 0.0, 0.0])
    mu, r0 = POINT_MASS.mu_m3_s2, 6371e3
    r1 = 1.0 / (1.0 / r0 - 2000.0**2 / (2.0 * mu))
    t_top, top = arrive(start, math.inf, APOGEE, 0.0, earth=POINT_MASS)
    assert top[0] == pytest.approx(r1, abs=1e-3)
    t_down, down = arrive(start, math.inf, FALLING, 0.0, earth=POINT_MASS)
    assert t_down == pytest.approx(2.0 * t_top, abs=1e-5)
    assert down[3] == pytest.approx(-2000.0, abs=1e-6)


def test_circular_orbit_closes():
    r = 7000e3
    v = math.sqrt(POINT_MASS.mu_m3_s2 / r)
    period = 2.0 * math.pi * r / v
    end = np.empty(6)
    start = np.array([r, 0.0, 0.0, 0.0, 0.0, v])
    assert fly(POINT_MASS, start, math.inf, period, NO_EVENT, 0.0, 1e-12, 1.0, NOTHING, NOTHING, end)[2] == period
    assert np.abs(end[:3] - start[:3]).max() < 1e-3


def test_turning_frame_is_the_same_flight():
    """A body at rest in space, seen from the turning Earth: a circle, once round in a sidereal day."""
    massless = WGS84._replace(mu_m3_s2=1e-3)
    start = np.array([7.0e6, 0.0, 0.0, 0.0, -WGS84.omega_rad_s * 7.0e6, 0.0])
    # Tolerances scale with the circular speed, which is nothing here.
    end = np.empty(6)
    fly(massless, start, math.inf, 3600.0, NO_EVENT, 0.0, 1e-4, 1.0, NOTHING, NOTHING, end)
    angle = WGS84.omega_rad_s * 3600.0
    assert end[:3] == pytest.approx([7.0e6 * math.cos(angle), -7.0e6 * math.sin(angle), 0.0], abs=1e-3)


def test_terminal_speed_of_a_falling_body():
    # Drag balances weight and the slowing down in thickening air, v^2 / (2 H) with the scale height H of the density:
    # v^2 (rho / (2 beta) - 1 / (2 H)) = g.
    _, end = arrive(start_state(**(HOP | {"v_up_m_s": 0.0, "v_east_m_s": 0.0})), 300.0, FALLING, 100.0)
    speed = float(np.linalg.norm(end[3:]))
    rho = air.density(100.0)
    inv_scale_height = math.log(air.density(99.0) / air.density(101.0)) / 2.0
    assert speed == pytest.approx(math.sqrt(9.78 / (rho / 600.0 - 0.5 * inv_scale_height)), rel=1e-3)


def test_events_meet_their_level():
    start = start_state(**ARC)
    for event, level in ((RISING, 150e3), (FALLING, 150e3), (FALLING, 11019.0), (FALLING, 0.0)):
        _, end = arrive(start, 3000.0, event, level)
        assert altitude(*end[:3]) == pytest.approx(level, abs=1e-5)
        assert (np.dot(end[:3], end[3:]) > 0.0) == (event == RISING)


def test_apogee_is_the_highest_point():
    t_top, top = arrive(start_state(**ARC), math.inf, APOGEE, 0.0)
    seen = free_flight(**ARC, beta_kg_m2=math.inf, duration_s=500.0, step_s=0.25)
    assert altitude(*top[:3]) >= seen.alt_m.max() - 1e-3
    assert abs(seen.t_s[np.argmax(seen.alt_m)] - t_top) < 0.25


def test_event_at_the_start():
    start = start_state(**(HOP | {"alt_m": 0.0, "v_up_m_s": -10.0}))
    assert arrive(start, math.inf, FALLING, 0.0)[0] == pytest.approx(0.0, abs=1e-6)
    up = start_state(**(HOP | {"alt_m": 0.0}))
    assert arrive(up, math.inf, FALLING, 0.0)[0] > 100.0


def test_samples_are_the_flight_at_those_times():
    start = start_state(**ARC)
    r, v, end = np.full((400, 3), np.nan), np.full((400, 3), np.nan), np.empty(6)
    status, rows, t_end = fly_to_ground(WGS84, start, 2000.0, 5000.0, 0.0, 1e-11, 5.0, r, v, end)
    assert (status, rows) == (Status.OK, math.floor(t_end / 5.0) + 1)
    assert np.isnan(r[rows:]).all()
    for row in (0, 1, 17, rows - 1):
        state = np.empty(6)
        fly(WGS84, start, 2000.0, 5.0 * row + 1e-9, NO_EVENT, 0.0, 1e-12, 1.0, NOTHING, NOTHING, state)
        # The dense output is of order seven: a centimetre inside the longest steps.
        assert np.abs(r[row] - state[:3]).max() < 0.01
        assert np.abs(v[row] - state[3:]).max() < 1e-3


def test_neighbours_do_not_matter():
    rng = np.random.default_rng(5)
    starts = np.array([start_state(**(ARC | {"lat_deg": lat, "v_up_m_s": up}))
                       for lat, up in zip(rng.uniform(-60, 60, 21), rng.uniform(-500, 3000, 21))])
    betas = rng.choice([800.0, 8000.0, math.inf], 21)
    one = fly_many(starts, betas, t_max_s=900.0, step_s=30.0, jobs=1)
    two = fly_many(starts[::-1], betas[::-1], t_max_s=900.0, step_s=30.0, jobs=2)
    assert np.array_equal(one.end, two.end[::-1])
    assert np.array_equal(one.r_ecef_m, two.r_ecef_m[::-1], equal_nan=True)
    end = np.empty(6)
    for i in (0, 7, 20):
        _, _, t_s = fly_to_ground(WGS84, starts[i], betas[i], 900.0, 0.0, 1e-9, 1.0, NOTHING, NOTHING, end)
        assert t_s == one.t_end_s[i]
        assert np.array_equal(end, one.end[i])


def test_shortest_step_does_not_leap_over_the_air():
    """A shallow entry from far above: a loose tolerance must still feel the air."""
    start = start_state(**(ARC | {"alt_m": 800e3, "v_east_m_s": 6000.0, "v_up_m_s": -500.0}))
    loose, tight = (arrive(start, 100.0, FALLING, 0.0, tol=tol)[1] for tol in (1e-7, 1e-12))
    assert np.abs(loose[:3] - tight[:3]).max() < 50.0


def test_fixed_steps_converge_with_the_fourth_power():
    start, reference = start_state(**ARC), np.empty(6)
    fly(WGS84, start, math.inf, 400.0, NO_EVENT, 0.0, 1e-13, 1.0, NOTHING, NOTHING, reference)
    errors = []
    for h in (10.0, 5.0):
        y = tuple(start)
        for _ in range(round(400.0 / h)):
            y = rk4_step(WGS84, 0.0, h, *y)
        errors.append(math.dist(y[:3], reference[:3]))
    assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.2)
    assert errors[1] < 0.01


def test_free_flight_rows():
    flown = free_flight(**ARC, beta_kg_m2=math.inf, duration_s=10.05, step_s=0.1)
    assert flown.t_s == pytest.approx(np.arange(101) * 0.1)
    assert flown.r_ecef_m.shape == flown.v_ecef_m_s.shape == (101, 3)
    assert (flown.lat_deg[0], flown.lon_deg[0], flown.alt_m[0]) == pytest.approx((25.0, 50.0, 100e3), abs=1e-6)


def test_free_flight_goes_through_the_ground_and_ends_10_km_below():
    flown = free_flight(**HOP, beta_kg_m2=math.inf, duration_s=3000.0, step_s=1.0)
    assert flown.alt_m.min() < 0.0
    assert -10e3 <= flown.alt_m[-1] < -8e3
    assert flown.t_s.size == flown.alt_m.size < 3001


@pytest.mark.parametrize(("change", "message"), [
    ({"lat_deg": 91.0}, "lat_deg = 91.0"),
    ({"lat_deg": math.nan}, "lat_deg = nan"),
    ({"lon_deg": math.inf}, "lon_deg = inf"),
    ({"alt_m": -10001.0}, "alt_m = -10001.0"),
    ({"v_up_m_s": math.nan}, "v_up_m_s = nan"),
    ({"beta_kg_m2": 0.0}, "beta_kg_m2 = 0.0"),
    ({"beta_kg_m2": math.nan}, "beta_kg_m2 = nan"),
    ({"duration_s": math.inf}, "duration_s = inf"),
    ({"duration_s": -1.0}, "duration_s = -1.0"),
    ({"step_s": 0.0}, "step_s = 0.0"),
    ({"step_s": 1e-9}, "samples"),
])
def test_bad_input_is_said_plainly(change, message):
    good = ARC | {"beta_kg_m2": 1000.0, "duration_s": 10.0, "step_s": 1.0}
    with pytest.raises(InputError, match=message):
        free_flight(**(good | change))


def test_bad_tables_are_said_plainly():
    start = start_state(**ARC)
    with pytest.raises(InputError, match="finite numbers"):
        fly_many(np.ones((2, 5)), 1000.0, t_max_s=10.0)
    with pytest.raises(InputError, match="beta_kg_m2"):
        fly_many(start, -1.0, t_max_s=10.0)
    with pytest.raises(InputError, match="t_max_s"):
        fly_many(start, 1000.0, t_max_s=math.nan)


def test_a_flight_that_is_not_finite_is_reported():
    start = np.array([np.zeros(6), start_state(**ARC)])
    t_end, end = np.empty(2), np.empty((2, 6))
    rows, status, none = np.zeros(2, np.int64), np.zeros(2, np.int64), np.empty((2, 0, 3))
    with np.errstate(all="ignore"):         # heard only when kernels run uncompiled
        fly_block(WGS84, start, np.full(2, math.inf), 100.0, FALLING, 0.0, 1e-9, 1.0, none, none, rows, t_end, end,
                  status, 0, 2)
    assert status.tolist() == [Status.NOT_FINITE, Status.OK]
    assert np.isfinite(end[1]).all()
