"""Gliders through the whole loop: kill probabilities with and without turns, and tracks from orbit alone."""

import math

import numpy as np
import pytest
from test_one_site import assert_near, leaked, reasons

from opendome import study
from opendome.engagement import manoeuvre_factor
from opendome.raid import lower
from opendome.scenario import reader
from opendome.sensing import glow_w_sr
from opendome.units import G0_M_S2
from opendome.world import ecef_from_geodetic
from tiny_glide import gliders
from tiny_space import EYE, LOW, SLOTS, SPEAR

RUNS = 1000


@pytest.mark.parametrize("salvo", [1, 2])
def test_shots_at_gliders_that_fly_straight_on_multiply_their_misses(salvo):
    results = study.run(gliders(layer={"salvo": salvo, "shots_max": salvo}), runs=RUNS, seed=41)
    assert_near(leaked(results), 0.3**salvo)
    assert (results.tables.threats["shots"] == salvo).all()


@pytest.mark.parametrize("decision_s", [0, 30])
def test_turns_take_from_the_kill_probability_what_the_model_says(decision_s):
    """Flight times are read from the recorded run; all runs have the same flights and nearly the same shots."""
    turn_g, divert_m_s = 3.0, 1500.0
    results = study.run(gliders(glider={"manoeuvre_g": turn_g},
                                layer={"salvo": 1, "shots_max": 1, "decision_s": decision_s},
                                interceptor={"divert_m_s": divert_m_s, "basket_km": 1e6, "p_kill": {"glide": 0.9}}),
                        runs=RUNS, seed=42)
    events = results.tables.replay_events.set_index("event")["t_s"]
    ends = [events[name] for name in ("kill", "miss") if name in events.index]
    factor = manoeuvre_factor(divert_m_s, math.inf, ends[0] - events["shot"] - decision_s, 0.0, 0.0, turn_g * G0_M_S2)
    assert 0.1 < factor < 0.9, "the turns matter, and do not decide alone"
    kills = 1.0 - leaked(results)
    assert kills.mean() == pytest.approx(0.9 * factor, abs=4.0 * kills.std() / math.sqrt(RUNS) + 0.02)


def test_a_basket_smaller_than_the_track_is_sure_finds_nothing():
    results = study.run(gliders(glider={"manoeuvre_g": 1.0}, interceptor={"basket_km": 1e-6}), runs=50, seed=43)
    assert set(leaked(results)) == {1.0}
    assert reasons(results) == {"all shots missed"}


def test_the_site_whose_interceptor_can_follow_has_the_shot():
    """The first layer's kills nearly always what flies straight on, and has next to nothing to spend on turns.

    Seen late, so that both layers can fire at once.
    """
    turn_g, divert_m_s = 3.0, 500.0
    data = reader.to_data(gliders(glider={"manoeuvre_g": turn_g}, layer={"salvo": 1, "shots_max": 1}, interceptor={
        "divert_m_s": 1.0, "basket_km": 1e6, "p_kill": {"glide": 0.95}}, radar={"range_max_km": 120}))
    arrow = data["catalogue"]["interceptors"]["arrow"]
    data["catalogue"]["interceptors"]["dart"] = arrow | {"divert_m_s": divert_m_s, "p_kill": {"glide": 0.9},
                                                         "burnout_speed_m_s": 1500}
    data["layers"]["second"] = data["layers"]["only"] | {"interceptor": "dart", "sites": {
        "second-battery": data["layers"]["only"]["sites"]["battery"]}}
    results = study.run(reader.from_data(data), runs=RUNS, seed=46)
    missed = int(leaked(results).sum())  # of all these the second layer's; then the first has a try
    shots = results.tables.shots.groupby("layer", observed=True)["shots"].sum().to_dict()
    assert shots == {"only": missed, "second": RUNS}
    events = results.tables.replay_events.query("layer == 'second'")["t_s"].to_numpy()
    factor = manoeuvre_factor(divert_m_s, math.inf, events[1] - events[0], 0.0, 0.0, turn_g * G0_M_S2)
    assert 0.2 < factor < 0.8
    kills = 1.0 - leaked(results)
    assert kills.mean() == pytest.approx(0.9 * factor, abs=4.0 * kills.std() / math.sqrt(RUNS) + 0.02)


def test_a_radar_that_goes_on_looking_keeps_the_target_in_the_basket():
    """A look every 4 s: turns of 5 g spread by 0.2 km. Left alone for 30 s, up to 11 km."""
    results = study.run(gliders(glider={"manoeuvre_g": 5.0}, layer={"salvo": 1, "shots_max": 1},
                                interceptor={"divert_m_s": 1e5, "basket_km": 1.5, "p_kill": {"glide": 1.0}}),
                        runs=200, seed=47)
    assert leaked(results).mean() < 0.05


def from_orbit(glow_kw_sr):
    """Six dozen satellites, a battery that fires at any track, and a radar that sees nothing."""
    data = reader.to_data(gliders(glider={"glow_kw_sr": glow_kw_sr}, radar={"range_ref_km": 0.001, "range_max_km": 1}))
    data["constellations"] = {"low": LOW | {"n_satellites": 72, "n_planes": 6, "altitude_km": 1000}}
    data["catalogue"]["sensors"]["glow-eye"] = EYE | {"looks_needed": 3}
    data["sensors"]["from-above"] = {"type": "glow-eye", "constellation": "low"}
    return reader.from_data(data)


