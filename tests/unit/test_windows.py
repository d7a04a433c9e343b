"""Detection windows: radar horizon and range by hand and by scanning, looks from orbit, and those of a scenario."""

import math

import numpy as np
import pytest

from opendome import threats
from opendome.catalogue import shipped
from opendome.catalogue.entries import Radar, WaypointThreat
from opendome.errors import InputError
from opendome.report.footprint_map import windows_chart
from opendome.scenario import reader
from opendome.sensing import RadarSite
from opendome.sensing.windows import (
    ELEVATED,
    GROUND,
    any_of,
    detection_windows,
    orbit_window,
    second_best,
)
from opendome.study.windows import rows, windows
from opendome.world import MEAN_RADIUS_M, ecef_from_geodetic, geodesic_direct, horizon_angle, is_above_horizon
from tiny import DRONE, RADAR, tiny

SITE = (25.0, 55.0)


def radar(name="eye", antenna_m=50.0, **changes):
    return RadarSite(name, Radar.model_validate(RADAR | {"antenna_m": antenna_m} | changes), *SITE, 0.0)


def drone_flight(distance_km=400.0, altitude_m=500, step_s=5.0):
    entry = WaypointThreat.model_validate(DRONE | {"altitude_m": altitude_m})
    start = geodesic_direct(lat_deg=SITE[0], lon_deg=SITE[1], azimuth_deg=30.0, distance_km=distance_km)
    return threats.fly(entry, launch=start, aim=SITE, step_s=step_s)


@pytest.mark.parametrize(("antenna_m", "altitude_m"), [(10.0, 50), (50.0, 500), (4000.0, 50)])
def test_first_sight_is_the_horizon_for_a_radar_that_sees_everything(antenna_m, altitude_m):
    """By hand: at the sum of the two horizon angles of the 4/3 Earth, 100 m/s from the radar over which it ends."""
    (seen,) = detection_windows(drone_flight(altitude_m=altitude_m), radars=[radar(antenna_m=antenna_m)], rcs_m2=1.0)
    angle = horizon_angle(antenna_m) + horizon_angle(altitude_m)
    away_m = angle * MEAN_RADIUS_M
    assert away_m == pytest.approx(4124.0 * (math.sqrt(antenna_m) + math.sqrt(altitude_m)), rel=2e-3)
    dive_s = altitude_m / math.tan(math.radians(30.0)) / 100.0
    longer_s = altitude_m / (100.0 * math.sin(math.radians(30.0))) - dive_s
    assert seen.before_impact_s == pytest.approx(away_m / 100.0 + longer_s, rel=5e-3)
    assert seen.first_s == pytest.approx(seen.horizon_s, abs=0.01)
    assert seen.kind == (ELEVATED if antenna_m > 1000.0 else GROUND)
    assert seen.alt_km == pytest.approx(altitude_m / 1e3, rel=0.01)


def test_horizon_time_is_that_of_a_scan():
    flight = drone_flight()
    (seen,) = detection_windows(flight, radars=[radar(range_max_km=40)], rcs_m2=1.0)
    eye = ecef_from_geodetic(math.radians(SITE[0]), math.radians(SITE[1]), 50.0)
    t = np.arange(0.0, flight.t_s[-1], 0.1)
    r = [np.interp(t, flight.t_s, flight.r_ecef_m[:, c]) for c in range(3)]
    is_up = [is_above_horizon(*eye, *(float(x) for x in point)) for point in zip(*r, strict=True)]
    assert seen.horizon_s == pytest.approx(t[int(np.argmax(is_up))], abs=0.1)
    assert seen.distance_km == pytest.approx(40.0, abs=0.01)  # the instrumented range comes later than the horizon
    assert seen.first_s > seen.horizon_s + 100.0


def test_signal_decides_where_there_is_little():
    """Range for half of the looks goes with the fourth root of the cross-section."""
    faint = radar(range_ref_km=30, snr_ref_db=15)
    far, near = (detection_windows(drone_flight(), radars=[faint], rcs_m2=rcs)[0].distance_km for rcs in (1.0, 1 / 16))
    assert far / near == pytest.approx(2.0, rel=1e-3)


