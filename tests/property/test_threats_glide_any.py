"""Whatever the launch, direction and range within reach: a glider lands on its aim within its limits, losing energy."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome import threats
from opendome.catalogue import shipped
from opendome.errors import InputError
from opendome.threats.ballistic import place
from opendome.units import G0_M_S2
from opendome.world import altitude, geodesic_direct
from sample_glides import forces

REACHED_KM = {"hgv-regional": (800.0, 2000.0), "hgv-long": (2900.0, 6500.0)}
"""Within reach from anywhere in any direction."""


@pytest.mark.compiled
@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(sorted(REACHED_KM)), lat_deg=st.floats(-89.0, 89.0), lon_deg=st.floats(-180.0, 180.0),
       azimuth_deg=st.floats(0.0, 360.0), part=st.floats(0.0, 1.0))
def test_lands_on_its_aim_within_its_limits(name, lat_deg, lon_deg, azimuth_deg, part):
    entry, (low, high) = shipped().threats[name], REACHED_KM[name]
    range_km = low + part * (high - low)
    aim = geodesic_direct(lat_deg=lat_deg, lon_deg=lon_deg, azimuth_deg=azimuth_deg, distance_km=range_km)
    route = threats.solve_route(name, entry, launch=(lat_deg, lon_deg), aim=aim)
    check(route, entry, aim)


@pytest.mark.compiled
@settings(max_examples=25, deadline=None)
@given(bend_deg=st.floats(-25.0, 25.0), first_km=st.floats(400.0, 1000.0), then_km=st.floats(400.0, 1000.0),
       azimuth_deg=st.floats(0.0, 360.0))
def test_so_over_a_waypoint_or_it_is_refused(bend_deg, first_km, then_km, azimuth_deg):
    entry, launch = shipped().threats["hgv-regional"], (40.0, 127.0)
    via = geodesic_direct(lat_deg=launch[0], lon_deg=launch[1], azimuth_deg=azimuth_deg, distance_km=first_km)
    aim = geodesic_direct(lat_deg=via[0], lon_deg=via[1], azimuth_deg=azimuth_deg + bend_deg, distance_km=then_km)
    try:
        route = threats.solve_route("hgv-regional", entry, launch=launch, aim=aim, via=[via])
    except InputError:
        return
    check(route, entry, aim)


def check(route, entry, aim):
    glide = route.glide
    end = np.array(threats.state_at(glide.r, glide.v, 0, len(glide.r), route.dt_s, route.t_impact_s))
    assert np.linalg.norm(end[:3] - place(*aim)[:3]) < 1.0
    first = round(route.body[3] / route.dt_s)
    f = forces(glide.r, glide.v, route.dt_s, first)
    flown = f.t_s < glide.t_line_s - route.dt_s
    assert f.lift_m_s2[flown].max() < 1.01 * entry.load_max_g.value * G0_M_S2
    banked = flown & (f.t_s < glide.t_dive_s - route.dt_s) & (f.lift_m_s2 > 1.0)
    assert np.abs(f.bank_deg[banked]).max() < entry.bank_max_deg.value + 1.0
    assert min(altitude(*r) for r in glide.r[1:-1]) > 0.0
    distance = np.linalg.norm(glide.r, axis=1)
    oblate = 0.5 * 1.0826e-3 * (6378137.0 / distance) ** 2 * (3.0 * (glide.r[:, 2] / distance) ** 2 - 1.0)
    energy = (0.5 * np.sum(glide.v**2, axis=1) - 3.986004418e14 / distance * (1.0 - oblate)
              - 0.5 * 7.292115e-5**2 * (glide.r[:, 0] ** 2 + glide.r[:, 1] ** 2))
    assert np.diff(energy[first:]).max() < 5.0  # J/kg of 1e7; level above the air
    assert math.isclose(entry.glide_end_m_s.value, np.linalg.norm(threats.state_at(
        glide.r, glide.v, 0, len(glide.r), route.dt_s, glide.t_dive_s)[3:]), abs_tol=0.5)
