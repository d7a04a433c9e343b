"""Facts of a raid log that the tests compare with, computed from the log, which is not part of the repository.

    python scripts/fit_raids.py missile_attacks_daily.csv --out tests/validation/data

Writes two tables. `ukraine_months.csv`: for each month, class and kind of day (ordinary, with a massed raid) the number
of days, of threats launched and the sum of the squares of the days' numbers (`campaign/log_months.py`).
`ukraine_fractions.csv`: launched and destroyed by month of the start, by two rules for the class of a type: ours
(`scenario/raid_types.py`), and the one of a published table, which follows from ours by naming types as below.

The log: P. Ivaniuk, Massive Missile Attacks on Ukraine, kaggle.com/datasets/piterfm/massive-missile-attacks-on-ukraine
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

from opendome.campaign.log_months import COLUMNS, month_table, to_rows
from opendome.scenario.raid_log import RaidLog, import_raid_log, totals

PUBLISHED_TYPES = {
    "Молнія": "cruise", "Картограф": "cruise", "Привет-82": "cruise", "Фенікс": "cruise", "Kub": "cruise",
    "GBU": "cruise", "Aerial Bomb": "cruise", "Unknown Missile": "cruise", "Ballistic Missile": "cruise",
    "Banderol": "drone", "Intercontinental Ballistic Missile": "ballistic",
}
"""Types that the published table counts otherwise: whatever is neither named among its drones nor among its ballistic
missiles is "cruise and guided", names in Cyrillic letters among it."""

FAMILIES = {"ballistic": "ballistic", "cruise": "cruise", "bomb": "cruise", "drone": "drone", "reconnaissance": "drone"}
"""Its three families, which hold drones of all kinds together."""

FRACTIONS = ("month", "rule", "family", "launched", "destroyed")


def fractions(log: RaidLog, rule: str, families: dict[str, str]) -> list[dict[str, str | int]]:
    """Launched and destroyed by month and family."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for row in totals(log, by="month"):
        if row["threat_class"] in families:
            here = sums.setdefault((row["period"], families[row["threat_class"]]), Counter())
            here.update(launched=row["launched"], destroyed=row["destroyed"])
    return [{"month": month, "rule": rule, "family": family, "launched": count["launched"],
             "destroyed": count["destroyed"]} for (month, family), count in sorted(sums.items())]


def write(path: Path, columns: tuple[str, ...], rows: list[dict[str, str | int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path}: {len(rows)} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--last", default="2026-01", help="last whole month")
    chosen = parser.parse_args()
    own = import_raid_log(chosen.log)
    published = import_raid_log(chosen.log, types=PUBLISHED_TYPES)
    three = {"ballistic": "ballistic", "cruise": "cruise", "drone": "drone"}
    rows = [*fractions(published, "published", FAMILIES), *fractions(own, "ours", three)]
    write(chosen.out / "ukraine_months.csv", COLUMNS, to_rows(month_table(own, last=chosen.last)))
    write(chosen.out / "ukraine_fractions.csv", FRACTIONS, [row for row in rows if str(row["month"]) <= chosen.last])


if __name__ == "__main__":
    main()
