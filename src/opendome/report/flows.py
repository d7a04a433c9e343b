"""Where rounds come from and where they go, by owner: means over runs, balanced to the round.

Into an owner's stock: what it held at the start, what lines built for it, what others gave. Out of it: fired, too old,
given to others, in stock at the end, or on the way to it still. What is on the way is in both sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opendome.report.stock_data import Stocks

if TYPE_CHECKING:
    from opendome.results import Results

START, OTHERS, ANY_LINE = "at the start", "from other owners", "any line"
FIRED, EXPIRED, GIVEN, ON_WAY, END = "fired", "too old", "to other owners", "on the way at the end", "at the end"
OUT = (FIRED, EXPIRED, GIVEN, ON_WAY, END)
"""What becomes of rounds, in the order it is drawn and told."""


@dataclass(frozen=True)
class Flows:
    """Rounds of one interceptor, means over runs."""

    interceptor: str
    into: dict[str, dict[str, float]]
    """By owner, then source: START, lines by name, ANY_LINE for orders that name none, OTHERS."""
    out: dict[str, dict[str, float]]
    """By owner, then one of OUT."""

    @property
    def sources(self) -> list[str]:
        """Sources that give anything, START first and OTHERS last."""
        names = list(dict.fromkeys(name for found in self.into.values() for name in found))
        lines = [name for name in names if name not in (START, OTHERS)]
        return [name for name in (START, *lines, OTHERS) if any(found.get(name, 0) > 0 for found in self.into.values())]

    @property
    def ends(self) -> list[str]:
        """Those of OUT that anything goes to."""
        return [name for name in OUT if any(found[name] > 0 for found in self.out.values())]


def flows(results: Results, stocks: Stocks, interceptor: str) -> Flows:
    """The flows of one interceptor, over the runs whose months are kept."""
    built = _built(results, interceptor)
    into: dict[str, dict[str, float]] = {}
    out: dict[str, dict[str, float]] = {}
    for p in stocks.of(interceptor):
        owner = stocks.pairs[p][0]
        moved = {name: int(stocks.columns[name][:, :, p].sum()) for name in
                 ("delivered", "received", "sent", "fired", "expired")}
        on_way, made = int(stocks.on_way[:, p].sum()), sum(built[owner].values())
        given = moved["received"] + on_way - (made - moved["delivered"])
        sums = {START: int(stocks.start[:, p].sum()), **built[owner], OTHERS: given}
        into[owner] = {name: total / stocks.runs for name, total in sums.items()}
        sums = {FIRED: moved["fired"], EXPIRED: moved["expired"], GIVEN: moved["sent"], ON_WAY: on_way,
                END: int(stocks.columns["stock"][:, -1, p].sum())}
        out[owner] = {name: total / stocks.runs for name, total in sums.items()}
    return Flows(interceptor, into, out)


def _built(results: Results, interceptor: str) -> dict[str, dict[str, int]]:
    """Number built in all runs by owner and line. An order that names no line is laid to the only one that there is."""
    pile = results.scenario.stockpile
    assert pile is not None
    makers = [name for name, line in pile.lines.items() if line.interceptor == interceptor]
    rows = results.tables.lots
    rows = rows[(rows["interceptor"] == interceptor) & rows["run"].isin(results.tables.stocks["run"].unique())]
    line = rows["line"].astype("str").where(rows["line"].notna(), makers[0] if len(makers) == 1 else ANY_LINE)
    sums: Any = rows["built"].groupby([rows["owner"].astype("str"), line]).sum()
    found: dict[str, dict[str, int]] = {owner: {} for owner in pile.owners}
    for (owner, name), total in sorted(sums.items(), key=lambda item: [*makers, ANY_LINE].index(item[0][1])):
        found[str(owner)][str(name)] = int(total)
    return found
