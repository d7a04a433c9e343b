"""Coverage on small cases worked by hand: geometry, statistics, what is refused and what is warned of."""

import math
import tracemalloc

import numpy as np
import pytest

from fixed_satellites import Fixed
from opendome.errors import InputError
from opendome.orbits import Coverage, CoverageWarning, coverage, coverage_at, plane_losses, walker
from opendome.orbits.windows import arc_cosine, arc_tangent2
from opendome.orbits.zones import zone_area_m2

A = 6378137.0
OVER_EQUATOR = Fixed([A + 1000e3, 0.0, 0.0])
SMALL = {"grid_deg": 15.0, "t_s": [0.0]}


def along_equator(**conditions):
    """Whole degrees of longitude at which a target on the equator is in view of a satellite 1,000 km above 0, 0."""
    found = coverage_at(OVER_EQUATOR, lat_deg=0.0, lon_deg=np.arange(90.0), t_s=0.0, **conditions)
    return np.flatnonzero(found.counts[0, :, 0]).tolist()


def test_conditions_one_by_one_on_the_equator():
    # The equator is a circle of 6378.137 km. The horizon is at acos(6378/7378) = 30.2 deg.
    assert along_equator() == list(range(31))
    # Elevation 10 deg: acos(6378/7378 cos 10) - 10 = 21.7. Off nadir 45: asin(7378/6378 sin 45) - 45 = 9.9.
    assert along_equator(min_elevation_deg=10.0) == list(range(22))
    assert along_equator(field_of_regard_deg=90.0) == list(range(10))
    # 2,000 km: cos = (7378^2 + 6378^2 - 2000^2) / (2 * 7378 * 6378), 14.5 deg. Both: the narrower.
    assert along_equator(reach_km=2000.0) == list(range(15))
    assert along_equator(reach_km=2000.0, min_elevation_deg=10.0, field_of_regard_deg=90.0) == list(range(10))


def test_a_target_in_space_is_seen_past_the_limb():
    # 500 km up: acos(6378/7378) + acos(6378/6878) = 30.2 + 22.0. Grazing at 100 km: 28.6 + 19.7.
    assert along_equator(target_alt_km=500.0) == list(range(53))
    assert along_equator(target_alt_km=500.0, grazing_km=100.0) == list(range(49))
    # Satellite above the target's horizon: acos(6878/7378) = 21.2; no lower than 10 deg below it: 36.6.
    assert along_equator(target_alt_km=500.0, min_elevation_deg=0.0) == list(range(22))
    assert along_equator(target_alt_km=500.0, min_elevation_deg=-10.0) == list(range(34))


def test_a_wide_cone_sees_the_near_side_and_the_far():
    # 62 deg off nadir: asin(7378 sin 62 / 6878) = 71.3 and 108.7 deg, so 9.3 and 46.7 deg at the centre.
    assert along_equator(target_alt_km=500.0, field_of_regard_deg=124.0) == [*range(10), *range(47, 53)]


def test_cold_space_behind_the_target():
    # Lines that come down to 100 km and rise again: acos(6478/7378) - acos(6478/6878) = 28.60 - 19.63.
    assert along_equator(target_alt_km=500.0, limb_km=100.0) == list(range(9, 53))
    # A satellite that looks up has space behind every target.
    low = coverage_at(Fixed([A + 300e3, 0.0, 0.0]), lat_deg=0.0, lon_deg=[0.0, 5.0], target_alt_km=500.0, limb_km=100.0,
                      t_s=0.0)
    assert low.counts.ravel().tolist() == [1, 1]


def test_geostationary_view_is_the_cap_it_should_be():
    one = coverage(Fixed([42164e3, 0.0, 0.0]), grid_deg=3.0, t_s=0.0)
    assert one.fraction() == pytest.approx(0.5 * (1.0 - 6371.0 / 42164.0), abs=0.002)
    assert one.map(1)[30, 60] == 1.0
    assert one.map(1)[30, 0] == 0.0


def test_over_the_poles_and_over_the_date_line():
    for r in ([0.0, 0.0, 7300e3], [-7300e3, 1.0, 0.0], [1.0, 0.0, -7300e3]):
        found = coverage(Fixed([r]), min_elevation_deg=10.0, grid_deg=(5.0, 10.0), t_s=0.0)
        lat, lon = (x.ravel() for x in np.meshgrid(found.lat_deg, found.lon_deg, indexing="ij"))
        points = coverage_at(Fixed([r]), min_elevation_deg=10.0, lat_deg=lat, lon_deg=lon, t_s=0.0)
        assert found.counts.sum() > 20
        assert (found.counts.ravel() == points.counts.ravel()).all()


