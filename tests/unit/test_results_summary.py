"""The first screen as data and as text, and the comparison with what was observed."""

import json
import math

import pytest

from opendome.results import Results, first_screen, short, with_error
from small_results import results


@pytest.fixture(scope="module")
def small() -> Results:
    return results()


def test_summary_is_plain_data(small: Results) -> None:
    summary = small.summary()
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert (summary["runs"], summary["seed"], summary["fidelity"]) == (4, 7, "kinematic")
    assert summary["leak_through"]["all"]["value"] == pytest.approx(0.25)
    assert [row["threat_class"] for row in summary["leak_through"]["by_type"]] == ["ballistic", "drone"]
    assert [row["launched"] for row in summary["leak_through"]["by_area"]] == [1.0, 3.75, 0.25]
    village = summary["leak_through"]["by_area"][2]
    assert village["error"] is None  # known from a single run
    assert [layer["layer"] for layer in summary["layers"]] == ["upper", "guns"]
    assert summary["layers"][0]["left"]["value"] == 6.5
    assert summary["total"]["cost_musd"]["value"] == pytest.approx(42.04, rel=1e-6)


def test_observed_beside_simulated(small: Results) -> None:
    first, second = small.summary()["observed"]
    # raid one, ballistic: 2 of 2, 1 of 2, 1 of 2, 2 of 2 destroyed
    assert (first["value"], first["observed"]) == (0.75, 0.5)
    assert (first["low"], first["high"]) == (0.5, 1.0)
    assert first["error"] == pytest.approx(math.sqrt(1 / 12) / 2)
    assert first["is_inside"] is True
    assert (first["used_for"], second["used_for"]) == ("calibration", "test")
    assert (second["launched"], second["launched_observed"]) == (1.0, 10)


def test_an_observation_outside_the_band_is_said_to_be_outside() -> None:
    observation = {"raids": ["one"], "threat_class": "ballistic", "launched": 10, "destroyed": 4, "used_for": "test",
                   "source": "x"}
    summary = results(observations=[observation]).summary()
    assert summary["observed"][0]["is_inside"] is False  # 0.4 against 0.5 to 1.0
    assert "are tested on one (0 of 1 observed shares inside the band)" in summary["notes"][1]


def test_an_observation_without_launches_cannot_be_compared() -> None:
    observation = {"raids": ["two"], "threat_class": "cruise", "launched": 0, "destroyed": 0, "used_for": "test",
                   "source": "x"}
    summary = results(observations=[observation]).summary()
    assert summary["observed"][0]["observed"] is None
    assert summary["observed"][0]["is_inside"] is None
    assert "(0 of 0" in summary["notes"][1]
    assert "–" in first_screen(summary)


def test_notes_say_what_was_calibrated_and_what_is_sampled(small: Results) -> None:
    sampling, calibration = small.summary()["notes"]
    assert "each run draws 1 of the 2 numbers" in sampling
    assert calibration == ("Kill probabilities were calibrated on one (1 of 1 observed shares inside the band) and are "
                           "tested on two (1 of 1 observed shares inside the band).")
    assert "All runs use the same values" in results(assumptions="fixed").summary()["notes"][0]
    assert len(results(observations=[]).summary()["notes"]) == 1


def test_calibration_without_a_test_is_said() -> None:
    observation = {"raids": ["one", "two"], "threat_class": "drone", "launched": 3, "destroyed": 2,
                   "used_for": "calibration", "source": "x"}
    summary = results(observations=[observation]).summary()
    assert summary["observed"][0]["label"] == "one to two"
    assert summary["notes"][1].endswith("Nothing is left to test them on.")


def test_first_screen(small: Results) -> None:
    screen = first_screen(small.summary())
    assert screen.startswith("Two small raids\nleak_through  0.25 ± 0.05 (4 runs, seed 7, kinematic)\n")
    assert "shahed                 3   0.33 ± 0.14  0.050 to 0.617" in screen
    assert "upper        2 ± 0  3.5 ± 0.6  2 ± 0    6.5 ± 0.6            42 ± 8" in screen
    assert "star                    1 ± 0          45 ± 0         0.5 ± 0  7.0 ± 1.3" in screen
    assert "srbm                      2            1 ± 0          45 ± 0  0.158 ± 0.003" in screen
    assert max(map(len, screen.splitlines())) <= 100


def test_first_screen_without_a_defence() -> None:
    small = results(layers={}, observations=[])
    for name in ("sites", "shots", "warnings"):
        object.__setattr__(small.tables, name, getattr(small.tables, name).iloc[:0])
    screen = first_screen(small.summary())
    assert "leak_through  0.25 ± 0.05" in screen
    assert "by layer" not in screen


def test_first_screen_of_sensors_alone() -> None:
    """Where nothing shoots, the answer is what is seen, not what leaks."""
    small = results(layers={}, observations=[])
    for name in ("sites", "shots"):
        object.__setattr__(small.tables, name, getattr(small.tables, name).iloc[:0])
    screen = first_screen(small.summary())
    assert screen.startswith("Two small raids\nwhat sensors in orbit see of the launches (4 runs, seed 7, kinematic)\n")
    assert "leak" not in screen


@pytest.mark.parametrize(("value", "error", "text"), [
    (0.11834, 0.00712, "0.118 ± 0.007"),
    (0.11834, 0.00149, "0.1183 ± 0.0015"),
    (0.11834, 0.0097, "0.118 ± 0.010"),
    (1234.5, 56.0, "1,230 ± 60"),
    (42.04, 7.7, "42 ± 8"),
    (12.0, 0.0, "12 ± 0"),
    (0.0, 0.0, "0 ± 0"),
    (-0.001, 0.02, "0.00 ± 0.02"),
    (0.33333, math.nan, "0.3333 ± ?"),
    (math.nan, math.nan, "not known"),
])
def test_only_the_digits_that_the_error_supports(value: float, error: float, text: str) -> None:
    assert with_error(value, error) == text


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (12.0, "12"), (0.5, "0.5"), (87.9167, "87.92"), (1234.56, "1,235"), (4_500_000.0, "4,500,000"),
    (1e-8, "1e-8"), (2.5e-5, "2.5e-5"), (-0.05, "-0.05"), (math.inf, "–"),
])
def test_short_numbers(value: float, text: str) -> None:
    assert short(value) == text
