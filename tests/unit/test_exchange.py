"""Exchanges: what is added, the compensating cost and its error by hand, what is said where nothing is seen, bad
input; no raid is flown."""

import json
import math
import xml.etree.ElementTree as ElementTree
from typing import Any

import numpy as np
import pytest

import opendome
from opendome import orbits, study
from opendome.catalogue import shipped
from opendome.cli import frontiers as told
from opendome.engagement.space_sizing import reach_of_km, share_in_reach
from opendome.errors import InputError
from opendome.report import exchange as pages
from opendome.scenario import Scenario, reader
from opendome.study.exchange import Mean, compensating, price_of, runs_for
from opendome.study.exchange_forms import closed_form, shots_at_one
from opendome.study.one_more import own_sites, shared_out, steps_of, threat_of, wave_of, with_own_sites, with_planes
from small_programme import BATTERY, COST, ROUND, priced, stand_in
from tiny import tiny

NAN = math.nan

# ---- the arithmetic ---------------------------------------------------------------------------------------------


def test_compensating_cost_by_hand():
    """A missile brings 1, 2, 1, 2 leakers, the step averts 2, 2, 4, 4 for 30 M$: 1.5 30 / 3 = 15 M$ a missile.

    The means have variances 1/12 and 1/3, uncorrelated: (15 / 1.5)^2 / 12 + (15 / 3)^2 / 3 = 100 / 12 + 25 / 3.
    """
    found = compensating(np.array([1.0, 2.0, 1.0, 2.0]), np.array([2.0, 2.0, 4.0, 4.0]), np.full(4, 30.0))
    assert found.value == pytest.approx(15.0)
    assert found.error == pytest.approx(math.sqrt(50 / 3))


def test_its_error_is_that_of_drawing_it_again():
    """The spread of 4,000 estimates of 400 runs each, with all three correlated, is the error that is told."""
    draws = np.random.default_rng(2)
    mixing = np.linalg.cholesky(np.array([[1.0, 0.5, 0.3], [0.5, 1.0, -0.4], [0.3, -0.4, 1.0]]))
    luck = draws.normal(size=(4000, 400, 3)) @ mixing.T
    every = np.array([1.0, 2.0, 50.0]) + luck * [0.5, 0.8, 10.0]
    means = every.mean(axis=1)
    spread = np.std(means[:, 0] * means[:, 2] / means[:, 1])
    error = np.mean([compensating(*one.T).error for one in every[:200]])
    assert error == pytest.approx(spread, rel=0.05)


def test_shares_are_whole_and_in_proportion():
    assert shared_out(4, [40, 4]) == [4, 0]
    assert shared_out(11, [40, 4]) == [10, 1]
    assert shared_out(5, [12, 12, 12, 12]) == [2, 1, 1, 1]
    assert shared_out(2, [0, 0]) == [2, 0]
    assert sum(shared_out(7, [0.3, 0.3, 0.4])) == 7


def test_price_of_a_missile():
    known = shipped().threats["icbm-solid"].cost_musd
    assert price_of(known, None) == (known.value, known.low, known.high)
    assert price_of(known, 40) == (40, 40, 40)
    assert price_of(known, [25, 40, 60]) == (40, 25, 60)
    for wrong in (0, -1, NAN, [60, 40, 25], [1, 2], "dear"):
        with pytest.raises(InputError, match="threat cost = "):
            price_of(known, wrong)  # type: ignore[arg-type]


# ---- what is added ----------------------------------------------------------------------------------------------

SPACE = {
    "constellations": {"shell": {"n_satellites": 100, "inclination_deg": 60, "altitude_km": 500},
                       "half": {"n_satellites": 20, "n_planes": 4, "deployed": 0.5, "inclination_deg": 60,
                                "altitude_km": 500},
                       "slots": {"pattern": "geostationary", "longitudes_deg": [10, 20]}},
}


def with_elements(elements: dict[str, Any], **given: Any) -> Scenario:
    every = {name: {"unit_musd": 1} | one for name, one in elements.items()}
    return with_planes(priced(cost={"start": "2026-01", "elements": every}, **given))


