"""What the programme of a scenario costs, and what its raids do, as data and as blocks of the first screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opendome.cost.breakdown import PHASES
from opendome.results.figures import estimates, kind_of
from opendome.results.summary import records
from opendome.results.tables import Tables
from opendome.results.text import WIDTH, aligned, estimate_text, name_text, short
from opendome.scenario.specs import Scenario

COLUMNS = {"develop": ("development",), "buy + launch": ("procurement", "launch"), "replace": ("replenishment",),
           "operate": ("operations",), "dispose": ("disposal",)}
"""Columns of the block, and the phases that each adds up."""

NAME_WIDTH = 15
"""Longest layer that is shown in full."""

WHOLE = {"life_cycle": "constant dollars", "then_year": "then-year dollars", "discounted": "discounted",
         "life_cycle_per_engaged": "for each threat fired at", "life_cycle_per_defeated": "for each threat destroyed"}
"""Figures of the block that are not split, and what it says of them."""

WORDS = {**WHOLE, "bought": "price of the rounds that came from lines"}
"""What is said of each figure."""


def cost_summary(tables: Tables, scenario: Scenario) -> dict[str, Any]:
    """What a scenario's programme costs as plain data under the key `life_cycle`; nothing for one without `[cost]`.

    `layers`: mean over runs of each phase (those that cost nothing left out), and the row of all phases.
    """
    programme = scenario.cost
    if programme is None:
        return {}
    means: dict[str, dict[str, float]] = {}
    for row in records(estimates(tables, scenario, "life_cycle", ["layer", "phase"])):
        means.setdefault(row["layer"], {})[row["phase"]] = row["value"]
    totals = records(estimates(tables, scenario, "life_cycle", "layer"))
    is_discounted = programme.discount_rate.value != 0.0 or programme.discount_rate.is_uncertain
    plain = [name for name in WHOLE if name != "discounted" or is_discounted]
    names = [*plain, *(() if kind_of(scenario) == "raids" else ("bought",))]
    return {"life_cycle": {
        "start": programme.start, "years": programme.years, "price_year": scenario.price_year,
        "layers": [{"layer": row["layer"], "phases": means[row["layer"]], "all": row} for row in totals],
        "phases": {phase: sum(inside.get(phase, 0.0) for inside in means.values()) for phase in PHASES},
        "figures": {name: found[0] for name in names if (found := records(estimates(tables, scenario, name)))},
    }}


EXCHANGE = ("attack_cost", "cost_exchange")
"""Figures of the block on what an attack costs."""


def exchange_summary(tables: Tables, scenario: Scenario) -> dict[str, Any]:
    """Price of the threats launched, and cost of the rounds over it, as plain data under the key `exchange`: of the
    whole attack, and `by_class`. Nothing for campaigns, for raids without layers, and where threats have no price."""
    if kind_of(scenario) != "raids" or not scenario.layers:
        return {}
    whole = {name: records(estimates(tables, scenario, name)) for name in EXCHANGE}
    if not whole["cost_exchange"]:
        return {}
    classes: dict[str, dict[str, Any]] = {}
    for name in EXCHANGE:
        for row in records(estimates(tables, scenario, name, "threat_class")):
            label = row.pop("threat_class")
            classes.setdefault(label, {"threat_class": label})[name] = row
    return {"exchange": {**{name: rows[0] for name, rows in whole.items()}, "by_class": list(classes.values())}}


def exchange_lines(found: Mapping[str, Any]) -> list[str]:
    """The block of the first screen, from `exchange_summary`: a column for each class and one for all, or a line for
    each where columns would be too wide."""
    rows = found["by_class"] if len(found["by_class"]) == 1 else [*found["by_class"], {"threat_class": "all", **found}]
    columns = [["cost exchange", "price of threats, M$", "rounds over threats", "90 % of runs"]]
    for row in rows:
        ratio = row.get("cost_exchange")
        told = ("–", "–") if ratio is None else (estimate_text(ratio), range_text(ratio))
        columns.append([row["threat_class"], estimate_text(row["attack_cost"]), *told])
    head, *lines = zip(*columns)
    block = aligned(head, lines)
    return block if len(block[0]) <= WIDTH else aligned(columns[0], columns[1:])


def title(found: Mapping[str, Any]) -> str:
    """What the block tells, in words."""
    years = f"{found['years']} year{'s' * (found['years'] != 1)}"
    return f"life-cycle cost, M$ of {found['price_year']}, {years} from {found['start']}"


def cost_lines(found: Mapping[str, Any]) -> list[str]:
    """The block of the first screen, from `cost_summary`."""
    rows = [[name_text(row["layer"], NAME_WIDTH), *cells(row["phases"]), estimate_text(row["all"])]
            for row in found["layers"]]
    if len(rows) != 1:
        rows.append(["all", *cells(found["phases"]), estimate_text(found["figures"]["life_cycle"])])
    figures = [[WORDS[name], estimate_text(row), range_text(row)] for name, row in found["figures"].items()]
    return [title(found), *aligned(["by layer", *COLUMNS, "all"], rows), "",
            *aligned(["money, M$", "mean over runs", "90 % of runs"], figures)]


def cells(phases: Mapping[str, float]) -> list[str]:
    """Means by column of the block, from those by phase."""
    return [whole(sum(phases.get(phase, 0.0) for phase in names)) for names in COLUMNS.values()]


def whole(musd: float) -> str:
    """An amount of money in M$ that has no error beside it: whole numbers above 100, else three digits."""
    if musd == 0.0:
        return "–"
    return f"{musd:,.0f}" if abs(musd) >= 100.0 else short(float(f"{musd:.3g}"))


def range_text(row: Mapping[str, Any]) -> str:
    """The band of an amount in words."""
    return "–" if row["low"] is None else f"{whole(row['low'])} to {whole(row['high'])}"
