"""The page in a real browser: results made once, the server as users start it, Debian's Chromium, and no excuses.

A test fails if the page logs an error, throws, or asks anything of another host than 127.0.0.1. Without Chromium,
Playwright or the built page the tests are skipped, saying why; with OPENDOME_BROWSER=required they fail instead.
Pictures of what was on the screen at the end of each test are left in build/browser.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import hostile
import opendome
from on_page import OPTIONS, open_at, picture_path, watched
from opendome.errors import InputError
from opendome.viewer import app, page_folder, shelf_of
from opendome.viewer.guard import Rules
from opendome.viewer.server import HOST, listening
from tiny_file import PATH

CHROMIUM = Path(os.environ.get("OPENDOME_CHROMIUM", "/usr/bin/chromium"))

FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]
"""Software drawing, for WebGL alone; no errands of the browser's own."""


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


class Study(NamedTuple):
    """A shipped scenario that was run: its results, and where its page is."""

    name: str
    results: opendome.Results
    address: str


@pytest.fixture(scope="package")
def shipped(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Study]]:
    """`shipped(name)`: two runs of a shipped scenario, run once for all tests, and served by threads of this process:
    that users start it by a command is seen with the tiny scenario, and each process loads all that is compiled."""
    with ExitStack() as servers:
        @cache
        def study(name: str) -> Study:
            folder = tmp_path_factory.mktemp("shipped") / name
            opendome.run(opendome.load(name), runs=2, seed=7, out=folder)
            found = opendome.Results.open(folder)
            return Study(name, found, servers.enter_context(_served_here(found)))

        yield study


@contextmanager
def _served_here(results: opendome.Results) -> Iterator[str]:
    """The address of a page on results, while it is served by a thread."""
    import uvicorn

    shelf = shelf_of(results)
    with listening(0) as listener:
        port = listener.getsockname()[1]
        config = uvicorn.Config(app(lambda: shelf, Rules(port)), http="h11", ws="none", lifespan="off", log_config=None,
                                timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://{HOST}:{port}/"
        finally:
            server.should_exit = True
            thread.join()
            shelf.close()


@pytest.fixture
def options() -> dict[str, Any]:
    """How the browser is set up; tests change it by a fixture of their own."""
    return OPTIONS


@pytest.fixture
def page(browser: Any, options: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh page that may ask 127.0.0.1 alone and must not complain."""
    with watched(browser, options) as page:
        yield page
        page.screenshot(path=picture_path(request.node.name))


@pytest.fixture
def opened(page: Any) -> Callable[[str], Any]:
    """`opened(address)`: the page there, once it is ready."""
    return lambda address: open_at(page, address)
