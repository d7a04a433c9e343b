"""The page in a real browser: results made once, the server as users start it, Debian's Chromium, and no excuses.

A test fails if the page logs an error, throws, or asks anything of another host than 127.0.0.1. Without Chromium,
Playwright or the built page the tests are skipped, saying why; with OPENDOME_BROWSER=required they fail instead.
Pictures of what was on the screen at the end of each test are left in build/browser.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import hostile
import opendome
from opendome.errors import InputError
from opendome.viewer import page_folder
from tiny_file import PATH

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("OPENDOME_CHROMIUM", "/usr/bin/chromium"))
PICTURES = ROOT / "build" / "browser"

FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]
"""Software drawing, for WebGL alone; no errands of the browser's own."""

READY = "() => window.__page !== undefined && window.__page.ready"
READY_S = 120
"""Time that a first replay may take: it compiles."""


def _missing() -> str:
    """What is not there that these tests need, or ""."""
    if find_spec("playwright") is None:
        return "Playwright is not installed (pip install playwright)"
    if not CHROMIUM.exists():
        return f"no Chromium at {CHROMIUM} (OPENDOME_CHROMIUM names another place)"
    try:
        page_folder()
    except InputError as error:
        return str(error).splitlines()[0]
    return ""


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    if missing := _missing():
        if os.environ.get("OPENDOME_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


Serve = Callable[..., str]


@pytest.fixture(scope="package")
def serve(browser: Any) -> Iterator[Serve]:
    """`serve(folder, *more)`: the address of `opendome view` on a folder; all are stopped at the end, by Ctrl-C."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path, *more: str) -> str:
        process = subprocess.Popen([sys.executable, "-m", "opendome", "view", str(folder), "--no-browser", *more],
                                   stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip()

    yield start
    for process in started:
        process.send_signal(signal.SIGINT)
    assert [process.wait(timeout=30) for process in started] == [0] * len(started)
    for process in started:
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="package")
def results(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the tiny scenario."""
    folder = tmp_path_factory.mktemp("page") / "tiny"
    opendome.run(opendome.load(PATH), out=folder)
    return folder


@pytest.fixture(scope="package")
def address(serve: Serve, results: Path) -> str:
    """Where the page of the tiny scenario is."""
    return serve(results)


@pytest.fixture(scope="package")
def hostile_address(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the page of a scenario with markup in every text is."""
    folder = tmp_path_factory.mktemp("page") / "hostile"
    opendome.run(hostile.scenario(), out=folder)
    return serve(folder)


@pytest.fixture
def options() -> dict[str, Any]:
    """How the browser is set up; tests change it by a fixture of their own."""
    return {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark", "reduced_motion": "reduce"}


@pytest.fixture
def page(browser: Any, options: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh page that may ask 127.0.0.1 alone and must not complain."""
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []

    def allow(route: Any) -> None:
        url = urlsplit(route.request.url)
        if url.hostname == "127.0.0.1" or url.scheme in ("data", "blob"):
            route.continue_()
        else:
            complaints.append(f"asked {route.request.url}")
            route.abort()

    context.route("**/*", allow)
    page.on("console", lambda m: complaints.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("requestfailed", lambda r: complaints.append(f"failed: {r.url} ({r.failure})"))
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    page.screenshot(path=str(PICTURES / f"{name}.png"))
    context.close()
    assert complaints == []


@pytest.fixture
def opened(page: Any) -> Callable[[str], Any]:
    """`opened(address)`: the page there, once it is ready."""
    def go(address: str) -> Any:
        page.goto(address)
        page.wait_for_function(READY, timeout=1000 * READY_S)
        return page

    return go
