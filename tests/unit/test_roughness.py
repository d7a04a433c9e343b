"""Ground that is not smooth: the horizon over it worked by hand, and radars that are not there."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from opendome import sensing, world
from opendome.errors import InputError
from sample_radar import EVERYWHERE, radar_site

EFFECTIVE_M = 4.0 / 3.0 * 6_371_008.8
LAT, LON = 24.0, 54.0


def ecef(distance_km, alt_m):
    """A point at a ground distance to the north-east of the radar."""
    lat, lon = world.geodesic_direct(lat_deg=LAT, lon_deg=LON, azimuth_deg=45.0, distance_km=distance_km)
    return world.ecef_from_geodetic(math.radians(lat), math.radians(lon), alt_m)


def edge_km(antenna_m, target_m, roughness_m):
    """The horizon as a tangent to a circle: two right-angled triangles over the effective Earth."""
    arc = sum(math.acos(EFFECTIVE_M / (EFFECTIVE_M + h - roughness_m)) for h in (antenna_m, target_m))
    return EFFECTIVE_M * arc / 1e3


@pytest.mark.parametrize(("antenna_m", "target_m", "roughness_m", "by_hand_km"), [
    # 4.1217 km times the roots of both heights, less the roughness.
    (15.0, 50.0, 0.0, 45.11), (25.0, 50.0, 20.0, 31.79), (3000.0, 50.0, 0.0, 254.9), (3000.0, 50.0, 30.0, 243.1),
    (30.0, 30.5, 30.0, 2.9145),
])
def test_horizon_by_hand(antenna_m, target_m, roughness_m, by_hand_km):
    ours = world.radio_horizon_km(antenna_m=antenna_m, target_m=target_m, roughness_m=roughness_m)
    assert ours == pytest.approx(by_hand_km, rel=1e-3)
    assert ours == pytest.approx(edge_km(antenna_m, target_m, roughness_m), rel=1e-9)


def test_nothing_inside_the_roughness_sees_or_is_seen():
    assert world.radio_horizon_km(antenna_m=40.0, target_m=19.9, roughness_m=20.0) == 0.0
    assert world.radio_horizon_km(antenna_m=19.9, target_m=1e4, roughness_m=20.0) == 0.0
    over, inside = ecef(0.0, 40.0), ecef(5.0, 19.9)
    assert not world.is_above_horizon(*over, *inside, 20.0)
    assert not world.is_above_horizon(*inside, *over, 20.0)
    assert world.is_above_horizon(*over, *ecef(5.0, 20.1), 20.0)
    assert world.is_above_horizon(*over, *inside, 0.0)


def test_heights_below_the_ground_are_refused():
    for name in ("antenna_m", "target_m", "roughness_m"):
        heights = {"antenna_m": 10.0, "target_m": 10.0, "roughness_m": 0.0} | {name: -1.0}
        with pytest.raises(InputError, match=f"{name} = -1"):
            world.radio_horizon_km(**heights)


@pytest.mark.parametrize(("alt_m", "roughness_m"), [(0.0, 0.0), (0.0, 8.0), (300.0, 250.0), (3000.0, 40.0)])
def test_a_low_flyer_comes_over_the_rough_horizon_where_the_triangles_say(alt_m, roughness_m):
    """Antenna 10 m over the ground at alt_m; target at 60 m over the roughness."""
    radars = sensing.lower_radars([radar_site(alt_m=alt_m, roughness_m=roughness_m, **EVERYWHERE)])
    at_km = edge_km(alt_m + 10.0, roughness_m + 60.0, roughness_m)

    def seen(distance_km):
        return sensing.look(radars, 0, *ecef(distance_km, roughness_m + 60.0), 1.0, 1, 1.0)[0] > 0

    # The ellipsoid's radius along this way differs from the mean radius by up to 0.3 %.
    assert seen(0.996 * at_km)
    assert not seen(1.004 * at_km)


def test_a_target_higher_than_the_antenna_is_seen_whatever_is_below():
    radars = sensing.lower_radars([radar_site(roughness_m=9.9, **EVERYWHERE)])
    assert sensing.look(radars, 0, *ecef(1.0, 11.0), 1.0, 1, 1.0)[0] > 0


@pytest.mark.parametrize("roughness_m", [0.0, 9.0, 60.0])
def test_nothing_is_seen_beyond_reach_over_rough_ground(roughness_m):
    radars = sensing.lower_radars([radar_site(alt_m=70.0, roughness_m=roughness_m, **EVERYWHERE)])
    reach_m = sensing.reach(radars, 0, 1.0, 100.0, 1.0)
    far_m = max(math.dist(ecef(d, 100.0), radars.r_ecef_m[0]) for d in np.linspace(1.0, 120.0, 400)
                if sensing.look(radars, 0, *ecef(d, 100.0), 1.0, 1, 1.0)[0] > 0)
    assert 0.98 * reach_m < far_m <= reach_m


def test_an_antenna_in_the_roughness_is_refused():
    with pytest.raises(InputError, match=r"roughness_m = 10\n  must be below the antenna, which is at 10 m"):
        sensing.lower_radars([radar_site(roughness_m=10.0)])


@pytest.mark.parametrize("p_false_alarm", [1e-6, 0.09])
def test_a_radar_that_is_not_there_sees_nothing(p_false_alarm):
    """Even one whose noise alone would cross the threshold more often than the least look that counts."""
    radars = sensing.lower_radars([radar_site(p_false_alarm=p_false_alarm, **EVERYWHERE)])
    assert sensing.look(radars, 0, *ecef(10.0, 2000.0), 1.0, 1, 1.0)[0] > 0
    for swerling in (1, 3):
        assert sensing.look(radars, 0, *ecef(10.0, 2000.0), 1.0, swerling, 0.0) == (0.0, 0.0)
    assert sensing.reach(radars, 0, 1.0, 1e5, 0.0) == 0.0


def test_the_table_of_the_page_is_what_the_horizon_gives():
    page = (Path(__file__).parents[2] / "docs" / "models" / "radar.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\d,]+) m \| [a-z ]+, ([\d,]+) m \| (\d+) km \| (?:(\d+) km|the antenna .*) \|$", page,
                      re.MULTILINE)
    assert len(rows) == 5
    for antenna, target, smooth, rough in rows:
        heights = {"antenna_m": float(antenna.replace(",", "")), "target_m": float(target.replace(",", ""))}
        assert round(world.radio_horizon_km(**heights)) == int(smooth)
        assert round(world.radio_horizon_km(**heights, roughness_m=20.0)) == int(rough or 0)
