"""Battle management: which site fires at which track, when, and how many rounds.

What is modelled: layers with a doctrine (salvo, or shoot-look-shoot while time allows), decision, reaction and
assessment delays, magazines, reloading one launcher after the other, simultaneous engagements per site, and choice
by greedy marginal value. What is left out: guidance, misclassification, two layers firing at one target at the
same time, and holding rounds back for threats that have not come yet.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, get_args

import numpy as np

from opendome.catalogue.entries import AnyInterceptor, Interceptor
from opendome.kernel import BoolArray, F64Array, I64Array, U64Array, kernel
from opendome.rng import address
from opendome.scenario.quantity import Quantity
from opendome.scenario.specs import Layer, Site
from opendome.scenario.threat_class import ThreatClass
from opendome.world import ecef_from_geodetic

CLASSES: tuple[str, ...] = get_args(ThreatClass)
"""Threat classes in the order of their codes."""


ALL = 1 << 30
"""More rounds, or engagements, than anything has."""


class Layers(NamedTuple):
    """Every layer of a scenario. L layers; SI units."""

    id: U64Array  # (L,) address for random draws
    weapon: I64Array  # (L,) row in the fly-out tables
    engages: I64Array  # (L,) a bit per threat class, in the order of CLASSES
    is_look: BoolArray  # (L,) fires again after looking
    salvo: I64Array  # (L,) rounds in a salvo
    salvo_last: I64Array  # (L,) rounds when there is no time for another look
    shots_max: I64Array  # (L,) most rounds spent on one target


class Sites(NamedTuple):
    """Every site of a scenario. B sites; SI units; Earth-fixed frame."""

    id: U64Array  # (B,)
    layer: I64Array  # (B,) row in Layers
    r_ecef_m: F64Array  # (B, 3)
    radar: I64Array  # (B,) row of its own fire-control radar; read only where has_radar
    has_radar: BoolArray  # (B,)
    launchers: I64Array  # (B,)
    per_launcher: I64Array  # (B,)
    channels: I64Array  # (B,)
    first_raid: I64Array  # (B,) from which raid on it is there


class Magazine(NamedTuple):
    """Columns of what the sites have left, as the battle goes on. B sites."""

    stock: I64Array  # (B,) rounds at the site, those on launchers included
    ready: I64Array  # (B,) rounds on launchers
    reload_at_s: F64Array  # (B,) when the launcher being reloaded is full; inf when none is
    busy: I64Array  # (B,) engagements in progress
    is_there: BoolArray  # (B,) in this raid


def ground_weapons(layers: Mapping[str, Layer], interceptors: Mapping[str, AnyInterceptor]) -> dict[str, Interceptor]:
    """The interceptors that fly from the ground, in the order of their fly-out tables."""
    found = {layer.interceptor: interceptors[layer.interceptor] for layer in layers.values()}
    return {name: entry for name, entry in found.items() if isinstance(entry, Interceptor)}


def site_names(layers: Mapping[str, Layer]) -> list[str]:
    """The names of the rows of the sites' table; a layer in orbit has one, its constellation."""
    return [name for layer in layers.values() for name in layer.sites or (str(layer.constellation),)]


def lower_layers(layers: Mapping[str, Layer], interceptors: Mapping[str, AnyInterceptor]) -> Layers:
    """The tables of all layers, in the order of the scenario. A layer in orbit has no row of fly-out tables."""
    weapons = list(ground_weapons(layers, interceptors))
    kills = [interceptors[layer.interceptor].p_kill for layer in layers.values()]
    engages = [
        sum(1 << code for code, name in enumerate(CLASSES)
            if getattr(kill, name) is not None and (layer.engages is None or name in layer.engages))
        for layer, kill in zip(layers.values(), kills, strict=True)
    ]
    every = list(layers.values())
    return Layers(
        id=np.array([address(name) for name in layers], np.uint64),
        weapon=np.array([weapons.index(layer.interceptor) if layer.sites else 0 for layer in every], np.int64),
        engages=np.array(engages, np.int64),
        is_look=np.array([layer.doctrine == "shoot-look-shoot" for layer in every], np.bool_),
        salvo=np.array([layer.salvo for layer in every], np.int64),
        salvo_last=np.array([layer.salvo_last or layer.salvo for layer in every], np.int64),
        shots_max=np.array([layer.shots_max for layer in every], np.int64),
    )