def test_zones_add_up_to_the_earth():
    # GeographicLib has 510,065,621.724 km2 (4 pi c2).
    edges = np.linspace(-90.0, 90.0, 181)
    assert zone_area_m2(edges).sum() * 1e-6 == pytest.approx(510065621.7, abs=0.1)
    # A zone of one degree is close to 2 pi times the radii of curvature.
    e2 = 0.00669437999014
    m, n = (A * (1 - e2) / (1 - e2 * 0.5) ** 1.5, A / math.sqrt(1 - e2 * 0.5))
    assert zone_area_m2(np.array([44.5, 45.5]))[0] == pytest.approx(
        2 * math.pi * m * n * math.cos(math.pi / 4) * math.radians(1), rel=1e-4)


def test_angles_without_branches():
    x = np.linspace(-1.0, 1.0, 2001)
    assert max(abs(arc_cosine(float(c)) - math.acos(c)) for c in x) < 2e-11
    turn = np.linspace(-3.14, 3.14, 501)
    assert max(abs(arc_tangent2(math.sin(a), math.cos(a)) - a) for a in turn.tolist()) < 6e-11
    assert arc_tangent2(0.0, 0.0) == 0.0


# ---- statistics ----------------------------------------------------------------------------------------------------


@pytest.fixture
def tiny():
    """Two rows of areas 1 and 3, two cells each, four instants 10 s apart."""
    counts = np.array([[[2, 0], [1, 1]], [[0, 0], [1, 2]], [[0, 1], [1, 0]], [[2, 1], [1, 0]]], np.int16)
    return Coverage(counts, np.arange(4) * 10.0, np.array([-45.0, 45.0]), np.array([-90.0, 0.0, 90.0]),
                    np.array([-90.0, 90.0]), np.array([0.25, 0.75]), 3)


def test_shares_by_hand(tiny):
    assert tiny.fraction(1) == 0.25 * 4 / 8 + 0.75 * 6 / 8
    assert tiny.fraction(2) == 0.25 * 2 / 8 + 0.75 * 1 / 8
    assert tiny.fraction(7) == 0.0
    assert tiny.always(1) == 0.75 / 2
    assert tiny.mean_in_view() == 0.25 * 6 / 8 + 0.75 * 7 / 8
    assert tiny.over_time(1).tolist() == [0.875, 0.75, 0.5, 0.625]
    assert np.mean(tiny.over_time(1)) == tiny.fraction(1)
    assert tiny.map(1).tolist() == [[0.5, 0.5], [1.0, 0.5]]
    assert tiny.by_latitude(1)["fraction"].tolist() == [0.5, 0.75]
    whole = tiny.by_latitude(1, band_deg=180.0)
    assert whole["fraction"].tolist() == [tiny.fraction(1)]
    assert whole["fewest"].tolist() == [0]
    assert whole[["lat_low_deg", "lat_high_deg"]].to_numpy().tolist() == [[-90.0, 90.0]]


def test_gaps_by_hand(tiny):
    gaps = tiny.gaps(1)
    assert gaps.span_s == 40.0
    assert gaps.number.tolist() == [[1, 1], [0, 1]]
    assert gaps.longest_s.tolist() == [[20.0, 20.0], [0.0, 20.0]]
    assert gaps.response_s.tolist() == [[5.0, 5.0], [0.0, 5.0]]
    twice = tiny.gaps(2)
    assert twice.number.tolist() == [[1, 1], [1, 2]]
    assert twice.mean_s.tolist() == [[20.0, 40.0], [40.0, 15.0]]
    assert twice.response_s[1, 1] == (10.0**2 + 20.0**2) / 80.0
    whole = twice.by_latitude(band_deg=180.0)
    assert whole["longest_gap_s"].tolist() == [40.0]
    # 0.25 of the area has 1 gap of 30 s on average a cell, 0.75 has 1.5 with 35 s in all.
    assert whole["mean_gap_s"][0] == pytest.approx((0.25 * 30.0 + 0.75 * 35.0) / (0.25 + 0.75 * 1.5))
    assert whole["gaps_per_day"][0] == pytest.approx((0.25 + 0.75 * 1.5) * 86400.0 / 40.0)


