"""The report: one HTML file that tells a study, opens offline and loads nothing.

Charts are plain dictionaries (`charts`), drawn here as SVG (`svg`), each with a table beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.results import Results

__all__ = ["write_report"]


def write_report(results: Results | str | Path, out: str | Path, *, replay: bool = True,
                 replay_runs: Sequence[int | str] | None = None,
                 progress: Callable[[int, int], None] | None = None) -> Path:
    """Write the report of results, or of a results folder, to the file `out`, whole or not at all; returns its path.

    With `replay`, runs are inside, to be played in the browser; the file stays below 5 MB. `replay_runs` names them by
    number, or as `fewest`, `median` and `most` by their leakers; without it, they are the recorded run (0) and, if both
    fit, the one with the most leakers. Where none can be, as the page was not built or the results are another
    version's, the report says so. `progress` is told how many raids have been flown again, of how many. Raises
    `InputError` for runs that the study does not have.
    """
    from opendome.report.page import page
    from opendome.results import Results

    found = results if isinstance(results, Results) else Results.open(results)
    out = Path(out)
    if out.is_dir():
        raise InputError(f"{out}: is a folder\nhint: name a file, for example {out / 'report.html'}")
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        made = page(found, replay=replay, replay_runs=replay_runs, progress=progress)
        temporary.write_text(made, encoding="utf-8", newline="\n")
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
    return out
