"""Sweeps: bad input is found before anything runs, and what is drawn and written holds the numbers of the table."""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

import opendome
from opendome import cli, study
from opendome.cli import sweeps as told
from opendome.errors import InputError, OpenDomeError, ScenarioError
from opendome.report import curve, heatmap, svg, sweeps
from opendome.results import Results, store, with_error
from opendome.results.figures import FIGURES
from opendome.scenario import reader
from opendome.study import sweep as sweep_module
from small_sweep import made_up
from tiny_file import PATH, TEXT

TWO = {"layer.salvo": [1, 2, 3], "threats.burn_s": [120, 180]}
CONSTELLATION = """
[constellations.leo]
n_satellites = 12
n_planes = 4
inclination_deg = 60
altitude_km = 500
"""


# ---- before it runs ---------------------------------------------------------------------------------------------


@pytest.fixture
def no_run(monkeypatch):
    """Fails the test as soon as any point is run."""
    def run(*_: object, **__: object) -> None:
        raise AssertionError("a point was run")

    monkeypatch.setattr(study, "run", run)


@pytest.mark.parametrize(("more", "words"), [
    ({"over": {}}, "--over: names no key"),
    ({"over": {"layer.salvoo": [1]}}, "--over layer.salvoo\n  there is no 'salvoo' in the scenario\nhint: did you"),
    ({"over": {"runs": [1, 2]}}, "--over runs\n  is the same at every point\nhint: give it by --runs"),
    ({"over": {"layer.salvo": [1], "layers.lower.salvo": [2]}},
     "--over layers.lower.salvo\n  sets layers.lower.salvo, and so does --over layer.salvo"),
    ({"over": {"threats.burn_s": [60], "catalogue.threats.srbm": [2]}}, "and so does --over threats.burn_s"),
    ({"over": {"layer.salvo": "1:9:0"}}, "--over layer.salvo=1:9:0\n  the step"),
    ({"over": {"step_s": "1:2:0.001", "threats.burn_s": "60:70:0.1"}}, "1,001 x 101 = 101,101 points"),
    ({"figures": "leakthrough"}, "figure 'leakthrough': there is no such figure"),
    ({"figures": ["shots"], "by": "reason"}, "figure shots: cannot be grouped by 'reason'"),
    ({"runs": 0}, "runs = 0\n  must be a whole number from 1"),
    ({"jobs": 0}, "jobs = 0\n  must be"),
    ({"seed": -1}, "seed = -1\n  must be"),
    ({"scenario": "nowhere"}, "nowhere: no such file"),
    ({"changes": {"layers.lowr.salvo": 1}}, "layers.lowr.salvo = 1\n  there is no 'lowr'"),
    ({"changes": {"areas.city.radius_km": -1}}, "areas.city.radius_km = -1\n  must be above 0"),
])
def test_bad_input(no_run, more, words):
    given = {"scenario": PATH, "over": {"layer.salvo": [1, 2]}} | more
    with pytest.raises(InputError) as error:
        opendome.sweep(given.pop("scenario"), **given)
    assert words in str(error.value)


def test_every_point_that_cannot_be_run_is_found_before_any_is(no_run, tmp_path):
    file = tmp_path / "some.toml"
    file.write_text(TEXT + CONSTELLATION)
    with pytest.raises(InputError) as error:
        opendome.sweep(file, over={"constellation.n_satellites": "8:20:1", "waves.count": [1, 2]}, out=tmp_path / "out")
    lines = str(error.value).splitlines()
    assert lines[0] == f"{file}: 18 of 26 points cannot be run"  # 9, 10, 11, 13, 14, 15, 17, 18, 19, twice each
    assert lines[1:4] == ["at constellation.n_satellites = 9, waves.count = 1", "  constellations.leo = {...}",
                          "    n_planes = 4 must divide n_satellites = 9"]
    assert lines[-1] == "and 8 more"
    assert sum(line.startswith("at ") for line in lines) == 10
    assert not (tmp_path / "out").exists()


def test_names_changes_and_flights_of_every_point_are_looked_at(no_run):
    for over, words in [({"layer.interceptor": ["thaad", "thad"]}, "must name an interceptor of the catalogue"),
                        ({"threats.burn_s": [60, -1]}, "catalogue.threats.srbm.burn_s = -1\n    must be above 0"),
                        ({"places.hill.lat_deg": [29.6, 80.0]}, "hill to city")]:
        with pytest.raises(InputError, match="1 of 2 points cannot be run") as error:
            opendome.sweep(PATH, over=over)
        assert words in str(error.value)


