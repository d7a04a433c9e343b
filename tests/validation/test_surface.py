"""The response surface of campaigns against simulated raids.

verifies    campaign/design.py and campaign/surface.py, the fit and the drawing of outcomes; campaign/loop.py
source      our own raid (raid/): raids that were left out of the fit, and the same campaign simulated raid by raid
inputs      a battery with three channels, slow reloads and radars that see late, kill probability 0.3 to 0.9; raids of
            up to 40 ballistic missiles and 60 drones; 48 raids to fit, 12 to check, 32 runs of each; ten raids with 160
            rounds (fewer than are wanted) and with 1000
tolerance   raids left out: root mean square error below half the standard deviation between the runs of one raid, for
            those engaged, who vary little, below one; campaigns: 4 standard errors of the difference, and the root mean
            square error of the surface for each raid
"""

from functools import cache

import numpy as np
import pytest

from opendome.battle import CLASSES
from opendome.campaign.design import errors
from tiny_campaign import busy, run

pytestmark = pytest.mark.compiled

SIZES = [(4, 0), (10, 5), (40, 20), (2, 60), (6, 3), (15, 1), (1, 0), (0, 40), (30, 10), (8, 2)]
DAYS = {f"2026-01-{3 * day + 1:02d}": {"ballistic": b, "drone": d} for day, (b, d) in enumerate(SIZES)}
RUNS, DESIGN_RUNS = 40, 32


@cache
def outcome(fight, stock):
    return run(busy(fight, DAYS, stock=stock, points=48, checks=12, runs=DESIGN_RUNS), RUNS, seed=4, jobs=None)


def test_raids_left_out(validation):
    for row in errors(outcome("surface", 160).surfaces, DESIGN_RUNS):
        if row["mean"] > 0:
            limit = row["spread"] * (1.0 if row["quantity"] == "engaged" else 0.5)
            group = "" if row["quantity"] == "rounds" else f", {row['group']}"
            validation(f"{row['quantity']}{group}, {row['checks']} raids left out, mean {row['mean']:.1f}",
                       limit, row["rms"], 0.0, "a raid", limit=True)


@pytest.mark.parametrize("stock", [160, 1000])
def test_same_campaign_by_raid_and_by_surface(validation, stock):
    ours, theirs = outcome("surface", stock), outcome("raid", stock)
    rms = {(row["quantity"], row["group"]): row["rms"] for row in errors(ours.surfaces, DESIGN_RUNS)}

    def compare(what, one, other, off, unit, of=1.0):
        error = np.hypot(one.std(ddof=1), other.std(ddof=1)) / np.sqrt(RUNS)
        validation(f"{what}, ten raids, {stock} rounds", other.mean() / of, one.mean() / of,
                   (4 * error + len(DAYS) * off) / of, unit)

    compare("rounds fired", ours.records.fired[:, 0, 0], theirs.records.fired[:, 0, 0], rms["rounds", "rounds"],
            "rounds")
    for name in ("ballistic", "drone"):
        c = CLASSES.index(name)
        launched = float(theirs.attacks.launched[0, 0, 0, c])
        compare(f"leak-through of {name}s", ours.attacks.leaked[:, 0, 0, c], theirs.attacks.leaked[:, 0, 0, c],
                rms["leaked", name], "-", launched)
    spread = [o.attacks.leaked[:, 0, 0].sum(axis=1).std(ddof=1) for o in (ours, theirs)]
    validation(f"spread of all leakers between runs over that by raid, {stock} rounds", 1.0, spread[0] / spread[1],
               0.35, "-")  # four standard errors of a ratio of standard deviations of 40 runs each would be 0.64
