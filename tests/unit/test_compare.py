"""Comparisons: paired numbers by hand, groups that one side lacks, what differs, what is told, and bad input."""

import json
import math
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import opendome
import small_results
from opendome import study
from opendome.cli import compare as command
from opendome.errors import InputError, OpenDomeError, ScenarioError
from opendome.report import compare as pages
from opendome.report import compare_chart, compare_words, svg
from opendome.results import Results, Tables
from opendome.results.figures import by_run
from opendome.scenario import reader
from opendome.study import compare as module
from opendome.study.attack import Attack, is_date
from opendome.study.compare import PAIRED, paired
from opendome.study.differences import Change, differences, gathered
from tiny import tiny
from tiny_file import PATH, TEXT

VARIANTS = """
[variants.double]
"layer.salvo" = 2
[variants.gun]
"layer.interceptor" = "thaad"
"""
NAN = math.nan


def _named(found):
    return dict(zip(PAIRED, found))


# ---- numbers ----------------------------------------------------------------------------------------------------


def test_paired_by_hand():
    """Differences 1, 0, 2, 1: mean 1, standard deviation sqrt(2 / 3). Deviations of a -1.5, -.5, .5, 1.5 and of b
    -1.5, -1.5, 1.5, 1.5: sums of squares 5 and 9, of products 6."""
    found = _named(paired(np.array([1.0, 2, 3, 4]), np.array([2.0, 2, 5, 5]), "less"))
    assert found["difference"] == 1
    assert found["error"] == pytest.approx(math.sqrt(2 / 3 / 4))
    assert (found["low"], found["high"]) == (pytest.approx(0.15), pytest.approx(1.85))
    assert (found["runs"], found["better"], found["equal"], found["worse"]) == (4, 0, 0.25, 0.75)
    assert found["correlation"] == pytest.approx(6 / math.sqrt(5 * 9))
    assert found["gain"] == pytest.approx(math.sqrt((5 + 9) / 3) / math.sqrt(2 / 3))


@pytest.mark.parametrize("runs", [2, 20, 30, 41])
def test_no_band_ends_at_minus_nothing(runs):
    """Whatever the number of runs, and so between whichever of them the quantile lies."""
    same = np.linspace(1.0, 2.0, runs)
    found = _named(paired(same, same))
    assert [math.copysign(1.0, found[end]) for end in ("low", "high")] == [1.0, 1.0]
    assert (found["low"], found["high"]) == (0, 0)


def test_runs_without_a_value_are_not_used():
    found = _named(paired(np.array([1.0, NAN, 3]), np.array([2.0, 7, NAN]), "more"))
    assert (found["difference"], found["runs"], found["better"]) == (1, 1, 1)
    assert math.isnan(found["error"])
    nothing = _named(paired(np.array([NAN, 1.0]), np.array([1.0, NAN])))
    assert nothing["runs"] == 0
    assert all(math.isnan(nothing[name]) for name in PAIRED if name != "runs")


def test_what_the_tables_cannot_tell_apart_is_equal():
    found = _named(paired(np.array([3e6, 4e6]), np.array([3e6 + 1, 4e6 - 1]), "less"))
    assert (found["difference"], found["error"], found["equal"]) == (0, 0, 1)
    one = _named(paired(np.array([1.0, 2.0]), np.array([2.0, 3.0])))
    assert (one["difference"], one["error"]) == (1, 0)  # no run differs from another in its difference
    assert math.isnan(one["better"])
    assert math.isnan(one["gain"])


@pytest.mark.parametrize(("difference", "error", "runs", "clear"), [
    (0.21, 0.1, 9, True), (-0.21, 0.1, 9, True), (0.2, 0.1, 9, False), (0.0, 0.0, 9, False), (1.0, 0.0, 9, True),
    (1.0, NAN, 1, False), (NAN, NAN, 0, False)])
def test_clear_is_more_than_two_errors(difference, error, runs, clear):
    assert module.is_clear({"difference": difference, "error": error, "runs": runs}) is clear


