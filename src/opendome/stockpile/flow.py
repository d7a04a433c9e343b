"""Stocks from month to month: whole rounds in, whole rounds out, none lost from sight.

Order within a month: rounds that were on the way arrive; parts and rounds are made and handed over; loans come back and
transfers leave; rounds are fired; what has grown too old is taken away. docs/models/stockpile.md has the equations.
The kernels work on one run at a time: run i reads and writes row i. Uses that are planned come from the tables, all
others from whoever calls `fire` between `begin_month` and `end_month`.
"""

import math

import numpy as np

from opendome.kernel import kernel, rows
from opendome.stockpile.production import open_works, produce
from opendome.stockpile.rates import ROUNDING
from opendome.stockpile.tables import NEVER, LinesNow, LotsNow, MakersNow, Records, Shared, State, Tables, Works


@kernel
def begin_run(tables, run, state):
    """Set the state to that at the start of a run."""
    for pair in range(tables.start.shape[1]):
        state.stock[pair] = tables.start[run, pair]
        state.outflow[pair] = 0
        state.inflow[0, pair] = tables.start[run, pair]
        for month in range(state.coming_made.shape[0]):
            state.coming_made[month, pair] = 0
            state.coming_given[month, pair] = 0
    open_works(state.works)


@kernel
def begin_month(tables, run, month, state, records):
    """Arrivals, production, loans back and transfers of a month."""
    produce(tables.makers, tables.shares, tables.lots, tables.queues, run, month, state.works, state.coming_made)
    for pair in range(state.stock.shape[0]):
        state.wanted[pair] = 0
        state.fired[pair] = 0
        state.sent[pair] = 0
        state.expired[pair] = 0
        state.delivered[pair] = state.coming_made[month, pair]
        state.received[pair] = state.coming_given[month, pair]
        state.stock[pair] += state.delivered[pair] + state.received[pair]
        state.coming_made[month, pair] = 0
        state.coming_given[month, pair] = 0
    _give(tables.gifts, run, month, state)
    for pair in range(state.stock.shape[0]):
        arrived = state.delivered[pair] + state.received[pair]
        state.inflow[month + 1, pair] = state.inflow[month, pair] + arrived
    for maker in range(records.capacity.shape[1]):
        records.capacity[run, maker] = state.works.makers.capacity[maker]
        records.made[run, maker] = state.works.makers.made[maker]


@kernel
def _give(gifts, run, month, state):
    """Loans back and transfers of a month, in order; what has no delay arrives when all have left."""
    n_months = state.coming_given.shape[0] - 1
    first, last = gifts.by_month[month], gifts.by_month[month + 1]
    for gift in range(first, last):
        giver, taker = gifts.giver[gift], gifts.taker[gift]
        rounds = gifts.rounds[run, gift]
        if gifts.loan[gift] >= 0:
            rounds = state.gift_done[gifts.loan[gift]]
        n = min(rounds, max(state.stock[giver] - gifts.keep[run, gift], 0))
        state.gift_done[gift] = n
        state.stock[giver] -= n
        state.sent[giver] += n
        state.outflow[giver] += n
        state.coming_given[min(month + gifts.delay[gift], n_months), taker] += n
    for gift in range(first, last):
        if gifts.delay[gift] == 0:
            taker = gifts.taker[gift]
            n = state.coming_given[month, taker]
            state.coming_given[month, taker] = 0
            state.stock[taker] += n
            state.received[taker] += n


@kernel
def planned(tables, run, month, state):
    """Fire what the stockpile's own uses ask for in a month."""
    plans = tables.plans
    for use in range(plans.pair.shape[0]):
        begin = month - plans.first[use]
        n = (_fired_by(plans.rounds[run, use], begin + 1.0, plans.months[run, use])
             - _fired_by(plans.rounds[run, use], begin, plans.months[run, use]))
        if n > 0:
            fire(state, plans.pair[use], n)


@kernel
def _fired_by(rounds, passed_months, months):
    """Rounds of a use fired once it has gone on for a time, to the nearest whole."""
    return math.floor(rounds * min(max(passed_months / months, 0.0), 1.0) + 0.5)


@kernel
def fire(state, pair, n):
    """Fire n rounds of a pair, or as many as there are; returns how many."""
    fired = min(n, state.stock[pair])
    state.wanted[pair] += n
    state.fired[pair] += fired
    state.stock[pair] -= fired
    state.outflow[pair] += fired
    return fired


