"""Infrared looks: geometry, background, signal, detection, lines of sight, stereo; worked by hand and drawn."""

import math

import numpy as np
import pytest

from opendome import sensing
from opendome.errors import InputError
from opendome.kernel import pack
from opendome.sensing.infrared.look import lowest_point
from opendome.world import ecef_from_geodetic
from sample_sensors import A, entry

SAT = (A + 1e6, 0.0, 0.0)


def eyes(**changes):
    return pack(sensing.lower_eyes([sensing.InfraredSite("one", entry(**changes))]))


def seen(table, target, intensity_w_sr=1e5, satellite=SAT):
    return sensing.look_ir(table, 0, *satellite, *target, intensity_w_sr)


def at(angle_deg, alt_m):
    """A point over the equator, so far around from below the satellite."""
    r = A + alt_m
    return r * math.cos(math.radians(angle_deg)), r * math.sin(math.radians(angle_deg)), 0.0


def test_detection_by_hand():
    assert sensing.p_detect_ir(6.0, 6.0) == 0.5
    assert sensing.p_detect_ir(7.0, 6.0) == pytest.approx(0.8413447, abs=1e-7)
    assert sensing.p_detect_ir(0.0, 6.0) == pytest.approx(9.866e-10, rel=1e-3)  # noise alone crosses


def test_signal_by_hand():
    table = eyes()
    # 1 W/sr over (1,000 km)^2 is 1e-12 W/m2: one noise width against cold space.
    assert sensing.signal_to_noise(table, 0, 1.0, 1e6, 1.0, 1.0) == pytest.approx(1.0)
    assert sensing.signal_to_noise(table, 0, 8.0, 2e6, 0.5, 10.0) == pytest.approx(0.1)


def test_noise_from_a_published_threshold():
    given = entry(nei_w_m2=None, threshold_kw_sr=6, threshold_range_km=38000)
    noise = sensing.noise_equivalent_w_m2(sensing.InfraredSite("one", given))
    assert noise == pytest.approx(6000 / (38e6**2 * 6))
    # So the threshold is seen half of the time from that distance.
    assert sensing.infrared_range_km(given, 6000.0) == pytest.approx(38000)
    assert sensing.infrared_range_km(given, 6000.0, "earth") == pytest.approx(3800)
    with pytest.raises(InputError, match="background"):
        sensing.infrared_range_km(given, 6000.0, "sea")
    with pytest.raises(InputError, match="intensity_w_sr"):
        sensing.infrared_range_km(given, 0.0)


def test_straight_down_the_earth_is_behind():
    p, snr = seen(eyes(), at(0.0, 200e3), 6e2 * 0.8**2)
    assert snr == pytest.approx(6.0)
    assert p == pytest.approx(0.5)


def test_lowest_point_of_a_tangent():
    for height_m in (0.0, 50e3, 100e3):
        x = A + height_m
        along, found_m = lowest_point(x, -2e6, 0.0, 0.0, 4e6, 0.0)
        assert (along, found_m) == pytest.approx((0.5, height_m))
    polar = ecef_from_geodetic(math.radians(90.0), 0.0, 60e3)
    _, found_m = lowest_point(-2e6, 0.0, polar[2], 4e6, 0.0, 0.0)
    assert found_m == pytest.approx(60e3, abs=400.0)


def test_background_goes_by_the_line_carried_on():
    """Lines of sight from 1,000 km that end on the Earth, cross the limb, pass above it; the target is nearer."""
    table = eyes()
    bright = 1e9
    factors = []
    for lowest_km in (-20.0, 30.0, 90.0):
        # A line with that lowest point, seen at six tenths of the way to it.
        x = math.sqrt((A + 1e6) ** 2 - (A + 1e3 * lowest_km) ** 2)
        satellite, target = (A + 1e3 * lowest_km, -x, 0.0), (A + 1e3 * lowest_km, -0.4 * x, 0.0)
        _, snr = seen(table, target, bright, satellite)
        factors.append(bright / ((0.6 * x) ** 2 * 1e-12 * snr))
    assert factors == pytest.approx([100.0, 10.0, 1.0], rel=1e-9)
    assert [sensing.background_of(h, True, 60e3) for h in (-1.0, 0.0, 6e4)] == [
        sensing.EARTH, sensing.LIMB, sensing.SPACE]
    assert sensing.background_of(-5e6, False, 60e3) == sensing.SPACE  # looks up


def test_only_cold_space_will_do_where_the_sensor_needs_it():
    target = at(30.0, 900e3)  # the line passes high over the Earth
    assert seen(eyes(needs_cold_space=True), target)[0] > 0.99
    assert seen(eyes(needs_cold_space=True), at(5.0, 200e3)) == (0.0, 0.0)
    assert seen(eyes(), at(5.0, 200e3))[0] > 0.99


