"""What is wrong with a programme beyond the form of its values: names, price years, dates, sizes.

What the file states, even as nothing (no units, a share of 0), is taken as meant, so that it can be varied; what could
never have an effect because something else is missing, or contradicts another line, is a problem.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from opendome.errors import Problem
from opendome.scenario.cost_names import counted, same_thing, unknown_cost_names
from opendome.scenario.cost_specs import Element, Launcher, Programme
from opendome.scenario.months import ALL_TIME, Span, name_of, number_of
from opendome.scenario.problems import dotted
from opendome.scenario.quantity import Quantity, quantities
from opendome.scenario.specs import Scenario

LIFE_MIN_YEARS = 0.1
"""Shortest life of a unit: what is used up sooner is a running cost."""

SIZES = {"n_units": 1e7, "there_at_start": 1e7, "built_before": 1e9, "spares": 100.0, "mass_kg": 1e8,
         "payload_kg": 1e8, "price_usd_per_kg": 1e8, "life_years": 1000.0, "delay_months": 1200.0, "stretch": 100.0}
"""Values beyond which a number is not meant; those of money are at most `MUSD_MAX`."""

MUSD_MAX = 1e8
"""A hundred trillion dollars: as much as the world makes in a year."""


def cost_problems(scenario: Scenario, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Every such problem; none for a scenario without a programme.

    `known` is the whole file as plain data: `scenario` may lack parts of it that could not be read.
    """
    if "cost" not in known:
        return
    yield from unknown_cost_names(known)
    programme = scenario.cost
    if programme is None:
        return
    span = _span(programme, known)
    yield from _price_years(scenario, programme, known)
    for name, launcher in programme.launchers.items():
        yield from _sizes(f"cost.launchers.{dotted(name)}", launcher)
    for name, element in programme.elements.items():
        where = f"cost.elements.{dotted(name)}"
        yield from _sizes(where, element)
        yield from _lifetime(where, element)
        yield from _dates(where, element, span)
        yield from _payload(where, element, programme)
        yield from _at_start(where, scenario, element)
        yield from _no_learning(where, element)
    yield from _bought_twice(scenario, programme)
    for name, milestone in programme.milestones.items():
        yield from _outside(f"cost.milestones.{dotted(name)}.date", milestone.date, span)


def _span(programme: Programme, known: Mapping[str, Any]) -> Span:
    """The months of the programme where they are those of the file, and not what stands in for them."""
    raw = known["cost"]
    is_read = (isinstance(raw, Mapping) and raw.get("start") == programme.start
               and raw.get("years", programme.years) == programme.years)
    first = number_of(programme.start)
    return Span(first, first + 12 * programme.years - 1) if is_read else ALL_TIME


# ---- price years ------------------------------------------------------------------------------------------------


