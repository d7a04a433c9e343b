"""What may be written about stocks: who holds how many rounds, who makes them, who is owed some, who uses them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from opendome.scenario.months import Month
from opendome.scenario.quantity import NotNegative, Positive, Probability, Quantity, Spec, within

NONE = Quantity(value=0.0)

Times = Annotated[int, Field(ge=1, le=1200)]
"""How often a row is repeated, or how many months lie between two of its repeats."""


class Owner(Spec):
    """A state, or a group of states that share a stock."""

    note: str = ""
    """Whom it stands for."""


class Munition(Spec):
    """A type of interceptor as it is stocked."""

    type: str | None = None
    """Its entry in the catalogue's interceptors, by which layers fire it and costs are known; left out: not needed."""
    storage_years: Positive | None = None
    """Age at which a round can no longer be used (never, when left out); the oldest are used first."""
    age_years: NotNegative = NONE
    """Age of the oldest round at the start; ages are spread evenly from new to this."""
    note: str = ""
    """What it stands for."""


class Maker(Spec):
    """What makes something at a rate that may grow."""

    per_year: NotNegative
    """Rate at the start, or when it opens."""
    ramp: Literal["none", "linear", "step", "learning"] = "none"
    """How the rate grows from `ramp_from` on: evenly to the ceiling at `ramp_to`; in one step to the ceiling at
    `ramp_to`; or, limited by learning, as fast as the work for each round falls while hands stay the same."""
    ceiling_per_year: NotNegative | None = None
    """Rate that the ramp ends at."""
    ramp_from: Month | None = None
    """Month in which the ramp begins."""
    ramp_to: Month | None = None
    """Month in which a linear ramp or a step reaches the ceiling."""
    learning: Annotated[Quantity, within(0.5, 1.0)] | None = None
    """Share of the work for a round that is left when twice as many have been built (a ramp limited by learning)."""
    experience: Positive | None = None
    """Rounds ever built when the ramp begins (a ramp limited by learning)."""
    slip_months: Quantity = NONE
    """How much later than dated it opens and its ramp begins and ends; negative for earlier."""
    opens: Month | None = None
    """First month of work (before the start, when left out)."""
    note: str = ""
    """What it stands for, and where its numbers are from."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {"none": (), "linear": ("ceiling_per_year", "ramp_from", "ramp_to"),
                  "step": ("ceiling_per_year", "ramp_to"),
                  "learning": ("ceiling_per_year", "ramp_from", "learning", "experience")}
        own = needed[self.ramp]
        lacking = [name for name in own if getattr(self, name) is None]
        if lacking:
            raise ValueError(f"ramp {self.ramp!r} needs {', '.join(lacking)}")
        every = ("ceiling_per_year", "ramp_from", "ramp_to", "learning", "experience")
        foreign = [name for name in every if name not in own and getattr(self, name) is not None]
        if foreign:
            raise ValueError(f"ramp {self.ramp!r} has no {', '.join(foreign)}")
        if self.ramp == "linear" and self.ramp_from and self.ramp_to and self.ramp_from >= self.ramp_to:
            raise ValueError(f"ramp_to = {self.ramp_to} must be after ramp_from = {self.ramp_from}")
        return self


class Component(Maker):
    """A part that several lines may need, as a seeker or a motor: made at a rate, shared among the lines."""

    store: NotNegative = NONE
    """Most parts that are kept for later months."""
    sharing: Literal["proportional", "priority"] = "proportional"
    """When there are too few: to each line in proportion to what it could build, or in the order of `priority`."""
    priority: list[str] = []
    """Lines that are served first, in order; the others share what is left in proportion."""


class Line(Maker):
    """A final assembly line for one type of interceptor."""

    owner: str
    """State that it stands in; deliveries to all others are exports."""
    interceptor: str
    """What it builds."""
    components: Annotated[dict[str, Annotated[int, Field(ge=1, le=1000)]], Field(max_length=20)] = {}
    """Components that it needs, and how many for one round."""
    sharing: Literal["contracted", "proportional", "priority"] = "contracted"
    """Who gets what is built, of those whose rounds are due: lot after lot by date of contract; in proportion to what
    each is owed; or in the order of `priority`, then by date of contract."""
    priority: list[str] = []
    """Owners that are served first, in order."""
    may_supply: list[str] | None = None
    """Owners that its licence lets it supply, its own included (all, when left out)."""
    exports_from: Month | None = None
    """First month in which an export may leave it."""
    export_share: Probability = Quantity(value=1.0)
    """Most of all it has built that may have been exported."""
    export_delay_months: NotNegative = NONE
    """From the factory to a foreign owner's stock: permits and transport."""


