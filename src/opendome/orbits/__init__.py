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
from opendome.orbits.element_files import parse_elements, read_elements
from opendome.orbits.element_sets import ElementAgeWarning, ElementSets
from opendome.orbits.gaps import Gaps
from opendome.orbits.lifetime import (
    lifetime_years,
    replenishment_per_year,
    station_keeping_m_s_per_year,
    upper_air_density,
)
from opendome.orbits.light import (
    Eclipses,
    GroundTrack,
    beta_angle_deg,
    eclipse_share,
    eclipses,
    ground_track,
    sun_shares,
)
from opendome.orbits.losses import plane_losses
from opendome.orbits.mean import Orbit, orbit_position_ecef, orbit_state, orbits_of, secular_rates
from opendome.orbits.patterns import LowOrbitWarning, geostationary, listed, planes_for, shells, walker
from opendome.orbits.view import Coverage, CoverageWarning, coverage, coverage_at

__all__ = [
    "EPOCH", "Constellation", "Coverage", "CoverageWarning", "Eclipses", "ElementAgeWarning", "ElementSets",
    "Elements", "Gaps", "GroundTrack", "LowOrbitWarning", "Orbit", "Satellites", "beta_angle_deg", "coverage",
    "coverage_at", "degraded", "eclipse_share", "eclipses", "geostationary", "ground_track", "joined",
    "lifetime_years", "listed", "orbit_position_ecef", "orbit_state", "orbits_of", "parse_elements", "plane_losses",
    "planes_for", "read_elements", "replenishment_per_year", "secular_rates", "shells", "states",
    "station_keeping_m_s_per_year", "sun_shares", "upper_air_density", "walker",
]
