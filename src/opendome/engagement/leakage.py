"""Closed forms of a layered defence: how much leaks, how many interceptors that takes, and what shots have in common.

Wilkening's model: every threat is independent of the others; the shots at one threat are independent of each other
once the defence tracks it, and all miss where it does not. A threat is destroyed with probability

    K = P_track (1 - (1 - SSPK)^n)

and nothing leaks with probability K^W. P_track caps K whatever n is.
Left out: stocks, time, geometry, and warheads that are taken for decoys.
Source: wilkening2000; docs/models/engagement.md.
"""

import math
from typing import Literal

from opendome.errors import InputError
from opendome.kernel import kernel

FIRST_SALVO = 2.0
"""Shots at each apparent target before the look, in shoot-look-shoot."""


@kernel
def common_mode_split(p_kill, share):
    """(q, p): chance that all shots of a layer at one target miss together, and kill chance of a shot when they do not.

    Of the miss probability 1 - p_kill of a single shot, `share` has causes that all shots of the layer at that
    target have in common: q = share (1 - p_kill). Otherwise each shot kills with p = p_kill / (1 - q), independently,
    so that the single-shot probability stays p_kill. share 0: independent shots; 1: all hit or all miss.
    The same as Wilkening's model with P_track = 1 - q and SSPK = p.
    """
    p_common_miss = share * (1.0 - p_kill)
    if p_common_miss >= 1.0:
        return 1.0, 0.0
    return p_common_miss, min(1.0, p_kill / (1.0 - p_common_miss))


def p_no_leak(*, n_threats: int, sspk: float, shots: float, p_track: float = 1.0) -> float:
    """Probability that none of `n_threats` gets through when each is shot at `shots` times.

    `sspk` is the kill probability of one shot at a tracked threat; `shots` need not be whole (a mean).
    """
    _count("n_threats", n_threats)
    _probability("sspk", sspk)
    _probability("p_track", p_track)
    if not 0.0 <= shots < math.inf:
        raise InputError(f"shots = {shots}\n  must be 0 or more (shots at each threat)")
    return float((p_track * (1.0 - (1.0 - sspk) ** shots)) ** n_threats)


def interceptors_needed(*, n_threats: int, sspk: float, p_track: float, confidence: float,
                        doctrine: Literal["barrage", "shoot-look-shoot"], n_decoys: int = 0,
                        p_decoy_as_threat: float = 1.0, first_salvo: float = FIRST_SALVO) -> float:
    """Interceptors to hold so that nothing leaks with probability `confidence`; a mean, not rounded.

    Every apparent target, W* = n_threats + n_decoys p_decoy_as_threat, gets the n shots that the true ones need; n is
    not rounded to whole shots and at least 1. "barrage" fires them all at once: W* n. "shoot-look-shoot" fires
    `first_salvo` at each, looks, and fires the rest at the expected survivors: W* (m + (1 - sspk)^m (n - m)).
    The look is taken to be right and in time, and the few targets without a track are not shot at again.
    """
    _count("n_threats", n_threats)
    _probability("sspk", sspk)
    _probability("p_track", p_track)
    _probability("p_decoy_as_threat", p_decoy_as_threat)
    if n_decoys < 0:
        raise InputError(f"n_decoys = {n_decoys}\n  must be 0 or more")
    if not 0.0 < first_salvo < math.inf:
        raise InputError(f"first_salvo = {first_salvo}\n  must be above 0 (shots at each target before the look)")
    if doctrine not in ("barrage", "shoot-look-shoot"):
        raise InputError(f"doctrine = {doctrine!r}\n  must be 'barrage' or 'shoot-look-shoot'")
    shots = _shots_needed(n_threats, sspk, p_track, confidence)
    apparent = n_threats + n_decoys * p_decoy_as_threat
    if doctrine == "barrage" or shots <= first_salvo:
        return float(apparent * shots)
    return float(apparent * (first_salvo + (1.0 - sspk) ** first_salvo * (shots - first_salvo)))


def _shots_needed(n_threats: int, sspk: float, p_track: float, confidence: float) -> float:
    """Shots per threat for `confidence` that none of `n_threats` leaks; not rounded, at least 1."""
    if not 0.0 < confidence <= 1.0:
        raise InputError(f"confidence = {confidence}\n  must be above 0 and at most 1")
    p_kill = confidence ** (1.0 / n_threats)
    if sspk == 1.0 and p_kill <= p_track:
        return 1.0
    if sspk == 0.0 or p_kill >= p_track:
        highest = p_track**n_threats if sspk > 0.0 else 0.0
        raise InputError(f"confidence = {confidence}\n  cannot be reached: with p_track {p_track:g} and sspk {sspk:g} "
                         f"it stays below {highest:.4g} for {n_threats} threats, however many shots")
    return max(1.0, math.log1p(-p_kill / p_track) / math.log1p(-sspk))


def _probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise InputError(f"{name} = {value}\n  must be between 0 and 1 (a probability)")


def _count(name: str, value: float) -> None:
    if not 1 <= value < math.inf:
        raise InputError(f"{name} = {value}\n  must be at least 1")
