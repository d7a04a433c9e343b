"""A table of (time, type, launched, destroyed), as kept by those who were raided, as a sequence of raids.

Logs are messy. Every row that is read is either used or stands in `unused` with the reason; a row that is used
although something about it is odd stands in `flagged`. Nothing is guessed: what cannot be read as one number,
one date or one class is not used. Left out: places, which logs name in words, and outcomes other than "destroyed".

The format is described in docs/formats/raid-log.md.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from opendome.errors import InputError
from opendome.scenario import toml_out
from opendome.scenario.raid_cells import CellTime, Unreadable, is_blank, read_count, read_time
from opendome.scenario.raid_file import find_columns, records
from opendome.scenario.raid_holes import holes_of
from opendome.scenario.raid_types import CLASSES, FLOWN, NamedClass, TypeTable

TEXT_MAX = 200
"""Characters of a row's text that are kept for the lists."""


@dataclass(frozen=True)
class LoggedRow:
    """One row of a log that is used."""

    row: int
    """Row number in the file, the header being row 1 (as a spreadsheet counts)."""
    day: date
    """Date of the start as logged."""
    end_day: date
    """Date of the end as logged; that of the start where none is usable."""
    start: datetime
    """Start, UTC; the start of the day where only a date was given."""
    end: datetime
    """End, UTC; the end of the day where only a date was given, the start where nothing was."""
    has_clock: bool
    """Whether start or end has a time of day."""
    type: str
    """Type as logged."""
    threat_class: str
    """Class by the type table."""
    launched: int
    """Number reported as launched."""
    destroyed: int | None
    """Number reported as destroyed; None where the log does not say."""
    is_ambiguous: bool
    """Whether the type joins models of different classes; the row then counts for the fastest."""


@dataclass(frozen=True)
class LoggedRaid:
    """Rows that belong together in time."""

    name: str
    """Start in UTC as a name: 2026-02-28-0600, or 2026-02-28-day for rows that give no time of day."""
    start: datetime
    """First start, UTC."""
    end: datetime
    """Last end, UTC."""
    rows: tuple[LoggedRow, ...]
    """The rows, by start, then by row number."""


@dataclass(frozen=True)
class Remark:
    """A row that is not used, or is used and odd."""

    row: int
    """Row number in the file, the header being row 1."""
    text: str
    """The row, its cells joined by " | ", shortened to 200 characters."""
    reason: str
    """Short reason, the same words for the same kind of trouble."""
    why: str
    """What was found in this row, and what would be right."""


@dataclass(frozen=True)
class RaidLog:
    """All that was found in one file: `rows_read == rows_used + len(unused)`."""

    source: str
    """Name of the file."""
    columns: dict[str, str]
    """The file's column for each thing that is read."""
    raids: tuple[LoggedRaid, ...]
    """The raids by start."""
    unused: tuple[Remark, ...]
    """Every row that is not used."""
    flagged: tuple[Remark, ...]
    """Rows that are used and odd; a row stands here once for each oddity."""
    rows_read: int
    """Rows below the header, blank ones included."""

    @property
    def rows_used(self) -> int:
        """Rows that are part of a raid."""
        return sum(len(raid.rows) for raid in self.raids)


def import_raid_log(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    raid_gap_h: float = 6.0,
    zone: str = "UTC",
) -> RaidLog:
    """The raids in a CSV file (UTF-8; comma, semicolon or tab), with a list of all rows that are unused or odd.

    `columns` names the file's column for start, clock, end, type, launched or destroyed, `types` the class of a type as
    logged (see `raid_types.CLASSES`). Rows with a time of day make one raid as long as the next starts no later than
    `raid_gap_h` after the last end; rows that give only dates make one raid for each day. Times without an offset
    are in `zone`, a name of the time zone database.
    """
    if not raid_gap_h >= 0:
        raise InputError(f"raid_gap_h = {raid_gap_h}\n  must be a number of hours, 0 or more")
    path = Path(path)
    classify = lru_cache(4096)(TypeTable(types).classify)  # logs name few types many times
    reader = _Reader(path, columns or {}, classify, _zone(zone))
    rows = list(reader.rows())
    raids = tuple(_raids(rows, timedelta(hours=min(raid_gap_h, 1e6))))
    return RaidLog(path.name, reader.columns, raids, tuple(reader.unused), tuple(reader.flagged), reader.rows_read)


