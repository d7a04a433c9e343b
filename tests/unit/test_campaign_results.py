"""Tables, figures and first screen of campaigns against four runs worked by hand."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from opendome.errors import InputError
from opendome.results import Results, figures, first_screen
from opendome.results.campaign_summary import band
from opendome.results.figures import FIGURES, by_run, check
from opendome.stockpile.tables import NEVER
from opendome.study import campaigns
from small_outcome import BACK, LEAKED, MANIFEST, STOCKS, outcome, results, scenario
from small_results import results as raid_results


@pytest.fixture(scope="module")
def small() -> Results:
    return results()


def owned(small: Results, owner: str, what: str) -> Any:
    rows = small.tables.owned
    return rows[(rows["owner"] == owner) & (rows["interceptor"] == what)]


def of(small: Results, figure: str, *by: str) -> dict[Any, float]:
    """Values of a figure by group."""
    table = small.table(figure, by)
    keys = list(zip(*(table[column] for column in by)))
    return {key if len(by) > 1 else key[0]: value for key, value in zip(keys, table["value"])}


# ---- rows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", list(BACK))
def test_months_of_fall_and_return(small: Results, pair: tuple[str, str]) -> None:
    rows = owned(small, *pair)
    expected = [math.nan if month is None else month for month in BACK[pair]]
    np.testing.assert_array_equal(rows["back_month"], expected)
    (start, level), texts = STOCKS[pair]
    fell = [any(int(x) < level for x in text.split()) for text in texts]
    assert rows["fell_month"].notna().tolist() == fell
    assert rows["start"].tolist() == [start] * 4


def test_exhausted_is_nothing_left_or_less_than_wanted(small: Results) -> None:
    gulf = owned(small, "gulf", "patriot")
    np.testing.assert_array_equal(gulf["exhausted_month"], [0, np.nan, 0, np.nan])
    assert owned(small, "us", "patriot")["exhausted_month"].isna().all()
    assert (gulf["lowest"].tolist(), gulf["lowest_month"].tolist()) == ([0, 5, 0, 10], [0, 0, 0, 0])


@pytest.mark.parametrize(("stock", "had", "lacked", "expected"), [
    ("5 0 0", "1 1 1", "0 0 0", 1),
    ("0 0 0", "0 0 0", "0 0 0", NEVER),  # there never was anything
    ("0 0 0", "0 1 1", "0 0 0", 1),  # what came was fired in the same month
    ("4 4 4", "1 1 1", "0 0 1", 2),  # cannot happen by itself, yet what is lacking counts
])
def test_exhaustion_case_by_case(stock: str, had: str, lacked: str, expected: int) -> None:
    def months(text: str) -> Any:
        return np.array([int(x) for x in text.split()], np.int32).reshape(1, -1, 1)

    found = campaigns.course(months(stock), months(had) > 0, months(lacked) > 0, np.array([[1]]))
    assert found.exhausted.item() == expected


def test_what_came_in_an_earlier_month_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at the start, five rounds in the first month, all fired in the second."""
    monkeypatch.setitem(STOCKS, ("gulf", "patriot"), ((0, 10), ("5 0 0 0 0 0",) * 4))
    found = Results(campaigns.tables_from(outcome()), scenario(), MANIFEST)
    assert owned(found, "gulf", "patriot")["exhausted_month"].tolist()[:2] == [1, 1]


