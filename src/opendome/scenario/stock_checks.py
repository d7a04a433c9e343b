"""What is wrong with a stockpile and its campaigns beyond the form of their values: names, dates, circles.

What the file states, even as nothing (a stock of 0, a share of 0), is taken as meant, so that it can be varied; what
could never have an effect because something else is missing, or contradicts another line, is a problem.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from opendome.errors import Problem
from opendome.scenario.campaign_checks import campaign_problems
from opendome.scenario.months import ALL_TIME, Span, name_of, number_of
from opendome.scenario.problems import dotted, short
from opendome.scenario.quantity import Quantity, quantities
from opendome.scenario.specs import Scenario
from opendome.scenario.stock_names import Holdings, holdings, lacks_start, never_has, unknown_names, walk
from opendome.scenario.stock_specs import Component, Line, Maker, Order, Stockpile
from opendome.scenario.transfer_checks import transfer_problems

ROUNDS_MAX = 1_000_000
"""Most rounds of one row, and most that one maker makes in a year."""

ALL_ROUNDS_MAX = 2_000_000_000
"""Most rounds of one type in stocks and orders together: what 32 bits hold."""

ROWS_MAX = 10_000
"""Most orders, and most transfers, when each repeat is one of its own."""

YEARS_MAX = 100
"""Longest time of any kind: that of a whole stockpile."""

ROUNDS = ("per_year", "ceiling_per_year", "store", "rounds", "keep", "per_month")
"""Fields that count rounds or parts."""


def stock_problems(scenario: Scenario, known: Mapping[str, Any]) -> list[Problem]:
    """Every such problem; none for a scenario without a stockpile.

    `known` is the whole file as plain data: `scenario` may lack parts of it that could not be read.
    """
    if "stockpile" not in known:
        return [Problem(f"campaigns.{dotted(name)}", "", "needs a stockpile whose rounds it uses")
                for name in scenario.campaigns]
    pile, found = scenario.stockpile, list(unknown_names(known))
    if pile is None:
        return found
    span, held = _span(pile, known), holdings(known, pile)
    found += _nothing(pile, known)
    found += _sizes(pile)
    found += _return_levels(pile, held)
    for name, component in pile.components.items():
        where = f"stockpile.components.{dotted(name)}"
        found += [*_ramp(where, component, span), *_component_sharing(where, name, component, pile)]
    for name, line in pile.lines.items():
        where = f"stockpile.lines.{dotted(name)}"
        found += [*_ramp(where, line, span), *_sources(where, line, pile, span), *_supply(where, line, pile)]
    is_all_read = len(list(walk(known, "stockpile.lines.*"))) == len(pile.lines)
    is_all_read &= all(line.interceptor in pile.interceptors for line in pile.lines.values())
    for name, order in pile.orders.items():
        found += _order(f"stockpile.orders.{dotted(name)}", order, pile, span, is_all_read=is_all_read)
    found += transfer_problems(pile, span, held)
    found += _uses(pile, span, held)
    found += campaign_problems(scenario, known, span, held)
    return found


def _span(pile: Stockpile, known: Mapping[str, Any]) -> Span:
    """The months of the stockpile where both ends are those of the file, and not what stands in for them."""
    raw = known["stockpile"]
    is_read = isinstance(raw, Mapping) and raw.get("start") == pile.start and raw.get("until") == pile.until
    return Span(number_of(pile.start), number_of(pile.until)) if is_read else ALL_TIME


HOLDINGS = ("stocks", "return_to", "orders", "transfers", "uses")
"""Tables that say of an owner and an interceptor that there is a stock to follow."""


def _nothing(pile: Stockpile, known: Mapping[str, Any]) -> Iterator[Problem]:
    """A stockpile in which nobody ever holds anything."""
    owner, interceptor = next(iter(pile.owners), "OWNER"), next(iter(pile.interceptors), "INTERCEPTOR")
    stated = known["stockpile"] if isinstance(known["stockpile"], Mapping) else dict.fromkeys(HOLDINGS, True)
    if not any(stated.get(name) for name in HOLDINGS):
        yield Problem("stockpile", "", "holds nothing: has no stocks, orders, transfers or uses to follow",
                      f"state stocks.{dotted(owner, interceptor)}, the rounds at the start (0 for none)")


# ---- sizes ------------------------------------------------------------------------------------------------------


def _sizes(pile: Stockpile) -> Iterator[Problem]:
    """Numbers too large to be meant, or to be counted."""
    for table in ("interceptors", "components", "lines", "orders", "transfers", "uses"):
        for name, entry in getattr(pile, table).items():
            for path, quantity in quantities(entry, f"stockpile.{table}.{dotted(name)}."):
                yield from _size(path, quantity)
    for table in ("orders", "transfers"):
        if (rows := sum(entry.times for entry in getattr(pile, table).values())) > ROWS_MAX:
            yield Problem(f"stockpile.{table}", f"{rows:,} with their repeats", f"must be at most {ROWS_MAX:,}",
                          "repeats after the last month of the stockpile have no effect")
    yield from _totals(pile)


def _totals(pile: Stockpile) -> Iterator[Problem]:
    """Stocks and levels one by one, and all rounds of a type together."""
    totals: dict[str, float] = defaultdict(float)
    for owner, levels in pile.stocks.items():
        for interceptor, quantity in levels.items():
            totals[interceptor] += quantity.high_or_value
            yield from _too_many(f"stockpile.stocks.{dotted(owner, interceptor)}", quantity)
    for owner, levels in pile.return_to.items():
        for interceptor, quantity in levels.items():
            yield from _too_many(f"stockpile.return_to.{dotted(owner, interceptor)}", quantity)
    for order in pile.orders.values():
        totals[order.interceptor] += order.rounds.high_or_value * order.times
    for interceptor, total in totals.items():
        if total > ALL_ROUNDS_MAX:
            yield Problem(f"stockpile.interceptors.{dotted(interceptor)}", f"{total:g} rounds",
                          f"stocks and orders together must be at most {ALL_ROUNDS_MAX:,}")


def _size(path: str, quantity: Quantity) -> Iterator[Problem]:
    field = path.rpartition(".")[2]
    if field in ROUNDS:
        yield from _too_many(path, quantity)
    is_years, is_months = field.endswith("_years"), field.endswith("months")
    most = YEARS_MAX if is_years else 12 * YEARS_MAX
    longest = max(abs(quantity.low_or_value), abs(quantity.high_or_value))
    if (is_years or is_months) and longest > most:
        yield Problem(path, f"{longest:g}", f"must be at most {most:,} {'years' if is_years else 'months'}",
                      "leave it out for rounds that never become too old" if field == "storage_years" else "")


def _too_many(path: str, quantity: Quantity) -> Iterator[Problem]:
    if quantity.high_or_value > ROUNDS_MAX:
        yield Problem(path, f"{quantity.high_or_value:g}", f"must be at most {ROUNDS_MAX:,}")


def _return_levels(pile: Stockpile, held: Holdings) -> Iterator[Problem]:
    moving = held._replace(stated=held.stated | {(use.owner, use.interceptor) for use in pile.uses.values()})
    for owner, levels in pile.return_to.items():
        for interceptor, quantity in levels.items():
            if any(never_has("", (owner, interceptor), pile, moving)):
                yield Problem(f"stockpile.return_to.{dotted(owner, interceptor)}", f"{quantity.value:g}",
                              f"{owner} has no stock, order or use of {interceptor} that could come back",
                              f"stocks.{dotted(owner, interceptor)} = 0 says that it starts with none")


# ---- makers -----------------------------------------------------------------------------------------------------


def _ramp(where: str, maker: Maker, span: Span) -> Iterator[Problem]:
    """A ramp that cannot work. A rate that falls evenly or in a step may be meant; one that learns cannot fall."""
    ceiling = maker.ceiling_per_year
    if maker.ramp == "learning":
        if ceiling is not None and ceiling.value < maker.per_year.value:
            yield Problem(f"{where}.ceiling_per_year", f"{ceiling.value:g}",
                          f"must not be below per_year = {maker.per_year.value:g}: a rate that learns only grows",
                          'a rate that falls is ramp = "linear" or "step"')
        if maker.ramp_from is not None and number_of(maker.ramp_from) < span.first:
            yield Problem(f"{where}.ramp_from", repr(maker.ramp_from),
                          f"must not be before the stockpile's start = {name_of(span.first)}: what was built before "
                          "is not known", "per_year and experience are then those at the start")
    elif maker.ramp != "none" and maker.opens and maker.ramp_to and maker.ramp_to <= maker.opens:
        yield Problem(f"{where}.ramp_to", repr(maker.ramp_to),
                      f"must be after opens = {maker.opens}: the ramp is over before there is any work",
                      "slip_months moves all three together; a line that opens at its full rate needs no ramp")


def _why_idle(maker: Maker, span: Span) -> str:
    """Why a maker can make nothing at all in these months, or ""."""
    slip = maker.slip_months.low_or_value
    if maker.opens is not None and number_of(maker.opens) + slip >= span.last + 1:
        return f"opens in {maker.opens}, after until = {name_of(span.last)}"
    if maker.per_year.high_or_value > 0.0:
        return ""
    grows_at = {"linear": maker.ramp_from, "step": maker.ramp_to}.get(maker.ramp)
    can_grow = maker.ceiling_per_year is not None and maker.ceiling_per_year.high_or_value > 0.0
    if grows_at is not None and can_grow and number_of(grows_at) + slip < span.last + 1:
        return ""
    return "is made at 0 a year throughout"


def _sources(where: str, line: Line, pile: Stockpile, span: Span) -> Iterator[Problem]:
    """Components that a working line needs and can never get."""
    if _why_idle(line, span):
        return
    for name in line.components:
        component = pile.components.get(name)
        why = _why_idle(component, span) if component is not None else ""
        if why:
            yield Problem(f"{where}.components.{dotted(name)}", repr(name),
                          f"can never be had, so that the line stands still: it {why}",
                          f"give components.{dotted(name)} a rate, or take it out of the line's components")


def _component_sharing(where: str, name: str, component: Component, pile: Stockpile) -> Iterator[Problem]:
    yield from _priority(where, component)
    for i, line in enumerate(component.priority):
        if line in pile.lines and name not in pile.lines[line].components:
            yield Problem(f"{where}.priority[{i}]", repr(line), "must name a line that needs it")


def _priority(where: str, maker: Component | Line) -> Iterator[Problem]:
    """An order that is not asked for, or asked for and not given."""
    if maker.priority and maker.sharing != "priority":
        yield Problem(f"{where}.priority", short(maker.priority),
                      f'needs sharing = "priority", which is {short(maker.sharing)}', "or set priority = []")
    if maker.sharing == "priority" and not maker.priority:
        yield Problem(f"{where}.sharing", short(maker.sharing), "needs priority: who is served first, in order")
    for i, name in enumerate(maker.priority):
        if name in maker.priority[:i]:
            yield Problem(f"{where}.priority[{i}]", repr(name), "stands in it twice")


def _supply(where: str, line: Line, pile: Stockpile) -> Iterator[Problem]:
    """Whom a line may supply, and exports without anyone to export to."""
    yield from _priority(where, line)
    allowed = line.may_supply if line.may_supply is not None else list(pile.owners)
    if line.owner not in allowed and line.owner in pile.owners:
        yield Problem(f"{where}.may_supply", short(line.may_supply),
                      f"must name its own owner too: {line.owner}", "export_share and orders say what it gets")
    for i, owner in enumerate(line.priority):
        if owner in pile.owners and owner not in allowed:
            yield Problem(f"{where}.priority[{i}]", repr(owner), "must name an owner that may_supply names")
    if set(allowed) - {line.owner}:
        return
    own = Line.model_fields
    for field in ("exports_from", "export_share", "export_delay_months"):
        if (value := getattr(line, field)) != own[field].default:
            yield Problem(f"{where}.{field}", f"{value.value:g}" if isinstance(value, Quantity) else repr(value),
                          f"has no effect: the line may supply only {line.owner}",
                          "name in may_supply whom it may export to")


# ---- orders and uses --------------------------------------------------------------------------------------------


def _order(where: str, order: Order, pile: Stockpile, span: Span, *, is_all_read: bool) -> Iterator[Problem]:
    """What keeps an order from being built. Whether no line can is known only where all lines could be read."""
    if number_of(order.contract) > span.last:
        yield from span.outside(f"{where}.contract", order.contract)
    if order.owner not in pile.owners or order.interceptor not in pile.interceptors:
        return
    if order.line is not None:
        yield from _order_of_line(where, order, pile.lines.get(order.line), pile)
        return
    makers = {name: line for name, line in pile.lines.items() if line.interceptor == order.interceptor}
    if not is_all_read or any(_may_supply(line, order.owner, pile) for line in makers.values()):
        return
    if makers:
        yield Problem(where, "", f"no line that makes {order.interceptor} may supply {order.owner}",
                      f"add it to may_supply of one of these: {', '.join(makers)}")
    else:
        yield Problem(where, "", f"no line makes {order.interceptor}",
                      "rounds that come from elsewhere are a line of their own, or a transfer")


def _order_of_line(where: str, order: Order, line: Line | None, pile: Stockpile) -> Iterator[Problem]:
    """What keeps the line that an order names from building it."""
    if line is None:
        return
    if line.interceptor != order.interceptor:
        yield Problem(f"{where}.line", repr(order.line), f"makes {line.interceptor}, not {order.interceptor}")
    elif not _may_supply(line, order.owner, pile):
        yield Problem(f"{where}.line", repr(order.line), f"may not supply {order.owner}",
                      f"its may_supply is {', '.join(line.may_supply or [])}")


def _may_supply(line: Line, owner: str, pile: Stockpile) -> bool:
    """Whether a line's licence lets it; a name in it that is not known may stand for any owner."""
    return line.may_supply is None or owner in line.may_supply or not set(line.may_supply) <= set(pile.owners)


def _uses(pile: Stockpile, span: Span, held: Holdings) -> Iterator[Problem]:
    for name, use in pile.uses.items():
        where, pair = f"stockpile.uses.{dotted(name)}", (use.owner, use.interceptor)
        yield from span.outside(f"{where}.first", use.first)
        never = list(never_has(f"{where}.interceptor", pair, pile, held))
        yield from never
        if use.share is not None and not never and lacks_start(pair, pile, held):
            yield Problem(f"{where}.share", f"{use.share.value:g}", f"needs a stock at the start: {use.owner} has no "
                          f"stocks of {use.interceptor}", "say how many with rounds or per_month")
