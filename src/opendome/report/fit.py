"""Which runs a briefing replays, and how their replays are made to fit into it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from opendome.errors import InputError, nearest
from opendome.export import page as page_data
from opendome.report.html import text
from opendome.report.map import RECORDED
from opendome.report.thin import sparser, thinned

if TYPE_CHECKING:
    from opendome.results import Results

META, BELIEFS = "meta.json", "beliefs.arrow"

Parts = Mapping[str, bytes]
"""One raid of one run by the name of each part."""

Flown = Mapping[tuple[int, str], Parts]
"""Raids of runs."""

Fly = Callable[[int], Iterator[tuple[str, Parts]]]
"""The raids of a run, flown again."""


class Grain(NamedTuple):
    """How fine a replay is kept."""

    belief_km: float
    """How far two beliefs of one object are apart at least; 0: all that there are."""
    bound_m: float
    """How far tracks may be off; 0: as they are."""


GRAINS = (Grain(0.0, 0.0), Grain(5.0, 0.0), Grain(10.0, 0.0), Grain(20.0, 0.0), Grain(20.0, 400.0),
          Grain(20.0, 800.0), Grain(20.0, 1_600.0), Grain(40.0, 3_200.0), Grain(80.0, 6_400.0), Grain(160.0, 12_800.0))
"""From the finest to the coarsest. 12.8 km are two pixels of a globe that is 1,000 pixels wide."""

FINE = GRAINS[:5]
"""Grains at which nobody sees what was left out."""

MARKS = ("fewest", "median", "most")
"""Runs that can be named by how many leakers they have."""


class Fitted(NamedTuple):
    """What fits of replays."""

    shown: dict[tuple[int, str], Parts]
    blocks: str
    """They as elements of the file."""
    grain: Grain
    bound_m: float
    """How far tracks are off."""


def run_numbers(results: Results, asked: Sequence[int | str]) -> list[int]:
    """The runs by number, in the order asked for, each once. `fewest`, `median` and `most` name those with so many
    leakers. Raises `InputError` for what is no run of the study."""
    named, runs = marked(results), int(results.manifest["runs"])
    found: list[int] = []
    for one in asked:
        run = named.get(one.strip()) if isinstance(one, str) else one
        if isinstance(one, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", one):
            run = int(one)
        if isinstance(run, bool) or not isinstance(run, int) or not 0 <= run < runs:
            near = nearest(str(one), MARKS)
            hint = f"\nhint: {near}" if near.startswith("did") else ""
            raise InputError(f"--replay-runs {one}\n  must be numbers from 0 to {runs - 1}, or {', '.join(MARKS[:-1])} "
                             f"or {MARKS[-1]} (by leakers), with commas between them" + hint)
        found += [run] if run not in found else []
    if not found:
        raise InputError("--replay-runs\n  names no run\nhint: --no-replay leaves the replay out")
    return found


def marked(results: Results) -> dict[str, int]:
    """The first, the middle and the last run in order of leakers, then of number; the page's list marks the same."""
    outcomes = page_data.outcomes(results)
    rows = sorted(zip(outcomes["leakers"], outcomes["run"], strict=True))
    return {mark: rows[at][1] for mark, at in zip(MARKS, (0, (len(rows) - 1) // 2, len(rows) - 1), strict=True)}


def fitting(flown: Flown, room: int, grains: Sequence[Grain] = GRAINS) -> Fitted:
    """As much of the replays as fits into `room` bytes: all at the finest grain that does, or else at the coarsest
    without the last raids."""
    packed: dict[tuple[int, str], dict[str, str]] = {}
    for grain in grains:
        shown = {key: _coarser(parts, grain) for key, parts in flown.items()}
        for key, parts in shown.items():
            before = packed.get(key, {})
            packed[key] = {name: before[name] if name in before and parts[name] is flown[key][name]
                           else block(f"replay/{key[0]}/{key[1]}/{name}", data) for name, data in parts.items()}
        if _size(packed) <= room:
            break
    while packed and _size(packed) > room:
        shown.pop(packed.popitem()[0])
    bound_m = max((_thinned_m(parts) for parts in shown.values()), default=0.0)
    return Fitted(shown, "".join(one for parts in packed.values() for one in parts.values()), grain, bound_m)


def _coarse_bytes(flown: Flown) -> int:
    """What replays take at the coarsest of the fine grains."""
    return _size({key: {name: block(name, data) for name, data in _coarser(parts, FINE[-1]).items()}
                  for key, parts in flown.items()})


def _size(packed: Mapping[tuple[int, str], Mapping[str, str]]) -> int:
    return sum(len(one) for parts in packed.values() for one in parts.values())


def _thinned_m(parts: Parts) -> float:
    return float(json.loads(parts[META])["thinned_m"])


def _coarser(parts: Parts, grain: Grain) -> Parts:
    """The parts at a grain; the very same where that leaves nothing out."""
    meta, found = json.loads(parts[META]), dict(parts)
    more_m = grain.bound_m - float(meta["thinned_m"])
    if more_m > 0.0:
        found |= {name: thinned(data, more_m) for name, data in parts.items() if name.startswith("tracks")}
        meta["thinned_m"] = grain.bound_m
    if grain.belief_km > 0.0 and BELIEFS in parts:
        found[BELIEFS] = sparser(parts[BELIEFS], grain.belief_km)
        note = f"In this file beliefs of one object are {grain.belief_km:g} km apart or more."
        meta["notes"] = [*meta["notes"], note]
    if found != dict(parts):
        found[META] = page_data.json_bytes(meta)
    return found


def block(name: str, data: bytes) -> str:
    """Data as an element that no browser runs."""
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()
    return f'<script type="application/octet-stream" id="data:{text(name)}">{packed}</script>\n'


def chosen(results: Results, asked: Sequence[int | str] | None, room: int, fly: Fly) -> tuple[list[int], Fitted]:
    """The runs to replay and what fits of them into `room` bytes.

    Those asked for, all of them as fine as they fit. Where none is asked for: the recorded run, and with it the run
    with the most leakers if both fit finely. `fly` gives the raids of a run.
    """
    if asked is not None:
        runs = run_numbers(results, asked)
        flown = {(run, raid): parts for run in runs for raid, parts in fly(run)}
        return runs, fitting(flown, room)
    one = {(RECORDED, raid): parts for raid, parts in fly(RECORDED)}
    alone, most = fitting(one, room), marked(results)["most"]
    if most == RECORDED or alone.grain not in FINE or _coarse_bytes(one) > room // 2:
        return [RECORDED], alone
    both = fitting(one | {(most, raid): parts for raid, parts in fly(most)}, room, FINE)
    return ([RECORDED, most], both) if len(both.shown) == 2 * len(one) else ([RECORDED], alone)
