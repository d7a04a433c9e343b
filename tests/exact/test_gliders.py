"""Gliders through the whole loop: kill probabilities with and without turns, and tracks from orbit alone."""

import math

import pytest
from test_one_site import assert_near, leaked, reasons

from opendome import study
from opendome.engagement import manoeuvre_factor
from opendome.scenario import reader
from opendome.units import G0_M_S2
from tiny_glide import gliders
from tiny_space import EYE, LOW, SLOTS, SPEAR

RUNS = 1000


@pytest.mark.parametrize("salvo", [1, 2])
def test_shots_at_gliders_that_fly_straight_on_multiply_their_misses(salvo):
    results = study.run(gliders(layer={"salvo": salvo, "shots_max": salvo}), runs=RUNS, seed=41)
    assert_near(leaked(results), 0.3**salvo)
    assert (results.tables.threats["shots"] == salvo).all()


def test_turns_take_from_the_kill_probability_what_the_model_says():
    """Flight times are read from the recorded run; all runs have the same flights and nearly the same shots."""
    turn_g, divert_m_s = 3.0, 1500.0
    results = study.run(gliders(glider={"manoeuvre_g": turn_g}, layer={"salvo": 1, "shots_max": 1},
                                interceptor={"divert_m_s": divert_m_s, "basket_km": 1e6, "p_kill": {"glide": 0.9}}),
                        runs=RUNS, seed=42)
    events = results.tables.replay_events.set_index("event")["t_s"]
    ends = [events[name] for name in ("kill", "miss") if name in events.index]
    factor = manoeuvre_factor(divert_m_s, math.inf, ends[0] - events["shot"], 0.0, 0.0, turn_g * G0_M_S2)
    assert 0.1 < factor < 0.9, "the turns matter, and do not decide alone"
    kills = 1.0 - leaked(results)
    assert kills.mean() == pytest.approx(0.9 * factor, abs=4.0 * kills.std() / math.sqrt(RUNS) + 0.02)


def test_a_basket_smaller_than_the_track_is_sure_finds_nothing():
    results = study.run(gliders(glider={"manoeuvre_g": 1.0}, interceptor={"basket_km": 1e-6}), runs=50, seed=43)
    assert set(leaked(results)) == {1.0}
    assert reasons(results) == {"all shots missed"}


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
    dark = study.run(from_orbit(1e-9), runs=50, seed=44).tables.threats
    assert (dark["shots"] == 0).all()
    assert (dark["held_s"] == 0).all()


@pytest.mark.parametrize(("decision_s", "shots"), [(10, 1), (90, 0)])
def test_layers_in_orbit_meet_gliders_before_burnout_alone(decision_s, shots):
    """The boost lasts 80 s. An interceptor that needs no plume may chase missiles after it, but not what turns."""
    data = reader.to_data(gliders())
    data["constellations"] = {"slots": SLOTS, "low": LOW}
    data["catalogue"]["sensors"]["plume-eye-type"] = EYE
    data["catalogue"]["interceptors"]["spear"] = SPEAR | {"needs_plume": False, "p_kill": {"glide": 1.0}}
    data["sensors"] = {"plume-eye": {"type": "plume-eye-type", "constellation": "slots"}}
    data["layers"] = {"boost": {"interceptor": "spear", "constellation": "low", "doctrine": "salvo", "salvo": 1,
                                "shots_max": 1, "decision_s": decision_s}}
    results = study.run(reader.from_data(data), runs=20, seed=45)
    assert set(results.tables.threats["shots"]) == {shots}
    assert set(leaked(results)) == {1.0 - shots}
