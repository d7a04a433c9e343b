"""Results, comparisons and marginal effects of campaigns leave the same bytes for any number of workers."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from test_same_bytes import folder_bytes

import opendome
from stocks_file import PATH


def _run(jobs: int, out: Path) -> None:
    opendome.run(opendome.load(PATH), runs=6, seed=5, jobs=jobs, out=out)


def _compare(jobs: int, out: Path) -> None:
    opendome.compare(PATH, f"{PATH}:faster-seekers", runs=6, seed=5, jobs=jobs, out=out)


def _sweep(jobs: int, out: Path) -> None:
    opendome.sweep(PATH, over={"uses.war.months": [2, 4]}, by="owner", runs=6, seed=5, jobs=jobs, out=out)


def _marginal(jobs: int, out: Path) -> None:
    opendome.marginal(PATH, step="25%", runs=6, seed=5, jobs=jobs, out=out)


@pytest.mark.parametrize("command", [_run, _compare, _sweep, _marginal])
def test_same_bytes_for_any_number_of_workers(command: Callable[[int, Path], None], tmp_path: Path) -> None:
    found = []
    for jobs in (1, 2, 5):
        command(jobs, tmp_path / str(jobs))
        found.append(folder_bytes(tmp_path / str(jobs)))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) >= 5


def test_the_first_runs_of_more_are_those_of_fewer() -> None:
    few, more = (opendome.run(opendome.load(PATH), runs=runs, seed=5).tables for runs in (3, 7))
    for name in ("stocks", "owned", "lots", "makers", "attacks"):
        one, other = getattr(few, name), getattr(more, name)
        pd.testing.assert_frame_equal(one, other[other["run"] < 3])


def test_a_variant_without_an_effect_leaves_every_run_as_it_was() -> None:
    """Two more a year of a line that has nothing to build, and the raids stay as they are."""
    found = opendome.compare(PATH, f"{PATH}:faster-seekers", runs=6, seed=5)
    assert found.attacks[0].runs_same == 6
    assert found.attacks[0].is_declared_same
    opened = found.rows("B").set_index(["figure", "group"])
    assert opened.loc[("leak_through", "nights"), "runs"] == 6
