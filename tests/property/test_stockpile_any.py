"""Whatever the schedule, no round is lost from sight, and no rule is broken in any month."""

import os

import numpy as np
from hypothesis import HealthCheck, given, settings

from opendome import rng
from opendome.kernel import COMPILED
from opendome.sampling import Sampler
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile.flow import (
    begin_month,
    begin_run,
    empty_records,
    empty_state,
    end_month,
    end_run,
    planned,
    simulate,
)
from opendome.stockpile.lower import lower
from sample_stockpiles import stockpiles

IS_SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "searching"
EXAMPLES = settings(max_examples=400 if IS_SOAK else 60 if COMPILED else 6, deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
RUNS = 2


def lowered(data):
    return lower(Stockpile.model_validate(data), Sampler(rng.key(5), RUNS, True))


def simulated(data):
    """Tables, names and records of all runs."""
    found = lowered(data)
    records = empty_records(found.tables, RUNS)
    simulate(found.tables, 0, RUNS, empty_state(found.tables), records)
    return found.tables, found.names, records


def so_far(rounds):
    """(R, M, P) sums up to each month."""
    return np.cumsum(rounds.astype(np.int64), axis=1)


@EXAMPLES
@given(stockpiles())
def test_every_round_is_in_stock_fired_expired_or_on_the_way(data):
    tables, names, r = simulated(data)
    came = tables.start[:, None] + so_far(r.delivered) + so_far(r.received)
    went = so_far(r.fired) + so_far(r.sent) + so_far(r.expired)
    assert (came == r.stock + went).all()
    delivered, received, sent = (so_far(x)[:, -1] for x in (r.delivered, r.received, r.sent))
    kinds = tables.pairs.interceptor
    for kind in range(len(names.interceptors)):
        own = kinds == kind
        assert (sent[:, own].sum(axis=1) == (received + r.on_way_given)[:, own].sum(axis=1)).all()
    for pair in range(len(names.pairs)):
        built = r.lot_done[:, tables.lots.pair == pair].sum(axis=1)
        assert (built == delivered[:, pair] + r.on_way_made[:, pair]).all()
    made = r.made[:, len(names.components):]
    for kind in range(len(names.interceptors)):
        of_kind = made[:, tables.shares.line_interceptor == kind].sum(axis=1)
        assert (of_kind == r.lot_done[:, kinds[tables.lots.pair] == kind].sum(axis=1)).all()


@EXAMPLES
@given(stockpiles())
def test_nothing_is_negative_and_nothing_beyond_what_there_is(data):
    tables, _, r = simulated(data)
    for name in ("stock", "wanted", "fired", "delivered", "received", "sent", "expired", "lot_done", "made", "short",
                 "idle", "on_way_made", "on_way_given"):
        assert (getattr(r, name) >= 0).all(), name
    assert (r.fired <= r.wanted).all()
    assert (r.lot_done <= tables.lots.rounds).all()
    n_components = tables.shares.needs.shape[1]
    worked = r.made[:, n_components:] + r.short + r.idle
    assert (worked <= r.capacity[:, n_components:] + 1e-6).all()
    assert (worked > r.capacity[:, n_components:] - 1.0 - 1e-6).all()
    assert (r.made <= r.capacity + 1e-6).all()
    early = r.lot_first < tables.lots.contract
    assert not early.any()


@EXAMPLES
@given(stockpiles())
def test_lines_keep_to_their_rules_in_every_month(data):
    """Month by month from outside, as campaigns do it."""
    found = lowered(data)
    tables, shares = found.tables, found.tables.shares
    state, records = empty_state(tables), empty_records(tables, RUNS)
    works, n_components = state.works, shares.needs.shape[1]
    owner = tables.pairs.owner
    licensed = [{owner[pair] for pair in np.flatnonzero(shares.may_supply[line][owner])} for line in range(3)]
    for run in range(RUNS):
        begin_run(tables, run, state)
        had = np.zeros(n_components, np.int64)
        for month in range(tables.n_months):
            before, done = works.lines.built.copy(), works.lots.done.copy()
            exported, made = works.lines.exported.copy(), works.makers.made.copy()
            begin_month(tables, run, month, state, records)
            planned(tables, run, month, state)
            end_month(tables, run, month, state, records)
            built, parts = works.lines.built - before, works.makers.made[:n_components] - made[:n_components]
            assert (built <= works.makers.whole[n_components:]).all()
            assert (works.parts >= 0).all()
            assert (works.parts <= shares.store[run]).all()
            assert (had + parts - built @ shares.needs == works.parts).all()
            had = works.parts.copy()
            assert (works.lines.exported <= shares.export_share[run] * works.lines.built + 1e-6).all()
            assert not ((works.lines.exported > exported) & (month < shares.exports_from)).any()
            late = np.clip((month + 1 - tables.lots.due[run]) / tables.lots.over[run], 0.0, 1.0)
            assert (works.lots.done <= tables.lots.rounds[run] * late + 1e-6).all()
            assert not ((works.lots.done > done) & (month < tables.lots.contract)).any()
            for lot in np.flatnonzero(works.lots.done > done):
                served = [line for line in range(3) if built[line] > 0 and tables.lots.line[lot] in (-1, line)
                          and shares.line_interceptor[line] == tables.pairs.interceptor[tables.lots.pair[lot]]
                          and owner[tables.lots.pair[lot]] in licensed[line]]
                assert served
        end_run(tables, run, state, records)
    whole = simulated(data)[2]
    for name, ours in records._asdict().items():
        assert (ours == getattr(whole, name)).all(), name


@EXAMPLES
@given(stockpiles())
def test_no_line_that_is_short_leaves_parts_that_it_could_use(data):
    tables = lowered(data).tables
    state, records = empty_state(tables), empty_records(tables, RUNS)
    needs, works = tables.shares.needs, state.works
    for run in range(RUNS):
        begin_run(tables, run, state)
        for month in range(tables.n_months):
            had, built, short = works.parts.copy(), works.lines.built.copy(), works.lines.short.copy()
            begin_month(tables, run, month, state, records)
            over = had + works.makers.whole[:needs.shape[1]] - (works.lines.built - built) @ needs
            wanting = works.lines.short > short
            assert not (wanting & (needs <= over).all(axis=1)).any()
            end_month(tables, run, month, state, records)
