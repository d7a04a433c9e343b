"""`opendome marginal`: what each line, component and lead time is worth, as a ranked table."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk

if TYPE_CHECKING:
    from opendome.study.marginal import Marginal

TWIN = 'Python: opendome.marginal("stocks-2026", runs=200)'

WIDTH = 120
"""Columns that text is wrapped to."""

ROWS_MAX = 40
"""Most effects on the screen."""


def marginal(
    scenario: options.ScenarioName,
    figure: Annotated[str, typer.Option(
        metavar="NAME", help="A figure of merit of campaigns, of `opendome list figures`.")] = "return_after",
    by: Annotated[list[str] | None, typer.Option(
        metavar="COLUMNS", help="Split the figure by these columns, with commas between them (default: "
        "owner,interceptor). `none` does not split it.")] = None,
    step: Annotated[str, typer.Option(
        metavar="STEP", help="How much faster: 10% of the rate, or +12 a year.")] = "10%",
    runs: Annotated[int | None, typer.Option(metavar="N", help="Number of runs of each (default: the scenario's).",
                                             )] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: the scenario's).")] = None,
    jobs: options.Jobs = None,
    change: options.Changes = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write the table (CSV, Parquet) and a page (HTML) to this folder.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Make each line and component of a stockpile faster in turn, and print what that changes, the most first.

    Lead times and export delays are made a month shorter in turn. Every change is made alone and run under the same
    seed, so that differences are paired run by run.
    """
    from opendome.report import marginal as told

    changes = options.changes(change or [])
    with talk.stopping_at_once(), talk.progress_of("runs", quiet) as progress:
        if out is not None:
            told.check(out)
        found = told.marginal(scenario, figure=figure, by=_columns(by), step=step, changes=changes, runs=runs,
                              seed=seed, jobs=jobs, progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(as_data(found)) if as_json else text(found))
    if not quiet:
        talk.say(f"table and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the table")


def _columns(by: list[str] | None) -> list[str]:
    """The columns asked for."""
    found = options.columns(by) if by is not None else ["owner", "interceptor"]
    return [] if found == ["none"] else found


def as_data(found: "Marginal") -> dict[str, Any]:
    """The effects as plain data: what was tried, and every row of the table; unknown numbers are None."""
    from opendome.results.summary import records

    return {**found.manifest, "rows": records(found.table)}


def text(found: "Marginal") -> str:
    """The effects, the largest first, and what must be known to read them."""
    from opendome.cli.show import columns
    from opendome.report import marginal as told

    rows = [told.cells(row) for row in found.effects().to_dict(orient="records")]
    lines = [*wrap(found.manifest["title"], WIDTH), told.size(found), ""]
    table = columns([told.head(found), *rows[:ROWS_MAX]])
    if max(map(len, table)) > WIDTH:
        table = columns([row[:-1] for row in (told.head(found), *rows[:ROWS_MAX])])
    lines += table if rows else ["Nothing changed in any run."]
    if len(rows) > ROWS_MAX:
        lines.append(f"and {len(rows) - ROWS_MAX:,} smaller ones: --json and --out have all")
    notes = [line for note in [told.MEANING, *told.cautions(found)] for line in wrap(note, WIDTH)]
    return "\n".join([*lines, "", *notes])
