"""Every shipped scenario as users meet it: run, opened, played, scrubbed, picked from and looked at from all sides; and
what its page says is what its results say. A new scenario is tested by being there. Then four of them as the one file
that is mailed, opened from disk and printed. Pictures of all that are left in build/browser, to be looked at."""

import math
import re

import pytest

from on_page import OPTIONS, clock_s, counters, ended, open_at, picture_path, rows, scrub, serious, watched, with_axe
from on_page import state as state_of
from opendome.report import write_report
from opendome.results import with_error
from opendome.results.text import short
from opendome.scenario import reader


@pytest.fixture(scope="module", params=reader.shipped_names())
def study(request, shipped):
    """One scenario after the other: name, results, and address of the page."""
    return shipped(request.param)


@pytest.fixture(scope="module")
def page(browser, study):
    """The page of a scenario, which the tests of that scenario use one after the other: opening it is what costs."""
    with watched(browser, OPTIONS) as page:
        with_axe(page)
        yield open_at(page, study.address)


def told(row):
    """An estimate of the summary in words."""
    return with_error(*(math.nan if row[key] is None else row[key] for key in ("value", "error")))


def says(cell, words):
    """Whether a cell opens with these words; a smaller line may follow."""
    return cell == words or cell.startswith(f"{words} ")


def show(page, name):
    """Change to a panel."""
    page.get_by_role("tab", name=name).click()


def go(page, study, run, t_s, link):
    """Follow a link within the page, and wait until that run is shown."""
    page.goto(f"{study.address}#run={run}&t={t_s}&{link}")
    page.wait_for_function("wanted => window.__page.state().t_s === wanted", arg=t_s)
    show(page, "Replay")
    page.get_by_text(re.compile(f"^Run {run}, .*, at T.")).wait_for()


def picture(page, study, what):
    """Leave a picture of what is on the screen."""
    page.screenshot(path=picture_path(f"{study.name} {what}"))


def is_campaign(study):
    return study.results.scenario.stockpile is not None


def test_it_is_played_scrubbed_picked_from_and_linked_to(page, study):
    """Or, where nothing flies, the page says so."""
    assert page.get_by_role("heading", level=1).inner_text() == study.results.scenario.title
    if is_campaign(study):
        show(page, "Replay")
        assert page.get_by_text("A campaign has no replay", exact=False).is_visible()
        picture(page, study, "1 dark")
        page.get_by_role("button", name="Theme").click()
        assert page.locator("html").get_attribute("data-theme") == "light"
        return
    raid, end_s = (state_of(page)[key] for key in ("raid", "end_s"))
    threats = study.results.tables.threats
    own = threats[(threats["run"] == 0) & (threats["raid"] == raid) & ~threats["is_decoy"]].set_index("threat")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => window.__page.state().t_s > 1")
    page.get_by_role("button", name="Pause").click()

    middle_s = round(end_s / 2)
    scrub(page, middle_s)
    assert clock_s(page) == middle_s
    assert counters(page)["launched"] == (own["t_launch_s"] <= middle_s).sum()

    page.get_by_role("searchbox", name="Filter the event log").fill("launch")
    page.get_by_role("list", name="Events").get_by_role("button").nth(1).click()
    picked = own.loc[state_of(page)["selected"]]
    assert page.get_by_role("region", name="What is picked").get_by_text(picked["type"]).first.is_visible()
    scrub(page, round((picked["t_launch_s"] + picked["t_end_s"]) / 2))
    picture(page, study, "1 dark globe")

    page.get_by_role("button", name="Flat map").click()
    page.get_by_role("button", name="Theme").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.wait_for_timeout(300)
    picture(page, study, "2 light map")

    go(page, study, 1, 60, f"raid={raid}&view=globe&theme=light&panel=study&sel=0")
    assert [state_of(page)[key] for key in ("view", "theme", "selected")] == ["globe", "light", 0]
    page.keyboard.press("End")
    assert counters(page) == ended(study.results, 1, raid)
    picture(page, study, "3 light globe")


def test_its_figures_are_those_of_the_results(page, study):
    (_campaign_figures if is_campaign(study) else _raid_figures)(page, study)
    picture(page, study, "5 study")
    table = study.results.tables.assumptions
    show(page, "Assumptions")
    assert page.get_by_text(f"{len(table):,} of {len(table):,} number", exact=False).is_visible()
    shown = rows(page, "Every number used")
    assert all(says(cells[0], path) and says(cells[1], short(value))
               for cells, path, value in zip(shown, table["path"], table["value"], strict=True))
    picture(page, study, "6 assumptions")


