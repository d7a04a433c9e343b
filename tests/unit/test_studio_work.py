"""The studio's queue of one: what it tells, how it stops, what it leaves on disk. The process is a made-up one."""

import sys
import textwrap
import time

import pytest

import served
import small_results
from opendome.errors import InputError
from opendome.viewer import work as works
from opendome.viewer.work import BusyError, Task, Work

TASK = Task("start = 1", "mine = 1", 3, 7)

HEAD = """
import json, os, sys, time, shutil
asked = json.loads(os.read(0, 65536))
def say(**found): print(json.dumps(found), flush=True)
def save(which):
    os.rmdir(asked["mine_folder"]) if which == "mine" else None
    shutil.copytree(KEPT, asked[which + "_folder"])
    say(saved=which) if which == "start" else None
RESULT = {"rows": [], "title": "t", "answer_start": [], "answer_mine": [], "replay": True, "is_same": False}
"""
GOOD = """
say(doing="checking", done=0, total=0)
if not asked["start_is_kept"]: save("start")
save("mine")
say(result={**RESULT, "title": str(asked["start_is_kept"])})
"""
SLOW = """
os.mkdir(asked["mine_folder"].replace("0001-mine", f".0001-mine.{os.getpid()}.partial"))
say(doing="your scenario", done=1, total=3)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A results folder that the made-up process copies."""
    return small_results.results().save(tmp_path_factory.mktemp("kept") / "kept")


@pytest.fixture
def play(tmp_path, monkeypatch, kept):
    """A queue whose process is a script; further scripts can be set."""
    def script(text):
        whole = HEAD.replace("KEPT", repr(str(kept))) + textwrap.dedent(text)
        monkeypatch.setattr(works, "START", whole)

    monkeypatch.setattr(works, "shelf_of", lambda results, name, among: served.shelf(name=name, among=among))
    took = []
    made = Work(tmp_path / "a" / "out", lambda job, elapsed_s: took.append((job.number, elapsed_s)))
    made.took = took
    made.script = script
    yield made
    made.close()


def _wait(work, *states, limit_s=20.0):
    end = time.monotonic() + limit_s
    while (found := work.progress())["state"] not in states:
        assert time.monotonic() < end, found
        assert found["state"] in ("waiting", "running"), found["error"]
        time.sleep(0.01)
    return found


def _names(work):
    return sorted(path.name for path in work.folder.iterdir())


def test_a_job_goes_from_idle_to_done_and_the_starting_point_is_kept(play):
    play.script(GOOD)
    assert play.progress() == {"job": None, "state": "idle", "doing": "", "done": 0, "total": 0, "error": "",
                               "problems": [], "elapsed_s": 0.0}
    assert play.run(TASK, {"toml": "x"}) == 1
    _wait(play, "done")
    assert _names(play) == ["0001-mine", "0001-start"]
    assert {**play.done.result} == {
        "job": 1, "runs": 3, "seed": 7, "toml": "x", "title": "False", "rows": [], "answer_start": [],
        "answer_mine": [], "replay": True, "folder": str(play.folder / "0001-mine"),
        "folder_start": str(play.folder / "0001-start")}
    assert (play.done.mine.name, play.done.start.name) == ("your scenario", "starting point")
    assert play.run(TASK._replace(mine="other"), {}) == 2
    _wait(play, "done")
    assert play.done.result["title"] == "True"
    assert _names(play) == ["0001-mine", "0001-start", "0002-mine"]
    assert play.run(TASK._replace(seed=8), {}) == 3
    _wait(play, "done")
    assert play.done.result["title"] == "False"
    assert _names(play)[-2:] == ["0003-mine", "0003-start"]


def test_how_long_a_job_took_is_told_unless_it_compiled(play):
    play.script("""say(doing="compiling", done=0, total=0)""" + GOOD)
    play.run(TASK, {})
    _wait(play, "done")
    play._thread.join(5)
    assert play.took == []
    play.script(GOOD)
    play.run(TASK, {})
    _wait(play, "done")
    play._thread.join(5)
    ((number, elapsed_s),) = play.took
    assert number == 2
    assert 0.0 < elapsed_s < 20.0


def test_numbers_go_on_from_what_is_there(play):
    (play.folder / "0041-mine").mkdir()
    (play.folder / "x0099-mine").mkdir()
    play.script(GOOD)
    assert play.run(TASK, {}) == 42


def test_there_is_one_job_at_a_time_and_it_stops_at_once(play):
    play.script(SLOW)
    play.run(TASK, {})
    _wait(play, "running")
    with pytest.raises(BusyError):
        play.run(TASK, {})
    assert [name.split(".")[-1] for name in _names(play)] == ["partial", "0001-mine"]
    began = time.monotonic()
    found = play.cancel()
    assert time.monotonic() - began < 2.0
    assert (found["state"], found["job"], found["error"]) == ("cancelled", 1, "")
    assert _names(play) == []
    play._thread.join(5)
    assert play.progress()["state"] == "cancelled"
    assert play.done is None
    assert play.cancel() == play.progress()
    play.script(GOOD)
    play.run(TASK, {})
    _wait(play, "done")


def test_closing_stops_the_job(play):
    play.script(SLOW)
    play.run(TASK, {})
    _wait(play, "running")
    play.close()
    assert play._process.poll() is not None
    assert _names(play) == []


@pytest.mark.parametrize(("script", "says"), [
    ("say(error='no such thing\\nhint: another')", "no such thing\nhint: another"),
    ("say(problems=[{'where': 'a.b', 'found': '5', 'expected': 'must be less', 'hint': ''}])",
     "your scenario: 1 problem\na.b = 5\n  must be less"),
    ("os._exit(0)", works.ENDED), ("os.kill(os.getpid(), 9)", works.ENDED), ("print('not JSON')", works.ENDED),
    ("print('[1]')", works.ENDED), ("print('5')", works.ENDED), ("say(problems=[5])", works.ENDED),
    ("say(result=RESULT)", "no such folder"),
    ("say(doing='checking', done=0)", works.ENDED), ("raise SystemExit('x')", works.ENDED)])
def test_a_job_that_fails_says_why_and_leaves_nothing(play, script, says):
    play.script(script)
    play.run(TASK, {})
    found = _wait(play, "failed")
    assert says in found["error"]
    play._thread.join(5)
    assert _names(play) == []
    assert play.done is None


def test_a_starting_point_that_was_saved_outlives_a_failure(play):
    play.script("save('start'); say(error='x')")
    play.run(TASK, {})
    _wait(play, "failed")
    play._thread.join(5)
    assert _names(play) == ["0001-start"]
    play.script(GOOD)
    play.run(TASK, {})
    _wait(play, "done")
    assert play.done.result["title"] == "True"


def test_compiling_is_told_until_the_first_runs_are_done(play):
    play.script("say(doing='compiling', done=0, total=0); say(doing='starting point', done=0, total=3); time.sleep(60)")
    play.run(TASK, {})
    while play.progress()["doing"] != "compiling":
        time.sleep(0.01)
    time.sleep(0.1)
    assert play.progress()["doing"] == "compiling"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(InputError, match="results cannot be kept there"):
            Work(place)


def test_the_process_takes_no_module_of_the_folder_it_starts_in(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit(5)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(works, "START", "import json; print(json.dumps(5))")
    process = works._child()
    out, _ = process.communicate(timeout=20)
    assert out == b"5\n"
    assert sys.executable
