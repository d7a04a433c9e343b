"""One month of work: parts are made, lines build what is due and allowed, and hand it over.

Lines build as many as their capacity, their parts, and the rounds due and allowed. Where parts are short they are
shared (`shares.share_parts`), lines build, and what is left over is shared again until nobody can build more that way;
a last pass in the order of the file uses parts that shares left in wrong places.
"""

import math

from opendome.kernel import kernel
from opendome.stockpile.rates import ROUNDING, learn, work
from opendome.stockpile.shares import apportion, most, share_parts
from opendome.stockpile.tables import NEVER, PROPORTIONAL


@kernel
def produce(tables, run, month, state, records):
    """Make parts, build rounds, hand them over; parts left over are kept as far as there is a store for them."""
    work(tables.makers, run, month, state, records)
    _fall_due(tables.lots, run, month, state)
    n_lines, n_components = tables.shares.needs.shape
    for component in range(n_components):
        state.parts[component] += state.whole[component]
    for line in range(n_lines):
        state.left[line] = state.whole[n_components + line]
    _build_all(tables, run, month, state, records)
    for component in range(n_components):
        wasted = max(state.parts[component] - tables.shares.store[run, component], 0)
        state.parts[component] -= wasted
        learn(tables.makers, run, month, state, component, state.whole[component] - wasted)
    for line in range(n_lines):
        if state.left[line] > 0:
            short = _wish(tables, run, month, state, line)
            records.short[run, line] += short
            records.idle[run, line] += state.left[line] - short
        maker = n_components + line
        learn(tables.makers, run, month, state, maker, state.whole[maker] - state.left[line])


@kernel
def _fall_due(lots, run, month, state):
    """Rounds of every lot that are due by the end of the month and not built yet, in `state.lot_open`."""
    for lot in range(lots.pair.shape[0]):
        state.lot_open[lot] = 0
        late = month + 1.0 - lots.due[run, lot]
        rounds = lots.rounds[run, lot]
        if month >= lots.contract[lot] and late > 0.0 and state.lot_done[lot] < rounds:
            due = rounds
            if late < lots.over[run, lot]:
                due = math.floor(rounds * late / lots.over[run, lot] + ROUNDING)
            state.lot_open[lot] = max(due - state.lot_done[lot], 0)


@kernel
def _build_all(tables, run, month, state, records):
    """Every line builds what it can."""
    n_lines = tables.shares.needs.shape[0]
    is_short, built = True, 1
    while is_short and built > 0:
        for line in range(n_lines):
            state.want[line] = _wish(tables, run, month, state, line)
        is_short = share_parts(tables.shares, state)
        built = 0
        for line in range(n_lines):
            if state.share[line] > 0:
                built += _build(tables, run, month, state, records, line, state.share[line])
    if is_short:
        for line in range(n_lines):
            n = _wish(tables, run, month, state, line)
            for component in range(tables.shares.needs.shape[1]):
                needs = tables.shares.needs[line, component]
                if needs > 0:
                    n = min(n, state.parts[component] // needs)
            if n > 0:
                _build(tables, run, month, state, records, line, n)


@kernel
def _due(tables, month, state, line):
    """Rounds due of the lots that a line may build now: at home, abroad."""
    home, abroad = 0, 0
    may_export = month >= tables.shares.exports_from[line]
    for entry in range(tables.queues.first[line], tables.queues.first[line + 1]):
        n = state.lot_open[tables.queues.lot[entry]]
        if not tables.queues.is_export[entry]:
            home += n
        elif may_export:
            abroad += n
    return home, abroad


@kernel
def _wish(tables, run, month, state, line):
    """Rounds that a line would build with what is left of its capacity, if it had the parts."""
    if state.left[line] == 0:
        return 0
    home, abroad = _due(tables, month, state, line)
    if home + abroad == 0:
        return 0
    made = state.made[tables.shares.needs.shape[1] + line] + state.whole[tables.shares.needs.shape[1] + line]
    n, _ = most(state.left[line], home, abroad, tables.shares.export_share[run, line], made - state.left[line],
                state.exported[line])
    return n


@kernel
def _build(tables, run, month, state, records, line, limit):
    """Build up to `limit` rounds on a line for the lots that are due, and use up the parts; returns how many."""
    shares, queues = tables.shares, tables.queues
    n_components = shares.needs.shape[1]
    home, abroad = _due(tables, month, state, line)
    made = state.made[n_components + line] + state.whole[n_components + line] - state.left[line]
    n, exports = most(min(limit, state.left[line]), home, abroad, shares.export_share[run, line], made,
                      state.exported[line])
    first, last = queues.first[line], queues.first[line + 1]
    if shares.line_sharing[line] == PROPORTIONAL:
        state.claims[0], state.claims[1] = home, abroad
        apportion(n, 2, state)
        exports = max(min(state.given[1], exports), n - home)
        _share_lots(tables, run, month, state, records, line, n - exports, False)
        _share_lots(tables, run, month, state, records, line, exports, True)
    else:
        left, may_export = n, month >= shares.exports_from[line]
        for entry in range(first, last):
            ready = min(state.lot_open[queues.lot[entry]], left)
            if queues.is_export[entry]:
                ready = min(ready, exports) if may_export else 0
                exports -= ready
            if ready > 0:
                _hand_over(tables, run, month, state, records, line, entry, ready)
                left -= ready
    for component in range(n_components):
        state.parts[component] -= n * shares.needs[line, component]
    state.left[line] -= n
    return n


@kernel
def _share_lots(tables, run, month, state, records, line, n, is_export):
    """Hand n rounds over to the lots at home or abroad, in proportion to what is due of each."""
    if n == 0:
        return
    first, last = tables.queues.first[line], tables.queues.first[line + 1]
    for entry in range(first, last):
        is_in = tables.queues.is_export[entry] == is_export
        state.claims[entry - first] = state.lot_open[tables.queues.lot[entry]] if is_in else 0
    apportion(n, last - first, state)
    for entry in range(first, last):
        if state.given[entry - first] > 0:
            _hand_over(tables, run, month, state, records, line, entry, state.given[entry - first])


@kernel
def _hand_over(tables, run, month, state, records, line, entry, n):
    """n rounds leave the line for a lot: into the owner's stock at once, or later if they go abroad."""
    lot = tables.queues.lot[entry]
    pair = tables.lots.pair[lot]
    state.lot_open[lot] -= n
    state.lot_done[lot] += n
    arrival = month
    if tables.queues.is_export[entry]:
        state.exported[line] += n
        arrival += tables.shares.export_delay[run, line]
    n_months = state.coming_made.shape[0] - 1
    if arrival == month:
        state.stock[pair] += n
        state.delivered[pair] += n
    else:
        state.coming_made[min(arrival, n_months), pair] += n
    if arrival < n_months:
        records.lot_first[run, lot] = min(records.lot_first[run, lot], arrival)
        if records.lot_last[run, lot] == NEVER or records.lot_last[run, lot] < arrival:
            records.lot_last[run, lot] = arrival
