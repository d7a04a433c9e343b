"""What the benchmarks share: interleaved timing, and a table that says what was compared.

Candidates run in turn (A B C A B C ...), so that a drift of the machine's speed hits all of them. Figures are medians
over the rounds; a ratio is the median of the rounds' own ratios. Trust ratios, not seconds.
"""

import gc
import os
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import NamedTuple


class Timing(NamedTuple):
    """Seconds of every round of one candidate, and how many units of work a round does."""

    seconds: list[float]
    units: int

    @property
    def rate(self) -> float:
        """Units per second, median over the rounds."""
        return self.units / median(self.seconds)

    def times(self, other: "Timing") -> float:
        """How many times faster than `other`, per unit of work: median over the rounds."""
        return median((b / other.units) / (a / self.units) for a, b in zip(self.seconds, other.seconds))


def interleave(candidates: Mapping[str, tuple[Callable[[], object], int]], rounds: int = 5) -> dict[str, Timing]:
    """Time candidates {name: (work, units)} in turn, after one untimed round that compiles and warms up."""
    for work, _ in candidates.values():
        work()
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, (work, _) in candidates.items():
            gc.collect()
            begin = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - begin)
    return {name: Timing(seconds[name], candidates[name][1]) for name in candidates}


def say_where(*packages: str) -> None:
    """Print the machine and the versions of what is compared."""
    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; {', '.join(found)}")


def show(title: str, timings: Mapping[str, Timing], notes: Mapping[str, str], bases: tuple[str, ...]) -> None:
    """Print a table of units of work a second, of ratios to each of `bases`, and of a note per candidate."""
    columns = [f"{'against [' + str(i + 1) + ']':>14s}" for i in range(len(bases))]
    print(f"\n{title}\n{'':40s}{'a second':>12s}{''.join(columns)}")
    for name, timing in timings.items():
        label = f"[{bases.index(name) + 1}] {name}" if name in bases else f"    {name}"
        ratios = "".join(f"{timing.times(timings[base]):14.2f}" for base in bases)
        print(f"{label:40s}{timing.rate:12,.0f}{ratios}  {notes.get(name, '')}")