def test_losses_by_hand(tiny):
    # In a row with shares h of 0, 1, 2 in view: one of two is left with 1 - p^2.
    p = 0.1
    by_hand = 0.25 * (0.25 * (1 - p) + 0.25 * (1 - p * p)) + 0.75 * (0.625 * (1 - p) + 0.125 * (1 - p * p))
    assert tiny.after_losses(1, p_lost=p) == pytest.approx(by_hand)
    assert tiny.after_losses(1, p_lost=0.0) == tiny.fraction(1)
    assert tiny.after_losses(1, n_lost=3) == 0.0
    # One of three is lost: it is the one in view with 1/3; of two in view one is left for sure.
    one_lost = 0.25 * (0.25 * 2 / 3 + 0.25) + 0.75 * (0.625 * 2 / 3 + 0.125)
    assert tiny.after_losses(1, n_lost=1) == pytest.approx(one_lost)


def test_losses_are_the_mean_over_all_choices():
    fleet = walker(n_satellites=6, n_planes=3, phasing=1, inclination_deg=60.0, altitude_km=2000.0)
    t_s = [0.0, 900.0]
    one_lost = [coverage(fleet.keep(np.arange(6) != lost), grid_deg=20.0, t_s=t_s).fraction(1) for lost in range(6)]
    assert coverage(fleet, grid_deg=20.0, t_s=t_s).after_losses(1, n_lost=1) == pytest.approx(np.mean(one_lost))
    planes = plane_losses(fleet, n_lost=1, grid_deg=20.0, t_s=t_s)
    assert sorted(planes["planes"]) == [(0,), (1,), (2,)]
    assert planes["fraction"].is_monotonic_increasing
    assert planes["fraction"][0] == coverage(fleet.keep(fleet.plane != planes["planes"][0][0]), grid_deg=20.0,
                                             t_s=t_s).fraction(1)


def test_fleets_add(tiny):
    both = tiny + tiny
    assert both.counts.tolist() == (2 * tiny.counts).tolist()
    assert both.n_satellites == 6
    with pytest.raises(InputError, match="same grid_deg"):
        tiny + coverage(OVER_EQUATOR, **SMALL)


def test_grids_and_instants_as_people_write_them():
    a = coverage(OVER_EQUATOR, grid_deg=30, t_s=0)
    assert a.counts.shape == (1, 6, 12)
    assert a.lat_deg.tolist() == [-75.0, -45.0, -15.0, 15.0, 45.0, 75.0]
    assert a.lon_deg[:2].tolist() == [-165.0, -135.0]
    assert coverage(OVER_EQUATOR, grid_deg=(30, 60), t_s=[0, 60]).counts.shape == (2, 6, 6)
    # Steps that do not divide are made a little smaller; a zone is divided like the whole.
    assert coverage(OVER_EQUATOR, grid_deg=(25, 70), t_s=0).counts.shape == (1, 8, 6)
    zone = coverage(OVER_EQUATOR, grid_deg=15, t_s=0, latitude_deg=(0, 30))
    assert zone.lat_deg.tolist() == [7.5, 22.5]
    assert zone.share.sum() == pytest.approx(1.0)


def test_many_satellites_need_wider_counts():
    many = Fixed(np.tile([A + 1000e3, 0.0, 0.0], (32768, 1)))
    found = coverage_at(many, lat_deg=0.0, lon_deg=[0.0, 90.0], t_s=0.0)
    assert found.counts.ravel().tolist() == [32768, 0]


# ---- what is refused and warned of -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "text"), [
    ({"field_of_regard_deg": 0.0}, "field_of_regard_deg = 0"), ({"field_of_regard_deg": 361.0}, "at most 360"),
    ({"field_of_regard_deg": math.nan}, "field_of_regard_deg"), ({"min_elevation_deg": 91.0}, "between -90 and 90"),
    ({"reach_km": 0.0}, "reach_km = 0"), ({"reach_km": math.inf}, "reach_km = inf"),
    ({"target_alt_km": -1.0}, "target"),
    ({"reach_km": "far"}, "must be a number"), ({"limb_km": 100.0}, "never has cold space behind"),
    ({"grazing_km": 10.0}, "nothing could be seen"), ({"t_s": []}, "t_s: none"), ({"t_s": [0.0, math.nan]}, "t_s"),
    ({"t_s": [[0.0]]}, "t_s"), ({"grid_deg": 0.0}, "grid_deg"), ({"grid_deg": 90.0}, "at most 45"),
    ({"grid_deg": (1, 2, 3)}, "a pair"), ({"grid_deg": 0.001}, "hint: cells [0-9.]+ times as wide"),
    ({"grid_deg": 0.1, "t_s": np.arange(1000.0)}, "or 154 instants"), ({"latitude_deg": (10.0, 10.0)}, "latitude_deg"),
])
def test_bad_input_is_refused(changes, text):
    with pytest.raises(InputError, match=text):
        coverage(OVER_EQUATOR, **SMALL | changes)


