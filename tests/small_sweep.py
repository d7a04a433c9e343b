"""Sweeps with made-up numbers, for tests of what is told of them; no scenario is run."""

import itertools
import math
from typing import Any

import pandas as pd

from opendome.study.grid import Value
from opendome.study.sweep import ESTIMATE, Sweep

MANIFEST: dict[str, Any] = {
    "format": 1, "kind": "sweep", "version": "0.1.0", "title": "Made <up>", "scenario_sha256": "5c" * 32,
    "catalogue_sha256": "ca" * 32, "seed": 7, "runs": 100, "fidelity": "full",
    "environment": {"python": "3.11.2", "numpy": "2.1.0", "numba": "0.61.0", "platform": "Linux x86_64"},
}


def made_up(over: dict[str, list[Value]], *, figure: str = "leak_through", groups: tuple[str, ...] = ("all",),
            empty: tuple[int, ...] = ()) -> Sweep:
    """A sweep whose values fall along the grid, each different; points numbered in `empty` have nothing to count."""
    rows = []
    points = list(itertools.product(*over.values()))
    for i, point in enumerate(points):
        for k, group in enumerate(groups):
            value = 0.9 * math.exp(-3.0 * (i + 1) / len(points)) / (k + 1)
            nothing, known = (math.nan, math.nan, 0, math.nan, math.nan), (value, 0.0123, 100, 0.5 * value, 1.5 * value)
            rows.append((*point, figure, group, *(nothing if i in empty else known)))
    table = pd.DataFrame(rows, columns=pd.Index([*over, "figure", "group", *ESTIMATE]))
    grid = [{"key": key, "values": values} for key, values in over.items()]
    return Sweep(table, over, {"title": "Made <up>", "note": "For <b>tests</b>"},
                 {**MANIFEST, "over": grid, "figures": [figure], "by": [] if groups == ("all",) else ["type"]})
