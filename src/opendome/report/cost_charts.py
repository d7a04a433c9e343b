"""Charts of what a programme costs, as plain dictionaries in the shape of `charts`.

Spending by year stacked by layer, layers by phase, and the distribution of the whole over runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from opendome.cost.breakdown import PHASES
from opendome.report.charts import BACKWARD, FORWARD, LAYERS, Chart
from opendome.report.svg import ticks
from opendome.results.cost_summary import whole
from opendome.results.figures import RESOLUTION

PHASE_STYLES: dict[str, Mapping[str, Any]] = dict(zip(PHASES, (
    {"color": "#CC79A7"}, {"color": "#0072B2"}, {"color": "#0072B2", "decal": FORWARD},
    {"color": "#E69F00", "decal": BACKWARD}, {"color": "#009E73"}, {"color": "#8A8F98", "decal": FORWARD}),
    strict=True))
"""Colours of the phases; launches are hatched like what they launch."""

DECALS: tuple[Mapping[str, Any], ...] = ({}, {"decal": FORWARD}, {"decal": BACKWARD})

BINS_MAX = 20
"""Most bars of a distribution, about."""


def by_year(years: Sequence[int], layers: Mapping[str, Sequence[float]], unit: str) -> Chart:
    """Spending in each year, stacked by layer: means over runs, M$."""
    series = [{"type": "bar", "stack": "all", "name": name, "data": list(values), "itemStyle": _style(i)}
              for i, (name, values) in enumerate(layers.items())]
    return {"aria": {"description": "What is spent in each year, by layer (means over runs)."},
            "xAxis": {"type": "category", "data": [str(year) for year in years]},
            "yAxis": {"type": "value", "name": unit}, "series": series}


def _style(i: int) -> dict[str, Any]:
    """Colour and hatching of the i-th layer: neighbours differ in both."""
    n = len(LAYERS)
    return {"color": LAYERS[i % n][0], **DECALS[(i + i // n) % len(DECALS)]}


def by_phase(layers: Mapping[str, Mapping[str, float]], unit: str) -> Chart:
    """What each layer costs, stacked by phase: means over runs, M$."""
    shown = [phase for phase in PHASES if any(inside.get(phase, 0.0) > 0.0 for inside in layers.values())]
    series = [{"type": "bar", "stack": "all", "name": phase, "itemStyle": dict(PHASE_STYLES[phase]),
               "data": [inside.get(phase, 0.0) for inside in layers.values()]} for phase in shown]
    return {"aria": {"description": "What each layer costs over all years, by phase (means over runs)."},
            "xAxis": {"type": "value", "name": unit}, "yAxis": {"type": "category", "data": list(layers)},
            "series": series}


def distribution(totals: Any, unit: str) -> Chart | None:
    """Share of the runs by what they cost, in steps of a round number; nothing where all cost the same."""
    if len(totals) < 2 or np.ptp(totals) <= RESOLUTION * np.abs(totals).max():
        return None
    marks = ticks(float(np.min(totals)), float(np.max(totals)), int(min(BINS_MAX, max(5, np.sqrt(len(totals))))))
    step = marks[1] - marks[0] if len(marks) > 1 else float(np.ptp(totals))
    first = np.floor(np.min(totals) / step)
    n = int(np.floor(np.max(totals) / step) - first) + 1
    counts = np.bincount((np.asarray(totals) / step - first).astype(np.int64), minlength=n)
    starts = [(first + i) * step for i in range(n)]
    return {"aria": {"description": f"Share of the runs by their whole cost, from {whole(starts[0])} to "
                                    f"{whole(starts[-1] + step)} {unit}, in steps of {whole(step)}."},
            "xAxis": {"type": "category", "data": [whole(start) for start in starts]},
            "yAxis": {"type": "value", "isShare": True,
                      "name": f"share of the runs, by cost from the number below on, in steps of {whole(step)} {unit}"},
            "series": [{"type": "bar", "stack": "all", "name": "", "itemStyle": {"color": LAYERS[0][0]},
                        "data": [float(count) / len(totals) for count in counts]}]}
