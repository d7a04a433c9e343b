"""What `opendome show` and `opendome list` print, as data and as plain text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Any

from opendome.cli import show_costs, show_stocks
from opendome.errors import InputError, nearest

if TYPE_CHECKING:
    from opendome.catalogue import Description, Row
    from opendome.reproduce import Pack
    from opendome.scenario import Scenario

WIDTH = 100
"""Columns that text is wrapped to."""

KINDS = ("threats", "sensors", "interceptors", "scenarios", "packs", "figures", "sources")
"""What can be listed."""


def listing(kind: str) -> list[dict[str, Any]]:
    """One row for each known thing of a kind, its name first."""
    if kind not in KINDS:
        raise InputError(f"cannot list {kind!r}\n  must be one of: {', '.join(KINDS)}")
    if kind == "scenarios":
        from opendome.scenario import reader

        texts = {name: reader.read_text(reader.find(name)) for name in reader.shipped_names()}
        return [{"name": name, "title": reader.read_toml(text, name)["title"]} for name, text in texts.items()]
    if kind == "packs":
        from opendome.reproduce import load, packs

        return [{"name": name, "title": load(name).title} for name in packs()]
    if kind == "figures":
        from opendome.results import figures

        return [{"name": f.name, "of": f.of, "unit": f.unit, "meaning": f.meaning, "by": list(f.by)}
                for f in figures()]
    from opendome.catalogue import shipped

    if kind == "sources":
        return [{"name": key, **found.model_dump()} for key, found in shipped().references.items()]
    entries = getattr(shipped(), kind)
    return [{"name": name, "note": entry.note} for name, entry in entries.items()]


def listing_text(rows: Iterable[dict[str, Any]]) -> str:
    """A list as text: each name with what is said about it, indented."""
    return "\n".join(f"{row['name']}\n{_indented(_about(row))}" for row in rows)


def _about(row: dict[str, Any]) -> str:
    if "by" in row:
        return f"{row['unit']}, of {row['of']}. {row['meaning']} By: {', '.join(row['by'])}"
    if "author" in row:
        parts = f"{row['author']} ({row['year']}): {row['title']}. {row['publisher']}. {row['link']}".strip()
        return f"{parts} [{row['note']}]" if row["note"] else parts
    return str(row.get("title") or row.get("note"))


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False,
                break_on_hyphens=False)


def find(name: str) -> "Description | Pack | Scenario":
    """The catalogue entry, the pack or the scenario of a name; `InputError` naming the nearest of all."""
    from opendome.catalogue import SECTIONS, describe, shipped
    from opendome.reproduce import load, packs
    from opendome.scenario import reader

    known = [entry for section in SECTIONS for entry in getattr(shipped(), section)]
    if name in known:
        return describe(shipped(), name)
    if name in packs():
        return load(name)
    try:
        path, variant = reader.split(name)
    except InputError:
        hint = nearest(name, [*known, *packs(), *reader.shipped_names()])
        raise InputError(f"{name}: neither an entry of the catalogue nor a pack or a scenario\n"
                         f"hint: {hint or 'opendome list threats (sensors, interceptors, scenarios, packs)'}") from None
    return reader.parse(reader.read_text(path), source=name, variant=variant)


def entry_data(entry: "Description") -> dict[str, Any]:
    """A catalogue entry as plain data."""
    return {**asdict(entry), "references": {key: ref.model_dump() for key, ref in entry.references.items()}}


def entry_text(entry: "Description") -> str:
    """A catalogue entry: each value with range, unit, grade and source, what it means and why; references below."""
    lines = [f"{entry.name} ({entry.kind}, one of the {entry.section})", *wrap(entry.note, WIDTH), ""]
    width = max(len(row.field) for row in entry.rows)
    for row in entry.rows:
        lines.append(f"{row.field:{width}}  {_amount(row)}")
        said = " ".join(part for part in (row.meaning, f"Why: {row.why}" if row.why else "") if part)
        if said:
            lines.append(_indented(said))
    if entry.references:
        lines += ["", "references"]
    for key, ref in entry.references.items():
        lines += [key, _indented(_about({"name": key, **ref.model_dump()}))]
    return "\n".join(lines)


def _amount(row: "Row") -> str:
    value = f"{row.value:g}" if isinstance(row.value, float) else str(row.value).lower()
    if not row.grade:
        return value
    low, high = (f"{row.value if end is None else end:g}" for end in (row.low, row.high))
    span = f" ({low} to {high})" if low != high else ""
    source = f"{row.source}, {row.page}" if row.page else row.source
    graded = row.grade if row.source == "assumption" and row.grade == "assumed" else f"{row.grade}: {source}"
    return f"{value}{span}{' ' if row.unit else ''}{row.unit}  [{graded}]"


def outline(name: str, scenario: "Scenario") -> dict[str, Any]:
    """What a scenario holds, as plain data."""
    return {
        "name": name,
        "title": scenario.title,
        "note": scenario.note,
        "runs": scenario.runs,
        "seed": scenario.seed,
        "assumptions": scenario.assumptions,
        "raids": {key: {"start": raid.start.isoformat(), "threats": _counts(raid.waves), "note": raid.note}
                  for key, raid in scenario.raids.items()},
        "constellations": {key: {"pattern": found.pattern, "satellites": found.n_deployed, "note": found.note}
                           for key, found in scenario.constellations.items()},
        "layers": {key: _layer(scenario, layer) for key, layer in scenario.layers.items()},
        "sensors": {key: f"{sensor.type} on {sensor.constellation}" if sensor.constellation else sensor.type
                    for key, sensor in scenario.sensors.items()},
        "areas": {key: area.radius_km for key, area in scenario.areas.items()},
        "places": list(scenario.places),
        **({} if scenario.stockpile is None else {
            "stockpile": show_stocks.outline(scenario.stockpile),
            "campaigns": show_stocks.campaigns_outline(scenario)}),
        **({} if scenario.cost is None else {"cost": show_costs.outline(scenario)}),
        "observations": len(scenario.observations),
        "variants": {key: str(found.get("note", "")) for key, found in scenario.variants.items()},
    }


def _layer(scenario: "Scenario", layer: Any) -> dict[str, Any]:
    """A layer's interceptor, where it stands, and its rounds; in orbit, those of all satellites there."""
    if layer.constellation is None:
        where, stock = str(len(layer.sites)), sum(site.stock.value for site in layer.sites.values())
    else:
        from opendome.catalogue import shipped, with_overrides

        entry = with_overrides(shipped(), scenario.catalogue)[0].interceptors.get(layer.interceptor)
        each = entry.per_satellite.value if entry is not None and hasattr(entry, "per_satellite") else 1.0
        found = scenario.constellations.get(layer.constellation)
        where, stock = f"in orbit: {layer.constellation}", each * (found.n_deployed if found else 0)
    return {"interceptor": layer.interceptor, "sites": where, "stock": stock, "note": layer.note}


