"""What of a programme is there by a date, from the first draw to the last file: tables, a drawing and one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from opendome.report.html import document, figure, how_to_repeat, table, text
from opendome.report.page import limits_of
from opendome.report.schedule_chart import draw
from opendome.report.svg import alone
from opendome.results import check_target, with_error
from opendome.results.campaign_text import share_text
from opendome.results.store import json_text, write
from opendome.results.text import short
from opendome.scenario import Scenario, reader
from opendome.study.schedule import QUANTILES, Schedule, compute

PAGE = "schedule.html"

TABLES = ("elements", "milestones", "leaks")

FILES = ("manifest.json", "scenario.toml", *(f"{name}.{end}" for name in TABLES for end in ("csv", "parquet")),
         "schedule.svg", PAGE)
"""What the folder may hold."""

LIMITS = (
    "Delays of elements are drawn apart: that one waits for another, or that one cause delays them all, is left out.",
    "What is there works. Time from delivery to operation, training and tests that fail are left out.",
    "Replacements are taken to come in time.",
)
"""What is left out of a schedule."""


def schedule(scenario: Scenario | str | Path, *, date: str, raid: bool = False, runs: int | None = None,
             seed: int | None = None, jobs: int | None = None, changes: Mapping[str, Any] | None = None,
             out: str | Path | None = None, progress: Callable[[int, int], None] | None = None) -> Schedule:
    """What of a scenario's `[cost]` is there by the end of a month, as "2028-07", and when its milestones are met.

    Each run draws how late and how slow the deliveries of each element are (1,000 runs unless `runs` says other). With
    `raid` the scenario's raids are run too: with everything, and with what is there by then when every element is early
    (95 % quantile over its delays), in the middle, and late (5 %); `runs` of each, by default the scenario's. With
    `out`, tables (CSV and Parquet), a drawing and a page are written to that folder, whole or not at all. The results
    do not depend on `jobs`.

    Raises `InputError` or `ScenarioError` when something given cannot be used, before anything is run.
    """
    if out is not None:
        check(out)
    found = compute(scenario, date=date, raid=raid, runs=runs, seed=seed, jobs=jobs, changes=changes, progress=progress)
    if out is not None:
        save(found, out)
    return found


def check(folder: str | Path) -> Path:
    """The folder if a schedule may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of a schedule")


