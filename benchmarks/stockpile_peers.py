"""The months of a stockpile as others would write them: in NumPy over all runs at once, and event by event in SimPy.

Peers of `stockpile.py`; they read the same lowered tables and must end with the same stocks.
"""

import math

import numpy as np

from opendome.stockpile.tables import LEARNING, LINEAR, NEVER, PROPORTIONAL, STEP

# ---- NumPy: every step for all runs ------------------------------------------------------------------------------


def rates_at(makers, t, learnt):
    """(R, K) rates a month."""
    q, found = makers.rates, makers.rates.per_month.copy()
    for k, ramp in enumerate(makers.ramp):
        low, top, begin, end = q.per_month[:, k], q.ceiling_per_month[:, k], q.ramp_from[:, k], q.ramp_to[:, k]
        if ramp == LINEAR:
            found[:, k] = low + np.clip((t - begin) / (end - begin), 0.0, 1.0) * (top - low)
        elif ramp == STEP:
            found[:, k] = np.where(t >= end, top, low)
        elif ramp == LEARNING:
            faster = np.minimum(top, low * (1.0 + learnt[:, k] / q.experience[:, k]) ** q.learning[:, k])
            found[:, k] = np.where(t >= begin, faster, low)
    return np.where(t < q.opens, 0.0, found)


def apportioned(amount, claims, owed):
    """(R, n) shares of amount (R,) by claims, and what rounding owes then: largest remainder, first of equals."""
    total = claims.sum(axis=1)
    amount = np.minimum(amount, total)
    exact = owed + amount[:, None] * claims / np.maximum(total, 1)[:, None] * (claims > 0)
    given = np.clip(np.floor(exact + 1e-9), 0, claims).astype(np.int64)
    left = amount - given.sum(axis=1)
    while left.any():
        step = np.sign(left)[:, None]
        score = np.where(np.where(step > 0, given < claims, given > 0), step * (exact - given), -np.inf)
        best = (score >= score.max(axis=1)[:, None] - 1e-9).argmax(axis=1)
        given[np.arange(len(left)), best] += step[:, 0]
        left -= step[:, 0]
    owed = np.where(given < claims, exact - given, np.where(claims > 0, np.minimum(exact - given, 0.0), 0.0))
    return given, np.where((amount == total)[:, None], 0.0, owed)


