"""Stocks, lines and orders as tables of arrays: what the monthly step reads, keeps and records.

Letters: R runs, M months, P pairs of owner and interceptor, K makers (the C components, then the L lines), N lots of
orders (repeats are lots of their own), X transfers (repeats and the ways back of loans are transfers of their own),
U uses. Months count from the stockpile's start, 0 being the first; rounds are whole numbers.
"""

from typing import NamedTuple

from opendome.kernel import BoolArray, F64Array, I32Array, I64Array, Packed

NO_RAMP, LINEAR, STEP, LEARNING = range(4)
"""Codes of `Maker.ramp`."""

CONTRACTED, PROPORTIONAL, PRIORITY = range(3)
"""Codes of `Line.sharing` and `Component.sharing`."""

NEVER = 1_000_000
"""A month that never comes."""


class Pairs(NamedTuple):
    """Who holds what. (P,) each."""

    owner: I64Array
    interceptor: I64Array


class Rates(NamedTuple):
    """How fast components and lines work. (R, K) each; months are what stands in the file plus the slip."""

    per_month: F64Array
    ceiling_per_month: F64Array
    opens: F64Array  # month
    ramp_from: F64Array  # month
    ramp_to: F64Array  # month
    learning: F64Array  # exponent b >= 0 by which the rate grows with what was made: (1 + made / experience) ** b
    experience: F64Array  # rounds


class Makers(NamedTuple):
    """Components, then lines."""

    ramp: I64Array  # (K,) code
    rates: Packed  # (R, K) of Rates


class Shares(NamedTuple):
    """How components are shared among lines, and how what lines build is shared among orders."""

    store: I64Array  # (R, C) most parts kept for later months
    needs: I64Array  # (L, C) parts for one round
    part_rank: I64Array  # (C, L) order in which lines are served; equal ranks share in proportion
    line_interceptor: I64Array  # (L,)
    line_owner: I64Array  # (L,)
    line_sharing: I64Array  # (L,)
    line_rank: I64Array  # (L, owners) order in which owners are served (PRIORITY)
    may_supply: BoolArray  # (L, owners)
    exports_from: I64Array  # (L,) month
    export_share: F64Array  # (R, L)
    export_delay: I64Array  # (R, L) months


class Lots(NamedTuple):
    """Lots of orders, by date of contract, then in the order of the file."""

    pair: I64Array  # (N,)
    line: I64Array  # (N,) -1: any that makes the type and may supply the owner
    contract: I64Array  # (N,) month, negative before the start
    rounds: I64Array  # (R, N)
    due: F64Array  # (R, N) month in which the first is due, may be negative
    over: F64Array  # (R, N) months over which they fall due


class Turns(NamedTuple):
    """Entries of the lines' queues. (V,) each."""

    lot: I64Array
    pair: I64Array  # that of the lot
    is_export: BoolArray


class Queues(NamedTuple):
    """Which lots each line may build, in the order in which it serves them. V entries in all."""

    first: I64Array  # (L + 1,) first entry of each line, and V
    turns: Packed  # (V,) of Turns


class Gifts(NamedTuple):
    """Transfers in the order of their months, ways back of loans first within a month.

    `loan` is the row that a way back gives back, else -1.
    """

    by_month: I64Array  # (M + 1,) first row of each month, and X

    giver: I64Array  # (X,) pair
    taker: I64Array  # (X,) pair
    month: I64Array  # (X,)
    delay: I64Array  # (X,) months
    loan: I64Array  # (X,)
    rounds: I64Array  # (R, X); of a way back it is what arrived
    keep: I64Array  # (R, X)


class Plans(NamedTuple):
    """Uses."""

    pair: I64Array  # (U,)
    first: F64Array  # (U,) month
    months: F64Array  # (R, U)
    rounds: I64Array  # (R, U) in all; of a use by the month, those of `months`


