"""Areas that can be laid over the picture: footprints of layers on the ground, coverage by sensors in orbit. Each takes
seconds to work out, so it is made when it is asked for (docs/formats/replay.md, `overlay-K.json`)."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from opendome import orbits
from opendome.catalogue import Catalogue
from opendome.catalogue.entries import InfraredSensor
from opendome.kernel import F64Array, I64Array
from opendome.raid.lower_sky import constellation_of, eye_names, first_start
from opendome.scenario import Scenario
from opendome.study import catalogue_for
from opendome.study.footprint_views import View, footprint_view, footprint_views, is_cut
from opendome.study.footprints import Footprint

FORMAT = 1
"""Version of what is written."""

DIGITS = 5
"""Decimals of a degree that are written: about a metre."""

DAY_S, STEP_S = 86_400.0, 300.0
CELL_DEG = 4.0
"""Coverage is looked at over a day, at instants so far apart, in cells of this size."""

WHOLE_DEG = 360.0

COLD_KM = 200.0
"""Height of the bodies that a sensor is asked about which sees them against cold space alone."""

SHARES = (0.5, 0.9, 1.0)
"""Shares of the day that are told apart on a map of coverage."""

EVERY_FOOTPRINT = (
    "The middle values of all assumptions, not their ranges; all sensors and satellites work, the satellites where "
    "they are when the first raid begins.",
    "Each aim point by itself: no stocks, no launchers and channels, no other target, no chance. It says where there "
    "is time, not how many get through.",
)


class Overlay(NamedTuple):
    """One that can be asked for."""

    kind: str
    """footprint or coverage"""
    label: str
    of: str
    """The layer, or the constellation."""
    make: Callable[[], bytes]


def overlays(scenario: Scenario) -> dict[str, Overlay]:
    """What can be laid over the picture of a scenario of raids, by the name of its file; nothing for campaigns."""
    if scenario.stockpile is not None or not scenario.raids:
        return {}
    catalogue = catalogue_for(scenario)
    found = [_footprint(scenario, view) for view in footprint_views(scenario, catalogue)]
    found += [_coverage(scenario, catalogue, name) for name in eye_names(scenario, catalogue)]
    return {f"overlay-{k}.json": one for k, one in enumerate(found)}


def listed(scenario: Scenario) -> list[dict[str, str]]:
    """The same as the index of the page has it."""
    return [{"name": name, "kind": one.kind, "label": one.label, "of": one.of}
            for name, one in overlays(scenario).items()]


def _json(label: str, about: Sequence[str], lat_edges_deg: F64Array, lon_edges_deg: F64Array, level: I64Array,
          levels: Sequence[str]) -> bytes:
    """`level` (N, M): 0 for none, else k where levels[k - 1] holds and those before it."""
    return json.dumps({
        "format": FORMAT, "label": label, "about": list(about), "levels": list(levels),
        "lat_edges_deg": np.round(lat_edges_deg, DIGITS).tolist(), "level": level.tolist(),
        "lon_edges_deg": np.round(lon_edges_deg, DIGITS).tolist(),
    }, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


# ---- footprints -----------------------------------------------------------------------------------------------------


def _footprint(scenario: Scenario, view: View) -> Overlay:
    label = f"{view.layer}{f' at {view.site}' if view.site else ''} against {view.threat}"
    return Overlay("footprint", label, view.layer, lambda: footprint_bytes(footprint_view(scenario, view), label))


def footprint_bytes(found: Footprint, label: str) -> bytes:
    """A footprint as the page reads it."""
    level = np.where(found.is_reached, found.shots, 0)
    levels = [f"time for {k} {_engagements(k, found.salvo)} or more: {found.area_km2(k):,.0f} km2"
              for k in range(1, max(found.k_max, 1) + 1)]
    return _json(label, _about_footprint(found), *found.edges_deg, level, levels)


def _about_footprint(found: Footprint) -> list[str]:
    """What it is of, and what it rests on, in sentences."""
    side_km = np.sqrt(found.cell_km2.mean())
    whose = f"{found.layer} at {_and(list(found.sites))}"
    said = [f"Where {whose} has time to engage {found.threat} from {_and(list(found.origins))}"
            + (", whichever of these is worst." if len(found.origins) > 1 else "."),
            f"Cells of {side_km:.3g} km in a square about the site{'s' * (len(found.sites) > 1)}."
            + (" The footprint goes on beyond the square." if is_cut(found) else "")]
    if not found.k_max:
        said.append("There is time nowhere in this square.")
    said += [f"{name}: {words}." for name, words in found.orbit.items()]
    return [*said, *EVERY_FOOTPRINT]


def _engagements(k: int, salvo: int) -> str:
    one, more = ("engagement", "engagements") if salvo == 1 else (f"salvo of {salvo}", f"salvos of {salvo}")
    return one if k == 1 else more


def _and(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# ---- coverage -------------------------------------------------------------------------------------------------------


def _coverage(scenario: Scenario, catalogue: Catalogue, sensor: str) -> Overlay:
    name = scenario.sensors[sensor].constellation or ""
    return Overlay("coverage", f"{sensor} on {name}", name, lambda: coverage_bytes(scenario, catalogue, sensor))


def coverage_bytes(scenario: Scenario, catalogue: Catalogue, sensor: str) -> bytes:
    """For what share of a day each cell of the Earth is in view of the satellites that carry a sensor: of one of them,
    or of two at once where it looks at cold bodies, as a track of these takes two."""
    entry, name = catalogue.sensors[scenario.sensors[sensor].type], scenario.sensors[sensor].constellation
    assert isinstance(entry, InfraredSensor)
    assert name is not None
    k = 2 if entry.needs_cold_space else 1
    alt_km = max(COLD_KM, entry.limb_km.value) if entry.needs_cold_space else entry.cloud_break_km.value
    field_deg = entry.field_of_regard_deg.value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", orbits.CoverageWarning)  # the map shows what they say
        found = orbits.coverage(
            constellation_of(scenario.constellations[name], first_start(scenario)), target_alt_km=alt_km,
            field_of_regard_deg=field_deg if field_deg < WHOLE_DEG else None, grid_deg=CELL_DEG,
            limb_km=entry.limb_km.value if entry.needs_cold_space else None, t_s=np.arange(0.0, DAY_S, STEP_S))
    share = found.map(k)
    level = (share > 0.0) + sum((share >= part - 1e-9).astype(np.int64) for part in SHARES)
    half_deg = 0.5 * WHOLE_DEG / len(found.lon_deg)
    whom = "two or more at once" if k == 2 else "one or more"
    levels = [f"{whom}: at some time", *(f"for {part:.0%} of the day or more" for part in SHARES[:-1]), "all day"]
    about = [f"For what share of a day {whom} of the {found.n_satellites} satellites of {name} see a body at "
             f"{alt_km:g} km" + (" with cold space behind it." if entry.needs_cold_space else "."),
             f"Over the whole Earth {found.fraction(k):.1%} of the time; {found.mean_in_view():.1f} in view, mean.",
             f"Geometry alone: a line of sight within a field of regard of {field_deg:g} degrees, not what {sensor} "
             "can detect. All satellites work.",
             f"Cells of {CELL_DEG:g} degrees, every {STEP_S / 60.0:g} minutes of a day."]
    return _json(f"{sensor} on {name}", about, found.lat_edges_deg,
                 np.append(found.lon_deg - half_deg, found.lon_deg[-1] + half_deg), np.asarray(level, np.int64), levels)


def made_when_asked(scenario: Scenario) -> Mapping[str, Callable[[], bytes]]:
    """By name of the file, how it is made."""
    return {name: one.make for name, one in overlays(scenario).items()}
