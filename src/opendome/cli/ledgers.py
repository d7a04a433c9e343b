"""`opendome ledger`: what a headline number rests on, input by input, with sources."""

from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk

if TYPE_CHECKING:
    from opendome.evidence import Ledger

TWIN = 'Python: opendome.ledger("homeland-2028").table'

WIDTH = 120
"""Columns that text is wrapped to."""

NAME_MAX = 46
"""Longest name of an input on the screen; longer ones lose their beginning."""


def ledger(
    what: Annotated[str, typer.Argument(
        metavar="WHAT", help="A results folder, a pack, or a scenario with [cost] (no raid is run).")],
    figure: Annotated[str | None, typer.Option(
        metavar="NAME", help="A figure of results (default: leak_through or what stands for it), an output of a pack "
        "(default: its headline), or life_cycle, then_year or discounted of a scenario.")] = None,
    layer: Annotated[str | None, typer.Option(metavar="NAME", help="Of a scenario: the cost of this layer.")] = None,
    element: Annotated[str | None, typer.Option(
        metavar="NAME", help="Of a scenario: the cost of this element.")] = None,
    top: Annotated[int, typer.Option(metavar="N", help="Inputs to show, the largest swing first.", min=1)] = 20,
    change: options.Changes = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """List what a number rests on: each input with value, range, grade and source, elasticity and swing.

    Elasticity: per cent of the number for one per cent of the input. Swing: how far the number moves over the range.
    """
    from opendome.report import ledger as told

    with talk.progress_of("runs of the model", quiet) as progress:
        found = told.ledger(what, figure, layer=layer, element=element, changes=options.changes(change or []) or None,
                            progress=progress)
    talk.answer(options.json_text(found.data()) if as_json else text(found, top))


def text(found: "Ledger", top: int) -> str:
    """A ledger as text: the number, its inputs, and what must be known to read it."""
    from opendome.cli.show import columns
    from opendome.evidence import rests_on
    from opendome.report.ledger import value_text

    rows = found.table.to_dict(orient="records")
    shown = [_cells(i, row) for i, row in enumerate(rows[:top], 1)]
    unit = f", {found.unit}" if found.unit else ""
    head = ["", "input", "value (range)", "grade", "source", "elasticity", f"swing{unit}"]
    lines = [*wrap(found.of, WIDTH), f"{found.number}: {value_text(found)}", *wrap(found.says, WIDTH), "",
             *columns([head, *shown])]
    if len(rows) > top:
        lines.append(f"and {len(rows) - top:,} more: --top, or --json for all")
    notes = [line for note in (rests_on(found), *found.notes) if note for line in wrap(note, WIDTH)]
    return "\n".join([*lines, "", *notes])


def _cells(rank: int, row: Any) -> list[str]:
    from opendome.report.ledger import elasticity_of, source_of, swing_of, value_of

    path = str(row["path"]).removeprefix("cost.")  # --set knows it without
    name = path if len(path) <= NAME_MAX else "…" + path[1 - NAME_MAX:]
    return [str(rank), name, value_of(row), str(row["grade"]), _clipped(source_of(row)), elasticity_of(row),
            swing_of(row)]


def _clipped(source: str) -> str:
    return source if len(source) <= 24 else source[:23] + "…"
