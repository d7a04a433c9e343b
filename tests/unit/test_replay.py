"""A run flown again: it is the run of the results, and everything lies where that says it was."""

import math
from dataclasses import replace

import numpy as np
import pytest

from opendome import study
from opendome.errors import InputError
from opendome.raid import empty_records, empty_replay, empty_scratch, lower, simulate
from opendome.raid.fight import Log, Outcome
from opendome.results import Results
from opendome.scenario import reader
from opendome.study import catalogue_for
from opendome.study import flown as flown_again
from opendome.study.flown import Flown, fired_by_satellites, fly_again
from opendome.study.paths import THIN_M, Path, place_at, states, thinned
from opendome.study.replay import Replayed, kept, replay, replay_of, replays_of
from opendome.study.replay_tables import BELIEF_STEP_S, replayed
from opendome.world import WGS84, ecef_from_geodetic
from tiny import small_raid, tiny
from tiny_space import busy_sky

RUNS, SEED, SKY_SEED = 5, 3, 5
BEGINS = {"launch": "t_launch_s", "warned": "t_warned_s", "seen": "t_seen_s"}


@pytest.fixture(scope="module")
def ground() -> Results:
    return study.run(small_raid(), runs=RUNS, seed=SEED, jobs=1)


@pytest.fixture(scope="module")
def sky() -> Results:
    return study.run(busy_sky(), runs=RUNS, seed=SKY_SEED, jobs=1)


@pytest.fixture(scope="module")
def flown(ground: Results, sky: Results) -> list[tuple[Results, Replayed]]:
    """Every run of both studies."""
    return [(results, replay_of(results, run)) for results in (ground, sky) for run in range(RUNS)]


def rows_of(results: Results, found: Replayed, table: str = "threats"):
    rows = getattr(results.tables, table)
    return rows[rows["run"] == found.run].reset_index(drop=True)


def positions(frame) -> np.ndarray:
    return frame[["x_m", "y_m", "z_m"]].to_numpy()


# ---- the same run ---------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_it_is_a_fair_sample(flown):
    events = {kind for _, found in flown for kind in found.events["kind"]}
    assert events >= {"launch", "warned", "seen", "shot", "kill", "miss", "leak"}
    assert {"hit", "missed"} <= {fate for _, found in flown for fate in found.objects["fate"]}


@pytest.mark.compiled
def test_threats_end_as_the_row_of_their_run_says(flown):
    for results, found in flown:
        rows, threats = rows_of(results, found), found.objects[found.objects["kind"] != "interceptor"]
        assert threats["fate"].tolist() == rows["outcome"].astype("str").tolist()
        assert (threats["kind"] == "decoy").tolist() == rows["is_decoy"].tolist()
        assert threats["reason"].tolist() == rows["reason"].astype("str").where(rows["reason"].notna(), "").tolist()
        assert threats["layer"].tolist() == rows["layer"].astype("str").where(rows["layer"].notna(), "").tolist()
        ends = found.tracks.groupby("id")["t_s"].max()
        there = [i for i in ends.index if i < len(rows)]
        np.testing.assert_allclose(ends[there], rows["t_end_s"][there], rtol=1e-6)


@pytest.mark.compiled
def test_shots_and_kills_are_those_of_the_sites(flown):
    for results, found in flown:
        is_decoy = found.objects["kind"].to_numpy() == "decoy"
        shots = found.events[found.events["kind"] == "shot"]
        kills = found.events[found.events["kind"] == "kill"]
        kills = kills[~is_decoy[kills["other"]]]
        for row in rows_of(results, found, "sites").itertuples():
            assert (shots["site"] == row.site).sum() == row.shots
            assert (kills["site"] == row.site).sum() == row.kills
        per_threat = shots.groupby("other").size().reindex(range((found.objects["kind"] != "interceptor").sum()))
        assert per_threat.fillna(0).tolist() == rows_of(results, found)["shots"].tolist()


@pytest.mark.compiled
def test_events_come_when_the_rows_say(flown):
    for results, found in flown:
        rows = rows_of(results, found)
        for kind, column in BEGINS.items():
            told = found.events[found.events["kind"] == kind].set_index("object")["t_s"]
            known = rows[rows[column].notna() & ~rows["is_decoy"]] if kind == "launch" else rows[rows[column].notna()]
            np.testing.assert_allclose(told.sort_index(), known[column], rtol=1e-6)
        first = found.events[found.events["kind"] == "shot"].groupby("other")["t_s"].min()
        np.testing.assert_allclose(first, rows["t_shot_s"].dropna(), rtol=1e-6)
        leaks = found.events[found.events["kind"] == "leak"]
        assert sorted(leaks["object"]) == rows.index[rows["outcome"] == "leaked"].tolist()


