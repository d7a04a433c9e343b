"""What is wrong with campaigns beyond the form of their values: dates, threats that nothing would meet, doctrine."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from opendome.errors import Problem, nearest
from opendome.scenario import keys
from opendome.scenario.campaign_specs import NONE, Campaign, DoctrineStep
from opendome.scenario.months import Span, number_of
from opendome.scenario.problems import dotted, problems_from
from opendome.scenario.specs import Scenario
from opendome.scenario.stock_names import Holdings, lacks_start, never_has
from opendome.scenario.stock_specs import Stockpile

FIGHT = ("layers", "sensors", "constellations", "areas", "catalogue")
"""Sections that a step of doctrine may change: those of the defence."""

PER_DAY_MAX = 100_000
"""Most threats of a class in a day, on average."""


def campaign_problems(scenario: Scenario, known: Mapping[str, Any], span: Span, held: Holdings) -> list[Problem]:
    """Every such problem that can be found without the catalogue.

    `known` is the whole file as plain data, `span` the months of the stockpile, `held` who has what.
    """
    pile = scenario.stockpile
    if pile is None:
        return []
    found: list[Problem] = []
    for name, campaign in scenario.campaigns.items():
        where = f"campaigns.{dotted(name)}"
        found += _dates(where, campaign, pile, span)
        found += _sizes(where, campaign)
        found += _crowding(where, campaign, is_sampled=scenario.assumptions == "sampled")
        found += _met(where, campaign)
        found += _tiers(where, campaign, pile, held)
        found += _doctrine(where, campaign, pile, known, held)
        if campaign.fight == "rates":
            continue
        found += _stocked_layers(where, campaign, scenario, pile, held)
        if not scenario.layers and not known.get("layers"):
            found.append(Problem(f"{where}.fight", repr(campaign.fight), "needs layers: the defence that is simulated",
                                 'or use fight = "rates"'))
    found = list(dict.fromkeys(found))  # layers are those of every campaign
    return [*found, *_one_defence(scenario.campaigns), *_idle_raids(scenario, known)]


def catalogue_problems(
    scenario: Scenario, interceptors: Mapping[str, Any], threat_classes: Mapping[str, str]
) -> Iterator[Problem]:
    """What is wrong with a stockpile and its campaigns that only the catalogue shows.

    `interceptors`: those of the catalogue by name; `threat_classes`: the class of each of its threats.
    """
    pile = scenario.stockpile
    if pile is None:
        return
    for name, munition in pile.interceptors.items():
        if munition.type is not None and munition.type not in interceptors:
            yield Problem(f"stockpile.interceptors.{dotted(name)}.type", repr(munition.type),
                          "must name an interceptor of the catalogue",
                          nearest(munition.type, interceptors) or "see `opendome list interceptors`")
    for name, campaign in scenario.campaigns.items():
        if campaign.fight != "rates":
            yield from _template_classes(f"campaigns.{dotted(name)}", campaign, scenario, threat_classes)


# ---- dates and sizes --------------------------------------------------------------------------------------------


def _dates(where: str, campaign: Campaign, pile: Stockpile, span: Span) -> Iterator[Problem]:
    if campaign.first is not None:
        yield from span.outside(f"{where}.first", campaign.first)
    if campaign.until is not None:
        yield from span.outside(f"{where}.until", campaign.until)
    first, until = campaign.first or pile.start, campaign.until or pile.until
    if campaign.first is not None and campaign.until is not None and until < first:
        yield Problem(f"{where}.until", repr(until), f"must not be before first = {first}")
        return
    own = Span(number_of(first) if campaign.first else span.first, number_of(until) if campaign.until else span.last)
    previous = ""
    for i, raid in enumerate(campaign.raids):
        place = f"{where}.raids[{i}].day"
        if not own.first <= number_of(raid.day[:7]) <= own.last:
            yield Problem(place, repr(raid.day), f"must lie within the campaign's months, {first} to {until}",
                          "first and until of the campaign, or of the stockpile, say which they are")
        if raid.day == previous:
            yield Problem(place, repr(raid.day), "is the day of the raid before: one raid a day",
                          "add up what was launched on it")
        elif raid.day < previous:
            yield Problem(place, repr(raid.day), f"must come after the raid before, of {previous}",
                          "sort the raids by day")
        previous = raid.day


def _sizes(where: str, campaign: Campaign) -> Iterator[Problem]:
    """More threats than can be meant, or than the surface is fitted for."""
    for threat_class, process in campaign.process.classes.items() if campaign.process else ():
        if process.per_day.high_or_value > PER_DAY_MAX:
            yield Problem(f"{where}.process.classes.{threat_class}.per_day", f"{process.per_day.high_or_value:g}",
                          f"must be at most {PER_DAY_MAX:,}")
    for i, raid in enumerate(campaign.raids if campaign.fight == "surface" else ()):
        for threat_class, count in raid.launched.items():
            most = campaign.surface.largest.get(threat_class, count)
            if count > most:
                yield Problem(f"{where}.raids[{i}].launched.{threat_class}", str(count),
                              f"is more than the surface is fitted for: surface.largest.{threat_class} = {most}")


def _crowding(where: str, campaign: Campaign, *, is_sampled: bool) -> Iterator[Problem]:
    """Massed raids that vary more from month to month than so few can."""
    if campaign.process is None:
        return
    crowding, gap = campaign.process.massed_crowding, campaign.process.massed_gap_days
    most, least = (crowding.high_or_value, gap.low_or_value) if is_sampled else (crowding.value, gap.value)
    if most > 0.0 and most >= least - 1.0:
        yield Problem(f"{where}.process.massed_crowding", f"{most:g}", "must be below massed_gap_days - 1 = "
                      f"{least - 1.0:g}, over their ranges too", "so few raids cannot vary so much from month to month")


# ---- what meets the threats -------------------------------------------------------------------------------------


def _coming(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Classes of threats that come, each with the key that says so."""
    if campaign.process is not None:
        yield from ((threat_class, f"process.classes.{threat_class}") for threat_class in campaign.process.classes)
    seen: set[str] = set()
    for i, raid in enumerate(campaign.raids):
        for threat_class, count in raid.launched.items():
            if count and threat_class not in seen:
                seen.add(threat_class)
                yield threat_class, f"raids[{i}].launched.{threat_class}"


