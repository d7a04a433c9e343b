"""The briefing in a browser, from disk: the text is there at once, the replay starts when asked for, nothing is loaded.

The page inside is a stand-in of a few lines; that of the package has tests of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hostile_results import hostile
from opendome.report.page import page
from sample_briefing import stand_in

playwright = pytest.importorskip("playwright.sync_api")
SCRIPT = """
const block = document.getElementById("data:index.json");
const bytes = Uint8Array.from(atob(block.textContent), (char) => char.charCodeAt(0));
const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
const index = await new Response(unpacked).json();
document.querySelector("#app").textContent = `</script><!-- ${index.title} at ${location.hash}`;
"""


@pytest.fixture
def opened(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A page of the browser, what it asked for, and what it complained about."""
    stand_in(monkeypatch, SCRIPT)
    path = tmp_path / "briefing.html"
    path.write_text(page(hostile(), replay=True), encoding="utf-8")
    shown = browser.new_page(viewport={"width": 1280, "height": 860})
    asked: list[str] = []
    said: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
    shown.goto(path.as_uri())
    yield shown, asked, said
    shown.close()
    assert asked == [path.as_uri()]
    assert said == []


def test_the_text_comes_first_and_the_replay_when_asked_for(opened: Any) -> None:
    shown, _, _ = opened
    heading, app = shown.get_by_role("heading", level=1), shown.locator("#app")
    assert heading.is_visible()
    assert not app.is_visible()
    assert app.text_content() == ""
    shown.get_by_role("button", name="Start the replay").click()
    playwright.expect(app).to_contain_text("</script><!-- ")
    assert not heading.is_visible()
    assert app.evaluate("found => getComputedStyle(found).color") == "rgb(0, 128, 0)"
    # It fills the window, below its bar: nothing of the text is left above it.
    at = "() => [document.querySelector('#replay-bar').offsetTop, document.documentElement.scrollHeight]"
    assert shown.evaluate(at) == [0, 860]
    shown.get_by_role("button", name="Back to the text").click()
    assert heading.is_visible()
    assert not app.is_visible()


def test_a_leaker_opens_the_replay_again_and_again(opened: Any) -> None:
    shown, _, _ = opened
    link = shown.locator("#replay ul.links a").first
    for _ in range(2):
        link.click()
        playwright.expect(shown.locator("#app")).to_contain_text("&t=270&sel=0")
        shown.get_by_role("button", name="Back to the text").click()


def test_print_has_the_text_even_while_the_replay_is_shown(opened: Any) -> None:
    shown, _, _ = opened
    shown.get_by_role("button", name="Start the replay").click()
    shown.emulate_media(media="print")
    assert shown.get_by_role("heading", level=1).is_visible()
    assert not shown.locator("#app").is_visible()
    assert not shown.locator("#replay-bar").is_visible()
