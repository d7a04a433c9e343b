"""`opendome frontier` and `opendome exchange`: what leaks for how much, and what one more missile costs either side."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, sweeps, talk

if TYPE_CHECKING:
    from opendome.study.frontier import Frontier

FRONTIER_TWIN = ('Python: opendome.frontier("homeland-2028", over={"layers.salvo": [1, 2, 4]}, budget_musd=185000)')

WIDTH = 120
"""Columns that text is wrapped to."""

ROWS_MAX = 60
"""Most combinations on the screen."""

Runs = Annotated[int | None, typer.Option(metavar="N", help="Number of runs of each (default: the scenario's).")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: the scenario's).")]
Out = Annotated[Path | None, typer.Option(
    metavar="DIR", help="Write the table (CSV, Parquet), a drawing (SVG) and a page (HTML) to this folder.")]


def frontier(
    scenario: options.ScenarioName,
    over: Annotated[list[str], typer.Option(
        "--over", metavar="KEY=VALUES", help="Values of a key: FROM:TO:STEP, or some with commas between them. "
        "Repeated for more keys: every combination is run.")],
    figure: Annotated[str, typer.Option(
        metavar="NAME", help="What is set against cost, of `opendome list figures`.")] = "leak_through",
    cost: Annotated[str, typer.Option(
        metavar="NAME", help="life_cycle, then_year or discounted, of the programme; or cost, of the rounds fired."
        )] = "life_cycle",
    budget: Annotated[float | None, typer.Option(
        metavar="MUSD", help="Budget in M$, as 185000: the best combination within it is named.")] = None,
    date: Annotated[str | None, typer.Option(
        metavar="MONTH", help="Fight with what is there by the end of this month, as 2028-07.")] = None,
    until_date: Annotated[bool, typer.Option(
        "--until-date", help="Count only what is spent until that month, not the whole life cycle.")] = False,
    runs: Runs = None,
    seed: Seed = None,
    jobs: options.Jobs = None,
    change: options.Changes = None,
    out: Out = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run combinations of a scenario's values and print what leaks for how much, and which no other combination beats.

    Keys are those of --set; those of the attack are refused. All combinations share the seed and, by that, their random
    numbers. p front says how sure it is that a combination is on the front.
    """
    from opendome.report import frontier as told

    changes = options.changes(change or [])
    values = sweeps.values_by_key(over)
    with talk.stopping_at_once(), talk.progress_of("combinations", quiet) as progress:
        if out is not None:
            told.check(out)
        found = told.frontier(scenario, over=values, figure=figure, cost=cost, budget_musd=budget, date=date,
                              until_date=until_date, changes=changes, runs=runs, seed=seed, jobs=jobs,
                              progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(frontier_data(found)) if as_json else frontier_text(found))
    if not quiet:
        talk.say(f"table, drawing and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the table and to draw it")


def frontier_data(found: "Frontier") -> dict[str, Any]:
    """The frontier as plain data: what was tried, and every row of the table; unknown numbers are None."""
    from opendome.results.summary import records

    table = found.table.astype({"dominated_by": "float64"})
    rows = [row | {"dominated_by": None if row["dominated_by"] is None else int(row["dominated_by"])}
            for row in records(table)]
    return {**found.manifest, "rows": rows}


def frontier_text(found: "Frontier") -> str:
    """The combinations, the cheapest first, and what must be known to read them."""
    from opendome.cli.show import columns
    from opendome.report import frontier as told

    rows = [told.cells(row, found) for row in found.table.to_dict(orient="records")]
    lines = [*wrap(found.manifest["title"], WIDTH), told.size(found), ""]
    lines += columns([told.head(found), *rows[:ROWS_MAX]])
    if len(rows) > ROWS_MAX:
        lines.append(f"and {len(rows) - ROWS_MAX:,} dearer ones: --json and --out have all")
    for sentences in (told.answer(found), told.cautions(found)):
        lines += ["", *(line for sentence in sentences for line in wrap(sentence, WIDTH))]
    return "\n".join(lines)
