"""What is wrong with a stockpile and its campaigns beyond the form of their values: names, dates, circles."""

from collections.abc import Collection, Iterator

from opendome.errors import Problem, nearest
from opendome.scenario.specs import Scenario
from opendome.scenario.stock_specs import Stockpile


def stock_problems(scenario: Scenario) -> list[Problem]:
    """Every such problem, in the order of the file; none for a scenario without a stockpile."""
    if scenario.stockpile is None:
        return [Problem(f"campaigns.{name}", "", "needs a stockpile") for name in scenario.campaigns]
    return list(_names(scenario.stockpile))


def _unknown(where: str, name: str, kind: str, known: Collection[str]) -> Iterator[Problem]:
    if name not in known:
        yield Problem(where, repr(name), f"must name {kind} of this stockpile", nearest(name, known))


def _names(pile: Stockpile) -> Iterator[Problem]:
    for name, line in pile.lines.items():
        yield from _unknown(f"stockpile.lines.{name}.owner", line.owner, "an owner", pile.owners)
        yield from _unknown(f"stockpile.lines.{name}.interceptor", line.interceptor, "an interceptor",
                            pile.interceptors)
