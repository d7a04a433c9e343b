"""Two regressions with a small ridge: shares by a logistic line, rounds by an exponential one.

Fitted by iterated least squares (Fisher's scoring; McCullagh and Nelder 1989) in standardised features. The ridge keeps
coefficients finite where the data would not: features that say the same, or shares that are 0 on one side and 1 on the
other.
"""

import math
from collections.abc import Callable

import numpy as np

from opendome.campaign.surface import CERTAIN
from opendome.kernel import F64Array

RIDGE = 0.1
"""Added to the information of every standardised coefficient but the intercept: a tenth of one threat's worth."""

STEPS, LINE_MAX = 60, 15.0
"""Most steps of the iterated least squares, and largest linear predictor in it."""


def _standard(x: F64Array) -> tuple[F64Array, F64Array, F64Array]:
    """Columns with mean 0 and spread 1 (the first is the intercept), their means and their spreads; columns that do not
    vary become 0."""
    mean, sd = x.mean(axis=0), x.std(axis=0)
    sd[sd < 1e-9] = np.inf
    mean[0], sd[0] = 0.0, 1.0
    return (x - mean) / sd, mean, sd


def _iterate(x: F64Array, step: Callable[[F64Array], tuple[F64Array, F64Array]], start: float) -> F64Array:
    """(F,) coefficients. `step` gives weights and residuals of a linear predictor, as in Fisher's scoring."""
    z, mean, sd = _standard(x)
    ridge = np.diag([1e-9] + [RIDGE] * (x.shape[1] - 1))
    found = np.zeros(x.shape[1])
    found[0] = start
    for _ in range(STEPS):
        weight, residual = step(z @ found)
        change = np.linalg.solve(z.T @ (z * weight[:, np.newaxis]) + ridge, z.T @ residual - ridge @ found)
        found = found + change * min(1.0, 3.0 / max(np.abs(change).max(), 1e-12))
        if np.abs(change).max() < 1e-9:
            break
    found = found / sd
    found[0] -= float(found[1:] @ mean[1:])
    return np.asarray(found)


def fit_shares(x: F64Array, hits: F64Array, of: F64Array) -> F64Array:
    """(F,) logistic coefficients of `hits` out of `of` (N,) at features x (N, F); never and always are exact."""
    found, total, some = np.zeros(x.shape[1]), float(of.sum()), float(hits.sum())
    if some <= 0.0 or some >= total:
        found[0] = -CERTAIN if some <= 0.0 else CERTAIN
        return found
    keep = of > 0
    x, hits, of = x[keep], hits[keep], of[keep]

    def step(line: F64Array) -> tuple[F64Array, F64Array]:
        p = 1.0 / (1.0 + np.exp(-np.clip(line, -LINE_MAX, LINE_MAX)))
        return of * p * (1.0 - p), hits - of * p

    return _iterate(x, step, math.log(some / (total - some)))


def fit_rounds(x: F64Array, rounds: F64Array, n: F64Array) -> F64Array:
    """(F,) logarithmic coefficients of `rounds` for each of `n` threats (N,) at features x (N, F); none is exact."""
    found = np.zeros(x.shape[1])
    if rounds.sum() <= 0.0:
        found[0] = -CERTAIN
        return found
    keep = n > 0
    x, rounds, n = x[keep], rounds[keep], n[keep]

    def step(line: F64Array) -> tuple[F64Array, F64Array]:
        mean = n * np.exp(np.clip(line, -LINE_MAX, LINE_MAX))
        return mean, rounds - mean

    return _iterate(x, step, math.log(float(rounds.sum() / n.sum())))