class Order(Spec):
    """A lot of rounds under contract, or one that repeats."""

    owner: str
    """Who gets them."""
    interceptor: str
    """What is ordered."""
    line: str | None = None
    """Line that builds them (any that makes the type and may supply the owner, when left out)."""
    rounds: NotNegative
    """How many; of a lot that is older than the start, those still to come."""
    contract: Month
    """Month of the contract."""
    lead_months: NotNegative | None = None
    """From the contract until the first is due."""
    due_from: Month | None = None
    """Month in which the first is due, instead of `lead_months`."""
    over_months: Positive = Quantity(value=12.0)
    """Time over which the lot falls due, evenly."""
    every_months: Times = 12
    """Time from one repeat to the next."""
    times: Times = 1
    """How many such lots there are."""
    note: str = ""
    """What is known of it, and where from."""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.lead_months is None) == (self.due_from is None):
            raise ValueError("needs one of lead_months and due_from")
        if self.due_from is not None and self.due_from < self.contract:
            raise ValueError(f"due_from = {self.due_from} is before contract = {self.contract}: "
                             "nothing is delivered before it is ordered")
        return self


class Transfer(Spec):
    """Rounds that one owner gives or lends to another."""

    from_: Annotated[str, Field(alias="from")]
    """Who gives."""
    to: str
    """Who gets."""
    interceptor: str
    """What is given."""
    rounds: NotNegative
    """How many each time."""
    month: Month
    """When they leave (the first time)."""
    delay_months: Annotated[int, Field(ge=0, le=120)] = 1
    """Time on the way."""
    every_months: Times = 1
    """Time from one repeat to the next."""
    times: Times = 1
    """How often."""
    keep: NotNegative = NONE
    """The giver's stock never falls below this by giving; what cannot be given then is not given later."""
    back_after_months: Annotated[int, Field(ge=1, le=600)] | None = None
    """A loan: as many as arrived leave again for the giver this long after they arrived, as far as there are any."""
    note: str = ""
    """What it stands for."""


class Use(Spec):
    """Rounds that are fired, as far as there are any, whatever they meet."""

    owner: str
    """Whose rounds."""
    interceptor: str
    """Which."""
    first: Month
    """First month."""
    months: Positive = Quantity(value=1.0)
    """How long, from the start of the first month; fired evenly."""
    rounds: NotNegative | None = None
    """How many in all."""
    per_month: NotNegative | None = None
    """How many a month, instead."""
    share: Probability | None = None
    """How many in all as a share of the owner's stock at the start, instead."""
    note: str = ""
    """What is known of it, and where from."""

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        given = [name for name in ("rounds", "per_month", "share") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"needs one of rounds, per_month and share, has {' and '.join(given) or 'none'}")
        return self


Levels = dict[str, dict[str, NotNegative]]
"""Rounds by owner and interceptor."""


class Stockpile(Spec):
    """Owners, stocks, lines and orders, from month to month."""

    start: Month
    """First month; stocks are those at its start."""
    until: Month
    """Last month."""
    owners: Annotated[dict[str, Owner], Field(min_length=1)]
    """Who holds stocks, by name."""
    interceptors: Annotated[dict[str, Munition], Field(min_length=1)]
    """What is stocked, by name."""
    stocks: Levels = {}
    """Rounds at the start, by owner and interceptor; 0 where none are given."""
    return_to: Levels = {}
    """Level that counts as back, by owner and interceptor (the stock at the start, where none is given)."""
    components: dict[str, Component] = {}
    """Parts that lines share, by name."""
    lines: dict[str, Line] = {}
    """Assembly lines, by name."""
    orders: dict[str, Order] = {}
    """Lots under contract, by name."""
    transfers: dict[str, Transfer] = {}
    """Gifts and loans, by name."""
    uses: dict[str, Use] = {}
    """Rounds fired, by name."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until < self.start:
            raise ValueError(f"until = {self.until} must not be before start = {self.start}")
        if int(self.until[:4]) > int(self.start[:4]) + 100:
            raise ValueError("must span at most 100 years")
        return self
