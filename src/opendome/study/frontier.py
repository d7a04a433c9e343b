"""What leaks for how much: every combination of a grid with its figure and its cost, and those that no other beats.

All combinations are run under one seed, so that run i meets the same attack everywhere and draws the same uncertain
prices; a combination is on the front where no other costs less and is no worse (`study.pareto`). The cost is that of
the programme (`[cost]`) over its years, or of the rounds fired.

Left out: combinations that are not on the grid, and figures that pull against each other other than cost.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from opendome import rng
from opendome.cost.breakdown import Dollars, costs_of, life_cycle
from opendome.cost.schedule import scenario_at
from opendome.errors import InputError
from opendome.kernel import F64Array
from opendome.results import Results
from opendome.results.figure import Figure
from opendome.results.figures import by_run, estimate
from opendome.results.figures import check as check_figure
from opendome.scenario import Scenario, keys
from opendome.scenario.cost_specs import Programme
from opendome.scenario.months import FORM, number_of
from opendome.study.attack import is_of_attack
from opendome.study.grid import Value
from opendome.study.pareto import best_within, chances, dominated_by, on_front
from opendome.study.sweep import Plan, column_of, plan_of, run_points

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of the folder; docs/formats/frontier.md."""

FIGURE, COST = "leak_through", "life_cycle"
"""Figure and cost unless others are asked for."""

PROGRAMME: Mapping[str, Dollars] = {"life_cycle": "constant", "then_year": "then-year", "discounted": "discounted"}
"""Costs of the programme by figure, and the dollars that they are in."""

DRAWS = 1000
"""How often runs are drawn again, to see how sure the front is."""

QUANTILE = 0.5
"""Over delays: what is there by a date in half of the runs."""

OF_FIGURE = ("value", "error", "runs", "low", "high")
OF_COST = ("cost_musd", "cost_error", "cost_low", "cost_high")
MARKS = ("is_front", "dominated_by", "p_front", "is_over", "p_over", "is_best", "p_best")
"""Columns of the table, behind the number of the point and the keys; docs/formats/frontier.md."""


@dataclass(frozen=True)
class Frontier:
    """What a frontier found."""

    table: pd.DataFrame
    """One row per combination, the cheapest first: point (its number in the grid, from 1), the keys; value, error,
    runs, low, high of the figure as in `Results.table`; cost_musd, cost_error, cost_low, cost_high; is_front;
    dominated_by (number of the point on the front that is the best of those that cost no more); p_front; is_over and
    p_over (its mean cost, and the share of its runs, above the budget); is_best and p_best (of those within it)."""
    scenario: Scenario
    """The scenario as it stands, before the values of the grid."""
    over: Mapping[str, Sequence[Value]]
    """The keys as given, with their values."""
    manifest: Mapping[str, Any]
    """What it takes to repeat this: the same manifest gives the same bytes."""

    def front(self) -> pd.DataFrame:
        """The combinations on the front, the cheapest first."""
        return self.table[self.table["is_front"]].reset_index(drop=True)

    def best(self) -> Mapping[Any, Any] | None:
        """The best combination within the budget; None without a budget, or where none is within it."""
        rows = self.table[self.table["is_best"]].to_dict(orient="records")
        return rows[0] if rows else None


class Terms(NamedTuple):
    """What combinations are judged by."""

    figure: Figure
    cost: str
    budget_musd: float | None
    date: str | None
    """Month by whose end things must be there to be used."""
    is_until_date: bool
    """Whether only what is spent by the end of that month is counted."""


