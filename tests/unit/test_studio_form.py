"""The studio's form: a row for each value that may be changed, made from the schema, the scenario and the catalogue."""

import pytest

from opendome.catalogue import shipped
from opendome.scenario import Quantity, keys, reader
from opendome.viewer.form import form, kind_of, label_of, opened
from tiny_file import TEXT, broken

MARKUP = '<img src=x onerror=alert(1)>"'


def _data(text=TEXT):
    return reader.read_toml(text, "tiny")


@pytest.fixture(scope="module")
def tiny():
    return form(_data())


@pytest.fixture(scope="module", params=["gulf-2026", "stocks-2026", "homeland-2028"])
def large(request):
    """A shipped scenario's data and form."""
    data = reader.read_toml(reader.read(request.param)[0], request.param)
    return data, form(data)


def test_a_row_says_what_the_schema_says(tiny):
    row = tiny.rows["layers.lower.salvo"]
    assert (row.kind, row.value, row.default, row.minimum, row.maximum) == ("integer", 1, 1, 1, 16)
    assert (row.group, row.label, row.help, row.of) == ("layers.lower", "salvo", "Rounds in one salvo.", "scenario")
    row = tiny.rows["layers.lower.doctrine"]
    assert (row.kind, row.value, row.choices) == ("choice", "shoot-look-shoot", ["shoot-look-shoot", "salvo"])
    row = tiny.rows["raids.night.start"]
    assert (row.kind, row.value) == ("date", "2026-03-01T00:00:00+00:00")
    row = tiny.rows["areas.city.lat_deg"]
    assert (row.kind, row.unit, row.minimum, row.maximum) == ("number", "degrees", -90, 90)
    row = tiny.rows["raids.night.waves.1.from.coast"]
    assert (row.label, row.help, row.minimum) == ("waves 1 from: coast", "Places they start from, with weights.", 0)


def test_a_quantity_is_one_row_with_its_range_grade_and_source(tiny):
    entry = shipped().interceptors["patriot-pac3-mse"].cost_musd
    row = tiny.rows["catalogue.interceptors.patriot-pac3-mse.cost_musd"]
    assert (row.value, row.low, row.high, row.grade) == (entry.value, entry.low, entry.high, entry.grade)
    reference = shipped().references[entry.source]
    assert (row.source["key"], row.source["title"], row.source["link"]) == (entry.source, reference.title,
                                                                           reference.link)
    assert (row.kind, row.unit, row.minimum, row.sampled, row.of) == ("number", "millions of US dollars", 0, True,
                                                                      "catalogue")
    assert not any(path.endswith((".low", ".high", ".grade", ".source", ".why")) for path in tiny.rows)
    assert tiny.rows["catalogue.threats.srbm.burn_s"].maximum == 900
    assert tiny.rows["layers.lower.sites.battery.stock"].value == 8
    assert tiny.rows["layers.lower.decision_s"].value == 5


def test_what_the_scenario_does_not_state_has_a_row_too(tiny):
    row = tiny.rows["layers.lower.sites.battery.channels"]
    assert (row.value, row.default, row.minimum, row.maximum) == (None, None, 1, 1000)
    assert tiny.rows["layers.lower.shots_max"].value == 4
    row = tiny.rows["layers.lower.common_mode"]
    assert (row.kind, row.value, row.grade, row.minimum, row.maximum) == ("number", None, "", 0, 1)


def test_entries_of_the_catalogue_are_choices_where_they_are_named(tiny):
    row = tiny.rows["layers.lower.interceptor"]
    assert row.kind == "choice"
    assert row.choices == sorted(shipped().interceptors)
    own = form(_data(TEXT + '[catalogue.threats.mine]\nkind = "waypoint"\nnote = "x"\n'))
    assert "mine" not in own.rows["raids.night.waves.0.threat"].choices  # not whole, so not to be had


def test_only_entries_that_are_used_have_rows(tiny):
    used = {row.path.rsplit(".", 1)[0] for row in tiny.rows.values() if row.of == "catalogue"}
    assert {path.split(".p_kill")[0] for path in used} == {
        "catalogue.threats.srbm", "catalogue.threats.one-way-drone", "catalogue.sensors.patriot-radar",
        "catalogue.interceptors.patriot-pac3-mse"}


