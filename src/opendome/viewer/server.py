"""The local server: the built page and the data of a study, read-only, on loopback.

No part of a request ever names a file: addresses are looked up in tables that were filled at the start.
"""

import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
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
from opendome.viewer.parts import answer, json_part, page_parts
from opendome.viewer.shelf import BusyError, Shelf, check_beside, check_run, shelf_of

HOST = "127.0.0.1"

CONNECTIONS_MAX = 64
"""Connections open at once; more are answered with 503."""


Found = Callable[[], Shelf | None]
"""Gives the study that is shown when it is asked; None: there is none now."""

NO_STUDY = "there are no results here yet"
NO_OTHER = "there is no study beside this one"


def no_study() -> Shelf | None:
    """No study: nothing stands beside the one shown."""
    return None


def app(found: Found, rules: Rules, routes: Sequence[BaseRoute] = (), beside: Found = no_study) -> ASGIApp:
    """The application: the page, the data of the study that `found` gives when asked and of the one that `beside`
    gives, and further `routes` (below `/api/`, behind the token of `rules`). Raises `InputError` where the page was
    not built."""
    routes = [*page_routes(), Route("/data/studies.json", _studies(found, beside)), *data_routes(found),
              *data_routes(beside, "/beside", NO_OTHER), *routes]
    inner = Router(routes, redirect_slashes=False, default=_nothing)
    return guarded(inner, rules)  # not a whole Starlette: its own answer to a mistake would come before the guard's


def page_routes() -> list[Route]:
    """Where the page lies: `/` and its files by name, and `/health`."""
    parts = page_parts()

    async def file(request: Request) -> Response:
        return answer(request, parts[request.url.path.removeprefix("/") or "index.html"])

    async def health(request: Request) -> Response:
        return JSONResponse({"ok": True, "version": __version__})

    return [*(Route(path, file) for path in ("/", *(f"/{name}" for name in parts))), Route("/health", health)]


def data_routes(found: Found, base: str = "/data", missing: str = NO_STUDY) -> list[Route]:
    """Where data of a study lie: `BASE/index.json`; `BASE/replay/RUN/RAID/NAME`, which is answered once the run is
    flown, and `BASE/progress`, how far that is; `BASE/NAME` of an overlay, answered once it is made. All are 404 with
    the sentence `missing` while there is no study."""

    def study() -> Shelf:
        if (shelf := found()) is None:
            raise HTTPException(404, missing)
        return shelf

    async def index(request: Request) -> Response:
        return answer(request, study().index)

    async def replay(request: Request) -> Response:
        where = request.path_params
        try:
            piece = await study().piece(int(where["run"]), where["raid"], where["name"])
        except OpenDomeError as error:
            return JSONResponse({"error": str(error)}, 409)
        except BusyError:
            return JSONResponse({"error": "too many runs wait to be flown again: ask later"}, 503, {"retry-after": "5"})
        if piece is None:
            raise HTTPException(404, NOTHING)
        return answer(request, piece)

    async def progress(request: Request) -> Response:
        now = study().progress
        return JSONResponse(None if now is None else now._asdict(), headers={"cache-control": "no-store"})

    async def overlay(request: Request) -> Response:
        try:
            piece = await study().made.part(request.path_params["name"])
        except OpenDomeError as error:
            return JSONResponse({"error": str(error)}, 409)
        if piece is None:
            raise HTTPException(404, NOTHING)
        return answer(request, piece)

    return [Route(f"{base}/index.json", index), Route(f"{base}/progress", progress), Route(base + "/{name}", overlay),
            Route(base + "/replay/{run:int}/{raid:path}/{name}", replay)]  # a raid may have a slash in its name


def _studies(found: Found, beside: Found) -> Callable[[Request], Awaitable[Response]]:
    """Which studies there are, so that the page need not ask for one in vain."""

    async def studies(request: Request) -> Response:
        shelves = {"data": found(), "beside": beside()}
        return answer(request, json_part({name: shelf and shelf.about() for name, shelf in shelves.items()}))

    return studies


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404, NOTHING)


def view(folder: str | Path, *, beside: str | Path | None = None, port: int = 0, open_browser: bool = True,
         run: int | None = None, say: Callable[[str], None] = print) -> None:
    """Serve the page of a results folder until interrupted (Ctrl-C, or SIGTERM).

    `beside` is a second folder, whose runs can be shown next to those of the first; `port` 0 takes a free one; `run` is
    opened first; `say` is told the address. Raises `InputError` for a folder, port or run that cannot be used, and
    where the page was not built.
    """
    folders = [folder] if beside is None else [folder, beside]
    shelves = [shelf_of(Results.open(one), Path(one).resolve().name, len(folders)) for one in folders]
    if beside is not None:
        check_beside(*shelves)
    check_run(shelves[0], run)
    try:
        with listening(port) as listener:
            port = int(listener.getsockname()[1])
            address = f"http://{HOST}:{port}/" + (f"#run={run}" if run is not None else "")
            application = app(lambda: shelves[0], Rules(port), beside=lambda: shelves[1] if shelves[1:] else None)
            say(f"{address}\nCtrl-C stops it")
            serve(application, listener, open_at=address if open_browser else None)
    finally:
        for shelf in shelves:
            shelf.close()
    end(is_busy=any(shelf.is_busy for shelf in shelves))


def end(*, is_busy: bool) -> None:
    """End the process where compiled code is at work in it: that cannot be asked to stop, and an interpreter that shuts
    down under it may crash. Else nothing is done."""
    if is_busy:
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