# ---- groups -----------------------------------------------------------------------------------------------------


def test_a_figure_run_by_run():
    small = small_results.results()
    found = by_run(small.tables, small.scenario, "leakers", "threat_class")
    assert found.labels == [("ballistic",), ("drone",)]
    assert found.of(("ballistic",)).tolist() == [0, 1, 0, 0]
    assert found.of(("drone",)).tolist() == [1, 0, 2, 1]


def test_a_group_that_never_occurred_is_zero_only_where_there_could_be_some():
    small = small_results.results()

    def of(figure, by, *label):
        return by_run(small.tables, small.scenario, figure, by).of(label).tolist()

    assert of("shots", ("layer", "type"), "upper", "shahed") == [0, 0, 0, 0]  # both are there; nobody fired
    for found in (of("shots", "layer", "lasers"), of("leakers", "threat_class", "glide"),
                  of("leak_through", "type", "glider"), of("left", "layer", "lasers"), of("cost", "site", "south"),
                  of("left", ("layer", "site"), "upper", "east")):  # a level of nothing is no level
        assert all(map(math.isnan, found))
    assert of("reasons", "reason", "no channel") == [0, 0, 0, 0]
    once = of("reasons", ("threat_class", "reason"), "ballistic", "no channel")
    assert [found == 0 for found in once] == [False, True, False, False]  # a share of leakers, where there are some


def _without_guns():
    """The small results of a defence that has no guns: its rows, and its layer, are not there."""
    whole = small_results.results()
    data = reader.to_data(whole.scenario)
    del data["layers"]["guns"]
    tables = {name: getattr(whole.tables, name) for name in Tables.__dataclass_fields__}
    for name in ("sites", "shots"):
        tables[name] = tables[name][tables[name]["layer"] == "upper"]
    return Results(Tables(**tables), reader.from_data(data), whole.manifest)


def test_what_one_side_lacks_is_not_zero():
    found = opendome.compare(small_results.results(), _without_guns(), figures="cost", by="layer")
    guns = found.table[found.table["group"] == "guns"].iloc[0]
    assert (guns["value_a"], guns["runs_a"], guns["runs_b"], guns["runs"]) == (pytest.approx(0.04), 4, 0, 0)
    assert guns[["value_b", "difference", "error", "better"]].isna().all()
    upper = found.table[found.table["group"] == "upper"].iloc[0]
    assert (upper["difference"], upper["error"], upper["runs"]) == (0, 0, 4)
    assert re.search(r"^cost, guns +0\.04 ± 0 +– +– +–", command.text(found), re.MULTILINE)
    assert found.names == ["Two small raids", "Two small raids [2]"]


# ---- what differs -----------------------------------------------------------------------------------------------


def test_values_that_differ_by_their_keys():
    base = tiny()
    other = tiny(site={"stock": {"value": 5, "low": 4, "high": 6}}, layer={"salvo": 1}, missiles=3, title="Other",
                 radar={"range_ref_km": 4000}, runs=7, seed=9, note="said otherwise")
    assert [str(change) for change in differences(base, other)] == [
        "layers.only.salvo: 2 -> 1",
        "layers.only.sites.battery.stock: 1000 -> 5 (4 to 6)",
        "raids.raid.waves.0.count: 1 -> 3",
        "catalogue.sensors.eye-type.range_ref_km: 5000 -> 4000",
    ]
    assert differences(base, tiny(title="Other", runs=7)) == []
    assert differences(base, tiny(site={"note": "moved"}, layer={"note": "other"})) == []


