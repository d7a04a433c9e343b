"""Which of several combinations are on the front of two means, and how sure that is.

A combination is dominated where another costs no more and is no worse, and is better in one of the two; the others are
on the front. Means are estimates, so the runs are drawn again with replacement, the same runs of all combinations, and
the front is looked for anew: the share of draws in which a combination is on it says how far it can be trusted. That
is the bootstrap (Efron 1979, doi 10.1214/aos/1176344552); it knows only what happened in some run.
"""

from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.kernel import BoolArray, F64Array, I64Array, U64Array

DIGITS = 9
"""Two means are equal where they differ by less than this digit of the largest: they are sums in another order."""

CELLS = 4_000_000
"""Most numbers of a block of draws, to bound the memory."""


class Chances(NamedTuple):
    """Shares of the draws, by combination; P of them."""

    p_front: F64Array
    """(P,) in which it is on the front."""
    p_best: F64Array
    """(P,) in which no other within the budget is better, or as good and cheaper."""


def on_front(cost: F64Array, figure: F64Array) -> BoolArray:
    """(P,) whether no other combination dominates it, from (P,) costs and figures of which less is better.

    One without a number is on no front, and dominates nothing.
    """
    found = np.zeros(len(cost), np.bool_)
    known = np.flatnonzero(np.isfinite(cost) & np.isfinite(figure))
    c, f = _even(cost[known]), _even(figure[known])
    order = np.lexsort((f, c))
    c, f = c[order], f[order]
    first = np.searchsorted(c, c, side="left")  # of those that cost the same, the best
    cheaper_best = np.concatenate([[np.inf], np.minimum.accumulate(f)])[first]
    found[known[order]] = (f <= f[first]) & (f < cheaper_best)
    return found


def dominated_by(cost: F64Array, figure: F64Array) -> I64Array:
    """(P,) the combination on the front that is the best of those that cost no more; -1 where it is on the front
    itself, or has no number."""
    found = np.full(len(cost), -1, np.int64)
    is_front = on_front(cost, figure)
    front = np.flatnonzero(is_front)
    known = np.flatnonzero(np.isfinite(cost) & np.isfinite(figure) & ~is_front)
    if not len(known):
        return found
    c, f = np.full(len(cost), np.nan), np.full(len(cost), np.nan)
    either = np.concatenate([front, known])
    c[either], f[either] = _even(cost[either]), _even(figure[either])
    front = front[np.lexsort((-front, c[front]))]  # by cost; of equals the first in the grid stands last
    found[known] = front[np.searchsorted(c[front], c[known], side="right") - 1]
    return found


def best_within(cost: F64Array, figure: F64Array, budget: float) -> BoolArray:
    """(P,) whether no other combination within the budget is better, or as good and cheaper; alike ones are best
    together. None is where none is within it."""
    is_within = np.isfinite(figure) & (cost <= budget)
    if not is_within.any():
        return is_within
    c, f = _even(cost), _even(figure)
    is_best = is_within & (f == f[is_within].min())
    return np.asarray(is_best & (c == c[is_best].min()))


def chances(cost: F64Array, figure: F64Array, budget: float | None, key: U64Array, draws: int) -> Chances:
    """How often each combination is on the front, and the best within the budget, when runs are drawn again.

    `cost` and `figure`: (R, P) run by run, NaN where a run has none; less is better. Draws: FRONTIER at (place in the
    draw, 0, draw), so that they are the same for any number of combinations. Without a budget `p_best` is NaN, and with
    a single run both are.
    """
    runs, n = cost.shape
    if runs < 2:
        return Chances(np.full(n, np.nan), np.full(n, np.nan))
    front, best = np.zeros(n), np.zeros(n)
    block = max(1, CELLS // max(runs, n))
    for first in range(0, draws, block):
        times = np.array([_times_drawn(key, k, runs) for k in range(first, min(first + block, draws))])
        for c, f in zip(_means(times, cost), _means(times, figure)):
            front += on_front(c, f)
            if budget is not None:
                best += best_within(c, f, budget)
    return Chances(front / draws, best / draws if budget is not None else np.full(n, np.nan))


def _times_drawn(key: U64Array, draw: int, runs: int) -> F64Array:
    """(R,) how often each run is drawn."""
    u = np.empty(runs)
    rng.uniform_column(key, 0, rng.FRONTIER, 0, draw, u)
    return np.bincount((u * runs).astype(np.int64), minlength=runs).astype(np.float64)


def _means(times: F64Array, values: F64Array) -> F64Array:
    """(B, P) means over the runs drawn, of those that have a value."""
    has = np.isfinite(values)
    used = times @ has.astype(np.float64)
    means = np.full(used.shape, np.nan)
    np.divide(times @ np.where(has, values, 0.0), used, out=means, where=used > 0)
    return means


def _even(values: F64Array) -> F64Array:
    """Values to so many digits of the largest, so that what is equal but for rounding is equal."""
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    return values if largest == 0.0 else np.round(values / largest, DIGITS)
