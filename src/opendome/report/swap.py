"""The folder of a swap: tables, a drawing, and one page that opens offline and loads nothing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opendome import catalogue
from opendome.report import swap_words as words
from opendome.report.html import document, figure, how_to_repeat, table, text
from opendome.report.shared import reference, source
from opendome.report.svg import alone
from opendome.report.swap_chart import draw
from opendome.reproduce.swap import Swap
from opendome.results import check_target
from opendome.results.store import json_text, write
from opendome.results.text import short

PAGE = "swap.html"

FILES = ("manifest.json", "swap.csv", "swap.parquet", "assumptions.csv", "assumptions.parquet", "swap.svg", PAGE)
"""What the folder of a swap may hold."""

LIMITS = (
    "Both packs are rebuilt by one model. What the model leaves out, it leaves out of both, and no assumption that is "
    "swapped can bring it in.",
    "Assumptions that both packs share explain nothing of their gap, however wrong they may be.",
    "A share says how much of the gap an assumption explains, not which of its two values is right.",
    "Shares belong to these two packs: against a third pack the same assumption has another share.",
    "The range of a share holds the stated ranges of its own assumptions, with all others at their values. Many of "
    "those ranges are assumed.",
    "Assumptions of a group are swapped together, and what each of them does in it is not told.",
)
"""What is left out."""


def check(folder: str | Path) -> Path:
    """The folder if a swap may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of two packs compared")


def save(found: Swap, folder: str | Path) -> Path:
    """Write the folder of a swap, whole or not at all. An earlier one is replaced, anything else left alone."""
    tables = {"swap": found.table, "assumptions": found.assumptions}
    return write(check(folder), {
        **{f"{name}.csv": one.to_csv(index=False, lineterminator="\n") for name, one in tables.items()},
        **{f"{name}.parquet": one for name, one in tables.items()},
        "swap.svg": alone(draw(found)), "manifest.json": json_text(found.manifest), PAGE: page(found)})


def page(found: Swap) -> str:
    """The swap as one HTML document that loads nothing."""
    sections = {"answer": ("The answer", _answer(found)), "assumptions": ("What differs", _assumptions(found)),
                "sources": ("Sources", _sources(found)), "repeat": ("How to repeat this", _repeat(found)),
                "limits": ("What is left out", f"<ul>{''.join(f'<li>{text(one)}</li>' for one in LIMITS)}</ul>")}
    body = "".join(f'<section id="{key}"><h2>{head}</h2>{inside}</section>' for key, (head, inside) in sections.items())
    names = "".join(f"<li>{letter.upper()}: {text(found.manifest[letter]['name'])}. "
                    f"{text(found.manifest[letter]['title'])}</li>" for letter in "ab")
    version = text(found.manifest["version"])
    under = f'<p class="soft">OpenDome {version}; {text(words.method(found))}</p><ul>{names}</ul>'
    return document(words.title(found), under, [(key, head) for key, (head, _) in sections.items()], body)


def _answer(found: Swap) -> str:
    unit = found.manifest["unit"]
    head, *cells = words.figures(found)
    rows = [[text(cell) for cell in words.cells(row, unit)] for row in words.rows(found) if not words.is_idle(row)]
    notes = "".join(f"<p>{text(note)}</p>" for note in words.cautions(found))
    caption = ("Shares of the gap, the largest first; the thin line below a bar is the range of its share. Grey with a "
               "dashed edge is what our models leave of the published numbers.")
    return (f"<p>{text(words.answer(found))} {text(words.left(found))}</p>" + figure(draw(found), caption)
            + table(text(found.manifest["says"]), head, [[text(cell) for cell in row] for row in cells])
            + table("Shares of the gap", words.HEAD, rows, foot=words.total(found))
            + f"<p>{text(words.MEANING)}</p>{notes}")


def _assumptions(found: Swap) -> str:
    """Every assumption that differs, with value, range, grade and source of both; those that agree, folded away."""
    known = catalogue.shipped().references
    cells: list[list[str]] = []
    for row in words.moving(found) + words.idle(found):
        inside = words.inside(found, row["group"])
        cells.append([text(row["says"])])
        cells += [_stated(one, side, known) for one in inside for side in "ab" if one[f"grade_{side}"]]
    head = ["assumption", "", "value", "range", "grade", "source", "why"]
    agree = found.assumptions[~found.assumptions["differs"]].to_dict(orient="records")
    same = table("Assumptions that agree", ["assumption", "value"],
                 [[text(row["says"]), text(words.value(row["key"], row["value_a"]))] for row in agree])
    folded = f"<details><summary>{len(agree)} that agree</summary>{same}</details>" if agree else ""
    return table("Assumptions that differ, as A and B state them", head, cells,
                 classes=["path", "", "n", "n", "", "", "why long"]) + folded


def _stated(one: words.Row, side: str, known: Mapping[str, Any]) -> list[str]:
    """An assumption as one side states it, as cells."""
    is_wide = one[f"high_{side}"] > one[f"low_{side}"]
    ends = f"{short(one[f'low_{side}'])} to {short(one[f'high_{side}'])}" if is_wide else ""
    page_of = f", {text(one[f'page_{side}'])}" if one[f"page_{side}"] else ""
    return [text(one["says"]), side.upper(), text(words.value(one["key"], one[f"value_{side}"])), ends,
            text(one[f"grade_{side}"]), source(one[f"source_{side}"], known) + page_of, text(one[f"why_{side}"])]


def _sources(found: Swap) -> str:
    known = catalogue.shipped().references
    cited = {str(key) for side in "ab" for key in found.assumptions[f"source_{side}"]}
    cited |= {str(found.manifest[side]["source"]) for side in "ab"}
    listed = "".join(f"<li>{reference(known[key])}</li>" for key in sorted(cited & set(known)))
    return f"<ul>{listed}</ul><p>{text('assumption: declared, with its reason beside it.')}</p>"


def command(found: Swap) -> str:
    """The command line that gives this again."""
    manifest = found.manifest
    options = [f"--figure {manifest['figure']}", f"--seed {manifest['seed']}", f"--runs {manifest['draws']}",
               *(f"--set {shlex.quote(f'{key}={value!r}')}" for key, value in manifest["changes"].items())]
    return " ".join(["opendome compare", manifest["a"]["name"], manifest["b"]["name"], *options])


def _repeat(found: Swap) -> str:
    rows = [[f"hash of {found.manifest[letter]['name']}", found.manifest[letter]["sha256"]] for letter in "ab"]
    return how_to_repeat(command(found), found.manifest, rows)
