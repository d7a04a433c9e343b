"""Packs: what their files may say, that they say it truly, and how tables of them are made."""

import math
import re
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest

from opendome import reproduce
from opendome.catalogue import ASSUMPTION, SECTIONS, names, shipped
from opendome.cli.packs import number
from opendome.errors import InputError, ScenarioError
from opendome.reproduce.all import overview, run_all
from opendome.reproduce.pack import Group, Output, Pack, from_data
from opendome.reproduce.rebuild import COLUMNS, assumptions, is_within, model_of, outputs, table
from opendome.scenario import reader

PACKS = reproduce.packs()
MODELS = ("space_layer", "launch_bill", "boost_options")
QUICK = [name for name in PACKS if reproduce.load(name).model in MODELS]
"""Packs of money alone, which take a few milliseconds; the others have tests of their own."""

TINY = {
    "title": "Two numbers added", "model": "tiny", "headline": "total",
    "assumptions": {"left": {"says": "a number", "value": 2.0, "why": "none"}, "right": {"says": "one", "value": 3}},
    "cases": {"more": {"left": 10.0}},
    "groups": {"both": {"says": "both numbers", "keys": ["left", "right"]}},
    "outputs": {"total": {"says": "their sum", "published": 5.25, "tolerance": 0.5, "because": "rounded",
                          "grade": "press", "source": "somewhere"},
                "more.total": {"says": "another sum", "published": 14.0, "tolerance": 0.5, "because": "rounded",
                               "grade": "press", "source": "somewhere", "falls_short": "one is missing"}},
}


@cache
def rows_of(name: str) -> pd.DataFrame:
    return reproduce.run(name)


@pytest.fixture
def tiny(monkeypatch) -> Pack:
    monkeypatch.setattr("opendome.reproduce.rebuild.model_of", lambda _: lambda a: {"total": a["left"] + a["right"]})
    return from_data(TINY, source="tiny.toml")


# ---- every shipped pack --------------------------------------------------------------------------------------


def test_the_packs_that_are_promised_are_there() -> None:
    assert {"aei-2025", "cbo-2004", "cbo-2025", "cbo-2026", "pentagon-2026"} <= set(PACKS)
    assert sorted(PACKS) == PACKS


def test_a_pack_has_a_name_of_its_own() -> None:
    others = {*reader.shipped_names(), *chain.from_iterable(names(section) for section in SECTIONS)}
    assert not others & set(PACKS)


@pytest.mark.parametrize("name", QUICK)
def test_ours_is_within_or_the_row_says_what_is_missing(name: str) -> None:
    """`falls_short` stands exactly where ours is not within the tolerance."""
    short = {key for key, output in reproduce.load(name).outputs.items() if output.falls_short}
    rows = rows_of(name)
    assert {row for row, flag in zip(rows["output"], rows["within"], strict=True) if flag is False} == short


@pytest.mark.parametrize("name", QUICK)
def test_what_is_not_computed_says_so(name: str) -> None:
    rows = rows_of(name)
    missing = set(rows["output"][rows["ours"].isna()])
    assert {key for key in missing if not reproduce.load(name).outputs[key].falls_short} == set()
    assert reproduce.load(name).headline not in missing


@pytest.mark.parametrize("name", PACKS)
def test_every_number_of_a_pack_has_its_source(name: str) -> None:
    pack = reproduce.load(name)
    for key, found in pack.assumptions.items():
        assert (found.source == ASSUMPTION) == (found.grade == "assumed"), key
        assert found.source in {ASSUMPTION, *shipped().references}, key
        assert found.why or found.grade not in ("assumed", "estimated"), key
        assert (found.low is None) == (found.high is None), key
        assert found.low is None or found.is_uncertain, key
    for key, output in pack.outputs.items():
        assert output.source in shipped().references, key
        assert output.grade != "assumed", key
    assert pack.note


@pytest.mark.parametrize("name", QUICK)
def test_every_assumption_moves_something(name: str) -> None:
    """One percent up or down, or an end of its range, or one more moves an output, unless it says that it does not."""
    pack = reproduce.load(name)
    compute, stated = model_of(pack), assumptions(pack, {})
    before = compute(stated)
    for key, found in pack.assumptions.items():
        tried = (found.value * 1.01, found.value * 0.99, found.value + 1.0, found.value - 1.0)
        assert any(moves(compute, before, {**stated, key: value}) for value in tried) is not found.is_context, key


@pytest.mark.parametrize("name", QUICK)
def test_every_value_of_a_case_moves_something_there(name: str) -> None:
    pack = reproduce.load(name)
    compute, stated = model_of(pack), assumptions(pack, {})
    for case, changed in pack.cases.items():
        for key, value in changed.items():
            others = {k: v for k, v in changed.items() if k != key}
            at = {**stated, **others, key: value}
            less = {k: v for k, v in at.items() if k != key} | ({key: stated[key]} if key in stated else {})
            assert moves(compute, compute(at), less) or not can(compute, less), (case, key)


