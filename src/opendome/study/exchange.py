"""What one more attacking missile costs the defence, beside what it costs the attacker.

The criterion is Nitze's (1985): a defence pays at the margin where it can be added to for less than the attack. Found
by simulation under one seed: the scenario as it stands, with some more missiles, and with some more of each element of
its programme in turn. Of L leakers, m missiles and M$ on an element,

    compensating cost = (dL / dm) / -(dL / dM$) = A C / B

with A the leakers that a missile more brings, B those that the step averts, and C its life-cycle cost, all taken run
by run. The error is by the delta method from the covariances of the three means over runs. Where B lies within two
errors of zero no effect was seen, and no cost is given.

Left out: a defence that is added to in several layers at once, an attacker who does something else with the money, and
development, which is paid already where the first unit is there. docs/guide/frontier.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from opendome import study
from opendome.errors import InputError, OpenDomeError
from opendome.kernel import F64Array
from opendome.results.figures import by_run
from opendome.scenario import Scenario, reader
from opendome.study import one_more
from opendome.study.exchange_forms import closed_form
from opendome.study.frontier import programme_musd
from opendome.study.one_more import Step, Target
from opendome.study.source import checked, plain_data

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of the folder; docs/formats/exchange.md."""

SHARE = 0.1
"""How much more of each element is tried, and of the wave."""

CLEAR = 2.0
"""An effect is seen where it is more than so many errors from zero."""

BAND = 1.645
"""Errors on either side of a mean that hold nine of ten."""

COLUMNS = ("element", "layer", "change", "units", "averted", "averted_error", "cost_musd", "cost_error", "is_seen",
           "per_missile_musd", "per_missile_error", "ratio", "ratio_low", "ratio_high", "runs_needed",
           "closed_form_musd")
"""Columns of the table; docs/formats/exchange.md."""

Progress = Callable[[int, int], None]


class Price(NamedTuple):
    """What a missile costs the attacker, M$."""

    value: float
    low: float
    high: float


class Mean(NamedTuple):
    """A mean over runs with its standard error."""

    value: float
    error: float

    @property
    def is_seen(self) -> bool:
        """Whether it is above zero by more than two errors."""
        return self.value > CLEAR * self.error


@dataclass(frozen=True)
class Exchange:
    """What an exchange found."""

    table: pd.DataFrame
    """One row per element: element, layer, change, units (how many more); averted and averted_error (leakers that they
    avert, mean over runs); cost_musd and cost_error (what they cost over the years of the programme); is_seen;
    per_missile_musd and per_missile_error (compensating cost of one more missile); ratio to the missile's price, with
    ratio_low and ratio_high from nine tenths of the error and the ends of the price; runs_needed (for a clear answer;
    NaN where that cannot be told); closed_form_musd. NaN where nothing can be said."""
    targets: pd.DataFrame
    """With an area: one row per layer that has sites of the area's own, and one for all: layer, sites, cost_musd,
    cost_error, ratio to the missile's price. Empty otherwise."""
    scenario: Scenario
    """The scenario as it stands."""
    manifest: Mapping[str, Any]
    """What it takes to repeat this, and what one more missile does: the same manifest gives the same bytes."""

    def cheapest(self) -> Mapping[Any, Any] | None:
        """The element whose compensating cost is lowest, of those with an effect; None where there is none."""
        seen = self.table[self.table["per_missile_musd"].notna()].sort_values("per_missile_musd", kind="stable")
        return seen.to_dict(orient="records")[0] if len(seen) else None


