"""Wilkening's model of leakage and shot doctrine, in its worked cases."""

from collections.abc import Mapping

from opendome.engagement import interceptors_needed, p_no_leak

ENDLESS = 1e4
"""Shots that leave only the track to miss."""
MANY = 1000
"""Warheads up to which is counted."""


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Kill probabilities by number of shots in %, warheads covered, the track needed, and interceptors for a raid."""
    kills = {f"kill_{n}_shots_percent": 100.0 * p_no_leak(n_threats=1, sspk=a["sspk"], shots=n, p_track=a["p_track"])
             for n in range(1, 6)}
    raid = {"n_threats": a["raid_warheads"], "sspk": a["raid_sspk"], "p_track": a["raid_p_track"],
            "confidence": a["confidence"]}
    return kills | {
        "sspk_of_tests": a["tests_hit"] / a["tests"],
        "warheads_covered": covered(a),
        "p_track_needed": track_needed(a),
        "interceptors_barrage": interceptors_needed(**raid, doctrine="barrage"),
        "interceptors_shoot_look_shoot": interceptors_needed(**raid, doctrine="shoot-look-shoot",
                                                             first_salvo=a["first_salvo"]),
    }


def covered(a: Mapping[str, float]) -> float:
    """Warheads for which the interceptors suffice, each with the confidence that its shots give without a failed
    track."""
    def needed(n: int) -> float:
        confidence = p_no_leak(n_threats=n, sspk=a["sspk"], shots=a["shots_each"])
        return interceptors_needed(n_threats=n, sspk=a["sspk"], p_track=1.0, confidence=confidence, doctrine="barrage")

    return float(next((n - 1 for n in range(1, MANY) if needed(n) > a["interceptors"] * (1.0 + 1e-9)), MANY))


def track_needed(a: Mapping[str, float]) -> float:
    """P_track below which no number of shots stops all warheads with the confidence: it enters with their power."""
    without = p_no_leak(n_threats=a["warheads"], sspk=a["sspk"], shots=ENDLESS)
    return float((a["confidence"] / without) ** (1.0 / a["warheads"]))
