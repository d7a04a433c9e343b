"""`opendome frontier` and `opendome exchange`: what leaks for how much, and what one more missile costs either side."""

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome.cli import options, sweeps, talk
from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.study.exchange import Exchange
    from opendome.study.frontier import Frontier

FRONTIER_TWIN = ('Python: opendome.frontier("homeland-2028", over={"layers.salvo": [1, 2, 4]}, budget_musd=185000)')

EXCHANGE_TWIN = 'Python: opendome.exchange("homeland-2028", area="north-west", runs=400)'

WIDTH = 120
"""Columns that text is wrapped to."""

ROWS_MAX = 60
"""Most combinations on the screen."""

Runs = Annotated[int | None, typer.Option(metavar="N", help="Number of runs of each (default: the scenario's).")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: the scenario's).")]
Out = Annotated[Path | None, typer.Option(
    metavar="DIR", help="Write the table (CSV, Parquet), a drawing (SVG) and a page (HTML) to this folder.")]


def frontier(
    scenario: options.ScenarioName,
    over: Annotated[list[str], typer.Option(
        "--over", metavar="KEY=VALUES", help="Values of a key: FROM:TO:STEP, or some with commas between them. "
        "Repeated for more keys: every combination is run.")],
    figure: Annotated[str, typer.Option(
        metavar="NAME", help="What is set against cost, of `opendome list figures`.")] = "leak_through",
    cost: Annotated[str, typer.Option(
        metavar="NAME", help="life_cycle, then_year or discounted, of the programme; or cost, of the rounds fired."
        )] = "life_cycle",
    budget: Annotated[float | None, typer.Option(
        metavar="MUSD", help="Budget in M$, as 185000: the best combination within it is named.")] = None,
    date: Annotated[str | None, typer.Option(
        metavar="MONTH", help="Fight with what is there by the end of this month, as 2028-07.")] = None,
    until_date: Annotated[bool, typer.Option(
        "--until-date", help="Count only what is spent until that month, not the whole life cycle.")] = False,
    runs: Runs = None,
    seed: Seed = None,
    jobs: options.Jobs = None,
    change: options.Changes = None,
    out: Out = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run combinations of a scenario's values and print what leaks for how much, and which no other combination beats.

    Keys are those of --set; those of the attack are refused. All combinations share the seed and, by that, their random
    numbers. p front says how sure it is that a combination is on the front.
    """
    from opendome.report import frontier as told

    changes = options.changes(change or [])
    values = sweeps.values_by_key(over)
    with talk.stopping_at_once(), talk.progress_of("combinations", quiet) as progress:
        if out is not None:
            told.check(out)
        found = told.frontier(scenario, over=values, figure=figure, cost=cost, budget_musd=budget, date=date,
                              until_date=until_date, changes=changes, runs=runs, seed=seed, jobs=jobs,
                              progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(frontier_data(found)) if as_json else frontier_text(found))
    if not quiet:
        talk.say(f"table, drawing and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the table and to draw it")


def frontier_data(found: "Frontier") -> dict[str, Any]:
    """The frontier as plain data: what was tried, and every row of the table; unknown numbers are None."""
    from opendome.results.summary import records

    table = found.table.astype({"dominated_by": "float64"})
    rows = [row | {"dominated_by": None if row["dominated_by"] is None else int(row["dominated_by"])}
            for row in records(table)]
    return {**found.manifest, "rows": rows}


def frontier_text(found: "Frontier") -> str:
    """The combinations, the cheapest first, and what must be known to read them."""
    from opendome.cli.show import columns
    from opendome.report import frontier as told

    rows = [told.cells(row, found) for row in found.table.to_dict(orient="records")]
    lines = [*wrap(found.manifest["title"], WIDTH), told.size(found), ""]
    lines += columns([told.head(found), *rows[:ROWS_MAX]])
    if len(rows) > ROWS_MAX:
        lines.append(f"and {len(rows) - ROWS_MAX:,} dearer ones: --json and --out have all")
    for sentences in (told.answer(found), told.cautions(found)):
        lines += ["", *(line for sentence in sentences for line in wrap(sentence, WIDTH))]
    return "\n".join(lines)


def exchange(
    scenario: options.ScenarioName,
    threat: Annotated[str | None, typer.Option(
        metavar="NAME", help="The threat of which there is one more (default: the only one that flies).")] = None,
    layer: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="A layer or element of [cost] to add to (default: each in turn). May be repeated."
        )] = None,
    more: Annotated[int | None, typer.Option(
        metavar="N", help="Missiles to add to the largest wave (default: a tenth, at least one).")] = None,
    share: Annotated[float, typer.Option(
        metavar="SHARE", help="How much more of each element, at least one unit.")] = 0.1,
    threat_cost: Annotated[str | None, typer.Option(
        metavar="MUSD", help="Price of a missile in M$, or LOW:VALUE:HIGH (default: the catalogue's).")] = None,
    area: Annotated[str | None, typer.Option(
        metavar="NAME", help="Also price one more target that is defended as this area is.")] = None,
    runs: Runs = None,
    seed: Seed = None,
    jobs: options.Jobs = None,
    change: options.Changes = None,
    out: Out = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Print what one more attacking missile costs the defence, layer by layer, beside what it costs the attacker.

    More missiles, and more of each element of [cost] in turn, are run under one seed. The money that averts as many
    leakers as one more missile brings is the price of that missile to the defence.
    """
    from opendome.report import exchange as told

    changes = options.changes(change or [])
    price = _price(threat_cost)
    with talk.stopping_at_once(), talk.progress_of("runs", quiet) as progress:
        if out is not None:
            told.check(out)
        found = told.exchange(scenario, threat=threat, layers=layer or (), more=more, share=share,
                              threat_cost_musd=price, area=area, changes=changes, runs=runs, seed=seed, jobs=jobs,
                              progress=progress)
    if out is not None:
        told.save(found, out)
    talk.answer(options.json_text(exchange_data(found)) if as_json else exchange_text(found))
    if not quiet:
        talk.say(f"tables, drawing and page are in {out}; open {out / told.PAGE} in a browser" if out is not None else
                 "nothing was kept; add --out DIR to keep the table and to draw it")


def _price(given: str | None) -> float | list[float] | None:
    """The price of a missile as it is written."""
    if given is None:
        return None
    try:
        found = [float(part) for part in given.split(":")]
    except ValueError:
        found = []
    if len(found) not in (1, 3):
        raise InputError(f"--threat-cost {given}\n  must be a number of M$, or LOW:VALUE:HIGH, as 25:40:60")
    return found if len(found) == 3 else found[0]


def exchange_data(found: "Exchange") -> dict[str, Any]:
    """The exchange as plain data: what was tried, and every row of its tables; unknown numbers are None."""
    from opendome.results.summary import records

    return {**found.manifest, "rows": records(found.table), "targets": records(found.targets)}


def exchange_text(found: "Exchange") -> str:
    """The elements in the order of the file, and what must be known to read them."""
    from opendome.cli.show import columns
    from opendome.report import exchange as told

    lines = [*wrap(found.manifest["title"], WIDTH), told.size(found), ""]
    lines += [line for sentence in told.answer(found) for line in wrap(sentence, WIDTH)]
    rows = [told.cells(row) for row in found.table.to_dict(orient="records")]
    lines += ["", *columns([told.HEAD, *rows])]
    for sentences in (told.target_answer(found), told.cautions(found)):
        lines += ["", *(line for sentence in sentences for line in wrap(sentence, WIDTH))] if sentences else []
    return "\n".join(lines)
