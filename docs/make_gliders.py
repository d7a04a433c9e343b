"""Computes the tables and the picture of docs/guide/gliders.md and writes them there (some minutes).

    python docs/make_gliders.py [RUNS]

Tables stand between `<!-- NAME -->` and `<!-- /NAME -->`; the text around them is written by hand.
"""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sbi_charts import Line, chart

from opendome import run
from opendome.results import Results, with_error
from opendome.scenario import reader

ROOT = Path(__file__).parents[1]
PAGE, IMAGE = ROOT / "docs" / "guide" / "gliders.md", ROOT / "docs" / "images" / "gliders-tracking.svg"
SCENARIO = "japan-2028"
SITES = ("gpi-north", "gpi-middle", "gpi-south")
ROUNDS = (0, 4, 8, 16, 32)
"""Glide-phase interceptors on each of three ships."""
STATES = {
    "glide-phase": "radars, 90 satellites", "glide-phase-untracked": "radars, 8 satellites",
    "blind": "few radars, 90 satellites", "blind-untracked": "few radars, 8 satellites",
}
VARIANTS = {
    "today": "end of 2026: eight satellites", "late": "mid-2028, a year behind: 36",
    "own-layer": "the same, and 24 of Japan's own", "announced": "mid-2028 as announced: 90",
    "glide-phase": "mid-2030: 90, and 12 glide-phase interceptors",
}
GLIDE = {"threat_class": "glide"}


def results(variant: str, runs: int, **changes: object) -> Results:
    """The scenario's variant with changes, run."""
    text = reader.read_text(reader.find(SCENARIO))
    return run(reader.parse(text, source=SCENARIO, changes=changes, variant=variant), runs=runs)


def glide(found: Results, figure: str) -> tuple[float, float]:
    """A figure of the gliders, and its error."""
    table = found.table(figure, by="threat_class").set_index("threat_class")
    return float(table.loc["glide", "value"]), float(table.loc["glide", "error"])


def times(found: Results) -> tuple[float, float]:
    """Medians over all gliders: first track after launch, s; first shot before the flight would have ended, s."""
    gliders = found.tables.threats.query("threat_class == 'glide'")
    whole_s = (gliders["t_end_s"] - gliders["t_launch_s"])[gliders["outcome"] != "destroyed"].median()
    shots = gliders[gliders["t_shot_s"].notna()]
    return (float((gliders["t_seen_s"] - gliders["t_launch_s"]).median()),
            float(whole_s - (shots["t_shot_s"] - shots["t_launch_s"]).median()))


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def by_variant(runs: int) -> str:
    """What each state of deployment changes."""
    rows = []
    for variant, words in VARIANTS.items():
        found = results(variant, runs)
        seen_s, left_s = times(found)
        rows.append([f"`{variant}`", words, with_error(*glide(found, "custody")), f"{seen_s:.0f}", f"{left_s:.0f}",
                     with_error(*glide(found, "leak_through"))])
    return table(["variant", "in orbit", "custody", "first track, s after launch", "first shot, s before impact",
                  "leak-through of gliders"], rows)


def by_reason(runs: int) -> str:
    """Why gliders leaked in 2028 as announced, and two years later."""
    columns = {}
    for variant in ("announced", "glide-phase"):
        leaked = results(variant, runs).tables.threats.query("threat_class == 'glide' and outcome == 'leaked'")
        columns[variant] = leaked["reason"].value_counts(normalize=True)
    shares = pd.DataFrame(columns).fillna(0.0)
    return table(["why they leaked", *(f"`{name}`" for name in columns)],
                 [[str(reason), *(f"{share:.0%}" for share in row)] for reason, row in shares.iterrows()
                  if row.max() >= 0.005])


def by_rounds(runs: int) -> tuple[str, str]:
    """Leak-through by number of rounds for each state of the sensors: a table and a chart."""
    found = {state: [glide(results(state, runs, **{f"layers.glide.sites.{site}.stock": rounds for site in SITES}),
                           "leak_through") for rounds in ROUNDS] for state in STATES}
    rows = [[words, *(with_error(*pair) for pair in found[state])] for state, words in STATES.items()]
    head = ["sensors", *(f"{3 * rounds} rounds" for rounds in ROUNDS)]
    lines = [Line(words, 3.0 * np.array(ROUNDS), np.array([v for v, _ in found[state]]),
                  np.array([e for _, e in found[state]]), dashes=("", "9 5", "2 4", "10 4 2 4")[i])
             for i, (state, words) in enumerate(STATES.items())]
    drawn = chart("Leak-through of gliders by number of glide-phase interceptors and by what sees them", lines,
                  x_name="glide-phase interceptors on three ships", y_name="leak-through of 12 gliders",
                  x=(0.0, 3.0 * ROUNDS[-1]), y=(0.0, 1.0), x_step=12.0, y_step=0.2)
    return table(head, rows), drawn


def by_glow(runs: int) -> str:
    """Both published estimates of how much a glider glows."""
    rows = []
    for variant in ("bright", "dim"):
        found = results(variant, runs)
        rows.append([f"`{variant}`", with_error(*glide(found, "custody")), f"{times(found)[0]:.0f}",
                     with_error(*glide(found, "leak_through"))])
    return table(["variant", "custody", "first track, s after launch", "leak-through of gliders"], rows)


def main(runs: int) -> None:
    """Write every table into the page and the picture beside it."""
    rounds, drawn = by_rounds(runs)
    IMAGE.write_text(drawn, encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    for name, text in (("variants", by_variant(runs)), ("reasons", by_reason(runs)), ("rounds", rounds),
                       ("glow", by_glow(runs))):
        mark = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        assert mark.search(page), f"{PAGE.name} has no place for {name}"
        page = mark.sub(lambda m, text=text: f"{m[1]}{text}{m[2]}", page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
