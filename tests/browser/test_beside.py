"""Two runs next to each other on one clock: of one study, and of two folders; the counts of both are their tables'."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import opendome
from on_page import serious, state, with_axe
from tiny_file import TEXT, replaced

BOTH = "() => window.__page.beside() !== null"


@pytest.fixture(scope="module")
def other(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the tiny scenario without a battery's rounds, with another raid before the one of that name."""
    folder = tmp_path_factory.mktemp("beside") / "few-rounds"
    text = replaced(TEXT, ('title = "Tiny"', 'title = "Tiny, few rounds"'), ("stock = 8", "stock = 1"),
                    ("runs = 4", "runs = 3"), ("[raids.night]", DAWN))
    file = folder.parent / "few.toml"
    file.write_text(text)
    opendome.run(opendome.load(file), out=folder)
    return folder


DAWN = """[raids.dawn]
start = 2026-02-28T00:00:00Z
waves = [{ threat = "srbm", count = 1, from = { hill = 1 }, at = { city = 1 } }]

[raids.night]"""


@pytest.fixture(scope="module")
def folders_address(serve: Any, results: Path, other: Path) -> str:
    """Where the page of two folders is: the one of few rounds, and the other beside."""
    return serve(other, "--beside", str(results))


@pytest.fixture(scope="module")
def pair(browser: Any, address: str) -> Iterator[Any]:
    """One page that is kept for all tests of one study: run 0 with run 2 beside."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(f"{address}#run=0&with=2&t=300")
    page.wait_for_function("() => window.__page?.ready", timeout=120_000)
    page.wait_for_function(BOTH, timeout=60_000)
    yield page
    page.close()


def _region(page, name):
    return page.get_by_role("region", name=re.compile(f"^{name}:"))


def _counts(page, name):
    """The five counts in the line of a half."""
    rows = _region(page, name).locator(".counters > div").all()
    return {row.locator("dt").text_content(): int(row.locator("dd").inner_text()) for row in rows}


def _of_tables(found, run, raid):
    """What a run's threats had come to at the end, from its tables."""
    threats, sites = found.tables.threats, found.tables.sites
    own = threats[(threats["run"] == run) & (threats["raid"] == raid) & ~threats["is_decoy"]]
    fired = sites[(sites["run"] == run) & (sites["raid"] == raid)]
    return {"launched": len(own), "in flight": 0, "destroyed": int((own["outcome"] == "destroyed").sum()),
            "leaked": int((own["outcome"] == "leaked").sum()), "shots": int(fired["shots"].sum())}


def test_counts_of_both_are_their_tables(pair, results):
    found = opendome.Results.open(results)
    pair.keyboard.press("End")
    assert _counts(pair, "A") == _of_tables(found, 0, "night")
    assert _counts(pair, "B") == _of_tables(found, 2, "night")
    board = pair.get_by_role("table", name="By layer of the defence, A and B")
    rows = [row.split() for row in board.get_by_role("row").all_inner_texts()]
    for name, run in (("A", 0), ("B", 2)):
        shots, kills = next(row[2:4] for row in rows if row[:2] == [name, "now"])
        ended = _of_tables(found, run, "night")
        assert [int(shots), int(kills)] == [ended["shots"], ended["destroyed"]]


def test_one_clock_and_one_end(pair):
    slider = pair.get_by_role("slider", name="Time")
    slider.fill("0")
    assert [_counts(pair, side)["shots"] for side in "AB"] == [0, 0]
    marks = pair.locator(".marks .mark.second").evaluate_all("found => found.map(one => one.getAttribute('d').length)")
    assert marks[0] > 0  # launches of B have a row of their own
    both_s, second_s = pair.evaluate("() => [window.__page.state().end_s, window.__page.beside().end_s]")
    pair.keyboard.press("b")
    first_s = state(pair)["end_s"]
    assert first_s != second_s
    assert both_s == max(first_s, second_s)
    pair.keyboard.press("b")
    pair.wait_for_function(BOTH)
    pair.keyboard.press("End")
    assert state(pair)["t_s"] == both_s


@pytest.mark.parametrize("view", ["globe", "map"])
def test_turning_one_turns_both(pair, view):
    pair.evaluate("view => window.__page.set({view, t_s: 300})", view)
    names = {"globe": "Globe", "map": "Flat map"}
    views = pair.get_by_role("group", name=names[view], exact=True)
    assert views.count() == 2
    before = state(pair)["camera"]
    box = views.nth(1).bounding_box()
    pair.mouse.move(box["x"] + 80, box["y"] + 200)
    pair.mouse.down()
    pair.mouse.move(box["x"] + 140, box["y"] + 220, steps=4)
    pair.mouse.up()
    after = state(pair)["camera"]
    assert after != before
    pair.keyboard.press("m")
    pair.keyboard.press("m")
    assert state(pair)["camera"] == after


def test_each_side_has_a_card_of_its_own_and_keys_go_to_the_active_one(pair):
    pair.evaluate("() => window.__page.set({t_s: 0})")
    _region(pair, "B").get_by_role("button", name=re.compile("^B:")).click()
    assert state(pair)["beside"]["isActive"]
    pair.get_by_role("list", name="Events").get_by_role("button").first.click()
    assert (state(pair)["selected"], state(pair)["beside"]["selected"] is not None) == (None, True)
    assert _region(pair, "B").get_by_role("heading", name=re.compile("^B: ")).is_visible()
    assert pair.get_by_text("All below is of B.").is_visible()
    _region(pair, "A").get_by_role("button", name=re.compile("^A:")).click()
    pair.get_by_role("list", name="Events").get_by_role("button").first.click()
    assert _region(pair, "A").get_by_role("heading", name=re.compile("^A: ")).is_visible()
    pair.keyboard.press("Escape")
    assert (state(pair)["selected"], state(pair)["beside"]["selected"] is not None) == (None, True)


