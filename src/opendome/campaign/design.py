"""Fits a response surface to simulated raids, and checks it on others that were left out.

Design: a scrambled Halton sequence (Halton 1960, Owen 2017) over the logarithm of the number of each class and over the
stock. A first half of the points has more rounds than any raid uses up and gives what is wanted (logistic and Poisson
regressions by iterated least squares, with a small ridge); a second half has 0 to 1.25 times what the first says is
wanted and gives how the raid goes when rounds are short. Every point has its own random numbers and its own draws of
the assumptions. The checks lie between the points, every other one with full sites, the rest short of rounds.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from threading import local
from typing import Any

import numpy as np

from opendome.battle import CLASSES
from opendome.campaign import fight as raids
from opendome.campaign.fight import BY_OTHERS, BY_STOCKS, ENGAGED, HARMLESS, N_CLASSES, Template
from opendome.campaign.regress import LINE_MAX, fit_rounds, fit_shares
from opendome.campaign.surface import CERTAIN, N_FEATURES, Surface, empty_room, expect
from opendome.kernel import F64Array, I64Array, kernel, spread

SHORT_MOST = 1.25
"""Largest stock of the points that are short of rounds, in what is wanted."""

PLENTY, SHORT, FULL = range(3)
"""What a point's stock is: more than is ever used, less than or about what is wanted, or the sites as they are."""

BENDS = np.linspace(0.3, 0.95, 9)
"""Places that are tried for the two bends of a class's line, as shares of the logarithm of its largest number."""

FOLDS = 6
"""Parts into which points are dealt to find the best bends."""

QUANTITIES = ("engaged", "destroyed", "harmless", "leaked")
"""What is compared of each class."""


@dataclass(frozen=True)
class Points:
    """Simulated raids. P points, W runs of each, C classes, J stocks."""

    largest: I64Array  # (C,) most of each class
    counts: I64Array  # (P, C)
    kind: I64Array  # (P,)
    u_stock: F64Array  # (P, J) place in the range of the stock
    ready: F64Array  # (P, W, J) rounds at the sites
    kill_term: F64Array  # (P, W, C)
    rounds: F64Array  # (P, W, C, J)
    met: F64Array  # (P, W, C, 4)


def kill_terms(template: Template) -> F64Array:
    """(R, C) mean log odds of a kill by one round of the stocked layers that engage each class, run by run."""
    tables = template.problem.tables
    p_kill = np.clip(tables.draws.layers.p_kill, 0.01, 0.99)
    engages = (tables.layers.engages[:, np.newaxis] >> np.arange(N_CLASSES)) & 1  # (L, C)
    counted = engages * (template.group >= 0)[:, np.newaxis]
    odds = np.log(p_kill / (1.0 - p_kill))
    return np.asarray((odds * counted).sum(axis=1) / np.maximum(counted.sum(axis=0), 1))


