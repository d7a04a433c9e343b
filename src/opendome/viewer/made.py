"""Things of a study that take seconds to make: each is made once, when it is first asked for, and kept.

What can be asked for is known from the start, so there is a bound on what is kept and on what waits.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from opendome.viewer.parts import Part, named_part


class Made:
    """Parts by name, one made at a time. `close` it when it is no longer served."""

    def __init__(self, make: Mapping[str, Callable[[], bytes]]) -> None:
        self._make = make
        self._found: dict[str, Future[Part]] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self.is_busy = False

    async def part(self, name: str) -> Part | None:
        """The part of this name, once it is made; None if there is no such part. Raises what making it raises."""
        if name not in self._make:
            return None
        # Shielded: who asks may go away while others wait for the same part.
        try:
            return await asyncio.shield(asyncio.wrap_future(self._ask(name)))
        except asyncio.CancelledError:
            if self._found[name].cancelled():  # by `close`
                return None
            raise

    def close(self) -> None:
        """Make no more of what waits."""
        with self._lock:
            for waiting in self._found.values():
                waiting.cancel()

    def _ask(self, name: str) -> "Future[Part]":
        with self._lock:
            if name not in self._found:
                self._found[name] = Future()
                threading.Thread(target=self._work, args=(name,), name="opendome-made", daemon=True).start()
            return self._found[name]

    def _work(self, name: str) -> None:
        with self._turn:
            found = self._found[name]
            if not found.set_running_or_notify_cancel():
                return
            self.is_busy = True
            try:
                found.set_result(named_part(name, self._make[name]()))
            except Exception as error:
                found.set_exception(error)
            finally:
                self.is_busy = False
