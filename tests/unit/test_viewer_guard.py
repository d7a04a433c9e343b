"""Whom the local server answers: hosts, origins, methods, tokens, sizes; and what every answer carries."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from asgi import HOST, PORT, ask, get
from opendome.viewer import guard

TOKEN = "4f1c"


async def _page(request: Request) -> Response:
    return JSONResponse({"page": True})


async def _work(request: Request) -> Response:
    return JSONResponse({"length": len(await request.body())})


async def _mistake(request: Request) -> Response:
    raise KeyError("a secret place")


async def _missing(request: Request) -> Response:
    raise HTTPException(404, "no such thing")


def _app(token: str | None = None, body_max: int = 100):
    inner = Router([Route("/", _page), Route("/mistake", _mistake), Route("/missing", _missing),
                    Route("/api/work", _work, methods=["GET", "POST"])])
    return guard.guarded(inner, guard.Rules(PORT, token, body_max))


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
def test_hosts_of_its_own_are_answered(host):
    assert get(_app(), "/", headers={"host": host}).status == 200


@pytest.mark.parametrize("host", [None, "", "127.0.0.1", "localhost", "127.0.0.1:8124", "evil.example",
                                  f"evil.example:{PORT}", f"127.0.0.1.evil.example:{PORT}", f"[::1]:{PORT}",
                                  f"0.0.0.0:{PORT}", f"127.0.0.1:{PORT}.", f" {HOST}", f"{HOST}, {HOST}",
                                  f"a@{HOST}", f"2130706433:{PORT}"])
def test_other_hosts_are_refused(host):
    assert get(_app(), "/", headers={"host": host}).status == 421


@pytest.mark.parametrize("name", ["Host", "Origin", "Content-Length", "X-OpenDome-Token"])
def test_a_header_that_decides_stands_once(name):
    twice = [(name, HOST), (name, HOST)] if name != "Host" else [("Host", HOST)]
    assert get(_app(), "/", more=twice).status == 400


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"http://localhost:{PORT}"])
def test_pages_of_its_own_may_ask(origin):
    assert get(_app(), "/", headers={"origin": origin, "sec-fetch-site": "same-origin"}).status == 200


@pytest.mark.parametrize("origin", ["null", "", "http://127.0.0.1", "http://127.0.0.1:8124", f"https://{HOST}",
                                    "http://evil.example", f"http://{HOST}.evil.example", "file://"])
def test_pages_from_elsewhere_are_refused(origin):
    assert get(_app(), "/", headers={"origin": origin}).status == 403


@pytest.mark.parametrize(("site", "mode", "status"), [
    ("none", "navigate", 200), ("same-origin", "cors", 200), ("cross-site", "navigate", 200),
    ("cross-site", "no-cors", 403), ("same-site", "cors", 403), ("same-site", "no-cors", 403)])
def test_what_the_browser_says_of_the_sender_counts(site, mode, status):
    assert get(_app(), "/", headers={"sec-fetch-site": site, "sec-fetch-mode": mode}).status == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND"])
def test_the_page_is_only_read(method):
    found = get(_app(TOKEN), "/", method=method, headers={"x-opendome-token": TOKEN})
    assert found.status == 405
    assert found.headers["allow"] == "GET, HEAD"


def test_without_a_token_no_work_can_be_started():
    for headers in ({}, {"x-opendome-token": ""}, {"x-opendome-token": "None"}):
        assert get(_app(), "/api/work", method="POST", headers=headers).status == 404


@pytest.mark.parametrize("given", [None, "", "4f1", "4f1c0", "4F1C", "\xff"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_work_needs_the_token(given, method):
    headers = {} if given is None else {"x-opendome-token": given}
    assert get(_app(TOKEN), "/api/work", method=method, headers=headers).status == 403


def test_work_starts_with_the_token():
    headers = {"x-opendome-token": TOKEN, "content-type": "application/json", "content-length": "2"}
    assert get(_app(TOKEN), "/api/work", method="POST", headers=headers, chunks=[b"{}"]).data == {"length": 2}
    assert get(_app(TOKEN), "/api/work", method="PUT", headers=headers).status == 405


def _post(chunks, **headers):
    given = {"x-opendome-token": TOKEN, "content-type": "application/json", **headers}
    return get(_app(TOKEN), "/api/work", method="POST", headers=given, chunks=chunks)


def test_bodies_are_bounded_by_what_they_say_and_by_what_they_are():
    assert _post([b"x" * 100], **{"content-length": "100"}).data == {"length": 100}
    assert _post([b"x" * 101], **{"content-length": "101"}).status == 413
    assert _post([b"x"], **{"content-length": "9" * 500}).status == 413
    assert _post([b"x" * 60, b"x" * 60], **{"transfer-encoding": "chunked"}).status == 413
    assert _post([b"x" * 101], **{"content-length": "1"}).status == 413
    for length in ("-1", "1e3", "", "²", "0x10"):
        assert _post([b"x"], **{"content-length": length}).status == 400
    assert _post([b"a=1"], **{"content-length": "3", "content-type": "text/plain"}).status == 415
    assert get(_app(), "/", headers={"content-length": "1"}, chunks=[b"x"]).status == 413


def test_addresses_and_headers_are_bounded():
    assert get(_app(), "/" + "x" * 2047).status == 404
    assert get(_app(), "/" + "x" * 2048).status == 414
    assert get(_app(), "/?" + "x" * 2048).status == 414
    assert get(_app(), "/", headers={"cookie": "x" * 16_000}).status == 200
    assert get(_app(), "/", headers={"cookie": "x" * 16_400}).status == 431


def test_every_answer_carries_the_policy():
    asked = [("/", {}), ("/missing", {}), ("/mistake", {}), ("/", {"host": "evil.example"}), ("/api/work", {})]
    answers = [get(_app(), target, headers=headers) for target, headers in asked]
    assert [found.status for found in answers] == [200, 404, 500, 421, 404]
    for found in answers:
        assert {name: found.headers[name] for name in guard.ANSWER_HEADERS} == guard.ANSWER_HEADERS
        assert not any(name.startswith("access-control") for name in found.headers)
    policy = dict(part.strip().split(" ", 1) for part in guard.POLICY.split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in guard.POLICY


def test_a_mistake_is_told_without_its_place(capsys, monkeypatch):
    monkeypatch.delenv("OPENDOME_DEBUG", raising=False)
    found = get(_app(), "/mistake")
    assert found.status == 500
    assert "KeyError" in found.data["error"]
    assert b"secret" not in found.body
    assert b"Traceback" not in found.body
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("OPENDOME_DEBUG", "1")
    get(_app(), "/mistake")
    assert "a secret place" in capsys.readouterr().err


def test_there_are_no_websockets():
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    asyncio.run(_app()({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_refusals_say_why_as_data():
    async def all_of_them():
        return [await ask(_app(), "/", headers={"host": "x"}), await ask(_app(), "/", method="POST")]

    for found in asyncio.run(all_of_them()):
        assert found.headers["content-type"] == "application/json"
        assert set(found.data) == {"error"}