def test_entries_that_only_one_has_and_their_order():
    base = reader.to_data(tiny())
    more = base | {"sensors": {"second": {"type": "eye-type", "lat_deg": 25.5, "lon_deg": 55.0}} | base["sensors"]}
    found = differences(tiny(), reader.from_data(more))
    assert [(change.key, change.before) for change in found] == [("sensors.second", "–")]
    assert found[0].after.startswith("{type = eye-type, lat_deg = 25.5, lon_deg = 55")
    assert found[0].after.endswith("…")
    swapped = more | {"sensors": dict(reversed(more["sensors"].items()))}
    assert differences(reader.from_data(more), reader.from_data(swapped)) == [
        Change("sensors", "second, eye", "eye, second")]


def test_changes_that_are_alike_stand_in_one_line():
    many = [Change(f"raids.day-{k}.waves.0.count", "1", "2") for k in range(3)]
    other = Change("raids.day-9.waves.0.count", "1", "3")
    assert gathered([*many, other]) == [Change("raids.*.waves.0.count", "1", "2", 3), other]
    assert str(gathered(many)[0]) == "raids.*.waves.0.count: 1 -> 2 (3 places)"
    assert gathered(many[:2]) == many[:2]


# ---- bad input --------------------------------------------------------------------------------------------------


@pytest.fixture
def no_run(monkeypatch):
    """Fails the test as soon as anything is run."""
    def run(*_: object, **__: object) -> None:
        raise AssertionError("it was run")

    monkeypatch.setattr(study, "run", run)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "some.toml"
    path.write_text(TEXT + VARIANTS)
    return path


@pytest.mark.parametrize(("b", "more", "words"), [
    ("nowhere", {}, "nowhere: no such file, and no shipped scenario of that name"),
    ("{file}:duoble", {}, "is not a variant of this scenario\n  hint: did you mean double?"),
    ("{file}", {}, "some.toml and {file} [2]: nothing differs, so every difference would be 0"),
    ("{file}:double", {"changes": {"layer.salvo": 3}}, "{file}:double: nothing differs"),
    ("{file}:double", {"changes": {"layer.salvoo": 3}}, "layer.salvoo = 3\n  there is no 'salvoo'"),
    ("{file}:double", {"figures": "leak"}, "figure 'leak': there is no such figure"),
    ("{file}:double", {"by": "reason", "figures": "cost"}, "figure cost: cannot be grouped by 'reason'"),
    ("{file}:double", {"by": "colour"}, "figure leak_through: cannot be grouped by 'colour'"),
    ("{file}:double", {"runs": 0}, "runs = 0\n  must be a whole number from 1"),
    ("{file}:double", {"jobs": 0}, "jobs = 0\n  must be"),
])
def test_bad_input(no_run, file, b, more, words):
    with pytest.raises(InputError) as error:
        opendome.compare(str(file), b.format(file=file), **more)
    assert words.format(file=file) in str(error.value)


def test_what_is_wrong_with_any_is_found_before_any_is_run(no_run, tmp_path):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(TEXT.replace("radius_km = 25", "radius_km = -25").replace('at = { city', 'at = { citty', 1))
    with pytest.raises(ScenarioError) as error:
        opendome.compare(PATH, wrong)
    assert error.value.source == str(wrong)
    assert len(error.value.problems) == 2


def test_too_many_scenarios(no_run):
    with pytest.raises(InputError, match="11 scenarios\n  must be at most 10"):
        opendome.compare(*["gulf-2026"] * 11)


def test_results_that_do_not_pair(no_run, file, tmp_path):
    small = small_results.results()
    other = Results(small.tables, _without_guns().scenario, {**small.manifest, "seed": 8})
    with pytest.raises(InputError, match=r"\[2\]: seed 8, but Two small raids has 7\n  must be the same"):
        opendome.compare(small, other)
    with pytest.raises(InputError, match="must be all of one kind"):
        opendome.compare(small, file)
    with pytest.raises(InputError, match="changes, runs and seed cannot be set"):
        opendome.compare(small, other, runs=4)
    with pytest.raises(InputError, match="not a complete results folder"):
        opendome.compare(tmp_path, tmp_path)


