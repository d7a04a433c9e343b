"""What one more missile costs either side, from the first run to the last file: a table, a drawing and one page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from opendome.report import exchange_chart
from opendome.report.html import document, figure, how_to_repeat, table, text
from opendome.report.page import limits_of
from opendome.report.shared import paragraphs
from opendome.report.svg import alone
from opendome.results import check_target, with_error
from opendome.results.store import json_text, write
from opendome.results.text import short
from opendome.scenario import Scenario, reader
from opendome.study.exchange import SHARE, Exchange, compute

PAGE, DRAWING = "exchange.html", "exchange.svg"

FILES = ("manifest.json", "scenario.toml", "exchange.csv", "exchange.parquet", "targets.csv", "targets.parquet",
         DRAWING, PAGE)
"""What the folder may hold."""


def exchange(scenario: Scenario | str | Path, *, threat: str | None = None, layers: Sequence[str] | str = (),
             more: int | None = None, share: float = SHARE, threat_cost_musd: float | Sequence[float] | None = None,
             area: str | None = None, changes: Mapping[str, Any] | None = None, runs: int | None = None,
             seed: int | None = None, jobs: int | None = None, out: str | Path | None = None,
             progress: Callable[[int, int], None] | None = None) -> Exchange:
    """What one more attacking missile costs the defence, by element of its programme, beside its price to the attacker.

    The scenario is run as it stands, with `more` missiles (a tenth, at least one) in the largest wave of a `threat`
    (the only one, when left out), and with more by `share`, at least one, of each element in turn, all under one seed.
    `layers`: names of layers or elements of `[cost]` to try (all). `threat_cost_musd`: price of a missile, or its low,
    value and high (the catalogue's). `area`: a defended area, a copy of which is priced by the sites that are its own.
    `changes` hold for all. With `out`, the tables (CSV and Parquet), a drawing (SVG) and a page are written to that
    folder, whole or not at all. `progress` is told the number of runs done and their total. The results do not depend
    on `jobs`.

    Raises `InputError` or `ScenarioError` when something given cannot be used, before anything is run.
    """
    if out is not None:
        check(out)
    found = compute(scenario, threat=threat, layers=layers, more=more, share=share, threat_cost_musd=threat_cost_musd,
                    area=area, changes=changes, runs=runs, seed=seed, jobs=jobs, progress=progress)
    if out is not None:
        save(found, out)
    return found


def check(folder: str | Path) -> Path:
    """The folder if an exchange may be written there: new, empty or an earlier one; `InputError` otherwise."""
    return check_target(folder, FILES, "those of an exchange")


def save(found: Exchange, folder: str | Path) -> Path:
    """Write the folder, whole or not at all. An earlier one is replaced, anything else left alone."""
    files: dict[str, Any] = {"exchange.csv": found.table.to_csv(index=False, lineterminator="\n"),
                             "exchange.parquet": found.table}
    if len(found.targets):
        files |= {"targets.csv": found.targets.to_csv(index=False, lineterminator="\n"),
                  "targets.parquet": found.targets}
    return write(check(folder), {**files, "scenario.toml": reader.to_toml(found.scenario), PAGE: page(found),
                                 "manifest.json": json_text(found.manifest),
                                 DRAWING: alone(exchange_chart.draw(found))})


# ---- in words -------------------------------------------------------------------------------------------------

HEAD = ["element", "layer", "more", "averted", "cost, M$", "M$ per missile", "x price", "90 %", "runs needed",
        "closed form"]
"""Heads of the columns."""


def cells(row: Mapping[Any, Any]) -> list[str]:
    """One element in words."""
    known = math.isfinite(row["per_missile_musd"])
    band = f"{rough(row['ratio_low'])} to {rough(row['ratio_high'])}" if known else ""
    return [str(row["element"]), str(row["layer"]), short(row["units"]),
            with_error(row["averted"], row["averted_error"]), with_error(row["cost_musd"], row["cost_error"]),
            with_error(row["per_missile_musd"], row["per_missile_error"]) if known else "no effect seen",
            rough(row["ratio"]) if known else "", band, rough(row["runs_needed"]), rough(row["closed_form_musd"])]


def rough(found: float) -> str:
    """A number in three digits, a dash where it is not known."""
    return "–" if math.isnan(found) else short(float(f"{found:.3g}"))


def size(found: Exchange) -> str:
    """How many scenarios of how many runs under which seed."""
    runs = int(found.manifest["runs"])
    return f"{len(found.table) + 2} times {runs:,} runs, seed {found.manifest['seed']}; the same random numbers in all"


def answer(found: Exchange) -> list[str]:
    """What was found, in plain sentences."""
    missile = found.manifest["missile"]
    price, brought = missile["price_musd"], with_error(missile["brought"], missile["brought_error"])
    ends = f" ({short(price['low'])} to {short(price['high'])})" if price["high"] > price["low"] else ""
    told = [f"{missile['threat']}: {missile['count']:,} in {missile['wave']}, {rough(missile['leakers'])} leakers in "
            f"all; {missile['more']:,} more brought {brought} each. One costs the attacker {short(price['value'])} "
            f"M${ends}, {'as given' if missile['is_price_given'] else 'by the catalogue'}."]
    best = found.cheapest()
    if not missile["is_seen"]:
        needed = missile["runs_needed"]
        told.append("No effect of more missiles was seen, so nothing can be set against it" + (
            f"; if it is as it was found, about {needed:,} runs would show it." if needed else "."))
    elif best is None:
        told.append("No effect of more of any element was seen, so none has a price for one more missile.")
    else:
        cost = with_error(best["per_missile_musd"], best["per_missile_error"])
        told.append(f"Cheapest at the margin is {best['element']} ({best['layer']}): {cost} M$ make up for one more "
                    f"missile, {rough(best['ratio'])} times its price ({rough(best['ratio_low'])} to "
                    f"{rough(best['ratio_high'])}).")
    return told


def cautions(found: Exchange) -> list[str]:
    """What must be known to read the table, in plain sentences."""
    told = ["M$ per missile: leakers that one more missile brings, over those that the step averts (averted), times "
            "what the step costs over the years of the programme; its error is from paired runs. No number stands "
            "where the effect is within two errors of zero. x price: the same in prices of a missile, and the 90 % "
            "band with the ends of that price. runs needed: for a clear answer, if means are as they were found.",
            "Closed form: shots of the layer at one missile times the cost of one; in orbit also times the satellites "
            "that must orbit for each one in reach. It asks for the same shots at one more missile, whatever other "
            "layers do and however many shots miss."]
    if idle := found.manifest["not_tried"]:
        told.append("Not tried: " + "; ".join(f"{name} ({why})" for name, why in idle.items()) + ".")
    return told


def target_answer(found: Exchange) -> list[str]:
    """What one more defended target costs, in plain sentences."""
    area = found.manifest["area"]
    if area is None:
        return []
    whole = found.targets.to_dict(orient="records")[-1]
    cost = with_error(whole["cost_musd"], whole["cost_error"])
    told = [f"One more target defended as {area} is, elsewhere: {cost} M$, {rough(whole['ratio'])} times the price of "
            "a missile."]
    parts = [f"{row['layer']} {rough(row['cost_musd'])} ({row['sites']})" for row in
             found.targets.to_dict(orient="records")[:-1]]
    told.append(("By layer: " + "; ".join(parts) + ". " if parts else "No site is its own. ")
                + "That is the life cycle of a copy of the sites that reach this area and no other, with their rounds "
                "and radars; nothing is run, as where a further target lies and what is sent to it would decide. Sites "
                "that reach several areas are taken to reach that one too, at no cost.")
    return told


# ---- the page -------------------------------------------------------------------------------------------------


def page(found: Exchange) -> str:
    """The exchange as one HTML document that loads nothing."""
    limits = "".join(f"<li>{text(one)}</li>" for one in limits_of(is_campaign=False))
    rows = [[text(cell) for cell in cells(row)] for row in found.table.to_dict(orient="records")]
    steps = "".join(f"<li><b>{text(row['element'])}</b>: {text(row['change'])}</li>"
                    for row in found.table.to_dict(orient="records"))
    told, notes, target = ("".join(f"<p>{text(one)}</p>" for one in some)
                           for some in (answer(found), cautions(found), target_answer(found)))
    drawing = figure(exchange_chart.draw(found), "What makes up for one more missile, by element of the programme; the "
                     "band is the price of a missile")
    links = [("exchange", "Missile against defence")]
    body = (f'<section id="exchange"><h2>Missile against defence</h2>{told}{drawing}'
            + table("By element", HEAD, rows, classes=["", "", *["n"] * (len(HEAD) - 2)])
            + f"{notes}<p>What was added:</p><ul>{steps}</ul></section>")
    if target:
        links.append(("target", "One more target"))
        body += f'<section id="target"><h2>One more target</h2>{target}</section>'
    links += [("repeat", "How to repeat this"), ("limits", "What is left out")]
    body += (f'<section id="repeat"><h2>How to repeat this</h2>{_repeat(found)}</section>'
             f'<section id="limits"><h2>What is left out</h2><ul>{limits}</ul></section>')
    under = (f'<p class="soft">OpenDome {text(found.manifest["version"])}; {text(size(found))}.</p>'
             + paragraphs(found.scenario.note))
    return document(f"{found.manifest['title']}: what one more missile costs", under, links, body)


def command(found: Exchange) -> str:
    """The command line that repeats this in its folder."""
    manifest = found.manifest
    missile = manifest["missile"]
    price = missile["price_musd"]
    parts = [f"--threat {missile['threat']}", f"--more {missile['more']}", f"--share {manifest['share']:g}",
             *(f"--layer {name}" for name in manifest["layers"])]
    if missile["is_price_given"]:
        parts.append(f"--threat-cost {price['low']:g}:{price['value']:g}:{price['high']:g}")
    if manifest["area"] is not None:
        parts.append(f"--area {manifest['area']}")
    return " ".join(["opendome exchange scenario.toml", *parts, f"--runs {manifest['runs']}",
                     f"--seed {manifest['seed']}"])


def _repeat(found: Exchange) -> str:
    rows = [[f"hash of the {what}", found.manifest[f"{what}_sha256"]] for what in ("scenario", "catalogue")]
    return how_to_repeat(command(found), found.manifest, rows)
