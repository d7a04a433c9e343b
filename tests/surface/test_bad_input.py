"""Bad scenarios: exit code 2, every problem in one list, no traceback, nothing written."""

import os
import time

import pytest

from opendome import cli
from opendome.scenario import reader
from opendome.study.checking import problems_of
from tiny_file import TEXT, broken

CITY = "city = { lat_deg = 24.45, lon_deg = 54.40, radius_km = 25 }"
EYE = 'type = "patriot-radar", lat_deg = 24.42, lon_deg = 54.52'
OBSERVATION = """
[[observations]]
raids = ["nite"]
threat_class = "balistic"
launched = 3
destroyed = 4
used_for = "test"
source = "nowhere"
"""


@pytest.mark.parametrize(("changes", "expected"), [
    # wrong types
    ([('title = "Tiny"', "title = 3")], ["title = 3\n  must be text in quotes"]),
    ([("runs = 4", 'runs = "4"')], ['runs = "4"\n  must be a whole number']),
    ([("runs = 4", "runs = 4.0")], ["runs = 4.0\n  must be a whole number"]),
    ([("runs = 4", "runs = true")], ["runs = true\n  must be a whole number"]),
    ([("radius_km = 25", 'radius_km = "25"')], ['areas.city.radius_km = "25"\n  must be a number']),
    ([("radius_km = 25", "radius_km = nan")], ["areas.city.radius_km = nan\n  must be a finite number"]),
    ([(CITY, "city = 4")], ["areas.city = 4\n  must be a table"]),
    ([("start = 2026-03-01T00:00:00Z", "start = 2026-03-01T00:00:00")], ["must say its time zone"]),
    ([("start = 2026-03-01T00:00:00Z", "start = 5")], ["raids.night.start = 5\n  must be a date with a time of day"]),
    ([("stock = 8", 'stock = "8"')], ['sites.battery.stock = "8"\n  must be a number, or a table such as']),
    ([("stock = 8", "stock = { value = 8, low = 9 }")], ["low <= value <= high must hold, found 9 <= 8 <= 8"]),
    ([("hill = 1", 'hill = "1"')], ['raids.night.waves[0].from.hill = "1"\n  must be a number']),
    # unknown keys, forgotten or other units
    ([("price_year", "prise_year")], ["price_year\n  is required", "prise_year = 2026\n  unknown key\n"
                                      "  hint: did you mean price_year?"]),
    ([("radius_km", "radius")], ["areas.city.radius = 25\n  unknown key\n"
                                 "  hint: units are part of the name: did you mean radius_km?"]),
    ([("spread_min", "spread_h")], ["raids.night.waves[1].spread_h = 5\n  unknown key\n"
                                    "  hint: this value is read in minutes: did you mean spread_min?"]),
    # impossible physics
    ([('"srbm"', '"icbm-solid"')], ["raids.night.waves[0] = hill to city", "is 601 km from the launch point",
                                    "must be 5500 to", "601 km is flown by srbm"]),
    ([("25.9, lon_deg = 54.3", "-60, lon_deg = 54.3")], ["raids.night.waves[1] = coast to city", "must be at most"]),
    ([(EYE, EYE + ", alt_m = -3000")], ["sensors.eye.alt_m = -3000\n  must be at least -450 (height of the ground"]),
    ([("stock = 8", "stock = -8")], ["layers.lower.sites.battery.stock = -8\n  must be at least 0"]),
    ([("stock = 8", "stock = { value = 8, low = -1, high = 9 }")], ["must be at least 0, found -1"]),
    ([("25.9, lon_deg = 54.3", "24.45, lon_deg = 54.4")],
     ["raids.night.waves[1] = coast to city\n  one-way-drone: the aim point (24.450, 54.400) is at the launch point"]),
    ([("lat_deg = 29.6", "lat_deg = 96")], ["places.hill.lat_deg = 96\n  must be at most 90"]),
    ([("count = 1", "count = 0")], ["raids.night.waves[0].count = 0\n  must be at least 1"]),
    ([("hill = 1", "hill = -1")], ["raids.night.waves[0].from.hill = -1\n  must be above 0"]),
    ([("lat_deg = 24.42, lon_deg = 54.52, ", "")], ["sensors.eye\n  a radar needs lat_deg and lon_deg"]),
    # names
    ([("hill = 1", "hil = 1")], ["raids.night.waves[0].from = 'hil'\n  must name a place of this scenario\n"
                                 "  hint: did you mean hill?"]),
    ([("city = 1", "town = 1")], ["raids.night.waves[0].at = 'town'\n  must name an area of this scenario"]),
    ([('radar = "eye"', 'radar = "eya"')], ["sites.battery.radar = 'eya'\n  must name a sensor of this scenario"]),
    ([('"srbm"', '"srmb"')], ["raids.night.waves[0].threat = 'srmb'\n  must name a threat of the catalogue\n"
                              "  hint: did you mean srbm"]),
    ([("patriot-radar", "patriot-rader")], ["sensors.eye.type = 'patriot-rader'\n"
                                            "  must name a sensor of the catalogue"]),
    ([("patriot-pac3-mse", "patriot-pac3")], ["layers.lower.interceptor = 'patriot-pac3'\n"
                                              "  must name an interceptor of the catalogue"]),
    ([("sites.battery", "sites.eye")], ["eye\n  stands for two things"]),
    ([(CITY, f"{CITY}\n{CITY}")], ["file\n  is not valid TOML: Cannot overwrite a value (at line 14"]),
    ([("[areas]", "[places]")], ["file\n  is not valid TOML: Cannot declare ('places',) twice"]),
    # changes to the catalogue
    ([("[places]", "[catalogue.threats.srbm]\nrange_max_km = -4\n[places]")],
     ["catalogue.threats.srbm.range_max_km = -4\n  must be above 0"]),
    ([("[places]", "[catalogue.threats.srmb]\nburn_s = 4\n[places]")],
     ["catalogue.threats.srmb", "is not in the catalogue", "did you mean srbm"]),
    ([("[places]", "[catalogue.threat.srbm]\nburn_s = 4\n[places]")], ["catalogue.threat\n  unknown key"]),
])
def test_each_problem_is_named(changes, expected):
    found = "\n".join(map(str, problems_of(broken(*changes))))
    for words in expected:
        assert words in found


