"""The one-file briefing: its first screen is made of the tables, its replay runs only what its policy names, it loads
nothing, and it stays below 5 MB."""

import base64
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from test_report import undefended

from hostile_results import EVIL, hostile
from opendome.errors import InputError
from opendome.export import page as page_data
from opendome.report import briefing, cite, fit, minute, write_report
from opendome.report.page import page
from opendome.report.thin import sparser, thinned
from opendome.results import Results, with_error
from page_reader import LOADING, Reader
from sample_briefing import SCRIPT, arrow, parts, stand_in
from small_campaign import results as campaign
from small_results import MANIFEST, costed, results

ROOT = Path(__file__).parents[2]


@pytest.fixture
def export(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for what the page reads, and for the built page."""
    stand_in(monkeypatch, SCRIPT)


# ---- the first screen -------------------------------------------------------------------------------------------


def sentences(found: Results) -> dict[str, str]:
    """The four answers by their names, as read."""
    html = minute.section(found, found.summary())
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)
    return {name: "".join(Reader(words).text) for name, words in pairs}


def test_the_first_screen_is_made_of_the_tables() -> None:
    small = costed()
    told = sentences(small)
    assert list(told) == ["What happened", "Why it leaked", "What it cost", "On what that rests"]
    for name, figure in (("What happened", "kills"), ("What happened", "strays"), ("What happened", "leakers"),
                         ("What happened", "leak_through"), ("What it cost", "cost"), ("What it cost", "life_cycle")):
        row = small.table(figure).iloc[0]
        assert with_error(float(row["value"]), float(row["error"])) in told[name], figure
    assert told["What happened"].startswith("Of 5 threats launched in a run, ")
    reasons = small.table("reasons", "reason").set_index("reason")
    row = reasons.loc["no stock"]
    shown = f"{with_error(100 * float(row['value']), 100 * float(row['error']))} % came where no rounds were left"
    assert shown in told["Why it leaked"]
    assert "2 numbers went in: 1 assumed, and declared so, 1 official." in told["On what that rests"]


def test_only_what_was_studied_is_told() -> None:
    assert list(sentences(undefended())) == ["What was seen", "On what that rests"]
    assert "no defence" in sentences(undefended())["What was seen"]
    small = results()
    object.__setattr__(small.tables, "threats", small.tables.threats.assign(outcome="destroyed", reason=None))
    assert sentences(small)["Why it leaked"] == "Nothing leaked in any run."
    assert next(iter(sentences(campaign()))) == "What happened"
    assert "The first stock to run out is " in sentences(campaign())["What happened"]


def test_lists_of_words() -> None:
    assert [minute.listed(found) for found in ([], ["a"], ["a", "", "b"], "abc")] == ["", "a", "a and b", "a, b and c"]


# ---- citing and checking ----------------------------------------------------------------------------------------


def test_the_citation_is_that_of_the_repository() -> None:
    kept = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{cite.TITLE}"' in kept
    assert f'- name: "{cite.AUTHORS}"' in kept
    assert f"date-released: {cite.YEAR}-" in kept


def test_the_citation_holds_what_repeats_the_results() -> None:
    html = "".join(Reader(page(results())).text)
    for words in (MANIFEST["scenario_sha256"], "4 runs, seed 7", "@software{opendome2026,",
                  f"Version {MANIFEST['version']}"):
        assert words in html


def test_no_title_ends_a_field_of_the_citation() -> None:
    entry = cite.bibtex({**MANIFEST, "title": "a}, evil = {b\\input{x} 5 % of\n#1", "runs": 4})
    depth = 0
    for sign in entry:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert "\\input" not in entry
    assert "a, evil = binputx 5 \\% of \\#1" in entry


def test_the_badge_counts_what_the_pages_show() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    from make_checked import counts, current

    assert cite.checked() == current(), "run `python docs/make_checked.py`"
    head = "\n## At a glance\n\n| what | rows | within |\n|---|---|---|\n"
    validation = head + "| A | 3 | 2 |\n| B | 4 | 4 |\n\n## A\n| x | 1 | 1 |\n"
    packs = head + "| [a](#a) | A | 9 | 5 | 1 | h | 1 | 2 |\n| **all** |  | 9 | 5 | 1 |  |\n"
    assert counts(validation, packs) == {"validation": {"tests": 2, "rows": 7, "within": 6},
                                         "packs": {"packs": 1, "published": 9, "within": 5, "not_computed": 1}}
    rows = cite.checked()["validation"]
    assert f"{rows['within']:,} of {rows['rows']:,} comparisons" in cite.badge()


# ---- the replay inside ------------------------------------------------------------------------------------------


def elements(html: str) -> list[tuple[dict[str, str], str]]:
    """Attributes and text of each script, as a browser finds where it ends."""
    found = re.findall(r"<script([^>]*)>(.*?)</script\s*>", html, re.DOTALL | re.IGNORECASE)
    return [(dict(re.findall(r'([\w-]+)="([^"]*)"', attributes)), words) for attributes, words in found]


def policy_of(html: str) -> dict[str, list[str]]:
    """The page's policy by directive."""
    kept = next(a["content"] for _, a in Reader(html).elements if a.get("http-equiv") == "Content-Security-Policy")
    return {name: rest.split() for name, _, rest in (part.strip().partition(" ") for part in str(kept).split(";"))}


def test_the_policy_names_the_two_scripts_and_the_three_styles(export: None) -> None:
    html = page(results(), replay=True)
    scripts = elements(html)
    code = [words for attributes, words in scripts if attributes.get("id") == "replay-code"]
    running = [words for attributes, words in scripts if "type" not in attributes]
    styles = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert (len(code), len(running), len(styles)) == (1, 1, 3)

    def hashes(texts: list[str]) -> set[str]:
        return {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts}

    policy = policy_of(html)
    assert policy["default-src"] == ["'none'"]
    assert set(policy["script-src"]) == hashes(code + running)
    assert set(policy["style-src"]) == hashes(styles)
    assert not {"connect-src", "font-src", "frame-src"} & set(policy)


def test_the_script_of_the_page_means_the_same_and_ends_nothing() -> None:
    kept = briefing.script_text(SCRIPT)
    assert "</script" not in kept.lower()
    assert "<!--" not in kept
    assert kept.replace("<\\/", "</").replace("\\x3c", "<") == SCRIPT


def blocks(html: str) -> dict[str, bytes]:
    """The data inside a file by the name of their block."""
    return {attributes["id"]: gzip.decompress(base64.b64decode(words)) for attributes, words in elements(html)
            if attributes.get("type") == "application/octet-stream"}


def test_blocks_hold_the_data_as_they_were(export: None) -> None:
    found = blocks(page(results(), replay=True))
    assert json.loads(found.pop("data:index.json")) == {"format": 1, "title": "Two small raids"}
    assert found == {f"data:replay/{run}/{raid}/{name}": data for run in (0, 2) for raid in ("one", "two")
                     for name, data in parts().items()}


def test_the_text_stands_without_the_replay(export: None) -> None:
    with_it, without = page(results(), replay=True), page(results())
    assert briefing.NOT_ASKED in without
    section = with_it.split('<section id="replay">')[1].split("</section>")[0]
    assert '<button type="button" id="replay-start" hidden>' in section
    assert "drawn to 200 m" in section
    for name in ("answer", "assumptions", "cite", "limits"):
        sections = [html.split(f'<section id="{name}">')[1].split("</section>")[0] for html in (with_it, without)]
        assert sections[0] == sections[1]
    reader = Reader(with_it)
    for tag, attributes in reader.elements:
        assert not set(attributes) & LOADING, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_leakers_link_into_the_replay(export: None) -> None:
    section = briefing.inside(results(), room=briefing.MOST_BYTES, runs=[0]).section
    links = [a["href"] for tag, a in Reader(section).elements if tag == "a"]
    assert links == ["#raid=one&t=270&sel=0", "#raid=two&t=270&sel=0"]
    assert "at T+5:30" in section
    assert (briefing.clock(3725.0), briefing.clock(59.9)) == ("1:02:05", "0:59")


# ---- which runs -------------------------------------------------------------------------------------------------


def test_runs_are_named_by_number_or_by_their_leakers() -> None:
    """One leaker in runs 0, 1 and 3, two in run 2 (`small_results.OUTCOMES`): in order 0, 1, 3, 2."""
    small = results()
    assert fit.marked(small) == {"fewest": 0, "median": 1, "most": 2}
    assert fit.run_numbers(small, ["3", 0, "most", " median ", "0", 2]) == [3, 0, 2, 1]
    for wrong in (["4"], [-1], ["worst"], ["-1"], [True], ["1.0"], ["\u0663"]):
        with pytest.raises(InputError, match="must be numbers from 0 to 3, or fewest, median or most"):
            fit.run_numbers(small, wrong)
    with pytest.raises(InputError, match="\nhint: did you mean fewest"):
        fit.run_numbers(small, ["fewst"])
    with pytest.raises(InputError, match="names no run"):
        fit.run_numbers(small, [])


def test_the_run_with_the_most_leakers_is_there_too_and_said(export: None) -> None:
    section = briefing.inside(results(), room=briefing.MOST_BYTES).section
    words = "".join(Reader(section).text)
    assert ("Run 0 (1 leaked; the fewest of all; the run that the map shows) and run 2 (2 leaked; the most of all) of "
            "4, second by second on a globe or a flat map. The list at the right end") in words
    links = [a["href"] for tag, a in Reader(section).elements if tag == "a"]
    assert links == [f"#run={run}&raid={raid}&t=270&sel=0" for run in (0, 2) for raid in ("one", "two")]


def test_one_run_stands_alone_where_two_are_too_large(export: None) -> None:
    small = results()
    one = fit.fitting({(0, raid): parts() for raid in ("one", "two")}, briefing.MOST_BYTES)
    asked: list[int] = []

    def fly(run: int) -> Iterator[tuple[str, dict[str, bytes]]]:
        asked.append(run)
        return ((raid, parts(2_000 if run else 50, noise_km=0.3 if run else 0.0)) for raid in ("one", "two"))

    shown, alone = fit.chosen(small, None, len(one.blocks) + 100, fly)
    assert (shown, list(alone.shown), asked) == ([0], [(0, "one"), (0, "two")], [0])
    shown, alone = fit.chosen(small, None, 2 * len(one.blocks) + 100, fly)  # the other turns out to be larger
    assert (shown, list(alone.shown), asked) == ([0], [(0, "one"), (0, "two")], [0, 0, 2])
    shown, both = fit.chosen(small, None, 2 * len(one.blocks) + 100, lambda run: page_data.replay_raids(small, run))
    assert (shown, len(both.shown)) == ([0, 2], 4)


def test_runs_asked_for_are_there_in_their_order(export: None) -> None:
    found = blocks(page(results(), replay=True, replay_runs=["most", 1]))
    assert list(dict.fromkeys(name.split("/")[1] for name in found if "/" in name)) == ["2", "1"]
    with pytest.raises(InputError, match="for reports with a replay"):
        page(results(), replay=False, replay_runs=[0])
    with pytest.raises(InputError, match="campaigns have none"):
        page(campaign(), replay=True, replay_runs=[0])


def test_markup_in_names_stays_text_in_the_replay_too(export: None) -> None:
    html = page(hostile(), replay=True, replay_runs=[0, 1])
    reader, held = Reader(html), 2
    assert not {tag for tag, _ in reader.elements} & {"img", "b-evil"}
    assert sum(tag == "script" for tag, _ in reader.elements) == len(elements(html)) == 1 + held * 2 * 3 + 2
    assert not [a for _, a in reader.elements if any(name.startswith("on") for name in a)]
    section = html.split('<section id="replay">')[1].split("</section>")[0]
    assert "".join(Reader(section).text).count(EVIL) == 8 * held  # two raids; a line has raid, name, type and reason


def test_why_there_is_no_replay_is_said(export: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> dict[str, bytes]:
        raise InputError("results: of version 0.0 <b>\nhint: run it again")

    monkeypatch.setattr(page_data, "replay_raids", refuse)
    found = briefing.inside(results(), room=briefing.MOST_BYTES)
    assert found == briefing.Inside("<p>The replay is not in this report: results: of version 0.0 &lt;b&gt;.</p>")
    monkeypatch.setattr(briefing, "built", lambda: None)
    assert "was not built" in page(results(), replay=True)
    assert briefing.CAMPAIGN in page(campaign(), replay=True)


def test_a_folder_is_briefed_the_same_twice(export: None, tmp_path: Path) -> None:
    results().save(tmp_path / "out")
    first = write_report(tmp_path / "out", tmp_path / "out" / "briefing.html").read_bytes()
    assert first == write_report(results(), tmp_path / "again.html").read_bytes()
    assert b'id="replay-start"' in first
    assert b'id="replay-start"' not in write_report(results(), tmp_path / "plain.html", replay=False).read_bytes()


# ---- size -------------------------------------------------------------------------------------------------------


def test_beliefs_and_tracks_are_thinned_until_they_fit_then_raids_are_left_out() -> None:
    raids = {(0, name): parts(2_000, noise_km=0.3, beliefs=3_000) for name in ("one", "two")}
    whole = fit.fitting(raids, 10**9)
    assert (whole.shown, whole.grain, whole.bound_m) == (raids, fit.GRAINS[0], 200.0)
    sizes = []
    for grain in fit.GRAINS:
        found = fit.fitting(raids, 10**9, [grain])
        assert list(found.shown) == list(raids)
        assert found.bound_m == max(grain.bound_m, 200.0)
        meta = json.loads(found.shown[0, "one"]["meta.json"])
        assert meta["thinned_m"] == found.bound_m
        assert meta["notes"] == ([f"In this file beliefs of one object are {grain.belief_km:g} km apart or more."]
                                 if grain.belief_km else [])
        sizes.append(len(found.blocks))
        exact = fit.fitting(raids, len(found.blocks))
        assert exact.grain == fit.GRAINS[next(k for k, size in enumerate(sizes) if size <= sizes[-1])]
        assert len(exact.blocks) <= len(found.blocks)
    assert sizes == sorted(sizes, reverse=True) or max(np.diff(sizes)) < 20  # the coarsest change the notes alone
    fewer = fit.fitting(raids, min(sizes) - 1)
    assert (list(fewer.shown), fewer.grain) == ([(0, "one")], fit.GRAINS[-1])
    assert len(fewer.blocks) < sizes[-1]
    assert fit.fitting(raids, 10).shown == {}


def test_beliefs_are_spaced_object_by_object() -> None:
    x_km, z_km = np.array([7000.0, 7004, 7003, 7006, 0, 0]), np.array([0.0, 2, 4, 4, 6990, 6995])
    found = sparser(arrow(object=np.array([0, 0, 0, 0, 3, 3], np.int32), x_km=x_km, y_km=np.zeros(6), z_km=z_km,
                          t_s=np.arange(6.0)), 5.0)
    kept = pa.ipc.open_stream(found).read_all()  # 4.5, then 5 km from the first; 3 km from that
    assert kept.column("object").to_pylist() == [0, 0, 3, 3]
    assert kept.column("t_s").to_pylist() == [0.0, 2.0, 4.0, 5.0]


def test_thinned_tracks_stay_within_the_bound_and_keep_ends_and_phases() -> None:
    data = parts(500, noise_km=0.2)["tracks.arrow"]
    table = pa.ipc.open_stream(data).read_all()
    phase = np.repeat(np.arange(4, dtype=np.uint8), 250)
    table = table.set_column(table.column_names.index("phase"), "phase", pa.array(phase))
    fewer = pa.ipc.open_stream(thinned(arrow(**{n: table.column(n) for n in table.column_names}), 700.0)).read_all()
    assert 8 <= len(fewer) < len(table)
    assert fewer.schema.types == table.schema.types
    for number in (0, 1):
        mine, theirs = (t.filter(pa.compute.equal(t.column("id"), number)).to_pandas() for t in (fewer, table))
        assert mine.iloc[[0, -1]].to_numpy().tolist() == theirs.iloc[[0, -1]].to_numpy().tolist()
        lines = [np.interp(theirs["t_s"], mine["t_s"], mine[axis]) - theirs[axis] for axis in ("x_km", "y_km", "z_km")]
        assert np.linalg.norm(lines, axis=0).max() <= 0.701  # float32 kilometres
        assert set(mine["phase"]) == set(theirs["phase"])
    assert thinned(arrow(id=[], t_s=[], x_km=[], y_km=[], z_km=[]), 1.0) == arrow(id=[], t_s=[], x_km=[], y_km=[],
                                                                                  z_km=[])
