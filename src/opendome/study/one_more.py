"""A little more of a scenario: missiles in a wave, units of the elements that its programme pays for, a target.

More of something stands where there is some already: rounds go to the sites of a layer in proportion to their stocks,
satellites in equal number to every plane, further sites and launchers beside the first ones. A satellite of another
pattern and a sensor on the ground would need a place of their own, so they are not tried.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from opendome import orbits
from opendome.catalogue import Catalogue
from opendome.catalogue.entries import Interceptor
from opendome.errors import InputError, nearest
from opendome.scenario import Scenario, reader
from opendome.scenario.specs import Wave
from opendome.world import geodesic_inverse

MORE = "more"
"""What stands behind the names of copies."""

Data = dict[str, Any]


class Step(NamedTuple):
    """More of one element of the programme, or of several that count the same."""

    element: str
    """Their names."""
    layer: str
    """What their cost is added to."""
    counts: tuple[str, ...]
    """What of the scenario they count."""
    change: str
    """What is changed, in words."""
    units: float
    """How many more."""
    data: Data
    """The scenario after it, as plain data."""


class _NoPlaceError(Exception):
    """There is no telling where one more would stand."""


# ---- missiles -------------------------------------------------------------------------------------------------


def threat_of(scenario: Scenario, name: str | None) -> str:
    """The threat of which there is to be one more: the one named, or the only one that flies."""
    flown = list(dict.fromkeys(wave.threat for raid in scenario.raids.values() for wave in raid.waves))
    if name is None and len(flown) == 1:
        return flown[0]
    if name is None:
        raise InputError(f"threat: {len(flown)} kinds fly in this scenario\n  must be one of: {', '.join(flown)}")
    if name not in flown:
        hint = nearest(name, flown)
        raise InputError(f"threat = {name!r}\n  is sent by no wave of this scenario" + (f"\nhint: {hint}" if hint
                                                                                          else ""))
    return name


def wave_of(scenario: Scenario, threat: str) -> tuple[str, Wave]:
    """The largest wave of a threat (the first of equals), and its key."""
    found = [(f"raids.{name}.waves.{i}", wave) for name, raid in scenario.raids.items()
             for i, wave in enumerate(raid.waves) if wave.threat == threat]
    return max(found, key=lambda item: item[1].count)


def more_missiles(scenario: Scenario, threat: str, more: int) -> Data:
    """The scenario with more missiles in the largest wave of a threat."""
    key, wave = wave_of(scenario, threat)
    data = reader.to_data(scenario)
    reader.change(data, {f"{key}.count": wave.count + more})
    return data


# ---- elements -------------------------------------------------------------------------------------------------


def with_planes(scenario: Scenario) -> Scenario:
    """The scenario with the number of planes of every Walker pattern written down, so that more satellites leave it."""
    data = reader.to_data(scenario)
    for name, one in scenario.constellations.items():
        if one.n_satellites is not None and one.n_planes is None:
            data["constellations"][name]["n_planes"] = orbits.planes_for(one.n_satellites)
    return reader.from_data(data)


def steps_of(scenario: Scenario, share: float, only: Sequence[str]) -> tuple[list[Step], dict[str, str]]:
    """More by a share, at least one, of each element that counts something of the scenario; and why others are not
    tried. `only`: names of layers or elements of the programme (all, when empty)."""
    assert scenario.cost is not None
    elements = scenario.cost.elements
    layers = {name: one.layer or name for name, one in elements.items()}
    for name in only:
        if name not in {*layers, *layers.values()}:
            raise InputError(f"layers: {name!r} is no layer or element of [cost]\n"
                             f"hint: {nearest(name, {*layers, *layers.values()})}")
    alike: dict[tuple[str, ...], list[str]] = {}
    idle: dict[str, str] = {}
    for name, one in elements.items():
        if not only or {name, layers[name]} & set(only):
            if one.counts:
                alike.setdefault(tuple(one.counts), []).append(name)
            else:
                idle[name] = "counts nothing of the scenario"
    steps = []
    for counts, names in alike.items():
        try:
            steps.append(_step(scenario, " + ".join(names), layers[names[0]], counts, share))
        except _NoPlaceError as why:
            idle |= dict.fromkeys(names, str(why))
    return steps, idle


def _step(scenario: Scenario, element: str, layer: str, counts: tuple[str, ...], share: float) -> Step:
    data = reader.to_data(scenario)
    words, units = [], 0
    for key in counts:
        said, more = _grow(scenario, data, key, share)
        words.append(said)
        units += more
    return Step(element, layer, counts, "; ".join(words), units, data)


def _grow(scenario: Scenario, data: Data, key: str, share: float) -> tuple[str, int]:
    """Add more of what a count names to the plain data: what was done in words, and how many were added."""
    section, name, *what = key.split(".")
    if section == "sensors":
        carrier = scenario.sensors[name].constellation
        if carrier is None:
            raise _NoPlaceError("a further sensor would need a place of its own")
        section, name = "constellations", carrier
    if section == "constellations":
        return _more_satellites(scenario, data, name, share)
    sites = data["layers"][name]["sites"]
    if what == ["sites"]:
        return _more_sites(sites, f"layers.{name}.sites", share)
    if what == ["launchers"]:
        each = [one["launchers"] for one in sites.values()]
        return _more_at_sites(sites, "launchers", each, f"layers.{name}", share)
    return _more_at_sites(sites, "stock", [_value(one["stock"]) for one in sites.values()], f"layers.{name}", share)


def _more_satellites(scenario: Scenario, data: Data, name: str, share: float) -> tuple[str, int]:
    one = scenario.constellations[name]
    if one.n_satellites is None or one.n_planes is None:
        raise _NoPlaceError("a further satellite would need a place of its own")
    if one.n_deployed == 0:
        raise _NoPlaceError("none is in orbit")
    each = max(1, round(share * one.n_satellites / one.n_planes))
    n = one.n_satellites + each * one.n_planes
    data["constellations"][name]["n_satellites"] = n
    more = int(one.deployed * one.n_planes + 1e-9) * each
    return f"constellations.{name}.n_satellites: {one.n_satellites:,} -> {n:,}", more


def _more_sites(sites: Data, key: str, share: float) -> tuple[str, int]:
    names = list(sites)
    n = max(1, round(share * len(names)))
    for i in range(n):
        _copy(sites, names[i % len(names)])
    return f"{key}: {n} more, beside {', '.join(names[:n])}", n


def _more_at_sites(sites: Data, field: str, each: Sequence[float], key: str, share: float) -> tuple[str, int]:
    """More launchers or rounds, shared out in proportion to those there are."""
    total = sum(each)
    n = max(1, round(share * total))
    for one, more in zip(sites.values(), shared_out(n, each)):
        one[field] = _shifted(one[field], more)
    what = "rounds" if field == "stock" else field
    return f"{key}: {n:,} {what} more than {total:,.10g}", n


def shared_out(n: int, weights: Sequence[float]) -> list[int]:
    """Whole shares of n in proportion to weights (to the first where all are 0): by the largest remainders."""
    total = sum(weights)
    if total == 0:
        return [n, *[0] * (len(weights) - 1)]
    exact = [n * weight / total for weight in weights]
    found = [int(share + 1e-9) for share in exact]
    left = sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], i))
    for i in left[:n - sum(found)]:
        found[i] += 1
    return found


# ---- a target -------------------------------------------------------------------------------------------------


class Target(NamedTuple):
    """What one more defended target takes of a layer."""

    layer: str
    sites: tuple[str, ...]
    """Sites that reach the target that is copied, and no other area."""


def own_sites(scenario: Scenario, catalogue: Catalogue, area: str) -> list[Target]:
    """The sites of each layer that are an area's own: they reach its middle, and that of no other area."""
    if area not in scenario.areas:
        hint = nearest(area, scenario.areas)
        raise InputError(f"area = {area!r}\n  must name a defended area of this scenario" + (f"\nhint: {hint}" if hint
                                                                                              else ""))
    if len(scenario.areas) < 2:
        raise InputError(f"area = {area!r}\n  is the only one: nothing says what defends it alone\n"
                         "hint: a scenario of two areas or more")
    found = []
    for name, layer in scenario.layers.items():
        entry = catalogue.interceptors[layer.interceptor]
        own = []
        if isinstance(entry, Interceptor):
            for site_name, site in layer.sites.items():
                in_reach = {key for key, one in scenario.areas.items() if geodesic_inverse(
                    lat1_deg=site.lat_deg, lon1_deg=site.lon_deg, lat2_deg=one.lat_deg,
                    lon2_deg=one.lon_deg).distance_km <= entry.range_max_km.value}
                own += [site_name] if in_reach == {area} else []
        found.append(Target(name, tuple(own)))
    return found


