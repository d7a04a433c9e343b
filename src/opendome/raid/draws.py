"""Uncertain values, drawn once per run: what differs from run to run before anything flies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, U64Array
from opendome.scenario.quantity import Quantity, Spec, quantities
from opendome.units import unit_of


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


@dataclass
class Sampler:
    """Gives the column of a quantity over the runs, and remembers which paths were sampled."""

    key: U64Array
    runs: int
    is_sampled: bool
    sampled: set[str] = field(default_factory=set)

    def column(self, path: str, quantity: Quantity, drawn_as: str = "") -> F64Array:
        """(R,) values: from the triangle (low, value, high) at the path's address, or the value itself.

        `drawn_as` is the path of another quantity whose random numbers it shares: both are low or high together.
        """
        if not (self.is_sampled and quantity.is_uncertain):
            return np.full(self.runs, quantity.value)
        self.sampled.add(path)
        u = np.empty(self.runs)
        rng.uniform_column(self.key, 0, rng.ASSUMPTION, rng.address(drawn_as or path), 0, u)
        return triangle(u, quantity.low_or_value, quantity.value, quantity.high_or_value)


def triangle(u: F64Array, low: float, mode: float, high: float) -> F64Array:
    """Quantile of the triangular distribution (low, mode, high) at probability u."""
    width, left = high - low, (mode - low) / (high - low)
    below = low + np.sqrt(u * width * (mode - low))
    above = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u < left, below, above)


@dataclass(frozen=True)
class Assumption:
    """One number that the result rests on."""

    path: str
    quantity: Quantity
    unit: str
    is_sampled: bool


def assumptions(entries: Mapping[str, Spec], sampled: set[str]) -> list[Assumption]:
    """Every quantity of the entries, by path. `entries`: path of an entry ("interceptors.thaad") to the entry."""
    return [Assumption(path, quantity, unit_of(path), path in sampled)
            for prefix, entry in entries.items() for path, quantity in quantities(entry, f"{prefix}.")]
