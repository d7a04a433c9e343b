"""`opendome footprint` and `opendome windows`: what a defence has time for, and when it sees what comes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, talk
from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.study.footprints import Footprint

FOOTPRINT_TWIN = 'Python: opendome.footprint("gulf-2026", layer="upper", threat="mrbm")'
WINDOWS_TWIN = 'Python: opendome.windows("gulf-2026")'


def footprint(
    scenario: options.ScenarioName,
    layer: Annotated[str, typer.Option(metavar="NAME", help="The layer that shoots.")],
    threat: Annotated[str, typer.Option(metavar="NAME", help="What comes: a threat of the catalogue.")],
    site: Annotated[str | None, typer.Option(metavar="NAME", help="One site of the layer alone.")] = None,
    origin: Annotated[list[str] | None, typer.Option(
        "--from", metavar="PLACE", help="A place of the scenario that it flies from (default: those of its waves). May "
        "be repeated: the worst counts.")] = None,
    bearing_deg: Annotated[list[float] | None, typer.Option(
        "--bearing", metavar="DEG", help="Instead of a place: a direction that it comes from, clockwise from north. "
        "May be repeated.")] = None,
    distance_km: Annotated[float | None, typer.Option(
        "--distance-km", metavar="KM", help="How far away it starts in that direction.")] = None,
    shots: Annotated[int | None, typer.Option(
        metavar="K", help="Most shots to count (default: what the layer spends on one target).")] = None,
    size_km: Annotated[float, typer.Option(metavar="KM", help="Side of the square of aim points.")] = 400.0,
    grid: Annotated[int, typer.Option(metavar="N", help="Cells along a side.")] = 100,
    change: options.Changes = None,
    jobs: options.Jobs = None,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Write footprint.geojson and footprint.svg to this folder.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Find where a layer has time for how many shots at a threat: the area by number of shots, as a map and GeoJSON.

    Each aim point is taken by itself: no stocks, no other targets, tracks without error, every sensor working.
    """
    from opendome.report import footprint_map
    from opendome.study import footprints

    found = _read(scenario, options.changes(change or []))
    origins: Any = origin or None
    if bearing_deg:
        if origin or distance_km is None:
            raise InputError("--bearing\n  stands instead of --from, with --distance-km for how far away it starts")
        middle = footprints.middle_of(found, layer, site)
        origins = {f"{bearing:g} deg": footprints.bearing_origin(middle, bearing, distance_km)
                   for bearing in bearing_deg}
    elif distance_km is not None:
        raise InputError("--distance-km\n  goes with --bearing")
    if out is not None:
        footprint_map.check_folder(out)
    with talk.stopping_at_once(), talk.progress_of("aim points", quiet) as progress:
        made = footprints.footprint(found, layer=layer, threat=threat, site=site, origins=origins, shots=shots,
                                    size_km=size_km, grid=grid, jobs=jobs, progress=progress)
    written = footprint_map.save(made, out) if out is not None else []
    talk.answer(options.json_text(made.summary()) if as_json else text(made))
    if not quiet:
        talk.say(f"written: {', '.join(map(str, written))}" if written else
                 "nothing was kept; add --out DIR for the map and the GeoJSON")


def _read(name: str, changes: dict[str, Any]) -> Any:
    from opendome.scenario import reader

    found, variant = reader.read(name)
    return reader.parse(found, source=name, changes=changes, variant=variant)


def text(found: "Footprint") -> str:
    """The areas by number of shots, and what was assumed."""
    from opendome.cli.show import columns

    data = found.summary()
    unit = "shots" if found.salvo == 1 else f"salvos of {found.salvo}"
    lines = [f"{found.layer} against {found.threat} from {', '.join(found.origins)}",
             f"{data['grid'][0]} x {data['grid'][1]} aim points, {data['area_reached_km2']:,.0f} km2 in its reach; "
             f"{len(found.sites)} site{'s' if len(found.sites) != 1 else ''}, {len(found.sensors)} radars", ""]
    lines += columns([[f"{unit}, at least", "area, km2", "share", "radius of such a circle, km"],
                      *[[str(row["shots"]), f"{row['area_km2']:,.0f}", f"{row['share']:.3f}", f"{row['radius_km']:.0f}"]
                        for row in data["footprints"]]])
    if found.k_max == found.shots_max and found.shots_max > 1:
        lines += ["", f"no more than {found.shots_max} were counted: see --shots"]
    lines += [f"{name}: {words}" for name, words in found.orbit.items()]
    return "\n".join(lines)


def windows(
    scenario: options.ScenarioName,
    threat: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="This threat of the scenario alone. May be repeated.")] = None,
    change: options.Changes = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw it to this file.")] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Find when each kind of sensor first sees each threat of a scenario, and how long before impact that is.

    One flight stands for each threat. Seen is what one look detects half of the time or more.
    """
    from opendome.report.footprint_map import windows_chart
    from opendome.study import windows as study

    found = _read(scenario, options.changes(change or []))
    if out is not None and (out.is_dir() or out.suffix.lower() != ".svg"):
        raise InputError(f"--out {out}\n  must be a file that ends in .svg")
    with talk.stopping_at_once():
        seen = study.windows(found, threats=threat or [])
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(windows_chart(seen, found.title), encoding="utf-8", newline="\n")
    rows = study.rows(seen)
    talk.answer(options.json_text(rows) if as_json else windows_text(rows))
    if not quiet:
        talk.say(f"written: {out}" if out is not None else "add --out FILE.svg to draw it")


def windows_text(rows: list[dict[str, Any]]) -> str:
    """A line for each threat and kind of sensor; every number is one of the flight that stands for the threat."""
    from opendome.cli.show import columns

    if not rows:
        return "no sensor sees any of the threats"
    head = ["threat", "sensor kind", "sensor", "first seen, s", "before impact, s", "altitude, km", "distance, km"]
    cells = [[row["threat"], row["kind"], row["sensor"],
              *("-" if row[key] is None else f"{row[key]:,.0f}" if key.endswith("_s") else f"{row[key]:,.1f}"
                for key in ("first_seen_s", "before_impact_s", "alt_km", "distance_km"))] for row in rows]
    return "\n".join(columns([head, *cells]))
