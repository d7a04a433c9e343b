"""Every shipped scenario as users meet it: run, opened, played, scrubbed, picked from and looked at from all sides; and
what its page says is what its results say. A new scenario is tested by being there."""

import math
import re

import pytest

import opendome
from on_page import clock_s, counters, ended, rows, scrub, serious, state, with_axe
from opendome.results import with_error
from opendome.results.text import short
from opendome.scenario import reader

NAMES = reader.shipped_names()
CAMPAIGNS = [name for name in NAMES if opendome.load(name).stockpile is not None]
RAIDS = [name for name in NAMES if name not in CAMPAIGNS]


def told(row):
    """An estimate of the summary in words."""
    return with_error(*(math.nan if row[key] is None else row[key] for key in ("value", "error")))


def says(cell, words):
    """Whether a cell opens with these words; a smaller line may follow."""
    return cell == words or cell.startswith(f"{words} ")


def show(page, name):
    """Change to a panel."""
    page.get_by_role("tab", name=name).click()


@pytest.mark.parametrize("name", RAIDS)
def test_a_raid_is_played_scrubbed_picked_and_linked_to(opened, shipped, picture, name):
    results, address = shipped(name)
    threats = results.tables.threats
    page = opened(address)
    raid, end_s = (state(page)[key] for key in ("raid", "end_s"))
    own = threats[(threats["raid"] == raid) & ~threats["is_decoy"]]
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => window.__page.state().t_s > 1")
    page.get_by_role("button", name="Pause").click()

    middle_s = round(end_s / 2)
    scrub(page, middle_s)
    assert clock_s(page) == middle_s
    assert counters(page)["launched"] == len(own.query("run == 0 and t_launch_s <= @middle_s"))

    page.get_by_role("searchbox", name="Filter the event log").fill("launch")
    page.get_by_role("list", name="Events").get_by_role("button").nth(1).click()
    picked = own.query("run == 0 and threat == @found", local_dict={"found": state(page)["selected"]}).iloc[0]
    assert page.get_by_role("region", name="Picked object").get_by_text(picked["type"]).first.is_visible()
    scrub(page, round((picked["t_launch_s"] + picked["t_end_s"]) / 2))
    picture("dark globe")

    page.get_by_role("button", name="Flat map").click()
    page.get_by_role("button", name="Theme").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.wait_for_timeout(300)
    picture("light map")

    page.goto(f"{address}#run=1&raid={raid}&t=60&view=globe&theme=light&panel=study&sel=0")
    page.wait_for_function("() => window.__page.state().t_s === 60")
    show(page, "Replay")
    page.get_by_text(re.compile(f"^Run 1, {re.escape(raid)}, at T.01:00")).wait_for()
    page.keyboard.press("End")
    assert counters(page) == ended(results, 1, raid)


@pytest.mark.parametrize("name", RAIDS)
def test_figures_of_a_raid_are_those_of_the_results(opened, shipped, picture, name):
    results, address = shipped(name)
    summary = results.summary()
    page = opened(address)
    raid = state(page)["raid"]
    page.keyboard.press("End")
    done = ended(results, 0, raid)
    assert counters(page) == done
    means = _means(page) if summary["layers"] else {}
    for layer in summary["layers"]:
        assert means[layer["layer"]] == [told(layer[key]) for key in ("shots", "kills", "left")]
    if done["leaked"]:
        assert sum(int(row[1].replace(",", "")) for row in rows(page, "Leakers by reason")) == done["leaked"]
    picture("replay")

    show(page, "Study")
    answer = page.get_by_role("tabpanel", name="Study").locator("dl.answer > div")
    shown = {card.locator("dt").inner_text(): card.locator("dd").inner_text() for card in answer.all()}
    assert shown["Leak-through"].startswith(told(summary["leak_through"]["all"]))
    for key, words in (("shots", "Rounds fired"), ("kills", "Threats destroyed")):
        if key in summary["total"]:
            assert shown[words].startswith(told(summary["total"][key]))
    for column, title in (("type", "Leak-through by threat type"), ("area", "Leak-through by area aimed at")):
        shown = rows(page.get_by_role("region", name=title), "Mean over runs with its standard error.")
        for cells, row in zip(shown, summary["leak_through"][f"by_{column}"], strict=True):
            assert cells[:2] == [row[column], short(row["launched"])]
            assert says(cells[2], told(row))
    leakers = results.tables.threats.query("outcome == 'leaked' and not is_decoy").groupby("run").size()
    listed = {int(row[0].split()[0]): int(row[1].replace(",", "")) for row in rows(page, "Runs, most leakers first")}
    assert listed == {run: int(leakers.get(run, 0)) for run in range(2)}
    if summary["observed"]:
        for cells, row in zip(rows(page, "Observed and simulated"), summary["observed"], strict=True):
            assert says(cells[0], row["label"])
            assert says(cells[2], told(row))
    picture("study")
    _assumptions(page, results)


