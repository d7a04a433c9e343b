"""Gaps in coverage: how long, how often, and how long one waits.

A gap is a run of instants at which a cell has fewer than k satellites in view; each instant stands for one time step,
half before it and half after. A gap of n instants is therefore n steps long, true to one step either way; gaps and
views shorter than a step may be missed. The span is the number of instants times the step. A gap that the span's start
or end cuts off counts with the part inside, so the longest gap of a short span is a lower bound.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from opendome.errors import InputError
from opendome.kernel import F64Array, I64Array, kernel
from opendome.orbits.zones import banded

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Gaps:
    """Gaps of every cell, L rows by M cells. A cell without gaps has zeros."""

    number: I64Array
    """(L, M) gaps in the span."""
    longest_s: F64Array
    """(L, M)"""
    mean_s: F64Array
    """(L, M) mean length of a gap."""
    response_s: F64Array
    """(L, M) mean response time: the wait from a random instant until the cell is in view. Sum of gap2 / (2 span)."""
    span_s: float
    step_s: float
    """What all of these are resolved to."""
    lat_edges_deg: F64Array
    share: F64Array

    def by_latitude(self, *, band_deg: float | None = None) -> "pd.DataFrame":
        """One row per row of the grid or band: gaps per day, mean gap, response time, longest gap.

        The mean gap is over all gaps of the band, cells weighted by area. A band of 180 degrees is the whole Earth.
        """
        number, days = self.number.mean(axis=1), self.span_s / 86400.0
        table = banded(self.lat_edges_deg, self.share,
                       {"gaps_per_day": number / days, "mean_gap_s": (self.number * self.mean_s).mean(axis=1) / days,
                        "response_s": self.response_s.mean(axis=1)},
                       {"longest_gap_s": self.longest_s.max(axis=1)}, band_deg, np.maximum)
        per_day = table["gaps_per_day"].to_numpy()
        table["mean_gap_s"] = np.divide(table["mean_gap_s"], per_day, out=np.zeros(len(table)), where=per_day > 0.0)
        return table


@kernel
def _scan(counts, k, number, longest, total, squares):
    """Fill tables (L, M) of gaps, in steps, of counts (T, L, M): their number, longest, sum and sum of squares."""
    for i in range(counts.shape[1]):
        for j in range(counts.shape[2]):
            run = 0
            for t in range(counts.shape[0] + 1):
                if t < counts.shape[0] and counts[t, i, j] < k:
                    run += 1
                elif run > 0:
                    number[i, j] += 1
                    longest[i, j] = max(longest[i, j], run)
                    total[i, j] += run
                    squares[i, j] += run * run
                    run = 0


def gaps_of(counts: NDArray[Any], t_s: F64Array, lat_edges_deg: F64Array, share: F64Array, k: int) -> Gaps:
    """The `Gaps` in counts (T, L, M) at even instants (T,)."""
    steps = np.diff(t_s)
    if len(steps) == 0 or steps[0] <= 0.0 or np.ptp(steps) > 1e-6 * steps[0]:
        found = "one instant" if len(steps) == 0 else f"steps from {steps.min():g} to {steps.max():g} s"
        raise InputError(f"t_s: {found}\n  gaps need instants that rise in even steps, two or more\n"
                         "  hint: numpy.arange(0, 86400, 60)")
    step_s = float(t_s[-1] - t_s[0]) / len(steps)
    number, longest, total, squares = np.zeros((4, *counts.shape[1:]), np.int64)
    _scan(counts, k, number, longest, total, squares)
    mean = np.divide(total, number, out=np.zeros(number.shape), where=number > 0)
    return Gaps(number, longest * step_s, mean * step_s, squares * (step_s / (2.0 * len(t_s))), len(t_s) * step_s,
                step_s, lat_edges_deg, share)
