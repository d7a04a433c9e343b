"""A number with its range, its grade and where it came from: the atom of scenarios and of the catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

Grade = Literal["official", "think-tank", "press", "estimated", "assumed"]
"""How good a value is: `official` (government, ministry, manufacturer of record), `think-tank` (or journal),
`press`, `estimated` (derived by us from sourced values), `assumed` (declared, with the reason)."""


class Spec(BaseModel):
    """Base of everything that is read from a file: frozen, unknown keys refused, no silent conversions of kind."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False,
                              use_attribute_docstrings=True)


class Quantity(Spec):
    """A value with the range it may lie in.

    A bare number is a value without a range, assumed by whoever wrote the file.
    """

    value: float
    """The value used when assumptions are fixed, and the mode of the range when they are sampled."""
    low: float | None = None
    """Lower end of the range (the value itself when left out)."""
    high: float | None = None
    """Upper end of the range (the value itself when left out)."""
    grade: Grade = "assumed"
    """How good the value is."""
    source: str = "assumption"
    """Key of the source in references.toml; `assumption` for a declared one."""
    page: str | None = None
    """Page, table or section in the source."""
    why: str = ""
    """Why this value or range: required for an assumption in the catalogue."""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, found: Any) -> Any:
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        return {"value": float(found)} if is_number else found

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "number"}, handler(core)]}

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low, high = self.low_or_value, self.high_or_value
        if not low <= self.value <= high:
            raise ValueError(f"low <= value <= high must hold, found {low:g} <= {self.value:g} <= {high:g}")
        return self

    @property
    def low_or_value(self) -> float:
        """Lower end of the range."""
        return self.value if self.low is None else self.low

    @property
    def high_or_value(self) -> float:
        """Upper end of the range."""
        return self.value if self.high is None else self.high

    @property
    def is_uncertain(self) -> bool:
        """Whether the range has a width."""
        return self.high_or_value > self.low_or_value


def quantities(spec: BaseModel, path: str = "") -> Iterator[tuple[str, Quantity]]:
    """Every quantity of a model with its dotted path, nested models and tables included, in the order of the fields."""
    for name in type(spec).model_fields:
        yield from _quantities_in(getattr(spec, name), path + name)


def _quantities_in(found: Any, path: str) -> Iterator[tuple[str, Quantity]]:
    if isinstance(found, Quantity):
        yield path, found
    elif isinstance(found, BaseModel):
        yield from quantities(found, f"{path}.")
    elif isinstance(found, Mapping):
        for name, entry in found.items():
            yield from _quantities_in(entry, f"{path}.{name}")


@dataclass(frozen=True)
class Bounds:
    """Bounds that a quantity and its whole range must keep; the JSON Schema states them for the bare number."""

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None

    def check(self, found: Quantity) -> Quantity:
        """The quantity, or `ValueError` that says which bound it breaks."""
        low, high = found.low_or_value, found.high_or_value
        if self.above is not None and low <= self.above:
            raise ValueError(f"must be above {self.above:g}, found {low:g}")
        if self.minimum is not None and low < self.minimum:
            raise ValueError(f"must be at least {self.minimum:g}, found {low:g}")
        if self.maximum is not None and high > self.maximum:
            raise ValueError(f"must be at most {self.maximum:g}, found {high:g}")
        return found

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        said = {"minimum": self.minimum, "maximum": self.maximum, "exclusiveMinimum": self.above}
        return {**handler(core), **{key: bound for key, bound in said.items() if bound is not None}}


def within(minimum: float | None = None, maximum: float | None = None, *, above: float | None = None) -> Bounds:
    """Bounds of a quantity, both included, `above` not; for `Annotated[Quantity, within(0, 1)]`."""
    return Bounds(minimum, maximum, above)


Positive = Annotated[Quantity, within(above=0)]
NotNegative = Annotated[Quantity, within(0)]
Probability = Annotated[Quantity, within(0, 1)]
