"""What units cost that become cheaper as more are built, in prices of the first unit.

Each time that twice as many have been built, what is left of the price is `learning`; b = log2(learning). Two theories:

    unit                unit i costs i^b (Crawford); n units cost their sum
    cumulative average  the average of the first n is n^b (Wright 1936); n units cost n^(1 + b)

The sum over units is taken by the Euler-Maclaurin formula, beyond the first few terms, which stand as they are; the
same formula holds between whole numbers. docs/models/cost.md has the sources, and what the theories differ by.
"""

import numpy as np
from scipy.special import boxcox

from opendome.kernel import F64Array

DIRECT = 12
"""Terms that stand as they are: the series beyond is then good to 1e-13."""

NEAR_LOG = 1e-3
"""1 + b below which (x^(1 + b) - 1) / (1 + b) loses digits, and is taken by a slower function that keeps them."""


def slope_of(learning: F64Array | float) -> F64Array:
    """The exponent b of a learning rate."""
    return np.asarray(np.log2(learning))


def total(n: F64Array, slope: F64Array, *, is_average: bool = False) -> F64Array:
    """What the first n units cost together, in prices of the first; n need not be whole, and is not negative."""
    return between(np.zeros(1), n, slope, is_average=is_average)


def between(first: F64Array, last: F64Array, slope: F64Array, *, is_average: bool = False) -> F64Array:
    """What the units after number `first` up to number `last` cost together, in prices of unit 1.

    `slope`: exponent b; shapes must go together.
    """
    if not np.any(slope):
        return np.asarray(last - first)
    if is_average:
        return np.asarray(last ** (1.0 + slope) - first ** (1.0 + slope))
    return _sum(last, slope) - _sum(first, slope)


def area(first: F64Array, last: F64Array, slope: F64Array, *, is_average: bool = False) -> F64Array:
    """The integral of `between(first, n)` over n from `first` to `last`."""
    units = last - first
    if not np.any(slope):
        return np.asarray(units * units / 2.0)
    if is_average:
        b = 2.0 + slope
        return np.asarray((last**b - first**b) / b - units * first ** (1.0 + slope))
    return _area(last, slope) - _area(first, slope) - units * _sum(first, slope)


def _sum(n: F64Array, slope: F64Array) -> F64Array:
    """Sum of i^b up to n, but for a constant that depends on b alone."""
    n, b = np.broadcast_arrays(n, slope)
    is_near = n < DIRECT
    x = np.where(is_near, n + DIRECT, n)
    power, square = x**b, x * x
    tail = 1.0 / 30240 - (b - 5) * (b - 6) / (1209600 * square)
    tail = -1.0 / 720 + (b - 3) * (b - 4) * tail / square
    tail = 1.0 / 12 + (b - 1) * (b - 2) * tail / square
    found = np.asarray(_rise(x, power, b) + power * (0.5 + b * tail / x))
    if is_near.any():
        near, of = n[is_near], b[is_near]
        found[is_near] -= np.sum([(near + i) ** of for i in range(1, DIRECT + 1)], axis=0)
    return found


def _area(n: F64Array, slope: F64Array) -> F64Array:
    """Integral of `_sum` over n, but for a constant that depends on b alone."""
    n, b = np.broadcast_arrays(n, slope)
    is_near = n < DIRECT
    x = np.where(is_near, n + DIRECT, n)
    power, square = x**b, x * x
    rise = _rise(x, power, b)
    tail = 1.0 / 30240 - (b - 4) * (b - 5) / (1209600 * square)
    tail = -1.0 / 720 + (b - 2) * (b - 3) * tail / square
    tail = 1.0 / 12 + b * (b - 1) * tail / square
    found = np.asarray(x * (rise - 1.0) / (2.0 + b) + rise / 2.0 + power * tail)
    if is_near.any():
        near, of = n[is_near], b[is_near]
        found[is_near] -= np.sum([_rise(near + i, (near + i) ** of, of) for i in range(1, DIRECT + 1)], axis=0)
    return found


def _rise(x: F64Array, power: F64Array, b: F64Array) -> F64Array:
    """Integral of x^b from 1 to x; its limit ln x at b = -1. `power` is x^b."""
    c = 1.0 + b
    if np.min(c) > NEAR_LOG:
        return np.asarray((x * power - 1.0) / c)
    return np.asarray(boxcox(x, c))
