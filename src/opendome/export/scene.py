"""What is exported: the recorded run of a results folder, placed on the Earth and dated, whatever the format.

Only what was recorded is in it: paths of threats (thinned: docs/formats/results.md), events, and satellites on the
orbits that the scenario gives them. Paths of interceptors are not recorded and are not made up. All satellites in orbit
are there, whether or not they worked in this run, which results do not say.

Frame: Earth-fixed, WGS-84, heights above the ellipsoid. Times: seconds after the start of the raid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.errors import InputError, nearest
from opendome.kernel import F64Array
from opendome.orbits import states
from opendome.raid.lower_sky import constellation_of, first_start
from opendome.study.replay_kept import warned_by
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import WGS84, earth_angle_at, ecef_from_geodetic, geodetic

if TYPE_CHECKING:
    import pandas as pd

    from opendome.results import Results
    from opendome.scenario import Scenario

RECORDED = 0
"""The run that is recorded."""

Facts = Mapping[str, str | int | float | bool]
"""What is known of something, by name; what is not known is left out."""

ORBIT_STEP_S = 120.0
"""Longest time between two positions of a satellite; half of it on orbits that are not round."""

ROUND = 0.05
"""Largest eccentricity of an orbit that counts as round."""

ORBIT_DEGREE = 5
"""Degree of the polynomial that is to be laid through positions of satellites: within 2 m of the model everywhere.
Straight lines are up to 16 km off."""

TIME_DIGITS = 3
"""Decimals of a second that are written."""


@dataclass(frozen=True)
class Fixed:
    """Something of the scenario that stays where it is."""

    kind: str
    """area, place, sensor or site."""
    name: str
    group: str
    """Layer of a site, type of a sensor, else empty."""
    lat_deg: float
    lon_deg: float
    alt_m: float
    radius_km: float
    """Of an area; 0 for everything else."""
    facts: Facts


@dataclass(frozen=True)
class Track:
    """Path of one threat. K points, times rising strictly."""

    name: str
    type: str
    outcome: str
    facts: Facts
    t_s: F64Array
    """(K,)"""
    lat_deg: F64Array
    lon_deg: F64Array
    alt_m: F64Array

    @cached_property
    def r_ecef_m(self) -> F64Array:
        """Positions in ECEF in m, (K, 3)."""
        rows = zip(self.lat_deg * RAD_PER_DEG, self.lon_deg * RAD_PER_DEG, self.alt_m)
        return np.array([ecef_from_geodetic(*map(float, row)) for row in rows]).reshape(-1, 3)

    def at(self, t_s: float) -> tuple[float, float, float]:
        """Latitude and longitude in degrees and height in m at a time, on the straight line between two points; before
        the first and after the last point, that point."""
        r = self.r_ecef_m
        return geodetic(*(float(np.interp(t_s, self.t_s, r[:, axis])) for axis in range(3)))


@dataclass(frozen=True)
class Event:
    """Something that happened to a threat."""

    kind: str
    t_s: float
    threat: str
    """Name of its track."""
    facts: Facts
    lat_deg: float
    """Where the threat was."""
    lon_deg: float
    alt_m: float


@dataclass(frozen=True)
class Fleet:
    """The satellites of a constellation. S satellites, K instants."""

    name: str
    facts: Facts
    t_s: F64Array
    """(K,)"""
    states: F64Array
    """(K, 6, S) positions in m and velocities in m/s, relative to the turning Earth."""

    def satellites(self) -> Iterator[tuple[str, F64Array]]:
        """Name and states (K, 6) of each satellite."""
        for s in range(self.states.shape[2]):
            yield f"{self.name}-{s:04d}", self.states[:, :, s]


@dataclass(frozen=True)
class Raid:
    """One raid of the recorded run."""

    name: str
    start: datetime
    """UTC."""
    end_s: float
    note: str
    tracks: Sequence[Track]
    events: Sequence[Event]
    fleets: Sequence[Fleet]

    def utc(self, t_s: float) -> str:
        """ISO 8601 text, to the millisecond, of a time after the start."""
        instant = self.start + timedelta(seconds=round(float(t_s), TIME_DIGITS))
        return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Scene:
    """Everything that is exported of a recorded run."""

    title: str
    about: Sequence[str]
    """Sentences that say what the file is and how to make it again."""
    created: datetime
    fixed: Sequence[Fixed]
    raids: Sequence[Raid]


def scene(results: Results, raid: str | None = None, created: datetime | None = None,
          progress: Callable[[int, int], None] | None = None) -> Scene:
    """The recorded run of results, or one raid of it; `created` is now unless given. `progress` is told how many raids
    have been placed, of how many.

    Raises `InputError` where no run was recorded, and for an unknown raid.
    """
    scenario = results.scenario
    if not len(results.tables.replay_tracks):
        kind = "results of campaigns" if scenario.stockpile is not None else "these results"
        raise InputError(f"{kind} hold no recorded run, so there is nothing to place on a map\n"
                         "hint: their tables can be had with --to csv or --to parquet")
    names = _raid_names(results, raid)
    raids = []
    for name in names:
        raids.append(_raid(results, name))
        if progress:
            progress(len(raids), len(names))
    return Scene(scenario.title, _about(results), created or datetime.now(UTC), _fixed(scenario), raids)


def _raid_names(results: Results, raid: str | None) -> list[str]:
    recorded = set(results.tables.replay_tracks["raid"].astype(str))
    known = [name for name in results.scenario.raids if name in recorded]
    if raid is None:
        return known
    if raid not in known:
        hint = nearest(raid, known)
        raise InputError(f"--raid {raid!r}: no raid of this name was recorded" + (f"\nhint: {hint}" if hint else ""))
    return [raid]


def _about(results: Results) -> list[str]:
    found = results.manifest
    return [
        f"A simulated run, recorded by OpenDome {found['version']}; it is notional, shows no real event, and "
        "nothing in it is live.",
        f"Run {RECORDED} of {found['runs']}, seed {found['seed']}, fidelity {found['fidelity']}; scenario sha256 "
        f"{found['scenario_sha256']}, catalogue sha256 {found['catalogue_sha256']}.",
        "Positions are Earth-fixed (WGS-84), heights above the ellipsoid. Paths of interceptors are not recorded.",
    ]


# ---- what stays where it is -----------------------------------------------------------------------------------------


def _fixed(scenario: Scenario) -> list[Fixed]:
    found = [Fixed("area", name, "", area.lat_deg, area.lon_deg, 0.0, area.radius_km,
                   _facts(radius_km=area.radius_km, value=area.value, note=area.note))
             for name, area in scenario.areas.items()]
    found += [Fixed("place", name, "", place.lat_deg, place.lon_deg, 0.0, 0.0, _facts(note=place.note))
              for name, place in scenario.places.items()]
    found += [Fixed("sensor", name, sensor.type, sensor.lat_deg, sensor.lon_deg, sensor.alt_m, 0.0,
                    _facts(type=sensor.type, azimuth_deg=sensor.azimuth_deg, note=sensor.note))
              for name, sensor in scenario.sensors.items() if sensor.lat_deg is not None and sensor.lon_deg is not None]
    found += [Fixed("site", name, layer_name, site.lat_deg, site.lon_deg, site.alt_m, 0.0,
                    _facts(layer=layer_name, interceptor=layer.interceptor, launchers=site.launchers,
                           radar=site.radar, note=layer.note))
              for layer_name, layer in scenario.layers.items() for name, site in layer.sites.items()]
    return found


def _facts(**facts: Any) -> dict[str, Any]:
    """What is known of something; what is not is left out."""
    return {name: value for name, value in facts.items() if not _is_missing(value) and value != ""}


def _is_missing(value: Any) -> bool:
    return bool(value is None or value != value)  # NaN is unlike itself


# ---- one raid -------------------------------------------------------------------------------------------------------


def _raid(results: Results, name: str) -> Raid:
    scenario, tables = results.scenario, results.tables
    spec = scenario.raids[name]
    tracks = list(_tracks(tables.replay_tracks, _threats(tables.threats, name), name))
    events = list(_events(tables.replay_events, {track.name: track for track in tracks}, name,
                          warned_by(results, name)))
    end_s = max([*(float(track.t_s[-1]) for track in tracks), *(event.t_s for event in events)])
    return Raid(name, spec.start, end_s, spec.note, tracks, events, list(_fleets(scenario, spec.start, end_s)))


def _threats(rows: pd.DataFrame, raid: str) -> dict[int, Facts]:
    """What the threats' table says of each threat of the recorded run, by ordinal."""
    rows = rows[(rows["run"] == RECORDED) & (rows["raid"] == raid)]
    columns = ["threat_class", "place", "area", "reason", "layer", "shots", "is_decoy"]
    return {int(row["threat"]): _facts(**{name: row[name] for name in columns}) for row in rows.to_dict("records")}


