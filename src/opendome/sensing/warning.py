"""Warning satellites in their simple form: a constant revisit, a chance per look, a latency.

Left out: orbits, brightness, background, false warnings; `sensing.infrared` has the first three.
Equations and evidence: docs/models/warning.md.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.catalogue.entries import WarningSatellites
from opendome.kernel import kernel
from opendome.rng import WARNING_LOOK, address, uniform
from opendome.sensing.sites import WarnerSite, check_names
from opendome.units import M_PER_KM, db_to_ratio


class Warners(NamedTuple):
    """Every warning constellation of a scenario. S of them; SI units."""

    address: NDArray[np.uint64]
    revisit_s: NDArray[np.float64]
    p_detect: NDArray[np.float64]
    looks_needed: NDArray[np.int64]
    latency_s: NDArray[np.float64]
    cloud_break_m: NDArray[np.float64]
    cue_gain: NDArray[np.float64]
    """(S,) linear gain in a radar's signal-to-noise ratio once it was told where to search."""


@kernel
def time_above(t_s, alt_m, level_m):
    """First time in s at which a sampled altitude profile is at or above `level_m`, linear between samples; else inf.

    t_s (K,) rising, alt_m (K,).
    """
    if alt_m[0] >= level_m:
        return t_s[0]
    for k in range(1, t_s.size):
        if alt_m[k] >= level_m:
            share = (level_m - alt_m[k - 1]) / (alt_m[k] - alt_m[k - 1])
            return t_s[k - 1] + share * (t_s[k] - t_s[k - 1])
    return math.inf


@kernel
def warning_time(warners, s, t_above_s, t_burnout_s, key, run, entity):
    """Time in s at which constellation `s` has warned of a burn, or inf when it never does.

    The plume can be seen from `t_above_s` (it clears the clouds) to `t_burnout_s`. The first look comes at a random
    part of the revisit, then one every revisit, each seeing the plume with `p_detect`; after `looks_needed` of them
    and the latency the warning is out. Draws: WARNING_LOOK at (run, entity), 0 the phase, k the k-th look.
    """
    seen, k = 0, 1
    t = t_above_s + uniform(key, run, WARNING_LOOK, entity, 0) * warners.revisit_s[s]
    while t <= t_burnout_s:
        if uniform(key, run, WARNING_LOOK, entity, k) < warners.p_detect[s]:
            seen += 1
            if seen >= warners.looks_needed[s]:
                return t + warners.latency_s[s]
        t += warners.revisit_s[s]
        k += 1
    return math.inf


def lower_warners(sites: Sequence[WarnerSite]) -> Warners:
    """The table of the warning constellations given, in their order."""
    check_names(sites)

    def column(name: str, factor: float = 1.0) -> NDArray[np.float64]:
        return np.array([site.value(name) * factor for site in sites])

    return Warners(
        address=np.array([address(site.name) for site in sites], dtype=np.uint64),
        revisit_s=column("revisit_s"),
        p_detect=column("p_detect"),
        looks_needed=np.rint(column("looks_needed")).astype(np.int64),
        latency_s=column("latency_s"),
        cloud_break_m=column("cloud_break_km", M_PER_KM),
        cue_gain=np.array([db_to_ratio(site.value("cue_gain_db")) for site in sites]),
    )


def p_warning(entry: WarningSatellites, seen_s: float) -> float:
    """Probability that a burn which can be seen for `seen_s` seconds leads to a warning: the closed form.

    A burn holds n or n + 1 looks, n the whole revisits in it; the warning needs `looks_needed` binomial successes.
    """
    whole = math.floor(seen_s / entry.revisit_s.value)
    more = seen_s / entry.revisit_s.value - whole
    needed, p = round(entry.looks_needed.value), entry.p_detect.value

    def enough(n: int) -> float:
        return sum(math.comb(n, k) * p**k * (1.0 - p) ** (n - k) for k in range(needed, n + 1))

    return (1.0 - more) * enough(whole) + more * enough(whole + 1)


def mean_warning_delay_s(entry: WarningSatellites) -> float:
    """Mean time in s from the plume clearing the clouds to the warning, for a burn without end: the closed form.

    Half a revisit to the first look, then one less than the negative-binomial mean looks_needed / p_detect.
    """
    looks = round(entry.looks_needed.value) / entry.p_detect.value
    return entry.revisit_s.value * (looks - 0.5) + entry.latency_s.value
