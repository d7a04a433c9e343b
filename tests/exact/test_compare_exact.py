"""Paired differences with a known answer, through the whole loop."""

import math

import numpy as np
import pandas as pd
import pytest

import opendome
from opendome.study.compare import PAIRED
from tiny import small_raid, tiny

FAR_RADAR = {"type": "eye-type", "lat_deg": -40.0, "lon_deg": -120.0}
GLOW = {"plume_kw_sr": 100, "plume_k": 2000, "body_m2": 1, "nose_radius_m": 0.05}
"""What an infrared sensor would see; there is none here."""


def _one_shot(p_kill, missiles=1):
    return tiny(missiles=missiles, missile=GLOW, layer={"salvo": 1, "shots_max": 1},
                interceptor={"p_kill": {"ballistic": p_kill}})


def _row(found, figure, group="all", b="B"):
    rows = found.rows(b)
    return rows[(rows["figure"] == figure) & (rows["group"] == group)].iloc[0]


def test_certain_shots_save_every_missile():
    found = opendome.compare(_one_shot(0, 5), _one_shot(1, 5), runs=6, seed=41, figures=["leakers", "leak_through"])
    row = _row(found, "leakers")
    assert row[["value_a", "value_b", "difference", "error", "low", "high"]].tolist() == [5, 0, -5, 0, -5, -5]
    assert row[["runs", "better", "equal", "worse"]].tolist() == [6, 1, 0, 0]
    assert _row(found, "leak_through")["difference"] == -1
    assert found.attacks[0] == (True, 6, 1.0)


def test_what_pairing_is_worth():
    """One shot with p_kill 0.5 or 0.7 on the same draw: the better one leaks less in 0.2 of the runs and never more. So
    the paired variance is 0.2 x 0.8, and without pairing it would be 0.5 x 0.5 + 0.3 x 0.7."""
    runs = 3000
    row = _row(opendome.compare(_one_shot(0.5), _one_shot(0.7), runs=runs, seed=42, figures="leakers"), "leakers")
    assert abs(row["difference"] + 0.2) <= 4 * row["error"]
    assert row["error"] == pytest.approx(math.sqrt(0.16 / runs), rel=0.05)
    assert row["gain"] == pytest.approx(math.sqrt(0.46 / 0.16), rel=0.05)
    assert row["correlation"] == pytest.approx((0.3 - 0.5 * 0.3) / math.sqrt(0.25 * 0.21), abs=0.05)
    assert (row["better"], row["worse"]) == (pytest.approx(0.2, abs=4 * math.sqrt(0.16 / runs)), 0)
    assert row["better"] == pytest.approx(-row["difference"])  # each run that is better is so by one missile


def test_what_changes_nothing_makes_no_difference():
    """A radar on the other side of the Earth: every difference is 0, without any error, in every run."""
    found = opendome.compare(small_raid(), small_raid(stranger=FAR_RADAR), runs=5, seed=43,
                             figures=["leakers", "shots", "cost", "left", "reasons", "shots_per_kill"])
    assert len(found.table) >= 6
    assert found.table["error_a"].max() > 0
    assert (found.table[["difference", "error", "low", "high"]] == 0).all(axis=None)
    assert (found.table["equal"].dropna() == 1).all()
    assert [change.key for change in found.changes[0]] == ["sensors.stranger"]


@pytest.fixture(scope="module")
def pair():
    """Two defences with chance everywhere; 12 runs."""
    other = opendome.scenario.reader.from_data(
        opendome.scenario.reader.to_data(small_raid()) | {"assumptions": "sampled", "title": "Other"})
    data = opendome.scenario.reader.to_data(other)
    data["layers"]["only"] |= {"salvo": 2, "shots_max": 3}
    return small_raid(), opendome.scenario.reader.from_data(data)


FIGURES = ["leak_through", "leakers", "shots", "cost", "cost_per_kill", "reasons"]


def test_the_other_way_round_is_the_negative(pair):
    one = opendome.compare(*pair, runs=12, seed=44, figures=FIGURES).table
    two = opendome.compare(*pair[::-1], runs=12, seed=44, figures=FIGURES).table
    one, two = (table.sort_values(["figure", "group"], ignore_index=True) for table in (one, two))
    assert (one["difference"] != 0).sum() >= 4
    swapped = two.rename(columns={"low": "high", "high": "low", "better": "worse", "worse": "better"})
    swapped[["difference", "low", "high"]] *= -1
    columns = ["figure", "group", *PAIRED]
    pd.testing.assert_frame_equal(one[columns], swapped[columns], check_exact=False, rtol=1e-12)
    exact = ["difference", "error", "low", "high", "runs", "better", "equal", "worse"]
    pd.testing.assert_frame_equal(one[exact], swapped[exact], check_exact=True)


def test_values_are_those_of_the_tables_and_so_is_their_difference(pair):
    found = opendome.compare(*pair, runs=12, seed=44, figures=FIGURES[:5], by="raid").table
    singles = [opendome.run(scenario, runs=12, seed=44) for scenario in pair]
    n_exact = 0
    for row in found.to_dict(orient="records"):
        tables = [single.table(row["figure"], "raid") for single in singles]
        for side, table in zip("ab", tables):
            one = table[table["raid"] == row["group"]].iloc[0]
            assert [row[f"{c}_{side}"] for c in ("value", "error", "runs")] == one[["value", "error", "runs"]].tolist()
        if row["runs"] == row["runs_a"] == row["runs_b"] and row["difference"] != 0:
            assert row["difference"] == tables[1]["value"][0] - tables[0]["value"][0]
            n_exact += 1
    assert n_exact >= 3


def test_paired_errors_by_hand(pair):
    """From the rows of the threats, in plain words of pandas."""
    found = _row(opendome.compare(*pair, runs=12, seed=44, figures="leakers"), "leakers")
    counts = []
    for scenario in pair:
        threats = opendome.run(scenario, runs=12, seed=44).tables.threats
        counts.append((threats["outcome"] == "leaked").groupby(threats["run"]).sum())
    each = counts[1] - counts[0]
    assert found["difference"] == pytest.approx(each.mean(), abs=1e-12)
    assert found["error"] == pytest.approx(each.sem(), abs=1e-12)
    assert (found["low"], found["high"]) == pytest.approx(tuple(each.quantile([0.05, 0.95])), abs=1e-12)
    assert (found["better"], found["worse"]) == ((each < 0).mean(), (each > 0).mean())
    assert found["correlation"] == pytest.approx(np.corrcoef(*counts)[0, 1])


def test_more_missiles_are_another_attack():
    """Four missiles or six: 4 of 6 launches are the same in every run, since each has draws of its own."""
    found = opendome.compare(_one_shot(0.5, 4), _one_shot(0.5, 6), runs=5, seed=45, figures="launched")
    assert found.attacks[0] == (False, 0, pytest.approx(4 / 6))
    assert _row(found, "launched")["difference"] == 2


def test_decoys_are_no_other_launches():
    """A missile's draws are its own, whatever it carries: the launches are the same though the raids are not."""
    def with_decoys(n):
        data = opendome.scenario.reader.to_data(_one_shot(0.5, 4))
        data["raids"]["raid"]["waves"][0] |= {"decoys": n, "spread_min": 10.0}
        return opendome.scenario.reader.from_data(data)

    assert opendome.compare(with_decoys(0), with_decoys(2), runs=5, seed=46, figures="launched").attacks[0] == (
        False, 5, 1.0)
