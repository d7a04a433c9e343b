"""Ground tracks, beta angles and eclipses in cases that can be drawn on paper."""

import math
from datetime import UTC, datetime

import numpy as np
import pytest

from opendome.errors import InputError
from opendome.orbits import beta_angle_deg, eclipse_share, eclipses, geostationary, ground_track, listed, sun_shares
from opendome.units import RAD_PER_DEG
from opendome.world import WGS84, earth_angle_at, sun_direction

EQUINOX = datetime(2028, 3, 20, 2, 17, tzinfo=UTC)
SOLSTICE = datetime(2028, 6, 20, 20, 2, tzinfo=UTC)


def test_ground_track_begins_at_the_node_and_climbs():
    node = math.degrees(earth_angle_at(EQUINOX)) + 30.0
    made = listed(altitude_km=550.0, inclination_deg=90.0, raan_deg=node, epoch=EQUINOX)
    track = ground_track(made, [0.0, made.period_s[0] / 4.0])
    assert track.lat_deg[:, 0] == pytest.approx([0.0, 90.0], abs=1e-3)
    assert track.lon_deg[0, 0] == pytest.approx(30.0, abs=1e-6)
    # 550 km above the equator is 571.4 km above the pole, which lies lower.
    assert track.alt_m[:, 0] == pytest.approx([550.0e3, 571.385e3], abs=10.0)


def test_beta_of_an_equatorial_orbit_is_the_suns_declination():
    made = listed(altitude_km=600.0, inclination_deg=0.0, epoch=SOLSTICE)
    assert beta_angle_deg(made)[0, 0] == pytest.approx(23.436, abs=0.01)
    assert beta_angle_deg(made, [0.0, 182.6 * 86400.0])[1, 0] == pytest.approx(-23.43, abs=0.05)


def test_beta_over_the_terminator():
    # A polar orbit whose node is a quarter turn from the Sun's right ascension faces the Sun at the equinox.
    x, y, _ = sun_direction(EQUINOX)
    node_deg = math.degrees(math.atan2(y, x)) + 90.0
    made = listed(altitude_km=600.0, inclination_deg=90.0, raan_deg=node_deg, epoch=EQUINOX)
    assert beta_angle_deg(made)[0, 0] == pytest.approx(90.0, abs=0.1)
    assert eclipse_share(made)[0] == 0.0


def test_share_of_a_revolution_in_shadow():
    # Beta 0 over the equator: asin(R / r) / pi of the revolution; half-covered at the edge of the cylinder.
    made = listed(altitude_km=[300.0, 1000.0, 35786.0], inclination_deg=0.0, epoch=EQUINOX)
    r = made.elements.a_m
    assert eclipse_share(made) == pytest.approx(np.arcsin(WGS84.a_m / r) / math.pi, abs=7e-4)


def test_high_beta_shortens_the_shadow():
    # cos(half the arc) = sqrt(1 - (R / r)^2) / cos(beta) on a sphere; the inclined cut of the ellipsoid is 0.1 % off.
    made = listed(altitude_km=800.0, inclination_deg=60.0, raan_deg=np.arange(0.0, 360.0, 30.0), epoch=EQUINOX)
    beta = beta_angle_deg(made)[0] * RAD_PER_DEG
    cosine = math.sqrt(1.0 - (6371.0088 / 7178.137) ** 2) / np.cos(beta)
    expected = np.where(cosine < 1.0, np.arccos(np.minimum(cosine, 1.0)) / math.pi, 0.0)
    found = eclipse_share(made)
    clear = expected > 0.2  # not where the orbit only grazes the shadow, whose shape then tells
    assert found[clear] == pytest.approx(expected[clear], abs=0.004)
    assert clear.sum() >= 8


def test_eclipses_begin_and_end_once_a_revolution():
    made = listed(altitude_km=550.0, inclination_deg=0.0, mean_anomaly_deg=[0.0, 180.0], epoch=EQUINOX)
    period = made.period_s[0]
    found = eclipses(made, duration_s=3.0 * period)
    whole = (found.begin_s > 0.0) & (found.end_s < 3.0 * period)
    assert found.satellite.tolist() == sorted(found.satellite.tolist())
    assert 2 <= (found.satellite[whole] == 0).sum() <= 3
    # In three revolutions the Sun moves a fifth of a degree: the eclipse is longer than its share by 1 s.
    assert (found.end_s - found.begin_s)[whole] == pytest.approx(period * eclipse_share(made)[0], abs=3.0)


def test_umbra_is_shorter_than_umbra_and_penumbra():
    made = listed(altitude_km=550.0, inclination_deg=0.0, epoch=EQUINOX)

    def total(below):
        found = eclipses(made, duration_s=made.period_s[0], below=below)
        return (found.end_s - found.begin_s).sum()

    umbra, half, both = total(1e-9), total(0.5), total(1.0)
    # The Sun's disc, 0.533 deg, passes the edge in 0.533 / 360 of 95.6 min at right angles, and slower aslant.
    assert umbra < half < both
    assert 2.0 * 8.0 < both - umbra < 2.0 * 12.0


def test_geostationary_satellites_have_seasons():
    assert eclipse_share(geostationary(longitudes_deg=[0.0], epoch=EQUINOX))[0] > 0.045
    assert eclipse_share(geostationary(longitudes_deg=[0.0], epoch=SOLSTICE))[0] == 0.0


def test_shares_are_shares():
    made = listed(altitude_km=550.0, inclination_deg=53.0, mean_anomaly_deg=np.arange(0.0, 360.0, 60.0))
    shares = sun_shares(made, np.arange(0.0, 6000.0, 100.0))
    assert shares.shape == (60, 6)
    assert 0.0 == shares.min() < shares.max() == 1.0


def test_eclipses_refuse():
    made = listed(altitude_km=550.0, inclination_deg=53.0)
    for wrong in ({"duration_s": 0.0}, {"duration_s": 100.0, "below": 0.0}, {"duration_s": 100.0, "step_s": 200.0}):
        with pytest.raises(InputError, match="must be above zero"):
            eclipses(made, **wrong)
