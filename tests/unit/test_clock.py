"""Clocks, sidereal time and the Sun: dates worked out by hand, and what happens beyond the table of leap seconds."""

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from opendome import world
from opendome.errors import InputError

NEW_YEAR_2017 = datetime(2017, 1, 1, tzinfo=UTC)
EQUINOX_2028 = datetime(2028, 3, 20, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize(("utc", "seconds"), [
    (datetime(1972, 1, 1, tzinfo=UTC), 10), (datetime(1985, 6, 30, 23, 59, 59, tzinfo=UTC), 22),
    (datetime(1985, 7, 1, tzinfo=UTC), 23), (NEW_YEAR_2017 - timedelta(microseconds=1), 36), (NEW_YEAR_2017, 37),
    (datetime(2031, 5, 5, tzinfo=UTC), 37)])
def test_leap_seconds(utc, seconds):
    assert world.leap_seconds(utc) == seconds


def test_table_is_in_order_and_says_where_it_is_from():
    table = world.leap_second_table()
    assert list(table.since) == sorted(table.since)
    assert list(table.tai_minus_utc_s) == list(range(10, 38))
    assert "IERS" in table.source
    assert table.since[-1].date() < table.updated < table.expires


def test_before_leap_seconds():
    with pytest.raises(InputError, match="1972"):
        world.leap_seconds(datetime(1971, 12, 31, tzinfo=UTC))


def test_note_says_the_age_and_what_lies_beyond():
    table = world.leap_second_table()
    young = world.leap_second_note(now=datetime(2026, 7, 8, tzinfo=UTC))
    assert "TAI - UTC = 37 s since 2017-01-01" in young
    assert "this month" in young
    assert "missing" not in young
    later = datetime.combine(table.updated + timedelta(days=305), datetime.min.time(), UTC)
    assert "10 months old" in world.leap_second_note(now=later)
    beyond = world.leap_second_note(datetime(2028, 1, 1, tzinfo=UTC), now=later)
    assert "its last value is used for 2028-01-01" in beyond
    past = datetime.combine(table.expires + timedelta(days=1), datetime.min.time(), UTC)
    assert f"is used for {past.date()}" in world.leap_second_note(now=past)
    assert table.expires > date(2026, 12, 31)


def test_there_and_back_between_scales():
    for utc in (NEW_YEAR_2017 - timedelta(seconds=1), NEW_YEAR_2017, datetime(2000, 1, 1, 12, tzinfo=UTC)):
        assert world.utc_from_tai(world.tai_from_utc(utc)) == utc
    assert world.tai_from_utc(NEW_YEAR_2017) == datetime(2017, 1, 1, 0, 0, 37)
    # 32.184 s by definition, and 32 leap seconds then.
    assert world.tt_from_utc(datetime(2000, 1, 1, tzinfo=UTC)) == datetime(2000, 1, 1, 0, 1, 4, 184000)


def test_a_day_with_a_leap_second_is_longer():
    assert world.elapsed_s(NEW_YEAR_2017 - timedelta(days=1), NEW_YEAR_2017) == 86401.0
    assert world.seconds_after(NEW_YEAR_2017 - timedelta(days=1), NEW_YEAR_2017) == 86400.0


def test_sidereal_day():
    # A mean sidereal day is 23 h 56 min 4.0905 s.
    start = datetime(2026, 5, 1, tzinfo=UTC)
    ends = world.sidereal_angle_at(start), world.sidereal_angle_at(start + timedelta(seconds=86164.0905))
    assert math.remainder(ends[1] - ends[0], 2.0 * math.pi) == pytest.approx(0.0, abs=1e-8)
    a_day = world.SIDEREAL_RATE_RAD_S * 86164.0905
    assert a_day == pytest.approx(2.0 * math.pi, abs=1e-8)


def test_sidereal_time_and_earth_angle_part_by_precession():
    # They agree in 2000 and part by 46.1 arc seconds a year: general precession in right ascension.
    years = 28.0
    apart = []
    for year in (2000, 2028):
        instant = datetime(year, 1, 1, 12, tzinfo=UTC)
        apart.append(math.remainder(world.sidereal_angle_at(instant) - world.earth_angle_at(instant), 2.0 * math.pi))
    assert apart[0] == pytest.approx(0.0, abs=1e-6)
    assert math.degrees(apart[1]) * 3600.0 / years == pytest.approx(46.1, abs=0.1)


def test_teme_to_ecef_takes_the_turning_off():
    # A satellite over the equator that goes round with the Earth stands still in ECEF.
    r, w = 42164.0e3, world.WGS84.omega_rad_s
    state = world.ecef_from_teme(r * math.cos(1.0), r * math.sin(1.0), 0.0, -r * w * math.sin(1.0),
                                 r * w * math.cos(1.0), 0.0, 0.25)
    assert state == pytest.approx((r * math.cos(0.75), r * math.sin(0.75), 0.0, 0.0, 0.0, 0.0), abs=1e-6)


def test_sun_at_equinox_and_solstice():
    # Equinox 2028 March 20, 02:17 UTC; solstice June 20, 20:02 UTC (declination 23.44 deg).
    assert world.sun_direction(EQUINOX_2028, frame="teme") == pytest.approx((1.0, 0.0, 0.0), abs=3e-4)
    solstice = world.sun_direction(datetime(2028, 6, 20, 20, 2, tzinfo=UTC))
    assert math.degrees(math.asin(solstice[2])) == pytest.approx(23.436, abs=0.01)


def test_sun_over_the_meridian():
    # Noon at Greenwich; the equation of time is -3.2 min on 1 January 2028, so the Sun stands 0.8 deg east.
    x, y, _ = world.sun_direction(datetime(2028, 1, 1, 12, tzinfo=UTC), frame="ecef")
    assert math.degrees(math.atan2(y, x)) == pytest.approx(0.8, abs=0.1)


def test_sun_frames_agree_and_time_runs():
    t = np.array([0.0, 5000.0, 80000.0])
    eci = world.sun_position(EQUINOX_2028, t)
    ecef = world.sun_position(EQUINOX_2028, t, frame="ecef")
    for k in range(3):
        angle = world.earth_angle(world.earth_angle_at(EQUINOX_2028), t[k])
        assert world.ecef_from_eci(*eci[k], angle) == pytest.approx(tuple(ecef[k]), rel=1e-9, abs=1e3)
    later = world.sun_position(EQUINOX_2028 + timedelta(seconds=80000), frame="eci")
    # The equinox, from which the series counts, goes on by 0.12 arc seconds in that time: 85 km at the Sun.
    assert eci[2] == pytest.approx(later, abs=1e5)


def test_light_and_shadow_behind_the_earth():
    sun = np.array([world.AU_M, 0.0, 0.0])
    a, low = world.WGS84.a_m, 7.0e6
    assert world.sun_share(low, 0.0, 0.0, *sun) == 1.0
    assert world.sun_share(-low, 0.0, 0.0, *sun) == 0.0
    edge = math.sqrt(low**2 - a**2)
    assert 0.4 < world.sun_share(-edge, a, 0.0, *sun) < 0.5
    assert not world.is_sunlit(-edge, a - 1.0, 0.0, *sun)
    assert world.is_sunlit(-edge, a + 1.0, 0.0, *sun)
    # Over the pole the Earth is lower by 21.4 km.
    b = a * (1.0 - world.WGS84.f)
    assert world.is_sunlit(-edge, 0.0, b + 1.0, *sun)
    assert not world.is_sunlit(-edge, 0.0, b - 1.0, *sun)


def test_far_behind_the_earth_the_sun_is_a_ring():
    # The umbra ends 1.38 million km out; at twice that distance the Earth covers the square of the ratio of radii.
    far = 2.76e9
    ratio = world.WGS84.a_m / far / (world.SUN_RADIUS_M / (world.AU_M + far))
    assert world.sun_share(-far, 0.0, 0.0, world.AU_M, 0.0, 0.0) == pytest.approx(1.0 - ratio**2, rel=1e-5)


def test_share_grows_steadily_through_the_penumbra():
    shares = [world.sun_share(-7.0e6, y, 0.0, world.AU_M, 0.0, 0.0) for y in np.linspace(6.33e6, 6.43e6, 201)]
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert (np.diff(shares) >= 0.0).all()
    assert np.diff(shares).max() < 0.02


@pytest.mark.parametrize("angle", [0.0, 1e-9, -0.5, 0.785398, 0.7854, 1.5707963, 3.2, -700.3, 12345.678, 1e6])
def test_branch_free_sine_and_cosine(angle):
    sine, cosine = world.sin_cos(angle)
    assert sine == pytest.approx(math.sin(angle), abs=3e-16)
    assert cosine == pytest.approx(math.cos(angle), abs=3e-16)
