"""What each line, component and lead time is worth, from the first run to the last file: a table and one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from opendome.report.compare_words import BAND, SHARES, difference, shares
from opendome.report.html import code, document, how_to_repeat, table, text
from opendome.report.page import limits_of
from opendome.report.sweeps import band
from opendome.results import check_target, with_error
from opendome.results.campaign_text import share_text
from opendome.results.figures import FIGURES
from opendome.results.store import json_text, write
from opendome.scenario import Scenario, reader
from opendome.study.compare import CLEAR
from opendome.study.marginal import USUAL, USUAL_BY, Marginal, compute

PAGE = "marginal.html"

FILES = ("manifest.json", "scenario.toml", "marginal.csv", "marginal.parquet", PAGE)
"""What the folder may hold."""

ROWS_MAX = 500
"""Longest table of the page; longer ones are in the files alone."""


def marginal(scenario: Scenario | str | Path, *, figure: str = USUAL, by: Sequence[str] | str = USUAL_BY,
             step: float | str = 0.1, changes: Mapping[str, Any] | None = None, runs: int | None = None,
             seed: int | None = None, jobs: int | None = None, out: str | Path | None = None,
             progress: Callable[[int, int], None] | None = None) -> Marginal:
    """Make every line and component of a stockpile a little faster in turn, and rank what that changes.

    `step`: a share by which rates and ceilings grow (0.1 or "10%"), or rounds a year more ("+12"). Lead times of orders
    and export delays are made a month shorter in turn. All runs share one seed; differences are those of a figure run
    by run, by `by` (columns of `Results.table`). `changes` hold for all. With `out`, the table (CSV and Parquet) and a
    page are written to that folder, whole or not at all. `progress` is told the number of runs done and their total.
    The results do not depend on `jobs`.

    Raises `InputError` or `ScenarioError` when something given cannot be used, before anything is run.
    """
    if out is not None:
        check(out)
    found = compute(scenario, figure=figure, by=by, step=step, changes=changes, runs=runs, seed=seed, jobs=jobs,
                    progress=progress)
    if out is not None:
        save(found, out)
    return found


def check(folder: str | Path) -> Path:
    """The folder if the effects may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of marginal effects")


def save(found: Marginal, folder: str | Path) -> Path:
    """Write the folder, whole or not at all. An earlier one is replaced, anything else left alone."""
    return write(check(folder), {
        "marginal.csv": found.table.to_csv(index=False, lineterminator="\n"), "marginal.parquet": found.table,
        "scenario.toml": reader.to_toml(found.scenario), "manifest.json": json_text(found.manifest), PAGE: page(found)})


MEANING = ("Each change is made alone. The effect is the mean of the differences run by run, changed less as it "
           f"stands, with its paired standard error; * marks an effect of more than {CLEAR:.0f} errors.")
"""What the table shows."""


def size(found: Marginal) -> str:
    """How many changes of how many runs under which seed, in words."""
    manifest = found.manifest
    runs, n = int(manifest["runs"]), len(manifest["changes"])
    return (f"{n:,} change{'s' * (n != 1)} of {runs:,} run{'s' * (runs != 1)} each, seed {manifest['seed']}; the same "
            "random numbers in all")


def cautions(found: Marginal) -> list[str]:
    """What must be known to read the table, in plain sentences."""
    told = []
    if shares_not_back := found.manifest["not_back"]:
        groups = "; ".join(f"{group}: {share_text(share)}" for group, share in shares_not_back.items())
        told.append("Where a stock is not back by the end, return_after counts all months of the study, so that "
                    f"effects are told too small. Runs that are not back as it stands: {groups}.")
    if idle := found.idle():
        told.append(f"No effect in any run: {', '.join(idle)}.")
    return told


def head(found: Marginal) -> list[str]:
    """Heads of the columns."""
    name = found.manifest["figure"]
    return ["change", "step", "group", f"{name}, {FIGURES[name].unit}", "effect", BAND, SHARES]


def cells(row: Mapping[Any, Any]) -> list[str]:
    """One row in words."""
    value = with_error(row["value"], row["value_error"]) if row["value_runs"] else "–"
    return [str(row["change"]), str(row["step"]), str(row["group"]), value, difference(row), band(row), shares(row)]


def page(found: Marginal) -> str:
    """The effects as one HTML document that loads nothing."""
    rows = [[text(cell) for cell in cells(row)] for row in found.effects().head(ROWS_MAX).to_dict(orient="records")]
    name = found.manifest["figure"]
    caption = f"{MEANING} <code>{name}</code>: {code(FIGURES[name].meaning)}"
    limits = "".join(f"<li>{text(limit)}</li>" for limit in limits_of(is_campaign=True))
    body = (f'<section id="effects"><h2>Effects</h2><p>{caption}</p>'
            + table("Effects, the largest first", head(found), rows, classes=["path", "", "", "n", "n", "n", "n"])
            + "".join(f"<p>{text(sentence)}</p>" for sentence in cautions(found)) + "</section>"
            f'<section id="repeat"><h2>How to repeat this</h2>{_repeat(found)}</section>'
            f'<section id="limits"><h2>What is left out</h2><ul>{limits}</ul></section>')
    under = f'<p class="soft">OpenDome {text(found.manifest["version"])}; {text(size(found))}.</p>'
    links = [("effects", "Effects"), ("repeat", "How to repeat this"), ("limits", "What is left out")]
    return document(f"{found.manifest['title']}: what a step is worth", under, links, body)


def command(found: Marginal) -> str:
    """The command line that repeats this in its folder."""
    manifest = found.manifest
    step = manifest["step"]
    size_of = f"{100 * step['share']:g}%" if step["share"] else f"+{step['per_year']:g}"
    by = ",".join(manifest["by"]) or "none"
    return (f"opendome marginal scenario.toml --figure {manifest['figure']} --by {by} --step {size_of} "
            f"--runs {manifest['runs']} --seed {manifest['seed']}")


def _repeat(found: Marginal) -> str:
    rows = [[f"hash of the {what}", found.manifest[f"{what}_sha256"]] for what in ("scenario", "catalogue")]
    return how_to_repeat(command(found), found.manifest, rows)