def test_behind_the_earth_is_hidden():
    # The horizon of 1,000 km is 30.2 degrees away; 200 km over the ground is hidden from 44.3 degrees on.
    assert seen(eyes(), at(44.0, 200e3), 1e9)[0] > 0.99
    assert seen(eyes(), at(44.6, 200e3), 1e9) == (0.0, 0.0)
    assert seen(eyes(), at(180.0, 200e3), 1e9) == (0.0, 0.0)


def test_field_of_regard_is_a_cone_about_straight_down():
    table = eyes(field_of_regard_deg=100)
    for off_deg, is_in in ((49.9, True), (50.1, False)):
        off = math.radians(off_deg)
        target = (SAT[0] - 7e5 * math.cos(off), 7e5 * math.sin(off), 0.0)
        assert (seen(table, target, 1e9)[0] > 0.99) is is_in
    up = (SAT[0] + 5e5, 1e5, 0.0)
    assert seen(eyes(field_of_regard_deg=360), up)[0] > 0.99
    assert seen(eyes(field_of_regard_deg=180), up) == (0.0, 0.0)


def test_clouds_hide_what_is_below_them():
    assert seen(eyes(), at(0.0, 7.9e3), 1e9) == (0.0, 0.0)
    assert seen(eyes(), at(0.0, 8.1e3), 1e9)[0] > 0.99


def test_air_weakens_the_signal_as_its_table_says():
    table = eyes(cloud_break_km=0)
    for angle_deg, alt_m in ((0.0, 5e3), (8.0, 10e3), (20.0, 3e3)):
        target = at(angle_deg, alt_m)
        d = np.array(SAT) - target
        sin_el = d @ target / (np.linalg.norm(d) * np.linalg.norm(target))
        expected = sensing.transmission_of_band(8.0, 12.0, alt_km=alt_m / 1e3,
                                                elevation_deg=math.degrees(math.asin(sin_el)))
        bright = 1e9
        _, snr = seen(table, target, bright)
        assert snr == pytest.approx(expected * bright / (d @ d * 1e-10), rel=1e-6)
        columns, _ = sensing.airmass(alt_m, sin_el)
        assert sensing.transmission(table, 0, alt_m, columns) == pytest.approx(expected, rel=1e-6)


def test_a_line_that_dips_into_the_air_is_weakened():
    table = eyes(limb_km=10)
    x = math.sqrt((A + 1e6) ** 2 - (A + 20e3) ** 2)
    satellite, target = (A + 20e3, -x, 0.0), (A + 20e3, 0.9e6, 0.0)
    _, snr = seen(table, target, 1e9, satellite)
    weakened = snr * ((x + 0.9e6) ** 2 * 1e-12) / 1e9
    assert 0.3 < weakened < 0.9
    straight_out = (A + 20e3, -0.9e6, 0.0)  # before the lowest point, at the same height of 83 km: no air on the way
    _, snr = seen(table, straight_out, 1e9, satellite)
    assert snr * ((x - 0.9e6) ** 2 * 1e-12) / 1e9 == pytest.approx(1.0)


def test_hopelessly_faint_is_nothing():
    assert seen(eyes(), at(0.0, 200e3), 600 * 0.8**2 / 6 * 1.99) == (0.0, 0.0)
    assert seen(eyes(), at(0.0, 200e3), 600 * 0.8**2 / 6 * 2.01)[0] > 0.0


def test_body_in_the_band_of_a_sensor():
    table = eyes()
    assert sensing.body_intensity(table, 0, 2.0, 0.1, 500e3, 7e3) == pytest.approx(
        2.0 * sensing.planck_band(300.0, 8.0, 12.0))
    assert sensing.body_intensity(table, 0, 2.0, 0.1, 60e3, 7e3) == pytest.approx(
        sensing.heated_intensity(8.0, 12.0, 2.0, 0.1, 60e3, 7e3))


@pytest.mark.parametrize(("values", "says"), [
    ({"aperture": 1.0}, r"one.aperture\n  is no value of the kind 'infrared'\n  hint: did you mean aperture_m"),
    ({"threshold_kw_sr": 5.0}, "is not how this sensor states its sensitivity"),
    ({"band_max_um": 7.0}, "shorter end first"),
    ({"band_max_um": 20.0}, "where the air is known"),
])
def test_nonsense_is_refused(values, says):
    with pytest.raises(InputError, match=says):
        sensing.lower_eyes([sensing.InfraredSite("one", entry(), values)])


def test_sampled_values_replace_those_of_the_entry():
    table = sensing.lower_eyes([sensing.InfraredSite("one", entry(), {"nei_w_m2": 3e-12, "looks_needed": 2.4})])
    assert table.nei_w_m2[0] == 3e-12
    assert table.looks_needed[0] == 2
    assert len(sensing.lower_eyes([]).nei_w_m2) == 0


# ---- lines of sight ------------------------------------------------------------------------------------------------


