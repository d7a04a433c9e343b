"""A response surface: what a raid of any size against any stock comes to on average, without simulating it.

The model, for classes c and stocks j, with features x = (1, L_c, (L_c - B_1)+, (L_c - B_2)+, L_o, L_o ** 2, kill
term), where L_c = log(1 + n_c), L_o = log(1 + all others), and B are the two places where the line bends:

    rounds wanted        need_jc = n_c exp(x . a_jc)
    stock against need   phi_j   = (1 + (need_j / ready_j) ** k_j) ** (-1 / k_j),  0 without stock
    rounds fired         need_j phi_j, never more than is ready
    what a class gets    phi_c   = sum_j need_jc phi_j / sum_j need_jc
    harmless             h_c     = logistic(x . b_hc)
    destroyed, stocks    d_c     = (1 - h_c) logistic(x . b_dc) phi_c ** m_dc
    destroyed, others    o_c     = (1 - h_c - d_c) logistic(x . b_oc)
    engaged              e_c     = logistic(x . b_ec) phi_c ** m_ec, at least d_c

No stock, no shots; shots never exceed stock; destroyed and harmless never exceed all, whatever the coefficients. The
kill term is the run's own kill probability, so that what a campaign assumes of its interceptors holds in all its raids.
`campaign.design` fits it to simulated raids; docs/models/campaigns.md says what spread is lost.
"""

import math
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.battle import CLASSES
from opendome.kernel import F64Array, I64Array, Packed, kernel, pack
from opendome.stockpile.flow import fire
from opendome.stockpile.rates import ROUNDING

N_CLASSES, N_FEATURES = len(CLASSES), 7

ENGAGED, BY_STOCKS, BY_OTHERS, HARMLESS = range(4)
"""What the surface gives of each class, in the order of `campaign.fight`."""

CERTAIN = 1000.0
"""An intercept that stands for never (negative) or always."""

_ENTITY_ROUNDS = 99
"""Child of a day for the draws that round numbers of rounds to whole ones."""


class Surface(NamedTuple):
    """Coefficients of one fitted surface. C classes, J stocks, F features."""

    knots: F64Array  # (C, 2) where a class's line bends, in log(1 + its number)
    need: F64Array  # (J, C, F)
    sharpness: F64Array  # (J,) k
    shares: F64Array  # (4, C, F) logistic coefficients of ENGAGED, BY_STOCKS, BY_OTHERS, HARMLESS
    bend: F64Array  # (2, C) powers m of ENGAGED and BY_STOCKS


class Extent(NamedTuple):
    """What the surfaces of each campaign are about. G campaigns, J stocks, S doctrine steps (0: none holds)."""

    largest: I64Array  # (G, C) largest number of each class that they were fitted to
    n_stocks: I64Array  # (G,)
    pair: I64Array  # (G, J) row in stockpile.tables.Pairs
    n_steps: I64Array  # (G,) doctrine steps
    watched: I64Array  # (G, S) pair whose stock decides; row 0 is not read


class Columns(NamedTuple):
    """What each run assumes. R runs."""

    room: I64Array  # (R, G, J) rounds that the sites hold at most
    kill_term: F64Array  # (R, G, C)
    below: F64Array  # (R, G, S) share of the stock at the start


class Surfaces(NamedTuple):
    """The surfaces of all campaigns, packed; rows that are not used are zero."""

    fits: Packed  # (G, S) of Surface
    extent: Packed  # (G,) of Extent
    columns: Packed  # (R, G) of Columns


class Room(NamedTuple):
    """Where one thread puts what a surface says of a raid."""

    ready: I64Array  # (J,) rounds at the sites
    need: F64Array  # (J, C) rounds wanted
    phi: F64Array  # (J,) share of them that is fired
    share: F64Array  # (C, 4) ENGAGED, BY_STOCKS, BY_OTHERS, HARMLESS
    done: I64Array  # (C, 4) the same, drawn


def empty_room(n_stocks: int) -> Room:
    """Room for `n_stocks` stocks."""
    return Room(np.zeros(n_stocks, np.int64), np.zeros((n_stocks, N_CLASSES)), np.zeros(n_stocks),
                np.zeros((N_CLASSES, 4)), np.zeros((N_CLASSES, 4), np.int64))


