"""Every shipped scenario is in the index and can be run."""

from pathlib import Path

import pytest

from opendome.scenario import reader
from opendome.study.checking import problems_of

FOLDER = Path(__file__).parents[2] / "scenarios"
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_index_names_what_is_there():
    rows = [line.split("`")[1] for line in INDEX.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(path.stem for path in FOLDER.glob("*.toml")) == reader.shipped_names()


@pytest.mark.parametrize("name", reader.shipped_names())
def test_each_scenario_can_be_run(name):
    assert problems_of((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", reader.shipped_names())
def test_each_scenario_says_what_it_is(name):
    scenario = reader.load(name)
    assert scenario.note
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema "), "editors complete it"
