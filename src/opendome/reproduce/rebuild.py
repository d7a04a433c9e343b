"""Packs run: their models with their assumptions, or with changed ones, beside what was published."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from numbers import Real
from typing import TYPE_CHECKING, Any

from opendome.errors import InputError, Problem, ScenarioError
from opendome.reproduce.pack import Output, Pack, load
from opendome.scenario.problems import short, unknown_key

if TYPE_CHECKING:
    import pandas as pd

Values = Mapping[str, float]

COLUMNS = ("output", "says", "unit", "published", "ours", "difference", "tolerance", "within", "why", "grade", "source",
           "as_published")
"""Columns of the table of a pack."""


def run(name: str, **changes: float) -> pd.DataFrame:
    """Rebuild a published result from its assumptions, or from changed ones.

    `changes`: assumptions by key, as life_years=7. One row per published number: output, says, unit, published, ours,
    difference (ours less published), tolerance, within (nothing for a pack with changes, which is no longer what was
    published, and where no number was found), why (what the tolerance is from, or why ours is not within it), grade and
    source of what was published, and as_published (ours before the changes). Raises `InputError` for an unknown pack
    and for values that its model cannot work with, `ScenarioError` for unknown assumptions and what is not a number.
    """
    pack = load(name)
    stated = outputs(pack, assumptions(pack, {}), source=name)
    if not changes:
        return table(pack, stated)
    return table(pack, outputs(pack, assumptions(pack, changes, source=name), source=name), as_published=stated)


def assumptions(pack: Pack, changes: Mapping[str, Any], *, source: str = "pack") -> dict[str, float]:
    """The pack's assumptions by key, changed ones in their place."""
    wrong = [problem for key, value in changes.items() if (problem := _problem(pack, key, value)) is not None]
    if wrong:
        raise ScenarioError(source, wrong)
    stated = {key: found.value for key, found in pack.assumptions.items()}
    return stated | {key: float(value) for key, value in changes.items()}


def _problem(pack: Pack, key: str, value: object) -> Problem | None:
    if key not in pack.assumptions:
        return Problem(key, short(value), "is not an assumption of this pack", unknown_key(key, list(pack.assumptions)))
    if not isinstance(value, Real) or isinstance(value, bool):
        return Problem(key, short(value), f"must be a number ({pack.assumptions[key].says})")
    if not math.isfinite(value):
        return Problem(key, short(value), f"must be a finite number ({pack.assumptions[key].says})")
    return None


def outputs(pack: Pack, values: Values, *, source: str = "pack") -> dict[str, float]:
    """What the model makes of assumptions: its outputs, and those of every case as CASE.OUTPUT.

    A case puts its own values in the place of these. Raises `InputError`, with `source` in front, where the model
    cannot work with them.
    """
    found = _computed(pack, values, source)
    for case, changed in pack.cases.items():
        of_case = _computed(pack, {**values, **changed}, f"{source}, case {case}")
        found |= {f"{case}.{key}": value for key, value in of_case.items()}
    return found


def _computed(pack: Pack, values: Values, source: str) -> dict[str, float]:
    try:
        return dict(model_of(pack)(values))
    except ScenarioError as error:
        raise ScenarioError(source, [_in_words_of(values, problem) for problem in error.problems]) from error
    except InputError as error:
        raise InputError(f"{source}: {error}") from error
    except ArithmeticError as error:
        raise InputError(f"{source}: cannot be computed with these values ({error})\n"
                         "hint: a value of 0, or one far outside its range, leaves nothing to divide by") from error


def _in_words_of(values: Values, problem: Problem) -> Problem:
    """A problem of what the model called, at the assumption that it came from where one has that name and value."""
    key = problem.where.rpartition(".")[2]
    return replace(problem, where=key) if short(values.get(key)) == problem.found else problem


def model_of(pack: Pack) -> Callable[[Values], Mapping[str, float]]:
    """The function that rebuilds a pack."""
    compute: Callable[[Values], Mapping[str, float]] = import_module(f"opendome.reproduce.models.{pack.model}").compute
    return compute


def table(pack: Pack, found: Values, *, as_published: Values | None = None) -> pd.DataFrame:
    """Published numbers beside ours; see `run`. `as_published`: ours before the changes, where some were made."""
    import pandas as pd

    rows = []
    for key, output in pack.outputs.items():
        ours = found.get(key)
        within = None if as_published is not None else is_within(output, ours)
        difference = None if ours is None or output.published is None else ours - output.published
        rows.append((key, output.says, output.unit, output.published, ours, difference, output.tolerance, within,
                     output.falls_short or output.because, output.grade, output.source,
                     (found if as_published is None else as_published).get(key)))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS)).astype(
        {**dict.fromkeys(("published", "ours", "difference", "tolerance", "as_published"), "float64"),
         "within": "object"})


def is_within(output: Output, ours: float | None) -> bool | None:
    """Whether ours lies within the tolerance of what was published; nothing where no number was found to compare."""
    if output.published is None:
        return None
    if ours is None:
        return False
    below, above = output.published - ours, ours - output.published
    return ((output.is_limit == "at most" or below <= output.tolerance)
            and (output.is_limit == "at least" or above <= output.tolerance))
