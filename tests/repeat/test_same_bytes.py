"""The same scenario, seed and version give the same bytes, whatever the workers, the number of runs and the company."""

from pathlib import Path

import pandas as pd
import pytest

from opendome import study
from opendome.scenario import Scenario, reader
from tiny import INTERCEPTOR, MISSILE, RADAR, tiny

RUNS, SEED = 8, 3
FAR_RADAR = {"type": "eye-type", "lat_deg": -40.0, "lon_deg": -120.0}


def small(**sensors) -> Scenario:
    """Six threats, two radars, two layers, with uncertain numbers and chance everywhere."""
    second = {"interceptor": "arrow", "salvo": 1, "shots_max": 2,
              "sites": {"far-battery": {"lat_deg": 25.1, "lon_deg": 55.1, "launchers": 1, "stock": 4}}}
    data = reader.to_data(tiny(missiles=4, drones=2, spread_min=4, layer={"salvo": 1, "shots_max": 2},
                               site={"stock": {"value": 6, "low": 2, "high": 10}}, assumptions="sampled",
                               missile=MISSILE | {"cep_m": 500, "p_stray": 0.2, "stray_km": 20}, radar=RADAR | {
                                   "range_ref_km": {"value": 300, "low": 200, "high": 400}, "snr_ref_db": 15,
                                   "sigma_range_m": 20, "sigma_angle_mrad": 1},
                               interceptor=INTERCEPTOR | {"common_mode": 0.2, "p_kill": {
                                   "ballistic": {"value": 0.6, "low": 0.3, "high": 0.9},
                                   "drone": {"value": 0.6, "low": 0.3, "high": 0.9}}}))
    data["layers"]["second"] = second
    data["sensors"] |= {"other-eye": {"type": "eye-type", "lat_deg": 25.1, "lon_deg": 55.2}} | sensors
    return reader.from_data(data)


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def alone():
    return study.run(small(), runs=RUNS, seed=SEED, jobs=1)


def test_it_is_a_fair_sample_of_chance(alone):
    """Otherwise equal bytes would mean little."""
    assert set(alone.tables.threats["outcome"]) >= {"destroyed", "leaked"}
    assert alone.tables.threats["shots"].nunique() > 1
    assert alone.tables.sites["stock"].nunique() > 2


@pytest.mark.parametrize("jobs", [2, 5])
def test_same_bytes_for_any_number_of_workers(tmp_path, alone, jobs):
    alone.save(tmp_path / "one")
    study.run(small(), runs=RUNS, seed=SEED, jobs=jobs, out=tmp_path / "many")
    assert folder_bytes(tmp_path / "one") == folder_bytes(tmp_path / "many")


def test_fewer_runs_are_the_first_of_more(alone):
    few = study.run(small(), runs=3, seed=SEED)
    for name in ("threats", "sites", "shots"):
        many = getattr(alone.tables, name).query("run < 3").reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(few.tables, name), many)


def test_an_unrelated_radar_changes_nothing(alone):
    """A radar on the other side of the Earth sees nothing here, and takes no draw from anyone."""
    beside = study.run(small(stranger=FAR_RADAR), runs=RUNS, seed=SEED)
    for name in ("threats", "sites", "shots", "replay_tracks", "replay_events"):
        pd.testing.assert_frame_equal(getattr(beside.tables, name), getattr(alone.tables, name))


def test_another_raid_afterwards_changes_nothing_before(alone):
    data = reader.to_data(small())
    data["raids"]["later"] = data["raids"]["raid"] | {"start": "2026-01-02T00:00:00Z"}
    longer = study.run(reader.from_data(data), runs=RUNS, seed=SEED).tables.threats
    first = longer[longer["raid"] == "raid"].reset_index(drop=True)
    columns = [name for name in first if name != "raid"]
    pd.testing.assert_frame_equal(first[columns], alone.tables.threats[columns], check_categorical=False,
                                  check_dtype=False)


def test_another_seed_changes_the_draws(alone):
    other = study.run(small(), runs=RUNS, seed=SEED + 1)
    assert not other.tables.threats["t_launch_s"].equals(alone.tables.threats["t_launch_s"])
    assert not other.tables.threats["outcome"].equals(alone.tables.threats["outcome"])


def test_a_saved_scenario_and_manifest_repeat_the_run(tmp_path, alone):
    alone.save(tmp_path / "first")
    again = study.run(reader.load(tmp_path / "first" / "scenario.toml"), runs=alone.manifest["runs"],
                      seed=alone.manifest["seed"], out=tmp_path / "again")
    assert again.manifest == alone.manifest
    assert folder_bytes(tmp_path / "first") == folder_bytes(tmp_path / "again")
