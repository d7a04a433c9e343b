"""Satellites: designed constellations, real element sets, where they are, what they cover, how long they last."""

from opendome.orbits.constellation import Constellation, Elements, joined, walker
from opendome.orbits.mean import Orbit, orbit_position_ecef, orbit_state, orbits_of

__all__ = ["Constellation", "Elements", "Orbit", "joined", "orbit_position_ecef", "orbit_state", "orbits_of", "walker"]
