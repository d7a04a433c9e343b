"""Numbers and the first screen as plain text."""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from typing import Any

WIDTH = 96
"""Columns that the first screen keeps to."""

NAME_WIDTH = 26
"""Longest name that is shown in full."""


def with_error(value: float, error: float) -> str:
    """`0.118 ± 0.007`: the error to one digit (two when it starts with 1), the value to the same place.

    An error of zero (no run differed) leaves the value as it is; an unknown error (a single run) is shown as `?`.
    """
    if not math.isfinite(value):
        return "not known"
    if not math.isfinite(error):
        return f"{short(value)} ± ?"
    if error == 0:
        return f"{short(value)} ± 0"
    place = _place(Decimal(repr(abs(error))))
    return f"{_rounded(value, place)} ± {_rounded(abs(error), place)}"


def short(value: float) -> str:
    """A number in at most four digits, with commas between thousands; whole numbers in full, tiny ones as 1e-8."""
    if not math.isfinite(value):
        return "–"
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) < 1e-4:
        return f"{Decimal(f'{value:.4g}').normalize():e}"
    return _plain(Decimal(f"{value:.4g}").normalize())


def _place(error: Decimal) -> int:
    """Exponent of the last digit that an error supports."""
    place = error.adjusted()
    leading = error.scaleb(-place)  # 1 <= leading < 10
    if leading >= Decimal("9.5"):
        return place  # rounds to 10: two digits, the first a 1
    return place - 1 if leading < Decimal("1.95") else place


def _rounded(value: float, place: int) -> str:
    rounded = round(Decimal(repr(float(value))).scaleb(-place)) * Decimal(1).scaleb(place)
    return _plain(abs(rounded) if rounded == 0 else rounded)


def _plain(number: Decimal) -> str:
    return f"{number:,f}"


def raid_screen(summary: Mapping[str, Any], money: Sequence[str] = ()) -> str:
    """The answer of raids as it is printed after a run: plain text, `WIDTH` columns at most. `money` are the lines on
    what the attack and the programme cost."""
    whole = summary["leak_through"]["all"]
    run = f"({runs_text(summary['runs'])}, seed {summary['seed']}, {summary['fidelity']})"
    lines = [*wrap(summary["title"], WIDTH)]
    if summary["layers"] or not summary["alerts"]:
        lines += [f"leak_through  {estimate_text(whole)} {run}", "",
                  *_leaks("by threat type", "type", summary["leak_through"]["by_type"]), "",
                  *_leaks("by defended area", "area", summary["leak_through"]["by_area"])]
    else:
        lines.append(f"what sensors in orbit see of the launches {run}")
    if summary["alerts"]:
        lines += ["", *_alerts(summary["alerts"])]
    if summary["layers"]:
        lines += ["", *_layers(summary)]
    lines += ["", *money] if money else []
    if summary["sensors"]:
        lines += ["", *_sensors(summary["sensors"])]
    if summary["reasons"] and summary["layers"]:
        lines += ["", *aligned(["why leakers leaked", "share of leakers"],
                              [[name_text(row["reason"]), estimate_text(row)] for row in summary["reasons"]])]
    if summary["observed"]:
        lines += ["", *_observed(summary["observed"])]
    lines += ["", *(line for note in summary["notes"] for line in wrap(note, WIDTH))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def estimate_text(row: Mapping[str, Any]) -> str:
    """Value and error of a row as plain data, in words."""
    return with_error(_number(row["value"]), _number(row["error"]))


def _number(found: float | None) -> float:
    return math.nan if found is None else found


def runs_text(count: int) -> str:
    """A number of runs in words."""
    return "1 run" if count == 1 else f"{count:,} runs"


def band_text(row: Mapping[str, Any]) -> str:
    """The band of a share in words."""
    return "–" if row["low"] is None else f"{_share(row['low'])} to {_share(row['high'])}"


def _share(found: float | None) -> str:
    return "–" if found is None else f"{found:.3f}"


def name_text(name: str, width: int = NAME_WIDTH) -> str:
    """A name, cut off where it is too long."""
    return name if len(name) <= width else name[: width - 1] + "…"


def _leaks(head: str, column: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [[name_text(row[column]), short(row["launched"]), estimate_text(row), band_text(row)] for row in rows]
    return aligned([head, "launched", "leak_through", "90 % of runs"], cells)


def _layers(summary: Mapping[str, Any]) -> list[str]:
    names = ("fired_at", "shots", "kills", "left", "cost_musd")
    rows = [[name_text(row["layer"]), *(_maybe(row, name) for name in names)] for row in summary["layers"]]
    total = ["all", "", *(estimate_text(summary["total"][name]) for name in names[1:])]
    head = ["by layer", "fired at", "shots", "kills", "rounds left", f"cost, M$ of {summary['price_year']}"]
    return aligned(head, [*rows, total])


def _sensors(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    names = ("warned", "warned_after_s", "stereo", "fixes")
    cells = [[name_text(row["sensor"]), *(_maybe(row, name) for name in names)] for row in rows]
    return aligned(["by sensor in orbit", "warned of", "s after launch", "seen in stereo", "positions"], cells)


def _alerts(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [[name_text(row["type"]), short(row["launched"]), estimate_text(row["alerted"]),
              *(estimate_text(row[name]) if row[name] else "–" for name in ("after_s", "custody"))] for row in rows]
    return aligned(["warned from orbit", "launched", "share warned of", "s after launch", "custody"], cells)


def _maybe(row: Mapping[str, Any], name: str) -> str:
    return estimate_text(row[name]) if name in row else "–"


def _observed(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    inside = {True: "yes", False: "no", None: "–"}
    cells = [[name_text(row["label"]), row["threat_class"], row["used_for"], _share(row["observed"]),
              _share(row["value"]), band_text(row), inside[row["is_inside"]]] for row in rows]
    return aligned(["share destroyed", "class", "used for", "observed", "simulated", "90 % of runs", "inside"], cells)


def aligned(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns side by side: the first to the left, numbers lined up at the right."""
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return ["  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                      for i, (cell, width) in enumerate(zip(row, widths))) for row in cells]
