"""Swaps of two packs: shares worked out on paper, what is swapped with what, dollars, ranges, and bad input."""

import math
import sys
from types import ModuleType

import pytest

import toy_packs
from opendome.errors import InputError, ScenarioError
from opendome.reproduce import swap
from opendome.reproduce.sides import agreeing, differences, is_money, side_of
from opendome.reproduce.swap import compare
from toy_packs import assumption, first, second


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    """The model of the tests."""
    toy_packs.register(monkeypatch, one=first(), two=second())


def rows(found):
    """The rows of a swap by group, or by kind where they have none."""
    return {row["group"] or row["kind"]: row for row in found.table.to_dict(orient="records")}


def test_shares_by_hand():
    """From 640 to 300 M$. Operations add 60 by themselves. The rest is a product of three, 4 x 10 x 8 x 2: targets
    halve it, the ratio halves it, and the price makes it 1.5 times as much.

    Targets, -1/2 of what is there: at 640 (weight 1/3), 320 and 960 (1/6 each), 480 (1/3):
    -(640 / 3 + 1280 / 6 + 480 / 3) / 2 = -880 / 3. The same for the ratio. Price, +1/2: at 640 (1/3), 320 twice (1/6),
    160 (1/3): 560 / 3.
    """
    found = rows(compare(first(), second()))
    assert list(found) == ["targets", "in-orbit", "unit_musd", "operations_musd", swap.SHORT_A, swap.SHORT_B]
    assert found["targets"]["share"] == pytest.approx(-880 / 3, abs=1e-9)
    assert found["in-orbit"]["share"] == pytest.approx(-880 / 3, abs=1e-9)
    assert found["unit_musd"]["share"] == pytest.approx(560 / 3, abs=1e-9)
    assert found["operations_musd"]["share"] == pytest.approx(60.0, abs=1e-9)
    assert [found[key]["from_a"] for key in ("targets", "unit_musd", "operations_musd")] == [-320.0, 320.0, 60.0]
    assert [found[key]["from_b"] for key in ("targets", "unit_musd", "operations_musd")] == [-240.0, 80.0, 60.0]
    assert found["targets"]["acts_with"] == "in-orbit, unit_musd"
    assert found["operations_musd"]["acts_with"] == ""


def test_shares_and_shortfalls_add_up_to_the_published_gap():
    """Ours of the first is 640 and not 650, of the second 300 and not 310."""
    found = compare(first(), second())
    assert found.table["share"].sum() == pytest.approx(310 - 650, abs=1e-9)
    assert found.table["of_gap"].sum() == pytest.approx(1.0, abs=1e-12)
    assert [rows(found)[kind]["share"] for kind in (swap.SHORT_A, swap.SHORT_B)] == [-10.0, 10.0]
    assert found.manifest["gap"] == {"published": -340.0, "modelled": -340.0, "price_year": None, "shortfall_a": -10.0,
                                     "shortfall_b": 10.0}
    assert (found.manifest["a"]["ours"], found.manifest["b"]["ours"]) == (640.0, 300.0)


def test_from_the_other_side_it_is_the_same_with_the_other_sign():
    there, back = rows(compare(first(), second())), rows(compare(second(), first()))
    for group in ("targets", "in-orbit", "unit_musd", "operations_musd"):
        assert back[group]["share"] == pytest.approx(-there[group]["share"], abs=1e-9)
        assert back[group]["from_a"] == pytest.approx(-there[group]["from_b"], abs=1e-9)


def test_the_order_of_a_file_changes_nothing():
    mixed = second()
    mixed = mixed.model_copy(update={"assumptions": dict(reversed(mixed.assumptions.items()))})
    one, other = rows(compare(first(), second())), rows(compare(first(), mixed))
    assert {key: row["share"] for key, row in one.items()} == pytest.approx(
        {key: row["share"] for key, row in other.items()}, abs=1e-9)


def test_every_set_is_computed_once(monkeypatch):
    calls = []
    monkeypatch.setattr(sys.modules["opendome.reproduce.models.toy"], "compute",
                        lambda a: calls.append(dict(a)) or toy_packs.compute(a))
    found = compare(first(), second())
    assert found.manifest["evaluations"] == 16
    assert len(calls) == 16 + 5  # what both give as they are, before and after, and the second in its own dollars


def test_each_set_takes_out_what_it_puts_in_the_place_of(monkeypatch):
    seen = []
    monkeypatch.setattr(sys.modules["opendome.reproduce.models.toy"], "compute",
                        lambda a: seen.append(set(a)) or toy_packs.compute(a))
    compare(first(), second())
    assert all(("ratio" in keys) != ("reach_km" in keys) for keys in seen)


