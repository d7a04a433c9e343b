"""Earliest intercept and launch window against slow, plain searches along the same path."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.engagement import (
    earliest_intercept,
    flyout_tables,
    flyout_time,
    ground_range,
    in_envelope,
    launch_window,
    path_step_max,
    time_to,
)
from opendome.world import altitude, ecef_from_geodetic
from sample_interceptors import GUN, LOWER, PROPELLER, UPPER, interceptor

TABLES = flyout_tables([interceptor(values) for values in (UPPER, LOWER, GUN, PROPELLER)])
STEP_S = 2.0


def ecef(lat_deg, lon_deg, alt_m):
    return np.array(ecef_from_geodetic(math.radians(lat_deg), math.radians(lon_deg), alt_m))


SITE = ecef(24.4, 54.4, 0.0)


def arc(from_deg, to_deg, apogee_m, duration_s, low_m=0.0):
    """A path of even ground speed and parabolic altitude between two places, one position every STEP_S."""
    share = np.arange(0.0, duration_s + 1e-9, STEP_S) / duration_s
    places = [(from_deg[i] + share * (to_deg[i] - from_deg[i])) for i in range(2)]
    return np.array([ecef(lat, lon, low_m + 4.0 * apogee_m * f * (1.0 - f)) for lat, lon, f in zip(*places, share)])


BALLISTIC = arc((28.0, 52.0), (24.5, 54.5), 150e3, 360.0)
DRONE = arc((25.5, 53.3), (24.2, 54.6), 0.0, 3600.0, low_m=600.0)


def meet(w, path, t_ready_s, *, site=SITE, t0_s=0.0, n=None):
    n = len(path) if n is None else n
    return earliest_intercept(TABLES, w, site, t0_s, STEP_S, path, n, path_step_max(path, n), t_ready_s)


def window(w, path, t_ready_s, *, site=SITE):
    return launch_window(TABLES, w, site, 0.0, STEP_S, path, len(path), path_step_max(path, len(path)), t_ready_s)


def point_at(path, t_s):
    k = min(int(t_s / STEP_S), len(path) - 2)
    return path[k] + (t_s / STEP_S - k) * (path[k + 1] - path[k])


def plain_search(w, path, t_ready_s, fine_s=0.05):
    """The first of many fine instants at which the path can be met, without any shortcut."""
    for t_s in np.arange(max(0.0, t_ready_s), (len(path) - 1) * STEP_S + 1e-9, fine_s):
        x, y, z = point_at(path, t_s)
        if flyout_time(TABLES, w, ground_range(SITE, x, y, z), altitude(x, y, z)) <= t_s - t_ready_s:
            return float(t_s)
    return math.inf


@pytest.mark.parametrize(("w", "path"), [(0, BALLISTIC), (1, BALLISTIC), (1, DRONE), (2, DRONE), (3, DRONE)])
@pytest.mark.parametrize("t_ready_s", [-50.0, 0.0, 101.3, 310.0, 340.0, 2900.0])
def test_earliest_agrees_with_a_plain_search(w, path, t_ready_s):
    plain_s = plain_search(w, path, t_ready_s)
    t_s, k = meet(w, path, t_ready_s)
    # The plain search steps 0.05 s; ours halves the 2 s between positions twelve times.
    assert t_s == pytest.approx(plain_s, abs=0.051)
    assert k == (int(t_s / STEP_S) if t_s < math.inf else -1)


@settings(max_examples=60, deadline=None)
@given(st.floats(21.0, 28.0), st.floats(51.0, 58.0), st.floats(23.0, 26.0), st.floats(53.0, 56.0),
       st.floats(20e3, 300e3), st.integers(0, 1), st.floats(0.0, 300.0))
def test_shortcuts_change_nothing_on_any_arc(lat0, lon0, lat1, lon1, apogee_m, w, t_ready_s):
    path = arc((lat0, lon0), (lat1, lon1), apogee_m, 300.0)
    feasible = [k for k in range(len(path)) if time_to(TABLES, w, SITE, *path[k]) <= k * STEP_S - t_ready_s]
    t_s, k = meet(w, path, t_ready_s)
    if feasible:
        assert (feasible[0] - 1) * STEP_S <= t_s <= feasible[0] * STEP_S
        assert k in (feasible[0] - 1, feasible[0])
    else:
        assert (t_s, k) == (math.inf, -1)


@pytest.mark.parametrize(("w", "path", "t_ready_s"), [(0, BALLISTIC, 0.0), (0, BALLISTIC, 250.0), (1, BALLISTIC, 0.0),
                                                      (1, DRONE, 0.0), (3, DRONE, 0.0), (3, DRONE, 3000.0)])
def test_the_window_ends_where_no_later_launch_meets_the_path(w, path, t_ready_s):
    earliest_s, latest_s = window(w, path, t_ready_s)
    assert t_ready_s <= earliest_s <= latest_s
    assert meet(w, path, latest_s - 0.01)[0] < math.inf
    # The last moment lies between two positions at worst: half a step times the bend of the time surface.
    assert meet(w, path, latest_s + 0.2)[0] == math.inf
    t_s, _ = meet(w, path, t_ready_s)
    x, y, z = point_at(path, t_s)
    assert earliest_s == pytest.approx(t_s - time_to(TABLES, w, SITE, x, y, z), abs=0.02)


def test_no_window_when_out_of_reach():
    far = ecef(40.0, 20.0, 0.0)
    assert window(0, BALLISTIC, 0.0, site=far) == (math.inf, -math.inf)
    assert meet(0, BALLISTIC, 0.0, site=far) == (math.inf, -1)
    assert meet(0, BALLISTIC, 1e6) == (math.inf, -1)
    assert meet(0, BALLISTIC, -math.inf)[0] < math.inf
    assert meet(2, BALLISTIC[:100], 0.0) == (math.inf, -1)


def test_only_the_first_positions_count():
    t_s, k = meet(0, BALLISTIC, 100.0)
    assert meet(0, BALLISTIC, 100.0, n=k + 2)[0] == t_s
    assert meet(0, BALLISTIC, 100.0, n=k)[0] == math.inf
    assert meet(0, BALLISTIC, 100.0, n=0) == (math.inf, -1)


def test_a_path_may_begin_in_reach_and_at_any_time():
    near = np.ascontiguousarray(BALLISTIC[140:])
    assert meet(0, near, -1000.0) == (0.0, 0)
    t_s, k = meet(0, BALLISTIC, 100.0)
    later_s, same = meet(0, BALLISTIC, 5100.0, t0_s=5000.0)
    assert (later_s, same) == (pytest.approx(t_s + 5000.0, abs=1e-3), k)


@given(st.floats(0.0, 320.0), st.floats(0.0, 50.0))
@settings(max_examples=40, deadline=None)
def test_waiting_never_brings_an_earlier_intercept(t_ready_s, wait_s):
    assert meet(0, BALLISTIC, t_ready_s)[0] <= meet(0, BALLISTIC, t_ready_s + wait_s)[0] + STEP_S / 4096


def test_turning_the_scene_about_the_axis_changes_nothing():
    c, s = math.cos(1.234), math.sin(1.234)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    turned = np.ascontiguousarray(BALLISTIC @ turn.T)
    mirrored = np.ascontiguousarray(BALLISTIC * [1.0, -1.0, 1.0])
    for t_ready_s in (0.0, 120.0, 300.0):
        t_s, _ = meet(0, BALLISTIC, t_ready_s)
        assert meet(0, turned, t_ready_s, site=turn @ SITE)[0] == pytest.approx(t_s, abs=1e-3)
        assert meet(0, mirrored, t_ready_s, site=SITE * [1.0, -1.0, 1.0])[0] == pytest.approx(t_s, abs=1e-3)


def test_seen_too_late_is_not_out_of_reach():
    last = BALLISTIC[-4]
    assert in_envelope(TABLES, 1, SITE, *last)
    assert meet(1, BALLISTIC, 358.0)[0] == math.inf
    assert not in_envelope(TABLES, 1, SITE, *BALLISTIC[20])
