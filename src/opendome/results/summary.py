"""The first screen as data, and the comparison with what was observed. Everything here is ready for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.results.figures import HIGH, LOW, estimates
from opendome.results.tables import Tables
from opendome.scenario.specs import Observation, Scenario

if TYPE_CHECKING:
    import pandas as pd


def summary(tables: Tables, scenario: Scenario, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The first screen as plain data; unknown numbers are None."""
    observed = [compare(tables, scenario, observation) for observation in scenario.observations]

    def rows(figure: str, *by: str) -> list[dict[str, Any]]:
        return records(estimates(tables, scenario, figure, by))

    return {
        "kind": "raid",
        "title": scenario.title,
        "runs": len(tables.runs),
        "seed": manifest["seed"],
        "fidelity": manifest["fidelity"],
        "assumptions": scenario.assumptions,
        "price_year": scenario.price_year,
        "leak_through": {
            "all": rows("leak_through")[0],
            "by_type": _leaks(tables, scenario, "type"),
            "by_area": _leaks(tables, scenario, "area"),
        },
        "layers": _layers(tables, scenario),
        "total": {key: rows(figure)[0] for key, figure in LAYER_FIGURES.items()} if len(tables.sites) else {},
        "sensors": _sensors(tables, scenario),
        "alerts": _alerts(tables, scenario),
        "reasons": rows("reasons", "reason"),
        "observed": observed,
        "notes": notes(tables, scenario, observed),
    }


LAYER_FIGURES = {"stock": "stock", "fired_at": "fired_at", "shots": "shots", "kills": "kills", "left": "left",
                 "cost_musd": "cost"}
"""Keys of a layer in the summary, and the figures that they show."""


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain data, NaN as None."""
    return [{str(key): None if isinstance(found, float) and math.isnan(found) else found for key, found in row.items()}
            for row in table.to_dict(orient="records")]


def _leaks(tables: Tables, scenario: Scenario, column: str) -> list[dict[str, Any]]:
    launched = estimates(tables, scenario, "launched", column)
    counts = dict(zip(launched[column], launched["value"]))
    leaks = records(estimates(tables, scenario, "leak_through", column))
    if column == "type":
        kinds = tables.threats.drop_duplicates("type")
        classes = dict(zip(kinds["type"], kinds["threat_class"]))
        leaks = [{**row, "threat_class": classes[row["type"]]} for row in leaks]
    return [{**row, "launched": float(counts[row[column]])} for row in leaks]


def _layers(tables: Tables, scenario: Scenario) -> list[dict[str, Any]]:
    layers: dict[str, dict[str, Any]] = {name: {} for name in scenario.layers}
    for key, figure in LAYER_FIGURES.items():
        for row in records(estimates(tables, scenario, figure, "layer")):
            layers[row.pop("layer")][key] = row
    return [{"layer": name, "interceptor": scenario.layers[name].interceptor, **layer}
            for name, layer in layers.items() if layer]


SENSOR_FIGURES = {"warned": "warned", "warned_after_s": "warned_after", "stereo": "stereo", "fixes": "fixes"}
"""Keys of a sensor in orbit in the summary, and the figures that they show."""


def _sensors(tables: Tables, scenario: Scenario) -> list[dict[str, Any]]:
    if not len(tables.warnings):
        return []
    found: dict[str, dict[str, Any]] = {}
    for key, figure in SENSOR_FIGURES.items():
        for row in records(estimates(tables, scenario, figure, "sensor")):
            found.setdefault(row.pop("sensor"), {})[key] = row
    return [{"sensor": name, "type": scenario.sensors[name].type, **found[name]}
            for name in scenario.sensors if name in found]


def _alerts(tables: Tables, scenario: Scenario) -> list[dict[str, Any]]:
    """Type and number launched, share that any sensor in orbit warned of, and the delay of the first warning."""
    if not len(tables.warnings):
        return []
    counts, shares, delays, held = (
        {row.pop("type"): row for row in records(estimates(tables, scenario, figure, "type"))}
        for figure in ("launched", "alerted", "warning_delay", "custody"))
    burning = set(tables.warnings["type"].astype("str"))
    return [{"type": name, "launched": counts[name]["value"], "alerted": share, "after_s": delays.get(name),
             "custody": held.get(name)}
            for name, share in shares.items() if name in burning]


def compare(tables: Tables, scenario: Scenario, observation: Observation) -> dict[str, Any]:
    """Share destroyed, simulated (mean, error, 90 % band over runs) and observed, and whether it lies in the band."""
    counted = tables.threats["raid"].isin(observation.raids)
    counted &= ~tables.threats["is_decoy"]
    rows = tables.threats[counted & (tables.threats["threat_class"] == observation.threat_class)]
    launched = rows.groupby("run").size().to_numpy()
    destroyed = (rows["outcome"] == "destroyed").groupby(rows["run"]).sum().to_numpy()
    shares = destroyed / launched
    observed = observation.destroyed / observation.launched if observation.launched else None
    low, high = (float(x) for x in np.quantile(shares, (LOW, HIGH))) if len(shares) else (None, None)
    is_comparable = observed is not None and low is not None and high is not None
    return {
        "label": raids_text(observation.raids, scenario),
        "raids": list(observation.raids),
        "threat_class": observation.threat_class,
        "used_for": observation.used_for,
        "launched_observed": observation.launched,
        "launched": float(launched.mean()) if len(launched) else 0.0,
        "observed": observed,
        "value": float(shares.mean()) if len(shares) else None,
        "error": float(shares.std(ddof=1) / math.sqrt(len(shares))) if len(shares) > 1 else None,
        "runs": len(shares),
        "low": low,
        "high": high,
        "is_inside": low <= observed <= high if is_comparable else None,  # type: ignore[operator]
        "source": observation.source,
        "note": observation.note,
    }


def raids_text(raids: Iterable[str], scenario: Scenario) -> str:
    """Raids in the scenario's order, neighbours drawn together: `day-01 to day-05, day-09`."""
    order = list(scenario.raids)
    places = sorted({order.index(raid) for raid in raids})
    spans: list[list[int]] = []
    for place in places:
        if spans and spans[-1][-1] == place - 1:
            spans[-1].append(place)
        else:
            spans.append([place])
    return ", ".join(order[span[0]] if len(span) == 1 else f"{order[span[0]]} to {order[span[-1]]}" for span in spans)


