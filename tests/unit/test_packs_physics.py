"""Packs of physical results: cases worked by hand, what their numbers come from, and the page of all packs."""

import csv
import math
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from opendome import reproduce
from opendome.errors import InputError
from opendome.reproduce.all import run_all
from opendome.reproduce.models import aps, ballistic, gmd, observed_gulf, stock_return, tracking_layer
from opendome.reproduce.rebuild import assumptions, model_of
from opendome.scenario import reader
from opendome.threats import BOOST

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import make_packs  # noqa: E402

PHYSICS = ("aps-2003", "ballistic-references", "csis-2023", "csis-stocks", "glide-references", "gmd", "observed-gulf",
           "observed-ukraine", "wilkening-2000")
QUICK = ("gmd", "observed-gulf", "observed-ukraine", "wilkening-2000")
"""Packs of arithmetic alone."""
SLOW = [pytest.param(name, marks=pytest.mark.compiled) for name in ("ballistic-references", "glide-references")]


@cache
def tables() -> dict[str, pd.DataFrame]:
    """The table of every pack: one run for all tests."""
    return run_all()


def stated(name: str) -> dict[str, float]:
    return assumptions(reproduce.load(name), {})


# ---- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.compiled
@pytest.mark.parametrize("name", PHYSICS)
def test_rows_are_within_or_say_why_not(name):
    pack, rows = reproduce.load(name), tables()[name]
    for row in rows.itertuples():
        assert bool(pack.outputs[row.output].falls_short) is (row.within is False), row.output
        assert row.within is False or not math.isnan(row.ours), row.output
    assert (rows["within"] == True).sum() >= 4  # noqa: E712


