"""What is told of a swap: words, the drawing, and the page."""

import math
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import toy_packs
from opendome.report import swap as pages
from opendome.report import swap_words as words
from opendome.report.svg import alone
from opendome.report.swap_chart import draw
from opendome.reproduce.swap import compare
from toy_packs import assumption, first, second


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    """The model of the tests."""
    toy_packs.register(monkeypatch, one=first(), two=second())


@pytest.fixture
def found():
    """The swap of the toy packs, operations with a range."""
    return compare(first(), second(assumptions={"operations_musd": assumption(60, "operations", 30, 90)}), draws=100)


@pytest.mark.parametrize(("value", "unit", "told"), [
    (743_000.0, "M$", "$743 bn"), (-11_000.0, "M$", "-$11.0 bn"), (999.6, "M$", "$1.0 bn"), (646.2, "M$", "$646.2 M"),
    (99_960.0, "M$", "$100 bn"), (7800.0, "", "7,800"), (12.5, "km", "12.5 km"), (None, "M$", "–"),
    (math.nan, "M$", "–"), (0.0, "M$", "$0 M"), (1_191_000.0, "M$", "$1,191 bn")])
def test_amounts(value, unit, told):
    assert words.amount(value, unit) == told


def test_changes_have_their_sign():
    assert [words.change(value, "M$") for value in (5300.0, -5300.0, 0.0)] == ["+$5.3 bn", "-$5.3 bn", "$0 M"]


@pytest.mark.parametrize(("key", "value", "told"), [
    ("unit_musd", 22.0, "22 M$"), ("operations_musd_per_year", 450.0, "450 M$ a year"), ("flyout_s", 120.0, "120 s"),
    ("delta_v_km_s", 6.0, "6 km/s"), ("max_latitude_deg", 90.0, "90°"), ("learning", 0.85, "0.85"),
    ("price_usd_per_kg", 500.0, "500 $/kg"), ("in_orbit_per_target", 780.0, "780"), ("rate_per_day", 3.0, "3 per day")])
def test_values_with_their_units(key, value, told):
    assert words.value(key, value) == told


def test_parts_of_the_gap():
    assert [words.of_gap(value) for value in (0.6, -0.24, -0.001, math.nan)] == ["60 %", "-24 %", "0 %", "–"]


def test_what_the_second_has_instead(found):
    told = {row["group"]: words.both(found, row) for row in words.moving(found)}
    assert told == {"targets": "5, not 10", "unit_musd": "3 M$, not 2 M$", "operations_musd": "60 M$, not 0 M$",
                    "in-orbit": "reach 250 km; not: in orbit for each 8"}


def test_one_number_says_a_group_where_the_pack_names_it(monkeypatch):
    """Each as the model has it with the pack's own assumptions: 8 and 1,000 / 300, in three digits."""
    group = {"in-orbit": {"says": "in orbit", "shows": "each", "keys": ["ratio"]}}
    other = {"in-orbit": {"says": "in orbit", "keys": ["reach_km"]}}
    monkeypatch.setattr(toy_packs.sys.modules["opendome.reproduce.models.toy"], "compute", lambda a: {
        **toy_packs.compute(a), "each": a["ratio"] if "ratio" in a else 1000.0 / a["reach_km"]})
    found = compare(first(groups=group), second(groups=other, assumptions={"reach_km": assumption(300, "reach")}))
    row = next(row for row in words.moving(found) if row["group"] == "in-orbit")
    assert (row["of"], row["a"]) == ("each", 8.0)
    assert words.both(found, row) == "3.33, not 8"


def test_of_several_those_that_both_state():
    group = {"price": {"says": "price and life", "keys": ["unit_musd", "life_years"]}}
    other = first(groups=group, assumptions={"life_years": assumption(4, "life"),
                                             "unit_musd": assumption(3, "price of one")})
    found = compare(first(groups=group), other)
    assert words.both(found, words.moving(found)[0]) == "price of one 3 M$, not 2 M$; life 4 years, not 5 years"


def test_the_answer_in_a_sentence(found):
    assert words.answer(found).startswith(
        "second is $340 M below first in the total over 20 years (published: $310 M against $650 M). Shares of the "
        "gap: missiles at once (5, not 10) -$293.3 M; ")
    assert words.left(found) == ("Beside the assumptions: what our model of first leaves -$10 M; what our model of "
                                 "second leaves +$10 M.")
    assert words.agreeing(found) == "1 agree: life_years."
    assert words.figures(found) == [("", "published", "our model"), ("A  first", "$650 M", "$640 M"),
                                    ("B  second", "$310 M", "$300 M"), ("B - A", "-$340 M", "-$340 M")]


