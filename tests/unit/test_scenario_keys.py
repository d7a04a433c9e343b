"""Keys of a scenario's values, full and short, and variants."""

import tomllib
from pathlib import Path

import pytest

import opendome
from opendome.catalogue import entries, shipped
from opendome.errors import InputError, ScenarioError
from opendome.scenario import keys, reader
from opendome.study.checking import problems, problems_of_all
from programme_file import TEXT as PROGRAMME
from tiny_file import TEXT

TWO_LAYERS = TEXT.replace("[raids.night]", """[layers.guns]
interceptor = "gun"
sites.gun-one = { lat_deg = 24.44, lon_deg = 54.41, launchers = 1, stock = 90 }

[raids.night]""")
VARIANTS = """
[variants.many]
note = "Three times as many"
"waves.count" = 3

[variants.other]
"layers.lower.salvo" = 2
"layer.sites.battery.stock" = { value = 9, high = 12 }
title = "Renamed"
"""


def found(key: str, text: str = TEXT, **options: bool) -> list[str]:
    """Full keys that a key stands for."""
    paths = keys.resolve(tomllib.loads(text), key, **options)
    assert not isinstance(paths, keys.Miss), paths
    return [".".join(path) for path in paths]


@pytest.mark.parametrize(("key", "full"), [
    ("title", ["title"]),
    ("layers.lower.salvo", ["layers.lower.salvo"]),
    ("raids.night.waves.1.count", ["raids.night.waves.1.count"]),
    ("raids.night.waves[1].count", ["raids.night.waves.1.count"]),
    ("catalogue.threats.mrbm.burn_s", ["catalogue.threats.mrbm.burn_s"]),
    ("layer.salvo", ["layers.lower.salvo"]),
    ("layers.salvo", ["layers.lower.salvo"]),
    ("layer.sites.battery.stock", ["layers.lower.sites.battery.stock"]),
    ("site.stock", ["layers.lower.sites.battery.stock"]),
    ("sites.battery.stock", ["layers.lower.sites.battery.stock"]),
    ("area.radius_km", ["areas.city.radius_km"]),
    ("raid.note", ["raids.night.note"]),
    ("sensor.azimuth_deg", ["sensors.eye.azimuth_deg"]),
    ("sensors.eye.azimuth_deg", ["sensors.eye.azimuth_deg"]),
    ("places.lat_deg", ["places.hill.lat_deg", "places.coast.lat_deg"]),
    ("waves.count", ["raids.night.waves.0.count", "raids.night.waves.1.count"]),
    ("waves.from.hill", ["raids.night.waves.0.from.hill", "raids.night.waves.1.from.hill"]),
    ("threats.burn_s", ["catalogue.threats.srbm.burn_s"]),  # the drone has no burn
    ("threats.rcs_m2", ["catalogue.threats.srbm.rcs_m2", "catalogue.threats.one-way-drone.rcs_m2"]),
    ("threats.mrbm.burn_s", ["catalogue.threats.mrbm.burn_s"]),
    ("sensors.range_ref_km", ["catalogue.sensors.patriot-radar.range_ref_km"]),
    ("interceptors.p_kill.ballistic", ["catalogue.interceptors.patriot-pac3-mse.p_kill.ballistic"]),
])
def test_keys_of_the_tiny_scenario(key, full):
    assert found(key) == full


def test_every_layer_and_those_interceptors_that_have_a_value():
    assert found("layers.salvo", TWO_LAYERS) == ["layers.lower.salvo", "layers.guns.salvo"]
    assert found("sites.stock", TWO_LAYERS) == ["layers.lower.sites.battery.stock", "layers.guns.sites.gun-one.stock"]
    assert shipped().interceptors["gun"].p_kill.ballistic is None
    assert found("interceptors.p_kill.ballistic", TWO_LAYERS) == [
        "catalogue.interceptors.patriot-pac3-mse.p_kill.ballistic"]


def test_an_entry_of_the_scenario_counts_too():
    own = TEXT.replace('"srbm"', '"own"') + """
[catalogue.threats.own]
kind = "ballistic"
"""
    assert found("threats.burn_s", own) == ["catalogue.threats.own.burn_s"]
    assert found("threats.own.cep_m", own) == ["catalogue.threats.own.cep_m"]


def test_a_change_leaves_the_other_values_of_an_entry_known():
    data = tomllib.loads(TEXT)
    assert keys.put(data, "interceptors.p_kill.ballistic", 0.5) == []
    assert keys.put(data, "interceptors.p_kill.drone", 0.6) == []
    assert data["catalogue"]["interceptors"]["patriot-pac3-mse"] == {"p_kill": {"ballistic": 0.5, "drone": 0.6}}


def test_a_table_may_become_a_new_entry():
    assert found("layers.second", is_table=True) == ["layers.second"]