@pytest.mark.compiled
def test_run_0_is_the_one_that_was_kept(ground, sky):
    for results in (ground, sky):
        now, before = replay_of(results, 0), kept(results)
        for i, track in now.tracks.groupby("id"):
            old = before.tracks[before.tracks["id"] == i]
            path = Path(track["t_s"].to_numpy(), positions(track), np.zeros(len(track), np.int64))
            if len(old):
                off = np.linalg.norm(place_at(path, old["t_s"].to_numpy()) - positions(old), axis=1)
                assert off.max() <= THIN_M
        for kind in ("launch", "seen", "leak", "outside"):
            told = [sorted(frame.events.loc[frame.events["kind"] == kind, "object"]) for frame in (now, before)]
            assert told[0] == told[1]
        assert before.objects["fate"].tolist() == now.objects["fate"].tolist()[:len(before.objects)]
        who = [frame.events[frame.events["kind"] == "warned"].set_index("object")["sensor"].sort_index().to_dict()
               for frame in (now, before)]
        assert who[0] == who[1]


@pytest.mark.compiled
def test_results_of_any_number_of_workers_have_the_same_replay(ground):
    many = study.run(small_raid(), runs=RUNS, seed=SEED, jobs=3)
    one, other = replay_of(ground, 3), replay_of(many, 3)
    for name in ("objects", "tracks", "events", "satellites", "beliefs"):
        assert getattr(one, name).equals(getattr(other, name))


@pytest.fixture(scope="module")
def nights() -> Results:
    """Three raids, of which the second is the largest."""
    data = reader.to_data(small_raid())
    raid = data["raids"]["raid"]
    waves = [wave | {"count": 2 * wave["count"]} for wave in raid["waves"]]
    data["raids"] |= {"later": raid | {"start": "2026-01-02T00:00:00Z", "waves": waves},
                      "last": raid | {"start": "2026-01-03T00:00:00Z"}}
    return study.run(reader.from_data(data), runs=2, seed=SEED)


@pytest.mark.compiled
def test_a_later_raid_meets_what_the_first_left(nights):
    results = nights
    found = replay_of(results, 1, "later")
    rows = results.tables.threats.query("run == 1 and raid == 'later'")
    assert found.objects["fate"].tolist()[:len(rows)] == rows["outcome"].astype("str").tolist()
    assert set(found.objects["raid_number"]) == {1}


@pytest.mark.compiled
def test_a_satellite_that_fired_has_its_round_no_more_in_a_later_raid():
    data = reader.to_data(busy_sky())
    data["raids"]["later"] = data["raids"]["raid"] | {"start": "2026-01-02T00:00:00Z"}
    results = study.run(reader.from_data(data), runs=RUNS, seed=SKY_SEED)
    shots = results.tables.sites.query("raid == 'raid' and site == 'low'").set_index("run")["shots"]
    run = int(shots.idxmax())
    first, later = replay_of(results, run, "raid"), replay_of(results, run, "later")
    fired = first.objects.query("satellite >= 0")["satellite"]
    assert len(fired) == shots[run] > 0
    assert (later.satellites["rounds"] == first.satellites["rounds"] - np.bincount(fired, minlength=62)).all()
    held = results.tables.sites.query(f"run == {run} and raid == 'later' and site == 'low'")
    assert later.satellites["rounds"].sum() == (held["left"] + held["shots"]).item()


@pytest.mark.compiled
@pytest.mark.parametrize("room", [100_000, 3])
def test_one_flight_gives_every_raid_as_a_flight_up_to_it_does(nights, monkeypatch, room):
    """The raids of a run in one go, against the whole run up to each of them: simulated as a study does it. Where what
    the defence believed finds no room the run is flown once more, and no raid comes twice."""
    monkeypatch.setattr(flown_again, "BELIEFS_FIRST", room)
    every = list(replays_of(nights, 1))
    assert [found.raid for found in every] == ["raid", "later", "last"]
    for at, found in enumerate(every):
        whole = up_to(nights, 1, at)
        for name in ("objects", "tracks", "events", "satellites", "beliefs"):
            assert getattr(found, name).equals(getattr(whole, name)), (found.raid, name)
        assert (found.end_s, found.earth_angle_rad) == (whole.end_s, whole.earth_angle_rad)


