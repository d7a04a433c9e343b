"""The command line: every command, its exit code, what goes to stdout and what to stderr."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import opendome
from opendome import cli
from opendome.cli import talk
from opendome.results import Results
from opendome.scenario import reader
from tiny_file import PATH, TEXT

ROOT = Path(__file__).parents[2]
COMMANDS = ["run", "compare", "sweep", "marginal", "footprint", "windows", "check", "show", "list", "schema", "copy",
            "report", "view", "studio", "export", "version", "raids import", "reproduce", "cost",
            "schedule", "frontier", "exchange", "ledger"]
SLOW_MODULES = {"numba", "pandas", "scipy", "pyarrow"}


def _said(capsys, *args: object) -> str:
    """What a command that is done prints on stdout."""
    assert cli.main([str(a) for a in args]) == 0
    return capsys.readouterr().out


def _process(*args: object, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "opendome", *map(str, args)], input=stdin, capture_output=True,
                          text=True, timeout=300, check=False, env={**os.environ, **more})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Results of the tiny scenario, as the command line leaves them."""
    out = tmp_path_factory.mktemp("cli") / "out"
    assert cli.main(["run", str(PATH), "--runs", "3", "--seed", "5", "--out", str(out), "--quiet"]) == 0
    return out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_plain_and_ends_with_a_twin_that_exists(capsys, command):
    text = _said(capsys, *command.split(), "--help")
    assert text.startswith(f"Usage: opendome {command}")
    twin = text.strip().rpartition("Python: ")[2]
    assert twin.startswith("opendome.")
    for name in re.findall(r"opendome(?:\.\w+)+", twin):
        found = opendome
        for part in name.split(".")[1:]:
            found = getattr(found, part)


def test_help_of_all_names_every_command(capsys):
    text = _said(capsys, "--help")
    assert {command.split()[0] for command in COMMANDS} <= set(text.split())


@pytest.mark.parametrize("args", [["--help"], ["list", "threats"], ["list", "scenarios"], ["schema"], ["version"],
                                  ["show", "thaad"], ["check", "cut.toml"]])
