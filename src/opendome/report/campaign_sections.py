"""Sections of the report on lines, raids and limits of campaigns."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.report import months_chart, surface_chart
from opendome.report.attack_data import Attack, Estimate, attacks_of, fits_of, over_runs
from opendome.report.charts import CLASSES, KILL, LEAK, OUTSIDE, Chart
from opendome.report.html import figure, table, text
from opendome.report.months_chart import Line, Panel
from opendome.report.shared import noted
from opendome.report.stock_data import Months
from opendome.report.svg import draw
from opendome.results.text import short, with_error

if TYPE_CHECKING:
    from opendome.results import Results

LIMITS = (
    "Months are the steps. What happens within one happens in a fixed order, and when in the month is not known.",
    "Rounds of one type of one owner are one heap: where they lie, older variants, and which are in repair, in "
    "training or promised to units are not told apart. Launchers, radars and crews never run short.",
    "Lines follow the rates, ramps and dates of the scenario. Money, strikes, accidents, and what makers and buyers "
    "would do in answer to what happens, are not in it.",
    "Raids come as they were counted, or are drawn from a process fitted to what was counted. An attacker who sees "
    "what is left and adapts is not in it.",
    "Where raids are met at rates, every threat of a class is like every other, and a raid's size matters only by the "
    "rounds it uses up. A response surface is as good as its error, told above.",
    "Stocks, lots and rates of production are public estimates, often disputed, seldom confirmed by their owners.",
    "Bands hold only what is sampled. What the model leaves out is not in them.",
    "Public figures about a war come from its parties and cannot be checked here.",
)


PANELS_MAX = 18
"""Most quantities of response surfaces that are drawn; the table holds all."""


def cell(found: Estimate, *, is_share: bool = False) -> str:
    """A cell: mean and error, and below them the band of nine runs of ten."""
    if found is None:
        return "–"
    mean, error, low, high = found
    if low == mean == high:
        return short(mean)
    ends = (f"{low:.3f}", f"{high:.3f}") if is_share else (short(round(low)), short(round(high)))
    return f"{with_error(mean, error)}<small>{ends[0]} to {ends[1]}</small>"


def lines(results: Results) -> str:
    """What lines and components made of what they could, and what held them back; nothing without any."""
    rows = results.tables.makers
    pile = results.scenario.stockpile
    assert pile is not None
    if not len(rows):
        return ""
    order = [*pile.lines, *pile.components]
    found: dict[str, dict[str, Estimate]] = {}
    for name, inside in sorted(rows.groupby("maker", observed=True, sort=False), key=lambda x: order.index(str(x[0]))):
        columns = {key: inside[key].to_numpy(np.float64) for key in ("made", "capacity", "short", "idle")}
        could = columns["capacity"] > 0
        found[str(name)] = {**{key: over_runs(values) for key, values in columns.items()},
                            "used": over_runs(columns["made"][could] / columns["capacity"][could])}
    head = ["", "builds", "in", "made", "could have made", "share made", "lost for want of parts", "lost: none due"]
    cells = [[text(name), text(line.interceptor), text(line.owner), *_made(found[name])]
             for name, line in pile.lines.items() if name in found]
    parts = [[text(name), "component", "", *_made(found[name])[:3], "", ""]
             for name in pile.components if name in found]
    return (figure(draw(_chart({name: found[name] for name in pile.lines if name in found})),
                   "What each line built, and what it could have built besides: for want of components, and because "
                   "nothing was due or exports were not allowed. Means over runs.")
            + table("Rounds over all months: mean over runs with standard error; below it, 90 % of runs", head,
                    [*cells, *parts], classes=["", "when", "when", *["n"] * 5])
            + noted((name, maker.note) for name, maker in {**pile.lines, **pile.components}.items()))


def _made(found: dict[str, Estimate]) -> list[str]:
    used = found["used"]
    share = "–" if used is None else f"{used[0]:.3f}<small>{used[2]:.3f} to {used[3]:.3f}</small>"
    return [cell(found["made"]), cell(found["capacity"]), share, cell(found["short"]), cell(found["idle"])]


def _chart(found: dict[str, dict[str, Estimate]]) -> Chart:
    def means(name: str) -> list[float]:
        return [estimate[0] if (estimate := one[name]) else 0.0 for one in found.values()]

    def bars(name: str, key: str, style: dict[str, Any]) -> Chart:
        return {"type": "bar", "stack": "all", "name": name, "itemStyle": style, "data": means(key)}

    return {
        "aria": {"description": "Rounds built by each line, and rounds it could have built besides, by what held it "
                                "back."},
        "xAxis": {"type": "value", "name": "rounds over all months"},
        "yAxis": {"type": "category", "data": list(found)},
        "series": [bars("built", "made", {"color": KILL}),
                   bars("not built for want of components", "short",
                        {"color": LEAK, "decal": {"rotation": math.pi / 4}}),
                   bars("not built: none due, or not allowed", "idle",
                        {"color": OUTSIDE, "decal": {"rotation": -math.pi / 4}})],
    }


def campaigns(results: Results) -> str:
    """Leak-through by month, class and year, and response surfaces against simulated raids."""
    attacks = attacks_of(results)
    if not attacks:
        return ""
    months = attacks[0].months
    span = [month for one in attacks for month in np.flatnonzero(one.columns["launched"].any(axis=0))]
    first, last = int(min(span)), int(max(span))
    panels = [_panel(one, first, last) for one in attacks]
    kinds = dict.fromkeys(one.threat_class for one in attacks)
    legend = [months_chart.line_key(f"{kind}: mean, 90 % of runs", CLASSES[kind][1]) for kind in kinds]
    drawing = months_chart.draw(months_chart.Chart(
        panels, Months(months.first + first, last - first + 1),
        "Share of the threats launched in each month that leaked, by campaign and class of threat, mean over runs.",
        legend))
    head = ["campaign", "class", "launched", "fired at from stocks", "destroyed", "outside", "leaked", "leak-through"]
    rows = [[text(one.campaign), text(one.threat_class), *(cell(one.count(name, 0, months.count)) for name in
             ("launched", "engaged", "destroyed", "harmless", "leaked")),
             cell(one.share(0, months.count), is_share=True)] for one in attacks]
    return (figure(drawing, "Share of the threats launched in each month that leaked. Where none were launched in any "
                            "run, there is no line. Shaded: 90 % of runs.")
            + table("Over all months: mean over runs with standard error; below it, 90 % of runs", head, rows,
                    classes=["", "", *["n"] * 6])
            + _by_year(attacks, months) + _surfaces(results)
            + noted((name, found.note) for name, found in results.scenario.campaigns.items()))


def _panel(one: Attack, first: int, last: int) -> Panel:
    """Leak-through of one class from the first month with any launch to the last."""
    found = [over_runs(values) or (math.nan,) * 4 for values in one.leaks.T[first:last + 1]]
    middle, _, low, high = zip(*found)
    whole = one.share(0, one.months.count)
    under = [f"all months {with_error(whole[0], whole[1])}"] if whole else []
    line = Line(one.threat_class, [m + 0.5 for m in range(len(found))], middle, low, high,
                CLASSES[one.threat_class][1])
    return Panel(f"{one.campaign}: {one.threat_class}", under, [line], is_share=True)


def _by_year(attacks: list[Attack], months: Months) -> str:
    """Leak-through by calendar year, where there is more than one."""
    starts = sorted({0, *(month for month, _ in months.years(0, months.count - 1)), months.count})
    years = [(a, b, months.name(a)[:4]) for a, b in pairwise(starts)]
    years = [(a, b, year) for a, b, year in years if any(one.share(a, b) for one in attacks)]
    if len(years) < 2:
        return ""
    rows: list[list[str]] = []
    for one in attacks:
        rows.append([text(f"{one.campaign}: {one.threat_class}")])
        rows += [[year, cell(one.count("launched", a, b)), cell(one.count("leaked", a, b)),
                  cell(one.share(a, b), is_share=True)] for a, b, year in years if one.share(a, b)]
    return table("By calendar year", ["", "launched", "leaked", "leak-through"], rows)


def _surfaces(results: Results) -> str:
    fits = fits_of(results)
    if not fits:
        return ""
    rows = [[text(one.name), f"{len(one.is_check) - sum(one.is_check)}", f"{sum(one.is_check)}",
             short(round(float(np.mean(one.simulated)), 3)), short(round(one.off, 3)), short(round(one.chance, 3))]
            for one in fits]
    told = [one for one in fits if not one.is_nothing]
    drawn = told[:PANELS_MAX]
    more = f" The first {PANELS_MAX} of {len(told)} are drawn." if len(told) > PANELS_MAX else ""
    head = ["", "raids fitted to", "raids checked on", "mean simulated", "off at the checks", "of it by chance"]
    return ("<h3>Response surfaces against simulated raids</h3>"
            + figure(surface_chart.draw(drawn), "Each mark is one raid of some size against some stock: its simulated "
                                                f"mean, with one standard error, and what the surface says.{more}")
            + table("Root mean square of surface less simulated mean over the raids that it was not fitted to; and "
                    "that of the standard errors of those means, which chance alone would give", head, rows))


def limits(results: Results) -> str:
    """What is left out, and the scenario's notes on its parts."""
    pile = results.scenario.stockpile
    assert pile is not None
    items = "".join(f"<li>{text(limit)}</li>" for limit in LIMITS)
    told = noted((name, found.note) for group in (pile.owners, pile.interceptors, pile.transfers, pile.uses)
                 for name, found in group.items())
    return f"<ul>{items}</ul>" + (f"<h3>Notes of the scenario</h3>{told}" if told else "")