@pytest.mark.parametrize(("key", "words"), [
    ("layers.lowr.salvo", "there is no 'lowr' in the scenario\n  hint: did you mean lower?"),
    ("layers.salvoo", "there is no 'salvoo' in the scenario\n  hint: did you mean salvo or salvo_last?"),
    ("layer.salvoo", "hint: did you mean salvo or salvo_last?"),
    ("threat.burn_s", "there is no 'threat' in the scenario\n  hint: did you mean threats"),
    ("threats.burn", "none of the threats that the scenario uses has 'burn' (srbm, one-way-drone)\n"
                     "  hint: did you mean burn_s?"),
    ("interceptors.p_kill.balistic", "has 'p_kill.balistic' (patriot-pac3-mse)"),
    ("wave.count", "the scenario has 2 waves: name one, or all of them by waves.count\n"
                   "  hint: known: raids.night.waves.0.count, raids.night.waves.1.count"),
    ("constellation.n_satellites", "the scenario has no constellations"),
    ("constellations.n_satellites", "the scenario has no constellations"),
    ("layers.sites.batery.stock", "there is no 'batery' in the scenario\n  hint: did you mean battery?"),
    ("raids.night.waves.2.count", "there is no '2' in the scenario\n  hint: known: 0, 1"),
    ("raids.night.waves.2", "'2' is not an item of the list (0 to 1)"),
    ("title.x", "'title' holds a value, not a table"),
    ("layers.", "there is no '' in the scenario"),
])
def test_keys_that_name_nothing(key, words):
    data = tomllib.loads(TEXT)
    (problem,) = keys.put(data, key, 1)
    assert str(problem).startswith(f"{key} = 1\n  ")
    assert words in str(problem)
    assert data == tomllib.loads(TEXT)


def test_many_full_keys_are_not_all_listed():
    text = TEXT.replace("[areas]", "[areas]\n" + "\n".join(
        f"a{i} = {{ lat_deg = {i}, lon_deg = 1, radius_km = 2 }}" for i in range(11)))
    miss = keys.resolve(tomllib.loads(text), "area.radius_km")
    assert isinstance(miss, keys.Miss)
    assert "12 areas" in miss.expected
    assert miss.hint.endswith("areas.a7.radius_km and 4 more")


def test_what_a_kind_has_is_read_as_the_models_have_it():
    """The catalogue's files stand in for its models, which are further down: every required field is known."""
    kinds = {section: list(getattr(shipped(), section).values()) for section in keys.USED}
    for section, found_entries in kinds.items():
        files = keys._shipped(section)
        for entry in found_entries:
            fields = {name for name, field in type(entry).model_fields.items() if field.is_required()}
            assert fields - {"kind", "note"} <= keys._fields_of_kind(entry.kind, files.values())
    assert {type(entry) for found_entries in kinds.values() for entry in found_entries} >= {
        entries.BallisticThreat, entries.WaypointThreat, entries.Radar, entries.Interceptor}


def test_constellations_are_known_by_their_models():
    text = TEXT + """
[constellations.leo]
n_satellites = 40
inclination_deg = 60
altitude_km = 500

[constellations.geo]
pattern = "geostationary"
longitudes_deg = [0]
"""
    assert found("constellations.deployed", text) == ["constellations.leo.deployed", "constellations.geo.deployed"]
    # A value that only one of them states is that one's.
    assert found("constellation.longitudes_deg", text) == ["constellations.geo.longitudes_deg"]
    one = text[:text.index("[constellations.geo]")]
    assert found("constellation.n_satellites", one) == ["constellations.leo.n_satellites"]
    (problem,) = keys.put(tomllib.loads(one), "constellation.n_satelites", 3)
    assert "did you mean n_satellites" in problem.hint


def test_a_value_put_in_two_places_is_two_values():
    data = tomllib.loads(TEXT)
    assert keys.put(data, "waves.at", {"city": 2}) == []
    data["raids"]["night"]["waves"][0]["at"]["city"] = 5
    assert data["raids"]["night"]["waves"][1]["at"] == {"city": 2}


# ---- variants ---------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(TEXT + VARIANTS)
    return file


def test_a_variant_is_the_scenario_changed(path):
    base, many = opendome.load(path), opendome.load(f"{path}:many")
    assert [wave.count for wave in many.raids["night"].waves] == [3, 3]
    assert [wave.count for wave in base.raids["night"].waves] == [1, 1]
    assert (base.title, many.title) == ("Tiny", "Tiny (many)")
    assert (set(base.variants), many.variants) == ({"many", "other"}, {})
    other = opendome.load(f"{path}:other")
    assert (other.title, other.layers["lower"].salvo) == ("Renamed (other)", 2)
    assert other.layers["lower"].sites["battery"].stock.high == 12


def test_changes_come_after_the_variant():
    scenario = reader.parse(TEXT + VARIANTS, variant="many", changes={"raids.night.waves.0.count": 2, "title": "Mine"})
    assert [wave.count for wave in scenario.raids["night"].waves] == [2, 3]
    assert scenario.title == "Mine"


