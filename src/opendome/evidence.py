"""What a number rests on: every input with its source, how closely the number follows it, how far its range moves it.

The elasticity of a number in an input is the change of the number, in per cent, for one per cent of the input, all else
equal. The swing is how far the number moves while the input goes through its range. Here both are found by computing
the number again (`differences`), which is exact for numbers without chance; `results/ledger.py` reads them off runs.
docs/models/evidence.md says what they leave out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel

from opendome.catalogue import shipped
from opendome.kernel import F64Array
from opendome.scenario.quantity import Quantity
from opendome.units import unit_of

if TYPE_CHECKING:
    import pandas as pd

FORMAT: Literal[1] = 1
"""Version of the data that `Ledger.data` gives."""

COLUMNS = ("path", "says", "value", "low", "high", "unit", "grade", "source", "page", "why", "elasticity", "error",
           "swing", "at_low", "at_high", "share", "how")
"""Columns of a ledger's table; docs/formats/ledger.md says what they hold."""

SLOPE, ONE_SIDE, STEPWISE, WIDE, WHOLE, AT_ZERO, NONE, IMPOSSIBLE = (
    "slope", "slope on one side", "stepwise, over its range", "stepwise, over ±10 %", "one more and less", "value is 0",
    "no effect", "cannot be changed")
SEEN, NOT_SEEN, FIXED = "slope over runs", "not seen", "fixed"
"""How an elasticity was found, or why there is none."""

STEP, WIDE_STEP = 0.01, 0.10
"""Shares of a value by which it is changed, up and down: for a slope, and where that is stepwise and has no range."""

ROUNDING = 1e-10
"""Changes of a number below this share of it are rounding."""

BEND = 0.1
"""By how much the change over half a step may differ from half the change over a step for that to be a slope."""

Evaluate = Callable[[int, Mapping[str, F64Array]], F64Array]
"""(rows, columns by path) to the (rows,) numbers that come out; NaN where there is none. Inputs that have no column
keep their value."""


@dataclass(frozen=True)
class Input:
    """A number that another number rests on."""

    path: str
    quantity: Quantity
    unit: str = ""
    says: str = ""
    """What it is, in a sentence."""


class Effect(NamedTuple):
    """What an input does to a number."""

    elasticity: float
    error: float
    """Standard error of the elasticity; NaN where it has none."""
    swing: float
    """How far the number moves over the range of the input; below 0 where it falls while the input rises."""
    at_low: float
    """The number with the input at the low end of its range."""
    at_high: float
    how: str
    share: float = math.nan
    """Of the variance over runs; for other numbers, `ledger` makes it of the swings."""


@dataclass(frozen=True)
class Ledger:
    """What a number rests on."""

    of: str
    """What it is a number of: a scenario, a pack or results."""
    number: str
    """Name of the number."""
    says: str
    unit: str
    value: float
    error: float
    """Standard error of a number that is a mean over runs, else NaN."""
    runs: int
    """Runs that it is a mean of; 0 for a number that was computed without chance."""
    left_out: int
    """Runs in which there was no such number."""
    table: pd.DataFrame
    """One row per input in the order of their swings; see `COLUMNS`."""
    notes: tuple[str, ...] = ()
    """What must be known to read it, in sentences."""
    references: Mapping[str, Any] = field(default_factory=dict)
    """The sources that are cited, by key."""

    @property
    def explained(self) -> float:
        """Sum of the shares of the inputs whose effect was seen; NaN where none was."""
        shares = self.seen["share"]
        return float(shares.sum()) if len(shares) else math.nan

    @property
    def seen(self) -> pd.DataFrame:
        """The rows of inputs that move the number."""
        return self.table[self.table["swing"].notna() & (self.table["how"] != NOT_SEEN) & (self.table["swing"] != 0.0)]

    def by_grade(self) -> dict[str, float]:
        """Share of the swings, all added up, that rests on inputs of each grade, the largest first."""
        sizes = self.seen["swing"].abs().groupby(self.seen["grade"]).sum().sort_values(ascending=False)
        return {str(grade): float(size / sizes.sum()) for grade, size in sizes.items()}

    def data(self) -> dict[str, Any]:
        """All of it as plain data, unknown numbers None, with the references in full."""
        rows = [{str(key): _plain(found) for key, found in row.items()} for row in
                self.table.to_dict(orient="records")]
        return {"format": FORMAT, "of": self.of, "number": self.number, "says": self.says, "unit": self.unit,
                "value": _plain(self.value), "error": _plain(self.error), "runs": self.runs,
                "left_out": self.left_out, "explained": _plain(self.explained), "by_grade": self.by_grade(),
                "notes": list(self.notes), "inputs": rows,
                "references": {key: found.model_dump(mode="json") for key, found in self.references.items()}}


def _plain(found: Any) -> Any:
    return None if isinstance(found, float) and not math.isfinite(found) else found


