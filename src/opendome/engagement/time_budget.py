"""Closed forms of a defence's time budget: horizon, time to go, kill chain, and the radius that is left to defend.

Plain geometry: a round Earth for the horizon, flat ground for the radius, straight flight at constant speed. They are
what the grid of `footprint` must come near when everything else is taken away. Source: peace2018 and the article quoted
with it (docs/models/footprints.md).

    radar, interceptor o------- R -------x defended point           first detection D
                       '-.               |                                 |
                          '-. V_i t      | h   <------ V_t ----------------x target
"""

import math

from opendome.errors import InputError
from opendome.units import M_PER_KM
from opendome.world import MEAN_RADIUS_M

EARTH_KM = MEAN_RADIUS_M / M_PER_KM


def geometric_horizon_km(alt_km: float) -> float:
    """Distance in km to the horizon seen from an altitude, sqrt(2 R h): a straight ray over a sphere, for small h."""
    return math.sqrt(2.0 * EARTH_KM * _not_negative("alt_km", alt_km))


def time_to_go_s(distance_km: float, speed_km_s: float) -> float:
    """Time in s that a target needs for a distance at a constant speed."""
    return _not_negative("distance_km", distance_km) / _positive("speed_km_s", speed_km_s)


def kill_chain_s(**steps_s: float) -> float:
    """Sum in s of the steps of a kill chain, each given by name: track_s=30, discriminate_s=30, commit_s=15 ..."""
    return sum(_not_negative(name, value) for name, value in steps_s.items())


def mean_speed_km_s(burnout_speed_km_s: float, burn_s: float, flight_s: float) -> float:
    """Mean speed in km/s over a flight of an interceptor that speeds up evenly from rest and then keeps its speed."""
    speed, burn, flight = (_positive("burnout_speed_km_s", burnout_speed_km_s), _not_negative("burn_s", burn_s),
                           _positive("flight_s", flight_s))
    if flight < burn:
        return 0.5 * speed * flight / burn
    return speed * (1.0 - 0.5 * burn / flight)


def reach_radius_km(*, flight_s: float, alt_km: float, interceptor_speed_km_s: float) -> float:
    """Ground range in km that an interceptor reaches at an altitude within a time of flight; 0 when not even that high.

    The short side of a triangle: sqrt((V t)^2 - h^2). Where V t is hardly above h, small changes of either move it far.
    """
    slant_km = _positive("interceptor_speed_km_s", interceptor_speed_km_s) * max(flight_s, 0.0)
    return math.sqrt(max(0.0, slant_km**2 - _not_negative("alt_km", alt_km) ** 2))


def defended_radius_km(*, first_detection_km: float, threat_speed_km_s: float, alt_km: float, reaction_s: float,
                       interceptor_speed_km_s: float) -> float:
    """Radius in km about radar and interceptor of the points that can be defended against a level flight; 0 for none.

    The point nearest to the target is the hardest. At ground distance R ahead it is defended when the interceptor, that
    leaves `reaction_s` after the first detection at D, is there no later than the target: (D - R) / V_t - t_r =
    sqrt(R^2 + h^2) / V_i. Assumed: flat ground, straight flight of both, the target at its height to the end.
    """
    distance, threat = _positive("first_detection_km", first_detection_km), _positive("threat_speed_km_s",
                                                                                      threat_speed_km_s)
    speed, height = _positive("interceptor_speed_km_s", interceptor_speed_km_s), _not_negative("alt_km", alt_km)
    ratio = speed / threat
    slant = speed * (distance / threat - _not_negative("reaction_s", reaction_s))  # flown when the target is overhead
    if slant <= height:
        return 0.0
    # R: ratio R + sqrt(R^2 + h^2) = slant, written so that equal speeds are no special case.
    return (slant**2 - height**2) / (ratio * slant + math.sqrt(slant**2 - (1.0 - ratio**2) * height**2))


def _positive(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0.0):
        raise InputError(f"{name} = {value}\n  must be above 0")
    return value


def _not_negative(name: str, value: float) -> float:
    if not (math.isfinite(value) and value >= 0.0):
        raise InputError(f"{name} = {value}\n  must be at least 0")
    return value
