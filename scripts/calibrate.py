"""Fit the kill probabilities of a scenario to its calibration observations, and print them as TOML.

    python scripts/calibrate.py gulf-2026 --runs 100

For each threat class with observations marked `calibration`, one number is fitted: by how much every miss probability
(1 - p_kill, value and range alike) of the interceptors that fire at the class is multiplied, so that the mean destroyed
fraction of the simulated raids equals the observed one, all calibration windows of the class pooled. Secant steps in
the logarithm, the same random numbers throughout. Start values are the shipped catalogue's: `--fresh` leaves out what
the scenario itself says of p_kill.
"""

import argparse
import math
import sys
from collections.abc import Mapping

from opendome import study
from opendome.scenario import Scenario, reader
from opendome.scenario.toml_out import dumps

STEPS = 8
ENOUGH = 0.002
SMALLEST, LARGEST = 0.05, 4.0


def observed(scenario: Scenario) -> dict[str, float]:
    """Pooled destroyed fraction of the calibration windows, by class."""
    counts: dict[str, list[int]] = {}
    for o in scenario.observations:
        if o.used_for == "calibration":
            pair = counts.setdefault(o.threat_class, [0, 0])
            pair[0] += o.destroyed
            pair[1] += o.launched
    return {name: destroyed / launched for name, (destroyed, launched) in counts.items()}


def with_misses(scenario: Scenario, factors: Mapping[str, float]) -> tuple[Scenario, dict[str, dict[str, object]]]:
    """The scenario with every miss probability against a class multiplied by its factor, and the tables that say so."""
    catalogue = study.catalogue_for(scenario)
    tables: dict[str, dict[str, object]] = {}
    for layer in scenario.layers.values():
        kills = catalogue.interceptors[layer.interceptor].p_kill
        for name, factor in factors.items():
            p = getattr(kills, name)
            if p is None or (layer.engages is not None and name not in layer.engages):
                continue
            value, low, high = (round(1 - min(1.0, factor * (1 - x)), 3)
                                for x in (p.value, p.low_or_value, p.high_or_value))
            tables.setdefault(layer.interceptor, {}).setdefault("p_kill", {})[name] = {  # type: ignore[index]
                "value": value, "low": low, "high": high, "grade": "estimated", "source": "uaemod2026",
                "why": f"Fitted to the calibration windows: misses of the catalogue times {factor:.3g}"}
    changes = {k: dict(v) for k, v in scenario.catalogue.items()}
    own = {k: dict(v) for k, v in changes.get("interceptors", {}).items()}
    for interceptor, table in tables.items():
        before = own.get(interceptor, {})
        own[interceptor] = {**before, "p_kill": {**before.get("p_kill", {}), **table["p_kill"]}}  # type: ignore[dict-item]
    return scenario.model_copy(update={"catalogue": {**changes, "interceptors": own}}), tables


def simulated(scenario: Scenario, runs: int) -> dict[str, float]:
    """Pooled destroyed fraction of the calibration windows in the simulation, by class."""
    rows = study.run(scenario, runs=runs).tables.threats
    return {o: float((rows[rows.threat_class == o].outcome == "destroyed").mean()) for o in observed(scenario)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--fresh", action="store_true", help="start from the shipped catalogue's kill probabilities")
    options = parser.parse_args()
    scenario = reader.load(options.scenario)
    if options.fresh:
        kept = {k: {key: v for key, v in table.items() if key != "p_kill"}
                for k, table in scenario.catalogue.get("interceptors", {}).items()}
        scenario = scenario.model_copy(update={"catalogue": {**scenario.catalogue, "interceptors": kept}})
    raids = [r for o in scenario.observations if o.used_for == "calibration" for r in o.raids]
    scenario = study.only_raids(scenario, raids)
    target = observed(scenario)
    logs = dict.fromkeys(target, 0.0)
    before: dict[str, tuple[float, float]] = {}
    for _ in range(STEPS):
        changed, tables = with_misses(scenario, {name: math.exp(x) for name, x in logs.items()})
        found = simulated(changed, options.runs)
        for name in target:
            print(f"{name}: misses x {math.exp(logs[name]):.3f}: simulated {found[name]:.4f}, "
                  f"observed {target[name]:.4f}", file=sys.stderr)
        if all(abs(found[name] - target[name]) < ENOUGH for name in target):
            break
        for name in target:
            slope = -0.2
            if name in before and abs(logs[name] - before[name][0]) > 1e-9:
                slope = min(-0.01, (found[name] - before[name][1]) / (logs[name] - before[name][0]))
            before[name] = (logs[name], found[name])
            step = max(-1.0, min(1.0, (target[name] - found[name]) / slope))
            logs[name] = min(math.log(LARGEST), max(math.log(SMALLEST), logs[name] + step))
    print(dumps({"catalogue": {"interceptors": tables}}))


if __name__ == "__main__":
    main()