def test_quick_commands_load_no_compiler(tmp_path, args):
    """Asked of the interpreter, not of the clock: what makes a start slow is loading these modules."""
    (tmp_path / "cut.toml").write_text("format = [")
    script = (f"import sys, os; os.chdir({str(tmp_path)!r}); from opendome import cli; cli.main({args!r}); "
              f"print('loaded', sorted({SLOW_MODULES!r} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "loaded []"


def test_names_are_public_and_lazy():
    fixed = {"load", "run", "Results", "Scenario", "problems", "InputError"}
    assert fixed <= set(opendome.__all__) <= set(dir(opendome))
    for name in opendome.__all__:
        assert getattr(opendome, name) is not None
    assert opendome.fly.free_flight
    with pytest.raises(AttributeError, match="no attribute 'flie'"):
        opendome.flie  # noqa: B018 - asked for its error


def test_run_prints_the_first_screen_and_says_what_is_next(tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.main(["run", str(PATH), "--runs", "2", "--out", str(out)]) == 0
    said, talk = capsys.readouterr()
    assert said.splitlines()[0] == "Tiny"
    assert re.match(r"leak_through  [\d.]+ ± [\d.]+ \(2 runs, seed 1, full\)", said.splitlines()[1])
    assert talk.splitlines()[-1] == f"results are in {out}; next: opendome report {out}"


def test_run_gives_the_same_as_data(folder, capsys):
    found = json.loads(_said(capsys, "run", PATH, "--runs", 3, "--seed", 5, "--jobs", 1, "--json", "--quiet"))
    assert found == json.loads(json.dumps(Results.open(folder).summary()))
    assert found == json.loads(json.dumps(opendome.run(opendome.load(PATH), runs=3, seed=5).summary()))


def test_quiet_says_nothing_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", str(PATH), "--runs", "1", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Tiny\n")
    assert err == ""
    assert list(tmp_path.iterdir()) == []


def test_set_and_raid_change_what_is_run(tmp_path, capsys):
    copy = tmp_path / "two.toml"
    second = TEXT[TEXT.index("[raids.night]"):].replace("[raids.night]", "[raids.second]")
    copy.write_text(f"{TEXT}\n{second}")
    out = tmp_path / "out"
    _said(capsys, "run", copy, "--runs", 1, "--raid", "second", "--set", "layers.lower.salvo=2", "--set", "title=Other",
          "--set", "areas.city.radius_km=9", "--set", "layers.lower.sites.battery.stock={ value = 3, high = 4 }",
          "--out", out)
    ran = reader.load(out / "scenario.toml")
    assert (list(ran.raids), ran.layers["lower"].salvo, ran.title) == (["second"], 2, "Other")
    assert ran.areas["city"].radius_km == 9
    assert ran.layers["lower"].sites["battery"].stock.high == 4


def test_sweep_prints_the_table_and_a_matrix_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    grid = ["--over", "layer.salvo=1:3:2", "--over", "waves.count=1,2"]
    assert cli.main(["sweep", str(PATH), *grid, "--runs", "2"]) == 0
    said, told = capsys.readouterr()
    lines = said.splitlines()
    assert lines[:2] == ["Tiny", "4 points of 2 runs, seed 1; the same random numbers at every point"]
    assert lines[3].split() == ["layer.salvo", "waves.count", "figure", "value", "90", "%", "of", "runs"]
    assert [line.split()[:3] for line in lines[4:8]] == [[a, b, "leak_through"] for a in "13" for b in "12"]
    assert lines[9:12] == ["leak_through (share)", "waves.count  layer.salvo =", lines[11]]
    assert told.splitlines()[-1] == "nothing was kept; add --out DIR to keep the table and to draw it"
    assert list(tmp_path.iterdir()) == []


def test_footprint_prints_the_area_and_keeps_map_and_geojson(tmp_path, capsys):
    out = tmp_path / "fp"
    asked = ["footprint", PATH, "--layer", "lower", "--threat", "srbm", "--from", "hill", "--size-km", 100,
             "--grid", 10]
    said = _said(capsys, *asked, "--out", out)
    assert said.splitlines()[0] == "lower against srbm from hill"
    assert re.search(r"^shots, at least  area, km2", said, re.MULTILINE)
    drawn = (out / "footprint.svg").read_text(encoding="utf-8")
    assert drawn.startswith("<svg ")
    assert "battery" in drawn
    found = json.loads((out / "footprint.geojson").read_text(encoding="utf-8"))
    data = json.loads(_said(capsys, *asked, "--json", "--quiet"))
    shapes = [f["properties"] for f in found["features"] if f["properties"]["kind"] == "footprint"]
    assert [round(s["area_km2"], 1) for s in shapes] == [row["area_km2"] for row in data["footprints"]]
    twin = opendome.footprint(PATH, layer="lower", threat="srbm", origins=["hill"], size_km=100.0, grid=10)
    assert twin.summary() == data
    turned = _said(capsys, *asked[:6], "--bearing", 330, "--distance-km", 400, "--size-km", 100, "--grid", 4)
    assert turned.splitlines()[0] == "lower against srbm from 330 deg"


@pytest.mark.parametrize(("options", "message"), [
    (["--layer", "lowr", "--threat", "srbm"], "layer = 'lowr'\n  is no layer of this scenario\nhint: did you mean lo"),
    (["--layer", "lower", "--threat", "srbm", "--bearing", "0"], "--bearing\n  stands instead of --from"),
    (["--layer", "lower", "--threat", "srbm", "--distance-km", "9"], "--distance-km\n  goes with --bearing"),
    (["--layer", "lower", "--threat", "icbm-solid", "--from", "hill"], "icbm-solid cannot fly from hill to the"),
    (["--layer", "lower", "--threat", "srbm", "--out", str(PATH)], "is a file\nhint: name a folder")])
def test_footprint_says_what_would_be_right(capsys, options, message):
    assert cli.main(["footprint", str(PATH), "--grid", "2", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_windows_prints_a_row_for_each_kind_and_draws(tmp_path, capsys):
    out = tmp_path / "windows.svg"
    said = _said(capsys, "windows", PATH, "--out", out)
    assert re.search(r"^srbm +ground radar +eye ", said, re.MULTILINE)
    data = json.loads(_said(capsys, "windows", PATH, "--json", "--quiet"))
    assert len(data) == len(said.splitlines()) - 1
    assert out.read_text(encoding="utf-8").startswith("<svg ")
    assert cli.main(["windows", str(PATH), "--out", str(tmp_path / "x.png")]) == 2
    assert "must be a file that ends in .svg" in capsys.readouterr().err


def test_sweep_as_data_is_the_table_that_it_keeps(tmp_path, capsys):
    out = tmp_path / "out"
    found = json.loads(_said(capsys, "sweep", PATH, "--over", "layer.doctrine=salvo,shoot-look-shoot", "--runs", 3,
                             "--seed", 4, "--jobs", 1, "--figure", "shots", "--figure", "leak_through", "--by", "type",
                             "--set", "waves.count=2", "--out", out, "--json"))
    assert (found["seed"], found["runs"], found["figures"], found["by"]) == (4, 3, ["shots", "leak_through"], ["type"])
    twin = opendome.sweep(PATH, over={"layer.doctrine": ["salvo", "shoot-look-shoot"]}, runs=3, seed=4, by="type",
                          figures=["shots", "leak_through"], changes={"waves.count": 2})
    assert found["rows"] == twin.table.to_dict(orient="records")
    assert sorted(path.name for path in out.iterdir()) == [
        "leak_through.svg", "manifest.json", "scenario.toml", "shots.svg", "sweep.csv", "sweep.html", "sweep.parquet"]
    assert reader.load(out / "scenario.toml").raids["night"].waves[0].count == 2


@pytest.mark.parametrize(("args", "words"), [
    (["--over", "layer.salvo"], "--over 'layer.salvo'\n  must be NAME=VALUE"),
    (["--over", "layer.salvo=1", "--over", "layer.salvo=2"], "layer.salvo stands there twice\n"
                                                             "hint: --over 'layer.salvo=1,2'"),
    (["--over", "layer.salvo=1:5:-1"], "--over layer.salvo=1:5:-1\n  '1:5:-1' leads away from its end"),
    (["--over", "layer.salvo=0,1"], "1 of 2 points cannot be run\nat layer.salvo = 0\n  layers.lower.salvo = 0\n"
                                    "    must be at least 1"),
    (["--over", "layer.salvo=1", "--figure", "leaks"], "figure 'leaks': there is no such figure"),
    (["--over", "layer.salvo=1", "--out", "."], "holds files that are not those of a sweep"),
    ([], "Missing option '--over'"),
])
def test_sweep_says_what_is_wrong(tmp_path, monkeypatch, capsys, args, words):
    monkeypatch.chdir(tmp_path)
    Path("mine.txt").write_text("precious")
    assert cli.main(["sweep", str(PATH), "--runs", "1", *args]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert (out, [path.name for path in tmp_path.iterdir()]) == ("", ["mine.txt"])


def test_sweep_interrupted_between_points(tmp_path, monkeypatch, capsys):
    def progress(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(talk, "_lines", lambda what: progress)
    assert cli.main(["sweep", str(PATH), "--over", "layer.salvo=1:5:1", "--runs", "1", "--out",
                     str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err.endswith("interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


def test_variants_are_shown_checked_run_and_swept(tmp_path, capsys):
    mine = tmp_path / "mine.toml"
    mine.write_text(TEXT + '[variants.many]\nnote = "Three of each"\n"waves.count" = 3\n')
    assert _said(capsys, "check", mine).endswith("1 site, 1 variant\n")
    assert "6 threats" in _said(capsys, "check", f"{mine}:many")
    assert f"{mine}:many  Three of each" in _said(capsys, "show", mine)
    assert json.loads(_said(capsys, "show", mine, "--json"))["variants"] == {"many": "Three of each"}
    assert "3 srbm, 3 one-way-drone" in _said(capsys, "show", f"{mine}:many")
    out = tmp_path / "out"
    assert _said(capsys, "run", f"{mine}:many", "--runs", 1, "--out", out, "--quiet").startswith("Tiny (many)\n")
    assert reader.load(out / "scenario.toml") == opendome.load(f"{mine}:many")
    assert "variants" not in (out / "scenario.toml").read_text()
    _said(capsys, "run", mine, "--runs", 1, "--out", out, "--quiet")
    assert "variants" not in (out / "scenario.toml").read_text()
    assert "\n6" not in _said(capsys, "sweep", f"{mine}:many", "--over", "layer.salvo=1", "--figure", "launched",
                              "--runs", 1, "--quiet")
    for command in (["check"], ["run"], ["show"], ["sweep", "--over", "layer.salvo=1"]):
        assert cli.main([command[0], f"{mine}:mani", *command[1:]]) == 2
        assert "did you mean many?" in "".join(capsys.readouterr())


def test_check_counts_what_is_sound(capsys):
    assert _said(capsys, "check", PATH) == f"{PATH}: ok, 1 raid, 2 threats, 1 area, 1 sensor, 1 layer, 1 site\n"
    assert _said(capsys, "check", "gulf-2026").startswith("gulf-2026: ok, 11 raids, 1,745 threats")
    assert cli.main(["check", "gulf-2026"]) == 0
    said, talk = capsys.readouterr()
    assert "1 constellation" in said
    assert "leap seconds: TAI - UTC = " in talk
    assert json.loads(_said(capsys, "check", PATH, "--json")) == []


def test_show_an_entry_with_range_unit_grade_and_source(capsys):
    text = _said(capsys, "show", "thaad")
    assert "range_max_km       200 (150 to 200) kilometres  [think-tank: crs2024]" in text
    assert "burnout_speed_m_s  2700 (2300 to 3100) metres per second  [assumed]" in text
    assert "\nreferences\n" in text
    assert re.search(r"^crs2024\n    .*Congressional Research Service", text, re.MULTILINE)
    data = json.loads(_said(capsys, "show", "thaad", "--json"))
    assert {row["field"]: row["high"] for row in data["rows"]}["range_max_km"] == 200
    assert data["references"]["crs2024"]["year"]


def test_show_a_scenario_in_outline(capsys):
    text = _said(capsys, "show", "gulf-2026")
    assert "night-1  2026-02-28 18:00  69 srbm, 68 mrbm, 209 one-way-drone" in text
    assert json.loads(_said(capsys, "show", PATH, "--json"))["raids"]["night"]["threats"] == {"srbm": 1,
                                                                                             "one-way-drone": 1}


def test_show_an_unknown_name(capsys):
    assert cli.main(["show", "tahad"]) == 2
    assert capsys.readouterr().err == ("tahad: neither an entry of the catalogue nor a pack or a scenario\n"
                                       "hint: did you mean thaad?\n")


@pytest.mark.parametrize(("kind", "name"), [("threats", "srbm"), ("sensors", "tpy-2"), ("interceptors", "thaad"),
                                            ("scenarios", "gulf-2026"), ("figures", "leak_through"),
                                            ("sources", "crs2024")])
def test_list(capsys, kind, name):
    assert name in _said(capsys, "list", kind).splitlines()
    rows = json.loads(_said(capsys, "list", kind, "--json"))
    assert name in [row["name"] for row in rows]
    assert all(len(row) > 1 for row in rows)


def test_list_of_something_else(capsys):
    assert cli.main(["list", "tanks"]) == 2
    assert "must be one of: threats, sensors" in capsys.readouterr().err


def test_schema_covers_every_table(capsys):
    schema = json.loads(_said(capsys, "schema"))
    assert set(schema["properties"]) == set(tomllib.loads(TEXT)) | {"note", "assumptions", "step_s", "observations",
                                                                    "catalogue", "constellations", "variants",
                                                                    "stockpile", "campaigns", "cost"}
    assert schema["additionalProperties"] is False


def test_copy_writes_a_new_file_only(tmp_path, capsys):
    mine = tmp_path / "mine.toml"
    assert cli.main(["copy", "gulf-2026", str(mine)]) == 0
    assert f"opendome check {mine}" in capsys.readouterr().err
    assert reader.load(mine) == reader.load("gulf-2026")
    mine.write_text("precious")
    assert cli.main(["copy", "gulf-2026", str(mine)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert mine.read_text() == "precious"


def test_report_beside_the_results_or_elsewhere(folder, tmp_path, capsys):
    assert _said(capsys, "report", folder) == f"{folder / 'report.html'}\n"
    other = tmp_path / "other.html"
    assert _said(capsys, "report", folder, "--out", other) == f"{other}\n"
    assert other.read_bytes() == (folder / "report.html").read_bytes()
    assert cli.main(["report", str(tmp_path / "nothing")]) == 2
    assert "no such folder" in capsys.readouterr().err


LOG = """time_start,time_end,model,launched,destroyed
2031-03-01 19:00,2031-03-02 06:30,Shahed-136/131,40,31
2031-03-02 02:10,2031-03-02 03:00,X-101/X-555,6,5
2031-03-02 03:00,,Strange Thing,2,0
2031-03-03 20:00,2031-03-04 05:00,Shahed-136/131,~12,9
"""


def test_raids_import_lists_every_row_it_did_not_use(tmp_path, capsys):
    log = tmp_path / "log.csv"
    log.write_text(LOG)
    text = _said(capsys, "raids", "import", log)
    assert text.startswith("log.csv: 4 rows read, 2 used, 2 not used\n")
    assert 'row 4: "Strange Thing" is in no class' in text
    assert 'row 5: launched = "~12"' in text
    data = json.loads(_said(capsys, "raids", "import", log, "--types", "Strange Thing=drone", "--json"))
    assert (data["rows_used"], [remark["row"] for remark in data["unused"]]) == (3, [5])


def test_raids_imported_stand_in_a_scenario(tmp_path, capsys):
    log, part, whole = (tmp_path / name for name in ("log.csv", "part.toml", "whole.toml"))
    log.write_text(LOG)
    args = ["raids", "import", log, "--out", part, "--threat", "drone=one-way-drone",
            "--threat", "cruise=cruise-missile", "--from", "coast=2", "--from", "hill", "--at", "city=1"]
    _said(capsys, *args)
    whole.write_text(TEXT[:TEXT.index("[raids.night]")] + part.read_text())
    assert _said(capsys, "check", whole).startswith(f"{whole}: ok, 1 raid, 46 threats")
    assert cli.main([str(a) for a in args]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(("args", "words"), [
    (["--threat", "drone=one-way-drone"], "add --out FILE.toml"),
    (["--out", "part.toml"], "also need --threat CLASS=NAME, --from PLACE=WEIGHT, --at AREA=WEIGHT"),
    (["--out", "part.toml", "--threat", "drone=x", "--from", "coast=0", "--at", "city"], "--from 'coast=0'"),
    (["--out", "part.toml", "--threat", "drone=x", "--from", "coast=1", "--at", "city"], "nothing for cruise"),
    (["--columns", "launched=shot"], "no column 'shot' for launched"),
    (["--zone", "Mars"], "is not in the time zone database"),
])
def test_raids_import_says_what_it_needs(tmp_path, monkeypatch, capsys, args, words):
    monkeypatch.chdir(tmp_path)
    Path("log.csv").write_text(LOG)
    assert cli.main(["raids", "import", "log.csv", *args]) == 2
    assert words in capsys.readouterr().err
    assert not Path("part.toml").exists()


def test_an_unexpected_error_is_one_plain_line(monkeypatch, capsys):
    def broken() -> list[str]:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr(reader, "shipped_names", broken)
    assert cli.main(["list", "scenarios"]) == 1
    assert capsys.readouterr().err == ("opendome stopped on a mistake of its own (RuntimeError: first): please report "
                                       "it; OPENDOME_DEBUG=1 shows where\n")
    monkeypatch.setenv("OPENDOME_DEBUG", "1")
    assert cli.main(["list", "scenarios"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code", "words"), [
    (KeyboardInterrupt(), 130, "interrupted; nothing was written"),
    (opendome.OpenDomeError("198 of 200 runs completed"), 1, "198 of 200 runs completed"),
    (opendome.InputError("runs = 0"), 2, "runs = 0"),
    (MemoryError(), 1, "not enough memory"),
    (PermissionError(13, "Permission denied", "/there"), 2, "/there: Permission denied"),
    (talk.PipeClosedError(), 141, ""),
])
def test_exit_codes(monkeypatch, capsys, error, code, words):
    def fail() -> list[str]:
        raise error

    monkeypatch.setattr(reader, "shipped_names", fail)
    assert cli.main(["list", "scenarios"]) == code
    err = capsys.readouterr().err
    assert words in err
    assert "Traceback" not in err


def test_a_reader_that_has_gone_is_no_error():
    """`opendome list sources | head -1`: the pipe closes while there is still something to write."""
    read, write = os.pipe()
    os.close(read)
    with subprocess.Popen([sys.executable, "-m", "opendome", "list", "sources"], stdout=write,
                          stderr=subprocess.PIPE) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_a_terminal_without_plus_minus_shows_a_question_mark(folder):
    done = _process("run", PATH, "--runs", 2, "--quiet", PYTHONIOENCODING="ascii", OPENDOME_COMPILE="0")
    assert done.returncode == 0, done.stderr
    assert "? " in done.stdout.splitlines()[1]


def test_generated_pages_are_current(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    import make_formats

    for path, make in make_formats.PAGES.items():
        assert (ROOT / path).read_text(encoding="utf-8") == make(), f"{path}: run python docs/make_formats.py"


def test_shipped_scenarios_name_the_schema():
    for name in reader.shipped_names():
        assert reader.find(name).read_text(encoding="utf-8").startswith("#:schema ./opendome.schema.json\n")
