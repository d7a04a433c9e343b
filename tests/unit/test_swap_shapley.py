"""Shapley's shares against games worked out on paper, and against every order written out."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from opendome.errors import InputError
from opendome.reproduce.shapley import acts_with, first, last, shares


def game(n, worth_of):
    """Worths of all sets of n players, from a function of the tuple of those that are in."""
    return np.array([worth_of(*(found >> i & 1 for i in range(n))) for found in range(1 << n)], float)


def in_every_order(worth, n):
    """The definition, written out: the mean over all orders of what a player adds to those before it."""
    total = np.zeros(n)
    for order in permutations(range(n)):
        there = 0
        for i in order:
            total[i] += worth[there | 1 << i] - worth[there]
            there |= 1 << i
    return total / factorial(n)


def test_a_product_of_two():
    """2 x 3 becomes 5 x 7: 29 in all. First 5 - 2 at 3 (9), then at 7 (21): mean 15. The other 2 x 4 and 5 x 4: 14."""
    worth = game(2, lambda a, b: (5 if a else 2) * (7 if b else 3))
    assert shares(worth).tolist() == [15.0, 14.0]
    assert first(worth).tolist() == [9.0, 8.0]
    assert last(worth).tolist() == [21.0, 20.0]
    assert acts_with(worth) == [[1], [0]]


def test_of_a_sum_each_gets_its_own_difference():
    worth = game(3, lambda a, b, c: 10 + 4 * a - 3 * b + 0.5 * c)
    assert shares(worth).tolist() == pytest.approx([4.0, -3.0, 0.5], abs=1e-12)
    assert first(worth).tolist() == last(worth).tolist() == [4.0, -3.0, 0.5]
    assert acts_with(worth) == [[], [], []]


def test_three_that_act_together():
    """a b c with a: 1 -> 2, b: 1 -> 3, c: 1 -> 5, 29 in all.

    Of a, whose step is 1: at b c = 1 (weight 1/3), 3 and 5 (1/6 each), 15 (1/3): 1/3 + 8/6 + 5 = 40/6. Of b, step 2: at
    1, 2 and 5, 10: 2 (1/3 + 7/6 + 10/3) = 58/6. Of c, step 4: at 1, 2 and 3, 6: 4 (1/3 + 5/6 + 2) = 76/6.
    """
    worth = game(3, lambda a, b, c: (2 if a else 1) * (3 if b else 1) * (5 if c else 1))
    assert shares(worth).tolist() == pytest.approx([40 / 6, 58 / 6, 76 / 6], abs=1e-12)


def test_only_all_three_together():
    """Nothing happens until all are there: each a third."""
    assert shares(game(3, lambda a, b, c: 6 * a * b * c)).tolist() == pytest.approx([2.0, 2.0, 2.0], abs=1e-12)


def test_one_that_adds_nothing_has_none():
    worth = game(3, lambda a, b, c: 7 + a + 3 * a * c)
    assert shares(worth).tolist() == pytest.approx([2.5, 0.0, 1.5], abs=1e-12)
    assert acts_with(worth) == [[2], [], [0]]


def test_two_that_add_the_same_have_the_same():
    found = shares(game(3, lambda a, b, c: max(a, b) + 2 * a * b * c))
    assert found[0] == pytest.approx(found[1], abs=1e-12)


@pytest.mark.parametrize("n", [1, 4, 6])
def test_any_game_as_in_every_order_and_complete(n):
    worth = np.random.default_rng(n).normal(size=1 << n)
    found = shares(worth)
    assert found == pytest.approx(in_every_order(worth, n), abs=1e-12)
    assert found.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-12)


def test_numbering_changes_nothing():
    rng = np.random.default_rng(3)
    worth, new = rng.normal(size=16), [2, 0, 3, 1]
    moved = np.array([worth[sum((found >> new[old] & 1) << old for old in range(4))] for found in range(16)])
    assert shares(moved)[new] == pytest.approx(shares(worth), abs=1e-12)


def test_a_share_is_that_of_the_game_with_those_it_acts_with():
    """0 acts with 2 alone, so 1 and 3 may be left where they are, in or out."""
    worth = game(4, lambda a, b, c, d: 2 * a + 5 * a * c + 3 * b * d - 4 * c * d + d)
    assert acts_with(worth) == [[2], [3], [0, 3], [1, 2]]
    small = np.array([worth[0b0000], worth[0b0001], worth[0b0100], worth[0b0101]])
    beside = np.array([worth[0b1010], worth[0b1011], worth[0b1110], worth[0b1111]])
    assert shares(small)[0] == pytest.approx(shares(worth)[0], abs=1e-12)
    assert shares(beside)[0] == pytest.approx(shares(worth)[0], abs=1e-12)


def test_nothing_to_share():
    assert shares(np.array([4.0])).tolist() == []


def test_too_many_players():
    with pytest.raises(InputError, match=r"16 changes\n  must be at most 15: .* there are 65,536\nhint: "):
        shares(np.zeros(1 << 16))


def test_a_worth_is_missing():
    with pytest.raises(InputError, match=r"3 worths\n  must be one for every set"):
        shares(np.zeros(3))
