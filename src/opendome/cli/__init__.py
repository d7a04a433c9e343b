"""The command line. Data go to stdout, talk to stderr; every command has a twin in Python, which its help names.

Exit codes: 0 done, 1 problems found by a run, 2 wrong input, 130 interrupted.
Modules of the engine are imported inside the commands: help and lists must not wait for a compiler to load.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from opendome import __version__
from opendome.cli import (
    compare,
    costs,
    exports,
    footprints,
    frontiers,
    ledgers,
    marginals,
    options,
    packs,
    raid_logs,
    schedules,
    show,
    studio,
    sweeps,
    talk,
    views,
)
from opendome.cli.options import AsJson, ScenarioName
from opendome.errors import InputError, ScenarioError

if TYPE_CHECKING:
    from opendome.results import Results

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=SETTINGS,
    help="OpenDome simulates a layered missile defence: what leaks through, with what certainty, at what cost.",
    epilog="Start with: opendome run gulf-2026",
)
raids_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, context_settings=SETTINGS,
                        help="Raids from tables of what was launched and destroyed.")
app.add_typer(raids_app, name="raids")

Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(show.KINDS)}.")]
Columns = Annotated[list[str] | None, typer.Option(
    "--columns", metavar="NAME=COLUMN", help="The file's column for start, clock, end, type, launched or "
    "destroyed, as launched=fired. May be repeated.")]
Types = Annotated[list[str] | None, typer.Option(
    metavar="TYPE=CLASS", help="The class of a type as logged: ballistic, cruise, drone, bomb or reconnaissance. "
    "May be repeated.")]
Zone = Annotated[str, typer.Option(metavar="ZONE", help="Of times that do not say theirs.")]
_UsageError: Any = typer.BadParameter.__mro__[2]
"""Every mistake on the command line itself; Typer does not name this class."""


def main(args: list[str] | None = None) -> int:
    """Run one command line; the exit code. Nothing is raised."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without "±" shows a question mark
    try:
        with talk.notes():
            code = app(args=args, prog_name="opendome", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        code = talk.INTERRUPTED
    except SystemExit as end:
        code = end.code
    except Exception as error:
        if not isinstance(error, _UsageError):
            return talk.explain(error)
        error.show()
        return talk.WRONG_INPUT
    if code == talk.INTERRUPTED:
        return talk.explain(KeyboardInterrupt())
    return code if isinstance(code, int) else talk.DONE


@app.command(epilog='Python: opendome.run(opendome.load("gulf-2026"), runs=200, seed=7)')
def run(
    scenario: ScenarioName,
    runs: Annotated[int | None, typer.Option(metavar="N", help="Number of runs (default: the scenario's).")] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Seed of all draws (default: the scenario's).")] = None,
    jobs: options.Jobs = None,
    fidelity: Annotated[str | None, typer.Option(metavar="LEVEL", help="So far only: full.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the results in this folder.")] = None,
    change: options.Changes = None,
    raid: Annotated[list[str] | None, typer.Option(
        metavar="NAME", help="Run this raid alone. May be repeated.")] = None,
    as_json: AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a scenario many times and print what leaked through, what was fired, and what it cost.

    Of a scenario with a stockpile: which stock is exhausted and when it is back, what leaked, and what lines built.
    Every figure is an estimate with its standard error. The same seed gives the same figures.
    """
    results = _run(scenario, runs, seed, jobs, fidelity, out, change or [], raid or [], quiet)
    found = results.summary()
    if as_json:
        _print_json(found)
    else:
        from opendome.results import first_screen

        talk.answer(first_screen(found))
    if not quiet:
        talk.say(f"results are in {out}; next: opendome report {out}" if out is not None else
                 "nothing was kept; add --out DIR to keep the tables and to make a report")


def _run(name: str, runs: int | None, seed: int | None, jobs: int | None, fidelity: str | None, out: Path | None,
         change: list[str], raids: list[str], is_quiet: bool) -> "Results":
    from opendome.scenario import reader

    text, variant = reader.read(name)
    changes = options.changes(change)
    try:
        scenario = reader.parse(text, source=name, changes=changes, variant=variant)
        from opendome import study
        from opendome.results import check_target

        scenario = study.only_raids(scenario, raids) if raids else scenario
        if out is not None:
            check_target(out)
        with talk.stopping_at_once(), talk.progress_of("runs", is_quiet) as progress:
            results = study.run(scenario, runs=runs, seed=seed, jobs=jobs, fidelity=fidelity, progress=progress)
    except ScenarioError as error:
        from opendome.study.checking import problems_of

        raise ScenarioError(name, problems_of(text, changes, variant) or error.problems) from None
    if out is not None:
        results.save(out)
    return results


compare_scenarios = app.command("compare", epilog=compare.TWIN)(compare.compare)
sweep = app.command(epilog=sweeps.TWIN)(sweeps.sweep)
marginal = app.command(epilog=marginals.TWIN)(marginals.marginal)
reproduce = app.command(epilog=packs.TWIN)(packs.reproduce)
schedule = app.command(epilog=schedules.TWIN)(schedules.schedule)
ledger = app.command(epilog=ledgers.TWIN)(ledgers.ledger)
cost = app.command(epilog=costs.TWIN)(costs.cost)
frontier = app.command(epilog=frontiers.FRONTIER_TWIN)(frontiers.frontier)
exchange = app.command(epilog=frontiers.EXCHANGE_TWIN)(frontiers.exchange)
footprint = app.command(epilog=footprints.FOOTPRINT_TWIN)(footprints.footprint)
windows = app.command(epilog=footprints.WINDOWS_TWIN)(footprints.windows)
view = app.command(epilog=views.TWIN)(views.view)
studio_of = app.command("studio", epilog=studio.TWIN)(studio.studio)
export = app.command(epilog=exports.TWIN)(exports.export)


@app.command(epilog='Python: opendome.problems("my.toml")')
def check(scenario: ScenarioName, as_json: AsJson = False) -> None:
    """Check a scenario without running it and list every problem at once.

    Exit code 0 when it can be run, 2 when it cannot.
    """
    from opendome.scenario import reader

    text, variant = reader.read(scenario)
    reader.read_toml(text, scenario)
    from opendome.kernel import announce_compiling
    from opendome.study.checking import problems_of_all

    with announce_compiling():  # flights are solved to see that they can be flown
        found = problems_of_all(text, variant)
    if as_json:
        from dataclasses import asdict

        _print_json([asdict(problem) for problem in found])
    elif found:
        talk.answer(talk.problem_lines(scenario, found))
    else:
        parsed = reader.parse(text, source=scenario, variant=variant)
        talk.answer(f"{scenario}: ok, {_counts(parsed)}")
        if parsed.constellations and parsed.raids:
            from opendome.world import leap_second_note

            talk.say(leap_second_note(max(raid.start for raid in parsed.raids.values())))
    if found:
        raise typer.Exit(talk.WRONG_INPUT)


def _counts(scenario: Any) -> str:
    threats = sum(wave.count for raid in scenario.raids.values() for wave in raid.waves)
    sites = sum(len(layer.sites) for layer in scenario.layers.values())
    counts = {"raid": len(scenario.raids), "threat": threats, "area": len(scenario.areas),
              **({"constellation": len(scenario.constellations)} if scenario.constellations else {}),
              "sensor": len(scenario.sensors), "layer": len(scenario.layers), "site": sites}
    if scenario.stockpile is not None:
        tables = ("owners", "interceptors", "components", "lines", "orders", "transfers", "uses")
        own = {name.removesuffix("s"): len(getattr(scenario.stockpile, name)) for name in tables}
        every = {**own, "campaign": len(scenario.campaigns), **counts}
        counts = {what: count for what, count in every.items() if count}
    if scenario.variants:
        counts["variant"] = len(scenario.variants)
    return ", ".join(f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in counts.items())


@app.command("show", epilog='Python: opendome.catalogue.describe(opendome.catalogue.shipped(), "thaad")')
def show_one(
    name: Annotated[str, typer.Argument(
        metavar="NAME", help="A catalogue entry, a pack, a shipped scenario, or a file.")],
    as_json: AsJson = False,
) -> None:
    """Show a catalogue entry or a pack, each value with range, grade and source; or the outline of a scenario."""
    from opendome.reproduce import Pack
    from opendome.scenario import Scenario

    found = show.find(name)
    if isinstance(found, Pack):
        data = packs.pack_data(name, found)
        text = packs.pack_text(data)
    elif isinstance(found, Scenario):
        data = show.outline(name, found)
        text = show.outline_text(data)
    else:
        data, text = show.entry_data(found), show.entry_text(found)
    if as_json:
        _print_json(data)
    else:
        talk.answer(text)


@app.command("list", epilog='Python: opendome.catalogue.names("threats"), opendome.figures()')
def list_names(kind: Kind, as_json: AsJson = False) -> None:
    """List what is known by name: of the catalogue, the shipped scenarios, the packs, or the figures of merit."""
    rows = show.listing(kind)
    if as_json:
        _print_json(rows)
    else:
        talk.answer(show.listing_text(rows))


@app.command(epilog="Python: opendome.Scenario.model_json_schema()")
def schema() -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check them.

    Kept as opendome.schema.json beside your scenario, it is found by the first line of the shipped ones.
    """
    from opendome.scenario.schema import schema_text

    talk.answer(schema_text())


@app.command(epilog='Python: opendome.scenario.reader.find("gulf-2026").read_text()')
def copy(
    name: Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario's name.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file.")],
) -> None:
    """Copy a shipped scenario to a file of your own, to edit."""
    from opendome.scenario import reader

    raid_logs.write_new(file, reader.read_text(reader.find(name)))
    talk.say(f"{file} is yours to edit; then: opendome check {file}, opendome run {file}\n"
             f"opendome schema > {file.with_name('opendome.schema.json')} lets an editor help you")


@raids_app.command("import", epilog='Python: opendome.import_raid_log("log.csv")')
def import_raids(
    file: Annotated[Path, typer.Argument(
        metavar="FILE", help="A CSV table with a time, a type, launched and destroyed in each row.")],
    column: Columns = None,
    types: Types = None,
    gap_h: Annotated[float, typer.Option(metavar="HOURS", help="A longer pause starts a new raid.")] = 6.0,
    zone: Zone = "UTC",
    out: Annotated[Path | None, typer.Option(
        metavar="FILE.toml", help="Write the raids as part of a scenario; needs --threat, --from and --at, or "
        "--campaign.")] = None,
    campaign: Annotated[str | None, typer.Option(
        metavar="NAME", help="Write them as the counted raids of this campaign, day by day.")] = None,
    threat: Annotated[list[str] | None, typer.Option(
        metavar="CLASS=NAME", help="The catalogue's threat for a class or for a type as logged. May be repeated.",
        )] = None,
    place: Annotated[list[str] | None, typer.Option(
        "--from", metavar="PLACE=WEIGHT", help="Where the threats start from. May be repeated.")] = None,
    area: Annotated[list[str] | None, typer.Option(
        "--at", metavar="AREA=WEIGHT", help="What they are sent to. May be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Turn a table of (time, type, launched, destroyed) into raids; every row not used is listed and counted."""
    threats, places, areas = raid_logs.pairs("--threat", threat or []), place or [], area or []
    if out is None and (threats or places or areas or campaign):
        raise InputError("--threat, --from, --at, --campaign\n  say how raids are written\nhint: add --out FILE.toml")
    if campaign and (threats or places or areas):
        raise InputError("--threat, --from and --at\n  are not for a campaign, whose template says how threats fly\n"
                         "hint: leave them out, or --campaign")
    log = raid_logs.read(file, column, types, raid_gap_h=gap_h, zone=zone)
    if out is not None and campaign:
        raid_logs.write_new(out, raid_logs.campaign_part(log, campaign))
    elif out is not None:
        weights = raid_logs.weights("--from", places), raid_logs.weights("--at", areas)
        raid_logs.write_new(out, raid_logs.scenario_part(log, threats, *weights))
    if as_json:
        _print_json(raid_logs.log_data(log))
    else:
        talk.answer(raid_logs.log_text(log))
    talk.say(f"raids are in {out}: paste them into a scenario, then run opendome check on it" if out is not None else
             "nothing was written; add --out FILE.toml to get the raids for a scenario")


@raids_app.command("fit", epilog='Python: opendome.campaign.fit.fit_process(opendome.import_raid_log("log.csv"))')
def fit_raids(
    file: Annotated[Path, typer.Argument(
        metavar="FILE", help="A CSV table with a time, a type, launched and destroyed in each row.")],
    column: Columns = None,
    types: Types = None,
    zone: Zone = "UTC",
    first: Annotated[str | None, typer.Option(metavar="MONTH", help="First month to fit to, as 2026-02.")] = None,
    last: Annotated[str | None, typer.Option(metavar="MONTH", help="Last month to fit to.")] = None,
    massed_from: Annotated[int, typer.Option(
        metavar="N", help="Missiles on a day that make a massed raid.")] = 20,
    hole_days: Annotated[int, typer.Option(
        metavar="N", help="So many days without a row are a hole in the log, and left out.")] = 10,
    left_out: Annotated[int, typer.Option(
        "--leave-out", metavar="MONTHS", help="Foretell every month from a fit without it, in blocks of this many "
        "(0: show the months that were fitted to).")] = 0,
    runs: Annotated[int, typer.Option(metavar="N", help="Simulated months behind each band.", min=20)] = 1000,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of all draws.")] = 1,
    campaign: Annotated[str, typer.Option(metavar="NAME", help="The campaign that the process is for.")] = "raids",
    as_json: AsJson = False,
) -> None:
    """Fit a random process of raids to a table of raids, and print it for a scenario's campaign.

    What was logged in each month stands below it, beside the band that the process gives.
    """
    from opendome.campaign.fit import fit_process
    from opendome.campaign.fit_check import fitted_months, leave_out
    from opendome.kernel import announce_compiling

    log = raid_logs.read(file, column, types, zone=zone)
    fit = fit_process(log, massed_from=massed_from, hole_days=hole_days, first=first, last=last)
    with announce_compiling():
        months = (leave_out(fit.table, left_out, runs=runs, seed=seed) if left_out else
                  fitted_months(fit, runs=runs, seed=seed))
    if as_json:
        _print_json(raid_logs.fit_data(log, fit, months, left_out))
    else:
        talk.answer(raid_logs.fit_text(log, fit, months, left_out, campaign))
    talk.say("every row that was not used or is odd: opendome raids import " + str(file))


@app.command(epilog='Python: opendome.write_report("results/gulf-2026", "report.html")')
def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `opendome run --out` wrote.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Default: DIR/report.html.")] = None,
    replay: Annotated[bool, typer.Option("--replay/--no-replay", help="Put the replay of runs inside.")] = True,
    replay_runs: Annotated[str | None, typer.Option(
        metavar="RUNS", help="Runs to replay, as 0,12,most: numbers, or fewest, median and most by their leakers. "
        "Default: 0, and most if both fit.")] = None,
) -> None:
    """Write the report of a results folder: one HTML file that opens without a network."""
    from opendome.report import write_report
    from opendome.results.store import REPORT

    with talk.progress_of("raids flown again", is_quiet=False) as progress:
        written = write_report(folder, out if out is not None else folder / REPORT, replay=replay,
                               replay_runs=replay_runs.split(",") if replay_runs is not None else None,
                               progress=progress)
    talk.answer(str(written))
    talk.say("open it in a browser")


@app.command(epilog="Python: opendome.__version__")
def version() -> None:
    """Print the version."""
    talk.answer(f"opendome {__version__}")


def _print_json(found: Any) -> None:
    talk.answer(options.json_text(found))
