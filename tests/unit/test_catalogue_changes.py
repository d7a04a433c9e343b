"""Changes that a scenario makes to the catalogue, and what is said when they cannot be made."""

import math
from typing import Any

import pytest

from opendome.catalogue import Catalogue, describe, digest, names, shipped, with_overrides
from opendome.errors import InputError, Problem

GUN: dict[str, Any] = {
    "kind": "interceptor", "note": "A gun of our own", "burnout_speed_m_s": 900, "burn_s": 0.01, "beta_kg_m2": 1500,
    "range_min_km": 0.1, "range_max_km": 2, "alt_min_km": 0, "alt_max_km": 1.5, "flight_max_s": 6,
    "p_kill": {"drone": 0.4}, "common_mode": 0, "track_sigma_m": 20, "reaction_s": 2, "assess_s": 1,
    "shot_spacing_s": 1, "per_launcher": 10, "reload_s": 100, "channels": 1, "cost_musd": 0.01,
}


def _changed(overrides: dict[str, Any]) -> Catalogue:
    catalogue, problems = with_overrides(shipped(), overrides)
    assert problems == []
    return catalogue


def _wrong(overrides: dict[str, Any]) -> list[Problem]:
    return with_overrides(shipped(), overrides)[1]


def _the(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(p) for p in problems]
    return problems[0]


def test_no_changes_leave_the_catalogue_as_it_was() -> None:
    assert digest(_changed({})) == digest(shipped())


def test_a_bare_number_replaces_value_and_range_and_is_an_assumption() -> None:
    cost = _changed({"interceptors": {"thaad": {"cost_musd": 15}}}).interceptors["thaad"].cost_musd
    assert (cost.value, cost.low, cost.high) == (15.0, None, None)
    assert (cost.grade, cost.source, cost.why) == ("assumed", "assumption", "")
    assert shipped().interceptors["thaad"].cost_musd.value == 12.4


def test_a_table_replaces_the_given_keys_only() -> None:
    cost = _changed({"interceptors": {"thaad": {"cost_musd": {"high": 20}}}}).interceptors["thaad"].cost_musd
    assert (cost.value, cost.low, cost.high) == (12.4, 12.0, 20.0)
    assert (cost.grade, cost.source) == ("assumed", "assumption")


def test_a_table_without_a_number_keeps_the_source() -> None:
    cost = _changed({"interceptors": {"thaad": {"cost_musd": {"why": "checked"}}}}).interceptors["thaad"].cost_musd
    assert (cost.value, cost.source, cost.why) == (12.4, "aei2025", "checked")


def test_one_kill_probability_can_change_alone() -> None:
    p_kill = _changed({"interceptors": {"gun": {"p_kill": {"drone": 0.6}}}}).interceptors["gun"].p_kill
    assert p_kill.drone is not None
    assert p_kill.drone.value == 0.6
    assert p_kill.cruise == shipped().interceptors["gun"].p_kill.cruise


def test_a_new_name_is_a_whole_new_entry() -> None:
    catalogue = _changed({"interceptors": {"our-gun": GUN}})
    assert catalogue.interceptors["our-gun"].range_max_km.value == 2.0
    assert "our-gun" not in names("interceptors")


def test_a_scenario_may_bring_its_own_source() -> None:
    reference = {"author": "A. Nother", "title": "Prices", "year": 2026, "publisher": "Someone"}
    value = {"value": 14, "low": 13, "high": 15, "grade": "press", "source": "nother2026"}
    overrides = {"references": {"nother2026": reference}, "interceptors": {"thaad": {"cost_musd": value}}}
    cost = _changed(overrides).interceptors["thaad"].cost_musd
    assert (cost.grade, cost.source, cost.why) == ("press", "nother2026", "")


def test_every_problem_is_reported_at_once() -> None:
    problems = _wrong({
        "interceptors": {"thaad": {"cost_musd": -1, "burn": 4}, "gbi": {"channels": "many"}, "thad": {"burn_s": 3}},
        "radars": {},
        "threats": {"srbm": 3},
    })
    assert {p.where for p in problems} == {
        "catalogue.interceptors.thaad.cost_musd", "catalogue.interceptors.thaad.burn",
        "catalogue.interceptors.gbi.channels", "catalogue.interceptors.thad", "catalogue.radars",
        "catalogue.threats.srbm",
    }


def test_an_entry_with_a_problem_stays_as_it_was() -> None:
    catalogue, _ = with_overrides(shipped(), {"interceptors": {"thaad": {"cost_musd": -1}, "gbi": {"cost_musd": 80}}})
    assert catalogue.interceptors["thaad"] == shipped().interceptors["thaad"]
    assert catalogue.interceptors["gbi"].cost_musd.value == 80.0


