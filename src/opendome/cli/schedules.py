"""`opendome schedule`: what of a programme is there by a date, when its milestones are met, and what would leak."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk

if TYPE_CHECKING:
    from opendome.study.schedule import Schedule

TWIN = 'Python: opendome.schedule("homeland-2028", date="2028-07")'

WIDTH = 120
"""Columns that text is wrapped to."""


def schedule(
    scenario: options.ScenarioName,
    date: Annotated[str, typer.Option(metavar="MONTH", help="By the end of this month, as 2028-07.")],
    raid: Annotated[bool, typer.Option(
        "--raid", help="Run the raids too: with everything, and with what is there early, in the middle and late.",
        )] = False,
    runs: Annotated[int | None, typer.Option(
        metavar="N", help="Number of runs (default: 1000 that draw delays, and the scenario's of raids).")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: the scenario's).")] = None,
    jobs: options.Jobs = None,
    change: options.Changes = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write tables (CSV, Parquet), a drawing (SVG) and a page (HTML) to this folder.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Print what of a scenario's [cost] is there by a date, and when its milestones are met.

    Each run draws how late and how slow the deliveries of each element are. With --raid, capability is leak-through:
    the same raids meet everything, and then what has come.
    """
    from opendome.report import schedule as told

    changes = options.changes(change or [])
    with talk.stopping_at_once(), talk.progress_of("runs", quiet) as progress:
        if out is not None:
            told.check(out)
        found = told.schedule(scenario, date=date, raid=raid, runs=runs, seed=seed, jobs=jobs, changes=changes,
                              progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(as_data(found)) if as_json else text(found))
    if not quiet:
        talk.say(f"tables and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the tables and a chart")


def as_data(found: "Schedule") -> dict[str, Any]:
    """The schedule as plain data; unknown numbers and months after the programme are None."""
    from opendome.results.summary import records

    tables = {"elements": found.capability.elements, "milestones": found.capability.milestones, "leaks": found.leaks}
    return {**found.manifest, **{name: None if table is None else records(table) for name, table in tables.items()}}


def text(found: "Schedule") -> str:
    """The tables, and what must be known to read them."""
    from opendome.report import schedule as told
    from opendome.results.text import aligned

    lines = [*wrap(found.manifest["title"], WIDTH), f"what is there {told.size(found)}", ""]
    lines += aligned(told.ELEMENTS, told.element_cells(found))
    if rows := told.milestone_cells(found):
        lines += ["", *aligned(told.MILESTONES, rows)]
    if rows := told.leak_cells(found):
        lines += ["", *aligned(told.LEAKS, rows)]
    if found_notes := told.notes(found):
        lines += ["", *(line for note in found_notes for line in wrap(note, WIDTH))]
    return "\n".join(line.rstrip() for line in lines)
