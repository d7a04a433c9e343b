"""Gliders come down where aimed, hold their limits, glide in equilibrium, dive straight; shifts, samples, phases."""

import math

import numpy as np
import pytest

from opendome import threats
from opendome.catalogue import shipped
from opendome.kernel import COMPILED
from opendome.threats import Phase, glide, glide_dive, glide_motion
from opendome.threats.ballistic import place
from opendome.threats.glide_route import case_of
from opendome.units import G0_M_S2
from opendome.world import altitude, geodesic_direct, geodesic_inverse, geodetic
from sample_glides import forces

# Uncompiled, a solved flight takes a minute: there one short flight stands for all, and few tests use more.
FLIGHTS = [("hgv-regional", (40.0, 127.0), 120.0, 900.0), ("hgv-regional", (-45.0, 179.5), 80.0, 2150.0),
           ("hgv-long", (0.0, -30.0), 270.0, 2500.0), ("hgv-long", (70.0, -10.0), 350.0, 5500.0)]


def solve(name, launch, azimuth_deg, range_km, via=(), **changes):
    aim = geodesic_direct(lat_deg=launch[0], lon_deg=launch[1], azimuth_deg=azimuth_deg, distance_km=range_km)
    return threats.solve_route(name, changed(name, **changes), launch=launch, aim=aim, via=via)


def changed(name, **values):
    entry = shipped().threats[name]
    return entry.model_copy(update={key: getattr(entry, key).model_copy(update={"value": value})
                                    for key, value in values.items()})


@pytest.fixture(scope="module", params=FLIGHTS if COMPILED else FLIGHTS[:1], ids=lambda f: f"{f[0]}-{f[3]:.0f}")
def route(request):
    return solve(*request.param)


def entry_of(route):
    return shipped().threats[route.name]


def acting(route):
    return forces(route.glide.r, route.glide.v, route.dt_s, round(route.body[3] / route.dt_s))


def state(route, t_s):
    return np.array(threats.state_at(route.glide.r, route.glide.v, 0, len(route.glide.r), route.dt_s, t_s))


def sink_deg(r, v):
    lat, lon, _ = geodetic(*r)
    up = np.array([math.cos(math.radians(lat)) * math.cos(math.radians(lon)),
                   math.cos(math.radians(lat)) * math.sin(math.radians(lon)), math.sin(math.radians(lat))])
    return math.degrees(math.asin(-np.dot(v, up) / np.linalg.norm(v)))


def test_comes_down_on_its_aim(route):
    end = state(route, route.t_impact_s)
    assert np.linalg.norm(end[:3] - place(*route.aim)[:3]) < 0.1  # a line to the aim: asked some metres
    assert 0.0 <= (len(route.glide.r) - 1) * route.dt_s - route.t_impact_s <= route.dt_s


def test_begins_at_rest_at_launch_and_burns_out_as_its_class_does(route):
    entry, row = entry_of(route), round(route.body[3] / route.dt_s)
    assert route.glide.r[0] == pytest.approx(place(*route.launch)[:3], abs=1e-6)
    assert row * route.dt_s == pytest.approx(entry.burn_s.value, abs=1e-9)
    assert altitude(*route.glide.r[row]) == pytest.approx(1e3 * entry.burnout_alt_km.value, abs=0.01)
    assert sink_deg(route.glide.r[row], route.glide.v[row]) == pytest.approx(-entry.burnout_deg.value, abs=0.03)
    assert entry.burnout_speed_min_m_s.value < route.burnout_speed_m_s < entry.burnout_speed_max_m_s.value
    # The level part of the speed is good to 0.4 % (see boost.py).
    assert np.linalg.norm(route.glide.v[row]) == pytest.approx(route.burnout_speed_m_s, rel=4e-3)


