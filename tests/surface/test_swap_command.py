"""`opendome compare PACK PACK`: what it prints and keeps, and what it says is wrong."""

import json
import re
from pathlib import Path

import pytest

import opendome
import toy_packs
from opendome import cli
from opendome.errors import InputError
from opendome.reproduce import swap
from toy_packs import assumption, first, second

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, and two packs."""
    ranged = second(assumptions={"operations_musd": assumption(60, "operations", 30, 90)})
    toy_packs.register(monkeypatch, one=first(), two=ranged, three=second())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_prints_what_differs_and_what_each_explains_and_writes_nothing(here, capsys):
    assert cli.main(["compare", "one", "two", "--runs", "50"]) == 0
    said, told = capsys.readouterr()
    lines = said.splitlines()
    assert lines[:8] == ["A  one: first", "B  two: second", "total_musd: total over 20 years", "",
                         "        published  our model", "A  one  $650 M     $640 M", "B  two  $310 M     $300 M",
                         "B - A   -$340 M    -$340 M"]
    assert "    A  10 (think-tank, aei2025)" in lines
    assert "    B  60 M$ (30 to 90; think-tank, aei2025)" in lines
    rows = {cells[0]: cells[1:] for line in lines[-20:] if len(cells := re.split(r"  +", line)) > 2}
    assert rows["missiles at once"] == ["-$320 M", "-$240 M", "-$293.3 M", "86 %"]
    assert rows["what our model of two leaves"] == ["+$10 M", "-3 %"]
    assert rows["operations"][:4] == ["+$60 M", "+$60 M", "+$60 M", "-18 %"]
    assert re.fullmatch(r"\+\$[34]\S* M to \+\$[78]\S* M", rows["operations"][4])
    assert max(map(len, lines)) <= 120
    assert told.splitlines()[-1] == "nothing was kept; add --out DIR to keep the tables and to draw it"
    assert list(here.iterdir()) == []


def test_as_data_it_is_what_python_gives(here, capsys):
    assert cli.main(["compare", "one", "two", "--set", "a.unit_musd=3", "--figure", "units", "--seed", "4", "--runs",
                     "9", "--json", "--quiet", "--out", "kept"]) == 0
    said, told = capsys.readouterr()
    found = json.loads(said)
    assert told == ""
    twin = opendome.reproduce.compare("one", "two", changes={"a.unit_musd": 3}, figure="units", seed=4, draws=9)
    assert (found["kind"], found["figure"], found["seed"], found["changes"]) == ("swap", "units", 4, {"a.unit_musd": 3})
    assert [row["share"] for row in found["rows"]] == twin.table["share"].tolist()
    assert [row["key"] for row in found["assumptions"]] == twin.assumptions["key"].tolist()
    assert found["agree"] == ["unit_musd", "life_years"]
    assert json.loads(Path("kept/manifest.json").read_text())["a"]["changed"] == {"unit_musd": 3.0}


@pytest.mark.parametrize(("args", "words"), [
    (["gulf-2026"], "one is a pack, and gulf-2026 is none\n  must be two packs, or scenarios or their results\nhint: "),
    (["two", "three"], "3 packs\n  must be two at a time: a gap has two ends\nhint: opendome compare one two; opendome "
                       "compare one three"),
    (["one"], "one and one: no assumption differs, so there is no gap to share out"),
    (["two", "--set", "a.life_yeers=3"], "a.life_yeers = 3\n  is not an assumption of one\n  hint: did you mean "
                                         "life_years?"),
    (["two", "--set", "life_years=long"], "life_years = 'long'\n  must be a number"),
    (["two", "--set", "life_years=0"], "one: life_years = 0\n  must be above 0"),
    (["two", "--by", "layer"], "--by\n  is for scenarios"),
    (["two", "--jobs", "2"], "--jobs\n  is for scenarios"),
    (["two", "--figure", "units", "--figure", "total_musd"], "--figure units --figure total_musd\n  must be one at a"),
    (["two", "--figure", "unit"], "figure 'unit': is not computed of both one and two"),
    (["two", "--runs", "-1"], "draws = -1\n  must be 0 or more"),
    (["two:many"], "two:many: two has no case many"),
])
def test_says_what_is_wrong(here, capsys, args, words):
    assert cli.main(["compare", "one", *args]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""


def test_a_folder_that_is_something_else_is_left_alone(here, capsys):
    Path("some.txt").write_text("mine")
    assert cli.main(["compare", "one", "two", "--out", "."]) == 2
    assert "holds files that are not those of two packs compared" in capsys.readouterr().err


def test_python_says_where_packs_are_compared(here):
    with pytest.raises(InputError, match=r"one is a pack\n.*\nhint: opendome.reproduce.compare compares two packs"):
        opendome.compare("one", "gulf-2026")


def test_shipped_packs_name_numbers_that_there_are():
    """Groups that are said by an output name one of the model's, and packs that share a group call it the same."""
    says: dict[tuple[str, str], str] = {}
    for name in opendome.reproduce.packs():
        pack = opendome.reproduce.load(name)
        found = swap.model_of(pack)({key: one.value for key, one in pack.assumptions.items()})
        assert {group.shows for group in pack.groups.values()} - {""} <= set(found)
        for group, one in pack.groups.items():
            assert says.setdefault((pack.model, group), one.says) == one.says


def test_the_guide_has_the_numbers_of_the_shipped_packs(monkeypatch):
    """Every block that `docs/make_swap.py` makes without draws, and shares where it makes some."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import make_swap

    page = make_swap.PAGE.read_text(encoding="utf-8")
    for name, text in make_swap.blocks().items():
        assert f"<!-- {name} -->\n{text}\n<!-- /{name} -->" in page, "run python docs/make_swap.py"
    without = make_swap.shares(make_swap.CBO, make_swap.AEI, 0).splitlines()
    assert all(line[:-1] in page for line in without if not line.startswith("| ---"))
