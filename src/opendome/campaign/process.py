"""Raids as a random process: how many threats of each class come on each day of a campaign.

A day is ordinary or brings a massed raid. The number of a class on a day of either kind is negative binomial (chance
with a mean that itself varies from day to day), and the mean of each class wanders from month to month: the change of
its logarithm is normal, and such that what is expected of a later month is what holds now. Left out: the hour of a
raid, and any tie between successive days, or between classes other than that they are massed on the same days.
docs/models/raid-process.md has the equations, and what a log says of them.
"""

import calendar
import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.battle import CLASSES
from opendome.errors import InputError
from opendome.kernel import F64Array, I64Array, kernel
from opendome.sampling import Sampler
from opendome.scenario.campaign_specs import ClassProcess, DatedRaid, RaidProcess
from opendome.scenario.months import name_of
from opendome.scenario.quantity import Quantity

DAYS = 31
"""Days that a month may have."""

MOST = 100_000
"""Largest number of one class on one day, as in a raid log; what would lie above is this."""

FAINT = 1e-17
"""A chance below which, beyond the mean, the rest of a distribution is not looked at."""

UNDER = -700.0
"""Logarithm below which a chance is carried with a factor, so that it does not vanish."""


class Process(NamedTuple):
    """The process of one campaign. R runs, classes as in `battle.CLASSES`; numbers a day."""

    per_day: F64Array  # (R, classes) mean at the start
    ordinary: F64Array  # (R, classes) mean of an ordinary day over the mean of all days
    massed: F64Array  # (R, classes) the same for a day with a massed raid
    dispersion: F64Array  # (R, classes) of an ordinary day
    massed_dispersion: F64Array  # (R, classes) of a day with a massed raid
    level_sigma: F64Array  # (R, classes)
    p_massed: F64Array  # (R,) chance that a day brings a massed raid
    contagion: F64Array  # (R,) weight of a day already seen against that of `p_massed`, in what is expected of the next


@kernel
def negative_binomial(u, mean, dispersion):
    """The quantile at u of the negative binomial number with this mean and variance mean + dispersion mean^2.

    Dispersion 0 is Poisson. The chances are added up from 0, each from the one before, until they reach u: exact to
    about 1e-12 in the chance, as many steps as the number that comes out (at most `MOST`).
    Source: johnson2005, chapters 4 and 5 (recursions of the chances).
    """
    if not mean > 0.0:
        return 0
    spread = dispersion * mean
    log_p = -mean * (math.log1p(spread) / spread if spread > 1e-12 else 1.0)
    lacking = min(0.0, log_p - UNDER)  # logarithm of the factor that p still has to be multiplied with
    p = math.exp(log_p - lacking)
    total = 0.0 if lacking < 0.0 else p
    step = mean / (1.0 + spread)
    n = 0
    while total < u and n < MOST and (p > FAINT or n < mean):
        n += 1
        p *= step * (1.0 + dispersion * (n - 1)) / n
        if lacking < 0.0:
            if p > 1e-150:  # still a chance below 1e-150: nothing that u could tell
                take = max(lacking, -300.0)
                p *= math.exp(take)
                lacking -= take
        else:
            total += p
    return n


@kernel
def draw_month(process, key, run, address, month, n_days, levels, counts):
    """Fill counts (31, classes) with the number launched on each of the month's days, 0 beyond `n_days`.

    `month` counts from the first of the campaign, `address` is the campaign's. `levels` (classes,) holds the mean a
    day of each class and is carried from one month to the next: month 0 sets it.
    """
    for k in range(counts.shape[1]):
        entity = rng.child(address, k)
        if month == 0:
            levels[k] = process.per_day[run, k]
        else:
            z, _ = rng.normal_pair(key, run, rng.RAID_LEVEL, entity, month)
            sigma = process.level_sigma[run, k]
            levels[k] *= math.exp(sigma * (z - 0.5 * sigma))
    p_massed, contagion = process.p_massed[run], process.contagion[run]
    n_massed = 0
    for day in range(counts.shape[0]):
        if day >= n_days:
            counts[day, :] = 0
            continue
        draw = month * DAYS + day
        p_today = (p_massed + contagion * n_massed) / (1.0 + contagion * day)
        is_massed = rng.uniform(key, run, rng.RAID_MASSED, address, draw) < p_today
        n_massed += is_massed
        for k in range(counts.shape[1]):
            share = process.massed[run, k] if is_massed else process.ordinary[run, k]
            dispersion = process.massed_dispersion[run, k] if is_massed else process.dispersion[run, k]
            mean = levels[k] * share
            if mean > 0.0:
                u = rng.uniform(key, run, rng.RAID_SIZE, rng.child(address, k), draw)
                counts[day, k] = negative_binomial(u, mean, dispersion)
            else:
                counts[day, k] = 0


