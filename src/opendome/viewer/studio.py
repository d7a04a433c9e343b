"""`opendome studio`: the page with a form that changes a scenario, runs it, and compares it with where it started from.

The page talks to the routes below `/api/`, which need the session's token (`guard`). Nothing that a request says names
a file: starting points are looked up in a table filled at the start, and results go to folders that the server names.
"""

import asyncio
import json
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from opendome import __version__
from opendome.errors import InputError, Problem, ScenarioError
from opendome.export.page import plain
from opendome.scenario import keys, reader
from opendome.scenario.toml_out import dumps
from opendome.study.source import problems_at
from opendome.viewer import asked, server
from opendome.viewer.asked import Bad, Base
from opendome.viewer.changed import Changed, changed
from opendome.viewer.form import SENT, Form, Row, form, scenario_schema
from opendome.viewer.guard import Rules
from opendome.viewer.parts import answer, page_parts
from opendome.viewer.shelf import Shelf
from opendome.viewer.work import BusyError, Job, Task, Work

FOLDER = "results/studio"
"""Where results are kept unless another folder is named."""

PATH = "/studio"

NOTHING_YET = "nothing has been run here yet: start from the studio's page"

KEPT_MAX = 8
"""Scenarios of which the form is kept in memory."""

WAITING_MAX = 8
"""Requests that may wait to be looked at."""

PROBLEMS_MAX = 50
"""Most problems that are told at once."""

SAYS_MAX = 1_000
"""Longest sentence of a problem, characters."""


class Start(NamedTuple):
    """A scenario that may be started from."""

    name: str
    toml: str
    title: str
    note: str
    kind: str
    runs: int


class Opened(NamedTuple):
    """A scenario read for the form."""

    toml: str
    data: Mapping[str, Any]
    form: Form
    problems: list[Problem]