def up_to(results: Results, run: int, at: int) -> Replayed:
    """Raid number `at` of a run, from a log of all raids up to it."""
    catalogue, facts = catalogue_for(results.scenario), results.manifest
    problem = lower(results.scenario, catalogue, runs=facts["runs"], seed=facts["seed"])
    tables = problem.tables._replace(raids=problem.tables.raids[:at + 1])
    scratch, records, found = empty_scratch(tables), empty_records(problem.tables, run + 1), empty_replay(
        999, 0, 999, 99999)
    simulate(tables, run, run + 1, scratch, records, found)
    *logs, written = found.log
    earlier = logs[1][:written[1]]
    fired = fired_by_satellites(tables, earlier[earlier[:, 0] < at])
    logs = [rows[:n][rows[:n, 0] == at] for rows, n in zip(logs, written, strict=True)]
    found = found._replace(log=Log(*logs, np.array([len(rows) for rows in logs])))
    return replayed(Flown(results.scenario, catalogue, problem, run, at, scratch, records, found, fired))


# ---- who saw it -----------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_what_was_seen_says_which_sensor_saw_it(flown):
    seen = {sensor for _, found in flown for sensor in found.events.loc[found.events["kind"] == "seen", "sensor"]}
    assert seen == {"eye", "other-eye", "cold-eye"}
    for results, found in flown:
        told = found.events
        assert ((told["sensor"] != "") == told["kind"].isin(["seen", "warned"])).all()
        assert (told.loc[told["sensor"].isin(["eye", "other-eye"]), ["satellite", "satellite_2"]] == -1).all(axis=None)
        for _, event in told[(told["sensor"] == "cold-eye") & (told["kind"] == "seen")].iterrows():
            pair = found.satellites.set_index("id").loc[[event["satellite"], event["satellite_2"]]]
            assert event["satellite"] != event["satellite_2"]
            assert set(pair["constellation"]) == {results.scenario.sensors["cold-eye"].constellation}
            assert (pair["works"] == 1).all()


@pytest.mark.compiled
def test_a_warning_is_of_the_sensor_that_the_table_has_first(sky):
    told = 0
    for run in range(RUNS):
        found, rows = replay_of(sky, run), rows_of(sky, replay_of(sky, run), "warnings")
        for _, event in found.events[found.events["kind"] == "warned"].iterrows():
            mine = rows[rows["threat"] == event["object"]].sort_values("warned_after_s")
            assert event["sensor"] == mine["sensor"].iloc[0]
            fleet = found.satellites.set_index("id")["constellation"][event["satellite"]]
            assert fleet == sky.scenario.sensors[event["sensor"]].constellation
            assert event["satellite_2"] == -1
            told += 1
    assert told > 0


# ---- places ---------------------------------------------------------------------------------------------------------


@pytest.mark.compiled
@pytest.mark.parametrize("scenario", [small_raid(), busy_sky()], ids=["ground", "sky"])
def test_tracks_are_nowhere_off_by_more_than_the_bound(scenario):
    flown = fly_again(scenario, runs=RUNS, seed=SEED, run=2)
    found = replay(scenario, runs=RUNS, seed=SEED, run=2)
    random = np.random.default_rng(1)
    for i, track in found.tracks.groupby("id"):
        if found.objects["kind"][i] != "interceptor":
            t_s = random.uniform(track["t_s"].min(), track["t_s"].max(), 500)
            truth = states(flown.problem.tables.routes, flown.scratch.truth, np.full(500, i), t_s).r_ecef_m
            path = Path(track["t_s"].to_numpy(), positions(track), np.zeros(len(track), np.int64))
            assert np.linalg.norm(place_at(path, t_s) - truth, axis=1).max() <= THIN_M


@pytest.mark.compiled
def test_leakers_come_down_in_the_town(ground):
    town = np.array(ecef_from_geodetic(math.radians(25.0), math.radians(55.0), 0.0))
    leakers = 0
    for run in range(RUNS):
        found = replay_of(ground, run)
        for i in found.objects.index[found.objects["fate"] == "leaked"]:
            last = positions(found.tracks[found.tracks["id"] == i])[-1]
            assert np.linalg.norm(last - town) <= 10e3
            leakers += 1
    assert leakers > 0


