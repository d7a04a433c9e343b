"""Who gets what there is too little of: parts among lines, rounds among those whose orders are due.

Shares are whole numbers by largest remainder (Hamilton's method): everyone gets the whole part of an exact share, and
what is left goes one each to the largest remainders, the first row first among equals. What rounding gave or withheld
is settled in the next months, so that a small share comes to its due in time and the last rounds of a lot get built.
"""

import math

from opendome.kernel import kernel
from opendome.stockpile.rates import ROUNDING


@kernel
def apportion(amount, count, room):
    """Share out whole things in proportion to the first `count` of `room.claim`, into `room.given`.

    Nobody gets more than the claim: with enough for all, everyone gets just that. `room.owed` is what earlier months
    owe to each by rounding, below zero where they gave too much; it is brought up to date. Nothing is owed to who got
    all that was claimed, nor by anyone once there is enough for all.
    """
    total = 0
    for i in range(count):
        total += room.claim[i]
    left = min(amount, total)
    if left == total:
        for i in range(count):
            room.given[i] = room.claim[i]
            room.owed[i] = 0.0
        return
    amount = left
    for i in range(count):
        room.given[i] = 0
        if room.claim[i] > 0:
            room.owed[i] += amount * room.claim[i] / total
            room.given[i] = min(max(math.floor(room.owed[i] + ROUNDING), 0), room.claim[i])
            room.owed[i] -= room.given[i]
        left -= room.given[i]
    while left != 0:
        step = 1 if left > 0 else -1
        best = -1
        for i in range(count):
            is_free = room.given[i] < room.claim[i] if step == 1 else room.given[i] > 0
            if is_free and (best < 0 or step * (room.owed[i] - room.owed[best]) > ROUNDING):
                best = i
        room.given[best] += step
        room.owed[best] -= step
        left -= step
    for i in range(count):
        if room.given[i] == room.claim[i]:
            room.owed[i] = min(room.owed[i], 0.0) if room.claim[i] > 0 else 0.0


@kernel
def share_parts(shares, works):
    """Rounds for which each line is given parts, `works.lines.share`, of those that it would build, `works.lines.want`.

    Of each component, lines of a lower rank get theirs first, lines of one rank share in proportion to what they ask
    for. Returns whether any line was given fewer than it asked for.
    """
    n_lines, n_components = shares.needs.shape
    is_short = False
    for line in range(n_lines):
        works.lines.share[line] = works.lines.want[line]
    for component in range(n_components):
        asked = 0
        for line in range(n_lines):
            asked += works.lines.want[line] * shares.needs[line, component]
        if asked <= works.parts[component]:
            continue
        is_short = True
        left, rank = works.parts[component], 0
        while asked > 0:
            served = _share_in_rank(shares, works, component, rank, left)
            left = max(left - served, 0)
            asked -= served
            rank += 1
    return is_short


@kernel
def _share_in_rank(shares, works, component, rank, left):
    """Share `left` parts among the lines of one rank; returns how many they asked for."""
    n_lines = shares.needs.shape[0]
    asked, lines, room = 0, works.lines, works.room
    for line in range(n_lines):
        is_in = shares.part_rank[component, line] == rank
        room.claim[line] = lines.want[line] * shares.needs[line, component] if is_in else 0
        room.owed[line] = works.owed[component, line]
        asked += room.claim[line]
    if asked == 0:
        return 0
    apportion(left, n_lines, room)
    for line in range(n_lines):
        if room.claim[line] > 0:
            works.owed[component, line] = room.owed[line]
            lines.share[line] = min(lines.share[line], room.given[line] // shares.needs[line, component])
    return asked


@kernel
def most(capacity, home, abroad, export_share, made, exported):
    """Rounds that a line can build now, and how many of these may be exports.

    `home` and `abroad` are rounds due; `made` and `exported` those so far. Of all that is built, these rounds included,
    no more than `export_share` may have been exported: where there is not enough for the home country to build, exports
    e obey e <= share * (made + home + e) - exported.
    """
    n = min(capacity, home + abroad)
    allowed = math.floor(export_share * (made + n) - exported + ROUNDING)
    if home + max(allowed, 0) >= n:
        return n, min(max(allowed, 0), abroad)
    room = (export_share * (made + home) - exported) / (1.0 - export_share)
    n = min(n, home + max(math.floor(room + ROUNDING), 0))
    return n, n - home
