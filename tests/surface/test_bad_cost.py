"""Bad programmes: each problem with its row, what would be right, and every one in one list."""

import pytest

from opendome import cli
from opendome.errors import ScenarioError
from opendome.scenario import reader
from opendome.study import checking
from opendome.study.checking import problems_of, problems_of_all
from programme_file import COST, TEXT, broken

START = 'start = "2026-01"'
ROUNDS = '[cost.elements.rounds]\ncounts = ["layers.lower"]'
BOOSTERS = 'counts = ["constellations.shell"]'
FIRST = "first_unit_musd = 50\nlearning = 0.85"
OTHER = """[cost.elements.other]
counts = ["layers.lower"]
unit_musd = 4

[cost.elements.centre]"""


@pytest.fixture(autouse=True)
def no_flights(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scenario's flights are not solved again for every mistake: they are as they were."""
    monkeypatch.setattr(checking, "flight_problems", lambda scenario, catalogue: [])


CASES = [
    # form
    ([(COST, "\n[cost]\nstart = '2026-01'\n")], ["cost.elements\n  is required (what is paid for, by name)"]),
    ([(COST, "\n[cost]\nstart = '2026-01'\nelements = {}\n")], ["cost.elements = {}\n  has too few entries: 0"]),
    ([(COST, "\n[cost]\n[cost.elements.x]\nn_units = 1\nunit_musd = 1\n")],
     ["cost.start\n  is required (first month that is paid for)"]),
    ([(COST, ""), ('title = "Tiny"', 'title = "Tiny"\ncost = 3')], ["cost = 3\n  must be a table"]),
    ([(START, 'start = "2026-1"')], ['cost.start = "2026-1"\n  must be a month in quotes, for example "2026-02"']),
    ([("years = 10", "years = 10.5")], ["cost.years = 10.5\n  must be a whole number"]),
    ([("years = 10", "years = 1000")], ["cost.years = 1000\n  must be at most 100"]),
    ([("life_years = 5", "lifetime_years = 5")],
     ["boosters.lifetime_years = 5\n  unknown key\n  hint: did you mean life_years"]),
    ([("payload_kg", "payload_t")], ["heavy.payload_t = 10000\n  unknown key", "did you mean payload_kg?"]),
    ([("n_units = 1", "n_units = 1\ncounts = ['layers.lower']")],
     ["cost.elements.centre = {...}\n  needs either counts, what of the scenario it counts, or n_units"]),
    ([(FIRST, "")], ["boosters = {...}\n  needs either unit_musd, or first_unit_musd with learning"]),
    ([(FIRST, "first_unit_musd = 50")], ["boosters = {...}\n  first_unit_musd and learning belong together"]),
    ([("payload_kg = 10000", "")], ["cost.launchers.heavy = {...}\n  vehicle_musd needs payload_kg"]),
    ([("payload_kg = 10000", "payload_kg = 10000\nprice_usd_per_kg = 1")],
     ["heavy = {...}\n  needs either price_usd_per_kg, or vehicle_musd and payload_kg"]),
    # price years
    ([("years = 10", "years = 10\nprice_year = 2024")],
     ["cost.price_year = 2024\n  must be the scenario's price_year = 2026\n  hint: leave it out, and give each element "
      "or launcher in other dollars its own price_year, which is converted"]),
    ([('layer = "boost"', "price_year = 1910")],
     ["cost.elements.boosters.price_year = 1910\n  must be a year of the price index, 1929 to "]),
    ([("vehicle_musd", "price_year = 2150\nvehicle_musd")],
     ["cost.launchers.heavy.price_year = 2150\n  must be a year of the price index, 1929 to ", "hint: state the"]),
    ([("price_year = 2026", "price_year = 2090")], ["price_year = 2090\n  must be a year of the price index"]),
    # numbers
    ([("life_years = 5", "life_years = -5")],
     ["boosters.life_years = -5\n  must be above 0 (time after which a unit is replaced"]),
    ([("life_years = 5", "life_years = 0")], ["boosters.life_years = 0\n  must be above 0"]),
    ([("life_years = 5", "life_years = { value = 5, low = -1 }")], ["life_years = {...}\n  must be above 0, found -1"]),
    ([("life_years = 5", "life_years = 0.01")],
     ["life_years = 0.01\n  must be at least 0.1 years, over its range too\n  hint: what is used up sooner"]),
    ([("learning = 0.85", "learning = 1.05")],
     ["boosters.learning = 1.05\n  must be a share from 0.5 to 1 (what is left of the price each time that twice as "
      "many have been built)\n  hint: 1 is no learning; 0.85 leaves 85 % each time that the number doubles"]),
    ([("learning = 0.85", "learning = 85")], ["learning = 85\n  must be a share from 0.5 to 1", "hint: write 0.85"]),
    ([("learning = 0.85", 'learning = "85 %"')], ['learning = "85 %"\n  must be a share', "hint: write 0.85"]),
    ([("learning = 0.85", 'learning = "0.85"')], ['learning = "0.85"\n  must be a share', "hint: write 0.85"]),
    ([("learning = 0.85", "learning = 0.15")],
     ["learning = 0.15\n  must be a share", "hint: write 0.85 if 15 % are saved each time that the number doubles"]),
    ([("learning = 0.85", "learning = { value = 0.85, high = 95 }")], ["learning = {...}\n  must", "write 0.95"]),
    ([("payload_kg", "learning = 2\npayload_kg")], ["cost.launchers.heavy.learning = 2\n  must be a share from 0.5"]),
    ([("unit_musd = 4", "unit_musd = -4")], ["cost.elements.rounds.unit_musd = -4\n  must be at least 0"]),
    ([("unit_musd = 4", 'unit_musd = "4"')],
     ['rounds.unit_musd = "4"\n  must be a number, or a table such as { value = 5, low = 4, high = 6 }']),
    ([("unit_musd = 4", "unit_musd = inf")], ["rounds.unit_musd = inf\n  must be a finite number"]),
    ([("unit_musd = 4", "unit_musd = nan")], ["rounds.unit_musd = nan\n  must be a finite number"]),
    ([("unit_musd = 4", "unit_musd = 4_000_000_000")],
     ["rounds.unit_musd = 4e+09\n  must be at most 100,000,000\n  hint: money is in millions of dollars"]),
    ([("unit_musd = 4", "unit_musd = { value = 4, low = 5 }")], ["unit_musd = {...}\n  low <= value <= high must"]),
    ([("operations_musd_per_year = 10", "operations_musd_per_year = 1e12")],
     ["centre.operations_musd_per_year = 1e+12\n  must be at most 100,000,000"]),
    ([("n_units = 1", "n_units = 1e30")], ["centre.n_units = 1e+30\n  must be at most 10,000,000"]),
    ([("years = 10", "years = 10\ndiscount_rate = 3")], ["cost.discount_rate = 3\n  must be at most 0.5"]),
    ([("years = 10", "years = 10\ncorrelation = -0.2")], ["cost.correlation = -0.2\n  must be at least 0"]),
    ([("unit_musd = 4", "unit_musd = 4\nbuilt_before = 20")],
     ["rounds.built_before = 20\n  has no effect: unit_musd is the price of every unit\n  hint: give first_unit_musd"]),
    ([("unit_musd = 4", "unit_musd = 4\nlearning_restarts = true")], ["learning_restarts = True\n  has no effect"]),
    # dates
    ([('first_delivery = "2027-07"', 'first_delivery = "2026-05"')],
     ["boosters = {...}\n  delivers before it orders: first_delivery = 2026-05 must not be before orders_from = 2026"]),
    ([('last_delivery = "2029-07"', 'last_delivery = "2027-01"')],
     ["last_delivery = 2027-01 must not be before first_delivery = 2027-07"]),
    ([("low = 0, high = 12 }", "low = -13, high = 12 }")],
     ["boosters.delay_months = -13\n  can move the first delivery, of 2027-07, before orders_from = 2026-07\n"
      "  hint: must be at least -12, over its range too"]),
    ([('last_delivery = "2027-07"', 'last_delivery = "2027-07"\ndelay_months = { value = 0, low = -7 }')],
     ["rounds.delay_months = -7\n  can move the first delivery, of 2026-07, before the programme's start = 2026-01",
      "must be at least -6"]),
    ([('first_delivery = "2026-07"', 'first_delivery = "2025-07"')],
     ["rounds.first_delivery = '2025-07'\n  must not be before the programme's start = 2026-01\n  hint: units that are "
      "there already are there_at_start"]),
    ([('last_delivery = "2029-07"', 'last_delivery = "2036-01"')],
     ["boosters.last_delivery = '2036-01'\n  must not be after the programme's last month, 2035-12\n  hint: give the"]),
    ([("low = 0, high = 12 }", "low = 0, high = 1e6 }")], ["delay_months = 1e+06\n  must be at most 1,200"]),
    ([("n_units = 1", "n_units = 1\ndelay_months = { value = 0, low = 0, high = 6 }")],
     ["centre = {...}\n  orders_from, last_delivery and delay_months need first_delivery"]),
    ([("n_units = 1", "n_units = 1\nfirst_delivery = '2027-01'\nstretch = 2")],
     ["centre = {...}\n  stretch needs last_delivery: without it there is no span to stretch"]),
    ([('date = "2028-12"', 'date = "2036-01"')],
     ["cost.milestones.half.date = '2036-01'\n  must not be after the programme's last month, 2035-12"]),
    ([('date = "2028-12"', 'date = "2025-12"')], ["half.date = '2025-12'\n  must not be before the programme's start"]),
    ([('date = "2028-12"', "date = 2028")], ["half.date = 2028\n  must be a month in quotes"]),
    # names
    ([(BOOSTERS, 'counts = ["constellations.shel"]')],
     ["boosters.counts[0] = 'constellations.shel'\n  must name a constellation of this scenario\n  hint: did you mean "
      "shell?"]),
    ([(BOOSTERS, 'counts = ["constellation.shell"]')],
     ["counts[0] = 'constellation.shell'\n  must be constellations.NAME, layers.NAME, layers.NAME.sites, "
      "layers.NAME.launchers or sensors.NAME\n  hint: did you mean constellations.shell?"]),
    ([(BOOSTERS, 'counts = ["shell"]')], ["'shell'\n  must be constel", "hint: did you mean constellations.shell?"]),
    ([(BOOSTERS, 'counts = ["satelites"]')], ["counts[0] = 'satelites'\n  must be constellations.NAME"]),
    ([(BOOSTERS, 'counts = ["layers.boost"]')],
     ["'layers.boost'\n  has no sites: its interceptors ride on the satellites of shell\n"
      '  hint: count "constellations.shell"']),
    ([(ROUNDS, ROUNDS.replace("lower", "lower.stock"))],
     ["'layers.lower.stock'\n  must be layers.lower (its rounds), layers.lower.sites or layers.lower.launchers"]),
    ([(ROUNDS, ROUNDS.replace("lower", "lowr.sites"))], ["'layers.lowr.sites'\n  must name a layer", "mean lower?"]),
    ([(ROUNDS, ROUNDS.replace('"layers.lower"', '"layers.lower", "layers.lower"'))],
     ["rounds.counts[1] = 'layers.lower'\n  stands in it twice, so that it would be counted twice"]),
    ([(ROUNDS, ROUNDS.replace('["layers.lower"]', "[3]"))], ["rounds.counts[0] = 3\n  must be text in quotes"]),
    ([('launcher = "heavy"', 'launcher = "havy"')],
     ["boosters.launcher = 'havy'\n  must name a launcher of this programme\n  hint: did you mean heavy?",
      "cost.launchers.heavy\n  launches nothing: no element names it\n  hint: give an element launcher = \"heavy\""]),
    ([("mass_kg = 1500", "")], ["boosters = {...}\n  what is launched needs mass_kg"]),
    ([("boosters = 0.5", "bosters = 0.5")],
     ["half.needs.bosters = 'bosters'\n  must name an element of this programme\n  hint: did you mean boosters?"]),
    ([("boosters = 0.5", "boosters = 1.5")], ["half.needs.boosters = 1.5\n  must be at most 1"]),
    ([("needs = { boosters = 0.5, rounds = 1.0 }", "needs = {}")], ["half.needs = {}\n  has too few entries"]),
    # sizes that do not fit together
    ([("mass_kg = 1500", "mass_kg = { value = 1500, high = 9500 }"),
      ("payload_kg = 10000", "payload_kg = { value = 10000, low = 9000 }")],
     ["boosters.mass_kg = 9500\n  must be at most the payload_kg = 9000 of launcher heavy, over the ranges of both"]),
    ([("there_at_start = 2", "there_at_start = 9")],
     ["rounds.there_at_start = 9\n  must be at most the units to have at once, 8, over the ranges of both"]),
    ([("n_units = 1", "n_units = { value = 5, low = 3 }\nthere_at_start = 4")], ["centre.there_at_start = 4\n  must"]),
    ([(BOOSTERS, f"{BOOSTERS}\nspares = 0.1\nthere_at_start = 45")], ["there_at_start = 45\n  must", "at once, 44,"]),
    ([("[cost.elements.centre]", OTHER)],
     ["cost.elements.other.counts[0] = 'layers.lower'\n  is bought by element rounds too, so that it would be paid for "
      "twice\n  hint: add up the prices in one of them"]),
    ([("[cost.elements.centre]", OTHER.replace("layers.lower", "sensors.flash"))],
     ["other.counts[0] = 'sensors.flash'\n  is bought by element boosters too"]),
]


@pytest.mark.parametrize(("changes", "expected"), CASES, ids=[words[0][:70] for _, words in CASES])
def test_each_problem_is_named(changes, expected):
    found = "\n".join(map(str, problems_of(broken(*changes))))
    for words in expected:
        assert words in found


@pytest.mark.parametrize("changes", [
    [], [("there_at_start = 2", "there_at_start = 8")], [("low = 0, high = 12 }", "low = -12, high = 12 }")],
    [("[cost.elements.centre]", OTHER.replace("unit_musd = 4", "unit_musd = 0"))],  # operates what another bought
    [(BOOSTERS, f"{BOOSTERS}\nspares = 0.125\nthere_at_start = 45")], [("payload_kg = 10000", "payload_kg = 1500")],
    [('layer = "boost"', "price_year = 2022")], [("boosters = 0.5", "centre = 1.0")],
])
def test_what_is_right_has_no_problems(changes):
    assert problems_of(broken(*changes)) == []


MANY = [
    ("years = 10", "years = 10\nprice_year = 2024"),
    (START, "start = 2026-01-01"),  # not a month: no date is outside a span that is not known
    (BOOSTERS, 'counts = ["constellations.shel"]'),
    ("learning = 0.85", "learning = 85"),
    ('launcher = "heavy"', 'launcher = "havy"'),
    ("unit_musd = 4", 'unit_musd = "4"'),
    ("n_units = 1", "n_units = 1e30"),
    ("boosters = 0.5", "bosters = 0.5"),
]


def test_all_problems_come_at_once(tmp_path, capsys):
    """One slip does not hide the others, and makes no false ones."""
    file = tmp_path / "bad.toml"
    file.write_text(broken(*MANY))
    assert cli.main(["check", str(file)]) == 2
    out, err = capsys.readouterr()
    starts = [line.removeprefix(f"{file}: ") for line in out.splitlines() if not line.startswith(" ")]
    assert starts == [
        "cost.start = 2026-01-01", "cost.elements.boosters.learning = 85", 'cost.elements.rounds.unit_musd = "4"',
        "cost.elements.boosters.counts[0] = 'constellations.shel'", "cost.elements.boosters.launcher = 'havy'",
        "cost.milestones.half.needs.bosters = 'bosters'", "cost.launchers.heavy", "cost.price_year = 2024",
        "cost.elements.centre.n_units = 1e+30", "9 problems",
    ]
    assert "compiling" in err or err == ""


@pytest.mark.parametrize(("old", "new"), [
    (START, ""), (START, 'start = "2026-13"'), ("years = 10", 'years = "10"'), ("n_units = 1\n", ""),
    (COST, "\n[cost]\nstart = '2026-01'\n"), ("payload_kg = 10000", 'payload_kg = "10 t"'), ('date = "2028-12"', ""),
    ("needs = { boosters = 0.5, rounds = 1.0 }", ""), ("price_year = 2026", 'price_year = "2026"'),
    ("[cost.elements.boosters]\n", "[cost.elements.boosters]\nx = 1\n"),
    ("[cost.milestones.half]", "[milestones.half]"),
])
def test_what_stands_in_makes_no_false_problems(old, new):
    """Of one slip, one line or two are said, all about that place."""
    found = problems_of(broken((old, new)))
    assert 1 <= len(found) <= 2, found
    with pytest.raises(ScenarioError) as error:
        reader.parse(broken((old, new)))
    assert list(error.value.problems) == found


def test_a_variant_that_takes_units_away_must_say_so():
    text = TEXT + '\n[variants.few]\n"sites.battery.stock" = 1\n'
    assert [str(p).split("\n")[0] for p in problems_of_all(text)] == [
        "variants.few: cost.elements.rounds.there_at_start = 2"]
    assert problems_of_all(text + '"elements.rounds.there_at_start" = 1\n') == []


@pytest.mark.parametrize(("key", "words"), [
    ("elements.bosters.life_years=3", ["there is no 'bosters' in the scenario", "did you mean boosters?"]),
    ("elements.boosters.life_yaers=3", ["cost.elements.boosters.life_yaers = 3", "did you mean life_years"]),
    ("elements.life_yeers=3", ["there is no 'life_yeers' in the scenario", "did you mean life_years"]),
    ("cost.element.boosters.life_years=3", ["there is no 'element' in the scenario", "did you mean elements"]),
    ("launchers.heavi.payload_kg=3", ["there is no 'heavi' in the scenario", "did you mean heavy?"]),
    ("launcher.payload_t=3", ["there is no 'payload_t' in the scenario", "did you mean payload_kg?"]),
    ("milestones.haf.date=2028-01", ["there is no 'haf' in the scenario", "did you mean half?"]),
    ("cost.discount=0.03", ["cost.discount = 0.03", "unknown key", "did you mean discount_rate?"]),
    ("elements.boosters.learning=85", ["must be a share from 0.5 to 1", "write 0.85"]),
    ("price_year=2024.5", ["price_year = 2024.5", "must be a whole number"]),
])
def test_keys_that_are_not_known_name_the_nearest(tmp_path, capsys, key, words):
    file = tmp_path / "programme.toml"
    file.write_text(TEXT)
    assert cli.main(["schedule", str(file), "--date", "2028-06", "--set", key, "-q"]) == 2
    err = capsys.readouterr().err
    for one in words:
        assert one in err


@pytest.mark.parametrize(("args", "words"), [
    (["--date", "2028"], "date = '2028'\n  must be a month of the programme, 2026-01 to 2035-12"),
    (["--date", "2036-01"], "date = '2036-01'\n  must be a month of the programme"),
    (["--date", "2028-06", "--runs", "0"], "runs = 0\n  must be a whole number from 1"),
    (["--date", "2028-06", "--seed", "-1"], "seed = -1\n  must be a whole number"),
    (["--date", "2028-06", "--out", "."], "holds files that are not those of a schedule"),
    ([], "Missing option '--date'"),
])
def test_options_that_cannot_be(tmp_path, capsys, args, words):
    file = tmp_path / "programme.toml"
    file.write_text(TEXT)
    assert cli.main(["schedule", str(file), *args, "-q"]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("args", "words"), [
    (["gulf-2026", "--date", "2028-06"], "gulf-2026: has no [cost], which says when what is delivered"),
    (["homland-2028", "--date", "2028-06"], "no such file, and no shipped scenario of that name\nhint: did you mean"),
])
def test_scenarios_without_a_programme(capsys, args, words):
    assert cli.main(["schedule", *args, "-q"]) == 2
    assert words in capsys.readouterr().err