def compute(scenario: Scenario | str | Path, *, over: Mapping[str, Any], figure: str = FIGURE, cost: str = COST,
            budget_musd: float | None = None, date: str | None = None, until_date: bool = False,
            changes: Mapping[str, Any] | None = None, runs: int | None = None, seed: int | None = None,
            jobs: int | None = None, progress: Callable[[int, int], None] | None = None) -> Frontier:
    """Run every combination and find those that no other beats; see `opendome.frontier`, which also writes it down."""
    plan = plan_of(scenario, over=over, changes=changes, runs=runs, seed=seed, jobs=jobs, figures=figure)
    terms = _terms(plan, figure, cost, budget_musd, date, until_date)
    _check_attack(plan)

    def work(one: Scenario, cores: int | None) -> tuple[F64Array, F64Array]:
        return _at_point(plan, terms, one, cores)

    found = run_points(plan, work, jobs=jobs, progress=progress)
    table = table_of(plan.over, plan.points, terms, np.column_stack([cost for _, cost in found]),
                     np.column_stack([values for values, _ in found]), plan.seed)
    manifest = {**plan.manifest(), "format": FORMAT, "kind": "frontier", "figure": figure, "cost": cost,
                "budget_musd": terms.budget_musd, "date": date, "until_date": until_date, "draws": DRAWS,
                "price_year": plan.base.price_year}
    return Frontier(table, plan.base, plan.over, manifest)


# ---- what is asked for ----------------------------------------------------------------------------------------


def _terms(plan: Plan, figure: str, cost: str, budget_musd: float | None, date: str | None,
           until_date: bool) -> Terms:
    """What combinations are judged by, checked against the scenario."""
    found = check_figure(figure, (), plan.kind)
    if found.better == "":
        raise InputError(f"figure {figure}: neither more nor less of it is better by itself\n"
                         "  must be one that a defence wants more of, or less, as leak_through")
    _check_cost(plan, cost)
    if budget_musd is not None and not (isinstance(budget_musd, int | float) and 0.0 < budget_musd < math.inf):
        raise InputError(f"budget = {budget_musd!r}\n  must be a number of M$ above 0, as 185000 for 185 bn $")
    _check_date(plan, cost, date, until_date)
    return Terms(found, cost, None if budget_musd is None else float(budget_musd), date, until_date)


def _check_cost(plan: Plan, cost: str) -> None:
    if cost in PROGRAMME:
        if plan.base.cost is None:
            raise InputError(f"{plan.source}: has no [cost], so its life cycle has no price\n  must say what its "
                             "elements cost\nhint: --cost cost counts the rounds fired alone")
        return
    if check_figure(cost, (), plan.kind).unit != "M$":
        raise InputError(f"cost = {cost!r}\n  must be a figure in M$: {', '.join(PROGRAMME)}, or cost (of the rounds "
                         "fired)")


def _check_date(plan: Plan, cost: str, date: str | None, until_date: bool) -> None:
    if date is None:
        if until_date:
            raise InputError("--until-date\n  needs a date\nhint: add --date, as 2028-07")
        return
    programme = plan.base.cost
    if programme is None:
        raise InputError(f"{plan.source}: has no [cost], so no dates of delivery\n  --date needs them")
    if until_date and cost not in PROGRAMME:
        raise InputError(f"--until-date\n  is for the cost of the programme, not for {cost}")
    if not FORM.fullmatch(date):
        raise InputError(f"date = {date!r}\n  must be a month, as 2028-07")
    months = number_of(date) - number_of(programme.start)
    if not 0 <= months < 12 * programme.years:
        raise InputError(f"date = {date}\n  must be one of the {programme.years} years that are paid for from "
                         f"{programme.start} on")


def _check_attack(plan: Plan) -> None:
    """Raise `InputError` for keys that change the attack: combinations could not be set side by side."""
    for key in plan.over:
        found = keys.resolve(plan.data, key)
        assert not isinstance(found, keys.Miss), "plan_of saw to it"
        if any(is_of_attack(steps, [plan.base]) for steps in found):
            raise InputError(f"--over {key}\n  changes the attack or what is attacked: combinations that meet another "
                             f"attack cannot be set side by side\nhint: one frontier for each, with --set {key}=...")


# ---- one combination ------------------------------------------------------------------------------------------


def _at_point(plan: Plan, terms: Terms, scenario: Scenario, jobs: int | None) -> tuple[F64Array, F64Array]:
    """(R,) figure and (R,) cost in M$ of one combination, run by run; NaN where a run has nothing to count."""
    there = scenario if terms.date is None else scenario_at(scenario, terms.date, quantile=QUANTILE, seed=plan.seed)
    results = plan.run(there, jobs)
    values = _column(results, terms.figure.name)
    if terms.cost in PROGRAMME:
        return values, programme_musd(scenario, plan.runs, plan.seed, terms.cost, terms.date if terms.is_until_date
                                      else None)
    return values, _column(results, terms.cost)


