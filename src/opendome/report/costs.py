"""The report's section on money: what a scenario's programme costs, and what an attack costs beside its defence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from opendome.cost.breakdown import CostBreakdown, costs_of
from opendome.report import cost_charts
from opendome.report.charts import Chart
from opendome.report.html import figure, table, text
from opendome.report.shared import estimate, figure_rows, paragraphs
from opendome.report.svg import draw
from opendome.results.cost_summary import COLUMNS, WORDS, cells, range_text, title
from opendome.results.text import estimate_text

if TYPE_CHECKING:
    from opendome.results import Results

YEARLY_RUNS = 1000
"""Most runs that the mean of a year is taken over: they are priced again, since results hold sums over years."""


def section(results: Results, summary: Mapping[str, Any]) -> str:
    """What the programme costs, and the attack beside the rounds fired at it; the latter alone for raids without
    `[cost]`."""
    programme = results.scenario.cost
    if programme is None:
        return _attack(results, summary)
    found = summary["life_cycle"]
    unit, words = f"M$ of {found['price_year']}", title(found)
    totals = results.tables.costs.groupby("run")["cost_musd"].sum().to_numpy()
    return (f"<p>{text(words[0].upper() + words[1:])}: what is developed, bought, launched, replaced and operated, "
            "whether or not anything is ever fired.</p>" + paragraphs(programme.note)
            + _layers(found) + _yearly(results, unit)
            + drawn(cost_charts.distribution(totals, unit), "The whole cost: what share of the runs comes to how much.")
            + _figures(found) + _attack(results, summary))


def _layers(found: Mapping[str, Any]) -> str:
    rows = [[text(row["layer"]), *cells(row["phases"]), with_money(row["all"])] for row in found["layers"]]
    foot = ["all", *cells(found["phases"]), with_money(found["figures"]["life_cycle"])]
    chart = cost_charts.by_phase({row["layer"]: row["phases"] for row in found["layers"]},
                                 f"M$ of {found['price_year']}")
    return (figure(draw(chart), "What each layer costs over all years, by phase. Means over runs.")
            + table("By layer: means over runs, M$; of all phases with standard error and 90 % of runs",
                    ["", *COLUMNS, "all"], rows, foot=foot))


def with_money(row: Mapping[str, Any]) -> str:
    """A cell: mean and error of an amount, and below them the band."""
    return f"{estimate(row)}<small>{range_text(row)}</small>"


def _yearly(results: Results, unit: str) -> str:
    """Spending by year, priced again from the scenario and the seed: tables of results hold sums over years."""
    runs = min(YEARLY_RUNS, results.tables.costs["run"].nunique())
    if not runs:
        return ""
    priced = costs_of(results.scenario, runs=runs, seed=int(results.manifest["seed"]))
    return figure(draw(cost_charts.by_year(priced.years, spending(priced), unit)),
                  f"Spending by calendar year and layer, constant dollars. Means over {runs:,} run{'s' * (runs != 1)}.")


def spending(found: CostBreakdown) -> dict[str, list[float]]:
    """M$ of each year by layer, constant dollars: means over runs."""
    means = found.musd.sum(axis=2).mean(axis=0)
    layers: dict[str, Any] = {}
    for name, row in zip(found.layers, means):
        layers[name] = layers.get(name, 0.0) + row
    return {name: [float(value) for value in row] for name, row in layers.items()}


def drawn(chart: Chart | None, caption: str) -> str:
    """A chart with its caption; nothing where there is none."""
    return "" if chart is None else figure(draw(chart), caption)


def _figures(found: Mapping[str, Any]) -> str:
    rows = [[text(WORDS[name]), estimate_text(row), range_text(row), f"{row['runs']:,}"]
            for name, row in found["figures"].items()]
    return table("M$: mean over runs with standard error",
                 ["", "mean", "90 % of runs", "runs"], rows)


def _attack(results: Results, summary: Mapping[str, Any]) -> str:
    """Prices of threats and of the rounds fired at them: by type, by class where one has several, and of all; nothing
    where the summary has none."""
    if "exchange" not in summary:
        return ""
    names = ("attack_cost", "cost_per_threat", "cost_exchange")
    types, classes, whole = ({name: {row.get(column): row for row in figure_rows(results, name, *by)} for name in names}
                             for column, by in (("type", ["type"]), ("threat_class", ["threat_class"]), ("", [])))
    kinds = results.tables.threats.drop_duplicates("type")["threat_class"].value_counts().to_dict()

    def cells(found: Mapping[str, Mapping[Any, Any]], label: str | None) -> list[str]:
        return [with_money(found[name][label]) if label in found[name] else "–" for name in names]

    rows = [[text(label), *cells(types, label)] for label in types["attack_cost"]]
    rows += [[f"all {text(label)}", *cells(classes, label)] for label in classes["attack_cost"] if kinds[label] > 1]
    return "<h3>Cost exchange</h3>" + table(
        "Price of the threats launched, M$, and cost of the rounds fired at them over it; mean over runs with standard "
        "error, below it 90 % of runs", ["", "all launched", "each", "rounds over threats"], rows,
        foot=["all", *cells(whole, None)])
