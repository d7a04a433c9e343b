"""The factor for a target that turns: limits, numbers by hand, and draws of what it states."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.engagement import basket_factor, follow_factor, manoeuvre_factor
from opendome.kernel import kernel

PAGE = Path(__file__).parents[2] / "docs" / "models" / "manoeuvre.md"
DRAWS = 200_000
ROUNDING = 1e-12
PERFECT = {"sigma_m": 0.0, "blind_s": 0.0}
TARGET = st.floats(0.0, 200.0)
TIME = st.floats(0.0, 1000.0)
LENGTH = st.floats(1.0, 1e5)
DIVERT = st.floats(1.0, 5000.0)


def factor(divert_m_s=600.0, basket_m=2000.0, flight_s=60.0, sigma_m=100.0, blind_s=5.0, manoeuvre_m_s2=20.0):
    return manoeuvre_factor(divert_m_s, basket_m, flight_s, sigma_m, blind_s, manoeuvre_m_s2)


def test_a_straight_path_and_a_perfect_track_cost_nothing():
    for flight_s in (0.0, 1.0, 1e4):
        for blind_s in (0.0, 30.0):
            assert factor(flight_s=flight_s, blind_s=blind_s, sigma_m=0.0, manoeuvre_m_s2=0.0) == 1.0


def test_by_hand_follow():
    """20 m/s^2 for 60 s is 1,200 m/s; half of it to spend: 1 - exp(-2 / 4) = 0.3935."""
    assert follow_factor(600.0, 60.0, 20.0) == pytest.approx(0.393469, abs=1e-6)
    assert follow_factor(1200.0, 60.0, 20.0) == pytest.approx(1.0 - math.exp(-2.0), rel=1e-12)


def test_by_hand_basket():
    """Blind for 20 s at 30 m/s^2: 3,000 m; with a track of 4,000 m that is 5,000 m, and the basket is 5,000 m."""
    assert basket_factor(5000.0, 4000.0, 20.0, 30.0) == pytest.approx(1.0 - math.exp(-0.5), rel=1e-12)
    assert basket_factor(5000.0, 0.0, 0.0, 30.0) == 1.0


def test_the_two_multiply():
    assert factor() == follow_factor(600.0, 60.0, 20.0) * basket_factor(2000.0, 100.0, 5.0, 20.0)


def test_limits():
    """Nothing to spend or no basket: never; all one could want: always; a lost track: never."""
    assert factor(divert_m_s=0.0) == 0.0
    assert factor(basket_m=0.0) == 0.0
    assert factor(divert_m_s=math.inf, basket_m=math.inf) == 1.0
    assert factor(sigma_m=math.inf) == 0.0
    assert factor(blind_s=math.inf) == 0.0
    assert factor(flight_s=0.0, **PERFECT) == 1.0
    assert factor(basket_m=math.inf, flight_s=1e6) == pytest.approx(2.0 * (600.0 / (20.0 * 1e6)) ** 2, rel=1e-6)


@given(DIVERT, LENGTH, TIME, LENGTH, TIME, TARGET, st.floats(1.0, 3.0))
def test_worse_never_helps(divert_m_s, basket_m, flight_s, sigma_m, blind_s, manoeuvre_m_s2, more):
    case = {"divert_m_s": divert_m_s, "basket_m": basket_m, "flight_s": flight_s, "sigma_m": sigma_m,
            "blind_s": blind_s, "manoeuvre_m_s2": manoeuvre_m_s2}
    p = factor(**case)
    assert 0.0 <= p <= 1.0
    for name in ("flight_s", "sigma_m", "blind_s", "manoeuvre_m_s2"):
        assert factor(**{**case, name: case[name] * more}) <= p + ROUNDING
    for name in ("divert_m_s", "basket_m"):
        assert factor(**{**case, name: case[name] * more}) >= p - ROUNDING


def test_against_draws_of_the_stated_assumption():
    """The target's place drawn after the flight and at handover, against what the interceptor can do about it."""
    rng = np.random.default_rng(11)
    divert_m_s, basket_m, flight_s, sigma_m, blind_s, turn_m_s2 = 800.0, 2500.0, 50.0, 1000.0, 15.0, 30.0
    shift_m = rng.normal(0.0, 0.5 * (turn_m_s2 * flight_s**2 / 2.0), (2, DRAWS))
    off_m = rng.normal(0.0, sigma_m, (2, DRAWS)) + rng.normal(0.0, 0.5 * (turn_m_s2 * blind_s**2 / 2.0), (2, DRAWS))
    followed = np.hypot(*shift_m) <= divert_m_s * flight_s / 2.0
    found = np.hypot(*off_m) <= basket_m
    share = np.mean(followed & found)
    error = math.sqrt(share * (1.0 - share) / DRAWS)
    assert abs(factor(divert_m_s, basket_m, flight_s, sigma_m, blind_s, turn_m_s2) - share) < 4.0 * error


