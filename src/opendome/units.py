"""Conversions between what people write (km, deg, min) and what kernels use (m, rad, s).

The suffix of a name is its unit; this module is where suffixes are converted.
Standard gravity, the foot and the slug are exact by definition; the rest are powers of ten and pi.
"""

import math

RAD_PER_DEG = math.pi / 180.0
DEG_PER_RAD = 180.0 / math.pi
M_PER_KM = 1000.0
M_PER_FT = 0.3048
KG_PER_SLUG = 14.593902937206364
G0_M_S2 = 9.80665

SUFFIXES: dict[str, str] = {
    "_m": "metres",
    "_km": "kilometres",
    "_s": "seconds",
    "_min": "minutes",
    "_h": "hours",
    "_days": "days",
    "_months": "months",
    "_years": "years",
    "_per_day": "per day",
    "_per_month": "per month",
    "_per_year": "per year",
    "_deg": "degrees",
    "_rad": "radians",
    "_mrad": "milliradians",
    "_m_s": "metres per second",
    "_km_s": "kilometres per second",
    "_kg": "kilograms",
    "_kg_m2": "kilograms per square metre",
    "_m2": "square metres",
    "_db": "decibels",
    "_um": "micrometres",
    "_urad": "microradians",
    "_kw_sr": "kilowatts per steradian",
    "_w_m2": "watts per square metre",
    "_k": "kelvins",
    "_g": "standard gravities",
    "_usd": "US dollars",
    "_musd": "millions of US dollars",
    "_musd_per_year": "millions of US dollars per year",
    "_usd_per_kg": "US dollars per kilogram",
}
"""The unit suffixes a scenario or catalogue may use, in words."""


def unit_of(name: str) -> str:
    """The unit in words that a name's suffix stands for, or "" for a pure number."""
    name = name.replace(".per_", "._per_")  # a rate may be a name of its own: lines.x.per_year
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return SUFFIXES[suffix]
    return ""


def db_to_ratio(value_db: float) -> float:
    """Power ratio, linear, of a value in decibels."""
    return float(10.0 ** (value_db / 10.0))
