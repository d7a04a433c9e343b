"""What must add up in every run, whatever happens in it."""

import numpy as np
import pandas as pd
import pytest

from opendome import study
from tiny import tiny

RUNS = 100


@pytest.fixture(scope="module")
def results():
    """Short of everything: stock, channels, launchers, kill probability; some missiles stray."""
    return study.run(tiny(missiles=8, drones=6, spread_min=3, site={"stock": 9, "channels": 3, "launchers": 2},
                          layer={"doctrine": "shoot-look-shoot", "salvo": 1, "salvo_last": 2, "shots_max": 3},
                          interceptor={"per_launcher": 4, "reload_s": 60, "common_mode": 0.3},
                          missile={"p_stray": 0.2, "stray_km": 40}), runs=RUNS, seed=5)


def test_everything_happens_in_it(results):
    threats = results.tables.threats
    assert set(threats["outcome"]) == {"destroyed", "leaked", "outside"}
    assert {"all shots missed", "no stock"} <= set(threats["reason"].dropna())


def test_launched_is_destroyed_leaked_and_outside(results):
    counts = results.tables.threats.groupby(["run", "outcome"], observed=False).size().unstack()
    assert (counts[["destroyed", "leaked", "outside"]].sum(axis=1) == 14).all()


def test_each_leaker_and_only_leakers_have_a_reason(results):
    threats = results.tables.threats
    has_reason = threats["reason"].notna() & (threats["reason"] != "")
    assert (has_reason == (threats["outcome"] == "leaked")).all()
    assert (threats["layer"].notna() == (threats["outcome"] == "destroyed")).all()


def test_shots_never_exceed_stock(results):
    sites = results.tables.sites
    assert (sites["shots"] <= sites["stock"]).all()
    assert (sites["left"] >= 0).all()
    assert (sites["shots"] + sites["left"] == sites["stock"]).all()


def test_the_tables_agree(results):
    threats, sites, shots = results.tables.threats, results.tables.sites, results.tables.shots
    runs = range(RUNS)

    def by_run(table, column):
        return table.groupby("run")[column].sum().reindex(runs, fill_value=0)

    fired = by_run(threats, "shots")
    destroyed = (threats["outcome"] == "destroyed").groupby(threats["run"]).sum().reindex(runs)
    pd.testing.assert_series_equal(fired, by_run(sites, "shots"), check_dtype=False)
    pd.testing.assert_series_equal(fired, by_run(shots, "shots"), check_dtype=False)
    pd.testing.assert_series_equal(destroyed, by_run(sites, "kills"), check_dtype=False, check_names=False)
    pd.testing.assert_series_equal(destroyed, by_run(shots, "kills"), check_dtype=False, check_names=False)


def test_time_runs_forward(results):
    threats = results.tables.threats
    seen, shot = threats["t_seen_s"], threats["t_shot_s"]
    assert (seen.dropna() >= threats["t_launch_s"][seen.notna()]).all()
    assert (shot.dropna() >= seen[shot.notna()]).all()
    assert (threats["t_end_s"] >= shot.fillna(0)).all()


def test_the_recorded_run_tells_the_same_story(results):
    """Run 0: as many kills and leaks among its events as in its rows."""
    events = results.tables.replay_events["event"].value_counts()
    first = results.tables.threats.query("run == 0")["outcome"].value_counts()
    for event, outcome in (("kill", "destroyed"), ("leak", "leaked"), ("outside", "outside")):
        assert events.get(event, 0) == first.get(outcome, 0)
    assert events["launch"] == 14


def test_more_kill_probability_never_leaks_more():
    """The same draws meet a higher threshold, so with rounds for all not a single run gets worse."""
    leaks = []
    for p_kill in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        scenario = tiny(missiles=4, spread_min=2, interceptor={"p_kill": {"ballistic": p_kill}})
        threats = study.run(scenario, runs=RUNS, seed=6).tables.threats
        leaks.append((threats["outcome"] == "leaked").groupby(threats["run"]).sum().to_numpy())
    assert (np.diff(leaks, axis=0) <= 0).all()
    assert leaks[0].mean() == 4
    assert leaks[-1].mean() == 0
