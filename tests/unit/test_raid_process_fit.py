"""The fit of the raid process: sums of a log by hand, the levels against a closed form, a known process found again."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from opendome import rng
from opendome.battle import CLASSES
from opendome.campaign.fit import day_ratios, dispersion, fit_process
from opendome.campaign.fit_check import blocks_of, fitted_months, leave_out, share_inside
from opendome.campaign.levels import Counted, follow, sigma_of
from opendome.campaign.log_months import MASSED, ORDINARY, MonthTable, from_rows, month_table, to_rows
from opendome.campaign.process import DAYS, days_in, draw_month, lower_process
from opendome.errors import InputError
from opendome.sampling import Sampler
from opendome.scenario.campaign_specs import RaidProcess
from opendome.scenario.months import number_of
from opendome.scenario.raid_log import RaidLog, import_raid_log, summary_lines

LOG = """time_start,time_end,model,launched,destroyed
2031-01-30 20:00,2031-01-31 06:00,Shahed-136,30,20
2031-01-31 04:00,2031-01-31 05:00,Х-101 and Калибр,25,20
2031-01-31,2031-01-31,Orlan-10,2,2
2031-02-02 20:00,2031-02-03 05:00,Shahed-136,10,11
2031-02-03 03:00,2031-02-03 03:10,Iskander-M,4,1
2031-02-20,2031-02-20,Iskander-M and Kalibr,5,1
2031-02-21,2031-02-21,Mystery,7,1
"""


@pytest.fixture
def log(tmp_path: Path) -> RaidLog:
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    return import_raid_log(tmp_path / "log.csv")


def test_a_log_is_summed_by_month_class_and_kind_of_day(log):
    """31 January is massed (25 cruise missiles, and the drones that came in its night); 4 to 19 February is a hole."""
    table = month_table(log)
    assert table.classes == ("ballistic", "cruise", "drone")
    assert table.months == (number_of("2031-01"), number_of("2031-02"))
    assert table.days.tolist() == [[0, 1], [4, 0]]
    assert [(hole.first, hole.last, hole.days) for hole in table.holes] == [(date(2031, 2, 4), date(2031, 2, 19), 16)]
    assert table.quiet_days == 2  # 1 and 2 February
    assert table.launched[:, :, ORDINARY].tolist() == [[0, 0, 0], [9, 0, 10]]
    assert table.launched[:, :, MASSED].tolist() == [[0, 25, 30], [0, 0, 0]]
    assert table.squares[:, :, ORDINARY].tolist() == [[0, 0, 0], [16 + 25, 0, 100]]
    assert table.is_whole == [False, False]


def test_a_hole_is_named_where_a_log_is_summed_up(log):
    assert "hole: 2031-02-04 to 2031-02-19, 16 days without a row" in summary_lines(log)
    assert month_table(log, hole_days=17).quiet_days == 18
    assert month_table(log, massed_from=26).days.tolist() == [[1, 0], [4, 0]]
    assert month_table(log, last="2031-01").days.tolist() == [[0, 1]]


@pytest.mark.parametrize(("choices", "words"), [
    ({"first": "2032-01"}, "log.csv: holds no threats that fly from 2032-01 to its end"),
    ({"first": "2031-1"}, "first = '2031-1'\n  must be a month, for example 2026-02"),
    ({"massed_from": 0}, "massed_from = 0\n  must be 1 or more"),
    ({"hole_days": 1}, "hole_days = 1\n  must be 2 or more"),
    ({"massed_classes": ("cruse",)}, "'cruse'\n  must be one of ballistic, cruise"),
])
def test_choices_that_cannot_be_are_refused(log, choices, words):
    with pytest.raises(InputError) as found:
        month_table(log, **choices)
    assert words in str(found.value)


def test_too_short_a_log_is_refused(log):
    with pytest.raises(InputError, match="2 months with counted days\n  must be at least 3"):
        fit_process(log)


def test_rows_of_a_table_come_back_in_any_order(log):
    table = month_table(log)
    again = from_rows(reversed([{k: str(v) for k, v in row.items()} for row in to_rows(table)]))
    assert again.classes == table.classes
    assert again.months == table.months
    for name in ("days", "launched", "squares"):
        assert getattr(again, name).tolist() == getattr(table, name).tolist()


def test_dispersion_by_hand():
    """Days of 2 and 6: mean 4, variance 8, so the square of the mean is 16 - 8 / 2 and the dispersion (8 - 4) / 12."""
    one = np.ones(1)
    assert dispersion(one, 2 * one, 8 * one, 40 * one) == pytest.approx(1 / 3)
    assert dispersion(one, one, 8 * one, 64 * one) == 0.0  # a single day tells nothing


def test_day_ratios_by_hand():
    """At level 2, eight ordinary days bring 8 and two massed ones 12: half and three times the mean of all days."""
    ordinary, massed = day_ratios(np.ones(1), np.array([[8.0, 2.0]]), np.array([[8.0, 12.0]]), np.array([2.0]))
    assert (ordinary, massed) == (pytest.approx(0.5), pytest.approx(3.0))
    assert day_ratios(np.ones(1), np.array([[10.0, 0.0]]), np.array([[20.0, 0.0]]), np.array([2.0])) == (1.0, 1.0)


def test_levels_are_those_of_a_kalman_filter_where_counts_are_large():
    """Counts of about 10,000 are nearly normal in their logarithm, with variance 1 / count + dispersion."""
    n, noise, sigma = np.array([9000.0, 11000.0, 10000.0, 14000.0]), 0.02, 0.2
    found = follow(Counted(n, np.full(4, 10.0), np.full(4, noise)), sigma)
    mean, variance = np.log(n[0] / 10), noise + 1 / n[0]
    for count in n[1:]:
        mean, variance = mean - sigma**2 / 2, variance + sigma**2
        gain = variance / (variance + noise + 1 / count)
        mean, variance = mean + gain * (np.log(count / 10) - mean), (1 - gain) * variance
    ahead = found.ahead[4]
    assert found.log_level @ ahead == pytest.approx(mean - sigma**2 / 2, abs=0.02)
    assert np.sqrt(((found.log_level - found.log_level @ ahead) ** 2) @ ahead) == pytest.approx(
        np.sqrt(variance + sigma**2), rel=0.02)
    assert found.mean()[3] == pytest.approx(np.exp(mean + variance / 2), rel=0.02)


def test_an_unknown_month_only_widens_what_is_known():
    days = np.array([30.0, 0.0, 0.0])
    found = follow(Counted(np.array([3000.0, 0.0, 0.0]), days, np.zeros(3)), 0.3)
    centre = [found.log_level @ found.ahead[m] for m in (1, 2, 3)]
    spread = [np.sqrt((found.log_level - c) ** 2 @ found.ahead[m]) for m, c in zip((1, 2, 3), centre, strict=True)]
    assert spread == pytest.approx([0.3, 0.3 * np.sqrt(2), 0.3 * np.sqrt(3)], rel=0.02)
    assert np.diff(centre) == pytest.approx([-0.045, -0.045], abs=1e-3)


def test_level_that_stays_has_no_walk():
    sigma, low, high = sigma_of(Counted(np.full(24, 3000.0), np.full(24, 30.0), np.full(24, 0.02)))
    assert (sigma, low) == (0.0, 0.0)
    assert high < 0.2


TRUE = {"massed_gap_days": 6.0, "massed_crowding": 0.3, "classes": {
    "ballistic": {"per_day": 3.0, "dispersion": 1.5, "massed_share": 0.4, "massed_dispersion": 0.8, "level_sigma": 0.2},
    "cruise": {"per_day": 6.0, "dispersion": 2.0, "massed_share": 0.8, "massed_dispersion": 0.3, "level_sigma": 0.15},
    "drone": {"per_day": 150.0, "dispersion": 0.4, "massed_share": 0.2, "massed_dispersion": 0.1, "level_sigma": 0.3}}}


def made(seed: int, months: int = 60) -> tuple[MonthTable, np.ndarray]:
    """A log of the process above, and the levels of its last month. A massed raid is told by its drawn day."""
    key, first = rng.key(seed), number_of("2031-01")
    process = lower_process(RaidProcess.model_validate(TRUE), Sampler(key, 1, False), "x")
    levels, counts = np.zeros(len(CLASSES)), np.zeros((DAYS, len(CLASSES)), np.int64)
    days, launched, squares = np.zeros((months, 2)), np.zeros((months, 3, 2)), np.zeros((months, 3, 2))
    for m in range(months):
        draw_month(process, key, 0, 5, m, days_in(first + m), levels, counts)
        n_massed = 0
        for day in range(days_in(first + m)):
            chance = (process.p_massed[0] + process.contagion[0] * n_massed) / (1 + process.contagion[0] * day)
            kind = int(rng.uniform(key, 0, rng.RAID_MASSED, 5, m * DAYS + day) < chance)
            n_massed += kind
            days[m, kind] += 1
            launched[m, :, kind] += counts[day, :3]
            squares[m, :, kind] += counts[day, :3] ** 2
    return MonthTable(first, ("ballistic", "cruise", "drone"), days, launched, squares), levels


@pytest.mark.compiled
def test_a_known_process_is_found_again_with_honest_errors():
    """Ten logs of five years: each value lies within 4.5 errors, and misses over errors have the size of errors."""
    scores: dict[str, list[float]] = {}
    for seed in range(10):
        fit = fit_process(made(seed)[0])
        assert fit.massed_gap_days is not None
        scores.setdefault("gap", []).append((fit.massed_gap_days.value - 6) / fit.massed_gap_days.error)
        for found in fit.classes:
            for name in ("dispersion", "massed_share", "massed_dispersion", "level_sigma"):
                estimate, true = getattr(found, name), TRUE["classes"][found.name][name]
                scores.setdefault(name, []).append((estimate.value - true) / estimate.error)
    for name, found in scores.items():
        assert np.abs(found).max() < 4.5, name
        assert 0.5 < np.sqrt(np.mean(np.square(found))) < 1.7, name


@pytest.mark.compiled
def test_levels_at_the_end_are_what_the_process_had():
    misses = []
    for seed in range(10):
        table, levels = made(seed)
        for k, found in enumerate(fit_process(table).classes):
            misses.append(found.per_day.low <= levels[k] <= found.per_day.high)
    assert np.mean(misses) >= 0.8  # of 90 % bands that hold one more month's walk


@pytest.mark.compiled
def test_months_left_out_of_a_log_of_the_process_itself_are_bracketed():
    rows = leave_out(made(3)[0], 6, runs=400)
    assert len(rows) == 180
    assert 0.82 < share_inside(rows) <= 0.99
    assert share_inside(fitted_months(fit_process(made(3)[0]), runs=400)) > 0.85
    assert rows == leave_out(made(3)[0], 6, runs=400)


def test_blocks_end_with_the_last_month_and_hold_every_month_once():
    assert blocks_of([True] * 7, 3) == [range(0, 1), range(1, 4), range(4, 7)]
    assert blocks_of([False, True, True, False, True, True, False], 2) == [range(0, 4), range(4, 7)]
    with pytest.raises(InputError, match="leave_out = 0\n  must be 1 month or more"):
        blocks_of([True], 0)
    with pytest.raises(InputError, match="leave_out = 60\n  must leave at least 3 of the 60 months"):
        leave_out(made(3)[0], 60)


@pytest.mark.compiled
def test_a_fit_is_a_process_for_a_scenario():
    fit = fit_process(made(4)[0], source="somewhere2031")
    process = fit.process()
    assert fit.start_month == "2036-01"
    drone = process.classes["drone"]
    assert drone.per_day.source == "somewhere2031"
    assert drone.per_day.low_or_value < drone.per_day.value < drone.per_day.high_or_value
    calm = made(4)[0].without([])
    calm.days[:, MASSED] = 0
    alone = fit_process(calm)
    assert alone.massed_gap_days is None
    assert alone.process().classes["drone"].massed_share.value == 0
