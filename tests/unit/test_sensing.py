"""Radars and warning satellites: worked numbers, target statistics, geometry, errors."""

import math

import numpy as np
import pytest

from opendome import sensing, world
from opendome.catalogue.entries import Radar
from opendome.errors import InputError
from sample_radar import RADAR
from sample_radar import radar_site as site

LAT, LON = 24.0, 54.0


def place(radars, azimuth_deg, elevation_deg, range_m):
    """The ECEF point at a geometric azimuth, elevation and range of the first radar."""
    az, el = math.radians(azimuth_deg), math.radians(elevation_deg)
    enu = np.array([math.sin(az) * math.cos(el), math.cos(az) * math.cos(el), math.sin(el)]) * range_m
    return tuple(radars.r_ecef_m[0] + radars.c_enu_ecef[0].T @ enu)


def p_of(radars, azimuth_deg, elevation_deg, range_m, rcs_m2=1.0, gain=1.0):
    return sensing.look(radars, 0, *place(radars, azimuth_deg, elevation_deg, range_m), rcs_m2, 1, gain)[0]


def test_signal_by_hand():
    # Half the range: 16 times the signal; a tenth of the cross-section: a tenth.
    assert sensing.radar_snr(100e3, 0.1, 200e3, 1.0, 20.0) == pytest.approx(20.0 * 16 * 0.1)


def test_detection_by_hand():
    assert sensing.p_detect(19.0, 1e-6, 1) == pytest.approx(1e-6 ** (1 / 20))  # 0.501
    for swerling in (1, 3):
        assert sensing.p_detect(0.0, 1e-4, swerling) == pytest.approx(1e-4)  # noise alone: the false-alarm rate


@pytest.mark.parametrize(("swerling", "looks"), [(1, 2), (3, 4)])
@pytest.mark.parametrize("snr", [2.0, 10.0, 40.0])
def test_detection_of_drawn_targets(swerling, looks, snr):
    """Swerling 1: signal power is exponential (chi-square, 2 degrees of freedom); 3: 4 degrees of freedom."""
    draw = np.random.default_rng(5)
    n, p_false_alarm = 200_000, 1e-3
    power = snr * draw.chisquare(looks, n) / looks
    amplitude = np.sqrt(2.0 * power)
    envelope2 = (amplitude + draw.standard_normal(n)) ** 2 + draw.standard_normal(n) ** 2
    drawn = np.mean(0.5 * envelope2 > -math.log(p_false_alarm))
    p = sensing.p_detect(snr, p_false_alarm, swerling)
    assert abs(drawn - p) < 4 * math.sqrt(p * (1 - p) / n)


@pytest.mark.parametrize("swerling", [1, 3])
def test_more_signal_never_lowers_detection(swerling):
    p = [sensing.p_detect(snr, 1e-6, swerling) for snr in np.geomspace(1e-3, 1e5, 400)]
    assert np.all(np.diff(p) >= 0)
    assert p[-1] > 0.999


def test_detection_range_round_trip():
    entry = Radar(**RADAR)
    for swerling in (1, 3):
        range_km = sensing.detection_range_km(entry, 0.5, 0.8, swerling)
        snr = sensing.radar_snr(range_km * 1e3, 0.5, 200e3, 1.0, 10**1.3)
        assert sensing.p_detect(snr, 1e-6, swerling) == pytest.approx(0.8, abs=1e-9)
    assert sensing.detection_range_km(entry, 1e6, 0.8) == 400.0  # instrumented range
    with pytest.raises(InputError, match="p_detect"):
        sensing.detection_range_km(entry, 1.0, 1.0)


def test_coverage_ends_at_its_edges():
    radars = sensing.lower_radars([site()])
    assert p_of(radars, 90, 20, 150e3) > 0.7
    assert p_of(radars, 90, 20, 399e3, gain=100.0) > 0 == p_of(radars, 90, 20, 401e3, gain=100.0)
    assert p_of(radars, 149, 20, 150e3) > 0 == p_of(radars, 151, 20, 150e3)
    assert p_of(radars, 31, 20, 150e3) > 0 == p_of(radars, 29, 20, 150e3)
    assert p_of(radars, 90, 79, 50e3) > 0 == p_of(radars, 90, 81, 50e3)
    everywhere = sensing.lower_radars([site(sector_deg=360.0)])
    assert p_of(everywhere, 270, 20, 150e3) == pytest.approx(p_of(radars, 90, 20, 150e3))


def test_elevation_limit_is_of_the_refracted_ray():
    radars = sensing.lower_radars([site(el_min_deg=1.0)])
    lifted_deg = math.degrees(sensing.bending(150e3, math.sin(math.radians(1.0))))
    assert p_of(radars, 90, 1.01 - lifted_deg, 150e3) > 0 == p_of(radars, 90, 0.98 - lifted_deg, 150e3)


def test_bending_against_a_traced_ray():
    """Snell's law in shells of the reference air of ITU-R P.453, N = 315 exp(-h / 7.35 km)."""
    h = np.concatenate([np.linspace(0, 30e3, 30001), np.linspace(30e3, 1500e3, 40001)[1:]])
    radius, index = world.MEAN_RADIUS_M + h, 1 + 315e-6 * np.exp(-h / 7350)
    for el_deg in (0.05, 0.5, 1.0, 2.0, 5.0, 20.0):
        # n r cos(el) is constant along the ray.
        cos_el = index[0] * radius[0] * math.cos(math.radians(el_deg)) / (index * radius)
        middle = 0.5 * (cos_el[1:] + cos_el[:-1])
        angle = np.concatenate([[0], np.cumsum(np.diff(h) / (0.5 * (radius[1:] + radius[:-1]))
                                               * middle / np.sqrt(1 - middle**2))])
        across, up = radius * np.sin(angle), radius * np.cos(angle) - radius[0]
        range_m = np.hypot(across, up)
        for wanted in (50e3, 200e3, 600e3, 2000e3):
            i = np.searchsorted(range_m, wanted)
            true_el = math.atan2(up[i], across[i])
            lifted = math.radians(el_deg) - true_el
            limit = 1.0e-3 if wanted <= 200e3 else 2.5e-3
            assert abs(sensing.bending(range_m[i], math.sin(true_el)) - lifted) < limit, (el_deg, wanted)


