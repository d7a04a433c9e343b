"""Codes into names, and assumptions into rows: what tables of raids and of campaigns have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.sampling import Assumption

if TYPE_CHECKING:
    import pandas as pd


def labels(codes: Any, names: list[str], valid: Any = None) -> Any:
    """A categorical of names by code; missing where not `valid`."""
    import pandas as pd

    codes = np.where(valid, codes, -1) if valid is not None else codes
    kept = list(dict.fromkeys(names))
    position = np.array([kept.index(name) for name in names] or [0])
    return pd.Categorical.from_codes(np.where(codes >= 0, position[codes], -1), pd.Index(kept, dtype="str"))


def assumption_rows(assumptions: Iterable[Assumption]) -> pd.DataFrame:
    """One row per number that the result rests on."""
    import pandas as pd

    rows = [(a.path, a.quantity.value, a.quantity.low_or_value, a.quantity.high_or_value, a.unit, a.quantity.grade,
             a.quantity.source, a.quantity.why, a.is_sampled) for a in assumptions]
    return pd.DataFrame(rows, columns=["path", "value", "low", "high", "unit", "grade", "source", "why", "sampled"])
