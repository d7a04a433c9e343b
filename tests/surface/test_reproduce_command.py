"""`opendome reproduce`, and packs in `list` and `show`."""

import json
from pathlib import Path

import pandas as pd
import pytest

from opendome import cli, reproduce

MONEY = ["cbo-2026", "pentagon-2026"]


@pytest.fixture
def few(monkeypatch):
    """Two packs alone, so that all of them take no time."""
    monkeypatch.setattr("opendome.reproduce.all.packs", lambda: MONEY)


def test_all_packs_in_one_line_each(few, capsys) -> None:
    assert cli.main(["reproduce"]) == 0
    said, told = capsys.readouterr()
    lines = said.splitlines()
    assert lines[0].split() == ["pack", "rows", "within", "headline", "published", "ours", "unit", "within", "seconds"]
    assert lines[1].startswith("cbo-2026       12 of 13     all_layers_musd  1,191,000  1,184,800  M$    yes")
    assert lines[2].startswith("pentagon-2026  1 of 7 ")
    assert lines[4].startswith("13 of 20 published numbers of 2 packs are within their tolerance, in ")
    assert told == "each row of a pack: opendome reproduce NAME\n"


def test_a_pack_as_a_table(capsys) -> None:
    assert cli.main(["reproduce", "cbo-2025"]) == 0
    said, told = capsys.readouterr()
    assert said.startswith("cbo-2025: What cheaper launch saves on space-based interceptors (CBO letter, May 2025)\n")
    assert "\nlow_reduction              at most 0.400   0.390     -0.010      -2.5    0.005      yes\n" in said
    assert "\nlow_launched_t       t     -               13,205.1  -           -       -          -\n" in said
    assert "    20 years at launch prices of 2025, lowest case, from an assumed mass. 5,200 interceptors" in said
    assert said.endswith("\n2 of 6 published numbers are within their tolerance\n")
    assert max(map(len, said.splitlines())) <= 120
    assert "opendome show cbo-2025" in told


def test_a_changed_assumption_stands_beside_the_packs_own(capsys) -> None:
    assert cli.main(["reproduce", "cbo-2026", "--set", "life_years=7", "--set", "unit_musd=10", "--quiet"]) == 0
    said, told = capsys.readouterr()
    assert told == ""
    assert "\nlife_years: 5 -> 7\nunit_musd: 22 -> 10\n" in said
    head = next(line for line in said.splitlines() if line.startswith("output"))
    assert " ".join(head.split()) == "output unit published as published changed change"
    row = next(line for line in said.splitlines() if line.startswith("units_bought"))
    assert row.split() == ["units_bought", "31,200", "31,200", "23,400", "-7,800"]
    assert "within" not in said


def test_as_data(few, capsys) -> None:
    assert cli.main(["reproduce", "cbo-2026", "--set", "life_years=7", "--json", "-q"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["pack"] == "cbo-2026"
    assert found["changes"] == {"life_years": 7}
    assert found["assumptions"]["life_years"]["source"] == "cbo2026"
    assert found["references"]["cbo2026"]["author"] == "Congressional Budget Office"
    rows = {row["output"]: row for row in found["rows"]}
    assert (rows["units_bought"]["as_published"], rows["units_bought"]["ours"]) == (31200.0, 23400.0)
    assert rows["units_bought"]["within"] is None
    assert cli.main(["reproduce", "--json", "-q"]) == 0
    every = json.loads(capsys.readouterr().out)
    assert [row["pack"] for row in every["packs"]] == MONEY
    assert {row["pack"] for row in every["rows"]} == set(MONEY)
    assert every["packs"][0]["is_within"] is True


def test_as_a_table_that_is_kept(few, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["reproduce", "cbo-2026", "--out", "cbo.csv"]) == 0
    assert pd.read_csv("cbo.csv")["ours"].tolist() == reproduce.run("cbo-2026")["ours"].tolist()
    assert "the table is in cbo.csv" in capsys.readouterr().err
    assert cli.main(["reproduce", "--out", "all.csv", "-q"]) == 0
    assert set(pd.read_csv("all.csv")["pack"]) == set(MONEY)
    assert cli.main(["reproduce", "cbo-2026", "--out", "cbo.csv"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert sorted(path.name for path in Path().iterdir()) == ["all.csv", "cbo.csv"]


@pytest.mark.parametrize(("args", "words"), [
    (["cbo"], "cbo: no such pack\nhint: "),
    (["cbo-2026", "--set", "life=7"], "cbo-2026: life = 7\n  is not an assumption of this pack\n"
                                      "  hint: units are part of the name: did you mean life_years?"),
    (["cbo-2026", "--set", "life_years"], "--set 'life_years'\n  must be NAME=VALUE"),
    (["cbo-2026", "--set", "life_years=long"], 'life_years = "long"\n  must be a number'),
    (["cbo-2026", "--set", "life_years=0"], "cbo-2026: life_years = 0.0\n  must be above 0"),
    (["--set", "life_years=7"], "hint: opendome reproduce NAME --set KEY=VALUE"),
])
def test_says_what_is_wrong(args, words, capsys) -> None:
    assert cli.main(["reproduce", *args]) == 2
    said, told = capsys.readouterr()
    assert said == ""
    assert words in told
    assert "Traceback" not in told


def test_packs_are_listed_and_shown(capsys) -> None:
    assert cli.main(["list", "packs"]) == 0
    assert "cbo-2026\n    A national missile defence with 7,800 interceptors in orbit" in capsys.readouterr().out
    assert cli.main(["show", "cbo-2026"]) == 0
    said = capsys.readouterr().out
    row = next(line for line in said.splitlines() if line.startswith("unit_musd"))
    assert " ".join(row.split()) == "unit_musd 22 (21.5 to 22.5) [press: cbo2026]"
    assert "    average price of an interceptor. Rounded to a million\n" in said
    assert "\nreferences\n" in said
    assert "Congressional Budget Office (2026)" in said
    assert cli.main(["show", "aei-2025", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"]["boost_50"] == {"targets": 50.0}
    assert cli.main(["show", "cbo2026"]) == 2
    assert "did you mean cbo-2026" in capsys.readouterr().err