def _means(page):
    """Shots, kills and rounds left of each layer, as means of the study."""
    found, layer = {}, ""
    for first, *others in rows(page, "By layer of the defence"):
        if not others:
            layer = first.split()[0]
        elif first == "mean":
            found[layer] = others
    return found


def _assumptions(page, results):
    """The panel has a row for each number, with its value."""
    show(page, "Assumptions")
    table = results.tables.assumptions
    assert page.get_by_text(f"{len(table):,} of {len(table):,} number", exact=False).is_visible()
    shown = rows(page, "Every number used")
    assert all(says(cells[0], path) and says(cells[1], short(value))
               for cells, path, value in zip(shown, table["path"], table["value"], strict=True))


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_figures_of_a_campaign_are_those_of_the_results(opened, shipped, picture, name):
    results, address = shipped(name)
    summary = results.summary()
    page = opened(address)
    assert page.get_by_role("heading", level=1).inner_text() == results.scenario.title
    show(page, "Replay")
    assert page.get_by_text("A campaign has no replay", exact=False).is_visible()
    picture("replay")
    show(page, "Study")
    for cells, row in zip(rows(page, "Rounds by owner and interceptor"), summary["stocks"], strict=True):
        assert cells[:3] == [row["interceptor"], row["owner"], short(row["start"]["median"])]
        assert cells[6] == short(row["level"]["median"])
        assert (row["back"] or {}).get("median") is None or cells[7].startswith(row["back"]["median"])
    if summary["campaigns"]:
        shown = rows(page, "By campaign and class of threat")
        for cells, row in zip(shown, summary["campaigns"], strict=True):
            assert cells[:3] == [row["campaign"], row["threat_class"], short(row["launched"])]
            assert says(cells[4], told(row))
    for kind in ("lines", "components"):
        if summary[kind]:
            section = page.get_by_role("tabpanel", name="Study").get_by_role("region", name=kind.capitalize())
            made = section.get_by_role("rowheader").all_inner_texts()
            assert made == [row["maker"] for row in summary[kind]]
    page.get_by_role("button", name="Theme").click()
    picture("study")
    _assumptions(page, results)


@pytest.mark.parametrize("name", NAMES)
def test_an_accessibility_scan_finds_nothing_serious(page, opened, shipped, name):
    """The whole page in both themes, dark beside the globe and light beside the map; then its other two panels. Of the
    numbers used, which are rows alike, some are looked at."""
    with_axe(page)
    opened(f"{shipped(name).address}#t=300&sel=0&panel=replay")
    for theme, view in (("dark", "globe"), ("light", "map")):
        page.evaluate("changes => window.__page.set(changes)", {"theme": theme, "view": view, "panel": "replay"})
        page.wait_for_timeout(200)
        assert serious(page) == []
        show(page, "Study")
        assert serious(page, "#panel-study") == []
        show(page, "Assumptions")
        page.get_by_role("searchbox", name="Find").fill("cost")
        assert serious(page, "#panel-assumptions") == []