@pytest.mark.compiled
def test_rounds_leave_their_site_and_end_where_their_target_is(flown):
    for results, found in flown:
        sites = {name: site for layer in results.scenario.layers.values() for name, site in layer.sites.items()}
        for _, shot in found.objects[found.objects["kind"] == "interceptor"].iterrows():
            track = found.tracks[found.tracks["id"] == shot["id"]]
            assert (track["t_s"].iloc[0], track["t_s"].iloc[-1]) == (shot["start_s"], shot["end_s"])
            target = found.tracks[found.tracks["id"] == shot["target"]]
            path = Path(target["t_s"].to_numpy(), positions(target), np.zeros(len(target), np.int64))
            met = place_at(path, np.array([shot["end_s"]]))[0]
            assert np.linalg.norm(positions(track)[-1] - met) < 0.01
            if shot["fate"] == "hit":
                assert found.objects["fate"][shot["target"]] == "destroyed"
                assert shot["end_s"] == pytest.approx(found.objects["end_s"][shot["target"]], abs=1e-6)
            assert (shot["satellite"] >= 0) == (shot["site"] not in sites)
            if shot["site"] in sites:
                site = sites[shot["site"]]
                start = ecef_from_geodetic(math.radians(site.lat_deg), math.radians(site.lon_deg), site.alt_m)
                assert np.linalg.norm(positions(track)[0] - np.array(start)) < 1.0


def circular_place_m(row, t_s: float, earth_angle_rad: float) -> np.ndarray:
    """ECEF place of a satellite on a circular orbit, turned by hand."""
    along = row["argp_rad"] + row["m_rad"] + (row["argp_rad_s"] + row["m_rad_s"]) * t_s
    node = row["raan_rad"] + row["raan_rad_s"] * t_s - earth_angle_rad - WGS84.omega_rad_s * t_s
    x, y = math.cos(along), math.sin(along)
    c, s, ci, si = math.cos(node), math.sin(node), math.cos(row["i_rad"]), math.sin(row["i_rad"])
    return row["a_m"] * np.array([c * x - s * ci * y, s * x + c * ci * y, si * y])


@pytest.mark.compiled
def test_rounds_from_orbit_leave_one_satellite_that_works(sky):
    met = 0
    for run in range(RUNS):
        found = replay_of(sky, run)
        mine = found.satellites[found.satellites["constellation"] == "low"]
        for _, shot in found.objects[found.objects["site"] == "low"].query("kind == 'interceptor'").iterrows():
            start = positions(found.tracks[found.tracks["id"] == shot["id"]])[0]
            off = [np.linalg.norm(circular_place_m(row, shot["start_s"], found.earth_angle_rad) - start)
                   for _, row in mine.iterrows()]
            assert min(off) < 1.0
            assert mine["works"].iloc[int(np.argmin(off))] == 1
            assert mine["id"].iloc[int(np.argmin(off))] == shot["satellite"]
            met += 1
    assert met > 0


@pytest.mark.compiled
def test_satellites_that_work_carry_the_stock_of_the_run(sky):
    for run in range(RUNS):
        found = replay_of(sky, run)
        stock = sky.tables.sites.query(f"run == {run} and site == 'low'")["stock"].item()
        assert found.satellites.query("constellation == 'low'")["works"].sum() == stock  # one round on each
        carries = found.satellites["constellation"] == "low"
        assert (found.satellites["rounds"] == found.satellites["works"] * carries).all()
        assert len(found.satellites) == 62


@pytest.mark.compiled
def test_beliefs_are_of_what_was_seen_and_near_the_truth(flown):
    misses = []
    for _, found in flown:
        assert set(found.beliefs["object"]) <= set(found.events.loc[found.events["kind"] == "seen", "object"])
        for i, held in found.beliefs.groupby("object"):
            assert (np.diff(held["t_s"]) >= BELIEF_STEP_S).all()
            track = found.tracks[found.tracks["id"] == i]
            path = Path(track["t_s"].to_numpy(), positions(track), np.zeros(len(track), np.int64))
            off = np.linalg.norm(place_at(path, held["t_s"].to_numpy()) - positions(held), axis=1)
            sigma = np.sqrt(held["xx_m2"] + held["yy_m2"] + held["zz_m2"])
            misses += [max(0.0, far - THIN_M) / near for far, near in zip(off, sigma, strict=True)]
    assert len(misses) > 50
    assert np.mean(np.array(misses) < 3.0) > 0.95


