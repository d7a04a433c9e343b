"""What leaks for how much, from the first run to the last file: a table, a drawing and one page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from opendome.report import frontier_chart
from opendome.report.frontier_chart import cost_name, unit_name
from opendome.report.html import code, document, figure, how_to_repeat, table, text
from opendome.report.page import limits_of
from opendome.report.shared import paragraphs
from opendome.report.svg import alone
from opendome.results import check_target, with_error
from opendome.results.figures import FIGURES
from opendome.results.store import json_text, write
from opendome.results.text import short
from opendome.scenario import Scenario, reader
from opendome.study.frontier import COST, FIGURE, PROGRAMME, Frontier, compute
from opendome.study.grid import text_of

PAGE, DRAWING = "frontier.html", "frontier.svg"

FILES = ("manifest.json", "scenario.toml", "frontier.csv", "frontier.parquet", DRAWING, PAGE)
"""What the folder may hold."""

ROWS_MAX = 2000
"""Longest table of the page; longer ones are in the files alone."""


def frontier(scenario: Scenario | str | Path, *, over: Mapping[str, Any], figure: str = FIGURE, cost: str = COST,
             budget_musd: float | None = None, date: str | None = None, until_date: bool = False,
             changes: Mapping[str, Any] | None = None, runs: int | None = None, seed: int | None = None,
             jobs: int | None = None, out: str | Path | None = None,
             progress: Callable[[int, int], None] | None = None) -> Frontier:
    """Run every combination of some values, and find those that no other beats: less leaks for no more money.

    `over`: values by key, as of `opendome.sweep`; keys of the attack are refused. `figure`: what is to be small (or
    large, where more is better); `cost`: life_cycle, then_year or discounted, of the programme, or another figure in
    M$, as cost (of the rounds fired). `budget_musd`: the best combination within it is named. `date`: a month; each
    combination is first cut to what is there by its end, delays in their middle, and still costs its whole life cycle,
    unless `until_date` says that only what is spent until then counts. `changes` hold for all. All runs share one seed.
    With `out`, the table (CSV and Parquet), a drawing (SVG) and a page are written to that folder, whole or not at all.
    `progress` is told the number of combinations done and their total. The results do not depend on `jobs`.

    Raises `InputError` or `ScenarioError` when something given cannot be used.
    """
    if out is not None:
        check(out)
    found = compute(scenario, over=over, figure=figure, cost=cost, budget_musd=budget_musd, date=date,
                    until_date=until_date, changes=changes, runs=runs, seed=seed, jobs=jobs, progress=progress)
    if out is not None:
        save(found, out)
    return found


def check(folder: str | Path) -> Path:
    """The folder if a frontier may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of a frontier")


def save(found: Frontier, folder: str | Path) -> Path:
    """Write the folder, whole or not at all. An earlier one is replaced, anything else left alone."""
    return write(check(folder), {
        "frontier.csv": found.table.to_csv(index=False, lineterminator="\n"), "frontier.parquet": found.table,
        "scenario.toml": reader.to_toml(found.scenario), "manifest.json": json_text(found.manifest),
        DRAWING: alone(frontier_chart.draw(found)), PAGE: page(found)})


# ---- in words -------------------------------------------------------------------------------------------------


def size(found: Frontier) -> str:
    """How many combinations of how many runs under which seed."""
    n, runs = len(found.table), int(found.manifest["runs"])
    return (f"{n:,} combination{'s' * (n != 1)} of {runs:,} run{'s' * (runs != 1)}, seed {found.manifest['seed']}; the "
            "same random numbers in all")


def head(found: Frontier) -> list[str]:
    """Heads of the columns."""
    budget = ["p over budget", "p best"] if found.manifest["budget_musd"] is not None else []
    return ["front", *tails(found.over), unit_name(found.manifest["figure"]), cost_name(found), "90 % of runs",
            "p front", *budget, "point", "beaten by"]


def tails(keys: Iterable[str]) -> list[str]:
    """Keys by their last two words, where that tells them apart."""
    keys = list(keys)
    found = [".".join(key.split(".")[-2:]) for key in keys]
    return found if len(set(found)) == len(keys) else keys


def cells(row: Mapping[Any, Any], found: Frontier) -> list[str]:
    """One combination in words."""
    mark = "best" if row["is_best"] else "*" if row["is_front"] else ""
    band = f"{_money(row['cost_low'])} to {_money(row['cost_high'])}" if math.isfinite(row["cost_low"]) else "–"
    budget = [_share(row["p_over"]), _share(row["p_best"])] if found.manifest["budget_musd"] is not None else []
    by = row["dominated_by"]
    return [mark, *(text_of(row[key]) for key in found.over), with_error(row["value"], row["error"]),
            with_error(row["cost_musd"], row["cost_error"]), band, _share(row["p_front"]), *budget, str(row["point"]),
            "" if by is None or by != by else str(int(by))]


