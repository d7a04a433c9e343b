"""The commands on a scenario with a stockpile: what they print, keep and refuse."""

import json
from pathlib import Path

import pytest

import opendome
from opendome import cli
from opendome.results import Results
from stocks_file import PATH

ARGS = ["--runs", "4", "--seed", "5", "--quiet"]


def said(capsys: pytest.CaptureFixture[str], *args: object) -> str:
    assert cli.main([str(a) for a in args]) == 0
    return capsys.readouterr().out


def test_run_prints_when_stocks_are_back_and_keeps_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    lines = said(capsys, "run", PATH, *ARGS, "--out", out).splitlines()
    assert lines[:2] == ["Tiny stocks", "stocks over 24 months, 2026-01 to 2027-12 (4 runs, seed 5)"]
    assert max(map(len, lines)) <= 96
    heads = [line.split("  ")[0] for line in lines]
    for head in ("stock, median over runs", "return to the level", "by campaign and class", "by line", "by component"):
        assert head in heads
    assert heads.count("ally, lower") == 2
    found = json.loads(said(capsys, "run", PATH, *ARGS, "--json"))
    assert found == json.loads(json.dumps(Results.open(out).summary()))
    assert found["kind"] == "campaign"


def test_conservation_of_what_is_told() -> None:
    """Start, and what came, less what went: what is there, in every run and stock."""
    tables = opendome.run(opendome.load(PATH), runs=4, seed=5).tables
    keys = ["run", "owner", "interceptor"]
    moves = tables.stocks.groupby(keys, observed=True)[["fired", "delivered", "received", "sent", "expired"]].sum()
    last = tables.stocks[tables.stocks["month"] == 23].set_index(keys)["stock"]
    start = tables.owned.set_index(keys)["start"]
    there = start + moves["delivered"] + moves["received"] - moves["fired"] - moves["sent"] - moves["expired"]
    assert (there.sort_index() == last.sort_index()).all()


def test_compare_sweep_and_marginal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "compare", PATH, f"{PATH}:faster-seekers", *ARGS, "--out", tmp_path / "compare")
    assert "stockpile.components.seeker.per_year: 168 -> 216" in text
    assert "A and B meet the same attack, month by month in every run." in text
    text = said(capsys, "sweep", PATH, "--over", "uses.war.months=1,4", "--by", "owner,interceptor", *ARGS,
                "--out", tmp_path / "sweep")
    assert text.splitlines()[1] == "2 points of 4 runs, seed 5; the same random numbers at every point"
    assert "return_after" in text
    text = said(capsys, "marginal", PATH, "--step", "25%", *ARGS, "--out", tmp_path / "marginal")
    assert text.splitlines()[1] == "5 changes of 4 runs each, seed 5; the same random numbers in all"
    data = json.loads(said(capsys, "marginal", PATH, "--figure", "fired", "--by", "none", "--step", "+12", *ARGS,
                           "--json"))
    assert {row["group"] for row in data["rows"]} == {"all"}
    assert {row["step"] for row in data["rows"]} == {"12 a year more", "1 month less"}
    for name, page in (("compare", "compare.html"), ("sweep", "sweep.html"), ("marginal", "marginal.html")):
        assert (tmp_path / name / page).is_file()


def test_list_tells_figures_of_both_kinds_apart(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(said(capsys, "list", "figures", "--json"))
    assert [row["of"] for row in rows if row["name"] == "leak_through"] == ["raids", "campaigns"]
    assert "\nreturn_after\n    months, of campaigns. Months from" in said(capsys, "list", "figures")


@pytest.mark.parametrize(("args", "words"), [
    (["run", PATH, "--raid", "nights"], "--raid nights\n  is for scenarios without a stockpile"),
    (["compare", PATH, "gulf-2026"], "some scenarios have a stockpile, others have none"),
    (["sweep", PATH, "--over", "uses.war.months=1", "--figure", "shots"], "figure shots: is one of raids"),
    (["marginal", "gulf-2026"], "gulf-2026: has no stockpile, so no lines that could be faster"),
    (["marginal", PATH, "--step", "fast"], "step = 'fast'\n  must be a share by which lines are faster"),
    (["marginal", PATH, "--out", "."], "holds files that are not those of marginal effects"),
    (["marginal", PATH, "--figure", "return"], "figure 'return': there is no such figure"),
])
def test_says_what_is_wrong(args: list[object], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                            capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis.tex").write_text("years of work")
    assert cli.main([str(a) for a in args]) == 2
    assert words in capsys.readouterr().err
