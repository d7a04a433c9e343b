"""A year of daily raids: by the response surface, by the simulated raid, by rates, and by rates in plain NumPy.

    python benchmarks/campaign.py [--rounds 3] [--runs 40]

The same campaign in every row: raids of one to some tens of ballistic missiles on each day of a year, on a battery of
one radar and four launchers. What is said: campaigns a second on one thread, fitting aside; how long the fit takes; and
how far surface and simulation are apart on this campaign. The peer for rates is the same campaign as an analyst writes
it, threat by threat over an array of runs; there is no open program that does the same work as surface or raid.
"""

import argparse
import time
from typing import Any

import numpy as np

from common import interleave, say_where, show
from opendome.battle import CLASSES
from opendome.campaign import loop
from opendome.campaign.design import errors
from opendome.campaign.lower import Plan, lower
from opendome.catalogue import shipped
from opendome.scenario import reader
from opendome.stockpile import flow

SALVO, P_KILL, STOCK, DAYS = 2, 0.7, 4000, 365


def scenario(fight: str) -> Any:
    """A year in front of one battery; sizes of raids are drawn once and given."""
    sizes = np.random.default_rng(5).negative_binomial(2, 2 / (2 + 8), DAYS)
    first = np.datetime64("2026-01-01")
    raids = [{"day": str(first + day), "launched": {"ballistic": int(n)}} for day, n in enumerate(sizes) if n]
    tier = {"interceptor": "mse", "salvo": SALVO, "p_kill": P_KILL}
    return reader.from_data({
        "title": "A year of raids", "price_year": 2026,
        "places": {"north": {"lat_deg": 29.6, "lon_deg": 52.5}},
        "areas": {"city": {"lat_deg": 24.45, "lon_deg": 54.40, "radius_km": 25}},
        "sensors": {"eye": {"type": "patriot-radar", "lat_deg": 24.42, "lon_deg": 54.52, "azimuth_deg": 345}},
        "layers": {"lower": {"interceptor": "patriot-pac3-mse", "salvo": SALVO, "sites": {
            "battery": {"lat_deg": 24.43, "lon_deg": 54.50, "launchers": 4, "stock": 96, "radar": "eye"}}}},
        "raids": {"night": {"start": "2026-03-01T00:00:00Z", "waves": [
            {"threat": "srbm", "count": 10, "from": {"north": 1}, "at": {"city": 1}, "spread_min": 10}]}},
        "stockpile": {"start": "2026-01", "until": "2026-12", "owners": {"home": {}},
                      "interceptors": {"mse": {"type": "patriot-pac3-mse"}}, "stocks": {"home": {"mse": STOCK}}},
        "campaigns": {"year": {"owner": "home", "raids": raids, "fight": fight, "template": "night",
                               "against": {"ballistic": {"tiers": [tier]}} if fight == "rates" else {}}},
    })


class Year:
    """One campaign, lowered and fitted, to be run again and again on one thread."""

    def __init__(self, fight: str, runs: int) -> None:
        begin = time.perf_counter()
        self.plan: Plan = lower(scenario(fight), shipped(), runs=runs, seed=1)
        self.lowered_s = time.perf_counter() - begin
        self.plan, self.checked = loop.fit_surfaces(self.plan, 1, lambda _: None)
        self.fitted_s = time.perf_counter() - begin - self.lowered_s

    def run(self) -> None:
        self.records = flow.empty_records(self.plan.stocks.tables, self.plan.runs)
        self.attacks = loop._attacks(self.plan)
        loop._spread_campaigns(self.plan, self.records, self.attacks, 1, lambda _: None)

    def said(self, runs: int) -> str:
        """Leak-through of the first runs, and rounds up to June, when there are still some left."""
        ballistic = CLASSES.index("ballistic")
        leaked, launched = (self.attacks[name][:runs, ..., ballistic].sum() for name in ("leaked", "launched"))
        return (f"leak-through {leaked / launched:.3f}, rounds to June "
                f"{self.records.fired[:runs, :6].sum() / runs:.0f} (first {runs} runs)")


def straight_numpy(sizes: list[int], runs: int, seed: int = 1) -> tuple[float, float]:
    """The rates of the benchmark as loops over days and threats, vectorised over runs; leak-through and rounds."""
    draw = np.random.default_rng(seed)
    stock, leaked = np.full(runs, STOCK), np.zeros(runs, np.int64)
    for n in sizes:
        for _ in range(n):
            fired = np.minimum(SALVO, stock)
            stock -= fired
            killed = (draw.random((SALVO, runs)) < P_KILL) & (np.arange(SALVO)[:, np.newaxis] < fired)
            leaked += ~killed.any(axis=0)
    return leaked.mean() / sum(sizes), STOCK - stock.mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    say_where("numpy", "numba")
    few = max(2, options.runs // 10)
    years = {"surface": Year("surface", options.runs), "raid": Year("raid", few), "rates": Year("rates", options.runs)}
    sizes = [raid.launched["ballistic"] for raid in years["rates"].plan.campaigns["year"].raids]
    print(f"{len(sizes)} raids of up to {max(sizes)} missiles, {sum(sizes)} in all; stock {STOCK}")
    design = years["surface"].plan.campaigns["year"].surface
    timings = interleave({
        "surface": (years["surface"].run, options.runs),
        "simulated raid": (years["raid"].run, few),
        "rates": (years["rates"].run, options.runs),
        "rates, straight NumPy": (lambda: straight_numpy(sizes, options.runs), options.runs),
        "rates, straight NumPy, 1000 runs": (lambda: straight_numpy(sizes, 1000), 1000),
    }, options.rounds)
    leak, rounds = straight_numpy(sizes, 1000)
    notes = {"surface": years["surface"].said(few), "simulated raid": years["raid"].said(few),
             "rates": years["rates"].said(options.runs),
             "rates, straight NumPy": f"leak-through {leak:.3f}, rounds {rounds:.0f} in all"}
    show("campaigns of a year, one thread", timings, notes, ("simulated raid", "rates, straight NumPy"))
    again = Year("surface", options.runs)
    print(f"fit of the surface: {again.fitted_s:.2f} s for {(design.points + design.checks) * design.runs} raids")
    for row in errors(again.checked, design.runs):
        print(f"  {row['quantity']:10s} {row['group']:12s} mean {row['mean']:7.2f}  rms error {row['rms']:6.3f}  "
              f"spread between runs {row['spread']:6.3f}")


if __name__ == "__main__":
    main()
