"""What can go wrong, said so that it can be put right.

Every exception that a user may see derives from `OpenDomeError`. Kernels never raise: they return
one of the status codes below, and the caller at the edge turns it into a sentence.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Status(IntEnum):
    """What a kernel reports about one unit of work."""

    OK = 0
    STEP_LIMIT = 1
    """The integrator ran out of steps before the end of the flight."""
    NOT_FINITE = 2
    """A state stopped being a number."""
    NO_CONVERGENCE = 3
    """An iteration did not reach its tolerance."""
    BUFFER_FULL = 4
    """More was to be recorded than the table has rows for."""


class OpenDomeError(Exception):
    """Base of every error that OpenDome raises on purpose."""


class InputError(OpenDomeError, ValueError):
    """Something given by the caller cannot be used; the message says what would be right."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input: where, what was found, what would be right, what to do."""

    where: str
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        head = f"{self.where} = {self.found}" if self.found else self.where
        text = f"{head}\n  {self.expected}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class ScenarioError(InputError):
    """A scenario or catalogue cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        super().__init__(f"{source}: {count}\n" + "\n".join(str(p) for p in self.problems))


def at(where: str, error: OpenDomeError) -> OpenDomeError:
    """The same error with the place that it was met at in front."""
    if isinstance(error, ScenarioError):
        return ScenarioError(f"{where}: {error.source}", error.problems)
    return type(error)(f"{where}: {error}")


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence naming the known names closest to `name`, or all of them when few, or ""."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.55)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    if names and len(names) <= 12:
        return "known: " + ", ".join(names)
    return ""
