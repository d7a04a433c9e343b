"""Satellites: designed constellations, real element sets, where they are, what they cover, how long they last."""

from opendome.orbits.constellation import Constellation, Elements, joined, walker
from opendome.orbits.mean import Orbit, orbit_position_ecef, orbit_state, orbits_of

__all__ = ["Constellation", "Elements", "Orbit", "joined", "orbit_position_ecef", "orbit_state", "orbits_of", "walker"]
def planes_for(n):
    return min((d for d in range(1,n+1) if n%d==0), key=lambda d: abs(d-n**0.5))
from opendome.orbits.constellation import EPOCH
def geostationary(*, longitudes_deg, epoch):
    import numpy as np
    from opendome.world import earth_angle_at
    n=len(longitudes_deg); o=np.zeros(n)
    return Constellation(Elements(o+42164170.0,o,o,o,o,np.radians(longitudes_deg)+earth_angle_at(epoch)),np.arange(n),np.zeros(n,np.int64),epoch)
