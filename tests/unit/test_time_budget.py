"""Time budget in closed form, against numbers worked by hand and against a march in small steps."""

import math

import pytest

from opendome.engagement import (
    defended_radius_km,
    geometric_horizon_km,
    kill_chain_s,
    mean_speed_km_s,
    reach_radius_km,
    time_to_go_s,
)
from opendome.errors import InputError

CASE = {"first_detection_km": 300.0, "threat_speed_km_s": 3.0, "alt_km": 40.0, "reaction_s": 30.0,
        "interceptor_speed_km_s": 2.0}


def marched(first_detection_km, threat_speed_km_s, alt_km, reaction_s, interceptor_speed_km_s):
    """Largest R at which the interceptor is in time, by trying R in metres."""
    best = 0.0
    for metre in range(int(first_detection_km * 1e3)):
        r = metre / 1e3
        left_s = (first_detection_km - r) / threat_speed_km_s - reaction_s
        if math.hypot(r, alt_km) <= interceptor_speed_km_s * left_s:
            best = r
    return best


def test_overhead_by_hand():
    # At no height: (300 - R) / 3 - 30 = R / 2, so R = 84.
    assert defended_radius_km(**CASE | {"alt_km": 0.0}) == pytest.approx(84.0)


@pytest.mark.parametrize("speed", [1.0, 2.0, 3.0, 6.0])
def test_radius_is_that_of_a_march(speed):
    case = CASE | {"interceptor_speed_km_s": speed}
    assert defended_radius_km(**case) == pytest.approx(marched(**case), abs=2e-3)


@pytest.mark.parametrize(("name", "more", "sign"), [
    ("first_detection_km", 320.0, 1), ("threat_speed_km_s", 3.3, -1), ("alt_km", 45.0, -1), ("reaction_s", 35.0, -1),
    ("interceptor_speed_km_s", 2.2, 1)])
def test_each_input_moves_it_the_right_way(name, more, sign):
    assert sign * (defended_radius_km(**CASE | {name: more}) - defended_radius_km(**CASE)) > 0.0


def test_none_is_left_when_it_comes_too_late():
    assert defended_radius_km(**CASE | {"reaction_s": 81.0}) == 0.0  # 19 s at 2 km/s: not even 40 km high
    assert defended_radius_km(**CASE | {"reaction_s": 200.0}) == 0.0
    assert defended_radius_km(**CASE | {"reaction_s": 79.9}) > 0.0


def test_a_triangle():
    assert reach_radius_km(flight_s=25.0, alt_km=40.0, interceptor_speed_km_s=2.0) == pytest.approx(30.0)
    assert reach_radius_km(flight_s=19.0, alt_km=40.0, interceptor_speed_km_s=2.0) == 0.0
    assert reach_radius_km(flight_s=-5.0, alt_km=0.0, interceptor_speed_km_s=2.0) == 0.0


def test_mean_speed():
    assert mean_speed_km_s(1.8, 60.0, 60.0) == pytest.approx(0.9)
    assert mean_speed_km_s(1.8, 60.0, 30.0) == pytest.approx(0.45)  # half way up to half of the speed
    assert mean_speed_km_s(1.8, 10.0, 100.0) == pytest.approx(1.71)
    assert mean_speed_km_s(1.8, 0.0, 100.0) == pytest.approx(1.8)


def test_horizon_and_sums():
    assert geometric_horizon_km(0.0) == 0.0
    assert geometric_horizon_km(4.0) == pytest.approx(2.0 * geometric_horizon_km(1.0))
    assert time_to_go_s(100.0, 4.0) == 25.0
    assert kill_chain_s() == 0.0
    assert kill_chain_s(track_s=1.0, commit_s=2.0) == 3.0


@pytest.mark.parametrize(("call", "named"), [
    (lambda: geometric_horizon_km(-1.0), "alt_km = -1.0"), (lambda: time_to_go_s(1.0, 0.0), "speed_km_s = 0.0"),
    (lambda: kill_chain_s(commit_s=-2.0), "commit_s = -2.0"),
    (lambda: defended_radius_km(**CASE | {"first_detection_km": math.inf}), "first_detection_km = inf"),
    (lambda: mean_speed_km_s(1.0, 1.0, 0.0), "flight_s = 0.0"),
    (lambda: reach_radius_km(flight_s=1.0, alt_km=math.nan, interceptor_speed_km_s=1.0), "alt_km = nan")])
def test_what_cannot_be_is_named(call, named):
    with pytest.raises(InputError, match=f"^{named}\n  must be"):
        call()