def test_a_stock_that_never_was_is_not_exhausted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at the start and nothing after, of a level of ten: only run 2, which wants two rounds, lacks any."""
    monkeypatch.setitem(STOCKS, ("gulf", "patriot"), ((0, 10), ("0 0 0 0 0 0",) * 4))
    found = Results(campaigns.tables_from(outcome()), scenario(), MANIFEST)
    np.testing.assert_array_equal(owned(found, "gulf", "patriot")["exhausted_month"], [np.nan, np.nan, 0, np.nan])


def test_rounds_from_lines_and_from_others_are_on_the_way() -> None:
    records = outcome().records
    records = records._replace(on_way_made=records.on_way_made + 2, on_way_given=records.on_way_given + 5)
    found = Results(campaigns.tables_from(outcome(records=records)), scenario(), MANIFEST)
    assert owned(found, "us", "patriot")["on_way"].tolist() == [7] * 4


def test_a_lot_due_before_the_start_is_late_from_the_start() -> None:
    lots = outcome().tables.lots
    tables = SimpleNamespace(**{**vars(outcome().tables), "lots": lots._replace(due=lots.due - 30.0)})
    found = Results(campaigns.tables_from(outcome(tables=tables)), scenario(), MANIFEST)
    assert found.tables.lots["due_month"].max() < 0
    assert of(found, "late", "order")["lot"] == np.mean([0, 1, 2, 0])


def test_leak_through_is_of_all_that_were_launched() -> None:
    """Half of them fired at: the share that leaks is still of all."""
    attacks = outcome().attacks
    halved = attacks._replace(engaged=attacks.engaged // 2)
    found = Results(campaigns.tables_from(outcome(attacks=halved)), scenario(), MANIFEST)
    assert found.table("leak_through")["value"].item() == pytest.approx(np.mean(LEAKED) / 10)
    assert found.table("engaged")["value"].item() == pytest.approx(0.5)


@pytest.mark.parametrize(("stock", "fell", "back"), [
    ("9 9 9", NEVER, NEVER), ("7 8 9", 0, 1), ("8 7 8", 1, 2), ("7 9 7", 0, NEVER), ("9 9 7", 2, NEVER),
    ("7 9 9", 0, 1), ("7 8 7", 0, NEVER)])
def test_return_case_by_case(stock: str, fell: int, back: int) -> None:
    """To a level of 8, to stay: a stock that falls again is not back."""
    rounds = np.array([int(x) for x in stock.split()], np.int32).reshape(1, -1, 1)
    never = np.zeros_like(rounds, np.bool_)
    found = campaigns.course(rounds, ~never, never, np.array([[8]]))
    assert (found.fell.item(), found.back.item()) == (fell, back)


def test_the_first_round_of_a_lot_is_due_when_a_whole_one_is() -> None:
    rounds, due, over = np.array([12, 1, 24, 0]), np.array([0.0, 3.0, 2.5, 0.0]), np.array([12.0, 6.0, 12.0, 1.0])
    # one a month: in the first; one in six months: in the sixth of them; two a month from mid-month on: at once
    np.testing.assert_array_equal(campaigns.first_due(rounds, due, over), [0, 8, 2, np.nan])


def test_where_there_is_too_much_every_month_is_kept_of_the_first_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "ROWS_MAX", 2 * 6 * len(CLASSES_OF_SMALL) + 5)
    found = Results(campaigns.tables_from(outcome()), scenario(), MANIFEST)
    assert set(found.tables.stocks["run"]) == set(found.tables.attacks["run"]) == {0, 1}
    assert len(found.tables.owned) == 4 * 3
    assert found.table("fired")["runs"].item() == 2
    assert found.table("return_after")["runs"].item() == 4
    assert found.table("leak_through")["value"].item() == pytest.approx(np.mean([0, 1]) / 10)
    assert np.isnan(by_run(found.tables, found.scenario, "fired", "interceptor").of(("thaad",))[2:]).all()
    assert "Every month was kept of the first 2 of 4 runs" in " ".join(found.summary()["notes"])


CLASSES_OF_SMALL = campaigns.CLASSES


def test_blocks_of_runs_make_no_difference(monkeypatch: pytest.MonkeyPatch, small: Results) -> None:
    monkeypatch.setattr(campaigns, "BLOCK", 3)
    assert campaigns.tables_from(outcome()).owned.equals(small.tables.owned)


# ---- figures ----------------------------------------------------------------------------------------------------


def test_months_until_return_count_what_is_not_back_with_the_whole_span(small: Results) -> None:
    after = of(small, "return_after", "owner", "interceptor")
    assert after == {("us", "patriot"): (4 + 5 + 6 + 3) / 4, ("us", "thaad"): 0.0,
                     ("gulf", "patriot"): (4 + 2 + 6 + 0) / 4}
    assert of(small, "returned", "owner", "interceptor") == {("us", "patriot"): 0.75, ("us", "thaad"): 1.0,
                                                             ("gulf", "patriot"): 0.75}
    # of all Patriots: when the last is back
    assert of(small, "return_after", "interceptor")["patriot"] == (4 + 5 + 6 + 3) / 4
    assert of(small, "returned", "interceptor")["patriot"] == 0.75


def test_exhaustion_is_of_the_first_stock_and_of_the_runs_in_which_it_happens(small: Results) -> None:
    table = small.table("exhausted_after", "interceptor")
    assert table[["interceptor", "value", "runs"]].values.tolist() == [["patriot", 0.0, 2]]
    assert of(small, "exhausted", "interceptor") == {"patriot": 0.5, "thaad": 0.0}
    assert small.table("exhausted")["value"].item() == 0.5


def test_rounds_are_those_of_the_last_month_unless_split_by_month(small: Results) -> None:
    assert of(small, "rounds", "owner") == {"us": (110 + 100 + 80 + 120) / 4 + 20, "gulf": 7.5}
    by_month = of(small, "rounds", "month")
    assert list(by_month) == [f"2026-0{i}" for i in range(2, 8)]
    assert by_month["2026-03"] == (60 + 50 + 40 + 100 + 0 + 5 + 0 + 10) / 4 + 20


def test_what_moved_adds_up(small: Results) -> None:
    start, fired, delivered = (of(small, name, "owner", "interceptor") for name in ("start", "fired", "delivered"))
    assert {key: start[key] - fired[key] + delivered[key] for key in start} == of(small, "rounds", "owner",
                                                                                  "interceptor")
    assert small.table("unmet")["value"].item() == 2 / 4
    assert of(small, "unmet", "month")["2026-02"] == 2 / 4


def test_makers_count_lines_and_parts_by_name_alone(small: Results) -> None:
    assert small.table("made")["value"].item() == 90
    assert of(small, "made", "maker") == {"seekers": 120, "camden": 90}
    assert of(small, "used", "maker") == {"seekers": 1.0, "camden": 0.75}
    assert of(small, "short", "owner") == {"us": 1.5}


def test_lots(small: Results) -> None:
    assert of(small, "ordered", "owner") == {"us": 24, "gulf": 10}
    late = small.table("late", "order").set_index("order")
    assert late["value"].tolist() == [(0 + 1 + 2 + 0) / 4, (3 + 2) / 2]
    assert late["runs"].tolist() == [4, 2]  # the gift came in two of the runs
    assert of(small, "built", "line") == {"camden": 24}


def test_attacks(small: Results) -> None:
    assert small.table("launched")["value"].item() == 20
    assert small.table("leak_through")["value"].item() == pytest.approx(np.mean(LEAKED) / 10)
    shares = [of(small, name, "threat_class")["ballistic"] for name in ("leak_through", "destroyed", "outside")]
    assert sum(shares) == pytest.approx(1.0)
    assert of(small, "raid_days", "campaign") == {"siege": 6}


def test_every_figure_works_by_each_column_it_names(small: Results) -> None:
    for figure in figures("campaigns"):
        assert figure.meaning.endswith(".")
        assert figure.of == "campaigns"
        if figure.needs_cost or figure.join:
            continue  # in test_results_costs
        for column in figure.by:
            table = small.table(figure.name, by=column)
            assert list(table.columns) == [column, "value", "error", "runs", "low", "high"]
            assert len(table) > 0, (figure.name, column)


def test_names_that_both_kinds_have_mean_the_same() -> None:
    raids, ours = ({figure.name: figure for figure in figures(kind)} for kind in ("raids", "campaigns"))
    shared = set(raids) & set(ours)
    assert {"launched", "leak_through"} <= shared
    for name in shared:
        assert (raids[name].unit, raids[name].better) == (ours[name].unit, ours[name].better)
    assert len(figures()) == len(raids) + len(ours)
    assert check("leak_through", ["campaign"]).of == "campaigns"
    assert check("leak_through", ["type"]).of == "raids"
    assert set(FIGURES) == set(raids) | set(ours)


@pytest.mark.parametrize(("name", "by", "message"), [
    ("shots", (), "figure shots: is one of raids, but the scenario is run as campaigns, since it has a stockpile"),
    ("return", (), "figure 'return': there is no such figure\nhint: did you mean return"),
    ("return_after", "month", "figure return_after: cannot be grouped by 'month'; it knows owner, interceptor"),
    ("leak_through", "type", "figure leak_through: cannot be grouped by 'type'; it knows campaign, "),
])
def test_unknown_names_are_answered_with_known_ones(small: Results, name: str, by: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        small.table(name, by=by)
    assert message in str(raised.value)


def test_figures_of_campaigns_are_not_taken_of_raids() -> None:
    with pytest.raises(InputError, match="figure return_after: is one of campaigns, but the scenario is run as raids"):
        raid_results().table("return_after")


# ---- the first screen -------------------------------------------------------------------------------------------


def test_quantiles_leave_no_run_out() -> None:
    nan = math.nan
    assert band([3, 1, 2, nan]) == {"median": 2.0, "low": 1.0, "high": None}
    assert band([nan, nan, 1]) == {"median": None, "low": 1.0, "high": None}
    assert band(range(1, 11)) == {"median": 5.0, "low": 1.0, "high": 9.0}
    assert band([7]) == {"median": 7.0, "low": 7.0, "high": 7.0}


def test_summary_is_plain_data(small: Results) -> None:
    found = small.summary()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["kind"], found["months"], found["start"], found["until"]) == ("campaign", 6, "2026-02", "2026-07")
    us, thaad, gulf = found["stocks"]
    assert (us["owner"], us["interceptor"]) == ("us", "patriot")
    assert us["back"] == {"median": "2026-06", "low": "2026-05", "high": None}
    assert (us["share_fell"], us["share_not_back"], us["share_exhausted"]) == (1.0, 0.25, 0.0)
    assert us["lowest"] == {"median": 50.0, "low": 40.0, "high": 90.0}
    assert (thaad["back"], thaad["share_fell"]) == (None, 0.0)
    assert gulf["exhausted"] == {"median": "2026-02", "low": "2026-02", "high": None}
    # it fell in three runs, back in months 4 and 2 and not at all
    assert gulf["back"] == {"median": "2026-06", "low": "2026-04", "high": None}
    assert gulf["share_not_back"] == pytest.approx(1 / 3)
    assert raid_results().summary()["kind"] == "raid"


def test_surfaces_are_judged_on_raids_left_out(small: Results) -> None:
    (row,) = small.summary()["surfaces"]
    assert (row["campaign"], row["quantity"], row["group"], row["checks"]) == ("siege", "leaked", "ballistic", 2)
    assert row["rms"] == pytest.approx(math.sqrt((0.03**2 + 0.04**2) / 2), rel=1e-6)
    assert row["error"] == pytest.approx(0.03, rel=1e-6)


def test_first_screen(small: Results) -> None:
    lines = first_screen(small.summary()).splitlines()
    assert lines[:2] == ["Two small stocks", "stocks over 6 months, 2026-02 to 2026-07 (4 runs, seed 7)"]
    assert max(map(len, lines)) <= 96
    cells = [line.split("  ") for line in lines]
    rows = {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in reversed(cells)}
    assert "gulf, patriot" in rows
    assert rows["gulf, patriot"] == ["10", "0", "2026-02", "2026-02 (2026-02 to never)", "50 %"]
    second = [[cell.strip() for cell in row if cell.strip()] for row in cells if row[0].startswith(("us", "gulf"))][3:]
    assert second == [["us, patriot", "100", "100 %", "2026-06 (2026-05 to later)", "25 %"],
                      ["us, thaad", "20", "0 %", "did not fall", "–"],
                      ["gulf, patriot", "10", "75 %", "2026-06 (2026-04 to later)", "33 %"]]
    assert rows["siege, ballistic"] == ["20", "100 %", "0.15 ± 0.06", "0.015 to 0.285"]
    assert rows["siege, leaked, ballistic"] == ["0", "2", "0.5", "0.0354", "0.03"]
    assert rows["camden"] == ["90 ± 0", "0.75 ± 0", "1.5 ± 0.6", "20 ± 0"]


def test_what_was_saved_is_what_is_opened(small: Results, tmp_path: Path) -> None:
    small.save(tmp_path / "one")
    found = Results.open(tmp_path / "one")
    assert found.summary() == small.summary()
    assert found.scenario == small.scenario
    found.save(tmp_path / "two")
    assert [p.read_bytes() for p in sorted((tmp_path / "one").iterdir())] == [
        p.read_bytes() for p in sorted((tmp_path / "two").iterdir())]
