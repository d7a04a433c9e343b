"""What of a programme is there by a date, and when its milestones are met.

Deliveries are spread evenly from the first instant of the first month to that of the last (`lower.fleet_of`); each run
draws how late they begin (`delay_months`) and how long they take (`stretch`). The delays of elements are drawn apart:
one that is late makes no other late. Left out: losses of what is there (replacements are taken to come in time), and
the time that units take to work after they are there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome import rng
from opendome.cost.fleet import Fleet, delivered
from opendome.cost.lower import fleet_of, programme_of
from opendome.errors import InputError, ScenarioError
from opendome.kernel import F64Array
from opendome.orbits.patterns import planes_for
from opendome.sampling import Sampler
from opendome.scenario import Scenario, reader
from opendome.scenario.cost_names import Counted, counted, same_thing
from opendome.scenario.cost_specs import FLAT, NONE, Programme
from opendome.scenario.months import FORM, name_of, number_of
from opendome.scenario.quantity import Quantity
from opendome.scenario.specs import Constellation, Layer

if TYPE_CHECKING:
    import pandas as pd

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
"""Quantiles over runs of dates and of what is there."""

NEAR = 1e-8
"""Months, and shares of a whole, that are taken for rounding."""

RUNS_MAX = 1_000_000


@dataclass(frozen=True)
class Capability:
    """What is there by the end of a month. Months as "2028-07"; None for one that is not within the programme."""

    date: str
    last_month: str
    """Last month of the programme."""
    runs: int
    elements: pd.DataFrame
    """One row per element: element, layer, units, planned (there by the date as dated), value (mean over runs of what
    is there), error, low, high (5 and 95 % quantiles over runs), p_all (chance that all are); planned_first,
    planned_done (months of the first and last delivery as dated); first_low, first, first_high, done_low, done,
    done_high (those months in 5 %, 50 % and 95 % of the runs)."""
    milestones: pd.DataFrame
    """One row per milestone: milestone, date, planned (month in which it is met as dated), p_met (chance that it is by
    its date), error, low, month, high (month in which it is met: 5 %, 50 % and 95 % of the runs)."""


def capability(spec: Programme | Mapping[str, Any] | Scenario | str | Path, *, date: str, runs: int = 1000,
               seed: int = 1, changes: Mapping[str, Any] | None = None) -> Capability:
    """What of a programme is there by the end of a month, over the ranges of its delays.

    `spec`: a programme, its plain data, a scenario with `[cost]`, or the name or path of one. With one run the values
    count, and nothing is drawn. A run in which something is not there by the end of the programme counts as later than
    every month. Raises `ScenarioError` with all that is wrong with the programme, `InputError` for a date outside it.
    """
    import pandas as pd

    scenario = programme_of(spec, changes)
    drawn, dated = _drawn(scenario, runs, seed), _drawn(_as_dated(scenario), 1, seed)
    month = month_at(scenario, date)
    programme = scenario.cost
    assert programme is not None
    last = name_of(number_of(programme.start) + 12 * programme.years - 1)
    return Capability(date, last, runs, pd.DataFrame(_element_rows(programme, drawn, dated, month)),
                      pd.DataFrame(_milestone_rows(programme, drawn, dated), columns=pd.Index(MILESTONE)))


MILESTONE = ("milestone", "date", "planned", "p_met", "error", "low", "month", "high")
"""Columns of the table of milestones."""


def month_at(scenario: Scenario, date: str) -> int:
    """Months from the start of the programme to the end of a month. Raises `InputError` for one outside it."""
    programme = scenario.cost
    assert programme is not None
    first = number_of(programme.start)
    last = first + 12 * programme.years - 1
    if not (isinstance(date, str) and FORM.fullmatch(date) and first <= number_of(date) <= last):
        raise InputError(f"date = {date!r}\n  must be a month of the programme, {name_of(first)} to {name_of(last)}")
    return number_of(date) - first + 1


def _drawn(scenario: Scenario, runs: int, seed: int) -> Fleet:
    if isinstance(runs, bool) or not isinstance(runs, int) or not 1 <= runs <= RUNS_MAX:
        raise InputError(f"runs = {runs!r}\n  must be a whole number from 1 to {RUNS_MAX}")
    sampler = Sampler(rng.key(seed), runs, runs > 1 and scenario.assumptions == "sampled")
    assert scenario.cost is not None
    fleets = [fleet_of(scenario, name, element, sampler) for name, element in scenario.cost.elements.items()]
    return Fleet(*(np.stack(column, axis=1) for column in zip(*fleets, strict=True)))


def there_by(fleet: Fleet, month: float) -> F64Array:
    """(R, E) units that are there before an instant, in months after the start of the programme."""
    is_at_once = fleet.last_month <= fleet.first_month
    return delivered(fleet, np.where(is_at_once, month - NEAR, month))


def _as_dated(scenario: Scenario) -> Scenario:
    """The scenario without delays."""
    programme = scenario.cost
    assert programme is not None
    elements = {name: element.model_copy(update={"delay_months": NONE, "stretch": FLAT})
                for name, element in programme.elements.items()}
    return scenario.model_copy(update={"cost": programme.model_copy(update={"elements": elements})})


# ---- rows -------------------------------------------------------------------------------------------------------


def _element_rows(programme: Programme, drawn: Fleet, dated: Fleet, month: int) -> Iterator[dict[str, Any]]:
    there, planned = there_by(drawn, month), there_by(dated, month)
    first, done = _first(drawn), share_month(drawn, 1.0)
    dated_first, dated_done = _first(dated), share_month(dated, 1.0)
    for i, (name, element) in enumerate(programme.elements.items()):
        units = drawn.units[:, i]
        low, high = (_order(there[:, i], q) for q in (LOW, HIGH))
        yield {"element": name, "layer": element.layer or name, "units": float(units.mean()),
               "planned": float(planned[0, i]), **_mean("value", there[:, i]), "low": low, "high": high,
               "p_all": float((there[:, i] >= units * (1.0 - NEAR)).mean()),
               "planned_first": _month(programme, float(dated_first[0, i])),
               "planned_done": _month(programme, float(dated_done[0, i])),
               **{f"first{end}": _month(programme, _order(first[:, i], q)) for end, q in ENDS},
               **{f"done{end}": _month(programme, _order(done[:, i], q)) for end, q in ENDS}}


ENDS = (("_low", LOW), ("", MIDDLE), ("_high", HIGH))
"""Ends of the names of columns, and the quantile that each holds."""


def _milestone_rows(programme: Programme, drawn: Fleet, dated: Fleet) -> Iterator[dict[str, Any]]:
    start = number_of(programme.start)
    for name, milestone in programme.milestones.items():
        met = _met(programme, milestone.needs, drawn)
        by = number_of(milestone.date) - start + 1
        low, middle, high = (_month(programme, _order(met, q)) for q in (LOW, MIDDLE, HIGH))
        yield {"milestone": name, "date": milestone.date,
               "planned": _month(programme, float(_met(programme, milestone.needs, dated)[0])),
               **_mean("p_met", (met + NEAR < by).astype(np.float64)), "low": low, "month": middle, "high": high}


def _met(programme: Programme, needs: Mapping[str, float], fleet: Fleet) -> F64Array:
    """(R,) months after the start at which the shares of all elements are there."""
    at = list(programme.elements)
    months: F64Array = np.max([share_month(fleet, share)[:, at.index(name)] for name, share in needs.items()], axis=0)
    return months


def share_month(fleet: Fleet, share: float) -> F64Array:
    """(R, E) months after the start at which a share (above 0) of the units is there; 0 for what is at the start."""
    lacking = fleet.units - fleet.at_start
    of_lacking = (share * fleet.units - fleet.at_start) / np.where(lacking > 0.0, lacking, 1.0)
    month = fleet.first_month + np.minimum(of_lacking, 1.0) * (fleet.last_month - fleet.first_month)
    return np.where((of_lacking <= 0.0) | (lacking <= 0.0), 0.0, month)


def _first(fleet: Fleet) -> F64Array:
    """(R, E) months after the start at which the first unit is there."""
    return np.where(fleet.at_start > 0.0, 0.0, fleet.first_month)


def _mean(name: str, values: F64Array) -> dict[str, float]:
    """Mean over runs and its standard error."""
    n = len(values)
    error = math.nan if n == 1 else 0.0 if np.ptp(values) == 0.0 else float(np.std(values, ddof=1) / math.sqrt(n))
    return {name: float(values.mean()), "error": error}


def _order(values: F64Array, q: float) -> float:
    """The least of the values that at least a share q of them do not exceed: one of them, infinite ones too."""
    return float(np.quantile(values, q, method="inverted_cdf"))


def _month(programme: Programme, instant: float) -> str | None:
    """The month that an instant lies in; None after the programme."""
    if instant + NEAR >= 12 * programme.years:
        return None
    return name_of(number_of(programme.start) + math.floor(instant + NEAR))


# ---- what a raid would meet -------------------------------------------------------------------------------------


def changes_at(scenario: Scenario, date: str, *, quantile: float = 0.5, runs: int = 1000,
               seed: int | None = None) -> dict[str, Any]:
    """Changes (key to value) that leave of a scenario what is there by the end of a month, at a quantile over delays:
    0.05 is what is there in all but the worst runs, 0.95 in the best alone.

    Each element is taken at that quantile of its own share, so that 0.05 has all of them late together. Of several
    elements that count one thing the least share holds. Satellites: the share `deployed`, of which whole planes fly
    (none: 0). Sites and launchers: the first in the order of the file are there; a site that is not has no rounds.
    Rounds that are there are shared by the sites that are, in proportion to their stocks and up to those, rounded down.
    Sensors on the ground: the first of an element are there, the others never on station. Elements with `n_units`
    change nothing (`unseen`).
    """
    shares = shares_at(scenario, date, quantile=quantile, runs=runs, seed=seed)
    least = _least(scenario, shares)
    changes: dict[str, Any] = {}
    for name, constellation in scenario.constellations.items():
        if (share := least.get(Counted("constellations", name), 1.0)) < 1.0:
            changes[f"constellations.{name}.deployed"] = _deployed(constellation, share)
    for name, layer in scenario.layers.items():
        changes |= _sites(name, layer, least)
    return changes | {f"sensors.{name}.on_station": 0.0 for name in _not_there(scenario, shares)}


def shares_at(scenario: Scenario, date: str, *, quantile: float = 0.5, runs: int = 1000,
              seed: int | None = None) -> dict[str, float]:
    """Share of its units that is there of each element by the end of a month, at a quantile over delays; 1 of none."""
    if scenario.cost is None:
        raise InputError(f"{scenario.title}: has no [cost], which says when what is delivered")
    if not 0.0 <= quantile <= 1.0:
        raise InputError(f"quantile = {quantile!r}\n  must be from 0 (all late) to 1 (all early)")
    fleet = _drawn(scenario, runs, scenario.seed if seed is None else seed)
    there = there_by(fleet, month_at(scenario, date))
    share = np.divide(there, fleet.units, out=np.ones_like(there), where=fleet.units > 0.0)
    return {name: _whole(_order(share[:, i], quantile)) for i, name in enumerate(scenario.cost.elements)}


def scenario_at(scenario: Scenario, date: str, *, quantile: float = 0.5, runs: int = 1000,
                seed: int | None = None) -> Scenario:
    """What a raid would meet at the end of a month (`changes_at`), as a scenario. It has no `[cost]`: what is paid for
    is the whole programme."""
    data = reader.to_data(scenario)
    problems = reader.change(data, changes_at(scenario, date, quantile=quantile, runs=runs, seed=seed))
    if problems:
        raise ScenarioError(f"{scenario.title}, {date}", problems)
    data.pop("cost")
    data.pop("variants", None)
    return reader.from_data(data, source=f"{scenario.title}, {date}")


def unseen(scenario: Scenario) -> list[str]:
    """Elements that a raid does not meet: those that count nothing of the scenario."""
    return [name for name, element in scenario.cost.elements.items() if not element.counts] if scenario.cost else []


def _whole(share: float) -> float:
    return 1.0 if share >= 1.0 - NEAR else share


def _least(scenario: Scenario, shares: Mapping[str, float]) -> dict[Counted, float]:
    """The least share of all elements that count a thing."""
    assert scenario.cost is not None
    least: dict[Counted, float] = {}
    for name, element in scenario.cost.elements.items():
        for key in element.counts:
            thing = counted(same_thing(scenario, key))
            assert thing is not None, "the checks see to it"
            least[thing] = min(least.get(thing, 1.0), shares[name])
    return least


def _deployed(constellation: Constellation, share: float) -> float:
    """The share that is in orbit, of what the file has there; 0 where no plane, or no satellite of a list, is whole."""
    listed = constellation.longitudes_deg or constellation.satellites or []
    n = constellation.n_satellites
    parts = len(listed) if n is None else constellation.n_planes or planes_for(n)
    deployed = constellation.deployed * share
    return deployed if int(deployed * parts + 1e-9) else 0.0


def _sites(name: str, layer: Layer, least: Mapping[Counted, float]) -> dict[str, Any]:
    """Changes of the sites of a layer: fewer rounds, fewer launchers."""
    rounds, sites, launchers = (least.get(Counted("layers", name, part), 1.0) for part in ("", "sites", "launchers"))
    sites_left = math.floor(sites * len(layer.sites) + NEAR)
    launchers_left = math.floor(launchers * sum(site.launchers for site in layer.sites.values()) + NEAR)
    there: dict[str, int] = {}
    for i, (place, site) in enumerate(layer.sites.items()):
        there[place] = min(launchers_left, site.launchers) if i < sites_left else 0
        launchers_left -= min(launchers_left, site.launchers)
    room = {place: there[place] / site.launchers for place, site in layer.sites.items()}
    all_rounds = sum(site.stock.value for site in layer.sites.values())
    room_for = sum(room[place] * site.stock.value for place, site in layer.sites.items())
    filled = min(1.0, rounds * all_rounds / room_for) if room_for > 0.0 else rounds
    changes: dict[str, Any] = {}
    for place, site in layer.sites.items():
        where = f"layers.{name}.sites.{place}"
        if 0 < there[place] < site.launchers:
            changes[f"{where}.launchers"] = there[place]
        if room[place] * filled < 1.0:
            changes[f"{where}.stock"] = _scaled(site.stock, room[place] * filled)
    return changes


def _scaled(stock: Quantity, share: float) -> Any:
    """A number of rounds and its range as plain data, scaled and rounded down."""
    ends = {end: float(math.floor(number * share + NEAR)) for end in ("value", "low", "high")
            if (number := getattr(stock, end)) is not None}
    return stock.model_dump(exclude_defaults=True) | ends if len(set(ends.values())) > 1 else ends["value"]


def _not_there(scenario: Scenario, shares: Mapping[str, float]) -> list[str]:
    """Sensors on the ground that are not there, in the order of the scenario."""
    assert scenario.cost is not None
    gone: set[str] = set()
    for name, element in scenario.cost.elements.items():
        things = [counted(key) for key in element.counts]
        ground = [thing.name for thing in things if thing is not None and thing.section == "sensors"
                  and scenario.sensors[thing.name].constellation is None]
        gone.update(ground[math.floor(shares[name] * len(ground) + NEAR):])
    return [name for name in scenario.sensors if name in gone]