def _counts(waves: Sequence[Any]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for wave in waves:
        counts[wave.threat] += wave.count
        if wave.decoys:
            counts[f"decoys of {wave.threat}"] += wave.count * wave.decoys
    return dict(counts)


def outline_text(found: dict[str, Any]) -> str:
    """A scenario's outline as text."""
    lines = [f"{found['name']}: {found['title']}", "", *wrap(found["note"], WIDTH), ""]
    lines += [f"runs {found['runs']}, seed {found['seed']}, assumptions {found['assumptions']}, "
              f"{found['observations']} observations to compare with"]
    if "stockpile" in found:
        lines.append(f"months {found['stockpile']['start']} to {found['stockpile']['until']}")
        for table in show_stocks.tables(found["stockpile"], found["campaigns"]):
            lines += ["", *columns(table)]
    raids = [[key, x["start"][:16].replace("T", " "), ", ".join(f"{n} {kind}" for kind, n in x["threats"].items())]
             for key, x in found["raids"].items()]
    if raids:
        lines += ["", *columns([["raid", "start, UTC", "threats"], *raids])]
    fleets = [[key, x["pattern"], str(x["satellites"])] for key, x in found["constellations"].items()]
    if fleets:
        lines += ["", *columns([["constellation", "pattern", "satellites in orbit"], *fleets])]
    layers = [[key, x["interceptor"], x["sites"], f"{x['stock']:g}"] for key, x in found["layers"].items()]
    if layers:
        lines += ["", *columns([["layer", "interceptor", "sites", "rounds at the start"], *layers])]
    if found["sensors"]:
        lines += ["", *columns([["sensor", "type"], *([key, kind] for key, kind in found["sensors"].items())])]
    if found["areas"]:
        lines += ["", *columns([["area", "radius_km"], *([key, f"{km:g}"] for key, km in found["areas"].items())])]
    if "cost" in found:
        lines += ["", show_costs.line(found["cost"])]
        for table in show_costs.tables(found["cost"]):
            lines += ["", *columns(table)]
    if found["variants"]:
        rows = [["variant", "note"], *([f"{found['name']}:{key}", note] for key, note in found["variants"].items())]
        lines += ["", *columns(rows)]
    return "\n".join(lines)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