# --- reading ------------------------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Reads one file row by row and keeps the books."""

    path: Path
    asked: Mapping[str, str]
    classify: Callable[[str], NamedClass | str]
    zone: tzinfo
    columns: dict[str, str] = field(default_factory=dict)
    unused: list[Remark] = field(default_factory=list)
    flagged: list[Remark] = field(default_factory=list)
    rows_read: int = 0
    _seen: dict[int, int] = field(default_factory=dict)

    def rows(self) -> Iterator[LoggedRow]:
        """Every row that can be used; the others go to `unused`."""
        cells_of_rows = records(self.path)
        header = next(cells_of_rows, [])
        self.columns = find_columns(header, self.asked, self.path.name)
        place = {name: header.index(column) for name, column in self.columns.items()}
        for row, cells in enumerate(cells_of_rows, start=2):
            self.rows_read += 1
            odd: list[tuple[str, str]] = []
            try:
                used = self._row(row, cells, header, place, odd)
            except Unreadable as trouble:
                self.unused.append(_remark(row, cells, trouble.kind, str(trouble)))
                continue
            self.flagged += [_remark(row, cells, reason, why) for reason, why in odd]
            yield used

    def _row(
        self, row: int, cells: list[str], header: list[str], place: dict[str, int], odd: list[tuple[str, str]]
    ) -> LoggedRow:
        """One row; raises `Unreadable` when it cannot be used, adds to `odd` when it can."""
        _check_shape(cells, header, place)
        text = {name: cells[at] for name, at in place.items()}
        span = self._span(text, odd)
        type_logged = text["type"].strip()
        found = self._class(type_logged, odd)
        launched = read_count(text["launched"], "launched")
        destroyed = _destroyed(text["destroyed"], launched, odd)
        self._note_repeat(row, cells, odd)
        return LoggedRow(
            row=row, day=span[0].at.date(), end_day=span[1].at.date(),
            start=span[0].at.astimezone(UTC), end=span[1].until.astimezone(UTC),
            has_clock=span[0].has_clock or span[1].has_clock,
            type=type_logged, threat_class=found.threat_class, launched=launched, destroyed=destroyed,
            is_ambiguous=len(found.classes) > 1,
        )

    def _class(self, logged: str, odd: list[tuple[str, str]]) -> NamedClass:
        """The class of a type; several models or classes in one type are odd."""
        found = self.classify(logged)
        if isinstance(found, str):
            if not found:
                raise Unreadable("type not given", "type is blank")
            why = f'"{found}" is in no class: give it one with types, for instance {{"{found}": "cruise"}}'
            raise Unreadable("type of no known class", why)
        why = f'"{logged}" names {" and ".join(found.classes)}: counted as {found.threat_class}'
        if len(found.classes) > 1:
            odd.append(("several classes, counted as the fastest", why))
        elif found.models > 1:
            odd.append(("several models, one class", why))
        return found

    def _span(self, text: dict[str, str], odd: list[tuple[str, str]]) -> tuple[CellTime, CellTime]:
        """Start and end of a row; without a usable end it ends when (or on the day that) it starts."""
        clock = text.get("clock", "")
        start = read_time(text["start"] if is_blank(clock) else f"{text['start']} {clock}", self.zone)
        if not start.has_clock:
            odd.append(("date without time", "start has no time of day: taken as the start of that day"))
        if is_blank(text.get("end", "")):
            return start, start
        try:
            end = read_time(text["end"], self.zone)
        except Unreadable as trouble:
            odd.append(("end not readable", f"end not used: {trouble}"))
            return start, start
        if end.until.astimezone(UTC) < start.at.astimezone(UTC):
            odd.append(("end before start", f'ends "{text["end"].strip()}", before its start: end not used'))
            return start, start
        return start, end

    def _note_repeat(self, row: int, cells: list[str], odd: list[tuple[str, str]]) -> None:
        first = self._seen.setdefault(hash(tuple(cells)), row)
        if first != row:
            odd.append(("same as another row", f"all cells as in row {first}: both are counted"))


def _check_shape(cells: list[str], header: Sequence[str], place: Mapping[str, int]) -> None:
    """Raises `Unreadable` for a row that is no record; drops blank cells beyond the last column."""
    if not any(cell.strip() for cell in cells):
        raise Unreadable("blank row", "no cell holds anything")
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        why = f"{len(cells)} cells under {len(header)} columns: a delimiter or quotes too many or too few?"
        raise Unreadable("wrong number of cells", why)
    if all(cells[at].strip() == header[at] for at in place.values()):
        raise Unreadable("header again", "repeats the header")


def _destroyed(text: str, launched: int, odd: list[tuple[str, str]]) -> int | None:
    """The number destroyed, or None where it is not given or not readable."""
    try:
        destroyed = read_count(text, "destroyed")
    except Unreadable as trouble:
        odd.append((trouble.kind, f"outcome not known: {trouble}"))
        return None
    if destroyed > launched:
        odd.append(("more destroyed than launched", f"{destroyed} destroyed of {launched} launched: kept as logged"))
    elif launched == 0:
        odd.append(("nothing launched", "0 launched: kept as logged"))
    return destroyed


