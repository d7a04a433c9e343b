"""What may be written about campaigns: raids over months, and how each spends the defender's stocks."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from opendome.scenario.months import Day, Month
from opendome.scenario.quantity import NotNegative, Positive, Probability, Quantity, Spec, within
from opendome.scenario.threat_class import ThreatClass

NONE = Quantity(value=0.0)
ALL = Quantity(value=1.0)

Rounds = Annotated[int, Field(ge=1, le=16)]


class Tier(Spec):
    """One type of round that may be fired at a class of threats; tiers are tried in order."""

    interceptor: str
    """The owner's stock that it fires from."""
    covered: Probability = ALL
    """Share of the threats that come within reach of it."""
    salvo: Rounds = 2
    """Rounds in a salvo at each."""
    salvos: Rounds = 1
    """Most salvos at one threat: after a miss, the next (shoot, look, shoot)."""
    p_kill: Probability
    """Chance that one round destroys the threat."""
    fires_above: Probability = NONE
    """It fires at this class only while more than this share of its stock at the start is left."""
    single_below: Probability = NONE
    """At or below this share of its stock at the start a salvo has one round."""


class Against(Spec):
    """What becomes of the threats of one class, where rates are used."""

    harmless: Probability = NONE
    """Share that comes down outside every defended area by itself."""
    tiers: Annotated[list[Tier], Field(max_length=6)] = []
    """What is fired from stocks, the first tier first."""
    others: Probability = NONE
    """Share of those that are left which means outside the stocks destroy: guns, jamming, aircraft."""


class ClassProcess(Spec):
    """How many threats of one class come, as a random process."""

    per_day: Positive
    """Mean launched a day, of all days, at the start of the campaign."""
    dispersion: NotNegative = NONE
    """How much an ordinary day's number varies beyond chance: its variance is mean + dispersion x mean^2."""
    massed_share: Probability = NONE
    """Share of all that massed raids add, on their days, to what comes evenly on all days."""
    massed_dispersion: NotNegative | None = None
    """The same as `dispersion`, of a day with a massed raid (that of an ordinary day, when left out)."""
    level_sigma: Annotated[Quantity, within(0, 2)] = NONE
    """Standard deviation of the change of the logarithm of the mean from one month to the next. What is expected of a
    later month stays `per_day`."""


class RaidProcess(Spec):
    """Days with raids of random size and mix; docs/models/raid-process.md."""

    classes: Annotated[dict[ThreatClass, ClassProcess], Field(min_length=1)]
    """What comes, by class of threat."""
    massed_gap_days: Annotated[Quantity, within(1)] = Quantity(value=7.0)
    """Mean time from one massed raid to the next."""
    massed_crowding: NotNegative = NONE
    """How much the number of massed raids in a month varies beyond chance: variance of the month's chance of one, over
    the square of its mean. Must be below `massed_gap_days` - 1."""


class DatedRaid(Spec):
    """One raid as it was counted."""

    day: Day
    """Date."""
    launched: Annotated[dict[ThreatClass, Annotated[int, Field(ge=0, le=100_000)]], Field(min_length=1)]
    """How many, by class of threat."""
    note: str = ""


class DoctrineStep(Spec):
    """Values of the scenario that change once a stock has fallen (fights by surface or raid)."""

    interceptor: str
    """Stock that is watched."""
    below: Probability
    """It holds at or below this share of the stock at the start."""
    set: Annotated[dict[str, Any], Field(min_length=1)]
    """Keys and values, as in variants: "layers.upper.salvo" = 1."""


class SurfaceDesign(Spec):
    """How the response surface is fitted to simulated raids, and checked."""

    points: Annotated[int, Field(ge=8, le=2000)] = 48
    """Raids of different sizes and stocks that it is fitted to."""
    checks: Annotated[int, Field(ge=4, le=2000)] = 12
    """Further raids that it is checked on."""
    runs: Annotated[int, Field(ge=4, le=100_000)] = 16
    """Runs of each."""
    largest: dict[ThreatClass, Annotated[int, Field(ge=1, le=100_000)]] = {}
    """Largest number of each class in a raid that it holds for."""


class Campaign(Spec):
    """Raids over months on one owner."""

    owner: str
    """Whose stocks are used."""
    first: Month | None = None
    """First month (that of the stockpile, when left out)."""
    until: Month | None = None
    """Last month (that of the stockpile, when left out)."""
    process: RaidProcess | None = None
    """Raids drawn at random."""
    raids: list[DatedRaid] = []
    """Raids as they were counted, instead."""
    fight: Literal["rates", "surface", "raid"] = "rates"
    """How a raid is engaged: by the rates under `against`; by a response surface fitted to the simulated raid; or by
    simulating every raid."""
    template: str | None = None
    """Raid of the scenario whose waves say how threats of each class fly (surface, raid). Classes that it lacks are
    engaged by rates."""
    against: dict[ThreatClass, Against] = {}
    """What becomes of each class where rates are used."""
    doctrine: list[DoctrineStep] = []
    """What changes as stocks fall, the last step that holds first (surface, raid)."""
    surface: SurfaceDesign = SurfaceDesign()
    """How the surface is fitted."""
    note: str = ""
    """What the campaign stands for."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.process is None) == (not self.raids):
            raise ValueError("needs one of process and raids")
        if self.fight != "rates" and self.template is None:
            raise ValueError(f"fight {self.fight!r} needs template, a raid of the scenario")
        return self
