"""Changes that the studio makes: where they land, and what the file says of them afterwards."""

import pytest

from opendome.catalogue import ASSUMPTION, shipped, with_overrides
from opendome.errors import InputError
from opendome.scenario import reader
from opendome.study.source import problems_at
from opendome.viewer.changed import MARK, changed
from opendome.viewer.form import form
from tiny_file import TEXT, broken

STOCK = '{ value = 8, low = 4, high = 12, grade = "press", source = "csis2025", page = "p. 3", why = "counted" }'
SITE = ("stock = 8, radar", f"stock = {STOCK}, radar")
COST = "catalogue.interceptors.patriot-pac3-mse.cost_musd"


def _change(changes, text=TEXT):
    data = reader.read_toml(text, "tiny")
    before = reader.read_toml(text, "tiny")
    found = changed(data, form(data), changes)
    assert data == before, "what was started from stays as it is"
    assert reader.read_toml(found.toml, "mine") == found.data
    return found


def test_without_a_change_the_scenario_stays_the_same():
    found = _change({"layers.lower.salvo": 1, "raids.night.start": "2026-03-01T00:00:00Z", "areas.city.radius_km": 25.0,
                     "layers.lower.shots_max": 4})
    assert found.made == []
    assert reader.digest(reader.parse(found.toml)) == reader.digest(reader.parse(TEXT))


def test_a_plain_value_lands_where_its_path_says_and_the_scenario_says_so():
    found = _change({"layers.lower.salvo": 2.0, "raids.night.waves.1.count": 3})
    assert found.data["layers"]["lower"]["salvo"] == 2
    assert found.data["raids"]["night"]["waves"][1]["count"] == 3
    assert found.data["title"] == f"Tiny ({MARK})"
    assert found.data["note"] == ("Changed in the studio: layers.lower.salvo from 1 to 2; raids.night.waves.1.count "
                                  "from 1 to 3.")
    assert problems_at(found.data, None) == []


def test_a_title_of_ones_own_stays():
    found = _change({"title": "Mine", "note": "Why not", "layers.lower.salvo": 2})
    assert (found.data["title"], found.data["note"]) == ("Mine", "Why not")
    long = _change({"layers.lower.salvo": 2}, broken(('"Tiny"', f'"{"x" * 200}"')))
    assert len(long.data["title"]) == 200
    again = _change({"layers.lower.salvo": 3}, found_text := _change({"layers.lower.salvo": 2}).toml)
    assert again.data["title"] == f"Tiny ({MARK})"
    assert found_text != again.toml


def test_within_its_range_a_quantity_keeps_the_range_and_loses_the_source():
    found = _change({"layers.lower.sites.battery.stock": 6}, broken(SITE))
    stock = found.data["layers"]["lower"]["sites"]["battery"]["stock"]
    assert stock == {"value": 6, "low": 4, "high": 12, "grade": "assumed", "source": "assumption", "why":
                     f"{MARK} from 8, which was press (csis2025, p. 3); its range is kept"}
    assert not found.made[0].is_outside


def test_outside_of_its_range_a_quantity_has_none():
    found = _change({"layers.lower.sites.battery.stock": 20}, broken(SITE))
    stock = found.data["layers"]["lower"]["sites"]["battery"]["stock"]
    assert stock == {"value": 20, "grade": "assumed", "source": "assumption", "why":
                     f"{MARK} from 8, which was press (csis2025, p. 3); its range does not hold this value and is left "
                     "out (4 to 12)"}
    assert found.made[0].is_outside


@pytest.mark.parametrize(("value", "is_outside"), [(4.5, False), (100.0, True)])
def test_a_number_of_the_catalogue_becomes_the_scenarios_own(value, is_outside):
    entry = shipped().interceptors["patriot-pac3-mse"].cost_musd
    found = _change({COST: value})
    catalogue, problems = with_overrides(shipped(), found.data["catalogue"])
    own = catalogue.interceptors["patriot-pac3-mse"].cost_musd
    assert problems == []
    assert (own.value, own.grade, own.source, own.page) == (value, "assumed", ASSUMPTION, None)
    assert (own.low, own.high) == ((value, value) if is_outside else (entry.low, entry.high))
    assert own.why.startswith(f"{MARK} from {entry.value:g}, which was {entry.grade} ({entry.source}")
    assert own.is_uncertain != is_outside
    assert found.made[0].is_outside == is_outside


