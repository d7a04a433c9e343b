"""Coverage after losses: sensors that fail at random, and whole planes that are missing."""

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.errors import InputError
from opendome.kernel import F64Array

if TYPE_CHECKING:
    import pandas as pd

    from opendome.orbits.constellation import Constellation

COMBINATIONS_MAX = 500


def survivor_table(most: int, n_satellites: int, k: int, p_lost: float | None, n_lost: int | None) -> F64Array:
    """(most + 1,) chance that at least k of n = 0 .. most satellites are left: binomial or hypergeometric."""
    from scipy.stats import binom, hypergeom

    if (p_lost is None) == (n_lost is None):
        raise InputError("p_lost, n_lost\n  give one of them: a probability for each satellite, or how many are lost")
    n = np.arange(most + 1)
    if p_lost is not None:
        if not 0.0 <= p_lost <= 1.0:
            raise InputError(f"p_lost = {p_lost}\n  must be a probability between 0 and 1")
        return np.asarray(binom.sf(k - 1, n, 1.0 - p_lost))
    if not (n_lost == int(n_lost or 0) and 0 <= n_lost <= n_satellites):
        raise InputError(f"n_lost = {n_lost}\n  must be a whole number between 0 and the {n_satellites} satellites")
    return np.asarray(hypergeom.sf(k - 1, n_satellites, n, n_satellites - n_lost))


def plane_losses(constellation: "Constellation", *, n_lost: int, k: int = 1, **conditions: Any) -> "pd.DataFrame":
    """Coverage with every choice of `n_lost` planes taken out: one row each, worst first.

    Columns: planes (those lost), fraction, always, for at least `k` in view. `conditions` as for `coverage`.
    """
    import pandas as pd

    from opendome.orbits.view import coverage

    planes = np.unique(constellation.plane)
    if not 0 <= n_lost < len(planes):
        raise InputError(f"n_lost = {n_lost}\n  must be between 0 and {len(planes) - 1}: there are {len(planes)}")
    choices = comb(len(planes), n_lost)
    if choices > COMBINATIONS_MAX:
        raise InputError(f"n_lost = {n_lost} of {len(planes)} planes\n  is {choices} choices, more than "
                         f"{COMBINATIONS_MAX}\n  hint: pick some yourself: coverage(constellation.keep(...), ...)")
    rows = []
    for lost in combinations(planes.tolist(), n_lost):
        found = coverage(constellation.keep(~np.isin(constellation.plane, lost)), **conditions)
        rows.append({"planes": lost, "fraction": found.fraction(k), "always": found.always(k)})
    return pd.DataFrame(rows).sort_values("fraction", kind="stable", ignore_index=True)
