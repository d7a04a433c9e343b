"""The report of campaigns: its dates are quantiles that drop no run, its flows balance, its pictures hold."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from opendome.report import curve, gantt, heatmap, sankey, stock_chart, sweeps
from opendome.report.attack_data import attacks_of, fits_of
from opendome.report.campaign_page import SECTIONS
from opendome.report.campaign_sections import LIMITS
from opendome.report.flows import ANY_LINE, END, OTHERS, flows
from opendome.report.lots import Lot, lots_of
from opendome.report.page import page
from opendome.report.stock_answer import answers, dates
from opendome.report.stock_data import Months, When, months_of, stocks_of, told, when
from opendome.results import Results
from opendome.study.sweep import Sweep
from page_reader import LOADING, Reader
from small_campaign import results
from small_sweep import made_up

NAN = float("nan")
MONTHS = Months(2026 * 12 + 1, 83)


@pytest.fixture(scope="module")
def small() -> Results:
    return results()


@pytest.fixture(scope="module")
def large() -> Results:
    return results(10, 6, runs=12, lots=3)


@pytest.fixture(scope="module")
def html(small: Results) -> str:
    return page(small)


# ---- dates ------------------------------------------------------------------------------------------------------


def test_what_does_not_come_counts_as_later_than_all_that_does() -> None:
    """Ten runs: 1..6 and four that never come. The first nine tenths end among those that never come."""
    found = when(np.array([3, NAN, 1, 5, NAN, 2, 6, NAN, 4, NAN]))
    assert found == When(1.0, 5.0, np.inf, 0.6, 10)
    assert told(found, MONTHS) == "2026-07 (2026-03 to later)"
    assert told(found, MONTHS, "never") == "2026-07 (2026-03 to never)"
    nobody = when(np.full(3, NAN))
    assert nobody is not None
    assert (nobody.middle, nobody.share, told(nobody, MONTHS)) == (np.inf, 0.0, "later")
    assert when(np.array([])) is None


def test_quantiles_are_dates_that_occur() -> None:
    """A tenth of 30 runs is the third, half of them the 15th, nine tenths the 27th."""
    found = when(np.arange(30.0))
    assert found is not None
    assert (found.low, found.middle, found.high) == (2.0, 14.0, 26.0)


def test_months_and_years() -> None:
    assert [MONTHS.name(m) for m in (0, 10, 11, 82, 83)] == ["2026-02", "2026-12", "2027-01", "2032-12", "later"]
    assert MONTHS.name(-8) == "2025-06"
    assert MONTHS.years(0, 83) == [(11, "2027"), (23, "2028"), (35, "2029"), (47, "2030"), (59, "2031"), (71, "2032"),
                                   (83, "2033")]
    assert MONTHS.marks(0, 83) == MONTHS.years(0, 83)
    assert MONTHS.marks(0, 12) == [(2, "2026-04"), (5, "2026-07"), (8, "2026-10"), (11, "2027-01")]
    assert MONTHS.marks(-3, 20) == [(-1, "2026-01"), (5, "2026-07"), (11, "2027-01"), (17, "2027-07")]


def test_dates_are_those_of_the_first_screen() -> None:
    """In ten of the forty runs one stock never falls, and counts neither as back nor as not."""
    small = results()
    owned = small.tables.owned.copy()
    stays = (owned["owner"] == "gulf-states") & (owned["interceptor"] == "patriot") & (owned["run"] < 10)
    owned.loc[stays, ["fell_month", "back_month"]] = np.nan
    object.__setattr__(small.tables, "owned", owned)
    months = months_of(small)
    shown = {(row["owner"], row["interceptor"]): row for row in small.summary()["stocks"]}
    found = answers(small)
    assert {(one.owner, one.interceptor) for one in found} == set(shown)
    for one in found:
        row = shown[one.owner, one.interceptor]
        assert (one.start, one.level) == (row["start"]["median"], row["level"]["median"])
        assert row["lowest"] == {"median": one.lowest.middle, "low": one.lowest.low, "high": one.lowest.high}
        for name, when_it_is in (("exhausted", one.exhausted), ("back", one.back), ("lowest_month", one.lowest_month)):
            assert when_it_is is not None
            ends = {"median": when_it_is.middle, "low": when_it_is.low, "high": when_it_is.high}
            assert row[name] == {key: None if np.isinf(at) else months.name(at) for key, at in ends.items()}
        assert one.exhausted is not None
        assert one.back is not None
        assert one.exhausted.share == row["share_exhausted"]
        assert one.back.share == pytest.approx(1 - row["share_not_back"])
        assert one.back.runs == pytest.approx(row["share_fell"] * row["runs"])
    assert any(0 < row["share_not_back"] < 1 for row in shown.values())
    drawn = dates(small)
    assert {(one.owner, one.interceptor): (one.back, one.exhausted) for one in found} == {
        pair: (row["back"], row["exhausted"]) for pair, row in drawn.items()}
    assert drawn["gulf-states", "patriot"]["back"].runs == 30


# ---- flows ------------------------------------------------------------------------------------------------------


def test_flows_balance_and_are_the_sums_of_the_tables(large: Results) -> None:
    stocks = stocks_of(large)
    for kind in stocks.interceptors:
        found = flows(large, stocks, kind)
        for owner, inside in found.into.items():
            assert sum(inside.values()) == pytest.approx(sum(found.out[owner].values()), abs=1e-9)
        rows = large.tables.stocks[large.tables.stocks["interceptor"] == kind]
        assert sum(one["fired"] for one in found.out.values()) == pytest.approx(rows["fired"].sum() / 12)
        last = rows[rows["month"] == rows["month"].max()]
        assert sum(one[END] for one in found.out.values()) == pytest.approx(last["stock"].sum() / 12)
        given = sum(one[OTHERS] for one in found.into.values())
        assert given == pytest.approx(rows["sent"].sum() / 12)
        lots = large.tables.lots[large.tables.lots["interceptor"] == kind]
        assert sum(one.get(f"{kind}-line", 0) for one in found.into.values()) == pytest.approx(lots["built"].sum() / 12)


def test_orders_that_name_no_line_are_laid_to_the_only_one(small: Results) -> None:
    nameless = small.tables.lots.assign(line=pd.Series([None] * len(small.tables.lots), dtype="category"))
    tables = type(small.tables)(**{**vars(small.tables), "lots": nameless})
    found = flows(Results(tables, small.scenario, small.manifest), stocks_of(small), "patriot")
    assert found.sources == ["at the start", "patriot-line", OTHERS]
    pile = small.scenario.stockpile
    assert pile is not None
    lines = {**pile.lines, "second": pile.lines["patriot-line"]}
    more = small.scenario.model_copy(update={"stockpile": pile.model_copy(update={"lines": lines})})
    assert flows(Results(tables, more, small.manifest), stocks_of(small), "patriot").sources[1] == ANY_LINE


def bars(drawing: str) -> list[tuple[float, float, float, str]]:
    """Place, upper end, height and words of the bars of a Sankey."""
    pattern = r'<rect x="([\d.]+)" y="([\d.]+)" width="13" height="([\d.]+)"[^>]*><title>(.*?)</title>'
    return [(float(x), float(y), float(h), words) for x, y, h, words in re.findall(pattern, drawing)]


def test_bands_of_a_sankey_fill_their_bars_in_one_scale(large: Results) -> None:
    stocks = stocks_of(large)
    found = flows(large, stocks, "patriot")
    drawing = sankey.draw(found)
    total = sum(sum(inside.values()) for inside in found.into.values())
    for _, _, height, words in bars(drawing):
        name = words.rsplit(": ", 1)[0]
        value = sum(found.into[name].values()) if name in found.into else (
            sum(one.get(name, 0.0) for one in found.into.values()) if name in found.sources else
            sum(one[name] for one in found.out.values()))
        assert height == pytest.approx(max(sankey.HEIGHT * value / total, 0.8), abs=0.006)
    ends: dict[float, float] = {}
    for x0, x1, width in re.findall(r'd="M([\d.]+) [\d.]+C[\d. ]+? ([\d.]+) [\d.]+v([\d.]+)C', drawing):
        ends[float(x0)] = ends.get(float(x0), 0.0) + float(width)
        ends[float(x1)] = ends.get(float(x1), 0.0) + float(width)
    assert len(ends) == 4
    assert list(ends.values()) == pytest.approx([sankey.HEIGHT] * 4, abs=0.5)


@pytest.mark.parametrize("kind", ["patriot", "iris-t"])
def test_labels_of_a_sankey_keep_clear_of_each_other(large: Results, kind: str) -> None:
    drawing = sankey.draw(flows(large, stocks_of(large), kind))
    columns: dict[float, list[float]] = {}
    for x, y in re.findall(r'<text[^>]*? x="([\d.]+)" y="([\d.]+)"[^>]*xml:space', drawing):
        columns.setdefault(float(x), []).append(float(y))
    assert max(map(len, columns.values())) == 10
    for places in columns.values():
        assert all(b - a >= 16 for a, b in zip(sorted(places), sorted(places)[1:]))
    inside(drawing)


# ---- pictures ---------------------------------------------------------------------------------------------------


def inside(drawing: str) -> None:
    """A drawing whose text stands within its frame, without numbers that are none."""
    assert "nan" not in drawing
    assert "inf" not in drawing.replace("information", "")
    width, height = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawing)[0])
    for x, y in places(drawing):
        assert 0 <= x <= width
        assert 0 <= y <= height


def places(drawing: str) -> Iterator[tuple[float, float]]:
    """Where texts start, with the shifts of the groups they stand in."""
    shifts = [(0.0, 0.0)]
    for tag, shift_x, shift_y, x, y, end in re.findall(
            r'<(g)(?: transform="translate\(([-\d.]+) ([-\d.]+)\)")?>|<text[^>]*? x="([-\d.]+)" y="([-\d.]+)"|(</g>)',
            drawing):
        if tag:
            shifts.append((shifts[-1][0] + float(shift_x or 0), shifts[-1][1] + float(shift_y or 0)))
        elif end:
            shifts.pop()
        else:
            yield shifts[-1][0] + float(x), shifts[-1][1] + float(y)
    assert shifts == [(0.0, 0.0)]


def test_stocks_are_drawn_from_start_to_end_with_their_level(small: Results) -> None:
    stocks, found = stocks_of(small), dates(small)
    drawing = stock_chart.draw(stocks, "patriot", found)
    inside(drawing)
    rows = small.tables.stocks.query("owner == 'united-states' and interceptor == 'patriot' and month == 82")
    last = sorted(rows["stock"])[19]
    assert f"united-states 600 at the start, {last:,.0f} at the end" in drawing
    lines = re.findall(r'<path d="M([\d. L]+)" style="fill:none;stroke:var\(--area\);stroke-width:2;', drawing)
    assert [len(line.split("L")) for line in lines] == [84, 84]
    assert drawing.count("stroke-dasharray:5 4") == 3  # two owners and the legend
    shares = {p: found[stocks.pairs[p]]["exhausted"] for p in stocks.of("patriot")}
    assert [one is not None and one.share >= 0.5 for one in shares.values()] == [True, False]
    assert drawing.count(f"fill:none;stroke:{stock_chart.NONE};stroke-width:2") == 2  # one owner and the legend


def test_a_stock_that_is_not_back_in_most_runs_says_so(small: Results) -> None:
    stocks, found = stocks_of(small), dates(small)
    pair = ("united-states", "patriot")
    found[pair] = {"back": When(70.0, np.inf, np.inf, 0.25, 40), "exhausted": When(5.0, np.inf, np.inf, 0.3, 40)}
    drawing = stock_chart.draw(stocks, "patriot", found)
    assert "not back by 2032-12 in 75 % of runs" in drawing
    assert "exhausted in 30 % of runs" in drawing
    assert "l-5 -3.5m5 3.5l-5 3.5" in drawing  # the arrow of a band that ends after the last month
    found[pair] = {"back": None, "exhausted": When(np.inf, np.inf, np.inf, 0.0, 40)}
    drawing = stock_chart.draw(stocks, "patriot", found)
    assert "never below its level" in drawing
    inside(drawing)


def test_lots_of_an_order_share_a_row_and_late_ones_are_marked(large: Results) -> None:
    lots, months = lots_of(large), months_of(large)
    assert len(lots) == 180
    drawing = gantt.draw(lots, months)
    inside(drawing)
    assert drawing.count("</title>united-states-patriot</text>") == 1
    late = sum(lot.is_late for lot in lots)
    assert 0 < late < len(lots)
    assert drawing.count(f"stroke:{gantt.LATE};stroke-width:2;") == late + 1  # and the legend
    assert f"{late} are overdue in the median run" in drawing


def test_a_lot_is_overdue_from_when_all_of_it_was_due() -> None:
    """Ten rounds over ten months from month 3: the first whole one in month 3, all at the end of month 12, 13 from the
    start. Those due before the study are overdue from its start."""
    def lot(due: float, last: float) -> Lot:
        first, end = When(5.0, 5.0, 5.0, 1.0, 10), When(last, last, last, 1.0, 10)
        return Lot("o", 0, "a", "b", -20, due, 10.0, 10, 10, first, end)

    assert lot(3.0, 12.0).due_end == 13.0
    assert (lot(3.0, 12.0).overdue, lot(3.0, 12.0).is_late) == (0.0, False)
    assert (lot(3.0, 13.0).overdue, lot(3.0, 13.0).is_late) == (1.0, False)
    assert (lot(3.0, 18.0).overdue, lot(3.0, 18.0).is_late) == (6.0, True)
    assert (lot(-30.0, 1.0).overdue, lot(-30.0, 1.0).is_late) == (2.0, True)
    assert lot(3.0, np.inf).is_late
    drawing = gantt.draw([lot(3.0, np.inf), lot(-50.0, 2.0)], MONTHS)
    inside(drawing)
    assert "l-5 -3.5m5 3.5l-5 3.5" in drawing


def test_a_lot_of_nothing_has_no_dates(small: Results) -> None:
    """In runs whose draw makes it no round, a lot is neither due nor late: its dates are those of the other runs."""
    lots = small.tables.lots.copy()
    is_none = (lots["order"] == "gulf-states-thaad") & (lots["run"] < 10)
    lots.loc[is_none, ["rounds", "built"]] = 0
    lots.loc[is_none, ["due_month", "first_month", "last_month"]] = np.nan
    tables = type(small.tables)(**{**vars(small.tables), "lots": lots})
    one = next(lot for lot in lots_of(Results(tables, small.scenario, small.manifest))
               if (lot.order, lot.number) == ("gulf-states-thaad", 0))
    assert (one.due, one.first.runs, one.first.share, one.last.share) == (10.0, 30, 1.0, 1.0)
    assert one.rounds == pytest.approx(0.75 * 62)


def test_an_old_contract_is_an_arrow_at_the_edge(small: Results) -> None:
    lots = lots_of(small)
    old = [Lot(**{**vars(lot), "contract": -90}) for lot in lots[:1]]
    assert "l-6 4l6 4" in gantt.draw(old, MONTHS)
    assert "l-6 4l6 4" not in gantt.draw(lots[:1], MONTHS)


# ---- raids and surfaces -----------------------------------------------------------------------------------------


def test_leak_through_is_over_the_runs_and_months_with_launches(small: Results) -> None:
    ballistic = next(one for one in attacks_of(small) if one.threat_class == "ballistic")
    rows = small.tables.attacks[small.tables.attacks["threat_class"] == "ballistic"].groupby("run")
    shares = rows["leaked"].sum() / rows["launched"].sum()
    whole = ballistic.share(0, 83)
    assert whole is not None
    assert whole == pytest.approx((shares.mean(), shares.std() / np.sqrt(40), *shares.quantile([0.05, 0.95])))
    assert ballistic.share(6, 7) is None  # a month without launches
    assert np.isnan(ballistic.leaks[:, 6]).all()


def test_leak_through_is_the_figure_of_the_results(small: Results) -> None:
    found = {one.threat_class: one for one in attacks_of(small)}
    rows = small.table("leak_through", ["campaign", "threat_class"]).set_index("threat_class")
    by_month = small.table("leak_through", ["threat_class", "month"]).set_index(["threat_class", "month"])
    launched = small.table("launched", "threat_class").set_index("threat_class")
    columns = ["value", "error", "low", "high"]
    for kind, one in found.items():
        assert one.share(0, 83) == pytest.approx(tuple(rows.loc[kind, columns]))
        assert one.count("launched", 0, 83) == pytest.approx(tuple(launched.loc[kind, columns]))
        assert one.share(3, 4) == pytest.approx(tuple(by_month.loc[(kind, "2026-05"), columns]))


def test_the_error_of_a_surface_is_that_at_its_checks(small: Results) -> None:
    found = fits_of(small)
    assert [one.name for one in found] == ["winter: leaked of ballistic", "winter: leaked of drone",
                                          "winter: rounds of patriot"]
    assert not any(one.is_nothing for one in found)
    assert replace(found[0], simulated=[0.0], surface=[0.0]).is_nothing
    assert replace(found[0], step=2).name == "winter, doctrine step 2: leaked of ballistic"
    rows = small.tables.surfaces.query("quantity == 'rounds' and is_check")
    assert len(rows) == 12
    assert found[2].off == pytest.approx(np.sqrt(((rows["surface"] - rows["simulated"]) ** 2).mean()), rel=1e-5)
    assert found[2].chance == pytest.approx(0.8)


# ---- sweeps -----------------------------------------------------------------------------------------------------


def monthly(**given: Any) -> Sweep:
    """A sweep of return_after over a line's ramp."""
    found = made_up({"lines.pac3.ramp_to": ["2028-01", "2028-07", "2030-01"], **given.pop("more", {})},
                    figure="return_after", **given)
    return replace(found, data={**found.data, "stockpile": {"start": "2026-02"}})


