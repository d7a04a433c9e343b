"""Closed forms of a warning by repeated looks: chance and mean delay, for a revisit and a chance per look that stay.

What they leave out (geometry, brightness, clouds) is in `infrared`; they are what it must agree with when all of that
stands still. Equations and evidence: docs/models/warning.md.
"""

import math


def p_warning(*, revisit_s: float, p_detect: float, looks_needed: int, seen_s: float) -> float:
    """Probability that a burn which can be seen for `seen_s` seconds leads to a warning.

    A burn holds n or n + 1 looks, n the whole revisits in it; the warning needs `looks_needed` binomial successes.
    """
    whole = math.floor(seen_s / revisit_s)
    more = seen_s / revisit_s - whole

    def enough(n: int) -> float:
        return sum(math.comb(n, k) * p_detect**k * (1.0 - p_detect) ** (n - k) for k in range(looks_needed, n + 1))

    return (1.0 - more) * enough(whole) + more * enough(whole + 1)


def mean_warning_delay_s(*, revisit_s: float, p_detect: float, looks_needed: int, latency_s: float) -> float:
    """Mean time in s from the plume clearing the clouds to the warning, for a burn without end.

    Half a revisit to the first look, then one less than the negative-binomial mean looks_needed / p_detect.
    """
    return revisit_s * (looks_needed / p_detect - 0.5) + latency_s
