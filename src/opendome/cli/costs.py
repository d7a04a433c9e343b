"""`opendome cost`: what a scenario's programme costs over its years, with no raid run."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk
from opendome.errors import InputError, nearest

if TYPE_CHECKING:
    from opendome.report.life_cycle import Priced

TWIN = 'Python: opendome.cost.life_cycle("homeland-2028", runs=1000).table(["layer", "phase"])'

DOLLARS = ("constant", "then-year", "discounted")

WIDTH = 96
"""Columns that text is wrapped to."""

ROWS_MAX = 60
"""Most rows on the screen."""

MOVES = 5
"""Numbers on the screen that move the cost most."""

ON_SCREEN = 5
"""Columns of units on the screen, from the first."""


def cost(
    scenario: options.ScenarioName,
    runs: Annotated[int | None, typer.Option(
        metavar="N", help="Number of runs (default: the scenario's); one takes every value as it stands.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: the scenario's).")] = None,
    by: Annotated[list[str] | None, typer.Option(
        metavar="COLUMNS", help="Of element, layer, phase and year, with commas between them (default: "
        "layer,phase).")] = None,
    dollars: Annotated[str, typer.Option(
        metavar="KIND", help="constant, then-year (of the years in which they are paid) or discounted.")] = "constant",
    change: options.Changes = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write tables (CSV, Parquet), drawings (SVG) and a page (HTML) to this folder.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Print what the programme of a scenario costs: development, units, launches, replacements, operations, disposal.

    Each run draws every uncertain value from its range; the band holds nine runs of ten. No raid is run.
    """
    columns = _columns(by)
    if dollars not in DOLLARS:
        raise InputError(f"--dollars {dollars}\n  must be one of: {', '.join(DOLLARS)}")
    from opendome.report import life_cycle as told
    from opendome.scenario import reader

    if out is not None:
        told.check(out)
    text, variant = reader.read(scenario)
    parsed = reader.parse(text, source=scenario, changes=options.changes(change or []), variant=variant)
    if parsed.cost is None:
        raise InputError(f"{scenario}: has no [cost], so nothing is known of what it costs\n"
                         "hint: docs/guide/cost.md says how a programme is written")
    priced = told.price(parsed.model_copy(update={"variants": {}}), runs=runs, seed=seed)
    if out is not None:
        told.save(priced, out)
    talk.answer(options.json_text(as_data(priced, columns, dollars)) if as_json else
                screen(priced, columns, dollars))
    if not quiet:
        talk.say(f"tables, drawings and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep tables and drawings")


def _columns(by: list[str] | None) -> list[str]:
    """The columns asked for; `InputError` for one that there is not."""
    from opendome.cost.breakdown import GROUPS

    found = list(dict.fromkeys(options.columns(by))) if by is not None else ["layer", "phase"]
    for name in found:
        if name not in GROUPS:
            hint = nearest(name, GROUPS)
            raise InputError(f"--by {name}\n  must be of: {', '.join(GROUPS)}"
                             + (f"\nhint: {hint}" if hint.startswith("did") else ""))
    return found


def as_data(priced: "Priced", columns: list[str], dollars: Any) -> dict[str, Any]:
    """The cost as plain data; docs/formats/cost.md."""
    from opendome.report import life_cycle as told
    from opendome.results.summary import records

    found = priced.found
    return {**priced.manifest, "dollars": dollars, "price_year": found.price_year, "by": columns,
            "years": list(found.years), "total": told.total(found, dollars),
            "rows": told.costing(found, columns, dollars), "units": records(found.unit_table()),
            "moves": told.moves(priced, len(found.elements) * 20, dollars)}


def screen(priced: "Priced", columns: list[str], dollars: Any) -> str:
    """The cost as a table with its whole, and what is bought."""
    from opendome.report import life_cycle as told
    from opendome.results.text import aligned, name_text, runs_text

    found, manifest = priced.found, priced.manifest
    runs = int(manifest["runs"])
    size = f"({runs_text(runs)}, seed {manifest['seed']})" if runs > 1 else "(every value as it stands)"
    kind = {"constant": "", "then-year": ", then-year dollars", "discounted": ", discounted"}[dollars]
    rows = [[" / ".join(name_text(str(row[column])) for column in columns), *told.cells(row)]
            for row in told.costing(found, columns, dollars)] if columns else []
    whole = [["all", *told.cells(told.total(found, dollars))]]
    lines = [*wrap(manifest["title"], WIDTH), f"{priced.title()}{kind} {size}", "",
             *aligned([" / ".join(columns), "mean over runs", "90 % of runs"], [*rows[:ROWS_MAX], *whole])]
    if len(rows) > ROWS_MAX:
        lines.append(f"{len(rows) - ROWS_MAX:,} rows are left out: --json and --out have all")
    return "\n".join([*lines, "", *_units(priced), *_moves(priced, dollars)])


def _units(priced: "Priced") -> list[str]:
    from opendome.report import life_cycle as told
    from opendome.results.text import aligned, name_text

    rows = [[name_text(name), *cells[:ON_SCREEN]] for name, *cells in told.unit_cells(priced.found)]
    return aligned(["units, mean over runs", *list(told.UNITS.values())[:ON_SCREEN]], rows)


def _moves(priced: "Priced", dollars: Any) -> list[str]:
    """The numbers that move the whole most, over their ranges."""
    from opendome.report import life_cycle as told
    from opendome.results.text import aligned

    rows = [told.move_cells(row) for row in told.moves(priced, MOVES, dollars)]
    head = ["what moves it most (all else as it stands)", "value (range)", "all at low", "all at high"]
    return ["", *aligned(head, rows)] if rows else []