class Tables(NamedTuple):
    """All that the monthly step reads."""

    n_months: int
    pairs: Packed  # (P,) of Pairs
    start: I64Array  # (R, P) rounds in stock
    level: I64Array  # (R, P) rounds that count as back
    storage: F64Array  # (R, interceptors) months of storage life; NEVER without one
    age: F64Array  # (R, interceptors) months of age of the oldest at the start
    makers: Makers
    shares: Shares
    lots: Lots
    queues: Queues
    gifts: Gifts
    plans: Plans


class LotsNow(NamedTuple):
    """Where the lots of one run stand. (N,) each."""

    done: I64Array  # rounds built
    open: I64Array  # rounds due and not yet built in this month
    owed: F64Array  # by rounding of shares in earlier months
    first: I64Array  # month of the first delivery; NEVER
    last: I64Array  # month of the last one so far; NEVER


class MakersNow(NamedTuple):
    """Where the makers of one run stand. (K,) each."""

    carry: F64Array  # part of a round that it has worked on
    capacity: F64Array  # what could have been made so far at the rates
    whole: I64Array  # rounds that it could make in this month
    made: I64Array  # ever made since the start
    learnt: I64Array  # made since the ramp began


class LinesNow(NamedTuple):
    """Where the lines of one run stand. (L,) each. Rounds."""

    left: I64Array  # what it could still build in this month
    want: I64Array  # what it would build if it had the parts
    share: I64Array  # that for which it has been given parts
    built: I64Array  # ever built since the start
    exported: I64Array  # of these, for others than its own country
    owed: F64Array  # exports, by rounding of shares in earlier months
    short: I64Array  # not built so far for want of components
    idle: I64Array  # not built so far because none were due, or exports were not allowed


class Shared(NamedTuple):
    """Room for sharing out: as many rows as there are lines or lots, and at least two."""

    claim: I64Array  # what each asks for
    given: I64Array  # what each gets
    owed: F64Array  # what earlier rounding owes to each
    built: I64Array  # what a line builds for each entry of its queue


class Works(NamedTuple):
    """Where makers and lots of one run stand."""

    lots: Packed  # (N,) of LotsNow
    makers: Packed  # (K,) of MakersNow
    lines: Packed  # (L,) of LinesNow
    parts: I64Array  # (C,) in store
    owed: F64Array  # (C, L) parts, by rounding of shares in earlier months
    room: Packed  # of Shared


class State(NamedTuple):
    """Where one run stands. Overwritten from month to month; one for each thread."""

    stock: I64Array  # (P,)
    wanted: I64Array  # (P,) rounds asked for in this month
    fired: I64Array  # (P,) rounds fired in this month
    delivered: I64Array  # (P,) arrived from lines in this month
    received: I64Array  # (P,) arrived from other owners in this month
    sent: I64Array  # (P,) given to other owners in this month
    expired: I64Array  # (P,)
    coming_made: I64Array  # (M + 1, P) arrivals from lines by month; the last row: beyond the last month
    coming_given: I64Array  # (M + 1, P) the same from other owners
    inflow: I64Array  # (M + 1, P) rounds ever had up to the start of month m, for ages
    outflow: I64Array  # (P,) rounds ever gone
    gift_done: I64Array  # (X,) rounds that left
    works: Works


class Records(NamedTuple):
    """What is kept of every run, at the end of each month. Rounds."""

    stock: I32Array  # (R, M, P)
    wanted: I32Array  # (R, M, P)
    fired: I32Array  # (R, M, P)
    delivered: I32Array  # (R, M, P)
    received: I32Array  # (R, M, P)
    sent: I32Array  # (R, M, P)
    expired: I32Array  # (R, M, P)
    lot_done: I32Array  # (R, N)
    lot_first: I32Array  # (R, N) month of the first delivery to the owner's stock; NEVER
    lot_last: I32Array  # (R, N) month of the last one so far
    made: I32Array  # (R, K)
    capacity: F64Array  # (R, K) what could have been made at the rates
    short: I32Array  # (R, L) rounds not built for want of components
    idle: I32Array  # (R, L) rounds not built because none were due, or exports were not allowed
    on_way_made: I32Array  # (R, P) rounds from lines still on the way at the end
    on_way_given: I32Array  # (R, P) rounds from other owners still on the way at the end