@pytest.mark.compiled
def test_the_page_is_what_the_code_gives_now():
    found = (ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
    assert found == make_packs.page(tables()), "run python docs/make_packs.py"


@pytest.mark.parametrize("name", [*QUICK, SLOW[0]])
def test_every_assumption_moves_a_number(name):
    """A little more or less, or what a case states, moves an output."""
    pack, compute, values = reproduce.load(name), model_of(reproduce.load(name)), stated(name)
    before = compute(values)
    for key, found in pack.assumptions.items():
        tried = [found.value * 1.01, found.value + 1.0, found.value - 1.0]
        tried += [changed[key] for changed in pack.cases.values() if key in changed]
        assert any(moves(compute, before, {**values, key: value}) for value in tried), key


def moves(compute, before, values) -> bool:
    try:
        return compute(values) != before
    except InputError:
        return False


@pytest.mark.parametrize("name", [*QUICK, *SLOW])
def test_every_number_of_a_model_is_shown_or_known_not_to_be(name):
    pack = reproduce.load(name)
    shown = {key.rpartition(".")[2] for key in pack.outputs}
    assert set(model_of(pack)(stated(name))) - shown == ({"burnout_alt_km"} if name.startswith("ballistic") else set())


# ---- by hand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hits", "tests"), [(12, 21), (1, 2), (10, 10), (0, 5)])
def test_interval_of_a_test_record(hits, tests):
    expected = binomtest(hits, tests).proportion_ci(0.95, method="wilson")
    assert gmd.wilson(hits, tests) == pytest.approx((expected.low, expected.high), abs=1e-7)


def test_what_is_left_for_a_silo():
    """40 for 5,000: 125 each; an interceptor of 100 in dollars of the same year leaves 25."""
    values = stated("gmd") | {"unit_musd": 100.0, "unit_price_year": 2021.0}
    found = gmd.compute(values)
    assert found["silo_left_musd"] == pytest.approx(25.0)
    assert gmd.compute(values | {"silo_musd": 25.0})["more_in_alaska_musd"] == pytest.approx(5000.0)
    assert found["eastern_site_musd"] == pytest.approx(4000.0 + 20 * 80)
    assert gmd.compute(values | {"unit_price_year": 2026.0})["silo_left_musd"] > 25.0, "older dollars are fewer"


@pytest.mark.parametrize("range_km", [500.0, 7400.0, 12000.0])
def test_least_energy_from_ground_to_ground_is_the_closed_form(range_km):
    """v2 = GM / R 2 s / (1 + s), s = sin(phi / 2), elevation (pi - phi) / 4; time by Lambert's theorem."""
    radius, mu, phi = ballistic.MEAN_RADIUS_M, ballistic.WGS84.mu_m3_s2, 1e3 * range_km / ballistic.MEAN_RADIUS_M
    s = math.sin(0.5 * phi)
    values = stated("ballistic-references") | {"range_km": range_km, "burn_s": 0.0, "lift_off_g": 0.0}
    found = ballistic.compute(values)
    beta = 2.0 * math.asin(math.sqrt((1.0 - s) / (1.0 + s)))
    time_s = math.sqrt((0.5 * radius * (1.0 + s)) ** 3 / mu) * (math.pi - beta + math.sin(beta))
    assert found["burnout_speed_km_s"] == pytest.approx(1e-3 * math.sqrt(mu / radius * 2.0 * s / (1.0 + s)), rel=1e-7)
    assert found["burnout_angle_deg"] == pytest.approx(math.degrees(0.25 * (math.pi - phi)), abs=2e-3)
    assert found["flight_time_min"] == pytest.approx(time_s / 60.0, rel=1e-4)


def test_a_level_circular_arc_stays_where_it_is():
    speed = math.sqrt(ballistic.WGS84.mu_m3_s2 / (ballistic.MEAN_RADIUS_M + 90e3))
    apogee_m, _ = ballistic.kepler_arc(ballistic.Flight(0.99 * speed, 0.0, 90e3))
    assert apogee_m == pytest.approx(90e3, abs=1.0)


def test_points_are_spread_evenly():
    lat_deg, lon_deg = tracking_layer.points(2000)
    assert (np.abs(lat_deg) <= 90.0).all()
    assert (np.abs(lon_deg) <= 180.0).all()
    assert np.mean(np.abs(lat_deg) < 30.0) == pytest.approx(0.5, abs=0.002)
    east = np.histogram(lon_deg, bins=12, range=(-180.0, 180.0))[0]
    assert np.ptp(east) <= 4
    assert len(set(zip(lat_deg.round(6), lon_deg.round(6), strict=True))) == 2000


def test_boost_ends_at_burnout():
    values = stated("aps-2003") | {"burn_s": 169.5}
    flight = aps.boost(values, "west")
    assert flight.alt_m[0] == pytest.approx(0.0, abs=1.0)
    assert flight.alt_m[-1] == pytest.approx(180e3, rel=1e-6)
    assert flight.phase is not None
    assert set(flight.phase) == {int(BOOST)}
    assert float(np.linalg.norm(flight.v_ecef_m_s[0])) == pytest.approx(0.0, abs=1e-6)
    assert (np.diff(flight.alt_m[:-1]) > 0.0).all()


def test_shots_that_a_rate_implies():
    assert observed_gulf.sspk(0.75, 2.0) == pytest.approx(0.5)
    assert observed_gulf.sspk(0.9, 1.0) == pytest.approx(0.9)


def test_rounds_that_the_gulf_fires():
    """100 at the Emirates, as many elsewhere, half of Bahrain's besides: 250; 10 % let go, half of 40 % by THAAD: 180
    left for two each."""
    values = {"emirates_all_days": 100.0, "kuwait_qatar_saudi": 50.0, "emirates_same_days": 50.0, "bahrain": 20.0,
              "emirates_bahrain_days": 40.0, "harmless_share": 0.1, "thaad_covered_share": 0.4, "thaad_p_kill": 0.5,
              "shots_each": 2.0}
    assert observed_gulf.rounds_fired(values) == pytest.approx(250 * 0.9 * 0.8 * 2)


# ---- where numbers come from -----------------------------------------------------------------------------------------


def test_stocks_are_those_of_the_scenario():
    """Values and ranges as in stocks-2026, but for a range that the pack widens to take in its case."""
    data = reader.to_data(reader.load("stocks-2026"))["stockpile"]
    pack = reproduce.load("csis-stocks")
    assert set(stock_return.KEYS) == set(pack.assumptions)
    for name, keys in stock_return.KEYS.items():
        for key in keys:
            found = data
            for step in key.split("."):
                found = found[step]
            ours = pack.assumptions[name]
            assert ours.value == found["value"], key
            assert ours.low_or_value <= (found["low"] or found["value"]), key
            assert ours.high_or_value >= (found["high"] or found["value"]), key
            assert ours.source == found["source"], key


def test_counts_over_ukraine_are_those_of_the_log():
    """Of the validation's table, by the rule of the published one."""
    periods = {"2023": "2023", "2024": "2024", "2025": "2025", "aug_2025": "2025-08", "sep_2025": "2025-09",
               "oct_2025": "2025-10", "jan_2026": "2026-01"}
    families = {"drone": "drones", "cruise": "cruise", "ballistic": "ballistic"}
    found: Counter[str] = Counter()
    with (ROOT / "tests" / "validation" / "data" / "ukraine_fractions.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for period, months in periods.items():
                if row["rule"] == "published" and row["month"].startswith(months):
                    for what in ("launched", "destroyed"):
                        found[f"{families[row['family']]}_{period}_{what}"] += int(row[what])
    ours = {key: value for key, value in stated("observed-ukraine").items() if "_night_" not in key}
    assert ours == dict(found)


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "changes", "words"), [
    ("wilkening-2000", {"confidence": 1.2}, "wilkening-2000: confidence = 1.2\n  must be from 0 to 1"),
    ("wilkening-2000", {"raid_warheads": 2.5}, "raid_warheads = 2.5\n  must be a whole number"),
    ("wilkening-2000", {"raid_p_track": 0.9}, "cannot be reached: with p_track 0.9"),
    ("gmd", {"tests_hit": 22}, "gmd: tests_hit = 22\n  must be from 0 to 21"),
    ("gmd", {"unit_musd": -1}, "unit_musd = -1\n  must not be below 0"),
    ("gmd", {"unit_price_year": 1800}, "unit_price_year = 1800\n  must be from 1929 to"),
    ("observed-gulf", {"ballistic_destroyed": 300}, "the destroyed are 1.15 of the missiles\n  must be from 0 to 1"),
    ("observed-gulf", {"harmless_share": 2}, "harmless_share = 2\n  must be from 0 to 1"),
    ("observed-ukraine", {"cruise_2023_destroyed": 2000}, "cruise_2023_destroyed = 2000\n  must be from 0 to 1184"),
    ("observed-ukraine", {"cruise_2023_launched": 0, "cruise_2023_destroyed": 0}, "cannot be computed"),
    ("csis-2023", {"n_points": 1e9}, "n_points = 1e+09\n  must be from 10 to 20000"),
    ("csis-2023", {"node_spread_deg": 270}, "node_spread_deg = 270\n  must be 360 (delta) or 180 (star)"),
    ("aps-2003", {"usable_s": 200}, "usable_s = 200\n  must be from 1 to 170"),
    ("glide-references", {"lift_to_drag": 1e9}, "lift_to_drag = 1e+09\n  must be from 0.5 to 10"),
    ("ballistic-references", {"apogee_km": 1}, "apogee_km = 1\n  is not met by burnout at 0.5 to 12 degrees"),
    ("csis-stocks", {"lead_months": -1}, "lead_months = -1\n  must not be below 0"),
    ("csis-stocks", {"thaad_war_share": 2}, "uses.us-thaad-war.share"),
])
def test_what_cannot_be_used_is_refused(name, changes, words):
    """By the whole pack where that is quick, which says its name too; else by its model."""
    compute = model_of(reproduce.load(name))
    with pytest.raises(InputError) as error:
        reproduce.run(name, **changes) if name in QUICK else compute(stated(name) | changes)
    assert words in str(error.value)
    assert name not in QUICK or str(error.value).startswith(f"{name}: ")