class NumPy:
    """The flow of all runs at once."""

    def __init__(self, tables):
        self.t, (runs, pairs) = tables, tables.start.shape
        self.lots, self.shares, self.queues = tables.lots, tables.shares, tables.queues
        self.n_lines, self.n_parts = self.shares.needs.shape
        self.stock, self.out = tables.start.copy(), np.zeros((runs, pairs), np.int64)
        self.inflow = np.zeros((runs, tables.n_months + 1, pairs), np.int64)
        self.inflow[:, 0] = tables.start
        self.coming = np.zeros((tables.n_months + 1, runs, pairs), np.int64)
        self.done = np.zeros(self.lots.rounds.shape, np.int64)
        self.gone = np.zeros((runs, tables.gifts.month.size), np.int64)
        shape = (runs, tables.makers.ramp.size)
        self.carry, self.made, self.learnt = np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self.parts = np.zeros((runs, self.n_parts), np.int64)
        self.owed_parts = np.zeros((self.n_parts, runs, self.n_lines))
        self.owed_lots, self.owed_lines = np.zeros(self.lots.rounds.shape), np.zeros((runs, self.n_lines))
        self.built, self.exported = np.zeros((2, runs, self.n_lines), np.int64)
        self.kept = np.zeros((runs, tables.n_months, pairs), np.int32)

    def run(self):
        for month in range(self.t.n_months):
            self.produce(month)
            came = self.coming[month].copy()
            self.stock += came
            came += self.give(month)
            self.inflow[:, month + 1] = self.inflow[:, month] + came
            self.use(month)
            self.expire(month)
            self.kept[:, month] = self.stock
        return self.kept

    def produce(self, month):
        makers, late = self.t.makers, month + 1.0 - self.lots.due
        self.carry += rates_at(makers, month + 0.5, self.learnt)
        whole = np.floor(self.carry + 1e-9)
        self.carry -= whole
        whole = whole.astype(np.int64)
        due = np.floor(self.lots.rounds * np.clip(late / self.lots.over, 0.0, 1.0) + 1e-9).astype(np.int64)
        self.open = np.maximum(due - self.done, 0)
        self.parts += whole[:, :self.n_parts]
        self.left = whole[:, self.n_parts:].copy()
        self.build_all(month)
        wasted = np.maximum(self.parts - self.shares.store, 0)
        self.parts -= wasted
        made = np.hstack([whole[:, :self.n_parts] - wasted, whole[:, self.n_parts:] - self.left])
        self.made += made
        self.learnt += np.where(month + 0.5 >= makers.rates.ramp_from, made, 0)

    def build_all(self, month):
        built = 1
        while built:
            want = np.stack([self.plan(month, line, np.where(self.rounds_of_parts(line) > 0, self.left[:, line], 0))[0]
                             for line in range(self.n_lines)], axis=1)
            share = want.copy()
            for c in range(self.n_parts):
                left, needs = self.parts[:, c].copy(), self.shares.needs[:, c]
                is_short = ((want * needs).sum(axis=1) > left)[:, None]
                for rank in np.unique(self.shares.part_rank[c]):
                    claims = np.where(self.shares.part_rank[c] == rank, want * needs, 0)
                    given, owed = apportioned(left, claims, self.owed_parts[c])
                    self.owed_parts[c] = np.where(is_short & (claims > 0), owed, self.owed_parts[c])
                    left -= given.sum(axis=1)
                    own = (claims > 0).any(axis=0)
                    share[:, own] = np.where(claims[:, own] > 0, np.minimum(share[:, own], given[:, own] // needs[own]),
                                             share[:, own])
            built = sum(self.build(month, line, share[:, line]) for line in range(self.n_lines))
        for line in range(self.n_lines):
            self.build(month, line, np.minimum(self.left[:, line], self.rounds_of_parts(line)))

    def rounds_of_parts(self, line):
        needs = self.shares.needs[line]
        own = needs > 0
        return (self.parts[:, own] // needs[own]).min(axis=1, initial=NEVER)

    def plan(self, month, line, limit):
        turns = self.queues.turns[self.queues.first[line]:self.queues.first[line + 1]]
        ready = self.open[:, turns.lot]
        home = ready[:, ~turns.is_export].sum(axis=1)
        abroad = ready[:, turns.is_export].sum(axis=1) * (month >= self.shares.exports_from[line])
        share, built, exported = self.shares.export_share[:, line], self.built[:, line], self.exported[:, line]
        n = np.minimum(limit, home + abroad)
        allowed = np.maximum(np.floor(share * (built + n) - exported + 1e-9).astype(np.int64), 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.floor((share * (built + home) - exported) / (1.0 - share) + 1e-9)
        fewer = np.minimum(n, home + np.maximum(np.where(share < 1.0, room, 0.0), 0.0).astype(np.int64))
        is_free = home + allowed >= n
        return np.where(is_free, n, fewer), np.where(is_free, np.minimum(allowed, abroad), fewer - home), home, abroad

    def build(self, month, line, limit):
        n, exports, home, abroad = self.plan(month, line, np.minimum(limit, self.left[:, line]))
        if not n.any():
            return 0
        turns = self.queues.turns[self.queues.first[line]:self.queues.first[line + 1]]
        ready, taken = self.open[:, turns.lot], np.zeros((len(n), len(turns)), np.int64)
        if self.shares.line_sharing[line] == PROPORTIONAL:
            works, abroad_owed = n > 0, self.owed_lines[:, line]
            claims, before = np.stack([home, abroad], axis=1), np.stack([-abroad_owed, abroad_owed], axis=1)
            split, owed = apportioned(n, claims, before)
            self.owed_lines[works, line] = owed[works, 1]
            exports = np.maximum(np.minimum(split[:, 1], exports), n - home)
            for is_export, amount in ((False, n - exports), (True, exports)):
                own = np.flatnonzero(turns.is_export == is_export)
                lots = turns.lot[own]
                taken[:, own], owed = apportioned(amount, ready[:, own], self.owed_lots[:, lots])
                self.owed_lots[np.ix_(works, lots)] = owed[works]
        else:
            left = n.copy()
            for i in range(len(turns)):
                taken[:, i] = np.minimum(ready[:, i], left)
                if turns.is_export[i]:
                    taken[:, i] = np.minimum(taken[:, i], exports)
                    exports = exports - taken[:, i]
                left -= taken[:, i]
        rows, last = np.arange(len(n)), self.t.n_months
        for i, turn in enumerate(turns):
            arrival = np.full(len(n), month)
            if turn.is_export:
                self.exported[:, line] += taken[:, i]
                arrival += self.shares.export_delay[:, line]
            self.coming[np.minimum(arrival, last), rows, turn.pair] += taken[:, i]
            self.open[:, turn.lot] -= taken[:, i]
            self.done[:, turn.lot] += taken[:, i]
        self.parts -= n[:, None] * self.shares.needs[line]
        self.left[:, line] -= n
        self.built[:, line] += n
        return int(n.sum())

    def give(self, month):
        gifts, came = self.t.gifts, np.zeros_like(self.stock)
        for x in range(gifts.by_month[month], gifts.by_month[month + 1]):
            rounds = gifts.rounds[:, x] if gifts.loan[x] < 0 else self.gone[:, gifts.loan[x]]
            n = np.minimum(rounds, np.maximum(self.stock[:, gifts.giver[x]] - gifts.keep[:, x], 0))
            self.gone[:, x] = n
            self.stock[:, gifts.giver[x]] -= n
            self.out[:, gifts.giver[x]] += n
            there = came if gifts.delay[x] == 0 else self.coming[min(month + gifts.delay[x], self.t.n_months)]
            there[:, gifts.taker[x]] += n
        self.stock += came
        return came

    def use(self, month):
        plans = self.t.plans
        for u, pair in enumerate(plans.pair):
            by = [np.floor(plans.rounds[:, u] * np.clip((month + i - plans.first[u]) / plans.months[:, u], 0.0, 1.0)
                           + 0.5) for i in (0.0, 1.0)]
            fired = np.minimum((by[1] - by[0]).astype(np.int64), self.stock[:, pair])
            self.stock[:, pair] -= fired
            self.out[:, pair] += fired

    def expire(self, month):
        rows = np.arange(len(self.stock))
        for pair, kind in enumerate(self.t.pairs.interceptor):
            life, age = self.t.storage[:, kind], self.t.age[:, kind]
            if (life >= NEVER).all():
                continue
            born = month + 1.0 - life
            at = np.clip(np.floor(born + 1e-9), 0, month + 1).astype(np.int64)
            early = np.floor(self.inflow[:, 0, pair] * (1.0 + born / np.maximum(age, 1e-9)) + 1e-9)
            early = np.where(born + age > 0.0, early, 0.0).astype(np.int64)
            old = np.maximum(np.where(born >= 0.0, self.inflow[rows, at, pair], early) - self.out[:, pair], 0)
            self.stock[:, pair] -= old
            self.out[:, pair] += old


# ---- SimPy: a process for each component, line and use -----------------------------------------------------------


def in_simpy(tables, runs):
    """(R, M, P) stocks of the plain stockpile: every month, components make parts, lines take them, uses fire."""
    import simpy

    kept = np.zeros((runs, tables.n_months, tables.start.shape[1]), np.int32)
    rates, lots, plans = tables.makers.rates, tables.lots, tables.plans
    n_parts = tables.shares.needs.shape[1]

    def take(store, n):
        return store.get(n) if n > 0 else None

    def component(env, run, c, store):
        carry = 0.0
        while True:
            carry += rates.per_month[run, c]
            whole = math.floor(carry + 1e-9)
            carry -= whole
            if whole > 0:
                yield store.put(whole)
            yield env.timeout(0.9)  # at the end of the month, what has no place is thrown away
            over = store.level - int(tables.shares.store[run, c])
            if over > 0:
                yield store.get(over)
            yield env.timeout(0.1)

    def line(env, run, i, store, stock):
        carry, done = 0.0, 0
        yield env.timeout(0.1)
        for month in range(tables.n_months):
            carry += rates.per_month[run, n_parts + i]
            whole = math.floor(carry + 1e-9)
            carry -= whole
            part = min(max((month + 1.0 - lots.due[run, i]) / lots.over[run, i], 0.0), 1.0)
            due = math.floor(lots.rounds[run, i] * part + 1e-9) - done
            n = min(whole, due, store.level)
            if n > 0:
                yield store.get(n)
                yield stock.put(n)
                done += n
            yield env.timeout(1.0)

    def use(env, run, u, stock):
        yield env.timeout(0.5)
        fired = 0
        for month in range(tables.n_months):
            part = min(max((month + 1.0 - plans.first[u]) / plans.months[run, u], 0.0), 1.0)
            by = math.floor(plans.rounds[run, u] * part + 0.5)
            n = min(by - fired, stock.level)
            fired = by
            if n > 0:
                yield stock.get(n)
            yield env.timeout(1.0)

    def note(env, run, stocks):
        yield env.timeout(0.8)
        for month in range(tables.n_months):
            kept[run, month] = [stock.level for stock in stocks]
            yield env.timeout(1.0)

    for run in range(runs):
        env = simpy.Environment()
        stocks = [simpy.Container(env, init=int(n)) for n in tables.start[run]]
        stores = [simpy.Container(env) for _ in range(n_parts)]
        for i in range(tables.shares.needs.shape[0]):
            env.process(component(env, run, i, stores[i]))
            env.process(line(env, run, i, stores[i], stocks[lots.pair[i]]))
            env.process(use(env, run, i, stocks[plans.pair[i]]))
        env.process(note(env, run, stocks))
        env.run(until=tables.n_months)
    return kept
