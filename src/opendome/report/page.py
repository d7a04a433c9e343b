"""The sections of the report, from results to HTML. Every number shown is one of `Results.table` or of the summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opendome.report import briefing, campaign_page, campaign_sections, charts, cite, costs, ledger, map, minute
from opendome.report.html import document, figure, table, text
from opendome.report.shared import (
    answer_cards,
    assumptions,
    band,
    estimate,
    figure_rows,
    noted,
    paragraphs,
    references_of,
    repeat,
    share,
    source,
    texts,
    with_band,
)
from opendome.report.svg import draw
from opendome.results.tables import OUTCOMES, REASONS
from opendome.results.text import short

if TYPE_CHECKING:
    from opendome.results import Results

Row = Mapping[str, Any]

HATCHES = ('<svg class="hidden" aria-hidden="true"><defs>' + "".join(
    f'<pattern id="hatch-{name}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate({angle})">'
    '<path d="M0 0v7" stroke="#fbefea" stroke-width="3" stroke-opacity="0.75"/></pattern>'
    for name, angle in (("forward", 45), ("backward", -45))) + "</defs></svg>")

LIMITS = (
    "It is a simulation for studies in the open literature: point-mass flight, detection by the radar equation, kill "
    "probabilities per shot. Homing, warheads, propulsion and jamming are not in it; decoys are light and simple.",
    "A kill probability here stands for everything between a shot and its effect. Values that reproduce what was "
    "observed need not be the true ones: different pairs of layers and probabilities can give the same shares.",
    "The defence is not attacked itself, no site fails or moves, and no rounds arrive during the scenario.",
    "A threat leaks when it comes down in a defended area. What it does there and where debris falls is not modelled.",
    "Bands hold only what is sampled. What the model leaves out is not in them.",
    "Public figures about a war come from its parties and cannot be checked here.",
)


def limits_of(*, is_campaign: bool) -> tuple[str, ...]:
    """What is left out of a study of raids, or of campaigns."""
    return campaign_sections.LIMITS if is_campaign else LIMITS


SECTIONS = (("answer", "The answer"), ("replay", "Replay"), ("raids", "Raid by raid"), ("map", "Map"),
            ("orbit", "Seen from orbit"), ("layers", "Layer by layer"),
            ("stock", "Rounds left"), ("reasons", "Why leakers leaked"), ("observed", "Against what was observed"),
            ("cost", "What it costs"), ("ledger", "What the headline rests on"), ("assumptions", "Assumptions"),
            ("repeat", "How to repeat this"), ("cite", "How to cite this"), ("limits", "What is left out"))


def page(results: Results, *, replay: bool = False, replay_runs: Sequence[int | str] | None = None,
         progress: briefing.Progress | None = None) -> str:
    """The report as one HTML document that loads nothing; with `replay`, runs are inside where they can be, as
    `write_report` says. `progress` is told how many of their raids have been flown again, of how many."""
    if results.scenario.stockpile is not None:
        briefing.inside(results, room=0, replay=replay, runs=replay_runs)
        return campaign_page.page(results, HATCHES)
    summary = results.summary()
    is_watch = not summary["layers"] and bool(summary["alerts"])
    parts = {"answer": _warned(results, summary) if is_watch else _answer(results, summary),
             "raids": _launches(results) if is_watch else _raids(results), "map": _map(results),
             "orbit": _orbit(results, summary), "layers": "" if is_watch else _layers(results, summary),
             "stock": _stock(results), "reasons": "" if is_watch else _reasons(results, summary),
             "observed": _observed(results, summary), "cost": costs.section(results, summary),
             "ledger": ledger.section(results),
             "assumptions": assumptions(results), "repeat": repeat(results), "cite": cite.section(results),
             "limits": _limits(results)}
    told = sum(len(part.encode()) for part in parts.values())
    replayed = briefing.inside(results, room=briefing.MOST_BYTES - told - OTHER_BYTES, replay=replay,
                               runs=replay_runs, summary=summary, progress=progress)
    parts["replay"] = replayed.section
    shown = [(key, title) for key, title in SECTIONS if parts[key]]
    body = "".join(f'<section id="{key}"><h2>{title}</h2>{parts[key]}</section>' for key, title in shown)
    return document(summary["title"], _under_title(results, summary), shown, body, before=HATCHES,
                    styles=replayed.styles, scripts=replayed.scripts, end=replayed.end)


OTHER_BYTES = 100_000
"""Room for what stands around the sections of a report: its head, style, title, notes and links."""


def _under_title(results: Results, summary: Mapping[str, Any]) -> str:
    return (f'<p class="soft">OpenDome {text(results.manifest["version"])}; fidelity: {text(summary["fidelity"])}; '
            f"{summary['runs']:,} runs; seed {summary['seed']}; scenario "
            f"{text(str(results.manifest['scenario_sha256'])[:12])}.</p>" + minute.section(results, summary)
            + cite.badge() + paragraphs(results.scenario.note))


def _answer(results: Results, summary: Mapping[str, Any]) -> str:
    whole, total = summary["leak_through"]["all"], summary["total"]
    launched = results.table("launched")["value"].iloc[0]
    leakers = figure_rows(results, "leakers")[0]
    cards = [("Leak-through", estimate(whole), f"9 runs of 10: {band(whole, is_share=True)}"),
             ("Leakers", estimate(leakers), f"of {short(round(launched, 1))} threats; 9 runs of 10: {band(leakers)}")]
    if total:
        cards += [("Rounds fired", estimate(total["shots"]), f"9 runs of 10: {band(total['shots'])}"),
                  ("Cost of what was fired", f"{estimate(total['cost_musd'])} M$",
                   f"dollars of {summary['price_year']}; 9 runs of 10: {band(total['cost_musd'])}")]
    return (answer_cards(cards, summary)
            + _leaks("By threat type", "type", summary["leak_through"]["by_type"])
            + _leaks("By defended area aimed at", "area", summary["leak_through"]["by_area"]))


def _warned(results: Results, summary: Mapping[str, Any]) -> str:
    """The answer of a scenario without layers: what sensors in orbit warned of, and when."""
    launched, alerted, delay, held = (
        {row["threat_class"]: row for row in figure_rows(results, name, "threat_class")}.get("ballistic")
        for name in ("launched", "alerted", "warning_delay", "custody"))
    of = f"of {short(round(launched['value'], 1))} ballistic missiles" if launched else ""
    cards = [(name, estimate(row), f"{more}; 9 runs of 10: {band(row, is_share=is_share)}")
             for name, row, more, is_share in (
                 ("Warned of", alerted, of, True),
                 ("First warning", delay, "seconds after launch", False),
                 ("Custody", held, "share of the time after burnout with positions", True)) if row]
    rows = [[text(row["type"]), short(round(row["launched"], 1)), with_band(row["alerted"], is_share=True),
             with_band(row["after_s"]), with_band(row["custody"], is_share=True)] for row in summary["alerts"]]
    return (answer_cards(cards, summary)
            + "<p>The scenario has no defence: it asks what is seen, not what is stopped.</p>"
            + table("By threat type, all sensors in orbit together: mean over runs with standard error; below it, "
                    "90 % of runs", ["", "launched", "warned of", "seconds after launch", "custody"], rows))


def _leaks(caption: str, column: str, rows: Sequence[Row]) -> str:
    return table(caption, ["", "launched", "leak-through", "90 % of runs", "runs"],
                 [[text(row[column]), short(round(row["launched"], 1)), estimate(row), band(row, is_share=True),
                   str(row["runs"])] for row in rows])


def _launches(results: Results) -> str:
    """Raid by raid where nothing is fired: when, how many, and the share warned of."""
    launched, alerted = ({row["raid"]: row for row in figure_rows(results, name, "raid")}
                         for name in ("launched", "alerted"))
    rows = [[text(name), _start(raid), short(round(launched[name]["value"], 1)) if name in launched else "0",
             with_band(alerted.get(name), is_share=True)] for name, raid in results.scenario.raids.items()]
    return (table("Means over runs with their standard errors; below each, the 90 % band over runs",
                  ["raid", "start", "launched", "warned of"], rows, classes=["", "when", "n", "n"])
            + noted((name, raid.note) for name, raid in results.scenario.raids.items()))


def _raids(results: Results) -> str:
    columns = {figure: {row["raid"]: row for row in figure_rows(results, figure, "raid")}
               for figure in ("launched", "kills", "strays", "leakers", "leak_through")}
    rows = []
    for name, raid in results.scenario.raids.items():
        of = {figure: found.get(name) for figure, found in columns.items()}
        cells = [with_band(of[figure]) for figure in ("kills", "strays", "leakers")]
        launched = short(round(of["launched"]["value"], 1)) if of["launched"] else "0"
        rows.append([text(name), _start(raid), launched, *cells, with_band(of["leak_through"], is_share=True)])
    head = ["raid", "start", "launched", "destroyed", "outside", "leaked", "leak-through"]
    notes = noted((name, raid.note) for name, raid in results.scenario.raids.items())
    return (figure(draw(charts.raids(results)), "What became of the threats of each raid. Means over runs.")
            + figure(draw(charts.leaks_by_raid(results)),
                     "Leak-through of each raid by threat class. Whiskers: 90 % of runs; a raid of few threats "
                     "scatters by chance alone.")
            + table("Means over runs with their standard errors; below each, the 90 % band over runs", head, rows,
                    classes=["", "when", *["n"] * 5])
            + notes)


def _start(raid: Any) -> str:
    return f"{raid.start:%Y-%m-%d %H:%M} UTC"


def _map(results: Results) -> str:
    if not len(results.tables.replay_tracks):
        return ""
    note = ("Positions as the scenario gives them. Distances are right near the middle of a map and along its "
            "meridians. Coastlines and borders are not drawn in this version.")
    tracks = map.recorded(results).drop_duplicates(["raid", "threat"])
    counts = Counter(zip(tracks["type"].astype(str), tracks["is_decoy"].tolist(), tracks["outcome"].astype(str)))
    outcomes = [name for name in OUTCOMES if name in set(tracks["outcome"])]
    rows = [[text(kind) + ", decoys" * is_decoy, *(f"{counts[kind, is_decoy, name]:,}" for name in outcomes)]
            for kind, is_decoy in sorted({found[:2] for found in counts})]
    void = " (void: came to nothing); maps do not draw decoys" if any(tracks["is_decoy"]) else ""
    return ("".join(figure(drawing, text(caption)) for caption, drawing in map.maps(results)) + f"<p>{note}</p>"
            + table(f"The recorded run (run {map.RECORDED}): tracks by what became of them{void}",
                    ["threat type", *outcomes], rows))


def _orbit(results: Results, summary: Mapping[str, Any]) -> str:
    """What the sensors in orbit saw, by sensor and by threat type."""
    if not summary["sensors"]:
        return ""
    figures = ("warned", "warned_after", "stereo", "stereo_after", "fixes")
    cells = {name: {(row["sensor"], row["type"]): row for row in figure_rows(results, name, "sensor", "type")}
             for name in figures}
    rows = [[text(sensor), text(kind), *(with_band(cells[name].get((sensor, kind)), is_share=name in SHARES)
                                         for name in figures)] for sensor, kind in cells["warned"]]
    return (figure(draw(charts.warnings(results)),
                   "Share of the ballistic missiles of each type whose burn each sensor warned of. Means over runs.")
            + table("By sensor and threat type: mean over runs with standard error; below it, 90 % of runs",
                    ["sensor", "threat type", "warned of", "seconds after launch", "seen by two satellites",
                     "seconds after launch", "positions after burnout"], rows, classes=["", "", *["n"] * 5])
            + "<p>Sensors are asked for positions in the scenario's order, and only where no track is fresh.</p>")


SHARES = ("warned", "stereo")
"""Figures of sensors in orbit that are shares."""


def _layers(results: Results, summary: Mapping[str, Any]) -> str:
    if not summary["layers"]:
        return "<p>The scenario has no defence.</p>"
    classes = [str(row["threat_class"]) for row in figure_rows(results, "launched", "threat_class")]
    drawings = "".join(figure(draw(charts.waterfall(results, kind)),
                              f"{text(kind.capitalize())} threats from launch to outcome. Means over runs.")
                       for kind in classes)
    total = summary["total"]
    summed = set(total) - {"fired_at"}  # threats that two layers fire at would count twice
    keys = ("stock", "fired_at", "shots", "kills", "left", "cost_musd")
    rows = [[text(row["layer"]), text(row["interceptor"]),
             *(estimate(row[key]) if key in row else "0" for key in keys)] for row in summary["layers"]]
    head = ["layer", "interceptor", "rounds at start", "fired at", "rounds fired", "kills", "rounds left",
            f"cost, M$ of {summary['price_year']}"]
    shots, kills = (figure_rows(results, name, "layer", "type") for name in ("shots", "kills"))
    fired = [[text(row["layer"]), text(row["type"]), estimate(row), band(row), estimate(killed), band(killed)]
             for row, killed in zip(shots, kills)]
    return (drawings
            + table("Layers over the whole scenario", head, rows, classes=["", "", *["n"] * 6],
                    foot=["all", "", *(estimate(total[key]) if key in summed else "" for key in keys)])
            + table("Rounds fired at each threat type",
                    ["layer", "threat type", "rounds", "90 % of runs", "kills", "90 % of runs"], fired,
                    classes=["", "", *["n"] * 4]))


def _stock(results: Results) -> str:
    if not len(results.tables.sites):
        return ""
    left = figure_rows(results, "left", "raid", "layer")
    layers = list(dict.fromkeys(row["layer"] for row in left))
    cells = {(row["raid"], row["layer"]): with_band(row) for row in left}
    rows = [[text(raid), *(cells.get((raid, layer), "–") for layer in layers)] for raid in results.scenario.raids]
    sites = [[text(row["layer"]), text(row["site"]), estimate(row), band(row)]
             for row in figure_rows(results, "left", "layer", "site")]
    return (figure(draw(charts.stocks(results)),
                   "Rounds left after each raid as a share of those at the start."
                   + " Shaded: 90 % of runs." * (len(results.scenario.raids) > 1))
            + table("Rounds left after each raid", ["after raid", *texts(layers)], rows)
            + table("Rounds left at the end, by site", ["layer", "site", "rounds", "90 % of runs"], sites,
                    classes=["", "", "n", "n"]))


def _reasons(results: Results, summary: Mapping[str, Any]) -> str:
    if not summary["reasons"]:
        return "<p>Nothing leaked in any run.</p>"
    by_type = figure_rows(results, "reasons", "type")
    types = list(dict.fromkeys(row["type"] for row in by_type))
    cells = {(row["type"], row["reason"]): estimate(row) for row in by_type}
    whole = {row["reason"]: estimate(row) for row in summary["reasons"]}
    rows = [[text(reason), whole[reason], *(cells.get((kind, reason), "0") for kind in types)]
            for reason in REASONS if reason in whole]
    leakers = {row["type"]: row for row in figure_rows(results, "leakers", "type")}
    foot = [estimate(figure_rows(results, "leakers")[0]), *(estimate(leakers[kind]) for kind in types)]
    return (figure(draw(charts.reasons(results)),
                   "Share of the leakers of each threat type by reason. Pink: not tracked well enough; orange: nothing "
                   "could fire; red-brown: fired at and missed.")
            + table("Share of the leakers that leaked for each reason: mean over runs with leakers ± standard error",
                    ["reason", "all", *texts(types)], rows, foot=["leakers in a run", *foot]))


def _observed(results: Results, summary: Mapping[str, Any]) -> str:
    rows = summary["observed"]
    if not rows:
        return ""
    inside = {True: '<span class="in">inside</span>', False: '<span class="out">outside</span>', None: "–"}
    known = references_of(results)
    cells = [[text(row["label"]), text(row["threat_class"]), text(row["used_for"]),
              f"{short(row['launched_observed'])} / {short(round(row['launched'], 1))}", share(row["observed"]),
              estimate(row), band(row, is_share=True), inside[row["is_inside"]],
              source(row["source"], known) + (f". {text(row['note'])}" if row["note"] else "")] for row in rows]
    head = ["raids", "class", "used for", "launched: observed / simulated", "destroyed: observed",
            "destroyed: simulated", "90 % of runs", "band", "source"]
    return (f"<p>{text(summary['notes'][-1])} A good simulation has nine of ten observed shares inside its 90 % band; "
            "those used for calibration count for less, as the simulation was made to fit them.</p>"
            + figure(draw(charts.observed(summary)),
                     "Share destroyed: the bar holds 90 % of runs, the tick is their mean; hollow diamonds are "
                     "observations used for calibration, full circles those used as a test.")
            + table("Observed and simulated shares destroyed", head, cells,
                    classes=["", "", "", *["n"] * 4, "", "why"]))


def _limits(results: Results) -> str:
    return "<ul>" + "".join(f"<li>{text(limit)}</li>" for limit in LIMITS) + "</ul>" + _notes(results)


def _notes(results: Results) -> str:
    """What the scenario itself says about its parts."""
    scenario = results.scenario
    parts: Iterable[tuple[str, str]] = [
        *((name, found.note) for name, found in scenario.layers.items()),
        *((name, site.note) for layer in scenario.layers.values() for name, site in layer.sites.items()),
        *((name, found.note) for name, found in scenario.constellations.items()),
        *((name, sensor.note) for name, sensor in scenario.sensors.items()),
        *((name, area.note) for name, area in scenario.areas.items()),
        *((name, place.note) for name, place in scenario.places.items())]
    told = noted(parts)
    return f"<h3>Notes of the scenario</h3>{told}" if told else ""
