"""What people do with the page, on a small scenario. Figures, panels, accessibility, narrow pages: test_shipped.py."""

import re

import pytest

import opendome
from on_page import clock_s, counters, ended, scrub, state


@pytest.fixture(scope="module")
def found(results):
    """The results that the page shows."""
    return opendome.Results.open(results)


def test_opens_still_and_names_what_was_run(opened, address, found):
    page = opened(address)
    assert page.title() == f"{found.scenario.title}: OpenDome"
    assert page.get_by_role("heading", level=1).inner_text() == found.scenario.title
    facts = page.get_by_role("banner").inner_text()
    assert f"seed {found.manifest['seed']}" in facts
    assert found.manifest["scenario_sha256"][:8] in facts
    assert not state(page)["playing"]  # reduced motion is asked for
    assert page.get_by_text("notional", exact=False).first.is_visible()


def test_plays_and_pauses_by_button_and_by_space(opened, address):
    page = opened(address)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => window.__page.state().t_s > 20")
    page.get_by_role("button", name="Pause").click()
    stopped = state(page)["t_s"]
    page.wait_for_timeout(300)
    assert state(page)["t_s"] == stopped
    assert abs(clock_s(page) - stopped) <= 1
    page.locator("#view").click(position={"x": 5, "y": 5})
    page.keyboard.press("Space")
    page.wait_for_function(f"() => window.__page.state().t_s > {stopped}")


def test_scrubbing_moves_the_clock_and_the_counters(opened, address, found):
    page = opened(address)
    end_s = state(page)["end_s"]
    scrub(page, 400)
    assert clock_s(page) == 400
    launched = found.tables.threats.query("run == 0 and t_launch_s <= 400 and not is_decoy")
    assert counters(page)["launched"] == len(launched)
    page.keyboard.press("End")
    assert abs(clock_s(page) - end_s) <= 1


def test_counters_at_the_end_are_the_rows_of_the_run(opened, address, found):
    page = opened(address)
    for run in range(4):
        page.goto(f"{address}#run={run}&panel=replay")
        page.get_by_text(re.compile(f"^Run {run}, .*, at T.")).wait_for()
        page.keyboard.press("End")
        assert counters(page) == ended(found, run, state(page)["raid"])


def test_an_event_of_the_log_is_where_it_says(opened, address):
    page = opened(address)
    entry = page.get_by_role("list", name="Events").get_by_role("button").nth(2)
    said = entry.locator("time").inner_text()
    entry.click()
    assert f"T+{said.removeprefix('T+')}" in page.get_by_role("contentinfo").inner_text()
    element = entry.element_handle()
    page.get_by_role("slider", name="Time").focus()
    page.keyboard.press("End")
    current = page.get_by_role("list", name="Events").locator("[aria-current=true]")
    assert current.count() == 1
    assert current.locator("time").inner_text() != said
    assert element.evaluate("made => made.isConnected")  # what may be pressed just now is not made anew as time goes on
    page.get_by_role("searchbox", name="Filter the event log").fill("launch")
    texts = page.get_by_role("list", name="Events").get_by_role("listitem").all_inner_texts()
    assert len(texts) == 2
    assert all("launch" in text for text in texts)


def test_a_picked_object_tells_its_story(opened, address, found):
    page = opened(f"{address}#t=300")
    page.evaluate("() => window.__page.pick(0)")
    first = found.tables.threats.query("run == 0 and threat == 0").iloc[0]
    card = page.get_by_role("heading", name=re.compile(re.escape(first["type"]))).first
    assert card.is_visible()
    page.keyboard.press("Escape")
    assert state(page)["selected"] is None
    assert not card.is_visible()


@pytest.mark.parametrize("view", ["globe", "map"])
def test_a_click_picks_what_is_drawn_there(opened, address, view):
    """The link looks at where both threats are on their way; a click near one of them picks it."""
    page = opened(f"{address}#t=300&off=fans,areas,names,sites&view={view}&cam=53.4,27,1.5")
    page.wait_for_timeout(500)
    box = page.locator("#view").bounding_box()
    grid = [(x, y) for x in range(-168, 169, 14) for y in range(-168, 169, 14)]
    grid.sort(key=lambda at: at[0]**2 + at[1]**2)
    for dx, dy in grid:
        page.mouse.click(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)
        if state(page)["selected"] is not None:
            break
    assert state(page)["selected"] in (0, 1)
    assert page.get_by_role("heading", name=re.compile("srbm|one-way-drone")).first.is_visible()


def test_view_and_theme_switch_and_stay_in_the_link(opened, address):
    page = opened(address)
    before = state(page)
    assert (before["view"], before["theme"]) == ("globe", "dark")
    page.get_by_role("button", name="Flat map").click()
    page.get_by_role("button", name="Theme").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.wait_for_function("() => location.hash.includes('view=map') && location.hash.includes('theme=light')")
    page.keyboard.press("m")
    page.keyboard.press("t")
    after = state(page)
    assert (after["view"], after["theme"]) == ("globe", "dark")


def test_a_deep_link_opens_what_it_says(opened, address):
    page = opened(f"{address}#run=2&t=350&view=map&theme=light&sel=1&off=fans,areas&speed=5&panel=assumptions")
    now = state(page)
    assert {key: now[key] for key in ("run", "view", "theme", "selected", "speed", "panel")} == {
        "run": 2, "view": "map", "theme": "light", "selected": 1, "speed": 5, "panel": "assumptions"}
    assert abs(now["t_s"] - 350) < 1
    assert sorted(now["off"]) == ["areas", "fans"]
    assert page.get_by_role("tab", name="Assumptions").get_attribute("aria-selected") == "true"


def test_a_wrong_link_is_told_and_the_page_opens(opened, address):
    page = opened(f"{address}#run=99&raid=<b>none</b>&t=soon&view=cube")
    assert state(page)["run"] == 0
    assert page.get_by_text("this study has runs 0 to 3", exact=False).is_visible()


def test_another_run_is_flown_when_it_is_picked(opened, address, found):
    page = opened(address)
    page.get_by_role("combobox", name="Run").select_option("3")
    page.wait_for_function("() => window.__page.state().run === 3")
    page.wait_for_function("() => /run 3/i.test(document.querySelector('main ~ aside, aside:last-of-type')"
                           ".textContent)")
    page.keyboard.press("End")
    assert counters(page) == ended(found, 3, state(page)["raid"])


def test_markup_in_every_text_is_shown_as_text(opened, hostile_address):
    page = opened(hostile_address)
    for panel in ("Study", "Assumptions", "Replay"):
        page.get_by_role("tab", name=panel).click()
        page.wait_for_timeout(200)
    page.keyboard.press("End")
    page.evaluate("() => window.__page.pick(0)")
    page.get_by_role("button", name="Flat map").click()
    page.wait_for_timeout(500)
    assert page.evaluate("() => window.__marked") is None
    assert page.locator("img[src='x']").count() == 0
    assert page.get_by_role("heading", level=1).inner_text().startswith("<img src=x")