def _remark(row: int, cells: Sequence[str], reason: str, why: str) -> Remark:
    text = " | ".join(cell.strip() for cell in cells).rstrip(" |")
    return Remark(row, text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "…", reason, why)


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        hint = 'a name such as "UTC" or "Europe/Kyiv"'
        raise InputError(f"zone = {name!r}\n  is not in the time zone database\n  hint: {hint}") from None


# --- raids --------------------------------------------------------------------------------------------------------


def _raids(rows: Sequence[LoggedRow], gap: timedelta) -> list[LoggedRaid]:
    """Rows gathered into raids, by start."""
    ordered = sorted(rows, key=lambda row: (row.start, row.row))
    groups: list[list[LoggedRow]] = []
    last_end: datetime | None = None
    for row in (row for row in ordered if row.has_clock):
        if last_end is None or row.start - last_end > gap:
            groups.append([])
            last_end = row.end
        groups[-1].append(row)
        last_end = max(last_end, row.end)
    days: dict[date, list[LoggedRow]] = {}
    for row in (row for row in ordered if not row.has_clock):
        days.setdefault(row.day, []).append(row)
    made = [_raid(group, f"{group[0].start:%Y-%m-%d-%H%M%S}".removesuffix("00")) for group in groups]
    made += [_raid(group, f"{day:%Y-%m-%d}-day") for day, group in days.items()]
    return sorted(made, key=lambda raid: (raid.start, raid.name))


def _raid(rows: Sequence[LoggedRow], name: str) -> LoggedRaid:
    return LoggedRaid(name, rows[0].start, max(row.end for row in rows), tuple(rows))


# --- telling ------------------------------------------------------------------------------------------------------


def totals(log: RaidLog, by: Literal["year", "month"] = "year") -> list[dict[str, Any]]:
    """Launched and destroyed for each period (of the start as logged) and class, in order.

    Keys: period ("2025" or "2025-03"), threat_class, rows, launched, destroyed, and outcome_unknown: how many
    of the launched are in rows that do not say how many were destroyed.
    """
    if by not in ("year", "month"):
        raise InputError(f"by = {by!r}\n  must be year or month")
    sums: dict[tuple[str, int], Counter[str]] = {}
    for row in (row for raid in log.raids for row in raid.rows):
        period = f"{row.day:%Y}" if by == "year" else f"{row.day:%Y-%m}"
        here = sums.setdefault((period, CLASSES.index(row.threat_class)), Counter())
        unknown = row.launched if row.destroyed is None else 0
        here.update(rows=1, launched=row.launched, destroyed=row.destroyed or 0, outcome_unknown=unknown)
    keys = ("rows", "launched", "destroyed", "outcome_unknown")
    return [
        {"period": period, "threat_class": CLASSES[kind], **{key: count[key] for key in keys}}
        for (period, kind), count in sorted(sums.items())
    ]


def summary_lines(log: RaidLog) -> list[str]:
    """What was read, used and not, and the totals, as plain lines of text."""
    lines = [f"{log.source}: {log.rows_read} rows read, {log.rows_used} used, {len(log.unused)} not used"]
    lines.append("columns: " + ", ".join(f'{name} = "{column}"' for name, column in log.columns.items()))
    for title, remarks in (("not used", log.unused), ("used, but odd", log.flagged)):
        counts = sorted(Counter(remark.reason for remark in remarks).items(), key=lambda pair: (-pair[1], pair[0]))
        lines += [f"{title}: {count} x {reason}" for reason, count in counts]
    if not log.raids:
        return [*lines, "no raids found"]
    last = max(raid.end for raid in log.raids)
    lines.append(f"{len(log.raids)} raids from {log.raids[0].start:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC")
    used = [row for raid in log.raids for row in raid.rows]
    lines += [f"hole: {hole}" for hole in holes_of({day for row in used for day in (row.day, row.end_day)})]
    for kind in CLASSES:
        rows = [row for row in used if row.threat_class == kind]
        launched = sum(row.launched for row in rows)
        unknown = sum(row.launched for row in rows if row.destroyed is None)
        if rows:
            text = f"{kind}: {launched} launched, {sum(row.destroyed or 0 for row in rows)} destroyed"
            text += f", outcome of {unknown} not known" if unknown else ""
            lines.append(text if kind in FLOWN else f"{text} (counted, not flown)")
    return lines


# --- to a scenario ------------------------------------------------------------------------------------------------


