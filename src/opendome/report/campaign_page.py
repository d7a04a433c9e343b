"""The report of campaigns: when stocks run out and are back, where rounds go, what lines and orders give, what leaks.

Every number is one of the results' tables; dates are medians over runs with the band of eight runs of ten, in which
what does not come within the months counts as later than all that do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from opendome.report import briefing, cite, costs, gantt, ledger, minute, sankey, stock_chart
from opendome.report import campaign_sections as sections
from opendome.report.attack_data import attacks_of
from opendome.report.flows import END, OUT, Flows, flows
from opendome.report.html import code, document, figure, table, text
from opendome.report.lots import Lot, lots_of
from opendome.report.shared import assumptions, noted, paragraphs, repeat
from opendome.report.stock_answer import Dates, answers, dates
from opendome.report.stock_data import Months, Pair, Stocks, When, band, months_of, stocks_of
from opendome.results.text import short, with_error

if TYPE_CHECKING:
    from opendome.results import Results

SECTIONS = (("answer", "The answer"), ("stocks", "Stocks"), ("flows", "Where rounds come from and go"),
            ("orders", "Orders and deliveries"), ("lines", "Lines"), ("campaigns", "Raids"),
            ("cost", "What it costs"), ("ledger", "What the headline rests on"), ("assumptions", "Assumptions"),
            ("repeat", "How to repeat this"), ("cite", "How to cite this"), ("limits", "What is left out"))

def page(results: Results, before: str) -> str:
    """The report of campaigns as one HTML document that loads nothing; `before` comes first in its body."""
    stocks, found = stocks_of(results), dates(results)
    parts = {"answer": _answer(results, found), "stocks": _stocks(stocks, found), "flows": _flows(results, stocks),
             "orders": _orders(results), "lines": sections.lines(results), "campaigns": sections.campaigns(results),
             "cost": costs.section(results, results.summary()) if results.scenario.cost is not None else "",
             "ledger": ledger.section(results), "assumptions": assumptions(results), "repeat": repeat(results),
             "cite": cite.section(results), "limits": sections.limits(results)}
    shown = [(key, title) for key, title in SECTIONS if parts[key]]
    body = "".join(f'<section id="{key}"><h2>{title}</h2>{parts[key]}</section>' for key, title in shown)
    return document(results.scenario.title, _under_title(results, stocks), shown, body, before=before)


def _under_title(results: Results, stocks: Stocks) -> str:
    manifest, months = results.manifest, stocks.months
    runs = len(results.tables.runs)
    kept = "" if stocks.runs == runs else f" Pictures of stocks and flows are of the first {stocks.runs:,} runs."
    return (f'<p class="soft">OpenDome {text(manifest["version"])}; {months.name(0)} to {months.last}; {runs:,} '
            f"run{'s' * (runs != 1)}; seed {manifest['seed']}; scenario "
            f"{text(str(manifest['scenario_sha256'])[:12])}.{kept}</p>" + minute.section(results, results.summary())
            + cite.badge() + paragraphs(results.scenario.note) + f'<p class="soft">{briefing.CAMPAIGN}</p>')


def _answer(results: Results, found: Dates) -> str:
    """The first stock with nothing left, the last one back, leak-through; then every stock."""
    months = months_of(results)
    cards = [_card("First exhausted", min(_of(found, "exhausted"), key=lambda one: one[0].middle, default=None),
                   months, NEVER),
             _card("Last one back", max(_of(found, "back"), key=lambda one: _rank(one[0]), default=None),
                   months, LATER)]
    for one in attacks_of(results)[:3]:
        share = one.share(0, months.count)
        if share is not None:
            cards += [(f"Leak-through, {text(one.campaign)}, {text(one.threat_class)}", with_error(share[0], share[1]),
                       f"9 runs of 10: {share[2]:.3f} to {share[3]:.3f}")]
    boxes = "".join(f"<div><dt>{name}</dt><dd>{value}<small>{more}</small></dd></div>" for name, value, more in cards)
    notes = "".join(f"<p>{code(note)}</p>" for note in results.summary()["notes"])
    return (f'<dl class="answer">{boxes}</dl>' + _dates(results, months) + notes)


def _rank(one: When) -> tuple[float, float, float, float]:
    """Later first, by median, then by the ends of the band, then by how seldom it comes at all."""
    return one.middle, one.high, one.low, -one.share


def _of(found: Dates, what: str) -> list[tuple[When, Pair]]:
    return [(one, pair) for pair, inside in found.items() if (one := inside[what]) is not None]


NEVER, LATER = "never", "later"
"""What is said of a month that does not come: of exhaustion, and of return."""


def _card(name: str, found: tuple[When, Pair] | None, months: Months, never: str) -> tuple[str, str, str]:
    if found is None or (found[0].share == 0 and never == NEVER):
        return name, "none", "no stock in any run" if never == NEVER else "no stock falls below its level"
    one, (owner, kind) = found
    share = f"; in {share_text(one.share)}" if one.share < 1 else ""
    ends = band(one, months, never)
    value = months.name(one.middle, f"{never} by {months.last}" if never == NEVER else f"after {months.last}")
    return name, value, text(f"{kind}, {owner}{': ' + ends if ends else ''}{share}")


def _dates(results: Results, months: Months) -> str:
    rows: list[list[str]] = []
    kind = ""
    for one in answers(results):
        if one.interceptor != kind:
            kind = one.interceptor
            rows.append([text(kind)])
        lowest = f"{short(round(one.lowest.middle))}<small>{short(one.lowest.low)} to {short(one.lowest.high)}</small>"
        gone = NEVER if one.exhausted is None or one.exhausted.share == 0 else date_cell(one.exhausted, months, NEVER)
        rows.append([text(one.owner), short(round(one.start)), lowest, date_cell(one.lowest_month, months), gone,
                     short(round(one.level)), date_cell(one.back, months) if one.back else "did not fall"])
    head = ["", "at the start", "lowest", "in", "exhausted", "level", "back at the level"]
    return table("Rounds and months: medians over runs; below each, 80 % of runs", head, rows,
                 classes=["", "n", "n", "when", "when", "n", "when"])


def date_cell(found: When, months: Months, never: str = LATER) -> str:
    """A cell: the month, and below it the band and the share of runs, where it does not come in all."""
    more = [band(found, months, never), f"in {share_text(found.share)}" if found.share < 1 else ""]
    return months.name(found.middle, never) + "".join(f"<small>{part}</small>" for part in more if part)


def share_text(share: float) -> str:
    """A share of the runs in words: 0 and 100 per cent only where it is none or all of them."""
    per_cent = 100.0 * share
    if per_cent == 0.0:
        return "no run"
    if per_cent < 1.0:
        return "below 1 % of runs"
    return "above 99 % of runs" if 99.0 < per_cent < 100.0 else f"{per_cent:.0f} % of runs"


def _stocks(stocks: Stocks, found: Dates) -> str:
    return "".join(f"<h3>{text(kind)}</h3>" + figure(
        stock_chart.draw(stocks, kind, found),
        f"Rounds of {text(kind)} in stock at the end of each month. Each panel has its own scale.")
        for kind in stocks.interceptors)


def _flows(results: Results, stocks: Stocks) -> str:
    parts = []
    for kind in stocks.interceptors:
        one = flows(results, stocks, kind)
        parts.append(f"<h3>{text(kind)}</h3>" + figure(
            sankey.draw(one), f"Rounds of {text(kind)} over all months, means over runs: what comes into each bar is "
                              "what leaves it.") + _balance(one))
    return "".join(parts)


def _balance(one: Flows) -> str:
    """The flows as a table: for each owner both sums are equal."""
    ends = [name for name in OUT if name in one.ends or name == END]
    rows = []
    for owner, inside in one.into.items():
        rows.append([text(owner), *(sankey.rounds(inside.get(name, 0.0)) for name in one.sources),
                     sankey.rounds(sum(inside.values())), *(sankey.rounds(one.out[owner][name]) for name in ends),
                     sankey.rounds(sum(one.out[owner].values()))])
    sums = [sum(inside.get(name, 0.0) for inside in one.into.values()) for name in one.sources]
    gone = [sum(inside[name] for inside in one.out.values()) for name in ends]
    foot = ["all", *map(sankey.rounds, sums), sankey.rounds(sum(sums)), *map(sankey.rounds, gone),
            sankey.rounds(sum(gone))]
    return table("Where they come from, and what becomes of them: means over runs",
                 ["", *map(text, one.sources), "sum", *map(text, ends), "sum"], rows, foot=foot)


def _orders(results: Results) -> str:
    lots, months = lots_of(results), months_of(results)
    pile = results.scenario.stockpile
    assert pile is not None
    if not lots:
        return ""
    kinds = list(dict.fromkeys(lot.interceptor for lot in lots))
    charts = "".join(f"<h3>{text(kind)}</h3>" + figure(
        gantt.draw([lot for lot in lots if lot.interceptor == kind], months, lots),
        f"Orders of {text(kind)}: contracts, deliveries from the first to the last at the medians over runs, the last "
        "one of 80 % of runs, and below it when they were due. A lot that is not built in full goes on to the edge. "
        "The grey line is the start of the study.") for kind in kinds)
    return charts + _lots(lots, months) + noted((name, order.note) for name, order in pile.orders.items())


ROWS_MAX = 150
"""Longest table of lots: of an order with more, the first and the last stand for all."""


def _lots(lots: Sequence[Lot], months: Months) -> str:
    shown = lots
    if len(lots) > ROWS_MAX:
        ends = {name: max(lot.number for lot in lots if lot.order == name) for name in {lot.order for lot in lots}}
        shown = [lot for lot in lots if lot.number in (0, ends[lot.order])]
    rows: list[list[str]] = []
    group = ("", "")
    for lot in shown:
        if (lot.interceptor, lot.owner) != group:
            group = lot.interceptor, lot.owner
            rows.append([text(f"{lot.interceptor}, {lot.owner}")])
        rows.append([text(lot.order), f"{lot.number + 1}", short(round(lot.rounds)), sankey.rounds(lot.built),
                     months.name(lot.contract), months.name(lot.due), date_cell(lot.first, months),
                     date_cell(lot.last, months), _late(lot)])
    more = "" if len(shown) == len(lots) else "; of longer orders only the first and the last lot"
    head = ["order", "lot", "rounds", "built", "contract", "due from", "first delivery", "last delivery",
            "months overdue"]
    return table(f"Lots: medians over runs; below each, 80 % of runs{more}", head, rows,
                 classes=["", "n", "n", "n", "when", "when", "when", "when", "n"])


def _late(lot: Lot) -> str:
    if not lot.is_late:
        return "–"
    return f'<span class="out">{short(round(lot.overdue, 1)) if math.isfinite(lot.overdue) else LATER}</span>'
