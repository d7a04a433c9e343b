"""The cost of a programme as plain text."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from opendome.cost.spend import PHASES

if TYPE_CHECKING:
    from opendome.cost.breakdown import CostBreakdown

WIDTH = 96
"""Columns that the table keeps to."""

NAME_WIDTH = 18
"""Longest name of a layer that is shown in full."""


def screen(cost: CostBreakdown) -> str:
    """A table of layers by phases with their totals, in M$ of the price year; phases without cost are left out."""
    means = cost.by_run().mean(axis=0)
    phases = [p for p in range(len(PHASES)) if means[:, p].any()]
    layers = list(dict.fromkeys(cost.layers))
    rows = [(name, sum((means[e] for e, layer in enumerate(cost.layers) if layer == name), np.zeros(len(PHASES))))
            for name in layers]
    head = f"{cost.title}: life-cycle cost, M$ of {cost.price_year}, {cost.n_years} years from {cost.start}"
    lines = [*wrap(head, WIDTH), "", _line("", [*(PHASES[p] for p in phases), "total"])]
    lines += [_line(name, [f"{amount:,.0f}" for amount in (*row[phases], row.sum())]) for name, row in rows]
    whole = means.sum(axis=0)
    lines.append(_line("total", [f"{amount:,.0f}" for amount in (*whole[phases], whole.sum())]))
    if cost.runs > 1:
        lines.append(f"9 runs of 10 between {cost.low_musd:,.0f} and {cost.high_musd:,.0f} ({cost.runs:,} runs)")
    return "\n".join(lines)


def _line(name: str, cells: list[str]) -> str:
    short = name if len(name) <= NAME_WIDTH else name[:NAME_WIDTH - 1] + "…"
    return f"{short:<{NAME_WIDTH}}" + "".join(f"{cell:>{max(11, len(cell) + 1)}}" for cell in cells)
