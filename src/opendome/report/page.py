"""The sections of the report, from results to HTML. Every number shown is one of `Results.table` or of the summary."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opendome import catalogue
from opendome.report import charts, map
from opendome.report.html import document, figure, link, table, text
from opendome.report.svg import draw
from opendome.results.summary import records
from opendome.results.tables import OUTCOMES, REASONS
from opendome.results.text import short, with_error

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

SECTIONS = (("answer", "The answer"), ("raids", "Raid by raid"), ("map", "Map"), ("orbit", "Seen from orbit"),
            ("layers", "Layer by layer"),
            ("stock", "Rounds left"), ("reasons", "Why leakers leaked"), ("observed", "Against what was observed"),
            ("assumptions", "Assumptions"), ("repeat", "How to repeat this"), ("limits", "What is left out"))


def page(results: Results) -> str:
    """The report as one HTML document that loads nothing."""
    summary = results.summary()
    is_watch = not summary["layers"] and bool(summary["alerts"])
    parts = {"answer": _warned(results, summary) if is_watch else _answer(results, summary),
             "raids": _launches(results) if is_watch else _raids(results), "map": _map(results),
             "orbit": _orbit(results, summary), "layers": "" if is_watch else _layers(results, summary),
             "stock": _stock(results), "reasons": "" if is_watch else _reasons(results, summary),
             "observed": _observed(results, summary), "assumptions": _assumptions(results), "repeat": _repeat(results),
             "limits": _limits(results)}
    shown = [(key, title) for key, title in SECTIONS if parts[key]]
    body = "".join(f'<section id="{key}"><h2>{title}</h2>{parts[key]}</section>' for key, title in shown)
    return document(summary["title"], _under_title(results, summary), shown, body, before=HATCHES)


def _under_title(results: Results, summary: Mapping[str, Any]) -> str:
    return (f'<p class="soft">OpenDome {text(results.manifest["version"])}; fidelity: {text(summary["fidelity"])}; '
            f"{summary['runs']:,} runs; seed {summary['seed']}.</p>" + _paragraphs(results.scenario.note))


def _answer(results: Results, summary: Mapping[str, Any]) -> str:
    whole, total = summary["leak_through"]["all"], summary["total"]
    launched = results.table("launched")["value"].iloc[0]
    leakers = _records(results, "leakers")[0]
    cards = [("Leak-through", _estimate(whole), f"9 runs of 10: {_band(whole, is_share=True)}"),
             ("Leakers", _estimate(leakers), f"of {short(round(launched, 1))} threats; 9 runs of 10: {_band(leakers)}")]
    if total:
        cards += [("Rounds fired", _estimate(total["shots"]), f"9 runs of 10: {_band(total['shots'])}"),
                  ("Cost of what was fired", f"{_estimate(total['cost_musd'])} M$",
                   f"dollars of {summary['price_year']}; 9 runs of 10: {_band(total['cost_musd'])}")]
    return (_cards(cards, summary)
            + _leaks("By threat type", "type", summary["leak_through"]["by_type"])
            + _leaks("By defended area aimed at", "area", summary["leak_through"]["by_area"]))


def _warned(results: Results, summary: Mapping[str, Any]) -> str:
    """The answer of a scenario without layers: what sensors in orbit warned of, and when."""
    launched, alerted, delay, held = (
        {row["threat_class"]: row for row in _records(results, name, "threat_class")}.get("ballistic")
        for name in ("launched", "alerted", "warning_delay", "custody"))
    of = f"of {short(round(launched['value'], 1))} ballistic missiles" if launched else ""
    cards = [(name, _estimate(row), f"{more}; 9 runs of 10: {_band(row, is_share=is_share)}")
             for name, row, more, is_share in (
                 ("Warned of", alerted, of, True),
                 ("First warning", delay, "seconds after launch", False),
                 ("Custody", held, "share of the time after burnout with positions", True)) if row]
    rows = [[text(row["type"]), short(round(row["launched"], 1)), _with_band(row["alerted"], is_share=True),
             _with_band(row["after_s"]), _with_band(row["custody"], is_share=True)] for row in summary["alerts"]]
    return (_cards(cards, summary) + "<p>The scenario has no defence: it asks what is seen, not what is stopped.</p>"
            + table("By threat type, all sensors in orbit together: mean over runs with standard error; below it, "
                    "90 % of runs", ["", "launched", "warned of", "seconds after launch", "custody"], rows))


def _cards(cards: Iterable[tuple[str, str, str]], summary: Mapping[str, Any]) -> str:
    """The figures that answer the question, large, and what must be known to read them."""
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}<small>{more}</small></dd></div>" for name, value, more in cards)
    return f'<dl class="answer">{shown}</dl>' + "".join(f"<p>{text(note)}</p>" for note in summary["notes"])


def _leaks(caption: str, column: str, rows: Sequence[Row]) -> str:
    return table(caption, ["", "launched", "leak-through", "90 % of runs", "runs"],
                 [[text(row[column]), short(round(row["launched"], 1)), _estimate(row), _band(row, is_share=True),
                   str(row["runs"])] for row in rows])


def _launches(results: Results) -> str:
    """Raid by raid where nothing is fired: when, how many, and the share warned of."""
    launched, alerted = ({row["raid"]: row for row in _records(results, name, "raid")}
                         for name in ("launched", "alerted"))
    rows = [[text(name), _start(raid), short(round(launched[name]["value"], 1)) if name in launched else "0",
             _with_band(alerted.get(name), is_share=True)] for name, raid in results.scenario.raids.items()]
    return (table("Means over runs with their standard errors; below each, the 90 % band over runs",
                  ["raid", "start", "launched", "warned of"], rows, classes=["", "when", "n", "n"])
            + _noted((name, raid.note) for name, raid in results.scenario.raids.items()))


def _raids(results: Results) -> str:
    columns = {figure: {row["raid"]: row for row in _records(results, figure, "raid")}
               for figure in ("launched", "kills", "strays", "leakers", "leak_through")}
    rows = []
    for name, raid in results.scenario.raids.items():
        of = {figure: found.get(name) for figure, found in columns.items()}
        cells = [_with_band(of[figure]) for figure in ("kills", "strays", "leakers")]
        launched = short(round(of["launched"]["value"], 1)) if of["launched"] else "0"
        rows.append([text(name), _start(raid), launched, *cells, _with_band(of["leak_through"], is_share=True)])
    head = ["raid", "start", "launched", "destroyed", "outside", "leaked", "leak-through"]
    notes = _noted((name, raid.note) for name, raid in results.scenario.raids.items())
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
    cells = {name: {(row["sensor"], row["type"]): row for row in _records(results, name, "sensor", "type")}
             for name in figures}
    rows = [[text(sensor), text(kind), *(_with_band(cells[name].get((sensor, kind)), is_share=name in SHARES)
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
    classes = [str(row["threat_class"]) for row in _records(results, "launched", "threat_class")]
    drawings = "".join(figure(draw(charts.waterfall(results, kind)),
                              f"{text(kind.capitalize())} threats from launch to outcome. Means over runs.")
                       for kind in classes)
    total = summary["total"]
    summed = set(total) - {"fired_at"}  # threats that two layers fire at would count twice
    keys = ("stock", "fired_at", "shots", "kills", "left", "cost_musd")
    rows = [[text(row["layer"]), text(row["interceptor"]),
             *(_estimate(row[key]) if key in row else "0" for key in keys)] for row in summary["layers"]]
    head = ["layer", "interceptor", "rounds at start", "fired at", "rounds fired", "kills", "rounds left",
            f"cost, M$ of {summary['price_year']}"]
    shots, kills = (_records(results, name, "layer", "type") for name in ("shots", "kills"))
    fired = [[text(row["layer"]), text(row["type"]), _estimate(row), _band(row), _estimate(killed), _band(killed)]
             for row, killed in zip(shots, kills)]
    return (drawings
            + table("Layers over the whole scenario", head, rows, classes=["", "", *["n"] * 6],
                    foot=["all", "", *(_estimate(total[key]) if key in summed else "" for key in keys)])
            + table("Rounds fired at each threat type",
                    ["layer", "threat type", "rounds", "90 % of runs", "kills", "90 % of runs"], fired,
                    classes=["", "", *["n"] * 4]))


def _stock(results: Results) -> str:
    if not len(results.tables.sites):
        return ""
    left = _records(results, "left", "raid", "layer")
    layers = list(dict.fromkeys(row["layer"] for row in left))
    cells = {(row["raid"], row["layer"]): _with_band(row) for row in left}
    rows = [[text(raid), *(cells.get((raid, layer), "–") for layer in layers)] for raid in results.scenario.raids]
    sites = [[text(row["layer"]), text(row["site"]), _estimate(row), _band(row)]
             for row in _records(results, "left", "layer", "site")]
    return (figure(draw(charts.stocks(results)),
                   "Rounds left after each raid as a share of those at the start."
                   + " Shaded: 90 % of runs." * (len(results.scenario.raids) > 1))
            + table("Rounds left after each raid", ["after raid", *_texts(layers)], rows)
            + table("Rounds left at the end, by site", ["layer", "site", "rounds", "90 % of runs"], sites,
                    classes=["", "", "n", "n"]))


def _reasons(results: Results, summary: Mapping[str, Any]) -> str:
    if not summary["reasons"]:
        return "<p>Nothing leaked in any run.</p>"
    by_type = _records(results, "reasons", "type")
    types = list(dict.fromkeys(row["type"] for row in by_type))
    cells = {(row["type"], row["reason"]): _estimate(row) for row in by_type}
    whole = {row["reason"]: _estimate(row) for row in summary["reasons"]}
    rows = [[text(reason), whole[reason], *(cells.get((kind, reason), "0") for kind in types)]
            for reason in REASONS if reason in whole]
    leakers = {row["type"]: row for row in _records(results, "leakers", "type")}
    foot = [_estimate(_records(results, "leakers")[0]), *(_estimate(leakers[kind]) for kind in types)]
    return (figure(draw(charts.reasons(results)),
                   "Share of the leakers of each threat type by reason. Pink: not tracked well enough; orange: nothing "
                   "could fire; red-brown: fired at and missed.")
            + table("Share of the leakers that leaked for each reason: mean over runs with leakers ± standard error",
                    ["reason", "all", *_texts(types)], rows, foot=["leakers in a run", *foot]))


def _observed(results: Results, summary: Mapping[str, Any]) -> str:
    rows = summary["observed"]
    if not rows:
        return ""
    inside = {True: '<span class="in">inside</span>', False: '<span class="out">outside</span>', None: "–"}
    references = _references(results)
    cells = [[text(row["label"]), text(row["threat_class"]), text(row["used_for"]),
              f"{short(row['launched_observed'])} / {short(round(row['launched'], 1))}", _share(row["observed"]),
              _estimate(row), _band(row, is_share=True), inside[row["is_inside"]],
              _source(row["source"], references) + (f". {text(row['note'])}" if row["note"] else "")] for row in rows]
    head = ["raids", "class", "used for", "launched: observed / simulated", "destroyed: observed",
            "destroyed: simulated", "90 % of runs", "band", "source"]
    return (f"<p>{text(summary['notes'][-1])} A good simulation has nine of ten observed shares inside its 90 % band; "
            "those used for calibration count for less, as the simulation was made to fit them.</p>"
            + figure(draw(charts.observed(summary)),
                     "Share destroyed: the bar holds 90 % of runs, the tick is their mean; hollow diamonds are "
                     "observations used for calibration, full circles those used as a test.")
            + table("Observed and simulated shares destroyed", head, cells,
                    classes=["", "", "", *["n"] * 4, "", "why"]))


def _assumptions(results: Results) -> str:
    references = _references(results)
    rows = records(results.tables.assumptions)
    grades = Counter(str(row["grade"]) for row in rows)
    told = ", ".join(f"{count} {text(grade)}" for grade, count in sorted(grades.items()))
    cells: list[list[str]] = []
    owner = ""
    for row in rows:
        parts = str(row["path"]).split(".")
        entry, name = ".".join(parts[:2]), ".".join(parts[2:]) or str(row["path"])
        if entry != owner:
            cells.append([text(entry)])
        owner = entry
        cells.append([text(name), short(row["value"]), _range(row), text(row["unit"]), text(row["grade"]),
                      "sampled" if row["sampled"] else "fixed", _source(row["source"], references), text(row["why"])])
    cited = {str(row["source"]) for row in rows} | {o.source for o in results.scenario.observations}
    listed = "".join(f"<li>{_reference(references[key])}</li>" for key in sorted(cited & set(references)))
    return (f"<p>{len(rows)} numbers went into the simulation: {told}. A sampled number is drawn from its range in "
            "each run; a fixed one keeps its value.</p>"
            + table("Every number used", ["number", "value", "range", "unit", "grade", "use", "source", "why"], cells,
                    classes=["path", "n", "n", "", "", "", "", "why long"])
            + (f"<h3>Sources</h3><ul>{listed}</ul>" if listed else ""))


def _repeat(results: Results) -> str:
    manifest = results.manifest
    command = f"opendome run scenario.toml --runs {int(manifest['runs'])} --seed {int(manifest['seed'])}"
    environment = ", ".join(f"{key} {value}" for key, value in sorted(manifest["environment"].items()))
    rows = [["version of OpenDome", text(manifest["version"])], ["seed", text(manifest["seed"])],
            ["runs", text(manifest["runs"])], ["fidelity", text(manifest["fidelity"])],
            ["hash of the scenario", f"<code>{text(manifest['scenario_sha256'])}</code>"],
            ["hash of the catalogue", f"<code>{text(manifest['catalogue_sha256'])}</code>"],
            ["environment", text(environment)]]
    return ("<p>In the results folder, with the same version installed:</p>"
            f"<pre>{text(command)}</pre><p>The same version, environment and seed give the same bytes.</p>"
            + table("What this report was made from", ["", "value"], rows, classes=["", "path"]))


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
    noted = _noted(parts)
    return f"<h3>Notes of the scenario</h3>{noted}" if noted else ""


def _noted(parts: Iterable[tuple[str, str]]) -> str:
    """A list of notes, each once with the names that share it."""
    names: dict[str, list[str]] = {}
    for name, note in parts:
        if note:
            names.setdefault(note, []).append(text(name))
    items = "".join(f"<li><b>{', '.join(found)}</b>: {text(note)}</li>" for note, found in names.items())
    return f"<ul>{items}</ul>" if items else ""


def _references(results: Results) -> dict[str, Any]:
    changes: Mapping[str, Any] = {str(section): entries for section, entries in results.scenario.catalogue.items()}
    changed, _ = catalogue.with_overrides(catalogue.shipped(), changes)
    return dict(changed.references)


def _source(key: str, references: Mapping[str, Any]) -> str:
    return link(references[key].link, key) if key in references else text(key)


def _reference(found: Any) -> str:
    note = f" <span class='soft'>({text(found.note)})</span>" if found.note else ""
    return f"{text(found.author)} ({found.year}): {link(found.link, found.title)}. {text(found.publisher)}.{note}"


def _records(results: Results, figure_name: str, *by: str) -> list[dict[str, Any]]:
    return records(results.table(figure_name, by))


def _estimate(row: Row) -> str:
    return with_error(_number(row["value"]), _number(row["error"]))


def _number(found: float | None) -> float:
    return math.nan if found is None else found


def _with_band(row: Row | None, *, is_share: bool = False) -> str:
    return "–" if row is None else f'{_estimate(row)}<small>{_band(row, is_share=is_share)}</small>'


def _band(row: Row, *, is_share: bool = False) -> str:
    if row["low"] is None:
        return "–"
    shown = _share if is_share else _level
    return f"{shown(row['low'])} to {shown(row['high'])}"


def _level(found: float) -> str:
    return f"{found:,.0f}" if abs(found) >= 100 else short(round(found, 1))


def _share(found: float | None) -> str:
    return "–" if found is None else f"{found:.3f}"


def _range(row: Row) -> str:
    has_range = None not in (row["low"], row["high"]) and row["high"] > row["low"]
    return f"{short(row['low'])} to {short(row['high'])}" if has_range else ""


def _texts(names: Iterable[object]) -> list[str]:
    return [text(name) for name in names]


def _paragraphs(note: str) -> str:
    return "".join(f"<p>{text(part)}</p>" for part in note.split("\n\n") if part.strip())