def to_scenario_raids(
    log: RaidLog,
    *,
    threat_for: Mapping[str, str],
    from_places: Mapping[str, float],
    at_areas: Mapping[str, float],
    source: str = "raid-log",
) -> dict[str, Any]:
    """`raids` and `observations` of a scenario, as plain data.

    `threat_for` gives the catalogue's threat for a type as logged, or for a class; every type that is flown needs
    one. `from_places` and `at_areas` are the weights of all waves, since logs tell places in words. Starts are
    spread evenly over the time logged for the row, which is an assumption. Bombs and drones that are meant to come
    back are not flown, and a raid with nothing else is left out. `source` is the observations' key in the references.
    """
    missing = {
        row.threat_class for raid in log.raids for row in raid.rows
        if row.threat_class in FLOWN and row.launched and not (row.type in threat_for or row.threat_class in threat_for)
    }
    if missing:
        names = ", ".join(sorted(missing, key=FLOWN.index))
        raise InputError(f"threat_for: nothing for {names}\n  give each class (or each type as logged) a threat")
    raids: dict[str, Any] = {}
    observations: list[dict[str, Any]] = []
    for raid in log.raids:
        waves = _waves(raid, threat_for, dict(from_places), dict(at_areas))
        if waves:
            seen, not_seen = _observations(raid, source)
            note = f"Rows {_row_list(raid.rows)} of {log.source}. Starts are spread evenly over the time logged."
            note = " ".join([note, *not_seen])
            raids[raid.name] = {"start": f"{raid.start:%Y-%m-%dT%H:%M:%SZ}", "note": note, "waves": waves}
            observations += seen
    return {"raids": raids, "observations": observations}


def to_toml(
    log: RaidLog,
    *,
    threat_for: Mapping[str, str],
    from_places: Mapping[str, float],
    at_areas: Mapping[str, float],
    source: str = "raid-log",
) -> str:
    """The text of `to_scenario_raids`, to stand in a scenario file."""
    return toml_out.dumps(
        to_scenario_raids(log, threat_for=threat_for, from_places=from_places, at_areas=at_areas, source=source)
    )


def _waves(
    raid: LoggedRaid, threat_for: Mapping[str, str], places: dict[str, float], areas: dict[str, float]
) -> list[dict[str, Any]]:
    """One wave for each threat and span of time."""
    counts: Counter[tuple[float, float, str]] = Counter()
    for row in raid.rows:
        if row.threat_class in FLOWN and row.launched:
            threat = threat_for.get(row.type) or threat_for[row.threat_class]
            start_min = (row.start - raid.start) / timedelta(minutes=1)
            counts[start_min, (row.end - row.start) / timedelta(minutes=1), threat] += row.launched
    return [
        {"threat": threat, "count": count, "from": places, "at": areas, "start_min": start, "spread_min": spread}
        for (start, spread, threat), count in sorted(counts.items())
    ]


def _observations(raid: LoggedRaid, source: str) -> tuple[list[dict[str, Any]], list[str]]:
    """What was reported of each class, from the rows whose outcome is known; and why a class has no observation."""
    seen: list[dict[str, Any]] = []
    not_seen: list[str] = []
    for kind in FLOWN:
        rows = [row for row in raid.rows if row.threat_class == kind and row.launched]
        known = [row for row in rows if row.destroyed is not None]
        launched = sum(row.launched for row in known)
        destroyed = sum(row.destroyed or 0 for row in known)
        if rows and not known:
            not_seen.append(f"No observation of {kind}: the outcome is not known.")
        elif destroyed > launched:
            not_seen.append(f"No observation of {kind}: {destroyed} logged as destroyed of {launched} launched.")
        elif known:
            entry: dict[str, Any] = {
                "raids": [raid.name], "threat_class": kind, "launched": launched, "destroyed": destroyed,
                "used_for": "test", "source": source,
            }
            notes = _observation_notes(rows)
            seen.append(entry | ({"note": " ".join(notes)} if notes else {}))
    return seen, not_seen


def _observation_notes(rows: Sequence[LoggedRow]) -> list[str]:
    """What is uncertain about the rows of one class in one raid."""
    notes = []
    unknown = sum(row.launched for row in rows if row.destroyed is None)
    if unknown:
        notes.append(f"The outcome of {unknown} more is not known.")
    if any(row.is_ambiguous for row in rows):
        notes.append("Some rows join models of several classes and count for the fastest.")
    if any((row.destroyed or 0) > row.launched for row in rows):
        notes.append("Some rows have more destroyed than launched.")
    return notes


def _row_list(rows: Sequence[LoggedRow]) -> str:
    numbers = [str(number) for number in sorted(row.row for row in rows)]
    return ", ".join(numbers[:20]) + (f" and {len(numbers) - 20} more" if len(numbers) > 20 else "")
