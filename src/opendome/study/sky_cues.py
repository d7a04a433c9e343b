"""What sensors in orbit tell of one flight, by their chances: when they warn of a burn, and when they track what flies.

A warning is counted from the time by which half of all such burns are warned of; it is that of one flight for all, as
the burn hardly depends on the aim. A track needs two satellites that each see the body half of the time or more in one
look, three such looks, and the sensor's latency. Satellites are where they are when the first raid begins.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from opendome.catalogue import Catalogue
from opendome.catalogue.entries import InfraredSensor, Threat, WaypointThreat
from opendome.engagement.footprint import LOOKS
from opendome.fly import Trajectory, trajectory
from opendome.kernel import F64Array
from opendome.orbits import Constellation
from opendome.raid.lower_sky import after_burnout_w_sr, can_track, constellation_of, eye_names, first_start
from opendome.scenario import Scenario
from opendome.sensing import detection_times, intensity_along
from opendome.sensing.infrared.history import chances
from opendome.sensing.windows import SEEN_P, second_best
from opendome.threats import BOOST, Route, fly_route, lower_routes, phase_at, samples_max, state_at
from opendome.units import db_to_ratio

STEP_S, ROWS_MAX = 2.0, 1200
"""Step of the flights that are looked at, and most rows; longer flights have longer steps."""


class Clues(NamedTuple):
    """What orbit tells of each of Q flights; times in s after launch, inf when never."""

    warned_s: F64Array
    gain: F64Array
    """(Q,) in a radar's signal once warned, linear."""
    usable_s: F64Array
    words: dict[str, str]
    """By sensor: what it does for the flight in the middle."""


def eyes_of(scenario: Scenario, catalogue: Catalogue) -> dict[str, tuple[InfraredSensor, Constellation]]:
    """The sensors in orbit with their satellites, those that are there."""
    epoch, found = first_start(scenario), {}
    for name in eye_names(scenario, catalogue):
        sensor = scenario.sensors[name]
        entry = catalogue.sensors[sensor.type]
        satellites = constellation_of(scenario.constellations[str(sensor.constellation)], epoch)
        if isinstance(entry, InfraredSensor) and len(satellites):
            found[name] = (entry, satellites)
    return found


def sampled(route: Route, step_s: float = STEP_S) -> Trajectory:
    """A solved flight to its own aim point, with phases, at equal steps from launch to impact (see `STEP_S`)."""
    routes, n = lower_routes([route]), samples_max([route])
    r, v = np.empty((n, 3)), np.empty((n, 3))
    _, rows, end_s = fly_route(routes, 0, 0.0, 0.0, r, v)
    t_s = np.linspace(0.0, end_s, min(ROWS_MAX, max(2, math.ceil(end_s / step_s) + 1)))
    states = np.array([state_at(r, v, 0, rows, routes.dt_s[0], t) for t in t_s])
    phase = np.array([phase_at(routes, 0, t, *state) for t, state in zip(t_s, states, strict=True)], np.int64)
    found = trajectory(t_s, np.ascontiguousarray(states[:, :3]), np.ascontiguousarray(states[:, 3:]))
    return found._replace(phase=phase)


def intensities(entry: Threat, sensor: InfraredSensor, flight: Trajectory) -> tuple[F64Array, F64Array]:
    """Radiant intensity in W/sr in a sensor's band, (K,) each: of the plume, and of the body after burnout.

    Both are zero for what flies under power: the heat of its engine and skin is not modelled.
    """
    plume, body = np.zeros(len(flight.t_s)), np.zeros(len(flight.t_s))
    if isinstance(entry, WaypointThreat) or flight.phase is None:
        return plume, body
    w_sr, is_burning = intensity_along(sensor, entry, flight), flight.phase == BOOST
    plume[is_burning], body[~is_burning] = w_sr[is_burning], w_sr[~is_burning]
    return plume, body


def clues_of(scenario: Scenario, catalogue: Catalogue, entry: Threat, solved: Sequence[Route]) -> Clues:
    """What the scenario's sensors in orbit tell of flights of one threat."""
    n, eyes = len(solved), eyes_of(scenario, catalogue)
    out = Clues(np.full(n, np.inf), np.ones(n), np.full(n, np.inf), dict.fromkeys(eyes, "sees none of these flights"))
    if not eyes or isinstance(entry, WaypointThreat):
        return out
    flights, middle = [sampled(route) for route in solved], n // 2
    for name, (sensor, satellites) in eyes.items():
        plume, _ = intensities(entry, sensor, flights[middle])
        warned_s = detection_times(sensor, flights[middle], satellites, intensity_w_sr=plume).warned_half_s
        if warned_s < out.warned_s[0]:
            out.warned_s[:], out.gain[:] = warned_s, db_to_ratio(sensor.cue_gain_db.value)
        usable_s = np.full(n, np.inf)
        if can_track(after_burnout_w_sr(entry, sensor), sensor):
            usable_s[:] = [tracked_from_s(sensor, flight, satellites, intensities(entry, sensor, flight)[1])
                           for flight in flights]
        out.usable_s[:] = np.minimum(out.usable_s, usable_s)
        out.words[name] = _words(warned_s, float(usable_s[middle]), solved[middle].t_impact_s)
    return out


def tracked_from_s(sensor: InfraredSensor, flight: Trajectory, satellites: Constellation, body: F64Array) -> float:
    """When two satellites have seen a body often enough for a usable track, s after launch; inf when never."""
    seen = np.flatnonzero(second_best(chances(sensor, flight, satellites, body)) >= SEEN_P)
    if not seen.size:
        return math.inf
    return float(flight.t_s[seen[0]]) + LOOKS * sensor.revisit_s.value + sensor.latency_s.value


def _words(warned_s: float, usable_s: float, impact_s: float) -> str:
    parts = [f"warns at {warned_s:.0f} s"] if warned_s < impact_s else []
    parts += [f"tracks from {usable_s:.0f} s"] if usable_s < impact_s else []
    return ", ".join(parts) + f" of {impact_s:.0f} s" if parts else "sees none of these flights"
