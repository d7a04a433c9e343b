"""The sizing formula of space-based interceptors: by hand, at its edges, and what it refuses."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.engagement import ReachWarning, sbi_constellation
from opendome.engagement.sbi import shots_for
from opendome.errors import InputError


def test_every_value_on_the_way_by_hand():
    found = sbi_constellation(salvo=3, p_kill=0.5, p_composite=0.9, orbit_altitude_km=400, flyout_s=100, accel_g=10,
                              delta_v_km_s=4.0, intercept_altitude_km=150, max_latitude_deg=30)
    # ln 0.1 / ln 0.5 = 3.32; t_a = 4000 / 98.0665 = 40.789 s; 0.5 * 4 * 40.789 = 81.58; 59.211 * 4 = 236.84.
    assert found.shots_per_threat == 4
    assert found.burn_s == pytest.approx(40.7886, abs=1e-4)
    assert found.coast_s == pytest.approx(59.2114, abs=1e-4)
    assert found.burn_range_km == pytest.approx(81.577, abs=1e-3)
    assert found.flyout_range_km == pytest.approx(318.423, abs=1e-3)
    assert found.height_difference_km == 250
    assert found.coverage_radius_km == pytest.approx(197.212, abs=2e-3)  # sqrt(101393 - 62500)
    assert found.area_km2 == pytest.approx(4 * math.pi * 6528.1**2 / 2, rel=1e-12)
    assert found.disc_km2 == pytest.approx(math.pi * found.coverage_radius_km**2, rel=1e-12)
    assert found.area_ratio == pytest.approx(2191.5, abs=0.1)
    assert found.n_sbi == math.ceil(found.area_ratio * 12) == 26298
    assert found.absentee_ratio == 26298 / 12


def test_the_mass_by_hand():
    found = sbi_constellation(salvo=1, isp_s=300, divert_delta_v_km_s=1.0, delta_v_km_s=3.0, kill_vehicle_kg=10,
                              body_kg=20, support_kg=30)
    # e^(1000 / 2943) = 1.40463; e^(3000 / 2943) = 2.77139
    assert found.kill_vehicle_wet_kg == pytest.approx(14.0463, abs=1e-3)
    assert found.interceptor_wet_kg == pytest.approx(34.0463 * 2.77139, abs=5e-3)
    assert found.mass_kg == pytest.approx(found.interceptor_wet_kg + 30, abs=1e-9)
    bare = sbi_constellation(salvo=1, divert_delta_v_km_s=0, body_kg=0, support_kg=0)
    assert bare.mass_kg == pytest.approx(25 * math.exp(6000 / (9.81 * 240)), rel=1e-12)


@pytest.mark.parametrize(("p_kill", "p_composite", "shots"), [
    (0.8, 0.96, 2), (0.9, 0.99, 2), (0.9, 0.999, 3), (0.5, 0.75, 2), (0.5, 0.875, 3), (0.7, 0.91, 2), (0.6, 0.84, 2),
    (0.8, 0.9984, 4), (0.8, 0.961, 3), (0.8, 0.8, 1), (0.8, 0.1, 1), (0.99, 0.999999, 3), (1.0, 0.999, 1),
])
def test_shots_are_rounded_up_but_not_by_rounding_errors(p_kill, p_composite, shots):
    assert shots_for(p_kill, p_composite) == shots
    assert sbi_constellation(salvo=1, p_kill=p_kill, p_composite=p_composite).shots_per_threat == shots


@given(st.floats(0.05, 0.99), st.integers(1, 6))
def test_composite_of_whole_shots_gives_them_back(p_kill, shots):
    p_composite = 1.0 - (1.0 - p_kill) ** shots
    if p_composite < 1.0 - 1e-6:
        assert shots_for(p_kill, p_composite) == shots


@given(st.floats(90, 300), st.floats(10, 30), st.floats(4.0, 8.0), st.floats(100, 250))
def test_more_of_anything_never_needs_more_interceptors(flyout_s, accel_g, delta_v_km_s, intercept_altitude_km):
    base = {"salvo": 5, "flyout_s": flyout_s, "accel_g": accel_g, "delta_v_km_s": delta_v_km_s,
            "intercept_altitude_km": intercept_altitude_km}
    n_sbi = sbi_constellation(**base).n_sbi
    for better in ({"flyout_s": flyout_s + 5}, {"accel_g": accel_g + 1}, {"max_latitude_deg": 45}, {"p_kill": 0.97}):
        assert sbi_constellation(**(base | better)).n_sbi <= n_sbi
    assert sbi_constellation(**(base | {"salvo": 10})).n_sbi == pytest.approx(2 * n_sbi, abs=1)


def test_a_burn_that_just_fits_is_all_burn():
    speed = 15 * 9.80665 * 40.0 / 1000.0
    found = sbi_constellation(salvo=1, flyout_s=40.0, delta_v_km_s=speed)
    assert found.flyout_range_km == pytest.approx(0.5 * 15 * 9.80665e-3 * 40.0**2, rel=1e-9)
    assert found.coast_s == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("change", "says"), [
    ({"salvo": 0}, "salvo = 0\n  must be a whole number"),
    ({"salvo": 2.5}, "salvo = 2.5"),
    ({"p_kill": 0.0}, "p_kill = 0.0"),
    ({"p_kill": 1.1}, "p_kill = 1.1"),
    ({"p_kill": math.nan}, "p_kill = nan"),
    ({"p_composite": 1.0}, "endless shots"),
    ({"p_composite": 0.0}, "p_composite = 0.0"),
    ({"salvo": "5"}, "salvo = '5'\n  must be a number"),
    ({"isp_s": None}, "isp_s = None\n  must be a number"),
    ({"orbit_altitude_km": 119.9}, "119.9\n  lies in the atmosphere, .* must be at least 120"),
    ({"orbit_altitude_km": -5}, "-5\n  lies inside the Earth: must be at least 120"),
    ({"orbit_altitude_km": math.nan}, "nan\n  must be a finite number, at least 120"),
    ({"intercept_altitude_km": -1}, "intercept_altitude_km = -1"),
    ({"max_latitude_deg": 0}, "max_latitude_deg = 0"),
    ({"max_latitude_deg": 91}, "at most 90"),
    ({"flyout_s": 0}, "flyout_s = 0"),
    ({"flyout_s": 40}, "at least the 40.8 s that gaining 6 km/s at 15 g takes"),
    ({"accel_g": -1}, "accel_g = -1"),
    ({"delta_v_km_s": math.inf}, "delta_v_km_s = inf"),
    ({"isp_s": 0}, "isp_s = 0"),
    ({"body_kg": -5}, "body_kg = -5"),
    ({"orbit_altitude_km": 1200}, "range of 597.6 km does not reach"),
    ({"orbit_altitude_km": 1200}, "more than the 1000 km"),
])
def test_nonsense_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        sbi_constellation(**({"salvo": 5} | change))


def test_printed_it_has_a_value_with_its_unit_on_every_line():
    found = sbi_constellation(salvo=5)
    lines = [line.split(maxsplit=2) for line in str(found).splitlines()]
    assert [line[0] for line in lines] == list(found._fields)
    shown = {name: (value, unit) for name, value, unit in lines}
    assert shown["n_sbi"] == ("4,986", "interceptors")
    assert shown["flyout_range_km"] == ("597.6", "km")
    assert shown["absentee_ratio"] == ("498.6", "in orbit for each one in range")
    assert shown["burn_s"] == ("40.79", "s")
    assert shown["disc_km2"][1] == "km2"
    assert repr(found).startswith("SbiSizing(n_sbi=4986, ")


def test_a_mass_by_another_name_is_refused():
    with pytest.raises(TypeError, match="kv_kg"):
        sbi_constellation(salvo=1, kv_kg=30)


def test_a_reach_that_covers_the_earth_is_said_and_not_clipped():
    with pytest.warns(ReachWarning, match="covers all of the area"):
        found = sbi_constellation(salvo=5, flyout_s=5000)
    assert found.coverage_radius_km == pytest.approx(29877, abs=1)
    assert found.area_ratio < 1.0
    assert found.n_sbi == math.ceil(10 * found.area_ratio)