def test_lift_and_drag_are_those_of_the_class_and_never_beyond_its_limits(route):
    entry, f = entry_of(route), acting(route)
    flown = f.t_s < route.glide.t_line_s - route.dt_s
    wanted = 0.5 * f.density_kg_m3 * f.speed_m_s**2 / entry.beta_kg_m2.value
    share = (f.drag_m_s2 / wanted)[flown & (wanted > 0.2)]
    assert 0.495 < share.min() < 0.9  # in the climb after the pull-up
    assert 1.05 < share.max() < 1.505
    diving = flown & (f.t_s > route.glide.t_dive_s + 1.0)
    assert np.abs(f.drag_m_s2 - wanted)[diving].max() < 0.15  # means over a step against its middle
    assert (f.lift_m_s2 - 1.005 * entry.lift_to_drag.value * f.drag_m_s2)[flown].max() < 0.02
    assert f.lift_m_s2[flown].max() < 1.005 * entry.load_max_g.value * G0_M_S2
    gliding = (f.t_s < route.glide.t_dive_s - route.dt_s) & (f.lift_m_s2 > 1.0)
    assert gliding.sum() > 200
    assert np.abs(f.bank_deg[gliding]).max() < entry.bank_max_deg.value + 0.5


def test_glides_in_equilibrium_once_it_has_pulled_up(route):
    """Lift carries what centrifugal and Coriolis leave of the weight: L = m (g - V^2 / r) (tracy2020), at full lift."""
    entry, f = entry_of(route), acting(route)
    late = (f.t_s > route.glide.t_dive_s - 60.0) & (f.t_s < route.glide.t_dive_s - 2.0)
    full = entry.lift_to_drag.value * 0.5 * f.density_kg_m3 * f.speed_m_s**2 / entry.beta_kg_m2.value
    # The damping takes 7.2 km for the height over which density falls e-fold; it is 6.3 km at 25 km.
    assert (f.lift_m_s2 / full)[late].mean() == pytest.approx(1.0, abs=0.05)
    around = 6371e3 + f.alt_m
    weight = G0_M_S2 * (6371e3 / around) ** 2 - f.speed_m_s**2 / around
    up = f.lift_m_s2 * np.cos(np.radians(f.bank_deg))
    # Sinking ever faster takes a little off; Coriolis up to 2 omega V = 0.3 m/s2 of 9 either way.
    assert (up / weight)[late].mean() == pytest.approx(1.0, abs=0.07)


def test_loses_energy_all_the_way_from_burnout(route):
    first = round(route.body[3] / route.dt_s)
    r, v = route.glide.r[first:], route.glide.v[first:]
    # In the turning frame: kinetic, gravity of a point mass with J2, and centrifugal.
    distance = np.linalg.norm(r, axis=1)
    oblate = 0.5 * 1.0826e-3 * (6378137.0 / distance) ** 2 * (3.0 * (r[:, 2] / distance) ** 2 - 1.0)
    energy = (0.5 * np.sum(v * v, axis=1) - 3.986004418e14 / distance * (1.0 - oblate)
              - 0.5 * 7.292115e-5**2 * (r[:, 0] ** 2 + r[:, 1] ** 2))
    assert np.diff(energy).max() < 1.0  # J/kg of some 1e7: above the air it is level


def test_dives_at_its_speed_in_an_arc_then_straight_at_its_angle(route):
    entry = entry_of(route)
    begin = state(route, route.glide.t_dive_s)
    assert np.linalg.norm(begin[3:]) == pytest.approx(entry.glide_end_m_s.value, abs=0.1)
    rows = np.arange(math.ceil(route.glide.t_line_s / route.dt_s), len(route.glide.r) - 1)
    assert sink_deg(route.glide.r[rows[0]], route.glide.v[rows[0]]) == pytest.approx(entry.dive_deg.value, abs=0.6)
    line = route.glide.r[rows] - place(*route.aim)[:3]
    across = line - np.outer(line @ line[0], line[0]) / (line[0] @ line[0])
    assert np.linalg.norm(across, axis=1).max() < 1e-3
    kink = state(route, route.glide.t_line_s)
    towards = (place(*route.aim)[:3] - kink[:3]) / np.linalg.norm(place(*route.aim)[:3] - kink[:3])
    assert np.linalg.norm(np.cross(kink[3:] / np.linalg.norm(kink[3:]), towards)) < 0.02