def compute(scenario: Scenario | str | Path, *, threat: str | None = None, layers: Sequence[str] | str = (),
            more: int | None = None, share: float = SHARE, threat_cost_musd: float | Sequence[float] | None = None,
            area: str | None = None, changes: Mapping[str, Any] | None = None, runs: int | None = None,
            seed: int | None = None, jobs: int | None = None, progress: Progress | None = None) -> Exchange:
    """Add missiles, then some of each element in turn; see `opendome.exchange`, which also writes it down."""
    source, data = plain_data(scenario, changes or {})
    base = one_more.with_planes(_usable(checked(source, data), source))
    name = one_more.threat_of(base, threat)
    key, wave = one_more.wave_of(base, name)
    catalogue = study.catalogue_for(base)
    price = price_of(catalogue.threats[name].cost_musd, threat_cost_musd)
    more = _more(more, wave.count)
    if not 0.0 < share <= 10.0:
        raise InputError(f"share = {share!r}\n  must be above 0, as 0.1 for a tenth more, and at most 10")
    only = (layers,) if isinstance(layers, str) else tuple(dict.fromkeys(layers))
    steps, idle = one_more.steps_of(base, share, only)
    if not steps:
        why = "; ".join(f"{one}: {reason}" for one, reason in idle.items())
        raise InputError(f"{source}: there is no element of which more could be tried ({why})")
    targets = one_more.own_sites(base, catalogue, area) if area is not None else []
    n_runs, one_seed = study.options(base, runs, seed, jobs)
    if n_runs < 2:
        raise InputError(f"runs = {n_runs}\n  must be at least 2: errors are from the spread over runs")
    every = [reader.to_data(base), one_more.more_missiles(base, name, more), *(step.data for step in steps)]
    labels = ["as it stands", f"{key}.count + {more}", *(step.element for step in steps)]
    ran = _Runs(source, n_runs, one_seed, jobs, progress, len(every))
    leakers = [ran.leakers(i, found, label) for i, (found, label) in enumerate(zip(every, labels))]
    costs = [ran.cost(found) for found in (every[0], *every[2:])]
    missile = (leakers[1] - leakers[0]) / more
    rows = [_row(step, missile, leakers[0] - after, cost - costs[0], price, closed_form(
        base, catalogue, step, name, wave, float(np.mean(cost - costs[0]))))
            for step, after, cost in zip(steps, leakers[2:], costs[1:])]
    facts = study.manifest(base, catalogue, n_runs, one_seed, "full")
    brought = mean_of(missile)
    manifest = {**facts, "format": FORMAT, "kind": "exchange", "price_year": base.price_year, "share": share,
                "layers": list(only), "area": area, "not_tried": idle,
                "missile": {"threat": name, "wave": key, "count": wave.count, "more": more,
                            "leakers": float(np.mean(leakers[0])), "brought": brought.value,
                            "brought_error": brought.error, "is_seen": brought.is_seen,
                            "runs_needed": _number(runs_for(brought, n_runs)), "price_musd": price._asdict(),
                            "is_price_given": threat_cost_musd is not None}}
    import pandas as pd

    table = pd.DataFrame(rows, columns=pd.Index(COLUMNS)).astype({"units": "float64", "runs_needed": "float64"})
    return Exchange(table, _targets(ran, base, targets, costs[0], price), base, manifest)


# ---- what is asked for ----------------------------------------------------------------------------------------


def _usable(scenario: Scenario, source: str) -> Scenario:
    """The scenario, if it is run as raids and has prices."""
    if scenario.stockpile is not None:
        raise InputError(f"{source}: has a stockpile, so it is run as campaigns\n  must be a scenario of raids")
    if scenario.cost is None:
        raise InputError(f"{source}: has no [cost]\n  must say what its elements cost over their lives")
    return scenario


def _more(more: int | None, count: int) -> int:
    if more is None:
        return max(1, round(SHARE * count))
    if isinstance(more, bool) or not isinstance(more, int) or not 1 <= more <= 100_000:
        raise InputError(f"more = {more!r}\n  must be a whole number of missiles, from 1 to 100,000")
    return more


def price_of(known: Any, given: float | Sequence[float] | None) -> Price:
    """The price of a missile: as given (a number, or low, value and high), or the catalogue's quantity."""
    if given is None:
        return Price(known.value, known.low_or_value, known.high_or_value)
    ends = [given] * 3 if isinstance(given, int | float) else list(given)
    if len(ends) != 3 or not all(isinstance(end, int | float) and math.isfinite(end) for end in ends):
        raise InputError(f"threat cost = {given!r}\n  must be a number of M$, or low, value and high, as 25, 40, 60")
    low, value, high = (float(end) for end in ends)
    if not 0.0 < low <= value <= high:
        raise InputError(f"threat cost = {given!r}\n  must be above 0, and rise from low over value to high")
    return Price(value, low, high)