def _name(raid: str, threat: int) -> str:
    return f"{raid}-{threat:04d}"


def _tracks(rows: pd.DataFrame, threats: Mapping[int, Facts], raid: str) -> Iterator[Track]:
    rows = rows[rows["raid"] == raid]
    for key, group in rows.groupby("threat", sort=True):
        threat = int(str(key))
        t_s = np.round(group["t_s"].to_numpy(np.float64), TIME_DIGITS)
        order = np.unique(t_s, return_index=True)[1]
        kind = str(group["type"].iloc[0])
        outcome = "" if _is_missing(group["outcome"].iloc[0]) else str(group["outcome"].iloc[0])
        facts = {**_facts(raid=raid, threat=threat, type=kind, outcome=outcome), **threats.get(threat, {})}
        lat, lon, alt_km = (group[c].to_numpy(np.float64)[order] for c in ("lat_deg", "lon_deg", "alt_km"))
        yield Track(_name(raid, threat), kind, outcome, facts, t_s[order], lat, lon, M_PER_KM * alt_km)


def _events(rows: pd.DataFrame, tracks: Mapping[str, Track], raid: str, warned: Mapping[int, str]) -> Iterator[Event]:
    for row in rows[rows["raid"] == raid].to_dict("records"):
        track = tracks.get(_name(raid, int(row["threat"])))
        if track is None:
            continue  # nothing says where it was
        t_s = round(float(row["t_s"]), TIME_DIGITS)
        sensor = warned.get(int(row["threat"]), "") if row["event"] == "warning" else ""
        facts = _facts(raid=raid, event=row["event"], threat=track.name, type=track.type, layer=row["layer"],
                       site=row["site"], sensor=sensor)
        yield Event(str(row["event"]), t_s, track.name, facts, *track.at(t_s))