def test_what_differs_and_what_agrees():
    a, b = side_of("one"), side_of("two")
    assert agreeing(a, b) == ["life_years"]
    assert [one[:4] for one in differences(a, b)] == [
        ("targets", "missiles at once", ("targets",), ("targets",)),
        ("in-orbit", "interceptors in orbit for each missile", ("ratio",), ("reach_km",)),
        ("unit_musd", "price of one", ("unit_musd",), ("unit_musd",)),
        ("operations_musd", "operations", ("operations_musd",), ("operations_musd",))]


def test_a_group_of_one_pack_alone_joins_the_assumptions_of_both():
    a = side_of(first(groups={"price": {"says": "price and life", "keys": ["unit_musd", "life_years"]}}))
    b = side_of(second(groups={}, assumptions={"life_years": assumption(4, "life")}))
    assert ("price", "price and life", ("unit_musd", "life_years"), ("unit_musd", "life_years")) in [
        one[:4] for one in differences(a, b)]


def test_groups_that_share_an_assumption_are_one():
    a = side_of(first(groups={"x": {"says": "x", "keys": ["targets", "ratio"]}}))
    b = side_of(second(groups={"y": {"says": "y", "keys": ["targets", "reach_km"]}}))
    assert differences(a, b)[0][:4] == ("x+y", "x and y", ("targets", "ratio"), ("targets", "reach_km"))


def test_of_a_group_only_what_differs_is_swapped():
    group = {"price": {"says": "price and life", "keys": ["unit_musd", "life_years"]}}
    a, b = side_of(first(groups=group)), side_of(second(groups=group))
    assert ("unit_musd", "price of one", ("unit_musd",), ("unit_musd",)) in [one[:4] for one in differences(a, b)]


def test_stated_in_one_pack_alone_is_a_difference_of_its_own():
    found = differences(side_of(first()), side_of(second(assumptions={"spares": assumption(1, "spares")})))
    assert found[-1] == ("spares", "spares", (), ("spares",), "spares")
    told = compare(first(), second(assumptions={"spares": assumption(1, "spares")})).assumptions.set_index("key")
    assert math.isnan(told.loc["spares", "value_a"])
    assert (told.loc["spares", "grade_a"], told.loc["spares", "grade_b"]) == ("", "think-tank")


def test_context_is_listed_and_not_swapped():
    b = second(assumptions={"launched": assumption(7, "launched before", is_context=True)})
    assert "launched" not in {one.key for one in differences(side_of(first()), side_of(b))}
    told = compare(first(), b).assumptions.set_index("key").loc["launched"]
    assert (told["value_b"], told["group"]) == (7.0, "")


def test_every_assumption_is_listed_with_its_evidence():
    found = compare(first(), second()).assumptions.set_index("key")
    assert list(found.index) == ["targets", "ratio", "unit_musd", "operations_musd", "reach_km", "life_years"]
    assert found["differs"].tolist() == [True] * 5 + [False]
    ratio = found.loc["ratio"]
    assert (ratio["group"], ratio["value_a"], ratio["page_a"], ratio["source_a"]) == ("in-orbit", 8.0, "7", "aei2025")
    assert (found.loc["life_years", "unit"], found.loc["life_years", "why_a"]) == ("years", "as stated")


def test_changes_of_the_first_of_the_second_and_of_both():
    found = compare("one", "two", changes={"a.unit_musd": 3, "b.targets": 10.0, "life_years": 10})
    assert list(rows(found)) == ["in-orbit", "operations_musd"]
    assert (found.manifest["a"]["ours"], found.manifest["b"]["ours"]) == (480.0, 300.0)
    assert found.manifest["a"]["changed"] == {"unit_musd": 3.0, "life_years": 10.0}
    assert found.manifest["gap"]["published"] is None
    assert "unit_musd, life_years of one changed: what was published is not of this." in found.manifest["notes"]
    assert found.table["share"].sum() == pytest.approx(-180.0, abs=1e-9)


def test_a_pack_with_itself_changed():
    found = compare("one", "one", changes={"b.life_years": 10})
    assert found.table["share"].tolist() == [-320.0]
    assert found.table["group"].tolist() == ["life_years"]


def test_a_case_of_a_pack(monkeypatch):
    case = {"cases": {"many": {"targets": 20.0}}}
    many = first(**case).model_copy(update={"outputs": {
        "total_musd": first().outputs["total_musd"],
        "many.total_musd": first().outputs["total_musd"].model_copy(update={"published": 1290.0})}})
    toy_packs.register(monkeypatch, one=many, two=second())
    found = compare("one:many", "two")
    assert (found.manifest["a"]["published"], found.manifest["a"]["ours"]) == (1290.0, 1280.0)
    assert found.assumptions.set_index("key").loc["targets", "value_a"] == 20.0
    with pytest.raises(InputError, match=r"one:mani: one has no case mani\nhint: did you mean many\?"):
        compare("one:mani", "two")


