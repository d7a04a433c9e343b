"""One run of a study flown again, and recorded whole: what the page that replays a run is made of.

The same scenario, number of runs, seed and version give the same run, so nothing but these has to be kept. Run 0 of a
study is kept with its results, with less in it: `kept` reads that.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from opendome import __version__
from opendome.catalogue import digest
from opendome.errors import InputError
from opendome.raid.fight import Outcome
from opendome.results import Results
from opendome.scenario import Scenario, reader
from opendome.study import catalogue_for
from opendome.study.flown import Flown, fly_again, fly_raids, raid_number, threats_of
from opendome.study.replay_kept import replay_kept
from opendome.study.replay_tables import Replayed, replayed

__all__ = ["Replayed", "kept", "replay", "replay_of", "replays_of"]


def replay(scenario: Scenario, *, runs: int, seed: int, run: int, raid: str | None = None) -> Replayed:
    """Run number `run` (from 0) of a study of `runs` runs, flown again; the raid of that name, or the first.

    Raises `InputError` for a run or raid that the study does not have, and for campaigns over months, whose raids are
    not kept one by one.
    """
    return replayed(fly_again(scenario, runs=runs, seed=seed, run=run, raid=raid))


def replay_of(results: Results, run: int, raid: str | None = None) -> Replayed:
    """A run of results flown again, checked against what they say of it; the raid of that name, or the first.

    Raises `InputError` as `replay` does, and where it cannot be done: for results of another version or catalogue, and
    for a run that comes out differently here.
    """
    flights, at = _flights(results, run), raid_number(results.scenario, raid)
    return replayed(next(flown for flown in flights if flown.raid == at))


def replays_of(results: Results, run: int) -> Iterator[Replayed]:
    """Every raid of a run of results in their order, in one flight. Raises `InputError` as `replay_of` does; for raids
    that come out differently only where they come."""
    return map(replayed, _flights(results, run))


def _flights(results: Results, run: int) -> Iterator[Flown]:
    """The raids of a run flown again, each as the results say."""
    manifest, scenario = results.manifest, results.scenario
    differs = [f"{what} {was}, here {now}" for what, was, now in (
        ("version", manifest["version"], __version__),
        ("scenario", manifest["scenario_sha256"][:12], reader.digest(scenario)[:12]),
        ("catalogue", manifest["catalogue_sha256"][:12], digest(catalogue_for(scenario))[:12])) if was != now]
    if differs:
        raise InputError(f"run {run}: cannot be flown again with this version of OpenDome\n  made with "
                         + "\n  made with ".join(differs)
                         + "\nhint: run 0 can be shown as it was kept; or install the version that made the results, "
                         "or run the scenario again")
    flights = fly_raids(scenario, runs=int(manifest["runs"]), seed=int(manifest["seed"]), run=run)
    return (_checked(flown, results) for flown in flights)


def _checked(flown: Flown, results: Results) -> Flown:
    """The raid, if it is that of the results."""
    if not _is_same(flown, results):
        raise InputError(f"run {flown.run}: comes out differently here than in the results, so it is not shown\n"
                         "  the same bytes need the same libraries and the same kind of machine\n"
                         "hint: run 0 can be shown as it was kept; or run the scenario again here")
    return flown


def kept(results: Results, raid: str | None = None) -> Replayed:
    """Run 0 as it was kept with the results: threats and events alone. Raises `InputError` as `replay` does."""
    raid_number(results.scenario, raid)
    return replay_kept(results, raid if raid is not None else next(iter(results.scenario.raids)))


def _is_same(flown: Flown, results: Results) -> bool:
    """Whether each threat of the raid ended, and was fired at, as the results say."""
    rows = results.tables.threats
    rows = rows[(rows["run"] == flown.run) & (rows["raid"] == flown.problem.names.raids[flown.raid])]
    here, names = threats_of(flown), np.array([outcome.name.lower() for outcome in Outcome])
    if len(rows) != len(here.outcome):
        return False
    ended = rows["outcome"].astype("str").to_numpy() == names[here.outcome]
    return bool(ended.all() and (rows["shots"].to_numpy() == here.shots.sum(axis=1)).all())