def _fleets(scenario: Scenario, start: datetime, end_s: float) -> Iterator[Fleet]:
    """Satellites while a raid goes on, placed as the raid places them: elements hold at the start of the first raid."""
    epoch = first_start(scenario)
    span_s = max(end_s, 1.0)
    for name, spec in scenario.constellations.items():
        fleet = constellation_of(spec, epoch)
        if not len(fleet):
            continue
        step_s = ORBIT_STEP_S if fleet.elements.e.max() <= ROUND else ORBIT_STEP_S / 2.0
        steps = max(ORBIT_DEGREE, int(np.ceil(span_s / step_s)))
        t_s = np.round(np.linspace(0.0, span_s, steps + 1), TIME_DIGITS)
        eci = states(fleet, (start - epoch).total_seconds() + t_s)
        carries = [*(n for n, s in scenario.sensors.items() if s.constellation == name),
                   *(n for n, layer in scenario.layers.items() if layer.constellation == name)]
        facts = _facts(constellation=name, pattern=spec.pattern, carries=", ".join(carries), note=spec.note)
        yield Fleet(name, facts, t_s, _earth_fixed(eci, earth_angle_at(start) + WGS84.omega_rad_s * t_s))


def _earth_fixed(eci: F64Array, angle_rad: F64Array) -> F64Array:
    """States (K, 6, S) in ECEF, velocities relative to the turning Earth, at Earth angles (K,)."""
    s, c = np.sin(angle_rad)[:, np.newaxis], np.cos(angle_rad)[:, np.newaxis]
    x, y, z, vx, vy, vz = np.moveaxis(eci, 1, 0)
    x, y, vx, vy = c * x + s * y, c * y - s * x, c * vx + s * vy, c * vy - s * vx
    return np.stack([x, y, z, vx + WGS84.omega_rad_s * y, vy - WGS84.omega_rad_s * x, vz], axis=1)
