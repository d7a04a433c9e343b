"""The replay inside a report: the built page's script and style, and one run's data, all in the one file.

The page finds its data in blocks of the file (gzip, base64) before it asks any server. Its script is kept as text until
the reader starts the replay, so that the report is there at once and prints without it. The file stays below 5 MB:
tracks are thinned further where needed, then raids are left out, and the report says so.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from opendome.errors import InputError
from opendome.export import page as page_data
from opendome.report.html import code, text
from opendome.report.map import RECORDED
from opendome.report.thin import COARSEST_M, thinned

if TYPE_CHECKING:
    from opendome.results import Results

MOST_BYTES = 5_000_000
"""Largest report with a replay."""

META, TRACKS, OBJECTS = "meta.json", "tracks.arrow", "objects.arrow"

LINKS = 12
"""Leakers that the report links to."""

NOT_ASKED = "This report was made without a replay."
CAMPAIGN = "Campaigns are told month by month; there is no single raid to replay."
NOT_BUILT = ("The replay is not in this report, as the page that shows it was not built where the report was made "
             "(`pip install .` builds it, in a checkout `make web`).")

Progress = Callable[[int, int], None]

Parts = dict[str, bytes]
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


def inside(results: Results, *, room: int, replay: bool = True, progress: Progress | None = None) -> Inside:
    """The replay of the recorded run in at most `room` bytes, or a sentence that says why there is none. `progress` is
    told how many raids have been flown again, of how many."""
    if results.scenario.stockpile is not None:
        return Inside(f"<p>{CAMPAIGN}</p>")
    if not replay:
        return Inside(f"<p>{NOT_ASKED}</p>")
    page = built()
    if page is None:
        return Inside(f"<p>{code(NOT_BUILT)}</p>")
    try:
        index, raids = _data(results, progress or (lambda done, total: None))
    except InputError as error:
        return Inside(f"<p>The replay is not in this report: {text(str(error).splitlines()[0])}.</p>")
    boot, bar = (_own(name) for name in ("replay.js", "replay.css"))
    frame = len((page.script + page.style + boot + bar).encode()) + 2_000
    kept, bound_m = fitting(raids, room - frame - len(_block("index.json", index)))
    if not kept:
        return Inside(f"<p>The replay is not in this report: it would be larger than {MOST_BYTES // 1_000_000} MB.</p>")
    blocks = _block("index.json", index) + "".join(_blocks(kept))
    end = (f'<div id="replay-bar"><button type="button" id="replay-back">Back to the text</button></div>'
           f'<div id="app" hidden></div>\n<style id="page-style" media="not all">{page.style}</style>\n'
           f"<style>{bar}</style>\n{blocks}"
           f'<script type="text/plain" id="replay-code">{page.script}</script>\n<script>{boot}</script>\n')
    section = _section(kept, [name for name in raids if name not in kept], bound_m)
    return Inside(section, end, (page.style, bar), (page.script, boot))


def _own(name: str) -> str:
    return "\n" + (files("opendome.report") / name).read_text(encoding="utf-8")


def _data(results: Results, progress: Progress) -> tuple[bytes, dict[str, Parts]]:
    """The index as JSON, and the parts of each raid of the recorded run."""
    index, found = page_data.json_bytes(page_data.index(results)), {}
    for done, raid in enumerate(results.scenario.raids):
        progress(done, len(results.scenario.raids))
        found[raid] = page_data.replay_parts(results, RECORDED, raid)
    progress(len(found), len(found))
    return index, found


def fitting(raids: Mapping[str, Parts], room: int) -> tuple[dict[str, Parts], float]:
    """The raids that fit into `room` bytes of blocks, and the largest error of their tracks in metres.

    Tracks are thinned to twice the error again and again, down to `COARSEST_M`; then the last raids are left out.
    """
    bound_m = max((_thinned_m(parts) for parts in raids.values()), default=0.0)
    shown = dict(raids)
    while _size(shown) > room and bound_m < COARSEST_M:
        bound_m = max(2.0 * bound_m, 100.0)
        shown = {name: _coarser(parts, bound_m) for name, parts in raids.items()}
    while shown and _size(shown) > room:
        shown.popitem()
    return shown, bound_m


def _size(raids: Mapping[str, Parts]) -> int:
    return sum(map(len, _blocks(raids)))


def _thinned_m(parts: Parts) -> float:
    return float(json.loads(parts[META])["thinned_m"])


def _coarser(parts: Parts, bound_m: float) -> Parts:
    """The parts with tracks that are off by at most `bound_m`."""
    meta = json.loads(parts[META]) | {"thinned_m": bound_m}
    more_m = bound_m - _thinned_m(parts)
    tracks = {name: thinned(data, more_m) for name, data in parts.items() if name.startswith("tracks")}
    return parts | tracks | {META: json.dumps(meta, ensure_ascii=False).encode()}


def _blocks(raids: Mapping[str, Parts]) -> Iterator[str]:
    """Each part of each raid of the recorded run as an element."""
    for raid, parts in raids.items():
        for name, data in parts.items():
            yield _block(f"replay/{RECORDED}/{raid}/{name}", data)


def _block(name: str, data: bytes) -> str:
    """Data as an element that no browser runs."""
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return f'<script type="application/octet-stream" id="data:{text(name)}">{packed}</script>\n'


# ---- the section --------------------------------------------------------------------------------------------------


def _section(kept: Mapping[str, Parts], left_out: Sequence[str], bound_m: float) -> str:
    missing = (f" Left out, as the file would be too large: {', '.join(map(text, left_out))}." if left_out else "")
    links = list(_links(kept))
    more = f" ({len(links) - LINKS} more are in the replay)" if len(links) > LINKS else ""
    leaks = (f"<p>What leaks in that run{more}; each line opens the replay a minute before:</p>"
             f'<ul class="links">{"".join(links[:LINKS])}</ul>') if links else "<p>Nothing leaks in that run.</p>"
    return ('<p><button type="button" id="replay-start" hidden>Start the replay</button></p>'
            f"<p>Run {RECORDED}, the run that the map shows, second by second on a globe or a flat map. It is one run "
            "of many; the figures above are of all. It is in this file and needs JavaScript, a browser of 2023 or "
            f"later, and no network. Paths are drawn to {bound_m:,.0f} m of those simulated.{missing}</p>" + leaks)


def _links(kept: Mapping[str, Parts]) -> Iterator[str]:
    """The leakers as links into the replay, raid by raid in the order in which they come down."""
    for raid, parts in kept.items():
        for row in sorted(_rows(parts[OBJECTS]), key=lambda row: float(row["end_s"])):
            if row["kind"] == "threat" and row["fate"] == "leaked":
                end_s = float(row["end_s"])
                state = f"raid={quote(raid, safe='')}&t={max(end_s - 60.0, 0.0):.0f}&sel={int(row['id'])}"
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
