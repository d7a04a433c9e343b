"""A comparison leaves the same bytes for any number of workers, and does not depend on its company."""

import pytest
from test_same_bytes import folder_bytes

import opendome
from tiny_file import TEXT

VARIANTS = """
[variants.double]
"layer.salvo" = 2
[variants.more]
"waves.count" = 3
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "some.toml"
    path.write_text(TEXT + VARIANTS)
    return path


def test_same_bytes_for_any_number_of_workers(file, tmp_path):
    found = []
    for jobs in (1, 2, 5):
        opendome.compare(file, f"{file}:double", f"{file}:more", runs=6, seed=5, jobs=jobs, out=tmp_path / str(jobs))
        found.append(folder_bytes(tmp_path / str(jobs)))
    assert found[0] == found[1] == found[2]
    assert sorted(found[0]) == ["compare.csv", "compare.html", "compare.parquet", "compare.svg", "manifest.json",
                                "scenario-a.toml", "scenario-b.toml", "scenario-c.toml"]
    assert len({line.split(",")[11] for line in found[0]["compare.csv"].decode().splitlines()}) > 3


def test_a_difference_does_not_depend_on_its_company(file):
    three = opendome.compare(file, f"{file}:double", f"{file}:more", runs=6, seed=5, figures="leakers", by="type")
    two = opendome.compare(file, f"{file}:more", runs=6, seed=5, figures="leakers", by="type")
    assert three.rows("C").drop(columns="b").equals(two.rows("B").drop(columns="b"))


def test_folders_of_results_compare_like_their_scenarios(file, tmp_path):
    """All files but the names in them: results of earlier runs hold what is needed."""
    for name, variant in (("one", ""), ("two", ":double")):
        opendome.run(opendome.load(f"{file}{variant}"), runs=6, seed=5, out=tmp_path / name)
    ran = opendome.compare(file, f"{file}:double", runs=6, seed=5)
    opened = opendome.compare(tmp_path / "one", tmp_path / "two")
    assert opened.table.equals(ran.table)
    assert (opened.changes, opened.attacks) == (ran.changes, ran.attacks)
