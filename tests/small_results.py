"""A tiny set of results, worked by hand: four runs of two raids, five threats in all."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from opendome.results import Results, Tables
from opendome.scenario import Scenario

OUTCOMES = ("DDDLD", "DLDDD", "DOLLD", "DDDDL")
"""One word per run, one letter per threat: destroyed, leaked, outside. Leak-through is 1/5, 1/5, 2/5, 1/5."""

REASON = {(0, 3): "no stock", (1, 1): "all shots missed", (2, 2): "never seen", (2, 3): "no stock", (3, 4): "no reach"}
"""Why the leakers of (run, threat) leaked."""

THREATS = (("one", 0, "srbm", "ballistic", "city"), ("one", 1, "srbm", "ballistic", "city"),
           ("one", 2, "shahed", "drone", "city"), ("one", 3, "shahed", "drone", "port"),
           ("two", 0, "shahed", "drone", "city"))
"""Raid, ordinal, type, class and area of each threat; in run 3 the last goes to the village instead."""

MANIFEST: dict[str, Any] = {
    "format": 4, "version": "0.1.0", "title": "Two small raids", "scenario_sha256": "5c" * 32,
    "catalogue_sha256": "ca" * 32, "seed": 7, "runs": 4, "fidelity": "kinematic",
    "environment": {"python": "3.11.2", "numpy": "2.1.0", "numba": "0.61.0", "platform": "Linux x86_64"},
}


def scenario(**changes: Any) -> Scenario:
    """The scenario that the results belong to."""
    data: dict[str, Any] = {
        "title": "Two small raids", "price_year": 2026, "runs": 4, "seed": 7,
        "places": {"coast": {"lat_deg": 27.0, "lon_deg": 56.0}},
        "areas": {"port": {"lat_deg": 24.0, "lon_deg": 54.0, "radius_km": 20.0},
                  "city": {"lat_deg": 25.0, "lon_deg": 55.0, "radius_km": 30.0},
                  "village": {"lat_deg": 24.5, "lon_deg": 54.6, "radius_km": 5.0}},
        "constellations": {"slots": {"pattern": "geostationary", "longitudes_deg": [50.0]}},
        "sensors": {"eye": {"type": "radar", "lat_deg": 24.4, "lon_deg": 54.5},
                    "star": {"type": "infrared", "constellation": "slots"}},
        "layers": {"upper": {"interceptor": "thaad", "sites": {
                       "north": {"lat_deg": 24.9, "lon_deg": 54.9, "launchers": 1, "stock": 10}}},
                   "guns": {"interceptor": "gun", "sites": {
                       "east": {"lat_deg": 25.0, "lon_deg": 55.1, "launchers": 2, "stock": 20},
                       "west": {"lat_deg": 24.1, "lon_deg": 54.0, "launchers": 2, "stock": 20}}}},
        "raids": {"one": {"start": "2026-02-28T20:00:00Z", "waves": [
                      {"threat": "srbm", "count": 2, "from": {"coast": 1}, "at": {"city": 1}},
                      {"threat": "shahed", "count": 2, "from": {"coast": 1}, "at": {"city": 1, "port": 1}}]},
                  "two": {"start": "2026-03-01T20:00:00Z", "waves": [
                      {"threat": "shahed", "count": 1, "from": {"coast": 1}, "at": {"city": 3, "village": 1}}]}},
        "observations": [
            {"raids": ["one"], "threat_class": "ballistic", "launched": 2, "destroyed": 1, "used_for": "calibration",
             "source": "ministry2026"},
            {"raids": ["two"], "threat_class": "drone", "launched": 10, "destroyed": 9, "used_for": "test",
             "source": "ministry2026", "note": "rounded"}],
    }
    return Scenario.model_validate({**data, **changes})


def results(**changes: Any) -> Results:
    """The results; `changes` go to the scenario."""
    return Results(Tables(threats=_threats(), warnings=_warnings(), sites=_sites(), shots=_shots(),
                          prices=_prices(), assumptions=_assumptions(), replay_tracks=_tracks(),
                          replay_events=_events()),
                   scenario(**changes), MANIFEST)


PROGRAMME: dict[str, Any] = {
    "start": "2026-01", "years": 20,
    "elements": {"radar": {"n_units": 2, "unit_musd": 25, "price_year": 2026},
                 "battery": {"layer": "upper", "counts": ["layers.upper.sites"], "unit_musd": 100}},
}
"""A programme for the scenario; what it costs is told by `costs`, not computed."""

COSTS = (("radar", "radar", "procurement", 30.0, 0.0), ("radar", "radar", "launch", 10.0, 0.0),
         ("radar", "radar", "replenishment", 0.0, 10.0),
         ("battery", "upper", "development", 100.0, 0.0), ("battery", "upper", "procurement", 200.0, 10.0),
         ("battery", "upper", "operations", 50.0, 0.0))
"""Element, layer, phase, and what it costs in run r: the first number and r times the second, M$."""


def costed(**changes: Any) -> Results:
    """The results with a programme: 390 M$ in run 0, 20 M$ more in each further run."""
    found = results(cost=PROGRAMME, **changes)
    rows = [(run, *names, first + run * more) for run in range(4) for *names, first, more in COSTS if first or run]
    costs = pd.DataFrame(rows, columns=["run", "element", "layer", "phase", "cost_musd"])
    costs = costs.assign(then_year_musd=1.5 * costs["cost_musd"], discounted_musd=0.5 * costs["cost_musd"])
    return replace(found, tables=replace(found.tables, costs=costs))


def _prices() -> pd.DataFrame:
    """Of both threats, M$."""
    return pd.DataFrame([(run, "threat", name, price) for run in range(4)
                         for name, price in (("shahed", 0.1), ("srbm", 1.0 + run))],
                        columns=["run", "kind", "name", "cost_musd"])


def _threats() -> pd.DataFrame:
    outcome = {"D": "destroyed", "L": "leaked", "O": "outside"}
    rows = []
    for run, word in enumerate(OUTCOMES):
        for i, (letter, (raid, ordinal, kind, family, area)) in enumerate(zip(word, THREATS)):
            area = "village" if (run, i) == (3, 4) else area
            was_seen = REASON.get((run, i)) != "never seen"
            rows.append({
                "run": run, "raid": raid, "threat": ordinal, "type": kind, "threat_class": family, "place": "coast",
                "area": area, "outcome": outcome[letter], "reason": REASON.get((run, i)),
                "layer": {"ballistic": "upper", "drone": "guns"}[family] if letter == "D" else None,
                "t_launch_s": 10.0 * ordinal,
                "t_warned_s": 10.0 * ordinal + (50.0, 40.0)[i] if i < 2 else np.nan,
                "t_seen_s": 100.0 if was_seen else np.nan,
                "t_shot_s": 120.0 if letter == "D" else np.nan, "t_end_s": 300.0, "shots": int(letter == "D"),
                "hit_area": area if letter == "L" else None, "is_decoy": False,
                "watched_s": 100.0 if i < 2 else 0.0, "held_s": (10.0 + run, 20.0)[i] if i < 2 else 0.0})
    return pd.DataFrame(rows)


def _warnings() -> pd.DataFrame:
    """Two missiles a run: the first seen by one satellite after 50 s, the second by two, after 40 and 60 s."""
    rows = []
    for run in range(4):
        rows += [{"run": run, "raid": "one", "threat": i, "type": "srbm", "threat_class": "ballistic",
                  "place": "coast", "area": "city", "sensor": "star", "warned_after_s": (50.0, 40.0)[i],
                  "stereo_after_s": (np.nan, 60.0)[i], "looks": 10, "fixes": 2 + run} for i in (0, 1)]
    return pd.DataFrame(rows)


def _sites() -> pd.DataFrame:
    """Upper fires 2 rounds at 12 M$ in raid one; each gun site 1 burst at 0.01 M$ per raid; run r fires r more."""
    rows = []
    for run in range(4):
        upper, guns = 2 + run, 1
        for raid, left_upper, left_guns in (("one", 10 - upper, 19), ("two", 10 - upper, 18)):
            fired = upper if raid == "one" else 0
            rows.append({"run": run, "raid": raid, "layer": "upper", "site": "north", "interceptor": "thaad",
                         "shots": fired, "kills": min(2, fired), "left": left_upper, "stock": 10,
                         "cost_musd": 12.0 * fired})
            rows += [{"run": run, "raid": raid, "layer": "guns", "site": site, "interceptor": "gun", "shots": guns,
                      "kills": int(site == "east"), "left": left_guns, "stock": 20, "cost_musd": 0.01 * guns}
                     for site in ("east", "west")]
    return pd.DataFrame(rows)


def _shots() -> pd.DataFrame:
    rows = []
    for run in range(4):
        rows.append((run, "one", "upper", "srbm", 2 + run, 2, 2))
        rows += [(run, raid, "guns", "shahed", 2, 1, 1) for raid in ("one", "two")]
    return pd.DataFrame(rows, columns=["run", "raid", "layer", "type", "shots", "kills", "engaged"])


def _assumptions() -> pd.DataFrame:
    return pd.DataFrame([
        {"path": "interceptors.thaad.cost_musd", "value": 12.7, "low": 11.0, "high": 15.0, "unit": "M$",
         "grade": "official", "source": "ministry2026", "why": "", "sampled": True},
        {"path": "layers.upper.decision_s", "value": 5.0, "low": 5.0, "high": 5.0, "unit": "s",
         "grade": "assumed", "source": "assumption", "why": "a person says yes", "sampled": False}])


def _tracks() -> pd.DataFrame:
    rows = []
    for raid, threat, kind, _, _ in THREATS:
        ends = (24.0, 54.0) if threat == 3 else (25.0, 55.0)
        rows += [{"raid": raid, "threat": threat, "type": kind,
                  "outcome": "leaked" if (raid, threat) == ("one", 3) else "destroyed", "t_s": 300.0 * share,
                  "lat_deg": 27.0 + share * (ends[0] - 27.0), "lon_deg": 56.0 + share * (ends[1] - 56.0),
                  "alt_km": 80.0 * share * (1.0 - share)} for share in (0.0, 0.5, 1.0)]
    return pd.DataFrame(rows)


def _events() -> pd.DataFrame:
    rows = [("one", 0.0, "launch", 0, None, None), ("one", 120.0, "shot", 0, "upper", "north"),
            ("one", 180.0, "kill", 0, "upper", "north"), ("one", 330.0, "leak", 3, None, None)]
    return pd.DataFrame(rows, columns=["raid", "t_s", "event", "threat", "layer", "site"])