def test_a_glow_that_can_be_seen_from_orbit_gives_a_track_to_shoot_at():
    results = study.run(from_orbit(20.0), runs=50, seed=44)
    threats = results.tables.threats
    assert (threats["shots"] > 0).mean() > 0.9
    assert (threats["held_s"] / threats["watched_s"]).mean() > 0.9
    assert (results.tables.warnings["fixes"] > 100).all()
    assert set(results.tables.warnings["threat_class"]) == {"glide"}
    dark = study.run(from_orbit(1e-9), runs=50, seed=44).tables.threats
    assert (dark["shots"] == 0).all()
    assert (dark["held_s"] == 0).all()


@pytest.mark.parametrize(("decision_s", "shots"), [(10, 1), (90, 0)])
def test_layers_in_orbit_meet_gliders_before_burnout_alone(decision_s, shots):
    """The boost lasts 80 s. An interceptor that needs no plume may chase missiles after it, but not what turns;
    while it burns, that it may turn later does not count."""
    data = reader.to_data(gliders(glider={"manoeuvre_g": 5}))
    data["constellations"] = {"slots": SLOTS, "low": LOW}
    data["catalogue"]["sensors"]["plume-eye-type"] = EYE
    data["catalogue"]["interceptors"]["spear"] = SPEAR | {"needs_plume": False, "p_kill": {"glide": 1.0}}
    data["sensors"] = {"plume-eye": {"type": "plume-eye-type", "constellation": "slots"}}
    data["layers"] = {"boost": {"interceptor": "spear", "constellation": "low", "doctrine": "salvo", "salvo": 1,
                                "shots_max": 1, "decision_s": decision_s}}
    results = study.run(reader.from_data(data), runs=20, seed=45)
    assert set(results.tables.threats["shots"]) == {shots}
    assert set(leaked(results)) == {1.0 - shots}


def test_a_glider_is_held_from_orbit_while_it_is_hot_enough_in_each_run():
    """Two satellites that stand still, thresholds drawn: held while its glow is above the threshold.

    It comes into view twice, as it falls into the air and in its dive, each time up to 10 s before it is looked for.
    """
    data = reader.to_data(gliders(radar={"range_ref_km": 0.001, "range_max_km": 1}, assumptions="sampled",
                                  interceptor={"p_kill": {"glide": 0}}))
    data["constellations"] = {"slots": SLOTS}
    data["catalogue"]["sensors"]["glow-eye"] = EYE | {"threshold_kw_sr": {"value": 7, "low": 4, "high": 10},
                                                      "revisit_s": 2}
    data["sensors"]["from-above"] = {"type": "glow-eye", "constellation": "slots"}
    scenario, runs, seed = reader.from_data(data), 12, 48
    results = study.run(scenario, runs=runs, seed=seed)
    flight, threats = results.tables.replay_tracks, results.tables.threats
    t_s, alt_m = flight["t_s"].to_numpy(), flight["alt_km"].to_numpy() * 1e3
    r_m = np.array([ecef_from_geodetic(*np.radians(place), alt) for place, alt in
                    zip(flight[["lat_deg", "lon_deg"]].to_numpy(), alt_m, strict=True)])
    speed_m_s = np.linalg.norm(np.gradient(r_m, t_s, axis=0), axis=1)
    satellite_m = 42164e3 * np.array([math.cos(math.radians(70)), math.sin(math.radians(70)), 0.0])
    glow_kw_sr = np.array([glow_w_sr(20.0, 1500.0, *state, 1.4, 3.0) for state in zip(alt_m, speed_m_s, strict=True)])
    as_if_far_kw_sr = glow_kw_sr * (40000e3 / np.linalg.norm(r_m - satellite_m, axis=1)) ** 2
    burnout_s = threats["t_launch_s"][0] + 80.0
    gain = lower(scenario, study.catalogue_for(scenario), runs=runs, seed=seed).tables.draws.eye_gain[:, 0]
    every_s = np.arange(burnout_s, t_s[-1], 0.5)
    expected_s = 0.5 * np.sum(np.interp(every_s, t_s, as_if_far_kw_sr) > 7.0 / gain[:, np.newaxis], axis=1)
    assert threats["watched_s"].to_numpy() == pytest.approx(threats["t_end_s"] - burnout_s, abs=4.0)
    late_s = expected_s - threats["held_s"].to_numpy()
    assert np.all((late_s > -5.0) & (late_s < 25.0))
    assert np.ptp(expected_s) > 60.0


def test_time_watched_is_all_the_time_after_burnout_whatever_the_rhythm_of_looks():
    """Looks every second in a battle of steps of two: what was found to be so at one step holds until the next."""
    threats = study.run(from_orbit(1e-6), runs=30, seed=46).tables.threats.query("outcome == 'leaked'")
    after_s = threats["t_end_s"] - threats["t_launch_s"] - 80.0
    assert len(threats) > 20
    assert (threats["held_s"] > 0).any(), "some looks succeed and some do not"
    assert (threats["watched_s"] - after_s).abs().max() < 4.0
