"""What the page reads: a study as JSON, and one raid of one run as small Arrow tables (docs/formats/replay.md)."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from opendome import __version__
from opendome.catalogue import Catalogue
from opendome.catalogue.entries import InfraredSensor, Interceptor, Radar
from opendome.errors import InputError, nearest
from opendome.export.overlays import listed
from opendome.results import Results
from opendome.study import catalogue_for
from opendome.study.replay import Replayed, kept, replay_of, replays_of
from opendome.world import utc_text

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of what the page reads."""

SAMPLES_MAX = 100_000
"""Points of tracks in one table; more are cut by time."""

M_PER_KM = 1000.0

T = TypeVar("T")


# ---- the study ------------------------------------------------------------------------------------------------------


def index(results: Results, summary: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was run and all that does not move, as plain data; unknown numbers are None. `summary` is that of the
    results, where it is known already.

    A study of campaigns has no raids to replay, and no outcomes run by run. Raises `InputError` where the scenario
    names what this version's catalogue does not have.
    """
    scenario, manifest = results.scenario, results.manifest
    catalogue, is_raids = catalogue_for(scenario), scenario.stockpile is None
    return {
        "format": FORMAT, "kind": "raid" if is_raids else "campaign",
        "title": scenario.title, "note": scenario.note, "price_year": scenario.price_year,
        **{key: manifest[key] for key in ("version", "seed", "runs", "fidelity", "scenario_sha256",
                                          "catalogue_sha256")},
        "summary": plain(results.summary() if summary is None else summary),
        "raids": [{"name": name, "start": utc_text(raid.start, 0.0), "note": raid.note,
                   "launched": sum(wave.count for wave in raid.waves)}
                  for name, raid in scenario.raids.items()] if is_raids else [],
        "layers": [{"name": name, "interceptor": layer.interceptor, "note": layer.note}
                   for name, layer in scenario.layers.items()],
        "sites": _sites(results, catalogue),
        "sensors": _sensors(results, catalogue),
        "areas": [{"name": name, "lat_deg": area.lat_deg, "lon_deg": area.lon_deg, "radius_km": area.radius_km,
                   "note": area.note} for name, area in scenario.areas.items()],
        "places": [{"name": name, "lat_deg": place.lat_deg, "lon_deg": place.lon_deg, "note": place.note}
                   for name, place in scenario.places.items()],
        "overlays": listed(scenario),
        "constellations": [{"name": name, "n": spec.n_deployed, "carries": _carried(results, name), "note": spec.note}
                           for name, spec in scenario.constellations.items()],
        "outcomes": outcomes(results),
        **_evidence(results, catalogue),
    }


def _sites(results: Results, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Sites on the ground, each with its rounds and its interceptor's farthest intercept over the ground."""
    found = []
    for name, layer in results.scenario.layers.items():
        entry = _entry(catalogue.interceptors, layer.interceptor, "interceptor", results)
        range_km = entry.range_max_km.value if isinstance(entry, Interceptor) else 0.0
        found += [{"name": site, "layer": name, "lat_deg": spec.lat_deg, "lon_deg": spec.lon_deg, "alt_m": spec.alt_m,
                   "stock": spec.stock.value, "range_km": range_km} for site, spec in layer.sites.items()]
    return found


def _sensors(results: Results, catalogue: Catalogue) -> list[dict[str, Any]]:
    found = []
    for name, spec in results.scenario.sensors.items():
        entry = _entry(catalogue.sensors, spec.type, "sensor", results)
        radar = entry if isinstance(entry, Radar) else None
        found.append({
            "name": name, "type": spec.type, "kind": "radar" if radar else "infrared",
            "constellation": spec.constellation, "lat_deg": spec.lat_deg, "lon_deg": spec.lon_deg,
            "alt_m": spec.alt_m + (radar.antenna_m.value if radar else 0.0), "azimuth_deg": spec.azimuth_deg,
            "sector_deg": radar.sector_deg.value if radar else 360.0,
            "range_km": radar.range_max_km.value if radar else 0.0,
            "field_of_regard_deg": entry.field_of_regard_deg.value if isinstance(entry, InfraredSensor) else 0.0,
        })
    return found


def _entry(entries: Mapping[str, T], name: str, kind: str, results: Results) -> T:
    """An entry of the catalogue. Raises `InputError` where there is none, as in results of another version."""
    if name in entries:
        return entries[name]
    version = results.manifest["version"]
    whose = f"the results are of version {version}, this is {__version__}" if version != __version__ else (
        "the scenario kept with the results was changed")
    near = nearest(name, entries)
    raise InputError(f"{kind} {name!r}\n  is not in this version's catalogue: {whose}\n"
                     "hint: install the version that made the results, or run the scenario again"
                     + (f"; {near}" if near else ""))


def _carried(results: Results, constellation: str) -> list[str]:
    """Sensors and layers on the satellites of a constellation."""
    scenario = results.scenario
    sensors = [name for name, spec in scenario.sensors.items() if spec.constellation == constellation]
    return sensors + [name for name, spec in scenario.layers.items() if spec.constellation == constellation]


def outcomes(results: Results) -> dict[str, list[Any]]:
    """Run by run, all raids together, decoys not counted as threats; empty lists for campaigns."""
    tables, runs = results.tables, results.tables.runs
    if results.scenario.stockpile is not None:
        return {name: [] for name in ("run", "leakers", "leak_through", "shots", "kills", "cost_musd")}
    real = tables.threats[~tables.threats["is_decoy"]]
    launched = real.groupby("run").size().reindex(runs).to_numpy()
    leakers = (real["outcome"] == "leaked").groupby(real["run"]).sum().reindex(runs).to_numpy()
    sums = tables.sites.groupby("run")[["shots", "kills", "cost_musd"]].sum().reindex(runs, fill_value=0)
    return {
        "run": [int(run) for run in runs], "leakers": [int(n) for n in leakers],
        "leak_through": [int(a) / int(b) for a, b in zip(leakers, launched, strict=True)],
        "shots": [int(n) for n in sums["shots"]], "kills": [int(n) for n in sums["kills"]],
        "cost_musd": [float(f"{x:.7g}") for x in sums["cost_musd"].astype(np.float64)],
    }


def _evidence(results: Results, catalogue: Catalogue) -> dict[str, Any]:
    """Every number that the study rests on, and the references that these and the observations name."""
    texts = ("path", "unit", "grade", "source", "why")
    rows = plain(results.tables.assumptions.astype(dict.fromkeys(texts, "str")).to_dict(orient="records"))
    cited = {row["source"] for row in rows} | {o.source for o in results.scenario.observations}
    return {
        "assumptions": rows,
        "references": {key: {"author": found.author, "title": found.title, "year": found.year,
                             "publisher": found.publisher, "link": found.link}
                       for key, found in catalogue.references.items() if key in cited},
    }


def plain(found: Any) -> Any:
    """The same as JSON can say it: NumPy's numbers as Python's, what is not a number as None, dates as text."""
    if isinstance(found, Mapping):
        return {str(key): plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [plain(value) for value in found]
    if isinstance(found, np.generic):
        found = found.item()
    if isinstance(found, float):
        return found if math.isfinite(found) else None
    return found if found is None or isinstance(found, bool | int | str) else str(found)


# ---- one raid of one run --------------------------------------------------------------------------------------------


def replay_parts(results: Results, run: int, raid: str | None = None) -> dict[str, bytes]:
    """The files of one raid of one run by name: `meta.json` and Arrow streams, as docs/formats/replay.md says.

    The run is flown again; where that cannot be done, run 0 is given as it was kept with the results, and the first
    of its notes says why. Raises `InputError` for any other run then, and for a run or raid that there is not.
    """
    try:
        found = replay_of(results, run, raid)
    except InputError as error:
        if run != 0 or results.scenario.stockpile is not None or raid not in (None, *results.scenario.raids):
            raise
        found = _kept(results, raid, error)
    return parts(found, _stocks(results, found.run, found.raid))


def replay_raids(results: Results, run: int) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Every raid of one run by name with its files, in their order and in one flight; otherwise as `replay_parts`."""
    left = list(results.scenario.raids)
    try:
        for found in replays_of(results, run):
            yield found.raid, parts(found, _stocks(results, run, found.raid))
            left.remove(found.raid)
    except InputError as error:
        if run != 0 or results.scenario.stockpile is not None:
            raise
        for raid in left:
            yield raid, parts(_kept(results, raid, error), _stocks(results, run, raid))


def _kept(results: Results, raid: str | None, error: InputError) -> Replayed:
    """Run 0 as it was kept, with why it was not flown again."""
    found = kept(results, raid)
    found.notes.insert(0, "Not flown again: " + str(error).partition("\nhint: ")[0].replace("\n  ", "; ") + ".")
    return found


def _stocks(results: Results, run: int, raid: str) -> list[dict[str, Any]]:
    """Rounds that each site held when the raid began: those left at its end and those fired in it."""
    rows = results.tables.sites
    rows = rows[(rows["run"] == run) & (rows["raid"] == raid)]
    held = (rows["left"] + rows["shots"]).to_numpy()
    return [{"layer": str(layer), "site": str(site), "stock": float(stock)}
            for layer, site, stock in zip(rows["layer"], rows["site"], held, strict=True)]


def parts(found: Replayed, stocks: Sequence[Mapping[str, Any]] = ()) -> dict[str, bytes]:
    """The files of a replay by name."""
    tracks = _tracks(found)
    cut = chunks(tracks["t_s"])
    files = {"objects.arrow": arrow(_objects(found)), "events.arrow": arrow(_events(found)),
             "satellites.arrow": arrow(_satellites(found)), "beliefs.arrow": arrow(_beliefs(found))}
    if len(cut) == 1:
        names = ["tracks.arrow"]
        files[names[0]] = arrow(tracks)
    else:
        names = [f"tracks-{k}.arrow" for k in range(len(cut))]
        files |= {name: arrow({key: column[rows] for key, column in tracks.items()})
                  for name, rows in zip(names, cut, strict=True)}
    meta = {"format": FORMAT, "run": found.run, "raid": found.raid, "end_s": found.end_s,
            "thinned_m": found.thinned_m, "gmst_rad": found.earth_angle_rad, "notes": found.notes, "tracks": names,
            "stocks": list(stocks)}
    return {"meta.json": json_bytes(meta), **files}


def json_bytes(found: Any) -> bytes:
    """Plain data as JSON in UTF-8."""
    return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def chunks(t_s: Any) -> list[Any]:
    """Row numbers of each piece, cut by time so that none has more than `SAMPLES_MAX`; inside, in the order given."""
    count = max(1, -(-len(t_s) // SAMPLES_MAX))
    order = np.argsort(t_s, kind="stable")
    return [np.sort(rows) for rows in np.array_split(order, count)]


def _km(frame: pd.DataFrame) -> dict[str, Any]:
    return {f"{axis}_km": (frame[f"{axis}_m"].to_numpy(np.float64) / M_PER_KM).astype(np.float32) for axis in "xyz"}


def _tracks(found: Replayed) -> dict[str, Any]:
    frame = found.tracks
    return {"id": frame["id"].to_numpy(np.int32), "t_s": frame["t_s"].to_numpy(np.float32), **_km(frame),
            "phase": frame["phase"].to_numpy(np.uint8)}


def _objects(found: Replayed) -> dict[str, Any]:
    frame, text = found.objects, ("kind", "name", "type", "threat_class", "layer", "site", "place", "area", "fate",
                                  "reason")
    return {"id": frame["id"].to_numpy(np.int32),
            **{name: frame[name].to_numpy(np.float64) for name in ("start_s", "end_s")},
            **{name: frame[name].to_numpy(np.int32) for name in ("target", "satellite", "raid_number")},
            **{name: frame[name].tolist() for name in text}}


def _events(found: Replayed) -> dict[str, Any]:
    frame = found.events
    return {"t_s": frame["t_s"].to_numpy(np.float64), **{name: frame[name].to_numpy(np.int32) for name in (
        "object", "other", "satellite", "satellite_2")},
            **_km(frame), **{name: frame[name].tolist() for name in ("kind", "layer", "site", "sensor")}}


def _satellites(found: Replayed) -> dict[str, Any]:
    frame = found.satellites
    angles = ("i_rad", "raan_rad", "argp_rad", "m_rad", "raan_rad_s", "argp_rad_s", "m_rad_s")
    return {"id": frame["id"].to_numpy(np.int32), "a_km": frame["a_m"].to_numpy(np.float64) / M_PER_KM,
            "e": frame["e"].to_numpy(np.float64), **{name: frame[name].to_numpy(np.float64) for name in angles},
            "works": frame["works"].to_numpy(np.uint8), "rounds": frame["rounds"].to_numpy(np.int32),
            "constellation": frame["constellation"].tolist()}


def _beliefs(found: Replayed) -> dict[str, Any]:
    """`sigma_km`: of one axis, as if all were alike; the covariance itself is given in km2."""
    frame = found.beliefs
    trace = frame["xx_m2"] + frame["yy_m2"] + frame["zz_m2"]
    return {"object": frame["object"].to_numpy(np.int32), "t_s": frame["t_s"].to_numpy(np.float32), **_km(frame),
            "sigma_km": (np.sqrt(trace.to_numpy(np.float64) / 3.0) / M_PER_KM).astype(np.float32),
            **{f"{name}_km2": (frame[f"{name}_m2"].to_numpy(np.float64) / M_PER_KM**2).astype(np.float32)
               for name in ("xx", "xy", "xz", "yy", "yz", "zz")}}


def arrow(columns: Mapping[str, Any]) -> bytes:
    """An Arrow IPC stream of columns: arrays as they are, lists of text as dictionaries with 32-bit keys."""
    import pyarrow as pa

    made = {name: pa.array([str(x) for x in column], pa.string()).dictionary_encode() if isinstance(column, list)
            else pa.array(column) for name, column in columns.items()}
    table, out = pa.table(made), io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()