def test_months_stand_in_time_on_the_axis_of_a_sweep() -> None:
    """Half a year, then one and a half: three times as far; no line passes a point with nothing to count."""
    drawing = curve.draw(monthly(), "return_after")
    inside(drawing)
    assert "return_after (months after 2026-02)" in drawing
    x = [float(found) for found in re.findall(r'<text x="([\d.]+)"[^>]*>20\d\d-\d\d</text>', drawing)]
    assert x[2] - x[1] == pytest.approx(3 * (x[1] - x[0]), abs=0.3)
    (line,) = re.findall(r'<path d="M([\d. L]+)" style="fill:none', drawing)
    assert line.count("L") == 2
    gap = curve.draw(monthly(empty=(1,)), "return_after")
    inside(gap)
    assert "L" not in "".join(re.findall(r'<path d="M([\d. L]+)" style="fill:none', gap))


def test_maps_of_months_show_points_with_nothing_to_count() -> None:
    found = monthly(more={"uses.war.months": [1, 3]}, empty=(2,))
    drawing = heatmap.draw(found, "return_after")
    inside(drawing)
    assert "return_after (months after 2026-02)" in drawing
    assert drawing.count("nothing to count") == 1
    whole = sweeps.page(found)
    assert "the same raids come" in whole
    assert LIMITS[0] in "".join(Reader(whole).text)


