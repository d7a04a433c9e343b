"""The process of raids: its distributions against scipy and by hand, its addresses, its lowering, dated raids."""

import numpy as np
import pytest
from scipy import stats

from opendome import rng
from opendome.battle import CLASSES
from opendome.campaign.process import (
    DAYS,
    MOST,
    contagion_of,
    days_in,
    draw_month,
    given_days,
    lower_process,
    negative_binomial,
)
from opendome.errors import InputError
from opendome.sampling import Sampler
from opendome.scenario.campaign_specs import DatedRaid, RaidProcess
from opendome.scenario.months import number_of

KEY = rng.key(11)
BALLISTIC, CRUISE, DRONE = (CLASSES.index(name) for name in ("ballistic", "cruise", "drone"))


def lowered(runs: int = 1, **fields: object):
    return lower_process(RaidProcess.model_validate(fields), Sampler(KEY, runs, True), "campaigns.war.process")


def drawn(process, runs: int, months: int = 1, days: int = 30, address: int = 77):
    """(runs, months, 31, classes) numbers of the first `runs` runs; one row of the table serves all of them."""
    counts = np.zeros((runs, months, DAYS, len(CLASSES)), np.int64)
    for run in range(runs):
        levels = np.zeros(len(CLASSES))
        for month in range(months):
            draw_month(process, KEY, run, address, month, days, levels, counts[run, month])
    return counts


@pytest.mark.parametrize("mean", [0.03, 2.0, 180.0, 900.0, 4000.0])
@pytest.mark.parametrize("dispersion", [0.0, 1e-6, 0.01, 0.5, 3.0, 40.0])
def test_quantiles_are_those_of_the_negative_binomial(mean, dispersion):
    if dispersion:
        size = 1 / dispersion
        reference = stats.nbinom(size, size / (size + mean))
    else:
        reference = stats.poisson(mean)
    for u in (1e-9, 0.003, 0.2, 0.5, 0.8, 0.997, 1 - 1e-9):
        n = negative_binomial(u, mean, dispersion)
        if n == MOST:
            assert reference.cdf(MOST - 1) < u
            continue
        assert reference.cdf(n) >= u - 1e-10
        assert n == 0 or reference.cdf(n - 1) <= u + 1e-10


def test_the_last_uniform_number_ends():
    assert negative_binomial(1 - 2.0**-53, 1e-3, 40.0) < MOST
    assert negative_binomial(0.5, 0.0, 1.0) == 0
    assert negative_binomial(0.5, 1e7, 0.0) == MOST


@pytest.mark.compiled
def test_a_day_has_the_stated_mean_and_variance():
    process = lowered(2000, classes={"ballistic": {"per_day": 4.0, "dispersion": 1.5}}, massed_gap_days=5.0)
    n = drawn(process, 2000)[:, 0, :30, BALLISTIC].astype(float).ravel()
    variance = 4.0 + 1.5 * 16.0
    assert abs(n.mean() - 4.0) < 4 * np.sqrt(variance / n.size)
    assert abs(n.var() - variance) < 4 * np.sqrt((n - n.mean()).var() ** 2 * (stats.kurtosis(n) + 2) / n.size)
    assert drawn(process, 1, days=28)[0, 0, 28:].sum() == 0


@pytest.mark.compiled
def test_classes_and_days_are_drawn_apart():
    same = {"per_day": 20.0, "dispersion": 0.5}
    n = drawn(lowered(1000, classes={"cruise": same, "drone": same}), 1000)[:, 0, :30].astype(float)
    assert abs(np.corrcoef(n[..., CRUISE].ravel(), n[..., DRONE].ravel())[0, 1]) < 4 / np.sqrt(30_000)
    assert abs(np.corrcoef(n[:, :-1, DRONE].ravel(), n[:, 1:, DRONE].ravel())[0, 1]) < 4 / np.sqrt(29_000)


def test_months_are_drawn_apart():
    """The same numbers in every month would leave the months' own totals without chance."""
    n = drawn(lowered(20, massed_gap_days=3.0, classes={"drone": {"per_day": 5.0, "massed_share": 0.5}}), 20, months=2)
    first, second = (n[:, month, :30, DRONE].ravel().astype(float) for month in (0, 1))
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(600)


def test_levels_of_classes_wander_apart():
    same = {"per_day": 3.0, "level_sigma": 1.0}
    n = drawn(lowered(300, classes={"cruise": same, "drone": same}), 300, months=2, days=2)
    later = np.log1p(n[:, 1].sum(axis=1))
    assert abs(np.corrcoef(later[:, CRUISE], later[:, DRONE])[0, 1]) < 4 / np.sqrt(300)


@pytest.mark.compiled
def test_massed_raids_bring_their_share_on_the_same_days():
    process = lowered(2000, massed_gap_days=6.0, classes={
        "cruise": {"per_day": 3.0, "massed_share": 1.0, "massed_dispersion": 0.1},
        "ballistic": {"per_day": 50.0, "massed_share": 0.5}})
    n = drawn(process, 2000)[:, 0, :30].astype(float)
    assert abs(n[..., CRUISE].mean() / 3.0 - 1) < 4 * np.sqrt((6 * (1.1 + 1 / 18) - 1) / 60_000)
    assert abs(n[..., BALLISTIC].mean() / 50.0 - 1) < 4 * np.sqrt((0.25 * 5 + 1 / 50) / 60_000)
    massed = n[..., CRUISE] > 0
    assert abs(massed.mean() - 1 / 6) < 4 * np.sqrt(5 / 36 / 60_000)
    assert abs(n[massed][:, BALLISTIC].mean() / (25.0 + 0.5 * 50 * 6) - 1) < 0.005
    assert abs(n[~massed][:, BALLISTIC].mean() / 25.0 - 1) < 0.005


