"""How the command line speaks: answers on stdout; errors with their exit codes, hints and progress on stderr."""

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError

DONE, FOUND_PROBLEMS, WRONG_INPUT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
"""Exit codes."""

LINE_EVERY_S = 10.0
"""Time between two lines of progress where there is no terminal."""

Progress = Callable[[int, int], None]


class PipeClosedError(Exception):
    """What reads our output has gone (`opendome list sources | head -1`): nothing more to say."""


def answer(text: str) -> None:
    """Data, on stdout."""
    try:
        print(text, end="" if text.endswith("\n") else "\n", flush=True)
    except BrokenPipeError:
        raise PipeClosedError from None


def say(text: str) -> None:
    """One line of talk."""
    print(text, file=sys.stderr, flush=True)


def problem_lines(source: str, problems: tuple[Problem, ...] | list[Problem]) -> str:
    """Every problem with the file's name in front, and how many there are."""
    count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
    return "\n".join([*(f"{source}: {problem}" for problem in problems), f"{source}: {count}"])


@contextmanager
def notes() -> Iterator[None]:
    """Say warnings inside the block as plain sentences, each once."""
    said: set[str] = set()

    def note(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in said:
            said.add(str(message))
            say(f"note: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = note
        yield


def explain(error: BaseException) -> int:
    """Say on stderr what went wrong, without a traceback; the exit code."""
    if isinstance(error, PipeClosedError):
        return PIPE_CLOSED
    if isinstance(error, KeyboardInterrupt):
        say("interrupted; nothing was written")
        return INTERRUPTED
    if isinstance(error, ScenarioError):
        say(problem_lines(error.source, error.problems))
        return WRONG_INPUT
    if isinstance(error, OpenDomeError):
        say(str(error))
        return WRONG_INPUT if isinstance(error, InputError) else FOUND_PROBLEMS
    if isinstance(error, MemoryError):
        say("not enough memory for this many runs of this scenario\nhint: ask for fewer with --runs")
        return FOUND_PROBLEMS
    if isinstance(error, OSError) and error.filename is not None:
        say(f"{error.filename}: {error.strerror}")
        return WRONG_INPUT
    say(f"opendome stopped on a mistake of its own ({type(error).__name__}: {_first_line(error)}): please report it; "
        "OPENDOME_DEBUG=1 shows where")
    if os.environ.get("OPENDOME_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    return FOUND_PROBLEMS


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Ctrl-C ends the process there and then: nothing is being written, and threads in compiled code cannot be asked.

    An exception raised in the middle of the compiler, or an interpreter that shuts down under running kernels, can
    crash instead.
    """
    def stop(*_: object) -> None:
        if sys.stderr.isatty():
            print("\x1b[?25h", end="", file=sys.stderr)  # the bar hides the cursor
        os._exit(explain(KeyboardInterrupt()))

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def progress_of(what: str, is_quiet: bool) -> Iterator[Progress | None]:
    """A function to be told (done, total) of runs or points: a bar with the time left on a terminal, else a line now
    and then."""
    if is_quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(what) as progress:
            yield progress
    else:
        yield _lines(what)


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("left"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(what: str) -> Progress:
    first: list[float] = []  # when the first were done, and how many: the compiler may have worked before that
    said = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        now = time.monotonic()
        if not first and done > 0:
            first.extend((now, done))
        if now - said[0] >= LINE_EVERY_S and done < total:
            said[0] = now
            more = done - first[1] if first else 0
            left = f", about {_span((now - first[0]) / more * (total - done))} left" if more else ""
            say(f"{done:,} of {total:,} {what}{left}")

    return progress


def _span(time_s: float) -> str:
    return f"{time_s:.0f} s" if time_s < 90 else f"{time_s / 60:.0f} min"