def test_the_unbroken_one_has_no_problems():
    assert problems_of(TEXT) == []


MANY = [
    ('title = "Tiny"', 'titel = "Tiny"'), ("runs = 4", "runs = 0"), ("radius_km = 25", "radius = 25"),
    ("stock = 8", "stock = -8"), ("patriot-radar", "patriot-rader"), ('radar = "eye"', 'radar = "eya"'),
    ('{ threat = "srbm", count = 1', '{ threat = "srbm", count = 1.5'), ('"one-way-drone"', '"one-way-dron"'),
]


def test_all_problems_come_at_once(tmp_path, capsys):
    file = tmp_path / "bad.toml"
    file.write_text(broken(*MANY) + OBSERVATION + "[catalogue.sensors.eye]\nkind = 'radr'\n")
    assert cli.main(["check", str(file)]) == 2
    out, err = capsys.readouterr()
    starts = [line.removeprefix(f"{file}: ") for line in out.splitlines() if not line.startswith(" ")]
    assert starts == [
        "title", "runs = 0", "areas.city.radius_km", "areas.city.radius = 25", "layers.lower.sites.battery.stock = -8",
        "raids.night.waves[0].count = 1.5", 'observations[0].threat_class = "balistic"', 'titel = "Tiny"',
        'catalogue.sensors.eye.kind = "radr"', "raids.night.waves[1].threat = 'one-way-dron'",
        "sensors.eye.type = 'patriot-rader'", "11 problems",
    ]
    assert err == ""


def test_a_broken_wave_leaves_the_numbers_of_the_others():
    found = problems_of(broken(("count = 1", "count = 0"), ("coast = 1", "cost = 1")))
    assert [p.where for p in found] == ["raids.night.waves[0].count", "raids.night.waves[1].from"]


def test_problems_of_a_part_do_not_hide_those_of_the_rest():
    """Nothing of `areas` can be read, yet the catalogue's names are looked up."""
    found = problems_of(broken((CITY, "city = 4"), ("patriot-radar", "patriot-rader")))
    assert [p.where for p in found] == ["areas.city", "sensors.eye.type"]


def test_a_layer_whose_only_site_is_broken_still_has_its_interceptor_looked_up():
    found = problems_of(broken(("stock = 8", "stock = -8"), ("patriot-pac3-mse", "patriot-pac3-mes")))
    assert [p.where for p in found] == ["layers.lower.sites.battery.stock", "layers.lower.interceptor"]