def test_more_of_what_is_counted():
    scenario = with_elements({
        "shell": {"counts": ["constellations.shell"]},
        "bus": {"counts": ["constellations.shell"], "layer": "space", "unit_musd": 0},
        "half": {"counts": ["constellations.half"]}, "slots": {"counts": ["constellations.slots"]},
        "radar": {"counts": ["sensors.eye"]}, "launchers": {"counts": ["layers.only.launchers"]},
        "both": {"counts": ["layers.only", "layers.only.sites"]}, "staff": {"n_units": 3},
    }, site={"stock": {"value": 25, "low": 20, "high": 30}}, **SPACE)
    steps, idle = steps_of(scenario, 0.1, ())
    found = {step.element: step for step in steps}
    assert {name: step.units for name, step in found.items()} == {"shell + bus": 10, "half": 2, "launchers": 1,
                                                                  "both": 3}
    assert scenario.constellations["shell"].n_planes == orbits.planes_for(100)
    after = {name: reader.from_data(step.data) for name, step in found.items()}
    assert after["shell + bus"].constellations["shell"].n_satellites == 110  # one more in each of ten planes
    assert after["half"].constellations["half"].n_deployed == 12  # 10 before: two of four planes are there
    assert after["launchers"].layers["only"].sites["battery"].launchers == 11
    sites = after["both"].layers["only"].sites
    assert list(sites) == ["battery", "battery-more"]
    stock = sites["battery"].stock
    assert (stock.low, stock.value, stock.high) == (22, 27, 32)  # a tenth of 25, rounded to even
    assert scenario.layers["only"].sites["battery"].stock.value == 25  # what was given stays as it is
    assert idle == {"slots": "a further satellite would need a place of its own", "staff": "counts nothing of the "
                    "scenario", "radar": "a further sensor would need a place of its own"}


def test_some_alone():
    scenario = with_elements({"rounds": {"counts": ["layers.only"], "layer": "ground"},
                              "sites": {"counts": ["layers.only.sites"], "layer": "ground"},
                              "shell": {"counts": ["constellations.shell"]}}, **SPACE)
    assert [step.element for step in steps_of(scenario, 0.1, ["ground"])[0]] == ["rounds", "sites"]
    assert [step.element for step in steps_of(scenario, 0.1, ["shell", "rounds"])[0]] == ["rounds", "shell"]
    with pytest.raises(InputError, match=r"'grond' is no layer or element of \[cost\]\nhint: did you mean ground"):
        steps_of(scenario, 0.1, ["grond"])


def test_the_largest_wave_of_a_threat():
    scenario = priced(missiles=4, drones=2)
    assert wave_of(scenario, "missile")[0] == "raids.raid.waves.0"
    assert wave_of(scenario, "drone")[0] == "raids.raid.waves.1"
    data = reader.to_data(scenario)
    waves = data["raids"]["raid"]["waves"]
    waves += [{**waves[0], "count": 5}, {**waves[0], "count": 5}]
    assert wave_of(reader.from_data(data), "missile")[0] == "raids.raid.waves.2"  # the first of the largest
    with pytest.raises(InputError, match="threat: 2 kinds fly in this scenario\n  must be one of: missile, drone"):
        threat_of(scenario, None)
    with pytest.raises(InputError, match="threat = 'misile'\n  is sent by no wave of this scenario\nhint: did you"):
        threat_of(scenario, "misile")


# ---- closed forms -----------------------------------------------------------------------------------------------


