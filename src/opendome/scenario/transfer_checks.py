"""What is wrong with transfers: to oneself, outside the months, of what the giver never has, and in circles.

Two owners that give the same type to each other in one month, or a longer circle, leave the outcome to the order of the
rows. The way back of a loan is no part of a circle: it takes what is there when its time has come.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence

from opendome.errors import Problem
from opendome.scenario.months import Span, name_of, number_of
from opendome.scenario.problems import dotted
from opendome.scenario.stock_names import Holdings, never_has
from opendome.scenario.stock_specs import Stockpile, Transfer

Rows = tuple[str, ...]
"""Names of transfers."""


def transfer_problems(pile: Stockpile, span: Span, held: Holdings) -> Iterator[Problem]:
    """Every such problem."""
    for name, transfer in pile.transfers.items():
        where = f"stockpile.transfers.{dotted(name)}"
        yield from span.outside(f"{where}.month", transfer.month)
        if transfer.from_ == transfer.to:
            yield Problem(f"{where}.to", repr(transfer.to), "must be another owner than from: nothing would move")
        yield from never_has(f"{where}.interceptor", (transfer.from_, transfer.interceptor), pile, held)
    for (month, interceptor), circle in _circles(pile.transfers, span).items():
        steps = [f"{pile.transfers[row].from_} to {pile.transfers[row].to} ({row})" for row in circle]
        yield Problem(f"stockpile.transfers.{dotted(circle[0])}", "",
                      f"is part of a circle of {interceptor} in {name_of(month)}: {', '.join(steps)}",
                      "move one of them to another month; what is given back later is a loan (back_after_months)")


def _circles(transfers: Mapping[str, Transfer], span: Span) -> dict[tuple[int, str], Rows]:
    """The first circle of every set of transfers that leave in one month, by that month and the type."""
    leaving: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name, transfer in transfers.items():
        if transfer.from_ != transfer.to and transfer.rounds.high_or_value > 0.0:
            for month in _months(transfer, span):
                leaving[month, transfer.interceptor].append(name)
    seen: set[Rows] = set()
    found: dict[tuple[int, str], Rows] = {}
    for (month, interceptor), rows in sorted(leaving.items()):
        if tuple(rows) in seen:
            continue  # the same rows again in a later month
        seen.add(tuple(rows))
        circle = _circle(transfers, rows)
        if circle and circle not in found.values():
            found[month, interceptor] = circle
    return found


def _months(transfer: Transfer, span: Span) -> range:
    """Months in which a transfer leaves, those after the last one left out."""
    first = number_of(transfer.month)
    end = min(first + transfer.every_months * (transfer.times - 1), span.last)
    return range(first, end + 1, transfer.every_months)


def _circle(transfers: Mapping[str, Transfer], rows: Sequence[str]) -> Rows:
    """The shortest circle through the first row that is part of one; () where there is none."""
    by_giver: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_giver[transfers[row].from_].append(row)
    for first in rows:
        ways: deque[Rows] = deque([(first,)])
        reached: set[str] = set()
        while ways:
            way = ways.popleft()
            here = transfers[way[-1]].to
            if here == transfers[first].from_:
                return way
            if here not in reached:
                reached.add(here)
                ways.extend((*way, row) for row in by_giver[here])
    return ()