def test_low_flyer_rises_over_the_horizon():
    radars = sensing.lower_radars([site(range_ref_km=2000.0, sector_deg=360.0)])

    def seen(distance_km):
        lat, lon = world.geodesic_direct(lat_deg=LAT, lon_deg=LON, azimuth_deg=45.0, distance_km=distance_km)
        x, y, z = world.ecef_from_geodetic(math.radians(lat), math.radians(lon), 100.0)
        return sensing.look(radars, 0, x, y, z, 1.0, 1, 1.0)[0] > 0

    # Effective Earth 8,495 km: sqrt(2 r 10 m) + sqrt(2 r 100 m) = 13.0 + 41.2 km.
    assert seen(53.9)
    assert not seen(54.6)


def test_nothing_is_seen_beyond_reach():
    radars = sensing.lower_radars([site(sector_deg=360.0), site("weak", sector_deg=360.0, range_ref_km=30.0)])
    draw = np.random.default_rng(3)
    seen = 0
    for alt_max in (50.0, 1000.0, 12e3, 300e3):
        for s in (0, 1):
            reach = sensing.reach(radars, s, 0.3, alt_max, 2.0)
            for _ in range(400):
                lat, lon = world.geodesic_direct(lat_deg=LAT, lon_deg=LON, azimuth_deg=draw.uniform(0, 360),
                                                 distance_km=draw.uniform(0, 1.2 * reach / 1e3))
                r = world.ecef_from_geodetic(math.radians(lat), math.radians(lon), alt_max * draw.uniform(0.5, 1))
                p, _ = sensing.look(radars, s, *r, 0.3, 1, 2.0)
                q, _ = sensing.look(radars, s, *r, 0.3, 3, 2.0)
                assert (p == 0 and q == 0) or math.dist(r, radars.r_ecef_m[s]) <= reach
                seen += p > 0
    assert seen > 500


def test_measurement_errors_grow_as_signal_falls():
    radars = sensing.lower_radars([site()])
    r = place(radars, 80, 30, 180e3)
    for snr in (5.0, 10**1.3, 80.0, 1e9):
        sigma_range, sigma_angle = sensing.measurement_errors(radars, 0, snr)
        scale = max(math.sqrt(10**1.3 / snr), 0.1)
        assert sigma_range == pytest.approx(30 * scale)
        assert sigma_angle == pytest.approx(2e-3 * scale)
        draw = np.random.default_rng(2)
        found = np.array([sensing.measure(radars, 0, *r, snr, *draw.standard_normal(3)) for _ in range(4000)])
        points = radars.r_ecef_m[0] + found[:, :1] * found[:, 1:4]
        error = (points - r) @ np.array(sensing_axes(radars, r)).T
        spread = error.std(axis=0) / [sigma_range, sigma_angle * 180e3, sigma_angle * 180e3]
        assert np.all(np.abs(spread - 1) < 4 / math.sqrt(8000))


def sensing_axes(radars, r):
    u = (np.array(r) - radars.r_ecef_m[0]) / math.dist(r, radars.r_ecef_m[0])
    p = np.array(sensing.across(*u))
    return [u, p[:3], p[3:]]


@pytest.mark.parametrize("u", [(0, 0, 1), (0, 0, -1), (1, 0, 0), (0.6, -0.8, 0), (-0.36, 0.48, -0.8)])
def test_frame_across_is_orthonormal(u):
    p = np.array(sensing.across(*map(float, u)))
    axes = np.array([u, p[:3], p[3:]])
    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-15)
    assert np.linalg.det(axes) == pytest.approx(1.0)


def test_azimuth_and_elevation_come_back():
    radars = sensing.lower_radars([site()])
    r = np.array(place(radars, 300, 25, 1e5))
    u = (r - radars.r_ecef_m[0]) / 1e5
    azimuth, elevation = sensing.azimuth_elevation(radars, 0, *u)
    assert math.degrees(azimuth) == pytest.approx(300, abs=1e-9)
    assert math.degrees(elevation) == pytest.approx(25, abs=1e-9)


def test_unknown_value_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"north\.scan_time_s[\s\S]*scan_s"):
        sensing.lower_radars([site(scan_time_s=3.0)])


def test_closed_forms_of_a_warning_by_hand():
    """Three sure looks ten seconds apart: 25 s on average after the clouds, and the latency; a burn of 15 s holds one
    look or two, one of 33 s always three and at times four."""
    assert sensing.mean_warning_delay_s(revisit_s=10, p_detect=1.0, looks_needed=3, latency_s=30) == 55.0
    assert sensing.p_warning(revisit_s=10, p_detect=1.0, looks_needed=3, seen_s=15) == 0.0
    assert sensing.p_warning(revisit_s=10, p_detect=1.0, looks_needed=3, seen_s=25) == pytest.approx(0.5)
    assert sensing.p_warning(revisit_s=10, p_detect=0.5, looks_needed=3, seen_s=33) == pytest.approx(
        0.7 * 0.125 + 0.3 * (4 * 0.0625 + 0.0625))
