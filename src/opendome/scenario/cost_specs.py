"""What may be written about money: what is developed, bought, launched, replaced and operated, and by when."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from opendome.scenario.months import Month
from opendome.scenario.quantity import NotNegative, Positive, Probability, Quantity, Spec, within

NONE = Quantity(value=0.0)
FLAT = Quantity(value=1.0)

Year = Annotated[int, Field(ge=1900, le=2200)]
LEARNING_MIN = 0.5


def _learning(found: Any) -> Any:
    """What is given as learning; an error that says how to write it where it cannot be a share that is left."""
    given = [found[end] for end in ("value", "low", "high") if end in found] if isinstance(found, Mapping) else [found]
    for end in given:
        percent = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%?\s*", end) if isinstance(end, str) else None
        number = float(percent[1]) if percent else end
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or (percent is None and LEARNING_MIN <= number <= 1.0):
            continue
        hint = "1 is no learning; 0.85 leaves 85 % each time that the number doubles"
        if 100 * LEARNING_MIN <= number <= 100.0:
            hint = f"write {number / 100:g}"
        elif LEARNING_MIN <= number <= 1.0:
            hint = f"write {number:g}"
        elif 0.0 < number < LEARNING_MIN:
            hint = f"write {1.0 - number:g} if {100 * number:g} % are saved each time that the number doubles"
        raise PydanticCustomError("learning", "must be a share from 0.5 to 1", {"hint": hint})
    return found


Learning = Annotated[Quantity, within(LEARNING_MIN, 1.0), BeforeValidator(_learning)]
Theory = Literal["unit", "cumulative-average"]


class Launcher(Spec):
    """A way to orbit: at a price for each kilogram, or by vehicles into which whole units are packed."""

    price_usd_per_kg: NotNegative | None = None
    """Price of a kilogram in orbit."""
    vehicle_musd: NotNegative | None = None
    """Price of the first vehicle, its launch included."""
    payload_kg: Positive | None = None
    """What a vehicle carries to the orbit: as many whole units as fit."""
    units_max: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Most units on a vehicle, for want of room (as many as it can lift, when left out)."""
    learning: Learning = FLAT
    """What is left of a vehicle's price each time that twice as many have flown."""
    learning_theory: Theory = "unit"
    """Whether `learning` is of the price of a single vehicle, or of the average of all so far."""
    price_year: Year | None = None
    """Year of the dollars here, if another than that of the programme."""
    note: str = ""
    """What it stands for, and where its numbers are from."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_mass, by_vehicle = self.price_usd_per_kg is not None, self.vehicle_musd is not None
        if by_mass == by_vehicle:
            raise ValueError("needs either price_usd_per_kg, or vehicle_musd and payload_kg")
        if by_vehicle and self.payload_kg is None:
            raise ValueError("vehicle_musd needs payload_kg")
        if by_mass and not (self.payload_kg is None and self.units_max is None and self.learning == FLAT):
            raise ValueError("price_usd_per_kg has no payload_kg, units_max or learning")
        return self


class Element(Spec):
    """One kind of thing that is bought in numbers: satellites, interceptors, batteries, radars."""

    layer: str = ""
    """What its cost is added to (a layer of its own name, when left out)."""
    counts: list[str] = []
    """What of the scenario it counts, added up: "constellations.NAME" (its satellites in orbit), "layers.NAME" (its
    rounds), "layers.NAME.sites", "layers.NAME.launchers", "sensors.NAME" (1, or its satellites)."""
    n_units: NotNegative | None = None
    """Units to have at once, where nothing of the scenario is counted."""
    spares: NotNegative = NONE
    """Further units to have, as a share of those counted."""
    there_at_start: NotNegative = NONE
    """Units that are there already when the programme starts, at no cost; they are replaced as those delivered then."""
    price_year: Year | None = None
    """Year of the dollars here, if another than that of the programme."""
    development_musd: NotNegative = NONE
    """Development and all else that is paid once."""
    unit_musd: NotNegative | None = None
    """Price of a unit, whatever their number."""
    first_unit_musd: NotNegative | None = None
    """Price of the first unit; the others are cheaper by `learning`."""
    learning: Learning | None = None
    """What is left of the price each time that twice as many have been built."""
    learning_theory: Theory = "unit"
    """Whether `learning` is of the price of a single unit (Crawford), or of the average of all so far (Wright)."""
    learning_restarts: bool = False
    """Whether each generation of replacements starts at the price of the first unit again."""
    built_before: NotNegative = NONE
    """Units built before, which count for learning."""
    mass_kg: Positive | None = None
    """Mass of a unit in orbit."""
    launcher: str | None = None
    """How its units get to orbit; they stay on the ground when left out."""
    life_years: Positive | None = None
    """Time after which a unit is replaced (never, when left out)."""
    operations_musd_per_year: NotNegative = NONE
    """Operating cost from the first delivery on, whatever the number of units."""
    operations_unit_musd_per_year: NotNegative = NONE
    """Operating cost of each unit that is there."""
    disposal_unit_musd: NotNegative = NONE
    """Cost of taking a unit out of service, when it is replaced and at the end."""
    orders_from: Month | None = None
    """Month of the first order; a unit is paid for evenly from its order to its delivery (at delivery, when left
    out). All units take as long as the first."""
    first_delivery: Month | None = None
    """First month of deliveries (all units are there when the programme starts, when left out)."""
    last_delivery: Month | None = None
    """Last month of deliveries, which are spread evenly (as `first_delivery` when left out)."""
    delay_months: Quantity = NONE
    """How much later than dated deliveries begin and end; negative for earlier."""
    stretch: Annotated[Quantity, within(0.1)] = FLAT
    """How many times as long as dated deliveries take from first to last."""
    note: str = ""
    """What it stands for, and where its numbers are from."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.counts) == (self.n_units is not None):
            raise ValueError("needs either counts, what of the scenario it counts, or n_units")
        if (self.unit_musd is None) == (self.first_unit_musd is None):
            raise ValueError("needs either unit_musd, or first_unit_musd with learning")
        if (self.first_unit_musd is None) != (self.learning is None):
            raise ValueError("first_unit_musd and learning belong together")
        if self.launcher is not None and self.mass_kg is None:
            raise ValueError("what is launched needs mass_kg")
        is_delayed = self.delay_months.is_uncertain or self.delay_months.value != 0.0
        if self.first_delivery is None and (self.orders_from or self.last_delivery or is_delayed):
            raise ValueError("orders_from, last_delivery and delay_months need first_delivery")
        if self.last_delivery is None and (self.stretch.is_uncertain or self.stretch.value != 1.0):
            raise ValueError("stretch needs last_delivery: without it there is no span to stretch")
        if self.first_delivery and self.orders_from and self.first_delivery < self.orders_from:
            raise ValueError(f"delivers before it orders: first_delivery = {self.first_delivery} must not be before "
                             f"orders_from = {self.orders_from}")
        if self.first_delivery and self.last_delivery and self.last_delivery < self.first_delivery:
            raise ValueError(f"last_delivery = {self.last_delivery} must not be before first_delivery = "
                             f"{self.first_delivery}")
        return self


