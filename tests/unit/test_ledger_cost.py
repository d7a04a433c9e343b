"""What a cost rests on, on a programme of two elements worked by hand, and `opendome ledger`."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

import opendome
from opendome import cost
from opendome.cli import main
from opendome.cost.ledger import LATER, ledger
from opendome.errors import InputError, ScenarioError
from opendome.evidence import AT_ZERO, COLUMNS, NONE, ONE_SIDE, SLOPE, STEPWISE, WHOLE, Ledger
from opendome.report.ledger import section, tornado
from opendome.report.svg import draw
from page_reader import Reader
from small_results import results, scenario

PROGRAMME: dict[str, Any] = {
    "start": "2026-01", "years": 20, "price_year": 2026, "discount_rate": {"value": 0.0, "low": 0.0, "high": 0.03},
    "launchers": {"rocket": {"price_usd_per_kg": {"value": 1000, "low": 500, "high": 2000}}},
    "elements": {
        "satellite": {"layer": "space", "n_units": 10, "launcher": "rocket",
                      "unit_musd": {"value": 8, "low": 4, "high": 20, "why": "a guess"}, "mass_kg": 2000,
                      "life_years": {"value": 5, "low": 4, "high": 10}},
        "radar": {"counts": ["sensors.eye"], "unit_musd": 90, "spares": 0,
                  "operations_unit_musd_per_year": {"value": 5.5, "low": 0, "high": 11, "grade": "official",
                                                    "source": "cbo2026", "page": "4"}}},
}
"""40 satellites (10, and three generations of replacements) at 8 + 2 M$ of launch: 400. A radar of 90 M$, and 20 years
at 5.5: 200. In all 600 M$."""


def programme(**changes: Any) -> Any:
    return scenario(cost={**PROGRAMME, **changes})


@pytest.fixture(scope="module")
def whole() -> Ledger:
    return ledger(programme())


def rows(found: Ledger) -> dict[str, Any]:
    return {row["path"]: row for row in found.table.to_dict(orient="records")}


def test_the_number_is_that_of_the_life_cycle(whole: Ledger) -> None:
    assert whole.value == pytest.approx(600.0)
    assert whole.value == cost.life_cycle(programme()).total_musd
    assert (whole.number, whole.unit, whole.runs) == ("life_cycle", "M$", 0)


@pytest.mark.parametrize(("path", "elasticity", "swing"), [
    ("cost.elements.satellite.unit_musd", 320 / 600, 40 * 16),  # 40 units from 4 to 20
    ("cost.launchers.rocket.price_usd_per_kg", 80 / 600, 40 * 3),  # 40 units of 2 t from 1 to 4 M$
    ("cost.elements.satellite.mass_kg", 80 / 600, 0.0),
    ("cost.elements.satellite.n_units", 400 / 600, 0.0),
    ("cost.elements.radar.operations_unit_musd_per_year", 110 / 600, 220),
    ("cost.elements.radar.unit_musd", 90 / 600, 0.0),
    ("sensors.eye", 200 / 600, 0.0)])
def test_elasticities_and_swings_by_hand(whole: Ledger, path: str, elasticity: float, swing: float) -> None:
    found = rows(whole)[path]
    assert found["how"] == SLOPE
    assert found["elasticity"] == pytest.approx(elasticity, rel=1e-9)
    assert found["swing"] == pytest.approx(swing, rel=1e-9)


def test_whole_generations_are_steps(whole: Ledger) -> None:
    """A life of 4 years: 5 generations, 500 M$ for satellites; of 10 years: 2, 200."""
    found = rows(whole)["cost.elements.satellite.life_years"]
    assert found["how"] == STEPWISE
    assert found["swing"] == pytest.approx(-300.0)
    assert found["elasticity"] == pytest.approx(math.log(400 / 700) / math.log(10 / 4))


def test_years_are_a_year_more_and_less(whole: Ledger) -> None:
    """21 years: a fourth generation of 100, and 5.5 more; 19: 5.5 less."""
    found = rows(whole)["cost.years"]
    assert found["how"] == WHOLE
    assert (found["at_low"], found["at_high"]) == pytest.approx((594.5, 705.5))
    assert found["elasticity"] == pytest.approx(math.log(705.5 / 594.5) / math.log(21 / 19))


def test_what_is_as_if_left_out_is_not_listed(whole: Ledger) -> None:
    assert {path for path in rows(whole) if path.startswith("cost.elements.radar")} == {
        f"cost.elements.radar.{name}" for name in ("unit_musd", "operations_unit_musd_per_year")}


def test_the_order_the_sources_and_what_rests_on_assumptions(whole: Ledger) -> None:
    assert list(whole.table["path"][:4]) == [
        "cost.elements.satellite.unit_musd", "cost.elements.satellite.life_years",
        "cost.elements.radar.operations_unit_musd_per_year", "cost.launchers.rocket.price_usd_per_kg"]
    found = rows(whole)["cost.elements.radar.operations_unit_musd_per_year"]
    assert (found["source"], found["page"], found["unit"]) == ("cbo2026", "4", "millions of US dollars per year")
    assert found["says"] == "Operating cost of each unit that is there."
    assert set(whole.references) == {"cbo2026"}
    assert whole.by_grade() == pytest.approx({"assumed": 1060 / 1280, "official": 220 / 1280})  # 640 + 300 + 120


def test_a_rate_moves_discounted_dollars_alone(whole: Ledger) -> None:
    path = "cost.discount_rate"
    assert rows(whole)[path]["swing"] == 0.0
    found = ledger(programme(), dollars="discounted")
    assert found.number == "discounted"
    assert rows(found)[path]["how"] == AT_ZERO
    high = cost.life_cycle(programme(discount_rate=0.03))
    assert rows(found)[path]["swing"] == pytest.approx(float(high.totals("discounted")[0]) - 600.0)


def test_of_one_layer_or_element() -> None:
    space = ledger(programme(), layer="space")
    assert space.value == pytest.approx(400.0)
    assert rows(space)["cost.elements.satellite.unit_musd"]["elasticity"] == pytest.approx(0.8)
    assert rows(space)["cost.elements.radar.unit_musd"]["how"] == NONE
    assert ledger(programme(), element="radar").value == pytest.approx(200.0)
    with pytest.raises(InputError, match=r"(?s)'spac' is not a layer.*did you mean space"):
        ledger(programme(), layer="spac")
    with pytest.raises(InputError, match="known: radar, satellite"):
        ledger(programme(), element="x")


def test_what_the_programme_refuses_is_left_alone() -> None:
    """All ten are there at the start: not one more can be, and not one less be needed."""
    elements = {**PROGRAMME["elements"], "satellite": {**PROGRAMME["elements"]["satellite"], "there_at_start": 10}}
    found = rows(ledger(programme(elements=elements)))
    assert found["cost.elements.satellite.there_at_start"]["how"] == ONE_SIDE
    # Each that is not there is bought and launched for 10 M$: 300 + 200 in all, 10 of them 100.
    assert found["cost.elements.satellite.there_at_start"]["elasticity"] == pytest.approx(-100 / 500)
    assert found["cost.elements.satellite.n_units"]["elasticity"] == pytest.approx(400 / 500)


def test_dates_are_moved_by_a_year() -> None:
    radar = {**PROGRAMME["elements"]["radar"], "first_delivery": "2028-07"}
    found = rows(ledger(programme(elements={"radar": radar})))["cost.elements.radar.first_delivery"]
    assert found["how"] == LATER
    assert found["value"] == 2028.5
    assert "12 months later it costs -5.5 M$" in found["says"]
    assert found["at_high"] - found["at_low"] == pytest.approx(-5.5)


def test_a_breakdown_has_its_ledger(whole: Ledger) -> None:
    found = cost.life_cycle(programme(), runs=3)
    assert found.ledger().equals(whole.table)
    assert list(found.ledger().columns) == list(COLUMNS)
    with pytest.raises(InputError, match="a difference of costs has no ledger"):
        found.less(found).ledger()


def test_changes_are_made_first() -> None:
    assert ledger(programme(), changes={"elements.radar.unit_musd": 190}).value == pytest.approx(700.0)
    with pytest.raises(ScenarioError, match="did you mean"):
        ledger(programme(), changes={"elements.radar.unit_mus": 190})


def test_the_sum_of_elasticities_of_all_prices_is_one(whole: Ledger) -> None:
    """All prices doubled double the cost (Euler)."""
    prices = [row["elasticity"] for path, row in rows(whole).items() if "musd" in path or "usd" in path]
    assert sum(prices) == pytest.approx(1.0, rel=1e-9)


# ---- as it is told ------------------------------------------------------------------------------------------------


def test_the_picture_holds_every_end(whole: Ledger) -> None:
    chart = tornado(whole)
    assert chart["yAxis"]["data"][0] == "satellite.unit_musd"
    low, high, middle = chart["series"]
    assert low["data"][0] == [0, pytest.approx(440.0), pytest.approx(600.0)]
    assert high["data"][0] == [0, pytest.approx(600.0), pytest.approx(1080.0)]
    assert middle["data"] == [pytest.approx(600.0)] * 4
    assert "satellite.unit_musd" in draw(chart)


def test_the_report_has_both_ledgers() -> None:
    made = section(results(cost=PROGRAMME))
    reader = Reader(made)
    told = "".join(reader.text)
    assert "4 runs: too few to tell what the inputs do" in told
    assert "life_cycle: 600 M$" in told
    assert "83 % of the swing rests on declared assumptions; 17 % on official values." in told
    assert any(cell.startswith("+0.53") for cell in reader.cells)
    assert any(tag == "a" and "rel" in found for tag, found in reader.elements)
    assert "<svg" in made


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(["ledger", *args])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def file(tmp_path: Path) -> str:
    from opendome.scenario import reader

    path = tmp_path / "mine.toml"
    path.write_text(reader.to_toml(programme()), encoding="utf-8")
    return str(path)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str], file: str) -> None:
    code, out, _ = run(capsys, file, "--top", "3")
    assert code == 0
    assert "life_cycle: 600 M$" in out
    line = next(line for line in out.splitlines() if line.startswith("1 "))
    assert line.split() == ["1", "elements.satellite.unit_musd", "8", "(4", "to", "20)", "assumed",
                            "assumption", "+0.53", "+640"]
    assert f"and {len(rows(ledger(programme()))) - 3} more" in out
    assert max(map(len, out.splitlines())) <= 120


def test_the_command_prints_data(capsys: pytest.CaptureFixture[str], file: str) -> None:
    code, out, _ = run(capsys, file, "--json", "--layer", "space", "--set", "elements.satellite.unit_musd=18")
    found = json.loads(out)
    assert code == 0
    assert found["value"] == pytest.approx(800.0)
    assert found["number"] == "life_cycle (layer space)"
    assert found == opendome.ledger(file, layer="space", changes={"elements.satellite.unit_musd": 18}).data()


def test_of_a_results_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    results().save(folder)
    code, out, _ = run(capsys, str(folder), "--figure", "left")
    assert code == 0
    assert "left: " in out
    assert "4 runs: too few" in out
    code, out, _ = run(capsys, str(folder))
    assert "leak_through: 0.25" in out


@pytest.mark.parametrize(("args", "message"), [
    (["no-such-thing"], "no results folder, pack or scenario"),
    (["gulf-2026x"], "did you mean gulf-2026"),
    (["gulf-2026"], "has no programme"),
    (["{file}", "--figure", "leak_through"], "run it, and name the folder of --out"),
    (["{file}", "--figure", "life_cicle"], "did you mean life_cycle"),
    (["{file}", "--layer", "spice"], "did you mean space"),
    (["{folder}", "--layer", "space"], "layer: is for a scenario, not for results"),
    (["{folder}", "--set", "a=1"], "--set: is for scenarios and packs, not for results"),
    (["{folder}", "--figure", "leak_trough"], "did you mean leak_through"),
    (["{empty}"], "not a complete results folder")])
def test_bad_input_is_told(capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path, args: list[str],
                           message: str) -> None:
    folder = results().save(tmp_path / "kept") if "{folder}" in args else tmp_path
    code, _, err = run(capsys, *(one.format(file=file, folder=folder, empty=tmp_path) for one in args))
    assert code == 2
    assert message in err
    assert "Traceback" not in err
