"""A stockpile as it is written, lowered: names become rows, dates months from the start, ranges columns over runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from opendome.errors import Problem, ScenarioError
from opendome.kernel import BoolArray, F64Array, I64Array, pack
from opendome.sampling import Sampler
from opendome.scenario.months import number_of
from opendome.scenario.quantity import Quantity, Spec
from opendome.scenario.stock_specs import Component, Line, Maker, Order, Stockpile, Transfer, Use
from opendome.stockpile.names import Names
from opendome.stockpile.tables import (
    CONTRACTED,
    LEARNING,
    LINEAR,
    NEVER,
    NO_RAMP,
    PRIORITY,
    PROPORTIONAL,
    STEP,
    Gifts,
    Lots,
    Makers,
    Pairs,
    Plans,
    Queues,
    Rates,
    Shares,
    Tables,
    Turns,
)

RAMPS = {"none": NO_RAMP, "linear": LINEAR, "step": STEP, "learning": LEARNING}
SHARING = {"contracted": CONTRACTED, "proportional": PROPORTIONAL, "priority": PRIORITY}

LARGEST = 1e6
"""Most rounds of one entry, and most a year: sums over a century then stay within the whole numbers of the tables."""


@dataclass(frozen=True)
class Lowered:
    """A stockpile as tables, what their rows stand for, and the entries whose quantities were read."""

    tables: Tables
    names: Names
    entries: dict[str, Spec]
    """Entries by path, for `sampling.assumptions`."""


def lower(pile: Stockpile, sampler: Sampler, *, also: Iterable[tuple[str, str]] = ()) -> Lowered:
    """Tables of a stockpile for the sampler's runs. `also`: more pairs of owner and interceptor that are needed.

    Names must have been checked (`scenario.stock_checks`). Raises `ScenarioError` with every number that is too large
    to count and every transfer that left before the start.
    """
    wrong = list(_problems(pile))
    if wrong:
        raise ScenarioError("stockpile", wrong)
    names = _names(pile, also)
    row = {pair: i for i, pair in enumerate(names.pairs)}
    start = _levels(pile.stocks, "stocks", names, sampler, np.zeros((sampler.runs, len(row)), np.int64))
    lots = _lots(pile, names, row, sampler)
    shares = _shares(pile, names, sampler)
    tables = Tables(
        n_months=number_of(pile.until) - names.start + 1,
        pairs=pack(Pairs(_index(names.owners, [o for o, _ in names.pairs]),
                         _index(names.interceptors, [i for _, i in names.pairs]))),
        start=start,
        level=_levels(pile.return_to, "return_to", names, sampler, start.copy()),
        storage=_ages(pile, sampler, "storage_years", float(NEVER)),
        age=_ages(pile, sampler, "age_years", 0.0),
        makers=_makers(pile, names, sampler),
        shares=shares,
        lots=lots,
        queues=_queues(names, lots, shares),
        gifts=_gifts(pile, names, row, sampler),
        plans=_plans(pile, names, row, sampler, start),
    )
    return Lowered(tables, names, {"stockpile": pile})


def _problems(pile: Stockpile) -> Iterator[Problem]:
    for name, gift in pile.transfers.items():
        if number_of(gift.month) < number_of(pile.start):
            yield Problem(f"stockpile.transfers.{name}.month", gift.month,
                          f"must not be before start = {pile.start}: the stocks at the start are those after it",
                          "write what is still on its way as a transfer that leaves in the first month")
    for path, entry in _parts(pile):
        for field in ("rounds", "per_month", "per_year", "ceiling_per_year", "store", "keep"):
            found = getattr(entry, field, None)
            if found is not None and found.high_or_value > LARGEST:
                yield Problem(f"{path}.{field}", f"{found.high_or_value:g}", f"must be at most {LARGEST:,.0f}")
    for table in ("stocks", "return_to"):
        for owner, levels in getattr(pile, table).items():
            for kind, found in levels.items():
                if found.high_or_value > LARGEST:
                    yield Problem(f"stockpile.{table}.{owner}.{kind}", f"{found.high_or_value:g}",
                                  f"must be at most {LARGEST:,.0f}")


def _parts(pile: Stockpile) -> Iterator[tuple[str, Spec]]:
    """Every entry of the stockpile's tables by path, in the order of the file's form."""
    for table in ("interceptors", "components", "lines", "orders", "transfers", "uses"):
        for name, entry in getattr(pile, table).items():
            yield f"stockpile.{table}.{name}", entry


def _names(pile: Stockpile, also: Iterable[tuple[str, str]]) -> Names:
    """Names by row; pairs are those that anything speaks of, by owner, then by interceptor."""
    wanted = {(owner, kind) for table in (pile.stocks, pile.return_to) for owner, own in table.items() for kind in own}
    wanted |= {(order.owner, order.interceptor) for order in pile.orders.values()}
    wanted |= {(use.owner, use.interceptor) for use in pile.uses.values()}
    for gift in pile.transfers.values():
        wanted |= {(gift.from_, gift.interceptor), (gift.to, gift.interceptor)}
    wanted |= set(also)
    owners, kinds = list(pile.owners), list(pile.interceptors)
    lots = [(number_of(order.contract) + i * order.every_months, name, i)
            for name, order in pile.orders.items() for i in range(order.times)]
    return Names(
        start=number_of(pile.start),
        owners=owners,
        interceptors=kinds,
        pairs=[(owner, kind) for owner in owners for kind in kinds if (owner, kind) in wanted],
        components=list(pile.components),
        lines=list(pile.lines),
        lots=[(name, i) for _, name, i in sorted(lots, key=lambda lot: lot[0])],
    )


def _index(names: Sequence[str], found: Sequence[str]) -> I64Array:
    row = {name: i for i, name in enumerate(names)}
    return np.array([row[name] for name in found], np.int64)


def _whole(column: F64Array) -> I64Array:
    """Whole rounds or months, to the nearest."""
    return np.floor(column + 0.5).astype(np.int64)


def _table(sampler: Sampler, columns: Sequence[F64Array]) -> F64Array:
    """Columns over the runs as one array (R, columns)."""
    return np.stack(columns, axis=1) if columns else np.zeros((sampler.runs, 0))


def _levels(levels: Mapping[str, Mapping[str, Quantity]], table: str, names: Names, sampler: Sampler,
            out: I64Array) -> I64Array:
    """Rounds by owner and interceptor, put into `out` (R, P) where any are given."""
    for i, (owner, kind) in enumerate(names.pairs):
        found = levels.get(owner, {}).get(kind)
        if found is not None:
            out[:, i] = _whole(sampler.column(f"stockpile.{table}.{owner}.{kind}", found))
    return out


def _ages(pile: Stockpile, sampler: Sampler, field: str, lacking: float) -> F64Array:
    """(R, interceptors) months of a field in years."""
    columns = []
    for name, kind in pile.interceptors.items():
        found = getattr(kind, field)
        columns.append(np.full(sampler.runs, lacking) if found is None
                       else 12.0 * sampler.column(f"stockpile.interceptors.{name}.{field}", found))
    return _table(sampler, columns)


def _makers(pile: Stockpile, names: Names, sampler: Sampler) -> Makers:
    every: list[tuple[str, Maker]] = [(f"stockpile.components.{n}", c) for n, c in pile.components.items()]
    every += [(f"stockpile.lines.{n}", line) for n, line in pile.lines.items()]
    columns: dict[str, list[F64Array]] = {name: [] for name in Rates._fields}
    for path, maker in every:
        for name, column in _maker(path, maker, names.start, sampler).items():
            columns[name].append(column)
    return Makers(ramp=np.array([RAMPS[maker.ramp] for _, maker in every], np.int64),
                  rates=pack(Rates(**{name: _table(sampler, found) for name, found in columns.items()}), axes=2))


def _maker(path: str, maker: Maker, start: int, sampler: Sampler) -> dict[str, F64Array]:
    """Columns of one maker, (R,) each. Without a ramp it neither changes nor learns."""

    def column(field: str, lacking: float) -> F64Array:
        found = getattr(maker, field)
        return np.full(sampler.runs, lacking) if found is None else sampler.column(f"{path}.{field}", found)

    def month(found: str | None, lacking: float) -> F64Array:
        return np.full(sampler.runs, float(lacking)) if found is None else number_of(found) - start + slip

    slip = sampler.column(f"{path}.slip_months", maker.slip_months)
    return {"per_month": column("per_year", 0.0) / 12.0, "ceiling_per_month": column("ceiling_per_year", 0.0) / 12.0,
            "opens": month(maker.opens, -NEVER), "ramp_from": month(maker.ramp_from, NEVER),
            "ramp_to": month(maker.ramp_to, NEVER), "learning": -np.log2(column("learning", 1.0)),
            "experience": column("experience", 1.0)}


def _ranks(first: Sequence[str], names: Sequence[str]) -> list[int]:
    """Ranks of names: those listed first, in order, then all others alike."""
    return [first.index(name) if name in first else len(first) for name in names]


def _shares(pile: Stockpile, names: Names, sampler: Sampler) -> Shares:
    lines, parts = list(pile.lines.items()), list(pile.components.items())
    return Shares(
        store=_whole(_table(sampler, [sampler.column(f"stockpile.components.{n}.store", c.store) for n, c in parts])),
        needs=np.array([[line.components.get(c, 0) for c in pile.components] for _, line in lines],
                       np.int64).reshape(len(lines), len(parts)),
        part_rank=np.array([_part_ranks(c, names.lines) for _, c in parts], np.int64).reshape(len(parts), len(lines)),
        line_interceptor=_index(names.interceptors, [line.interceptor for _, line in lines]),
        line_owner=_index(names.owners, [line.owner for _, line in lines]),
        line_sharing=np.array([SHARING[line.sharing] for _, line in lines], np.int64),
        line_rank=np.array([_ranks(line.priority, names.owners) for _, line in lines],
                           np.int64).reshape(len(lines), len(names.owners)),
        may_supply=_licences([line for _, line in lines], names.owners),
        exports_from=np.array([-NEVER if line.exports_from is None else number_of(line.exports_from) - names.start
                               for _, line in lines], np.int64),
        export_share=_table(sampler, [sampler.column(f"stockpile.lines.{n}.export_share", line.export_share)
                                      for n, line in lines]),
        export_delay=_whole(_table(sampler, [sampler.column(f"stockpile.lines.{n}.export_delay_months",
                                                            line.export_delay_months) for n, line in lines])),
    )


def _part_ranks(component: Component, lines: Sequence[str]) -> list[int]:
    return _ranks(component.priority if component.sharing == "priority" else [], lines)


def _licences(lines: Sequence[Line], owners: Sequence[str]) -> BoolArray:
    found = [[line.may_supply is None or owner in line.may_supply for owner in owners] for line in lines]
    return np.array(found, np.bool_).reshape(len(lines), len(owners))


def _lots(pile: Stockpile, names: Names, row: Mapping[tuple[str, str], int], sampler: Sampler) -> Lots:
    columns = {name: _order(f"stockpile.orders.{name}", order, names.start, sampler)
               for name, order in pile.orders.items()}
    orders = [(pile.orders[name], repeat * pile.orders[name].every_months) for name, repeat in names.lots]
    return Lots(
        pair=np.array([row[order.owner, order.interceptor] for order, _ in orders], np.int64),
        line=np.array([-1 if order.line is None else names.lines.index(order.line) for order, _ in orders], np.int64),
        contract=np.array([number_of(order.contract) - names.start + later for order, later in orders], np.int64),
        rounds=_whole(_table(sampler, [columns[name][0] for name, _ in names.lots])),
        due=_table(sampler, [columns[name][1] + later for (name, _), (_, later) in zip(names.lots, orders)]),
        over=_table(sampler, [columns[name][2] for name, _ in names.lots]),
    )


def _order(path: str, order: Order, start: int, sampler: Sampler) -> tuple[F64Array, F64Array, F64Array]:
    """Rounds, month in which the first is due, and months over which they fall due, of the first lot."""
    if order.lead_months is not None:
        due = number_of(order.contract) - start + sampler.column(f"{path}.lead_months", order.lead_months)
    else:
        due = np.full(sampler.runs, float(number_of(order.due_from or order.contract) - start))
    return (sampler.column(f"{path}.rounds", order.rounds), due,
            sampler.column(f"{path}.over_months", order.over_months))


def _queues(names: Names, lots: Lots, shares: Shares) -> Queues:
    """Lots by line in the order of contracts; by rank of the owner first, where the line goes by priority."""
    first, queue, is_export = [0], list[int](), list[bool]()
    owner, kind = (_index(known, [names.pairs[pair][i] for pair in lots.pair])
                   for i, known in enumerate((names.owners, names.interceptors)))
    for line in range(len(names.lines)):
        own = [n for n in range(lots.pair.size)
               if lots.line[n] in (-1, line) and kind[n] == shares.line_interceptor[line]
               and shares.may_supply[line, owner[n]]]
        if shares.line_sharing[line] == PRIORITY:
            own.sort(key=lambda n: shares.line_rank[line, owner[n]])
        queue += own
        is_export += [bool(owner[n] != shares.line_owner[line]) for n in own]
        first.append(len(queue))
    turns = Turns(lot=np.array(queue, np.int64), pair=lots.pair[np.array(queue, np.int64)],
                  is_export=np.array(is_export, np.bool_))
    return Queues(np.array(first, np.int64), pack(turns))


def _gifts(pile: Stockpile, names: Names, row: Mapping[tuple[str, str], int], sampler: Sampler) -> Gifts:
    n_months = number_of(pile.until) - names.start + 1
    rows = sorted((gift for i, (name, entry) in enumerate(pile.transfers.items())
                   for gift in _repeats(i, name, entry, names.start) if gift[0] < n_months),
                  key=lambda gift: gift[:2])
    place = {(i, repeat): n for n, (_, is_gift, i, repeat, _, _) in enumerate(rows) if is_gift}
    rounds, keep, giver, taker, loan = [], [], [], [], []
    for _, is_gift, i, repeat, name, entry in rows:
        ends = row[entry.from_, entry.interceptor], row[entry.to, entry.interceptor]
        giver.append(ends[0 if is_gift else 1])
        taker.append(ends[1 if is_gift else 0])
        loan.append(-1 if is_gift else place[i, repeat])
        path = f"stockpile.transfers.{name}"
        rounds.append(sampler.column(f"{path}.rounds", entry.rounds))
        keep.append(sampler.column(f"{path}.keep", entry.keep) if is_gift else np.zeros(sampler.runs))
    months = np.array([gift[0] for gift in rows], np.int64)
    return Gifts(
        by_month=np.searchsorted(months, np.arange(n_months + 1)).astype(np.int64),
        giver=np.array(giver, np.int64),
        taker=np.array(taker, np.int64),
        month=months,
        delay=np.array([entry.delay_months for *_, entry in rows], np.int64),
        loan=np.array(loan, np.int64),
        rounds=_whole(_table(sampler, rounds)),
        keep=_whole(_table(sampler, keep)),
    )


Gift = tuple[int, bool, int, int, str, Transfer]
"""Month, whether it is no way back, number of the transfer, number of the repeat, name, entry."""


def _repeats(i: int, name: str, entry: Transfer, start: int) -> Iterator[Gift]:
    for repeat in range(entry.times):
        month = number_of(entry.month) - start + repeat * entry.every_months
        yield month, True, i, repeat, name, entry
        if entry.back_after_months is not None:
            yield month + entry.delay_months + entry.back_after_months, False, i, repeat, name, entry


def _plans(pile: Stockpile, names: Names, row: Mapping[tuple[str, str], int], sampler: Sampler,
           start: I64Array) -> Plans:
    uses = list(pile.uses.items())
    pairs = [row[use.owner, use.interceptor] for _, use in uses]
    months = [sampler.column(f"stockpile.uses.{name}.months", use.months) for name, use in uses]
    rounds = [_rounds(f"stockpile.uses.{name}", use, months[i], start[:, pairs[i]], sampler)
              for i, (name, use) in enumerate(uses)]
    return Plans(
        pair=np.array(pairs, np.int64),
        first=np.array([float(number_of(use.first) - names.start) for _, use in uses]),
        months=_table(sampler, months),
        rounds=_whole(_table(sampler, rounds)),
    )


def _rounds(path: str, use: Use, months: F64Array, start: I64Array, sampler: Sampler) -> F64Array:
    """Rounds in all of a use, (R,)."""
    if use.rounds is not None:
        return sampler.column(f"{path}.rounds", use.rounds)
    if use.per_month is not None:
        return sampler.column(f"{path}.per_month", use.per_month) * months
    return sampler.column(f"{path}.share", use.share or Quantity(value=0.0)) * start
