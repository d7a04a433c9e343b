"""The studio's queue of one: a child process runs two scenarios and compares them; it can be stopped at once.

Results lie in folders that the server names: 0007-mine and 0007-start for the seventh job. A starting point that was
run before with the same runs and seed is not run again. A job that is stopped leaves no half-written folder; finished
ones are kept for ever. The numbers go on from those that are there, so that two studios may share a folder.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError
from opendome.results import Results
from opendome.viewer import errand
from opendome.viewer.shelf import Shelf, shelf_of

STOP_S = 2.0
"""Longest that a stopped process is waited for."""

LINE_MAX = 8_000_000
"""Longest line that is taken from the process, characters."""

NUMBERED = re.compile(r"(\d{4,})-(?:start|mine)")

START = "import sys; sys.path.append(sys.argv[1]); from opendome.viewer.errand import main; main()"
"""The process: with -P it takes no module of the folder that it happens to start in."""

ENDED = ("the process that ran it has ended unexpectedly, as when memory runs out\nhint: ask for fewer runs; "
         "OPENDOME_DEBUG=1 shows what it said")


class BusyError(Exception):
    """A job is at work."""


class Task(NamedTuple):
    """What is to be run: both scenarios as TOML text."""

    start: str
    mine: str
    runs: int
    seed: int


class Job(NamedTuple):
    """A job and its folders."""

    number: int
    task: Task
    start: Path
    mine: Path
    facts: Mapping[str, Any]
    """What the result says besides what the process finds."""


class Done(NamedTuple):
    """What a finished job left: the result as the page reads it, and both studies."""

    result: Mapping[str, Any]
    mine: Shelf
    start: Shelf | None
    """None where nothing differs, so that the starting point was not run."""


class Work:
    """Runs one job at a time, with its results below a folder. `close` it at the end."""

    def __init__(self, folder: Path, on_done: Callable[[Job, float], None] | None = None) -> None:
        """Raises `InputError` if results cannot be kept in the folder."""
        self.folder = folder.absolute()
        self.done: Done | None = None
        self._on_done = on_done
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._job: Job | None = None
        self._kept: dict[str, Path] = {}
        self._state: dict[str, Any] = {"state": "idle", "doing": "", "done": 0, "total": 0, "error": "", "problems": []}
        self._began, self._ended = 0.0, 0.0
        self._has_compiled = False
        self._flown: list[Shelf] = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder}: results cannot be kept there ({error.strerror})\n"
                             "hint: name another folder by --out") from None
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise InputError(f"{folder}: may not be written to\nhint: name another folder by --out")

    def progress(self) -> dict[str, Any]:
        """How far the job is, as the page reads it."""
        with self._lock:
            now = time.monotonic() if self.is_busy else self._ended
            return {"job": None if self._job is None else self._job.number, **self._state,
                    "elapsed_s": round(now - self._began, 1)}

    @property
    def is_busy(self) -> bool:
        """Whether a job is at work."""
        return self._state["state"] in ("waiting", "running")

    @property
    def is_flying(self) -> bool:
        """Whether a replay is being flown in this process, which then cannot end in peace."""
        return any(shelf.is_busy for shelf in self._flown)

    def run(self, task: Task, facts: Mapping[str, Any]) -> int:
        """Start a job; its number. Raises `BusyError` if one is at work, and `InputError` if its folder cannot be
        made."""
        with self._lock:
            if self.is_busy:
                raise BusyError
            number, mine = self._new_folder()
            kept = self._kept.get(_key(task))
            start = kept or mine.with_name(f"{number:04d}-start")
            self._job = job = Job(number, task, start, mine, facts)
            self._state = {"state": "waiting", "doing": "", "done": 0, "total": 0, "error": "", "problems": []}
            self._began = time.monotonic()
            self._has_compiled = False
            self._process = process = _child()
            self._thread = threading.Thread(target=self._follow, args=(job, process, kept is not None), daemon=True,
                                            name="opendome-job")
            self._thread.start()
            return number

    def cancel(self) -> dict[str, Any]:
        """Stop the job, if there is one, whatever it is at; how it stands then."""
        with self._lock:
            process, job = self._process, self._job
            if process is None or job is None or not self.is_busy:
                return self.progress()
            self._end("cancelled")
        _stop(process, job)
        return self.progress()

    def close(self) -> None:
        """Stop what is at work, and let go of the studies."""
        self.cancel()
        with self._lock:
            for shelf in self._flown:
                shelf.close()

    def _new_folder(self) -> tuple[int, Path]:
        """A number that no job has had, and its folder, empty: who makes it has it."""
        try:
            taken = [int(found[1]) for path in self.folder.iterdir() if (found := NUMBERED.fullmatch(path.name))]
            for number in range(max(taken, default=0) + 1, 10**9):
                folder = self.folder / f"{number:04d}-mine"
                with suppress(FileExistsError):
                    folder.mkdir()
                    return number, folder
        except OSError as error:
            raise InputError(f"{self.folder}: results cannot be kept there ({error.strerror})") from None
        raise InputError(f"{self.folder}: holds too many results")

    def _follow(self, job: Job, process: "subprocess.Popen[bytes]", is_kept: bool) -> None:
        """Tell the process what to do, and listen to it until it ends."""
        task = job.task
        asked = {**task._asdict(), "start_folder": str(job.start), "mine_folder": str(job.mine),
                 "start_is_kept": is_kept}
        problems: list[Problem] = []
        last: Mapping[str, Any] = {}
        with process:
            with suppress(OSError, ValueError, KeyError, TypeError):  # it was ended, or what it says makes no sense
                last = self._listen(job, process, asked)
                problems = [Problem(**one) for one in last.get("problems", ())]
            _stop(process, job)  # its folder goes unless it is whole
        said = str(ScenarioError("your scenario", problems)) if problems else str(last.get("error", ENDED))
        if "result" in last:
            try:
                self._finish(job, last["result"])
                return
            except OpenDomeError as error:
                said = str(error)
            except Exception as error:
                if os.environ.get("OPENDOME_DEBUG") == "1":
                    traceback.print_exception(error)
                said = f"the results cannot be shown ({type(error).__name__}): please report it; they are in {job.mine}"
        with self._lock:
            if self._job is job and self.is_busy:
                self._end("failed", said, problems)

    def _listen(self, job: Job, process: "subprocess.Popen[bytes]", asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Tell a process what to do, and what it says last."""
        assert process.stdin is not None
        assert process.stdout is not None
        last: Mapping[str, Any] = {}
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
        while line := process.stdout.readline(LINE_MAX):
            found = dict(json.loads(line))
            if "doing" in found:
                self._told(job, found)
            elif "saved" in found:
                self._keep(job)
            else:
                last = found
        return last

    def _told(self, job: Job, found: Mapping[str, Any]) -> None:
        with self._lock:
            if self._job is not job or not self.is_busy:
                return
            self._has_compiled |= found["doing"] == errand.COMPILING
            is_still_compiling = self._state["doing"] == errand.COMPILING and found["total"] and not found["done"]
            if not is_still_compiling:
                self._state |= {"state": "running", **{key: found[key] for key in ("doing", "done", "total")}}

    def _keep(self, job: Job) -> None:
        with self._lock:
            self._kept[_key(job.task)] = job.start

    def _finish(self, job: Job, found: Mapping[str, Any]) -> None:
        """Open what the job wrote, for the page to read."""
        mine = shelf_of(Results.open(job.mine), errand.MINE, 2)
        start = None if found["is_same"] else shelf_of(Results.open(job.start), errand.STARTING_POINT, 2)
        result = {"job": job.number, "runs": job.task.runs, "seed": job.task.seed, **job.facts,
                  **{key: found[key] for key in ("title", "rows", "answer_start", "answer_mine", "replay")},
                  "folder": str(job.mine), "folder_start": "" if start is None else str(job.start)}
        with self._lock:
            if self._job is not job or not self.is_busy:  # stopped meanwhile
                return
            before, self.done = self.done, Done(result, mine, start)
            for shelf in (before.mine, before.start) if before else ():
                if shelf is not None:
                    shelf.close()
            self._flown = [shelf for shelf in self._flown if shelf.is_busy]
            self._flown += [shelf for shelf in (mine, start) if shelf is not None]
            self._end("done")
        if self._on_done and not self._has_compiled:  # that is done once, and says nothing of the next job
            self._on_done(job, self._ended - self._began)

    def _end(self, state: str, error: str = "", problems: list[Problem] | None = None) -> None:
        self._state |= {"state": state, "error": error, "problems": problems or []}
        self._ended = time.monotonic()


def _key(task: Task) -> str:
    """What a starting point's results depend on."""
    return hashlib.sha256(json.dumps([task.start, task.runs, task.seed]).encode()).hexdigest()


def _child() -> "subprocess.Popen[bytes]":
    """A new process that waits for what it is to do. Only this one's end of its input is open, so that it sees when
    this one is gone."""
    is_debug = os.environ.get("OPENDOME_DEBUG") == "1"
    package = Path(errand.__file__).parents[2]
    return subprocess.Popen([sys.executable, "-P", "-c", START, str(package)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=None if is_debug else subprocess.DEVNULL,
                            start_new_session=True)  # Ctrl-C is for the server, which then ends it


def _stop(process: "subprocess.Popen[bytes]", job: Job) -> None:
    """End a process, and take away what it has half written."""
    if process.poll() is None:
        process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_S)
    for folder in (job.start, job.mine):
        errand.leftovers(folder, process.pid)
    _remove_empty(job.mine)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
