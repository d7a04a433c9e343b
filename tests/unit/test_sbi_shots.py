"""Shots and their allocation: on paper, against trying everything, and what is refused."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.catalogue import shipped
from opendome.engagement import SpaceKinematics, allocate, kinematics, paths_of, space_shots
from opendome.engagement.space_based import Shots
from opendome.errors import InputError
from opendome.orbits import walker
from opendome.threats import MIDCOURSE
from sample_boosts import boost

SHELL = walker(n_satellites=900, n_planes=30, phasing=15, inclination_deg=48.0, altitude_km=320.0)
KIN = SpaceKinematics(150.0, 6000.0, 200.0, 60e3, 1000e3)


def table(times: list[dict[int, float]], n_satellites: int = 9) -> Shots:
    """Shots from {satellite: time} of each target."""
    rows = [(s, t, when) for t, target in enumerate(times) for s, when in target.items()]
    satellite, target, when = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    return Shots(np.asarray(satellite, np.int64), np.asarray(target, np.int64), np.asarray(when, float), n_satellites,
                 len(times))


def time_of(shots: Shots, taken) -> float:
    return float(shots.t_meet_s[taken.shot].sum())


# ---- allocation


def test_greed_spends_the_satellite_that_another_needs():
    shots = table([{0: 10.0, 1: 20.0}, {0: 15.0}])
    assert allocate(shots, method="greedy").is_engaged.tolist() == [True, False]
    best = allocate(shots)
    assert best.n_engaged == 2
    assert shots.satellite[best.shot].tolist() == [1, 0]


def test_earliest_times_among_the_most():
    shots = table([{0: 10.0, 1: 11.0}, {0: 10.0, 1: 30.0}])
    best = allocate(shots)
    assert (best.n_engaged, time_of(shots, best)) == (2, 21.0)


def test_targets_alike_but_for_their_times_are_not_one():
    shots = table([{0: 5.0}, {0: 1.0}])
    best = allocate(shots)
    assert (best.is_engaged.tolist(), time_of(shots, best)) == ([False, True], 1.0)


def test_nothing_is_spent_on_what_cannot_be_engaged_in_full():
    shots = table([{0: 1.0, 1: 2.0, 2: 3.0}, {0: 1.0, 1: 2.0, 2: 3.0}])
    best = allocate(shots, shots_per_target=2)
    assert sorted(best.n_shots.tolist()) == [0, 2]
    assert time_of(shots, best) == 3.0
    assert allocate(shots, shots_per_target=2, method="greedy").n_shots.tolist() == [2, 1]


def test_a_satellite_with_two_rounds_may_fire_both_at_one():
    shots = table([{4: 7.0}])
    for method in ("most", "greedy"):
        taken = allocate(shots, shots_per_target=2, rounds=2, method=method)
        assert (taken.n_engaged, taken.shot.tolist()) == (1, [0, 0])
        assert allocate(shots, shots_per_target=2, method=method).n_engaged == 0


def test_pairs_that_share_need_integers():
    # Three targets, two shots each, four satellites: shares of a half would engage two targets and a bit.
    shots = table([{0: 1.0, 1: 1.0, 3: 9.0}, {1: 1.0, 2: 1.0}, {2: 1.0, 0: 1.0}])
    best = allocate(shots, shots_per_target=2)
    assert best.n_engaged == 2
    assert time_of(shots, best) == 12.0


def test_no_shots_at_all():
    for method in ("most", "greedy"):
        taken = allocate(table([{}, {}]), method=method)
        assert taken.n_shots.tolist() == [0, 0]
        assert taken.n_engaged == 0


def _best_by_trying(shots: Shots, wanted: int, rounds: int) -> tuple[int, float]:
    """Most targets with all their shots, then the least time, over every choice of satellites for every target."""
    options = []
    for target in range(shots.n_targets):
        rows = [int(i) for i in np.flatnonzero(shots.target == target)]
        options.append([None, *{tuple(sorted(pick)) for pick in product(rows, repeat=wanted)}])
    best = (0, 0.0)
    for choice in product(*options):
        taken = [row for pick in choice if pick for row in pick]
        if np.bincount(shots.satellite[taken].astype(int), minlength=1).max(initial=0) <= rounds:
            count, total = sum(pick is not None for pick in choice), float(shots.t_meet_s[taken].sum())
            if (count, -total) > (best[0], -best[1]):
                best = (count, total)
    return best


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.integers(0, 4), st.integers(1, 9).map(float), max_size=4), min_size=1, max_size=4),
       st.integers(1, 2), st.integers(1, 2))
def test_most_is_the_best_there_is(times, wanted, rounds):
    shots = table(times)
    taken = allocate(shots, shots_per_target=wanted, rounds=rounds)
    most, total = _best_by_trying(shots, wanted, rounds)
    assert taken.n_engaged == most
    assert time_of(shots, taken) == pytest.approx(total)
    assert np.bincount(shots.satellite[taken.shot].astype(int), minlength=1).max() <= rounds
    greedy = allocate(shots, shots_per_target=wanted, rounds=rounds, method="greedy")
    assert greedy.n_engaged <= most
    assert np.bincount(shots.satellite[greedy.shot].astype(int), minlength=1).max() <= rounds


@pytest.mark.parametrize(("change", "says"), [
    ({"shots_per_target": 0}, "shots_per_target = 0"), ({"rounds": 1.5}, "rounds = 1.5"),
    ({"method": "best"}, "'most' or 'greedy'"),
])
def test_allocation_refuses(change, says):
    with pytest.raises(InputError, match=says):
        allocate(table([{0: 1.0}]), **change)


# ---- shots


def test_targets_keep_their_places_and_their_launches():
    near, far = boost(), boost(lat_deg=-75.0)
    alone = space_shots(SHELL, KIN, [near], decision_s=60.0)
    both = space_shots(SHELL, KIN, [far, near, near], t_launch_s=[0.0, 0.0, 500.0], decision_s=60.0)
    assert both.in_reach()[0] == 0
    assert both.in_reach()[1] == alone.in_reach()[0] > 0
    rows = both.target == 1
    assert both.satellite[rows].tolist() == alone.satellite.tolist()
    assert (both.t_meet_s[both.target == 2] > 560.0).all()
    assert (alone.t_meet_s <= 170.0).all()


def test_a_delay_is_the_sum_of_its_parts():
    entry = shipped().interceptors["sbi"]
    known = space_shots(SHELL, kinematics(entry), [boost()], decision_s=60.0 + entry.reaction_s.value)
    parts = space_shots(SHELL, entry, [boost()], t_detect_s=[40.0], decision_s=20.0)
    assert parts.in_reach()[0] > 0
    assert parts.t_meet_s.tolist() == known.t_meet_s.tolist()
    later = space_shots(SHELL, entry, [boost()], t_detect_s=40.0, decision_s=30.0)
    assert set(later.satellite) <= set(parts.satellite)


def test_many_shots_outgrow_the_first_buffer():
    flights = [boost()] * 400
    every = space_shots(SHELL, KIN, flights, decision_s=40.0)
    one = space_shots(SHELL, KIN, flights[:1], decision_s=40.0)
    assert len(every.satellite) == 400 * len(one.satellite) > 1024
    assert every.satellite[every.target == 399].tolist() == one.satellite.tolist()


def test_rounds_left_say_who_may_shoot():
    every = space_shots(SHELL, KIN, [boost()], decision_s=40.0)
    rounds = np.zeros(len(SHELL), int)
    rounds[every.satellite[0]] = 1
    assert space_shots(SHELL, KIN, [boost()], decision_s=40.0, rounds=rounds).satellite.tolist() == [every.satellite[0]]


def test_the_stretch_that_counts():
    flight = boost()
    assert (paths_of([flight]).first_s[0], paths_of([flight]).last_s[0]) == (0.0, 170.0)
    assert (paths_of([flight], [MIDCOURSE]).first_s[0], paths_of([flight], [MIDCOURSE]).last_s[0]) == (170.0, 170.0)
    with_impact = flight._replace(t_s=np.append(flight.t_s[:-1], 169.3))
    assert paths_of([with_impact], None).n[0] == len(flight.t_s) - 1


@pytest.mark.parametrize(("call", "says"), [
    (lambda: paths_of([]), "flights is empty"),
    (lambda: paths_of([boost()._replace(phase=None)]), "has no phases"),
    (lambda: paths_of([boost()], [3]), "never in cruise"),
    (lambda: paths_of([boost()._replace(t_s=boost().t_s**2)]), "equal steps of 4 s"),
    (lambda: paths_of([boost()._replace(t_s=boost().t_s + 1.0)]), "from 0 s on"),
    (lambda: space_shots(SHELL, KIN, [boost()], decision_s=-1.0), "no one leaves before"),
    (lambda: space_shots(SHELL, KIN, [boost()], decision_s=[1.0, 2.0]), "one number or 1"),
    (lambda: space_shots(SHELL, KIN, [boost()], t_launch_s=np.nan), "t_launch_s"),
    (lambda: space_shots(SHELL, KIN, [boost()], rounds=[1, 2]), "one number or 900, one per satellite"),
])
def test_shots_refuse(call, says):
    with pytest.raises(InputError, match=says):
        call()
