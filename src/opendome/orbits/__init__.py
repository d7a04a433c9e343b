"""Satellites: designed constellations, real element sets, where they are, what they cover, how long they last."""

from opendome.orbits.constellation import Constellation, Elements, joined, walker
from opendome.orbits.gaps import Gaps
from opendome.orbits.losses import plane_losses
from opendome.orbits.mean import Orbit, orbit_position_ecef, orbit_state, orbits_of
from opendome.orbits.view import Coverage, CoverageWarning, coverage, coverage_at

__all__ = [
    "Constellation", "Coverage", "CoverageWarning", "Elements", "Gaps", "Orbit", "coverage", "coverage_at", "joined",
    "orbit_position_ecef", "orbit_state", "orbits_of", "plane_losses", "walker",
]