@pytest.mark.parametrize(("overrides", "text"), [
    ({"interceptors": {"thaad": {"cost_musd": -1}}},
     "catalogue.interceptors.thaad.cost_musd = -1\n  must be at least 0 (price of one round (of one burst for a gun))"),
    ({"interceptors": {"thaad": {"range_max": 300}}},
     "catalogue.interceptors.thaad.range_max = 300\n  unknown key\n"
     "  hint: units are part of the name: did you mean range_max_km?"),
    ({"interceptors": {"thaad": {"range_max_m": 300_000}}},
     "catalogue.interceptors.thaad.range_max_m = 300000\n  unknown key\n"
     "  hint: this value is read in kilometres: did you mean range_max_km?"),
    ({"interceptors": {"thaad": {"chanels": 3}}},
     "catalogue.interceptors.thaad.chanels = 3\n  unknown key\n  hint: did you mean channels?"),
    ({"interceptors": {"thaad": {"channels": "three"}}},
     'catalogue.interceptors.thaad.channels = "three"\n'
     "  must be a number, or a table such as { value = 5, low = 4, high = 6 } "
     "(engagements that one site handles at the same time)"),
    ({"interceptors": {"thaad": {"channels": True}}},
     "catalogue.interceptors.thaad.channels = true\n"
     "  must be a number, or a table such as { value = 5, low = 4, high = 6 } "
     "(engagements that one site handles at the same time)"),
    ({"interceptors": {"thaad": {"p_kill": {"balistic": 0.5}}}},
     "catalogue.interceptors.thaad.p_kill.balistic = 0.5\n  unknown key\n  hint: did you mean ballistic?"),
    ({"interceptors": {"thaad": {"p_kill": {"ballistic": {"value": 0.9, "low": 0.8, "high": 1.2}}}}},
     "catalogue.interceptors.thaad.p_kill.ballistic = {...}\n"
     "  must be at most 1, found 1.2 (against ballistic missiles)"),
    ({"interceptors": {"thaad": {"cost_musd": {"value": 99}}}},
     "catalogue.interceptors.thaad.cost_musd = {...}\n"
     "  low <= value <= high must hold, found 12 <= 99 <= 12.7 (price of one round (of one burst for a gun))"),
    ({"interceptors": {"thaad": {"alt_max_km": 30}}},
     "catalogue.interceptors.thaad = {...}\n  alt_min_km (up to 50) must stay below alt_max_km (from 30)"),
    ({"interceptors": {"thaad": {"range_min_km": 180}}},
     "catalogue.interceptors.thaad = {...}\n  range_min_km (up to 180) must stay below range_max_km (from 150)"),
    ({"threats": {"srbm": {"range_max_km": 100}}},
     "catalogue.threats.srbm = {...}\n  range_min_km (up to 100) must stay below range_max_km (from 100)"),
    ({"sensors": {"tpy-2": {"el_max_deg": 5}}},
     "catalogue.sensors.tpy-2 = {...}\n  el_min_deg (up to 5) must stay below el_max_deg (from 5)"),
    ({"interceptors": {"thad": {"cost_musd": 3}}},
     "catalogue.interceptors.thad = {...}\n"
     "  is not in the catalogue: a change needs a known name, a new entry needs its kind\n"
     "  hint: did you mean thaad?"),
    ({"threats": {"own": {"kind": "balistic"}}},
     'catalogue.threats.own.kind = "balistic"\n  must be one of: ballistic, waypoint, glide\n'
     "  hint: did you mean ballistic?"),
    ({"threats": {"srbm": {"kind": "waypoint"}}},
     'catalogue.threats.srbm.kind = "waypoint"\n  must stay "ballistic"\n  hint: use a new name'),
    ({"threats": {"srbm": {"swerling": 2}}},
     "catalogue.threats.srbm.swerling = 2\n"
     "  must be one of: 1, 3 (fluctuation of the cross-section: 1 many scatterers, 3 one dominant)"),
    ({"sensor": {"tpy-2": {}}}, "catalogue.sensor = {...}\n  unknown key\n  hint: did you mean sensors?"),
    ({"sensors": {"tpy-2": {"range_ref_km": {"value": 800, "source": "wilkening2001", "grade": "estimated"}}}},
     'catalogue.sensors.tpy-2.range_ref_km.source = "wilkening2001"\n'
     "  must be a key of references, or assumption\n  hint: did you mean wilkening2000?"),
    ({"references": {"x": {"author": "A", "title": "T", "year": "now", "publisher": "P"}}},
     'catalogue.references.x.year = "now"\n  must be a whole number'),
])
def test_messages(overrides: dict[str, Any], text: str) -> None:
    assert str(_the(_wrong(overrides))) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_numbers(value: float) -> None:
    problem = _the(_wrong({"interceptors": {"thaad": {"cost_musd": value}}}))
    assert problem.expected.startswith("must be a finite number")


def test_a_new_entry_that_lacks_everything_says_so() -> None:
    problems = _wrong({"interceptors": {"own": {"kind": "interceptor"}}})
    missing = {p.where.rsplit(".", 1)[1] for p in problems if p.expected.startswith("is required")}
    assert missing == set(GUN) - {"kind"}


def test_the_digest_ignores_order_and_sees_values() -> None:
    catalogue = shipped()
    turned = catalogue.model_copy(update={"threats": dict(reversed(catalogue.threats.items()))})
    assert digest(turned) == digest(catalogue)
    assert digest(_changed({"interceptors": {"gbi": {"cost_musd": 75}}})) != digest(catalogue)


def test_description_of_an_entry() -> None:
    found = describe(shipped(), "thaad")
    assert (found.section, found.kind) == ("interceptors", "interceptor")
    rows = {row.field: row for row in found.rows}
    cost = rows["cost_musd"]
    assert (cost.value, cost.low, cost.high, cost.unit) == (12.4, 12.0, 12.7, "millions of US dollars")
    assert (cost.grade, cost.source) == ("think-tank", "aei2025")
    assert rows["p_kill.ballistic"].grade == "assumed"
    assert "p_kill.drone" not in rows
    assert set(found.references) == {row.source for row in found.rows} - {"assumption", ""}
    separating = {row.field: row for row in describe(shipped(), "mrbm").rows}["separating"]
    assert separating.value is True
    assert separating.source == ""


def test_unknown_names_come_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean thaad"):
        describe(shipped(), "thad")
    with pytest.raises(InputError, match="did you mean sensors"):
        names("sensor")