def test_an_error_of_a_run_says_whose(file, monkeypatch):
    def run(*_: object, **__: object) -> None:
        raise OpenDomeError("3 of 4 runs completed")

    monkeypatch.setattr(study, "run", run)
    with pytest.raises(OpenDomeError, match=r"some\.toml: 3 of 4 runs completed"):
        opendome.compare(file, f"{file}:double")


# ---- running ----------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_one_seed_and_one_number_of_runs_for_all(file, tmp_path):
    second = tmp_path / "second.toml"
    second.write_text(TEXT.replace("runs = 4", "runs = 9").replace("seed = 1", "seed = 2")
                      .replace("stock = 8", "stock = 7"))
    seen = []
    found = opendome.compare(opendome.load(file), second, progress=lambda done, total: seen.append((done, total)))
    assert (found.manifest["runs"], found.manifest["seed"]) == (4, 1)
    assert found.names == ["Tiny", str(second)]
    assert (seen[0], seen[-1], seen == sorted(seen)) == ((0, 8), (8, 8), True)
    assert "B's own 9 runs and seed 2 were not used." in command.text(found)
    assert "were not used" not in command.text(opendome.compare(file, second, runs=1, seed=3, changes={"runs": 4,
                                                                                                        "seed": 1}))


@pytest.mark.compiled
def test_usual_figures(file):
    found = opendome.compare(file, f"{file}:double", runs=2)
    assert list(dict.fromkeys(found.table["figure"])) == ["leak_through", "leakers", "kills", "shots", "cost"]
    leaks = found.table[found.table["figure"] == "leak_through"]
    assert leaks["group"].tolist() == ["all", "ballistic", "drone"]
    assert found.table[found.table["figure"] == "shots"]["group"].tolist() == ["all"]  # one layer: not told twice
    by_type = opendome.compare(file, f"{file}:double", runs=2, by="type")
    assert list(dict.fromkeys(by_type.table["figure"])) == ["leak_through", "leakers", "kills", "shots"]
    assert set(by_type.table["by"]) == {"type"}
    with pytest.raises(InputError, match="figure leak_through: cannot be grouped by 'layer'"):
        opendome.compare(file, f"{file}:double", by=["layer", "area"])
    with pytest.raises(InputError, match="figure leak_through: cannot be grouped by 'sensor'"):
        opendome.compare(file, f"{file}:double", by="sensor")
    warned = opendome.load("warning-2028")
    assert [name for name, _ in module._usual([warned])] == ["alerted", "warning_delay", "custody"]


@pytest.mark.compiled
def test_another_threat_is_another_attack_with_the_same_launches(file):
    found = opendome.compare(file, reader.parse(TEXT, changes={"threats.srbm.burn_s": 70}), runs=3, figures="leakers")
    assert found.attacks[0] == Attack(False, 3, 1.0)
    assert "stated otherwise in B, yet every launch is that of A" in compare_words.attack(found, 0)


@pytest.mark.compiled
def test_another_date_is_the_same_attack_at_another_date(file):
    """Of the tiny raid's date alone; with another wait before its first launch the launches differ, and are counted."""
    later = "2027-09-01T00:00:00Z"
    found = opendome.compare(file, reader.parse(TEXT, changes={"raids.night.start": later}), runs=3, figures="leakers")
    assert found.attacks[0] == Attack(True, 3, 1.0)
    assert compare_words.attack(found, 0) == (
        "A and B meet the same attack, at another date (raids.night.start), launch by launch in every run.")
    both = {"raids.night.start": later, "raids.night.waves.0.start_min": 5}
    found = opendome.compare(file, reader.parse(TEXT, changes=both), runs=3, figures="leakers")
    assert (found.attacks[0].is_declared_same, found.attacks[0].runs_same) == (False, 0)
    assert "do not meet the same attack" in compare_words.attack(found, 0)


@pytest.mark.parametrize(("key", "expected"), [
    ("raids.night.start", True), ("raids.night.waves.0.start_min", False), ("raids.night", False), ("raids", False),
    ("layers.upper.start", False)])
