"""`opendome raids import` and `opendome raids fit`: a table of raids into a scenario's raids, or a process of them."""

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.campaign.fit import Fit
    from opendome.campaign.fit_check import Foretold
    from opendome.scenario.raid_log import RaidLog

TOLD = ("more destroyed than launched", "several classes, counted as the fastest", "same as another row")
"""Oddities of rows that move what is fitted, or are most likely mistakes."""

SOURCE = "raid-log"
"""Key under which the imported observations name their source."""


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """`["a=b", ...]` as a dictionary."""
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not (equals and key.strip() and value.strip()):
            raise InputError(f"{option} {text!r}\n  must be NAME=VALUE")
        found[key.strip()] = value.strip()
    return found


def weights(option: str, given: Sequence[str]) -> dict[str, float]:
    """`["a=2", "b"]` as weights; a bare name weighs 1."""
    found: dict[str, float] = {}
    for text in given:
        name, _, weight = text.partition("=")
        try:
            found[name.strip()] = float(weight or 1)
        except ValueError:
            found[name.strip()] = math.nan
        if not (name.strip() and 0 < found[name.strip()] < math.inf):
            raise InputError(f"{option} {text!r}\n  must be NAME=WEIGHT, with a weight above 0")
    return found


def read(file: Path, columns: Sequence[str] | None, types: Sequence[str] | None, **more: Any) -> "RaidLog":
    """The log of a file, with the command line's `--columns` and `--types`; `more` as in `import_raid_log`."""
    from opendome.scenario.raid_log import import_raid_log

    return import_raid_log(file, columns=pairs("--columns", columns or []), types=pairs("--types", types or []), **more)


def log_text(log: "RaidLog") -> str:
    """The summary, then every row that was not used or is odd."""
    from opendome.scenario.raid_log import summary_lines

    lines = summary_lines(log)
    for title, remarks in (("rows not used", log.unused), ("rows used, but odd", log.flagged)):
        if remarks:
            lines += ["", f"{title}:", *(f"row {remark.row}: {remark.why}  [{remark.text}]" for remark in remarks)]
    return "\n".join(lines)


def log_data(log: "RaidLog") -> dict[str, Any]:
    """The same as plain data."""
    from dataclasses import asdict

    raids = [{"name": raid.name, "start": raid.start.isoformat(), "end": raid.end.isoformat(), "rows": len(raid.rows),
              "launched": sum(row.launched for row in raid.rows)} for raid in log.raids]
    return {"source": log.source, "columns": log.columns, "rows_read": log.rows_read, "rows_used": log.rows_used,
            "raids": raids, "unused": [asdict(r) for r in log.unused], "flagged": [asdict(r) for r in log.flagged]}


def scenario_part(log: "RaidLog", threats: dict[str, str], places: dict[str, float], areas: dict[str, float]) -> str:
    """The raids and observations as TOML, to stand in a scenario."""
    from opendome.scenario import toml_out
    from opendome.scenario.raid_log import to_scenario_raids

    missing = [option for option, given in (("--threat CLASS=NAME", threats), ("--from PLACE=WEIGHT", places),
                                            ("--at AREA=WEIGHT", areas)) if not given]
    if missing:
        raise InputError(f"--out: raids of a scenario also need {', '.join(missing)}\n"
                         "hint: for example --threat drone=one-way-drone --from coast=1 --at city=1")
    if not log.raids:
        raise InputError(f"{log.source}: holds no raids that could be used")
    data = to_scenario_raids(log, threat_for=threats, from_places=places, at_areas=areas, source=SOURCE)
    return toml_out.dumps({**data, "catalogue": {"references": {SOURCE: _reference(log)}}})


def campaign_part(log: "RaidLog", name: str) -> str:
    """The raids as TOML, day by day, to stand in a scenario's campaign of that name."""
    from opendome.scenario import toml_out
    from opendome.scenario.raid_days import to_campaign_raids

    data = {"campaigns": {name: {"raids": to_campaign_raids(log)}}}
    return toml_out.dumps({**data, "catalogue": {"references": {SOURCE: _reference(log)}}})


def _reference(log: "RaidLog") -> dict[str, Any]:
    return {"author": "not stated", "title": f"Raid log {log.source}", "year": log.raids[-1].end.year,
            "publisher": "not stated", "note": "Imported from a file; say here who kept the log"}


def fit_text(log: "RaidLog", fit: "Fit", months: Sequence["Foretold"], left_out: int, campaign: str) -> str:
    """The process as TOML for a scenario; what the log lacks, and logged against simulated months, as comments."""
    from opendome.scenario import toml_out

    data = {"campaigns": {campaign: {"process": fit.data()}}, "catalogue": {"references": {SOURCE: _reference(log)}}}
    notes = [*fit_notes(log, fit), "", *_month_lines(months, left_out)]
    return toml_out.dumps(data) + "\n" + "\n".join(f"# {line}".rstrip() for line in notes)


def fit_notes(log: "RaidLog", fit: "Fit") -> list[str]:
    """What was counted, and what was not."""
    table = fit.table
    days = table.days.sum(axis=0)
    lines = [f"{log.source}: {log.rows_read} rows read, {log.rows_used} used, {len(log.unused)} not used "
             "and so not counted",
             f"{int(days.sum())} days, {int(days[1])} of them with a massed raid, {table.quiet_days} without a row "
             f"(counted as days without a raid); the process starts in {fit.start_month}"]
    lines += [f"hole, left out: {hole}" for hole in table.holes]
    odd = Counter(remark.reason for remark in log.flagged)
    return lines + [f"{odd[reason]} x {reason}" for reason in TOLD if odd[reason]]


def _month_lines(months: Sequence["Foretold"], left_out: int) -> list[str]:
    """Logged totals beside the band of the simulated ones, month by month, and how many lie inside."""
    from opendome.campaign.fit_check import BAND, share_inside

    how = f"months left out of the fit, in blocks of {left_out}" if left_out else "months it was fitted to"
    lines = [f"Logged against simulated totals: {how}; {BAND:.0%} band.", "",
             f"{'month':<9}{'class':<11}{'logged':>7}{'low':>8}{'median':>8}{'high':>8}"]
    lines += [f"{row.month:<9}{row.threat_class:<11}{row.logged:>7}{row.low:>8.0f}{row.median:>8.0f}{row.high:>8.0f}"
              f"{'' if row.is_inside else '  outside'}" for row in months]
    for name in dict.fromkeys(row.threat_class for row in months):
        own = [row for row in months if row.threat_class == name]
        lines.append(f"{name}: {share_inside(own):.0%} of {len(own)} months inside")
    return [*lines, f"all: {share_inside(months):.0%} of {len(months)} inside"]


def fit_data(log: "RaidLog", fit: "Fit", months: Sequence["Foretold"], left_out: int) -> dict[str, Any]:
    """The same as plain data."""
    from dataclasses import asdict

    holes = [{"first": str(hole.first), "last": str(hole.last), "days": hole.days} for hole in fit.table.holes]
    return {"source": log.source, "start": fit.start_month, "process": fit.data(), "holes": holes,
            "quiet_days": fit.table.quiet_days,
            "rows_read": log.rows_read, "rows_used": log.rows_used, "left_out": left_out,
            "months": [{**asdict(row), "inside": row.is_inside} for row in months]}


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path}: exists already, and is left as it is\nhint: name another file") from None