def test_phases_follow_each_other_and_gliding_begins_falling_below_80_km(route):
    path = threats.fly(route.name, launch=route.launch, aim=route.aim, step_s=1.0)
    assert list(dict.fromkeys(path.phase)) == [Phase.BOOST, Phase.MIDCOURSE, Phase.GLIDE, Phase.DIVE]
    assert path.t_s[path.phase == Phase.GLIDE].min() == pytest.approx(route.glide.t_glide_s, abs=1.0)
    assert path.alt_m[path.phase == Phase.GLIDE].max() < 80e3
    assert path.t_s[-1] == pytest.approx(route.t_impact_s)
    assert path.alt_m[-1] == pytest.approx(0.0, abs=0.1)
    assert path.alt_m.max() == pytest.approx(1e3 * route.apogee_km, abs=20.0)
    assert route.glide.t_glide_s < route.glide.t_dive_s < route.glide.t_line_s < route.t_impact_s


@pytest.mark.parametrize("shift", [(0.0, 0.0), (5e3, -2e3), (-60e3, 60e3)])
def test_a_displaced_flight_keeps_its_heights_and_comes_down_where_asked(route, shift):
    table = threats.lower_routes([route])
    r, v = np.empty((threats.samples_max([route]), 3)), np.empty((threats.samples_max([route]), 3))
    status, n, t_s = threats.fly_route(table, 0, *shift, r, v)
    assert (status, n, t_s) == (0, len(route.glide.r), route.t_impact_s)
    end = np.array(threats.state_at(r, v, 0, n, table.dt_s[0], t_s))[:3]
    d, aim = end - place(*route.aim)[:3], table.aim[0]
    assert (d @ aim[3:6], d @ aim[6:9]) == pytest.approx(shift, abs=1.0 + 2e-4 * math.hypot(*shift))
    assert r[0] == pytest.approx(route.glide.r[0], abs=1e-6)
    for i in range(0, n, 50):
        assert altitude(*r[i]) == pytest.approx(altitude(*route.glide.r[i]), abs=1.0)
    rising = (np.linalg.norm(r[2:], axis=1) - np.linalg.norm(r[:-2], axis=1)) / (2.0 * table.dt_s[0])
    assert rising[100] == pytest.approx(np.sum(v[101] * r[101]) / np.linalg.norm(r[101]), abs=1.0)


def test_too_small_a_table_is_said_and_not_overrun(route):
    table, r = threats.lower_routes([route]), np.full((30, 3), 7.0)
    status, _, _ = threats.fly_route(table, 0, 0.0, 0.0, r[:20], r[:20].copy())
    assert status == 4
    assert (r == 7.0).all()


def arc(glider, *state_and_turn):
    return (glider.inv_beta, *glide_dive._arc_lift(glider, *state_and_turn))


def test_samples_give_the_flight_between_them(route):
    """Half a step flown from a sample under its own commands, against the cubic: glide and dive, kinks apart."""
    glider, aim_up = case_of(entry_of(route), route.launch).glider, glide.ups([route.aim])[0]
    worst = 0.0
    for i in range(round(route.glide.t_glide_s), math.floor(route.glide.t_line_s / route.dt_s) - 1, 7):
        t_s, y = i * route.dt_s, np.array([*route.glide.r[i], *route.glide.v[i]])
        if t_s < route.glide.t_dive_s <= t_s + route.dt_s:
            continue
        _, turn = glide_motion.bearing(*y, *aim_up)
        lift = arc if t_s > route.glide.t_dive_s else glide.commanded
        drag, up, right = lift(glider, *y, turn)
        half = glide_motion.glide_step(drag, up, right, 0.5 * route.dt_s, *y)
        worst = max(worst, np.linalg.norm(np.array(half[:3]) - state(route, t_s + 0.5 * route.dt_s)[:3]))
    assert worst < 1.0


def test_solving_again_gives_the_same_bytes(route):
    again = threats.solve_route(route.name, entry_of(route), launch=route.launch, aim=route.aim)
    assert again.glide.r.tobytes() == route.glide.r.tobytes()
    assert again.t_impact_s == route.t_impact_s


