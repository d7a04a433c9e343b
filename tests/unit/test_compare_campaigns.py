"""Comparisons and sweeps of campaigns: paired months, runs that are not back, the same attack, and what is told."""

import json
from typing import Any

import numpy as np
import pytest

import opendome
from opendome import study
from opendome.campaign.outcome import Attacks
from opendome.cli import compare as command
from opendome.cli import sweeps
from opendome.errors import InputError
from opendome.report import compare_words
from opendome.results import Results
from opendome.scenario import Scenario, reader
from opendome.study import campaigns
from opendome.study.attack import Attack
from opendome.study.compare import Comparison
from small_outcome import MANIFEST, attacks, outcome, scenario
from small_results import results as raid_results

US, GULF = "us, patriot", "gulf, patriot"


def faster(back: dict[str, list[float]] | None = None, of: Attacks | None = None, **changes: Any) -> Results:
    """The small results after a change to the scenario: a line that makes 300 a year unless others are given, with
    other months of return and another attack."""
    base = scenario()
    line = {**reader.to_data(base)["stockpile"]["lines"]["camden"], "per_year": 300.0}
    pile = {**reader.to_data(base)["stockpile"], "lines": {"camden": line}}
    tables = campaigns.tables_from(outcome(attacks=of or attacks()))
    rows = tables.owned
    for owner, months in (back or {}).items():
        rows.loc[(rows["owner"] == owner) & (rows["interceptor"] == "patriot"), "back_month"] = months
    return Results(tables, scenario(**(changes or {"stockpile": pile})), MANIFEST)


def same() -> Results:
    return Results(campaigns.tables_from(outcome()), scenario(), MANIFEST)


def row(found: Comparison, figure: str, group: str) -> Any:
    rows = found.table
    return rows[(rows["figure"] == figure) & (rows["group"] == group)].iloc[0]


def test_months_are_compared_in_every_run_also_where_a_stock_is_not_back() -> None:
    """Back after 4, 5, never and 3 months, and after 3, 4, 5 and 3: never is at least the 6 of the study."""
    found = opendome.compare(same(), faster({"us": [3, 4, 5, 3]}))
    us = row(found, "return_after", US)
    assert (us["value_a"], us["value_b"], us["difference"]) == (4.5, 3.75, -0.75)
    assert (us["runs_a"], us["runs_b"], us["runs"]) == (4, 4, 4)
    assert us["error"] == pytest.approx(np.std([-1, -1, -1, 0], ddof=1) / 2)
    assert (us["better"], us["equal"], us["worse"]) == (0.75, 0.25, 0.0)
    assert row(found, "returned", US)["difference"] == 0.25
    assert found.manifest["not_back"] == {"A": {US: 0.25, GULF: 0.25}, "B": {GULF: 0.25}}


def test_default_figures_and_what_is_told() -> None:
    found = opendome.compare(same(), faster({"us": [3, 4, 5, 3]}))
    assert list(dict.fromkeys(found.table["figure"])) == ["return_after", "returned", "exhausted", "lowest",
                                                          "rounds", "made", "leak_through"]
    assert found.changes[0][0].key == "stockpile.lines.camden.per_year"
    text = " ".join(command.text(found).split())
    assert "stockpile.lines.camden.per_year: 240 -> 300" in text
    assert "A and B meet the same attack, month by month in every run." in text
    assert f"Runs that are not back: {US}: 25 % of A, 0 % of B; {GULF}: 25 % of A, 25 % of B." in text
    assert "return_after, us, patriot" in text
    assert "return_after, gulf" not in text
    assert "No run differs in 17 further rows: --json and --out have all." in text
    assert "1 of 2 differences are marked" in text
    assert text.endswith("return_after in months.")
    data = command.as_data(found)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert len(data["rows"]) == 19


def test_runs_that_one_side_lacks_are_said() -> None:
    other = faster()
    rows = other.tables.owned
    rows.loc[(rows["owner"] == "gulf") & (rows["run"] == 0), "exhausted_month"] = np.nan
    found = opendome.compare(same(), other, figures="exhausted_after", by=["owner", "interceptor"])
    gulf = row(found, "exhausted_after", GULF)
    assert (gulf["runs_a"], gulf["runs_b"], gulf["runs"]) == (2, 1, 1)
    assert (f"Left out, since they have a value in one of the two alone: exhausted_after, {GULF}: 1 runs of A, "
            "0 of B." in compare_words.caution(found))


def test_all_equal_is_still_a_table() -> None:
    found = opendome.compare(same(), faster())
    text = command.text(found)
    assert "return_after, us, patriot" in text
    assert "0 of 0 differences are marked" in " ".join(text.split())


def _other_attack(factor: int) -> Attacks:
    return Attacks(*(column * factor for column in attacks()))


def _campaigns(**changes: Any) -> dict[str, Any]:
    siege = reader.to_data(scenario())["campaigns"]["siege"]
    return {"campaigns": {"siege": {**siege, **changes}}}