def answer(found: Frontier) -> list[str]:
    """What was found, in plain sentences."""
    n, told = len(found.front()), []
    told.append(f"{n} of {len(found.table)} combinations {'is' if n == 1 else 'are'} on the front (*): no other costs "
                "no more and does as well, and is better in one of the two.")
    budget, best = found.manifest["budget_musd"], found.best()
    if budget is not None and best is None:
        told.append(f"None costs {short(budget)} M$ or less.")
    elif budget is not None and best is not None:
        point = ", ".join(f"{key} = {text_of(best[key])}" for key in found.over)
        sure = "" if math.isnan(best["p_best"]) else (f" It is the best within the budget in {_share(best['p_best'])} "
                                                      "of the draws of runs.")
        told.append(f"Best within {short(budget)} M$: {point}, {with_error(best['value'], best['error'])} for "
                    f"{with_error(best['cost_musd'], best['cost_error'])} M$; in {100 * best['p_over']:.0f} % of "
                    f"its runs it costs more.{sure}")
    return told


def cautions(found: Frontier) -> list[str]:
    """What must be known to read the table, in plain sentences."""
    manifest = found.manifest
    told = ["The same runs meet the same attack and draw the same uncertain values in all combinations. p front: share "
            f"of {manifest['draws']:,} draws of runs, with replacement, in which a combination is on the front; one "
            "near a half is there by chance. beaten by: the best point of those that cost no more."]
    if manifest["runs"] < 2:
        told[0] = "A single run has no error and says nothing about how sure the front is."
    if manifest["date"] is not None:
        counted = (f"and costs what is spent until the end of {manifest['date']}, a year's money spread evenly over "
                   "its months" if manifest["until_date"] else "but costs its whole life cycle"
                   if manifest["cost"] in PROGRAMME else "and costs what it fires")
        told.append(f"Each combination fights with what of it is there by the end of {manifest['date']}, delays in the "
                    f"middle of their ranges, {counted}.")
    if manifest["cost"] not in PROGRAMME:
        told.append(f"The cost is the figure {manifest['cost']}: {FIGURES[manifest['cost']].meaning}")
    elif manifest["cost"] == "then_year":
        told.append("Dollars are those of the years in which they are spent, and so is the budget.")
    return told


def _share(found: float) -> str:
    return "–" if math.isnan(found) else f"{found:.2f}"


def _money(found: float) -> str:
    return short(float(f"{found:.3g}"))


# ---- the page -------------------------------------------------------------------------------------------------


def page(found: Frontier) -> str:
    """The frontier as one HTML document that loads nothing."""
    name = found.manifest["figure"]
    limits = "".join(f"<li>{text(one)}</li>" for one in limits_of(is_campaign=found.scenario.stockpile is not None))
    told = "".join(f"<p>{text(sentence)}</p>" for sentence in answer(found))
    notes = "".join(f"<p>{text(sentence)}</p>" for sentence in cautions(found))
    drawing = figure(frontier_chart.draw(found), f"{text(unit_name(name))} against {text(cost_name(found))}: means "
                     "over runs ± their standard errors")
    body = (f'<section id="front"><h2>The front</h2>{told}<p><code>{text(name)}</code>: '
            f"{code(FIGURES[name].meaning)}</p>{drawing}"
            f"{_table(found)}{notes}</section>"
            f'<section id="repeat"><h2>How to repeat this</h2>{_repeat(found)}</section>'
            f'<section id="limits"><h2>What is left out</h2><ul>{limits}</ul></section>')
    under = (f'<p class="soft">OpenDome {text(found.manifest["version"])}; {text(size(found))}.</p>'
             + paragraphs(found.scenario.note))
    links = [("front", "The front"), ("repeat", "How to repeat this"), ("limits", "What is left out")]
    return document(f"{found.manifest['title']}: what leaks for how much", under, links, body)


def _table(found: Frontier) -> str:
    if len(found.table) > ROWS_MAX:
        return f"<p>The table has {len(found.table):,} rows: see frontier.csv beside this page.</p>"
    rows = [[text(cell) for cell in cells(row, found)] for row in found.table.to_dict(orient="records")]
    heads = [text(one) for one in head(found)]
    return table("Combinations, the cheapest first", heads, rows, classes=["", *["n"] * (len(heads) - 1)])


def command(found: Frontier) -> str:
    """The command line that repeats this in its folder."""
    manifest = found.manifest
    parts = [f"--over '{key}={','.join(map(text_of, values))}'" for key, values in found.over.items()]
    parts += [f"--figure {manifest['figure']}", f"--cost {manifest['cost']}"]
    if manifest["budget_musd"] is not None:
        parts.append(f"--budget {manifest['budget_musd']:.17g}")
    if manifest["date"] is not None:
        parts.append(f"--date {manifest['date']}{' --until-date' if manifest['until_date'] else ''}")
    return " ".join(["opendome frontier scenario.toml", *parts, f"--runs {manifest['runs']}",
                     f"--seed {manifest['seed']}"])


def _repeat(found: Frontier) -> str:
    rows = [[f"hash of the {what}", found.manifest[f"{what}_sha256"]] for what in ("scenario", "catalogue")]
    return how_to_repeat(command(found), found.manifest, rows)
