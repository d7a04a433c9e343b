"""`opendome reproduce`, and what `list` and `show` say of packs: published numbers beside ours."""

import math
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk
from opendome.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from opendome.reproduce import Pack
    from opendome.reproduce.pack import Output, PackAssumption

TWIN = 'Python: opendome.reproduce.run("cbo-2026", life_years=7)'

WIDTH = 100
"""Columns that text is wrapped to."""
NOTHING = "-"
"""Shown where there is no number."""


def reproduce(
    name: Annotated[str | None, typer.Argument(
        metavar="[NAME]", help="A pack of `opendome list packs` (default: every one).")] = None,
    change: Annotated[list[str] | None, typer.Option(
        "--set", metavar="KEY=VALUE", help="Change an assumption of the pack, as life_years=7. May be repeated.",
        )] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the table to this new file.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Rebuild published results from their own assumptions, and print how near ours come.

    A row is within where ours lies within the tolerance that the pack gives and explains; where it is not, the row
    says what is missing. With --set, what the changed assumption does stands beside what the pack's own gives.
    """
    if name is None and change:
        raise InputError("--set\n  changes an assumption of one pack\nhint: opendome reproduce NAME --set KEY=VALUE")
    if name is None:
        table, data, text = _all(quiet)
    else:
        table, data, text = _one(name, options.changes(change or []))
    if out is not None:
        from opendome.cli import raid_logs

        raid_logs.write_new(out, table.to_csv(index=False))
    talk.answer(options.json_text(data) if as_json else text)
    if not quiet:
        talk.say(f"the table is in {out}" if out is not None else
                 "each row of a pack: opendome reproduce NAME" if name is None else
                 f"its assumptions: opendome show {name}; to change one: opendome reproduce {name} --set KEY=VALUE")


def _all(is_quiet: bool) -> "tuple[pd.DataFrame, dict[str, Any], str]":
    """Every pack: all rows as one table, the overview as data, and as text."""
    import pandas as pd

    from opendome.reproduce import overview, run_all
    from opendome.results.summary import records

    with talk.progress_of("packs", is_quiet) as progress:
        tables = run_all(progress=progress)
    found = overview(tables)
    rows = pd.concat([table.assign(pack=name) for name, table in tables.items()], ignore_index=True)
    rows = rows[["pack", *(column for column in rows if column != "pack")]]
    return rows, {"packs": records(found), "rows": records(rows)}, overview_text(found)


def _one(name: str, changes: dict[str, Any]) -> "tuple[pd.DataFrame, dict[str, Any], str]":
    """One pack: its table, the same as data with what it rests on, and as text."""
    from opendome.reproduce import load, run
    from opendome.results.summary import records

    pack, table = load(name), run(name, **changes)
    data = {**pack_data(name, pack), "changes": changes, "rows": records(table)}
    del data["outputs"]
    return table, data, table_text(name, pack, table, changes)


def overview_text(found: "pd.DataFrame") -> str:
    """One line for each pack: rows within, the headline as published and ours, seconds; and the sum of all."""
    from opendome.cli.show import columns
    from opendome.results.summary import records

    rows = [[row["pack"], f"{row['within']} of {row['compared']}", row["headline"], number(row["published"]),
             number(row["ours"]), row["unit"], _said(row["is_within"]), f"{row['time_s']:.1f}"]
            for row in records(found)]
    lines = columns([["pack", "rows within", "headline", "published", "ours", "unit", "within", "seconds"], *rows])
    left_out = int((found["rows"] - found["compared"]).sum())
    lines += ["", f"{found['within'].sum()} of {found['compared'].sum()} published numbers of {len(found)} packs are "
              f"within their tolerance, in {found['time_s'].sum():.1f} s"]
    if left_out:
        lines.append(f"{left_out} more numbers of ours have no published one to compare with")
    return "\n".join(lines)


def table_text(name: str, pack: "Pack", table: "pd.DataFrame", changes: dict[str, Any]) -> str:
    """A pack's table: every row with what it is, where it is from, and why it may differ."""
    from opendome.cli.show import columns
    from opendome.results.summary import records

    rows = [_cells(pack.outputs[row["output"]], row, bool(changes)) for row in records(table)]
    numbers = ["published", "as published", "changed", "change"] if changes else [
        "published", "ours", "difference", "in %", "tolerance", "within"]
    head, *body = columns([["output", "unit", *numbers], *rows])
    lines = [f"{name}: {pack.title}", *wrap(pack.note.replace("\n", " "), WIDTH), ""]
    if changes:
        lines += [*(f"{key}: {pack.assumptions[key].value:g} -> {value:g}" for key, value in changes.items()), ""]
    lines.append(head)
    for line, output in zip(body, pack.outputs.values(), strict=True):
        why = output.says if changes else f"{output.says}. {output.falls_short or output.because}"
        lines += [line, *wrap(f"{why} [{_source(output)}]", WIDTH, initial_indent="    ", subsequent_indent="    ")]
    if not changes:
        compared = int(table["published"].notna().sum())
        lines += ["", f"{sum(flag is True for flag in table['within'])} of {compared} published numbers are within "
                  "their tolerance"]
    return "\n".join(lines)


def _cells(output: "Output", row: dict[str, Any], is_changed: bool) -> list[str]:
    """A row's key, unit and numbers, each with the digits that the tolerance leaves."""
    step = output.tolerance
    limit = f"{output.is_limit} " if output.is_limit else ""
    first = [row["output"], output.unit, limit + number(row["published"], step)]
    ours, before = row["ours"], row["as_published"]
    if is_changed:
        change = None if ours is None or before is None else ours - before
        return [*first, number(before, step), number(ours, step), number(change, step)]
    return [*first, number(ours, step), number(row["difference"], step), _percent(row["difference"], row["published"]),
            number(step) if row["within"] is not None else NOTHING, _said(row["within"])]


def _percent(difference: float | None, published: float | None) -> str:
    """A difference in percent of what was published."""
    return NOTHING if difference is None or not published else f"{100.0 * difference / abs(published):+.1f}"


def _said(is_within: bool | None) -> str:
    return NOTHING if is_within is None else "yes" if is_within else "no"


def number(value: float | None, step: float = 0.0) -> str:
    """A number to the digits of `step`, the size of what it may be off by, or to six digits."""
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value) or not step > 0.0:
        return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    digits = max(0, -math.floor(math.log10(step)))
    return f"{round(value, digits) + 0.0:,.{digits}f}"


