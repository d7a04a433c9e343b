"""What the picture tells of satellites, beliefs and areas: picked, linked, reached without a mouse, and in words."""

import re

import pytest

import opendome
from on_page import serious, state, with_axe
from opendome import study
from tiny_space import busy_sky

RUNS, SEED = 5, 5


@pytest.fixture(scope="module")
def sky(browser, tmp_path_factory):
    """Results of a scenario with interceptors in orbit: 2 geostationary satellites, then 60 that carry one each."""
    folder = tmp_path_factory.mktemp("picture") / "sky"
    study.run(busy_sky(), runs=RUNS, seed=SEED, out=folder)
    return folder


@pytest.fixture(scope="module")
def found(sky):
    return opendome.Results.open(sky)


@pytest.fixture(scope="module")
def run(found):
    """The run in which most was fired from orbit."""
    return int(found.tables.sites.query("site == 'low'").set_index("run")["shots"].idxmax())


@pytest.fixture(scope="module")
def address(serve, sky, run):
    return f"{serve(sky)}#run={run}"


def _card(page):
    return page.get_by_role("region", name="What is picked")


def test_a_satellite_is_picked_by_number_linked_and_let_go(opened, address):
    page = opened(f"{address}&t=10")
    number = page.get_by_role("spinbutton", name="Satellite, 0 to 61")
    number.fill("62")  # there is none
    number.press("Enter")
    assert state(page)["satellite"] is None
    number.fill("1")
    number.press("Enter")
    card = _card(page)
    assert card.get_by_role("heading", name="slots 1").is_visible()
    assert "plume-eye" in card.inner_text()
    altitude_km = int(re.search(r"altitude\s+(\d+) km", card.inner_text()).group(1))
    assert abs(altitude_km - 35786) < 30
    page.wait_for_function("() => location.hash.includes('sat=1')")
    page.evaluate("() => window.__page.pick(0)")
    assert state(page)["satellite"] is None
    page.keyboard.press("Escape")
    opened(page.url.split("#")[0] + f"{'#' + address.split('#')[1]}&sat=0&follow=1&view=map")
    assert card.get_by_role("heading", name="slots 0").is_visible()
    page.wait_for_function("() => Math.abs(window.__page.state().camera[0] - 40) < 1")  # it stands over 40 E
    page.keyboard.press("Escape")
    assert not card.is_visible()


@pytest.mark.parametrize("view", ["globe", "map"])
def test_a_click_picks_a_satellite(opened, address, view):
    """The camera looks down on the one that stands over 40 E."""
    page = opened(f"{address}&t=0&view={view}&cam=40,0,12&off=fans,areas,names,sites,low")
    page.wait_for_timeout(300)
    box = page.locator("#view").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert state(page)["satellite"] == 0


def test_who_fired_is_reached_without_a_mouse_and_is_spent_from_then_on(opened, address, found, run):
    fired_at = found.tables.threats.query(f"run == {run} and layer == 'boost' and outcome == 'destroyed'")["threat"]
    page = opened(f"{address}&t=0&sel={fired_at.iloc[0]}")
    button = _card(page).get_by_role("button", name=re.compile(r"satellite \d+")).first
    satellite = int(button.inner_text().split()[1])
    button.focus()
    page.keyboard.press("Enter")
    card = _card(page)
    assert card.get_by_role("heading", name=f"low {satellite}").is_visible()
    assert "works, 1 of 1 interceptors left" in card.inner_text()
    page.keyboard.press("End")
    assert "spent: has fired all that it had" in card.inner_text()
    assert state(page)["selected"] is None


def test_what_was_believed_is_told_with_its_error(opened, address, found, run):
    seen = found.tables.threats.query(f"run == {run} and t_seen_s > 0").iloc[0]
    page = opened(f"{address}&t={seen['t_seen_s'] + 1:.0f}&sel={seen['threat']}")
    assert re.search(r"off by [\d.]+ km", _card(page).inner_text())
    assert re.search(r"one sigma\s+[\d.]+ km", _card(page).inner_text())
    assert page.get_by_text("one standard deviation. Dashed: smaller than drawn").is_visible()


def test_a_footprint_is_made_when_it_is_asked_for(page, opened, address):
    with_axe(page)
    opened(f"{address}&t=10&sat=5")
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    chosen = page.get_by_role("combobox", name="Laid over")
    assert chosen.input_value() == ""
    chosen.select_option(label="only against missile")
    levels = page.locator(".overlay .levels li")
    levels.first.wait_for(timeout=120_000)
    assert [name for name in asked if name.startswith("overlay")] == ["overlay-0.json"]
    assert re.match(r"time for 1 .*: [\d,]+ km2", levels.first.inner_text())
    assert page.get_by_text("Each aim point by itself: no stocks", exact=False).is_visible()
    page.wait_for_function("() => location.hash.includes('over=0')")
    assert serious(page) == []
    page.get_by_role("button", name="Flat map").click()
    chosen.select_option(label="nothing")
    assert state(page)["overlay"] is None
    assert levels.count() == 0
