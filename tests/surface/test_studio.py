"""`opendome studio`: the API behind its token, friend and foe; a whole job; how the command starts and stops."""

import asyncio
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

import opendome
import served
from asgi import HOST, PORT, ask, get, memory_over
from opendome import cli
from opendome.errors import InputError
from opendome.results import Results
from opendome.scenario import reader
from opendome.study.compare import compute
from opendome.viewer import asked, errand
from opendome.viewer.guard import Rules
from opendome.viewer.studio import Studio, application, nearest_row, starts_of
from tiny_file import PATH, TEXT, broken

TESTS = Path(__file__).parents[1]
TOKEN = "a-token"
TINY = {"start": "tiny.toml"}
GETS = ("starts", "progress", "result")
POSTS = ("open", "check", "run", "cancel")
SALVO = {"layers.lower.salvo": 2}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A studio that may start from the tiny scenario and the shipped ones."""
    made = Studio(starts_of(str(PATH)), tmp_path_factory.mktemp("studio") / "out")
    yield made
    made.work.close()


@pytest.fixture(scope="module")
def app(session, tmp_path_factory):
    """Its application, on a made-up page."""
    with pytest.MonkeyPatch.context() as patch:
        served.built_page(tmp_path_factory.mktemp("web"), patch)
        yield application(session, Rules(PORT, TOKEN, 1_000_000))


def _post(app, name, body, **headers):
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"x-opendome-token": TOKEN, "content-type": "application/json", "content-length": str(len(sent)), **headers}
    return get(app, f"/api/{name}", method="POST", headers=given, chunks=[sent])


def _get(app, name):
    return get(app, f"/api/{name}", headers={"x-opendome-token": TOKEN})


def _until(app, *states, limit_s=300.0):
    end = time.monotonic() + limit_s
    while (found := _get(app, "progress").data)["state"] not in states:
        assert time.monotonic() < end, found
        assert found["state"] in ("waiting", "running"), found
        time.sleep(0.05)
    return found


# ---- who may ask ----------------------------------------------------------------------------------------------------


def test_the_page_needs_no_token_and_is_that_of_the_replay(app):
    found = get(app, "/studio")
    assert (found.status, found.content.decode()) == (200, served.FILES["index.html"])
    assert get(app, "/studio", method="HEAD").status == 200
    assert get(app, "/studio", method="POST").status == 405
    assert get(app, "/studio/").status == 404
    assert get(app, "/").status == get(app, "/health").status == 200


@pytest.mark.parametrize("name", [*GETS, *POSTS])
def test_every_route_needs_the_token_and_its_own_page(app, name):
    method = "GET" if name in GETS else "POST"
    plain = {"content-type": "application/json", "content-length": "2"} if method == "POST" else {}

    def status(more=(), **headers):
        return get(app, f"/api/{name}", method=method, headers={**plain, **headers}, more=more, chunks=[b"{}"]).status

    right = {"x-opendome-token": TOKEN}
    assert status() == status(**{"x-opendome-token": ""}) == status(**{"x-opendome-token": TOKEN + "x"}) == 403
    assert status(more=[("X-OpenDome-Token", TOKEN)], **right) == 400
    assert status(**right, origin="http://evil.example") == status(**right, **{"sec-fetch-site": "cross-site"}) == 403
    assert status(**right, host="evil.example") == 421
    assert status(**right, origin=f"http://{HOST}") in (200, 400, 404)
    other = "POST" if method == "GET" else "GET"
    assert get(app, f"/api/{name}", method=other, headers=right).status == 405
    assert get(app, f"/api/{name}/", method=method, headers={**plain, **right}, chunks=[b"{}"]).status == 404


# ---- what is asked --------------------------------------------------------------------------------------------------


def test_the_list_names_what_may_be_started_from(app):
    found = _get(app, "starts").data
    assert [one["name"] for one in found["starts"]] == ["tiny.toml", *reader.shipped_names()]
    assert found["starts"][0] == {"name": "tiny.toml", "title": "Tiny", "note": "", "kind": "raid", "runs": 4,
                                  "seconds": None}
    assert {one["name"]: one["kind"] for one in found["starts"]}["stocks-2026"] == "campaign"
    assert (found["runs_max"], found["version"]) == (asked.RUNS_MAX, opendome.__version__)


@pytest.mark.parametrize("name", reader.shipped_names())
def test_every_shipped_scenario_opens_without_a_problem(app, name):
    found = _post(app, "open", {"start": name}).data
    assert found["problems"] == []
    assert found["toml"] == reader.read(name)[0]
    assert set(found) == {"title", "note", "kind", "toml", "schema", "document", "rows", "groups", "problems"}
    assert {row["group"] for row in found["rows"]} == {group["name"] for group in found["groups"]}
    assert len({row["path"] for row in found["rows"]}) == len(found["rows"])


def test_a_row_has_what_the_contract_says(app):
    found = _post(app, "open", {"toml": TEXT}).data
    row = next(row for row in found["rows"] if row["path"] == "layers.lower.salvo")
    assert row == {"path": "layers.lower.salvo", "group": "layers.lower", "label": "salvo", "kind": "integer",
                   "value": 1, "default": 1, "unit": "", "low": None, "high": None, "minimum": 1, "maximum": 16,
                   "choices": None, "help": "Rounds in one salvo.", "grade": "", "why": "", "source": None,
                   "sampled": False, "of": "scenario"}
    assert found["document"]["raids"]["night"]["start"] == "2026-03-01 00:00:00+00:00"
    assert found["schema"]["$defs"]["Layer"]["properties"]["salvo"]["maximum"] == 16


def test_a_check_gives_the_file_its_problems_and_what_lies_outside(app):
    burn = "catalogue.threats.srbm.burn_s"
    found = _post(app, "check", {**TINY, "changes": {**SALVO, burn: 200}}).data
    assert found["problems"] == []
    assert found["outside"] == [{"path": burn, "value": 200, "low": 55, "high": 90}]
    assert reader.parse(found["toml"]).layers["lower"].salvo == 2
    assert _post(app, "check", {**TINY, "changes": {}}).data["outside"] == []


@pytest.mark.parametrize(("changes", "path", "says"), [
    ({"layers.lower.salvo": 99}, "layers.lower.salvo", "layers.lower.salvo = 99: must be at most 16"),
    ({"raids.night.waves.1.count": 0}, "raids.night.waves.1.count", "raids.night.waves[1].count = 0: must be at least"),
    ({"layers.lower.interceptor": "thad"}, "layers.lower.interceptor", "must name an interceptor of the catalogue"),
    ({"areas.city.aim_radius_km": 30}, "areas.city.lat_deg", "aim_radius_km must not exceed radius_km = 25"),
    ({"catalogue.threats.srbm.burn_s": -5}, "catalogue.threats.srbm.burn_s", "must be above 0")])
def test_a_problem_is_told_beside_its_row(app, changes, path, says):
    problem, = _post(app, "check", {**TINY, "changes": changes}).data["problems"]
    assert problem["path"] == path
    assert says in problem["says"]
    refused = _post(app, "run", {**TINY, "changes": changes, "runs": 2, "seed": 1})
    assert refused.status == 422
    assert refused.data["problems"][0]["says"] == problem["says"]
    assert _get(app, "progress").data["state"] == "idle"


def test_a_problem_that_no_row_has_is_told_beside_the_nearest():
    rows = dict.fromkeys(["title", "areas.a.lat_deg", "areas.a.lon_deg", "areas.b.lat_deg"])
    for where, path in (("areas.b", "areas.b.lat_deg"), ("areas.a.lon_deg", "areas.a.lon_deg"), ("places", ""),
                        ("areas.c.d[3]", "areas.a.lat_deg"), ("file", ""), ("title.x", "title"), ("", "")):
        assert nearest_row(rows, where) == path


def test_a_text_that_is_no_scenario_opens_with_its_problems(app):
    found = _post(app, "open", {"toml": "title = "}).data
    assert (found["rows"], found["groups"], found["document"]) == ([], [], {})
    assert "is not valid TOML" in found["problems"][0]["says"]
    assert _post(app, "check", {"toml": "title = ", "changes": {}}).data["problems"] == found["problems"]
    assert _post(app, "run", {"toml": "title = ", "changes": {}, "runs": 1, "seed": 1}).status == 422
    part = _post(app, "open", {"toml": broken(("launchers = 2, ", ""))}).data
    assert len(part["rows"]) > 50
    assert part["problems"][0]["path"] == "layers.lower.sites.battery.launchers"


def test_markup_goes_through_as_text(app):
    text = broken(('title = "Tiny"', f"title = '{served.MARKUP.replace(chr(39), '')}'"))
    found = _post(app, "open", {"toml": text})
    assert found.headers["content-type"] == "application/json"
    assert found.data["title"] == served.MARKUP.replace("'", "")
    wrong = _post(app, "check", {"toml": text, "changes": {"<script>": 1}})
    assert (wrong.status, wrong.headers["content-type"]) == (422, "application/json")


@pytest.mark.parametrize(("name", "body", "status"), [
    ("open", b"", 400), ("open", b"[]", 400), ("open", b'{"start": NaN}', 400), ("open", {}, 400),
    ("open", {"start": "../../etc/passwd"}, 400), ("open", {"start": str(PATH)}, 400), ("open", {"start": ["a"]}, 400),
    ("open", {"toml": "x" * (asked.TOML_MAX + 1)}, 400), ("open", {**TINY, "changes": {}}, 400),
    ("check", {**TINY, "changes": [1]}, 400), ("check", {**TINY, "changes": {"nowhere": 1}}, 422),
    ("check", {**TINY, "changes": {"layers.lower.salvo": {}}}, 422), ("check", b"x" * 1_000_001, 413),
    ("check", {**TINY, "changes": SALVO, "runs": 5}, 400), ("run", {**TINY, "changes": SALVO}, 400),
    ("run", {**TINY, "changes": SALVO, "runs": 0, "seed": 1}, 400), ("run", {**TINY, "runs": 1e9, "seed": 1}, 400),
    ("run", {**TINY, "changes": SALVO, "runs": 1, "seed": -1}, 400), ("cancel", b"x", 400), ("result", {}, 405),
    ("run", {"toml": 'title = "x"\nprice_year = 2026\n[places]\n[areas]\n[raids]', "runs": 1, "seed": 1}, 422)])
def test_what_cannot_be_used_is_refused_with_a_sentence(app, name, body, status):
    found = _post(app, name, body)
    assert found.status == status
    assert len(found.data["error"]) > 10
    assert "Traceback" not in found.data["error"]


def test_before_a_job_there_is_nothing_to_show(app):
    assert (found := _get(app, "result")).status == 404
    assert "nothing has been run here yet" in found.data["error"]
    assert get(app, "/data/studies.json").data == {"data": None, "beside": None}
    for target in ("index.json", "replay/0/night/meta.json"):
        assert get(app, f"/data/{target}").status == get(app, f"/beside/{target}").status == 404
    assert _post(app, "cancel", {}).data["state"] == "idle"


def test_few_requests_may_wait(app, session, monkeypatch):
    body = json.dumps(TINY).encode()
    headers = {"x-opendome-token": TOKEN, "content-type": "application/json", "content-length": str(len(body))}
    monkeypatch.setattr(session, "open", lambda body: time.sleep(0.05) or {})

    async def crowd():
        return await asyncio.gather(*(ask(app, "/api/open", method="POST", headers=headers, chunks=[body])
                                      for _ in range(12)))

    assert sorted(found.status for found in asyncio.run(crowd())) == [200] * 8 + [429] * 4


# ---- anything at all ------------------------------------------------------------------------------------------------

PIECES = (None, True, 0, -1, 1.5, 1e308, 2**62, "", "x", served.MARKUP, "tiny.toml", TEXT, "title = 1", [], [1], {},
          {"a": 1}, SALVO, {"title": None}, {"raids.night.start": "x"}, {"sensors.eye.type": "none"})
KEYS = ("start", "toml", "changes", "runs", "seed", "", "path", "__proto__")


def _anything(rng):
    """One request to the API, good or bad."""
    name = rng.choice((*GETS, "open", "open", "check", "check", "check", "run", "cancel", "none", ".."))
    body = {rng.choice(KEYS): rng.choice(PIECES) for _ in range(rng.randrange(4))}
    if rng.random() < 0.6:
        body = {**TINY, "changes": rng.choice(PIECES)} if name != "open" else TINY
    sent = json.dumps(body).encode()
    if rng.random() < 0.2:
        sent = sent[:rng.randrange(len(sent) + 1)] + rng.randbytes(rng.randrange(5))
    method = "GET" if name in GETS else "POST"
    headers = {"x-opendome-token": TOKEN, "content-type": "application/json", "content-length": str(len(sent))}
    if rng.random() < 0.1:
        method = rng.choice(["GET", "POST", "PUT", "BREW"])
    if rng.random() < 0.1:
        headers |= rng.choice([{"x-opendome-token": "x"}, {"origin": "null"}, {"content-type": "text/plain"},
                               {"host": "evil.example"}, {"content-length": "x"}])
    return {"target": f"/api/{name}", "method": method, "headers": headers, "chunks": [sent]}


async def _send(app, rng, n):
    found = []
    for _ in range(n):
        one = await ask(app, **_anything(rng))
        assert one.status != 500, one.data
        assert one.status == 200 or len(one.data["error"]) > 10
        found.append(one.status)
    return found


@pytest.mark.parametrize("n", [500, pytest.param(10_000, marks=pytest.mark.soak)])
def test_anything_may_be_sent_and_leaves_it_running_with_flat_memory(app, n):
    rng = Random(1)
    more, statuses = memory_over(lambda count: _send(app, rng, count), n)
    assert {200, 400, 403, 404, 405, 422} <= statuses <= {200, 400, 403, 404, 405, 413, 415, 421, 422}
    assert more < 1_500_000  # eight scenarios' forms are kept
    assert _get(app, "starts").status == 200


# ---- a job ----------------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_a_job_runs_the_file_that_the_page_saves_and_compares_it(app, session, tmp_path):
    saved = _post(app, "check", {**TINY, "changes": SALVO}).data["toml"]
    assert _post(app, "run", {**TINY, "changes": SALVO, "runs": 3, "seed": 5}).data == {"job": 1}
    assert _post(app, "run", {**TINY, "changes": SALVO, "runs": 3, "seed": 5}).status == 409
    found = _until(app, "done")
    assert (found["job"], found["error"]) == (1, "")
    result = _get(app, "result").data
    assert result["toml"] == saved
    assert result["changes"] == [{"path": "layers.lower.salvo", "label": "salvo", "unit": "", "from": 1, "to": 2,
                                  "outside": False}]
    assert (result["runs"], result["seed"], result["replay"]) == (3, 5, True)
    assert all("<" not in sentence for sentence in [*result["answer_start"], *result["answer_mine"]])
    assert result["answer_mine"][0].startswith("Of 2 threats launched in a run, ")

    file, folder = tmp_path / "mine.toml", tmp_path / "out"
    file.write_text(saved)
    assert cli.main(["run", str(file), "--runs", "3", "--seed", "5", "--out", str(folder), "--quiet"]) == 0
    mine = Path(result["folder"])
    assert mine == session.work.folder / "0001-mine"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in mine.iterdir()}

    start = Results.open(result["folder_start"])
    assert reader.digest(start.scenario) == reader.digest(reader.load(PATH))
    table = compute(start, Results.open(mine)).table
    assert [row["difference"] for row in result["rows"]] == list(table["difference"])
    assert [row["mine"] for row in result["rows"]] == list(table["value_b"])
    assert [row["name"] for row in result["rows"]][:2] == ["leak_through", "leak_through, ballistic"]
    assert get(app, "/data/index.json").data["title"] == "Tiny (changed in the studio)"
    assert get(app, "/beside/index.json").data["title"] == "Tiny"
    assert {key: one["name"] for key, one in get(app, "/data/studies.json").data.items()} == {
        "data": "your scenario", "beside": "starting point"}

    said = []
    asked_for = {"start": TEXT, "mine": saved, "runs": 3, "seed": 5, "start_folder": result["folder_start"],
                 "start_is_kept": True, "mine_folder": str(tmp_path / "next")}
    again = errand.do(asked_for, said.append)["result"]
    assert again["rows"] == result["rows"]
    assert "starting point" not in {one.get("doing") for one in said}, "it was kept from the last time"
    errand.do({**asked_for, "seed": 6, "start_folder": str(tmp_path / "other")}, said.append)
    assert "starting point" in {one.get("doing") for one in said}, "it is another one"

    same = {**asked_for, "mine": TEXT.replace('"Tiny"', '"Same"')}
    found = errand.do(same, said.append)["result"]
    assert (found["rows"], found["is_same"], found["title"]) == ([], True, "Same")
    assert found["answer_start"] == found["answer_mine"] == result["answer_start"]

    far = {"places.hill.lat_deg": 60}  # this is found when flights are solved, in the job
    far_toml = _post(app, "check", {**TINY, "changes": far}).data
    assert far_toml["problems"] == []
    problem, = errand.do({**asked_for, "mine": far_toml["toml"]}, said.append)["problems"]
    assert "srbm" in problem["expected"] + problem["where"] + problem["found"]


KILLED = """
import os, signal, sys, time
from pathlib import Path
from opendome.viewer.work import Task, Work
toml = Path(sys.argv[2]).read_text()
work = Work(Path(sys.argv[1]))
work.run(Task(toml, toml.replace("stock = 8", "stock = 7"), 5000, 1), {})
while work.progress()["state"] == "waiting":
    time.sleep(0.01)