def save(found: Schedule, folder: str | Path) -> Path:
    """Write the folder, whole or not at all. An earlier one is replaced, anything else left alone."""
    tables = {"elements": found.capability.elements, "milestones": found.capability.milestones, "leaks": found.leaks}
    files: dict[str, Any] = {}
    for name, frame in tables.items():
        if frame is not None:
            files |= {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n"), f"{name}.parquet": frame}
    return write(check(folder), {**files, "schedule.svg": alone(draw(found)),
                                 "scenario.toml": reader.to_toml(found.scenario),
                                 "manifest.json": json_text(found.manifest), PAGE: page(found)})


# ---- in words ---------------------------------------------------------------------------------------------------


def size(found: Schedule) -> str:
    """Of when, from how many runs under which seed, in words."""
    runs, seed = found.capability.runs, found.manifest["seed"]
    drawn = f"{runs:,} run{'s' * (runs != 1)} of delays, seed {seed}"
    if runs == 1 or found.scenario.assumptions == "fixed":
        drawn = "delays at their values, nothing drawn"
    return f"by the end of {found.capability.date}; {drawn}"


ELEMENTS = ("element", "units", "as dated", "there", "90 % of runs", "all there", "last is dated", "last comes",
            "90 % of runs")
MILESTONES = ("milestone", "by", "as dated", "chance by then", "met", "90 % of runs")
LEAKS = ("what is there", "leak_through", "90 % of runs", "more than with everything")
"""Heads of the columns."""


def element_cells(found: Schedule) -> list[list[str]]:
    """The rows of elements in words."""
    return [[row["element"], _number(row["units"]), _number(row["planned"]), with_error(row["value"], row["error"]),
             f"{_number(row['low'])} to {_number(row['high'])}", share_text(row["p_all"]),
             _month(row["planned_done"], found), _month(row["done"], found),
             f"{_month(row['done_low'], found)} to {_month(row['done_high'], found)}"]
            for row in found.capability.elements.to_dict(orient="records")]


def milestone_cells(found: Schedule) -> list[list[str]]:
    """The rows of milestones in words."""
    return [[row["milestone"], row["date"], _month(row["planned"], found), _chance(row, found),
             _month(row["month"], found), f"{_month(row['low'], found)} to {_month(row['high'], found)}"]
            for row in found.capability.milestones.to_dict(orient="records")]


def leak_cells(found: Schedule) -> list[list[str]]:
    """The rows of leak-through in words; none where no raid was run."""
    rows = [] if found.leaks is None else found.leaks.to_dict(orient="records")
    return [[row["there"], with_error(row["value"], row["error"]), f"{row['low']:.3f} to {row['high']:.3f}",
             "" if row["there"] == "everything" else f"+{more}" if row["more"] > 0.0 else more]
            for row in rows for more in [with_error(row["more"], row["more_error"])]]


def _chance(row: Mapping[Any, Any], found: Schedule) -> str:
    """A chance with its error; where all runs agree, that they do, since the error then says nothing."""
    runs = found.capability.runs
    if runs > 1 and found.scenario.assumptions == "sampled" and row["p_met"] in (0.0, 1.0):
        return f"{'all' if row['p_met'] else 'none'} of {runs:,} runs"
    return with_error(row["p_met"], row["error"])


def _number(value: float) -> str:
    return short(round(value, 1))


def _month(name: str | None, found: Schedule) -> str:
    return f"not by {found.capability.last_month}" if name is None else name


def notes(found: Schedule) -> list[str]:
    """What must be known to read the tables, in plain sentences."""
    told = []
    if found.leaks is not None:
        early, middle, late = (f"{100 * q:g} %" for _, q in QUANTILES)
        told.append(f"early, middle, late: what is there of each element at the {early}, {middle} and {late} quantile "
                    "over its delays, all of them early or late together. The raids keep their own dates.")
        if found.manifest["unseen"]:
            told.append("Raids do not feel the lack of what counts nothing of the scenario: "
                        f"{', '.join(found.manifest['unseen'])}.")
        told += [_left(name, changes) for name, changes in found.manifest["changes"].items()]
    return told


CHANGES_MAX = 6
"""Most changes that a note lists."""


def _left(name: str, changes: Mapping[str, Any]) -> str:
    """What is changed to leave what is there, as a sentence."""
    listed = [f"{key} = {_plain(value)}" for key, value in list(changes.items())[:CHANGES_MAX]]
    more = f", and {len(changes) - CHANGES_MAX} more" if len(changes) > CHANGES_MAX else ""
    return f"{name}: {', '.join(listed) or 'everything is there'}{more}."


def _plain(value: Any) -> str:
    number = value["value"] if isinstance(value, Mapping) else value
    return f"{number:.3g}" if abs(number) < 1 else f"{number:g}"


def page(found: Schedule) -> str:
    """The schedule as one HTML document that loads nothing."""
    parts = [("chart", "Deliveries and milestones", figure(draw(found), text(CAPTION))),
             ("elements", "What is there", table("Elements by the date", ELEMENTS, _escaped(element_cells(found))))]
    if rows := milestone_cells(found):
        parts.append(("milestones", "Milestones", table("Milestones by their own dates", MILESTONES, _escaped(rows))))
    if rows := leak_cells(found):
        parts.append(("leaks", "What leaks", table("Leak-through with what is there", LEAKS, _escaped(rows))
                      + "".join(f"<p>{text(note)}</p>" for note in notes(found))))
    left_out = [*LIMITS, *(limits_of(is_campaign=False) if found.leaks is not None else ())]
    parts += [("repeat", "How to repeat this", _repeat(found)),
              ("limits", "What is left out", f"<ul>{''.join(f'<li>{text(limit)}</li>' for limit in left_out)}</ul>")]
    body = "".join(f'<section id="{key}"><h2>{title}</h2>{inner}</section>' for key, title, inner in parts)
    under = f'<p class="soft">OpenDome {text(found.manifest["version"])}; what is there {text(size(found))}.</p>'
    return document(f"{found.manifest['title']}: {found.capability.date}", under,
                    [(key, title) for key, title, _ in parts], body)


CAPTION = ("Deliveries of each element as dated, in the median run, and from the earliest first to the latest last of "
           "nine runs in ten; milestones with the date that they are to be met by.")


def _escaped(rows: list[list[str]]) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in rows]


def command(found: Schedule) -> str:
    """The command line that repeats this in its folder."""
    manifest = found.manifest
    runs = f" --runs {manifest['runs']}" if manifest["draws"] == manifest["runs"] else ""
    raid = " --raid" if manifest["raid"] else ""
    return f"opendome schedule scenario.toml --date {manifest['date']}{raid}{runs} --seed {manifest['seed']}"


def _repeat(found: Schedule) -> str:
    rows = [[f"hash of the {what}", found.manifest[f"{what}_sha256"]] for what in ("scenario", "catalogue")]
    return how_to_repeat(command(found), found.manifest, rows)
