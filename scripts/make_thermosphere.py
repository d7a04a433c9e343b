"""Write src/opendome/data/thermosphere.csv: the mean density of the thin upper air by altitude and solar flux.

NRLMSISE-00 (Picone et al. 2002, doi 10.1029/2002JA009430) through pymsis, averaged over the globe by area, over local
time and over the year, for a daily and an 81-day F10.7 that are equal, and Ap = 12 throughout. Needs
`pip install pymsis==0.13.0`, which nothing else here does.
"""

from pathlib import Path

import numpy as np
import pymsis

ALTITUDES_KM = [*range(100, 160, 10), *range(160, 300, 20), *range(300, 500, 25), *range(500, 1000, 50),
                *range(1000, 1501, 100)]
FLUX_SFU = [70, 100, 150, 200, 250]
AP = 12.0
OUT = Path(__file__).parents[1] / "src" / "opendome" / "data" / "thermosphere.csv"


def mean_density(flux: float) -> np.ndarray:
    """Mean density in kg/m3 at every altitude."""
    days = np.datetime64("2001-01-15T00:00") + np.arange(12) * np.timedelta64(30 * 24 * 60 + 7 * 24 * 6, "m")
    lon = np.arange(0.0, 360.0, 30.0)
    sines = (np.arange(12) + 0.5) / 6.0 - 1.0
    lat = np.degrees(np.arcsin(sines))
    n = len(days)
    out = pymsis.calculate(days, lon, lat, np.array(ALTITUDES_KM, float), [flux] * n, [flux] * n, [[AP] * 7] * n,
                           version=0)
    return out[..., pymsis.Variable.MASS_DENSITY].mean(axis=(0, 1, 2))


def main() -> None:
    """Run the model and write the table."""
    columns = [mean_density(flux) for flux in FLUX_SFU]
    lines = ["# Mean density in kg/m3 by altitude in km, for F10.7 in solar flux units.",
             "# NRLMSISE-00 averaged over globe, local time and year, Ap 12: scripts/make_thermosphere.py",
             "altitude_km," + ",".join(str(flux) for flux in FLUX_SFU)]
    lines += [f"{alt}," + ",".join(f"{column[i]:.4e}" for column in columns) for i, alt in enumerate(ALTITUDES_KM)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