def lower_process(spec: RaidProcess, sampler: Sampler, path: str) -> Process:
    """The table of a process; its quantities are sampled at `path`.classes.NAME.per_day and so on.

    Raises `InputError` when massed raids crowd more than their mean gap allows.
    """
    gap = sampler.column(f"{path}.massed_gap_days", spec.massed_gap_days)
    crowding = sampler.column(f"{path}.massed_crowding", spec.massed_crowding)
    if np.any(crowding > 0) and np.any(crowding >= gap - 1.0):
        worst = int(np.argmax(crowding - gap))
        raise InputError(f"{path}.massed_crowding = {crowding[worst]:.4g}\n  must be below massed_gap_days - 1 = "
                         f"{gap[worst] - 1:.4g}\nhint: so few raids cannot vary so much from month to month")
    p_massed = 1.0 / gap
    shape = (sampler.runs, len(CLASSES))
    process = Process(
        per_day=np.zeros(shape), ordinary=np.zeros(shape), massed=np.zeros(shape), dispersion=np.zeros(shape),
        massed_dispersion=np.zeros(shape), level_sigma=np.zeros(shape), p_massed=p_massed,
        contagion=contagion_of(p_massed, crowding),
    )
    for name, found in spec.classes.items():
        _lower_class(process, CLASSES.index(name), found, sampler, f"{path}.classes.{name}", gap)
    return process


def contagion_of(p_massed: F64Array, crowding: F64Array) -> F64Array:
    """The weight by which one massed day makes the others of its month likelier: that of a beta-binomial month.

    The month's chance of a massed day is beta with mean `p_massed` and variance `crowding` p_massed^2; drawing day by
    day with the chance (p + w k) / (1 + w j) after k massed days among j gives the same numbers (Polya's urn;
    johnson2005, chapter 6).
    """
    between = np.maximum((1.0 - p_massed) / p_massed, 1e-300)
    return np.asarray(crowding / np.maximum(between - crowding, 1e-300))


def _lower_class(process: Process, k: int, spec: ClassProcess, sampler: Sampler, path: str, gap: F64Array) -> None:
    """The columns of one class."""

    def column(name: str, quantity: Quantity) -> F64Array:
        return sampler.column(f"{path}.{name}", quantity)

    share = column("massed_share", spec.massed_share)
    process.per_day[:, k] = column("per_day", spec.per_day)
    process.ordinary[:, k] = 1.0 - share
    process.massed[:, k] = 1.0 - share + share * gap
    process.dispersion[:, k] = column("dispersion", spec.dispersion)
    own = spec.massed_dispersion
    process.massed_dispersion[:, k] = process.dispersion[:, k] if own is None else column("massed_dispersion", own)
    process.level_sigma[:, k] = column("level_sigma", spec.level_sigma)


def given_days(raids: Sequence[DatedRaid], start: int, n_months: int) -> I64Array:
    """(M, 31, classes) number launched on each day of `n_months` months from number `start` on; a day's raids add up.

    Raises `InputError` for a date that does not exist, or lies outside these months.
    """
    counts = np.zeros((n_months, DAYS, len(CLASSES)), np.int64)
    for row, raid in enumerate(raids):
        try:
            day = date.fromisoformat(raid.day)
        except ValueError:
            raise InputError(f"raids.{row}.day = {raid.day!r}\n  is not a day of the calendar") from None
        month = 12 * day.year + day.month - 1 - start
        if not 0 <= month < n_months:
            span = f"{name_of(start)} to {name_of(start + n_months - 1)}"
            raise InputError(f"raids.{row}.day = {raid.day!r}\n  must lie in the campaign's months, {span}\n"
                             "hint: change first or until, or leave the raid out")
        for name, number in raid.launched.items():
            counts[month, day.day - 1, CLASSES.index(name)] += number
    return counts


def days_in(month: int) -> int:
    """Days of a month, by its number (`scenario.months`)."""
    return calendar.monthrange(month // 12, month % 12 + 1)[1]