def rests_on(ledger: Ledger) -> str:
    """The share of the swing that rests on declared assumptions, as a sentence; nothing where nothing moves it."""
    grades = ledger.by_grade()
    if not grades:
        return ""
    others = ", ".join(f"{100 * share:.0f} % on {GRADES[grade]}" for grade, share in grades.items()
                       if grade != "assumed" and share >= 0.005)
    return (f"{100 * grades.get('assumed', 0.0):.0f} % of the swing rests on declared assumptions"
            + (f"; {others}." if others else "."))


GRADES = {"official": "official values", "think-tank": "values of think tanks and journals",
          "press": "values from the press", "estimated": "values derived from sourced ones",
          "assumed": "declared assumptions"}
"""Grades in words."""


def rows_of(inputs: Sequence[Input], effects: Sequence[Effect]) -> pd.DataFrame:
    """The table of a ledger: inputs that move the number first, the largest swing first. Shares that are not given are
    those of the swings, all added up."""
    import pandas as pd

    sizes = sum(abs(one.swing) for one in effects if math.isfinite(one.swing))
    rows = []
    for found, one in zip(inputs, effects, strict=True):
        q = found.quantity
        share = one.share if math.isfinite(one.share) or one.how in (SEEN, NOT_SEEN, FIXED) else (
            abs(one.swing) / sizes if sizes > 0.0 and math.isfinite(one.swing) else math.nan)
        rows.append((found.path, found.says, q.value, q.low_or_value, q.high_or_value, found.unit, q.grade, q.source,
                     q.page or "", q.why, one.elasticity, one.error, one.swing, one.at_low, one.at_high, share,
                     one.how))
    order = sorted(range(len(rows)), key=lambda i: _rank(effects[i], inputs[i].path))
    return pd.DataFrame([rows[i] for i in order], columns=pd.Index(COLUMNS))


def _rank(one: Effect, path: str) -> tuple[bool, bool, float, float, str]:
    """Seen before not seen before fixed; then by swing, then by elasticity, then by name."""
    def size(found: float) -> float:
        return -abs(found) if math.isfinite(found) else 0.0

    return one.how == FIXED, one.how == NOT_SEEN, size(one.swing), size(one.elasticity), path