def notes(tables: Tables, scenario: Scenario, observed: list[dict[str, Any]]) -> list[str]:
    """What must be known to read the figures, in plain sentences."""
    return [sampling(tables, scenario), *([_calibration(scenario, observed)] if observed else [])]


def sampling(tables: Tables, scenario: Scenario) -> str:
    """What errors and bands are, and what they hold, as sentences."""
    n_sampled, n_all = int(tables.assumptions["sampled"].sum()), len(tables.assumptions)
    meaning = "± is the standard error of the mean over runs; nine runs of ten lie in the 90 % band"
    if scenario.assumptions == "fixed" or not n_sampled:
        return f"{meaning}. All runs use the same values, so the band holds chance alone, not what is uncertain."
    return (f"{meaning}, which holds chance and what is uncertain: each run draws {n_sampled} of the {n_all} numbers "
            "anew from their ranges.")


def _calibration(scenario: Scenario, observed: list[dict[str, Any]]) -> str:
    """What the kill probabilities were fitted to and are tested on, and how often the band held."""
    parts = []
    for use, verb in (("calibration", "were calibrated on"), ("test", "are tested on")):
        rows = [row for row in observed if row["used_for"] == use]
        if rows:
            spans = raids_text((raid for row in rows for raid in row["raids"]), scenario)
            compared = [row for row in rows if row["is_inside"] is not None]
            inside = sum(row["is_inside"] for row in compared)
            parts.append(f"{verb} {spans} ({inside} of {len(compared)} observed shares inside the band)")
    text = f"Kill probabilities {' and '.join(parts)}."
    if not any(row["used_for"] == "test" for row in observed):
        text += " Nothing is left to test them on."
    return text
