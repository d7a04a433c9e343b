"""The local server: the built page and the data of a study, read-only, on loopback.

No part of a request ever names a file: addresses are looked up in tables that were filled at the start.
"""

import os
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from opendome import __version__
from opendome.errors import InputError, OpenDomeError
from opendome.results import Results
from opendome.viewer.guard import NOTHING, Rules, guarded
from opendome.viewer.parts import answer, page_parts
from opendome.viewer.shelf import BusyError, Shelf, check_run, shelf_of

HOST = "127.0.0.1"

CONNECTIONS_MAX = 64
"""Connections open at once; more are answered with 503."""


def app(found: Callable[[], Shelf], rules: Rules, routes: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The application: the page, the data of the study that `found` gives when asked, and further `routes` (below
    `/api/`, behind the token of `rules`). Raises `InputError` where the page was not built."""
    inner = Router([*page_routes(), *data_routes(found), *routes], redirect_slashes=False, default=_nothing)
    return guarded(inner, rules)  # not a whole Starlette: its own answer to a mistake would come before the guard's


def page_routes() -> list[Route]:
    """Where the page lies: `/` and its files by name, and `/health`."""
    parts = page_parts()

    async def file(request: Request) -> Response:
        return answer(request, parts[request.url.path.removeprefix("/") or "index.html"])

    async def health(request: Request) -> Response:
        return JSONResponse({"ok": True, "version": __version__})

    return [*(Route(path, file) for path in ("/", *(f"/{name}" for name in parts))), Route("/health", health)]


def data_routes(found: Callable[[], Shelf]) -> list[Route]:
    """Where data lie: `/data/index.json`; `/data/NAME` of an overlay, answered once it is made; and
    `/data/replay/RUN/RAID/NAME`, which is answered once the run is flown."""

    async def index(request: Request) -> Response:
        return answer(request, found().index)

    async def replay(request: Request) -> Response:
        where = request.path_params
        try:
            piece = await found().piece(int(where["run"]), where["raid"], where["name"])
        except OpenDomeError as error:
            return JSONResponse({"error": str(error)}, 409)
        except BusyError:
            return JSONResponse({"error": "too many runs wait to be flown again: ask later"}, 503, {"retry-after": "5"})
        if piece is None:
            raise HTTPException(404, NOTHING)
        return answer(request, piece)

    async def overlay(request: Request) -> Response:
        try:
            piece = await found().asked.part(request.path_params["name"])
        except OpenDomeError as error:
            return JSONResponse({"error": str(error)}, 409)
        if piece is None:
            raise HTTPException(404, NOTHING)
        return answer(request, piece)

    return [Route("/data/index.json", index), Route("/data/{name}", overlay),
            Route("/data/replay/{run:int}/{raid:path}/{name}", replay)]  # a raid may have a slash in its name


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404, NOTHING)


def view(folder: str | Path, *, port: int = 0, open_browser: bool = True, run: int | None = None,
         say: Callable[[str], None] = print) -> None:
    """Serve the page of a results folder until interrupted (Ctrl-C, or SIGTERM).

    `port` 0 takes a free one; `run` is opened first; `say` is told the address. Raises `InputError` for a folder, port
    or run that cannot be used, and where the page was not built.
    """
    found = shelf_of(Results.open(folder))
    check_run(found, run)
    try:
        with listening(port) as listener:
            port = int(listener.getsockname()[1])
            address = f"http://{HOST}:{port}/" + (f"#run={run}" if run is not None else "")
            application = app(lambda: found, Rules(port))
            say(f"{address}\nCtrl-C stops it")
            serve(application, listener, open_at=address if open_browser else None)
    finally:
        found.close()
    # Compiled code cannot be asked to stop, and an interpreter that ends under it may crash.
    if found.is_flying or found.asked.is_busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def listening(port: int) -> socket.socket:
    """A socket that listens on loopback; `port` 0 takes a free one. Raises `InputError` if it cannot be had."""
    if not 0 <= port <= 65535:
        raise InputError(f"--port {port}\n  must be from 0 to 65535 (0: a free one)")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(CONNECTIONS_MAX)
    except OSError as error:
        listener.close()
        raise InputError(f"--port {port}: cannot be used ({error.strerror})\n"
                         "hint: leave it out, and a free one is taken") from None
    return listener


def serve(application: ASGIApp, listener: socket.socket, *, open_at: str | None = None) -> None:
    """Answer on a listening socket until interrupted; with `open_at`, open this address in the browser."""
    import uvicorn

    config = uvicorn.Config(application, http="h11", ws="none", lifespan="off", log_config=None, log_level="critical",
                            access_log=False, server_header=False, limit_concurrency=CONNECTIONS_MAX,
                            timeout_keep_alive=30, timeout_graceful_shutdown=1, h11_max_incomplete_event_size=32_768)
    if open_at is not None and _has_screen():
        import webbrowser

        threading.Thread(target=webbrowser.open, args=(open_at,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # uvicorn stops by itself and then passes the signal on
        uvicorn.Server(config).run(sockets=[listener])


def _has_screen() -> bool:
    """Whether a browser could be shown; without one, a text browser would take over the terminal."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