def test_the_spread_is_that_of_an_even_disc():
    """Places drawn evenly over the disc within reach of the turns have the spread that the normal one is given."""
    rng = np.random.default_rng(3)
    reach_m = 20.0 * 40.0**2 / 2.0
    x_m = reach_m * np.sqrt(rng.random(DRAWS)) * np.cos(2.0 * math.pi * rng.random(DRAWS))
    p = follow_factor(300.0, 40.0, 20.0)
    assert p == pytest.approx(-math.expm1(-0.5 * (300.0 * 40.0 / 2.0 / x_m.std()) ** 2), rel=0.01)


def test_an_even_turn_takes_the_divert_that_the_shift_is_counted_with():
    """An interceptor that answers a steady turn as it comes has spent a t when it has shifted by a t^2 / 2."""
    turn_m_s2, flight_s, dt_s = 20.0, 40.0, 1e-3
    speed_m_s = shift_m = spent_m_s = target_m = target_m_s = 0.0
    for _ in range(round(flight_s / dt_s)):
        target_m_s += turn_m_s2 * dt_s
        target_m += target_m_s * dt_s
        push_m_s = target_m_s - speed_m_s
        spent_m_s += abs(push_m_s)
        speed_m_s += push_m_s
        shift_m += speed_m_s * dt_s
    assert shift_m == pytest.approx(target_m, rel=1e-9)
    assert shift_m == pytest.approx(0.5 * spent_m_s * flight_s, rel=1e-3)


@kernel
def _called_from_a_kernel(divert_m_s, flight_s):
    return manoeuvre_factor(divert_m_s, 2000.0, flight_s, 100.0, 5.0, 20.0)


def test_it_goes_into_kernels():
    assert _called_from_a_kernel(600.0, 60.0) == factor()


def _table(head):
    """The numbers of a table of the model page, row by row, by the start of its first line."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = lines[next(i for i, line in enumerate(lines) if line.startswith(head)) + 2:]
    rows = rows[:next(i for i, line in enumerate(rows) if not line.startswith("|"))]
    return [[float(cell) for cell in row.strip("|").split("|")] for row in rows]


def test_the_tables_of_the_page_are_what_the_kernels_give():
    g = 9.80665
    for flight_s, *shown in _table("| flight, s |"):
        ours = [follow_factor(d, flight_s, a * g) for d in (1200.0, 800.0) for a in (0.5, 1.0, 2.0)]
        assert shown == pytest.approx(ours, abs=0.00501)
    for blind_s, *shown in _table("| age, s |"):
        assert shown == pytest.approx([basket_factor(5e3, 1e3, blind_s, a * g) for a in (0.5, 1.0, 2.0)], abs=0.00501)
    for q, *shown in _table("| q |"):
        assert shown == pytest.approx([follow_factor(q, 1.0, 1.0), min(1.0, q * q), float(q >= 1.0)], abs=0.00501)
