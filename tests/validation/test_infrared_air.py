"""Transmission of the air against LOWTRAN 7.

verifies    sensing/infrared/air.py: transmission_of_band (interpolation in altitude, growth with the slant, airmass)
source      LOWTRAN 7 (Kneizys and others 1988, AFGL-TR-88-0177), run by scripts/make_transmission.py
inputs      four bands, averaged with the spectrum of a grey body at 1,800 K; nine altitudes from 0 to 35 km and seven
            angles from 0 to 90 degrees from the vertical; our table holds neither these altitudes (but the ground) nor
            these angles (but 0)
tolerance   0.01 up to 80 degrees, 0.03 at 85; 0.15 at the horizon, where one scale height stands for water and ozone
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from opendome import sensing

CASES = Path(__file__).parent / "data" / "lowtran_cases.csv"
TOLERANCE = {80.0: 0.01, 85.0: 0.03, 90.0: 0.15}
"""By the largest angle from the vertical."""


def cases():
    """Rows by band: altitude in km, angle from the vertical in degrees, transmission."""
    found = defaultdict(list)
    with CASES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = [float(row[name]) for name in ("low_um", "high_um", "alt_km", "zenith_deg", "transmission")]
            found[values[0], values[1]].append(values[2:])
    return found


@pytest.mark.parametrize("band", cases(), ids=str)
def test_transmission(validation, band):
    for least, most in ((0.0, 80.0), (85.0, 85.0), (90.0, 90.0)):
        worst, said = 0.0, (0.0, 0.0, 0.0)
        for alt_km, zenith_deg, published in cases()[band]:
            if least <= zenith_deg <= most:
                ours = sensing.transmission_of_band(*band, alt_km=alt_km, elevation_deg=90.0 - zenith_deg)
                if abs(ours - published) >= worst:
                    worst, said = abs(ours - published), (alt_km, published, ours)
        angle = f"{least:.0f} to {most:.0f}" if least < most else f"{most:.0f}"
        validation(f"{band[0]:g} to {band[1]:g} um, {angle} degrees, worst at {said[0]:g} km", said[1], said[2],
                   TOLERANCE[most], "-")
