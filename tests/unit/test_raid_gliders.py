"""Gliders in the parts of a raid, one by one: what is lowered, what a salvo keeps, how they glow, where they go."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from opendome import study, tracking
from opendome.air import density
from opendome.battle import load_launchers
from opendome.engagement import manoeuvre_factor
from opendome.kernel import pack
from opendome.raid import engage, gaze, lower, settle
from opendome.raid.fight import COARSE, PAUSE_FIRST_S, begin_fight
from opendome.raid.loop import empty_scratch
from opendome.raid.problem import Areas
from opendome.raid.truth import fly_raid, threat_state
from opendome.scenario import reader
from opendome.units import G0_M_S2
from opendome.world import altitude, ecef_from_enu, ecef_from_geodetic
from tiny import tiny
from tiny_glide import GLIDER
from tiny_space import EYE, SLOTS

RUNS = 5
BRIGHT = {"glow_kw_sr": {"value": 20, "low": 5, "high": 40}, "glow_k": {"value": 1500, "low": 1000, "high": 1900},
          "manoeuvre_g": {"value": 3, "low": 1, "high": 5}}
BANDS = ((1.4, 3.0), (3.0, 5.0))
FAINT_KW_SR = 1e-4

pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def tables():
    """A missile, a drone and two gliders; two layers; two infrared sensors in different bands; numbers drawn."""
    data = reader.to_data(tiny(missiles=1, drones=1, assumptions="sampled"))
    turns = {"p_kill": {"ballistic": 0.7, "glide": 0.7}, "basket_km": {"value": 10, "low": 5, "high": 20}}
    data["places"]["far"] = {"lat_deg": 36.5, "lon_deg": 55.0}
    data["catalogue"]["threats"] |= {"glider": GLIDER | BRIGHT,
                                     "other": GLIDER | {"manoeuvre_g": 9, "glow_kw_sr": FAINT_KW_SR}}
    data["catalogue"]["interceptors"] |= {
        "dart": data["catalogue"]["interceptors"]["arrow"] | turns | {"divert_m_s": {"value": 900, "low": 600,
                                                                                     "high": 1200}}}
    data["layers"]["second"] = {"interceptor": "dart", "sites": {"far-battery": {
        "lat_deg": 25.1, "lon_deg": 55.1, "launchers": 1, "stock": 4}}}
    data["raids"]["raid"]["waves"] += [{"threat": name, "count": 1, "from": {"far": 1}, "at": {"town": 1}}
                                       for name in ("glider", "other")]
    data["constellations"] = {"slots": SLOTS}
    for k, (low_um, high_um) in enumerate(BANDS):
        data["catalogue"]["sensors"][f"eye-{k}"] = EYE | {"band_min_um": low_um, "band_max_um": high_um,
                                                          "threshold_kw_sr": 20}
        data["sensors"][f"from-above-{k}"] = {"type": f"eye-{k}", "constellation": "slots"}
    scenario = reader.from_data(data)
    return lower(scenario, study.catalogue_for(scenario), runs=RUNS, seed=8).tables


def radiance(temperature_k, low_um, high_um):
    """Planck's law, integrated numerically, but for factors that do not depend on temperature."""
    return quad(lambda um: um**-5 / math.expm1(14387.77 / (um * temperature_k)), low_um, high_um, epsrel=1e-10)[0]


def test_units_kinds_and_what_can_be_tracked_from_orbit(tables):
    kinds = tables.kinds
    assert kinds.motion.tolist() == [tracking.BALLISTIC, tracking.AIR_BREATHER, tracking.GLIDER, tracking.GLIDER]
    assert kinds.inv_beta_m2_kg.tolist() == [1 / 5000, 0.0, 1 / 8000, 1 / 8000]
    assert np.all(tables.draws.kinds.manoeuvre_m_s2[:, 3] == pytest.approx(9 * G0_M_S2))
    assert np.all(tables.draws.kinds.glow_w_sr[:, 3] == pytest.approx(FAINT_KW_SR * 1e3))
    assert np.all((tables.draws.layers.basket_m[:, 1] > 5e3) & (tables.draws.layers.basket_m[:, 1] < 20e3))
    # 20 kW/sr at 40,000 km are 3.1 W/sr at 500 km; a cold square metre has 1.9 or less, the other glider 0.7.
    assert tables.sky.tracks.tolist() == [[False] * 2, [False] * 2, [True] * 2, [False] * 2]
    for e, band in enumerate(BANDS):
        expected_w_sr = FAINT_KW_SR * 1e3 * radiance(1500.0, *band) / radiance(1500.0, 2.69, 2.95)
        assert tables.sky.body_w_sr[3, e] == pytest.approx(expected_w_sr, rel=1e-5)
    assert (tables.sky.plume[:, 0] > 0.0).tolist() == [True, False, True, True]


