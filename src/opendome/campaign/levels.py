"""The level of one class of threats from month to month, from what was counted in each month.

The logarithm of the level is a random walk that leaves the expected level as it is; a month's count is negative
binomial about level times days. Both are summed over a grid of levels, so the likelihood and what is known of each
month are exact but for the grid.
Source: durbin2012, chapters 9 and 14 (filtering and smoothing by numerical integration).
"""

from dataclasses import dataclass

import numpy as np

from opendome.kernel import F64Array

STEP = 0.05
"""Distance of grid levels, as a logarithm."""

MARGIN = 3.0
"""How far the grid reaches beyond the smallest and largest month, as a logarithm."""

SIGMAS = tuple(float(s) for s in np.geomspace(0.05, 2.0, 21))
"""Standard deviations of the walk that are tried."""

NORMAL_TRIANGLE = 6.0 ** 0.5
"""A triangular distribution reaches so many of its standard deviations to each side: 2.449."""


@dataclass(frozen=True)
class Counted:
    """What was counted of one class. (M,) each."""

    launched: F64Array
    days: F64Array
    """Days of mean size that the month's days stand for; 0 where nothing is known."""
    dispersion: F64Array
    """Variance of a month's count beyond chance, over the square of its mean."""


@dataclass(frozen=True)
class Levels:
    """What is known of the levels of M months."""

    log_level: F64Array
    """(G,) grid of the logarithm of the mean a day."""
    ahead: F64Array
    """(M + 1, G) probability of each level in a month from all months before it; the last row: of the month after."""
    smoothed: F64Array
    """(M, G) the same from all months."""
    log_likelihood: float

    def mean(self) -> F64Array:
        """(M,) mean level of each month, from all months."""
        return np.asarray(self.smoothed @ np.exp(self.log_level))

    def quantiles(self, month: int, at: tuple[float, ...]) -> list[float]:
        """Quantiles of the level of a month from the months before it."""
        return [float(np.exp(np.interp(p, np.cumsum(self.ahead[month]), self.log_level))) for p in at]


def grid(counted: Counted) -> F64Array:
    """(G,) the logarithms of levels that are looked at."""
    known = counted.days > 0
    least = 0.5 / counted.days[known].sum()
    means = np.maximum(counted.launched[known] / counted.days[known], least)
    return np.arange(np.log(means.min()) - MARGIN, np.log(means.max()) + MARGIN, STEP)


def follow(counted: Counted, sigma: float) -> Levels:
    """Filter and smooth the months with a walk of standard deviation `sigma` a month."""
    levels = grid(counted)
    chance, step = _chances(counted, levels), _steps(levels, sigma)
    ahead, total = _filter(chance, step)
    smoothed, after = np.empty_like(chance), np.ones(len(levels))
    for m in reversed(range(len(chance))):
        here = ahead[m] * chance[m] * after
        smoothed[m] = here / here.sum()
        after = step @ (chance[m] * after)
        after /= after.max()
    return Levels(levels, ahead, smoothed, total)


def _steps(levels: F64Array, sigma: float) -> F64Array:
    """(G, G) chance of each level after each in the month before."""
    step = np.exp(-0.5 * ((levels[None, :] - levels[:, None] + 0.5 * sigma * sigma) / sigma) ** 2)
    return np.asarray(step / step.sum(axis=1, keepdims=True))


def _filter(chance: F64Array, step: F64Array) -> tuple[F64Array, float]:
    """(M + 1, G) what is known of each month from those before it, and the logarithm of the likelihood."""
    ahead = np.full((len(chance) + 1, len(step)), 1.0 / len(step))
    total = 0.0
    for m in range(len(chance)):
        here = ahead[m] * chance[m]
        total += float(np.log(here.sum()))
        ahead[m + 1] = (here / here.sum()) @ step
    return ahead, total


def _chances(counted: Counted, levels: F64Array) -> F64Array:
    """(M, G) chance of each month's count at each level, over the largest; 1 where nothing is known."""
    from scipy.special import gammaln

    n = counted.launched[:, None]
    mean = np.maximum(counted.days[:, None] * np.exp(levels)[None, :], 1e-300)
    spread = np.maximum(counted.dispersion, 1e-9)[:, None]
    log_chance = (gammaln(n + 1 / spread) - gammaln(1 / spread) - gammaln(n + 1)
                  + n * (np.log(spread * mean) - np.log1p(spread * mean)) - np.log1p(spread * mean) / spread)
    return np.where(counted.days[:, None] > 0, np.exp(log_chance), 1.0)


def sigma_of(counted: Counted) -> tuple[float, float, float]:
    """The likeliest standard deviation of the walk, and the two at which the likelihood has fallen by e^-3.

    Those lie `NORMAL_TRIANGLE` standard errors to each side where the likelihood is normal. A walk that is no wider
    than the grid can tell counts as none, 0.
    """
    levels = grid(counted)
    chance = _chances(counted, levels)
    likelihood = np.array([_filter(chance, _steps(levels, sigma))[1] for sigma in SIGMAS])
    fine = np.geomspace(SIGMAS[0], SIGMAS[-1], 2000)
    curve = np.interp(np.log(fine), np.log(SIGMAS), likelihood)
    inside = fine[curve >= curve.max() - 3.0]
    best = float(fine[np.argmax(curve)])
    if 0 < np.argmax(likelihood) < len(SIGMAS) - 1:
        best = _peak(np.log(SIGMAS), likelihood)
    low, high = float(min(inside[0], best)), float(max(inside[-1], best))
    return (0.0 if best <= SIGMAS[0] else best), (0.0 if low <= SIGMAS[0] else low), high


def _peak(x: F64Array, y: F64Array) -> float:
    """Where the parabola through the largest point and its neighbours is highest (x is a logarithm)."""
    i = int(np.argmax(y))
    left, right = y[i] - y[i - 1], y[i] - y[i + 1]
    width = x[1] - x[0]
    return float(np.exp(x[i] + 0.5 * width * (left - right) / (left + right)))
