"""Campaigns over months: in each month rounds arrive, are made, given and fired by plan; then comes day after day.

On a day each campaign's raid is engaged by what the scenario says: by rates, by a response surface, or simulated. What
is fired leaves the owner's stock at once, so that campaigns that share a stock draw on it in the order of the file;
within a day those by rates and surfaces come before those that are simulated. Run i writes row i.
"""

import threading
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from opendome import rng
from opendome.battle import CLASSES
from opendome.campaign import design
from opendome.campaign.fight import (
    BY_OTHERS,
    BY_STOCKS,
    ENGAGED,
    HARMLESS,
    Bench,
    empty_bench,
    fight,
    raid_key,
    raid_tables,
    stock_at_sites,
)
from opendome.campaign.lower import BY_RAID, BY_RATES, BY_SURFACE, Plan, draw_campaign, lower
from opendome.campaign.outcome import Attacks, Outcome
from opendome.campaign.process import DAYS
from opendome.campaign.rates import meet_by_rates
from opendome.campaign.surface import Room, Surface, empty_room, meet_by_surface, stack, step_that_holds
from opendome.catalogue import Catalogue
from opendome.kernel import I64Array, Packed, kernel, rows, spread
from opendome.scenario.specs import Scenario
from opendome.stockpile import flow
from opendome.stockpile.flow import begin_month, begin_run, end_month, end_run, fire, planned
from opendome.stockpile.tables import Records, State, Tables

BLOCK = 16
"""Runs that one thread takes at a time."""

BEYOND_SHARE = 0.01
"""Share of the raids that may be larger than any that the surface was fitted to before a warning says so."""


class LargeRaids(UserWarning):
    """Many raids of a campaign are larger than those that its response surface was fitted to."""


class Memory(NamedTuple):
    """Working memory of one thread."""

    state: State
    counts: I64Array  # (G, BLOCK, M, 31, C) launched on each day
    part: I64Array  # (C,) those of a raid that one way of engaging is asked about
    room: Room


# ---- kernels ----------------------------------------------------------------------------------------------------


@kernel
def _record(attacks, run, month, g, c, launched, engaged, destroyed, harmless):
    """Add one class of one raid to what came and what became of it."""
    attacks.raids[run, month, g, c] += 1
    attacks.launched[run, month, g, c] += launched
    attacks.engaged[run, month, g, c] += engaged
    attacks.destroyed[run, month, g, c] += destroyed
    attacks.leaked[run, month, g, c] += launched - destroyed - harmless
    attacks.harmless[run, month, g, c] += harmless


@kernel
def engage_day(start, war, run, month, day, g, counts, state, attacks, part, room):
    """Engage one campaign's threats of a day, `counts` (C,), where that is by surface or rates."""
    today = rng.child(war.id[g], (month - war.first[g]) * DAYS + day)
    n_surface = 0
    for c in range(counts.shape[0]):
        part[c] = counts[c] if war.by[g, c] == BY_SURFACE else 0
        n_surface += part[c]
    if n_surface > 0:
        meet_by_surface(war.surfaces, start, war.key, run, g, today, part, state, room)
        for c in range(counts.shape[0]):
            if part[c] > 0:
                done = room.done[c]
                _record(attacks, run, month, g, c, part[c], done[ENGAGED], done[BY_STOCKS] + done[BY_OTHERS],
                        done[HARMLESS])
    for c in range(counts.shape[0]):
        if counts[c] > 0 and war.by[g, c] == BY_RATES:
            engaged, destroyed, harmless = meet_by_rates(war.rates, start, war.key, run, g, c, today, counts[c], state)
            _record(attacks, run, month, g, c, counts[c], engaged, destroyed, harmless)


@kernel
def engage_day_of_all(start, war, run, month, day, counts, row, state, attacks, part, room):
    """`engage_day` for all campaigns in order; `counts` (G, BLOCK, M, 31, C), of which `row` is the run's."""
    for g in range(counts.shape[0]):
        engage_day(start, war, run, month, day, g, counts[g, row, month, day], state, attacks, part, room)


@kernel
def simulate(pile, war, first, last, state, records, attacks, counts, part, room):
    """Runs first .. last - 1 whose raids are all engaged by rates or surfaces."""
    for run in range(first, last):
        begin_run(pile, run, state)
        for month in range(pile.n_months):
            begin_month(pile, run, month, state, records)
            planned(pile, run, month, state)
            for day in range(war.n_days[month]):
                engage_day_of_all(pile.start, war, run, month, day, counts, run - first, state, attacks, part, room)
            end_month(pile, run, month, state, records)
        end_run(pile, run, state, records)


# ---- runs whose raids are simulated -----------------------------------------------------------------------------


