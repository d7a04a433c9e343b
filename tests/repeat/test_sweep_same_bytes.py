"""A sweep leaves the same bytes for any number of workers, whether they share out points or runs."""

from pathlib import Path

import pytest
from test_same_bytes import folder_bytes

import opendome
from opendome.study.sweep import FEW_RUNS
from tiny_file import PATH

OVER = {"layer.salvo": [1, 2], "waves.count": "1:3:1"}


def _swept(folder: Path, runs: int, jobs: int, **over: object) -> dict[str, bytes]:
    opendome.sweep(PATH, over=over or OVER, runs=runs, seed=5, jobs=jobs, figures=["leak_through", "shots"], by="raid",
                   out=folder)
    return folder_bytes(folder)


@pytest.mark.parametrize("runs", [3, FEW_RUNS + 4])
def test_same_bytes_for_any_number_of_workers(tmp_path, runs):
    """With the larger number of runs one worker takes the points in turn, two or five take them side by side."""
    alone = _swept(tmp_path / "1", runs, 1)
    assert len({line.split(",")[4] for line in alone["sweep.csv"].decode().splitlines()}) > 4
    for jobs in (2, 5):
        assert _swept(tmp_path / str(jobs), runs, jobs) == alone


def test_a_point_does_not_depend_on_its_company(tmp_path):
    many = _swept(tmp_path / "many", 3, 2)["sweep.csv"].decode().splitlines()
    few = _swept(tmp_path / "few", 3, 2, **{"layer.salvo": [2], "waves.count": [3]})["sweep.csv"].decode().splitlines()
    assert set(few) <= set(many)
    assert len(few) == 3
