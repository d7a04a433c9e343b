"""The intercontinental glider class of the catalogue against the flight that it is made after.

verifies    threats/glide.py with boost.py: burnout, arc through thin air, pull-up and damped glide of hgv-long
source      Acton 2015 and Wright 2015 (Science & Global Security 23), flight A: burnout at 123 km, 6.0 km/s and 3.7
            degrees; 6,010 m/s and 5.03 degrees down at 100 km; 5,889 km and 1,363 s from there to the end of the glide
            at 30.5 km; as noted by others who had the papers
inputs      hgv-long as shipped at its fastest burnout, 6.0 km/s, from the equator due north: the published Earth does
            not turn, and there ours gives it no lift and takes none. The burn time was chosen so that 100 km are passed
            after 435 s, and says nothing
tolerance   1 % in speed; 0.6 degrees in the angle of entry: ours is 0.5 steeper, so the published burnout and entry do
            not belong to one free flight over our Earth; 5 % in range and time: the published flight is undamped, ours
            is damped and within a load limit, which the paper does not have. Ours flies 3.4 % farther and 4.3 % longer
left out    farthest range from launch to impact: what the published range from launch is was not seen
"""

import math

import numpy as np
import pytest

from opendome.catalogue import shipped
from opendome.threats.glide import fly_glide, ups
from opendome.threats.glide_dive import sink
from opendome.threats.glide_route import case_of
from opendome.world import geodesic_inverse, geodetic

pytestmark = pytest.mark.compiled


def fly():
    """Rows of time, altitude, latitude, longitude, speed, sink angle (deg) from the fall through 100 km on."""
    case = case_of(shipped().threats["hgv-long"], (0.0, 0.0))
    r, v, end = np.empty((7200, 3)), np.empty((7200, 3)), np.empty(6)
    glider = case.glider._replace(end_m_s=1500.0)  # beyond the published end, to interpolate there
    _, n, *_ = fly_glide(case.launch, 0.0, case.fast_m_s, case.flight_path_rad, glider, ups([(80.0, 0.0)]), 0.0, 0.0,
                         0.0, case.dt_s, r, v, np.zeros((1, 5)), end)
    rows = []
    for i in range(250, n - 1):
        lat, lon, alt = geodetic(*r[i])
        rows.append((i * case.dt_s, alt, lat, lon, np.linalg.norm(v[i]), math.degrees(sink(*r[i], *v[i]))))
    table = np.array(rows)
    return table[np.argmax(table[:, 1] < 100e3) - 1:]


def test_long_range_class(validation):
    path = fly()
    entry = [float(np.interp(-100e3, -path[:2, 1], path[:2, k])) for k in range(6)]
    validation("hgv-long: speed falling through 100 km", 6010.0, entry[4], 60.0, "m/s")
    validation("hgv-long: angle down at 100 km", 5.03, entry[5], 0.6, "deg")
    last = len(path) - 1 - int(np.argmax(path[::-1, 1] > 30.5e3))
    end = [float(np.interp(-30.5e3, -path[last:last + 2, 1], path[last:last + 2, k])) for k in range(6)]
    way = geodesic_inverse(lat1_deg=entry[2], lon1_deg=entry[3], lat2_deg=end[2], lon2_deg=end[3])
    validation("hgv-long: range from 100 km to 30.5 km", 5889.0, way.distance_km, 0.05 * 5889.0, "km")
    validation("hgv-long: time from 100 km to 30.5 km", 1363.0, end[0] - entry[0], 0.05 * 1363.0, "s")
