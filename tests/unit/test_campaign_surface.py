"""The response surface: its limits, its regressions, and what is drawn about it."""

import numpy as np
import pytest

from opendome import rng
from opendome.campaign.fight import in_proportion
from opendome.campaign.regress import fit_rounds, fit_shares
from opendome.campaign.surface import (
    BY_OTHERS,
    BY_STOCKS,
    ENGAGED,
    HARMLESS,
    N_CLASSES,
    N_FEATURES,
    Surface,
    empty_room,
    empty_surfaces,
    expect,
    features,
    meet_by_surface,
    met_share,
    stack,
    step_that_holds,
)
from opendome.sampling import Sampler
from opendome.stockpile.flow import empty_state
from opendome.stockpile.lower import lower
from tiny_campaign import by_rates


def random_surface(seed, n_stocks=2):
    draw = np.random.default_rng(seed)
    return Surface(draw.uniform(0.5, 3, (N_CLASSES, 2)), draw.normal(0, 0.3, (n_stocks, N_CLASSES, N_FEATURES)),
                   draw.uniform(0.5, 60, n_stocks), draw.normal(0, 1, (4, N_CLASSES, N_FEATURES)),
                   draw.uniform(0.2, 5, (2, N_CLASSES)))


def test_rounds_in_proportion():
    assert in_proportion(10, np.array([1, 1, 2])).tolist() == [3, 2, 5], "2.5, 2.5, 5: the first of equals"
    assert in_proportion(0, np.array([1, 1])).tolist() == [0, 0]
    assert in_proportion(7, np.array([0, 3])).tolist() == [0, 7]


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 4.0, 60.0])
def test_share_of_the_rounds_wanted_that_is_fired(sharpness):
    assert met_share(10.0, 0.0, sharpness) == 0.0
    assert met_share(0.0, 10.0, sharpness) == 1.0
    ready = np.array([1.0, 5.0, 10.0, 20.0, 1000.0])
    share = np.array([met_share(10.0, r, sharpness) for r in ready])
    assert (np.diff(share) > 0).all() or sharpness == 60.0
    assert (10.0 * share <= ready + 1e-12).all()
    assert share[2] == pytest.approx(2 ** (-1 / sharpness))
    assert met_share(1e9, 1.0, sharpness) == pytest.approx(1e-9, rel=1e-3 if sharpness > 0.5 else 0.1)


@pytest.mark.parametrize("seed", range(20))
def test_limits_hold_whatever_the_coefficients(seed):
    draw, surface, room = np.random.default_rng(seed), random_surface(seed), empty_room(2)
    counts, largest = draw.integers(0, 60, N_CLASSES), np.full(N_CLASSES, 40)
    room.ready[:] = draw.integers(0, 30, 2)
    expect(*surface, 2, counts, largest, draw.normal(0, 1, N_CLASSES), room)
    shots = room.need.sum(axis=1) * room.phi
    assert (shots <= room.ready + 1e-9).all()
    assert (room.share >= 0).all()
    assert (room.share[:, [BY_STOCKS, BY_OTHERS, HARMLESS]].sum(axis=1) <= 1 + 1e-12).all()
    assert (room.share[:, ENGAGED] <= 1 + 1e-12).all()
    assert (room.share[:, ENGAGED] >= room.share[:, BY_STOCKS]).all()
    assert (room.share[counts == 0] == 0).all()
    room.ready[:] = 0
    expect(*surface, 2, counts, largest, np.zeros(N_CLASSES), room)
    assert (room.phi == 0).all()
    assert (room.share[:, [ENGAGED, BY_STOCKS]] == 0).all()


def test_what_a_class_gets_when_rounds_are_short():
    """Ten threats, two rounds wanted for each, 10 ready, k = 1: a third is fired (1 / (1 + 2)). Half would be destroyed
    from stocks and 1 / (1 + 1/e) engaged, to the powers 2 and 3 of that third."""
    shares, bend = np.zeros((4, N_CLASSES, N_FEATURES)), np.ones((2, N_CLASSES))
    shares[HARMLESS, :, 0], shares[ENGAGED, 0, 0] = -1000.0, 1.0
    bend[BY_STOCKS, 0], bend[ENGAGED, 0] = 3.0, 2.0
    need, room = np.zeros((1, N_CLASSES, N_FEATURES)), empty_room(1)
    need[0, 0, 0] = np.log(2.0)
    counts = np.zeros(N_CLASSES, np.int64)
    counts[0], room.ready[0] = 10, 10
    expect(np.zeros((N_CLASSES, 2)), need, np.ones(1), shares, bend, 1, counts, counts, np.zeros(N_CLASSES), room)
    assert room.phi[0] == pytest.approx(1 / 3)
    assert room.share[0, BY_STOCKS] == pytest.approx(0.5 / 27)
    assert room.share[0, ENGAGED] == pytest.approx(1 / (1 + np.exp(-1)) / 9)
    assert room.share[0, BY_OTHERS] == pytest.approx((1 - 0.5 / 27) / 2)


def test_beyond_the_largest_raid_features_stay():
    knots, largest = np.array([1.0, 2.0]), np.array([20, 30, 0, 0])
    at_most = features(largest, largest, 0, 0.5, knots)
    assert features(np.array([90, 30, 0, 0]), largest, 0, 0.5, knots) == at_most
    assert features(np.array([20, 90, 7, 0]), largest, 0, 0.5, knots) == at_most
    assert features(np.array([19, 29, 0, 0]), largest, 0, 0.5, knots) == pytest.approx(
        (1.0, np.log(20), np.log(20) - 1, np.log(20) - 2, np.log(30), np.log(30)**2, 0.5))


