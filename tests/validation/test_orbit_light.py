"""Eclipses against the closed form.

verifies    orbits: eclipse_share, eclipses; world: Sun, shadow
source      geometry: asin(R / r) / pi of a revolution in an infinitely long shadow with the Sun in the plane;
            geostationary eclipses of at most 72 minutes at the equinoxes (operators' figure)
inputs      equatorial orbits at the equinox of 2028, 300 km to the geostationary height
tolerance   2e-4 of a revolution: the Sun moves on by 1.7e-4 of one, and 7,200 samples are 0.7e-4 apart
"""

import math
from datetime import UTC, datetime

import pytest

from opendome.orbits import eclipse_share, eclipses, geostationary, listed
from opendome.world import WGS84

EQUINOX = datetime(2028, 3, 20, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize("altitude_km", [300.0, 550.0, 1000.0, 2000.0, 10000.0, 35786.0])
def test_share_with_the_sun_in_the_plane(altitude_km, validation):
    made = listed(altitude_km=altitude_km, inclination_deg=0.0, epoch=EQUINOX)
    expected = math.asin(WGS84.a_m / made.elements.a_m[0]) / math.pi
    validation(f"share of a revolution in shadow at {altitude_km:,.0f} km", expected,
               float(eclipse_share(made, samples=7200)[0]), 2e-4, "of a revolution")


def test_longest_geostationary_eclipse(validation):
    # On the night of the equinox; 0.5 min for the digits.
    made = geostationary(longitudes_deg=[0.0], epoch=datetime(2028, 3, 19, 18, tzinfo=UTC))
    found = eclipses(made, duration_s=43200.0, below=1.0)
    validation("longest geostationary eclipse", 72.0, float(found.end_s[0] - found.begin_s[0]) / 60.0, 0.5, "min")