def test_many_groups_of_a_sweep_can_be_told_apart() -> None:
    assert len({curve._look(i) for i in range(36)}) == 36


# ---- the page ---------------------------------------------------------------------------------------------------


def test_sections_can_be_reached_and_drawings_are_described(html: str, small: Results) -> None:
    reader = Reader(html)
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    links = [str(a["href"])[1:] for tag, a in reader.elements if tag == "a" and str(a.get("href", "")).startswith("#")]
    assert links == [key for key, _ in SECTIONS if key != "cost"]  # the scenario has no programme
    assert set(links) <= set(ids)
    drawings = [a for tag, a in reader.elements if tag == "svg" and a.get("class") == "chart"]
    assert len(drawings) == 9  # stocks, flows and orders of two types, lines, raids, surfaces
    assert all(a.get("role") == "img" and a.get("aria-label") for a in drawings)
    text = "".join(reader.text)
    for words in (*LIMITS, *small.summary()["notes"], "opendome run scenario.toml --runs 40 --seed 7"):
        assert words.replace("`", "") in text


def test_the_page_loads_nothing_and_stays_small(html: str, large: Results) -> None:
    reader = Reader(html)
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "image", "foreignobject"}
    for tag, attributes in reader.elements:
        assert not set(attributes) & LOADING, tag
        assert not [name for name in attributes if name.startswith("on")], tag
    assert set(re.findall(r"url\(([^)]*)\)", html)) <= {"#hatch-forward", "#hatch-backward"}
    whole = page(large)
    assert len(whole) < 3e6
    Reader(whole)
    for drawing in re.findall(r"<svg class=\"chart\".*?</svg>", whole):
        inside(drawing)
    assert "of longer orders only the first and the last lot" in whole