def test_farther_takes_a_faster_burnout():
    ranges = (900.0, 2100.0) if COMPILED else (900.0, 950.0)
    near, far = (solve("hgv-regional", (40.0, 127.0), 120.0, d) for d in ranges)
    assert near.burnout_speed_m_s < far.burnout_speed_m_s
    assert near.t_impact_s < far.t_impact_s


@pytest.mark.compiled
def test_turns_over_waypoints_as_wide_as_it_must():
    launch, aim = (40.0, 127.0), (33.0, 145.0)
    via = [(38.5, 138.0)]
    route = threats.solve_route("hgv-regional", shipped().threats["hgv-regional"], launch=launch, aim=aim, via=via)
    legs = [geodesic_inverse(lat1_deg=a[0], lon1_deg=a[1], lat2_deg=b[0], lon2_deg=b[1])
            for a, b in ((launch, via[0]), (via[0], aim))]
    assert route.range_km == pytest.approx(sum(leg.distance_km for leg in legs))
    path = threats.fly("hgv-regional", launch=launch, aim=aim, via=via, step_s=1.0)
    passes_km = min(geodesic_inverse(lat1_deg=a, lon1_deg=o, lat2_deg=via[0][0], lon2_deg=via[0][1]).distance_km
                    for a, o in zip(path.lat_deg[250::5], path.lon_deg[250::5], strict=True))
    _, speed, radius_m, turn_rad, _ = route.glide.turns[0]
    # A circle that touches both legs passes the waypoint at R (1 / cos(turn / 2) - 1); turned by the geodesics' own.
    expected_km = 1e-3 * radius_m * (1.0 / math.cos(0.5 * turn_rad) - 1.0)
    assert math.degrees(turn_rad) == pytest.approx(legs[1].azimuth_deg - legs[0].arrival_azimuth_deg, abs=2.0)
    # It turns towards the next place and not onto the leg, and rolls in slowly; measured 19 km for 25.
    assert 0.6 * expected_km < passes_km < 1.4 * expected_km
    # By hand, flying east at 38.5 north: V^2 / (tan 60 (g - V^2 / r - 2 omega V cos 38.5)).
    hold = 9.7 - speed**2 / 6.41e6 - 2.0 * 7.292e-5 * speed * math.cos(math.radians(38.5))
    assert radius_m == pytest.approx(speed**2 / (math.tan(math.radians(60.0)) * hold), rel=0.02)
    end = state(route, route.t_impact_s)
    assert np.linalg.norm(end[:3] - place(*aim)[:3]) < 0.1
    f = acting(route)
    held = (f.t_s < route.glide.t_dive_s - 1.0) & (f.lift_m_s2 > 1.0)
    assert 50.0 < np.abs(f.bank_deg[held]).max() < 60.5


def test_the_bank_brings_the_heading_round_in_the_stated_sense():
    """East at the equator, due for a place to the south: right of the heading, so the lift points right and up."""
    y = (6378137.0 + 40e3, 0.0, 0.0, 0.0, 3000.0, 0.0)
    far, turn = glide_motion.bearing(*y, math.cos(0.1), 0.0, -math.sin(0.1))
    assert (far, turn) == pytest.approx((0.1, 0.5 * math.pi))
    glider = case_of(shipped().threats["hgv-regional"], (0.0, 0.0)).glider
    _, up, right = glide.commanded(glider, *y, turn)
    assert right > 0.0
    assert math.atan2(right, up) == pytest.approx(glider.bank_rad)


def test_what_a_state_asks_of_lift_by_hand():
    """Level flight east at the equator: weight less V^2 / r less Coriolis 2 omega V less omega^2 r."""
    r, speed, omega = 6378137.0 + 40e3, 3000.0, 7.292115e-5
    got_speed, gamma, hold, aside = glide_motion.needs(r, 0.0, 0.0, 0.0, speed, 0.0)
    weight = 3.986004418e14 / r**2 * (1.0 + 1.5 * 1.08263e-3 * (6378137.0 / r) ** 2)
    assert (got_speed, gamma, aside) == pytest.approx((speed, 0.0, 0.0), abs=1e-9)
    assert hold == pytest.approx(weight - (speed + omega * r) ** 2 / r, abs=2e-5)