def test_a_changed_pack_is_told_by_our_model():
    found = compare(first(), second(), changes={"b.targets": 20})
    assert "second is $380 M above first in the total over 20 years (by our models: $1.0 bn" in words.answer(found)
    assert words.left(found) == "What was published is not compared, so that nothing is left over."
    assert words.total(found)[3] == "+$380 M"
    assert words.cautions(found) == ["targets of second changed: what was published is not of this."]


def test_what_has_no_effect_is_told_and_not_drawn():
    found = compare(first(), second(assumptions={"spares": assumption(1, "spares")}))
    assert "Without effect on total_musd: spares." in words.cautions(found)
    assert "spares" not in {row["group"] for row in words.moving(found)}
    assert ">spares<" not in draw(found)


def test_why_a_model_falls_short_is_told():
    short = second().outputs["total_musd"].model_copy(update={"falls_short": "Prices were not seen."})
    found = compare(first(), second().model_copy(update={"outputs": {"total_musd": short}}))
    assert words.cautions(found) == ["What our model of first leaves is within the tolerance of $1 M (rounding).",
                                     "Why our model of second leaves something: Prices were not seen."]


# ---- drawing --------------------------------------------------------------------------------------------------


class _Read(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def bars(drawing):
    """Left and right end of every bar, from the drawing."""
    return [(float(one["x"]), float(one["x"]) + float(one["width"])) for tag, one in _Read(drawing).tags
            if tag == "rect" and one.get("class") == "bar"]


def test_bars_hang_on_each_other(found):
    """First 650, ours 640, then in order of size to 300, and 310: each bar begins where the one before ends."""
    drawn = bars(draw(found))
    zero, scale = drawn[0][0], (drawn[0][1] - drawn[0][0]) / 650.0
    in_musd = [tuple((x - zero) / scale for x in ends) for ends in drawn]
    steps = [650.0, 640.0, 640 - 880 / 3, 640 - 1760 / 3, 240.0, 300.0, 310.0]
    expected = [(0.0, 650.0), *((min(a, b), max(a, b)) for a, b in pairwise(steps)), (0.0, 310.0)]
    for got, wanted in zip(in_musd, expected, strict=True):
        assert got == pytest.approx(wanted, abs=0.5)


def test_the_drawing_is_a_picture_of_its_own(found):
    root = ElementTree.fromstring(alone(draw(found)))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].startswith("Why first and second differ: second is $340 M below")
    told = "".join(root.itertext())
    assert all(name in told for name in ("missiles at once", "5, not 10", "+$186.7 M", "our model of second leaves"))


def test_nothing_is_drawn_over_the_edge(found):
    shapes = [dict(one) for tag, one in _Read(draw(found)).tags if tag in ("rect", "text")]
    assert all(0.0 <= float(one["x"]) <= 960.0 for one in shapes)
    assert all(float(one["x"]) + float(one.get("width", 0.0)) <= 960.0 for one in shapes)


def test_names_cannot_break_the_drawing(monkeypatch):
    odd = first(assumptions={"targets": assumption(10, "<b>missiles</b> & \"more\"")})
    drawing = draw(compare(odd, second()))
    ElementTree.fromstring(alone(drawing))
    assert "<b>" not in drawing


# ---- page -----------------------------------------------------------------------------------------------------


def test_the_page_holds_everything_and_loads_nothing(found):
    page = pages.page(found)
    read = _Read(page)
    told = "".join(read.words)
    assert [dict(one).get("id") for tag, one in read.tags if tag == "section"] == [
        "answer", "assumptions", "sources", "repeat", "limits"]
    assert all(part in told for part in ("-$293.3 M", "30 to 90", "think-tank", "Harrison", "1 that agree"))
    assert "opendome compare first second --figure total_musd --seed 1 --runs 100" in told
    assert not [one for tag, one in read.tags if tag in ("script", "link", "img") or "src" in one]


def test_the_command_repeats_changes():
    found = compare("one", "two", changes={"a.targets": 7.5}, draws=0)
    assert pages.command(found) == ("opendome compare one two --figure total_musd --seed 1 --runs 0 --set "
                                    "a.targets=7.5")


def test_the_folder(found, tmp_path):
    pages.save(found, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(pages.FILES)
    lines = (tmp_path / "out" / "swap.csv").read_text().splitlines()
    assert lines[0] == "rank,kind,group,says,of,a,b,from_a,from_b,share,of_gap,low,high,acts_with"
    assert len(lines) == 1 + 4 + 2
    again = tmp_path / "again"
    pages.save(found, again)
    assert all((again / name).read_bytes() == (tmp_path / "out" / name).read_bytes() for name in pages.FILES)