@pytest.mark.parametrize(("r", "text"), [
    (np.zeros((0, 3)), "no satellites"), ([[7e6, 0, 0], [6e6, 0, 0]], "satellite 1 at t_s = 0 is at"),
    ([[math.nan, 0, 0]], "satellite 0"), ([[1e10, 0, 0]], "satellite 0"), ([[0.0, 0.0, 6356e3]], "outside the Earth"),
])
def test_fleets_that_cannot_be_are_refused(r, text):
    with pytest.raises(InputError, match=text):
        coverage(Fixed(r), **SMALL)


def test_what_is_not_a_fleet_or_a_question_is_refused(tiny):
    class Odd:
        def positions_ecef(self, t_s):
            return np.zeros((3, 5))

    with pytest.raises(InputError, match="has the shape"):
        coverage(Odd(), **SMALL)
    with pytest.raises(InputError, match="'gps', of type str\n  must be a Constellation or ElementSets"):
        coverage("gps", **SMALL)
    for k in (0, -1, 1.5):
        with pytest.raises(InputError, match="k = "):
            tiny.fraction(k)
    with pytest.raises(InputError, match="lat_deg, lon_deg"):
        coverage_at(OVER_EQUATOR, lat_deg=91.0, lon_deg=0.0, t_s=0.0)
    for keywords in ({}, {"p_lost": 0.1, "n_lost": 1}, {"p_lost": 1.1}, {"n_lost": 4}, {"n_lost": 0.5}):
        with pytest.raises(InputError, match="lost"):
            tiny.after_losses(1, **keywords)
    with pytest.raises(InputError, match="band_deg"):
        tiny.by_latitude(1, band_deg=0.0)
    fleet = walker(n_satellites=60, n_planes=20, phasing=1, inclination_deg=60.0, altitude_km=2000.0)
    for n_lost in (20, -1, 5):
        with pytest.raises(InputError, match="n_lost"):
            plane_losses(fleet, n_lost=n_lost, **SMALL)


@pytest.mark.parametrize("t_s", [[0.0], [0.0, 10.0, 30.0], [10.0, 0.0]])
def test_gaps_need_even_instants(t_s):
    with pytest.raises(InputError, match="even steps"):
        coverage(OVER_EQUATOR, grid_deg=15.0, t_s=t_s).gaps(1)


@pytest.mark.parametrize(("changes", "text"), [
    ({"reach_km": 20000.0}, "the reach limits nothing"), ({"reach_km": 500.0}, "none is ever in reach"),
    ({"reach_km": 500.0, "target_alt_km": 2000.0}, "none is ever in reach"),
    ({"reach_km": 1050.0}, "wider than any footprint"), ({"latitude_deg": (-1.0, 1.0), "grid_deg": (2, 90)}, None),
])
def test_questions_that_say_little_are_warned_of(changes, text):
    if text is None:
        far = Fixed([[4e8, 0.0, 0.0]])
        with pytest.warns(CoverageWarning, match="one satellite alone sees every cell"):
            coverage(far, target_alt_km=1e6, **SMALL | changes)
        return
    with pytest.warns(CoverageWarning, match=text):
        coverage(OVER_EQUATOR, **SMALL | changes)


@pytest.mark.compiled
def test_threads_and_blocks_change_nothing():
    fleet = walker(n_satellites=200, n_planes=10, phasing=1, inclination_deg=70.0, altitude_km=900.0)
    keywords = {"field_of_regard_deg": 110.0, "grid_deg": (4, 8), "t_s": np.arange(0.0, 6000.0, 100.0)}
    one = coverage(fleet, jobs=1, **keywords)
    assert (coverage(fleet, jobs=2, **keywords).counts == one.counts).all()
    later = coverage(fleet, **keywords | {"t_s": keywords["t_s"][30:]})
    assert (later.counts == one.counts[30:]).all()


@pytest.mark.compiled
def test_memory_of_the_large_case_in_small():
    """A fifth of the satellites, all cells, all times: blocks of positions and counts, nothing by pairs."""
    fleet = walker(n_satellites=1600, n_planes=80, phasing=1, inclination_deg=53.0, altitude_km=550.0)
    keywords = {"reach_km": 1000.0, "target_alt_km": 200.0, "grid_deg": (1.8, 3.6), "jobs": 1}
    coverage(fleet, t_s=0.0, **keywords)
    tracemalloc.start()
    found = coverage(fleet, t_s=600.0 * np.arange(144), **keywords)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.counts.shape == (144, 100, 100)
    assert peak < 60e6
