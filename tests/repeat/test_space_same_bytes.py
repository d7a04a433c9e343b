"""With a layer, sensors and decoys in orbit: the same bytes for any number of workers and in any company."""

import pandas as pd
import pytest
from test_same_bytes import folder_bytes

from opendome import study
from opendome.scenario import reader
from tiny_space import busy_sky

RUNS, SEED = 12, 5
TABLES = ("threats", "warnings", "sites", "shots", "replay_tracks", "replay_events")


@pytest.fixture(scope="module")
def alone():
    return study.run(busy_sky(), runs=RUNS, seed=SEED, jobs=1)


def test_it_is_a_fair_sample_of_chance(alone):
    missiles = alone.tables.threats.query("not is_decoy")
    assert set(missiles["outcome"]) == {"destroyed", "leaked"}
    assert set(missiles["layer"].dropna()) == {"boost", "only"}
    assert set(alone.tables.threats.query("is_decoy")["outcome"]) >= {"void"}
    assert alone.tables.sites.query("layer == 'boost'")["stock"].nunique() > 3
    cold = alone.tables.warnings.query("sensor == 'cold-eye'")
    assert 0 < cold["fixes"].sum() < cold["looks"].sum()
    assert 0 < alone.tables.warnings["warned_after_s"].isna().mean() < 1


@pytest.mark.parametrize("jobs", [2, 5])
def test_same_bytes_for_any_number_of_workers(tmp_path, alone, jobs):
    alone.save(tmp_path / "one")
    study.run(busy_sky(), runs=RUNS, seed=SEED, jobs=jobs, out=tmp_path / "many")
    assert folder_bytes(tmp_path / "one") == folder_bytes(tmp_path / "many")


def test_satellites_that_see_nothing_change_nothing(alone):
    """Another constellation, in front of the others, with a sensor that no plume is bright enough for."""
    data = reader.to_data(busy_sky())
    data["constellations"] = {"strangers": {"pattern": "geostationary", "longitudes_deg": [-120]},
                              **data["constellations"]}
    data["sensors"]["blind"] = {"type": "plume-eye-type", "constellation": "strangers"}
    beside = study.run(reader.from_data(data), runs=RUNS, seed=SEED).tables
    assert beside.warnings.query("sensor == 'blind'")["warned_after_s"].isna().all()
    for name in TABLES:
        found = getattr(beside, name)
        if name == "warnings":
            found = found.query("sensor != 'blind'").reset_index(drop=True)
        pd.testing.assert_frame_equal(found, getattr(alone.tables, name), check_categorical=False)
