"""One study as the page reads it: what does not move, and its runs, each flown again when it is asked for.

A replay takes from moments to a minute (the first has to compile), so one thread of its own flies them, one after the
other, and requests wait for it. What was flown is kept in memory up to a bound; the oldest goes first.
"""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from opendome.errors import InputError
from opendome.results import Results
from opendome.viewer.parts import KINDS, Part, json_part, part

NAMES = re.compile(r"meta\.json|(?:objects|events|satellites|beliefs|tracks(?:-[0-9]{1,4})?)\.arrow")
"""What the pieces of a replay may be called."""

KEPT_MAX = 12
"""Replays kept in memory."""

KEPT_BYTES = 64_000_000
"""Most that they may take together, compressed; the newest is kept whatever it takes."""

WAITING_MAX = 4
"""Replays that may wait to be flown."""

Parts = Mapping[str, Part]
Fly = Callable[[int, str], Mapping[str, bytes]]
"""(run, raid) -> the pieces of a replay by name."""


class BusyError(Exception):
    """Too many replays wait already."""


class Shelf:
    """The data of one study, by name. `close` it when it is no longer served.

    `name` tells it apart from one beside it; `among` is the number of studies that share the bounds above.
    """

    def __init__(self, index: Mapping[str, Any], fly: Fly, *, name: str = "", among: int = 1) -> None:
        self.index = json_part(index)
        self.name = name
        self.title = str(index["title"])
        self.runs = int(index["runs"])
        self.raids = frozenset(str(raid["name"]) for raid in index["raids"])
        self._fly = fly
        self._among = among
        self._lock = threading.Lock()
        self._flown: OrderedDict[tuple[int, str], Future[Parts]] = OrderedDict()
        self._queue: SimpleQueue[tuple[int, str] | None] = SimpleQueue()
        self._worker: threading.Thread | None = None
        self.is_flying = False

    def about(self) -> dict[str, Any]:
        """What it is, before anything of it is asked for; a campaign has no replay."""
        return {"name": self.name, "title": self.title, "runs": self.runs, "has_replay": bool(self.raids)}

    async def piece(self, run: int, raid: str, name: str) -> Part | None:
        """A piece of a replay, once it is flown; None if there is no such piece. Raises `OpenDomeError` if the run
        cannot be flown again, and `BusyError` if too many wait."""
        if not 0 <= run < self.runs or raid not in self.raids or NAMES.fullmatch(name) is None:
            return None
        flown = self._ask(run, raid)
        try:
            # Shielded: who asks may go away while others wait for the same flight.
            return (await asyncio.shield(asyncio.wrap_future(flown))).get(name)
        except asyncio.CancelledError:
            if flown.cancelled():  # by `close`
                raise BusyError from None
            raise

    def close(self) -> None:
        """Let the thread end after what it is at."""
        with self._lock:
            for waiting in self._flown.values():
                waiting.cancel()
        self._queue.put(None)

    def _ask(self, run: int, raid: str) -> "Future[Parts]":
        key = run, raid
        with self._lock:
            if key in self._flown:
                self._flown.move_to_end(key)
                return self._flown[key]
            if sum(not flown.done() for flown in self._flown.values()) > WAITING_MAX // self._among:
                raise BusyError
            self._flown[key] = Future()
            self._forget()
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="opendome-replay", daemon=True)
                self._worker.start()
            self._queue.put(key)
            return self._flown[key]

    def _forget(self) -> None:
        """Drop the replays that were not asked for the longest, until the rest fits."""
        done = [(key, flown) for key, flown in self._flown.items() if flown.done()]
        sizes = {key: sum(len(p.packed) for p in flown.result().values())
                 for key, flown in done if not flown.cancelled() and flown.exception() is None}
        total = sum(sizes.values())
        for key, _ in done[:-1]:
            if len(self._flown) <= KEPT_MAX // self._among and total <= KEPT_BYTES // self._among:
                return
            total -= sizes.get(key, 0)
            del self._flown[key]

    def _work(self) -> None:
        while (key := self._queue.get()) is not None:
            with self._lock:
                flown = self._flown.get(key)
            if flown is None or not flown.set_running_or_notify_cancel():
                continue
            self.is_flying = True
            try:
                pieces = self._fly(*key)
                found = {name: part(KINDS[name.rpartition(".")[2]], content) for name, content in pieces.items()}
            except Exception as error:
                flown.set_exception(error)
            else:
                flown.set_result(found)
            self.is_flying = False
            with self._lock:
                self._forget()


def shelf_of(results: Results, name: str = "", among: int = 1) -> Shelf:
    """The data of a study's results; `name` and `among` as `Shelf` has them."""
    from opendome.export import page

    return Shelf(page.index(results), lambda run, raid: page.replay_parts(results, run, raid), name=name, among=among)


def check_run(found: Shelf, run: int | None) -> None:
    """Raises `InputError` if the study has no run of this number."""
    if run is not None and not 0 <= run < found.runs:
        raise InputError(f"--run {run}\n  must be from 0 to {found.runs - 1}: the study has {found.runs} runs")


def check_beside(shown: Shelf, beside: Shelf) -> None:
    """Raises `InputError` if the two cannot be shown next to each other: a campaign has no replay."""
    for shelf in (shown, beside):
        if not shelf.about()["has_replay"]:
            raise InputError(f"--beside: {shelf.name} has no replay that could stand beside another\n"
                             "  a campaign keeps counts of raids, not flights\n"
                             "hint: look at each by itself, or `opendome compare` the two scenarios")
