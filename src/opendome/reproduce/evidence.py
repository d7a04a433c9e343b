"""What an output of a pack rests on: elasticity and swing of each of its assumptions, by running its model again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from opendome.errors import InputError, OpenDomeError, nearest
from opendome.evidence import Input, Ledger, cited, differences, input_of, rows_of
from opendome.kernel import F64Array
from opendome.reproduce.pack import Pack, load
from opendome.reproduce.rebuild import assumptions, model_of
from opendome.results.text import short
from opendome.scenario.quantity import Quantity

Progress = Callable[[int, int], None]


def ledger(name: str, output: str | None = None, *, progress: Progress | None = None, **changes: float) -> Ledger:
    """What an output of a pack (its headline, when left out; CASE.OUTPUT of a case) rests on.

    `changes`: assumptions by key, which then have no range. `progress` is told how often the model has run, of how
    many times. Raises `InputError` for an unknown pack or output, or for
    values that the model cannot use; `ScenarioError` for unknown assumptions.
    """
    return of_pack(load(name), name, output, changes, progress)


def of_pack(pack: Pack, name: str, output: str | None = None, changes: Mapping[str, float] | None = None,
            progress: Progress | None = None) -> Ledger:
    """The same of a pack that is at hand."""
    changes = changes or {}
    output = output or pack.headline
    values = assumptions(pack, changes, source=name)
    if output not in pack.outputs:
        hint = nearest(output, pack.outputs)
        raise InputError(f"{name}: {output!r} is not an output of this pack" + (f"\nhint: {hint}" if hint else ""))
    case, _, key = output.rpartition(".")
    stated = {**values, **pack.cases.get(case, {})}
    compute = model_of(pack)
    if key not in compute(stated):
        raise InputError(f"{name}: its model does not give {output}, so that nothing can be told of what it rests on")
    inputs = [_input(pack, path, value, f"of the case {case}" if path in pack.cases.get(case, {}) else "changed here")
              for path, value in stated.items()]

    known: dict[tuple[float, ...], float] = {}

    def evaluate(rows: int, columns: Mapping[str, F64Array]) -> F64Array:
        found = np.empty(rows)
        for i in range(rows):
            one = {**stated, **{path: float(column[i]) for path, column in columns.items()}}
            same = tuple(one.values())  # in the order of `stated`; ends of ranges are often the values themselves
            if same not in known:
                known[same] = _tried(compute, one, key)
            found[i] = known[same]
            if progress is not None:
                progress(i + 1, rows)
        return found

    base, effects = differences(inputs, evaluate)
    table = rows_of(inputs, effects)
    shown = pack.outputs[output]
    notes = () if shown.published is None else (f"Published: {short(shown.published)} {shown.unit}".rstrip() + ".",)
    return Ledger(of=pack.title, number=output, says=shown.says, unit=shown.unit, value=base, error=math.nan, runs=0,
                  left_out=0, table=table, notes=notes, references=cited(table))


def _input(pack: Pack, path: str, value: float, told: str) -> Input:
    """An assumption of a pack; one with another value than the pack's has no range, and `told` as its reason."""
    found = pack.assumptions.get(path)
    if found is not None and found.value == value:
        return input_of(path, found, says=found.says)
    return input_of(path, Quantity(value=value, why=told), says=found.says if found is not None else "")


def _tried(compute: Callable[[Mapping[str, float]], Mapping[str, float]], values: Mapping[str, float],
           key: str) -> float:
    """The output for some assumptions; NaN where the model refuses them."""
    try:
        return float(compute(values)[key])
    except (OpenDomeError, ArithmeticError, ValueError, KeyError):
        return math.nan
