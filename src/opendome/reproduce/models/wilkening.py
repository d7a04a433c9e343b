"""Wilkening's model of leakage and shot doctrine, in its worked cases."""

from collections.abc import Mapping
from typing import Literal

from opendome.engagement import interceptors_needed, p_no_leak
from opendome.reproduce.models import not_negative, whole
from opendome.reproduce.models.limits import between

ENDLESS = 1e4
"""Shots that leave only the track to miss."""
MANY = 1000
"""Warheads up to which is counted."""


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Kill probabilities by number of shots in %, warheads covered, the track needed, and interceptors for a raid."""
    not_negative(a, a)
    between(a, {"tests_hit": (0.0, a["tests"]), "confidence": (0.0, 1.0)})
    kills = {f"kill_{n}_shots_percent": 100.0 * p_no_leak(n_threats=1, sspk=a["sspk"], shots=n, p_track=a["p_track"])
             for n in range(1, 6)}
    return kills | {
        "sspk_of_tests": a["tests_hit"] / a["tests"],
        "warheads_covered": covered(a),
        "p_track_needed": track_needed(a),
        "interceptors_barrage": needed_for_raid(a, "barrage"),
        "interceptors_shoot_look_shoot": needed_for_raid(a, "shoot-look-shoot"),
    }


def covered(a: Mapping[str, float]) -> float:
    """Warheads for which the interceptors suffice, each with the confidence that its shots give without a failed
    track."""
    def needed(n: int) -> float:
        confidence = p_no_leak(n_threats=n, sspk=a["sspk"], shots=a["shots_each"])
        return interceptors_needed(n_threats=n, sspk=a["sspk"], p_track=1.0, confidence=confidence, doctrine="barrage")

    return float(next((n - 1 for n in range(1, MANY) if needed(n) > a["interceptors"] * (1.0 + 1e-9)), MANY))


def needed_for_raid(a: Mapping[str, float], doctrine: Literal["barrage", "shoot-look-shoot"]) -> float:
    """Interceptors to hold for the raid; a mean, not rounded."""
    return interceptors_needed(n_threats=whole(a, "raid_warheads"), sspk=a["raid_sspk"], p_track=a["raid_p_track"],
                               confidence=a["confidence"], doctrine=doctrine, first_salvo=a["first_salvo"])


def track_needed(a: Mapping[str, float]) -> float:
    """P_track below which no number of shots stops all warheads with the confidence: it enters with their power."""
    warheads = whole(a, "warheads")
    without = p_no_leak(n_threats=warheads, sspk=a["sspk"], shots=ENDLESS)
    return float((a["confidence"] / without) ** (1.0 / warheads))