def test_the_answer_is_that_of_the_tables(html: str, small: Results) -> None:
    cells = Reader(html.split('<section id="answer">')[1].split("</section>")[0]).cells
    months = months_of(small)
    for one in answers(small):
        assert one.back is not None
        row = cells[cells.index(one.owner, cells.index(one.interceptor)):]
        assert row[1] == f"{one.start:,.0f}"
        assert row[6].startswith(months.name(one.back.middle))
    last = max((one.back for one in answers(small) if one.back), key=lambda one: (one.middle, one.high))
    assert any(cell.startswith(months.name(last.middle, "after 2032-12")) for cell in cells[:2])


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\'<b>'


def test_markup_in_any_text_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    import small_campaign

    monkeypatch.setattr(small_campaign, "OWNERS", tuple(name + EVIL for name in small_campaign.OWNERS))
    monkeypatch.setattr(small_campaign, "INTERCEPTORS", tuple(name + EVIL for name in small_campaign.INTERCEPTORS))
    made = page(results(runs=3, note=EVIL))
    reader = Reader(made)
    assert not {tag for tag, _ in reader.elements} & {"script", "img"}
    assert not [a for _, a in reader.elements if any(name.startswith("on") for name in a)]
    assert "".join(reader.text).count(EVIL) > 60


def bare(small: Results) -> Results:
    """Results without lines, orders and raids."""
    tables = type(small.tables)(**{**vars(small.tables), **{
        name: getattr(small.tables, name).iloc[:0] for name in ("lots", "makers", "attacks", "surfaces")}})
    pile = small.scenario.stockpile
    assert pile is not None
    empty = pile.model_copy(update={"lines": {}, "components": {}, "orders": {}})
    scenario = small.scenario.model_copy(update={"stockpile": empty, "campaigns": {}})
    return Results(tables, scenario, small.manifest)


def test_a_scenario_without_lines_orders_and_raids_has_its_page(small: Results) -> None:
    made = page(bare(small))
    reader = Reader(made)
    sections = {found["id"] for tag, found in reader.elements if tag == "section"}
    assert sections == {"answer", "stocks", "flows", "ledger", "assumptions", "repeat", "cite", "limits"}


def test_one_run_has_its_page() -> None:
    made = page(results(runs=1))
    Reader(made)
    assert "nan" not in made.split("</style>")[1]
    assert "1 run;" in made
