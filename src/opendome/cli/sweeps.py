"""`opendome sweep`: a grid over keys of a scenario, told as a table and, for two keys, as a matrix."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk
from opendome.cli.raid_logs import pairs
from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.report.heatmap import Map
    from opendome.study.sweep import Sweep

TWIN = 'Python: opendome.sweep("gulf-2026", over={"layers.salvo": [1, 2]}, runs=50)'

WIDTH = 120
"""Columns that a matrix keeps to; a wider one is shown without errors, or left to the table."""


def sweep(
    scenario: options.ScenarioName,
    over: Annotated[list[str], typer.Option(
        "--over", metavar="KEY=VALUES", help="Values of a key: FROM:TO:STEP, or some with commas between them. "
        "Repeated for more keys: every combination is run.")],
    runs: Annotated[int | None, typer.Option(
        metavar="N", help="Number of runs at each point (default: the scenario's).")] = None,
    seed: Annotated[int | None, typer.Option(
        metavar="N", help="Seed of all draws, the same at every point (default: the scenario's).")] = None,
    jobs: options.Jobs = None,
    figure: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="A figure of merit, of `opendome list figures` (default: leak_through; with a "
        "stockpile return_after). May be repeated.")] = None,
    by: Annotated[list[str] | None, typer.Option(
        metavar="COLUMN", help="Split the figures by this column, as type or layer. May be repeated.")] = None,
    change: options.Changes = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write the table (CSV, Parquet), drawings (SVG) and a page (HTML) to this folder.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a scenario at every point of a grid over its keys, and print figures at each with their errors.

    Keys are those of --set: layers.upper.salvo, or short ones as layer.salvo (of the only layer), layers.salvo (of
    every layer), waves.count, threats.burn_s (of every threat used). All points share the seed and, by that, their
    random numbers: run by run the same attack comes, so differences between points are sharper than their errors.
    """
    from opendome.report import sweeps

    changes = options.changes(change or [])
    values = values_by_key(over)
    with talk.stopping_at_once(), talk.progress_of("points", quiet) as progress:
        if out is not None:
            sweeps.check(out)
        found = sweeps.sweep(scenario, over=values, changes=changes, runs=runs, seed=seed, jobs=jobs,
                             figures=figure, by=options.columns(by), progress=progress)
    if out is not None:
        sweeps.save(found, out)
    talk.answer(options.json_text(as_data(found)) if as_json else text(found))
    if not quiet:
        talk.say(f"table, drawings and page are in {out}; open {out / sweeps.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the table and to draw it")


def values_by_key(given: Sequence[str]) -> dict[str, str]:
    """The texts of all `--over` by key."""
    found: dict[str, str] = {}
    for one in given:
        ((key, values),) = pairs("--over", [one]).items()
        if key in found:
            raise InputError(f"--over {one}\n  {key} stands there twice\nhint: --over '{key}={found[key]},{values}'")
        found[key] = values
    return found


def as_data(found: "Sweep") -> dict[str, Any]:
    """The sweep as plain data: what was swept, and every row of the table; unknown numbers are None."""
    from opendome.results.summary import records

    return {**found.manifest, "rows": records(found.table)}


def text(found: "Sweep") -> str:
    """The table, with errors to the digits they support, and a matrix of the first figure for two keys."""
    from opendome.cli.show import columns
    from opendome.report.heatmap import maps, named
    from opendome.report.sweeps import band, size
    from opendome.results import with_error
    from opendome.study.grid import text_of

    manifest = found.manifest
    lines = [str(manifest["title"]), f"{size(found)}, seed {manifest['seed']}; "
             "the same random numbers at every point", ""]
    has_groups = set(found.table["group"]) != {"all"}
    rows = [[*found.over, "figure", *(["group"] if has_groups else []), "value", "90 % of runs"]]
    moving = {figure: found.moving(figure) for figure in found.figures}
    rows += [[*(text_of(row[key]) for key in found.over), row["figure"], *([row["group"]] if has_groups else []),
              with_error(row["value"], row["error"]), band(row)] for row in found.table.to_dict(orient="records")
             if row["group"] in moving[row["figure"]]]
    lines += columns(rows)
    if len(found.over) == 2:
        first = found.figures[0]
        for one in maps(found, first):
            if not one.title or one.title in moving[first]:
                lines += ["", f"{named(first)}{', ' + one.title if one.title else ''}", *_matrix(one)]
    still = sum(len(found.groups(figure)) - len(groups) for figure, groups in moving.items())
    if still:
        lines += ["", f"{still} more {'group has' if still == 1 else 'groups have'} the same value at every point: "
                  "--json and --out have them"]
    if "return_after" in found.figures:
        lines += ["", "return_after is all months of the study where a stock is not back by the end, the least that it "
                  "can be:", "--figure returned gives the share of the runs in which it is."]
    return "\n".join(lines)


def _matrix(one: "Map") -> list[str]:
    """A map as lines of text: the key with more values down the side, from the first value to the last."""
    from opendome.cli.show import columns
    from opendome.results import with_error
    from opendome.study.grid import text_of

    (across, names), (down, sides) = one.columns, one.rows
    for is_short in (False, True):
        cells = [[with_error(*one.cells[name, side]) for name in names] for side in sides]
        if is_short:
            cells = [[cell.partition(" ± ")[0] for cell in row] for row in cells]
        rows = [[down, f"{across} =", *[""] * (len(names) - 1)], ["", *map(text_of, names)],
                *([text_of(side), *row] for side, row in zip(sides, cells))]
        lines = columns(rows)
        if max(map(len, lines)) <= WIDTH:
            return lines
    return [f"{len(names)} columns by {len(sides)} rows are too wide for a matrix here: see the table above, or --out"]
