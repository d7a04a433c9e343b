"""What the page reads: figures as the results have them, tables as they were recorded, and small."""

import gzip
import itertools
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import small_campaign
import small_results
from opendome import study
from opendome.errors import InputError
from opendome.export import page
from opendome.results import Results
from opendome.scenario import reader
from opendome.study.replay import Replayed, replay_of
from tiny import small_raid
from tiny_space import busy_sky

MARKUP = "<script>alert('1')</script>&\"\u2028"


@pytest.fixture(scope="module")
def results() -> Results:
    return study.run(busy_sky(), runs=3, seed=5, jobs=1)


def table(content: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(content).read_all().to_pandas()


def made_up(satellites: int, threats: int, shots: int, samples: int, beliefs: int) -> Replayed:
    """A replay of these sizes, with noise in every digit that is kept."""
    random, n = np.random.default_rng(1), threats + shots

    def places(rows: int) -> dict[str, np.ndarray]:
        return {f"{axis}_m": random.uniform(-8e6, 8e6, rows) for axis in "xyz"}

    each = np.repeat(np.arange(n), samples)
    kinds = ["threat"] * threats + ["interceptor"] * shots
    events = pd.DataFrame({"t_s": np.sort(random.uniform(0, 3600, 4 * n)),
                           "kind": ["launch", "seen", "shot", "kill"] * n, "object": np.arange(4 * n) % n,
                           "other": -1, **places(4 * n), "layer": "upper",
                           "site": "battery", "sensor": "eye", "satellite": -1, "satellite_2": -1})
    return Replayed(
        run=0, raid="raid", end_s=3600.0, thinned_m=200.0, earth_angle_rad=1.0, notes=[],
        objects=pd.DataFrame({
            "id": np.arange(n), "kind": kinds, "name": [f"missile {i}" for i in range(n)], "type": "missile",
            "threat_class": "ballistic", "layer": "upper", "site": "battery", "place": "north", "area": "town",
            "fate": "destroyed", "reason": "", "target": -1, "satellite": -1, "raid_number": 0, "start_s": 0.0,
            "end_s": 3600.0}),
        tracks=pd.DataFrame({"id": each, "t_s": np.tile(np.linspace(0, 3600, samples), n), **places(len(each)),
                             "phase": 1}),
        events=events,
        satellites=pd.DataFrame({
            "id": np.arange(satellites), "constellation": "shell",
            **{name: random.uniform(0, 6, satellites) for name in (
                "a_m", "e", "i_rad", "raan_rad", "argp_rad", "m_rad", "raan_rad_s", "argp_rad_s", "m_rad_s")},
            "works": 1, "rounds": 1}),
        beliefs=pd.DataFrame({"object": np.repeat(np.arange(threats), beliefs),
                              "t_s": np.tile(20.0 * np.arange(beliefs), threats), **places(threats * beliefs),
                              **{f"{name}_m2": random.uniform(1, 1e6, threats * beliefs)
                                 for name in ("xx", "xy", "xz", "yy", "yz", "zz")}}))


# ---- the study ------------------------------------------------------------------------------------------------------


def test_the_summary_is_that_of_the_results(results):
    found = json.loads(page.json_bytes(page.index(results)))
    assert found["summary"] == json.loads(json.dumps(page.plain(results.summary())))
    assert found["summary"]["leak_through"]["all"]["value"] == results.table("leak_through")["value"].item()
    assert (found["runs"], found["seed"], found["kind"]) == (3, 5, "raid")
    assert found["scenario_sha256"] == results.manifest["scenario_sha256"]


def test_outcomes_are_those_of_the_runs():
    """Worked by hand: one leaker of five in runs 0, 1 and 3, two in run 2 (`small_results.OUTCOMES`)."""
    small = small_results.results()
    found = page.outcomes(small)
    assert found["run"] == [0, 1, 2, 3]
    assert found["leakers"] == [1, 1, 2, 1]
    assert found["leak_through"] == [0.2, 0.2, 0.4, 0.2]
    for name in ("shots", "kills"):
        assert sum(found[name]) / 4 == small.table(name)["value"].item()
    assert sum(found["cost_musd"]) / 4 == pytest.approx(small.table("cost")["value"].item(), rel=1e-6)


def test_what_stands_still_is_that_of_the_scenario(results):
    found = page.index(results)
    assert [(site["name"], site["layer"], site["stock"], site["range_km"]) for site in found["sites"]] == [
        ("battery", "only", 1000, 150)]
    assert [(s["name"], s["kind"], s["constellation"], s["range_km"]) for s in found["sensors"]] == [
        ("plume-eye", "infrared", "slots", 0.0), ("eye", "radar", None, 60.0), ("cold-eye", "infrared", "low", 0.0)]
    assert {c["name"]: (c["n"], c["carries"]) for c in found["constellations"]} == {
        "slots": (2, ["plume-eye"]), "low": (60, ["cold-eye", "boost"])}
    assert found["raids"] == [{"name": "raid", "start": "2026-01-01T00:00:00.000Z", "note": "", "launched": 6}]


def test_every_number_and_every_source_is_there():
    run = study.run(reader.load("gulf-2026").model_copy(update={"raids": {
        "night-1": reader.load("gulf-2026").raids["night-1"]}, "observations": []}), runs=1, seed=1)
    found = page.index(run)
    assert len(found["assumptions"]) == len(run.tables.assumptions) > 50
    cited = {row["source"] for row in found["assumptions"]} - {"assumption", ""}
    assert cited <= set(found["references"])
    assert all(row["title"] for row in found["references"].values())


@pytest.mark.parametrize(("table", "name", "key"), [("sensors", "eye", "type"), ("layers", "only", "interceptor")])
def test_what_the_catalogue_does_not_have_is_said(results, table, name, key):
    named = getattr(results.scenario, table)
    spec = named[name].model_copy(update={key: "eye-typo"})
    older = replace(results, scenario=results.scenario.model_copy(update={table: {**named, name: spec}}))
    with pytest.raises(InputError) as caught:
        page.index(replace(older, manifest={**results.manifest, "version": "0.0.1"}))
    assert "'eye-typo'\n  is not in this version's catalogue: the results are of version 0.0.1" in str(caught.value)
    with pytest.raises(InputError, match="the scenario kept with the results was changed"):
        page.index(older)


def test_campaigns_have_an_index_without_raids():
    found = json.loads(page.json_bytes(page.index(small_campaign.results())))
    assert (found["kind"], found["raids"], found["outcomes"]["run"]) == ("campaign", [], [])
    assert found["summary"]["kind"] == "campaign"


def test_markup_passes_through_as_text():
    data = reader.to_data(small_raid())
    data["title"] = data["note"] = MARKUP
    data["areas"] = {MARKUP: data["areas"]["town"]}
    for wave in data["raids"]["raid"]["waves"]:
        wave["at"] = {MARKUP: 1}
    data["raids"] = {MARKUP: data["raids"]["raid"]}
    run = study.run(reader.from_data(data), runs=1, seed=1)
    index = json.loads(page.json_bytes(page.index(run)))
    assert (index["title"], index["note"], index["areas"][0]["name"], index["raids"][0]["name"]) == (MARKUP,) * 4
    parts = page.replay_parts(run, 0, MARKUP)
    assert json.loads(parts["meta.json"])["raid"] == MARKUP
    assert MARKUP in set(table(parts["objects.arrow"])["area"])


# ---- replays --------------------------------------------------------------------------------------------------------


def test_tables_are_those_of_the_replay_in_km(results):
    found, parts = replay_of(results, 1), page.replay_parts(results, 1)
    meta = json.loads(parts["meta.json"])
    assert (meta["run"], meta["raid"], meta["tracks"]) == (1, "raid", ["tracks.arrow"])
    assert meta["end_s"] == found.end_s
    tracks = table(parts["tracks.arrow"])
    assert tracks["id"].tolist() == found.tracks["id"].tolist()
    assert np.abs(1000.0 * tracks["z_km"] - found.tracks["z_m"]).max() < 1.0
    assert np.abs(tracks["t_s"] - found.tracks["t_s"]).max() < 0.001
    objects = table(parts["objects.arrow"])
    assert objects["fate"].tolist() == found.objects["fate"].tolist()
    assert objects["target"].tolist() == found.objects["target"].tolist()
    satellites = table(parts["satellites.arrow"])
    assert satellites["m_rad"].tolist() == found.satellites["m_rad"].tolist()
    assert satellites["a_km"].tolist() == (found.satellites["a_m"] / 1000.0).tolist()
    beliefs = table(parts["beliefs.arrow"])
    spread = found.beliefs["xx_m2"] + found.beliefs["yy_m2"] + found.beliefs["zz_m2"]
    np.testing.assert_allclose(beliefs["sigma_km"], np.sqrt(spread / 3.0) / 1000.0, rtol=1e-6)
    events = table(parts["events.arrow"])
    for name in ("kind", "sensor", "satellite", "satellite_2"):
        assert events[name].tolist() == found.events[name].tolist()


def test_the_same_run_gives_the_same_bytes(results):
    assert page.replay_parts(results, 2) == page.replay_parts(results, 2)


def test_columns_are_small():
    schema = pa.ipc.open_stream(page.parts(made_up(10, 2, 2, 10, 5))["tracks.arrow"]).schema
    assert {field.name: str(field.type) for field in schema} == {
        "id": "int32", "t_s": "float", "x_km": "float", "y_km": "float", "z_km": "float", "phase": "uint8"}
    objects = pa.ipc.open_stream(page.parts(made_up(10, 2, 2, 10, 5))["objects.arrow"]).schema
    assert str(objects.field("fate").type) == "dictionary<values=string, indices=int32, ordered=0>"


def test_8000_satellites_and_200_tracks_for_an_hour_are_under_5_mb():
    """130 points of each track, as in the trial that the budget comes from, and a belief every 20 s."""
    parts = page.parts(made_up(8000, 100, 100, 130, 180))
    assert sum(len(gzip.compress(content)) for content in parts.values()) < 5e6


def test_many_samples_are_cut_by_time():
    whole = made_up(1, 50, 0, 5001, 1)
    parts = page.parts(whole)
    meta = json.loads(parts["meta.json"])
    assert meta["tracks"] == ["tracks-0.arrow", "tracks-1.arrow", "tracks-2.arrow"]
    assert "tracks.arrow" not in parts
    pieces = [table(parts[name]) for name in meta["tracks"]]
    assert all(len(piece) <= page.SAMPLES_MAX for piece in pieces)
    assert sum(map(len, pieces)) == len(whole.tracks)
    for before, after in itertools.pairwise(pieces):
        assert before["t_s"].max() <= after["t_s"].min()
    for piece in pieces:
        assert (np.diff(piece["id"]) >= 0).all()
        assert all((np.diff(track["t_s"]) > 0).all() for _, track in piece.groupby("id"))


def test_run_0_of_an_older_version_is_shown_as_it_was_kept(results):
    older = replace(results, manifest={**results.manifest, "version": "0.0.1"})
    parts = page.replay_parts(older, 0)
    notes = json.loads(parts["meta.json"])["notes"]
    assert notes[0].startswith("Not flown again: run 0: cannot be flown again with this version")
    objects, now = table(parts["objects.arrow"]), replay_of(results, 0).objects
    assert objects["fate"].tolist() == now.loc[now["kind"] != "interceptor", "fate"].tolist()
    assert len(table(parts["satellites.arrow"])) == len(table(parts["beliefs.arrow"])) == 0
    kinds = set(table(parts["events.arrow"])["kind"])
    assert {"launch", "seen", "kill"} <= kinds
    with pytest.raises(InputError, match="cannot be flown again"):
        page.replay_parts(older, 1)


def test_the_raids_of_a_run_are_those_asked_for_one_by_one(results):
    assert dict(page.replay_raids(results, 1)) == {"raid": page.replay_parts(results, 1)}
    older = replace(results, manifest={**results.manifest, "version": "0.0.1"})
    assert dict(page.replay_raids(older, 0)) == {"raid": page.replay_parts(older, 0)}
    with pytest.raises(InputError, match="cannot be flown again"):
        next(page.replay_raids(older, 1))


def test_raids_before_the_one_that_comes_out_differently_are_shown_as_flown(monkeypatch):
    def differs(found, run):
        yield replace(made_up(1, 2, 2, 5, 1), raid="one")
        raise InputError("run 0: comes out differently here")

    monkeypatch.setattr(page, "replays_of", differs)
    found = dict(page.replay_raids(small_results.results(), 0))
    notes = {raid: json.loads(parts["meta.json"])["notes"] for raid, parts in found.items()}
    assert list(notes) == ["one", "two"]
    assert notes["one"] == []
    assert notes["two"][0] == "Not flown again: run 0: comes out differently here."


def test_a_raid_that_there_is_not_is_refused(results):
    with pytest.raises(InputError, match="is not a raid"):
        page.replay_parts(results, 0, "../../etc")


def test_plain_data_have_no_numbers_that_json_lacks():
    assert page.plain({"a": np.float64("nan"), "b": [np.int32(3), np.inf], "c": np.bool_(True)}) == {
        "a": None, "b": [3, None], "c": True}