def cited(table: pd.DataFrame, references: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The references that a ledger's rows name, by key; of those shipped, where no others are given."""
    known = shipped().references if references is None else references
    return {key: known[key] for key in sorted(set(table["source"]) & set(known))}


# ---- by computing the number again ------------------------------------------------------------------------------

def differences(inputs: Sequence[Input], evaluate: Evaluate) -> tuple[float, list[Effect]]:
    """The number with all inputs at their values, and what each does to it, all others at their values.

    Elasticity: central difference over 1 % of the value up and down. Where half of it does not do half as much, or up
    and down differ, the number is stepwise there (whole launches, whole generations): then from the ends of the range,
    or from 10 % up and down where there is none. A whole number that takes no parts is changed by one up and down.
    """
    moves = [[q.value * (1 + STEP), q.value * (1 - STEP), q.low_or_value, q.high_or_value]
             for q in (one.quantity for one in inputs)]
    base, found = _changed(inputs, moves, evaluate)
    moved = [i for i, row in enumerate(found) if not all(abs(one - base) <= ROUNDING * abs(base) for one in row)]
    halves = [[inputs[i].quantity.value * (1 + half) for half in (STEP / 2, -STEP / 2)] for i in moved]
    between = dict(zip(moved, _changed([inputs[i] for i in moved], halves, evaluate)[1])) if moved else {}
    effects = [_judged(one.quantity, base, dict(zip(("up", "down", "low", "high", "half_up", "half_down"),
                                                    [*row, *between.get(i, (base, base))])))
               for i, (one, row) in enumerate(zip(inputs, found))]
    wider = {i: WIDE_STEP * one.quantity.value if effects[i].how == WIDE else 1.0 for i, one in enumerate(inputs)
             if effects[i].how == WIDE or (effects[i].how == IMPOSSIBLE and one.quantity.value.is_integer())}
    if wider:
        ends = [[inputs[i].quantity.value + step, inputs[i].quantity.value - step] for i, step in wider.items()]
        _, found = _changed([inputs[i] for i in wider], ends, evaluate)
        for (i, step), (up, down) in zip(wider.items(), found):
            elasticity = around(inputs[i].quantity.value, step, down, up, base)
            is_whole = effects[i].how == IMPOSSIBLE and math.isfinite(elasticity)
            effects[i] = effects[i]._replace(elasticity=elasticity, how=WHOLE if is_whole else effects[i].how)
    return base, effects


def around(value: float, step: float, down: float, up: float, base: float) -> float:
    """Elasticity from the number with an input a step lower and higher; from one side where the other is refused."""
    down_at, up_at = value - step, value + step
    if not math.isfinite(down):
        down_at, down = value, base
    if not math.isfinite(up):
        up_at, up = value, base
    return _arc(down_at, up_at, down, up, value, base)


def _changed(inputs: Sequence[Input], moves: Sequence[Sequence[float]], evaluate: Evaluate) -> tuple[float, Any]:
    """The number as it stands, and with each input moved: row 0, and then the moves of one input after the other."""
    per = len(moves[0]) if moves else 0
    rows = 1 + per * len(inputs)
    columns = {}
    for i, (one, targets) in enumerate(zip(inputs, moves)):
        columns[one.path] = np.full(rows, one.quantity.value)
        columns[one.path][1 + per * i : 1 + per * (i + 1)] = targets
    found = np.asarray(evaluate(rows, columns), dtype=np.float64)
    return float(found[0]), found[1:].reshape(len(inputs), per).tolist()


def _judged(q: Quantity, base: float, at: Mapping[str, float]) -> Effect:
    """What an input does, from the number at its moves."""
    low, high = (at["low"], at["high"]) if q.is_uncertain else (base, base)
    ends = [end for end in (low, base, high) if math.isfinite(end)]
    swing = math.copysign(max(ends) - min(ends), high - low) if math.isfinite(high - low) else math.nan
    if abs(swing) <= ROUNDING * abs(base):
        swing = 0.0
    elasticity, how = _slope(q, base, at)
    if how == NONE and swing != 0.0:
        how = STEPWISE
    if how == STEPWISE:
        how = STEPWISE if q.is_uncertain else WIDE
        elasticity = _arc(q.low_or_value, q.high_or_value, low, high, q.value, base) if q.is_uncertain else math.nan
    return Effect(elasticity, math.nan, swing, low, high, how)


def _slope(q: Quantity, base: float, at: Mapping[str, float]) -> tuple[float, str]:
    """Elasticity over a hundredth of the value, and what it is."""
    if q.value == 0.0 or base == 0.0 or not math.isfinite(base):
        return math.nan, AT_ZERO
    up, down = (at["up"] - base) / base, (base - at["down"]) / base
    half_up, half_down = (at["half_up"] - base) / base, (base - at["half_down"]) / base
    if not math.isfinite(up + down):
        side, half = (up, half_up) if math.isfinite(up) else (down, half_down)
        if not math.isfinite(side + half):
            return math.nan, IMPOSSIBLE
        return (side / STEP, ONE_SIDE) if abs(side) > ROUNDING else (0.0, NONE)
    moved = up + down
    if max(abs(up), abs(down), abs(half_up), abs(half_down)) <= ROUNDING:
        return 0.0, NONE
    is_bent = abs(2.0 * (half_up + half_down) - moved) > BEND * abs(moved)
    if is_bent or abs(up - down) > 0.5 * max(abs(up), abs(down)):
        return math.nan, STEPWISE
    return moved / (2.0 * STEP), SLOPE


def _arc(x0: float, x1: float, y0: float, y1: float, x: float, y: float) -> float:
    """Elasticity between two points: of a power law where all is above 0, else of a straight line."""
    if not math.isfinite(y0 + y1) or x1 == x0:
        return math.nan
    if min(x0, y0, y1) > 0.0:
        return math.log(y1 / y0) / math.log(x1 / x0)
    return (y1 - y0) / (x1 - x0) * x / y


# ---- what is known of an input -----------------------------------------------------------------------------------


def looked_up(roots: Iterable[Any], path: str) -> tuple[Quantity | None, str]:
    """The quantity that a dotted path names below the first of some models that has it, and what its field is for."""
    for root in roots:
        *above, name = path.replace("[", ".").replace("]", "").split(".")
        owner = below(root, above)
        here = _inside(owner, name)
        if isinstance(here, Quantity):
            says = _description(owner, name)
            return here, says or (_description(below(root, above[:-1]), above[-1]) if above else "")
    return None, ""


def below(root: Any, steps: Iterable[str]) -> Any:
    """What stands below a model at some steps; None for nothing."""
    here = root
    for part in steps:
        here = _inside(here, part)
    return here


def _inside(found: Any, part: str) -> Any:
    if isinstance(found, BaseModel):
        return getattr(found, part, None)
    if isinstance(found, Mapping):
        return found.get(part)
    return found[int(part)] if isinstance(found, list | tuple) and part.isdigit() and int(part) < len(found) else None


def _description(found: Any, part: str) -> str:
    if not (isinstance(found, BaseModel) and part in type(found).model_fields):
        return ""
    return " ".join((type(found).model_fields[part].description or "").split())


def input_of(path: str, quantity: Quantity, roots: Iterable[Any] = (), *, says: str = "", unit: str = "") -> Input:
    """An input at a path, its unit by its suffix, and its sentence from the models that have it."""
    return Input(path, quantity, unit or unit_of(path), says or looked_up(roots, path)[1])
