"""Results folders: the same bytes twice, whole or not at all, and every damage named."""

import json
from pathlib import Path

import pandas as pd
import pytest

from opendome.errors import InputError
from opendome.results import Results, Tables
from opendome.results import store as store_module
from opendome.results.tables import COLUMNS
from small_results import results


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_was_saved_is_what_is_opened(tmp_path: Path) -> None:
    small = results()
    small.save(tmp_path / "deep" / "out")
    found = Results.open(tmp_path / "deep" / "out")
    assert found.scenario == small.scenario
    assert found.manifest == small.manifest
    assert found.summary() == small.summary()
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(found.tables, name), getattr(small.tables, name))


def test_equal_results_give_equal_bytes(tmp_path: Path) -> None:
    results().save(tmp_path / "one")
    results().save(tmp_path / "two")
    Results.open(tmp_path / "two").save(tmp_path / "three")
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "three")


def test_labels_do_not_depend_on_the_order_of_their_codes() -> None:
    small = results().tables.threats
    turned = small.assign(type=small["type"].cat.set_categories(["srbm", "unused", "shahed"]))
    pd.testing.assert_frame_equal(Tables(turned, *(getattr(results().tables, n) for n in list(COLUMNS)[1:])).threats,
                                  small)


def test_an_interrupted_save_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out"
    results().save(target)
    before = contents(target)
    written: list[str] = []

    def interrupted(frame: object, path: Path) -> None:
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(path.name)
        path.write_bytes(b"half")

    monkeypatch.setattr(store_module, "_write_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        results().save(target)
    written.clear()
    with pytest.raises(KeyboardInterrupt):
        results().save(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert contents(target) == before


def test_earlier_results_are_replaced_with_their_report(tmp_path: Path) -> None:
    results().save(tmp_path / "out")
    (tmp_path / "out" / "report.html").write_text("of the earlier run")
    results(title="Another title").save(tmp_path / "out")
    assert Results.open(tmp_path / "out").scenario.title == "Another title"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert not (tmp_path / "out" / "report.html").exists()


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    results().save(tmp_path / "out")
    assert Results.open(tmp_path / "out").summary()["runs"] == 4


@pytest.mark.parametrize("with_results", [False, True])
def test_files_of_others_are_never_replaced(tmp_path: Path, with_results: bool) -> None:
    if with_results:
        results().save(tmp_path / "out")
    (tmp_path / "out").mkdir(exist_ok=True)
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match=r"holds files that are not results \(thesis.tex\), so it is left as it is"):
        results().save(tmp_path / "out")
    assert (tmp_path / "out" / "thesis.tex").read_text() == "years of work"


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="is a file; results need a folder"):
        results().save(tmp_path / "out")
    with pytest.raises(InputError, match=r"cannot be made, as .* is no folder that may be written to"):
        results().save(tmp_path / "out" / "deeper" / "still")
    with pytest.raises(InputError, match="is a file; results are a folder"):
        Results.open(tmp_path / "out")
    with pytest.raises(InputError, match="no such folder"):
        Results.open(tmp_path / "nowhere")


def test_everything_missing_or_damaged_is_named_at_once(tmp_path: Path) -> None:
    folder = results().save(tmp_path / "out")
    (folder / "sites.parquet").unlink()
    (folder / "threats.parquet").write_bytes((folder / "threats.parquet").read_bytes()[:200])
    (folder / "shots.parquet").write_bytes((folder / "assumptions.parquet").read_bytes())
    (folder / "scenario.toml").write_text("title = ")
    (folder / "manifest.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(InputError) as raised:
        Results.open(folder)
    head, *problems = str(raised.value).splitlines()
    assert head == f"{folder}: not a complete results folder"
    assert [p.strip().split(":")[0] for p in problems] == [
        "sites.parquet", "manifest.json", "scenario.toml", "threats.parquet", "shots.parquet"]
    assert "sites.parquet: is missing" in problems[0]
    assert "this version of OpenDome reads format 4" in problems[1]
    assert "table shots lacks run, raid, layer, type" in problems[4]


def test_a_manifest_must_say_how_to_repeat(tmp_path: Path) -> None:
    folder = results().save(tmp_path / "out")
    (folder / "manifest.json").write_text(json.dumps({"format": 4, "seed": 7}))
    with pytest.raises(InputError, match=r"manifest.json: cannot be read \(lacks version, title"):
        Results.open(folder)
    (folder / "manifest.json").write_text(json.dumps({**results().manifest, "runs": "many", "environment": []}))
    with pytest.raises(InputError, match=r"manifest.json: cannot be read \(runs, environment: of the wrong kind"):
        Results.open(folder)


def test_a_disk_that_cannot_be_written_to_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="out: cannot be written: No space left on device\nhint: name a folder"):
        results().save(tmp_path / "out")
    assert not list(tmp_path.iterdir())