def test_bright_estimates_are_hot_ones(tables):
    """Both from triangles with one number: the same share of the area of each lies below what is drawn."""
    def share(values, low, mode, high):
        left = (values - low) ** 2 / ((high - low) * (mode - low))
        right = 1.0 - (high - values) ** 2 / ((high - low) * (high - mode))
        return np.where(values < mode, left, right)

    draws = tables.draws.kinds
    shares = share(draws.glow_w_sr[:, 2] / 1e3, 5, 20, 40)
    assert shares == pytest.approx(share(draws.glow_k[:, 2], 1000, 1500, 1900), abs=1e-9)
    assert np.ptp(shares) > 0.3


@pytest.fixture(scope="module")
def flown(tables):
    """Working memory with the raid's flights in it."""
    scratch = empty_scratch(tables)
    assert fly_raid(tables, 1, 0, scratch.truth) == 0
    return scratch


def test_a_glider_glows_as_its_height_and_speed_make_it(tables, flown):
    """Fourth root of sqrt(rho) V^3, each run with its own intensity and temperature, each sensor in its band."""
    truth, draws, i = flown.truth, tables.draws.kinds, 2
    for run in (1, 4):
        ref_w_sr, ref_k = draws.glow_w_sr[run, i], draws.glow_k[run, i]
        for t_s in (truth.flights.burnout_s[i] + 60.0, truth.flights.end_s[i] - 30.0):
            x, y, z, *v = threat_state(truth, i, t_s)
            heat = math.sqrt(density(altitude(x, y, z)) / density(49.7e3)) * (np.linalg.norm(v) / 6000.0) ** 3
            hot_k = (300.0**4 + heat * (ref_k**4 - 300.0**4)) ** 0.25
            for e, band in enumerate(BANDS):
                expected = ref_w_sr * radiance(hot_k, *band) / radiance(ref_k, 2.69, 2.95)
                assert gaze._body_w_sr(tables, run, truth, i, e, t_s) == pytest.approx(expected, rel=1e-5)
    assert gaze._body_w_sr(tables, 1, truth, 0, 1, 100.0) == tables.sky.body_w_sr[0, 1] > 0.0


def test_the_share_that_a_salvo_keeps_is_its_own_layers_runs_and_targets(tables):
    draws = tables.draws
    for run in range(RUNS):
        for kind in (2, 3):
            expected = manoeuvre_factor(draws.layers.divert_m_s[run, 1], draws.layers.basket_m[run, 1], 50.0,
                                        6000.0 / math.sqrt(3.0), 4.0, draws.kinds.manoeuvre_m_s2[run, kind])
            assert settle.follows(tables, run, 1, kind, 50.0, 6000.0, 4.0) == expected
            assert 0.01 < expected < 0.99
        assert settle.follows(tables, run, 1, 0, 50.0, 6000.0, 4.0) == 1.0
    assert len({settle.follows(tables, run, 1, 2, 50.0, 6000.0, 4.0) for run in range(RUNS)}) == RUNS


def test_a_salvo_arrives_with_the_track_as_it_is_then(tables):
    """Seen at 90 s, met at 100 s: velocity errors and turns have had 10 s, whenever it was fired."""
    state, run, i = empty_scratch(tables).fight, 2, 2
    state.stories.intercept_s[i], state.stories.flight_s[i], state.stories.first_shot_s[i] = 100.0, 70.0, 20.0
    state.tracks.t_s[i] = state.tracks.t_seen_s[i] = 90.0
    state.tracks.cov[i] = np.diag([3000.0**2] * 3 + [300.0**2] * 3)
    state.tracks.status[i] = tracking.CONFIRMED
    draws = tables.draws
    expected = manoeuvre_factor(draws.layers.divert_m_s[run, 1], draws.layers.basket_m[run, 1], 70.0,
                                math.hypot(3000.0, 3000.0), 10.0, draws.kinds.manoeuvre_m_s2[run, i])
    assert settle._follows_now(tables, run, 1, i, state, i) == pytest.approx(expected, rel=1e-12)
    assert 0.01 < expected < 0.99
    state.tracks.status[i] = tracking.NO_TRACK
    assert settle._follows_now(tables, run, 1, i, state, i) == 0.0
    assert settle._follows_now(tables, run, 1, 0, state, i) == 1.0


