"""Closed forms beside the exchange: what it takes to give one more missile the shots of a layer.

Interceptors in orbit: as many must orbit as stand there for each one in reach (the absentee ratio), times the shots at
a missile, times the life-cycle cost of one. On the ground: shots times the cost of a round.

Left out of both: shots that miss, other layers, rounds that are there and not needed. Of that in orbit also: the time
until a missile is seen, outages, and that several missiles are not at one place at one time.
"""

from __future__ import annotations

import math

from opendome.catalogue import Catalogue
from opendome.catalogue.entries import BallisticThreat, SpaceInterceptor
from opendome.engagement.space_sizing import reach_of_km, share_in_reach
from opendome.scenario import Scenario
from opendome.scenario.specs import Constellation, Layer, Wave
from opendome.study.one_more import Step
from opendome.units import G0_M_S2, M_PER_KM


def closed_form(scenario: Scenario, catalogue: Catalogue, step: Step, threat: str, wave: Wave,
                cost_musd: float) -> float:
    """M$ to give one more missile of a wave the shots of the layer that a step adds to, whose units cost `cost_musd`
    together; NaN where there is no such form: for sensors, sites and launchers, and where nothing is in reach."""
    if len(step.counts) != 1 or step.units <= 0:
        return math.nan
    section, name, *what = step.counts[0].split(".")
    each = cost_musd / step.units
    if section == "layers" and not what:
        return shots_at_one(scenario.layers[name]) * each
    if section != "constellations":
        return math.nan
    entry = catalogue.threats[threat]
    found = [layer for layer in scenario.layers.values() if layer.constellation == name]
    if len(found) != 1 or not isinstance(entry, BallisticThreat):
        return math.nan
    interceptor = catalogue.interceptors[found[0].interceptor]
    assert isinstance(interceptor, SpaceInterceptor)
    time_s = min(interceptor.flight_max_s.value,
                 entry.burn_s.value - found[0].decision_s.value - interceptor.reaction_s.value)
    share = mean_share(scenario, scenario.constellations[name], wave, entry.burnout_alt_km.value, _reach(
        interceptor, time_s))
    if not share > 0.0:
        return math.nan
    return shots_at_one(found[0]) / interceptor.per_satellite.value / share * each


def shots_at_one(layer: Layer) -> int:
    """Shots of a layer at one missile: its salvo, or the most that it may fire where it looks and fires again."""
    return min(layer.salvo, layer.shots_max) if layer.doctrine == "salvo" else layer.shots_max


def mean_share(scenario: Scenario, satellites: Constellation, wave: Wave, alt_km: float, reach_km: float) -> float:
    """Mean share of a Walker pattern's satellites that are in reach of a point at an altitude above the places that a
    wave starts from; the inverse is the absentee ratio. NaN for other patterns."""
    if satellites.inclination_deg is None or satellites.altitude_km is None:
        return math.nan
    total = sum(wave.from_.values())
    return sum(weight / total * share_in_reach(
        inclination_deg=satellites.inclination_deg, latitude_deg=scenario.places[name].lat_deg,
        orbit_altitude_km=satellites.altitude_km, target_altitude_km=alt_km, reach_km=reach_km)
        for name, weight in wave.from_.items())


def _reach(interceptor: SpaceInterceptor, time_s: float) -> float:
    """How far an interceptor gets from its satellite in a time, km; 0 where there is none."""
    if time_s <= 0.0:
        return 0.0
    return reach_of_km(interceptor.accel_g.value * G0_M_S2, interceptor.speed_km_s.value * M_PER_KM, time_s)
