"""With gliders, tracked by radar and from orbit: the same bytes for any number of workers and in any company."""

import pandas as pd
import pytest
from test_same_bytes import FAR_RADAR, folder_bytes

from opendome import study
from opendome.scenario import reader
from tiny_glide import busy_glides

RUNS, SEED = 8, 6
TABLES = ("threats", "warnings", "sites", "shots", "replay_tracks", "replay_events")


@pytest.fixture(scope="module")
def alone():
    return study.run(busy_glides(), runs=RUNS, seed=SEED, jobs=1)


def test_it_is_a_fair_sample_of_chance(alone):
    assert set(alone.tables.threats["outcome"]) >= {"destroyed", "leaked"}
    assert alone.tables.threats["shots"].nunique() > 1
    assert 0 < (alone.tables.threats["held_s"] / alone.tables.threats["watched_s"]).mean() < 1
    assert alone.tables.warnings["fixes"].nunique() > RUNS


@pytest.mark.parametrize("jobs", [2, 5])
def test_same_bytes_for_any_number_of_workers(tmp_path, alone, jobs):
    alone.save(tmp_path / "one")
    study.run(busy_glides(), runs=RUNS, seed=SEED, jobs=jobs, out=tmp_path / "many")
    assert folder_bytes(tmp_path / "one") == folder_bytes(tmp_path / "many")


def test_sensors_elsewhere_change_no_draw_of_gliders(alone):
    """A radar and a constellation in front of the others, which see nothing here; the radar has a chance to be away."""
    data = reader.to_data(busy_glides())
    data["constellations"] = {"strangers": {"pattern": "geostationary", "longitudes_deg": [-120]},
                              **data["constellations"]}
    data["sensors"] = {"far-eye": FAR_RADAR | {"on_station": 0.5}, **data["sensors"],
                       "blind": {"type": "glow-eye", "constellation": "strangers"}}
    beside = study.run(reader.from_data(data), runs=RUNS, seed=SEED).tables
    for name in TABLES:
        found = getattr(beside, name)
        if name == "warnings":
            found = found.query("sensor != 'blind'").reset_index(drop=True)
        pd.testing.assert_frame_equal(found, getattr(alone.tables, name), check_categorical=False)
