"""`opendome raids fit`: what it prints can stand in a scenario, and says what the log lacks."""

import json
import tomllib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from opendome import cli
from opendome.scenario.campaign_specs import RaidProcess

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
