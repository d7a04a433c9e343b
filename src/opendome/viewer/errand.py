"""The work of the studio, in a process of its own (`work` starts it).

One line of JSON comes in and says what to run; lines of JSON go out and say how far it is, and at the end what was
found. The process ends with its parent: it watches its input, which closes when the parent is gone, and then removes
what it has half written. Compiled code cannot be asked to stop; a process can be ended.

    in   {"start": TOML, "mine": TOML, "runs", "seed", "start_folder", "start_is_kept", "mine_folder"}
    out  {"doing", "done", "total"} ... then {"result": {...}}, {"problems": [...]} or {"error": SENTENCE}
"""

import html
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from opendome.errors import OpenDomeError, ScenarioError

COMPARING, CHECKING, COMPILING = "comparing", "checking", "compiling"
STARTING_POINT, MINE = "starting point", "your scenario"
"""What is being done, in words."""

Say = Callable[[Mapping[str, Any]], None]


def main() -> None:
    """Do one errand, and end the process."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what else is printed is no answer
    lock = threading.Lock()

    def say(found: Mapping[str, Any]) -> None:
        with lock:
            out.write(json.dumps(found) + "\n")
            out.flush()

    asked = json.loads(_line())
    threading.Thread(target=_end_with_parent, args=(asked,), daemon=True).start()
    code = 0
    try:
        say(do(asked, say))
    except BrokenPipeError:
        code = 1
    os._exit(code)  # an interpreter that shuts down under compiled code may crash


def do(asked: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """Run both scenarios and compare them; the last line."""
    from opendome.kernel import announce_compiling

    try:
        with announce_compiling(_Told(say)):  # type: ignore[arg-type]
            return {"result": _compared(asked, say)}
    except ScenarioError as error:
        return {"problems": [asdict(problem) for problem in error.problems]}
    except OpenDomeError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "not enough memory for this many runs of this scenario\nhint: ask for fewer"}
    except Exception as error:
        if os.environ.get("OPENDOME_DEBUG") == "1":
            raise
        return {"error": f"OpenDome stopped on a mistake of its own ({type(error).__name__}): please report it; "
                         "OPENDOME_DEBUG=1 shows where"}


def leftovers(folder: Path, pid: int) -> None:
    """Remove what a process that was ended may have half written in the place of a folder."""
    for kind in ("partial", "before"):
        shutil.rmtree(folder.with_name(f".{folder.name}.{pid}.{kind}"), ignore_errors=True)


class _Told:
    """What the compiler is announced to: passes on that it is at work."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def write(self, text: str) -> int:
        """Say so."""
        self._say({"doing": COMPILING, "done": 0, "total": 0})
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def _compared(asked: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """What the page shows of the two scenarios, with both results on disk."""
    from opendome.results import Results
    from opendome.study.differences import differences
    from opendome.study.source import checked

    say({"doing": CHECKING, "done": 0, "total": 0})
    base, mine = (checked(name, _data(asked[key])) for name, key in ((STARTING_POINT, "start"), (MINE, "mine")))
    is_same = not differences(base, mine)
    start: Results | None = None
    if not is_same:
        start = _kept(asked) if asked["start_is_kept"] else None
        if start is None:
            start = _ran(base, asked, "start", say)
        say({"saved": "start"})
    ran = _ran(mine, asked, "mine", say)
    say({"doing": COMPARING, "done": 0, "total": 0})
    return {"rows": [] if start is None else _rows(start, ran), "title": mine.title,
            "answer_start": _answer(ran if start is None else start), "answer_mine": _answer(ran),
            "replay": mine.stockpile is None, "is_same": is_same}


def _data(toml: str) -> dict[str, Any]:
    from opendome.scenario import reader

    data = reader.read_toml(toml, "the scenario")
    data.pop("variants", None)
    return data


def _kept(asked: Mapping[str, Any]) -> Any:
    """The starting point's results of last time; None if they are not as they were left."""
    from opendome.results import Results

    try:
        found = Results.open(asked["start_folder"])
    except OpenDomeError:
        return None
    is_it = (found.manifest["runs"], found.manifest["seed"]) == (asked["runs"], asked["seed"])
    return found if is_it else None


def _ran(scenario: Any, asked: Mapping[str, Any], which: str, say: Say) -> Any:
    """The results of a scenario, written to its folder."""
    from opendome import study

    doing = STARTING_POINT if which == "start" else MINE

    def progress(done: int, total: int) -> None:
        say({"doing": doing, "done": done, "total": total})

    return study.run(scenario, runs=asked["runs"], seed=asked["seed"], out=asked[f"{which}_folder"], progress=progress)


def _rows(start: Any, mine: Any) -> list[dict[str, Any]]:
    """The paired differences, one row for each figure and group; unknown numbers are None."""
    from opendome.export.page import plain
    from opendome.report import compare_words as words
    from opendome.results.figures import FIGURES
    from opendome.study.compare import compute, is_clear

    rows = compute(start, mine).table.to_dict(orient="records")
    found: list[dict[str, Any]] = plain([
        {"name": words.label(row), "unit": FIGURES[str(row["figure"])].unit, "start": row["value_a"],
         "start_error": row["error_a"], "mine": row["value_b"], "mine_error": row["error_b"],
         "difference": row["difference"], "difference_error": row["error"], "is_clear": is_clear(row)} for row in rows])
    return found


def _answer(results: Any) -> list[str]:
    """What happened, why it leaked and what it cost, as plain sentences."""
    from opendome.report.minute import answers

    told = [html.unescape(re.sub(r"<[^>]*>", "", words)) for _, words in answers(results, results.summary())]
    return [words for words in told if words]


def _line() -> bytes:
    """The line that says what to do, and not a byte more."""
    found = bytearray()
    while not found.endswith(b"\n"):
        if not (more := os.read(0, 65536)):
            os._exit(1)
        found += more
    return bytes(found)


def _end_with_parent(asked: Mapping[str, Any]) -> None:
    """End at once when the input closes, with nothing half written left."""
    while os.read(0, 65536):
        pass
    for which in ("start", "mine"):
        leftovers(Path(asked[f"{which}_folder"]), os.getpid())
    mine = Path(asked["mine_folder"])
    if mine.is_dir() and not any(mine.iterdir()):
        mine.rmdir()
    os._exit(1)
