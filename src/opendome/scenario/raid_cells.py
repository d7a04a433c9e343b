"""What stands in one cell of a raid log: a count or a time, or the reason why it is neither. Nothing is guessed."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

COUNT_MAX = 100_000
"""A larger count is taken for something else (an identifier, a sum of money)."""

_BLANK = {"", "-", "–", "—", "?", "n/a", "na", "nan", "none", "null", "unknown", "no data"}
_WHOLE = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,12})(?:[.,]0+)?")
_DATE = re.compile(r"(\d+)([-./])(\d+)\2(\d+)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?", re.IGNORECASE)


class Unreadable(Exception):
    """A cell that cannot be read; `kind` groups such cells, the text says what is wrong with this one."""

    def __init__(self, kind: str, why: str) -> None:
        self.kind = kind
        super().__init__(why)


@dataclass(frozen=True)
class CellTime:
    """A time as logged: an instant, or a whole day where no clock time was given."""

    at: datetime
    """The instant, or the start of the day; with offset."""
    has_clock: bool
    """Whether a clock time was given."""

    @property
    def until(self) -> datetime:
        """The instant, or the end of the day."""
        next_day = self.at.date() + timedelta(days=1)
        return self.at if self.has_clock else datetime.combine(next_day, time(), self.at.tzinfo)


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing, or a word that says so ("n/a", "unknown", "-")."""
    return text.strip().casefold() in _BLANK


def read_count(text: str, name: str) -> int:
    """The whole number in a cell: "12", "12.0", "1 234", "1,234". Ranges, "about" and "at least" are not one number."""
    found = text.strip()
    if is_blank(found):
        raise Unreadable(f"{name} not given", f"{name} is {_shown(found) or 'blank'}")
    match = _WHOLE.fullmatch(found)
    if match is None:
        raise Unreadable(f"{name} not one whole number", f"{name} = {_shown(found)}: not one whole number, 0 or more")
    count = int(re.sub(r"\D", "", match[1]))
    if count > COUNT_MAX:
        raise Unreadable(f"{name} too large", f"{name} = {_shown(found)}: more than {COUNT_MAX} is no count of weapons")
    return count


def read_time(text: str, zone: tzinfo) -> CellTime:
    """A date or date-time; without an offset it is taken to be in `zone`.

    Read are yyyy-mm-dd (also with / or .), dd.mm.yyyy, and dd/mm/yyyy or mm/dd/yyyy where one of the two
    numbers is above 12 or both are equal; the clock as h:mm or h:mm:ss after a space or T, with or without offset.
    """
    found = " ".join(text.split())
    if is_blank(found):
        raise Unreadable("time not given", f"time is {_shown(found) or 'blank'}")
    match = _DATE.match(found)
    rest = found[match.end() :] if match else ""
    clock = _CLOCK.fullmatch(rest[1:].strip()) if rest else None
    if match is None or (rest and (rest[0] not in " Tt" or clock is None)):
        raise Unreadable("time not readable", f"time = {_shown(found)}: write yyyy-mm-dd or yyyy-mm-dd hh:mm")
    day = _day(match[1], match[2], match[3], match[4], found)
    if clock is None:
        return CellTime(datetime.combine(day, time(), zone), False)
    try:
        at = time(int(clock[1]), int(clock[2]), int(clock[3] or 0), tzinfo=_offset(clock[4], zone))
    except ValueError:
        raise Unreadable("time not readable", f"time = {_shown(found)}: no such time of day") from None
    return CellTime(datetime.combine(day, at), True)


def _day(first: str, mark: str, second: str, third: str, found: str) -> date:
    """The date of three numbers; which one is the month must be plain from the numbers themselves."""
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    elif len(third) == 4 and mark == "/":
        day, month, year = int(first), int(second), int(third)
        if day <= 12 and month <= 12 and day != month:
            raise Unreadable(
                "date ambiguous", f"time = {_shown(found)}: day or month first? write yyyy-mm-dd or dd.mm.yyyy"
            )
        day, month = (day, month) if month <= 12 else (month, day)
    elif len(third) == 4:
        day, month, year = int(first), int(second), int(third)
    else:
        raise Unreadable("date ambiguous", f"time = {_shown(found)}: write the year with four digits")
    try:
        if 1900 <= year <= 2100:
            return date(year, month, day)
    except ValueError:
        pass
    raise Unreadable("time not readable", f"time = {_shown(found)}: no such date between 1900 and 2100")


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text.upper() in ("Z", "UTC"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _shown(text: str) -> str:
    """A cell in quotes, shortened; "" for an empty one."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return f'"{short}"' if short else ""
