"""What each of several changes adds to their joint effect, averaged over all orders in which they can be made.

Changes are players, numbered from 0. A set of them is a whole number whose bit i says whether player i is in it, so
that a table of worths has a row for every set: worth[0] of none, worth[-1] of all. Everything is exact: every set is
looked at, and none is drawn.

    share_i = sum over sets S without i of  |S|! (n - |S| - 1)! / n!  (worth(S and i) - worth(S))

Shares add up to worth(all) - worth(none). A player that never adds anything has none; two that always add the same have
the same; numbering them otherwise changes nothing.

Left out: sampling of orders for more players than `PLAYERS_MAX`.
Source: L. S. Shapley, A value for n-person games, 1953, doi 10.1515/9781400881970-018; docs/models/swaps.md.
"""

from math import factorial

import numpy as np

from opendome.errors import InputError
from opendome.kernel import F64Array, I64Array

PLAYERS_MAX = 15
"""Most players: 32,768 sets."""

NOISE = 1e-10
"""Effects below this share of the largest worth are rounding errors."""


def shares(worth: F64Array) -> F64Array:
    """(n,) Shapley's share of each player, in the unit of `worth`, which has a row for each of the 2^n sets.

    Raises `InputError` for a number of rows that is no power of two, and for more than `PLAYERS_MAX` players.
    """
    n = _n_players(worth)
    size = _sizes(n)
    weight = np.array([factorial(k) * factorial(n - k - 1) / factorial(n) for k in range(n)])
    return np.array([np.sum(weight[size[out]] * (worth[out | 1 << i] - worth[out]))
                     for i in range(n) for out in [_without(n, i)]])


def first(worth: F64Array) -> F64Array:
    """(n,) what each player adds when it comes first: alone, to none."""
    return np.array([worth[1 << i] - worth[0] for i in range(_n_players(worth))])


def last(worth: F64Array) -> F64Array:
    """(n,) what each player adds when it comes last: what is lost without it."""
    every = len(worth) - 1
    return np.array([worth[every] - worth[every ^ 1 << i] for i in range(_n_players(worth))])


def acts_with(worth: F64Array) -> list[list[int]]:
    """For each player, those with which it acts together: what it adds depends on whether they are there.

    The share of a player is the same in the game of it and these alone, whatever the others do.
    """
    n = _n_players(worth)
    noise = NOISE * float(np.max(np.abs(worth)))
    return [[j for j in range(n) if j != i and _is_joint(worth, n, i, j, noise)] for i in range(n)]


def _is_joint(worth: F64Array, n: int, i: int, j: int, noise: float) -> bool:
    out = _without(n, i)
    out = out[out & 1 << j == 0]
    each, both = worth[out | 1 << i] + worth[out | 1 << j], worth[out | 1 << i | 1 << j] + worth[out]
    return bool(np.max(np.abs(both - each)) > noise)


def check(n: int) -> None:
    """Raise `InputError` for more players than can be looked at in all orders."""
    if n > PLAYERS_MAX:
        raise InputError(f"{n} changes\n  must be at most {PLAYERS_MAX}: every set of them is computed once, and "
                         f"there are {2**n:,}\nhint: make some of them alike with --set, or put some in one group")


def _n_players(worth: F64Array) -> int:
    n = len(worth).bit_length() - 1
    if len(worth) != 1 << n:
        raise InputError(f"{len(worth)} worths\n  must be one for every set of changes, a power of two")
    check(n)
    return n


def _sizes(n: int) -> I64Array:
    """(2^n,) how many players are in each set."""
    return np.array([found.bit_count() for found in range(1 << n)])


def _without(n: int, i: int) -> I64Array:
    """The sets that lack player i."""
    every: I64Array = np.arange(1 << n)
    found: I64Array = every[every & 1 << i == 0]
    return found
