"""Charts of what a programme costs, as plain dictionaries in the shape of `charts`.

Spending by year stacked by layer, layers by phase, and the distribution of the whole over runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from opendome.cost.breakdown import PHASES
from opendome.report.charts import BACKWARD, FORWARD, LAYERS, Chart
from opendome.results.cost_summary import whole

PHASE_STYLES: dict[str, Mapping[str, Any]] = dict(zip(PHASES, (
    {"color": "#CC79A7"}, {"color": "#0072B2"}, {"color": "#0072B2", "decal": FORWARD}, {"color": "#E69F00"},
    {"color": "#009E73"}, {"color": "#8A8F98"}), strict=True))
"""Colours of the phases; launches are hatched like what they launch."""

DECALS: tuple[Mapping[str, Any], ...] = ({}, {"decal": FORWARD}, {"decal": BACKWARD})

BINS_MAX = 24
"""Most bars of a distribution."""


def by_year(years: Sequence[int], layers: Mapping[str, Sequence[float]], unit: str) -> Chart:
    """Spending in each year, stacked by layer: means over runs, M$."""
    series = [{"type": "bar", "stack": "all", "name": name, "data": list(values),
               "itemStyle": {"color": LAYERS[i % len(LAYERS)][0]} | DECALS[i // len(LAYERS) % len(DECALS)]}
              for i, (name, values) in enumerate(layers.items())]
    return {"aria": {"description": "What is spent in each year, by layer (means over runs)."},
            "xAxis": {"type": "category", "data": [str(year) for year in years]},
            "yAxis": {"type": "value", "name": unit}, "series": series}


def by_phase(layers: Mapping[str, Mapping[str, float]], unit: str) -> Chart:
    """What each layer costs, stacked by phase: means over runs, M$."""
    shown = [phase for phase in PHASES if any(inside.get(phase, 0.0) > 0.0 for inside in layers.values())]
    series = [{"type": "bar", "stack": "all", "name": phase, "itemStyle": dict(PHASE_STYLES[phase]),
               "data": [inside.get(phase, 0.0) for inside in layers.values()]} for phase in shown]
    return {"aria": {"description": "What each layer costs over all years, by phase (means over runs)."},
            "xAxis": {"type": "value", "name": unit}, "yAxis": {"type": "category", "data": list(layers)},
            "series": series}


def distribution(totals: Any, unit: str) -> Chart | None:
    """Share of the runs by what they cost; nothing where all cost the same."""
    if len(totals) < 2 or np.ptp(totals) <= 0.0:
        return None
    counts, edges = np.histogram(totals, bins=int(min(BINS_MAX, max(5, np.sqrt(len(totals))))))
    middles = (edges[1:] + edges[:-1]) / 2.0
    return {"aria": {"description": f"Share of the runs by their whole cost, from {whole(edges[0])} to "
                                    f"{whole(edges[-1])} {unit}."},
            "xAxis": {"type": "category", "data": [whole(middle) for middle in middles]},
            "yAxis": {"type": "value", "name": f"share of the runs, by {unit}", "isShare": True},
            "series": [{"type": "bar", "stack": "all", "name": "", "itemStyle": {"color": LAYERS[0][0]},
                        "data": [count / len(totals) for count in counts]}]}