def test_variants_round_trip_and_do_not_count_for_the_hash():
    scenario = reader.parse(TEXT + VARIANTS)
    assert reader.parse(reader.to_toml(scenario)) == scenario
    assert reader.digest(scenario) == reader.digest(reader.parse(TEXT))


def test_unknown_variants(path):
    with pytest.raises(ScenarioError) as error:
        opendome.load(f"{path}:mani")
    assert "variants = 'mani'\n  is not a variant of this scenario\n  hint: did you mean many?" in str(error.value)
    with pytest.raises(ScenarioError, match="it has none"):
        opendome.load("gulf-2026:late")


def test_names_with_colons(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a:b.toml").write_text(TEXT + VARIANTS)
    assert reader.split("a:b.toml") == (Path("a:b.toml"), "")
    assert reader.split("a:b.toml:many") == (Path("a:b.toml"), "many")
    for name in (r"C:\there\x.toml", "C:/there/x.toml", "C:x.toml", "there:x/y.toml", "nothing.toml:many", "a:b.toml:"):
        with pytest.raises(InputError) as error:
            reader.split(name)
        told = "nothing.toml" if name.endswith(":many") else name
        assert str(error.value).startswith(f"{told}: no such file")


def test_every_variant_is_checked(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(TEXT + """
[variants.early]
"layer.salvoo" = 3
"waves.count" = 0

[variants.late]
layers.lower.salvo = 2
""")
    told = [str(problem) for problem in problems(file)]
    assert told == [
        "variants.early: layer.salvoo = 3\n  there is no 'salvoo' in the scenario\n"
        "  hint: did you mean salvo or salvo_last?",
        "variants.early: raids.night.waves[0].count = 0\n  must be at least 1 (how many)",
        "variants.early: raids.night.waves[1].count = 0\n  must be at least 1 (how many)",
        "variants.late: layers = {...}\n  is a whole table, not a value\n"
        '  hint: write the key of each value in quotes: "layers.NAME.FIELD" = ...',
    ]
    assert [str(problem) for problem in problems(f"{file}:late")] == [told[-1].removeprefix("variants.late: ")]
    assert problems_of_all(TEXT + VARIANTS) == []


def test_a_fault_of_the_scenario_is_not_told_again_for_each_variant():
    text = (TEXT + VARIANTS).replace("radius_km = 25", "radius_km = -1")
    assert [problem.where for problem in problems_of_all(text)] == ["areas.city.radius_km"]


@pytest.mark.parametrize(("key", "full"), [
    ("elements.boosters.life_years", ["cost.elements.boosters.life_years"]),
    ("cost.elements.boosters.life_years", ["cost.elements.boosters.life_years"]),
    ("elements.unit_musd", [f"cost.elements.{name}.unit_musd" for name in ("boosters", "rounds", "centre")]),
    ("element.mass_kg", ["cost.elements.boosters.mass_kg"]),  # of the only one that states it
    ("element.rounds.spares", ["cost.elements.rounds.spares"]),
    ("launchers.heavy.payload_kg", ["cost.launchers.heavy.payload_kg"]),
    ("launcher.payload_kg", ["cost.launchers.heavy.payload_kg"]),
    ("milestones.half.date", ["cost.milestones.half.date"]),
    ("milestone.needs.boosters", ["cost.milestones.half.needs.boosters"]),
    ("cost.discount_rate", ["cost.discount_rate"]),
])
def test_keys_of_a_programme(key, full):
    assert found(key, PROGRAMME) == full


def test_tables_become_new_entries_of_a_programme():
    assert found("milestones.whole", PROGRAMME, is_table=True) == ["cost.milestones.whole"]
    assert found("elements.more", PROGRAMME, is_table=True) == ["cost.elements.more"]
    assert isinstance(keys.resolve(tomllib.loads(PROGRAMME), "milestones.whole"), keys.Miss)
    scenario = reader.parse(PROGRAMME, changes={"milestones.whole": {"date": "2030-01", "needs": {"boosters": 1.0}}})
    assert list(scenario.cost.milestones) == ["half", "whole"]


@pytest.mark.parametrize(("key", "expected", "hint"), [
    ("elements.bosters.life_years", "there is no 'bosters' in the scenario", "did you mean boosters?"),
    ("launcher.vehicle_usd", "there is no 'vehicle_usd' in the scenario", "did you mean vehicle_musd?"),
    ("milestones.haf.date", "there is no 'haf' in the scenario", "did you mean half?"),
    ("element.unit_musd", "the scenario has 2 elements", "elements.rounds.unit_musd"),
])
def test_keys_of_a_programme_that_name_nothing(key, expected, hint):
    miss = keys.resolve(tomllib.loads(PROGRAMME), key)
    assert isinstance(miss, keys.Miss)
    assert expected in miss.expected or hint in miss.hint


def test_a_scenario_without_a_programme_has_no_elements():
    assert keys.resolve(tomllib.loads(TEXT), "elements.sbi.life_years").expected == "the scenario has no elements"