def _column(results: Results, name: str) -> F64Array:
    """(R,) a figure run by run."""
    found = by_run(results.tables, results.scenario, name)
    return np.asarray(found.values[:, 0] if found.labels else found.of(()), np.float64)


def programme_musd(scenario: Scenario, runs: int, seed: int, cost: str = COST, until: str | None = None) -> F64Array:
    """(R,) cost of a scenario's programme in each run, M$, as the figure `cost` counts it; with `until`, what is spent
    by the end of that month, a year's money taken to be spent evenly over its months."""
    dollars = PROGRAMME[cost]
    if until is None:
        return np.asarray(costs_of(scenario, runs=runs, seed=seed).by_run(dollars).sum(axis=(1, 2)))
    assert scenario.cost is not None
    found = life_cycle(scenario, runs=max(runs, 2), seed=seed)  # a single run would not draw its prices
    musd = found.musd[:runs].sum(axis=(1, 2))
    if dollars != "constant":
        musd = musd * (found.then_year_factor if dollars == "then-year" else found.discount_factor)[:runs]
    return np.asarray((musd * shares_spent(found.years, scenario.cost, until)).sum(axis=1))


def shares_spent(years: Sequence[int], programme: Programme, until: str) -> F64Array:
    """(Y,) share of the months of each calendar year, those outside the programme left out, that has passed by the end
    of a month."""
    first = number_of(programme.start)
    last = first + 12 * programme.years - 1
    found = []
    for year in years:
        begin, end = max(number_of(f"{year}-01"), first), min(number_of(f"{year}-12"), last)
        found.append(min(max((number_of(until) - begin + 1) / (end - begin + 1), 0.0), 1.0))
    return np.array(found)


# ---- the table ------------------------------------------------------------------------------------------------


def table_of(over: Mapping[str, Sequence[Value]], points: Sequence[tuple[Value, ...]], terms: Terms, cost: F64Array,
             values: F64Array, seed: int) -> pd.DataFrame:
    """The table of a frontier from (R, P) costs and figures run by run, the cheapest first."""
    import pandas as pd

    sign = -1.0 if terms.figure.better == "more" else 1.0
    figures = [_estimate(column) for column in values.T]
    costs = [_estimate(column) for column in cost.T]
    mean, price = (np.array([found[0] for found in rows]) for rows in (figures, costs))
    budget = terms.budget_musd
    rank = dominated_by(price, sign * mean)
    sure = chances(cost, sign * values, budget, rng.key(seed), DRAWS)
    columns: dict[str, Any] = {"point": np.arange(1, len(points) + 1)}
    columns |= {key: column_of([point[i] for point in points]) for i, key in enumerate(over)}
    columns |= {name: [found[i] for found in figures] for i, name in enumerate(OF_FIGURE)}
    columns |= {name: [found[i] for found in costs] for name, i in zip(OF_COST, (0, 1, 3, 4))}
    columns |= {
        "is_front": on_front(price, sign * mean),
        "dominated_by": pd.array([int(one) + 1 if one >= 0 else None for one in rank], dtype="Int64"),
        "p_front": sure.p_front,
        "is_over": np.zeros(len(points), np.bool_) if budget is None else price > budget,
        "p_over": np.full(len(points), np.nan) if budget is None else (cost > budget).mean(axis=0),
        "is_best": (np.zeros(len(points), np.bool_) if budget is None else best_within(price, sign * mean, budget)),
        "p_best": sure.p_best,
    }
    table = pd.DataFrame(columns)
    order = np.lexsort((columns["point"], sign * mean, price))
    return table.iloc[order].reset_index(drop=True)


def _estimate(values: F64Array) -> tuple[float, float, int, float, float]:
    """As `results.figures.estimate`; NaN and no runs where no run has a value."""
    if not np.isfinite(values).any():
        return (math.nan, math.nan, 0, math.nan, math.nan)
    return estimate(values)
