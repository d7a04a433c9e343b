"""Leakage and shot doctrine against published cases.

verifies    engagement/leakage.py: p_no_leak, interceptors_needed
source      Wilkening, A Simple Model for Calculating Ballistic Missile Defense Effectiveness, Science & Global Security
            8 (2000); the numbers as worked by Munoz, Missile Defense is NP-Complete (2026), which is what was seen
inputs      single-shot kill probability 0.56 (12 of 21 tests) with 1 to 5 shots and P_track 1, 0.95, 0.90; 44
            interceptors at 4 per warhead; 20 warheads, 0.70, P_track 0.99, 80 % confidence that none leaks
tolerance   half of the last digit that is printed
"""

import pytest

from opendome.engagement import interceptors_needed, p_no_leak

KILL_PERCENT = {
    1.00: (56.0, 80.6, 91.5, 96.3, 98.4),
    0.95: (53.2, 76.6, 86.9, 91.4, 93.4),
    0.90: (50.4, 72.6, 82.3, 86.6, 88.5),
}


def test_single_shot_probability_of_the_test_record(validation):
    validation("12 intercepts in 21 tests (0.56 to 0.57)", 0.565, 12 / 21, 0.0065, "-")


@pytest.mark.parametrize("p_track", KILL_PERCENT)
def test_kill_probability_by_shots(validation, p_track):
    for shots, published in enumerate(KILL_PERCENT[p_track], start=1):
        ours = 100.0 * p_no_leak(n_threats=1, sspk=0.56, shots=shots, p_track=p_track)
        validation(f"kill probability, P_track {p_track:.2f}, {shots} shots", published, ours, 0.05, "%")


def test_warheads_that_44_interceptors_cover(validation):
    # Four shots each: the confidence that four shots give needs 44 interceptors for 11 warheads and more for 12.
    def needed(n_threats: int) -> float:
        confidence = p_no_leak(n_threats=n_threats, sspk=0.56, shots=4)
        return interceptors_needed(n_threats=n_threats, sspk=0.56, p_track=1.0, confidence=confidence,
                                   doctrine="barrage")

    validation("interceptors for 11 warheads at 4 each", 44.0, needed(11), 1e-9, "interceptors")
    covered = max(n for n in range(1, 20) if needed(n) <= 44.0 + 1e-9)
    validation("warheads that 44 interceptors cover", 11.0, float(covered), 0.0, "warheads")


def test_track_probability_that_caps_confidence(validation):
    # The least P_track at which ten warheads can be stopped with 80 % confidence, found by bisection on our function.
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        if p_no_leak(n_threats=10, sspk=0.56, shots=1e4, p_track=middle) < 0.8:
            low = middle
        else:
            high = middle
    validation("P_track needed for 80 % over 10 warheads", 0.978, high, 0.0005, "-")


@pytest.mark.parametrize(("doctrine", "published"), [("barrage", 113.0), ("shoot-look-shoot", 47.0)])
def test_interceptors_for_twenty_warheads(validation, doctrine, published):
    ours = interceptors_needed(n_threats=20, sspk=0.70, p_track=0.99, confidence=0.80, doctrine=doctrine)
    validation(f"interceptors for 20 warheads, {doctrine}", published, ours, 0.5, "interceptors")
