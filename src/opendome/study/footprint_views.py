"""Footprints as a map shows them: which a scenario has, and for each a square that holds its sites and their reach."""

from __future__ import annotations

import math
from typing import NamedTuple

from opendome.catalogue import Catalogue
from opendome.catalogue.entries import Interceptor
from opendome.scenario import Scenario
from opendome.scenario.specs import Layer
from opendome.study import catalogue_for
from opendome.study.footprints import Footprint, classes_of, footprint, middle_of
from opendome.study.lattice import LAT_MAX_DEG, SIZE_MAX_KM, Point
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, geodesic_inverse

GRID, GRID_WIDE, WIDE_KM = 50, 20, 1600.0
"""Cells along a side: few, so that a footprint takes seconds; the second for squares wider than the third, as a flight
is solved for every 80 km or every cell."""

MARGIN = 1.2
"""Half of the square over the farthest intercept from its middle."""

SIZE_LEAST_KM = 40.0


class View(NamedTuple):
    """One footprint that a map can show."""

    layer: str
    site: str | None
    """The site alone; None for all of the layer."""
    threat: str


def footprint_views(scenario: Scenario, catalogue: Catalogue) -> list[View]:
    """Layers on the ground, each with every threat that the scenario sends and that the layer fires at; in order.

    Where its sites lie so far apart that cells would be wide, and each reaches less than that, each stands alone.
    """
    threats = dict.fromkeys(wave.threat for raid in scenario.raids.values() for wave in raid.waves)
    found = []
    for name, layer in scenario.layers.items():
        entry = catalogue.interceptors[layer.interceptor]
        if isinstance(entry, Interceptor) and layer.sites:
            fired_at = classes_of(layer, entry)
            is_spread = square_km(scenario, name)[1] > WIDE_KM > 2.0 * MARGIN * entry.range_max_km.value
            sites = [*layer.sites] if is_spread else [None]
            found += [View(name, site, threat) for threat in threats for site in sites
                      if catalogue.threats[threat].threat_class in fired_at]
    return found


def footprint_view(scenario: Scenario, view: View) -> Footprint:
    """The footprint of a view against the threat from where the scenario sends it, over the square of `square_km`.
    Raises `InputError` as `footprint` does.
    """
    middle, size_km = square_km(scenario, view.layer, view.site)
    return footprint(scenario, layer=view.layer, threat=view.threat, site=view.site, size_km=size_km, middle=middle,
                     grid=GRID if size_km <= WIDE_KM else GRID_WIDE)


def square_km(scenario: Scenario, layer: str, site: str | None = None) -> tuple[Point, float]:
    """The middle (lat_deg, lon_deg) and the side in km of a square about the sites of a layer, or one of them, and what
    they reach, as far as a footprint may be laid."""
    spec, middle = scenario.layers[layer], middle_of(scenario, layer, site)
    entry = catalogue_for(scenario).interceptors[spec.interceptor]
    range_km = entry.range_max_km.value if isinstance(entry, Interceptor) else 0.0
    to_pole_km = (LAT_MAX_DEG - abs(middle[0])) * RAD_PER_DEG * MEAN_RADIUS_M / M_PER_KM
    wanted_km = max(SIZE_LEAST_KM, 2.0 * MARGIN * ((0.0 if site else _farthest_km(spec, middle)) + range_km))
    return middle, math.floor(min(wanted_km, SIZE_MAX_KM, 2.0 * to_pole_km))


def _farthest_km(layer: Layer, middle: Point) -> float:
    """From the middle to the farthest site."""
    return max(geodesic_inverse(lat1_deg=middle[0], lon1_deg=middle[1], lat2_deg=site.lat_deg, lon2_deg=site.lon_deg)[0]
               for site in layer.sites.values())


def is_cut(found: Footprint) -> bool:
    """Whether cells on the edge of the square can be defended, so that the footprint may go on beyond it."""
    shots = found.shots * found.is_reached
    return bool(shots[0].any() or shots[-1].any() or shots[:, 0].any() or shots[:, -1].any())
