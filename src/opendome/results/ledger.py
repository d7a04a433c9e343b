"""What a simulated figure rests on: how it follows the inputs that each run drew anew, read off the runs themselves.

Run i drew its inputs at known addresses, so they can be had again (`sampling.Sampler`) and set beside the figure of run
i. Inputs are independent (but for lines in dollars that a programme correlates: `jointly`), so a straight line through
figure against input gives the slope of each alone:

    b = cov(x, y) / var(x)              error of b: sqrt((1 - r2) var(y) / (var(x) (N - 2)))
    elasticity = b mean(x) / mean(y)    swing = b (95 % quantile of x - 5 % quantile)    share = r2 - 1 / (N - 1)

Left out: what bends, and what inputs do together; both end in the rest of the variance, with chance.
docs/models/evidence.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.catalogue import shipped, with_overrides
from opendome.cost.draws import cost_sampler, is_money
from opendome.evidence import FIXED, NOT_SEEN, SEEN, Effect, Input, Ledger, cited, looked_up, rows_of
from opendome.kernel import F64Array
from opendome.results.figures import HIGH, LOW, RESOLUTION, ByRun, by_run, check, kind_of
from opendome.results.tables import Tables
from opendome.rng import key
from opendome.sampling import Sampler, drawn_at
from opendome.scenario.quantity import Quantity
from opendome.scenario.specs import Scenario

if TYPE_CHECKING:
    import pandas as pd

TOGETHER = "drawn with another"
"""How an input stands whose random numbers are those of another: their effects cannot be told apart."""

CLEAR, BY_CHANCE = 3.0, 0.0027
"""Standard errors beyond which a slope is taken to be seen, and how often chance alone gets there. Two would be too
few: of a hundred inputs without any effect, five would be listed."""

COST = "cost."
"""What paths of a programme begin with."""

RUNS_MIN = 10
"""Fewest runs that a slope is read off."""

NOTHING = Effect(math.nan, math.nan, math.nan, math.nan, math.nan, FIXED)

Values = Callable[[Input], F64Array]
"""(R,) what the runs drew for an input."""


def ledgers(tables: Tables, scenario: Scenario, manifest: Mapping[str, Any], name: str,
            by: Sequence[str] | str = ()) -> list[tuple[tuple[str, ...], Ledger]]:
    """What a figure rests on, for each group by some columns (one without a label for none).

    Raises `InputError` for an unknown figure, or for columns that it cannot be grouped by.
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    check(name, by, kind_of(scenario))
    found = by_run(tables, scenario, name, by)
    catalogue = with_overrides(shipped(), scenario.catalogue)[0]
    inputs = inputs_of(tables, [scenario, catalogue])
    is_drawn = [bool(one) for one in rows_once(tables)["sampled"]]
    drawn = drawn_in(tables, scenario, manifest)
    effects = _effects(inputs, is_drawn, drawn, found.values)
    if tied := tied_in(scenario, inputs, is_drawn):
        x = np.stack([drawn(inputs[i]) for i in tied], axis=1)
        columns = [jointly(x, y) for y in found.values.T]
        for k, i in enumerate(tied):
            effects[i] = [column[k] for column in columns]
    return [(label, _ledger(found, g, inputs, [each[g] for each in effects], str(manifest["title"]),
                            catalogue.references))
            for g, label in enumerate(found.labels)]


def table_of(found: Sequence[tuple[tuple[str, ...], Ledger]], by: Sequence[str]) -> pd.DataFrame:
    """Ledgers of several groups as one table, the groups' columns first."""
    import pandas as pd

    from opendome.evidence import COLUMNS

    parts = []
    for label, one in found:
        part = one.table.copy()
        for i, (column, name) in enumerate(zip(by, label)):
            part.insert(i, column, name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=pd.Index([*by, *COLUMNS]))


def rows_once(tables: Tables) -> pd.DataFrame:
    """The table of assumptions with each path once, though two entries of a scenario may hold it."""
    return tables.assumptions.drop_duplicates("path")


def inputs_of(tables: Tables, roots: Sequence[Any]) -> list[Input]:
    """The numbers of the table of assumptions; page and sentence from the models that hold them now, where these still
    say the same."""
    found = []
    for row in rows_once(tables).to_dict(orient="records"):
        path, value, source = str(row["path"]), float(row["value"]), str(row["source"])
        now, says = looked_up(roots, path)
        page = now.page if now is not None and (now.value, now.source) == (value, source) else None
        quantity = Quantity(value=value, low=float(row["low"]), high=float(row["high"]), grade=row["grade"],
                            source=source, page=page, why=str(row["why"]))
        found.append(Input(path, quantity, str(row["unit"]), says))
    return found


def drawn_in(tables: Tables, scenario: Scenario, manifest: Mapping[str, Any]) -> Values:
    """A function that gives what the recorded runs drew for an input, again."""
    runs = tables.runs
    words, count = key(int(manifest["seed"])), int(max(runs, default=-1)) + 1
    sampler = Sampler(words, count, True)
    of_cost = sampler if scenario.cost is None else cost_sampler(scenario.cost, words, count, is_sampled=True)

    def values(one: Input) -> F64Array:
        drawer = of_cost if one.path.startswith(COST) else sampler
        return np.asarray(drawer.column(one.path, one.quantity)[runs], dtype=np.float64)

    return values


def tied_in(scenario: Scenario, inputs: Sequence[Input], is_drawn: Sequence[bool]) -> list[int]:
    """Positions of the inputs that were drawn with a correlation: lines in dollars of a programme that states one."""
    if scenario.cost is None or scenario.cost.correlation.high_or_value <= 0.0:
        return []
    return [i for i, (one, drawn) in enumerate(zip(inputs, is_drawn))
            if drawn and one.path.startswith(COST) and is_money(one.path)]