@pytest.mark.compiled
def test_crowded_months_have_the_beta_binomial_number_of_massed_raids():
    gap, crowding = 5.0, 0.6
    process = lowered(4000, massed_gap_days=gap, massed_crowding=crowding,
                      classes={"cruise": {"per_day": 100.0, "massed_share": 1.0}})
    found = (drawn(process, 4000)[:, 0, :30, CRUISE] > 0).sum(axis=1)
    p = 1 / gap
    total = (1 - p) / (p * crowding) - 1
    expected = stats.betabinom(30, p * total, (1 - p) * total)
    seen = np.bincount(found, minlength=31) / found.size
    assert np.abs(np.cumsum(seen) - expected.cdf(np.arange(31))).max() < 1.95 / np.sqrt(found.size)  # Kolmogorov, 0.1 %
    assert expected.var() == pytest.approx(30 * p * (1 - p) + 30 * 29 * p * p * crowding)
    assert contagion_of(np.array([p]), np.array([crowding]))[0] == pytest.approx(1 / total)


@pytest.mark.compiled
def test_levels_walk_by_their_standard_deviation_from_the_stated_start():
    process = lowered(3000, classes={"drone": {"per_day": 1000.0, "level_sigma": 0.3}})
    n = drawn(process, 3000, months=3)[:, :, :30, DRONE].mean(axis=2)
    assert abs(n[:, 0].mean() / 1000 - 1) < 4 * np.sqrt(1e-3 / 30 / 3000)
    steps = np.diff(np.log(n), axis=1)
    for step in steps.T:  # the noise of a month's 30 days adds 2 / 30,000
        assert abs(step.mean() + 0.045) < 4 * 0.3 / np.sqrt(3000)  # minus half the variance: the mean stays
        assert step.std() == pytest.approx(np.sqrt(0.09 + 2 / 30_000), abs=4 * 0.3 / np.sqrt(6000))
    assert abs(np.corrcoef(steps.T)[0, 1]) < 4 / np.sqrt(3000)


def test_a_month_is_the_same_in_any_company():
    """Another class, another run or another campaign changes nothing; another month needs only the level."""
    fields = {"massed_gap_days": 4.0, "massed_crowding": 0.5}
    drone = {"per_day": 30.0, "dispersion": 0.4, "massed_share": 0.3, "level_sigma": 0.2}
    alone = drawn(lowered(3, classes={"drone": drone}, **fields), 3, months=3)
    both = drawn(lowered(3, classes={"cruise": {"per_day": 5.0}, "drone": drone}, **fields), 3, months=3)
    assert alone[..., DRONE].tolist() == both[..., DRONE].tolist()
    levels, counts = np.zeros(len(CLASSES)), np.zeros((DAYS, len(CLASSES)), np.int64)
    process = lowered(3, classes={"drone": drone}, **fields)
    draw_month(process, KEY, 2, 77, 0, 30, levels, counts)
    assert counts.tolist() == alone[2, 0].tolist()
    assert drawn(process, 1, address=78).tolist() != alone[:1, :1].tolist()


def test_uncertain_values_are_columns_over_the_runs():
    per_day = {"value": 5.0, "low": 4.0, "high": 6.0}
    process = lowered(50, classes={"cruise": {"per_day": per_day, "dispersion": 2.0}})
    assert process.per_day[:, CRUISE].std() > 0
    assert 4 < process.per_day[:, CRUISE].min() < process.per_day[:, CRUISE].max() < 6
    assert process.massed_dispersion[0, CRUISE] == 2.0
    assert process.per_day[:, DRONE].sum() == 0


def test_crowding_that_cannot_be_is_refused():
    with pytest.raises(InputError, match="massed_crowding = 4\n  must be below massed_gap_days - 1 = 3"):
        lowered(1, massed_gap_days=4.0, massed_crowding=4.0, classes={"cruise": {"per_day": 1.0}})
    daily = lowered(1, massed_gap_days=1.0, classes={"cruise": {"per_day": 50.0, "massed_share": 1.0}})
    assert (drawn(daily, 1)[0, 0, :30, CRUISE] > 0).all()


def test_dated_raids_fall_on_their_days_and_add_up():
    raids = [DatedRaid(day="2026-02-28", launched={"ballistic": 3, "drone": 10}),
             DatedRaid(day="2026-03-01", launched={"ballistic": 2}),
             DatedRaid(day="2026-03-01", launched={"ballistic": 5})]
    days = given_days(raids, number_of("2026-02"), 2)
    assert days.shape == (2, DAYS, len(CLASSES))
    assert days.dtype == np.int64
    assert (days[0, 27, BALLISTIC], days[0, 27, DRONE], days[1, 0, BALLISTIC], days.sum()) == (3, 10, 7, 20)


@pytest.mark.parametrize(("day", "words"), [
    ("2026-02-30", "is not a day of the calendar"),
    ("2026-04-01", "must lie in the campaign's months, 2026-02 to 2026-03"),
    ("2026-01-31", "must lie in the campaign's months"),
])
def test_dates_that_cannot_be_are_named_by_row(day, words):
    raids = [DatedRaid(day="2026-02-01", launched={"drone": 1}),
             DatedRaid.model_construct(day=day, launched={"drone": 1})]  # files check theirs
    with pytest.raises(InputError, match=words) as found:
        given_days(raids, number_of("2026-02"), 2)
    assert "raids.1.day" in str(found.value)


def test_days_of_a_month():
    assert [days_in(number_of(month)) for month in ("2026-02", "2028-02", "2026-12")] == [28, 29, 31]