def design(template: Template, n_points: int, n_checks: int, runs: int, largest: I64Array, seed: int) -> Points:
    """The points, then the checks, not simulated yet. `largest` (C,)."""
    from scipy.stats import qmc

    classes, n_stocks = np.flatnonzero(template.has_class), len(template.stocks)
    n = n_points + n_checks
    u = qmc.Halton(len(classes) + n_stocks, scramble=True, seed=seed % 2**32).random(n)
    counts = np.zeros((n, N_CLASSES), np.int64)
    counts[:, classes] = np.rint((1.0 + largest[classes]) ** u[:, : len(classes)] - 1.0)
    counts[counts.sum(axis=1) == 0, classes[0]] = 1
    kind = np.where(np.arange(n) < n_points // 2, PLENTY, SHORT)
    kind[n_points::2] = FULL
    shape = (n, runs)
    return Points(largest, counts, kind, u[:, len(classes):], np.zeros((*shape, n_stocks)),
                  kill_terms(template)[: n * runs].reshape(*shape, N_CLASSES),
                  np.zeros((*shape, N_CLASSES, n_stocks)), np.zeros((*shape, N_CLASSES, 4)))


def simulate_points(template: Template, points: Points, chosen: I64Array, wanted: F64Array, largest: I64Array,
                    place: tuple[int, ...], seed: int, jobs: int | None, progress: Callable[[int], None]) -> None:
    """Simulate the `chosen` points into their rows. `wanted` (P, J) rounds that the short ones are measured by; point p
    draws at (seed, place, p). `progress` is told how many runs have been done since it was last told."""
    runs, memory = points.ready.shape[1], local()
    at_sites = template.rounds_at_sites

    def work(first: int, last: int) -> None:
        if not hasattr(memory, "bench"):
            memory.bench = raids.empty_bench(template, largest, runs)
        for p in chosen[first:last]:
            rows, stock = range(p * runs, (p + 1) * runs), []
            for w, row in enumerate(rows):
                left = at_sites[row]
                if points.kind[p] == SHORT:
                    left = np.minimum(left, np.rint(SHORT_MOST * points.u_stock[p] * wanted[p]).astype(np.int64))
                points.ready[p, w] = raids.PLENTY if points.kind[p] == PLENTY else left
                stock.append(raids.plenty_at_sites(template, row) if points.kind[p] == PLENTY
                             else raids.stock_at_sites(template, row, left))
            tables = raids.raid_tables(template, points.counts[p], rows.start, rows.stop, np.array(stock),
                                       raids.raid_key(seed, *place, int(p)))
            raids.fight(template, tables, memory.bench)
            points.rounds[p], points.met[p] = memory.bench.rounds, memory.bench.met

    done = 0

    def tell(finished: int, _: int) -> None:
        nonlocal done
        progress((finished - done) * runs)
        done = finished

    spread(work, len(chosen), jobs=jobs, progress=tell)


# ---- the fit ----------------------------------------------------------------------------------------------------


def all_features(points: Points, c: int, knots: F64Array) -> F64Array:
    """(P, W, F) of class c with bends at `knots` (2,); the same as `surface.features` within the range of the fit."""
    mine = np.log1p(points.counts[:, c])
    others = np.log1p(points.counts.sum(axis=1) - points.counts[:, c])
    bends = [np.maximum(mine - knot, 0.0) for knot in knots]
    columns = [np.ones_like(mine), mine, *bends, others, others * others]
    wide = [np.broadcast_to(column[:, np.newaxis], points.ready.shape[:2]) for column in columns]
    return np.stack([*wide, points.kill_term[:, :, c]], axis=2)


def fit_need(points: Points, chosen: I64Array) -> tuple[F64Array, F64Array]:
    """Bends (C, 2) and coefficients (J, C, F) of the rounds wanted, from points with plenty of them.

    The bends are those of all pairs of `BENDS` that leave the smallest deviance at points left out in turn (`FOLDS`).
    """
    n_stocks = points.ready.shape[2]
    knots, need = np.zeros((N_CLASSES, 2)), np.zeros((n_stocks, N_CLASSES, N_FEATURES))
    need[:, :, 0] = -CERTAIN
    for c in map(int, np.flatnonzero(points.counts.any(axis=0))):
        n = np.repeat(points.counts[chosen, c], points.ready.shape[1]).astype(float)
        fold = np.repeat(np.arange(len(chosen)) % FOLDS, points.ready.shape[1])
        rounds = points.rounds[chosen, :, c].reshape(-1, n_stocks)
        pairs = [np.array(pair) for pair in combinations(BENDS * math.log1p(points.largest[c]), 2)]
        every = [all_features(points, c, pair)[chosen].reshape(-1, N_FEATURES) for pair in pairs]
        best = int(np.argmin([sum(_left_out(x, rounds[:, j], n, fold) for j in range(n_stocks)) for x in every]))
        knots[c], need[:, c] = pairs[best], [fit_rounds(every[best], rounds[:, j], n) for j in range(n_stocks)]
    return knots, need


def _left_out(x: F64Array, rounds: F64Array, n: F64Array, fold: I64Array) -> float:
    """Deviance of the rounds of each fold from a fit to the others."""
    total = 0.0
    for k in range(FOLDS):
        mine = fold == k
        found = fit_rounds(x[~mine], rounds[~mine], n[~mine])
        total += _deviance(rounds[mine], n[mine] * np.exp(np.minimum(x[mine] @ found, LINE_MAX)))
    return total


def _deviance(seen: F64Array, mean: F64Array) -> float:
    """How far numbers are from their means, as Poisson sees it."""
    ratio = np.where(seen > 0, seen / np.maximum(mean, 1e-300), 1.0)
    return float(2.0 * (seen * np.log(ratio) - (seen - mean)).sum())


def needs(points: Points, knots: F64Array, need: F64Array) -> F64Array:
    """(P, W, C, J) rounds wanted at every point by the coefficients."""
    by_class = [points.counts[:, c, np.newaxis, np.newaxis] * np.exp(all_features(points, c, knots[c]) @ need[:, c].T)
                for c in range(N_CLASSES)]
    return np.stack(by_class, axis=2)


def _fired_share(need: F64Array, ready: F64Array, sharpness: float) -> F64Array:
    """`surface.met_share` on arrays."""
    ratio = need / np.maximum(ready, 1e-9)
    fired = (1.0 + np.minimum(ratio, 1.0 / np.maximum(ratio, 1e-300)) ** sharpness) ** (-1.0 / sharpness)
    return np.asarray(np.where(ready > 0, fired / np.maximum(ratio, 1.0), 0.0))


def _best(loss: Callable[[float], float], low: float, high: float) -> float:
    """The number between low and high whose loss is least, looked for on a logarithmic scale."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(lambda z: loss(math.exp(z)), bounds=(math.log(low), math.log(high)), method="bounded")
    return math.exp(float(found.x))


def fit(points: Points, knots: F64Array, need: F64Array, n_points: int) -> Surface:
    """The surface of the first `n_points` points, all simulated. `knots` and `need` as from `fit_need`."""
    short, n_stocks = np.arange(n_points // 2, n_points), points.ready.shape[2]
    wanted = needs(points, knots, need)  # (P, W, C, J)
    total = wanted.sum(axis=2)
    sharpness = np.array([
        _fit_sharpness(points.rounds[short, :, :, j].sum(axis=2), total[short, :, j], points.ready[short, :, j])
        for j in range(n_stocks)])
    phi = np.stack([_fired_share(total[:, :, j], points.ready[:, :, j], sharpness[j]) for j in range(n_stocks)], axis=2)
    shares, bend = np.zeros((4, N_CLASSES, N_FEATURES)), np.ones((2, N_CLASSES))
    for c in range(N_CLASSES):
        of_class = (wanted[:, :, c] * phi).sum(axis=2) / np.maximum(wanted[:, :, c].sum(axis=2), 1e-12)
        shares[:, c], bend[:, c] = _fit_class(points, c, knots[c], of_class, n_points)
    return Surface(knots, need, sharpness, shares, bend)


def _fit_sharpness(fired: F64Array, need: F64Array, ready: F64Array) -> float:
    """The k by which rounds fired, (P, W) each, follow what is wanted and what is ready; means of points count."""

    def loss(k: float) -> float:
        gap = (need * _fired_share(need, ready, k) - fired).sum(axis=1)
        return float((gap**2 / (1.0 + need.sum(axis=1))).sum())

    return _best(loss, 0.5, 60.0)


def _fit_class(points: Points, c: int, knots: F64Array, phi: F64Array,
               n_points: int) -> tuple[F64Array, F64Array]:
    """Logistic coefficients (4, F) and bends (2,) of class c. `phi` (P, W): share that it gets of the rounds wanted."""
    plenty, short, every = np.arange(n_points // 2), np.arange(n_points // 2, n_points), np.arange(n_points)
    x, met = all_features(points, c, knots), points.met[:, :, c]
    n = np.broadcast_to(points.counts[:, c, np.newaxis], phi.shape).astype(float)
    rest = n - met[:, :, HARMLESS]
    shares, bend = np.zeros((4, N_FEATURES)), np.ones(2)
    for what, of, chosen in ((HARMLESS, n, every), (BY_STOCKS, rest, plenty),
                             (BY_OTHERS, rest - met[:, :, BY_STOCKS], every), (ENGAGED, n, plenty)):
        shares[what] = fit_shares(x[chosen].reshape(-1, N_FEATURES), met[chosen][:, :, what].ravel(),
                                  of[chosen].ravel())
    harmless = _logistic(x @ shares[HARMLESS])
    for what, part in ((ENGAGED, n), (BY_STOCKS, n * (1.0 - harmless))):
        full = part * _logistic(x @ shares[what])
        bend[what] = _fit_bend(full[short], phi[short], met[short][:, :, what])
    return shares, bend


def _fit_bend(full: F64Array, phi: F64Array, seen: F64Array) -> float:
    """The m for which full * phi ** m is nearest to what was seen, (P, W) each; 1 where nothing was."""

    def loss(m: float) -> float:
        gap = (full * phi**m - seen).sum(axis=1)
        return float((gap**2 / (1.0 + full.sum(axis=1))).sum())

    return _best(loss, 0.2, 5.0) if seen.any() else 1.0


def _logistic(line: F64Array) -> F64Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * line)))


# ---- the check --------------------------------------------------------------------------------------------------


@kernel
def _predict(knots, need, sharpness, shares, bend, n_stocks, counts, largest, kill_term, ready, room, rounds, met):
    """What the surface says of the runs of one point: `rounds` (W, J) fired, `met` (W, C, 4) threats."""
    for w in range(rounds.shape[0]):
        for j in range(n_stocks):
            room.ready[j] = ready[w, j]
        expect(knots, need, sharpness, shares, bend, n_stocks, counts, largest, kill_term[w], room)
        for j in range(n_stocks):
            rounds[w, j] = 0.0
            for c in range(counts.shape[0]):
                rounds[w, j] += room.need[j, c] * room.phi[j]
        for c in range(counts.shape[0]):
            for what in range(4):
                met[w, c, what] = counts[c] * room.share[c, what]


def compare(template: Template, surface: Surface, points: Points, n_points: int, campaign: str,
            step: int) -> Iterator[dict[str, Any]]:
    """Rows of the table `surfaces`: every point by simulation, with its error, and by the surface."""
    n, runs, n_stocks = points.ready.shape
    room = empty_room(n_stocks)
    rounds, met = np.zeros((runs, n_stocks)), np.zeros((runs, N_CLASSES, 4))
    for p in range(n):
        _predict(*surface, n_stocks, points.counts[p], points.largest, points.kill_term[p], points.ready[p], room,
                 rounds, met)
        told = {"campaign": campaign, "step": step, "point": p, "is_check": p >= n_points}
        for j, stock in enumerate(template.stocks):
            yield told | _row("rounds", stock, points.counts[p].sum(), points.rounds[p, :, :, j].sum(axis=1),
                              rounds[:, j])
        for c in np.flatnonzero(points.counts[p]):
            n_class = int(points.counts[p, c])
            pairs = zip(_by_quantity(points.met[p, :, c], n_class), _by_quantity(met[:, c], n_class), strict=True)
            for quantity, (seen, said) in zip(QUANTITIES, pairs, strict=True):
                yield told | _row(quantity, CLASSES[c], n_class, seen, said)


def _by_quantity(met: F64Array, n: int) -> tuple[F64Array, ...]:
    """(W,) each: engaged, destroyed, harmless, leaked, of `met` (W, 4)."""
    destroyed = met[:, BY_STOCKS] + met[:, BY_OTHERS]
    return met[:, ENGAGED], destroyed, met[:, HARMLESS], n - destroyed - met[:, HARMLESS]


def _row(quantity: str, group: str, launched: int, seen: F64Array, said: F64Array) -> dict[str, Any]:
    error = float(seen.std(ddof=1) / math.sqrt(len(seen)))
    return {"quantity": quantity, "group": group, "launched": float(launched), "simulated": float(seen.mean()),
            "error": error, "surface": float(said.mean())}


def errors(rows: list[dict[str, Any]], runs: int) -> list[dict[str, Any]]:
    """How well the surfaces did on the raids left out, by campaign, step, quantity and group.

    `rms`: root mean square of surface less simulation; `noise`: what of it chance in `runs` runs explains; `spread`:
    root mean square of the standard deviation between the runs of a raid; `mean`: mean simulated.
    """
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        if row["is_check"]:
            found.setdefault((row["campaign"], row["step"], row["quantity"], row["group"]), []).append(row)

    def root_mean_square(values: list[float]) -> float:
        return math.sqrt(sum(value * value for value in values) / len(values))

    return [{
        "campaign": campaign, "step": step, "quantity": quantity, "group": group, "checks": len(mine),
        "mean": sum(row["simulated"] for row in mine) / len(mine),
        "rms": root_mean_square([row["surface"] - row["simulated"] for row in mine]),
        "noise": root_mean_square([row["error"] for row in mine]),
        "spread": root_mean_square([row["error"] * math.sqrt(runs) for row in mine]),
    } for (campaign, step, quantity, group), mine in found.items()]


def fitted(template: Template, *, points: int, checks: int, runs: int, largest: I64Array, campaign: str, step: int,
           place: tuple[int, ...], seed: int, jobs: int | None,
           progress: Callable[[int], None]) -> tuple[Surface, list[dict[str, Any]]]:
    """The surface of a template and the rows of the table `surfaces` that show how good it is.

    `largest` (C,) most threats of each class; the template must have (points + checks) * runs runs. Draws at
    (seed, place, point).
    """
    grid = design(template, points, checks, runs, largest, int(raids.raid_key(seed, *place)[0]))
    wanted = np.zeros((points + checks, len(template.stocks)))
    plenty = np.flatnonzero(grid.kind == PLENTY)
    simulate_points(template, grid, plenty, wanted, largest, place, seed, jobs, progress)
    knots, need = fit_need(grid, plenty)
    wanted[:] = needs(grid, knots, need).sum(axis=2).mean(axis=1)
    simulate_points(template, grid, np.flatnonzero(grid.kind != PLENTY), wanted, largest, place, seed, jobs, progress)
    surface = fit(grid, knots, need, points)
    return surface, list(compare(template, surface, grid, points, campaign, step))
