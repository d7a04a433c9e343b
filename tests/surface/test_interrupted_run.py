"""A run that is stopped leaves either a complete results folder or none, and earlier results as they were."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from opendome import cli
from opendome.cli import talk
from opendome.results import Results, store
from tiny_file import PATH


def _run(*args: object) -> int:
    return cli.main(["run", str(PATH), *map(str, args)])


def _contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_interrupted_between_runs(tmp_path, monkeypatch, capsys):
    def progress(done: int, total: int) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(talk, "_lines", lambda _: progress)
    assert _run("--runs", 40, "--out", tmp_path / "out") == 130
    assert capsys.readouterr().err.endswith("interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_replaced", [False, True])
def test_interrupted_while_writing(tmp_path, monkeypatch, is_replaced):
    out = tmp_path / "out"
    if is_replaced:
        assert _run("--runs", 2, "--out", out, "--quiet") == 0
    before = _contents(out) if is_replaced else {}
    written = []

    def write(frame, path):
        written.append(path)
        if len(written) == 3:
            raise KeyboardInterrupt
        path.write_bytes(b"half")

    monkeypatch.setattr(store, "_write_table", write)
    assert _run("--runs", 2, "--seed", 9, "--out", out, "--quiet") == 130
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if is_replaced else [])
    if is_replaced:
        assert _contents(out) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stopped_at_any_moment(tmp_path, how):
    """Several processes, each stopped at another moment from start to end (drawn anew from a fixed seed)."""
    draw = random.Random(7)
    assert _run("--runs", 1, "--quiet") == 0  # so that all is compiled
    started = time.monotonic()
    subprocess.run([sys.executable, "-m", "opendome", "run", PATH, "--runs", "20", "--quiet"], check=True,
                   stdout=subprocess.DEVNULL, timeout=120)
    whole_s = time.monotonic() - started
    for k in range(6):
        out = tmp_path / str(k) / "out"
        out.parent.mkdir()
        process = subprocess.Popen([sys.executable, "-m", "opendome", "run", PATH, "--runs", "20", "--out", out],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(draw.uniform(0.3, 1.1) * whole_s)
        process.send_signal(how)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, 130, -how), err
        if out.exists():
            assert len(Results.open(out).tables.threats) == 40
        else:
            assert process.returncode != 0
        if how == signal.SIGINT:
            assert [path.name for path in out.parent.iterdir()] in ([], ["out"])
            assert process.returncode != 130 or "Traceback" not in err


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch, capsys):
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        pytest.skip("nothing is forbidden to the superuser")
    tmp_path.chmod(0o500)
    assert _run("--runs", 1, "--out", tmp_path / "out", "--quiet") == 2
    assert "Permission denied" in capsys.readouterr().err
