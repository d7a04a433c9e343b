"""The report: its numbers are those of the results, it loads nothing, and no text of a scenario becomes markup."""

import re
from pathlib import Path

import numpy as np
import pytest

from hostile_results import EVIL, hostile
from opendome import study
from opendome.errors import InputError
from opendome.report import charts, write_report
from opendome.report.map import _corners
from opendome.report.page import LIMITS, SECTIONS, page
from opendome.report.svg import draw, ticks
from opendome.results import Results, with_error
from page_reader import LOADING, Reader
from small_results import MANIFEST, results
from tiny_space import busy_sky


@pytest.fixture(scope="module")
def html() -> str:
    return page(results())


def test_numbers_are_those_of_the_summary(html: str) -> None:
    cells = Reader(html).cells
    summary = results().summary()
    rows = [summary["leak_through"]["all"], *summary["leak_through"]["by_type"], *summary["leak_through"]["by_area"],
            *summary["reasons"], *summary["observed"],
            *(layer[key] for layer in summary["layers"] for key in ("stock", "shots", "kills", "left", "cost_musd")),
            *(summary["total"][key] for key in ("stock", "shots", "kills", "left", "cost_musd"))]
    for row in rows:
        shown = with_error(row["value"], np.nan if row["error"] is None else row["error"])
        assert any(cell.startswith(shown) for cell in cells), shown
    assert sum("inside" in cell for cell in cells) == 2


def test_it_says_how_to_repeat_and_what_is_left_out(html: str) -> None:
    assert "opendome run scenario.toml --runs 4 --seed 7" in html
    for found in (MANIFEST["scenario_sha256"], MANIFEST["catalogue_sha256"], "numba 0.61.0"):
        assert found in html
    text = "".join(Reader(html).text)
    for words in (*LIMITS, *results().summary()["notes"], "not drawn in this version"):
        assert words in text


