"""What headline numbers rest on, in tables and pictures: the front door, and a section of the report."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome.errors import InputError, nearest
from opendome.evidence import FIXED, NONE, NOT_SEEN, SEEN, STEPWISE, WIDE, Ledger, rests_on
from opendome.report.html import figure, link, table, text
from opendome.report.svg import draw
from opendome.results.text import short, with_error

if TYPE_CHECKING:
    from opendome.results import Results

TOP = 15
"""Inputs that a report shows; the others are folded away."""

BARS = 12
"""Inputs in the picture of a cost."""

DOWN, UP = "#0072b2", "#d55e00"
"""Colours of the number with an input at the low and at the high end of its range."""

COST = "cost."
"""What paths of a programme begin with; `--set` knows them without."""

DOLLARS = {"life_cycle": "constant", "then_year": "then-year", "discounted": "discounted"}
"""Kinds of dollars by the name of a cost."""


# ---- the front door ---------------------------------------------------------------------------------------------


def ledger(what: Results | str | Path, figure: str | None = None, *, layer: str | None = None,
           element: str | None = None, changes: Mapping[str, Any] | None = None,
           progress: Callable[[int, int], None] | None = None) -> Ledger:
    """What a number rests on: every input with range, grade, source, elasticity and swing.

    `what`: results or a results folder (`figure`: a figure of merit), a pack (an output), or a scenario with [cost]
    (life_cycle, then_year or discounted; of one `layer` or `element`), of which no raid is run. Each has a headline of
    its own, which is taken when no figure is named. `changes` are made before anything is computed. `progress` is told
    how often a pack's model has run, of how many times. Raises `InputError` or `ScenarioError` for what cannot be used.
    """
    from opendome.results import Results

    if isinstance(what, Results) or Path(what).is_dir():
        found = what if isinstance(what, Results) else Results.open(what)
        _refuse("results", {"layer": layer, "element": element, "--set": changes})
        return of_results(found, figure or headline(found))
    name = str(what)
    if name in _packs():
        from opendome.reproduce import evidence

        _refuse("a pack", {"layer": layer, "element": element})
        return evidence.ledger(name, figure, progress=progress, **(changes or {}))
    return _of_cost(name, figure or "life_cycle", layer, element, changes)


def _packs() -> list[str]:
    from opendome.reproduce import packs

    return packs()


def _refuse(what: str, given: Mapping[str, Any]) -> None:
    for name, found in given.items():
        if found:
            fits = "scenarios and packs" if name == "--set" else "a scenario"
            raise InputError(f"{name}: is for {fits}, not for {what}")


def _of_cost(name: str, number: str, layer: str | None, element: str | None,
             changes: Mapping[str, Any] | None) -> Ledger:
    from opendome.cost import ledger as costs
    from opendome.scenario import reader

    if number not in DOLLARS:
        hint = nearest(number, DOLLARS)
        raise InputError(f"{number}: a scenario alone has its cost: {', '.join(DOLLARS)}\n"
                         f"hint: {hint + ' ' if hint.startswith('did') else ''}for other figures run it, and name the "
                         "folder of --out")
    try:
        reader.split(name)
    except InputError:
        hint = nearest(name, [*_packs(), *reader.shipped_names()])
        raise InputError(f"{name}: no results folder, pack or scenario" + (f"\nhint: {hint}" if hint else "")) from None
    return costs.ledger(name, layer=layer, element=element, dollars=DOLLARS[number], changes=changes)  # type: ignore[arg-type]


def of_results(results: Results, name: str) -> Ledger:
    """What a figure of results rests on."""
    from opendome.results.ledger import ledgers

    found = ledgers(results.tables, results.scenario, results.manifest, name)
    if not found:
        raise InputError(f"{name}: has no value in any run of these results\nhint: opendome list figures")
    return found[0][1]


def headline(results: Results) -> str:
    """The figure that results are known for: leak-through, or what was warned of, or when stocks are back."""
    if results.scenario.stockpile is not None:
        return "leak_through" if len(results.tables.attacks) else "return_after"
    return "leak_through" if results.scenario.layers else "alerted"


# ---- words --------------------------------------------------------------------------------------------------------


def value_of(row: Mapping[Any, Any]) -> str:
    """An input's value with its range."""
    low, high = short(row["low"]), short(row["high"])
    return short(row["value"]) + (f" ({low} to {high})" if row["high"] > row["low"] else "")


def elasticity_of(row: Mapping[Any, Any]) -> str:
    """An elasticity with its error, or why there is none."""
    found, how = row["elasticity"], row["how"]
    if how in (NOT_SEEN, NONE) or not math.isfinite(found):
        return str(how)
    if how == SEEN:
        return with_error(found, row["error"])
    return f"{found:+.2g}" + (" (stepwise)" if how in (STEPWISE, WIDE) else "")


