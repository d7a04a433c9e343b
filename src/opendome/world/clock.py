"""The clock: UTC, TAI and TT with bundled leap seconds, and how far the Earth has turned at an instant.

There is one clock: t_s, seconds of UTC after the scenario's epoch, in days of 86,400 s. Dates are Python's, which know
no leap seconds; a second that is added while a run is going on is not seen by it (`elapsed_s` says the true length).

UT1, the Earth's own time, is taken as UTC. The two stay within 0.9 s of each other: up to 420 m on the equator, as
much again for a low satellite, 2.8 km for a geostationary one, all eastward or all westward.

Leap seconds are announced half a year ahead, so the table holds until a date (`LeapSeconds.expires`). Later instants
keep its last value: what depends on TT is then at worst wrong by the seconds that were added since (the Sun's
direction by 0.04 arc seconds each). `leap_second_note` says how old the table is. UTC before 1972 is refused: its
second had another length. Equations, sources and evidence: docs/models/earth.md.
"""

import math
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import NamedTuple

from opendome.errors import InputError

TT_MINUS_TAI_S = 32.184
"""Terrestrial time is ahead of atomic time by this, by definition."""

SIDEREAL_RATE_RAD_S = 2.0 * math.pi * (1.0 + 8640184.812866 / 3155760000.0) / 86400.0
"""Rate of mean sidereal time; within a century it changes by 2e-11 of itself."""

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


class LeapSeconds(NamedTuple):
    """The bundled table of leap seconds. Dates are UTC, at 0 h."""

    since: tuple[datetime, ...]
    """From when on each value holds, in order."""
    tai_minus_utc_s: tuple[int, ...]
    source: str
    updated: date
    """Of the source."""
    expires: date
    """No leap second that is not in the table can have been added before this date."""


@cache
def leap_second_table() -> LeapSeconds:
    """The table in `data/leap_seconds.txt`."""
    text = resources.files("opendome").joinpath("data/leap_seconds.txt").read_text(encoding="utf-8")
    notes = dict(line[2:].split(" = ", 1) for line in text.splitlines() if line.startswith("#") and " = " in line)
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    return LeapSeconds(tuple(datetime.fromisoformat(day).replace(tzinfo=UTC) for day, _ in rows),
                       tuple(int(value) for _, value in rows), notes["source"], date.fromisoformat(notes["updated"]),
                       date.fromisoformat(notes["expires"]))


def leap_seconds(utc: datetime) -> int:
    """TAI - UTC in s at an instant: 10 in 1972, 37 since 2017; the last known value beyond the table."""
    table = leap_second_table()
    if utc < table.since[0]:
        raise InputError(f"instant = {utc.isoformat()}\n  must be in or after 1972: UTC had a second of another length "
                         "before")
    return next(value for since, value in zip(reversed(table.since), reversed(table.tai_minus_utc_s)) if utc >= since)


def leap_second_note(used: datetime | None = None, *, now: datetime | None = None) -> str:
    """The table's last entry and age in words, and what it means for an instant `used` that lies beyond it.

    `now` is today unless given.
    """
    table, today = leap_second_table(), (now or datetime.now(UTC)).date()
    months = round((today - table.updated).days / 30.44)
    age = "this month" if months < 1 else f"{months} month{'s' if months > 1 else ''} old"
    text = (f"leap seconds: TAI - UTC = {table.tai_minus_utc_s[-1]} s since {table.since[-1]:%Y-%m-%d}; table of "
            f"{table.updated}, {age}, known to hold until {table.expires}")
    beyond = max(today, used.date() if used else today)
    if beyond > table.expires:
        text += f"; its last value is used for {beyond}, and seconds added since are missing"
    return text


def tai_from_utc(utc: datetime) -> datetime:
    """The same instant by International Atomic Time: a date without a time zone, so that it is not taken for UTC."""
    return utc.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=leap_seconds(utc))


def tt_from_utc(utc: datetime) -> datetime:
    """The same instant by Terrestrial Time: a date without a time zone."""
    return tai_from_utc(utc) + timedelta(seconds=TT_MINUS_TAI_S)


def utc_from_tai(tai: datetime) -> datetime:
    """UTC of an instant of International Atomic Time. A leap second reads as the first second of the next day."""
    utc = tai.replace(tzinfo=UTC)
    for _ in range(2):
        utc = tai.replace(tzinfo=UTC) - timedelta(seconds=leap_seconds(utc))
    return utc


def elapsed_s(start: datetime, end: datetime) -> float:
    """Seconds that truly pass between two instants of UTC, leap seconds counted."""
    return (end - start).total_seconds() + leap_seconds(end) - leap_seconds(start)


def epoch(utc: str) -> datetime:
    """The instant of an ISO 8601 date and time; without an offset it is UTC."""
    try:
        instant = datetime.fromisoformat(utc)
    except (ValueError, TypeError) as error:
        raise InputError(f"epoch = {utc!r}\n  must be an ISO 8601 instant, such as 2026-02-28T22:00:00Z") from error
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def utc_text(start: datetime, t_s: float) -> str:
    """ISO 8601 text, to the millisecond, of the instant t_s seconds after `start`."""
    return (start + timedelta(seconds=t_s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_after(start: datetime, instant: datetime) -> float:
    """t_s of an instant: seconds from `start` to it."""
    return (instant - start).total_seconds()


def days_after_j2000(instant: datetime) -> float:
    """Days of 86,400 s from 2000 January 1, 12 h, to an instant, both of UTC (or of TAI or TT, without a time zone)."""
    return ((instant if instant.tzinfo else instant.replace(tzinfo=UTC)) - J2000).total_seconds() / 86400.0


def earth_angle_at(instant: datetime) -> float:
    """The Earth rotation angle in rad (0 .. 2 pi) at an instant, taking UTC for UT1 (within 0.9 s, 14 arc seconds).

    Source: IERS Conventions 2010, equation 5.15.
    """
    days = days_after_j2000(instant)
    return 2.0 * math.pi * ((0.7790572732640 + 0.00273781191135448 * days + days % 1.0) % 1.0)


def sidereal_angle_at(instant: datetime) -> float:
    """Greenwich mean sidereal time (IAU 1982) in rad (0 .. 2 pi), taking UTC for UT1: turns TEME into ECEF.

    Source: Aoki et al. 1982, as in Vallado 2013, equation 3-47.
    """
    days = days_after_j2000(instant)
    t = days / 36525.0
    slow_s = 67310.54841 + (8640184.812866 + (0.093104 - 6.2e-6 * t) * t) * t
    return 2.0 * math.pi * ((slow_s / 86400.0 + days % 1.0) % 1.0)