def test_tracks_begin_as_what_they_are_of_and_looks_from_orbit_at_burnout(tables, flown):
    state, flights = flown.fight, flown.truth.flights
    begin_fight(state, tables.kinds, flights, 4)
    assert state.tracks.kind.tolist() == tables.kinds.motion.tolist()
    assert state.tracks.inv_beta_m2_kg.tolist() == tables.kinds.inv_beta_m2_kg.tolist()
    assert np.all(flights.burnout_s[2:] == flights.start_s[2:] + GLIDER["burn_s"])
    assert np.all(state.gazes.next_look_s == flights.burnout_s[:, np.newaxis])


LAT_DEG, LON_DEG = 42.0, 20.0


def fill(tables, magazines):
    """All rounds of the first run to the sites."""
    magazines.stock[:] = tables.draws.stock[0]
    load_launchers(tables.sites, 0, tables.draws.stock[0], magazines)


def fly_level(state, i, *, lat_deg=LAT_DEG, lon_deg=LON_DEG):
    """Put track i at 38 km, level, eastward at 3.5 km/s; if not told otherwise 3,000 km from the town."""
    lat, lon = math.radians(lat_deg), math.radians(lon_deg)
    state.tracks.state[i] = (*ecef_from_geodetic(lat, lon, 38e3), *ecef_from_enu(lat, lon, 3500.0, 0.0, 0.0))
    state.tracks.cov[i] = np.eye(6)
    state.tracks.t_s[i] = state.tracks.t_seen_s[i] = 0.0


def test_a_glider_is_expected_to_go_on_for_ten_minutes_and_threatens_what_is_near(tables, flown):
    begin_fight(flown.fight, tables.kinds, flown.truth.flights, 4)
    fly_level(flown.fight, 2)
    lon_rad = np.radians([LON_DEG, LON_DEG + 15.0])
    one = np.ones(2)
    areas = pack(Areas(r_ecef_m=np.array([ecef_from_geodetic(math.radians(LAT_DEG), lon, 0.0) for lon in lon_rad]),
                       east=np.zeros((2, 3)), north=np.zeros((2, 3)), radius_m=one, aim_radius_m=one,
                       value=np.array([1.0, 5.0])))
    step_s, n, value = engage._predict(areas, flown.fight.tracks, 2, tracking.GLIDER, flown.desk.path_r)
    assert (step_s, n, value) == (2.0, 301, 1.0)
    assert abs(altitude(*flown.desk.path_r[20]) - 38e3) < 300.0
    assert altitude(*flown.desk.path_r[20]) - altitude(*flown.desk.path_r[0]) > -300.0


def test_a_glider_that_nothing_reaches_yet_is_thought_of_again_soon(tables, flown):
    """What flies under power is left alone for a minute; a glider would have flown 200 km by then."""
    state, i, t_s = flown.fight, 2, 2.0
    begin_fight(state, tables.kinds, flown.truth.flights, 4)
    fill(tables, flown.magazines)
    fly_level(state, i)
    assert engage._think(tables, 0, i, False, flown.truth.flights.id[i], state, flown.magazines, flown.desk, 0, i,
                         t_s) == 0
    assert state.stories.think_s[i] == t_s + PAUSE_FIRST_S
    assert state.stories.pause_s[i] == 1.5 * PAUSE_FIRST_S


@pytest.mark.parametrize(("sigma_m_s", "options"), [(900.0, 1), (1100.0, 0)])
def test_a_track_is_as_coarse_as_it_has_become_since_it_was_last_seen(tables, flown, sigma_m_s, options):
    """Velocity errors of 1,000 m/s along one axis are 10 km after 10 s, which is what the layer takes."""
    state, i, t_s = flown.fight, 2, 10.0
    begin_fight(state, tables.kinds, flown.truth.flights, 4)
    fill(tables, flown.magazines)
    fly_level(state, i, lat_deg=25.0, lon_deg=53.6)
    state.tracks.cov[i, 5, 5] = sigma_m_s**2
    assert engage._think(tables, 0, i, False, flown.truth.flights.id[i], state, flown.magazines, flown.desk, 0, i,
                         t_s) == options
    assert bool(state.stories.hindered[i] & COARSE) == (options == 0)
