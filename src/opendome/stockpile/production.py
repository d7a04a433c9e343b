"""One month of work: parts are made, lines build what is due and allowed, and hand it over.

Lines build as many as their capacity, their parts, and the rounds due and allowed. Where parts are short they are
shared among the lines that have some of each (`shares.share_parts`), lines build, and what is left over is shared again
until nobody can build more that way; a last pass in the order of the file uses parts that shares left in wrong places.
"""

import math

from opendome.kernel import kernel
from opendome.stockpile.rates import ROUNDING, learn, work
from opendome.stockpile.shares import apportion, most, share_parts
from opendome.stockpile.tables import NEVER, PROPORTIONAL


@kernel
def open_works(works):
    """Set makers and lots to where they stand at the start of a run: nothing made, nothing stored."""
    for lot in range(works.lots.shape[0]):
        works.lots.done[lot] = 0
        works.lots.owed[lot] = 0.0
        works.lots.first[lot] = NEVER
        works.lots.last[lot] = NEVER
    for maker in range(works.makers.shape[0]):
        works.makers.carry[maker] = 0.0
        works.makers.capacity[maker] = 0.0
        works.makers.made[maker] = 0
        works.makers.learnt[maker] = 0
    for component in range(works.parts.shape[0]):
        works.parts[component] = 0
        for line in range(works.lines.shape[0]):
            works.owed[component, line] = 0.0
    for line in range(works.lines.shape[0]):
        works.lines.built[line] = 0
        works.lines.exported[line] = 0
        works.lines.owed[line] = 0.0
        works.lines.short[line] = 0
        works.lines.idle[line] = 0


@kernel
def produce(makers, shares, lots, queues, run, month, works, coming):
    """Make parts, build rounds, and put them where they will arrive: `coming` (M + 1, P) by month.

    Parts left over are kept as far as there is a store for them.
    """
    work(makers, run, month, works)
    _fall_due(lots, run, month, works)
    n_lines, n_components = shares.needs.shape
    for component in range(n_components):
        works.parts[component] += works.makers.whole[component]
    for line in range(n_lines):
        works.lines.left[line] = works.makers.whole[n_components + line]
    _build_all(shares, queues, run, month, works, coming)
    for component in range(n_components):
        wasted = max(works.parts[component] - shares.store[run, component], 0)
        works.parts[component] -= wasted
        learn(makers, run, month, works, component, works.makers.whole[component] - wasted)
    for line in range(n_lines):
        maker, left = n_components + line, works.lines.left[line]
        if left > 0:
            short, _ = _plan(shares, queues, run, month, works, line, left)
            works.lines.short[line] += short
            works.lines.idle[line] += left - short
        learn(makers, run, month, works, maker, works.makers.whole[maker] - left)


@kernel
def _fall_due(lots, run, month, works):
    """Rounds of every lot that are due by the end of the month and not built yet, in `works.lots.open`.

    A lot is never due before the month of its contract: the scenario's form sees to that.
    """
    for lot in range(lots.pair.shape[0]):
        works.lots.open[lot] = 0
        late = month + 1.0 - lots.due[run, lot]
        rounds = lots.rounds[run, lot]
        if late > 0.0 and works.lots.done[lot] < rounds:
            due = rounds
            if late < lots.over[run, lot]:
                due = math.floor(rounds * late / lots.over[run, lot] + ROUNDING)
            works.lots.open[lot] = max(due - works.lots.done[lot], 0)


@kernel
def _build_all(shares, queues, run, month, works, coming):
    """Every line builds what it can."""
    n_lines = shares.needs.shape[0]
    built, is_short = 1, True
    while is_short and built > 0:
        asked = 0
        for line in range(n_lines):
            has_parts = _rounds_of_parts(shares, works, line, works.lines.left[line]) > 0
            works.lines.want[line] = 0
            if has_parts:
                works.lines.want[line], _ = _plan(shares, queues, run, month, works, line, works.lines.left[line])
                asked += works.lines.want[line]
        is_short = asked > 0 and share_parts(shares, works)
        built = 0
        for line in range(n_lines):
            if works.lines.want[line] > 0 and works.lines.share[line] > 0:
                built += _build(shares, queues, run, month, works, coming, line, works.lines.share[line])
    if is_short:  # shares lead no further: take what there is, line by line
        for line in range(n_lines):
            limit = _rounds_of_parts(shares, works, line, works.lines.left[line])
            _build(shares, queues, run, month, works, coming, line, limit)