def pack_data(name: str, pack: "Pack") -> dict[str, Any]:
    """A pack as plain data, with the references that it names."""
    from opendome.catalogue import shipped

    known = shipped().references
    return {"pack": name, **pack.model_dump(),
            "references": {key: known[key].model_dump() for key in _sources(pack) if key in known}}


def _sources(pack: "Pack") -> list[str]:
    """Sources that a pack names, each once, in order."""
    named: Sequence[PackAssumption | Output] = [*pack.assumptions.values(), *pack.outputs.values()]
    return list(dict.fromkeys(found.source for found in named))


def pack_text(data: dict[str, Any]) -> str:
    """What a pack rests on: each assumption with range, grade, source and reason; its cases; references below."""
    from opendome.cli.show import listing_text

    lines = [f"{data['pack']}: {data['title']}", *wrap(data["note"].replace("\n", " "), WIDTH), ""]
    width = max(len(key) for key in data["assumptions"])
    for key, found in data["assumptions"].items():
        lines.append(f"{key:{width}}  {_range(found)}  [{_graded(found)}]")
        why = f"{found['says']}. {found['why']}" if found["why"] else found["says"]
        lines += wrap(why, WIDTH, initial_indent="    ", subsequent_indent="    ")
    if data["cases"]:
        lines += ["", "cases"]
    for case, changed in data["cases"].items():
        stated = ", ".join(f"{key} = {value:g}" for key, value in changed.items())
        lines += [case, *wrap(stated, WIDTH, initial_indent="    ", subsequent_indent="    ")]
    if data["references"]:
        lines += ["", "references", listing_text([{"name": key, **ref} for key, ref in data["references"].items()])]
    return "\n".join(lines)


def _range(found: dict[str, Any]) -> str:
    value, low, high = found["value"], found["low"], found["high"]
    if low is None and high is None:
        return f"{value:g}"
    return f"{value:g} ({value if low is None else low:g} to {value if high is None else high:g})"


def _graded(found: dict[str, Any]) -> str:
    if found["source"] == "assumption":
        return str(found["grade"])
    page = f", {found['page']}" if found["page"] else ""
    return f"{found['grade']}: {found['source']}{page}"


def _source(output: "Output") -> str:
    return _graded(output.model_dump())