def _simulate_raids(plan: Plan, first: int, last: int, records: Records, attacks: Packed, memory: Memory,
                    benches: list[list[Bench]], told: Callable[[int], None]) -> None:
    """`simulate` where at least one campaign's raids are simulated one by one; `told` hears of every month."""
    pile, war, state = plan.stocks.tables, plan.war, memory.state
    is_other = (war.by != BY_RAID)[:, np.newaxis, :]
    for run in range(first, last):
        begin_run(pile, run, state)
        for month in range(pile.n_months):
            begin_month(pile, run, month, state, records)
            planned(pile, run, month, state)
            days = memory.counts[:, run - first, month]  # (G, 31, C)
            for day in np.flatnonzero(days.any(axis=(0, 2))):
                if (days[:, day, np.newaxis] * is_other).any():
                    engage_day_of_all(pile.start, war, run, month, day, memory.counts, run - first, state, attacks,
                                      memory.part, memory.room)
                for g, mine in enumerate(benches):
                    counts = np.where(war.by[g] == BY_RAID, days[g, day], 0)
                    if counts.any():
                        _fight_raid(plan, run, month, int(day), g, counts, state, attacks, mine)
            end_month(pile, run, month, state, records)
            told(1)
        end_run(pile, run, state, records)


def _fight_raid(plan: Plan, run: int, month: int, day: int, g: int, counts: I64Array, state: State, attacks: Packed,
                benches: list[Bench]) -> None:
    """Simulate one raid of a campaign, and take what was fired from the stocks."""
    war = plan.war
    step = int(step_that_holds(war.surfaces, plan.stocks.tables.start, run, g, state))
    template, bench = plan.templates[g][step], benches[step]
    pairs = war.surfaces.extent.pair[g, : len(template.stocks)]
    at_sites = stock_at_sites(template, run, state.stock[pairs])
    place = (int(war.id[g]), run, (month - int(war.first[g])) * DAYS + day)
    fight(template, raid_tables(template, counts, run, run + 1, at_sites[np.newaxis], raid_key(plan.seed, *place)),
          bench)
    for pair, rounds in zip(pairs, bench.rounds[0].sum(axis=0), strict=True):
        fire(state, pair, rounds)
    for c in np.flatnonzero(counts):
        met = bench.met[0, c]
        _record(attacks, run, month, g, c, counts[c], met[ENGAGED], met[BY_STOCKS] + met[BY_OTHERS], met[HARMLESS])


# ---- all of it --------------------------------------------------------------------------------------------------


class _Told:
    """Adds up what is done, from any thread, and tells of it."""

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.done, self.total, self.progress, self.lock = 0, total, progress, threading.Lock()

    def __call__(self, more: int) -> None:
        with self.lock:
            self.done += more
            if self.progress:
                self.progress(self.done, self.total)


def run_all(scenario: Scenario, catalogue: Catalogue, *, runs: int, seed: int, jobs: int | None = None,
            progress: Callable[[int, int], None] | None = None) -> Outcome:
    """See `opendome.campaign.run_all`."""
    plan = lower(scenario, catalogue, runs=runs, seed=seed)
    is_raided = bool((plan.war.by == BY_RAID).any())
    designs = [one.surface for one, by in zip(plan.campaigns.values(), plan.war.by, strict=True) if BY_SURFACE in by
               for _ in range(1 + len(one.doctrine))]
    told = _Told(sum((d.points + d.checks) * d.runs for d in designs)
                 + runs * (plan.stocks.tables.n_months if is_raided else 1), progress)
    told(0)
    plan, checked = fit_surfaces(plan, jobs, told)
    records = flow.empty_records(plan.stocks.tables, runs)
    attacks = _attacks(plan)
    if not plan.campaigns:
        _spread_stocks(plan.stocks.tables, runs, records, jobs, told)
    else:
        _spread_campaigns(plan, records, attacks, jobs, told)
    return Outcome(plan.stocks.names, plan.stocks.tables, records, list(plan.campaigns),
                   Attacks(*(np.ascontiguousarray(attacks[name]) for name in Attacks._fields)), checked,
                   plan.assumptions)


def fit_surfaces(plan: Plan, jobs: int | None, told: Callable[[int], None]) -> tuple[Plan, list[dict[str, Any]]]:
    """The plan with the coefficients of all its surfaces, and the rows of the table `surfaces`.

    The steps of a doctrine meet the same raids with the same random numbers.
    """
    checked: list[dict[str, Any]] = []
    found: list[list[Surface]] = [[] for _ in plan.campaigns]
    for g, (name, one) in enumerate(plan.campaigns.items()):
        if BY_SURFACE not in plan.war.by[g]:
            continue
        for step, template in enumerate(plan.templates[g]):
            surface, told_of = design.fitted(
                template, points=one.surface.points, checks=one.surface.checks, runs=one.surface.runs,
                largest=plan.largest[g], campaign=name, step=step, place=(int(plan.war.id[g]),), seed=plan.seed,
                jobs=jobs, progress=told)
            found[g].append(surface)
            checked += told_of
    old = plan.war.surfaces
    fits = stack(found, old.extent.pair.shape[1], old.extent.watched.shape[1])
    old.extent.largest[:] = np.array(plan.largest, np.int64).reshape(len(found), len(CLASSES))
    return replace(plan, war=plan.war._replace(surfaces=old._replace(fits=fits))), checked