def test_regressions_give_back_what_they_were_fed():
    """Means at the truth instead of draws: the coefficients come out but for the ridge."""
    draw = np.random.default_rng(3)
    x = np.column_stack([np.ones(400), draw.normal(2, 1, (400, 3)), np.zeros((400, 3))])
    truth = np.array([-1.0, 0.5, -0.3, 0.2, 0.0, 0.0, 0.0])
    of = np.full(400, 50.0)
    assert fit_shares(x, of / (1 + np.exp(-x @ truth)), of) == pytest.approx(truth, abs=0.002)
    assert fit_rounds(x, of * np.exp(x @ truth), of) == pytest.approx(truth, abs=0.002)


def test_never_and_always_are_exact():
    x, of = np.ones((5, N_FEATURES)), np.full(5, 3.0)
    assert 1 / (1 + np.exp(-fit_shares(x, of, of)[0])) == 1.0
    assert np.exp(fit_shares(x, 0 * of, of)[0]) == 0.0
    assert np.exp(fit_rounds(x, 0 * of, of)[0]) == 0.0


def a_stock(rounds):
    """Tables and the state of one stock of that many rounds."""
    scenario = by_rates({"2026-01-05": 1}, [], stocks={"arrow": rounds})
    tables = lower(scenario.stockpile, Sampler(rng.key(1), 1, False)).tables
    state = empty_state(tables)
    state.stock[:], state.wanted[:], state.fired[:] = rounds, 0, 0
    return tables, state


@pytest.mark.compiled
@pytest.mark.parametrize("rounds", [0, 3, 12, 1000])
def test_draws_have_the_mean_of_the_surface_and_never_exceed_the_stock(rounds):
    one = Surface(np.zeros((N_CLASSES, 2)), np.zeros((1, N_CLASSES, N_FEATURES)), np.array([4.0]),
                  np.zeros((4, N_CLASSES, N_FEATURES)), np.ones((2, N_CLASSES)))
    one.shares[ENGAGED, 0, 0], one.shares[HARMLESS, 0, 0], one.shares[BY_OTHERS, 0, 0] = 1.5, -2.0, -1.0
    one.need[0, 0, 0] = np.log(1.3)
    surfaces = empty_surfaces(1, 1, 1, 1)._replace(fits=stack([[one]], 1, 1))
    surfaces.extent.largest[:], surfaces.extent.n_stocks[:], surfaces.columns.room[:] = 20, 1, 500
    counts, room, key = np.array([10, 0, 0, 0]), empty_room(1), rng.key(5)
    tables, state = a_stock(rounds)
    seen, fired = [], []
    for day in range(4000):
        state.stock[:] = rounds
        meet_by_surface(surfaces, tables.start, key, 0, 0, np.uint64(day), counts, state, room)
        seen.append(room.done[0].copy())
        fired.append(rounds - state.stock[0])
    seen, fired = np.array(seen), np.array(fired)
    expected = 10 * room.share[0]
    error = seen.std(axis=0, ddof=1) / np.sqrt(4000)
    assert (np.abs(seen.mean(axis=0) - expected) <= 4 * error + 1e-12).all()
    assert abs(fired.mean() - room.need[0, 0] * room.phi[0]) <= 4 * fired.std(ddof=1) / np.sqrt(4000) + 1e-12
    assert fired.max() <= rounds
    if rounds == 1000:
        assert fired.std() > 1, "rounds follow those that are really engaged"


@pytest.mark.parametrize(("rounds", "room_at_sites", "wanted"), [(0, 99, 20), (7, 99, 20), (0, 6, 6), (50, 6, None)])
def test_rounds_that_a_stock_lacks_are_wanted(rounds, room_at_sites, wanted):
    """Two rounds for each of ten threats are wanted: as many as the sites could have held, whatever the stock holds."""
    one = Surface(np.zeros((N_CLASSES, 2)), np.zeros((1, N_CLASSES, N_FEATURES)), np.array([4.0]),
                  np.zeros((4, N_CLASSES, N_FEATURES)), np.ones((2, N_CLASSES)))
    one.need[0, 0, 0] = np.log(2.0)
    surfaces = empty_surfaces(1, 1, 1, 1)._replace(fits=stack([[one]], 1, 1))
    surfaces.extent.n_stocks[0], surfaces.extent.largest[0] = 1, 100
    surfaces.columns.room[0, 0, 0] = room_at_sites
    tables, state = a_stock(rounds)
    counts = np.zeros(N_CLASSES, np.int64)
    counts[0] = 10
    meet_by_surface(surfaces, tables.start, rng.key(5), 0, 0, np.uint64(1), counts, state, empty_room(1))
    assert state.stock[0] == rounds - state.fired[0]
    if wanted is None:  # enough in stock: what was fired is all that was wanted
        assert 0 < state.wanted[0] == state.fired[0] <= room_at_sites
    else:
        assert abs(state.wanted[0] - wanted) <= 1


def test_the_last_doctrine_step_that_holds_wins():
    surfaces = empty_surfaces(1, 1, 1, 3)
    surfaces.extent.n_steps[0] = 2
    surfaces.columns.below[0, 0, 1:] = 0.5, 0.2
    tables, state = a_stock(100)
    found = []
    for left in (100, 51, 50, 21, 20, 0):
        state.stock[:] = left
        found.append(step_that_holds(surfaces, tables.start, 0, 0, state))
    assert found == [0, 0, 1, 1, 2, 2]
    surfaces.columns.below[0, 0, 1:] = 0.57, 0.29  # times 100 a little less than 57 and 29 in floating point
    state.stock[:] = 57
    assert step_that_holds(surfaces, tables.start, 0, 0, state) == 1
    state.stock[:] = 29
    assert step_that_holds(surfaces, tables.start, 0, 0, state) == 2
