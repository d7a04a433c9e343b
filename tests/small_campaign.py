"""Synthetic results of campaigns: a few lines of monthly arithmetic of their own, so that pictures can be tested alone.

Every round is in stock, fired, expired, given or on the way; run r draws its own rate of production and use.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from opendome.results import Results, Tables
from opendome.scenario import Scenario

MANIFEST: dict[str, Any] = {
    "format": 4, "version": "0.1.0", "title": "Stocks of a few", "scenario_sha256": "5c" * 32,
    "catalogue_sha256": "ca" * 32, "seed": 7, "runs": 40, "fidelity": "full",
    "environment": {"python": "3.11.2", "numpy": "2.1.0", "numba": "0.61.0", "platform": "Linux x86_64"},
}

OWNERS = ("united-states", "gulf-states", "israel", "ukraine", "japan", "germany", "poland", "taiwan", "south-korea",
          "saudi-arabia")
INTERCEPTORS = ("patriot", "thaad", "sm3-ib", "sm3-iia", "sm6", "iris-t")
START, YEARS = 2026 * 12 + 1, 7
EVERY = 12
"""Months from one lot of an order to the next."""


def scenario(owners: Sequence[str], interceptors: Sequence[str], *, lots: int, note: str = "") -> Scenario:
    """Each owner holds every type and orders it `lots` times; one line a type; the first owner gives to the second."""
    stocks = {owner: {kind: 600.0 // (1 + i) // (1 + k) for k, kind in enumerate(interceptors)}
              for i, owner in enumerate(owners)}
    orders = {f"{owner}-{kind}": {"owner": owner, "interceptor": kind, "rounds": 240.0 // (1 + i) // (1 + k) + 2,
                                  "contract": "2025-06", "lead_months": 18.0, "every_months": EVERY, "times": lots,
                                  "note": note}
              for i, owner in enumerate(owners) for k, kind in enumerate(interceptors)}
    return Scenario.model_validate({
        "title": "Stocks of a few", "price_year": 2026, "runs": 40, "seed": 7, "note": note,
        "stockpile": {
            "start": "2026-02", "until": f"{2026 + YEARS - 1}-12", "owners": {name: {"note": note} for name in owners},
            "interceptors": {kind: {} for kind in interceptors}, "stocks": stocks,
            "components": {"seeker": {"per_year": 700}},
            "lines": {f"{kind}-line": {"owner": owners[0], "interceptor": kind, "per_year": 400 // (1 + k),
                                       "components": {"seeker": 1}} for k, kind in enumerate(interceptors)},
            "orders": orders,
            "transfers": {"gift": {"from": owners[0], "to": owners[-1], "interceptor": interceptors[0], "rounds": 40,
                                   "month": "2026-06", "every_months": 6, "times": 3, "delay_months": 2}},
            "uses": {"war": {"owner": owners[0], "interceptor": interceptors[0], "first": "2026-03", "share": 0.5}}},
        "campaigns": {"winter": {"owner": owners[0], "process": {"classes": {"ballistic": {"per_day": 2},
                                                                             "drone": {"per_day": 30}}}}},
    })


def results(owners: int = 2, interceptors: int = 2, *, runs: int = 40, lots: int = 2, note: str = "") -> Results:
    """Results of a campaign with so many owners and types."""
    made = _Flow(scenario(OWNERS[:owners], INTERCEPTORS[:interceptors], lots=lots, note=note), runs)
    return Results(Tables(stocks=made.stocks(), owned=made.owned(), lots=pd.DataFrame(made.lot_rows),
                          makers=pd.DataFrame(made.maker_rows), attacks=_attacks(made.months, runs),
                          surfaces=_surfaces(), assumptions=_assumptions()),
                   made.scenario, {**MANIFEST, "runs": runs})


class _Flow:
    """All runs of a scenario, month by month."""

    def __init__(self, found: Scenario, runs: int) -> None:
        assert found.stockpile is not None
        self.scenario, self.pile, self.runs = found, found.stockpile, runs
        self.pairs = [(o, k) for o in self.pile.owners for k in self.pile.interceptors]
        self.months = 12 * YEARS - 1
        self.lot_rows: list[dict[str, Any]] = []
        self.maker_rows: list[dict[str, Any]] = []
        shape = (runs, self.months, len(self.pairs))
        self.kept = {name: np.zeros(shape, dtype=np.int64) for name in
                     ("stock", "wanted", "fired", "delivered", "received", "sent", "expired")}
        self.start = np.array([int(self.pile.stocks[o][k].value) for o, k in self.pairs])
        self.on_way = np.zeros((runs, len(self.pairs)), dtype=np.int64)
        for run in range(runs):
            self._run(run, np.random.default_rng(run))

    def _lots(self) -> list[dict[str, Any]]:
        """Lots of every order, by date of contract."""
        made = [{"order": name, "lot": n, "owner": one.owner, "interceptor": one.interceptor,
                 "line": f"{one.interceptor}-line", "contract_month": -8 + EVERY * n, "rounds": int(one.rounds.value),
                 "due_month": 10.0 + EVERY * n, "built": 0, "first_month": np.nan, "last_month": np.nan}
                for name, one in self.pile.orders.items() for n in range(one.times)]
        return sorted(made, key=lambda lot: lot["contract_month"])

    def _run(self, run: int, rng: np.random.Generator) -> None:
        """One run: lines serve lots in order; exports take two months; gifts take two; uses in the first year."""
        lots, stock = self._lots(), self.start.copy()
        coming = {name: np.zeros((self.months + 3, len(self.pairs)), dtype=np.int64) for name in ("made", "given")}
        pace, need = rng.triangular(0.6, 1.0, 1.2), rng.triangular(0.5, 0.7, 1.3)
        made = {name: [0, 0.0, 0.0] for name in self.pile.lines}  # made, capacity, carry
        for month in range(self.months):
            for name, line in self.pile.lines.items():
                self._build(name, line, made[name], lots, month, pace, coming["made"])
            keep = {name: self.kept[name][run, month] for name in self.kept}
            keep["delivered"][:], keep["received"][:] = coming["made"][month], coming["given"][month]
            stock += keep["delivered"] + keep["received"]
            if month in (4, 10, 16):
                gift = self.pairs.index((list(self.pile.owners)[-1], next(iter(self.pile.interceptors))))
                keep["sent"][0] = min(40, stock[0])
                coming["given"][month + 2, gift] += keep["sent"][0]
                stock -= keep["sent"]
            keep["wanted"][:] = (need * self.start / 8).astype(np.int64) if 1 <= month <= 9 else 0
            keep["fired"][:] = np.minimum(keep["wanted"], stock)
            stock -= keep["fired"]
            keep["expired"][-1] = min(stock[-1], 1) if month % 24 == 23 else 0
            stock -= keep["expired"]
            keep["stock"][:] = stock
        self.on_way[run] = coming["made"][self.months:].sum(axis=0) + coming["given"][self.months:].sum(axis=0)
        self.lot_rows += [{"run": run, **lot} for lot in lots]
        total = sum(int(found[0]) for found in made.values())
        self.maker_rows.append({"run": run, "maker": "seeker", "is_line": False, "interceptor": None, "owner": None,
                                "made": total, "capacity": total + 20.0 * pace, "short": 0, "idle": 0})
        for name, (built, capacity, _) in made.items():
            short = int(0.1 * capacity)
            self.maker_rows.append({"run": run, "maker": name, "is_line": True, "owner": next(iter(self.pile.owners)),
                                    "interceptor": self.pile.lines[name].interceptor, "made": built,
                                    "capacity": capacity, "short": min(short, int(capacity) - built),
                                    "idle": max(0, int(capacity) - built - short)})

    def _build(self, name: str, line: Any, found: list[Any], lots: list[dict[str, Any]], month: int, pace: float,
               coming: Any) -> None:
        rate = line.per_year.value / 12 * pace
        found[1] += rate
        found[2] += rate
        room = int(found[2])
        found[2] -= room
        for lot in lots:
            due = int(lot["rounds"] * min(max((month + 1 - lot["due_month"]) / 12, 0), 1)) - lot["built"]
            n = min(room, due) if lot["line"] == name else 0
            if n <= 0:
                continue
            arrives = month + (0 if lot["owner"] == line.owner else 2)
            coming[min(arrives, len(coming) - 1), self.pairs.index((lot["owner"], lot["interceptor"]))] += n
            if arrives < self.months:
                lot["first_month"] = min(arrives, lot["first_month"]) if lot["first_month"] >= 0 else arrives
                lot["last_month"] = arrives
            lot["built"] += n
            found[0] += n
            room -= n

    def stocks(self) -> pd.DataFrame:
        """The table `stocks`."""
        grid = [np.arange(self.runs), np.arange(self.months), np.arange(len(self.pairs))]
        run, month, pair = (axis.ravel() for axis in np.meshgrid(*grid, indexing="ij"))
        return pd.DataFrame({"run": run, "month": month, "owner": [self.pairs[p][0] for p in pair],
                             "interceptor": [self.pairs[p][1] for p in pair],
                             **{name: found.ravel() for name, found in self.kept.items()}})

    def owned(self) -> pd.DataFrame:
        """The table `owned`."""
        rows = []
        for run in range(self.runs):
            for p, (owner, kind) in enumerate(self.pairs):
                stock, level = self.kept["stock"][run, :, p], self.start[p]
                lacks = (self.kept["wanted"][run, :, p] > self.kept["fired"][run, :, p]) | (stock == 0)
                below = np.flatnonzero(stock < level)
                is_back = len(below) and below[-1] + 1 < self.months
                rows.append({"run": run, "owner": owner, "interceptor": kind, "start": level, "level": level,
                             "lowest": stock.min(), "lowest_month": stock.argmin(),
                             "exhausted_month": np.flatnonzero(lacks)[0] if lacks.any() else np.nan,
                             "fell_month": below[0] if len(below) else np.nan,
                             "back_month": below[-1] + 1 if is_back else np.nan, "on_way": self.on_way[run, p]})
        return pd.DataFrame(rows)


def _attacks(months: int, runs: int) -> pd.DataFrame:
    rows = []
    for run in range(runs):
        rng = np.random.default_rng(1000 + run)
        for month in range(months):
            for kind, mean, leak in (("ballistic", 20, 0.3), ("drone", 400, 0.1)):
                n = int(rng.poisson(mean)) * (month % 7 != 6)
                share = min(leak * (1 + month / 40), 1.0)
                leaked = int(rng.binomial(n, share))
                harmless = (n - leaked) // 10
                rows.append({"run": run, "month": month, "campaign": "winter", "threat_class": kind,
                             "raids": min(n, 9), "launched": n, "engaged": n - harmless, "leaked": leaked,
                             "destroyed": n - leaked - harmless, "harmless": harmless})
    return pd.DataFrame(rows)


def _surfaces() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    rows = []
    for quantity, group in (("leaked", "ballistic"), ("leaked", "drone"), ("rounds", "patriot")):
        for point in range(44):
            launched = float(rng.integers(1, 120))
            true = 0.2 * launched
            rows.append({"campaign": "winter", "step": 0, "point": point, "is_check": point >= 32, "quantity": quantity,
                         "group": group, "launched": launched, "simulated": true + rng.normal(0, 1), "error": 0.8,
                         "surface": true + rng.normal(0, 0.6)})
    return pd.DataFrame(rows)


def _assumptions() -> pd.DataFrame:
    return pd.DataFrame([
        {"path": "stockpile.stocks.united-states.patriot", "value": 600.0, "low": 500.0, "high": 700.0, "unit": "",
         "grade": "assumed", "source": "assumption", "why": "for the test", "sampled": True},
        {"path": "stockpile.lines.patriot-line.per_year", "value": 400.0, "low": 400.0, "high": 400.0, "unit": "",
         "grade": "assumed", "source": "assumption", "why": "", "sampled": False}])