@kernel
def end_month(tables, run, month, state, records):
    """Take away what has grown too old, and record the month."""
    for pair in range(state.stock.shape[0]):
        if tables.storage[run, tables.pairs.interceptor[pair]] < NEVER:
            _expire(tables, run, month, state, pair)
        records.stock[run, month, pair] = state.stock[pair]
        records.wanted[run, month, pair] = state.wanted[pair]
        records.fired[run, month, pair] = state.fired[pair]
        records.delivered[run, month, pair] = state.delivered[pair]
        records.received[run, month, pair] = state.received[pair]
        records.sent[run, month, pair] = state.sent[pair]
        records.expired[run, month, pair] = state.expired[pair]


@kernel
def _expire(tables, run, month, state, pair):
    """Take away the rounds whose storage life has ended, the oldest being the first that were used.

    All that ever came in before the instant one storage life ago, less all that ever went out, is too old.
    """
    kind = tables.pairs.interceptor[pair]
    born = month + 1.0 - tables.storage[run, kind]  # months; what came in before this instant is too old
    if born >= 0.0:
        came = state.inflow[math.floor(born + ROUNDING), pair]
    elif born + tables.age[run, kind] > 0.0:
        came = math.floor(state.inflow[0, pair] * (1.0 + born / tables.age[run, kind]) + ROUNDING)
    else:
        came = 0
    old = max(came - state.outflow[pair], 0)
    state.stock[pair] -= old
    state.expired[pair] += old
    state.outflow[pair] += old


@kernel
def end_run(tables, run, state, records):
    """Record what is known only at the end of a run."""
    works = state.works
    for lot in range(works.lots.shape[0]):
        records.lot_done[run, lot] = works.lots.done[lot]
        records.lot_first[run, lot] = works.lots.first[lot]
        records.lot_last[run, lot] = works.lots.last[lot]
    for line in range(works.lines.shape[0]):
        records.short[run, line] = works.lines.short[line]
        records.idle[run, line] = works.lines.idle[line]
    for pair in range(state.stock.shape[0]):
        records.on_way_made[run, pair] = state.coming_made[tables.n_months, pair]
        records.on_way_given[run, pair] = state.coming_given[tables.n_months, pair]


@kernel
def simulate(tables, first, last, state, records):
    """Whole runs first to last - 1, with no uses but those of the stockpile."""
    for run in range(first, last):
        begin_run(tables, run, state)
        for month in range(tables.n_months):
            begin_month(tables, run, month, state, records)
            planned(tables, run, month, state)
            end_month(tables, run, month, state, records)
        end_run(tables, run, state, records)


def empty_state(tables: Tables) -> State:
    """Room for the state of one run at a time; each thread needs its own."""
    m, p, x = tables.n_months + 1, tables.start.shape[1], tables.gifts.month.size
    sizes = {"coming_made": (m, p), "coming_given": (m, p), "inflow": (m, p), "gift_done": (x,)}
    arrays = {name: np.zeros(sizes.get(name, (p,)), np.int64) for name in State._fields if name != "works"}
    return State(works=_empty_works(tables), **arrays)


def _empty_works(tables: Tables) -> Works:
    n, lines, components = tables.lots.pair.size, *tables.shares.needs.shape
    return Works(lots=rows(LotsNow, n), makers=rows(MakersNow, components + lines), lines=rows(LinesNow, lines),
                 parts=np.zeros(components, np.int64), owed=np.zeros((components, lines)),
                 room=rows(Shared, max(lines, n, 2)))


def empty_records(tables: Tables, runs: int) -> Records:
    """Room for the records of `runs` runs."""
    months, p = tables.n_months, tables.start.shape[1]
    n, k, lines = tables.lots.pair.size, tables.makers.ramp.size, tables.shares.needs.shape[0]
    sizes = {"lot_done": n, "lot_first": n, "lot_last": n, "made": k, "short": lines, "idle": lines,
             "on_way_made": p, "on_way_given": p}
    shapes = {name: (runs, sizes[name]) if name in sizes else (runs, months, p) for name in Records._fields}
    whole = {name: np.zeros(shape, np.int32) for name, shape in shapes.items() if name != "capacity"}
    return Records(capacity=np.zeros((runs, k)), **whole)