@kernel
def features(counts, largest, c, kill_term, knots):
    """The features of class c in a raid of `counts` (C,), whose line bends at `knots` (2,). Beyond `largest` (C,) they
    stay what they are there."""
    mine, others = math.log1p(min(counts[c], largest[c])), 0
    for other in range(counts.shape[0]):
        if other != c:
            others += min(counts[other], largest[other])
    rest = math.log1p(others)
    return 1.0, mine, max(0.0, mine - knots[0]), max(0.0, mine - knots[1]), rest, rest * rest, kill_term


@kernel
def _line(coefficients, x):
    """The sum of coefficients times features."""
    return (coefficients[0] * x[0] + coefficients[1] * x[1] + coefficients[2] * x[2] + coefficients[3] * x[3]
            + coefficients[4] * x[4] + coefficients[5] * x[5] + coefficients[6] * x[6])


@kernel
def _logistic(z):
    """The probability whose log odds are z."""
    if z >= 0.0:
        return 1.0 / (1.0 + math.exp(-z))
    return math.exp(z) / (1.0 + math.exp(z))


@kernel
def met_share(need, ready, sharpness):
    """Share of the rounds wanted that is fired: 1 when there are many more, ready / need when there are far fewer."""
    if ready <= 0.0:
        return 0.0
    ratio = need / ready
    if ratio <= 1.0:
        return (1.0 + ratio**sharpness) ** (-1.0 / sharpness)
    return (1.0 + ratio ** (-sharpness)) ** (-1.0 / sharpness) / ratio


@kernel
def expect(knots, need, sharpness, shares, bend, n_stocks, counts, largest, kill_term, room):
    """Rounds wanted, the share of them fired, and what becomes of each class on average, into `room`.

    `counts` and `largest` (C,), `kill_term` (C,), `room.ready` (J,); the others are the fields of a `Surface`.
    """
    for j in range(n_stocks):
        total = 0.0
        for c in range(counts.shape[0]):
            x = features(counts, largest, c, kill_term[c], knots[c])
            room.need[j, c] = counts[c] * math.exp(_line(need[j, c], x)) if counts[c] > 0 else 0.0
            total += room.need[j, c]
        room.phi[j] = met_share(total, room.ready[j], sharpness[j])
    for c in range(counts.shape[0]):
        if counts[c] == 0:
            room.share[c] = 0.0
            continue
        x = features(counts, largest, c, kill_term[c], knots[c])
        wanted, fired = 0.0, 0.0
        for j in range(n_stocks):
            wanted += room.need[j, c]
            fired += room.need[j, c] * room.phi[j]
        phi = fired / wanted if wanted > 0.0 else 0.0
        harmless = _logistic(_line(shares[HARMLESS, c], x))
        ours = (1.0 - harmless) * _logistic(_line(shares[BY_STOCKS, c], x)) * phi ** bend[BY_STOCKS, c]
        room.share[c, HARMLESS], room.share[c, BY_STOCKS] = harmless, ours
        room.share[c, BY_OTHERS] = (1.0 - harmless - ours) * _logistic(_line(shares[BY_OTHERS, c], x))
        room.share[c, ENGAGED] = max(ours, _logistic(_line(shares[ENGAGED, c], x)) * phi ** bend[ENGAGED, c])


@kernel
def step_that_holds(surfaces, start, run, g, state):
    """The last doctrine step of a campaign whose stock is low enough, 0 when none is."""
    for step in range(surfaces.extent.n_steps[g], 0, -1):
        pair = surfaces.extent.watched[g, step]
        if state.stock[pair] <= surfaces.columns.below[run, g, step] * start[run, pair] + ROUNDING:
            return step
    return 0


@kernel
def _draw_class(key, run, day, c, n, room):
    """What becomes of the n threats of a class, one by one, into room.done. Draws: SURFACE_NOISE at (run, threat)."""
    share, done = room.share[c], room.done[c]
    done[:] = 0
    ours, entity_of_class = share[BY_STOCKS], rng.child(day, c)
    p_missed = max(0.0, share[ENGAGED] - ours) / (1.0 - ours) if ours < 1.0 else 0.0
    for ordinal in range(n):
        entity = rng.child(entity_of_class, ordinal)
        u, other = rng.uniform_pair(key, run, rng.SURFACE_NOISE, entity, 0)
        if u < ours:
            done[BY_STOCKS] += 1
            done[ENGAGED] += 1
            continue
        if u < ours + share[HARMLESS]:
            done[HARMLESS] += 1
        elif u < ours + share[HARMLESS] + share[BY_OTHERS]:
            done[BY_OTHERS] += 1
        done[ENGAGED] += other < p_missed


