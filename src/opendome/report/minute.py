"""The first screen of a report, read in a minute: what happened, why it leaked, what it cost, on what that rests.

Each is a sentence or two made of the results' tables; their figures are those of the sections below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opendome.errors import InputError
from opendome.evidence import rests_on
from opendome.report import ledger
from opendome.report.attack_data import attacks_of
from opendome.report.html import text
from opendome.report.shared import band, estimate, figure_rows
from opendome.report.stock_answer import dates
from opendome.report.stock_data import band as months_band
from opendome.report.stock_data import months_of
from opendome.results.text import short, with_error

if TYPE_CHECKING:
    from opendome.results import Results

Row = Mapping[str, Any]

BECAUSE = {
    "never seen": "were never seen", "seen too late": "were seen too late",
    "track too coarse": "were seen, but not well enough to fire at", "no reach": "were beyond the reach of every site",
    "no stock": "came where no rounds were left", "no channel": "came while every site was busy",
    "all shots missed": "were fired at and missed every time",
}
"""What is said of leakers by the reason why they leaked."""

FROM = {"official": "official", "think-tank": "from think tanks and journals", "press": "from the press",
        "estimated": "derived from sourced ones", "assumed": "assumed, and declared so"}
"""Where numbers of a grade come from."""

NAMED = 3
"""Reasons and inputs that are named."""


def section(results: Results, summary: Row) -> str:
    """The four answers as a list; those that a study has nothing to say of are left out."""
    told = [*answers(results, summary), ("On what that rests", _rests(results))]
    items = "".join(f"<div><dt>{name}</dt><dd>{words}</dd></div>" for name, words in told if words)
    return f'<dl class="minute" id="minute">{items}</dl>'


def answers(results: Results, summary: Row) -> list[tuple[str, str]]:
    """The first three answers, each with its name, as HTML; "" where a study has nothing to say."""
    if results.scenario.stockpile is not None:
        told = [("What happened", _stocks(results)), ("What leaked", _campaigns(results))]
    elif summary["layers"]:
        told = [("What happened", _raids(results, summary)), ("Why it leaked", _why(results, summary))]
    elif summary["alerts"]:
        told = [("What was seen", _seen(results))]
    else:
        told = [("What happened", _raids(results, summary))]
    return [*told, ("What it cost", _cost(summary))]


# ---- what happened ------------------------------------------------------------------------------------------------


def _raids(results: Results, summary: Row) -> str:
    kills, strays, leakers, launched = (next(iter(figure_rows(results, name)), None)
                                        for name in ("kills", "strays", "leakers", "launched"))
    if leakers is None or launched is None:
        return ""
    whole = summary["leak_through"]["all"]
    fates = [f"{estimate(kills)} are destroyed" if kills and summary["layers"] else "",
             f"{estimate(strays)} come down outside the defended areas" if strays and strays["value"] else "",
             f"{estimate(leakers)} leak"]
    return (f"Of {short(round(launched['value'], 1))} threats launched in a run, {listed(fates)}: a leak-through of "
            f"<b>{estimate(whole)}</b>, in nine runs of ten from {band(whole, is_share=True)}"
            f"{text(_observed(summary))}. {_runs(results)}")


def _runs(results: Results) -> str:
    runs = len(results.tables.runs)
    return f"Numbers are means over {runs:,} run{'s' * (runs != 1)}; ± is the error of the mean."


def _observed(summary: Row) -> str:
    """How many of the observed shares lie in the band, where there are any."""
    known = [row for row in summary["observed"] if row["is_inside"] is not None]
    inside = sum(row["is_inside"] for row in known)
    return f"; {inside} of {len(known)} observed shares lie in the simulated band" if known else ""


def _seen(results: Results) -> str:
    rows = {name: {row["threat_class"]: row for row in figure_rows(results, name, "threat_class")}.get("ballistic")
            for name in ("launched", "alerted", "warning_delay")}
    launched, alerted, delay = rows["launched"], rows["alerted"], rows["warning_delay"]
    if not launched or not alerted:
        return ""
    after = f", {estimate(delay)} seconds after launch" if delay else ""
    return (f"Of {short(round(launched['value'], 1))} ballistic missiles launched in a run, a share of "
            f"<b>{estimate(alerted)}</b> is warned of from orbit{after}. Nothing is fired: the scenario has no "
            "defence. " + _runs(results))


def _stocks(results: Results) -> str:
    """The first stock that is exhausted, and the last that is back at its level."""
    months, found = months_of(results), dates(results)
    gone = [(one, pair) for pair, inside in found.items() if (one := inside["exhausted"]) is not None and one.share]
    fell = [(one, pair) for pair, inside in found.items() if (one := inside["back"]) is not None]
    told = []
    if gone:
        one, (owner, kind) = min(gone, key=lambda pair: pair[0].middle)
        ends = months_band(one, months, "never")
        told.append(f"The first stock to run out is {text(kind)} of {text(owner)}: "
                    f"{_bold(months.name(one.middle, f'not by {months.last} in most runs'), ends)}.")
    else:
        told.append("No stock runs out in any run.")
    if fell:
        one, (owner, kind) = max(fell, key=lambda pair: (pair[0].middle, pair[0].high, pair[0].low, -pair[0].share))
        ends = months_band(one, months)
        told.append(f"The last one back at its level is {text(kind)} of {text(owner)}: "
                    f"{_bold(months.name(one.middle, f'after {months.last}'), ends)}.")
    return " ".join(told) + " Months are medians over runs, with the band of eight runs of ten."


def _bold(words: str, ends: str) -> str:
    return f"<b>{text(words)}</b>" + (f" ({text(ends)})" if ends else "")


def _campaigns(results: Results) -> str:
    months = months_of(results)
    found = [(one, share) for one in attacks_of(results) if (share := one.share(0, months.count)) is not None]
    if not found:
        return ""
    worst = sorted(found, key=lambda pair: -pair[1][0])[:NAMED]
    parts = [f"{with_error(share[0], share[1])} of the {text(one.threat_class)} threats of {text(one.campaign)}"
             for one, share in worst]
    return f"Leak-through over all months: {listed(parts)}."


# ---- why it leaked ------------------------------------------------------------------------------------------------


def _why(results: Results, summary: Row) -> str:
    reasons = sorted(summary["reasons"], key=lambda row: -row["value"])
    if not reasons:
        return "Nothing leaked in any run."
    parts = [f"{per_cent(row)} {BECAUSE.get(str(row['reason']), text(row['reason']))}" for row in reasons[:NAMED]
             if row["value"] > 0.0]
    runs, every = reasons[0]["runs"], len(results.tables.runs)
    of = f" in the {runs:,} of {every:,} runs in which any did" if runs < every else ""
    return f"Of those that leaked{of}, {listed(parts)}."


def per_cent(row: Row) -> str:
    """A share with its error in per cent: `57 ± 19 %`."""
    error = row["error"]
    return with_error(100.0 * row["value"], float("nan") if error is None else 100.0 * error) + " %"


# ---- what it cost -------------------------------------------------------------------------------------------------


def _cost(summary: Row) -> str:
    year, total, found = summary["price_year"], summary.get("total"), summary.get("life_cycle")
    told = []
    if total:
        told.append(f"The rounds fired cost <b>{estimate(total['cost_musd'])} M$</b> of {year}"
                    + _exchange(summary.get("exchange")) + ".")
    if found and "life_cycle" in found["figures"]:
        years = f"{found['years']} year{'s' * (found['years'] != 1)}"
        told.append(f"The whole programme, whether or not anything is ever fired, costs "
                    f"<b>{estimate(found['figures']['life_cycle'])} M$</b> of {found['price_year']} over {years} from "
                    f"{text(found['start'])}.")
    return " ".join(told)


def _exchange(found: Row | None) -> str:
    if not found or found["cost_exchange"]["value"] is None:
        return ""
    return f", {estimate(found['cost_exchange'])} times the price of the threats"


# ---- on what that rests -------------------------------------------------------------------------------------------


def _rests(results: Results) -> str:
    """Grades of all numbers; what share of the headline's swing rests on which; the inputs that move it most."""
    grades = Counter(results.tables.assumptions["grade"].astype(str))
    order = [grade for grade in reversed(FROM) if grade in grades] + sorted(set(grades) - set(FROM))
    said = ", ".join(f"{grades[grade]:,} {text(FROM.get(grade, grade))}" for grade in order)
    total = sum(grades.values())
    told = [f"{total:,} number{'s' * (total != 1)} went in: {said}."] if total else []
    name = ledger.headline(results)
    try:
        found = ledger.of_results(results, name)
    except InputError:
        return " ".join(told)
    headline = text(name.replace("_", "-"))
    seen = found.seen.head(NAMED).to_dict(orient="records")
    if not seen:
        return " ".join([*told, f"No single one is seen to move the headline, {headline}, beyond chance."])
    inputs = listed([f"<code>{text(row['path'])}</code> ({text(row['grade'])})" for row in seen])
    told.append(f"Those that move the headline, {headline}, most: {inputs}. The swing is how far such inputs move it "
                f"over their ranges: {text(rests_on(found))}")
    return " ".join(told)


def listed(parts: Iterable[str]) -> str:
    """Parts in a row: `a, b and c`; empty ones are left out."""
    shown: Sequence[str] = [part for part in parts if part]
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + shown[-1] if shown else ""
