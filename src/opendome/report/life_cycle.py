"""What a programme costs by itself, no raid run: its tables, drawings and one page in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome import study
from opendome.cost.breakdown import DOLLARS, GROUPS, CostBreakdown, Dollars, life_cycle
from opendome.cost.ledger import ledger as cost_ledger
from opendome.cost.lower import programme_of
from opendome.evidence import Ledger
from opendome.report import cost_charts, ledger
from opendome.report.costs import drawn, spending
from opendome.report.html import document, how_to_repeat, table, text
from opendome.report.page import HATCHES
from opendome.report.shared import paragraphs, texts
from opendome.report.svg import alone, draw
from opendome.results import check_target
from opendome.results.cost_summary import range_text, title, whole
from opendome.results.figures import RESOLUTION
from opendome.results.store import json_text, write
from opendome.results.summary import records
from opendome.results.text import estimate_text
from opendome.scenario import Scenario, reader
from opendome.study.costs import DUST_MUSD

if TYPE_CHECKING:
    import pandas as pd

PAGE = "cost.html"

FORMAT = 1
"""Version of the format of the folder; docs/formats/cost.md."""

FILES = ("manifest.json", "scenario.toml", "cost.csv", "cost.parquet", "years.svg", "layers.svg", "total.svg",
         "swings.svg", PAGE)
"""What the folder may hold."""

UNITS = {"there": "to have", "bought": "bought", "replaced": "replacements", "launches": "launches",
         "mass_kg": "launched, kg", "unit_price_musd": "price of one", "per_unit_musd": "all costs of one"}
"""Columns of units, and what is said of them."""

MOVES_MAX = 15
"""Most numbers on the page that are told to move the cost."""


@dataclass(frozen=True)
class Priced:
    """A programme and what it costs."""

    found: CostBreakdown
    scenario: Scenario
    manifest: Mapping[str, Any]

    @property
    def unit(self) -> str:
        """Unit of the drawings and tables in constant dollars."""
        return f"M$ of {self.found.price_year}"

    def title(self) -> str:
        """What is priced, in words."""
        assert self.scenario.cost is not None
        return title({"years": self.scenario.cost.years, "start": self.scenario.cost.start,
                      "price_year": self.found.price_year})


def price(scenario: Scenario | str | Path, *, runs: int | None = None, seed: int | None = None,
          changes: Mapping[str, Any] | None = None) -> Priced:
    """What the programme of a scenario costs over `runs` runs (the scenario's, when left out; one draws nothing)."""
    one = programme_of(scenario, changes)
    runs, seed = study.options(one, runs, seed, None)
    found = life_cycle(one, runs=runs, seed=seed)
    facts = study.manifest(one, study.catalogue_for(one), runs, seed, "full")
    return Priced(found, one, {**facts, "format": FORMAT, "kind": "cost"})


def check(folder: str | Path) -> Path:
    """The folder if costs may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of a life-cycle cost")


def save(priced: Priced, folder: str | Path) -> Path:
    """Write the folder, whole or not at all. An earlier one is replaced, anything else left alone."""
    rows = every_row(priced.found)
    drawings = {f"{name}.svg": alone(draw(chart)).replace("<style>", HATCHES_ALONE + "<style>", 1)
                for name, chart, _ in _charts(priced) if chart is not None}
    return write(check(folder), {
        "cost.csv": rows.to_csv(index=False, lineterminator="\n"), "cost.parquet": rows, **drawings,
        "scenario.toml": reader.to_toml(priced.scenario), "manifest.json": json_text(priced.manifest),
        PAGE: page(priced)})


HATCHES_ALONE = HATCHES[HATCHES.index("<defs>"):HATCHES.index("</svg>")]
"""Hatching for a drawing outside the page."""


def every_row(found: CostBreakdown) -> pd.DataFrame:
    """A row for each kind of dollars, element, phase and year that costs anything: see docs/formats/cost.md."""
    import pandas as pd

    parts = [found.table(GROUPS, dollars=dollars) for dollars in DOLLARS]
    rows = pd.concat([part.assign(dollars=dollars) for part, dollars in zip(parts, DOLLARS)], ignore_index=True)
    return rows.loc[rows["value"] != 0.0, ["dollars", *(column for column in rows if column != "dollars")]]


def _charts(priced: Priced) -> list[tuple[str, Any, str]]:
    """Name, chart and caption of each drawing."""
    found = priced.found
    layers: dict[str, dict[str, float]] = {}
    for row in found.table(("layer", "phase")).to_dict(orient="records"):
        layers.setdefault(row["layer"], {})[row["phase"]] = row["value"]
    swings = ledger_of(priced)
    return [("years", cost_charts.by_year(found.years, spending(found), priced.unit),
             "Spending by calendar year and layer, constant dollars. Means over runs."),
            ("layers", cost_charts.by_phase(layers, priced.unit),
             "What each layer costs over all years, by phase. Means over runs."),
            ("total", cost_charts.distribution(found.totals(), priced.unit),
             "The whole cost: what share of the runs comes to how much."),
            ("swings", ledger.tornado(swings) if len(swings.seen) else None,
             "The cost with each number at the ends of its range, all others at their values; the line is the cost "
             "with all at their values. Nothing is drawn.")]


def ledger_of(priced: Priced, dollars: Dollars = "constant") -> Ledger:
    """What the whole cost rests on."""
    return cost_ledger(priced.scenario, dollars=dollars)


def moves(priced: Priced, top: int, dollars: Dollars = "constant") -> list[dict[str, Any]]:
    """The numbers that move the cost most, as plain data: path (as `--set` knows it), value, low, high, unit, grade,
    source, and the cost with the number at either end of its range, all others at their values, M$."""
    kept = ["path", "value", "low", "high", "unit", "grade", "source", "at_low", "at_high"]
    found = ledger_of(priced, dollars).seen
    rows = records(found.loc[np.isfinite(found["at_low"]) & np.isfinite(found["at_high"]), kept].head(top))
    return [row | {"path": str(row["path"]).removeprefix("cost.")} for row in rows if row["high"] > row["low"]]


def move_cells(row: Mapping[str, Any]) -> list[str]:
    """A number that moves the cost, with its range, and the cost at either end, in words."""
    return [row["path"], ledger.value_of(row), whole(row["at_low"]), whole(row["at_high"])]


def page(priced: Priced) -> str:
    """The cost as one HTML document that loads nothing."""
    found, manifest = priced.found, priced.manifest
    assert priced.scenario.cost is not None
    body = (f'<section id="cost"><h2>What it costs</h2>{_totals(priced)}'
            + "".join(drawn(chart, caption) for _, chart, caption in _charts(priced)) + f"{_moves(priced)}</section>"
            f'<section id="layers"><h2>By layer and phase</h2>{_rows(found, ("layer", "phase"))}</section>'
            f'<section id="elements"><h2>By element</h2>{_rows(found, ("element",))}{_units(found)}</section>'
            f'<section id="years"><h2>By year</h2>{_rows(found, ("year",))}</section>'
            f'<section id="repeat"><h2>How to repeat this</h2>{_repeat(priced)}</section>')
    runs = int(manifest["runs"])
    under = (f'<p class="soft">OpenDome {text(manifest["version"])}; {text(priced.title())}; {runs:,} '
             f"run{'s' * (runs != 1)}; seed {manifest['seed']}.</p>" + paragraphs(priced.scenario.cost.note))
    links = [("cost", "What it costs"), ("layers", "By layer and phase"), ("elements", "By element"),
             ("years", "By year"), ("repeat", "How to repeat this")]
    return document(f"{manifest['title']}: what it costs", under, links, body, before=HATCHES)


def _totals(priced: Priced) -> str:
    rows = [[dollars, *cells(total(priced.found, dollars))] for dollars in DOLLARS]
    return table("The whole, M$: mean over runs with standard error, and 90 % of runs",
                 ["dollars", "mean", "90 % of runs"], rows)


def total(found: CostBreakdown, dollars: Dollars = "constant") -> dict[str, Any]:
    """The whole cost as plain data: value, error, low, high, M$."""
    return costing(found, (), dollars)[0]


def _moves(priced: Priced) -> str:
    rows = [[*texts(move_cells(row)[:2]), text(row["grade"]), text(row["source"]), *move_cells(row)[2:]]
            for row in moves(priced, MOVES_MAX)]
    return table(f"What moves it most: the whole cost, {priced.unit}, with a number at either end of its range",
                 ["", "value (range)", "grade", "source", "at the low end", "at the high end"], rows,
                 classes=["path", "n", "", "", "n", "n"]) if rows else ""


def _rows(found: CostBreakdown, by: Sequence[str]) -> str:
    rows = [[*(text(row[column]) for column in by), *cells(row)] for row in costing(found, by)]
    return table("M$ in constant dollars: mean over runs with standard error, and 90 % of runs",
                 [*by, "mean", "90 % of runs"], rows, classes=[*[""] * len(by), "n", "n"])


def costing(found: CostBreakdown, by: Sequence[str], dollars: Dollars = "constant") -> list[dict[str, Any]]:
    """Rows of a table that cost anything, in the order of the programme, as plain data; of no group the only row."""
    rows = [_without_dust(row) for row in records(found.table(tuple(by), dollars=dollars))]
    return [row for row in rows if row["value"] != 0.0 or not by]


def _without_dust(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what rounding leaves of sums that cancel: amounts below `DUST_MUSD`, and errors that are no more
    than a share `RESOLUTION` of their value."""
    amounts = {key: 0.0 for key in ("value", "low", "high") if row[key] is not None and abs(row[key]) < DUST_MUSD}
    is_sure = row["error"] is not None and row["error"] <= RESOLUTION * abs(row["value"])
    return row | amounts | ({"error": 0.0} if is_sure else {})


def cells(row: Mapping[str, Any]) -> list[str]:
    """Mean with error, and band of an amount, in words; the amount alone where nothing was drawn."""
    if row["error"] is None:
        return [whole(row["value"]), "–"]
    return [estimate_text(row), range_text(row)]


def unit_cells(found: CostBreakdown) -> list[list[str]]:
    """Element, and its columns of `UNITS` in words."""
    return [[row["element"], *("–" if row[key] is None else whole(row[key]) for key in UNITS)]
            for row in records(found.unit_table())]


def _units(found: CostBreakdown) -> str:
    rows = [[text(name), *cells] for name, *cells in unit_cells(found)]
    return table("Units, and M$ for each: means over runs; the price leaves out launch, all costs are those of the "
                 "programme for each unit to have", ["", *UNITS.values()], rows)


def _repeat(priced: Priced) -> str:
    manifest = priced.manifest
    command = f"opendome cost scenario.toml --runs {manifest['runs']} --seed {manifest['seed']} --out DIR"
    return how_to_repeat(command, manifest, [["hash of the scenario", manifest["scenario_sha256"]]])
