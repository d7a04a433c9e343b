"""What stands between the network and the page: who may ask, how, how much; and what every answer carries.

The server listens on loopback only, but every page open in the same browser can send requests there. So a request is
answered only if it names this server as its host (which a name of another site pointed at 127.0.0.1 does not), does not
come from another site's page, is a plain reading one, and is small. Requests that start work (`/api/`) need the token
of the session besides; a server without a token has none of them.
"""

import hmac
import json
import os
import sys
import traceback
from collections.abc import Mapping
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/api/"
"""Where requests that start work live."""

TOKEN_HEADER = "x-opendome-token"
"""Header that carries the session's token."""

TARGET_MAX = 2048
"""Longest path with query, bytes."""

HEADERS_MAX = 16_384
"""Most that all headers of a request may have together, bytes."""

BODY_MAX = 1_000_000
"""Largest body of a request that starts work, bytes; every other request has none."""

NOTHING = "there is nothing under this address"

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
"""Content-Security-Policy of every answer: nothing inline, nothing from elsewhere, in no frame."""

ANSWER_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-frame-options": "DENY",
}
"""Headers of every answer, refusals too."""


class Rules(NamedTuple):
    """Whom a server answers."""

    port: int
    """The port that it listens on; hosts and origins must name it."""
    token: str | None = None
    """What requests below `/api/` must bring; None: there are none."""
    body_max: int = BODY_MAX
    """Largest body below `/api/`, bytes."""


class Refusal(NamedTuple):
    """Why a request is not answered: HTTP status, and a sentence."""

    status: int
    text: str


class TooLargeError(Exception):
    """A body went on beyond what it may have."""


def guarded(app: ASGIApp, rules: Rules) -> ASGIApp:
    """The application behind the rules. A refused request never reaches it. An `HTTPException` that it raises becomes
    an answer like a refusal, and a mistake of its own one with status 500 (its traceback goes to stderr if
    OPENDOME_DEBUG=1)."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        if scope["type"] != "http":  # a websocket: there are none
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                ours = [(name.encode(), value.encode()) for name, value in ANSWER_HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *ours]}
            await send(message)

        refused = refusal(scope, rules)
        if refused is None:
            try:
                await app(scope, _bounded(receive, _body_max(scope["path"], rules)), answer)
                return
            except TooLargeError:
                refused = _too_large(rules)
            except HTTPException as error:
                refused = Refusal(error.status_code, error.detail)
            except Exception as error:
                if os.environ.get("OPENDOME_DEBUG") == "1":
                    traceback.print_exception(error, file=sys.stderr)
                refused = Refusal(500, f"the server stopped on a mistake of its own ({type(error).__name__}): please "
                                       "report it; OPENDOME_DEBUG=1 shows where")
        if not begun:
            await _refuse(answer, refused)

    return guard


def refusal(scope: Scope, rules: Rules) -> Refusal | None:
    """Why a request is refused by its first line and headers; None if it is not."""
    raw: list[tuple[bytes, bytes]] = list(scope["headers"])
    target = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
    if target > TARGET_MAX:
        return Refusal(414, f"the address is longer than {TARGET_MAX} bytes")
    if sum(len(name) + len(value) for name, value in raw) > HEADERS_MAX:
        return Refusal(431, f"the headers have more than {HEADERS_MAX} bytes")
    once = ("host", "origin", "content-length", "content-type", "sec-fetch-site", "sec-fetch-mode", TOKEN_HEADER)
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        if key in once and key in headers:
            return Refusal(400, f"the header {key} is there more than once")
        headers[key] = value.decode("latin-1")
    return (_wrong_sender(headers, rules.port)
            or _wrong_method(scope["method"], scope["path"], headers, rules)
            or _wrong_body(scope["path"], headers, rules))


def _wrong_sender(headers: Mapping[str, str], port: int) -> Refusal | None:
    hosts = [f"{name}:{port}" for name in ("127.0.0.1", "localhost")]
    if headers.get("host", "").lower() not in hosts:
        return Refusal(421, f"this server is http://{hosts[0]}/ and answers under that name alone")
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in [f"http://{host}" for host in hosts]:
        return Refusal(403, "requests from other sites are not answered")
    # Another port of this computer is the same site, but not the same origin. Following a link to the page is fine.
    is_link = headers.get("sec-fetch-mode") == "navigate"
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not is_link:
        return Refusal(403, "requests from other sites are not answered")
    return None


def _wrong_method(method: str, path: str, headers: Mapping[str, str], rules: Rules) -> Refusal | None:
    if not path.startswith(API):
        return None if method in ("GET", "HEAD") else Refusal(405, "only GET and HEAD are answered here")
    if rules.token is None:
        return Refusal(404, NOTHING)
    if method not in ("GET", "POST"):
        return Refusal(405, "only GET and POST are answered here")
    given = headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(given.encode("latin-1"), rules.token.encode()):
        return Refusal(403, "the token of this session is missing or wrong: open the page anew from the address that "
                            "was printed")
    return None


def _wrong_body(path: str, headers: Mapping[str, str], rules: Rules) -> Refusal | None:
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return Refusal(400, "the header content-length is not a number")
    body_max = _body_max(path, rules)
    if len(length) > 12 or int(length) > body_max:
        return _too_large(rules) if body_max else Refusal(413, "a request that reads has no body")
    kind = headers.get("content-type", "").split(";")[0].strip().lower()
    if (int(length) or "transfer-encoding" in headers) and kind != "application/json":
        return Refusal(415, "a body must be application/json")
    return None


def _body_max(path: str, rules: Rules) -> int:
    return rules.body_max if rules.token is not None and path.startswith(API) else 0


def _too_large(rules: Rules) -> Refusal:
    return Refusal(413, f"a body may have {rules.body_max} bytes")


def _bounded(receive: Receive, body_max: int) -> Receive:
    """The same body, that raises `TooLargeError` as soon as it is over its limit, whatever its headers said."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > body_max:
                raise TooLargeError
        return message

    return bounded


async def _refuse(send: Send, refused: Refusal) -> None:
    body = json.dumps({"error": refused.text}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()),
               (b"cache-control", b"no-store"), (b"connection", b"close")]
    if refused.status == 405:
        headers.append((b"allow", b"GET, HEAD"))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
