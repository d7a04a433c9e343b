"""What a programme costs, told: the first screen, the report's section, and the folder of `opendome cost`."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

import small_campaign
from opendome.errors import InputError
from opendome.report import cost_charts, costs, life_cycle
from opendome.report import page as pages
from opendome.report.svg import draw
from opendome.results import Results, first_screen
from opendome.results.cost_summary import cost_lines, exchange_lines, whole
from page_reader import LOADING, Reader
from small_results import PROGRAMME, costed, results

UNCERTAIN = {**PROGRAMME, "note": "Two <b>radars</b> & a battery", "elements": {
    **PROGRAMME["elements"],
    "battery": {**PROGRAMME["elements"]["battery"], "unit_musd": {"value": 100, "low": 50, "high": 150}}}}


@pytest.fixture(scope="module")
def small() -> Results:
    return costed()


# ---- the first screen -----------------------------------------------------------------------------------------


def test_the_block_adds_up(small: Results) -> None:
    summary = small.summary()
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    found = summary["life_cycle"]
    assert (found["start"], found["years"], found["price_year"]) == ("2026-01", 20, 2026)
    assert sum(sum(row["phases"].values()) for row in found["layers"]) == pytest.approx(420.0)
    assert sum(found["phases"].values()) == pytest.approx(420.0)
    assert "discounted" not in found["figures"]  # nothing is discounted
    assert cost_lines(found)[:5] == [
        "life-cycle cost, M$ of 2026, 20 years from 2026-01",
        "by layer  develop  buy + launch  replace  operate  dispose       all",
        "radar           –            40       15        –        –    55 ± 6",
        "upper         100           215        –       50        –   365 ± 6",
        "all           100           255       15       50        –  420 ± 13"]


def test_the_screen_holds_it_once_and_only_with_a_programme(small: Results) -> None:
    text = first_screen(small.summary())
    assert text.count("life-cycle cost") == 1
    assert "for each threat destroyed" in text
    assert max(map(len, text.splitlines())) <= 96
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("life-cycle cost"))
    last = next(i for i, line in enumerate(lines) if line.startswith("for each threat destroyed"))
    assert first_screen(results().summary()).splitlines() == lines[:first] + lines[last + 2:]


def test_the_exchange_has_four_lines_with_a_programme_or_without(small: Results) -> None:
    found = results().summary()["exchange"]
    assert found == small.summary()["exchange"]
    assert exchange_lines(found) == [  # 2 missiles at 1, 2, 3, 4 M$ under 24, 36, 48, 60 M$ of rounds; 3 drones at 0.1
        "cost exchange            ballistic           drone           all",
        "price of threats, M$     5.0 ± 1.3         0.3 ± 0     5.3 ± 1.3",
        "rounds over threats      9.1 ± 1.0      0.1333 ± 0     8.4 ± 0.7",
        "90 % of runs          7.58 to 11.5  0.133 to 0.133  7.29 to 10.1"]
    for one in (results(), small):
        text = first_screen(one.summary())
        assert "\n\n" + "\n".join(exchange_lines(found)) + "\n\n" in text
        assert text.count("cost exchange") == text.count("rounds over threats") == text.count("price of ") == 1


def test_one_class_has_no_column_for_all(small: Results) -> None:
    found = small.summary()["exchange"]
    assert exchange_lines({**found, "by_class": found["by_class"][:1]})[0].split() == ["cost", "exchange", "ballistic"]


def test_an_exchange_too_wide_for_the_screen_is_turned(small: Results) -> None:
    found = small.summary()["exchange"]
    names = ("ballistic", "glide", "cruise", "drone")
    wide = {**found["by_class"][0], "cost_exchange": {"value": 0.0123, "error": 0.0018, "low": 0.00123, "high": 0.0456}}
    lines = exchange_lines({**found, "by_class": [{**wide, "threat_class": name} for name in names]})
    assert len(lines) == 6
    assert lines[0].split("  ")[0] == "cost exchange"
    assert lines[1].startswith("ballistic")
    assert lines[-1].startswith("all")
    assert max(map(len, lines)) <= 96


def test_a_class_without_price_has_no_exchange(small: Results) -> None:
    prices = small.tables.prices.assign(cost_musd=small.tables.prices["cost_musd"].where(
        small.tables.prices["name"] == "srbm", 0.0))
    found = replace(small, tables=replace(small.tables, prices=prices)).summary()["exchange"]
    assert exchange_lines(found)[2].split() == ["rounds", "over", "threats", "9.1", "±", "1.0", "–", "9.1", "±", "1.0"]


@pytest.mark.parametrize("changes", [
    {"prices": pd.DataFrame()}, {"sites": pd.DataFrame(), "shots": pd.DataFrame(), "layers": {}}])
def test_no_exchange_without_prices_or_layers(changes: dict[str, Any]) -> None:
    layers = {"layers": changes.pop("layers")} if "layers" in changes else {}
    plain = results(observations=[], **layers)
    bare = replace(plain, tables=replace(plain.tables, **changes))
    assert "exchange" not in bare.summary()
    assert "cost exchange" not in first_screen(bare.summary())
    assert 'id="cost"' not in pages.page(bare)


def test_the_screen_keeps_its_width_however_much_it_is() -> None:
    large = costed()
    columns = {name: large.tables.costs[name] * 1e5 for name in ("cost_musd", "then_year_musd", "discounted_musd")}
    rows = large.tables.costs.assign(**columns, layer="a layer with a name that is too long for a column")
    found = replace(large, tables=replace(large.tables, costs=rows.astype({"layer": "category"})))
    lines = cost_lines(found.summary()["life_cycle"])
    assert max(map(len, lines)) <= 96
    assert "42,000,000" in "".join(lines)


def test_nothing_destroyed_leaves_its_line_out(small: Results) -> None:
    spared = small.tables.threats.assign(outcome="leaked").astype({"outcome": "category"})
    lines = cost_lines(replace(small, tables=replace(small.tables, threats=spared)).summary()["life_cycle"])
    assert not any("destroyed" in line for line in lines)


@pytest.mark.parametrize(("musd", "text"), [
    (0.0, "–"), (0.01234, "0.0123"), (99.96, "100"), (12.0, "12"), (1234.6, "1,235"), (-3.25, "-3.25")])
def test_amounts_in_words(musd: float, text: str) -> None:
    assert whole(musd) == text


# ---- charts ---------------------------------------------------------------------------------------------------


def test_every_bar_of_a_distribution_starts_at_a_round_number() -> None:
    totals = np.array([390.0, 410.0, 430.0, 450.0, 580.0])
    chart = cost_charts.distribution(totals, "M$")
    assert chart is not None
    assert chart["xAxis"]["data"] == ["350", "400", "450", "500", "550"]
    assert chart["series"][0]["data"] == pytest.approx([0.2, 0.4, 0.2, 0.0, 0.2])
    assert cost_charts.distribution(np.full(4, 3.0), "M$") is None
    assert cost_charts.distribution(np.array([3.0]), "M$") is None


def test_neighbouring_layers_differ_in_hatching_too() -> None:
    chart = cost_charts.by_year([2026], {f"layer-{i}": [1.0] for i in range(18)}, "M$")
    styles = [one["itemStyle"] for one in chart["series"]]
    assert all(a.get("decal") != b.get("decal") for a, b in pairwise(styles))
    assert len({json.dumps(style) for style in styles}) == 18
    assert "layer-17" in draw(chart)


# ---- the report -----------------------------------------------------------------------------------------------


def test_the_report_has_a_section_with_the_numbers_of_the_summary(small: Results) -> None:
    html = pages.page(small)
    reader = Reader(html)
    assert "What it costs" in "".join(reader.text)
    cells = reader.cells
    for shown in ("420 ± 13", "365 ± 6", "5.3 ± 1.3", "8.4 ± 0.7"):
        assert any(cell.startswith(shown) for cell in cells), shown
    assert not [tag for tag, attributes in reader.elements if set(attributes) & LOADING]


def test_the_report_has_the_exchange_alone_without_a_programme(small: Results) -> None:
    plain = pages.page(results())
    cells = Reader(plain).cells
    assert "<h3>Cost exchange</h3>" in plain
    assert "By layer: means over runs, M$" not in plain
    for shown in ("5.0 ± 1.3", "8.4 ± 0.7", "0.1333 ± 0"):
        assert any(cell.startswith(shown) for cell in cells), shown
    part = plain[plain.index("<h3>Cost exchange"):]
    part = part[:part.index("</section>")]
    assert part in pages.page(small)
    assert "all ballistic" not in part  # a class of one type has no row of its own


def test_a_class_of_several_types_has_a_row_of_its_own(small: Results) -> None:
    kinds = small.tables.threats.assign(threat_class="drone").astype({"threat_class": "category"})
    html = costs.section(replace(results(), tables=replace(results().tables, threats=kinds)), {"exchange": {}})
    assert "all drone" in html


def test_spending_by_year_adds_up_to_the_life_cycle() -> None:
    more = {"n_units": 1, "unit_musd": 7, "layer": "upper"}  # a second element of its layer
    programme = {**UNCERTAIN, "elements": {**UNCERTAIN["elements"], "more": more}}
    priced = life_cycle.price(results(cost=programme).scenario, runs=50, seed=7)
    layers = costs.spending(priced.found)
    assert list(layers) == ["radar", "upper"]
    assert sum(map(sum, layers.values())) == pytest.approx(priced.found.total_musd)
    assert layers["radar"][0] == pytest.approx(50.0)  # two at 25 M$, there from the start


def test_campaigns_have_the_section_too() -> None:
    plain = small_campaign.results(runs=4)
    paid = Results(replace(plain.tables, costs=costed().tables.costs),
                   plain.scenario.model_copy(update={"cost": radars()}), plain.manifest)
    html = pages.page(paid)
    assert 'id="cost"' in html
    assert "cost exchange" not in html
    assert "life-cycle cost" in first_screen(paid.summary())


def radars() -> Any:
    """A programme that counts nothing of the scenario."""
    return results(cost={**PROGRAMME, "elements": {"radar": PROGRAMME["elements"]["radar"]}}).scenario.cost


# ---- the folder -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def priced() -> life_cycle.Priced:
    return life_cycle.price(results(cost=UNCERTAIN).scenario, runs=200, seed=7)


def test_the_folder_holds_every_row_and_opens_again(priced: life_cycle.Priced, tmp_path) -> None:
    folder = life_cycle.save(priced, tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == sorted(life_cycle.FILES)
    rows = pd.read_parquet(folder / "cost.parquet")
    pd.testing.assert_frame_equal(pd.read_csv(folder / "cost.csv"), rows)
    for dollars in ("constant", "then-year", "discounted"):
        whole_cost = priced.found.totals(dollars).mean()
        assert rows.loc[rows["dollars"] == dollars, "value"].sum() == pytest.approx(whole_cost)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["kind"], manifest["runs"], manifest["seed"]) == ("cost", 200, 7)
    life_cycle.save(priced, folder)  # an earlier one is replaced
    for name in ("years", "layers", "total", "swings"):
        assert (folder / f"{name}.svg").read_text().startswith("<svg xmlns=")


def test_the_page_loads_nothing_and_shows_no_markup_of_the_scenario(priced: life_cycle.Priced) -> None:
    html = life_cycle.page(priced)
    reader = Reader(html)
    assert "<b>radars" not in html
    assert "Two <b>radars</b> & a battery" in "".join(reader.text)
    assert not [tag for tag, attributes in reader.elements if set(attributes) & LOADING]
    assert "opendome cost scenario.toml --runs 200 --seed 7" in html


def test_one_run_shows_values_without_error(tmp_path) -> None:
    one = life_cycle.price(results(cost=UNCERTAIN).scenario, runs=1, seed=7)
    assert life_cycle.cells(life_cycle.total(one.found)) == ["150", "–"]  # two radars at 25 and a battery at 100 M$
    folder = life_cycle.save(one, tmp_path / "out")
    assert not (folder / "total.svg").exists()  # one run has no distribution


def test_what_rounding_leaves_is_not_shown(priced: life_cycle.Priced, monkeypatch) -> None:
    dust = pd.DataFrame({"element": ["a", "b"], "value": [3.0, -1e-13], "error": [1e-15, 1e-14],
                         "low": [-1e-12, -1e-12], "high": [9.0, 1e-13]})
    monkeypatch.setattr(type(priced.found), "table", lambda *_, **__: dust)
    rows = life_cycle.costing(priced.found, ("element",))
    assert rows == [{"element": "a", "value": 3.0, "error": 0.0, "low": 0.0, "high": 9.0}]


def test_what_moves_it_most_comes_first(priced: life_cycle.Priced) -> None:
    rows = life_cycle.moves(priced, 3)
    assert rows[0]["path"] == "elements.battery.unit_musd"
    assert (rows[0]["at_low"], rows[0]["at_high"]) == (pytest.approx(100.0), pytest.approx(200.0))


def test_a_folder_of_something_else_is_left_alone(priced: life_cycle.Priced, tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds files that are not those of a life-cycle cost"):
        life_cycle.save(priced, tmp_path)