def test_only_the_start_of_a_raid_is_its_date(key, expected):
    assert is_date(Change(key, "1", "2")) is expected


# ---- words and drawings -----------------------------------------------------------------------------------------


def _made_up(*, n_others=2):
    """Two small results (and a third) side by side."""
    sides = [small_results.results(), _without_guns()]
    if n_others == 2:
        changed = reader.to_data(small_results.scenario())
        changed["layers"]["upper"]["salvo"] = 2
        tables = {name: getattr(sides[0].tables, name) for name in Tables.__dataclass_fields__}
        threats = tables["threats"].copy()
        threats["outcome"] = np.where(threats["outcome"] == "leaked", "destroyed", threats["outcome"].astype("str"))
        sides.append(Results(Tables(**tables | {"threats": threats}), reader.from_data(changed), sides[0].manifest))
    return opendome.compare(*sides, figures=["leak_through", "leakers", "shots", "cost"], by="raid")


def test_differences_have_signs_and_marks():
    row = {"difference": 0.13, "error": 0.03, "runs": 20}
    assert compare_words.difference(row) == "+0.13 ± 0.03 *"
    assert compare_words.difference(row | {"difference": -0.04}) == "-0.04 ± 0.03"
    assert compare_words.difference(row | {"difference": 0.0001}) == "0.00 ± 0.03"
    assert compare_words.difference(row | {"difference": 0.0, "error": 0.0}) == "0 ± 0"
    assert compare_words.difference(row | {"runs": 1, "error": NAN}) == "+0.13 ± ?"
    assert compare_words.difference(row | {"runs": 0}) == "–"


@pytest.mark.parametrize(("attack", "words"), [
    (Attack(True, 4, 1.0), "A and B meet the same attack, launch by launch in every run."),
    (Attack(True, 3, 0.9), "launches differ in 1 of 4 runs: this should not be; please report it."),
    (Attack(False, 4, 1.0), "stated otherwise in B, yet every launch is that of A"),
    (Attack(False, 0, 0.912), "91 % of the launches are the same in type"),
])
def test_the_attack_in_words(attack, words):
    assert words in compare_words._attack(attack, "B", 4)


def test_the_text_keeps_to_its_width_and_says_first_what_differs():
    lines = command.text(_made_up()).splitlines()
    assert max(map(len, lines)) <= command.WIDTH
    assert lines[:3] == ["A  Two small raids: Two small raids", "B  Two small raids [2]: Two small raids",
                         "C  Two small raids [3]: Two small raids"]
    assert lines[3] == "4 runs of each, seed 7; the same random numbers in all"
    assert lines[5] == "B differs from A in"
    assert lines[6].startswith("  layers.guns: {interceptor = gun")
    assert "C differs from A in" in lines
    assert "  layers.upper.salvo: 1 -> 2" in lines
    assert lines[-1].endswith("cost in M$.")


def test_wide_tables_lose_columns_and_not_numbers():
    found = _made_up(n_others=1)
    found.table["group"] = "a site with a long name, a threat with a long name"
    found.table[["value_a", "error_a", "value_b", "error_b", "difference"]] *= 123456.7
    lines = command._table(found, "B")
    assert max(map(len, lines)) <= command.WIDTH
    assert "gain" not in lines[0]
    assert "B - A" in lines[0]
    for one in found.manifest["scenarios"]:
        one["title"] = "All against all"
    assert "gain:" not in command.text(found)
    assert "gain:" in command.text(_made_up(n_others=1))


def test_long_lists_of_changes_are_cut_on_the_screen_alone():
    found = _made_up(n_others=1)
    many = [Change(f"a.key-{i}", str(i), "x") for i in range(20)]
    text = command.text(module.Comparison(found.table, found.scenarios, [many], found.attacks, found.manifest))
    assert "  a.key-15: 15 -> x" in text
    assert "  and 4 more: --json and --out have all" in text


