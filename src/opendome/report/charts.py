"""Charts of the report as plain dictionaries in the shape of ECharts options, so that any page can draw them.

Used of that shape: `aria`, `xAxis` and `yAxis` (one of them a category axis), and `series` of type `bar`, `line`,
`scatter` and `custom` with `renderItem: "band"` (rows of [position, low, high]). Numbers come from `Results.table`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opendome.results.summary import records
from opendome.results.tables import REASONS

if TYPE_CHECKING:
    from opendome.results import Results

Chart = dict[str, Any]

THREAT, INTERCEPTOR, KILL, LEAK, OUTSIDE = "#D55E00", "#56B4E9", "#009E73", "#8C3A26", "#8A8F98"
"""Colours with a fixed meaning (Okabe and Ito's set, red-brown for leaks)."""

LAYERS = (("#0072B2", "solid", "circle"), ("#56B4E9", "dashed", "rect"), ("#009E73", "dotted", "triangle"),
          ("#E69F00", "dashdot", "diamond"), ("#CC79A7", "solid", "diamond"), ("#8A8F98", "dashed", "circle"))
"""Colour, line and symbol of the layers in their order."""

CLASSES = {"ballistic": ("triangle", THREAT), "cruise": ("diamond", "#CC79A7"), "drone": ("circle", "#0072B2"),
           "glide": ("rect", "#E69F00")}
"""Symbol and colour of the threat classes, where they stand beside each other."""

FORWARD, BACKWARD = {"rotation": math.pi / 4}, {"rotation": -math.pi / 4}
"""Hatching, so that no difference is made by colour alone."""

REASON_STYLES: dict[str, Mapping[str, Any]] = dict(zip(REASONS, (
    {"color": "#CC79A7"}, {"color": "#CC79A7", "decal": FORWARD}, {"color": "#CC79A7", "decal": BACKWARD},
    {"color": "#E69F00"}, {"color": "#E69F00", "decal": FORWARD}, {"color": "#E69F00", "decal": BACKWARD},
    {"color": LEAK})))
"""Not tracked well enough (pink), nothing could fire (orange), shots missed (red-brown)."""


def raids(results: Results) -> Chart:
    """What became of the threats of each raid: means over runs, with the band of those destroyed."""
    names = list(results.scenario.raids)
    destroyed, strays, leaked = (_by(results, figure, "raid") for figure in ("kills", "strays", "leakers"))
    return {
        "aria": {"description": "Threats destroyed, come down outside and leaked in each raid, stacked to those "
                                "launched; the whisker is the 90 % band of those destroyed."},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": "threats"},
        "series": [
            _bars("destroyed", [_value(destroyed, name) for name in names], {"color": KILL}),
            _bars("outside", [_value(strays, name) for name in names], {"color": OUTSIDE, "decal": BACKWARD}),
            _bars("leaked", [_value(leaked, name) for name in names], {"color": LEAK, "decal": FORWARD}),
            _band("destroyed, 90 % band", [destroyed.get(name) for name in names], "currentColor"),
        ],
    }


def leaks_by_raid(results: Results) -> Chart:
    """Leak-through of each raid by threat class, with bands."""
    names = list(results.scenario.raids)
    series = []
    for kind, found in _nested(results, "leak_through", "threat_class", "raid").items():
        symbol, color = CLASSES[kind]
        series += [_band("", [found.get(name) for name in names], color),
                   {"type": "scatter", "name": kind, "symbol": symbol, "itemStyle": {"color": color},
                    "data": [_value(found, name, None) for name in names]}]
    return {
        "aria": {"description": "Share of the threats of each raid that leaked, by threat class, with 90 % bands."},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": "leak-through", "min": 0, "isShare": True},
        "series": _side_by_side(series),
    }


def warnings(results: Results) -> Chart:
    """Share of the missiles of each type that each sensor in orbit warned of."""
    found = _nested(results, "warned", "sensor", "type")
    types = list(dict.fromkeys(kind for rows in found.values() for kind in rows))
    series: list[Chart] = []
    for i, (sensor, rows) in enumerate(found.items()):
        color, _, symbol = LAYERS[i % len(LAYERS)]
        series += [_band("", [rows.get(kind) for kind in types], color),
                   {"type": "scatter", "name": sensor, "symbol": symbol, "itemStyle": {"color": color},
                    "data": [_value(rows, kind, None) for kind in types]}]
    return {
        "aria": {"description": "Share of the missiles of each type whose burn each sensor warned of, 90 % bands."},
        "xAxis": {"type": "category", "data": types},
        "yAxis": {"type": "value", "name": "warned of", "min": 0, "max": 1.04, "isShare": True},
        "series": _side_by_side(series),
    }


def waterfall(results: Results, threat_class: str) -> Chart:
    """From the threats of one class launched, through each layer's kills, to those outside and those leaked."""
    launched = _by(results, "launched", "threat_class")[threat_class]["value"]
    kills = _nested(results, "kills", "threat_class", "layer").get(threat_class, {})
    steps: list[tuple[str, float, Mapping[str, Any]]] = [("launched", launched, {"color": THREAT})]
    steps += [(f"destroyed by {name}", kills[name]["value"], {"color": KILL}) for name in results.scenario.layers
              if name in kills]
    strays = _value(_by(results, "strays", "threat_class"), threat_class)
    leaked = _value(_by(results, "leakers", "threat_class"), threat_class)
    steps += [("came down outside", strays, {"color": OUTSIDE, "decal": BACKWARD}),
              ("leaked", leaked, {"color": LEAK, "decal": FORWARD})]
    starts, level = [0.0], launched
    for _, size, _ in steps[1:]:
        level = max(0.0, level - size)
        starts.append(level)
    return {
        "aria": {"description": f"{threat_class}: " + ", ".join(f"{name} {size:.1f}" for name, size, _ in steps)
                                + " (means over runs)."},
        "xAxis": {"type": "value", "name": f"{threat_class} threats, mean over runs"},
        "yAxis": {"type": "category", "data": [name for name, _, _ in steps]},
        "series": [
            {"type": "bar", "stack": "all", "name": "", "itemStyle": {"color": "transparent"}, "data": starts},
            {"type": "bar", "stack": "all", "name": "", "itemStyle": {}, "label": {"show": True},
             "data": [{"value": size, "itemStyle": dict(style)} for _, size, style in steps]},
        ],
    }


def stocks(results: Results) -> Chart:
    """Share of the rounds left in each layer after each raid, with bands."""
    names = list(results.scenario.raids)
    series: list[Chart] = []
    for i, (layer, found) in enumerate(_nested(results, "left_share", "layer", "raid").items()):
        color, line, symbol = LAYERS[i % len(LAYERS)]
        series += [_band("", [found.get(name) for name in names], color, is_area=True),
                   {"type": "line", "name": layer, "symbol": symbol, "itemStyle": {"color": color},
                    "lineStyle": {"type": line}, "data": [_value(found, name, None) for name in names]}]
    return {
        "aria": {"description": "Share of each layer's rounds left after each raid, with 90 % bands."},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": "rounds left", "min": 0, "max": 1, "isShare": True},
        "series": series,
    }


def reasons(results: Results) -> Chart:
    """Why leakers leaked, by threat type: shares that add up to the whole."""
    shares = _nested(results, "reasons", "type", "reason")
    present = [reason for reason in REASONS if any(reason in found for found in shares.values())]
    return {
        "aria": {"description": "Share of the leakers of each threat type by the reason why they leaked."},
        "xAxis": {"type": "value", "name": "share of leakers", "min": 0, "max": 1, "isShare": True},
        "yAxis": {"type": "category", "data": list(shares)},
        "series": [_bars(reason, [_value(found, reason) for found in shares.values()], REASON_STYLES[reason])
                   for reason in present],
    }


def observed(summary: Mapping[str, Any]) -> Chart:
    """Shares destroyed: simulated mean with its band, and what was observed beside it."""
    rows = [row for row in summary["observed"] if row["value"] is not None]
    by_use = {use: [row["observed"] if row["used_for"] == use else None for row in rows]
              for use in ("calibration", "test")}
    return {
        "aria": {"description": "Share destroyed in each observation: simulated mean with 90 % band, and observed."},
        "xAxis": {"type": "value", "name": "share destroyed", "max": 1, "isShare": True},
        "yAxis": {"type": "category", "data": [f"{row['label']}, {row['threat_class']}" for row in rows]},
        "series": [
            _band("simulated, 90 % band", rows, INTERCEPTOR, is_area=False, width=9),
            {"type": "scatter", "name": "simulated, mean", "symbol": "line", "itemStyle": {"color": "currentColor"},
             "data": [row["value"] for row in rows]},
            {"type": "scatter", "name": "observed, used for calibration", "symbol": "emptyDiamond",
             "itemStyle": {"color": THREAT}, "data": by_use["calibration"]},
            {"type": "scatter", "name": "observed, used as test", "symbol": "circle",
             "itemStyle": {"color": THREAT}, "data": by_use["test"]},
        ],
    }


def _by(results: Results, figure: str, column: str) -> dict[str, Any]:
    return {row[column]: row for row in records(results.table(figure, column))}


def _nested(results: Results, figure: str, outer: str, inner: str) -> dict[str, dict[str, Any]]:
    """Estimates by two columns: {outer: {inner: row}}, in the scenario's order."""
    found: dict[str, dict[str, Any]] = {}
    for row in records(results.table(figure, [outer, inner])):
        found.setdefault(row[outer], {})[row[inner]] = row
    return found


def _value(rows: Mapping[str, Any], name: str, missing: float | None = 0.0) -> Any:
    return rows[name]["value"] if name in rows else missing


def _bars(name: str, data: Sequence[float], style: Mapping[str, Any]) -> Chart:
    return {"type": "bar", "stack": "all", "name": name, "itemStyle": dict(style), "data": list(data)}


def _band(name: str, rows: Sequence[Mapping[str, Any] | None], color: str, *, is_area: bool = False,
          width: float = 1.5) -> Chart:
    data = [[i, row["low"], row["high"]] for i, row in enumerate(rows) if row is not None]
    return {"type": "custom", "renderItem": "band", "name": name, "isArea": is_area, "data": data,
            "itemStyle": {"color": color, "width": width}}


def _side_by_side(series: list[Chart]) -> list[Chart]:
    """Shift pairs of band and dots so that they do not cover each other and stay within their category."""
    pairs = len(series) // 2
    step = min(0.22, 0.8 / max(pairs, 1))
    return [{**one, "offset": (i // 2 - (pairs - 1) / 2) * step} for i, one in enumerate(series)]
