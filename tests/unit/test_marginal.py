"""Marginal effects: what is tried, by how much, how it is ranked, and bad input."""

import json

import numpy as np
import pytest

import opendome
from opendome import study
from opendome.cli import marginals as command
from opendome.errors import InputError
from opendome.report import marginal as pages
from opendome.results import Results
from opendome.scenario import Scenario, reader
from opendome.study import campaigns
from opendome.study import marginal as module
from opendome.study.marginal import Step, nudges_of, step_of
from small_outcome import MANIFEST, outcome, scenario

SOONER = {"camden": 2, "seekers": 1}
"""Months by which the stand-in brings the stock of Patriots of the United States back when a maker is 10 % faster."""


@pytest.fixture
def stood_in(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Runs that are not run: a faster maker brings months of return forward. The scenarios asked for, in order."""
    asked: list[Scenario] = []

    def run(one: Scenario, *, runs: int, seed: int, jobs: int | None = None, progress: object = None) -> Results:
        asked.append(one)
        tables = campaigns.tables_from(outcome())
        makers = {**one.stockpile.lines, **one.stockpile.components}  # type: ignore[union-attr]
        sooner = sum(months for name, months in SOONER.items() if makers[name].per_year.value > 240)
        rows = tables.owned
        is_us = (rows["owner"] == "us") & (rows["interceptor"] == "patriot")
        rows.loc[is_us, "back_month"] -= sooner
        return Results(tables, one, {**MANIFEST, "runs": runs, "seed": seed})

    monkeypatch.setattr(study, "run", run)
    return asked


@pytest.mark.parametrize(("given", "expected"), [
    ("10%", Step(0.1, 0.0)), (" +25 % ", Step(0.25, 0.0)), ("+12", Step(0.0, 12.0)), (0.2, Step(0.2, 0.0)),
    (1, Step(1.0, 0.0)), ("2.5%", Step(0.025, 0.0))])
def test_steps(given: float | str, expected: Step) -> None:
    found = step_of(given)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("given", ["12", "fast", "", "-5%", "0%", 0.0, -0.1, "2000%"])
def test_steps_that_are_none(given: float | str) -> None:
    with pytest.raises(InputError, match="must be a share by which lines are faster, as 10%, or rounds a year more"):
        step_of(given)


def test_what_is_tried() -> None:
    """Every line and component, its ceiling with it and its whole range; lead times and delays where there are any."""
    data = reader.to_data(scenario())
    pile = data["stockpile"]
    pile["lines"]["camden"] |= {"per_year": {"value": 240, "low": 200, "high": 260, "grade": "assumed"},
                                "ramp": "step", "ceiling_per_year": 300, "ramp_to": "2027-01",
                                "export_delay_months": 0.5}
    tried = {nudge.change: nudge for nudge in nudges_of(data, Step(0.1, 0.0))}
    assert list(tried) == ["lines.camden", "components.seekers", "orders.lot.lead_months",
                           "lines.camden.export_delay_months"]
    camden = tried["lines.camden"].data["stockpile"]["lines"]["camden"]
    assert {key: camden["per_year"][key] for key in ("value", "low", "high")} == pytest.approx(
        {"value": 264, "low": 220, "high": 286})
    assert camden["ceiling_per_year"] == pytest.approx(330)
    assert camden["per_year"]["grade"] == "assumed"
    assert tried["orders.lot.lead_months"].data["stockpile"]["orders"]["lot"]["lead_months"]["value"] == 11
    delay = tried["lines.camden.export_delay_months"].data["stockpile"]["lines"]["camden"]["export_delay_months"]
    assert delay == 0.0  # never below
    assert pile["components"]["seekers"]["per_year"]["value"] == 240  # the data given stay as they are
    more = {nudge.change: nudge for nudge in nudges_of(data, Step(0.0, 12.0))}
    assert more["components.seekers"].data["stockpile"]["components"]["seekers"]["per_year"]["value"] == 252
    assert more["lines.camden"].step == "12 a year more"


def test_effects_are_paired_and_ranked(stood_in: list[Scenario]) -> None:
    """Back after 4, 5, never (6) and 3 months; two or one sooner, never stays never: effects -1.5 and -0.75."""
    found = opendome.marginal(scenario())
    assert len(stood_in) == 1 + 3
    effects = found.effects()
    assert effects["change"].tolist() == ["lines.camden", "components.seekers"]
    assert effects["difference"].tolist() == [-1.5, -0.75]
    assert effects["value"].tolist() == [4.5, 4.5]
    assert effects["error"].iloc[0] == pytest.approx(np.std([-2, -2, 0, -2], ddof=1) / 2)
    assert effects[["better", "equal", "worse"]].iloc[0].tolist() == [0.75, 0.25, 0.0]
    assert found.table["rank"].tolist() == list(range(1, 10))  # three changes, three stocks
    assert found.idle() == ["orders.lot.lead_months"]
    assert found.manifest["not_back"] == {"us, patriot": 0.25, "gulf, patriot": 0.25}


def test_other_figures_and_columns(stood_in: list[Scenario]) -> None:
    whole = opendome.marginal(scenario(), figure="lowest", by=(), step="+12")
    assert set(whole.table["group"]) == {"all"}
    assert len(whole.effects()) == 0
    assert "Nothing changed in any run." in command.text(whole)
    assert whole.manifest["not_back"] == {}


def test_what_is_told(stood_in: list[Scenario], tmp_path: object) -> None:
    found = opendome.marginal(scenario(), runs=4, out=f"{tmp_path}/out")
    lines = command.text(found).splitlines()
    assert lines[:2] == ["Two small stocks",
                         "3 changes of 4 runs each, seed 7; the same random numbers in all"]
    row = [cell.strip() for cell in lines[4].split("  ") if cell.strip()]
    assert row == ["lines.camden", "10 % faster", "us, patriot", "4.5 ± 0.6", "-1.5 ± 0.5 *", "-2 to -0.3",
                   "75 / 25 / 0"]
    assert "us, patriot: 25 %" in " ".join(lines)
    assert lines[-1] == "No effect in any run: orders.lot.lead_months."
    data = command.as_data(found)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    page = (pages.check(f"{tmp_path}/out") / pages.PAGE).read_text(encoding="utf-8")
    assert "opendome marginal scenario.toml --figure return_after --by owner,interceptor --step 10%" in page
    assert "https://" not in page


def test_bad_input() -> None:
    with pytest.raises(InputError, match="has no stockpile, so no lines that could be faster"):
        opendome.marginal("gulf-2026")
    with pytest.raises(InputError, match="is one of raids, but the scenario is run as campaigns"):
        opendome.marginal(scenario(), figure="shots")
    with pytest.raises(InputError, match="cannot be grouped by 'month'"):
        opendome.marginal(scenario(), by="month")
    bare = {**reader.to_data(scenario())["stockpile"], "lines": {}, "components": {}, "orders": {}}
    with pytest.raises(InputError, match="has neither lines nor components"):
        opendome.marginal(scenario(stockpile=bare))


def test_a_change_that_cannot_be_run_is_named(monkeypatch: pytest.MonkeyPatch, stood_in: list[Scenario]) -> None:
    inner = study.run

    def run(one: Scenario, **options: object) -> Results:
        if len(stood_in) == 2:
            raise InputError("too fast")
        return inner(one, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(study, "run", run)
    with pytest.raises(InputError, match=r"^scenario, components\.seekers 10 % faster: too fast"):
        module.compute(scenario())