def test_a_fault_of_the_scenario_itself_is_told_once(no_run):
    text = reader.parse(TEXT).model_copy(update={"catalogue": {"threats": {"srbm": {"burn_s": -2}}}})
    with pytest.raises(ScenarioError) as error:
        opendome.sweep(text, over=TWO | {"threats.burn_s": [60, 70]})
    assert len(error.value.problems) == 1


def test_an_error_of_a_point_says_which(monkeypatch):
    def run(scenario, **_):
        raise OpenDomeError("3 of 4 runs completed")

    monkeypatch.setattr(study, "run", run)
    with pytest.raises(OpenDomeError, match=r"tiny.toml at layer.salvo = 1: 3 of 4 runs completed"):
        opendome.sweep(PATH, over={"layer.salvo": [1, 2]})


# ---- running ----------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_a_point_is_the_single_run_with_set(capsys, tmp_path):
    found = opendome.sweep(PATH, over={"layer.salvo": [1, 3], "waves.count": [2, 4]}, runs=5, seed=3, by="type",
                           figures=["leak_through", "shots"])
    assert cli.main(["run", str(PATH), "--runs", "5", "--seed", "3", "--quiet", "--set", "layers.lower.salvo=3",
                     "--set", "raids.night.waves.0.count=4", "--set", "raids.night.waves.1.count=4",
                     "--out", str(tmp_path / "one")]) == 0
    capsys.readouterr()
    single = Results.open(tmp_path / "one")
    for figure in ("leak_through", "shots"):
        point = found.table.query("`layer.salvo` == 3 and `waves.count` == 4 and figure == @figure")
        one = single.table(figure, "type").rename(columns={"type": "group"})
        columns = ["group", *sweep_module.ESTIMATE]
        if figure == "shots":  # nobody fires at the drones here, which the sweep says and the single run leaves out
            assert point["value"].tolist()[1:] == [0.0]
            point = point[:1]
        pd.testing.assert_frame_equal(point[columns].reset_index(drop=True), one[columns], check_dtype=False,
                                      check_exact=True)


def test_the_table_is_tidy_and_progress_is_told():
    seen = []
    found = opendome.sweep(opendome.load(PATH), over=TWO, runs=2, figures=("shots_per_kill", "leak_through"),
                           changes={"interceptors.p_kill.ballistic": 0.0, "interceptors.p_kill.drone": 0.0},
                           progress=lambda done, total: seen.append((done, total)))
    assert list(found.table.columns) == ["layer.salvo", "threats.burn_s", "figure", "group", "value", "error", "runs",
                                         "low", "high"]
    assert len(found.table) == 3 * 2 * 2
    assert found.table.drop(columns=["figure", "group"]).dtypes.map(lambda kind: kind.kind).tolist() == list("iiffiff")
    assert set(found.table["group"]) == {"all"}
    nothing = found.rows("shots_per_kill")  # nothing is killed: there is nothing to divide by
    assert nothing["value"].isna().all()
    assert (nothing["runs"] == 0).all()
    assert (found.rows("leak_through")["value"] > 0).all()
    assert seen == [(k, 6) for k in range(7)]


@pytest.mark.compiled
def test_groups_that_a_point_lacks():
    """With 3 rounds at each of 4 missiles none is left for drones: 0 rounds at them, and why they leaked is known."""
    found = opendome.sweep(PATH, over={"layer.salvo": [1, 3], "waves.count": [2, 4]}, runs=5, seed=3, by="type",
                           figures=["shots", "reasons", "shots_per_kill"])
    point = found.table.query("`layer.salvo` == 3 and `waves.count` == 4").set_index(["figure", "group"])
    assert point.loc[("shots", "one-way-drone"), list(sweep_module.ESTIMATE)].tolist() == [0, 0, 5, 0, 0]
    reasons = point.loc["reasons"]
    drones = reasons[reasons.index.str.startswith("one-way-drone")]
    assert drones["value"].to_dict() == {"one-way-drone, all shots missed": 0, "one-way-drone, no stock": 1}
    assert (drones["runs"] == 5).all()
    nothing = point.loc[("shots_per_kill", "one-way-drone")]
    assert (nothing["runs"], nothing["value"] == nothing["value"]) == (0, False)