def test_line_of_sight_error_by_hand():
    # Spot: 100 urad / sqrt(12) = 28.87 and 0.42 x 10 um / 0.2 m = 21 urad, together 35.70 urad.
    assert sensing.sigma_los_rad(eyes(), 0, 10.0) == pytest.approx(1e-6 * math.hypot(20, 35.70 * math.sqrt(2) / 10),
                                                                  rel=1e-4)
    assert sensing.sigma_los_rad(eyes(), 0, 1e9) == pytest.approx(20e-6)
    assert sensing.sigma_los_rad(eyes(), 0, 0.1) == pytest.approx(1e-6 * math.hypot(20, 35.70), rel=1e-4)


def test_the_place_of_a_spot_can_be_read_as_well_as_its_bound_says():
    """Least squares on drawn images of a Gaussian spot in white noise: the error is sqrt(2) s / snr."""
    draw, s, noise, snr = np.random.default_rng(4), 2.0, 1.0, 30.0
    x = np.arange(-12, 13)
    spot = np.exp(-0.5 * (x[:, None] ** 2 + x[None, :] ** 2) / s**2)
    amplitude = snr * noise / math.sqrt((spot**2).sum())
    slope = amplitude * spot * x[:, None] / s**2  # of the image by the spot's place
    errors = [(slope * draw.normal(0, noise, spot.shape)).sum() / (slope**2).sum() for _ in range(4000)]
    assert np.std(errors) == pytest.approx(math.sqrt(2) * s / snr, rel=4 / math.sqrt(8000))


def test_measured_lines_spread_as_stated():
    table, target, draw = eyes(), at(12.0, 250e3), np.random.default_rng(6)
    true = np.array(target) - SAT
    true /= np.linalg.norm(true)
    found = np.array([sensing.measure_ir(table, 0, *SAT, *target, 8.0, *draw.standard_normal(2)) for _ in range(4000)])
    assert np.linalg.norm(found[:, :3], axis=1) == pytest.approx(1.0)
    frame = np.array(sensing.across(*true)).reshape(2, 3)
    spread = (found[:, :3] @ frame.T).std(axis=0) / sensing.sigma_los_rad(table, 0, 8.0)
    assert np.all(np.abs(spread - 1.0) < 4 / math.sqrt(8000))


def test_two_true_lines_meet_at_the_target():
    a, b, target = np.array(SAT), np.array([5e6, 4.5e6, 2e6]), np.array([6.2e6, 1.5e6, 1.4e6])
    u, v = (target - a) / np.linalg.norm(target - a), (target - b) / np.linalg.norm(target - b)
    range_m, ux, uy, uz, sigma_range_m, sigma_angle_rad = sensing.stereo(*a, *u, 1e-5, *b, *v, 2e-5)
    assert np.allclose(a + range_m * np.array([ux, uy, uz]), target, atol=1e-3)
    cos = u @ v
    own, other = np.linalg.norm(target - a) * 1e-5 * cos, np.linalg.norm(target - b) * 2e-5
    assert sigma_range_m == pytest.approx(math.hypot(own, other) / math.sqrt(1 - cos * cos))
    assert sigma_angle_rad == 1e-5


def test_stereo_spreads_as_stated():
    a, b, target = np.array(SAT), np.array([5e6, 4.5e6, 2e6]), np.array([6.2e6, 1.5e6, 1.4e6])
    draw, ranges, stated = np.random.default_rng(8), [], 0.0
    lines = [(target - s) / np.linalg.norm(target - s) for s in (a, b)]
    frames = [np.array(sensing.across(*u)).reshape(2, 3) for u in lines]
    for _ in range(4000):
        u, v = (line + 3e-5 * draw.standard_normal(2) @ frame for line, frame in zip(lines, frames, strict=True))
        u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
        range_m, _, _, _, stated, _ = sensing.stereo(*a, *u, 3e-5, *b, *v, 3e-5)
        ranges.append(range_m - np.linalg.norm(target - a))
    assert np.std(ranges) == pytest.approx(stated, rel=4 / math.sqrt(8000))
    assert abs(np.mean(ranges)) < 4 * stated / math.sqrt(4000)


def test_lines_that_do_not_meet_give_no_range():
    a, b = SAT, (SAT[0], 1e6, 0.0)
    along = (-1.0, 0.0, 0.0)
    assert sensing.stereo(*a, *along, 1e-5, *b, *along, 1e-5)[4] == math.inf
    apart = (-math.sqrt(0.5), math.sqrt(0.5), 0.0)
    assert sensing.stereo(*a, *along, 1e-5, *b, *apart, 1e-5)[4] == math.inf
    behind_b = (math.sqrt(0.5), math.sqrt(0.5), 0.0)  # the lines cross ahead of A, but behind B
    assert sensing.stereo(*a, *along, 1e-5, SAT[0] - 5e5, 1e6, 0.0, *behind_b, 1e-5)[4] == math.inf
