"""`opendome view`: what is served and what is not, to friend and foe; and how it starts and stops."""

import asyncio
import builtins
import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest

import served
import small_results
from asgi import HOST, PORT, ask, get, memory_over
from opendome import cli
from opendome.errors import InputError
from opendome.viewer import parts
from opendome.viewer.guard import Rules
from opendome.viewer.server import app, listening

TESTS = Path(__file__).parents[1]

GOOD = ("/", "/index.html", "/app.js", "/app.css", "/licences.md", "/health", "/data/studies.json", "/data/index.json",
        "/data/progress",
        "/data/replay/0/night/meta.json", "/data/replay/2/a%2Fb/objects.arrow")
BAD = ("/../pyproject.toml", "/%2e%2e/pyproject.toml", "/..%2f..%2fetc%2fpasswd", "/%2e%2e%2f%2e%2e%2fetc/passwd",
       "//etc/passwd", "/etc/passwd", "/C:%5Cboot.ini", "/..%5c..%5cboot.ini", "/%00", "/index.html%00.js",
       "/index.html/", "/app.js/../parts.py", "/__init__.py", "/.stamp", "/data", "/data/", "/data/manifest.json",
       "/data/index.json%00", "/data/%2e%2e/index.json", "/data/replay/0/night/", "/data/replay/0/night/../meta.json",
       "/data/replay/0/night/..%2fmeta.json", "/data/replay/-1/night/meta.json", "/data/replay/3/night/meta.json",
       "/data/replay/0/night%00/meta.json", "/data/replay/0x0/night/meta.json", "/data/replay/0/..%2f..%2f/meta.json",
       "/data/replay/" + "9" * 1500 + "/night/meta.json", "/data/replay/%E0%A4%A/night/meta.json", "/%ff%fe",
       "/data/replay/0/night/manifest.json", "/beside/index.json", "/beside/replay/0/night/meta.json",
       "/beside/studies.json", "/favicon.ico", "/api/run", "/x?" + "y" * 1000)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The server on a made-up page and study."""
    served.built_page(tmp_path, monkeypatch)
    shelf = served.shelf()
    yield app(lambda: shelf, Rules(PORT))
    shelf.close()


@pytest.mark.parametrize("target", GOOD)
def test_what_is_there_is_answered_to_get_and_head(page, target):
    assert get(page, target).status == 200
    assert get(page, target, method="HEAD").status == 200


@pytest.mark.parametrize("target", BAD)
def test_what_is_in_no_table_is_not_there(page, target):
    found = get(page, target)
    assert found.status == 404
    assert set(found.data) == {"error"}


def test_the_page_is_sent_as_it_was_built(page):
    for target, name in [("/", "index.html"), *((f"/{name}", name) for name in served.FILES)]:
        for headers in ({}, {"accept-encoding": "gzip, br"}):
            found = get(page, target, headers=headers)
            assert found.content.decode() == served.FILES[name]
            assert found.headers["content-type"] == parts.PAGE_FILES[name]
            assert ("content-encoding" in found.headers) == bool(headers)


def test_the_page_is_told_how_far_a_flight_is(tmp_path, monkeypatch):
    served.built_page(tmp_path, monkeypatch)
    told = []

    def fly(run, raid):
        told.append(get(made, "/data/progress"))
        return served.pieces(run, raid)

    shelf = served.shelf(fly)
    made = app(lambda: shelf, Rules(PORT))
    assert get(made, "/data/progress").data is None
    assert get(made, "/data/replay/1/a%2Fb/meta.json").status == 200
    assert [found.data for found in told] == [{"run": 1, "raid": "a/b", "done": done, "of": 2} for done in (0, 1)]
    assert told[0].headers["cache-control"] == "no-store"
    assert get(made, "/data/progress").data is None
    shelf.close()


def test_what_the_browser_has_is_not_sent_again(page):
    first = get(page, "/app.js")
    again = get(page, "/app.js", headers={"if-none-match": f'"x", {first.headers["etag"]}'})
    assert (again.status, again.body) == (304, b"")
    assert get(page, "/app.css").headers["etag"] != first.headers["etag"]


def test_markup_in_names_stays_text(page):
    found = get(page, "/data/index.json")
    assert found.headers["content-type"] == "application/json"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.data == served.INDEX
    named = get(page, f"/data/replay/1/{quote(served.MARKUP, safe='')}/objects.arrow")
    assert named.content.decode() == f"1 {served.MARKUP}" * 50
    wrong = get(page, "/data/replay/1/%3Cscript%3E/meta.json")
    assert wrong.headers["content-type"] == "application/json"
    assert b"script" not in wrong.body


def test_a_run_that_cannot_be_flown_again_says_so(tmp_path, monkeypatch):
    def fly(run, raid):
        raise InputError("made by version 0.0.9\nhint: install it") if run else KeyError("inside")

    served.built_page(tmp_path, monkeypatch)
    shelf = served.shelf(fly)
    page = app(lambda: shelf, Rules(PORT))
    found = get(page, "/data/replay/1/night/meta.json")
    assert (found.status, found.data) == (409, {"error": "made by version 0.0.9\nhint: install it"})
    found = get(page, "/data/replay/0/night/meta.json")
    assert found.status == 500
    assert "inside" not in found.data["error"]
    shelf.close()


OTHER = {**served.INDEX, "title": "Another", "runs": 2, "raids": [{"name": "day"}]}


def test_a_second_study_stands_beside_the_first(tmp_path, monkeypatch):
    served.built_page(tmp_path, monkeypatch)
    shelves = [served.shelf(name="base"), served.shelf(lambda run, raid: {"meta.json": b"2"}, OTHER, "more")]
    page = app(lambda: shelves[0], Rules(PORT), beside=lambda: shelves[1])
    assert get(page, "/beside/index.json").data == OTHER
    assert get(page, "/beside/replay/1/day/meta.json").data == 2
    assert get(page, "/data/replay/1/night/meta.json").data == {"run": 1}
    assert [get(page, f"/beside/replay/{what}/meta.json").status for what in ("2/day", "0/night")] == [404, 404]
    assert get(page, "/data/studies.json").data == {
        "data": {"name": "base", "title": served.MARKUP, "runs": 3, "has_replay": True},
        "beside": {"name": "more", "title": "Another", "runs": 2, "has_replay": True}}
    for shelf in shelves:
        shelf.close()


def test_studies_that_are_not_there_yet_are_said_before_they_are_asked_for(tmp_path, monkeypatch):
    served.built_page(tmp_path, monkeypatch)
    found = []
    page = app(lambda: found[0] if found else None, Rules(PORT))
    assert get(page, "/data/studies.json").data == {"data": None, "beside": None}
    for target in ("/data/index.json", "/data/replay/0/night/meta.json"):
        assert (get(page, target).status, get(page, target).data) == (404, {"error": "there are no results here yet"})
    assert get(page, "/beside/index.json").data == {"error": "there is no study beside this one"}
    found.append(served.shelf())
    assert get(page, "/data/index.json").status == 200
    assert get(page, "/data/studies.json").data["data"]["runs"] == 3
    found[0].close()


def test_no_request_touches_the_disk(page, monkeypatch):
    opened = []

    def refuse(name, *args, **kwargs):
        opened.append(name)
        raise PermissionError(name)

    get(page, "/data/replay/0/night/meta.json")  # starts the thread
    loop = asyncio.new_event_loop()
    for module, name in ((builtins, "open"), (io, "open"), (os, "open"), (os, "stat"), (os, "listdir"),
                         (os, "scandir"), (os, "readlink")):
        monkeypatch.setattr(module, name, refuse)
    try:
        found = [loop.run_until_complete(ask(page, target)).status for target in (*GOOD, *BAD)]
    finally:
        monkeypatch.undo()
        loop.close()
    assert found == [200] * len(GOOD) + [404] * len(BAD)
    assert opened == []


def _mixed(rng):
    """One request, good or bad: its target and what else it is made of."""
    target = rng.choice(GOOD if rng.random() < 0.5 else BAD)
    if rng.random() < 0.3:
        target += "".join(chr(rng.randrange(33, 127)) for _ in range(rng.randrange(40)))
    headers = {}
    if rng.random() < 0.3:
        headers = rng.choice([{"host": "evil.example"}, {"origin": "null"}, {"cookie": "x" * rng.randrange(20_000)},
                              {"content-length": str(rng.randrange(10**9))}, {"accept-encoding": "gzip"},
                              {"if-none-match": "*"}, {"x-opendome-token": "x"}, {"sec-fetch-site": "cross-site"}])
    method = rng.choice(["GET"] * 6 + ["HEAD", "POST", "DELETE", "BREW"])
    return {"target": target, "headers": headers, "method": method, "chunks": [rng.randbytes(rng.randrange(2000))]}


async def _send_mixed(page, rng, n):
    return [(await ask(page, **_mixed(rng))).status for _ in range(n)]


@pytest.mark.parametrize("n", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_mixed_requests_leave_it_running_with_flat_memory(page, n):
    rng = Random(1)
    more, statuses = memory_over(lambda count: _send_mixed(page, rng, count), n)
    assert statuses <= {200, 304, 403, 404, 405, 413, 414, 421, 431}
    assert {200, 403, 404, 405, 413, 421, 431} <= statuses
    assert more < 300_000  # the list of statuses is 100 kB of it; each request leaking 100 bytes would be 1 MB
    assert get(page, "/health").data["ok"]


@pytest.mark.parametrize("port", [-1, 65536])
def test_ports_that_there_are_not(port):
    with pytest.raises(InputError, match="must be from 0 to 65535"):
        listening(port)


def test_a_port_in_use_is_named(capsys, tmp_path, monkeypatch):
    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
        with pytest.raises(InputError, match="hint: leave it out"):
            listening(listener.getsockname()[1])


def test_a_page_that_was_not_built_says_how(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "__file__", str(tmp_path / "parts.py"))
    with pytest.raises(InputError, match=r"the page was not built\nhint: .*make web"):
        parts.page_folder()


def test_a_folder_that_cannot_be_read_is_told_as_elsewhere(capsys, tmp_path):
    assert cli.main(["view", str(tmp_path / "none")]) == 2
    assert "no such folder; results are a folder that" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text("{}")
    assert cli.main(["view", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "not a complete results folder" in said
    assert "threats.parquet: is missing" in said


SCRIPT = """
import sys
from pathlib import Path
import served
from opendome import cli
from opendome.viewer import parts, server
parts.page_folder = lambda: Path(sys.argv[1])
server.shelf_of = lambda results, name, among: served.shelf()
raise SystemExit(cli.main(["view", sys.argv[2], *sys.argv[3:]]))
"""


@pytest.fixture
def process(tmp_path, monkeypatch):
    """The command at work on results in a folder that may only be read: the process, its address and its port."""
    web, folder = tmp_path / "web", tmp_path / "results"
    web.mkdir()
    served.built_page(web, monkeypatch)
    small_results.results().save(folder)
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    path = os.pathsep.join([str(TESTS), *sys.path])
    with subprocess.Popen([sys.executable, "-c", SCRIPT, web, folder, "--no-browser", "--run", "1"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": path}) as running:
        assert running.stdout is not None
        address = running.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/#run=1", address)
        assert found is not None, address
        yield running, int(found[1])
        running.kill()
    folder.chmod(0o755)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def _ask_server(port, target="/health", host=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest("GET", target, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{port}")
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def _raw(port, sent):
    """What comes back for bytes as they are, up to the end of the connection or half a second of silence."""
    with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
        connection.sendall(sent)
        found = b""
        try:
            while more := connection.recv(65536):
                found += more
        except OSError:
            return found
    return found


def test_it_answers_survives_rubbish_and_stops_on_ctrl_c(process):
    running, port = process
    status, headers, body = _ask_server(port)
    assert (status, json.loads(body)["ok"]) == (200, True)
    assert "server" not in {name.lower() for name in headers}
    assert _ask_server(port, "/data/index.json")[0] == 200
    assert _ask_server(port, host=HOST)[0] == 421
    start = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode()
    for sent in (b"\x00" * 100, b"GET /\x00 HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", start + b"X: a\x00b\r\n\r\n",
                 b"GET /" + b"x" * 100_000, start + b"X: " + b"x" * 100_000, start + b"Content-Length: 5\r\n"
                 b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"\x16\x03\x01" + bytes(range(256)), b""):
        answered = _raw(port, sent)
        assert not answered or re.match(rb"HTTP/1\.1 4\d\d ", answered), (sent[:40], answered[:80])
    assert _ask_server(port)[0] == 200
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=10) == 0
    assert running.stdout.read() == "Ctrl-C stops it\n"
    assert running.stderr.read() == ""


def test_it_cannot_be_reached_from_another_computer(process):
    _, port = process
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; names the address that others would see
        except OSError:
            pytest.skip("this computer is on no network")
        outside = probe.getsockname()[0]
    if outside.startswith("127."):
        pytest.skip("this computer is on no network")
    with pytest.raises(OSError):
        socket.create_connection((outside, port), timeout=2).close()