@pytest.mark.parametrize("name", ["gulf-2026", "stocks-2026", "homeland-2028"])
def test_no_changed_number_is_ever_told_to_be_of_a_source(name):
    """Every sourced number of a shipped scenario is changed at once; afterwards none of them names a source."""
    data = reader.read_toml(reader.read(name)[0], name)
    rows = [row for row in form(data).rows.values() if row.is_quantity and row.source is not None]
    assert len(rows) > 5
    found = changed(data, form(data), {row.path: row.value * 1.01 + 0.001 for row in rows})
    assert len(found.made) == len(rows)
    after = form(found.data).rows
    assert [row.path for row in rows if after[row.path].source is not None] == []
    assert {after[row.path].grade for row in rows} == {"assumed"}
    assert all(row.source["key"] in after[row.path].why for row in rows)


def test_a_number_without_range_or_source_stays_a_bare_number():
    found = _change({"layers.lower.sites.battery.stock": 9, "layers.lower.decision_s": 3.5})
    assert found.data["layers"]["lower"]["sites"]["battery"]["stock"] == 9
    assert found.data["layers"]["lower"]["decision_s"] == 3.5


def test_the_note_beside_a_plain_value_says_that_it_was_changed():
    text = broken(('stock = 8, radar = "eye"', 'stock = 8, radar = "eye", note = "Position from a press photograph"'))
    place = "layers.lower.sites.battery"
    site = _change({f"{place}.lat_deg": 24.5}, text).data["layers"]["lower"]["sites"]["battery"]
    assert site["note"] == f"Position from a press photograph [{MARK}: lat_deg, from 24.43]"
    site = _change({f"{place}.lat_deg": 24.5, f"{place}.note": "Moved"}, text).data["layers"]["lower"]["sites"]
    assert site["battery"]["note"] == f"Moved [{MARK}: lat_deg, from 24.43]"


def test_the_source_beside_a_plain_value_goes():
    name = "homeland-2028"
    data = reader.read_toml(reader.read(name)[0], name)
    path = next(row.path for row in form(data).rows.values() if row.path.startswith("cost.milestones.")
                and row.path.endswith(".date"))
    stone = path.split(".")[2]
    assert data["cost"]["milestones"][stone]["source"] != ASSUMPTION
    found = changed(data, form(data), {path: "2031-01"})
    assert found.data["cost"]["milestones"][stone]["source"] == ASSUMPTION
    assert found.data["cost"]["milestones"][stone]["date"] == "2031-01"


def test_taking_a_value_away_leaves_its_default():
    found = _change({"sensors.eye.azimuth_deg": None})
    assert "azimuth_deg" not in found.data["sensors"]["eye"]
    assert problems_at(found.data, None) == []
    assert [p.where for p in problems_at(_change({"areas.city.radius_km": None}).data, None)] == [
        "areas.city.radius_km"]


def test_names_with_dots_and_markup_go_through_as_text():
    name = 'a.b"<img src=x onerror=alert(1)>\n'
    data = reader.read_toml(broken(("[areas]\n", "[areas]\n'a.b' = { lat_deg = 1, lon_deg = 1, radius_km = 5 }\n")),
                            "tiny")
    found = changed(data, form(data), {'areas."a.b".radius_km': 6, "areas.city.note": name, "title": name})
    assert reader.read_toml(found.toml, "mine")["areas"]["a.b"]["radius_km"] == 6
    assert reader.parse(found.toml).areas["city"].note == name


@pytest.mark.parametrize(("changes", "says"), [
    ({"layers.lower.salv": 1}, "layers.lower.salv: this scenario has no such value to change\nhint: did you mean"),
    ({"__class__": 1}, "no such value"), ({"": 1}, "no such value"), ({"catalogue.threats.srbm.kind": "x"}, "no such"),
    ({"variants": 1}, "no such"), ({"layers.lower": {}}, "no such"), ({"layers.lower.salvo": [1]}, "a single value"),
    ({"layers.lower.sites.battery.stock": {"value": 1, "source": "csis2025"}}, "a single value"),
    ({"title": "x" * 5001}, "5,000 characters"), ({COST: None}, "cannot be left out"),
    ({"layers.lower.salvo": 2**63}, "64 bits")])
def test_what_cannot_be_changed_says_so(changes, says):
    with pytest.raises(InputError, match=None) as error:
        _change(changes)
    assert says in str(error.value)


@pytest.mark.parametrize(("path", "value"), [
    ("layers.lower.salvo", "x"), ("layers.lower.salvo", 1.5), ("layers.lower.salvo", True), ("title", 5),
    ("raids.night.start", "soon"), ("layers.lower.doctrine", "hope"), ("areas.city.lat_deg", "north"),
    ("layers.lower.sites.battery.stock", "many"), ("catalogue.threats.srbm.burn_s", -1),
    ("raids.night.waves.0.threat", "none"), ("layers.lower.sites.battery.stock", False)])
def test_a_value_that_does_not_fit_is_a_problem_of_the_scenario(path, value):
    assert problems_at(_change({path: value}).data, None)
