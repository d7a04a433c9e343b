"""Every number of the shipped catalogue says where it comes from, and every source is used."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from opendome.battle import CLASSES
from opendome.catalogue import ASSUMPTION, SECTIONS, Catalogue, describe, names, shipped, with_overrides
from opendome.catalogue.entries import Interceptor, Radar, Reference
from opendome.engagement import UNREACHABLE_S, flyout_tables
from opendome.scenario.quantity import Quantity, quantities

ROOT = Path(__file__).parents[2]

PROMISED = {
    "threats": ["srbm", "mrbm", "irbm", "icbm-liquid", "icbm-solid", "one-way-drone", "cruise-missile",
                "hgv-regional", "hgv-long"],
    "sensors": ["tpy-2", "patriot-radar", "ground-surveillance-radar", "short-range-radar", "ship-radar",
                "early-warning-radar", "air-defence-radar", "aerostat-radar", "aew-radar", "ir-geo-scan",
                "ir-geo-stare", "ir-meo-track", "ir-leo-track", "ir-leo-fire-control"],
    "interceptors": ["thaad", "patriot-pac3-mse", "patriot-gem-t", "sm-3-iia", "sm-3-ib", "sm-6", "gpi", "gbi",
                     "short-range-missile", "gun", "interceptor-drone", "sbi"],
}


def _values(catalogue: Catalogue) -> Iterator[tuple[str, Quantity]]:
    for section in SECTIONS:
        for name, entry in getattr(catalogue, section).items():
            yield from quantities(entry, f"{name}.")


VALUES = dict(_values(shipped()))
FROM_THE_GROUND = {name: entry for name, entry in shipped().interceptors.items() if isinstance(entry, Interceptor)}


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
    used = {value.source for value in VALUES.values()} | SCENARIO_SOURCES | INDEX_SOURCES
    assert set(shipped().references) <= used


def test_each_source_of_a_scenario_or_pack_is_known() -> None:
    assert SCENARIO_SOURCES - {ASSUMPTION} <= set(shipped().references)
    assert INDEX_SOURCES
    assert set(shipped().references) >= INDEX_SOURCES


def _sources(data: object) -> Iterator[str]:
    """Every `source` of plain data, those of observations included."""
    if isinstance(data, dict):
        yield from (value for key, value in data.items() if key == "source" and isinstance(value, str))
        for value in data.values():
            yield from _sources(value)
    elif isinstance(data, list):
        for value in data:
            yield from _sources(value)


DATA = ROOT / "src" / "opendome" / "data"
SCENARIO_SOURCES = {source for path in [*(ROOT / "scenarios").glob("*.toml"), *(DATA / "packs").glob("*.toml")]
                    for source in _sources(tomllib.loads(path.read_text(encoding="utf-8")))}
INDEX_SOURCES = set(re.findall(r"references\.toml: (\w+)", (DATA / "price_index.csv").read_text(encoding="utf-8")))


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
            "channels", "p_kill.ballistic", "p_kill.cruise", "p_kill.drone", "p_kill.glide", "snr_needed",
            "clutter_earth", "clutter_limb", "per_satellite", "lift_to_drag"}
    for section in SECTIONS:
        for name in names(section):
            rows = [row for row in describe(shipped(), name).rows if row.low is not None]
            assert {row.field for row in rows if not row.unit} <= pure


def test_every_interceptor_can_fly_to_the_reach_it_states() -> None:
    """At some altitude the fly-out table comes within 2 % of the farthest range, and at some range of the ceiling."""
    entries = FROM_THE_GROUND
    tables = flyout_tables(list(entries.values()))
    for name, time_s in zip(entries, tables.time_s, strict=True):
        can_reach = time_s < UNREACHABLE_S
        rows, columns = np.nonzero(can_reach)
        assert rows.max() >= 0.98 * (time_s.shape[0] - 1), f"{name}: range_max_km"
        assert columns.max() >= 0.98 * (time_s.shape[1] - 1), f"{name}: alt_max_km"
        assert can_reach.mean() > 0.9, f"{name}: most of its reach"


def test_no_interceptor_is_allowed_much_more_time_than_it_can_use() -> None:
    """The longest flight is at most twice what the slowest point of the table takes."""
    entries = FROM_THE_GROUND
    tables = flyout_tables(list(entries.values()))
    for (name, entry), time_s in zip(entries.items(), tables.time_s, strict=True):
        slowest_s = time_s[time_s < UNREACHABLE_S].max()
        assert entry.flight_max_s.value <= 2.0 * slowest_s, name


def test_a_radar_looks_no_farther_than_it_is_read() -> None:
    for name, sensor in shipped().sensors.items():
        if isinstance(sensor, Radar):
            assert sensor.range_ref_km.value <= sensor.range_max_km.value, name


def test_the_only_published_test_record_gives_the_kill_probability() -> None:
    p_kill = shipped().interceptors["gbi"].p_kill.ballistic
    assert p_kill is not None
    assert p_kill.value == pytest.approx(12 / 21, abs=0.005)


def test_classes_are_engaged_as_intended() -> None:
    engaged = {name: {c for c in CLASSES if getattr(entry.p_kill, c)}
               for name, entry in shipped().interceptors.items()}
    assert engaged["thaad"] == engaged["sm-3-iia"] == engaged["gbi"] == {"ballistic"}
    assert engaged["gun"] == {"cruise", "drone"}
    assert engaged["interceptor-drone"] == {"drone"}
    assert engaged["gpi"] == {"glide"}
    against_gliders = {name for name, classes in engaged.items() if "glide" in classes}
    assert against_gliders == {"gpi", "sm-6", "patriot-pac3-mse", "sbi"}


def test_the_examples_of_the_format_page_are_read() -> None:
    page = (ROOT / "docs" / "formats" / "catalogue.md").read_text(encoding="utf-8")
    values, source, changes = (tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL))
    assert all(Quantity.model_validate(value) for value in values.values())
    assert all(Reference.model_validate(reference) for reference in source["references"].values())
    assert with_overrides(shipped(), changes["catalogue"])[1] == []