class Studio:
    """One session: what may be started from, what is open, and the work."""

    def __init__(self, starts: Mapping[str, Start], folder: Path) -> None:
        """Raises `InputError` if results cannot be kept in the folder."""
        self.starts = starts
        self.work = Work(folder, self._measured)
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._second_s: dict[str, float] = {}
        self._asked: Form | None = None
        self._one = asyncio.Lock()
        self._waiting = 0

    def _measured(self, job: Job, elapsed_s: float) -> None:
        """Remember how long a run of a scenario took, two of which were made."""
        if any(one.toml == job.task.start for one in self.starts.values()):
            self._second_s[job.task.start] = elapsed_s / (2 * job.task.runs)

    # ---- what is asked ----------------------------------------------------------------------------------------------

    def list_starts(self) -> dict[str, Any]:
        """Every scenario that may be started from."""
        rows = [{"name": one.name, "title": one.title, "note": one.note, "kind": one.kind, "runs": one.runs,
                 "seconds": self._guess(one)} for one in self.starts.values()]
        return {"starts": rows, "runs_max": asked.RUNS_MAX, "version": __version__}

    def _guess(self, one: Start) -> float | None:
        """How long a run of it and of a change may take, from the last time; None before the first."""
        each = self._second_s.get(one.toml)
        return None if each is None else round(2 * each * one.runs, 1)

    def open(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A scenario as a form."""
        found = self._read(asked.base_of(body))
        data = found.data
        return {"title": _text(data, "title"), "note": _text(data, "note"), "kind": _kind(data), "toml": found.toml,
                "schema": scenario_schema(), "document": plain(data),
                "rows": [_sent(row) for row in found.form.rows.values()],
                "groups": [{"name": name, "label": label, "note": note}
                           for name, (label, note) in found.form.groups.items()],
                "problems": _told(found.problems, found.form)}

    def check(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is wrong with a scenario after changes, and how its file would read."""
        found, new, problems = self._changed(body, ("changes",))
        return {"toml": new.toml, "problems": _told(problems, found.form), "outside": [
            {"path": one.row.path, "value": one.value, "low": one.row.low, "high": one.row.high}
            for one in new.made if one.is_outside]}

    def run(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Start a job. Raises `ScenarioError` if the changed scenario cannot be run, `BusyError` if a job is at
        work."""
        runs = asked.whole_of(body, "runs", 1, asked.RUNS_MAX)
        seed = asked.whole_of(body, "seed", 0, asked.SEED_MAX)
        found, new, problems = self._changed(body, ("changes", "runs", "seed"))
        if not problems and not new.data.get("stockpile") and not new.data.get("raids"):
            problems = [Problem("raids", "", "has no raids, so there is nothing to run")]
        if problems or found.problems:
            raise ScenarioError("the scenario", problems or found.problems)
        rows = [{"path": one.row.path, "label": one.row.label, "unit": one.row.unit, "from": one.row.value,
                 "to": one.value, "outside": one.is_outside} for one in new.made]
        number = self.work.run(Task(found.toml, new.toml, runs, seed), {"changes": rows, "toml": new.toml})
        self._asked = found.form
        return {"job": number}

    def progress(self) -> dict[str, Any]:
        """How far the job is."""
        found = self.work.progress()
        return {**found, "problems": _told(found["problems"], self._asked)}

    def result(self) -> Mapping[str, Any]:
        """What the last finished job found."""
        if self.work.done is None:
            raise HTTPException(404, NOTHING_YET)
        return self.work.done.result

    def mine(self) -> Shelf | None:
        """The study that the page at `/` shows; None before the first job is done."""
        return None if self.work.done is None else self.work.done.mine

    def start(self) -> Shelf | None:
        """The study beside it, the starting point's; None where that was not run."""
        return None if self.work.done is None else self.work.done.start

    async def alone(self, do: Callable[[], Any]) -> Any:
        """What `do` gives, in a thread, one at a time. Raises `HTTPException` if too many wait."""
        if self._waiting >= WAITING_MAX:
            raise HTTPException(429, "too many requests wait already: ask later")
        self._waiting += 1
        try:
            async with self._one:
                return await asyncio.shield(asyncio.to_thread(do))
        finally:
            self._waiting -= 1

    # ---- scenarios --------------------------------------------------------------------------------------------------

    def _read(self, base: Base) -> Opened:
        """The scenario of a base, and what is wrong with it as it stands."""
        if base.start is not None and base.start not in self.starts:
            raise Bad(f"start {base.start[:60]!r} is not in the list\nhint: GET /api/starts lists them")
        toml = self.starts[base.start].toml if base.start is not None else base.toml or ""
        if toml not in self._opened:
            self._opened[toml] = _opened(toml)
            while len(self._opened) > KEPT_MAX:
                self._opened.popitem(last=False)
        self._opened.move_to_end(toml)
        return self._opened[toml]

    def _changed(self, body: Mapping[str, Any], allowed: tuple[str, ...]) -> tuple[Opened, Changed, list[Problem]]:
        """The scenario of a body, with its changes made, and what is wrong with it then."""
        found = self._read(asked.base_of(body, allowed))
        changes = asked.changes_of(body)
        if not found.data:  # could not be read at all
            return found, Changed({}, found.toml, []), found.problems
        new = changed(found.data, found.form, changes)
        return found, new, found.problems if not new.made else problems_at(new.data, None)


def _opened(toml: str) -> Opened:
    """A scenario's text read for the form; a text that cannot be read has no rows."""
    try:
        data = asked.data_of(toml)
    except ScenarioError as error:
        return Opened(toml, {}, Form({}, {}), list(error.problems))
    bare = {key: found for key, found in data.items() if key != "variants"}
    return Opened(toml, data, form(data), problems_at(bare, None))


def starts_of(given: str = "") -> dict[str, Start]:
    """The shipped scenarios, and before them the one `given`: a shipped name, a file, or one of their variants. Raises
    `InputError` or `ScenarioError` for one that cannot be read."""
    names = reader.shipped_names()
    if given and given not in names:
        return {Path(given).name: _start(given)} | {name: _start(name) for name in names}
    ordered = [given, *(name for name in names if name != given)] if given else names
    return {name: _start(name) for name in ordered}


def _start(name: str) -> Start:
    toml, variant = reader.read(name)
    data = asked.data_of(toml)
    if variant:
        if problems := keys.vary(data, variant):
            raise ScenarioError(name, problems)
        toml = dumps(data)
    runs = data.get("runs", 200)
    is_number = isinstance(runs, int) and not isinstance(runs, bool)
    return Start(Path(name).name, toml, _text(data, "title"), _text(data, "note"), _kind(data),
                 min(max(runs, 1), asked.RUNS_MAX) if is_number else 200)


def _kind(data: Mapping[str, Any]) -> str:
    return "campaign" if data.get("stockpile") else "raid"


def _text(data: Mapping[str, Any], key: str) -> str:
    found = data.get(key, "")
    return found if isinstance(found, str) else ""


def _sent(row: Row) -> dict[str, Any]:
    """A row as the page reads it."""
    return {name: getattr(row, name) for name in SENT}


def _told(problems: list[Problem], found: Form | None) -> list[dict[str, str]]:
    """Problems as the page reads them, each with the nearest row."""
    rows = found.rows if found is not None else {}
    return [{"path": nearest_row(rows, one.where),
             "says": f"{f'{one.where} = {one.found}' if one.found else one.where}: {one.expected}"[:SAYS_MAX],
             "hint": one.hint[:SAYS_MAX]} for one in problems[:PROBLEMS_MAX]]


def nearest_row(rows: Mapping[str, Any], where: str) -> str:
    """The path of the row that a problem's place is nearest to: itself, the first below it, or the first beside it;
    "" where there is none."""
    where = where.replace("[", ".").replace("]", "")
    while where:
        if where in rows:
            return where
        if below := next((path for path in rows if path.startswith(where + ".")), ""):
            return below
        where = where.rpartition(".")[0]
    return ""


# ---- routes ---------------------------------------------------------------------------------------------------------


def application(session: Studio, rules: Rules) -> ASGIApp:
    """The application of a session: the page, its data once there are any, and the API. Raises `InputError` where the
    page was not built."""
    return server.app(session.mine, rules, routes(session), session.start)


def routes(session: Studio) -> list[Route]:
    """Where the studio lies: its page, and the API below `/api/`."""
    page = page_parts()["index.html"]

    async def index(request: Request) -> Response:
        return answer(request, page)

    def get(path: str, do: Callable[[], Mapping[str, Any]]) -> Route:
        async def now(request: Request) -> Any:
            return do()

        return _route(path, "GET", now)

    def post(path: str, do: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Route:
        async def work(request: Request) -> Any:
            body = asked.body_of(await request.body())
            return await session.alone(lambda: do(body))

        return _route(path, "POST", work)

    async def cancel(request: Request) -> Any:
        asked.body_of(await request.body() or b"{}")
        await asyncio.to_thread(session.work.cancel)
        return session.progress()

    return [Route(PATH, index), get("starts", session.list_starts), post("open", session.open),
            post("check", session.check), post("run", session.run), get("progress", session.progress),
            get("result", session.result), _route("cancel", "POST", cancel)]


def _route(path: str, method: str, do: Callable[[Request], Awaitable[Any]]) -> Route:
    """What `do` gives as JSON, and what it refuses as a sentence."""

    async def respond(request: Request) -> Response:
        if request.method != method:
            return _json({"error": f"only {method} is answered here"}, 405, {"allow": method})
        try:
            return _json(await do(request))
        except BusyError:
            return _json({"error": "a run is at work: cancel it, or wait until it is done"}, 409)
        except Bad as error:
            return _json({"error": str(error)}, 400)
        except ScenarioError as error:
            return _json({"error": str(error)[:SAYS_MAX], "problems": _told(list(error.problems), None)}, 422)
        except InputError as error:
            return _json({"error": str(error)[:SAYS_MAX]}, 422)

    return Route(f"/api/{path}", respond, methods=["GET", "POST"])  # a refusal of Starlette's own is no JSON


def _json(found: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return Response(body, status, {"cache-control": "no-store", **(headers or {})}, "application/json")


def studio(start: str = "", *, port: int = 0, open_browser: bool = True, out: str | Path = FOLDER,
           say: Callable[[str], None] = print) -> None:
    """Serve the studio until interrupted (Ctrl-C, or SIGTERM).

    `start` is opened first: a shipped scenario's name, a file, or one of their variants. `port` 0 takes a free one.
    Results are kept below `out`. `say` is told the address, which holds the session's token. Raises `InputError` or
    `ScenarioError` for what cannot be used, and where the page was not built.
    """
    session = Studio(starts_of(start), Path(out))
    try:
        with server.listening(port) as listener:
            port = int(listener.getsockname()[1])
            token = secrets.token_urlsafe(24)
            opened = f"&start={quote(next(iter(session.starts)), safe='')}" if start else ""
            address = f"http://{server.HOST}:{port}{PATH}#token={token}{opened}"
            served = application(session, Rules(port, token))
            say(f"{address}\nresults are kept in {session.work.folder}\nCtrl-C stops it")
            server.serve(served, listener, open_at=address if open_browser else None)
    finally:
        session.work.close()
    server.end(is_busy=session.work.is_flying)