def test_values_of_the_scenario_over_the_catalogue_are_those_shown():
    row = form(_data(TEXT + "[catalogue.threats.srbm]\nburn_s = 61\n")).rows["catalogue.threats.srbm.burn_s"]
    assert (row.value, row.low, row.grade, row.source) == (61, None, "assumed", None)


def test_nothing_is_sampled_where_assumptions_are_fixed():
    found = form(_data(broken(("runs = 4", 'runs = 4\nassumptions = "fixed"'))))
    assert not any(row.sampled for row in found.rows.values())


def test_paths_are_keys_of_the_command_line(large):
    data, found = large
    for row in found.rows.values():
        assert keys.resolve(data, row.path) == [row.steps], row.path


def test_every_value_of_a_shipped_scenario_has_a_row_or_a_reason(large):
    """Whatever stands in the file as a single value is in the form, but for lists, what the form leaves out, and free
    tables; and nothing is in the form that the file does not allow."""
    data, found = large

    def singles(table, steps):
        for key, one in table.items() if isinstance(table, dict) else enumerate(table):
            here = (*steps, str(key))
            is_quantity = isinstance(one, dict) and one and set(one) <= set(Quantity.model_fields)
            if isinstance(one, dict | list) and not is_quantity:
                yield from singles(one, here) if isinstance(one, dict) or isinstance((one or [0])[0], dict) else ()
            else:
                yield ".".join(here)

    left_out = ("format", "variants.", "observations.", "runs", "seed", "catalogue.")
    missing = [path for path in singles(data, ()) if path not in found.rows and not path.startswith(left_out)]
    assert missing == []
    assert all(row.help for row in found.rows.values() if not row.path.startswith("cost.elements"))
    assert {row.group for row in found.rows.values()} == set(found.groups)


def test_names_with_dots_and_markup_are_rows_like_others():
    found = form(_data(broken(("city = {", f"'a.b{MARKUP}' = {{"), ("at = { city", f"at = {{ 'a.b{MARKUP}'"),
                              ("at = { city", f"at = {{ 'a.b{MARKUP}'"))))
    row = next(row for row in found.rows.values() if row.steps[:2] == ("areas", f"a.b{MARKUP}"))
    assert row.path == 'areas."a.b<img src=x onerror=alert(1)>\\"".lat_deg'
    assert found.groups[row.group][0] == f"areas: a.b{MARKUP}"


@pytest.mark.parametrize("text", [
    "areas = 5", "areas = [1, 2]", "areas.city = []", "raids.night.waves = 3", 'layers.lower.sites = "x"',
    'layers.lower.decision_s = { value = "x", low = [1], grade = 5, source = { a = 1 } }', "catalogue = 5",
    "catalogue.threats = [1]", "catalogue.threats.srbm = 5", "raids.night.waves = [{ threat = 5 }]",
    'layers.lower.interceptor = "none"', "[[sensors]]", "stockpile = {}", "places.a.lat_deg = nan",
    "sensors.eye.type = []"])
def test_what_cannot_be_read_has_no_row_and_the_rest_has(text):
    found = form(reader.read_toml(f'title = "x"\nprice_year = 2026\n{text}\n', "bad"))
    assert {"title", "price_year", "step_s"} <= set(found.rows)


def test_labels_leave_out_units_and_name_what_they_are_in():
    assert label_of(("layers", "upper", "decision_s"), "layers.upper") == "decision"
    assert label_of(("layers", "upper", "sites", "a", "stock"), "layers.upper") == "sites a: stock"
    assert label_of(("stockpile", "lines", "seekers", "per_year"), "stockpile.lines") == "seekers: per year"
    assert label_of(("catalogue", "threats", "srbm", "burn_s"), "catalogue.threats.srbm") == "burn"
    assert label_of(("price_year",), "scenario") == "price year"


def test_the_schema_is_followed_through_references_and_choices():
    whole = {"$defs": {"A": {"type": "integer", "minimum": 1}, "B": {"const": 1}}}
    node = opened(whole, {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}], "description": "d"}, None)
    assert (node, kind_of(whole, node)) == ({"type": "integer", "minimum": 1, "description": "d"}, "integer")
    picked = {"oneOf": [], "discriminator": {"propertyName": "kind", "mapping": {"b": "#/$defs/B"}}}
    assert opened(whole, picked, {"kind": "b"}) == {"const": 1}
    assert opened(whole, picked, {"kind": ["b"]}) == {}
    assert kind_of(whole, {"const": 1}) == kind_of(whole, {"type": "array"}) == ""
