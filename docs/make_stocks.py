"""Computes the tables and the picture of docs/guide/stocks.md and writes them there (a minute).

    python docs/make_stocks.py [RUNS]

Tables stand between `<!-- NAME -->` and `<!-- /NAME -->`; the text around them is written by hand.
"""

import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sbi_charts import Line, chart

from opendome import marginal, run
from opendome.results import Results, with_error
from opendome.scenario import reader
from opendome.scenario.months import name_of, number_of

ROOT = Path(__file__).parents[1]
PAGE, IMAGE = ROOT / "docs" / "guide" / "stocks.md", ROOT / "docs" / "images" / "stocks-return.svg"
STOCKS, JAPAN = "stocks-2026", "coproduction-japan"
US, GULF = "united-states", "gulf-states"
TYPES = {"Patriot": ("patriot",), "THAAD": ("thaad",), "SM-3": ("sm3-ib", "sm3-iia")}
"""SM-3 as published: both variants together."""
PUBLISHED = {"Patriot": "mid-2029", "THAAD": "end of 2029", "SM-3": "early 2029"}
CLAIMS = {"thaad-quarter": "a quarter used (press)", "thaad-third": "a third (Payne Institute)",
          "thaad-38-percent": "38 % (CSIS, August)", "thaad-half": "more than half (CSIS, April)",
          "thaad-four-fifths": "about 80 % (press, August)"}
STARTS = {"thaad-534": "534 delivered (CSIS), 150 fired in 2025 (Wall Street Journal)",
          "thaad-534-jinsa": "534 delivered (CSIS), 92 fired in 2025 (JINSA)",
          "thaad-632": "632 (JINSA), 150 fired in 2025 (Wall Street Journal)"}
DECIDES = {
    "": "as in the file", "lead-24": "first delivery 24 months after the contract", "lead-36": "36 months",
    "no-ramp": "lines stay at the rates of 2025", "second-bill-fails": "FY2027 without the second bill",
    "us-first": "lines serve the United States first", "contracted": "lines serve lot after lot",
    "seekers-30-percent": "seekers grow by 30 % and no more", "no-renewal": "no fighting after April 2026",
    "longer-war": "another month of war from September 2026", "ukraine-priority": "60 Patriots a month for Ukraine",
    "csis": "what CSIS knew in spring 2026", "csis-lead-24": "the same, and 24 months",
}
ALLIES = {
    "": "30 a year, none exported", "export-half": "30 a year, half exported", "export-all": "30 a year, all exported",
    "line-60": "60 a year from 2028, none exported", "second-line": "60 a year, half exported",
    "line-60-export-all": "60 a year, all exported", "new-plant": "120 a year from 2030, three quarters exported",
    "faster-seekers": "30 a year, none exported, seekers two years sooner",
    "second-line-faster-seekers": "60 a year, half exported, seekers two years sooner",
    "seekers-30-percent": "30 a year, seekers grow by 30 % and no more",
    "second-line-seekers-30-percent": "60 a year, half exported, seekers by 30 %",
    "european-line": "a line in Europe, 275 a year by the end of 2029",
}
WARS = (0.5, 1.0, 2.0, 3.0)
"""Months of war at the pace of spring 2026, from September 2026."""
CEILINGS = (620, 1000, 1500, 2000)


@cache
def results(name: str, variant: str, runs: int, changes: tuple[tuple[str, Any], ...] = ()) -> Results:
    """The scenario's variant with changes, run."""
    text = reader.read_text(reader.find(name))
    return run(reader.parse(text, source=name, changes=dict(changes), variant=variant), runs=runs)


def courses(found: Results, owner: str, kinds: tuple[str, ...]) -> tuple[Any, Any]:
    """(R, M) rounds at the ends of months, and (R,) rounds at the start, of all kinds together."""
    stocks, owned = (table[(table["owner"] == owner) & table["interceptor"].isin(kinds)]
                     for table in (found.tables.stocks, found.tables.owned))
    held = stocks.groupby(["run", "month"], observed=True)["stock"].sum().unstack("month").to_numpy()
    return held, owned.groupby("run", observed=True)["level"].sum().to_numpy()


