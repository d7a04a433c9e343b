"""How many whole rounds a maker can make in a month: rates that grow evenly, in a step, or by learning.

Left out: strikes, holidays, scrap; hands that are hired or dismissed while a line learns.
"""

import math

from opendome.kernel import kernel
from opendome.stockpile.tables import LEARNING, LINEAR, STEP

ROUNDING = 1e-9
"""A sum of rates that is this little below a whole number counts as whole."""


@kernel
def rate(makers, run, maker, t_months, learnt):
    """Rounds a month that a maker can make at an instant, `learnt` of them made since its ramp began.

    Linear: evenly from `per_month` to the ceiling between the two dates. Step: the ceiling from the second date on.
    Learning: the work for one round falls to a fixed share whenever twice as many have been built (Wright 1936,
    doi 10.2514/8.155), so the same hands build `(1 + learnt / experience) ** b` times as fast, up to the ceiling.
    """
    ramp, rates = makers.ramp[maker], makers.rates
    if t_months < rates.opens[run, maker]:
        return 0.0
    base, top = rates.per_month[run, maker], rates.ceiling_per_month[run, maker]
    begin = rates.ramp_from[run, maker]
    if ramp == LINEAR:
        part = (t_months - begin) / (rates.ramp_to[run, maker] - begin)
        return base + min(max(part, 0.0), 1.0) * (top - base)
    if ramp == STEP:
        return top if t_months >= rates.ramp_to[run, maker] else base
    if ramp == LEARNING and t_months >= begin:
        return min(top, base * (1.0 + learnt / rates.experience[run, maker]) ** rates.learning[run, maker])
    return base


@kernel
def work(makers, run, month, works):
    """What each maker can make in a month, in whole rounds, in `works.makers.whole`; parts of a round are carried over.

    The rate is that at the middle of the month.
    """
    for maker in range(makers.ramp.shape[0]):
        speed = rate(makers, run, maker, month + 0.5, works.makers.learnt[maker])
        worked = works.makers.carry[maker] + speed
        whole = math.floor(worked + ROUNDING)
        works.makers.carry[maker] = worked - whole
        works.makers.whole[maker] = whole
        works.makers.capacity[maker] += speed


@kernel
def learn(makers, run, month, works, maker, n):
    """Note that a maker has made n rounds in a month."""
    works.makers.made[maker] += n
    if month + 0.5 >= makers.rates.ramp_from[run, maker]:
        works.makers.learnt[maker] += n