def test_dollars_of_another_year_are_a_line_of_their_own(monkeypatch):
    """Of 2004: each of its dollars is two of 2026. Ours of the second is 300 of its own and 600 of 2026; the line takes
    300 away again, and everything else is compared in dollars of 2026."""
    index = ModuleType("opendome.cost.index")
    index.factor = lambda start, end: {(2004, 2026): 2.0}[start, end]
    monkeypatch.setitem(sys.modules, "opendome.cost.index", index)
    found = compare(first(), second(price_year=2004))
    told = rows(found)
    assert told["price year"]["share"] == -300.0
    assert told["price year"]["says"] == "dollars of 2004, not of 2026"
    assert found.assumptions.set_index("key").loc["unit_musd", "value_b"] == 6.0
    assert told["operations_musd"]["share"] == pytest.approx(120.0, abs=1e-9)
    assert found.manifest["b"]["ours"] == 300.0
    assert found.table["share"].sum() == pytest.approx(310 - 650, abs=1e-9)


def test_dollars_without_a_year_are_taken_as_they_are():
    found = compare(first(), second(price_year=None))
    assert found.manifest["notes"] == ["One of the two names no price year, so its dollars are taken as they are."]


@pytest.mark.parametrize(("key", "found"), [("unit_musd", True), ("price_usd_per_kg", True), ("life_years", False),
                                            ("operations_musd_per_year", True), ("usdan_km", False)])
def test_what_is_money(key, found):
    assert is_money(key) is found


def test_a_limit_is_told():
    low = second().outputs["total_musd"].model_copy(update={"is_limit": "at most"})
    found = compare(first(), second().model_copy(update={"outputs": {"total_musd": low}}))
    assert found.manifest["notes"] == ["second was published as at most this."]


# ---- ranges ---------------------------------------------------------------------------------------------------


def test_a_share_moves_with_its_own_range_alone():
    """Operations of 60, from 30 to 90, act with nothing: the share is the draw. The quantiles of that triangle are
    30 + sqrt(0.05 x 60 x 30) = 39.49 and 80.51; of 2,000 draws their error is 0.46."""
    ranged = second(assumptions={"operations_musd": assumption(60, "operations", 30, 90)})
    found = compare(first(), ranged, draws=2000)
    told = rows(found)
    assert found.manifest["draws"] == 2000
    assert told["operations_musd"]["low"] == pytest.approx(39.49, abs=4 * 0.46)
    assert told["operations_musd"]["high"] == pytest.approx(80.51, abs=4 * 0.46)
    assert math.isnan(told["targets"]["low"])
    assert found.manifest["evaluations"] == 16 + 2000  # of each draw one set, that with it


def test_what_acts_together_is_drawn_with_what_it_acts_with():
    """The price of the second from 2 to 4: its share is (price - 2) 560 / 3, so its ends are those of the price. Their
    error is 4.9 with 700 draws."""
    ranged = second(assumptions={"unit_musd": assumption(3, "price of one", 2, 4)})
    found = compare(first(), ranged, draws=700)
    ends = [2 + math.sqrt(0.05 * 2), 4 - math.sqrt(0.05 * 2)]
    told = rows(found)["unit_musd"]
    assert [told["low"], told["high"]] == pytest.approx([(end - 2) * 560 / 3 for end in ends], abs=4 * 4.9)
    assert found.manifest["evaluations"] == 16 + 700 * 4


def test_both_sides_are_drawn_apart_and_the_same_seed_gives_the_same():
    both = {"assumptions": {"operations_musd": assumption(60, "operations", 0, 120)}}
    one, two = first(**{"assumptions": {"operations_musd": assumption(0, "operations", 0, 120)}}), second(**both)
    found = rows(compare(one, two, draws=500))["operations_musd"]
    assert found["low"] < 0.0  # not drawn together: the second may be below the first
    assert rows(compare(one, two, draws=500))["operations_musd"] == found
    assert rows(compare(one, two, draws=500, seed=2))["operations_musd"]["low"] != found["low"]


