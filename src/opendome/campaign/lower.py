"""A scenario's campaigns, lowered: whose stocks, which months, what comes, and by what each class is engaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.battle import CLASSES
from opendome.campaign.fight import Template, make_template
from opendome.campaign.process import DAYS, Process, days_in, draw_month, given_days, lower_process
from opendome.campaign.rates import Rates, lower_rates
from opendome.campaign.surface import Surfaces, empty_surfaces
from opendome.catalogue import Catalogue
from opendome.errors import Problem, ScenarioError
from opendome.kernel import I64Array, U64Array, kernel
from opendome.sampling import Assumption, Sampler, assumptions
from opendome.scenario import reader
from opendome.scenario.campaign_specs import Campaign
from opendome.scenario.months import number_of
from opendome.scenario.quantity import Spec
from opendome.scenario.specs import Scenario
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile.lower import Lowered
from opendome.stockpile.lower import lower as lower_stocks

BY_RATES, BY_SURFACE, BY_RAID = range(3)
"""By what a class is engaged."""

PILOT_RUNS, PILOT_SHARE = 64, 0.999
"""A surface holds for raids up to this quantile of the days in so many runs of the process, unless told otherwise."""


class War(NamedTuple):
    """What the kernels of campaigns read, beside the stockpile. G campaigns, C classes, M months."""

    key: U64Array  # (2,)
    id: U64Array  # (G,) address for random draws
    first: I64Array  # (G,) first month, counted from the stockpile's
    by: I64Array  # (G, C) BY_RATES, BY_SURFACE or BY_RAID
    n_days: I64Array  # (M,) days of the stockpile's months
    rates: Rates
    surfaces: Surfaces


@dataclass(frozen=True)
class Plan:
    """Everything that a study of campaigns runs on."""

    campaigns: dict[str, Campaign]
    stocks: Lowered
    war: War
    n_months: list[int]
    """Months of each campaign."""
    sources: list[Process | I64Array]
    """The process of each campaign, or its given raids, (M, 31, C) from the stockpile's first month."""
    templates: list[list[Template]]
    """Of each campaign: the template as it is, then as each doctrine step makes it; none for a fight by rates."""
    largest: list[I64Array]
    """(C,) of each campaign: most threats of a class that its surface is fitted to."""
    assumptions: list[Assumption]
    runs: int
    seed: int


def lower(scenario: Scenario, catalogue: Catalogue, *, runs: int, seed: int) -> Plan:
    """The plan of a scenario with a stockpile; surfaces are not fitted yet. Raises `ScenarioError` or `InputError`."""
    pile, campaigns = scenario.stockpile, scenario.campaigns
    if pile is None:
        raise ScenarioError("scenario", [Problem("stockpile", "", "is missing: campaigns use up its stocks")])
    sampler = Sampler(rng.key(seed), runs, scenario.assumptions == "sampled")
    templates = [_templates(scenario, catalogue, name, one, pile, runs, seed) for name, one in campaigns.items()]
    needed = [(one.owner, stock) for one, found in zip(campaigns.values(), templates, strict=True)
              for stock in [*_fired_by_rates(one), *(s for template in found for s in template.stocks),
                            *(step.interceptor for step in one.doctrine)]]
    stocks = lower_stocks(pile, sampler, also=needed)
    row = {pair: i for i, pair in enumerate(stocks.names.pairs)}
    start, end = stocks.names.start, stocks.names.start + stocks.tables.n_months
    first = [number_of(one.first or pile.start) for one in campaigns.values()]
    last = [number_of(one.until or pile.until) for one in campaigns.values()]
    sources = [_source(name, one, sampler, start, stocks.tables.n_months) for name, one in campaigns.items()]
    n_months = [min(b, end - 1) - a + 1 for a, b in zip(first, last, strict=True)]
    n_days = np.array([days_in(month) for month in range(start, end)], np.int64)
    war = War(
        key=sampler.key,
        id=np.array([rng.address(f"campaigns.{name}") for name in campaigns], np.uint64),
        first=np.array(first, np.int64) - start,
        by=np.array([_by(one, found) for one, found in zip(campaigns.values(), templates, strict=True)],
                    np.int64).reshape(len(campaigns), len(CLASSES)),
        n_days=n_days,
        rates=lower_rates({name: one.against for name, one in campaigns.items()},
                          lambda name, stock: row[campaigns[name].owner, stock], sampler),
        surfaces=_empty_surfaces(campaigns, templates, row, sampler),
    )
    largest = [_largest(name, one, scenario, seed, source, n, n_days[a - start :])
               for (name, one), source, n, a in zip(campaigns.items(), sources, n_months, first, strict=True)]
    return Plan(campaigns, stocks, war, n_months, sources, templates, largest,
                _assumptions(campaigns, stocks, templates, sampler), runs, seed)


def _fired_by_rates(campaign: Campaign) -> list[str]:
    return [tier.interceptor for one in campaign.against.values() for tier in one.tiers]


def _templates(scenario: Scenario, catalogue: Catalogue, name: str, campaign: Campaign, pile: Stockpile, runs: int,
               seed: int) -> list[Template]:
    """The template of a campaign as it is, and as each step of its doctrine makes it."""
    if campaign.fight == "rates":
        return []
    design = campaign.surface
    if campaign.fight == "surface":
        runs = max(runs, (design.points + design.checks) * design.runs)
    changed = [scenario, *(_changed(scenario, f"campaigns.{name}.doctrine[{i}]", step.set)
                           for i, step in enumerate(campaign.doctrine))]
    found = [make_template(one, catalogue, str(campaign.template), pile.interceptors, runs=runs, seed=seed)
             for one in changed]
    for i, template in enumerate(found[1:]):
        if template.stocks != found[0].stocks:
            raise ScenarioError("scenario", [Problem(
                f"campaigns.{name}.doctrine[{i}].set", "", "must leave the interceptors of the layers as they are")])
    return found