def test_every_difference_is_drawn_where_it_belongs():
    found = _made_up()
    tree = ElementTree.fromstring(svg.alone(compare_chart.draw(found)))
    texts = ["".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    told = [compare_words.difference(row) for row in found.table.to_dict(orient="records")]
    assert all(texts.count(words) >= told.count(words) for words in told)
    titles = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}title") if " - A: " in str(node.text)]
    assert len(titles) == int((found.table["runs"] > 0).sum())
    assert "leakers, one, C - A: -1.0 ± 0.4 *" in titles


def test_whiskers_reach_zero_where_the_mark_is_hollow():
    """A difference of 1 ± 0.4 keeps clear of zero, one of 1 ± 0.6 does not."""
    found = _made_up(n_others=1)
    for error, is_full in ((0.4, True), (0.6, False)):
        one = found.table[found.table["figure"] == "leakers"].head(1).assign(difference=1.0, error=error)
        drawn = compare_chart.draw(module.Comparison(one, found.scenarios, found.changes, found.attacks,
                                                     found.manifest))
        zero = float(re.search(r'class="scale" d="M([\d.]+)', drawn)[1])
        left, right = map(float, re.search(r'd="M([\d.]+) [\d.]+v8m0 -4H([\d.]+)', drawn).groups())
        dot = float(re.findall(r'<circle cx="([\d.]+)"', drawn)[-1])
        assert (left > zero) is is_full
        assert dot == pytest.approx((left + right) / 2, abs=0.2)
        assert (right - left) / (dot - zero) == pytest.approx(4 * error, rel=0.01)
        assert ("var(--page)" in drawn.rpartition("<circle")[2]) is not is_full


class Page(HTMLParser):
    """Tags, and the texts of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if self.inside or tag in ("td", "th"):
            self.cells += [""] * (tag in ("td", "th"))
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


def test_the_page_loads_nothing_and_has_every_number():
    found = _made_up()
    for one in found.manifest["scenarios"]:
        one["title"] = "Made <b>up</b>"
    html = pages.page(found)
    page = Page(html)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "embed", "img", "b"}
    assert not [attributes for _, attributes in page.tags if {"src", "srcset", "data", "action"} & set(attributes)]
    assert not re.search(r"url\(|@import|https?://", html.replace("http://www.w3.org/2000/svg", ""))
    rows = found.table.to_dict(orient="records")
    assert {compare_words.difference(row) for row in rows} <= set(page.cells)
    assert {compare_words.alone(row, side) for row in rows for side in "ab"} <= set(page.cells)
    assert "layers.upper.salvo" in page.cells
    assert "opendome compare scenario-a.toml scenario-b.toml scenario-c.toml --runs 4 --seed 7 --figure leak_through " \
           "--figure leakers --figure shots --figure cost --by raid" in html


# ---- files ------------------------------------------------------------------------------------------------------


def test_the_folder_holds_the_table_twice_and_can_be_replaced(tmp_path):
    out, found = tmp_path / "new" / "out", _made_up()
    pages.save(found, out)
    assert sorted(path.name for path in out.iterdir()) == [
        "compare.csv", "compare.html", "compare.parquet", "compare.svg", "manifest.json", "scenario-a.toml",
        "scenario-b.toml", "scenario-c.toml"]
    pd.testing.assert_frame_equal(pd.read_parquet(out / "compare.parquet"), found.table, check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_csv(out / "compare.csv"), found.table, check_dtype=False)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["kind"] == "compare"
    assert [one["scenario_sha256"] for one in manifest["scenarios"]] == [
        reader.digest(reader.load(out / f"scenario-{letter}.toml")) for letter in "abc"]
    pages.save(_made_up(n_others=1), out)
    assert not (out / "scenario-c.toml").exists()


def test_foreign_folders_are_left_alone(no_run, tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match=r"holds files that are not those of a comparison \(mine.txt\)"):
        opendome.compare(PATH, "gulf-2026", out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
