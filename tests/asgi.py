"""Requests to an ASGI application as a server would hand them on, hostile ones included, without a socket."""

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message

PORT = 8123
HOST = f"127.0.0.1:{PORT}"


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        """The body, unpacked."""
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    @property
    def data(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)


async def ask(app: ASGIApp, target: str, *, method: str = "GET", headers: Mapping[str, str] | None = None,
              more: Sequence[tuple[str, str]] = (), chunks: Sequence[bytes] = (b"",)) -> Answer:
    """One request; `headers` are added to a right Host header (None as value leaves one out), `more` comes behind
    them as it is."""
    path, _, query = target.partition("?")
    named = {"host": HOST, **{name.lower(): value for name, value in (headers or {}).items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in [*named.items(), *more] if value is not None]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
             "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path.encode(),
             "query_string": query.encode(), "root_path": "", "headers": raw, "client": ("127.0.0.1", 50000),
             "server": ("127.0.0.1", PORT)}
    waiting = [{"type": "http.request", "body": chunk, "more_body": i + 1 < len(chunks)}
               for i, chunk in enumerate(chunks)]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert len(head) == len(sent[0]["headers"]), "a header was sent twice"
    return Answer(sent[0]["status"], head, b"".join(m.get("body", b"") for m in sent[1:]))


def get(app: ASGIApp, target: str, **more: Any) -> Answer:
    """One request, and its answer."""
    return asyncio.run(ask(app, target, **more))


def memory_over(send: Callable[[int], Coroutine[Any, Any, Sequence[int]]], n: int) -> tuple[int, set[int]]:
    """Memory held after `n` requests above that after a first two hundred, bytes; the statuses of the answers. `send`
    makes so many requests, and gives their statuses."""
    asyncio.run(send(100))
    tracemalloc.start()
    try:
        asyncio.run(send(100))
        before = tracemalloc.get_traced_memory()[0]
        statuses = asyncio.run(send(n))
        return tracemalloc.get_traced_memory()[0] - before, set(statuses)
    finally:
        tracemalloc.stop()
