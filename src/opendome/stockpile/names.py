"""What the rows of a stockpile's tables stand for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Names by row, in the order of `stockpile.tables`."""

    start: int
    """Number of the first month (`scenario.months.number_of`)."""
    owners: list[str]
    interceptors: list[str]
    pairs: list[tuple[str, str]]
    """Owner and interceptor of every pair."""
    components: list[str]
    lines: list[str]
    lots: list[tuple[str, int]]
    """Order and number of the repeat, from 0, of every lot."""
