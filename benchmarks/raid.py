"""Time and memory of the main job: 200 runs of the first night of gulf-2026, and how time grows with runs.

    python benchmarks/raid.py [--jobs 2]

Prints first start (empty compile cache), later start to the first progress tick, 200 runs after compilation with one
and two jobs, time against runs, and peak memory. Absolute seconds depend on the machine. There is no open program that
does the same work, so no ratio to a peer.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

START = """
import time
t0 = time.perf_counter()
import opendome
from opendome import study
scenario = study.only_raids(opendome.load("gulf-2026"), ["night-1"])
first = []
def progress(done, total):
    if done and not first:
        first.append(time.perf_counter() - t0)
opendome.run(scenario, runs=2, seed=7, jobs=1, progress=progress)
print(f"{first[0]:.2f}")
"""


def start(cache: str) -> float:
    """Seconds from a fresh interpreter to the first run done, with the compile cache given."""
    found = subprocess.run([sys.executable, "-c", START], env=os.environ | {"OPENDOME_CACHE": cache}, check=True,
                           capture_output=True, text=True)
    return float(found.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        print(f"first start, empty cache: {start(cache):.1f} s to the first run done")
        print(f"later start: {start(cache):.1f} s to the first run done")

    import opendome
    from opendome import study

    scenario = study.only_raids(opendome.load("gulf-2026"), ["night-1"])
    opendome.run(scenario, runs=2, seed=7)
    print(f"threats in a run: {sum(w.count for w in scenario.raids['night-1'].waves)}")
    rows = {(200, 1): [], (200, options.jobs): [], (50, options.jobs): [], (100, options.jobs): []}
    for _ in range(options.rounds):
        for (runs, jobs), seconds in rows.items():
            wall, cpu = time.perf_counter(), time.process_time()
            opendome.run(scenario, runs=runs, seed=7, jobs=jobs)
            seconds.append((time.perf_counter() - wall, time.process_time() - cpu))
    for (runs, jobs), seconds in rows.items():
        wall, cpu = (sorted(column)[len(column) // 2] for column in zip(*seconds))
        print(f"{runs:4d} runs, {jobs} job{'s' if jobs > 1 else ' '}: {wall:6.2f} s wall, {cpu:6.2f} s of processor, "
              f"{1000 * wall / runs:6.1f} ms a run")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
