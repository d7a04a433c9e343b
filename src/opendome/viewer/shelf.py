"""One study as the page reads it: what does not move, and its runs, each flown again when it is asked for.

A replay takes from moments to a minute (the first has to compile), so one thread of its own flies them, one after the
other, and requests wait for it. A run is flown raid by raid, and the raids on the way to the one asked for are kept as
well; the flight then rests where it is, and goes on from there when a later raid of the run is asked for. What was
flown is kept in memory up to a bound; the oldest goes first.
"""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, NamedTuple

from opendome.errors import InputError
from opendome.results import Results
from opendome.viewer.made import Made
from opendome.viewer.parts import Part, json_part, named_part

NAMES = re.compile(r"meta\.json|(?:objects|events|satellites|beliefs|tracks(?:-[0-9]{1,4})?)\.arrow")
"""What the pieces of a replay may be called."""

KEPT_MAX = 40
"""Replays kept in memory."""

KEPT_BYTES = 64_000_000
"""Most that they may take together, compressed; the newest is kept whatever it takes."""

WAITING_MAX = 4
"""Replays that may wait to be flown."""

Parts = Mapping[str, Part]
Fly = Callable[[int], Iterator[tuple[str, Mapping[str, bytes]]]]
"""run -> its raids by name, each with the pieces of its replay by theirs, in the order of the index."""


class Progress(NamedTuple):
    """How far a flight is."""

    run: int
    raid: str
    """The one that is flown to."""
    done: int
    """Raids that have been flown of those up to it."""
    of: int


class BusyError(Exception):
    """Too many replays wait already."""


class Shelf:
    """The data of one study, by name. `close` it when it is no longer served.

    `name` tells it apart from one beside it; `among` is the number of studies that share the bounds above; `make` says
    what else can be asked for by name, and how it is made.
    """

    def __init__(self, index: Mapping[str, Any], fly: Fly, *, name: str = "", among: int = 1,
                 make: Mapping[str, Callable[[], bytes]] | None = None) -> None:
        self.index = json_part(index)
        self.name = name
        self.title = str(index["title"])
        self.runs = int(index["runs"])
        self.raids = tuple(str(raid["name"]) for raid in index["raids"])
        self.made = Made(make or {})
        self._fly = fly
        self._among = among
        self._lock = threading.Lock()
        self._flown: OrderedDict[tuple[int, str], Future[Parts]] = OrderedDict()
        self._queue: SimpleQueue[tuple[int, str] | None] = SimpleQueue()
        self._worker: threading.Thread | None = None
        self._at = 0  # raids that the resting flight has flown
        self._flight: tuple[int, Iterator[tuple[str, Mapping[str, bytes]]]] | None = None
        self.progress: Progress | None = None
        """Of the flight that goes on; None while none does."""

    @property
    def is_flying(self) -> bool:
        """Whether a run is flown just now."""
        return self.progress is not None

    @property
    def is_busy(self) -> bool:
        """Whether compiled code is at work for it just now."""
        return self.is_flying or self.made.is_busy

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
        """Let the threads end after what they are at."""
        self.made.close()
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
                if flown is None or flown.done() or not flown.set_running_or_notify_cancel():
                    continue
            try:
                self._fly_to(*key)
            except Exception as error:
                self._flight = self.progress = None
                flown.set_exception(error)
            with self._lock:
                self._forget()

    def _fly_to(self, run: int, raid: str) -> None:
        """Fly a run up to a raid, from where its flight rests if that is before it, and keep every raid on the way."""
        to = self.raids.index(raid)
        at, rest = self._flight or (-1, iter(()))
        if at != run or self._at > to:
            self._at, rest = 0, self._fly(run)
            self._flight = run, rest
        while self._at <= to:
            self.progress = Progress(run, raid, self._at, to + 1)
            flown, pieces = next(rest)
            self._at += 1
            found = {name: named_part(name, content) for name, content in pieces.items()}
            if flown == raid:
                self.progress = None
            self._keep((run, flown), found)

    def _keep(self, key: tuple[int, str], found: Parts) -> None:
        with self._lock:
            if key not in self._flown:  # nobody asked for it: the first to go
                self._flown[key] = Future()
                self._flown.move_to_end(key, last=False)
            if not self._flown[key].done():
                self._flown[key].set_result(found)


def shelf_of(results: Results, name: str = "", among: int = 1) -> Shelf:
    """The data of a study's results; `name` and `among` as `Shelf` has them."""
    from opendome.export import overlays, page

    return Shelf(page.index(results), lambda run: page.replay_raids(results, run), name=name, among=among,
                 make=overlays.made_when_asked(results.scenario))


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
