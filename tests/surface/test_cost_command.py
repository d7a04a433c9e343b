"""`opendome cost`, and what the other commands say of a programme."""

import json
from pathlib import Path

import pytest

import opendome
from opendome import cli
from opendome.results import figures
from tiny_file import TEXT

COST = """
[cost]
start = "2026-01"
note = "Made up for the tests"

[cost.elements.battery]
layer = "lower"
counts = ["layers.lower.sites"]
unit_musd = { value = 100, low = 50, high = 150 }
operations_unit_musd_per_year = 5

[cost.elements.star]
n_units = 3
unit_musd = 60
mass_kg = 1000
launcher = "heavy"
life_years = 5
first_delivery = "2028-01"

[cost.launchers.heavy]
price_usd_per_kg = 2000

[cost.milestones.first]
date = "2028-06"
needs = { star = 1.0 }
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, with a scenario that has a programme and one that has none."""
    monkeypatch.chdir(tmp_path)
    Path("some.toml").write_text(TEXT + COST)
    Path("free.toml").write_text(TEXT)
    return tmp_path


def said(capsys, *args: str) -> str:
    assert cli.main(list(args)) == 0
    return capsys.readouterr().out


def test_prints_the_whole_with_its_band_and_writes_nothing(here, capsys):
    assert cli.main(["cost", "some.toml", "--runs", "500"]) == 0
    out, told = capsys.readouterr()
    lines = out.splitlines()
    assert lines[:4] == ["Tiny", "life-cycle cost, M$ of 2026, 20 years from 2026-01 (500 runs, seed 1)", "",
                         "layer / phase         mean over runs  90 % of runs"]
    assert any(line.startswith("lower / operations") and "100 ± 0" in line for line in lines)  # 5 M$ in 20 years
    assert any(line.startswith("star / replenishment") and "558 ± 0" in line for line in lines)  # 9 at 62 M$
    assert max(map(len, lines)) <= 96
    assert told == "nothing was kept; add --out DIR to keep tables and drawings\n"
    assert sorted(path.name for path in here.iterdir()) == ["free.toml", "some.toml"]


def test_one_run_takes_every_value_as_it_stands(here, capsys):
    text = said(capsys, "cost", "some.toml", "--runs", "1", "--by", "layer", "-q")
    assert "(every value as it stands)" in text
    # a battery at 100 and 20 years at 5; three stars at 60 + 2, and 9 that replace those of 2028 in 2033, 2038 and 2043
    assert [line.split() for line in text.splitlines()[4:7]] == [["lower", "200", "–"], ["star", "744", "–"],
                                                                ["all", "944", "–"]]


def test_changes_and_kinds_of_dollars(here, capsys):
    text = said(capsys, "cost", "some.toml", "--runs", "1", "--by", "element", "--dollars", "discounted", "-q",
                "--set", "cost.discount_rate=0.05", "--set", "elements.star.n_units=0", "--set",
                "elements.battery.unit_musd=10")
    assert ", discounted (every value as it stands)" in text
    yearly = 5 * sum(1.05 ** -year for year in range(20))
    assert float(text.splitlines()[4].split()[1]) == pytest.approx(10 + yearly, abs=0.06)


def test_as_data_it_is_what_its_twin_gives(here, capsys):
    found = json.loads(said(capsys, "cost", "some.toml", "--runs", "50", "--seed", "3", "--by", "layer,year", "--json",
                            "--out", "out", "-q"))
    twin = opendome.cost.life_cycle("some.toml", runs=50, seed=3)
    assert found["total"]["value"] == pytest.approx(twin.total_musd)
    assert (found["by"], found["dollars"], found["price_year"]) == (["layer", "year"], "constant", 2026)
    assert found["years"] == list(range(2026, 2046))
    assert sum(row["value"] for row in found["rows"]) == pytest.approx(twin.total_musd)
    assert found["units"][1]["bought"] == 12.0
    assert found["moves"][0]["path"] == "elements.battery.unit_musd"
    assert Path("out/cost.html").is_file()


@pytest.mark.parametrize(("args", "words"), [
    (["free.toml"], "free.toml: has no [cost], so nothing is known of what it costs"),
    (["some.toml", "--by", "layers"], "--by layers\n  must be of: element, layer, phase, year\nhint: did you mean"),
    (["some.toml", "--dollars", "euro"], "--dollars euro\n  must be one of: constant, then-year, discounted"),
    (["some.toml", "--runs", "0"], "runs = 0\n  must be a whole number from 1 to 1000000"),
    (["some.toml", "--out", "."], "holds files that are not those of a life-cycle cost"),
    (["some.toml", "--set", "elements.stars.life_years=4"], "elements.stars"),
    (["some.toml", "--set", "elements.star.life_years=-4"], "life_years"),
])
def test_says_what_is_wrong(here, capsys, args, words):
    assert cli.main(["cost", *args]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert "Traceback" not in err
    assert out == ""


def test_show_tells_of_the_programme(here, capsys):
    text = said(capsys, "show", "some.toml")
    assert "costs over 20 years from 2026-01, in dollars of 2026" in text
    assert "100 (50 to 150)" in text
    assert "2,000 $ a kilogram" in text
    assert "100% star" in text
    data = json.loads(said(capsys, "show", "some.toml", "--json"))
    assert data["cost"]["elements"]["star"]["units"] == 3.0
    assert "cost" not in json.loads(said(capsys, "show", "free.toml", "--json"))


def test_the_list_of_figures_has_them(capsys):
    rows = json.loads(said(capsys, "list", "figures", "--json"))
    named = {(row["name"], row["of"]) for row in rows}
    assert {(figure.name, figure.of) for figure in figures() if figure.needs_cost} <= named
    assert ("life_cycle", "raids") in named


@pytest.mark.parametrize("args", [
    ["sweep", "free.toml", "--over", "layer.salvo=1,2", "--figure", "life_cycle"],
    ["compare", "free.toml", "some.toml", "--figure", "life_cycle", "--set", "layer.salvo=1"],
])
def test_figures_of_a_programme_are_refused_without_one_before_anything_is_run(here, capsys, args, monkeypatch):
    monkeypatch.setattr("opendome.study._raids", None)
    assert cli.main(args) == 2
    assert "figure life_cycle: needs a programme, and the scenario has no [cost]" in capsys.readouterr().err


def test_a_sweep_has_leaks_beside_dollars_with_errors(here):
    found = opendome.sweep("some.toml", over={"cost.elements.star.n_units": [0, 6]}, runs=4, jobs=1,
                           figures=["leak_through", "life_cycle"])
    leaks, money = (found.rows(name) for name in ("leak_through", "life_cycle"))
    assert leaks["value"].nunique() == 1  # the stars only cost
    assert money["value"].diff().iloc[1] == pytest.approx(2 * 744.0)
    assert (money["error"] > 0).all()


def test_a_comparison_has_the_difference_of_two_programmes(here):
    Path("more.toml").write_text((TEXT + COST).replace("n_units = 3", "n_units = 4"))
    found = opendome.compare("some.toml", "more.toml", runs=3, jobs=1)
    row = found.table.query("figure == 'life_cycle' and group == 'all'").iloc[0]
    assert row["difference"] == pytest.approx(248.0)
    assert row["error"] == pytest.approx(0.0, abs=1e-9)  # the same draws on both sides
    assert row["worse"] == 1.0
    groups = set(found.table.query("figure == 'life_cycle'")["group"])
    assert groups == {"all", "lower", "star"}
