"""Uncertain values, drawn once per run: what differs from run to run before anything flies."""

from typing import NamedTuple

from opendome.kernel import BoolArray, F64Array, I64Array, Packed


class LayerDraws(NamedTuple):
    """What each run assumes of each layer. R runs, L layers."""

    p_kill: F64Array  # (R, L, classes) single shot, by threat class
    common_mode: F64Array  # (R, L)
    track_sigma_m: F64Array  # (R, L)
    decision_s: F64Array  # (R, L)
    reaction_s: F64Array  # (R, L)
    assess_s: F64Array  # (R, L)
    spacing_s: F64Array  # (R, L)
    reload_s: F64Array  # (R, L)
    cost_musd: F64Array  # (R, L) of one round
    divert_m_s: F64Array  # (R, L) 0 for what is not fired at targets that turn
    basket_m: F64Array  # (R, L)
    p_decoy_as_threat: F64Array  # (R, L)
    speed_m_s: F64Array  # (R, L) gained over its satellite; layers in orbit
    accel_m_s2: F64Array  # (R, L) layers in orbit
    flight_max_s: F64Array  # (R, L) layers in orbit


class KindDraws(NamedTuple):
    """What each run assumes of each kind of threat. R runs, K kinds."""

    rcs_m2: F64Array  # (R, K)
    cep_m: F64Array  # (R, K)
    p_stray: F64Array  # (R, K)
    stray_m: F64Array  # (R, K)
    plume_w_sr: F64Array  # (R, K) in 2.69 to 2.95 um; 0 for what does not burn
    glow_w_sr: F64Array  # (R, K) in 2.69 to 2.95 um at the reference state of a glide; 0 for what does not glide
    glow_k: F64Array  # (R, K) temperature of its grey body there
    manoeuvre_m_s2: F64Array  # (R, K) sideways, that the defence must reckon with


class Draws(NamedTuple):
    """What each run assumes, drawn once before anything flies.

    R runs, L layers, B sites, S radars, K kinds, E infrared sensors, N satellites.
    """

    layers: Packed  # (R, L) of LayerDraws
    kinds: Packed  # (R, K) of KindDraws
    stock: I64Array  # (R, B) rounds
    radar_gain: F64Array  # (R, S) ratio by which a radar's signal differs from its table
    eye_gain: F64Array  # (R, E) ratio by which an infrared sensor's signal differs from its table
    is_working: BoolArray  # (R, N) satellites
