"""10,000 campaigns of five years, and the same months in NumPy over all runs at once and in SimPy event by event.

    python benchmarks/stockpile.py [--runs 10000] [--numpy-runs 2000] [--simpy-runs 20] [--rounds 5]

Ten owners, six interceptors, 15 lines that share five components, 100 lots, loans, gifts, uses and storage lives, most
numbers drawn from ranges. NumPy does all of it, an array operation over all runs for each step of each line and lot,
and ends with the same stocks to the round. SimPy (MIT) does a part: the lines, components and uses of a stockpile in
which each line has parts of its own, so that nothing is shared; it ends with the same stocks too. Lowering (drawing the
ranges) is timed apart and is the same for all. Rates are run-months a second.
"""

import argparse
import os

from common import interleave, say_where, show
from opendome import rng
from opendome.kernel import spread
from opendome.sampling import Sampler
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile.flow import empty_records, empty_state, simulate
from opendome.stockpile.lower import lower
from stockpile_peers import NumPy, in_simpy

OWNERS, KINDS, PARTS = [f"o{i}" for i in range(10)], [f"k{i}" for i in range(6)], [f"c{i}" for i in range(5)]
SIMPY_LINES = 6


def ranged(value, width=0.3):
    return {"low": (1.0 - width) * value, "value": value, "high": (1.0 + width) * value}


def big():
    """Plain data of the large stockpile."""
    lines, orders, uses = {}, {}, {}
    ramps = [{}, {"ramp": "linear", "ceiling_per_year": 400, "ramp_from": "2026-06", "ramp_to": "2029-12"},
             {"ramp": "step", "ceiling_per_year": 300, "ramp_to": "2028-01"},
             {"ramp": "learning", "ceiling_per_year": 500, "ramp_from": "2026-01", "learning": ranged(0.85, 0.05),
              "experience": 200}]
    for i in range(15):
        lines[f"l{i}"] = {
            "owner": OWNERS[i % 7], "interceptor": KINDS[i % 6], "per_year": ranged(60 + 11 * i),
            "slip_months": {"low": -3, "value": 0, "high": 9}, "components": {PARTS[i % 5]: 1, PARTS[(i + 2) % 5]: 1},
            "sharing": ("contracted", "proportional", "priority")[i % 3], "priority": [OWNERS[(i + 3) % 10]],
            "export_share": ranged(0.5), "export_delay_months": 2, **ramps[i % 4]}
    for i in range(25):
        more = {"line": f"l{i % 12}"} if i % 3 == 0 else {}
        orders[f"b{i}"] = {
            "owner": OWNERS[(3 * i) % 10], "interceptor": KINDS[i % 12 % 6], "rounds": ranged(40 + 7 * i),
            "contract": f"202{5 + i % 2}-0{1 + i % 9}", "lead_months": ranged(14), "times": 4, **more}
    for i in range(20):
        uses[f"u{i}"] = {"owner": OWNERS[i % 10], "interceptor": KINDS[i % 6], "first": f"202{6 + i % 4}-03",
                         "months": ranged(4), "share": ranged(0.2)}
    gifts = {f"t{i}": {"from": OWNERS[i % 5], "to": OWNERS[5 + i % 5], "interceptor": KINDS[i % 6], "rounds": ranged(6),
                       "keep": 10, "month": f"2026-{1 + i:02d}", "times": 12, "every_months": 4} for i in range(6)}
    gifts["loan"] = {"from": "o0", "to": "o7", "interceptor": "k0", "rounds": 20, "month": "2026-05",
                     "back_after_months": 20}
    return {
        "start": "2026-01", "until": "2030-12", "owners": {name: {} for name in OWNERS},
        "interceptors": {name: {"storage_years": 12, "age_years": 11} if i < 2 else {} for i, name in enumerate(KINDS)},
        "stocks": {owner: {kind: ranged(20 + 9 * i + 5 * j) for j, kind in enumerate(KINDS)}
                   for i, owner in enumerate(OWNERS)},
        "components": {name: {"per_year": ranged(500), "store": 40,
                              **({"sharing": "priority", "priority": ["l4", "l9"]} if i == 1 else {})}
                       for i, name in enumerate(PARTS)},
        "lines": lines, "orders": orders, "transfers": gifts, "uses": uses}


