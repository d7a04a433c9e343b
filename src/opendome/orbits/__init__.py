"""Satellites: designed constellations, real element sets, where they are, what they cover, how long they last."""

from opendome.orbits.constellation import (
    EPOCH,
    Constellation,
    Elements,
    Satellites,
    degraded,
    joined,
    states,
)
from opendome.orbits.lifetime import (
    lifetime_years,
    replenishment_per_year,
    station_keeping_m_s_per_year,
    upper_air_density,
)
from opendome.orbits.mean import Orbit, orbit_position_ecef, orbit_state, orbits_of, secular_rates
from opendome.orbits.patterns import LowOrbitWarning, geostationary, listed, planes_for, shells, walker

__all__ = [
    "EPOCH", "Constellation", "Elements", "LowOrbitWarning", "Orbit", "Satellites", "degraded", "geostationary",
    "joined", "lifetime_years", "listed", "orbit_position_ecef", "orbit_state", "orbits_of", "planes_for",
    "replenishment_per_year", "secular_rates", "shells", "states", "station_keeping_m_s_per_year",
    "upper_air_density", "walker",
]
