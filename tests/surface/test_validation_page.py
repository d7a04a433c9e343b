"""The validation page holds every card. That it holds every row is seen to by the fixture `validation`."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "tests" / "validation").glob("test_*.py"))
sys.path.insert(0, str(ROOT / "docs"))
from make_validation import HEAD, KEYS, natural, read_card, rounded, row_text  # noqa: E402


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_module_opens_with_its_card_and_it_is_on_the_page(path):
    title, card = read_card(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    assert title
    assert list(card) == [key for key in KEYS if key in card]
    assert set(KEYS[:-1]) <= set(card)
    section = PAGE.partition(f"\n## {title.rstrip('.')}\n")[2].partition("\n## ")[0]
    assert all(f"- **{key}**: {text}\n" in section for key, text in card.items())
    assert f"`tests/validation/{path.name}`" in section
    assert section.count("\n| ") >= 2, "at least one row"


def test_no_section_without_a_module():
    named = {line.split("/")[-1].rstrip("`") for line in PAGE.splitlines() if line.startswith("- **test**")}
    assert named == {path.name for path in MODULES}


def test_the_page_opens_with_what_it_does_not_show():
    assert PAGE.startswith(HEAD.read_text(encoding="utf-8").strip())


@pytest.mark.parametrize(("value", "grain", "text"), [
    (15598.904352, 1e-4, "15598.9044"), (1.2249991, 1e-6, "1.224999"), (-0.0000004, 1e-6, "0"),
    (9.42e-11, 1e-11, "9e-11"), (3.5603e-15, 1e-20, "3.56030e-15"), (11.0, 0.0, "11"), (0.0, 1.0, "0"),
    (1325.8664, 0.4, "1325.9"),
])
def test_numbers_are_cut_to_what_matters(value, grain, text):
    assert rounded(value, grain) == text


def test_names_sort_by_their_numbers():
    names = ["10,000 km: range", "300 km: range", "300 km: apogee", "2,000 km: range"]
    assert sorted(names, key=natural) == [names[2], names[1], names[3], names[0]]


def test_a_row_that_falls_short_says_so():
    row = {"case": "x", "reference": 1.0, "ours": 2.0, "tolerance": 0.5, "unit": "km", "limit": False, "within": False}
    assert row_text(row) == "| x | km | 1.000 | 2.000 | 1.000 | 0.5 | **no** |"
