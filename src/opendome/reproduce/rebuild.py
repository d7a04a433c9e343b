"""Packs run: their models with their assumptions, or with changed ones, beside what was published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from opendome.errors import Problem, ScenarioError, nearest
from opendome.reproduce.pack import Output, Pack, load

if TYPE_CHECKING:
    import pandas as pd

Values = Mapping[str, float]

COLUMNS = ("output", "says", "unit", "published", "ours", "difference", "tolerance", "within", "why", "grade", "source")
"""Columns of the table of a pack."""


def run(name: str, **changes: float) -> pd.DataFrame:
    """Rebuild a published result from its assumptions, or from changed ones.

    `changes`: assumptions by key, as life_years=7. One row per published number: output, says, unit, published, ours,
    difference (ours less published), tolerance, within (nothing for a pack with changes: it is no longer what was
    published), why (what the tolerance is from, or why ours is not within it), grade and source of what was published.
    Raises `InputError` for an unknown pack, `ScenarioError` for unknown assumptions or impossible values.
    """
    pack = load(name)
    return table(pack, outputs(pack, assumptions(pack, changes, source=name)), is_changed=bool(changes))


def assumptions(pack: Pack, changes: Values, *, source: str = "pack") -> dict[str, float]:
    """The pack's assumptions by key, changed ones in their place."""
    unknown = [Problem(key, repr(value), "is not an assumption of this pack", nearest(key, pack.assumptions))
               for key, value in changes.items() if key not in pack.assumptions]
    if unknown:
        raise ScenarioError(source, unknown)
    return {key: found.value for key, found in pack.assumptions.items()} | dict(changes)


def outputs(pack: Pack, values: Values) -> dict[str, float]:
    """What the model makes of assumptions: its outputs, and those of every case as CASE.OUTPUT."""
    compute = model_of(pack)
    found = dict(compute(values))
    for case, changed in pack.cases.items():
        found |= {f"{case}.{key}": value for key, value in compute({**values, **changed}).items()}
    return found


def model_of(pack: Pack) -> Callable[[Values], Mapping[str, float]]:
    """The function that rebuilds a pack."""
    compute: Callable[[Values], Mapping[str, float]] = import_module(f"opendome.reproduce.models.{pack.model}").compute
    return compute


def table(pack: Pack, found: Values, *, is_changed: bool = False) -> pd.DataFrame:
    """Published numbers beside ours; see `run`."""
    import pandas as pd

    rows = []
    for key, output in pack.outputs.items():
        ours = found.get(key)
        within = None if is_changed else is_within(output, ours)
        difference = None if ours is None or output.published is None else ours - output.published
        rows.append((key, output.says, output.unit, output.published, ours, difference, output.tolerance, within,
                     output.falls_short or output.because, output.grade, output.source))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS)).astype(
        dict.fromkeys(("published", "ours", "difference", "tolerance"), "float64"))


def is_within(output: Output, ours: float | None) -> bool:
    """Whether ours lies within the tolerance of what was published; never where one of the two is not there."""
    if ours is None or output.published is None:
        return False
    below, above = output.published - ours, ours - output.published
    return ((output.is_limit == "at most" or below <= output.tolerance)
            and (output.is_limit == "at least" or above <= output.tolerance))