@kernel
def _rounds_of_parts(shares, works, line, limit):
    """Rounds, up to `limit`, for which there are parts in store."""
    for component in range(shares.needs.shape[1]):
        if shares.needs[line, component] > 0:
            limit = min(limit, works.parts[component] // shares.needs[line, component])
    return limit


@kernel
def _plan(shares, queues, run, month, works, line, limit):
    """Rounds up to `limit` that a line may build for the lots that are due, and how many of these are exports."""
    if limit == 0:
        return 0, 0
    home, abroad = 0, 0
    may_export = month >= shares.exports_from[line]
    for entry in range(queues.first[line], queues.first[line + 1]):
        n = works.lots.open[queues.turns.lot[entry]]
        if not queues.turns.is_export[entry]:
            home += n
        elif may_export:
            abroad += n
    works.room.claim[0], works.room.claim[1] = home, abroad
    if home + abroad == 0:
        return 0, 0
    return most(limit, home, abroad, shares.export_share[run, line], works.lines.built[line],
                works.lines.exported[line])


@kernel
def _build(shares, queues, run, month, works, coming, line, limit):
    """Build up to `limit` rounds on a line for the lots that are due, and use up the parts; returns how many."""
    n, exports = _plan(shares, queues, run, month, works, line, limit)
    if n == 0:
        return 0
    if shares.line_sharing[line] == PROPORTIONAL:
        _take_by_share(queues, works, line, n, exports)
    else:
        _take_in_order(queues, works, line, n, exports)
    first, n_months = queues.first[line], coming.shape[0] - 1
    for entry in range(first, queues.first[line + 1]):
        taken = works.room.built[entry - first]
        if taken > 0:
            lot, arrival = queues.turns.lot[entry], month
            if queues.turns.is_export[entry]:
                works.lines.exported[line] += taken
                arrival += shares.export_delay[run, line]
            works.lots.open[lot] -= taken
            works.lots.done[lot] += taken
            coming[min(arrival, n_months), queues.turns.pair[entry]] += taken
            if arrival < n_months:
                works.lots.first[lot] = min(works.lots.first[lot], arrival)
                works.lots.last[lot] = arrival if works.lots.last[lot] == NEVER else max(works.lots.last[lot], arrival)
    for component in range(shares.needs.shape[1]):
        works.parts[component] -= n * shares.needs[line, component]
    works.lines.left[line] -= n
    works.lines.built[line] += n
    return n


@kernel
def _take_in_order(queues, works, line, n, exports):
    """What each entry of a line's queue gets of n rounds, `exports` at most of them abroad: one after the other."""
    first = queues.first[line]
    for entry in range(first, queues.first[line + 1]):
        taken = min(works.lots.open[queues.turns.lot[entry]], n)
        if queues.turns.is_export[entry]:
            taken = min(taken, exports)
            exports -= taken
        works.room.built[entry - first] = taken
        n -= taken


@kernel
def _take_by_share(queues, works, line, n, exports):
    """The same in proportion to what is due: first between home and abroad (`works.room.claim`), then among lots."""
    first, count = queues.first[line], queues.first[line + 1] - queues.first[line]
    room = works.room
    room.owed[0], room.owed[1] = -works.lines.owed[line], works.lines.owed[line]
    apportion(n, 2, room)
    works.lines.owed[line] = room.owed[1]
    exports = min(room.given[1], exports)
    for is_export in range(2):
        for i in range(count):
            lot = queues.turns.lot[first + i]
            is_in = queues.turns.is_export[first + i] == (is_export == 1)
            room.claim[i] = works.lots.open[lot] if is_in else 0
            room.owed[i] = works.lots.owed[lot]
        apportion(exports if is_export == 1 else n - exports, count, room)
        for i in range(count):
            if queues.turns.is_export[first + i] == (is_export == 1):
                room.built[i] = room.given[i]
                works.lots.owed[queues.turns.lot[first + i]] = room.owed[i]