def test_closed_form_in_orbit():
    """homeland-2028: interceptors leave 10 + 5 s after a launch that burns for so long; two shots at each missile."""
    scenario = with_planes(reader.load("homeland-2028"))
    catalogue = study.catalogue_for(scenario)
    step = next(one for one in steps_of(scenario, 0.1, ["sbi"])[0])
    assert step.units == 160
    _, wave = wave_of(scenario, "icbm-solid")
    burn_s, alt_km = (getattr(catalogue.threats["icbm-solid"], name).value for name in ("burn_s", "burnout_alt_km"))
    reach = reach_of_km(15 * 9.80665, 6000.0, min(120.0, burn_s - 15.0))
    share = share_in_reach(inclination_deg=50, latitude_deg=40, orbit_altitude_km=300, target_altitude_km=alt_km,
                           reach_km=reach)
    found = closed_form(scenario, catalogue, step, "icbm-solid", wave, 3200.0)
    assert found == pytest.approx(2 * 20.0 / share)
    assert 10 < 1 / share < 1000


def test_closed_form_on_the_ground():
    scenario = priced(missiles=4, layer={"doctrine": "shoot-look-shoot", "salvo": 1, "shots_max": 3})
    catalogue = study.catalogue_for(scenario)
    _, wave = wave_of(scenario, "missile")
    rounds, batteries = steps_of(scenario, 0.1, ())[0]
    assert closed_form(scenario, catalogue, rounds, "missile", wave, rounds.units * ROUND) == pytest.approx(3 * ROUND)
    assert math.isnan(closed_form(scenario, catalogue, batteries, "missile", wave, 1.0))
    assert shots_at_one(tiny(layer={"salvo": 4, "shots_max": 2}).layers["only"]) == 2


# ---- a target ---------------------------------------------------------------------------------------------------


def two_towns(**given: Any) -> Scenario:
    """A town 500 km from the other, beyond the reach of its battery, which has a radar of its own that is paid for."""
    data = reader.to_data(priced(site={"stock": 6, "radar": "eye"}, **given))
    data["areas"]["far"] = {"lat_deg": 29.5, "lon_deg": 55.0, "radius_km": 10}
    data["cost"]["elements"]["radars"] = {"counts": ["sensors.eye"], "unit_musd": 100}
    return reader.from_data(data)


def test_a_target_takes_the_sites_that_are_its_own():
    scenario = two_towns()
    catalogue = study.catalogue_for(scenario)
    assert [one.sites for one in own_sites(scenario, catalogue, "town")] == [("battery",)]
    assert [one.sites for one in own_sites(scenario, catalogue, "far")] == [()]
    after = reader.from_data(with_own_sites(scenario, own_sites(scenario, catalogue, "town")))
    assert list(after.layers["only"].sites) == ["battery", "battery-more"]
    assert after.cost is not None
    assert after.cost.elements["radars"].counts == ["sensors.eye", "sensors.eye-more"]
    data = reader.to_data(scenario)
    data["areas"]["near"] = {"lat_deg": 25.5, "lon_deg": 55.0, "radius_km": 5}
    assert own_sites(reader.from_data(data), catalogue, "town")[0].sites == ()  # its battery reaches both
    with pytest.raises(InputError, match="area = 'twn'\n  must name a defended area of this scenario\nhint: did you"):
        own_sites(scenario, catalogue, "twn")
    with pytest.raises(InputError, match="area = 'town'\n  is the only one"):
        own_sites(tiny(), catalogue, "town")


# ---- from runs to files -----------------------------------------------------------------------------------------


@pytest.fixture
def stood_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "run", stand_in)


def found(scenario: Scenario, **more: Any) -> Any:
    return opendome.exchange(scenario, **({"runs": 4, "seed": 3} | more))


def test_exchange_of_a_round_for_a_missile(stood_in):
    """Of ten missiles and six rounds four leak, and one more in odd runs. A round more averts one leaker for 3 M$, a
    missile more brings one: 3 M$ for each, whose price is 1 M$."""
    one = found(priced(missiles=10, site={"stock": 6}))
    rows = one.table.set_index("element")
    assert rows.loc["rounds", "averted"] == 1
    assert rows.loc["rounds", "per_missile_musd"] == pytest.approx(ROUND)
    assert rows.loc["rounds", "ratio"] == pytest.approx(ROUND)
    assert rows.loc["batteries", "averted"] == 4  # six rounds more, of which four have a missile
    assert rows.loc["batteries", "per_missile_musd"] == pytest.approx((6 * ROUND + BATTERY) / 4)
    assert one.manifest["missile"]["brought"] == 1
    assert one.cheapest()["element"] == "rounds"
    assert one.manifest["missile"]["leakers"] == 4.5


