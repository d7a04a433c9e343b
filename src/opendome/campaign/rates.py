"""A raid engaged by rates: how often each tier reaches a threat, and how often one of its rounds kills.

Of each class a share comes down harmlessly by itself. The others meet the tiers in order: a tier that covers the threat
fires salvos at it, one after the other, until it is destroyed or the doctrine or the stock allows no more. What is
left may be destroyed by means outside the stocks; the rest leaks. Threats are met one after the other, and every round
kills independently of all others. Left out: time, geometry, saturation (there are always launchers enough), rounds of
two tiers at one threat at the same time. docs/models/campaigns.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from opendome import rng
from opendome.battle import CLASSES
from opendome.kernel import F64Array, I64Array, Packed, kernel, rows
from opendome.sampling import Sampler
from opendome.scenario.campaign_specs import Against, Tier
from opendome.scenario.threat_class import ThreatClass
from opendome.stockpile.flow import fire
from opendome.stockpile.rates import ROUNDING

PLACES = 16
"""Most rounds of a salvo, and most salvos: how kills are numbered."""


class TierColumns(NamedTuple):
    """What each run assumes of each tier. R runs, G campaigns, C classes, T tiers."""

    covered: F64Array  # (R, G, C, T)
    p_kill: F64Array  # (R, G, C, T)
    fires_above: F64Array  # (R, G, C, T) share of the stock at the start
    single_below: F64Array  # (R, G, C, T) the same


class ClassColumns(NamedTuple):
    """What each run assumes of each class."""

    harmless: F64Array  # (R, G, C) share that comes down outside by itself
    others: F64Array  # (R, G, C) share of the rest that means outside the stocks destroy


class TierRows(NamedTuple):
    """What is the same in all runs. A tier that is not there has no salvos."""

    pair: I64Array  # (G, C, T) stock that the tier fires from: row in stockpile.tables.Pairs
    salvo: I64Array  # (G, C, T)
    salvos: I64Array  # (G, C, T)


class Rates(NamedTuple):
    """What becomes of threats by rates, packed."""

    tiers: Packed  # (R, G, C, T) of TierColumns
    classes: Packed  # (R, G, C) of ClassColumns
    rows: Packed  # (G, C, T) of TierRows


@kernel
def salvo_wanted(rates, run, g, c, tier, stock, start):
    """Rounds of the next salvo of a tier at one threat; 0 where the doctrine holds fire for the sake of the stock.

    A tier without a reserve (`fires_above` 0) goes on asking when nothing is left: that is what it lacks.
    """
    above, below = rates.tiers.fires_above[run, g, c, tier], rates.tiers.single_below[run, g, c, tier]
    if above > 0.0 and stock <= above * start + ROUNDING:
        return 0
    if below > 0.0 and stock <= below * start + ROUNDING:
        return 1
    return rates.rows.salvo[g, c, tier]


@kernel
def _fire_tier(rates, start, key, run, g, c, tier, entity, state):
    """One tier at one threat. Returns whether it fired, and whether the threat is destroyed.

    Draws: TIER_KILL at (run, threat, two rounds of a salvo).
    """
    pair, has_fired = rates.rows.pair[g, c, tier], False
    for salvo in range(rates.rows.salvos[g, c, tier]):
        wanted = salvo_wanted(rates, run, g, c, tier, state.stock[pair], start[run, pair])
        if wanted == 0:
            break
        fired = fire(state, pair, wanted)
        if fired == 0:
            break
        has_fired = True
        p_kill, first = rates.tiers.p_kill[run, g, c, tier], (tier * PLACES + salvo) * PLACES
        for k in range(0, fired, 2):
            one, other = rng.uniform_pair(key, run, rng.TIER_KILL, entity, first + k // 2)
            if one < p_kill or (k + 1 < fired and other < p_kill):
                return True, True
    return has_fired, False


@kernel
def meet_by_rates(rates, start, key, run, g, c, day, n, state):
    """Engage the `n` threats of a class on one day. Returns how many were engaged, destroyed and harmless.

    `start` (R, P): stocks at the start; `day`: address of the campaign's day. Draws: HARMLESS, TIER_COVERED and OTHERS
    at (run, threat).
    """
    engaged, destroyed, harmless = 0, 0, 0
    entity_of_class = rng.child(day, c)
    for ordinal in range(n):
        entity = rng.child(entity_of_class, ordinal)
        share = rates.classes.harmless[run, g, c]
        if share > 0.0 and rng.uniform(key, run, rng.HARMLESS, entity, 0) < share:
            harmless += 1
            continue
        is_engaged, is_destroyed = False, False
        for tier in range(rates.rows.shape[2]):
            covered = rates.tiers.covered[run, g, c, tier]
            if covered < 1.0 and rng.uniform(key, run, rng.TIER_COVERED, entity, tier) >= covered:
                continue
            has_fired, is_destroyed = _fire_tier(rates, start, key, run, g, c, tier, entity, state)
            is_engaged |= has_fired
            if is_destroyed:
                break
        share = rates.classes.others[run, g, c]
        if not is_destroyed and share > 0.0:
            is_destroyed = rng.uniform(key, run, rng.OTHERS, entity, 0) < share
        engaged += is_engaged
        destroyed += is_destroyed
    return engaged, destroyed, harmless


def lower_rates(against: Mapping[str, Mapping[ThreatClass, Against]], pair_of: Callable[[str, str], int],
                sampler: Sampler) -> Rates:
    """Tables of the rates of all campaigns: `against` by campaign and class; a class that is not there meets nothing.

    `pair_of(campaign, interceptor)`: row of the stock that a tier fires from.
    """
    runs, n, n_tiers = sampler.runs, len(against), _most_tiers(list(against.values()))
    found = Rates(rows(TierColumns, runs, n, len(CLASSES), n_tiers), rows(ClassColumns, runs, n, len(CLASSES)),
                  rows(TierRows, n, len(CLASSES), n_tiers))
    for g, (name, classes) in enumerate(against.items()):
        for threat_class, one in classes.items():
            c, path = CLASSES.index(threat_class), f"campaigns.{name}.against.{threat_class}"
            found.classes.harmless[:, g, c] = sampler.column(f"{path}.harmless", one.harmless)
            found.classes.others[:, g, c] = sampler.column(f"{path}.others", one.others)
            for t, tier in enumerate(one.tiers):
                _lower_tier(found, (g, c, t), tier, pair_of(name, tier.interceptor), f"{path}.tiers[{t}]", sampler)
    return found


def _most_tiers(against: Sequence[Mapping[ThreatClass, Against]]) -> int:
    return max([1, *(len(one.tiers) for classes in against for one in classes.values())])


def _lower_tier(found: Rates, at: tuple[int, int, int], tier: Tier, pair: int, path: str, sampler: Sampler) -> None:
    """One tier into row `at` (campaign, class, tier) of the tables."""
    found.rows.pair[at], found.rows.salvo[at], found.rows.salvos[at] = pair, tier.salvo, tier.salvos
    for field in TierColumns._fields:
        found.tiers[field][(slice(None), *at)] = sampler.column(f"{path}.{field}", getattr(tier, field))
