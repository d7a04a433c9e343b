"""A comparison from the first run to the last file: scenarios are run under one seed, then told as a table, a drawing
and one page that opens offline and loads nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from opendome.errors import InputError
from opendome.report import compare_words as words
from opendome.report.compare_chart import draw
from opendome.report.html import code, document, figure, how_to_repeat, table, text
from opendome.report.page import limits_of
from opendome.report.svg import alone
from opendome.report.sweeps import band
from opendome.reproduce.sides import known_packs
from opendome.results import check_target
from opendome.results.figures import FIGURES
from opendome.results.store import json_text, write
from opendome.scenario import reader
from opendome.study.compare import LETTERS, Comparison, Side, compute

PAGE = "compare.html"

FILES = ("manifest.json", "compare.csv", "compare.parquet", "compare.svg", PAGE,
         *(f"scenario-{letter.lower()}.toml" for letter in LETTERS))
"""What the folder of a comparison may hold."""


def compare(a: Side, b: Side, *more: Side, changes: Mapping[str, Any] | None = None, runs: int | None = None,
            seed: int | None = None, jobs: int | None = None, figures: Sequence[str] | str | None = None,
            by: Sequence[str] | str = (), out: str | Path | None = None,
            progress: Callable[[int, int], None] | None = None) -> Comparison:
    """Run two or more scenarios under one seed, and compare them with the first, run by run.

    Each is a `Scenario`, a shipped name, a file, or one of their variants behind a colon; or all are `Results` or
    folders of them, run with the same seed and number of runs. `runs` and `seed` are the first scenario's unless
    given. `changes` are made to each. `figures` and `by` are those of `Results.table`; by default the figures of the
    first screen. With `out`, the table (CSV and Parquet), a drawing (SVG) and a page are written to that folder, whole
    or not at all. `progress` is told the number of runs done and their total. The results do not depend on `jobs`.

    Raises `InputError` or `ScenarioError` when something given cannot be used, before anything is run.
    """
    if found_packs := known_packs(a, b, *more):
        raise InputError(f"{found_packs[0]} is a pack\n  must be a scenario, results or a folder of them\n"
                         "hint: opendome.reproduce.compare compares two packs")
    if out is not None:
        check(out)
    found = compute(a, b, *more, changes=changes, runs=runs, seed=seed, jobs=jobs, figures=figures, by=by,
                    progress=progress)
    if out is not None:
        save(found, out)
    return found


def check(folder: str | Path) -> Path:
    """The folder if a comparison may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of a comparison")


def save(found: Comparison, folder: str | Path) -> Path:
    """Write the folder of a comparison, whole or not at all. An earlier one is replaced, anything else left alone."""
    scenarios = {f"scenario-{letter.lower()}.toml": reader.to_toml(scenario)
                 for letter, scenario in zip(LETTERS, found.scenarios)}
    return write(check(folder), {
        "compare.csv": found.table.to_csv(index=False, lineterminator="\n"), "compare.parquet": found.table,
        "compare.svg": alone(draw(found)), **scenarios, "manifest.json": json_text(found.manifest), PAGE: page(found)})


def page(found: Comparison) -> str:
    """The comparison as one HTML document that loads nothing."""
    left_out = limits_of(is_campaign=found.scenarios[0].stockpile is not None)
    title = f"{found.names[0]} compared with {', '.join(found.names[1:])}"
    sections = {"differs": ("What differs", _differs(found)), "differences": ("Differences", _differences(found)),
                "repeat": ("How to repeat this", _repeat(found)),
                "limits": ("What is left out", f"<ul>{''.join(f'<li>{text(limit)}</li>' for limit in left_out)}</ul>")}
    body = "".join(f'<section id="{key}"><h2>{head}</h2>{inside}</section>' for key, (head, inside) in sections.items())
    return document(title, _under_title(found), [(key, head) for key, (head, _) in sections.items()], body)


def _under_title(found: Comparison) -> str:
    names = "".join(f"<li>{one['letter']}: {text(one['name'])}. {text(one['title'])}</li>"
                    for one in found.manifest["scenarios"])
    own = "".join(f" {text(sentence)}" for sentence in words.own_settings(found))
    return (f'<p class="soft">OpenDome {text(found.manifest["version"])}; {text(words.size(found))}.{own}</p>'
            f"<ul>{names}</ul>")


def _differs(found: Comparison) -> str:
    parts = []
    for i, letter in enumerate(LETTERS[1:len(found.names)]):
        rows = [[text(change.key), text(change.before), text(change.after), str(change.places)]
                for change in words.changes(found, i)]
        parts += [table(f"Values of {letter} that are others than those of A", ["key", "A", letter, "places"], rows,
                        classes=["path", "", "", "n"]), f"<p>{text(words.attack(found, i))}</p>"]
    return "".join(parts)


def _differences(found: Comparison) -> str:
    caption = (f"{text(words.MEANING)}; whiskers are that long each way, and a full mark is such a difference. "
               f"{text(words.caution(found))}")
    parts = [figure(draw(found), caption)]
    for letter, name in zip(LETTERS[1:], found.names[1:]):
        rows = [[text(words.label(row)), words.alone(row, "a"), words.alone(row, "b"), words.difference(row), band(row),
                 words.shares(row), words.gain(row), f"{row['runs']:,}"]
                for row in found.rows(letter).to_dict(orient="records")]
        head = ["figure", "A", letter, f"{letter} - A", *words.COLUMNS, "runs"]
        parts.append(table(f"{letter}, {text(name)}, less A, {text(found.names[0])}", head, rows))
    parts.append(f"<p>{text(words.meanings())}</p>")
    meanings = "".join(f"<li><code>{name}</code> ({FIGURES[name].unit}): {code(FIGURES[name].meaning)}</li>"
                       for name in dict.fromkeys(found.table["figure"]))
    return "".join(parts) + f"<ul>{meanings}</ul>"


def command(found: Comparison) -> str:
    """The command line that repeats the comparison in its folder."""
    manifest = found.manifest
    files = [f"scenario-{letter.lower()}.toml" for letter in LETTERS[:len(found.names)]]
    asked = [] if manifest["is_usual"] else manifest["figures"]
    options = [f"--figure {one['figure']}" for one in asked]
    options += [f"--by {name}" for name in (asked[0]["by"] if asked else [])]
    return " ".join(["opendome compare", *files, f"--runs {manifest['runs']}", f"--seed {manifest['seed']}", *options])


def _repeat(found: Comparison) -> str:
    rows = [[f"hash of the {what} of {one['letter']}", one[f"{what}_sha256"]] for one in found.manifest["scenarios"]
            for what in ("scenario", "catalogue")]
    return how_to_repeat(command(found), found.manifest, rows)