def test_the_same_attack_is_that_of_every_month() -> None:
    def attack(other: Results) -> Attack:
        return opendome.compare(same(), other).attacks[0]

    assert attack(faster()) == Attack(True, 4, 1.0)
    assert attack(faster(of=_other_attack(2))) == Attack(True, 0, 0.5)
    assert attack(faster(**_campaigns(until="2026-04"))) == Attack(False, 4, 1.0)
    less = {"ballistic": {"tiers": [{"interceptor": "patriot", "p_kill": 0.5}]}}
    assert attack(faster(**_campaigns(against=less))) == Attack(True, 4, 1.0)
    of_two = Attacks(*(np.array([[1], [1], [1], [2]]).reshape(4, 1, 1, 1) * column for column in attacks()))
    assert attack(faster(of=of_two)) == Attack(True, 3, pytest.approx(80 / 100))


@pytest.mark.parametrize(("attack", "words"), [
    (Attack(True, 4, 1.0), "A and B meet the same attack, month by month in every run."),
    (Attack(True, 3, 0.9), "launches differ in 1 of 4 runs: this should not be"),
    (Attack(False, 4, 1.0), "yet as many of each class are launched in every month as in A"),
    (Attack(False, 0, 0.5), "do not meet the same attack: 50 % of the launches are the same in campaign, month"),
])
def test_the_attack_in_words(attack: Attack, words: str) -> None:
    assert words in compare_words._campaigns(attack, "B", 4, has_raids=True)


def test_without_raids_there_is_no_attack() -> None:
    def bare(**changes: Any) -> Results:
        empty = Attacks(*(column * 0 for column in attacks()))
        return Results(campaigns.tables_from(outcome(attacks=empty)), scenario(campaigns={}, **changes), MANIFEST)

    pile = reader.to_data(scenario())["stockpile"]
    found = opendome.compare(bare(), bare(stockpile={**pile, "components": {"seekers": {"per_year": 300}}}))
    assert compare_words.attack(found, 0) == "There are no raids in A and B: rounds are used as stated."
    assert "leak_through" not in set(found.table["figure"])


@pytest.mark.parametrize(("figures", "by", "words"), [
    ("shots", (), "figure shots: is one of raids, but the scenario is run as campaigns"),
    ("return_after", "layer", "figure return_after: cannot be grouped by 'layer'"),
    (None, "layer", "figure return_after: cannot be grouped by 'layer'"),
])
def test_figures_that_do_not_fit(figures: str | None, by: str, words: str) -> None:
    with pytest.raises(InputError) as raised:
        opendome.compare(same(), faster(), figures=figures, by=by)
    assert words in str(raised.value)


def test_raids_are_not_compared_with_campaigns() -> None:
    other = Results(raid_results().tables, raid_results().scenario, MANIFEST)
    with pytest.raises(InputError, match="some scenarios have a stockpile, others have none"):
        opendome.compare(same(), other)


def test_default_figures_by_a_column() -> None:
    found = opendome.compare(same(), faster(), by="interceptor")
    assert set(found.table["figure"]) == {"return_after", "returned", "exhausted", "lowest", "rounds", "made"}
    assert set(found.table["group"]) == {"patriot", "thaad"}


# ---- sweeps -----------------------------------------------------------------------------------------------------


@pytest.fixture
def stood_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that are not run: the war that lasts m months brings the stock back m months later than one of none."""
    def run(one: Scenario, *, runs: int, seed: int, jobs: int | None = None) -> Results:
        tables = campaigns.tables_from(outcome())
        assert one.stockpile is not None
        later = one.stockpile.uses["war"].months.value - 2
        rows = tables.owned
        rows.loc[rows["owner"] == "us", "back_month"] += later
        return Results(tables, one, {**MANIFEST, "runs": runs, "seed": seed})

    monkeypatch.setattr(study, "run", run)


def test_a_sweep_tells_of_the_months_until_return(stood_in: None) -> None:
    found = opendome.sweep(scenario(), over={"uses.war.months": [1, 2]}, by=["owner", "interceptor"])
    assert found.figures == ("return_after",)
    rows = found.table[found.table["group"] == US]
    assert rows["value"].tolist() == [(3 + 4 + 6 + 2) / 4, (4 + 5 + 6 + 3) / 4]
    text = sweeps.text(found)
    assert "return_after is all months of the study where a stock is not back by the end" in text
    assert max(map(len, text.splitlines())) <= 120


def test_a_sweep_of_a_group_that_some_points_lack(stood_in: None) -> None:
    found = opendome.sweep(scenario(), over={"uses.war.months": [1, 2]}, figures=["exhausted_after", "fired"],
                           by="interceptor")
    assert set(found.table["group"]) == {"patriot", "thaad"}
    with pytest.raises(InputError, match="figure shots: is one of raids"):
        opendome.sweep(scenario(), over={"uses.war.months": [1, 2]}, figures="shots")
