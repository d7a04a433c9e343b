"""Pieces that every report has: cards, estimates in cells, assumptions with their sources, how to repeat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from opendome import catalogue
from opendome.report.html import code, link, table, text
from opendome.results.summary import records
from opendome.results.text import short, with_error

if TYPE_CHECKING:
    from opendome.results import Results

Row = Mapping[str, Any]

DEEP = ("stockpile", "campaigns")
"""Parts of a scenario whose entries stand one level deeper: `stockpile.lines.NAME`."""


def answer_cards(shown: Iterable[tuple[str, str, str]], summary: Mapping[str, Any]) -> str:
    """The figures that answer the question, large, and what must be known to read them."""
    boxes = "".join(f"<div><dt>{name}</dt><dd>{value}<small>{more}</small></dd></div>" for name, value, more in shown)
    return f'<dl class="answer">{boxes}</dl>' + "".join(f"<p>{text(note)}</p>" for note in summary["notes"])


def assumptions(results: Results) -> str:
    """Every number used, with its range, grade and source, and the sources."""
    known = references_of(results)
    rows = records(results.tables.assumptions)
    grades = Counter(str(row["grade"]) for row in rows)
    told = ", ".join(f"{count} {text(grade)}" for grade, count in sorted(grades.items()))
    cells: list[list[str]] = []
    owner = ""
    for row in rows:
        parts = str(row["path"]).split(".")
        depth = 3 if parts[0] in DEEP else 2
        entry, name = ".".join(parts[:depth]), ".".join(parts[depth:]) or str(row["path"])
        if entry != owner:
            cells.append([text(entry)])
        owner = entry
        cells.append([text(name), short(row["value"]), range_of(row), text(row["unit"]), text(row["grade"]),
                      "sampled" if row["sampled"] else "fixed", source(row["source"], known), text(row["why"])])
    cited = {str(row["source"]) for row in rows} | {o.source for o in results.scenario.observations}
    listed = "".join(f"<li>{reference(known[key])}</li>" for key in sorted(cited & set(known)))
    return (f"<p>{len(rows)} numbers went into the simulation: {told}. A sampled number is drawn from its range in "
            "each run; a fixed one keeps its value.</p>"
            + table("Every number used", ["number", "value", "range", "unit", "grade", "use", "source", "why"], cells,
                    classes=["path", "n", "n", "", "", "", "", "why long"])
            + (f"<h3>Sources</h3><ul>{listed}</ul>" if listed else ""))


def repeat(results: Results) -> str:
    """The command that gives these results again, and what they were made from."""
    manifest = results.manifest
    command = f"opendome run scenario.toml --runs {int(manifest['runs'])} --seed {int(manifest['seed'])}"
    environment = ", ".join(f"{key} {value}" for key, value in sorted(manifest["environment"].items()))
    rows = [["version of OpenDome", text(manifest["version"])], ["seed", text(manifest["seed"])],
            ["runs", text(manifest["runs"])], ["fidelity", text(manifest["fidelity"])],
            ["hash of the scenario", f"<code>{text(manifest['scenario_sha256'])}</code>"],
            ["hash of the catalogue", f"<code>{text(manifest['catalogue_sha256'])}</code>"],
            ["environment", text(environment)]]
    return ("<p>In the results folder, with the same version installed:</p>"
            f"<pre>{text(command)}</pre><p>The same version, environment and seed give the same bytes.</p>"
            + table("What this report was made from", ["", "value"], rows, classes=["", "path"]))


def noted(parts: Iterable[tuple[str, str]]) -> str:
    """A list of notes, each once with the names that share it."""
    names: dict[str, list[str]] = {}
    for name, note in parts:
        if note:
            names.setdefault(note, []).append(text(name))
    items = "".join(f"<li><b>{', '.join(found)}</b>: {text(note)}</li>" for note, found in names.items())
    return f"<ul>{items}</ul>" if items else ""


def references_of(results: Results) -> dict[str, Any]:
    """The references of the catalogue as the scenario has changed it, by key."""
    changes: Mapping[str, Any] = {str(section): entries for section, entries in results.scenario.catalogue.items()}
    changed, _ = catalogue.with_overrides(catalogue.shipped(), changes)
    return dict(changed.references)


def source(key: str, references: Mapping[str, Any]) -> str:
    """A source by its key, as a link where it has one."""
    return link(references[key].link, key) if key in references else text(key)


def reference(found: Any) -> str:
    """A reference in full."""
    note = f" <span class='soft'>({text(found.note)})</span>" if found.note else ""
    return f"{text(found.author)} ({found.year}): {link(found.link, found.title)}. {text(found.publisher)}.{note}"


def figure_rows(results: Results, figure_name: str, *by: str) -> list[dict[str, Any]]:
    """The rows of a figure by some groups as plain data."""
    return records(results.table(figure_name, by))


def estimate(row: Row) -> str:
    """A mean and its standard error."""
    return with_error(number(row["value"]), number(row["error"]))


def number(found: float | None) -> float:
    """The number, NaN where it is not known."""
    return math.nan if found is None else found


def with_band(row: Row | None, *, is_share: bool = False) -> str:
    """A cell: mean and error, and below them the band."""
    return "–" if row is None else f'{estimate(row)}<small>{band(row, is_share=is_share)}</small>'


def band(row: Row, *, is_share: bool = False) -> str:
    """The band over runs."""
    if row["low"] is None:
        return "–"
    shown = share if is_share else level
    return f"{shown(row['low'])} to {shown(row['high'])}"


def level(found: float) -> str:
    """A count in a band."""
    return f"{found:,.0f}" if abs(found) >= 100 else short(round(found, 1))


def share(found: float | None) -> str:
    """A share in a band."""
    return "–" if found is None else f"{found:.3f}"


def range_of(row: Row) -> str:
    """The range of an assumption, empty where it has none."""
    has_range = None not in (row["low"], row["high"]) and row["high"] > row["low"]
    return f"{short(row['low'])} to {short(row['high'])}" if has_range else ""


def texts(names: Iterable[object]) -> list[str]:
    """Names as they are to be read."""
    return [text(name) for name in names]


def paragraphs(note: str) -> str:
    """A note, paragraph by paragraph."""
    return "".join(f"<p>{code(part)}</p>" for part in note.split("\n\n") if part.strip())