def swing_of(row: Mapping[Any, Any]) -> str:
    """How far the number moves, with the error that the elasticity has."""
    found = row["swing"]
    if row["how"] in (NOT_SEEN, FIXED) or not math.isfinite(found) or found == 0.0:
        return "–"
    if row["how"] == SEEN:
        return with_error(found, abs(found * row["error"] / row["elasticity"]))
    return ("+" if found > 0.0 else "") + short(found)


def source_of(row: Mapping[Any, Any]) -> str:
    """A source with its page."""
    return f"{row['source']}, {row['page']}" if row["page"] else str(row["source"])


def value_text(found: Ledger) -> str:
    """The number itself."""
    shown = with_error(found.value, found.error) if found.runs else short(found.value)
    return f"{shown} {found.unit}" if found.unit not in ("", "share") else shown


# ---- the report's section ------------------------------------------------------------------------------------------


def section(results: Results) -> str:
    """What the headline of results rests on, and what the cost of its programme does."""
    parts = []
    name = headline(results)
    try:
        parts.append(_part(of_results(results, name)))
    except InputError:
        parts.append(f"<p>There is no {text(name)} in any run.</p>")
    if results.scenario.cost is not None:
        from opendome.cost import ledger as costs

        found = costs.ledger(results.scenario)
        drawing = figure(draw(tornado(found)), "The cost with each input at the ends of its range, all others at their "
                         "values; the line is the cost with all at their values.") if len(found.seen) else ""
        parts.append(_part(found, drawing))
    return ("<p>Elasticity: by how many per cent the number moves for one per cent of the input, all else equal. "
            "Swing: how far it moves over the input's range.</p>" + "".join(parts))


def _part(found: Ledger, drawing: str = "") -> str:
    """One number with its inputs."""
    rows = [_cells(row, found) for row in found.table.to_dict(orient="records")]
    n = min(TOP, len(found.seen)) if len(found.seen) else 0
    share = "share of variance" if found.runs else "share of swings"
    head = ["input", "value", "grade and source", "elasticity", f"swing{f', {found.unit}' * bool(found.unit)}", share,
            "why"]
    classes = ["path", "n", "", "n", "n", "n", "why"]
    notes = "".join(f"<p>{text(note)}</p>" for note in (rests_on(found), *found.notes) if note)
    top = table("The inputs that move it most", head, rows[:n], classes=classes) if n else ""
    rest = (f"<details><summary>{len(rows) - n} more input{'s' * (len(rows) - n != 1)}</summary>"
            + table("The others", head, rows[n:], classes=classes) + "</details>") if rows[n:] else ""
    return f"<h3>{text(found.number)}: {text(value_text(found))}</h3>{notes}{drawing}{top}{rest}"


def _cells(row: Mapping[Any, Any], found: Ledger) -> list[str]:
    key = str(row["source"])
    cited = link(found.references[key].link, key) if key in found.references else text(key)
    page = f", {text(row['page'])}" if row["page"] else ""
    share = row["share"]
    is_shown = math.isfinite(share) and swing_of(row) != "–"
    unit = f" {text(row['unit'])}" if row["unit"] else ""
    return [text(str(row["path"]).removeprefix(COST)),
            text(value_of(row)) + (f"<small>{unit}</small>" if unit else ""),
            text(row["grade"]) + ("" if key == "assumption" else f"<small>{cited}{page}</small>"),
            text(elasticity_of(row)), text(swing_of(row)), f"{100 * share:.0f} %" if is_shown else "–",
            text(row["why"])]


def tornado(found: Ledger) -> dict[str, Any]:
    """A chart of the number between the ends of each input's range, the largest swing on top."""
    rows = found.seen.head(BARS).to_dict(orient="records")
    ends = [[row["at_low"], row["at_high"]] for row in rows]
    series: list[dict[str, Any]] = [
        {"type": "custom", "renderItem": "band", "name": f"input at its {name} end", "isArea": False,
         "data": [[i, min(found.value, pair[k]), max(found.value, pair[k])] for i, pair in enumerate(ends)],
         "itemStyle": {"color": color, "width": 14.0}}
        for k, (name, color) in enumerate((("low", DOWN), ("high", UP)))]
    series.append({"type": "scatter", "name": "all at their values", "symbol": "line",
                   "data": [found.value] * len(rows), "itemStyle": {"color": "currentColor"}})
    told = "; ".join(f"{row['path']} {short(row['at_low'])} to {short(row['at_high'])}" for row in rows)
    return {"aria": {"description": f"{found.number}, {short(found.value)} {found.unit}, with each input at the ends "
                                    f"of its range: {told}"},
            "xAxis": {"type": "value", "name": f"{found.number}, {found.unit}"},
            "yAxis": {"type": "category", "data": [_short_path(str(row["path"])) for row in rows]}, "series": series}


def _short_path(path: str) -> str:
    """A path without what most paths of costs begin with."""
    return path.removeprefix(COST).removeprefix("elements.")