class Milestone(Spec):
    """Something to be there by a date: the shares of elements that it takes."""

    date: Month
    """By the end of this month."""
    needs: Annotated[dict[str, Annotated[float, Field(gt=0, le=1)]], Field(min_length=1)]
    """Elements, and the share of their units that must be there."""
    source: str = "assumption"
    """Key of the source of the date in references.toml."""
    note: str = ""
    """Who announced it, and what was not said."""


class Programme(Spec):
    """What a defence costs over its life, and by when it is there."""

    price_year: Year | None = None
    """Year of the dollars here (that of the scenario, and the same as it)."""
    start: Month
    """First month that is paid for."""
    years: Annotated[int, Field(ge=1, le=100)] = 20
    """How many years are paid for."""
    discount_rate: Annotated[Quantity, within(-0.1, 0.5)] = NONE
    """Yearly rate at which constant dollars of later years count less, from the first year on."""
    price_growth: Annotated[Quantity, within(-0.1, 0.5)] = Quantity(value=0.02)
    """Yearly growth of prices after the last year of the price index, for then-year dollars."""
    correlation: Probability = NONE
    """Correlation of cost lines drawn from their ranges: 0 independent, 1 all high or low together."""
    launchers: dict[str, Launcher] = {}
    """Ways to orbit, by name."""
    elements: Annotated[dict[str, Element], Field(min_length=1)]
    """What is paid for, by name."""
    milestones: dict[str, Milestone] = {}
    """What is to be there by when, by name."""
    note: str = ""
    """What is in it and what is not."""
