"""`opendome compare`: what it prints and keeps, its exit codes, and that it can be stopped."""

import json
from pathlib import Path

import pytest

import opendome
from opendome import cli
from opendome.cli import talk
from opendome.scenario import reader
from tiny_file import PATH, TEXT

DOUBLE = TEXT + '[variants.double]\n"layer.salvo" = 2\n'


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, with a scenario of two variants."""
    monkeypatch.chdir(tmp_path)
    Path("some.toml").write_text(DOUBLE)
    return tmp_path


def test_prints_what_differs_and_by_how_much_and_writes_nothing(here, capsys):
    assert cli.main(["compare", "some.toml", "some.toml:double", "--runs", "3"]) == 0
    said, told = capsys.readouterr()
    lines = said.splitlines()
    assert lines[:8] == ["A  some.toml: Tiny", "B  some.toml:double: Tiny (double)",
                         "3 runs of each, seed 1; the same random numbers in all", "", "B differs from A in",
                         "  layers.lower.salvo: 1 -> 2",
                         "A and B meet the same attack, launch by launch in every run.", ""]
    assert lines[8].split("  ")[0] == "figure"
    assert lines[9].startswith("leak_through ")
    assert max(map(len, lines)) <= 120
    assert told.splitlines()[-1] == "nothing was kept; add --out DIR to keep the table and to draw it"
    assert [path.name for path in here.iterdir()] == ["some.toml"]


def test_as_data_it_is_the_table_that_it_keeps(here, capsys):
    assert cli.main(["compare", "some.toml", "some.toml:double", "--runs", "3", "--seed", "4", "--jobs", "1",
                     "--figure", "shots", "--figure", "leakers", "--by", "type", "--set", "waves.count=2", "--out",
                     "out", "--json", "--quiet"]) == 0
    said, told = capsys.readouterr()
    found = json.loads(said)
    assert told == ""
    assert (found["seed"], found["runs"], found["kind"]) == (4, 3, "compare")
    assert found["figures"] == [{"figure": "shots", "by": ["type"]}, {"figure": "leakers", "by": ["type"]}]
    assert found["differs"] == {"B": [{"key": "layers.lower.salvo", "before": "1", "after": "2", "places": 1}]}
    assert found["attack"] == {"B": {"is_declared_same": True, "runs_same": 3, "threats_same": 1.0}}
    twin = opendome.compare("some.toml", "some.toml:double", runs=3, seed=4, figures=["shots", "leakers"], by="type",
                            changes={"waves.count": 2})
    rows = twin.table.astype(object).where(twin.table.notna(), None).to_dict(orient="records")
    assert found["rows"] == rows
    assert reader.load("out/scenario-b.toml").raids["night"].waves[0].count == 2


def test_folders_of_results(here, capsys):
    for name, variant in (("one", ""), ("two", ":double")):
        assert cli.main(["run", f"some.toml{variant}", "--runs", "3", "--out", name, "--quiet"]) == 0
    capsys.readouterr()
    assert cli.main(["compare", "one", "two", "--quiet"]) == 0
    opened = capsys.readouterr().out.splitlines()
    assert opened[:2] == ["A  one: Tiny", "B  two: Tiny (double)"]
    assert cli.main(["compare", "some.toml", "some.toml:double", "--runs", "3", "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines()[2:] == opened[2:]


@pytest.mark.parametrize(("args", "words"), [
    (["gulf"], "gulf: no such file, and no shipped scenario of that name\nhint: did you mean gulf-2026?"),
    (["some.toml:doubel"], "is not a variant of this scenario\n  hint: did you mean double?"),
    (["some.toml"], "some.toml and some.toml [2]: nothing differs, so every difference would be 0"),
    (["some.toml:double", "--figure", "leaks"], "figure 'leaks': there is no such figure"),
    (["some.toml:double", "--by", "size"], "cannot be grouped by 'size'"),
    (["some.toml:double", "--out", "."], "holds files that are not those of a comparison"),
    (["some.toml:double", "--set", "layer.salvo"], "--set 'layer.salvo'\n  must be NAME=VALUE"),
    ([], "Missing argument 'B...'"),
])
def test_says_what_is_wrong(here, capsys, args, words):
    assert cli.main(["compare", "some.toml", *args]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""
    assert [path.name for path in here.iterdir()] == ["some.toml"]


def test_stopped_between_runs(here, monkeypatch, capsys):
    def progress(done: int, total: int) -> None:
        assert total == 40
        if done >= 25:  # in the second scenario
            raise KeyboardInterrupt

    monkeypatch.setattr(talk, "_lines", lambda _: progress)
    assert cli.main(["compare", str(PATH), "some.toml:double", "--runs", "20", "--out", "out"]) == 130
    assert capsys.readouterr().err.endswith("interrupted; nothing was written\n")
    assert [path.name for path in here.iterdir()] == ["some.toml"]
