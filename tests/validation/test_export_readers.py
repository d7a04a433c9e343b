"""Exported files read by programs that are not ours, and how far between their points the truth is.

verifies    export: CZML, KML, OEM as other tools read them; interpolation of satellites; velocities of threats
source      oem 0.4 (CCSDS 502.0-B-2), czml3 4.0, the schemas of OGC 07-147r2 and Google's extension as fastkml 1.4
            ships them, read by lxml; flown paths of fly.free_flight
inputs      the small results of the unit tests with low, medium and geostationary satellites; a free flight of 800 s
            thinned and rounded as recorded runs are
tolerance   positions: 1 mm, as written, and for satellites between the points what docs/formats/export.md promises;
            velocities: what that page promises
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from opendome.export.czml import czml
from opendome.export.kml import kml
from opendome.export.oem import oem, slopes
from opendome.export.scene import ORBIT_STEP_S, Scene, Track, scene
from opendome.fly import free_flight
from opendome.raid.lower_sky import constellation_of, first_start
from opendome.study.record import THIN_M
from opendome.world import geodetic
from small_results import results

SKY = {"slots": {"pattern": "geostationary", "longitudes_deg": [50.0, -120.0]},
       "low": {"n_satellites": 12, "n_planes": 3, "inclination_deg": 60, "altitude_km": 300},
       "high": {"pattern": "listed", "satellites": [{"perigee_km": 600, "apogee_km": 39000, "inclination_deg": 63.4,
                                                     "raan_deg": 20, "argp_deg": 270, "anomaly_deg": 2}]}}


@pytest.fixture(scope="module")
def small():
    """The small results with a sky, all flights four times as slow: 1,200 s, so that satellites' points are as far
    apart as they ever are."""
    found = results(constellations=SKY)
    tracks = found.tables.replay_tracks
    return replace(found, tables=replace(found.tables, replay_tracks=tracks.assign(t_s=4.0 * tracks["t_s"])))


@pytest.fixture(scope="module")
def view(small) -> Scene:
    return scene(small, created=datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture(scope="module")
def ephemeris(view, tmp_path_factory):
    """Messages by object, as the other program reads them."""
    reader = pytest.importorskip("oem")
    folder = tmp_path_factory.mktemp("oem")
    found = {}
    for name, text in oem(view).items():
        path = folder / f"{name}.oem"
        path.write_text(text, encoding="ascii")
        found[name] = reader.OrbitEphemerisMessage.open(path)
    return found


def test_oem_comes_back_from_another_reader(view, ephemeris, validation):
    objects = {f"threat-{track.name}": [(raid, track.t_s, track.r_ecef_m)] for raid in view.raids
               for track in raid.tracks}
    for raid in view.raids:
        for fleet in raid.fleets:
            for name, states in fleet.satellites():
                objects.setdefault(f"satellite-{name}", []).append((raid, fleet.t_s, states[:, :3]))
    assert set(ephemeris) == set(objects)
    apart_m, late_s = 0.0, 0.0
    for name, parts in objects.items():
        segments = list(ephemeris[name])
        assert len(segments) == len(parts)
        for segment, (raid, t_s, r_m) in zip(segments, parts):
            states = list(segment.states)
            assert len(states) == len(t_s)
            apart_m = max(apart_m, np.abs(1e3 * np.array([state.position for state in states]) - r_m).max())
            dates = [state.epoch.to_datetime(timezone=UTC) for state in states]
            late_s = max(late_s, *(abs((date - raid.start).total_seconds() - t) for date, t in zip(dates, t_s)))
            assert segment.metadata["REF_FRAME"] == "ITRF2000"
            assert segment.metadata["TIME_SYSTEM"] == "UTC"
    validation("OEM read by oem: positions, farthest apart", 1e-3, apart_m, 0, "m", limit=True)
    validation("OEM read by oem: times, farthest apart", 1e-3, late_s, 0, "s", limit=True)


@pytest.mark.parametrize(("fleet", "step_s"), [("low", ORBIT_STEP_S), ("slots", ORBIT_STEP_S),
                                               ("high", ORBIT_STEP_S / 2.0)])
def test_satellites_between_their_points(small, view, ephemeris, fleet, step_s, validation):
    """The other reader lays its own polynomial through the points; the model says where the satellite is."""
    epoch = first_start(small.scenario)
    model = constellation_of(small.scenario.constellations[fleet], epoch)
    raid = view.raids[0]
    t_s = next(f for f in raid.fleets if f.name == fleet).t_s
    assert np.diff(t_s).max() == step_s
    between = np.array([a + share * (b - a) for a, b in pairwise(t_s) for share in (0.25, 0.5, 0.75)])
    truth = model.positions_ecef(between)
    time = pytest.importorskip("astropy.time")
    apart_m = 0.0
    for s in range(len(model)):
        segment = next(iter(ephemeris[f"satellite-{fleet}-{s:04d}"]))
        for k, t in enumerate(between):
            found = segment(time.Time((raid.start + timedelta(seconds=float(t))).replace(tzinfo=None), scale="utc"))
            apart_m = max(apart_m, float(np.linalg.norm(1e3 * np.array(found.position) - truth[k, :, s])))
    assert apart_m > 0.0
    names = {"low": "at 300 km", "slots": "geostationary", "high": "600 km by 39,000 km, near perigee"}
    validation(f"satellites between their points by oem's interpolation: {names[fleet]}", 2.0, apart_m, 0, "m",
               limit=True)


def test_velocities_of_threats(validation):
    """A free flight thinned as recorded runs are: every m-th point, as many as keep straight lines within THIN_M."""
    flight = free_flight(lat_deg=30.0, lon_deg=50.0, alt_m=60e3, v_east_m_s=-2000.0, v_north_m_s=500.0,
                         v_up_m_s=2500.0, beta_kg_m2=1e6, duration_s=800.0, step_s=1.0)
    r, v = flight.r_ecef_m, flight.v_ecef_m_s
    t_s = np.asarray(flight.t_s)
    high = flight.alt_m > 50e3
    r, v, t_s = r[high], v[high], t_s[high]
    for every in (64, 32, 16, 8, 4, 2, 1):
        rows = np.unique([*range(0, len(t_s), every), len(t_s) - 1])
        lines = np.column_stack([np.interp(t_s, t_s[rows], r[rows, axis]) for axis in range(3)])
        if np.abs(lines - r).max() <= THIN_M:
            break
    assert every > 1
    kept = pd.DataFrame([geodetic(*row) for row in r[rows]]).astype("float32").astype("float64")  # as tables keep them
    track = Track("", "", "", {}, t_s[rows], *(kept[column].to_numpy() for column in kept))
    wrong = np.linalg.norm(slopes(track.t_s, track.r_ecef_m) - v[rows], axis=1)
    validation(f"velocities of a coasting threat, points {every} s apart", 0.5, float(wrong.max()), 0, "m/s",
               limit=True)


def test_kml_keeps_to_the_schemas(view, validation):
    fastkml = pytest.importorskip("fastkml")
    etree = pytest.importorskip("lxml.etree")
    schemas = Path(fastkml.__file__).parent / "schema"
    schema = etree.XMLSchema(etree.parse(schemas / "kml22gx.xsd"))
    document = etree.fromstring(kml(view).encode("utf-8"))
    schema.validate(document)
    validation("KML: breaches of the schemas of OGC and Google", 0, len(schema.error_log), 0, "", limit=True)
    document.find(".//{*}Track")[0].text = "floating"
    assert not schema.validate(document)  # the schema does look inside


def test_czml_is_read_packet_by_packet(view, validation):
    reader = pytest.importorskip("czml3")
    packets = json.loads(czml(view))[1:]

    def is_read(packet) -> bool:
        try:
            return len(reader.Packet.model_validate(packet).to_json()) > 2
        except ValueError:
            return False

    unread = len(packets) - sum(map(is_read, packets))
    validation("CZML: packets that czml3 does not read", 0, unread, 0, "", limit=True)
    assert not is_read({**packets[0], "point": {"pixelSize": "large"}})