def test_words_and_mixed_values_are_text_in_the_table():
    found = opendome.sweep(PATH, over={"layer.doctrine": "salvo,shoot-look-shoot"}, runs=1)
    assert found.table["layer.doctrine"].tolist() == ["salvo", "shoot-look-shoot"]
    assert sweep_module.column_of([1, 2.5]).dtype == "f8"
    assert sweep_module.column_of([True, False]).dtype == "?"
    assert sweep_module.column_of([True, 2, "a"]) == ["true", "2", "a"]


def test_a_variant_is_swept(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(TEXT + '[variants.many]\n"waves.count" = 3\n')
    found = opendome.sweep(f"{file}:many", over={"layer.salvo": [1]}, runs=1, figures="launched")
    assert found.table["value"].tolist() == [6.0]
    assert found.manifest["title"] == "Tiny (many)"
    assert "variants" not in found.data


# ---- drawings ---------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Tags, attributes, cells of tables, titles and texts of drawings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.found: dict[str, list[str]] = {"td": [], "th": [], "title": [], "text": [], "h1": []}
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.found:
            self.inside = tag
            self.found[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[self.inside][-1] += data


GRIDS = {
    "two": made_up({"threats.burn_s": [120, 180, 240], "layer.salvo": [1, 2]}),
    "tall": made_up({"constellation.n_satellites": list(range(500, 20001, 500)), "threats.burn_s": [120, 180]}),
    "three": made_up({"threats.burn_s": [1, 2], "layer.salvo": [1, 2], "layer.doctrine": ["salvo", "other"]},
                     groups=("srbm", "mrbm")),
}


@pytest.mark.parametrize("grid", GRIDS)
def test_the_heat_map_shows_the_numbers_of_the_table(grid):
    found = GRIDS[grid]
    page = Page(heatmap.draw(found, "leak_through"))
    shown = sorted(title.split(": ")[1] for title in page.found["title"] if ": " in title)
    assert shown == sorted(with_error(v, e) for v, e in zip(found.table["value"], found.table["error"]))
    written = [text for text in page.found["text"] if "±" in text]
    assert sorted(written) == shown  # all are readable in the cells


def test_each_cell_has_the_number_of_its_own_point():
    found = GRIDS["three"]
    for one in heatmap.maps(found, "leak_through"):
        group, doctrine = one.title.split(", layer.doctrine = ")
        for (column, row), (value, error) in one.cells.items():
            at = {one.columns[0]: column, one.rows[0]: row}
            line = found.table[(found.table["group"] == group) & (found.table["layer.doctrine"] == doctrine)
                               & (found.table["threats.burn_s"] == at["threats.burn_s"])
                               & (found.table["layer.salvo"] == at["layer.salvo"])]
            assert (value, error) == (line["value"].item(), line["error"].item())
    drawn = heatmap.draw(GRIDS["two"], "leak_through")
    titles = [title for title in Page(drawn).found["title"] if ": " in title]
    row = GRIDS["two"].table.query("`threats.burn_s` == 180 and `layer.salvo` == 2")
    assert f"layer.salvo = 2, threats.burn_s = 180: {with_error(row['value'].item(), row['error'].item())}" in titles


def test_cells_stand_at_the_names_of_their_row_and_column():
    tree = ElementTree.fromstring(heatmap.draw(GRIDS["two"], "leak_through"))
    texts = [(node.text, node) for node in tree.iter("text") if node.text and node.text.isdigit()]
    rows = {text: float(node.get("y")) for text, node in texts if node.get("text-anchor") == "end"}
    columns = {text: float(node.get("x")) for text, node in texts if node.get("text-anchor") == "middle"}
    assert (set(rows), set(columns)) == ({"120", "180", "240"}, {"1", "2"})
    cells = [rect for rect in tree.iter("rect") if rect.find("title") is not None]
    assert len(cells) == 6
    for rect in cells:
        column, row = re.findall(r"= (\d+)", rect.find("title").text)
        assert float(rect.get("x")) + 0.5 * float(rect.get("width")) == pytest.approx(columns[column], abs=0.2)
        assert float(rect.get("y")) + 0.5 * float(rect.get("height")) == pytest.approx(rows[row] - 4.5, abs=0.2)


def test_darker_is_more_and_the_scale_has_both_ends():
    def light(text: str) -> float:
        return sum(w * int(text[k:k + 2], 16) for w, k in ((0.2126, 1), (0.7152, 3), (0.0722, 5)))

    lights = [light(heatmap.color(i / 50)) for i in range(51)]
    assert lights == sorted(lights, reverse=True)
    assert len(set(lights)) == 51
    assert (heatmap.color(0.0), heatmap.color(1.0)) == (heatmap.RAMP[0], heatmap.RAMP[-1])
    tree = ElementTree.fromstring(heatmap.draw(GRIDS["two"], "leak_through"))
    fills = {rect.find("title").text.split(": ")[1]: rect.get("style") for rect in tree.iter("rect")
             if rect.find("title") is not None}
    values = sorted(fills, key=lambda text: float(text.split(" ")[0]))
    assert (fills[values[0]], fills[values[-1]]) == (f"fill:{heatmap.RAMP[0]}", f"fill:{heatmap.RAMP[-1]}")


def test_numbers_can_be_read_on_every_colour():
    """Contrast of at least 4 to 1 (4.5 is asked of running text), and never the worse of the two inks."""
    def luminance(text: str) -> float:
        parts = [int(text[k:k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear))

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    for share in (i / 100 for i in range(101)):
        pale, dark = (contrast(ink, heatmap.color(share)) for ink in (heatmap.PALE, heatmap.DARK))
        assert (pale if share > heatmap.PALE_FROM else dark) >= max(4.0, 0.95 * max(pale, dark)), share


def test_axes_have_units_and_the_longer_key_goes_down_the_side():
    texts = Page(heatmap.draw(GRIDS["tall"], "leak_through")).found["text"]
    assert "leak_through (share)" in texts
    assert "constellation.n_satellites ↑" in texts
    assert "threats.burn_s (seconds) →" in texts
    assert {"500", "20000", "120", "180"} <= set(texts)
    assert texts.count("120") == 2  # above the long columns too


def test_nothing_to_count_is_said():
    found = made_up({"threats.burn_s": [1, 2], "layer.salvo": [1, 2]}, empty=(0,))
    page = Page(heatmap.draw(found, "leak_through"))
    assert "threats.burn_s = 1, layer.salvo = 1: nothing to count" in page.found["title"]
    assert page.found["text"].count("–") == 1


def test_a_line_for_one_key_stands_where_its_numbers_are():
    found = made_up({"threats.burn_s": [100, 200, 400]})
    drawn = curve.draw(found, "leak_through")
    page = Page(drawn)
    marks = [float(attributes["cx"] or 0) for tag, attributes in page.tags if tag == "circle"]
    assert marks[2] - marks[1] == pytest.approx(2 * (marks[1] - marks[0]), abs=0.2)
    titles = [f"{key}: {with_error(v, e)}" for key, v, e in zip([100, 200, 400], found.table["value"],
                                                               found.table["error"])]
    assert [title for title in page.found["title"] if ": " in title] == titles
    assert "leak_through (share); whiskers: one standard error" in page.found["text"]
    assert "threats.burn_s (seconds) →" in page.found["text"]
    words = made_up({"layer.doctrine": ["salvo", "other"]}, groups=("srbm", "mrbm"))
    assert "fill:none;stroke:#0072B2;stroke-width:2\"" not in curve.draw(words, "leak_through")
    assert {"srbm", "mrbm", "salvo", "other"} <= set(Page(curve.draw(words, "leak_through")).found["text"])


@pytest.mark.parametrize("over", [{"a.b_s": [1]}, {"a.b_s": [1, 2], "c": [1]}, {"a": [1] * 1, "b": ["x"], "c": [True]}])
def test_small_grids_can_be_drawn(over):
    ElementTree.fromstring(svg.alone(sweeps.draw(made_up(over), "leak_through")))
    ElementTree.fromstring(svg.alone(sweeps.draw(made_up(over, empty=(0,)), "leak_through")))


def test_maps_beyond_the_most_are_counted():
    found = made_up({"a": [1, 2], "b": [1, 2], "c": list(range(30))})
    assert "The first 24 of 30 maps are drawn." in sweeps.page(found)


@pytest.mark.parametrize("found", [*GRIDS.values(), made_up({"threats.burn_s": [120, 180]})])
def test_the_page_loads_nothing_and_holds_no_foreign_markup(found):
    html = sweeps.page(found)
    page = Page(html)
    loading = {"src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest"}
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "object", "embed", "img", "b")]
    assert not [attributes for _, attributes in page.tags if loading & set(attributes)]
    assert not re.search(r"url\(|@import|https?://", html.replace("http://www.w3.org/2000/svg", ""))
    policy = [attributes["content"] for _, attributes in page.tags
              if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert len(policy) == 1
    assert policy[0].startswith("default-src 'none'; script-src 'none'; style-src 'sha256-")
    assert page.found["h1"] == [f"Made <up>: {', '.join(found.over)}"]
    cells = {with_error(v, e) for v, e in zip(found.table["value"], found.table["error"])}
    assert cells <= set(page.found["td"])


def test_points_and_runs_are_counted_in_words():
    one = made_up({"a": [1]})
    one.manifest["runs"] = 1
    assert "1 point of 1 run;" in sweeps.page(one)
    assert "1 point of 1 run, seed" in told.text(one)
    assert "6 points of 100 runs;" in sweeps.page(GRIDS["two"])


def test_names_in_a_meaning_are_code(monkeypatch):
    found = made_up({"a": [1, 2]})
    meaning = replace(FIGURES["leak_through"], meaning="By `area` & <b>.")
    monkeypatch.setitem(FIGURES, "leak_through", meaning)
    assert "<p>By <code>area</code> &amp; &lt;b&gt;.</p>" in sweeps.page(found)


def test_long_tables_are_left_to_the_files():
    found = made_up({"a": list(range(50)), "b": list(range(50))})
    assert "The table has 2,500 rows: see sweep.csv" in sweeps.page(found)


# ---- files and text ---------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_the_folder_holds_the_table_twice_and_can_be_replaced(tmp_path):
    out = tmp_path / "new" / "out"
    found = opendome.sweep(PATH, over=TWO, runs=2, figures=["leak_through", "shots"], out=out)
    assert sorted(path.name for path in out.iterdir()) == sorted([
        "manifest.json", "scenario.toml", "sweep.csv", "sweep.parquet", "sweep.html", "leak_through.svg", "shots.svg"])
    pd.testing.assert_frame_equal(pd.read_parquet(out / "sweep.parquet"), found.table, check_dtype=False)
    pd.testing.assert_frame_equal(pd.read_csv(out / "sweep.csv"), found.table, check_dtype=False)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["over"] == [{"key": key, "values": values} for key, values in TWO.items()]
    assert manifest["scenario_sha256"] == reader.digest(reader.load(out / "scenario.toml"))
    ElementTree.parse(out / "shots.svg")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    opendome.sweep(out / "scenario.toml", over=TWO, runs=2, figures="shots", out=out)
    assert "leak_through.svg" not in {path.name for path in out.iterdir()}
    assert (out / "shots.svg").read_bytes() == before["shots.svg"]


def test_foreign_folders_are_left_alone(no_run, tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match=r"holds files that are not those of a sweep \(mine.txt\), so it is left"):
        opendome.sweep(PATH, over=TWO, out=tmp_path)
    with pytest.raises(InputError, match="is a file"):
        opendome.sweep(PATH, over=TWO, out=tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_stopped_while_writing(tmp_path, monkeypatch):
    def write(frame, path):
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_write_table", write)
    with pytest.raises(KeyboardInterrupt):
        sweeps.save(made_up(TWO), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_text_has_a_matrix_for_two_keys():
    lines = told.text(GRIDS["two"]).splitlines()
    assert lines[1] == "6 points of 100 runs, seed 7; the same random numbers at every point"
    assert lines[3].split() == ["threats.burn_s", "layer.salvo", "figure", "value", "90", "%", "of", "runs"]
    assert lines[4].split() == ["120", "1", "leak_through", "0.546", "±", "0.012", "0.273", "to", "0.819"]
    at = lines.index("leak_through (share)")
    assert lines[at + 1].split() == ["threats.burn_s", "layer.salvo", "="]
    assert lines[at + 2].split() == ["1", "2"]
    assert lines[at + 3].split() == ["120", "0.546", "±", "0.012", "0.331", "±", "0.012"]
    assert len(lines) == at + 6


def test_a_matrix_that_is_too_wide_loses_its_errors_or_is_left_out():
    middle = told.text(made_up({"a": list(range(12)), "b": list(range(12))}))
    assert "±" not in middle[middle.index("leak_through (share)"):]
    wide = told.text(made_up({"a": list(range(30)), "b": list(range(30))}))
    assert wide.endswith("30 columns by 30 rows are too wide for a matrix here: see the table above, or --out")
    assert "leak_through (share)" not in told.text(made_up({"a": [1, 2]}))


def test_the_page_repeats_the_command():
    assert sweeps.command(GRIDS["three"]) == (
        "opendome sweep scenario.toml --over 'threats.burn_s=1,2' --over 'layer.salvo=1,2' "
        "--over 'layer.doctrine=salvo,other' --runs 100 --seed 7 --figure leak_through --by type")
