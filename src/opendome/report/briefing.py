"""The replay inside a report: the built page's script and style, and the data of runs, all in the one file.

The page finds its data in blocks of the file (gzip, base64) before it asks any server. Its script is kept as text until
the reader starts the replay, so that the report is there at once and prints without it. The file stays below 5 MB:
beliefs and tracks are thinned further where needed, then raids are left out, and the report says so (`fit`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from opendome.errors import InputError
from opendome.export import page as page_data
from opendome.report import fit, minute
from opendome.report.html import code, text
from opendome.report.map import RECORDED

if TYPE_CHECKING:
    from opendome.results import Results

MOST_BYTES = 5_000_000
"""Largest report with a replay."""

OBJECTS = "objects.arrow"

LINKS = 12
"""Leakers of each run that the report links to."""

NOT_ASKED = "This report was made without a replay."
CAMPAIGN = "Campaigns are told month by month; there is no single raid to replay."
NOT_BUILT = ("The replay is not in this report, as the page that shows it was not built where the report was made "
             "(`pip install .` builds it, in a checkout `make web`).")

Progress = Callable[[int, int], None]

Parts = Mapping[str, bytes]
"""One raid of one run by the name of each part."""


class Page(NamedTuple):
    """The built page."""

    script: str
    style: str


class Inside(NamedTuple):
    """What a report holds of a replay: a section, and what stands at the end of the file."""

    section: str
    end: str = ""
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()


def built() -> Page | None:
    """Script and style of the built page; None where it was not built."""
    folder = files("opendome") / "viewer" / "_web"
    if not (folder / "app.js").is_file() or not (folder / "app.css").is_file():
        return None
    script, style = ((folder / name).read_text(encoding="utf-8") for name in ("app.js", "app.css"))
    return Page(script_text(script), re.sub(r"</(?=style)", r"<\\/", style, flags=re.IGNORECASE))


def script_text(script: str) -> str:
    """A script as it may stand in a page: what would end its element, or hide its end, is written with an escape."""
    ends = re.sub(r"</(?=script)", r"<\\/", script.replace("\r\n", "\n"), flags=re.IGNORECASE)
    return ends.replace("<!--", "\\x3c!--").replace("\0", "\\0")


def inside(results: Results, *, room: int, replay: bool = True, runs: Sequence[int | str] | None = None,
           summary: Mapping[str, Any] | None = None, progress: Progress | None = None) -> Inside:
    """Replays of runs in at most `room` bytes, or a sentence that says why there is none: of those named, or of the
    recorded run and, if both fit well, the one with the most leakers. `progress` is told how many raids have been flown
    again, of how many. Raises `InputError` for runs that the study does not have."""
    if runs is not None and (results.scenario.stockpile is not None or not replay):
        raise InputError("--replay-runs\n  is for reports with a replay\nhint: leave it out" + (
            "" if results.scenario.stockpile is None else "; campaigns have none"))
    if results.scenario.stockpile is not None:
        return Inside(f"<p>{CAMPAIGN}</p>")
    if not replay:
        return Inside(f"<p>{NOT_ASKED}</p>")
    asked = None if runs is None else fit.run_numbers(results, runs)
    page = built()
    if page is None:
        return Inside(f"<p>{code(NOT_BUILT)}</p>")
    boot, bar = (_own(name) for name in ("replay.js", "replay.css"))
    try:
        index = fit.block("index.json", page_data.json_bytes(page_data.index(results, summary)))
        frame = len((page.script + page.style + boot + bar).encode()) + 2_000 + len(index)
        shown, fitted = fit.chosen(results, asked, room - frame, _counted(results, progress))
    except InputError as error:
        return Inside(f"<p>The replay is not in this report: {text(str(error).splitlines()[0])}.</p>")
    if not fitted.shown:
        return Inside(f"<p>The replay is not in this report: it would be larger than {MOST_BYTES // 1_000_000} MB.</p>")
    end = (f'<div id="replay-bar"><button type="button" id="replay-back">Back to the text</button></div>'
           f'<div id="app" hidden></div>\n<style id="page-style" media="not all">{page.style}</style>\n'
           f"<style>{bar}</style>\n{index}{fitted.blocks}"
           f'<script type="text/plain" id="replay-code">{page.script}</script>\n<script>{boot}</script>\n')
    return Inside(_section(results, shown, fitted), end, (page.style, bar), (page.script, boot))


def _own(name: str) -> str:
    return "\n" + (files("opendome.report") / name).read_text(encoding="utf-8")


def _counted(results: Results, progress: Progress | None) -> fit.Fly:
    """Flies runs again, and tells of each raid."""
    n, begun = len(results.scenario.raids), 0

    def fly(run: int) -> Iterator[tuple[str, Parts]]:
        nonlocal begun
        begun += 1
        for done, found in enumerate(page_data.replay_raids(results, run)):
            if progress:
                progress((begun - 1) * n + done + 1, begun * n)
            yield found

    return fly


# ---- the section --------------------------------------------------------------------------------------------------


def _section(results: Results, runs: Sequence[int], fitted: fit.Fitted) -> str:
    """What is said of the replays of these runs, with links to the leakers."""
    held = list(dict.fromkeys(run for run, _ in fitted.shown))
    missing = [raid if len(runs) == 1 else f"{raid} of run {run}" for run in runs for raid in results.scenario.raids
               if (run, raid) not in fitted.shown]
    left_out = f" Left out, as the file would be too large: {', '.join(map(text, missing))}." if missing else ""
    beliefs = (f", and what the defence believed of an object every {fitted.grain.belief_km:g} km of its way"
               if fitted.grain.belief_km else "")
    return ('<p><button type="button" id="replay-start" hidden>Start the replay</button></p>'
            f"<p>{_which(results, held)}, second by second on a globe or a flat map."
            + (" The list at the right end of the time line changes between them." if held[1:] else "")
            + " It is in this file and needs JavaScript, a browser of 2023 or later, and no network. Paths are drawn "
            f"to {fitted.bound_m:,.0f} m of those simulated{beliefs}.{left_out}</p>"
            + "".join(_leaks(fitted, run, is_alone=len(held) == 1) for run in held))


def _which(results: Results, runs: Sequence[int]) -> str:
    """The runs that can be seen, in words."""
    outcomes, marks = page_data.outcomes(results), fit.marked(results)
    leakers = dict(zip(outcomes["run"], outcomes["leakers"], strict=True))
    words = []
    for run in runs:
        facts = [f"{leakers[run]:,} leaked", *(f"the {mark} of all" for mark in ("fewest", "most")
                                               if marks[mark] == run and len(leakers) > 1)]
        facts += ["the run that the map shows"] * (run == RECORDED)
        words.append(f"run {run} ({'; '.join(facts)})")
    whole = minute.listed(words)
    return f"{whole[:1].upper()}{whole[1:]} of {len(leakers):,}"


def _leaks(fitted: fit.Fitted, run: int, *, is_alone: bool) -> str:
    links = list(_links({raid: parts for (one, raid), parts in fitted.shown.items() if one == run},
                        "" if is_alone else f"run={run}&"))
    of = "that run" if is_alone else f"run {run}"
    more = f" ({len(links) - LINKS} more are in the replay)" if len(links) > LINKS else ""
    return (f"<p>What leaks in {of}{more}; each line opens the replay a minute before:</p>"
            f'<ul class="links">{"".join(links[:LINKS])}</ul>') if links else f"<p>Nothing leaks in {of}.</p>"


def _links(kept: Mapping[str, Parts], before: str) -> Iterator[str]:
    """The leakers as links into the replay, raid by raid in the order in which they come down; `before` stands first in
    each."""
    for raid, parts in kept.items():
        for row in sorted(_rows(parts[OBJECTS]), key=lambda row: float(row["end_s"])):
            if row["kind"] == "threat" and row["fate"] == "leaked":
                end_s = float(row["end_s"])
                state = f"{before}raid={quote(raid, safe='')}&t={max(end_s - 60.0, 0.0):.0f}&sel={int(row['id'])}"
                words = f"{raid}: {row['name']} ({row['type']}) at T+{clock(end_s)}"
                why = f", {row['reason']}" if row["reason"] else ""
                yield f'<li><a href="#{text(state)}">{text(words)}</a>{text(why)}</li>'


def clock(t_s: float) -> str:
    """Seconds as minutes and seconds, with hours from one hour on."""
    minutes, seconds = divmod(int(t_s), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}" if minutes >= 60 else f"{minutes}:{seconds:02d}"


def _rows(arrow: bytes) -> list[dict[str, Any]]:
    """The rows of an Arrow stream as plain data."""
    import pyarrow as pa

    rows: list[dict[str, Any]] = pa.ipc.open_stream(arrow).read_all().to_pylist()
    return rows
