"""Defended footprints from a scenario: where, around a layer's sites, it has time for k engagements of a threat.

The scenario gives places, sensors and layers; the footprint takes the values (not the ranges) of every assumption, all
sensors and satellites working, the satellites where they are when the first raid begins. Each aim point is taken by
itself: stocks, channels and other targets are left out. Model and limits: docs/models/footprints.md.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendome import geojson
from opendome.catalogue import Catalogue
from opendome.catalogue.entries import Interceptor, Threat
from opendome.engagement.flyout import flyout_tables
from opendome.engagement.footprint import Cue, Found, Pace, Post, Signature, engagements_over
from opendome.errors import InputError, OpenDomeError, nearest
from opendome.kernel import BoolArray, F64Array, I64Array, announce_compiling, pack
from opendome.raid.lower import missing_names, radar_sites
from opendome.scenario import Scenario, reader
from opendome.scenario.specs import Layer, Site
from opendome.sensing import lower_radars
from opendome.study import catalogue_for
from opendome.study.lattice import Point, cell_areas_km2, edges_of, grid_around, lattice
from opendome.study.sky_cues import Clues, clues_of
from opendome.study.windows import radars_there
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import ecef_from_geodetic, geodesic_direct


@dataclass(frozen=True, eq=False)
class Footprint:
    """What a layer can do about one threat over a grid of aim points. N rows from south to north, M columns from west
    to east; with several origins, the worst of them counts at each cell."""

    lat_deg: F64Array
    """(N,) middle of the rows."""
    lon_deg: F64Array
    """(M,) middle of the columns, rising; may pass 180."""
    shots: I64Array
    """(N, M) engagements that there is time for: single rounds, or salvos where the layer fires those."""
    is_reached: BoolArray
    """(N, M) whether the threat reaches the aim point from every origin; the others do not count."""
    tracked_s: F64Array
    """(N, M) from the first usable track to impact; -inf where there is none in time."""
    cell_km2: F64Array
    """(N,) area of a cell of each row."""
    title: str
    layer: str
    threat: str
    sites: Mapping[str, Point]
    origins: Mapping[str, Point]
    sensors: Mapping[str, Point]
    """Radars."""
    orbit: Mapping[str, str]
    """What each sensor in orbit adds, in words."""
    shots_max: int
    """Most engagements that were counted."""
    salvo: int
    """Rounds in one engagement."""
    worst_miss_km: float
    """Farthest that a flight came down from the middle of its cell."""

    def area_km2(self, k: int) -> float:
        """Area in km2 in which at least k engagements are possible; for k = 0, that which the threat reaches."""
        return float((((self.shots >= k) & self.is_reached) * self.cell_km2[:, np.newaxis]).sum())

    def radius_km(self, k: int) -> float:
        """Radius in km of a circle of that area."""
        return math.sqrt(self.area_km2(k) / math.pi)

    @property
    def k_max(self) -> int:
        """Most engagements that any cell allows."""
        return int(np.where(self.is_reached, self.shots, 0).max(initial=0))

    @property
    def edges_deg(self) -> tuple[F64Array, F64Array]:
        """(N + 1,) latitudes and (M + 1,) longitudes of the sides of the cells."""
        return edges_of(self.lat_deg), edges_of(self.lon_deg)

    def geojson(self) -> dict[str, Any]:
        """A FeatureCollection: for each k a MultiPolygon of the cells with at least k, with its area; sites, radars and
        origins as points."""
        shapes = [geojson.feature(geojson.cell_polygons((self.shots >= k) & self.is_reached, *self.edges_deg),
                                  kind="footprint", shots=k, area_km2=round(self.area_km2(k), 3))
                  for k in range(1, self.k_max + 1)]
        marks = [geojson.point(*where, kind=kind, name=name)
                 for kind, every in (("site", self.sites), ("sensor", self.sensors), ("origin", self.origins))
                 for name, where in every.items()]
        return geojson.feature_collection([*shapes, *marks], name=f"{self.layer} against {self.threat}")

    def text(self) -> str:
        """The GeoJSON as text."""
        return json.dumps(self.geojson(), separators=(",", ":"), ensure_ascii=False) + "\n"

    def summary(self) -> dict[str, Any]:
        """The footprint in numbers, as plain data."""
        reached = self.area_km2(0)
        return {
            "title": self.title, "layer": self.layer, "threat": self.threat, "sites": list(self.sites),
            "from": list(self.origins), "sensors": [*self.sensors], "orbit": dict(self.orbit),
            "rounds_per_engagement": self.salvo, "engagements_counted": self.shots_max,
            "grid": [len(self.lat_deg), len(self.lon_deg)], "area_reached_km2": round(reached, 1),
            "largest_miss_km": round(self.worst_miss_km, 3),
            "footprints": [{"shots": k, "area_km2": round(self.area_km2(k), 1),
                            "share": round(self.area_km2(k) / reached, 4) if reached else 0.0,
                            "radius_km": round(self.radius_km(k), 1)} for k in range(1, max(self.k_max, 1) + 1)],
        }


# ---- for users ------------------------------------------------------------------------------------------------------


def footprint(scenario: Scenario | str, *, layer: str, threat: str, site: str | None = None,
              origins: Sequence[str] | Mapping[str, Point] | None = None, shots: int | None = None,
              size_km: float = 400.0, grid: int = 100, middle: Point | None = None,
              trajectory: str | float = "minimum-energy", jobs: int | None = None,
              progress: Callable[[int, int], None] | None = None) -> Footprint:
    """Where a layer of a scenario (or one `site` of it) has time for how many engagements of a threat.

    `scenario` is one that is loaded, a shipped scenario's name, or a file. The threat flies from each of `origins`
    (places of the scenario, or names with (lat_deg, lon_deg)) to every cell of a square of `size_km`, `grid` cells
    along a side, about `middle` (lat_deg, lon_deg; the sites' middle when left out); with several origins the worst
    counts. `shots` is the most that is counted (default: what the layer's `shots_max` allows). `progress` is told the
    aim points done and their total. Raises `InputError` where something given cannot be used.
    """
    found = scenario if isinstance(scenario, Scenario) else reader.load(scenario)
    catalogue = catalogue_for(found)
    for wrong in missing_names(found, catalogue):
        raise InputError(str(wrong))
    battery, interceptor = _layer(found, catalogue, layer)
    entry = _threat(catalogue, layer, battery, interceptor, threat)
    sites = _there(found, catalogue, layer, _sites(battery, layer, site))
    starts = _origins(found, threat, origins)
    lat_deg, lon_deg = grid_around(middle or _middle(sites), size_km, grid)
    with announce_compiling():
        solved = [_one(found, catalogue, battery, interceptor, entry, threat, sites, start, lat_deg, lon_deg, shots,
                       trajectory, jobs, _part(progress, i, len(starts))) for i, start in enumerate(starts.items())]
    cover = [one.is_reached for one in solved]
    is_reached = np.logical_and.reduce(cover)
    if not is_reached.any():
        raise InputError(f"{threat}: no aim point here is in reach from all of {', '.join(starts)}\n"
                         "  each is in reach from some\nhint: take one place at a time")
    radars = {name: (float(found.sensors[name].lat_deg or 0.0), float(found.sensors[name].lon_deg or 0.0))
              for name in radars_there(found, catalogue)}
    return Footprint(
        lat_deg, lon_deg, np.minimum.reduce([one.shots for one in solved]), is_reached,
        np.minimum.reduce([one.tracked_s for one in solved]), cell_areas_km2(edges_of(lat_deg), edges_of(lon_deg)),
        found.title, layer, threat, {name: (s.lat_deg, s.lon_deg) for name, s in sites.items()}, starts,
        radars, solved[0].clues, _shots_max(battery, shots), battery.salvo, max(one.worst_miss_km for one in solved))


def bearing_origin(middle: Point, bearing_deg: float, distance_km: float) -> Point:
    """(lat_deg, lon_deg) of a launch point in a bearing (clockwise from north) and at a distance from a point."""
    if not (math.isfinite(distance_km) and distance_km > 0.0):
        raise InputError(f"distance_km = {distance_km}\n  must be above 0")
    return geodesic_direct(lat_deg=middle[0], lon_deg=middle[1], azimuth_deg=bearing_deg, distance_km=distance_km)


def middle_of(scenario: Scenario, layer: str, site: str | None = None) -> Point:
    """(lat_deg, lon_deg) about which a footprint of a layer, or of one of its sites, is laid."""
    if layer not in scenario.layers:
        raise InputError(f"layer = {layer!r}\n  is no layer of this scenario\nhint: {nearest(layer, scenario.layers)}")
    return _middle(_sites(scenario.layers[layer], layer, site))


# ---- what was asked for ---------------------------------------------------------------------------------------------


def _layer(scenario: Scenario, catalogue: Catalogue, layer: str) -> tuple[Layer, Interceptor]:
    if layer not in scenario.layers:
        raise InputError(f"layer = {layer!r}\n  is no layer of this scenario\nhint: {nearest(layer, scenario.layers)}")
    found = scenario.layers[layer]
    entry = catalogue.interceptors[found.interceptor]
    if not isinstance(entry, Interceptor):
        raise InputError(f"layer {layer}: {found.interceptor} waits in orbit\n  a footprint is of sites on the ground\n"
                         "hint: for layers in orbit, opendome.engagement.share_in_reach and in_reach")
    return found, entry


def _threat(catalogue: Catalogue, layer: str, battery: Layer, interceptor: Interceptor, threat: str) -> Threat:
    if threat not in catalogue.threats:
        raise InputError(f"threat = {threat!r}\n  must be a threat of the catalogue\n"
                         f"hint: {nearest(threat, catalogue.threats) or 'opendome list threats'}")
    entry, fired_at = catalogue.threats[threat], classes_of(battery, interceptor)
    if entry.threat_class not in fired_at:
        able = [name for name, known in catalogue.threats.items() if known.threat_class in fired_at]
        raise InputError(f"layer {layer} ({battery.interceptor}) does not fire at the class {entry.threat_class!r} of "
                         f"{threat}\n  it fires at: {', '.join(fired_at)}\nhint: threats of those classes: "
                         f"{', '.join(able)}")
    return entry


def classes_of(battery: Layer, interceptor: Interceptor) -> list[str]:
    """Threat classes that a layer fires at: those that its interceptor can kill and the layer engages."""
    return [name for name in type(interceptor.p_kill).model_fields if getattr(interceptor.p_kill, name) is not None
            and (battery.engages is None or name in battery.engages)]


def _sites(battery: Layer, layer: str, site: str | None) -> dict[str, Site]:
    if site is None:
        return dict(battery.sites)
    if site not in battery.sites:
        raise InputError(f"site = {site!r}\n  is no site of layer {layer}\nhint: {nearest(site, battery.sites)}")
    return {site: battery.sites[site]}


def _there(scenario: Scenario, catalogue: Catalogue, layer: str, sites: dict[str, Site]) -> dict[str, Site]:
    """The sites that are there when the last raid begins and whose own radar, if any, is ever on station."""
    last, radars = max(raid.start for raid in scenario.raids.values()), radars_there(scenario, catalogue)
    come = {name: s for name, s in sites.items() if s.available_from is None or s.available_from <= last}
    if not come:
        first = min(s.available_from for s in sites.values() if s.available_from)
        raise InputError(f"layer {layer}: its sites are there from {first:%Y-%m-%d} on\n"
                         f"  the scenario's last raid begins on {last:%Y-%m-%d}\nhint: move the raid, "
                         "--set raids.NAME.start=..., or take a variant that does")
    seeing = {name: s for name, s in come.items() if s.radar is None or s.radar in radars}
    if not seeing:
        raise InputError(f"layer {layer}: the radar of none of its sites is on station\n"
                         "  on_station must be above 0 for one of them")
    return seeing


def _origins(scenario: Scenario, threat: str, given: Sequence[str] | Mapping[str, Point] | None) -> dict[str, Point]:
    """Launch points by name; the places from which the scenario sends the threat when none are given."""
    if isinstance(given, Mapping):
        if not given:
            raise InputError("origins\n  must name one place or more")
        return {str(name): (float(lat), float(lon)) for name, (lat, lon) in given.items()}
    waves = [wave for raid in scenario.raids.values() for wave in raid.waves if wave.threat == threat]
    if isinstance(given, str):
        given = [given]
    names = list(dict.fromkeys(given or [name for wave in waves for name in wave.from_]))
    if not names:
        raise InputError(f"from\n  must be given: no wave of this scenario sends {threat}\n"
                         f"hint: places: {', '.join(scenario.places)}")
    for name in names:
        if name not in scenario.places:
            raise InputError(f"from = {name!r}\n  is no place of this scenario\n"
                             f"hint: {nearest(name, scenario.places) or ', '.join(scenario.places)}")
    return {name: (scenario.places[name].lat_deg, scenario.places[name].lon_deg) for name in names}


def _middle(sites: Mapping[str, Site]) -> Point:
    """The middle of some sites, on the sphere."""
    lat, lon = np.radians([[s.lat_deg, s.lon_deg] for s in sites.values()]).T
    x, y, z = (np.cos(lat) * np.cos(lon)).mean(), (np.cos(lat) * np.sin(lon)).mean(), np.sin(lat).mean()
    if len(sites) == 1:
        (only,) = sites.values()
        return only.lat_deg, only.lon_deg
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def _shots_max(battery: Layer, shots: int | None) -> int:
    """Most engagements that count."""
    if shots is not None and (isinstance(shots, bool) or not isinstance(shots, int) or not 1 <= shots <= 64):
        raise InputError(f"shots = {shots!r}\n  must be a whole number from 1 to 64")
    if battery.doctrine == "salvo":
        return 1
    return shots if shots is not None else max(1, math.ceil(battery.shots_max / battery.salvo))


# ---- one origin -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Part:
    """The footprint from one origin; arrays (N, M)."""

    shots: I64Array
    is_reached: BoolArray
    tracked_s: F64Array
    worst_miss_km: float
    clues: Mapping[str, str]


def _one(scenario: Scenario, catalogue: Catalogue, battery: Layer, interceptor: Interceptor, entry: Threat, threat: str,
         sites: Mapping[str, Site], start: tuple[str, Point], lat_deg: F64Array, lon_deg: F64Array, shots: int | None,
         trajectory: str | float, jobs: int | None, progress: Callable[[int, int], None] | None) -> _Part:
    solved, cells, is_reached = lattice(threat, entry, start, lat_deg, lon_deg, trajectory)
    clues: Clues = clues_of(scenario, catalogue, entry, solved)
    radars = radars_there(scenario, catalogue)
    found = engagements_over(
        solved, pack(cells), cues=pack(Cue(clues.warned_s, clues.gain, clues.usable_s)),
        signature=Signature(entry.rcs_m2.value, int(entry.swerling)),
        radars=pack(lower_radars(radar_sites(scenario, catalogue, radars))), posts=pack(_posts(sites, radars)),
        flyouts=pack(flyout_tables([interceptor])), pace=_pace(battery, interceptor, shots), jobs=jobs,
        progress=progress)
    _check(threat, found)
    return _Part(_spread_out(is_reached, found.engagements, 0), is_reached,
                 _spread_out(is_reached, found.impact_s - found.usable_s, -math.inf),
                 float(found.miss_m.max()) / M_PER_KM, clues.words)


def _spread_out(is_reached: BoolArray, column: Any, empty: Any) -> Any:
    """A column of the cells that are reached, in rows and columns of the grid."""
    out = np.full(is_reached.shape, empty, dtype=column.dtype)
    out[is_reached] = column
    return out


def _check(threat: str, found: Found) -> None:
    failed = int((found.status != 0).sum())
    if failed:
        raise OpenDomeError(f"{threat}: {failed} of {len(found.status)} flights could not be followed\n"
                            "hint: please report this scenario")


def _posts(sites: Mapping[str, Site], radars: list[str]) -> Post:
    every = list(sites.values())
    places = [ecef_from_geodetic(s.lat_deg * RAD_PER_DEG, s.lon_deg * RAD_PER_DEG, s.alt_m) for s in every]
    return Post(np.array(places),
                np.array([radars.index(s.radar) if s.radar else 0 for s in every], np.int64),
                np.array([s.radar is not None for s in every], np.bool_))


def _pace(battery: Layer, interceptor: Interceptor, shots: int | None) -> Pace:
    return Pace(battery.decision_s.value + interceptor.reaction_s.value,
                (battery.salvo - 1) * interceptor.shot_spacing_s.value + interceptor.assess_s.value,
                _shots_max(battery, shots))


def _part(progress: Callable[[int, int], None] | None, index: int, count: int) -> Callable[[int, int], None] | None:
    """Progress of one of several origins."""
    if progress is None:
        return None
    return lambda done, total: progress(index * total + done, count * total)
