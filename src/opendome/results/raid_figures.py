"""The figures of merit of raids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.results.figure import Figure, amount, is_known, is_label, one

if TYPE_CHECKING:
    import pandas as pd

THREAT_GROUPS = ("type", "threat_class", "place", "area", "raid")
WARNING_GROUPS = ("sensor", "type", "threat_class", "place", "area", "raid")
SITE_GROUPS = ("layer", "site", "interceptor", "raid")
SHOT_GROUPS = ("layer", "type", "threat_class", "raid")


def _warned_after(rows: pd.DataFrame) -> Any:
    return (rows["t_warned_s"] - rows["t_launch_s"]).fillna(0.0).to_numpy(np.float64)


def _at_decoys(rows: pd.DataFrame) -> Any:
    return (rows["shots"] * rows["is_decoy"]).to_numpy(np.float64)


_THREATS = {"threats": THREAT_GROUPS}
_WARNINGS = {"warnings": WARNING_GROUPS}
_SITES = {"sites": SITE_GROUPS}
_FIRED = {"sites": SITE_GROUPS, "shots": SHOT_GROUPS}
_leaked, _destroyed, _outside = (is_label("outcome", name) for name in ("leaked", "destroyed", "outside"))

RAID_FIGURES = (
    Figure("launched", "threats", "Threats launched.", _THREATS, one),
    Figure("leak_through", "share", "Share of the threats launched that came down in a defended area.", _THREATS,
           _leaked, one, better="less"),
    Figure("destroyed", "share", "Share of the threats launched that were destroyed.", _THREATS, _destroyed, one,
           better="more"),
    Figure("outside", "share", "Share of the threats launched that came down outside every defended area by "
           "themselves.", _THREATS, _outside, one),
    Figure("leakers", "threats", "Threats that came down in a defended area (`area`: aimed at, `hit_area`: came down "
           "in).", {"threats": (*THREAT_GROUPS, "hit_area", "reason")}, _leaked, better="less"),
    Figure("strays", "threats", "Threats that came down outside every defended area by themselves.", _THREATS,
           _outside),
    Figure("reasons", "share", "Share of the leakers that leaked for each reason.", {"threats": (*THREAT_GROUPS,
           "reason")}, _leaked, _leaked, each="reason"),
    Figure("seen", "share", "Share of the threats launched that were tracked before they came down.", _THREATS,
           is_known("t_seen_s"), one, better="more"),
    Figure("engaged", "share", "Share of the threats launched that were fired at.", _THREATS,
           is_known("t_shot_s"), one),
    Figure("alerted", "share", "Share of the threats launched that any sensor in orbit warned of.", _THREATS,
           is_known("t_warned_s"), one, better="more"),
    Figure("warning_delay", "s", "Time from launch to the first warning from orbit in the command post, of the threats "
           "that were warned of.", _THREATS, _warned_after, is_known("t_warned_s"), better="less"),
    Figure("warned", "share", "Share of the ballistic missiles whose burn a sensor in orbit warned of.", _WARNINGS,
           is_known("warned_after_s"), one, better="more"),
    Figure("warned_after", "s", "Time from launch to a sensor's warning in the command post, of the missiles that it "
           "warned of.", _WARNINGS, amount("warned_after_s"), is_known("warned_after_s"), better="less"),
    Figure("stereo", "share", "Share of the ballistic missiles whose burn two satellites of a sensor saw.", _WARNINGS,
           is_known("stereo_after_s"), one, better="more"),
    Figure("stereo_after", "s", "Time from launch to the second satellite's report, of the missiles that two saw.",
           _WARNINGS, amount("stereo_after_s"), is_known("stereo_after_s"), better="less"),
    Figure("fixes", "positions", "Positions of missiles after burnout that a sensor in orbit gave, by two satellites "
           "at a time; sensors are asked in the scenario's order, and only where no track is fresh.", _WARNINGS,
           amount("fixes")),
    Figure("custody", "share", "Share of the time after burnout, while sensors in orbit were asked, in which they had "
           "a position.", _THREATS, amount("held_s"), amount("watched_s"), better="more"),
    Figure("shots_at_decoys", "rounds", "Rounds fired at decoys.", _THREATS, _at_decoys, with_decoys=True,
           better="less"),
    Figure("fired_at", "threats", "Threats fired at, by who fired.", {"shots": SHOT_GROUPS}, amount("engaged")),
    Figure("shots", "rounds", "Rounds fired, those at decoys included.", {**_FIRED, "threats": THREAT_GROUPS},
           amount("shots"), with_decoys=True),
    Figure("kills", "threats", "Threats destroyed, by who destroyed them.", _FIRED, amount("kills")),
    Figure("shots_per_kill", "rounds", "Rounds fired for each threat destroyed.", _FIRED, amount("shots"),
           amount("kills"), better="less"),
    Figure("stock", "rounds", "Rounds at the start of the run.", _SITES, amount("stock"), is_state=True),
    Figure("left", "rounds", "Rounds left after the last raid, or after each raid.", _SITES, amount("left"),
           is_state=True, better="more"),
    Figure("left_share", "share", "Share of the rounds left after the last raid, or after each raid.", _SITES,
           amount("left"), amount("stock"), is_state=True, better="more"),
    Figure("cost", "M$", "Cost of the rounds fired.", _SITES, amount("cost_musd"), better="less"),
    Figure("cost_per_kill", "M$", "Cost of the rounds fired for each threat destroyed.", _SITES, amount("cost_musd"),
           amount("kills"), better="less"),
)
"""In the order they are best read."""