def months_back(found: Results, owner: str, kinds: tuple[str, ...]) -> Any:
    """(R,) months from the first one until the stock is at its level for good; infinite if not by the end."""
    held, level = courses(found, owner, kinds)
    below = held < level[:, np.newaxis]
    last = np.where(below.any(axis=1), held.shape[1] - 1 - below[:, ::-1].argmax(axis=1), -1)
    return np.where(last == held.shape[1] - 1, np.inf, last + 1.0)


def at(values: Any, share: float) -> float:
    """The smallest value that at least this share of the runs do not exceed."""
    return float(np.sort(values)[max(0, int(np.ceil(share * len(values) - 1e-9)) - 1)])


def said(months: float) -> str:
    """A month as it is written."""
    return "later" if np.isinf(months) else name_of(number_of("2026-02") + int(months))


def band(values: Any) -> str:
    """Median and 80 % band of a month."""
    return f"{said(at(values, 0.5))} ({said(at(values, 0.1))} to {said(at(values, 0.9))})"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def answers(runs: int) -> str:
    """When each American stock is back: published, with the values of the file, and over the ranges."""
    drawn = results(STOCKS, "", runs)
    single = results(STOCKS, "", 1, (("assumptions", "fixed"),))
    known = results(STOCKS, "csis", 1, (("assumptions", "fixed"),))
    rows = []
    for name, kinds in TYPES.items():
        held, level = courses(drawn, US, kinds)
        rows.append([name, f"{np.median(level):,.0f}", f"{np.median(held.min(axis=1)):,.0f}", PUBLISHED[name],
                     *(said(months_back(one, US, kinds)[0]) for one in (known, single)),
                     band(months_back(drawn, US, kinds))])
    return table(["stock of the United States", "start", "lowest", "back: CSIS", "values, CSIS's uses", "values",
                  "ranges (80 % of runs)"], rows)


def others(runs: int) -> str:
    """The stocks of the other owners."""
    drawn, rows = results(STOCKS, "", runs), []
    for row in drawn.summary()["stocks"]:
        if row["owner"] in (US, "other-buyers") or not row["share_fell"]:
            continue
        back = months_back(drawn, row["owner"], (row["interceptor"],))
        rows.append([f"{row['owner']}, {row['interceptor']}", f"{row['start']['median']:,.0f}",
                     f"{row['lowest']['median']:,.0f}", band(back), f"{np.isinf(back).mean():.0%}"])
    return table(["stock", "start", "lowest", "back (80 % of runs)", "not by 2032-12"], rows)


def claims(runs: int, words: Mapping[str, str]) -> str:
    """What each source's number for THAAD implies."""
    rows = []
    for variant, said_of in words.items():
        drawn = results(STOCKS, variant, runs)
        held, level = courses(drawn, US, ("thaad",))
        rows.append([f"`{variant}`", said_of, f"{np.median(level):.0f}", f"{np.median(held.min(axis=1)):.0f}",
                     band(months_back(drawn, US, ("thaad",)))])
    return table(["variant", "what is said", "start", "lowest", "back (80 % of runs)"], rows)


def decides(runs: int) -> str:
    """The month of return with one assumption changed at a time."""
    rows = [[f"`{variant}`" if variant else "", words,
             *(band(months_back(results(STOCKS, variant, runs), US, kinds)) for kinds in TYPES.values())]
            for variant, words in DECIDES.items()]
    return table(["variant", "what is changed", *TYPES], rows)


def wars(runs: int) -> str:
    """Ramp against length of war: month of return of the Patriot stock."""
    rows = []
    for months in WARS:
        cells = [months_back(results(STOCKS, "longer-war", runs, (
            ("uses.us-patriot-longer.months", months), ("lines.pac3-mse.ceiling_per_year", ceiling))), US, ("patriot",))
            for ceiling in CEILINGS]
        rows.append([f"{months:g}", *(said(at(cell, 0.5)) for cell in cells)])
    return table(["months of war from September 2026", *(f"{ceiling:,} a year" for ceiling in CEILINGS)], rows)


def ranked(runs: int, source: str, kinds: tuple[str, ...], least: float) -> str:
    """What each line, shared part and lead time is worth to American stocks, the most first."""
    groups = {f"{US}, {kind}": kind for kind in kinds}
    effects = marginal(source, runs=runs).effects()
    rows = [[f"`{row['change']}`", row["step"], groups[row["group"]],
             f"{'+' * int(row['difference'] > 0)}{with_error(row['difference'], row['error'])}"]
            for row in effects.to_dict("records") if row["group"] in groups and abs(row["difference"]) >= least]
    return table(["what is changed", "by", "stock", "months until it is back"], rows)