def test_the_link_holds_both_and_part_of_the_time(pair, opened):
    pair.get_by_role("button", name="Closer in time").click()
    pair.wait_for_function("() => /with=2/.test(location.hash) && /zoom=/.test(location.hash)")
    before = state(pair)
    again = opened(pair.url)
    again.wait_for_function(BOTH)
    after = state(again)
    assert after["beside"] == before["beside"]
    assert after["zoom"] == pytest.approx(before["zoom"], abs=0.1)
    assert after["end_s"] == before["end_s"]
    again.get_by_role("button", name="Whole time").click()
    assert state(again)["zoom"] is None


def test_leaving_takes_the_second_view_away_and_b_brings_it_back(pair):
    pair.evaluate("() => window.__page.set({view: 'globe'})")
    pair.evaluate("""() => {
        window.__left = [...document.querySelectorAll(".half canvas")].map((one) => one.getContext("webgl2"));
    }""")
    pair.keyboard.press("b")
    assert pair.locator("canvas").count() == 1
    assert pair.evaluate("() => window.__left.map((one) => one.isContextLost())") == [False, True]  # given back
    assert pair.evaluate("() => window.__page.beside()") is None
    assert _region(pair, "B").count() == 0
    assert not pair.locator(".side-a .side-head").is_visible()
    pair.get_by_role("button", name="Side by side").click()
    pair.wait_for_function(BOTH)
    assert pair.locator("canvas").count() == 2
    assert state(pair)["view"] == "globe"
    pair.get_by_role("button", name="Show A alone").click()
    assert state(pair)["beside"] is None
    assert pair.evaluate("() => document.activeElement.title") == "Side by side"


def test_a_moment_that_was_kept_is_gone_back_to(pair):
    pair.evaluate("() => window.__page.set({t_s: 250, view: 'map', beside: null})")
    pair.keyboard.press("k")
    pair.get_by_role("textbox", name="Name of moment 1").fill("before the shots")
    pair.keyboard.press("Tab")
    pair.evaluate("() => window.__page.set({t_s: 0, view: 'globe'})")
    pair.keyboard.press("b")
    pair.wait_for_function(BOTH)
    pair.get_by_role("button", name="Go to before the shots").click()
    after = state(pair)
    assert (after["t_s"], after["view"], after["beside"]) == (250, "map", None)
    pair.reload()
    pair.wait_for_function("() => window.__page?.ready")
    pair.get_by_text("Moments (1)").click()
    pair.get_by_role("button", name="Let before the shots go").click()
    assert pair.get_by_text("Moments (0)").is_visible()


def test_runs_of_the_list_and_of_the_picker_stand_beside(pair):
    pair.get_by_role("tab", name="Study").click()
    pair.get_by_role("button", name="Show run 1 beside").click()
    pair.wait_for_function("() => window.__page.beside()?.run === 1")
    pair.get_by_role("combobox", name="Beside").select_option("this:3")
    pair.wait_for_function("() => window.__page.beside()?.run === 3")
    assert "run 3 of 4, night" in _region(pair, "B").inner_text()
    pair.get_by_role("combobox", name="Beside").select_option("")
    assert state(pair)["beside"] is None


def test_two_folders_side_by_side_and_a_raid_that_one_lacks(opened, folders_address, results, other):
    page = opened(f"{folders_address}#run=1&raid=night")
    page.get_by_role("button", name="Side by side").click()
    page.wait_for_function(BOTH)
    page.keyboard.press("End")
    assert _counts(page, "A") == _of_tables(opendome.Results.open(other), 1, "night")
    assert _counts(page, "B") == _of_tables(opendome.Results.open(results), 1, "night")
    assert _region(page, "A").get_by_text("few-rounds").is_visible()
    assert page.get_by_role("row", name=re.compile("^mean of B")).count() == 1
    page.get_by_role("combobox", name="Beside").select_option("other:3")
    page.wait_for_function("() => /with=other:3/.test(location.hash) && window.__page.beside()?.run === 3")
    page.get_by_role("combobox", name="Raid").select_option("dawn")
    page.wait_for_function("() => document.querySelector('.side-a .run').textContent.includes('dawn')")
    page.get_by_text("B has no raid dawn: its first, night, stands beside.").wait_for()
    assert (state(page)["raid"], page.evaluate("() => window.__page.beside().raid")) == ("dawn", "night")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_both_are_read_aloud_and_fit_a_phone(page, opened, address, theme):
    with_axe(page)
    opened(f"{address}#theme={theme}&t=300&with=1&sel=0&sel2=1")
    page.wait_for_function(BOTH)
    assert {_region(page, side).get_by_role("img").count() for side in "AB"} == {1}
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    one, two = (_region(page, side).bounding_box() for side in "AB")
    assert two["y"] >= one["y"] + one["height"]  # one above the other
    assert min(one["width"], two["width"]) > 350


def test_what_cannot_stand_beside_is_told(opened, address):
    page = opened(f"{address}#with=other:0&zoom=9-3")
    assert page.get_by_text("there is no other study here").is_visible()
    assert (state(page)["beside"], state(page)["zoom"]) == (None, None)
