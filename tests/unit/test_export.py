"""Exports: what is in each file, and when nothing is written."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import opendome
from opendome import cli, study
from opendome.cli import exports
from opendome.errors import InputError
from opendome.export.czml import czml
from opendome.export.formats import FORMATS, write_export
from opendome.export.geo import geojson
from opendome.export.kml import kml
from opendome.export.oem import comments, oem, slopes
from opendome.export.scene import Scene, scene
from opendome.results import Results
from opendome.results.tables import COLUMNS
from opendome.scenario import reader
from opendome.world import ecef_from_geodetic
from small_campaign import results as campaign_results
from small_results import results
from tiny_file import PATH

CREATED = datetime(2026, 3, 2, 8, tzinfo=UTC)
KML = {"kml": "http://www.opengis.net/kml/2.2", "gx": "http://www.google.com/kml/ext/2.2"}


def seen(found: Results | None = None, raid: str | None = None) -> Scene:
    return scene(found or results(), raid, CREATED)


def test_tracks_and_events_are_dated_and_placed() -> None:
    one, two = seen().raids
    assert [track.name for track in one.tracks] == ["one-0000", "one-0001", "one-0002", "one-0003"]
    assert one.tracks[3].outcome == "leaked"
    assert one.tracks[3].facts["reason"] == "no stock"
    assert (one.utc(0.0), one.utc(150.0016), two.utc(0.0)) == ("2026-02-28T20:00:00.000Z", "2026-02-28T20:02:30.002Z",
                                                              "2026-03-01T20:00:00.000Z")
    launch, shot, _, leak = one.events
    assert (launch.lat_deg, launch.lon_deg) == pytest.approx((27.0, 56.0))
    assert (shot.facts["layer"], shot.facts["site"]) == ("upper", "north")
    middle = one.tracks[0].r_ecef_m[:2].T @ [0.2, 0.8]  # 120 s of 150 s
    where = ecef_from_geodetic(np.radians(shot.lat_deg), np.radians(shot.lon_deg), shot.alt_m)
    assert where == pytest.approx(middle, abs=1e-3)
    assert (leak.lat_deg, leak.lon_deg) == pytest.approx((24.0, 54.0))  # 30 s after its last point: there
    assert one.end_s == 330.0


def test_satellites_stand_where_the_raid_has_them() -> None:
    """A geostationary satellite keeps its longitude in every raid; its raids are a day apart."""
    for raid in seen().raids:
        (fleet,) = raid.fleets
        x, y, z = np.moveaxis(fleet.states[:, :3, 0], 1, 0)
        assert np.degrees(np.arctan2(y, x)) == pytest.approx(np.full(len(x), 50.0), abs=1e-3)
        assert np.hypot(np.hypot(x, y), z) == pytest.approx(np.full(len(x), 42.166e6), rel=1e-3)
        assert np.abs(fleet.states[:, 3:]).max() < 0.5
        assert fleet.facts["carries"] == "star"


def test_czml_has_a_packet_for_everything() -> None:
    packets = json.loads(czml(seen()))
    assert packets[0]["id"] == "document"
    assert packets[0]["clock"]["interval"] == "2026-02-28T20:00:00.000Z/2026-03-01T20:05:00.000Z"
    kinds = [packet["id"].split("/")[0] for packet in packets]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "document": 1, "area": 3, "place": 1, "sensor": 1, "site": 3, "satellite": 2, "threat": 5, "event": 4}
    assert len({packet["id"] for packet in packets}) == len(packets)
    by_id = {packet["id"]: packet for packet in packets}
    threat = by_id["threat/one-0003"]
    assert threat["availability"] == "2026-02-28T20:00:00.000Z/2026-02-28T20:05:00.000Z"
    assert threat["position"]["cartographicDegrees"] == [0, 56, 27, 0, 150, 55, 25.5, 20_000, 300, 54, 24, 0]
    assert threat["properties"]["is_decoy"] == {"boolean": False}
    assert by_id["area//city"]["ellipse"]["semiMajorAxis"] == 30_000.0


def test_one_raid_alone() -> None:
    packets = json.loads(czml(seen(raid="two")))
    assert [p["id"] for p in packets if p["id"].startswith("threat/")] == ["threat/two-0000"]
    with pytest.raises(InputError, match="--raid 'too': no raid of this name was recorded\nhint: did you mean two"):
        scene(results(), "too")


def test_kml_has_folders_by_layer_and_tracks_with_times() -> None:
    root = ElementTree.fromstring(kml(seen()))
    names = [folder.findtext("kml:name", namespaces=KML) for folder in root.iterfind(".//kml:Folder", KML)]
    assert names == ["Defended areas", "Places", "Sensors", "Sites of layer upper", "Sites of layer guns", "Raid one",
                     "Threats: shahed", "Threats: srbm", "Events", "Satellites: slots", "Raid two",
                     "Threats: shahed", "Events", "Satellites: slots"]
    track = root.findall(".//gx:Track", KML)[1]
    assert [e.text for e in track.findall("kml:when", KML)] == [
        "2026-02-28T20:00:00.000Z", "2026-02-28T20:02:30.000Z", "2026-02-28T20:05:00.000Z"]
    assert track.findall("gx:coord", KML)[1].text == "55.000000 25.500000 20000.0"
    styles = {style.get("id") for style in root.iterfind(".//kml:Style", KML)}
    used = {url.text.removeprefix("#") for url in root.iterfind(".//kml:styleUrl", KML) if url.text}
    assert used <= styles


def test_geojson_has_heights_and_times() -> None:
    found = json.loads(geojson(seen()))
    assert found["type"] == "FeatureCollection"
    by_name = {f["properties"]["name"]: f for f in found["features"]}
    track = by_name["one-0003"]
    assert track["geometry"] == {"type": "LineString",
                                 "coordinates": [[56.0, 27.0, 0.0], [55.0, 25.5, 20000.0], [54.0, 24.0, 0.0]]}
    assert track["properties"]["coordTimes"] == ["2026-02-28T20:00:00.000Z", "2026-02-28T20:02:30.000Z",
                                                 "2026-02-28T20:05:00.000Z"]
    assert by_name["city"]["geometry"]["type"] == "Polygon"
    assert by_name["city"]["properties"]["radius_km"] == 30.0
    assert by_name["north"]["geometry"] == {"type": "Point", "coordinates": [54.9, 24.9, 0.0]}


def test_geojson_cuts_a_track_at_the_180th_meridian() -> None:
    found = results()
    tracks = found.tables.replay_tracks
    moved = (tracks["lon_deg"] + 125.0 + 180.0) % 360.0 - 180.0  # 56 .. 54 becomes -179 .. 179
    found = replace(found, tables=replace(found.tables, replay_tracks=tracks.assign(lon_deg=moved)))
    (track,) = [f for f in json.loads(geojson(seen(found)))["features"] if f["properties"]["name"] == "one-0003"]
    assert track["geometry"]["type"] == "MultiLineString"
    east, west = track["geometry"]["coordinates"]
    assert (east[-1], west[0]) == ([-180.0, 25.5, 20000.0], [180.0, 25.5, 20000.0])
    assert (east[0][0], west[-1][0]) == (-179.0, 179.0)
    assert [len(times) for times in track["properties"]["coordTimes"]] == [2, 2]


def test_oem_has_a_message_for_each_threat_and_satellite() -> None:
    found = oem(seen())
    assert list(found) == ["threat-one-0000", "threat-one-0001", "threat-one-0002", "threat-one-0003",
                           "satellite-slots-0000", "threat-two-0000"]
    lines = found["satellite-slots-0000"].splitlines()
    assert lines[0] == "CCSDS_OEM_VERS = 2.0"
    assert "CREATION_DATE = 2026-03-02T08:00:00" in lines
    assert [line for line in lines if line.startswith(("OBJECT_NAME", "START_TIME", "REF_FRAME"))] == [
        "OBJECT_NAME = slots-0000", "REF_FRAME = ITRF2000", "START_TIME = 2026-02-28T20:00:00.000",
        "OBJECT_NAME = slots-0000", "REF_FRAME = ITRF2000", "START_TIME = 2026-03-01T20:00:00.000"]
    assert max(map(len, lines)) <= 254
    dated = [line.split()[0] for line in found["threat-one-0003"].splitlines() if line.startswith("2026")]
    assert dated == ["2026-02-28T20:00:00.000", "2026-02-28T20:02:30.000", "2026-02-28T20:05:00.000"]


def test_velocities_are_those_of_a_parabola() -> None:
    t = np.array([0.0, 3.0, 5.0, 11.0])
    r = np.column_stack([4.0 * t, 100.0 - 9.0 * t**2, np.zeros(4)])
    assert slopes(t, r) == pytest.approx(np.column_stack([np.full(4, 4.0), -18.0 * t, np.zeros(4)]))
    assert slopes(t[:2], r[:2])[:, 1] == pytest.approx([-27.0, -27.0])


def test_a_threat_with_one_point_has_no_velocity_and_no_message() -> None:
    found = results()
    tracks = found.tables.replay_tracks
    is_cut = (tracks["raid"] == "two") & (tracks["t_s"] > 0)
    found = replace(found, tables=replace(found.tables, replay_tracks=tracks[~is_cut]))
    assert "threat-two-0000" not in oem(seen(found))
    (track,) = [f for f in json.loads(geojson(seen(found)))["features"] if f["properties"]["name"] == "two-0000"]
    assert track["geometry"]["type"] == "Point"


def test_comments_are_ascii_and_short() -> None:
    lines = list(comments("a\nb é " + "x" * 450))
    assert lines[0] == "COMMENT a b ?"
    assert [len(line) for line in lines[1:]] == [208, 208, 58]


HOSTILE = 'a]]><script>alert(1)</script>&"\'\x07'


def test_markup_in_texts_stays_text() -> None:
    found = results(title=HOSTILE, areas={"city": {"lat_deg": 25.0, "lon_deg": 55.0, "radius_km": 30.0,
                                                   "note": HOSTILE}}, raids=RAIDS_AT_CITY)
    view = seen(found)
    root = ElementTree.fromstring(kml(view))
    assert root.findtext("kml:Document/kml:name", namespaces=KML) == HOSTILE.replace("\x07", "\ufffd")
    area = root.find(".//kml:Placemark", KML)
    assert area is not None
    shown = area.findtext("kml:description", namespaces=KML)
    packets = json.loads(czml(view))
    for html in (shown, packets[1]["description"]):
        assert "&lt;script&gt;" in str(html)
        assert "<script" not in str(html)
    assert json.loads(geojson(view))["features"][0]["properties"]["note"] == HOSTILE
    assert all(text.isascii() and "\x07" not in text for text in oem(view).values())


RAIDS_AT_CITY = {name: {"start": start, "waves": [
    {"threat": "srbm", "count": 1, "from": {"coast": 1}, "at": {"city": 1}}]}
    for name, start in (("one", "2026-02-28T20:00:00Z"), ("two", "2026-03-01T20:00:00Z"))}


def test_tables_are_those_of_the_results(tmp_path: Path) -> None:
    small = results()
    small.save(tmp_path / "results")
    write_export(tmp_path / "results", tmp_path / "csv", to="csv")
    write_export(small, tmp_path / "parquet", to="parquet")
    filled = {name for name in COLUMNS if len(getattr(small.tables, name))}
    assert {path.name for path in (tmp_path / "csv").iterdir()} == {"manifest.json", *(f"{n}.csv" for n in filled)}
    for name in filled:
        table = getattr(small.tables, name)
        read = pd.read_csv(tmp_path / "csv" / f"{name}.csv", dtype=COLUMNS[name])
        for column in table:
            known = table[column].astype(object).where(table[column].notna() & (table[column] != ""), None)
            assert read[column].astype(object).where(read[column].notna(), None).tolist() == known.tolist()
        stored = (tmp_path / "results" / f"{name}.parquet").read_bytes()
        assert (tmp_path / "parquet" / f"{name}.parquet").read_bytes() == stored
    write_export(small, tmp_path / "csv", to="csv")  # an earlier export is replaced
    one = write_export(small, tmp_path / "one.csv", to="csv", table="sites")
    assert one.read_bytes() == (tmp_path / "csv" / "sites.csv").read_bytes()
    write_export(small, one, to="csv", table="threats")


@pytest.mark.parametrize(("to", "out", "more", "message"), [
    ("kmz", "a.kmz", {}, "--to 'kmz': there is no such format\nhint: did you mean kml"),
    ("xyz", "a", {}, "--to 'xyz': there is no such format\nhint: known: csv, czml, geojson, kml, oem, parquet"),
    ("kml", "a.czml", {}, "a.czml: ends as a file of czml, and --to kml was asked for\nhint: --to czml, or"),
    ("kml", ".", {}, "is a folder\nhint: name a file"),
    ("csv", "tables", {"raid": "one"}, "--raid\n  goes with formats of the recorded run"),
    ("kml", "a.kml", {"table": "sites"}, "--table\n  goes with formats of tables, .*\nhint: csv and parquet"),
    ("csv", "a.csv", {"table": "site"}, "--table 'site': there is no such table\nhint: did you mean sites"),
    ("csv", "a.csv", {"table": "stocks"}, "--table stocks: has no rows in these results\nhint: those with rows: thr"),
    ("czml", "manifest.json/a", {}, "cannot be written: Not a directory|cannot be written: File exists"),
])
def test_what_cannot_be_exported(tmp_path: Path, to: str, out: str, more: dict[str, str], message: str) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match=message):
        write_export(results(), tmp_path / out, to=to, **more)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("to", [name for name in FORMATS if not FORMATS[name].objects])
def test_only_an_earlier_file_is_replaced(tmp_path: Path, to: str) -> None:
    table = "sites" if FORMATS[to].table else None
    out = tmp_path / f"run{FORMATS[to].suffix}"
    out.write_text("my own notes")
    with pytest.raises(InputError, match=f"exists, and is no file that --to {to} wrote, so it is left as it is"):
        write_export(results(), out, to=to, table=table)
    assert out.read_text() == "my own notes"
    out.unlink()
    for _ in range(2):
        assert write_export(results(), out, to=to, table=table) == out
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("to", ["oem", "csv", "parquet"])
def test_only_an_earlier_folder_is_replaced(tmp_path: Path, to: str) -> None:
    out = tmp_path / "out"
    small = results()
    write_export(small, out, to=to)
    first = {path.name for path in out.iterdir()}
    write_export(small, out, to=to, **({"raid": "two"} if to == "oem" else {}))
    again = {path.name for path in out.iterdir()}
    assert again == ({"manifest.json", "threat-two-0000.oem", "satellite-slots-0000.oem"} if to == "oem" else first)
    (out / f"mine{FORMATS[to].suffix}").write_text("my own notes")
    with pytest.raises(InputError, match=rf"holds files that are not an export to {to} \(mine"):
        write_export(small, out, to=to)
    assert {path.name for path in out.iterdir()} == {*again, f"mine{FORMATS[to].suffix}"}


def test_files_of_objects_stay_in_their_folder(tmp_path: Path) -> None:
    """Whatever a scenario calls its satellites, and where upper and lower case are one."""
    sky = {name: {"pattern": "geostationary", "longitudes_deg": [1.0]} for name in ("../../evil", "A", "a", "slots")}
    out = write_export(results(constellations=sky), tmp_path / "in" / "out", to="oem", raid="two")
    assert {path.name for path in out.iterdir()} == {
        "manifest.json", "threat-two-0000.oem", "satellite-______evil-0000.oem", "satellite-A-0000.oem",
        "satellite-a-0000_2.oem", "satellite-slots-0000.oem"}
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_results_are_left_alone(tmp_path: Path) -> None:
    folder = results().save(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError, match="is part of the results in"):
        write_export(folder, folder / "threats.parquet", to="parquet", table="sites")
    with pytest.raises(InputError, match="holds files that are not an export to parquet"):
        write_export(folder, folder, to="parquet")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_campaigns_have_tables_and_no_run(tmp_path: Path) -> None:
    found = campaign_results()
    with pytest.raises(InputError, match=r"results of campaigns hold no recorded run.*\nhint: .*--to csv"):
        write_export(found, tmp_path / "a.kml", to="kml")
    assert (write_export(found, tmp_path / "tables", to="csv") / "stocks.csv").is_file()


def test_the_front_door() -> None:
    assert opendome.write_export is write_export


@pytest.mark.compiled
def test_a_run_ends_where_its_events_say() -> None:
    """The tiny scenario: what was killed or came down was last seen within 2 s of flight from there, in every format.
    """
    found = study.run(reader.load(PATH), runs=1, seed=5)
    view = seen(found)
    (raid,) = view.raids
    assert {event.kind for event in raid.events} >= {"launch", "track", "shot"}
    ends = [event for event in raid.events if event.kind in ("kill", "leak", "outside")]
    assert sorted(event.threat for event in ends) == [track.name for track in raid.tracks]
    tracks = {track.name: track for track in raid.tracks}
    for event in ends:
        track = tracks[event.threat]
        assert event.t_s == pytest.approx(track.t_s[-1], abs=2.0)
        assert event.kind == {"destroyed": "kill", "leaked": "leak", "outside": "outside"}[track.outcome]
    assert len(json.loads(czml(view))) == 1 + 4 + 2 + len(raid.events) + 1
    assert set(oem(view)) == {"threat-night-0000", "threat-night-0001"}


def test_the_command_says_where_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = results().save(tmp_path / "results")
    asked = ["export", str(folder), "--to", "geojson", "--out", str(tmp_path / "run.geojson"), "--raid", "two"]
    assert cli.main(asked) == 0
    said, talk = capsys.readouterr()
    assert said == f"{tmp_path / 'run.geojson'}\n"
    assert talk.splitlines()[-1] == "open it in a map program"
    assert geojson(scene(results(), "two")) == (tmp_path / "run.geojson").read_text(encoding="utf-8")
    assert cli.main([*asked[:3], "gejson", *asked[4:]]) == 2
    assert capsys.readouterr().err == "--to 'gejson': there is no such format\nhint: did you mean geojson?\n"
    assert cli.main(["export", str(tmp_path / "no"), "--to", "kml", "--out", str(tmp_path / "a.kml")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_the_command_knows_every_format() -> None:
    assert list(exports.OPENS) == list(FORMATS)