def _raid_figures(page, study):
    results = study.results
    summary, raid = results.summary(), state_of(page)["raid"]
    go(page, study, 0, 0, f"raid={raid}&view=map")
    page.keyboard.press("End")
    done = ended(results, 0, raid)
    assert counters(page) == done
    means = _means(page) if summary["layers"] else {}
    for layer in summary["layers"]:
        assert means[layer["layer"]] == [told(layer[key]) for key in ("shots", "kills", "left")]
    if done["leaked"]:
        assert sum(int(row[1].replace(",", "")) for row in rows(page, "Leakers by reason")) == done["leaked"]
    picture(page, study, "4 end of run 0")

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


def _means(page):
    """Shots, kills and rounds left of each layer, as means of the study."""
    found, layer = {}, ""
    for first, *others in rows(page, "By layer of the defence"):
        if not others:
            layer = first.split()[0]
        elif first == "mean":
            found[layer] = others
    return found


def _campaign_figures(page, study):
    summary = study.results.summary()
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


def test_an_accessibility_scan_finds_nothing_serious(page, study):
    """The whole page in both themes, dark beside the globe and light beside the map; then its other two panels. Of the
    numbers used, which are rows alike, some are looked at."""
    if not is_campaign(study):
        go(page, study, 0, 300, "sel=0&view=map")
    for theme, view in (("light", "map"), ("dark", "globe")):
        page.evaluate("changes => window.__page.set(changes)", {"theme": theme, "view": view, "panel": "replay"})
        page.wait_for_timeout(200)
        assert serious(page) == []
        show(page, "Study")
        assert serious(page, "#panel-study") == []
        show(page, "Assumptions")
        page.get_by_role("searchbox", name="Find").fill("cost")
        assert serious(page, "#panel-assumptions") == []


@pytest.mark.parametrize(("width", "height"), [(375, 812), (640, 400)], ids=["phone", "zoomed"])
def test_a_narrow_page_does_not_scroll_sideways(page, study, width, height):
    """A phone; and what is left of 1280 by 800 pixels at 200 %."""
    page.set_viewport_size({"width": width, "height": height})
    if not is_campaign(study):
        assert page.get_by_role("button", name="Play").is_visible()
        page.get_by_role("button", name="Panels").click()
    for panel in ("Replay", "Study", "Assumptions"):
        show(page, panel)
        assert page.get_by_role("tabpanel", name=panel).is_visible()
        assert page.evaluate("() => [document.documentElement, document.querySelector('#app .panels')]"
                             ".map(one => one.scrollWidth - one.clientWidth)") == [0, 0]
        picture(page, study, f"{width} px {panel}")


BRIEFED = ("gulf-2026", "japan-2028", "homeland-2028", "stocks-2026")
PAPER_PX = 687
"""A4 less its margins (report.css), 182 mm."""


@pytest.mark.parametrize("name", BRIEFED)
def test_its_briefing_reads_plays_and_prints_from_disk(browser, shipped, tmp_path, name):
    study = shipped(name)
    file = write_report(study.results, tmp_path / f"{name}.html")
    assert file.stat().st_size < 5_000_000
    with watched(browser, OPTIONS | {"color_scheme": "light"}, file) as page:
        page.goto(file.as_uri())
        policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
        allowed = {name: words for name, *words in map(str.split, policy.split(";"))}
        assert allowed["default-src"] == ["'none'"]
        assert all(word == "'none'" or word.startswith("'sha256-")
                   for kind in ("script-src", "style-src") for word in allowed[kind])
        answer = page.locator("dl.minute")
        assert page.get_by_role("heading", level=1).inner_text() == study.results.scenario.title
        assert answer.bounding_box()["y"] + answer.bounding_box()["height"] < 800
        picture(page, study, "7 briefing")
        if is_campaign(study):
            assert page.get_by_text("Campaigns are told month by month", exact=False).is_visible()
        else:
            assert told(study.results.summary()["leak_through"]["all"]) in answer.inner_text()
            _play_within(page, study)
        _print(page, study)


def _play_within(page, study):
    """Start the replay inside the file, and read its counters at the end of the first raid."""
    page.get_by_role("button", name="Start the replay").click()
    page.wait_for_function("() => window.__page !== undefined && window.__page.ready")
    page.get_by_role("button", name="Flat map").wait_for()
    picture(page, study, "8 briefing, replay")
    page.keyboard.press("End")
    assert counters(page) == ended(study.results, 0, state_of(page)["raid"])
    page.get_by_role("button", name="Back to the text").click()


def _print(page, study):
    """On paper nothing is wider than the paper, and the pages are not too many."""
    page.set_viewport_size({"width": PAPER_PX, "height": 1000})
    page.emulate_media(media="print")
    cut = page.evaluate("""() => [...document.querySelectorAll("table, svg, pre, p, dl")]
        .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(one => `${one.tagName}: ${one.textContent.slice(0, 80)}`)""")
    assert cut == []
    paper = page.pdf(path=picture_path(f"{study.name} briefing", "pdf"), format="A4")
    assert 5 <= paper.count(b"/Type /Page\n") <= 40
