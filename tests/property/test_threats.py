"""Whatever the class, place, direction and shape, a ballistic flight leaves the ground once and lands on its aim."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome import threats
from opendome.catalogue import shipped
from opendome.kernel import COMPILED
from opendome.world import geodesic_direct, geodesic_inverse

NAMES = ["srbm", "mrbm", "irbm", "icbm-liquid", "icbm-solid"]


@settings(max_examples=60 if COMPILED else 2, deadline=None)
@given(name=st.sampled_from(NAMES), lat_deg=st.floats(-89.9, 89.9), lon_deg=st.floats(-180.0, 180.0),
       azimuth_deg=st.floats(0.0, 360.0), part=st.floats(0.001, 0.999), shape=st.sampled_from(threats.TRAJECTORIES))
def test_leaves_the_ground_once_and_lands_on_its_aim(name, lat_deg, lon_deg, azimuth_deg, part, shape):
    entry = shipped().threats[name]
    low, high = entry.range_min_km.value, entry.range_max_km.value
    range_km = low + part * (high - low)
    aim = geodesic_direct(lat_deg=lat_deg, lon_deg=lon_deg, azimuth_deg=azimuth_deg, distance_km=range_km)
    path = threats.fly(name, launch=(lat_deg, lon_deg), aim=aim, step_s=5.0, trajectory=shape)
    miss = geodesic_inverse(lat1_deg=path.lat_deg[-1], lon1_deg=path.lon_deg[-1], lat2_deg=aim[0], lon2_deg=aim[1])
    assert 1e3 * miss.distance_km < 100.0
    assert (path.alt_m[1:-1] > 0.0).all()
    rising = np.diff(path.alt_m) > 0.0
    assert not np.any(np.diff(rising.astype(int)) > 0)  # once it falls, it falls
    assert (np.diff(path.phase) >= 0).all()
    assert math.isclose(path.t_s[0], 0.0)
