"""Every number of the shipped catalogue says where it comes from, and every source is used."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from opendome.catalogue import ASSUMPTION, SECTIONS, Catalogue, describe, names, shipped
from opendome.catalogue.entries import Interceptor, Radar
from opendome.scenario.quantity import Quantity, quantities

SCENARIOS = Path(__file__).parents[2] / "scenarios"

PROMISED = {
    "threats": ["srbm", "mrbm", "irbm", "icbm-liquid", "icbm-solid", "one-way-drone", "cruise-missile"],
    "sensors": ["tpy-2", "patriot-radar", "ground-surveillance-radar", "short-range-radar", "ship-radar",
                "early-warning-radar", "ir-warning"],
    "interceptors": ["thaad", "patriot-pac3-mse", "patriot-gem-t", "sm-3-iia", "sm-3-ib", "sm-6", "gbi",
                     "short-range-missile", "gun", "interceptor-drone"],
}


def _values(catalogue: Catalogue) -> Iterator[tuple[str, Quantity]]:
    for section in SECTIONS:
        for name, entry in getattr(catalogue, section).items():
            yield from quantities(entry, f"{name}.")


VALUES = dict(_values(shipped()))


@pytest.mark.parametrize("section", SECTIONS)
def test_scenarios_can_rely_on_these_names(section: str) -> None:
    assert names(section) == PROMISED[section]


def test_a_name_stands_for_one_thing() -> None:
    counts = Counter(name for section in SECTIONS for name in names(section))
    assert [name for name, count in counts.items() if count > 1] == []


def test_each_value_is_sourced_or_explained() -> None:
    assumed = {path: value for path, value in VALUES.items() if value.source == ASSUMPTION}
    sourced = {path: value for path, value in VALUES.items() if value.source != ASSUMPTION}
    assert [path for path, value in assumed.items() if value.grade != "assumed"] == []
    assert [path for path, value in assumed.items() if len(value.why) < 5] == [], "an assumption needs its reason"
    assert [path for path, value in sourced.items() if value.source not in shipped().references] == []
    assert [path for path, value in sourced.items() if value.grade == "assumed"] == []
    derived = {path: value for path, value in sourced.items() if value.grade == "estimated"}
    assert [path for path, value in derived.items() if not value.why] == [], "a derived value says how"


def test_a_stated_range_has_two_ends_and_a_width() -> None:
    assert [path for path, value in VALUES.items() if (value.low is None) != (value.high is None)] == []
    assert [path for path, value in VALUES.items() if value.low is not None and not value.is_uncertain] == []


def test_each_source_is_used() -> None:
    used = {value.source for value in VALUES.values()} | set(_sources_of_observations())
    assert set(shipped().references) <= used


def _sources_of_observations() -> Iterator[str]:
    for path in SCENARIOS.glob("*.toml"):
        scenario = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from (observation["source"] for observation in scenario.get("observations", []))


def test_each_source_can_be_looked_for() -> None:
    for key, reference in shipped().references.items():
        assert reference.author, key
        assert reference.title, key
        assert reference.publisher, key
        assert reference.note, f"{key}: say what was seen of it"
        assert 1950 <= reference.year <= 2030, key
        assert reference.link.startswith("https://") or "only through" in reference.note, key


def test_every_number_has_a_unit_or_is_a_pure_number() -> None:
    pure = {"p_stray", "p_false_alarm", "p_detect", "looks_needed", "track_capacity", "common_mode", "per_launcher",
            "channels", "p_kill.ballistic", "p_kill.cruise", "p_kill.drone"}
    for section in SECTIONS:
        for name in names(section):
            rows = [row for row in describe(shipped(), name).rows if row.low is not None]
            assert {row.field for row in rows if not row.unit} <= pure


@pytest.mark.parametrize("name", PROMISED["interceptors"])
def test_an_interceptor_is_fast_enough_for_its_reach(name: str) -> None:
    """Necessary conditions that any flight model must keep, at the values of the entry.

    Straight line to the far end of the reach, at the middle altitude, within the longest flight at no more than
    the burnout speed; and enough kinetic energy for the highest intercept unless it is powered all the way.
    """
    entry = shipped().interceptors[name]
    assert isinstance(entry, Interceptor)
    speed_m_s, flight_s, burn_s = entry.burnout_speed_m_s.value, entry.flight_max_s.value, entry.burn_s.value
    reach_m, alt_m = entry.range_max_km.value * 1e3, entry.alt_max_km.value * 1e3
    middle_m = 0.5 * (entry.alt_min_km.value * 1e3 + alt_m)
    assert (reach_m**2 + middle_m**2) ** 0.5 <= speed_m_s * flight_s
    is_powered_throughout = burn_s >= flight_s
    gravity_m_s2, earth_m = 9.81, 6371e3
    climb_j_kg = gravity_m_s2 * alt_m / (1 + alt_m / earth_m)
    assert is_powered_throughout or 0.5 * speed_m_s**2 >= climb_j_kg


def test_a_radar_looks_no_farther_than_it_is_read() -> None:
    for name, sensor in shipped().sensors.items():
        if isinstance(sensor, Radar):
            assert sensor.range_ref_km.value <= sensor.range_max_km.value, name


def test_the_only_published_test_record_gives_the_kill_probability() -> None:
    p_kill = shipped().interceptors["gbi"].p_kill.ballistic
    assert p_kill is not None
    assert p_kill.value == pytest.approx(12 / 21, abs=0.005)


def test_classes_are_engaged_as_intended() -> None:
    engaged = {name: {c for c in ("ballistic", "cruise", "drone") if getattr(entry.p_kill, c)}
               for name, entry in shipped().interceptors.items()}
    assert engaged["thaad"] == engaged["sm-3-iia"] == engaged["gbi"] == {"ballistic"}
    assert engaged["gun"] == {"cruise", "drone"}
    assert engaged["interceptor-drone"] == {"drone"}