@kernel
def meet_by_surface(surfaces, start, key, run, g, day, counts, state, room):
    """Engage a raid of `counts` (C,) threats by a campaign's surface; what became of them is in `room.done`.

    Rounds are rounded to whole ones by a draw. Draws: SURFACE_NOISE at (run, threat) and (run, day).
    """
    step, n_stocks = step_that_holds(surfaces, start, run, g, state), surfaces.extent.n_stocks[g]
    for j in range(n_stocks):
        room.ready[j] = min(surfaces.columns.room[run, g, j], state.stock[surfaces.extent.pair[g, j]])
    fits = surfaces.fits
    expect(fits.knots[g, step], fits.need[g, step], fits.sharpness[g, step], fits.shares[g, step], fits.bend[g, step],
           n_stocks, counts, surfaces.extent.largest[g], surfaces.columns.kill_term[run, g], room)
    for c in range(counts.shape[0]):
        _draw_class(key, run, day, c, counts[c], room)
    for j in range(n_stocks):
        _take_rounds(surfaces, key, run, g, day, j, counts, state, room)


@kernel
def _take_rounds(surfaces, key, run, g, day, j, counts, state, room):
    """Fire the rounds of stock j that a drawn raid takes. They follow the number that was really engaged as far as the
    stock lets them, up and down alike, so that their mean stays that of the surface."""
    mean, drawn, wanted, ready = 0.0, 0.0, 0.0, room.ready[j]
    for c in range(counts.shape[0]):
        rounds, engaged = room.need[j, c] * room.phi[j], counts[c] * room.share[c, ENGAGED]
        wanted += room.need[j, c]
        mean += rounds
        drawn += rounds * room.done[c, ENGAGED] / engaged if engaged > 0.0 else rounds
    slack = min(mean, ready - mean)
    pair, u = surfaces.extent.pair[g, j], rng.uniform(key, run, rng.SURFACE_NOISE, rng.child(day, _ENTITY_ROUNDS), j)
    possible = min(wanted, surfaces.columns.room[run, g, j])
    is_short = state.stock[pair] < possible
    fired = fire(state, pair, min(int(mean + min(max(drawn - mean, -slack), slack) + u), ready))
    if is_short:  # asked for as well, had there been more
        state.wanted[pair] += max(0, int(possible + u) - fired)


def stack(surfaces: list[list[Surface]], n_stocks: int, n_steps: int) -> Packed:
    """(G, S) of Surface: the coefficients of all campaigns and steps, for `n_stocks` stocks. A campaign without a
    surface has an empty list; `n_steps` counts the surface before any step."""
    shape = (len(surfaces), n_steps)
    found = Surface(np.zeros((*shape, N_CLASSES, 2)), np.zeros((*shape, n_stocks, N_CLASSES, N_FEATURES)),
                    np.ones((*shape, n_stocks)), np.zeros((*shape, 4, N_CLASSES, N_FEATURES)),
                    np.ones((*shape, 2, N_CLASSES)))
    for g, steps in enumerate(surfaces):
        for s, one in enumerate(steps):
            j = one.need.shape[0]
            found.knots[g, s] = one.knots
            found.need[g, s, :j], found.sharpness[g, s, :j] = one.need, one.sharpness
            found.shares[g, s], found.bend[g, s] = one.shares, one.bend
    return pack(found, axes=2)


def empty_surfaces(runs: int, n_campaigns: int, n_stocks: int, n_steps: int) -> Surfaces:
    """Surfaces whose tables are all zero."""
    n = n_campaigns
    extent = Extent(np.zeros((n, N_CLASSES), np.int64), np.zeros(n, np.int64), np.zeros((n, n_stocks), np.int64),
                    np.zeros(n, np.int64), np.zeros((n, n_steps), np.int64))
    columns = Columns(np.zeros((runs, n, n_stocks), np.int64), np.zeros((runs, n, N_CLASSES)),
                      np.zeros((runs, n, n_steps)))
    return Surfaces(stack([[]] * n, n_stocks, n_steps), pack(extent), pack(columns, axes=2))
