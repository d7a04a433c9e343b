"""The page as a test opens and reads it in a browser: state, clock, counters and tables, and what they ought to say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from opendome.results import Results

ROOT = Path(__file__).parents[1]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "build" / "browser"

READY = "() => window.__page !== undefined && window.__page.ready"
READY_S = 120
"""Time that a first replay may take: it compiles."""

OPTIONS: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark",
                           "reduced_motion": "reduce"}


@contextmanager
def watched(browser: Any, options: dict[str, Any], file: Path | None = None) -> Iterator[Any]:
    """A fresh page that may ask 127.0.0.1 alone, or else a file alone; at the end it must not have complained."""
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []

    def allow(route: Any) -> None:
        url = urlsplit(route.request.url)
        is_ours = url.hostname == "127.0.0.1" if file is None else route.request.url.split("#")[0] == file.as_uri()
        if is_ours or url.scheme in ("data", "blob"):
            route.continue_()
        else:
            complaints.append(f"asked {route.request.url}")
            route.abort()

    context.route("**/*", allow)
    page.on("console", lambda m: complaints.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("requestfailed", lambda r: complaints.append(f"failed: {r.url} ({r.failure})"))
    try:
        yield page
    finally:
        context.close()
    assert complaints == []


def open_at(page: Any, address: str) -> Any:
    """The page at an address, once it is ready."""
    page.goto(address)
    page.wait_for_function(READY, timeout=1000 * READY_S)
    return page


def picture_path(name: str, ending: str = "png") -> Path:
    """Where a picture of this name is left."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / (re.sub(r"\W+", "-", name).strip("-") + f".{ending}")


def state(page: Any) -> dict[str, Any]:
    """The page's state."""
    found: dict[str, Any] = page.evaluate("() => ({...window.__page.state(), off: [...window.__page.state().off]})")
    return found


def clock_s(page: Any) -> int:
    """Seconds after the start, from the clock that is read on the page."""
    found = re.search(r"T\+(\d\d):(\d\d):(\d\d)", page.get_by_role("contentinfo").inner_text())
    assert found is not None
    hours, minutes, seconds = map(int, found.groups())
    return 3600 * hours + 60 * minutes + seconds


def scrub(page: Any, t_s: float) -> None:
    """Move the slider of time."""
    page.get_by_role("slider", name="Time").fill(str(t_s))


def counters(page: Any) -> dict[str, int]:
    """The five counters of the top bar by name."""
    terms = page.get_by_role("banner").locator("dl > div")
    return {row.locator("dt").inner_text(): int(row.locator("dd").inner_text()) for row in terms.all()}


def ended(results: Results, run: int, raid: str) -> dict[str, int]:
    """What a run's threats had come to at the end, from its tables."""
    threats, sites = results.tables.threats, results.tables.sites
    own = threats[(threats["run"] == run) & (threats["raid"] == raid) & ~threats["is_decoy"]]
    fired = sites[(sites["run"] == run) & (sites["raid"] == raid)]
    return {"launched": len(own), "in flight": 0, "destroyed": int((own["outcome"] == "destroyed").sum()),
            "leaked": int((own["outcome"] == "leaked").sum()), "shots": int(fired["shots"].sum())}


def rows(page: Any, name: str) -> list[list[str]]:
    """The text of each cell of a table, row by row without its head; lines of a cell are joined by spaces."""
    found: list[list[str]] = page.get_by_role("table", name=name).evaluate(
        "table => [...table.tBodies].flatMap(body => [...body.rows]"
        ".map(row => [...row.cells].map(cell => cell.innerText.replace(/\\s+/g, ' ').trim())))")
    return found


def serious(page: Any, within: str = "html") -> list[str]:
    """What axe finds within a part of the page that is serious or critical, one line each. The page has to be opened
    after `with_axe`."""
    report = page.evaluate("within => axe.run(within, { resultTypes: ['violations'] })", within)
    return [f"{one['id']}: {one['nodes'][0]['target']} ({one['nodes'][0]['failureSummary']})"
            for one in report["violations"] if one["impact"] in ("serious", "critical")]


def with_axe(page: Any) -> None:
    """Have axe on every page opened from now on, by the browser's own hands: the page's policy lets no script in."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in web/)")
    page.add_init_script(path=str(AXE))