print(work._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _is_there(pid):
    """Whether a process runs: gone, or dead and not yet collected, it does not."""
    try:
        return not re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_the_process_ends_with_its_parent_and_leaves_nothing(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path, PATH], capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    pid, end = int(done.stdout), time.monotonic() + 10
    while _is_there(pid):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []


# ---- the command ----------------------------------------------------------------------------------------------------

SCRIPT = """
import sys
from pathlib import Path
from opendome import cli
from opendome.viewer import parts
parts.page_folder = lambda: Path(sys.argv[1])
raise SystemExit(cli.main(["studio", *sys.argv[2:]]))
"""


def _ask_server(port, target, body=None, token=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"x-opendome-token": token} if token else {}
    if body is not None:
        headers["content-type"] = "application/json"
    connection.request("GET" if body is None else "POST", target, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_the_command_prints_its_address_and_stops_with_its_job(tmp_path, monkeypatch):
    web, out = tmp_path / "web", tmp_path / "out"
    web.mkdir()
    served.built_page(web, monkeypatch)
    with subprocess.Popen([sys.executable, "-c", SCRIPT, web, str(PATH), "--no-browser", "--out", out],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}) as running:
        try:
            address = running.stdout.readline().strip()
            found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/studio#token=([\w-]{32})&start=tiny\.toml", address)
            assert found is not None, address
            assert running.stdout.readline() == f"results are kept in {out}\n"
            port, token = int(found[1]), found[2]
            assert _ask_server(port, "/studio")[0] == 200
            assert _ask_server(port, "/api/starts")[0] == 403
            status, body = _ask_server(port, "/api/starts", token=token)
            assert (status, json.loads(body)["starts"][0]["name"]) == (200, "tiny.toml")
            job = {**TINY, "changes": SALVO, "runs": 5000, "seed": 1}
            assert _ask_server(port, "/api/run", job, token) == (200, b'{"job": 1}')
            assert [path.name for path in out.iterdir()] == ["0001-mine"]
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=20) == 0
            assert running.stdout.read() == "Ctrl-C stops it\n"
            assert running.stderr.read() == ""
        finally:
            running.kill()
    assert list(out.iterdir()) == []


def test_what_it_is_started_from_is_a_name_a_file_or_a_variant(tmp_path):
    assert next(iter(starts_of("gulf-2026"))) == "gulf-2026"
    assert list(starts_of()) == reader.shipped_names()
    variant = next(iter(starts_of("japan-2028:" + next(iter(reader.load("japan-2028").variants))).values()))
    assert variant.name.startswith("japan-2028:")
    assert variant.title.endswith(f"({variant.name.partition(':')[2]})")
    assert "variants" not in reader.read_toml(variant.toml, "x")
    with pytest.raises(InputError, match="no such file, and no shipped scenario"):
        starts_of("gulf-2062")


def test_mistakes_on_the_command_line_are_told(capsys, tmp_path):
    assert cli.main(["studio", "gulf-2062", "--no-browser"]) == 2
    assert "did you mean gulf-2026?" in capsys.readouterr().err
    (tmp_path / "file").write_text("x")
    assert cli.main(["studio", "--out", str(tmp_path / "file"), "--no-browser"]) == 2
    assert "results cannot be kept there" in capsys.readouterr().err
    assert cli.main(["studio", "--port", "99999", "--out", str(tmp_path / "out"), "--no-browser"]) == 2
    assert "must be from 0 to 65535" in capsys.readouterr().err
