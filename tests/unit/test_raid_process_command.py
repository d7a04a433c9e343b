"""`opendome raids fit`: what it prints can stand in a scenario, and says what the log lacks."""

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from opendome import cli, import_raid_log
from opendome.errors import InputError
from opendome.scenario.campaign_specs import Campaign, RaidProcess
from opendome.scenario.raid_days import to_campaign_raids

pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    """A log of eight months: drones daily, missiles weekly; two weeks of July missing; mixed and odd rows."""
    numbers = np.random.default_rng(5)
    rows = ["start,end,type,launched,destroyed"]
    day = date(2031, 1, 1)
    while day < date(2031, 9, 1):
        if not date(2031, 7, 10) <= day < date(2031, 7, 24):
            n = int(numbers.negative_binomial(2, 2 / 42))
            rows.append(f"{day} 20:00,{day + timedelta(days=1)} 05:00,Шахед-136,{n},{n // 2}")
            if numbers.random() < 1 / 7:
                rows.append(f"{day + timedelta(days=1)} 04:00,{day + timedelta(days=1)} 05:00,Х-101 and Калибр,"
                            f"{25 + int(numbers.poisson(10))},20")
                rows.append(f"{day + timedelta(days=1)} 04:00,,Iskander-M and Kalibr,{numbers.poisson(4)},1")
        day += timedelta(days=1)
    rows += ["2031-08-30,,Shahed-136,3,5", "2031-08-30,,Mystery,3,0"]
    path = tmp_path_factory.mktemp("log") / "log.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def said(capsys, *args: object) -> str:
    assert cli.main([str(arg) for arg in args]) == 0
    return str(capsys.readouterr().out)


def test_what_it_prints_is_a_process_and_tells_of_holes_and_odd_rows(log, capsys):
    text = said(capsys, "raids", "fit", log, "--runs", 200, "--campaign", "north")
    data = tomllib.loads(text)
    process = RaidProcess.model_validate(data["campaigns"]["north"]["process"])
    assert list(process.classes) == ["ballistic", "cruise", "drone"]
    assert process.classes["drone"].per_day.source == "raid-log"
    assert data["catalogue"]["references"]["raid-log"]["title"] == "Raid log log.csv"
    assert 4 < process.massed_gap_days.value < 14
    assert 20 < process.classes["drone"].per_day.value < 80
    assert process.classes["cruise"].massed_share.value > 0.9
    lines = text.splitlines()
    assert "# hole, left out: 2031-07-11 to 2031-07-23, 13 days without a row" in lines
    assert "# 1 x more destroyed than launched" in lines
    assert any(line.endswith("1 not used and so not counted") for line in lines)
    assert any("x several classes, counted as the fastest" in line for line in lines)
    assert any(line.startswith("# 2031-03  drone ") for line in lines)
    assert not any(line.startswith("# 2031-07") for line in lines), "a month with a hole is not judged"


def test_months_left_out_are_foretold(log, capsys):
    data = json.loads(said(capsys, "raids", "fit", log, "--leave-out", 2, "--runs", 200, "--json"))
    assert data["left_out"] == 2
    assert data["holes"] == [{"first": "2031-07-11", "last": "2031-07-23", "days": 13}]
    assert sorted({row["month"] for row in data["months"]}) == [f"2031-0{m}" for m in (2, 3, 4, 5, 6, 8)]
    assert {row["ahead"] for row in data["months"]} <= {1, 2, 3}
    assert np.mean([row["inside"] for row in data["months"]]) > 0.7


@pytest.mark.parametrize(("args", "words"), [
    (["--first", "2031-08"], "months with counted days\n  must be at least 3"),
    (["--first", "2032-01"], "holds no threats that fly from 2032-01 to its end"),
    (["--last", "August"], "last = 'August'\n  must be a month"),
    (["--massed-from", "0"], "massed_from = 0"),
    (["--leave-out", "8"], "leave_out = 8\n  must leave at least 3"),
    (["--leave-out", "-1"], "leave_out = -1\n  must be 1 month or more"),
])
def test_what_cannot_be_fitted_is_said(log, capsys, args, words):
    assert cli.main(["raids", "fit", str(log), *args]) == 2
    assert words in capsys.readouterr().err


def test_a_log_day_by_day_is_a_campaign(log, tmp_path, capsys):
    out = tmp_path / "days.toml"
    said(capsys, "raids", "import", log, "--campaign", "raids", "--out", out)
    found = tomllib.loads(out.read_text(encoding="utf-8"))["campaigns"]["raids"]["raids"]
    days = {raid["day"]: raid["launched"] for raid in found}
    rows = [line.split(",") for line in log.read_text(encoding="utf-8").splitlines()[1:]]
    drones = sum(int(row[3]) for row in rows if row[2] in ("Шахед-136", "Shahed-136"))
    assert sum(raid.get("drone", 0) for raid in days.values()) == drones
    assert list(days) == sorted(days)
    assert not [day for day in days if "2031-07-11" <= day <= "2031-07-23"], "nothing is filled in for the hole"
    first = rows[0]  # of the evening of 1 January, until the next morning
    assert days["2031-01-02"]["drone"] == int(first[3])
    assert "2031-01-01" not in days
    whole = {"owner": "home", "raids": found, "against": {name: {} for name in ("drone", "cruise", "ballistic")}}
    assert Campaign.model_validate(whole).raids[0].day == "2031-01-02"


def test_days_of_a_campaign_need_a_place_and_no_flights(log, tmp_path, capsys):
    assert cli.main(["raids", "import", str(log), "--campaign", "raids"]) == 2
    assert "hint: add --out FILE.toml" in capsys.readouterr().err
    out = tmp_path / "days.toml"
    assert cli.main(["raids", "import", str(log), "--campaign", "raids", "--at", "city=1", "--out", str(out)]) == 2
    assert "are not for a campaign" in capsys.readouterr().err
    assert not out.exists()


def test_days_of_some_months_alone(log):
    found = to_campaign_raids(import_raid_log(log), first="2031-03", last="2031-04")
    assert {raid["day"][:7] for raid in found} == {"2031-03", "2031-04"}
    with pytest.raises(InputError, match="holds no raids that could be used from 2032-01 to its end"):
        to_campaign_raids(import_raid_log(log), first="2032-01")