def with_own_sites(scenario: Scenario, targets: Sequence[Target]) -> Data:
    """The scenario with a copy of the sites of some targets, and of the radars that guide them alone."""
    data = reader.to_data(scenario)
    copied: set[str] = set()
    for target in targets:
        sites = data["layers"][target.layer].get("sites", {})
        for name in target.sites:
            _copy(sites, name)
            radar = sites[name].get("radar")
            if radar is not None and radar not in copied:
                copied.add(radar)
                _copy_radar(data, radar)
    return data


def _copy_radar(data: Data, name: str) -> None:
    """A second radar of a kind, counted by the elements that count the first."""
    new = _copy(data["sensors"], name)
    for element in data.get("cost", {}).get("elements", {}).values():
        if f"sensors.{name}" in element.get("counts", []):
            element["counts"] = [*element["counts"], f"sensors.{new}"]


# ---- small things ---------------------------------------------------------------------------------------------


def _copy(table: Data, name: str) -> str:
    """Copy an entry of a table under a name that is not taken; the name."""
    new = next(found for i in range(len(table) + 1)
               if (found := f"{name}-{MORE}{'' if i == 0 else i + 1}") not in table)
    table[new] = copy.deepcopy(table[name])
    return new


def _value(quantity: Any) -> float:
    return float(quantity["value"] if isinstance(quantity, Mapping) else quantity)


def _shifted(quantity: Any, more: int) -> Any:
    """A quantity as plain data with its value and range moved alike."""
    if isinstance(quantity, Mapping):
        return {**quantity, **{end: quantity[end] + more for end in ("value", "low", "high")
                               if quantity.get(end) is not None}}
    return quantity + more

