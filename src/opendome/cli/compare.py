"""`opendome compare`: scenarios under one seed, and what is printed of their differences."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, swaps, talk

if TYPE_CHECKING:
    from opendome.study.compare import Comparison

TWIN = f'Python: opendome.compare("sbi-boost", "sbi-boost:tuned", runs=200); {swaps.TWIN}'

WIDTH = 120
"""Characters that the table keeps to."""

CHANGES_MAX = 16
"""Most values that differ on the screen."""

LABEL_MAX = 40


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="The base: a shipped scenario's name or a file; with :VARIANT "
                                     "behind it, one of its variants. Or a folder that `opendome run --out` wrote, or "
                                     "a pack.")],
    others: Annotated[list[str], typer.Argument(metavar="B...", help="One or more that are compared with A.")],
    runs: Annotated[int | None, typer.Option(metavar="N", help="Number of runs of each (default: that of A).")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: that of A).")] = None,
    jobs: options.Jobs = None,
    figure: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="A figure of merit, of `opendome list figures` (default: those of the first screen). May "
        "be repeated.")] = None,
    by: Annotated[list[str] | None, typer.Option(
        metavar="COLUMN", help="Split the figures by this column, as type or layer. May be repeated.")] = None,
    change: options.Changes = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write the table (CSV, Parquet), drawing (SVG) and page (HTML) to this folder.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run scenarios under one seed and print how they differ from the first, run by run, with paired errors.

    Under one seed run 17 meets the same attack in all, with the same luck wherever they agree. What it has in common
    goes out of its difference, so that differences are known better than the errors of each scenario say. --set holds
    for all. First stands what differs between the scenarios, and whether the attack is the same.

    Of two packs: what they assume otherwise, and how much of the gap between their results each of it explains. --set
    changes an assumption of the first (a.KEY=VALUE), of the second (b.KEY=VALUE) or of both; --runs is how often ranges
    are drawn.
    """
    if swaps.are_packs([a, *others]):
        swaps.compare(a, others[0], draws=runs, seed=seed, figures=figure, by=by, jobs=jobs, change=change or [],
                      out=out, as_json=as_json, quiet=quiet)
        return
    from opendome.report import compare as told

    changes = options.changes(change or [])
    with talk.stopping_at_once(), talk.progress_of("runs", quiet) as progress:
        if out is not None:
            told.check(out)
        found = told.compare(a, *others, changes=changes, runs=runs, seed=seed, jobs=jobs, figures=figure,
                             by=options.columns(by), progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(as_data(found)) if as_json else text(found))
    if not quiet:
        talk.say(f"table, drawing and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the table and to draw it")


def as_data(found: "Comparison") -> dict[str, Any]:
    """The comparison as plain data: what was compared, and every row of the table; unknown numbers are None."""
    from opendome.results.summary import records

    return {**found.manifest, "rows": records(found.table)}


def text(found: "Comparison") -> str:
    """What was compared, what differs, and a table of differences for each other scenario."""
    from opendome.report import compare_words as words
    from opendome.study.compare import LETTERS

    scenarios = found.manifest["scenarios"]
    lines = [line for one in scenarios for line in wrap(f"{one['letter']}  {one['name']}: {one['title']}", WIDTH)]
    lines += [words.size(found), *words.own_settings(found)]
    for i, letter in enumerate(LETTERS[1:len(scenarios)]):
        changes = words.changes(found, i)
        lines += ["", f"{letter} differs from A in", *(f"  {change}" for change in changes[:CHANGES_MAX])]
        if len(changes) > CHANGES_MAX:
            lines.append(f"  and {len(changes) - CHANGES_MAX:,} more: --json and --out have all")
        lines += [*wrap(words.attack(found, i), WIDTH), "", *_table(found, letter)]
    shown = [head for head in words.COLUMNS if any(head in line for line in lines if line.startswith("figure "))]
    notes = f"{words.MEANING}. {words.caution(found)} {words.meanings(shown)} {words.units(found)}"
    return "\n".join([*lines, "", *wrap(notes.strip(), WIDTH)])


def _table(found: "Comparison", letter: str) -> list[str]:
    """The rows of one other scenario as lines, within `WIDTH`: a wider table goes without some columns."""
    from opendome.cli.show import columns
    from opendome.report import compare_words as words

    spared = (words.GAIN, words.BAND, words.SHARES)
    every = found.rows(letter).to_dict(orient="records")
    shown = [row for row in every if found.scenarios[0].stockpile is None or not words.is_equal(row)]
    rows = [_cells(row, letter) for row in shown or every]
    lines: list[str] = []
    for n in range(len(spared) + 1):
        head = [name for name in rows[0] if name not in spared[:n]]
        lines = columns([head, *([row[name] for name in head] for row in rows)])
        if max(map(len, lines)) <= WIDTH:
            break
    if len(shown) < len(every) and shown:
        lines += [f"No run differs in {len(every) - len(shown)} further rows: --json and --out have all."]
    return lines


def _cells(row: Mapping[Any, Any], letter: str) -> dict[str, str]:
    """One row in words, by the head of its column."""
    from opendome.report import compare_words as words
    from opendome.report.sweeps import band

    label = words.label(row)
    return {
        "figure": label if len(label) <= LABEL_MAX else label[:LABEL_MAX - 1] + "…",
        "A": words.alone(row, "a"), letter: words.alone(row, "b"), f"{letter} - A": words.difference(row),
        words.BAND: band(row), words.SHARES: words.shares(row), words.GAIN: words.gain(row),
    }