def allies(runs: int) -> str:
    """What Japan and Europe change for the American and the Ukrainian stock, in months, paired run by run."""
    base, rows = results(JAPAN, "", runs), []
    for variant, words in ALLIES.items():
        drawn = results(JAPAN, variant, runs)
        cells = []
        for owner in (US, "ukraine"):
            ours, theirs = (np.minimum(months_back(one, owner, ("patriot",)), 83.0) for one in (drawn, base))
            gain = ours - theirs
            error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
            cells.append(f"{'+' * int(gain.mean() > 0)}{with_error(float(gain.mean()), error)}" if variant else
                         band(theirs))
        rows.append([f"`{variant}`" if variant else "", words, *cells])
    return table(["variant", "Japan's line, and what else", "United States, months", "Ukraine, months"], rows)


def gulf(runs: int) -> str:
    """Rounds that the raids on the Gulf took, by rounds at each missile, and the stock that 86 % would make of it."""
    rows, raids = [], "campaigns.gulf-raids.against.ballistic.tiers.1.salvo"
    for salvo in (1, 2, 3):
        drawn = results(STOCKS, "gulf-by-raids", runs, (
            (f"stockpile.stocks.{GULF}.patriot", 20_000),
            (raids, salvo)))
        leaked = results(STOCKS, "gulf-by-raids", runs, ((raids, salvo),)).table("leak_through").iloc[0]
        stocks = drawn.tables.stocks
        took = stocks[(stocks["owner"] == GULF) & (stocks["interceptor"] == "patriot") & (stocks["month"] <= 2)]
        fired = took.groupby("run", observed=True)["fired"].sum().to_numpy(np.float64)
        launched = float(drawn.table("launched")["value"].iloc[0])
        rows.append([str(salvo), *(" ".join((f"{at(found, 0.5):{form}}", f"({at(found, 0.1):{form}} to "
                                             f"{at(found, 0.9):{form}})"))
                                   for found, form in ((fired, ",.0f"), (fired / launched, ".2f"),
                                                       (fired / 0.86, ",.0f"))),
                     with_error(float(leaked["value"]), float(leaked["error"]))])
    return table(["Patriots at each missile", "rounds taken (80 % of runs)", "for each missile launched",
                  "stock of which that is 86 %", "leak-through with the file's stock"], rows)


def picture(runs: int) -> str:
    """Stocks over time as a share of the start: median and 80 % band."""
    drawn, lines = results(STOCKS, "", runs), []
    for color, (name, kinds) in enumerate(TYPES.items()):
        held, level = courses(drawn, US, kinds)
        shares = held / level[:, np.newaxis]
        years = 2026.0 + (np.arange(shares.shape[1]) + 2.0) / 12.0
        low, median, high = (np.array([at(month, share) for month in shares.T]) for share in (0.1, 0.5, 0.9))
        lines += [Line(name, years, median, color=color),
                  Line(f"{name}, 80 % of runs", np.concatenate([years, years[::-1]]), np.concatenate([low, high[::-1]]),
                       dashes="4 4", color=color)]
    lines.append(Line("level before the war", np.array([2026.0, 2031.0]), np.ones(2), dashes="1 3", color=5))
    return chart("Stocks of the United States, as a share of what was there before the war of 2026", lines,
                 x_name="end of month", y_name="share of the stock of February 2026", x=(2026.0, 2031.0), y=(0.0, 2.0),
                 x_step=1.0, y_step=0.5)


def main(runs: int) -> None:
    """Write every table into the page and the picture beside it."""
    IMAGE.write_text(picture(runs), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    for name, text in (("answers", answers(runs)), ("others", others(runs)), ("claims", claims(runs, CLAIMS)),
                       ("starts", claims(runs, STARTS)), ("decides", decides(runs)), ("wars", wars(runs)),
                       ("ranked", ranked(runs, STOCKS, ("patriot", "thaad"), 0.1)), ("allies", allies(runs)),
                       ("lines", ranked(runs, f"{JAPAN}:second-line", ("patriot",), 0.02)), ("gulf", gulf(runs))):
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert mark.search(page), f"{PAGE.name} has no place for {name}"
        page = mark.sub(lambda m, text=text: f"{m[1]}{text}\n{m[2]}", page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
