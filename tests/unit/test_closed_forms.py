"""The closed forms of leakage, by hand and at their edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.engagement import common_mode_split, interceptors_needed, p_no_leak
from opendome.errors import InputError

CASE = {"n_threats": 20, "sspk": 0.70, "p_track": 0.99, "confidence": 0.80, "doctrine": "barrage"}
PROBABILITIES = st.floats(0.0, 1.0)


def test_two_independent_shots_by_hand():
    assert p_no_leak(n_threats=1, sspk=0.7, shots=2) == pytest.approx(0.91, abs=1e-15)
    assert p_no_leak(n_threats=2, sspk=0.7, shots=2, p_track=0.5) == pytest.approx(0.455**2, abs=1e-15)
    assert p_no_leak(n_threats=3, sspk=0.7, shots=0) == 0.0


def test_interceptors_needed_by_hand():
    # Kw = 0.8^(1/20) = 0.988905; 1 - Kw/0.99 = 1.106e-3; n = ln(1.106e-3) / ln(0.3) = 5.654.
    assert interceptors_needed(**CASE) == pytest.approx(113.1, abs=0.05)
    looking = CASE | {"doctrine": "shoot-look-shoot"}
    assert interceptors_needed(**looking) == pytest.approx(46.6, abs=0.05)
    best = min(interceptors_needed(**looking, first_salvo=0.01 * k) for k in range(1, 600))
    assert best == pytest.approx(43.6, abs=0.05)


def test_the_interceptors_needed_give_the_confidence_asked_for():
    shots = interceptors_needed(**CASE) / 20
    assert p_no_leak(n_threats=20, sspk=0.70, shots=shots, p_track=0.99) == pytest.approx(0.80, abs=1e-12)


def test_decoys_take_as_many_shots_as_they_look_real():
    plain = interceptors_needed(**CASE)
    assert interceptors_needed(**CASE, n_decoys=20) == pytest.approx(2.0 * plain)
    assert interceptors_needed(**CASE, n_decoys=20, p_decoy_as_threat=0.25) == pytest.approx(1.25 * plain)


def test_few_shots_need_no_look():
    easy = {"n_threats": 2, "sspk": 0.9, "p_track": 1.0, "confidence": 0.5}
    # 0.707 per threat would take 0.53 shots of 0.9: one each is the least.
    assert interceptors_needed(**easy, doctrine="shoot-look-shoot") == 2.0
    assert interceptors_needed(**easy, doctrine="barrage") == 2.0
    assert interceptors_needed(n_threats=3, sspk=1.0, p_track=1.0, confidence=1.0, doctrine="barrage") == 3.0


@pytest.mark.parametrize(("change", "says"), [
    ({"sspk": 1.2}, "sspk = 1.2"),
    ({"sspk": math.nan}, "between 0 and 1"),
    ({"p_track": -0.1}, "p_track = -0.1"),
    ({"p_decoy_as_threat": 2.0}, "p_decoy_as_threat"),
    ({"n_threats": 0}, "at least 1"),
    ({"n_decoys": -1}, "n_decoys = -1"),
    ({"confidence": 0.0}, "above 0"),
    ({"confidence": 0.9}, "stays below 0.8179 for 20 threats"),
    ({"sspk": 0.0}, "stays below 0 "),
    ({"doctrine": "salvo"}, "'barrage' or 'shoot-look-shoot'"),
    ({"first_salvo": 0.0}, "first_salvo"),
])
def test_nonsense_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        interceptors_needed(**(CASE | change))


@pytest.mark.parametrize("change", [{"n_threats": 0}, {"shots": -1.0}, {"shots": math.inf}, {"sspk": 2.0}])
def test_nonsense_is_refused_by_p_no_leak(change):
    with pytest.raises(InputError):
        p_no_leak(**({"n_threats": 1, "sspk": 0.5, "shots": 1.0} | change))


def test_common_mode_at_its_ends():
    assert common_mode_split(0.7, 0.0) == (0.0, 0.7)
    q, p = common_mode_split(0.7, 1.0)
    assert (q, p) == pytest.approx((0.3, 1.0), abs=1e-15)
    assert common_mode_split(0.0, 1.0) == (1.0, 0.0)
    assert common_mode_split(1.0, 0.5) == (0.0, 1.0)


@given(PROBABILITIES, PROBABILITIES, st.integers(1, 8))
def test_common_mode_keeps_the_single_shot_and_never_helps_a_salvo(p_kill, share, shots):
    q, p = common_mode_split(p_kill, share)
    assert 0.0 <= q <= 1.0
    assert 0.0 <= p <= 1.0
    assert (1.0 - q) * p == pytest.approx(p_kill, abs=1e-12)
    salvo = (1.0 - q) * (1.0 - (1.0 - p) ** shots)
    assert salvo == pytest.approx(p_no_leak(n_threats=1, sspk=p, shots=shots, p_track=1.0 - q), abs=1e-12)
    assert p_kill - 1e-12 <= salvo <= 1.0 - (1.0 - p_kill) ** shots + 1e-12