def _effects(inputs: Sequence[Input], is_drawn: Sequence[bool], values: Values, y: Any) -> list[list[Effect]]:
    """What each input does to the figure of each group; (R, G) values of the figure."""
    groups = y.shape[1]
    found = []
    for one, drawn in zip(inputs, is_drawn):
        if not drawn:
            found.append([NOTHING] * groups)
        elif drawn_at(one.path) != one.path:
            found.append([NOTHING._replace(how=TOGETHER)] * groups)
        else:
            x = values(one)
            found.append([regressed(x, y[:, g]) for g in range(groups)])
    return found


def regressed(x: F64Array, y: F64Array) -> Effect:
    """What an input does to a figure, from (R,) values of both; runs in which the figure is NaN are left out."""
    used = np.isfinite(y)
    x, y = x[used], y[used]
    n = len(y)
    if n < RUNS_MIN or not _spreads(y) or not _spreads(x):
        return NOTHING._replace(how=NOT_SEEN)
    dx, dy = x - x.mean(), y - y.mean()
    sxx, syy, sxy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    slope, r2 = sxy / sxx, min(sxy * sxy / (sxx * syy), 1.0)
    error = math.sqrt((1.0 - r2) * syy / sxx / (n - 2))
    low, high = (float(end) for end in np.quantile(x, (LOW, HIGH)))
    mean = float(y.mean())
    scale = float(x.mean()) / mean if mean != 0.0 else math.nan
    return Effect(slope * scale, abs(error * scale), slope * (high - low), mean + slope * (low - float(x.mean())),
                  mean + slope * (high - float(x.mean())), SEEN if abs(slope) > CLEAR * error else NOT_SEEN,
                  r2 - 1.0 / (n - 1))


def jointly(x: F64Array, y: F64Array) -> list[Effect]:
    """The same of inputs (R, K) that were drawn with a correlation: one plane through all of them, so that none is
    given what the others do. The share is slope x cov(x, y) / var(y): all together are the plane's R2."""
    used = np.isfinite(y)
    x, y = x[used], y[used]
    n, k = x.shape
    if n < 2 * k + RUNS_MIN or not _spreads(y):
        return [NOTHING._replace(how=NOT_SEEN)] * k
    dx, dy = x - x.mean(axis=0), y - y.mean()
    inverse = np.linalg.pinv(dx.T @ dx)
    slopes = inverse @ (dx.T @ dy)
    left = dy - dx @ slopes
    errors = np.sqrt(np.diag(inverse) * float(left @ left) / (n - k - 1))
    shares = slopes * (dx.T @ dy) / float(dy @ dy) - 1.0 / (n - 1)
    lows, highs = np.quantile(x, (LOW, HIGH), axis=0)
    mean, means = float(y.mean()), x.mean(axis=0)
    found = []
    for i, (slope, error) in enumerate(zip(slopes.tolist(), errors.tolist())):
        scale = float(means[i]) / mean if mean != 0.0 else math.nan
        found.append(Effect(slope * scale, abs(error * scale), slope * float(highs[i] - lows[i]),
                            mean + slope * float(lows[i] - means[i]), mean + slope * float(highs[i] - means[i]),
                            SEEN if abs(slope) > CLEAR * error else NOT_SEEN, float(shares[i])))
    return found


def _spreads(values: F64Array) -> bool:
    """Whether values differ by more than the digits that tables hold."""
    return len(values) > 0 and bool(np.ptp(values) > RESOLUTION * np.abs(values).max())


def _ledger(found: ByRun, group: int, inputs: Sequence[Input], effects: Sequence[Effect], title: str,
            references: Mapping[str, Any]) -> Ledger:
    y = found.values[:, group]
    used = y[np.isfinite(y)]
    error = float(np.std(used, ddof=1) / math.sqrt(len(used))) if len(used) > 1 else math.nan
    table = rows_of(inputs, effects)
    left_out = len(y) - len(used)
    label = ", ".join(found.labels[group])
    return Ledger(of=title, number=found.figure.name + (f" ({label})" if label else ""), says=found.figure.meaning,
                  unit=found.figure.unit, value=float(used.mean()) if len(used) else math.nan, error=error,
                  runs=len(used), left_out=left_out, table=table, notes=tuple(_notes(used, left_out, effects)),
                  references=cited(table, references))


def _notes(used: F64Array, left_out: int, effects: Sequence[Effect]) -> list[str]:
    """What must be known to read a ledger of a simulated figure."""
    told = []
    if left_out:
        told.append(f"{left_out:,} run{'s' * (left_out != 1)} without a value {'are' if left_out != 1 else 'is'} left "
                    "out.")
    drawn = sum(one.how in (SEEN, NOT_SEEN) for one in effects)
    if not drawn:
        return [*told, "No input was drawn from its range: all runs use the same values, so that nothing can be told "
                "from them."]
    if len(used) < RUNS_MIN:
        return [*told, f"{len(used)} run{'s' * (len(used) != 1)}: too few to tell what the inputs do; at least "
                f"{RUNS_MIN} are needed, and some hundreds to see much."]
    if not _spreads(used):
        return [*told, "It is the same in all runs, whatever the inputs."]
    seen = [one for one in effects if one.how == SEEN]
    share = sum(one.share for one in seen)
    return [*told,
            f"{len(seen)} of {drawn} inputs that were drawn are seen in {len(used):,} runs (slope beyond "
            f"{CLEAR:.0f} standard errors); about {BY_CHANCE * drawn:.1f} would be by chance alone.",
            f"Straight lines on them explain {100 * share:.0f} % of the variance over runs; the rest is chance, what "
            "bends, and what inputs do together."]