def _changed(scenario: Scenario, where: str, changes: Mapping[str, object]) -> Scenario:
    """The scenario with a doctrine step's values."""
    data = reader.to_data(scenario)
    if problems := reader.change(data, changes):
        raise ScenarioError("scenario", [Problem(f"{where}.set.{p.where}", p.found, p.expected, p.hint)
                                         for p in problems])
    return reader.from_data(data)


def _by(campaign: Campaign, templates: list[Template]) -> list[int]:
    """By what each class is engaged: those that the template lacks by rates."""
    if not templates:
        return [BY_RATES] * len(CLASSES)
    code = BY_SURFACE if campaign.fight == "surface" else BY_RAID
    return [code if has else BY_RATES for has in templates[0].has_class]


def _source(name: str, campaign: Campaign, sampler: Sampler, start: int, n_months: int) -> Process | I64Array:
    if campaign.process is not None:
        return lower_process(campaign.process, sampler, f"campaigns.{name}.process")
    return given_days(campaign.raids, start, n_months)


def _empty_surfaces(campaigns: Mapping[str, Campaign], templates: list[list[Template]],
                    row: Mapping[tuple[str, str], int], sampler: Sampler) -> Surfaces:
    """All that surfaces need but their coefficients: stocks, sites, kill terms, doctrine."""
    from opendome.campaign.design import kill_terms

    n, runs = len(campaigns), sampler.runs
    n_stocks = max([1, *(len(found[0].stocks) for found in templates if found)])
    n_steps = max([1, *(len(found) for found in templates)])
    tables = empty_surfaces(runs, n, n_stocks, n_steps)
    for g, ((name, one), found) in enumerate(zip(campaigns.items(), templates, strict=True)):
        if not found:
            continue
        used = len(found[0].stocks)
        tables.extent.n_stocks[g], tables.extent.n_steps[g] = used, len(one.doctrine)
        tables.extent.pair[g, :used] = [row[one.owner, stock] for stock in found[0].stocks]
        tables.columns.room[:, g, :used] = found[0].rounds_at_sites[:runs]
        tables.columns.kill_term[:, g] = kill_terms(found[0])[:runs]
        for i, step in enumerate(one.doctrine):
            tables.extent.watched[g, i + 1] = row[one.owner, step.interceptor]
            tables.columns.below[:, g, i + 1] = sampler.column(f"campaigns.{name}.doctrine[{i}].below", step.below)
    return tables


def _largest(name: str, campaign: Campaign, scenario: Scenario, seed: int, source: Process | I64Array, n_months: int,
             n_days: I64Array) -> I64Array:
    """(C,) most threats of each class in a raid that the surface holds for, at least 1."""
    if isinstance(source, np.ndarray):
        found = source.max(axis=(0, 1))
    elif campaign.fight == "rates" or campaign.process is None:
        found = np.zeros(len(CLASSES), np.int64)
    else:
        sampler = Sampler(rng.key(seed), PILOT_RUNS, scenario.assumptions == "sampled")
        process = lower_process(campaign.process, sampler, f"campaigns.{name}.process")
        counts = np.zeros((PILOT_RUNS, n_months, DAYS, len(CLASSES)), np.int64)
        draw_campaign(process, sampler.key, np.uint64(rng.address(f"campaigns.{name}")), 0, PILOT_RUNS, 0, n_months,
                      n_days, np.zeros(len(CLASSES)), counts)
        found = np.ceil(np.quantile(counts.reshape(-1, len(CLASSES)), PILOT_SHARE, axis=0)).astype(np.int64)
    for threat_class, most in campaign.surface.largest.items():
        found[CLASSES.index(threat_class)] = most
    return np.asarray(np.maximum(found, 1))


@kernel
def draw_campaign(process, key, address, first_run, last_run, first, n_months, n_days, levels, counts):
    """Draw the raids of a campaign for some runs into `counts` (runs, M, 31, C), in its months from `first` on.

    `n_days` (M,) from `first` on; `levels` (C,) is room.
    """
    for run in range(first_run, last_run):
        for month in range(n_months):
            draw_month(process, key, run, address, month, n_days[month], levels, counts[run - first_run, first + month])


def _assumptions(campaigns: Mapping[str, Campaign], stocks: Lowered, templates: list[list[Template]],
                 sampler: Sampler) -> list[Assumption]:
    """Every number used, once: those of the stockpile, of the campaigns, then of the raids that are simulated."""
    entries: dict[str, Spec] = dict(stocks.entries)
    for name, one in campaigns.items():
        entries[f"campaigns.{name}"] = one
        entries |= {f"campaigns.{name}.against.{c}.tiers[{t}]": tier for c, against in one.against.items()
                    for t, tier in enumerate(against.tiers)}
        entries |= {f"campaigns.{name}.doctrine[{i}]": step for i, step in enumerate(one.doctrine)}
    found = {one.path: one for one in assumptions(entries, sampler.sampled)}
    for template in (steps[0] for steps in templates if steps):
        found |= {one.path: one for one in template.problem.assumptions if one.path not in found}
    return list(found.values())