def _attacks(plan: Plan) -> Packed:
    """(R, M, G, C) of Attacks."""
    return rows(Attacks, plan.runs, plan.stocks.tables.n_months, len(plan.campaigns), len(CLASSES))


def _spread_stocks(tables: Tables, runs: int, records: Records, jobs: int | None, told: Callable[[int], None]) -> None:
    """All runs of a stockpile without campaigns."""
    memory = threading.local()

    def work(first: int, last: int) -> None:
        if not hasattr(memory, "state"):
            memory.state = flow.empty_state(tables)
        flow.simulate(tables, first, last, memory.state, records)
        told(last - first)

    spread(work, runs, jobs=jobs, block=BLOCK)


def _spread_campaigns(plan: Plan, records: Records, attacks: Packed, jobs: int | None,
                      told: Callable[[int], None]) -> None:
    """All runs of the campaigns."""
    tables, here = plan.stocks.tables, threading.local()
    is_raided = bool((plan.war.by == BY_RAID).any())
    beyond = np.zeros((plan.runs, len(plan.campaigns), 2), np.int64)

    def work(first: int, last: int) -> None:
        if not hasattr(here, "memory"):
            here.memory, here.benches = _empty_memory(plan), [list[Bench]() for _ in plan.campaigns]
        _draw(plan, first, last, here.memory.counts)
        beyond[first:last] = _beyond(plan, here.memory.counts[:, : last - first])
        if is_raided:
            _make_benches(plan, here.memory.counts, here.benches)
            _simulate_raids(plan, first, last, records, attacks, here.memory, here.benches, told)
        else:
            simulate(tables, plan.war, first, last, here.memory.state, records, attacks, here.memory.counts,
                     here.memory.part, here.memory.room)
            told(last - first)

    spread(work, plan.runs, jobs=jobs, block=1 if is_raided else BLOCK)
    for (name, mine), (large, every) in zip(plan.campaigns.items(), beyond.sum(axis=0), strict=True):
        if mine.fight == "surface" and large > BEYOND_SHARE * every:
            warnings.warn(f"campaigns.{name}: {large} of {every} raids are larger than the surface was fitted to; they "
                          "are engaged as well as the largest that it was fitted to\n"
                          f"hint: set campaigns.{name}.surface.largest", LargeRaids, stacklevel=2)


def _empty_memory(plan: Plan) -> Memory:
    n_months, n_classes = plan.stocks.tables.n_months, len(CLASSES)
    counts = np.zeros((len(plan.campaigns), BLOCK, n_months, DAYS, n_classes), np.int64)
    return Memory(flow.empty_state(plan.stocks.tables), counts, np.zeros(n_classes, np.int64),
                  empty_room(plan.war.surfaces.extent.pair.shape[1]))


def _draw(plan: Plan, first: int, last: int, counts: I64Array) -> None:
    """The raids of runs first .. last - 1 into their rows of `counts`."""
    levels = np.zeros(len(CLASSES))
    for g, source in enumerate(plan.sources):
        if isinstance(source, np.ndarray):
            counts[g, : last - first] = source
        else:
            begin = int(plan.war.first[g])
            draw_campaign(source, plan.war.key, plan.war.id[g], first, last, begin, plan.n_months[g],
                          plan.war.n_days[begin:], levels, counts[g])


def _beyond(plan: Plan, counts: I64Array) -> I64Array:
    """(runs, G, 2) raids with more of a class by surface than its surface was fitted to, and all its raids."""
    by_surface = counts * (plan.war.by == BY_SURFACE)[:, np.newaxis, np.newaxis, np.newaxis]
    large = (by_surface > plan.war.surfaces.extent.largest[:, np.newaxis, np.newaxis, np.newaxis]).any(axis=-1)
    return np.stack([large.sum(axis=(2, 3)).T, by_surface.any(axis=-1).sum(axis=(2, 3)).T], axis=-1)


def _make_benches(plan: Plan, counts: I64Array, benches: list[list[Bench]]) -> None:
    """Working memory for the largest raids of these runs, where what is there is too small."""
    for g, templates in enumerate(plan.templates):
        most = counts[g].max(axis=(0, 1, 2)) * (plan.war.by[g] == BY_RAID)
        if not most.any():
            continue
        have = benches[g][0].largest if benches[g] else np.zeros_like(most)
        if (most > have).any():
            benches[g] = [empty_bench(template, np.maximum(most, have), 1) for template in templates]