@pytest.mark.compiled
def test_decoys_that_were_never_set_free_have_no_track(sky):
    missing = 0
    for run in range(RUNS):
        found = replay_of(sky, run)
        drawn = set(found.tracks["id"])
        for i, row in found.objects.iterrows():
            assert (i in drawn) or (row["kind"], row["fate"]) == ("decoy", "void")
            if i not in drawn:
                assert found.objects["fate"][row["target"]] == "destroyed"
                missing += 1
    assert missing > 0


def test_thinning_keeps_ends_changes_of_phase_and_the_bound():
    t = np.linspace(0.0, 100.0, 1001)
    r = np.stack([t * 1000.0, 20.0 * t**2, np.zeros_like(t)], axis=1)
    path = Path(t, r, (t >= 37.0).astype(np.int64))
    found, = thinned(path, 50.0)
    assert {0.0, 37.0, 100.0} <= set(found.t_s)
    assert 32 <= len(found.t_s) <= 64  # on paper: a chord of sqrt(8 * 50 m / 40 m/s2) = 3.2 s at most, halved
    assert np.linalg.norm(place_at(found, t) - r, axis=1).max() <= 50.0
    straight, = thinned(Path(t, np.outer(t, [1.0, 2.0, 3.0]), np.zeros(len(t), np.int64)), 1.0)
    assert straight.t_s.tolist() == [0.0, 100.0]


# ---- what cannot be flown again -------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_writing_down_moves_no_result(ground):
    """The run flown with everything written down has the row of the run flown without."""
    flown = fly_again(small_raid(), runs=RUNS, seed=SEED, run=4)
    rows = ground.tables.threats.query("run == 4")
    row = flown.records.threats[4]
    assert [Outcome(code).name.lower() for code in row.outcome] == rows["outcome"].tolist()
    for column, kept_as in (("end_s", "t_end_s"), ("launch_s", "t_launch_s")):
        assert row[column].tolist() == rows[kept_as].tolist()


@pytest.mark.compiled
@pytest.mark.parametrize(("run", "raid", "said"), [
    (RUNS, None, "must be a whole number from 0 to 4"), (-1, None, "must be a whole number"),
    (True, None, "must be a whole number"), (0, "raif", "\nhint: did you mean raid?")])
def test_a_run_or_raid_that_there_is_not(ground, run, raid, said):
    with pytest.raises(InputError) as caught:
        replay_of(ground, run, raid)
    assert said in str(caught.value)


@pytest.mark.parametrize(("key", "was"), [("version", "0.0.9"), ("scenario_sha256", "ab" * 32),
                                          ("catalogue_sha256", "cd" * 32)])
@pytest.mark.compiled
def test_results_of_another_version(ground, key, was):
    other = replace(ground, manifest={**ground.manifest, key: was})
    with pytest.raises(InputError) as caught:
        replay_of(other, 1)
    assert "cannot be flown again with this version" in str(caught.value)
    assert was[:12] in str(caught.value)
    assert "run 0 can be shown as it was kept" in str(caught.value)


@pytest.mark.compiled
def test_a_run_that_comes_out_differently_is_not_shown(ground):
    threats = ground.tables.threats.copy()
    threats["shots"] = threats["shots"] + (threats["run"] == 2).astype("int16")
    other = replace(ground, tables=replace(ground.tables, threats=threats))
    assert replay_of(other, 1).run == 1
    with pytest.raises(InputError, match="comes out differently here"):
        replay_of(other, 2)


def test_campaigns_have_no_replay():
    with pytest.raises(InputError, match="no raids that can be replayed"):
        replay(reader.load("stocks-2026"), runs=2, seed=1, run=0)


def test_a_raid_without_defence():
    """Nothing to fire, nothing in orbit: empty tables, not an error."""
    data = reader.to_data(tiny(missiles=2))
    del data["layers"], data["sensors"]
    found = replay(reader.from_data(data), runs=1, seed=1, run=0)
    assert found.objects["fate"].tolist() == ["leaked", "leaked"]
    assert len(found.satellites) == len(found.beliefs) == 0
    assert found.events["kind"].tolist() == ["launch", "launch", "leak", "leak"]