def moves(compute, before, values) -> bool:
    """Whether other values move an output; values that the model refuses move none."""
    try:
        return any(not same(value, before.get(key)) for key, value in compute(values).items())
    except InputError:
        return False


def can(compute, values) -> bool:
    """Whether the model can work with values."""
    try:
        return bool(compute(values))
    except InputError:
        return False


def same(one, other) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def test_every_source_of_money_names_its_price_year() -> None:
    for name in QUICK:
        pack = reproduce.load(name)
        has_money = any(key.endswith("musd") for key in chain(pack.assumptions, pack.outputs))
        assert not has_money or pack.price_year is not None, name


def test_packs_that_lend_to_each_other_group_alike() -> None:
    """Whatever group of one space layer is put into another, the model still has all that it needs."""
    lending = [reproduce.load(name) for name in ("cbo-2026", "aei-2025", "pentagon-2026")]
    for a in lending:
        for b in lending:
            for group in set(a.groups) & set(b.groups):
                values = {key: found.value for key, found in a.assumptions.items() if key not in a.groups[group].keys}
                values |= {key: b.assumptions[key].value for key in b.groups[group].keys}
                assert model_of(a)(values)["total_musd"] > 0.0
                assert a.groups[group].says == b.groups[group].says


# ---- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "words"), [
    ({"headline": "sum"}, "headline = sum must be one of the outputs: total, more.total"),
    ({"groups": {"g": {"says": "g", "keys": ["centre"]}}}, "groups name what is not an assumption: centre"),
    ({"groups": {"g": {"says": "g", "keys": ["left"]}, "h": {"says": "h", "keys": ["left"]}}}, "found twice: left"),
    ({"modle": "tiny"}, "modle = \"tiny\"\n  unknown key\n  hint: did you mean model"),
    ({"assumptions": {}}, "has too few entries"),
    ({"format": 2}, "must be 1"),
])
def test_a_file_that_cannot_be_used_says_why(change, words) -> None:
    with pytest.raises(ScenarioError) as error:
        from_data({**TINY, **change}, source="tiny.toml")
    assert words in str(error.value)
    assert str(error.value).startswith("tiny.toml: 1 problem")


@pytest.mark.parametrize(("change", "words"), [
    ({"because": ""}, "outputs.total.because = \"\"\n  is too short"),
    ({"tolerance": -1.0}, "outputs.total.tolerance = -1.0\n  must be at least 0"),
    ({"is_limit": "below"}, "must be one of: , at most, at least"),
    ({"grade": "good"}, "must be one of: official"),
])
def test_a_row_that_cannot_be_used_says_why(change, words) -> None:
    with pytest.raises(ScenarioError) as error:
        from_data({**TINY, "outputs": {"total": {**TINY["outputs"]["total"], **change}}}, source="tiny.toml")
    assert words in str(error.value)


def test_the_example_of_the_format_page_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats" / "packs.md").read_text(encoding="utf-8")
    text, = re.findall(r"```text\n(format.*?)```", page, re.DOTALL)
    assert from_data(tomllib.loads(text), source="packs.md").cases == {"dear": {"unit_musd": 44.0}}
    for spec in (Pack, Output, Group):
        assert [name for name in spec.model_fields if f"`{name}" not in page] == []


# ---- running -------------------------------------------------------------------------------------------------


def test_a_table_sets_ours_beside_what_was_published(tiny) -> None:
    found = table(tiny, outputs(tiny, assumptions(tiny, {})))
    assert tuple(found.columns) == COLUMNS
    assert found["output"].tolist() == ["total", "more.total"]
    assert found["ours"].tolist() == [5.0, 13.0]
    assert found["difference"].tolist() == [-0.25, -1.0]
    assert found["within"].tolist() == [True, False]
    assert found["why"].tolist() == ["rounded", "one is missing"]
    assert found["as_published"].tolist() == [5.0, 13.0]


def test_a_changed_pack_is_no_longer_what_was_published(tiny) -> None:
    stated = outputs(tiny, assumptions(tiny, {}))
    found = table(tiny, outputs(tiny, assumptions(tiny, {"right": 4})), as_published=stated)
    assert found["ours"].tolist() == [6.0, 14.0]
    assert found["as_published"].tolist() == [5.0, 13.0]
    assert found["within"].tolist() == [None, None]


@pytest.mark.parametrize(("published", "limit", "ours", "expected"), [
    (10.0, "", 10.5, True), (10.0, "", 10.6, False), (10.0, "", 9.5, True), (10.0, "", 9.4, False),
    (10.0, "at most", 1.0, True), (10.0, "at most", 10.6, False), (10.0, "at least", 99.0, True),
    (10.0, "at least", 9.4, False), (10.0, "", None, False), (10.0, "", math.nan, False), (None, "", 3.0, None),
])
def test_within(published, limit, ours, expected) -> None:
    output = Output(says="x", published=published, tolerance=0.5, because="rounded", is_limit=limit, grade="press",
                    source="somewhere")
    assert is_within(output, ours) is expected