@pytest.mark.parametrize("command", ["check", "run", "show"])
@pytest.mark.parametrize(("content", "words"), [
    (b"\xff\xfe\x00", "is not UTF-8 text"),
    (TEXT.encode() + b"# caf\xe9\n", "line 28\n  is not UTF-8 text\n  hint: save the file as UTF-8"),
    (TEXT.encode()[:190], "the file may be cut off"),
    (b"format = [", "the file may be cut off"),
    (b"", "is required"),
    (b"\x00" * 50, "is not valid TOML"),
    (b"PK\x03\x04\x14", "is not valid TOML"),
    (b"a = " + b"[" * 100_000, "nested too deeply"),
])
def test_files_that_are_no_scenario(tmp_path, monkeypatch, capsys, command, content, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_bytes(content)
    out = ["--out", "out"] if command == "run" else []
    assert cli.main([command, "bad.toml", *out]) == 2
    said = "".join(capsys.readouterr())
    assert words in said
    assert said.startswith("bad.toml: ")
    assert "Traceback" not in said
    assert [p.name for p in tmp_path.iterdir()] == ["bad.toml"]


def test_a_huge_file_is_refused_fast(tmp_path, capsys):
    file = tmp_path / "huge.toml"
    with file.open("wb") as stream:
        os.truncate(stream.fileno(), 100_000_000)
    before = time.perf_counter()
    assert cli.main(["check", str(file)]) == 2
    assert time.perf_counter() - before < 5.0  # it takes a millisecond; reading 100 MB as TOML takes minutes
    assert capsys.readouterr().err.startswith(f"{file}: file = 100 MB\n  must be below 5 MB")


def test_a_folder_and_a_file_that_is_not_there(tmp_path, capsys):
    assert cli.main(["check", str(tmp_path)]) == 2
    assert "is a folder, not a scenario file" in capsys.readouterr().err
    assert cli.main(["run", "gulf-2062"]) == 2
    assert capsys.readouterr().err == ("gulf-2062: no such file, and no shipped scenario of that name\n"
                                       "hint: did you mean gulf-2026?\n")


@pytest.mark.parametrize(("args", "words"), [
    (["--runs", "0"], "runs = 0\n  must be a whole number from 1 to"),
    (["--runs", "many"], "--runs"),
    (["--seed", "-1"], "seed = -1\n  must be a whole number from 0 to"),
    (["--jobs", "0"], "jobs = 0"),
    (["--fidelity", "best"], "fidelity = 'best'\n  must be one of: full"),
    (["--raid", "nite"], "tiny.toml: raids = 'nite'\n  is not a raid of this scenario\n  hint: did you mean night?"),
    (["--set", "layers.lower.salvo"], "--set 'layers.lower.salvo'\n  must be NAME=VALUE"),
    (["--set", "layers.lowr.salvo=2"], "tiny.toml: layers.lowr.salvo = 2\n  there is no 'lowr' in the scenario"),
    (["--set", "layers.lower.salvo=two"], 'tiny.toml: layers.lower.salvo = "two"\n  must be a whole number'),
    (["--set", "layers.lower.salvos=2"], "tiny.toml: layers.lower.salvos = 2\n  unknown key"),
    (["--set", "runs=1\nseed=2"], 'runs = "1\\nseed=2"\n  must be a whole number'),
    (["--set", "raids.night.waves.0.threat=icbm-solid"], "raids.night.waves[0] = hill to city"),
    (["--set", "catalogue.interceptors.thad.cost_musd=1"], "did you mean thaad?"),
    (["--out", "here"], "holds files that are not results"),
    (["--nonsense"], "No such option: --nonsense"),
])
def test_wrong_options_of_run(tmp_path, monkeypatch, capsys, args, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.toml").write_text(TEXT)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "mine.txt").write_text("mine")
    assert cli.main(["run", "tiny.toml", *(["--out", "out"] if "--out" not in args else []), *args]) == 2
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""
    assert "Traceback" not in err
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["here", "mine.txt", "tiny.toml"]


def test_run_lists_every_problem_like_check(tmp_path, capsys):
    file = tmp_path / "bad.toml"
    file.write_text(broken(*MANY))
    assert cli.main(["run", str(file)]) == 2
    said = capsys.readouterr().err
    assert cli.main(["check", str(file)]) == 2
    assert said == capsys.readouterr().out


def test_catalogue_changes_are_made_where_the_file_has_none():
    scenario = reader.parse(TEXT, changes={"catalogue.interceptors.patriot-pac3-mse.cost_musd": 4})
    assert scenario.catalogue == {"interceptors": {"patriot-pac3-mse": {"cost_musd": 4}}}