def test_fewer_draws_where_the_model_would_be_asked_too_often(monkeypatch):
    monkeypatch.setattr(swap, "EVALUATIONS_MAX", 400)
    ranged = second(assumptions={"unit_musd": assumption(3, "price of one", 2, 4)})
    found = compare(first(), ranged, draws=200)
    assert found.manifest["draws"] == 100
    assert found.manifest["notes"] == ["Ranges were drawn 100 times, not 200: more would take more than 400 "
                                       "evaluations of the model."]


def test_draws_that_cannot_be_computed_are_counted():
    ranged = second(assumptions={"life_years": assumption(4, "life", -4, 8)})
    found = compare(first(), ranged, draws=200)
    count = int(found.manifest["notes"][0].split()[0])
    assert found.manifest["notes"][0].endswith(" draws of ranges could not be computed and are left out.")
    assert 200 * 16 / 96 * 0.5 < count < 200 * 16 / 96 * 1.5  # the triangle below 0
    assert math.isfinite(rows(found)["life_years"]["low"])


def test_no_draws():
    ranged = second(assumptions={"unit_musd": assumption(3, "price of one", 2, 4)})
    found = compare(first(), ranged, draws=0)
    assert found.table["low"].isna().all()
    assert found.manifest["notes"] == []


# ---- figures and bad input ------------------------------------------------------------------------------------


def test_another_figure():
    found = compare("one", "two", figure="units")
    assert found.table["share"].sum() == pytest.approx(80 - 320, abs=1e-9)
    assert found.manifest["notes"] == ["No units of one was published, or none was seen.",
                                       "No units of two was published, or none was seen."]
    assert rows(found)["unit_musd"]["share"] == 0.0


def test_packs_known_for_other_figures():
    found = compare(first(headline="units"), second())
    assert found.manifest["figure"] == "total_musd"
    assert found.manifest["notes"][0] == "first is known for units and second for total_musd; total_musd is compared."


def test_packs_of_different_models(monkeypatch):
    other = second().model_copy(update={"model": "space_layer"})
    toy_packs.register(monkeypatch, one=first(), two=second(), three=other)
    with pytest.raises(InputError, match=r"rebuilt by different models \(toy and space_layer\)(.|\n)*must be packs of "
                                         r"one model\nhint: can be compared with each other: one, two$"):
        compare("one", "three")


@pytest.mark.parametrize(("changes", "words"), [
    ({"a.life_yeers": 3}, "a.life_yeers = 3\n  is not an assumption of one\n  hint: did you mean life_years?"),
    ({"a.reach_km": 3}, "a.reach_km = 3\n  is not an assumption of one"),
    ({"reech_km": 3}, "reech_km = 3\n  is not an assumption of one or two\n  hint: did you mean reach_km?"),
    ({"life_years": "long"}, "life_years = 'long'\n  must be a number"),
    ({"life_years": math.inf}, "life_years = inf\n  must be a number"),
    ({"b.life_years": True}, "b.life_years = True\n  must be a number"),
])
def test_changes_that_cannot_be_made(changes, words):
    with pytest.raises(ScenarioError) as raised:
        compare("one", "two", changes=changes)
    assert words in str(raised.value)


@pytest.mark.parametrize(("keywords", "words"), [
    ({"figure": "unit"}, "figure 'unit': is not computed of both one and two\nhint: did you mean units?"),
    ({"draws": -1}, "draws = -1\n  must be 0 or more"),
    ({"changes": {"a.life_years": -1}}, "one: life_years = -1\n  must be above 0"),
])
def test_what_cannot_be_compared(keywords, words):
    with pytest.raises(InputError) as raised:
        compare("one", "two", **keywords)
    assert words in str(raised.value)


def test_nothing_differs():
    with pytest.raises(InputError, match="one and one: no assumption differs, so there is no gap to share out"):
        compare("one", "one")


def test_a_set_that_makes_no_sense_names_what_is_in_it():
    with pytest.raises(InputError, match=r"(?s)first with these of second \(.*\) cannot be computed: needs either ratio"
                                         r" or reach_km\nhint: assumptions that only make sense together belong in"):
        compare(first(groups={}), second(groups={}))


def test_a_figure_that_is_not_known_of_some_set(monkeypatch):
    monkeypatch.setattr(sys.modules["opendome.reproduce.models.toy"], "compute", lambda a: {
        **toy_packs.compute(a), "units_of_ratio": a.get("ratio", math.nan)})
    with pytest.raises(InputError, match=r"cannot be computed: units_of_ratio is not known then"):
        compare(first(), second(), figure="units_of_ratio")


def test_too_many_differences():
    extra = {f"extra_{i}": assumption(i, f"extra {i}") for i in range(14)}
    with pytest.raises(InputError, match="18 changes\n  must be at most 15"):
        compare(first(), second(assumptions=extra))