# ---- running --------------------------------------------------------------------------------------------------


class _Runs(NamedTuple):
    """How everything is run."""

    source: str
    runs: int
    seed: int
    jobs: int | None
    progress: Progress | None
    n: int
    """How many scenarios are run."""

    def leakers(self, i: int, data: Mapping[str, Any], label: str) -> F64Array:
        """(R,) leakers of the i-th scenario, run by run."""
        def tell(done: int, total: int) -> None:
            if self.progress is not None:
                self.progress(i * self.runs + self.runs * done // max(total, 1), self.n * self.runs)

        try:
            scenario = reader.from_data(data, source=self.source)
            results = study.run(scenario, runs=self.runs, seed=self.seed, jobs=self.jobs, progress=tell)
        except OpenDomeError as error:
            raise InputError(f"{self.source}, {label}: {error}") from None
        found = by_run(results.tables, results.scenario, "leakers")
        return np.asarray(found.values[:, 0] if found.labels else np.zeros(self.runs), np.float64)

    def cost(self, data: Mapping[str, Any]) -> F64Array:
        """(R,) life-cycle cost of a scenario, M$."""
        return programme_musd(reader.from_data(data, source=self.source), self.runs, self.seed)


# ---- what it is worth -----------------------------------------------------------------------------------------


def mean_of(values: F64Array) -> Mean:
    """Mean over runs and its standard error, of (R,) values."""
    return Mean(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values))))


def compensating(brought: F64Array, averted: F64Array, cost: F64Array) -> Mean:
    """Compensating cost A C / B of one more missile and its standard error, M$, from (R,) leakers that a missile
    brings, leakers that a step averts, and what the step costs.

    The error is by the delta method: gradient (C / B, -A C / B^2, A / B) on the covariances of the three means.
    """
    a, b, c = (float(np.mean(one)) for one in (brought, averted, cost))
    gradient = np.array([c / b, -a * c / b**2, a / b])
    covariance = np.cov(np.stack([brought, averted, cost]), ddof=1) / len(brought)
    return Mean(a * c / b, float(np.sqrt(max(gradient @ covariance @ gradient, 0.0))))


def _row(step: Step, brought: F64Array, averted: F64Array, cost: F64Array, price: Price,
         by_form: float) -> tuple[Any, ...]:
    """The row of a step in the table."""
    gain, spent, runs = mean_of(averted), mean_of(cost), len(cost)
    is_known = gain.is_seen and mean_of(brought).is_seen
    found = compensating(brought, averted, cost) if is_known else Mean(math.nan, math.nan)
    needed = runs_for(Mean(abs(found.value - price.value), found.error), runs) if is_known else runs_for(gain, runs)
    low, high = found.value - BAND * found.error, found.value + BAND * found.error
    return (step.element, step.layer, step.change, step.units, *gain, *spent, gain.is_seen, *found,
            found.value / price.value, low / price.high, high / price.low, needed, by_form)


def runs_for(found: Mean, runs: int) -> float:
    """Runs for which a mean as it was found would be just seen; NaN where it is not above zero."""
    if not found.value > 0.0:
        return math.nan
    return float(max(2, math.ceil(runs * (CLEAR * found.error / found.value) ** 2 * (1.0 - 1e-9))))


def _number(found: float) -> int | None:
    return None if math.isnan(found) else int(found)


def _targets(ran: _Runs, base: Scenario, targets: Sequence[Target], cost: F64Array, price: Price) -> pd.DataFrame:
    """What one more defended target costs: the life cycle with a copy of an area's own sites, less that without."""
    import pandas as pd

    rows = []
    own = [one for one in targets if one.sites]
    for name, some in [*((one.layer, [one]) for one in own), *([("all", own)] if targets else [])]:
        more = mean_of(ran.cost(one_more.with_own_sites(base, some)) - cost) if some else Mean(0.0, 0.0)
        sites = ", ".join(site for one in some for site in one.sites)
        rows.append((name, sites, *more, more.value / price.value))
    return pd.DataFrame(rows, columns=pd.Index(["layer", "sites", "cost_musd", "cost_error", "ratio"])).astype(
        dict.fromkeys(("cost_musd", "cost_error", "ratio"), "float64"))
