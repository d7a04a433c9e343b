"""A raid log day by day, as the counted raids of a campaign."""

from collections import Counter
from datetime import date
from typing import Any

from opendome.errors import InputError
from opendome.scenario.raid_log import RaidLog
from opendome.scenario.raid_types import FLOWN


def to_campaign_raids(log: RaidLog, *, first: str = "", last: str = "") -> list[dict[str, Any]]:
    """`raids` of a campaign, as plain data: for each day with any, the number launched by class.

    A row counts on the day on which it ends. Bombs and drones that are meant to come back are left out. `first` and
    `last` are the first and last month taken (2025-02), all when left out; days without a row are days without a raid,
    and nothing is filled in for holes of the log. Raises `InputError` when no day is left.
    """
    days: dict[date, Counter[str]] = {}
    for row in (row for raid in log.raids for row in raid.rows):
        month = f"{row.end_day:%Y-%m}"
        if row.threat_class in FLOWN and row.launched and (first or month) <= month <= (last or month):
            days.setdefault(row.end_day, Counter())[row.threat_class] += row.launched
    if not days:
        raise InputError(f"{log.source}: holds no raids that could be used" + f" from {first or 'its start'} to "
                         f"{last or 'its end'}" * bool(first or last))
    return [{"day": f"{day:%Y-%m-%d}", "launched": {name: count[name] for name in FLOWN if count[name]}}
            for day, count in sorted(days.items())]
