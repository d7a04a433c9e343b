"""What is wrong with a programme beyond the form of its values: names, price years, dates."""

from collections.abc import Iterator, Mapping
from typing import Any

from opendome.errors import Problem
from opendome.scenario.specs import Scenario


def cost_problems(scenario: Scenario, known: Mapping[str, Any]) -> Iterator[Problem]:
    """Every such problem; none for a scenario without a programme.

    `known` is the whole file as plain data: `scenario` may lack parts of it that could not be read.
    """
    yield from ()