def lower_sites(layers: Mapping[str, Layer], interceptors: Mapping[str, AnyInterceptor], radars: list[str],
                starts: Sequence[datetime]) -> Sites:
    """The tables of all sites, layer by layer; `radars` gives the row order of the radar tables, `starts` are those of
    the raids, in order of time wherever a site has `available_from`."""
    rows = [(i, name, site, interceptors[layer.interceptor])
            for i, layer in enumerate(layers.values()) for name, site in (layer.sites or _in_orbit(layer)).items()]
    return Sites(
        id=np.array([address(name) for _, name, _, _ in rows], np.uint64),
        layer=np.array([i for i, _, _, _ in rows], np.int64),
        r_ecef_m=np.array([ecef_from_geodetic(np.radians(s.lat_deg), np.radians(s.lon_deg), s.alt_m)
                           for _, _, s, _ in rows]).reshape(len(rows), 3),
        radar=np.array([radars.index(s.radar) if s.radar else 0 for _, _, s, _ in rows], np.int64),
        has_radar=np.array([s.radar is not None for _, _, s, _ in rows], np.bool_),
        launchers=np.array([s.launchers for _, _, s, _ in rows], np.int64),
        per_launcher=np.array([round(e.per_launcher.value) if isinstance(e, Interceptor) else ALL
                               for _, _, _, e in rows], np.int64),
        channels=np.array([s.channels or (round(e.channels.value) if isinstance(e, Interceptor) else ALL)
                           for _, _, s, e in rows], np.int64),
        first_raid=np.array([sum(start < s.available_from for start in starts) if s.available_from else 0
                             for _, _, s, _ in rows], np.int64),
    )


def _in_orbit(layer: Layer) -> dict[str, Site]:
    """The site that stands for a whole constellation: every round is ready, and nothing limits how many fly at once."""
    stock = Quantity(value=0.0)  # counted run by run, by the satellites that work
    return {str(layer.constellation): Site(lat_deg=0.0, lon_deg=0.0, launchers=1, stock=stock)}


@kernel
def fires_at(layers, layer, class_code):
    """Whether a layer engages a threat class."""
    return (layers.engages[layer] >> class_code) & 1 == 1


@kernel
def load_launchers(sites, raid, stock, magazines):
    """Fill every launcher that the stock allows, and clear what the last raid left unfinished.

    `stock` (B,) is what each site brings along in the first raid in which it is there.
    """
    for b in range(sites.shape[0]):
        magazines.is_there[b] = raid >= sites.first_raid[b]
        magazines.stock[b] += stock[b] if raid > 0 and raid == sites.first_raid[b] else 0
        magazines.ready[b] = min(sites.launchers[b] * sites.per_launcher[b], magazines.stock[b])
        magazines.reload_at_s[b] = np.inf
        magazines.busy[b] = 0


@kernel
def reload_launchers(sites, magazines, reload_s, t_s):
    """Finish reloads that are due at t_s and start the next ones. One launcher of a site at a time."""
    for b in range(sites.shape[0]):
        if magazines.reload_at_s[b] <= t_s:
            waiting = magazines.stock[b] - magazines.ready[b]
            magazines.ready[b] += min(sites.per_launcher[b], waiting)
            magazines.reload_at_s[b] = np.inf
        is_launcher_empty = magazines.ready[b] <= (sites.launchers[b] - 1) * sites.per_launcher[b]
        if magazines.reload_at_s[b] == np.inf and is_launcher_empty and magazines.stock[b] > magazines.ready[b]:
            magazines.reload_at_s[b] = t_s + reload_s[sites.layer[b]]


@kernel
def take_rounds(magazines, b, wanted):
    """Rounds that site b fires of those wanted: what is ready; the magazine is the poorer for it."""
    rounds = min(wanted, magazines.ready[b])
    magazines.ready[b] -= rounds
    magazines.stock[b] -= rounds
    return rounds


@kernel
def salvo_size(layers, layer, shots_before, has_time_to_look):
    """Rounds of the next salvo of a layer at one target; 0 when the doctrine allows no more."""
    if shots_before > 0 and not layers.is_look[layer]:
        return 0
    wanted = layers.salvo[layer] if has_time_to_look or not layers.is_look[layer] else layers.salvo_last[layer]
    return min(wanted, layers.shots_max[layer] - shots_before)


@kernel
def stable_order(keys, n, order):
    """Fill the first n rows of `order` with 0..n-1 by rising key; equal keys keep their order. Insertion sort, without
    memory of its own: for keys that are few, or nearly in order."""
    for k in range(n):
        key = keys[k]
        at = k
        while at > 0 and keys[order[at - 1]] > key:
            order[at] = order[at - 1]
            at -= 1
        order[at] = k
