"""What a raid would meet by a date, and what is told of it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import opendome
from opendome import cli
from opendome.cli import schedules as command
from opendome.cost.schedule import changes_at, scenario_at, shares_at, unseen
from opendome.errors import InputError
from opendome.report import schedule as pages
from opendome.scenario import Scenario, reader
from programme_file import TEXT
from tiny import INTERCEPTOR, small_raid, tiny

DATES = {"unit_musd": 1, "first_delivery": "2027-01", "last_delivery": "2029-01"}
"""Over two years; by the end of 2027-12 half is there, by the end of 2027-06 a quarter."""

HALF, QUARTER = "2027-12", "2027-06"
DELAY = {"value": 12, "low": 0, "high": 24}


def defended(elements: dict[str, Any], **changes: Any) -> Scenario:
    """Two layers, three radars, a constellation and what they cost; delays at their values."""
    data = reader.to_data(small_raid(third={"type": "eye-type", "lat_deg": 25.1, "lon_deg": 55.3}))
    data["constellations"] = {"shell": {"n_satellites": 40, "n_planes": 4, "inclination_deg": 50, "altitude_km": 500}}
    site = {"lat_deg": 25.2, "lon_deg": 55.2}
    data["layers"]["second"]["sites"] = {"a": site | {"launchers": 4, "stock": 10}, "b": site | {
        "launchers": 2, "stock": 7}, "c": site | {"launchers": 2, "stock": 3}}
    data["cost"] = {"start": "2026-01", "years": 10, "elements": elements}
    assert reader.change(data, changes) == []
    return reader.from_data(data)


def counting(*keys: str, **changes: Any) -> dict[str, Any]:
    return {"counts": list(keys), **DATES, **changes}


@pytest.mark.parametrize(("element", "date", "expected"), [
    (counting("constellations.shell"), HALF, {"constellations.shell.deployed": 0.5}),
    (counting("constellations.shell"), QUARTER, {"constellations.shell.deployed": 0.25}),  # one of four planes
    (counting("constellations.shell"), "2027-05", {"constellations.shell.deployed": 0}),  # eight satellites of ten
    (counting("layers.second"), HALF, {"layers.second.sites.a.stock": 5, "layers.second.sites.b.stock": 3,
                                       "layers.second.sites.c.stock": 1}),
    (counting("layers.second.sites"), HALF, {"layers.second.sites.b.stock": 0, "layers.second.sites.c.stock": 0}),
    (counting("layers.second.launchers"), HALF, {"layers.second.sites.b.stock": 0, "layers.second.sites.c.stock": 0}),
    # two of eight launchers: half of those of the first site, and half of its rounds
    (counting("layers.second.launchers"), QUARTER, {
        "layers.second.sites.a.launchers": 2, "layers.second.sites.a.stock": 5, "layers.second.sites.b.stock": 0,
        "layers.second.sites.c.stock": 0}),
    (counting("layers.only"), HALF, {"layers.only.sites.battery.stock": {
        "value": 3, "low": 1, "high": 5}}),  # 6, from 2 to 10
    (counting("sensors.eye"), HALF, {"sensors.eye.on_station": 0}),
    (counting("sensors.eye", "sensors.other-eye", "sensors.third"), HALF, {
        "sensors.other-eye.on_station": 0, "sensors.third.on_station": 0}),
    (counting("sensors.third", "sensors.eye"), HALF, {"sensors.eye.on_station": 0}),
    (counting("layers.second"), "2029-01", {}),
    (counting("layers.second", there_at_start=20), "2026-01", {}),
    ({"n_units": 3, **DATES}, "2026-06", {}),
    ({"counts": ["layers.second"], "unit_musd": 1}, "2026-01", {}),
])
def test_what_is_there(element: dict[str, Any], date: str, expected: dict[str, Any]) -> None:
    scenario = defended({"one": element})
    changes = changes_at(scenario, date, runs=1)
    assert changes == expected
    left = scenario_at(scenario, date, runs=1)  # the keys are those of --set, and the scenario is one that can be run
    assert left.cost is None
    for key, value in expected.items():
        there: Any = reader.to_data(left)
        for part in key.split("."):
            there = there[part]
        assert there == ({"value": value} if isinstance(there, dict) and not isinstance(value, dict) else value)


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_least_share_holds(is_turned: bool) -> None:
    """24 of 36 months of the satellites, 12 of 24 of the sensors on them: half of those that are deployed."""
    elements = {"bus": counting("constellations.shell", first_delivery="2026-01", last_delivery="2029-01"),
                "eyes": counting("sensors.high", unit_musd=0)}
    data = reader.to_data(defended({"x": counting("layers.only")}))
    data["sensors"]["high"] = {"type": "ir-leo-track", "constellation": "shell"}
    data["constellations"]["shell"]["deployed"] = 0.5
    data["cost"]["elements"] = dict(reversed(elements.items())) if is_turned else elements
    found = changes_at(reader.from_data(data), HALF, runs=1)
    assert found == {"constellations.shell.deployed": pytest.approx(0.5 * 0.5)}


def test_rounds_go_to_the_sites_that_are_there() -> None:
    """Half of 20 rounds, and one site of three, which has room for all ten."""
    scenario = defended({"sites": counting("layers.second.sites"), "rounds": counting("layers.second")})
    assert changes_at(scenario, HALF, runs=1) == {"layers.second.sites.b.stock": 0, "layers.second.sites.c.stock": 0}
    quarter = changes_at(defended({"sites": counting("layers.second.sites", last_delivery="2028-01"),
                                   "rounds": counting("layers.second")}), QUARTER, runs=1)
    # a site (of 1.5) of ten rounds, and five rounds
    assert quarter == {f"layers.second.sites.{name}.stock": rounds for name, rounds in (("a", 5), ("b", 0), ("c", 0))}


def test_quantiles_over_delays() -> None:
    """With delays of 0 to 24 months, 12 in the middle, 20.2, 12 and 3.8 of 24 units are there by the end of 2028-12."""
    scenario = defended({"one": counting("constellations.shell", delay_months=DELAY)})
    shares = [shares_at(scenario, "2028-12", quantile=q, runs=20_000)["one"] for q in (0.95, 0.5, 0.05)]
    assert [24 * share for share in shares] == pytest.approx([20.21, 12, 3.79], abs=0.2)
    assert changes_at(scenario, "2028-12", runs=20_000) == {"constellations.shell.deployed": shares[1]}
    assert changes_at(scenario, "2028-12") == changes_at(scenario, "2028-12", seed=scenario.seed)
    assert changes_at(scenario, "2028-12") != changes_at(scenario, "2028-12", seed=scenario.seed + 1)


def test_bad_input() -> None:
    scenario = defended({"one": counting("layers.second")})
    with pytest.raises(InputError, match="must be from 0"):
        changes_at(scenario, HALF, quantile=1.5)
    with pytest.raises(InputError, match="must be a month of the programme"):
        changes_at(scenario, "2036-01")
    with pytest.raises(InputError, match=r"has no \[cost\]"):
        changes_at(tiny(), HALF)
    with pytest.raises(InputError, match="is run as campaigns, whose months are their own"):
        opendome.schedule("stocks-2026", date=HALF, raid=True, changes={"cost": {
            "start": "2026-01", "elements": {"one": {"n_units": 1, "unit_musd": 1}}}})


# ---- with raids --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found() -> opendome.Schedule:
    """Two missiles, four rounds that never miss, two at each. By the end of 2028-12 with 0 to 24 months of delay."""
    cost = {"start": "2026-01", "years": 10, "milestones": {
        "half": {"date": "2028-12", "needs": {"rounds": 0.5}}, "never": {"date": "2027-01", "needs": {"rounds": 1.0}}},
        "elements": {"rounds": counting("layers.only", delay_months=DELAY),
                     "post": {"n_units": 1, "unit_musd": 1, "layer": "command"}}}
    scenario = tiny(missiles=2, site={"stock": 4}, interceptor=INTERCEPTOR | {"p_kill": {"ballistic": 1.0}}, cost=cost,
                    assumptions="sampled")
    return opendome.schedule(scenario, date="2028-12", raid=True, runs=40, seed=3)


@pytest.mark.compiled
def test_leaks_with_what_is_there(found: opendome.Schedule) -> None:
    """All four rounds: nothing leaks. Two of four: one of two missiles. None in the late case: both."""
    assert found.leaks is not None
    rows = found.leaks.set_index("there")
    assert list(rows.index) == ["everything", "early", "middle", "late"]
    assert rows["value"]["everything"] == 0
    assert found.manifest["changes"]["middle"]["layers.only.sites.battery.stock"] in (1, 2)
    assert rows["value"]["late"] == 1
    assert rows["value"]["early"] <= rows["value"]["middle"] == 0.5
    assert rows["more"].tolist() == rows["value"].tolist()
    assert rows["more_error"].tolist() == [0, 0, 0, 0]
    assert rows["quantile"].tolist()[1:] == [0.95, 0.5, 0.05]
    assert (rows["runs"] == 40).all()
    assert found.manifest["unseen"] == ["post"] == unseen(found.scenario)


@pytest.mark.compiled
def test_what_is_told(found: opendome.Schedule) -> None:
    lines = command.text(found).splitlines()
    assert lines[:2] == ["Solved on paper", "what is there by the end of 2028-12; 40 runs of delays, seed 3"]
    row = [cell for cell in lines[4].split("  ") if cell.strip()]
    assert row[0].strip() == "rounds"
    assert "everything" in "\n".join(lines)
    assert "Raids do not feel the lack of what counts nothing of the scenario: post." in lines
    assert "none of 40 runs" in next(line for line in lines if line.startswith("never"))
    data = command.as_data(found)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["elements"][0]["planned"] == 4
    assert data["milestones"][1]["p_met"] == 0


@pytest.mark.compiled
def test_the_folder(found: opendome.Schedule, tmp_path: Path) -> None:
    folder = pages.save(found, tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == sorted(pages.FILES)
    page = (folder / pages.PAGE).read_text(encoding="utf-8")
    assert "opendome schedule scenario.toml --date 2028-12 --raid --runs 40 --seed 3" in page
    assert "https://" not in page
    drawing = (folder / "schedule.svg").read_text(encoding="utf-8")
    assert "Deliveries of 2 elements and 2 milestones, with 2028-12 as a line" in drawing
    again = opendome.schedule(folder / "scenario.toml", date="2028-12", runs=40, seed=3)
    assert again.capability.elements.equals(found.capability.elements)
    pages.save(found, folder)  # an earlier one is replaced
    (folder / "other.txt").write_text("")
    with pytest.raises(InputError, match="holds files that are not those of a schedule"):
        pages.check(folder)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "programme.toml"
    file.write_text(TEXT)
    assert cli.main(["schedule", str(file), "--date", "2028-07", "--runs", "1", "--set", "milestone.date=2028-02",
                     "--out", f"{tmp_path}/out", "--json"]) == 0
    out, err = capsys.readouterr()
    data = json.loads(out)
    assert data["elements"][0]["value"] == pytest.approx(40 * 7 / 24)
    assert data["milestones"][0]["date"] == "2028-02"
    assert (data["leaks"], data["raid"], data["draws"]) == (None, False, 1)
    assert "open" in err
    assert not (tmp_path / "out" / "leaks.csv").exists()
    assert "--raid" not in (tmp_path / "out" / pages.PAGE).read_text(encoding="utf-8")
    csv = np.genfromtxt(tmp_path / "out" / "elements.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
    assert csv["planned"][0] == data["elements"][0]["planned"]


def test_a_chart_of_what_is_not_within_the_programme(tmp_path: Path) -> None:
    late = opendome.schedule(tiny(cost={"start": "2026-01", "years": 3, "elements": {
        "rounds <&>": counting("layers.only", last_delivery="2028-12", delay_months={
            "value": 24, "low": 0, "high": 60})}}), date=HALF, runs=1)
    assert late.capability.elements["done"].tolist() == [None]
    drawing = pages.draw(late)
    assert "rounds &lt;&amp;&gt;" in drawing
    assert "not by 2028-12" in command.text(late)