def test_all_packs_in_one_table(monkeypatch, tiny) -> None:
    monkeypatch.setattr("opendome.reproduce.all.packs", lambda: ["tiny", "again"])
    monkeypatch.setattr("opendome.reproduce.all.load", lambda _: tiny)
    monkeypatch.setattr("opendome.reproduce.rebuild.load", lambda _: tiny)
    told: list[tuple[int, int]] = []
    found = overview(run_all(progress=lambda done, total: told.append((done, total))))
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert found["pack"].tolist() == ["tiny", "again"]
    assert found[["within", "compared", "rows"]].to_numpy().tolist() == [[1, 2, 2]] * 2
    assert found["ours"].tolist() == [5.0, 5.0]
    assert found["is_within"].tolist() == [True, True]
    assert (found["time_s"] >= 0.0).all()


@pytest.mark.parametrize(("name", "changes", "words"), [
    ("cbo-2062", {}, "cbo-2062: no such pack\nhint: did you mean cbo-2026"),
    ("cbo-2026", {"life_year": 7}, "life_year = 7\n  is not an assumption of this pack\n  hint: did you mean life_y"),
    ("cbo-2026", {"life": 7}, "hint: units are part of the name: did you mean life_years?"),
    ("cbo-2026", {"life_years": "seven"}, 'life_years = "seven"\n  must be a number (life of a satellite)'),
    ("cbo-2026", {"life_years": True}, "life_years = true\n  must be a number"),
    ("cbo-2026", {"life_years": math.nan}, "life_years = nan\n  must be a finite number"),
    ("cbo-2026", {"life_years": -1}, "cbo-2026: 1 problem\nlife_years = -1.0\n  must be above 0"),
    ("aei-2025", {"learning": 1.1}, "aei-2025: 1 problem\nlearning = 1.1\n  must be "),
    ("aei-2025", {"learning_restarts": 2}, "aei-2025: learning_restarts = 2\n  must be 1 (yes) or 0 (no)"),
    ("aei-2025", {"flyout_s": 30}, "aei-2025: flyout_s = 30\n  must be at least the 40.8 s"),
    ("aei-2025", {"gbi_count": 0}, "aei-2025: cannot be computed with these values"),
    ("aei-2025", {"gbi_count": -1}, "aei-2025: gbi_count = -1\n  must not be below 0"),
    ("aei-2025", {"orbit_altitude_km": 200, "intercept_altitude_km": 1000}, "does not reach the intercept altitude"),
    ("cbo-2026", {"targets": 0}, "cbo-2026: targets = 0, in_orbit_per_target = 780\n  must be above 0"),
    ("cbo-2026", {"targets": 1e9}, "must not make more than 1e+09 interceptors together"),
    ("cbo-2026", {"period_years": 20.5}, "cbo-2026: period_years = 20.5\n  must be a whole number"),
    ("cbo-2026", {"other_layers_musd": -1}, "cbo-2026: other_layers_musd = -1\n  must not be below 0"),
    ("cbo-2025", {"new_usd_per_kg": 9800}, "must be below old_usd_per_kg = 9800"),
    ("cbo-2004", {"from_year": 1800}, "from_year or to_year = 1800\n  must be a year of the price index"),
    ("cbo-2004", {"decision_s": 230}, "cbo-2004: flyout_s = 10"),
])
def test_what_cannot_be_used_is_said_with_the_packs_name(name, changes, words) -> None:
    with pytest.raises(InputError) as error:
        reproduce.run(name, **changes)
    assert words in str(error.value)


def test_what_a_case_cannot_use_is_said_with_its_name(monkeypatch, tiny) -> None:
    def compute(a):
        if a["left"] > 5.0:
            raise InputError(f"left = {a['left']:g}\n  must be at most 5")
        return {"total": a["left"]}

    monkeypatch.setattr("opendome.reproduce.rebuild.model_of", lambda _: compute)
    with pytest.raises(InputError, match=r"tiny, case more: left = 10\n  must be at most 5"):
        outputs(tiny, assumptions(tiny, {}), source="tiny")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ScenarioError) as error:
        reproduce.run("cbo-2026", life_year=7, targets=math.inf)
    assert [problem.where for problem in error.value.problems] == ["life_year", "targets"]


@pytest.mark.parametrize(("value", "step", "text"), [
    (275459.57, 500.0, "275,460"), (13.3604, 0.05, "13.36"), (471.07, 0.5, "471.1"), (31200.0, 0.0, "31,200"),
    (13205.128, 0.0, "13,205.1"), (-0.0004, 0.05, "0.00"), (None, 1.0, "-"), (math.nan, 1.0, "-"),
    (1184800.0, 0.0, "1,184,800"),
])
def test_numbers_are_shown_to_the_digits_that_matter(value, step, text) -> None:
    assert number(value, step) == text