def test_it_loads_nothing(html: str) -> None:
    reader = Reader(html)
    tags = {tag for tag, _ in reader.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "image", "foreignobject"}
    for tag, attributes in reader.elements:
        assert not set(attributes) & LOADING, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        if "href" in attributes:
            assert tag == "a"
    assert "@import" not in html
    assert set(re.findall(r"url\(([^)]*)\)", html)) <= {"#hatch-forward", "#hatch-backward", "#clip-whole",
                                                        "#clip-near"}
    policy = next(a["content"] for tag, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert re.fullmatch(r"default-src 'none'; script-src 'none'; style-src 'sha256-[\w+/]{43}='; style-src-attr "
                        r"'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'", policy)


def test_every_section_can_be_reached_and_every_drawing_is_described(html: str) -> None:
    reader = Reader(html)
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    links = [str(a["href"])[1:] for tag, a in reader.elements if tag == "a" and str(a.get("href", "")).startswith("#")]
    assert links == [key for key, _ in SECTIONS]
    assert set(links) <= set(ids)
    drawings = [a for tag, a in reader.elements if tag == "svg" and a.get("class") == "chart"]
    assert len(drawings) == 10  # raids twice, map twice, warnings, a waterfall per class, stock, reasons, observed
    assert all(a.get("role") == "img" and a.get("aria-label") for a in drawings)


def test_markup_in_any_text_is_shown_as_text() -> None:
    html = page(hostile())
    reader = Reader(html)
    assert not {tag for tag, _ in reader.elements} & {"script", "img", "b-evil"}
    assert not [a for _, a in reader.elements if any(name.startswith("on") for name in a)]
    assert "javascript:" not in html
    assert "".join(reader.text).count(EVIL) > 60


def test_report_of_a_folder_is_written_whole_and_the_same_twice(tmp_path: Path) -> None:
    results().save(tmp_path / "out")
    first = write_report(tmp_path / "out", tmp_path / "out" / "report.html", replay=False).read_bytes()
    second = write_report(results(), tmp_path / "new" / "report.html", replay=False).read_bytes()
    assert first == second
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["report.html"]
    with pytest.raises(InputError, match="is a folder"):
        write_report(results(), tmp_path / "out")
    with pytest.raises(InputError, match="no such folder"):
        write_report(tmp_path / "nowhere", tmp_path / "report.html")


def undefended(*emptied: str) -> Results:
    """Results of a scenario without layers; the tables named are empty too."""
    small = results(layers={}, observations=[])
    for name in ("sites", "shots", "replay_events", *emptied):
        object.__setattr__(small.tables, name, getattr(small.tables, name).iloc[:0])
    return small


def test_without_layers_the_page_tells_what_was_warned_of() -> None:
    small = undefended()
    html = page(small)
    sections = {found["id"] for tag, found in Reader(html).elements if tag == "section"}
    assert sections == {"answer", "replay", "raids", "map", "orbit", "ledger", "assumptions", "repeat", "cite",
                        "limits"}
    answer, raids = (html.split(f'<section id="{name}">')[1].split("</section>")[0] for name in ("answer", "raids"))
    cards = re.findall(r"<dt>(.*?)</dt><dd>(.*?)<small>", answer)
    shown = [small.table(name, "threat_class").set_index("threat_class").loc["ballistic"]
             for name in ("alerted", "warning_delay", "custody")]
    assert cards == [(name, with_error(float(row["value"]), float(row["error"])))
                     for name, row in zip(("Warned of", "First warning", "Custody"), shown)]
    assert "leak" not in (answer + raids).lower()
    assert "<svg" not in raids


def test_decoys_are_counted_apart_and_not_drawn() -> None:
    small = results()
    every = small.tables.replay_tracks.drop_duplicates(["raid", "threat"])
    plain = page(small)
    threats = small.tables.threats
    is_decoy = (threats["raid"] == every["raid"].iloc[0]) & (threats["threat"] == every["threat"].iloc[0])
    object.__setattr__(small.tables, "threats", threats.assign(is_decoy=is_decoy))
    html = page(small)
    assert f"all {len(every)} tracks" in plain
    assert f"all {len(every) - 1} tracks" in html
    assert (f"Map with {len(every)} tracks" in plain, f"Map with {len(every) - 1} tracks" in html) == (True, True)
    kind = every["type"].iloc[0]
    assert f"{kind}, decoys" not in plain
    row = Reader(html).cells[Reader(html).cells.index(f"{kind}, decoys"):]
    assert sum(int(cell) for cell in row[1:1 + every["outcome"].nunique()]) == 1


def test_total_of_the_layers_leaves_out_threats_fired_at() -> None:
    """A threat that two layers fire at would count twice."""
    foot = re.findall(r"<tfoot>(.*?)</tfoot>", page(results()))[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", foot)
    assert cells[2] == ""
    assert all(cells[i] for i in (1, 3, 4, 5, 6))


def test_shading_is_told_only_where_it_is() -> None:
    small = results(observations=[])
    assert "Shaded: 90 % of runs." in page(small)
    one = {name: raid for name, raid in small.scenario.raids.items() if name == "one"}
    object.__setattr__(small.scenario, "raids", one)
    assert "Shaded" not in page(small)


def test_points_side_by_side_stay_in_their_category() -> None:
    for pairs in (1, 2, 3, 6, 12):
        offsets = [one["offset"] for one in charts._side_by_side([{} for _ in range(2 * pairs)])]
        assert max(map(abs, offsets)) < 0.4
        assert len(set(offsets)) == pairs
        assert offsets[::2] == offsets[1::2]


def test_the_legend_of_the_map_has_sensors_only_where_they_stand() -> None:
    small = results()
    assert ">sensor</text>" in page(small)
    object.__setattr__(small.scenario, "sensors", {})
    assert ">sensor</text>" not in page(small)


def test_report_without_defence_leakers_or_observations() -> None:
    small = undefended("warnings", "replay_tracks", "assumptions")
    safe = small.tables.threats.assign(outcome="destroyed", reason=None)
    object.__setattr__(small.tables, "threats", safe)
    html = page(small)
    Reader(html)
    assert "The scenario has no defence." in html
    assert "Nothing leaked in any run." in html
    assert 'id="observed"' not in html
    assert 'id="map"' not in html


def test_charts_hold_the_figures_of_the_results() -> None:
    small = results()
    destroyed, _, leaked = charts.raids(small)["series"][:3]
    assert destroyed["data"] == small.table("kills", "raid")["value"].tolist()
    assert leaked["data"] == small.table("leakers", "raid")["value"].tolist()
    shares = charts.reasons(small)
    totals = np.sum([one["data"] for one in shares["series"]], axis=0)
    assert totals == pytest.approx(np.ones(2))
    steps = charts.waterfall(small, "ballistic")
    starts, sizes = steps["series"][0]["data"], [step["value"] for step in steps["series"][1]["data"]]
    assert steps["yAxis"]["data"] == ["launched", "destroyed by upper", "came down outside", "leaked"]
    assert sizes == pytest.approx([2, 2, 0.25, 0.25])
    assert starts[0] == 0


def test_every_chart_is_drawn_inside_its_frame() -> None:
    small = results()
    options = [charts.raids(small), charts.leaks_by_raid(small), charts.waterfall(small, "drone"), charts.stocks(small),
               charts.reasons(small), charts.observed(small.summary())]
    for option in options:
        drawing = draw(option)
        assert "nan" not in drawing
        width, height = map(float, re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawing)[0])
        for x, y in re.findall(r'<text x="([-\d.]+)" y="([-\d.]+)"', drawing):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height


@pytest.mark.parametrize(("low", "high", "marks"), [
    (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    (0.0, 0.0, [0.0]),
    (23.4, 26.1, [24.0, 25.0, 26.0]),
    (-7.0, 1500.0, [0.0, 500.0, 1000.0, 1500.0]),
])
def test_ticks_are_round_numbers(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(marks)


def test_tracks_are_thinned_to_what_can_be_seen() -> None:
    bend = np.array([(x, 0.0) for x in range(50)] + [(49.0, float(y)) for y in range(50)])
    assert np.flatnonzero(_corners(bend, 0.3)).tolist() in ([0, 49, 99], [0, 50, 99])
    arc = np.array([(100 * np.cos(t), 100 * np.sin(t)) for t in np.linspace(0, 3, 400)])
    kept = arc[_corners(arc, 0.3)]
    assert 10 < len(kept) < 40
    middles = (kept[1:] + kept[:-1]) / 2
    assert np.hypot(*middles.T).min() > 99.7  # the sagitta of each piece is below the tolerance
    assert _corners(np.zeros((3, 2)), 0.3).tolist() == [True, False, True]


@pytest.mark.compiled
def test_a_raid_with_decoys_and_a_layer_in_orbit_has_its_page() -> None:
    found = study.run(busy_sky(), runs=3, seed=5)
    shown = Reader(page(found))
    said = " ".join(shown.text)
    for needed in ("Seen from orbit", "plume-eye", "cold-eye", "boost", "void"):
        assert needed in said
    assert "site, boost" not in said  # satellites are not drawn on the map