def test_where_no_effect_is_seen_no_number_is_given(stood_in):
    one = found(priced(missiles=10, site={"stock": 50}))
    assert not one.table["is_seen"].any()
    assert one.table[["per_missile_musd", "ratio", "runs_needed"]].isna().all(axis=None)
    words = told.exchange_text(one)
    assert "no effect seen" in words
    assert "No effect of more missiles was seen, so nothing can be set against it." in words
    assert one.cheapest() is None


def test_runs_that_a_clear_answer_needs():
    """0.25 ± 0.25 of four runs would be two errors from zero after 16; what is not above zero tells nothing."""
    assert runs_for(Mean(0.25, 0.25), 4) == 16
    assert runs_for(Mean(1.0, 0.1), 100) == 4
    assert math.isnan(runs_for(Mean(0.0, 0.0), 4))
    assert math.isnan(runs_for(Mean(-0.1, 0.2), 4))


def test_what_is_told_and_written(stood_in, tmp_path):
    one = found(two_towns(missiles=10), area="town", threat_cost_musd=[1, 2, 4], out=tmp_path / "exchange")
    assert {path.name for path in (tmp_path / "exchange").iterdir()} == set(pages.FILES)
    whole = one.targets.iloc[-1]
    assert (whole["layer"], whole["cost_musd"]) == ("all", pytest.approx(6 * ROUND + BATTERY + 100))
    assert whole["ratio"] == pytest.approx(whole["cost_musd"] / 2)
    words = " ".join(told.exchange_text(one).split())
    assert "Cheapest at the margin is rounds (ground): 3 ± 0 M$ make up for one more missile, 1.5 times its" in words
    assert "One more target defended as town is, elsewhere: 138 ± 0 M$" in words
    assert "Not tried: command (counts nothing of the scenario); radars (a further sensor" in words
    data = json.loads(json.dumps(told.exchange_data(one)))
    assert data["rows"][0]["element"] == "rounds"
    assert data["targets"][-1]["layer"] == "all"
    drawing = ElementTree.fromstring((tmp_path / "exchange" / "exchange.svg").read_text(encoding="utf-8"))
    assert "a missile: 2 (1 to 4)" in "".join(drawing.itertext())
    text = (tmp_path / "exchange" / "exchange.html").read_text(encoding="utf-8")
    assert "--threat-cost 1:2:4 --area town --runs 4 --seed 3" in text


# ---- bad input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scenario", "more", "words"), [
    (tiny(), {}, "scenario: has no [cost]"),
    (priced(), {"more": 0}, "more = 0\n  must be a whole number of missiles"),
    (priced(), {"share": 0.0}, "share = 0.0\n  must be above 0"),
    (priced(), {"share": NAN}, "share = nan\n  must be above 0"),
    (priced(), {"runs": 1}, "runs = 1\n  must be at least 2"),
    (priced(), {"layers": ["command"]}, "there is no element of which more could be tried (command: counts nothing"),
    (priced(), {"threat": "drone"}, "threat = 'drone'\n  is sent by no wave"),
])
def test_bad_input(monkeypatch, scenario, more, words):
    monkeypatch.setattr(study, "run", lambda *_, **__: pytest.fail("a raid was run"))
    with pytest.raises(InputError) as error:
        found(scenario, **more)
    assert words in str(error.value)


def test_bad_price_on_the_command_line():
    with pytest.raises(InputError, match=r"--threat-cost 1:2\n  must be a number of M\$, or LOW:VALUE:HIGH"):
        told._price("1:2")
    assert told._price("1:2:3") == [1, 2, 3]
    assert told._price("7") == 7
    assert COST["years"] == 2
