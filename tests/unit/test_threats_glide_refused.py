"""Gliders that cannot be flown are refused with what would be right, and what is said to be right is flown."""

import re

import pytest

from opendome import threats
from opendome.catalogue import shipped
from opendome.errors import InputError
from opendome.world import geodesic_direct

pytestmark = pytest.mark.compiled
LAUNCH = (40.0, 127.0)


def ahead(range_km, azimuth_deg=120.0):
    return geodesic_direct(lat_deg=LAUNCH[0], lon_deg=LAUNCH[1], azimuth_deg=azimuth_deg, distance_km=range_km)


def changed(name, **values):
    entry = shipped().threats[name]
    return entry.model_copy(update={key: getattr(entry, key).model_copy(update={"value": value})
                                    for key, value in values.items()})


def refused(name="hgv-regional", aim=None, via=(), **values):
    with pytest.raises(InputError) as caught:
        threats.solve_route(name, changed(name, **values), launch=LAUNCH, aim=aim or ahead(1500.0), via=via)
    return str(caught.value)


@pytest.mark.parametrize("name", ["hgv-regional", "hgv-long"])
def test_out_of_reach_says_the_reach_and_that_is_flown(name):
    text = refused(name, ahead(11000.0))
    assert "11000 km from the launch point" in text
    near_km, far_km = (float(x) for x in re.findall(r"must be (\d+) to (\d+) km in that direction", text)[0])
    assert "icbm-solid" in text.partition("hint:")[2]
    entry = shipped().threats[name]
    for range_km in (near_km + 1.0, far_km - 1.0):
        assert threats.solve_route(name, entry, launch=LAUNCH, aim=ahead(range_km)).range_km == pytest.approx(range_km)
    for range_km in (near_km - 1.0, far_km + 1.0):
        assert f"must be {near_km:.0f} to {far_km:.0f} km" in refused(name, ahead(range_km))


def test_farther_west_to_east_than_back():
    texts = [refused("hgv-long", ahead(11000.0, azimuth)) for azimuth in (90, 270)]
    far = [float(re.findall(r"to (\d+) km in", text)[0]) for text in texts]
    # Measured 7,169 and 5,328 km. By hand at 6 km/s: 40 degrees north turns at 357 m/s, so east and west need a lift of
    # g - (V +- 0.36)^2 / r = 3.4 and 4.7 m/s2 at first: a third, less as it slows down.
    assert 1.2 < far[0] / far[1] < 1.4


def test_a_path_too_long_over_waypoints():
    text = refused(aim=ahead(2300.0), via=[ahead(1300.0, 135.0)])
    assert "the path from" in text
    assert "km straight on, less with turns" in text


def test_a_turn_too_tight_names_the_waypoint_its_radius_and_what_can_be_flown():
    text = refused(aim=(33.0, 131.0), via=[ahead(900.0, 90.0)])
    assert text.startswith("hgv-regional: via[0], (")
    asked, able = (float(x) for x in re.findall(r"radius of (\d+) km\n  must be at least (\d+) km", text)[0])
    assert asked < able
    assert "a bank of 60 degrees" in text


def test_a_waypoint_before_it_glides():
    text = refused(aim=ahead(1500.0), via=[ahead(60.0, 90.0)])
    assert "via[0]" in text
    begins_km = float(re.findall(r"can turn from (\d+) km after launch", text)[0])
    assert 200.0 < begins_km < 500.0


def test_a_nose_too_hot_says_how_hot_where_and_which_nose_would_do():
    text = refused("hgv-long", ahead(5000.0), nose_max_k=3500.0)
    hot_k, radius_m = float(re.findall(r"get (\d+) K", text)[0]), float(re.findall(r"nose of (\S+) m", text)[0])
    assert 3700.0 < hot_k < 4100.0
    assert "must stay below nose_max_k, 3500 K" in text
    entry = changed("hgv-long", nose_max_k=3500.0, nose_radius_m=1.05 * radius_m)
    assert threats.solve_route("hgv-long", entry, launch=LAUNCH, aim=ahead(5000.0)).t_impact_s > 1000.0


def test_too_slow_to_glide():
    text = refused(glide_end_m_s=2700.0)
    assert "glide_end_m_s = 2700\n  must be below burnout_speed_min_m_s, 2300" in text


def test_one_that_cannot_pull_up():
    text = refused("hgv-long", ahead(5000.0), load_max_g=0.1)
    assert "would come down before it glides" in text
    assert "load_max_g" in text


def test_one_that_skips_over_the_air_says_how_fast_it_may_burn_out():
    text = refused("hgv-long", ahead(9000.0), burnout_speed_max_m_s=9000.0)
    assert "skips" in text
    most = float(re.findall(r"burnout_speed_max_m_s at most (\d+)", text)[0])
    assert 6800.0 < most < 7800.0  # measured 7,428, beyond which it climbs to 100 km again; a circle takes 7.83
    entry = changed("hgv-long", burnout_speed_max_m_s=most, nose_max_k=6000.0)
    assert threats.solve_route("hgv-long", entry, launch=LAUNCH, aim=ahead(9000.0)).t_impact_s > 1500.0


def test_a_dive_steeper_than_the_arc_can_turn():
    assert "dive_deg" in refused(dive_deg=89.0, load_max_g=3.0)