def plain():
    """Lines with parts of their own and one lot each, and uses: what SimPy does too."""
    names = range(SIMPY_LINES)
    return {
        "start": "2026-01", "until": "2030-12", "owners": {f"o{i}": {} for i in names}, "interceptors": {"k": {}},
        "stocks": {f"o{i}": {"k": ranged(100)} for i in names},
        "components": {f"c{i}": {"per_year": ranged(50 + 5 * i), "store": 6} for i in names},
        "lines": {f"l{i}": {"owner": f"o{i}", "interceptor": "k", "per_year": ranged(70), "components": {f"c{i}": 1}}
                  for i in names},
        "orders": {f"b{i}": {"owner": f"o{i}", "interceptor": "k", "rounds": ranged(200), "contract": "2026-01",
                             "line": f"l{i}", "lead_months": 4, "over_months": 24} for i in names},
        "uses": {f"u{i}": {"owner": f"o{i}", "interceptor": "k", "first": "2026-02", "months": ranged(5),
                           "share": ranged(0.5)} for i in names}}


def lowered(data, runs):
    return lower(Stockpile.model_validate(data), Sampler(rng.key(7), runs, True)).tables


def ours(tables, runs, jobs):
    records = empty_records(tables, runs)
    spread(lambda first, last: simulate(tables, first, last, empty_state(tables), records), runs, jobs=jobs, block=250)
    return records


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10000)
    parser.add_argument("--numpy-runs", type=int, default=2000)
    parser.add_argument("--simpy-runs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    say_where("numpy", "numba", "simpy")
    data, cores = big(), os.cpu_count() or 1
    many, some = lowered(data, options.runs), lowered(data, options.numpy_runs)
    months, shape = many.n_months, many.shares.needs.shape
    print(f"{options.runs} runs, {months} months, {many.start.shape[1]} pairs, {shape[0]} lines, "
          f"{shape[1]} components, {many.lots.pair.size} lots, {many.gifts.month.size} transfers, "
          f"{many.plans.pair.size} uses")
    records, theirs = ours(many, options.runs, cores), NumPy(some).run()
    assert (records.stock[:options.numpy_runs] == theirs).all(), "NumPy ends with other stocks"
    print(f"same stocks as NumPy in {theirs.size} entries; components were short in {(records.short > 0).mean():.0%} "
          f"of lines and runs, {records.expired.sum()} rounds too old, {records.sent.sum()} given")
    timings = interleave({
        "NumPy over all runs": (lambda: NumPy(some).run(), options.numpy_runs * months),
        "OpenDome, one core": (lambda: ours(many, options.runs, 1), options.runs * months),
        f"OpenDome, {cores} cores": (lambda: ours(many, options.runs, cores), options.runs * months),
        "drawing and lowering": (lambda: lowered(data, options.runs), options.runs * months),
    }, options.rounds)
    notes = {name: f"{options.runs * months / timing.rate:.2f} s for {options.runs} campaigns"
             for name, timing in timings.items()}
    show("Campaigns of five years, run-months", timings, notes, ("NumPy over all runs",))
    small = lowered(plain(), max(options.runs, options.simpy_runs))
    assert (ours(small, options.simpy_runs, 1).stock == in_simpy(small, options.simpy_runs)).all(), "SimPy differs"
    timings = interleave({
        "SimPy": (lambda: in_simpy(small, options.simpy_runs), options.simpy_runs * months),
        "OpenDome, one core": (lambda: ours(small, options.runs, 1), options.runs * months),
    }, options.rounds)
    show(f"{SIMPY_LINES} lines with parts of their own, run-months", timings, {}, ("SimPy",))


if __name__ == "__main__":
    main()
