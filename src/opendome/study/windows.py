"""Detection windows of a scenario: for each threat, when each kind of sensor could first see it.

One flight stands for each threat: from the place to the area that most of it goes, without scatter. Assumptions have
their values, not ranges; satellites are where they are when the first raid begins. What counts as seen, and what is
left out: `opendome.sensing.windows`; docs/models/footprints.md.
"""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opendome.catalogue import Catalogue
from opendome.catalogue.entries import Radar
from opendome.errors import InputError, nearest
from opendome.kernel import announce_compiling
from opendome.orbits import Constellation
from opendome.raid.lower import missing_names, radar_sites
from opendome.raid.lower_sky import after_burnout_w_sr, can_track
from opendome.scenario import Scenario, reader
from opendome.scenario.specs import Wave
from opendome.sensing.infrared.history import chances
from opendome.sensing.windows import (
    TRACKING,
    WARNING,
    Window,
    any_of,
    detection_windows,
    orbit_window,
    second_best,
)
from opendome.study import catalogue_for
from opendome.study.sky_cues import eyes_of, intensities, sampled
from opendome.threats import solve_route
from opendome.units import M_PER_KM
from opendome.world import WGS84

LOW_KM, HIGH_KM = 2000.0, 35000.0
"""Orbits below the first are low, above the second geostationary or alike, medium in between."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """When the sensors of a scenario could see one flight."""

    threat: str
    origin: str
    area: str
    impact_s: float
    """Time of flight."""
    windows: tuple[Window, ...]
    """Of every radar, and of every sensor in orbit: warning, and tracking where it can."""

    def first_of_each_kind(self) -> list[Window]:
        """The earliest window of each kind of sensor, of those that see it; sensors in orbit by kind of orbit."""
        best: dict[str, Window] = {}
        for window in self.windows:
            if window.first_s < best.get(window.kind, window).first_s or window.kind not in best:
                best[window.kind] = window
        return [window for window in best.values() if math.isfinite(window.first_s)]


def windows(scenario: Scenario | str, *, threats: Iterable[str] = ()) -> list[Sighting]:
    """When each sensor of a scenario could see each of its threats (or some of them), in the scenario's order."""
    found = scenario if isinstance(scenario, Scenario) else reader.load(scenario)
    catalogue = catalogue_for(found)
    for wrong in missing_names(found, catalogue):
        raise InputError(str(wrong))
    if not found.sensors:
        raise InputError("sensors\n  must name one or more: this scenario has none")
    chosen = _chosen(found, list(threats))
    with announce_compiling():
        return [sighting(found, catalogue, threat, *flown) for threat, flown in chosen.items()]


def sighting(scenario: Scenario, catalogue: Catalogue, threat: str, origin: str, area: str, wave: Wave) -> Sighting:
    """When each sensor of a scenario could see one flight."""
    entry, start, aim = catalogue.threats[threat], scenario.places[origin], scenario.areas[area]
    route = solve_route(threat, entry, launch=(start.lat_deg, start.lon_deg), aim=(aim.lat_deg, aim.lon_deg),
                        trajectory=wave.trajectory, via=wave.via)
    flight = sampled(route)
    radars = radar_sites(scenario, catalogue, radars_there(scenario, catalogue))
    every = detection_windows(flight, radars=radars, rcs_m2=entry.rcs_m2.value, swerling=int(entry.swerling))
    for name, (sensor, satellites) in eyes_of(scenario, catalogue).items():
        plume, body = intensities(entry, sensor, flight)
        orbit = orbit_kind(satellites)
        if plume.any():
            p = any_of(chances(sensor, flight, satellites, plume))
            every.append(orbit_window(flight, name, f"{WARNING}, {orbit}", p))
        if body.any() and can_track(after_burnout_w_sr(entry, sensor), sensor):
            p = second_best(chances(sensor, flight, satellites, body))
            every.append(orbit_window(flight, name, f"{TRACKING}, {orbit}", p))
    return Sighting(threat, origin, area, route.t_impact_s, tuple(every))


def radars_there(scenario: Scenario, catalogue: Catalogue) -> list[str]:
    """The radars of a scenario by name, without those that are never on station."""
    return [name for name, s in scenario.sensors.items()
            if isinstance(catalogue.sensors[s.type], Radar) and s.on_station.value > 0.0]


def orbit_kind(satellites: Constellation) -> str:
    """`low`, `medium` or `high` orbit, by the mean altitude."""
    alt_km = (float(satellites.elements.a_m.mean()) - WGS84.a_m) / M_PER_KM
    return "low orbit" if alt_km < LOW_KM else "high orbit" if alt_km > HIGH_KM else "medium orbit"


def rows(sightings: Iterable[Sighting]) -> list[dict[str, Any]]:
    """A row for each threat and kind of sensor that sees it, as plain data; numbers that do not exist are None."""
    return [{"threat": s.threat, "from": s.origin, "at": s.area, "kind": w.kind, "sensor": w.sensor,
             "first_seen_s": _number(w.first_s), "before_impact_s": _number(w.before_impact_s),
             "alt_km": _number(w.alt_km), "distance_km": _number(w.distance_km), "horizon_s": _number(w.horizon_s),
             "flight_s": _number(s.impact_s), "seen_s": [[round(a, 1), round(b, 1)] for a, b in w.spans_s]}
            for s in sightings for w in s.first_of_each_kind()]


def _number(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None


def _chosen(scenario: Scenario, threats: list[str]) -> Mapping[str, tuple[str, str, Wave]]:
    """Place, area and wave that stand for each threat: the heaviest pair of its first wave that is so heavy."""
    best: dict[str, tuple[float, str, str, Wave]] = {}
    for raid in scenario.raids.values():
        for wave in raid.waves:
            total = sum(wave.from_.values()) * sum(wave.at.values())
            for origin, area in itertools.product(wave.from_, wave.at):
                weight = wave.count * wave.from_[origin] * wave.at[area] / total
                if weight > best.get(wave.threat, (0.0,))[0]:
                    best[wave.threat] = (weight, origin, area, wave)
    for name in threats:
        if name not in best:
            raise InputError(f"threat = {name!r}\n  is sent by no wave of this scenario\nhint: {nearest(name, best)}")
    return {name: found[1:] for name, found in best.items() if not threats or name in threats}

