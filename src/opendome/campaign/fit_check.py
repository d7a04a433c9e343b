"""How well the fitted process foretells months that it was not fitted to.

Months are left out in blocks, each month once. The process is fitted to all other months; its level at the start of the
block is what the months before the block tell (for the first block, with which a log begins, time is turned round).
Then the block is drawn many times, as a campaign would draw it, and each month's total is set beside the band of the
simulated ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from opendome import rng
from opendome.battle import CLASSES
from opendome.campaign.fit import FEWEST, Fit, fit_process
from opendome.campaign.log_months import MonthTable
from opendome.campaign.process import DAYS, Process, days_in, draw_month, lower_process
from opendome.errors import InputError
from opendome.kernel import F64Array, I64Array, kernel
from opendome.sampling import Sampler
from opendome.scenario.months import name_of

BAND = 0.9
"""Share of the simulated totals that the band holds."""

PATH = "fit"
"""Path at which a checked process is sampled."""


@dataclass(frozen=True)
class Foretold:
    """A month's total of one class, logged and simulated."""

    month: str
    threat_class: str
    block: int
    ahead: int
    """Months from the last one that the level was known of."""
    logged: int
    low: float
    median: float
    high: float

    @property
    def is_inside(self) -> bool:
        """Whether the band of the simulated totals holds the logged one."""
        return self.low <= self.logged <= self.high


@kernel
def month_totals(process, key, run, address, days, levels, counts, totals):
    """Fill totals (M, classes) with the number launched in each month of `days` (M,) days. Borrows levels, counts."""
    for month in range(days.shape[0]):
        draw_month(process, key, run, address, month, days[month], levels, counts)
        for k in range(counts.shape[1]):
            totals[month, k] = 0
            for day in range(counts.shape[0]):
                totals[month, k] += counts[day, k]


def simulated_totals(process: Process, days: I64Array, *, seed: int = 1) -> I64Array:
    """(R, M, classes) monthly totals of a process; `days` (M,) of each month."""
    runs = len(process.p_massed)
    key, address = rng.key(seed), rng.address(PATH)
    totals = np.zeros((runs, len(days), len(CLASSES)), np.int64)
    levels, counts = np.zeros(len(CLASSES)), np.zeros((DAYS, len(CLASSES)), np.int64)
    for run in range(runs):
        month_totals(process, key, run, address, days, levels, counts, totals[run])
    return totals


def leave_out(table: MonthTable, block_months: int = 6, *, runs: int = 2000, seed: int = 1,
              band: float = BAND) -> list[Foretold]:
    """Every whole month left out once, in blocks of `block_months`, the last block ending with the last month.

    Months of which only some days are counted are left out with their block and not judged. Raises `InputError` where
    too few months stay to fit to.
    """
    blocks = blocks_of(table.is_whole, block_months)
    if not blocks or len(table.days) - max(len(block) for block in blocks) < FEWEST:
        raise InputError(f"leave_out = {block_months}\n  must leave at least {FEWEST} of the {len(table.days)} months "
                         "to fit to")
    found: list[Foretold] = []
    for number, block in enumerate(blocks):
        found += _foretell(table, number, block, runs, seed, band)
    return found


def blocks_of(is_whole: list[bool], size: int) -> list[range]:
    """The months cut into blocks of `size` whole months, from the end; months not whole go with those after them."""
    if size < 1:
        raise InputError(f"leave_out = {size}\n  must be 1 month or more")
    whole = [m for m, is_one in enumerate(is_whole) if is_one]
    starts = [whole[i] for i in range(len(whole) - size, -size, -size) if i >= 0]
    if whole and len(whole) % size:
        starts.append(whole[0])
    ends = [len(is_whole), *starts]
    blocks = [range(start, end) for start, end in zip(starts, ends, strict=False)][::-1]
    return [range(0, blocks[0].stop), *blocks[1:]] if blocks else []


def _foretell(table: MonthTable, number: int, block: range, runs: int, seed: int, band: float) -> list[Foretold]:
    """The months of one block."""
    turned = block.start == 0
    known = table.without(block)
    known = known.backwards() if turned else known
    months = [table.months[m] for m in (reversed(block) if turned else block)]
    fit = fit_process(known, start=months[0])
    totals = simulated_totals(drawn_process(fit, runs, seed), np.array([days_in(m) for m in months]), seed=seed)
    at = [(1 - band) / 2, 0.5, (1 + band) / 2]
    return [
        Foretold(name_of(months[i]), name, number, i + 1, int(table.totals[m, c]),
                 *(float(q) for q in np.quantile(totals[:, i, CLASSES.index(name)], at)))
        for i, m in sorted(enumerate(reversed(block) if turned else block), key=lambda pair: pair[1])
        if table.is_whole[m] for c, name in enumerate(table.classes)
    ]


def drawn_process(fit: Fit, runs: int, seed: int) -> Process:
    """The fitted process with its uncertain values drawn for each run, as a scenario has it."""
    return lower_process(fit.process(), Sampler(rng.key(seed), runs, True), PATH)


def fitted_months(fit: Fit, *, runs: int = 2000, seed: int = 1, band: float = BAND) -> list[Foretold]:
    """The whole months that were fitted to, each drawn at its level as all months tell it: logged beside fitted."""
    table = fit.table
    process = drawn_process(fit, runs, seed)
    rows: list[Foretold] = []
    for m, month in enumerate(table.months):
        if not table.is_whole[m]:
            continue
        here = process._replace(per_day=process.per_day.copy())
        for c in fit.classes:
            here.per_day[:, CLASSES.index(c.name)] = c.levels.mean()[m]
        totals = simulated_totals(here, np.array([days_in(month)]), seed=seed)
        at = [(1 - band) / 2, 0.5, (1 + band) / 2]
        rows += [Foretold(name_of(month), c.name, 0, 0, int(table.totals[m, table.classes.index(c.name)]),
                          *(float(q) for q in np.quantile(totals[:, 0, CLASSES.index(c.name)], at)))
                 for c in fit.classes]
    return rows


def share_inside(rows: Iterable[Foretold]) -> float:
    """Share of the months whose logged total lies in the band."""
    found: F64Array = np.array([row.is_inside for row in rows], float)
    return float(found.mean()) if found.size else float("nan")
