"""What a pack holds, and how its file is read."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from opendome.errors import InputError, ScenarioError, nearest
from opendome.scenario.problems import problems_from
from opendome.scenario.quantity import Grade, Quantity, Spec

FORMAT: Literal[1] = 1
"""Version of the packs' format."""

Words = Annotated[str, Field(min_length=1)]


class PackAssumption(Quantity):
    """A number that a published result rests on, or that stands in for one that was not published."""

    says: Words
    """What it is, in a few words; its unit is in the key."""
    is_context: bool = False
    """Whether it is there for the reader alone, and moves no output."""


class Output(Spec):
    """A number that was published, to set beside ours."""

    says: Words
    """What it is, in a few words."""
    unit: str = ""
    """Its unit; empty for a count, a share or a ratio."""
    published: float | None = None
    """What was published; left out where no number was found."""
    tolerance: Annotated[float, Field(ge=0)]
    """How far ours may lie from it, in the same unit."""
    because: Words
    """Where the tolerance comes from: the rounding of the published number, or why there is none."""
    is_limit: Literal["", "at most", "at least"] = ""
    """Whether the published number bounds ours, from above or below."""
    grade: Grade
    """How good the published number is, as it was seen."""
    source: str
    """Key of the source in references.toml."""
    page: str | None = None
    """Page, table or section in the source."""
    falls_short: str = ""
    """Why ours is not within the tolerance: what is missing. Required where it is not, and empty where it is."""


class Group(Spec):
    """Assumptions that say one thing together, and are swapped together when packs are compared."""

    says: Words
    """What they say together."""
    keys: Annotated[list[str], Field(min_length=1)]
    """The assumptions."""
    shows: str = ""
    """Output that says it in one number, where packs state it in different ways."""


class Pack(Spec):
    """A published result: what it rests on, what came out, and how to rebuild it."""

    format: Literal[1] = FORMAT
    """Version of this format."""
    title: str
    """One line that says what is rebuilt."""
    note: str = ""
    """What the result is, what was seen of it, and what was not."""
    model: str
    """Module of `opendome.reproduce.models` whose function `compute` rebuilds it."""
    price_year: int | None = None
    """Year of its dollars, where it has any."""
    headline: str
    """The output that the pack is known for."""
    assumptions: Annotated[dict[str, PackAssumption], Field(min_length=1)]
    """What it rests on, by key; keys end in their unit."""
    cases: dict[str, dict[str, float]] = {}
    """Further cases: assumptions that are other values there, or that are stated there alone. Their outputs are named
    CASE.OUTPUT."""
    groups: dict[str, Group] = {}
    """Assumptions that are swapped together; every other one is swapped alone."""
    outputs: dict[str, Output]
    """What was published, by key: of the pack itself, or CASE.OUTPUT of a case."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.headline not in self.outputs:
            raise ValueError(f"headline = {self.headline} must be one of the outputs: {', '.join(self.outputs)}")
        grouped = Counter(key for group in self.groups.values() for key in group.keys)
        unknown = [key for key in grouped if key not in self.assumptions]
        if unknown:
            raise ValueError(f"groups name what is not an assumption: {', '.join(unknown)}")
        twice = [key for key, count in grouped.items() if count > 1]
        if twice:
            raise ValueError(f"an assumption is in one group at most, found twice: {', '.join(twice)}")
        return self


def packs() -> list[str]:
    """Names of the packs, in order."""
    found = (path.name for path in (files("opendome") / "data" / "packs").iterdir())
    return sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml"))


def load(name: str) -> Pack:
    """The pack of a name. Raises `InputError` for an unknown name, `ScenarioError` for a file that cannot be used."""
    if name not in packs():
        hint = nearest(name, packs()) or "opendome list packs"
        raise InputError(f"{name}: no such pack\nhint: {hint}")
    data = tomllib.loads((files("opendome") / "data" / "packs" / f"{name}.toml").read_text(encoding="utf-8"))
    return from_data(data, source=f"{name}.toml")


def from_data(data: Mapping[str, Any], *, source: str) -> Pack:
    """The pack that plain data describe. Raises `ScenarioError` with all that is wrong."""
    try:
        return Pack.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(source, problems_from(error, data, known=Pack)) from None
