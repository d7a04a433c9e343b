"""A sweep from the first run to the last file: the grid is run, then told as tables, drawings and one page.

The page opens offline and loads nothing; each drawing is an SVG file of its own too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from opendome.report import curve, heatmap
from opendome.report.html import code, document, figure, how_to_repeat, table, text
from opendome.report.page import limits_of
from opendome.report.shared import paragraphs
from opendome.report.svg import alone
from opendome.results import check_target, with_error
from opendome.results.figures import FIGURES
from opendome.results.store import write
from opendome.results.text import short
from opendome.scenario import Scenario
from opendome.study.grid import text_of
from opendome.study.sweep import ALL, Sweep, compute, files_of

PAGE = "sweep.html"

FILES = ("manifest.json", "scenario.toml", "sweep.csv", "sweep.parquet", PAGE,
         *(f"{name}.svg" for name in FIGURES))
"""What the folder of a sweep may hold."""

ROWS_MAX = 2000
"""Longest table of the page; longer ones are in the files alone."""


def sweep(scenario: Scenario | str | Path, *, over: Mapping[str, Any], changes: Mapping[str, Any] | None = None,
          runs: int | None = None, seed: int | None = None, jobs: int | None = None,
          figures: Sequence[str] | str | None = None, by: Sequence[str] | str = (),
          out: str | Path | None = None, progress: Callable[[int, int], None] | None = None) -> Sweep:
    """Run a scenario at every point of a grid over its keys, and estimate figures at each.

    `scenario` is a `Scenario`, a shipped name or a file. `over` holds values by key, as {"layers.upper.salvo": [1, 2]}
    or {"threats.burn_s": "120:240:60"}; keys may be short ones (docs/guide/sweeps.md). All points share `runs`, `seed`
    and, by that, their random numbers, so that differences between points are sharper than their errors. `changes`
    hold at every point. `figures` and `by` are those of `Results.table`; by default leak-through, or with a stockpile
    the months until stocks are back. With `out`, the table (CSV and Parquet), a
    drawing of each figure (SVG) and a page are written to that folder, whole or not at all. `progress` is told the
    number of points done and their total. The results do not depend on `jobs`.

    Raises `InputError` or `ScenarioError` when something given cannot be used; points that cannot be run are found
    before any is run.
    """
    if out is not None:
        check(out)
    found = compute(scenario, over=over, changes=changes, runs=runs, seed=seed, jobs=jobs, figures=figures, by=by,
                    progress=progress)
    if out is not None:
        save(found, out)
    return found


def check(folder: str | Path) -> Path:
    """The folder if a sweep may be written there: new, empty or an earlier sweep; `InputError` otherwise."""
    return check_target(folder, FILES, "those of a sweep")


def save(found: Sweep, folder: str | Path) -> Path:
    """Write the folder of a sweep, whole or not at all. An earlier sweep is replaced, anything else is left alone."""
    drawings = {f"{name}.svg": alone(draw(found, name)) for name in found.figures}
    return write(check(folder), {**files_of(found), **drawings, PAGE: page(found)})


def draw(found: Sweep, name: str) -> str:
    """A figure over the swept keys as an SVG element: a line for one key, heat maps for more."""
    return curve.draw(found, name) if len(found.over) == 1 else heatmap.draw(found, name)


def page(found: Sweep) -> str:
    """The sweep as one HTML document that loads nothing."""
    title = f"{found.manifest['title']}: {', '.join(found.over)}"
    body = "".join(f'<section id="{name}"><h2>{name}</h2>{_figure(found, name)}</section>' for name in found.figures)
    body += f'<section id="repeat"><h2>How to repeat this</h2>{_repeat(found)}</section>'
    limits = "".join(f"<li>{text(limit)}</li>" for limit in limits_of(is_campaign=_is_campaign(found)))
    body += f'<section id="limits"><h2>What is left out</h2><ul>{limits}</ul></section>'
    links = [*zip(found.figures, found.figures), ("repeat", "How to repeat this"), ("limits", "What is left out")]
    return document(title, _under_title(found), links, body)


def _is_campaign(found: Sweep) -> bool:
    return bool(found.data.get("stockpile"))


def size(found: Sweep) -> str:
    """How many points of how many runs, in words."""
    points = len(found.rows(found.figures[0], found.groups(found.figures[0])[0]))
    runs = int(found.manifest["runs"])
    return f"{points:,} point{'s' * (points != 1)} of {runs:,} run{'s' * (runs != 1)}"


def _under_title(found: Sweep) -> str:
    manifest = found.manifest
    note = str(found.data.get("note", ""))
    same = ("the same uncertain values are drawn and the same raids come" if _is_campaign(found) else
            "the same attack comes, with the same luck")
    return (f'<p class="soft">OpenDome {text(manifest["version"])}; {size(found)}; '
            f"seed {manifest['seed']}.</p>"
            f"<p>All points share their random numbers: run by run {same}. The difference of two points is therefore "
            "known better than their errors say.</p>"
            + paragraphs(note))


def _figure(found: Sweep, name: str) -> str:
    error = heatmap.largest_error(found, name)
    told = f"Errors are at most {short(float(f'{error:.2g}'))}." if error == error else "One run has no error."
    n_maps = len(heatmap.maps(found, name))
    if n_maps > heatmap.MAPS_MAX:
        told += f" The first {heatmap.MAPS_MAX} of {n_maps} maps are drawn."
    return (f"<p>{code(FIGURES[name].meaning)}</p>"
            + figure(draw(found, name),
                     f"{text(heatmap.named(name, found))}: mean over runs at each point ± its standard error. {told}")
            + _table(found, name))


def _table(found: Sweep, name: str) -> str:
    """Every row of the figure: the keys, value with error, the band over runs."""
    rows = found.table[found.table["figure"] == name]
    if len(rows) > ROWS_MAX:
        return f"<p>The table has {len(rows):,} rows: see sweep.csv beside this page.</p>"
    has_groups = set(rows["group"]) != {ALL}
    cells = [[*(text(text_of(row[key])) for key in found.over), *([text(row["group"])] if has_groups else []),
              with_error(row["value"], row["error"]), band(row), f"{row['runs']:,}"]
             for row in rows.to_dict(orient="records")]
    head = [*(text(heatmap.axis(key)) for key in found.over), *(["group"] if has_groups else []),
            text(heatmap.named(name, found)), "90 % of runs", "runs"]
    return table("Mean over runs with its standard error; nine runs of ten lie in the band", head, cells,
                 classes=["n"] * len(found.over) + [""] * has_groups + ["n"] * 3)


def band(row: Mapping[Any, Any]) -> str:
    """The 90 % band over runs of a row in words."""
    low, high = (short(float(f"{row[end]:.3g}")) for end in ("low", "high"))
    return f"{low} to {high}" if row["runs"] else "–"


def command(found: Sweep) -> str:
    """The command line that repeats the sweep in its folder."""
    over = [f"--over '{key}={','.join(map(text_of, values))}'" for key, values in found.over.items()]
    options = [f"--figure {name}" for name in found.figures] + [f"--by {name}" for name in found.manifest["by"]]
    return " ".join(["opendome sweep scenario.toml", *over, f"--runs {found.manifest['runs']}",
                     f"--seed {found.manifest['seed']}", *options])


def _repeat(found: Sweep) -> str:
    manifest = found.manifest
    rows = [[f"hash of the {what}", manifest[f"{what}_sha256"]] for what in ("scenario", "catalogue")]
    return how_to_repeat(command(found), manifest, rows)
