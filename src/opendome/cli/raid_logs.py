"""`opendome raids import`: a table of raids into the raids of a scenario, with every row that was left out."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome.errors import InputError

if TYPE_CHECKING:
    from opendome.scenario.raid_log import RaidLog

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
    reference = {"author": "not stated", "title": f"Raid log {log.source}", "year": log.raids[-1].end.year,
                 "publisher": "not stated", "note": "Imported from a file; say here who kept the log"}
    return toml_out.dumps({**data, "catalogue": {"references": {SOURCE: reference}}})


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path}: exists already, and is left as it is\nhint: name another file") from None