def test_a_target_that_is_never_seen():
    (seen,) = detection_windows(drone_flight(), radars=[radar(el_min_deg=89, el_max_deg=90)], rcs_m2=1.0)
    assert (seen.first_s, seen.before_impact_s, seen.spans_s) == (math.inf, -math.inf, ())
    assert math.isnan(seen.distance_km)
    assert math.isfinite(seen.horizon_s)


def test_spans_from_orbit():
    flight = drone_flight(step_s=100.0)
    p = np.zeros(len(flight.t_s))
    p[[2, 3, 4, 8, 9]] = (0.5, 1.0, 0.7, 0.9, 0.6)
    p[5] = 0.49
    seen = orbit_window(flight, "e", "warning from orbit", p)
    assert seen.spans_s == ((200.0, 400.0), (800.0, 900.0))
    assert seen.first_s == 200.0
    assert seen.before_impact_s == pytest.approx(flight.t_s[-1] - 200.0)


def test_chances_of_several_satellites():
    p = np.array([[0.5, 0.5, 0.0], [0.9, 0.2, 0.3]])
    assert any_of(p) == pytest.approx([0.75, 1.0 - 0.1 * 0.8 * 0.7])
    assert second_best(p) == pytest.approx([0.5, 0.3])
    assert second_best(p[:, :1]) == pytest.approx([0.0, 0.0])


# ---- scenarios ------------------------------------------------------------------------------------------------------


def with_orbit():
    data = reader.to_data(tiny(drones=1))
    data["constellations"] = {"geo": {"pattern": "geostationary", "longitudes_deg": [20, 80]}}
    data["sensors"] |= {"ir": {"type": "ir-geo-stare", "constellation": "geo"},
                        "aloft": {"type": "high-type", "lat_deg": 25.0, "lon_deg": 55.0}}
    data["catalogue"]["sensors"]["high-type"] = RADAR | {"antenna_m": 4000}
    return reader.from_data(data)


@pytest.mark.compiled
def test_each_kind_of_sensor_has_a_row():
    found = windows(with_orbit())
    assert [s.threat for s in found] == ["missile", "drone"]
    kinds = [[w.kind for w in s.first_of_each_kind()] for s in found]
    assert kinds[0][:2] == ["ground radar", "elevated radar"]
    assert "warning from orbit, high orbit" in kinds[0]
    assert set(kinds[1]) <= {"ground radar", "elevated radar"}  # no heat of slow flyers is modelled
    drone = {w.kind: w for w in found[1].first_of_each_kind()}
    if "ground radar" in drone:
        assert drone["elevated radar"].before_impact_s >= drone["ground radar"].before_impact_s
    warning = next(w for w in found[0].windows if w.kind.startswith("warning"))
    cloud_km = shipped().sensors["ir-geo-stare"].cloud_break_km.value
    assert warning.alt_km == pytest.approx(cloud_km, abs=3.0)  # clear of the clouds
    assert warning.spans_s[-1][1] <= 60.0  # the burn of the missile


@pytest.mark.compiled
def test_rows_and_chart_hold_the_same_numbers():
    found = windows(with_orbit(), threats=["missile"])
    table = rows(found)
    assert {row["threat"] for row in table} == {"missile"}
    for row in table:
        assert row["first_seen_s"] + row["before_impact_s"] == pytest.approx(row["flight_s"], abs=0.2)
    drawn = windows_chart(found, "title & more")
    assert "title &amp; more" in drawn
    assert drawn.count("<rect") == 1 + sum(len(w.spans_s) for w in found[0].first_of_each_kind())


def test_what_cannot_be_asked_for():
    with pytest.raises(InputError, match=r"threat = 'misile'\n  is sent by no wave of this scenario\nhint: did"):
        windows(tiny(), threats=["misile"])
    with pytest.raises(InputError, match=r"rcs_m2 = 0\.0\n  must be above 0"):
        detection_windows(drone_flight(), radars=[radar()])