def _met(where: str, campaign: Campaign) -> Iterator[Problem]:
    if campaign.fight == "rates":
        for threat_class, key in _coming(campaign):
            if threat_class not in campaign.against:
                yield Problem(f"{where}.{key}", "", f"nothing says what meets it: against.{threat_class} is missing",
                              f"an empty table, against.{threat_class} = {{}}, says that all of them come through")


def _template_classes(
    where: str, campaign: Campaign, scenario: Scenario, threat_classes: Mapping[str, str]
) -> Iterator[Problem]:
    """Classes that come, and that neither the template nor the rates know."""
    template = scenario.raids.get(campaign.template or "")
    if template is None or any(wave.threat not in threat_classes for wave in template.waves):
        return
    flown = {threat_classes[wave.threat] for wave in template.waves}
    for threat_class, key in _coming(campaign):
        if threat_class not in flown and threat_class not in campaign.against:
            yield Problem(f"{where}.{key}", "", f"raid {campaign.template!r} has no {threat_class} threats to fly, and "
                          f"against.{threat_class} is missing",
                          f"add a wave of that class to the raid, or rates under against.{threat_class}")


def _tiers(where: str, campaign: Campaign, pile: Stockpile, held: Holdings) -> Iterator[Problem]:
    for threat_class, against in campaign.against.items():
        for i, tier in enumerate(against.tiers):
            place, pair = f"{where}.against.{threat_class}.tiers[{i}]", (campaign.owner, tier.interceptor)
            never = list(never_has(f"{place}.interceptor", pair, pile, held))
            yield from never
            for field in ("fires_above", "single_below"):
                share = getattr(tier, field)
                if share != NONE and not never and lacks_start(pair, pile, held):
                    yield Problem(f"{place}.{field}", f"{share.value:g}", "is a share of the stock at the start, and "
                                  f"{pair[0]} has no stocks of {pair[1]}", f"state stocks.{dotted(*pair)}")


# ---- doctrine ---------------------------------------------------------------------------------------------------


def _doctrine(
    where: str, campaign: Campaign, pile: Stockpile, known: Mapping[str, Any], held: Holdings
) -> Iterator[Problem]:
    if campaign.doctrine and campaign.fight == "rates":
        yield Problem(f"{where}.doctrine", "[...]", 'has no effect with fight = "rates"',
                      "fires_above and single_below of the tiers change what is fired as stocks fall")
    lowest: dict[str, float] = {}
    for i, step in enumerate(campaign.doctrine):
        place, before = f"{where}.doctrine[{i}]", lowest.get(step.interceptor)
        if before is not None and step.below.value >= before:
            yield Problem(f"{place}.below", f"{step.below.value:g}",
                          f"must be below {before:g}, that of the step before: the last step that holds counts",
                          "write the steps from the fullest stock to the emptiest")
        lowest[step.interceptor] = step.below.value
        pair = (campaign.owner, step.interceptor)
        if lacks_start(pair, pile, held):
            yield Problem(f"{place}.interceptor", repr(step.interceptor), "must have a stock at the start, of which "
                          f"below is a share: {campaign.owner} has none", f"state stocks.{dotted(*pair)}")
        yield from _changes(place, step, known)