def _price_years(scenario: Scenario, programme: Programme, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Years that do not match, or that the price index does not have."""
    year = scenario.price_year
    if known.get("price_year") != year:
        return
    if programme.price_year is not None and programme.price_year != year:
        yield Problem("cost.price_year", str(programme.price_year), f"must be the scenario's price_year = {year}",
                      "leave it out, and give each element or launcher in other dollars its own price_year, which is "
                      "converted")
    yield from _not_in_index("price_year", year)
    for table, entries in (("launchers", programme.launchers), ("elements", programme.elements)):
        for name, entry in entries.items():
            if entry.price_year is not None:
                yield from _not_in_index(f"cost.{table}.{dotted(name)}.price_year", entry.price_year)


def _not_in_index(where: str, year: int) -> Iterator[Problem]:
    first, last = index_years()
    if not first <= year <= last:
        yield Problem(where, str(year), f"must be a year of the price index, {first} to {last}",
                      f"state the prices in dollars of one of these, as {last}")


@cache
def index_years() -> tuple[int, int]:
    """First and last year of the price index."""
    lines = (files("opendome") / "data" / "price_index.csv").read_text(encoding="utf-8").splitlines()
    years = [int(line.split(",")[0]) for line in lines if line[:1].isdigit()]
    return min(years), max(years)


# ---- sizes ------------------------------------------------------------------------------------------------------


def _sizes(where: str, entry: Element | Launcher) -> Iterator[Problem]:
    """Numbers too large to be meant."""
    for path, quantity in quantities(entry):
        most = MUSD_MAX if "_musd" in path else SIZES.get(path)
        if most is not None and quantity.high_or_value > most:
            yield Problem(f"{where}.{path}", f"{quantity.high_or_value:g}", f"must be at most {most:,.0f}",
                          "money is in millions of dollars: 1.5 is 1,500,000" if "_musd" in path else "")


def _lifetime(where: str, element: Element) -> Iterator[Problem]:
    if element.life_years is not None and element.life_years.low_or_value < LIFE_MIN_YEARS:
        yield Problem(f"{where}.life_years", f"{element.life_years.low_or_value:g}",
                      f"must be at least {LIFE_MIN_YEARS:g} years, over its range too",
                      "what is used up sooner is a cost of operations")


def _payload(where: str, element: Element, programme: Programme) -> Iterator[Problem]:
    """A unit that no vehicle can lift, at the ends of both ranges."""
    launcher = programme.launchers.get(element.launcher or "")
    if launcher is None or launcher.payload_kg is None or element.mass_kg is None:
        return
    mass_kg, payload_kg = element.mass_kg.high_or_value, launcher.payload_kg.low_or_value
    if mass_kg > payload_kg:
        yield Problem(f"{where}.mass_kg", f"{mass_kg:g}",
                      f"must be at most the payload_kg = {payload_kg:g} of launcher {element.launcher}, over the "
                      "ranges of both", "a vehicle carries whole units")


def _at_start(where: str, scenario: Scenario, element: Element) -> Iterator[Problem]:
    """More units at the start than there are to be at once."""
    at_start = element.there_at_start.high_or_value
    if at_start == 0.0:
        return
    if element.n_units is not None:
        units = element.n_units.low_or_value
    else:
        found = [_least(scenario, key) for key in element.counts]
        if None in found:
            return
        units = sum(number for number in found if number is not None)
    units *= 1.0 + element.spares.low_or_value
    if at_start > units * (1.0 + 1e-9):
        yield Problem(f"{where}.there_at_start", f"{at_start:g}",
                      f"must be at most the units to have at once, {units:g}, over the ranges of both",
                      "a change that leaves fewer of them must lower there_at_start too")


def _least(scenario: Scenario, key: str) -> float | None:
    """The least number of what is counted, over its range; None where it is not known."""
    found = counted(same_thing(scenario, key))
    if found is None or found.name not in getattr(scenario, found.section):
        return None
    if found.section == "constellations":
        return scenario.constellations[found.name].n_deployed
    if found.section == "sensors":
        return 1.0
    sites = scenario.layers[found.name].sites.values()
    if found.part:
        return float(len(sites) if found.part == "sites" else sum(site.launchers for site in sites))
    return sum(site.stock.low_or_value for site in sites)


def _no_learning(where: str, element: Element) -> Iterator[Problem]:
    """What is said about learning of an element that has none."""
    if element.learning is not None or element.unit_musd is None:
        return
    fields = Element.model_fields
    for name in ("learning_theory", "learning_restarts", "built_before"):
        value = getattr(element, name)
        if value != fields[name].default:
            text = f"{value.value:g}" if isinstance(value, Quantity) else repr(value)
            yield Problem(f"{where}.{name}", text, "has no effect: unit_musd is the price of every unit",
                          "give first_unit_musd and learning instead")


# ---- dates ------------------------------------------------------------------------------------------------------


def _dates(where: str, element: Element, span: Span) -> Iterator[Problem]:
    """Deliveries outside the programme, or that a delay moves before the order."""
    if element.first_delivery is None:
        return
    found = list(_outside(f"{where}.first_delivery", element.first_delivery, span,
                          "units that are there already are there_at_start"))
    if element.last_delivery is not None and not found:
        found += _outside(f"{where}.last_delivery", element.last_delivery, span)
    yield from found
    first, earlier = number_of(element.first_delivery), element.delay_months.low_or_value
    if element.orders_from is not None and first + earlier < number_of(element.orders_from):
        limit, what = number_of(element.orders_from), f"orders_from = {element.orders_from}"
    elif not found and first + earlier < span.first:
        limit, what = span.first, f"the programme's start = {name_of(span.first)}"
    else:
        return
    yield Problem(f"{where}.delay_months", f"{earlier:g}",
                  f"can move the first delivery, of {element.first_delivery}, before {what}",
                  f"must be at least {limit - first}, over its range too")


def _outside(where: str, month: str, span: Span, hint: str = "") -> Iterator[Problem]:
    """The problem that a month is not one of the programme, if so."""
    number = number_of(month)
    if number < span.first:
        yield Problem(where, repr(month), f"must not be before the programme's start = {name_of(span.first)}", hint)
    if number > span.last:
        yield Problem(where, repr(month), f"must not be after the programme's last month, {name_of(span.last)}",
                      "give the programme more years")


# ---- the same thing twice ---------------------------------------------------------------------------------------


def _bought_twice(scenario: Scenario, programme: Programme) -> Iterator[Problem]:
    """Things that two elements pay the price of."""
    buyers: dict[str, str] = {}
    for name, element in programme.elements.items():
        price = element.unit_musd if element.unit_musd is not None else element.first_unit_musd
        if price is None or price.high_or_value == 0.0:
            continue
        for i, key in enumerate(element.counts):
            other = buyers.setdefault(same_thing(scenario, key), name)
            if other != name:
                yield Problem(f"cost.elements.{dotted(name)}.counts[{i}]", repr(key),
                              f"is bought by element {other} too, so that it would be paid for twice",
                              "add up the prices in one of them; an element that only operates or launches it has "
                              "unit_musd = 0")
