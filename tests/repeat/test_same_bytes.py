"""The same scenario, seed and version give the same bytes, whatever the workers, the number of runs and the company."""

from pathlib import Path

import pandas as pd
import pytest

from opendome import study
from opendome.scenario import reader
from tiny import small_raid

RUNS, SEED = 8, 3
FAR_RADAR = {"type": "eye-type", "lat_deg": -40.0, "lon_deg": -120.0}


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def alone():
    return study.run(small_raid(), runs=RUNS, seed=SEED, jobs=1)


def test_it_is_a_fair_sample_of_chance(alone):
    """Otherwise equal bytes would mean little."""
    assert set(alone.tables.threats["outcome"]) >= {"destroyed", "leaked"}
    assert alone.tables.threats["shots"].nunique() > 1
    assert alone.tables.sites["stock"].nunique() > 2


@pytest.mark.parametrize("jobs", [2, 5])
def test_same_bytes_for_any_number_of_workers(tmp_path, alone, jobs):
    alone.save(tmp_path / "one")
    study.run(small_raid(), runs=RUNS, seed=SEED, jobs=jobs, out=tmp_path / "many")
    assert folder_bytes(tmp_path / "one") == folder_bytes(tmp_path / "many")


def test_fewer_runs_are_the_first_of_more(alone):
    few = study.run(small_raid(), runs=3, seed=SEED)
    for name in ("threats", "sites", "shots"):
        many = getattr(alone.tables, name).query("run < 3").reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(few.tables, name), many)


def test_an_unrelated_radar_changes_nothing(alone):
    """A radar on the other side of the Earth sees nothing here, and takes no draw from anyone."""
    beside = study.run(small_raid(stranger=FAR_RADAR), runs=RUNS, seed=SEED)
    for name in ("threats", "sites", "shots", "replay_tracks", "replay_events"):
        pd.testing.assert_frame_equal(getattr(beside.tables, name), getattr(alone.tables, name))


def test_another_raid_afterwards_changes_nothing_before(alone):
    data = reader.to_data(small_raid())
    data["raids"]["later"] = data["raids"]["raid"] | {"start": "2026-01-02T00:00:00Z"}
    longer = study.run(reader.from_data(data), runs=RUNS, seed=SEED).tables.threats
    first = longer[longer["raid"] == "raid"].reset_index(drop=True)
    columns = [name for name in first if name != "raid"]
    pd.testing.assert_frame_equal(first[columns], alone.tables.threats[columns], check_categorical=False,
                                  check_dtype=False)


def test_another_seed_changes_the_draws(alone):
    other = study.run(small_raid(), runs=RUNS, seed=SEED + 1)
    assert not other.tables.threats["t_launch_s"].equals(alone.tables.threats["t_launch_s"])
    assert not other.tables.threats["outcome"].equals(alone.tables.threats["outcome"])


def test_a_saved_scenario_and_manifest_repeat_the_run(tmp_path, alone):
    alone.save(tmp_path / "first")
    again = study.run(reader.load(tmp_path / "first" / "scenario.toml"), runs=alone.manifest["runs"],
                      seed=alone.manifest["seed"], out=tmp_path / "again")
    assert again.manifest == alone.manifest
    assert folder_bytes(tmp_path / "first") == folder_bytes(tmp_path / "again")