def _changes(where: str, step: DoctrineStep, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys of a step that name nothing, or values that do not fit."""
    data = copy.deepcopy(dict(known))
    found: list[Problem] = []
    for key, value in step.set.items():
        paths = keys.resolve(data, key, is_table=isinstance(value, Mapping))
        if not isinstance(paths, keys.Miss) and any(path[0] not in FIGHT for path in paths):
            found.append(Problem(key, "", f"must change the defence: {', '.join(FIGHT)}"))
        elif not isinstance(paths, keys.Miss) and any(_is_weapon(path) for path in paths):
            found.append(Problem(key, "", "must leave the interceptors of the layers as they are"))
        else:
            found += keys.put(data, key, value)
    if not found:
        found = _of_form(data, known)
    for problem in found:
        yield Problem(f"{where}.set: {problem.where}", problem.found, problem.expected, problem.hint)


def _is_weapon(path: keys.Steps) -> bool:
    return path[0] == "layers" and (len(path) < 3 or path[2] == "interceptor")


def _of_form(data: Mapping[str, Any], known: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the form of changed data and was not wrong before."""
    try:
        Scenario.model_validate(data)
        return []
    except ValidationError as error:
        after = problems_from(error, data, known=Scenario)
    try:
        Scenario.model_validate(known)
    except ValidationError as error:
        before = problems_from(error, known, known=Scenario)
        return [problem for problem in after if problem not in before]
    return after


# ---- the defence of a template ----------------------------------------------------------------------------------


def _one_defence(campaigns: Mapping[str, Campaign]) -> Iterator[Problem]:
    """Layers stand for the defence of one owner: no other owner's stocks can be spread over their sites."""
    fought = {name: campaign.owner for name, campaign in campaigns.items() if campaign.fight != "rates"}
    for name, owner in fought.items():
        first, first_owner = next(iter(fought.items()))
        if owner != first_owner:
            yield Problem(f"campaigns.{dotted(name)}.owner", repr(owner), f"must be {first_owner!r}, as in campaigns."
                          f"{dotted(first)}: the scenario's layers are the defence of one owner",
                          'give the other campaign fight = "rates", or a scenario of its own')


def _idle_raids(scenario: Scenario, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Raids of a scenario that would never be run."""
    is_all_read = isinstance(known.get("campaigns", {}), Mapping) and len(known.get("campaigns", {})) == len(
        scenario.campaigns)
    templates = {campaign.template for campaign in scenario.campaigns.values()}
    for name in scenario.raids if is_all_read else ():
        if name not in templates:
            yield Problem(f"raids.{dotted(name)}", "", "would not be run: it is no campaign's template, and a scenario "
                          "with a stockpile is run month by month", f"give a campaign template = {name!r}")


def _stocked_layers(where: str, campaign: Campaign, scenario: Scenario, pile: Stockpile, held: Holdings
                    ) -> Iterator[Problem]:
    """Layers that fire from no stock are as the scenario has them; at least one must fire from just one."""
    stocks = {name: [stock for stock, munition in pile.interceptors.items() if munition.type == layer.interceptor]
              for name, layer in scenario.layers.items()}
    if stocks and not any(stocks.values()):
        kinds = dict.fromkeys(layer.interceptor for layer in scenario.layers.values())
        yield Problem(f"{where}.fight", repr(campaign.fight), "needs a layer that fires from a stock: no interceptor "
                      f"of the stockpile has one of these as its type: {', '.join(kinds)}",
                      f'stockpile.interceptors.NAME.type = "{next(iter(kinds))}" ties them together')
    for name, found in stocks.items():
        place = f"layers.{dotted(name)}.interceptor"
        if len(found) > 1:
            yield Problem(place, repr(scenario.layers[name].interceptor), "is the type of more than one interceptor of "
                          f"the stockpile: {', '.join(found)}", "a layer fires from one stock")
        for stock in found[:1]:
            yield from never_has(place, (campaign.owner, stock), pile, held)
