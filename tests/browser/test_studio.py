"""The studio as people use it: choose, change, be told, undo, run, compare, save; by mouse, by keyboard, on a phone."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

import hostile
import opendome
from on_page import serious, with_axe
from opendome.results import with_error
from opendome.scenario import reader, toml_out
from tiny_file import PATH, TEXT

ROOT = Path(__file__).parents[2]
READY = "() => window.__studio !== undefined && window.__studio.ready"
RUN_S = 240
"""Time that a job may take: the first one compiles."""


class Studio(NamedTuple):
    """A studio at work."""

    address: str
    """What it printed: with the token."""
    out: Path
    """Where it keeps results."""

    @property
    def base(self) -> str:
        return self.address.partition("#")[0]

    def ask(self, name: str, body: dict[str, Any] | None = None) -> Any:
        """What the API answers."""
        token = parse_qs(urlsplit(self.address).fragment)["token"][0]
        found = httpx.request("GET" if body is None else "POST", f"{self.base.removesuffix('studio')}api/{name}",
                              json=body, headers={"x-opendome-token": token}, timeout=60.0)
        return found.raise_for_status().json()


@pytest.fixture(scope="module")
def studio(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio, stopped by Ctrl-C at the end."""
    out = tmp_path_factory.mktemp("studio")
    process = subprocess.Popen([sys.executable, "-m", "opendome", "studio", "--no-browser", "--out", str(out)],
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Studio(process.stdout.readline().strip(), out)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.fixture
def ran(studio: Studio) -> Any:
    """A result of the tiny scenario without a single round: the one of the test that runs it, or one of its own."""
    if studio.ask("progress")["state"] != "done":
        studio.ask("run", {"toml": TEXT, "changes": {"layers.lower.sites.battery.stock": 0}, "runs": 3, "seed": 6})
    end = time.monotonic() + RUN_S
    while (state := studio.ask("progress"))["state"] in ("waiting", "running"):
        assert time.monotonic() < end
        time.sleep(0.2)
    assert state["state"] == "done", state
    return studio.ask("result")


Opened = Callable[[], Any]


@pytest.fixture
def opened(page: Any, studio: Studio) -> Opened:
    """`opened()`: the studio's page, once it is ready."""
    def go() -> Any:
        page.goto(studio.address)
        page.wait_for_function(READY)
        return page

    return go


@pytest.fixture
def tiny(opened: Opened) -> Opened:
    """`tiny()`: the studio's page with the tiny scenario open, from a file."""
    def go() -> Any:
        page = opened()
        _open_file(page, "tiny.toml", TEXT)
        return page

    return go


def _open_file(page: Any, name: str, text: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a scenario file").click()
    chooser.value.set_files([{"name": name, "mimeType": "application/toml", "buffer": text.encode()}])
    page.wait_for_function("(name) => window.__studio.state().chosen?.file === name", arg=name)


def _stock(page: Any) -> Any:
    """The field of the battery's rounds, brought up by the filter."""
    page.get_by_role("searchbox", name="Filter").fill("battery stock")
    return page.get_by_role("textbox", name=re.compile("stock", re.IGNORECASE))


def _state(page: Any, expression: str) -> Any:
    return page.evaluate(f"() => {{ const state = window.__studio.state(); return {expression}; }}")


def _is_checked(page: Any) -> None:
    page.wait_for_function("() => !window.__studio.state().isChecking")


def test_offers_every_shipped_scenario_and_keeps_the_token_to_itself(opened, studio):
    page = opened()
    assert page.url == studio.base
    cards = page.get_by_role("complementary", name="Starting points").get_by_role("listitem").all_inner_texts()
    titles = [opendome.load(name).title for name in reader.shipped_names()]
    assert [title for title in titles if not any(title in card for card in cards)] == []
    assert len(cards) == len(titles)


def test_an_address_without_its_token_says_so(page, studio):
    page.goto(studio.base)
    assert "token" in page.get_by_role("alert").inner_text()


def test_a_card_opens_a_form_with_ranges_grades_and_sources(opened, studio):
    page = opened()
    page.get_by_role("button", name=opendome.load("sbi-boost").title).click()
    page.get_by_role("searchbox", name="Filter").fill("cost.elements.sbi.mass_kg")
    field = page.get_by_role("textbox", name=re.compile("mass", re.IGNORECASE))
    quantity = opendome.load("sbi-boost").cost.elements["sbi"].mass_kg
    assert float(field.input_value()) == quantity.value
    row = page.locator(".row", has=field)
    assert f"range {quantity.low:.0f} to {quantity.high:.0f}" in row.inner_text()
    assert quantity.why in row.inner_text()
    source = row.get_by_role("link")
    assert source.get_attribute("target") == "_blank"
    assert "noopener" in source.get_attribute("rel")
    row.get_by_role("button", name="think tank").hover()
    assert "Published by a think tank" in page.get_by_role("tooltip").inner_text()


def test_a_change_is_listed_undone_redone_and_kept_over_a_reload(tiny):
    page = tiny()
    field = _stock(page)
    field.fill("6")
    changes = page.get_by_role("region", name="Changes")
    assert changes.get_by_text("8").first.is_visible()
    assert "6" in changes.get_by_role("list").inner_text()
    field.blur()
    page.keyboard.press("Control+z")
    assert field.input_value() == "8"
    page.keyboard.press("Control+Shift+z")
    assert field.input_value() == "6"
    page.reload()
    page.wait_for_function(READY)
    assert _stock(page).input_value() == "6"
    page.get_by_role("checkbox", name="only changed").check()
    page.get_by_role("searchbox", name="Filter").fill("")
    assert page.locator(".row:visible").count() == 1
    changes.get_by_role("button", name=re.compile("^Reset .*stock")).click()
    assert _state(page, "Object.keys(state.draft.changes).length") == 0


def test_a_mistake_is_told_at_its_field_and_at_the_top_and_stops_a_run(tiny):
    page = tiny()
    field = _stock(page)
    field.fill("-3")
    _is_checked(page)
    assert field.get_attribute("aria-invalid") == "true"
    parts = field.get_attribute("aria-describedby").split()
    assert any("Must be at least 0" in page.locator(f"[id='{part}']").inner_text() for part in parts)
    page.get_by_role("searchbox", name="Filter").fill("no such row")
    assert not field.is_visible()
    page.get_by_role("region", name="Mistakes").get_by_role("button").first.click()
    assert field.evaluate("(field) => field === document.activeElement")
    page.keyboard.press("Control+Enter")
    assert "mistake" in page.get_by_role("alert").first.inner_text()
    assert _state(page, "state.progress.state") in ("idle", "done", "cancelled")
    field.fill("eight")
    assert "number is wanted" in page.get_by_role("region", name="Mistakes").inner_text()
    field.fill("7")
    _is_checked(page)
    assert not page.get_by_role("region", name="Mistakes").is_visible()


def test_outside_of_a_range_is_a_warning_that_stops_nothing(opened):
    page = opened()
    page.get_by_role("button", name=opendome.load("sbi-boost").title).click()
    page.get_by_role("searchbox", name="Filter").fill("cost.elements.sbi.mass_kg")
    field = page.get_by_role("textbox", name=re.compile("mass", re.IGNORECASE))
    field.fill("5000")
    _is_checked(page)
    assert "Outside its range" in page.locator(".row", has=field).inner_text()
    assert _state(page, "state.checked.outside.length") == 1
    assert page.get_by_role("button", name="Run and compare").get_attribute("aria-disabled") == "false"
    field.press("ArrowDown")
    assert float(field.input_value()) < 5000


def test_the_file_that_is_saved_is_a_scenario_with_the_change(tiny, tmp_path):
    page = tiny()
    _stock(page).fill("6")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the scenario").click()
    assert download.value.suggested_filename == "my-tiny.toml"
    download.value.save_as(tmp_path / "mine.toml")
    mine, base = opendome.load(tmp_path / "mine.toml"), opendome.load(PATH)
    assert mine.layers["lower"].sites["battery"].stock.value == 6
    assert mine.raids == base.raids


def test_runs_compares_and_shows_the_numbers_of_the_results(tiny, studio):
    page = tiny()
    _stock(page).fill("0")
    page.get_by_role("textbox", name="Runs").fill("3")
    page.get_by_role("textbox", name="Seed").fill("6")
    _is_checked(page)
    page.get_by_role("button", name="Run and compare").click()
    page.get_by_role("link", name="See your run").wait_for(timeout=1000 * RUN_S)
    comparison = page.get_by_role("region", name="Comparison")
    assert "3 runs each, seed 6" in comparison.inner_text()
    assert not comparison.get_by_text("not of what the form holds").is_visible()
    found = studio.ask("result")
    folder = Path(found["folder"])
    assert str(folder) in comparison.inner_text()
    leaks = [opendome.Results.open(one).summary()["leak_through"]["all"]
             for one in (folder.with_name(folder.name.replace("mine", "start")), folder)]
    rows = comparison.get_by_role("row").all()[1:]
    cells = rows[0].get_by_role("cell").all_inner_texts()
    assert cells[:2] == [with_error(leak["value"], leak["error"]) for leak in leaks]
    assert cells[0] != cells[1]
    told = ["clearly more" if "clearly more" in words else "clearly less" if "clearly less" in words else ""
            for words in (row.inner_text() for row in rows)]
    assert told == [("clearly more" if row["difference"] > 0 else "clearly less") if row["is_clear"] else ""
                    for row in found["rows"]]
    assert len(set(told)) == 3
    page.get_by_role("textbox", name="Seed").fill("7")
    assert comparison.get_by_text("not of what the form holds").is_visible()


def test_the_result_stands_there_for_who_comes_back_and_links_lead_on(opened, ran):
    page = opened()
    link = page.get_by_role("link", name="See your run")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("/", "noopener")
    assert page.get_by_role("link", name="See both side by side").get_attribute("href") == "/#with=other:0"
    page.get_by_text("Repeat it without the studio").click()
    assert re.search(r"opendome run my-\S+\.toml --runs 3 --seed \d+", page.locator(".repeat pre").inner_text())


def test_markup_in_every_text_is_shown_as_text(opened):
    page = opened()
    _open_file(page, "<img src=x>.toml", toml_out.dumps(reader.to_data(hostile.scenario())))
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.get_by_role("searchbox", name="Filter").fill("img")
    page.get_by_role("textbox", name=re.compile("title", re.IGNORECASE)).fill(f"{hostile.MARKUP} again")
    _is_checked(page)
    assert page.evaluate("() => window.__marked") is None
    assert page.locator("img").count() == 0
    assert page.get_by_role("heading", level=2, name="<img src=x").first.is_visible()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_an_accessibility_scan_finds_nothing_serious(page, tiny, ran, theme):
    with_axe(page)
    page.emulate_media(color_scheme=theme)
    tiny()
    _stock(page).fill("-3")
    _is_checked(page)
    page.get_by_role("searchbox", name="Filter").fill("layers")
    assert serious(page) == []


@pytest.mark.parametrize("width", [375, 640])
def test_a_narrow_page_shows_one_column_and_does_not_scroll_sideways(page, tiny, ran, width):
    """A phone; and what is left of 1280 pixels when text is shown at 200 %."""
    page.set_viewport_size({"width": width, "height": 780})
    tiny()
    assert _stock(page).is_visible()  # a chosen start leads to its numbers
    for tab in ("Start", "Numbers", "Run"):
        page.get_by_role("navigation").get_by_role("button", name=re.compile(f"^{tab}")).click()
        over = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, tab
    assert page.get_by_role("button", name="Run and compare").is_visible()


def test_works_by_keyboard_alone(opened):
    page = opened()
    card = page.get_by_role("button", name=opendome.load("sbi-boost").title)
    for _ in range(20):
        page.keyboard.press("Tab")
        if card.evaluate("(card) => card === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function("() => window.__studio.state().opened !== null")
    page.keyboard.press("/")
    page.keyboard.type("constellations.sbi n_satellites")
    page.keyboard.press("Tab")  # to the box beside it
    page.keyboard.press("Tab")
    field = page.get_by_role("textbox", name=re.compile("n satellites", re.IGNORECASE))
    for _ in range(8):
        if field.evaluate("(field) => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    assert float(field.input_value()) > 5000
    page.keyboard.press("Escape")
    card.focus()
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Help").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog", name="Help").is_visible()


def test_a_run_is_seen_by_who_comes_back_and_cancelled(tiny, studio):
    page = tiny()
    before = {path.name for path in studio.out.iterdir()}
    page.get_by_role("textbox", name="Runs").fill("5000")
    page.get_by_role("textbox", name="Seed").fill("99")
    page.get_by_role("button", name="Run and compare").click()
    page.get_by_role("button", name="Cancel").wait_for()
    again = page.context.new_page()  # a reload would abort a look at the progress, which this page may not
    again.goto(studio.address)
    again.get_by_role("progressbar").wait_for()
    again.get_by_role("button", name="Cancel").click()
    for one in (again, page):
        one.get_by_text("Cancelled").wait_for()
        assert one.get_by_role("button", name="Run and compare").is_visible()
    assert {path.name for path in studio.out.iterdir()} == before
