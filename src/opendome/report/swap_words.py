"""What is said of two packs whose assumptions were swapped, the same on the screen, in the drawing and on the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from opendome.reproduce.swap import SWAPPED, Swap
from opendome.results.text import short
from opendome.units import unit_of

MEANING = ("Each row says by how much the figure changes when that alone is taken from B: from A, as the first of all "
           "changes; from B, as the last. The share is the mean over all orders in which the changes can be made "
           "(Shapley), so that shares add up to the gap. The range is that of the share (5 to 95 %) while the row's "
           "own assumptions are drawn from theirs; where they stand at the end of theirs, the share lies outside.")
"""What stands in the table."""

SYMBOLS = {"_musd": "M$", "_musd_per_year": "M$ a year", "_usd_per_kg": "$/kg", "_usd": "$", "_km": "km", "_m": "m",
           "_km_s": "km/s", "_m_s": "m/s", "_s": "s", "_g": "g", "_kg": "kg", "_deg": "°", "_years": "years",
           "_months": "months", "_days": "days"}
"""Short words for units, by suffix."""

BILLION_MUSD = 1000.0

Row = Mapping[Any, Any]


def rows(found: Swap, *kinds: str) -> list[dict[Any, Any]]:
    """The rows of some kinds (all, when left out) as plain data."""
    return [row for row in found.table.to_dict(orient="records") if not kinds or row["kind"] in kinds]


def idle(found: Swap) -> list[dict[Any, Any]]:
    """Differences that change nothing in any set."""
    return [row for row in rows(found, SWAPPED) if is_idle(row)]


def moving(found: Swap) -> list[dict[Any, Any]]:
    """The other differences, that with the largest share first."""
    return [row for row in rows(found, SWAPPED) if not is_idle(row)]


def is_idle(row: Row) -> bool:
    """Whether a difference changes nothing in any set."""
    return bool(row["share"] == row["from_a"] == row["from_b"] == 0.0 and not row["acts_with"])


# ---- numbers --------------------------------------------------------------------------------------------------


def amount(value: float | None, unit: str) -> str:
    """A value of the figure: M$ as `$743 bn` or `$22 M`, others with their unit."""
    if value is None or not math.isfinite(value):
        return "–"
    sign, size = "-" if value < 0.0 else "", abs(value)
    if unit != "M$":
        return f"{sign}{short(size)}{' ' * bool(unit)}{unit}"
    if size >= 0.9995 * BILLION_MUSD:
        bn = size / BILLION_MUSD
        return f"{sign}${bn:,.{0 if bn >= 99.95 else 1}f} bn"
    return f"{sign}${short(size)} M"


def change(value: float, unit: str) -> str:
    """A change of the figure, with its sign."""
    words = amount(value, unit)
    return f"+{words}" if value > 0.0 else words


def of_gap(value: float) -> str:
    """A part of the gap in per cent."""
    return "–" if not math.isfinite(value) else f"{round(100 * value) + 0} %"


def span(row: Row, unit: str) -> str:
    """The range of a share; nothing where none was drawn."""
    if math.isnan(row["low"]):
        return ""
    return f"{change(row['low'], unit)} to {change(row['high'], unit)}"


def three(found: float) -> float:
    """The number in three digits, for what was computed."""
    return float(f"{found:.3g}")


def value(key: str, found: float) -> str:
    """An assumption's value with its unit in short."""
    suffix = next((end for end in sorted(SYMBOLS, key=len, reverse=True) if key.endswith(end)), "")
    symbol = SYMBOLS[suffix] if suffix else unit_of(key)
    return f"{short(found)}{' ' * bool(symbol and symbol != '°')}{symbol}"


# ---- sentences ------------------------------------------------------------------------------------------------


def inside(found: Swap, group: str) -> list[dict[Any, Any]]:
    """The assumptions of a group that differ, as plain data."""
    table = found.assumptions
    return list(table[table["differs"] & (table["group"] == group)].to_dict(orient="records"))


def both(found: Swap, row: Row) -> str:
    """What B has instead of A: `5, not 10`, of the number that says it; or of every assumption that both state; or,
    where there is none, what each states."""
    every = inside(found, row["group"])
    if math.isfinite(row["a"]) and math.isfinite(row["b"]):
        is_stated = row["of"] in {one["key"] for one in every if one["grade_a"] and one["grade_b"]}
        a, b = (row[side] if is_stated else three(row[side]) for side in "ab")
        return _not(row["of"], b, a)
    shared = [one for one in every if one["grade_a"] and one["grade_b"]]
    if shared:
        return "; ".join(f"{one['says']} {_not(one['key'], one['value_b'], one['value_a'])}" for one in shared)
    told = ("; ".join(f"{one['says']} {value(one['key'], one[f'value_{side}'])}" for one in every
                      if one[f"grade_{side}"]) or "not stated" for side in "ba")
    return "; not: ".join(told)


def _not(key: str, b: float, a: float) -> str:
    return f"{value(key, b)}, not {value(key, a)}"


def title(found: Swap) -> str:
    """What is asked: why the two differ."""
    return f"Why {found.manifest['a']['name']} and {found.manifest['b']['name']} differ"


def ends(found: Swap) -> tuple[float, float]:
    """The two values between which the shares stand: published, or ours where one was not."""
    side, gap = (found.manifest[name] for name in ("a", "gap"))
    key = "ours" if gap["published"] is None else "published"
    return side[key], found.manifest["b"][key]


def answer(found: Swap) -> str:
    """The gap and what most of it is due to, in a sentence or two."""
    manifest = found.manifest
    start, end = ends(found)
    unit, gap = manifest["unit"], end - start
    way = "above" if gap > 0 else "below"
    how = "published" if manifest["gap"]["published"] is not None else "by our models"
    parts = [f"{row['says']} ({both(found, row)}) {change(row['share'], unit)}" for row in moving(found)]
    return (f"{manifest['b']['name']} is {amount(abs(gap), unit)} {way} {manifest['a']['name']} in the "
            f"{manifest['says']} ({how}: {amount(end, unit)} against {amount(start, unit)}). "
            f"Shares of the gap: {'; '.join(parts) or 'none'}.")


def left(found: Swap) -> str:
    """What the assumptions leave of the gap, as a sentence."""
    unit, rest = found.manifest["unit"], [row for row in rows(found) if row["kind"] != SWAPPED]
    if not rest:
        return "What was published is not compared, so that nothing is left over."
    return "Beside the assumptions: " + "; ".join(f"{row['says']} {change(row['share'], unit)}" for row in rest) + "."


def agreeing(found: Swap) -> str:
    """How many assumptions agree, and which."""
    names = found.manifest["agree"]
    return f"{len(names)} agree: {', '.join(names)}." if names else "None agrees."


def cautions(found: Swap) -> list[str]:
    """What must be known to read the numbers."""
    told = list(found.manifest["notes"])
    if still := idle(found):
        told.append(f"Without effect on {found.manifest['figure']}: {', '.join(row['says'] for row in still)}.")
    is_left = found.manifest["gap"]["published"] is not None
    return told + [_short(found.manifest[letter], found.manifest["unit"]) for letter in "ab" if is_left]


def _short(side: Mapping[str, Any], unit: str) -> str:
    """Why our model of a pack leaves something of what was published."""
    if side["falls_short"]:
        return f"Why our model of {side['name']} leaves something: {side['falls_short'].rstrip('.')}."
    return (f"What our model of {side['name']} leaves is within the tolerance of {amount(side['tolerance'], unit)} "
            f"({side['because'].rstrip('.')}).")


def method(found: Swap) -> str:
    """How the numbers were made."""
    manifest = found.manifest
    n = len(rows(found, SWAPPED))
    drawn = (f"; ranges drawn {manifest['draws']:,} times, seed {manifest['seed']}" if manifest["draws"] else
             "; no range drawn")
    return (f"Model {manifest['model']}, every one of the {2**n:,} sets of {n} differences computed once{drawn}.")


def figures(found: Swap) -> list[Sequence[str]]:
    """Published and ours of both, and their gap, as rows of cells under a head."""
    manifest = found.manifest
    unit, gap = manifest["unit"], manifest["gap"]
    cells: list[Sequence[str]] = [("", "published", "our model")]
    for letter in "ab":
        side = manifest[letter]
        bound = f"{side['is_limit']} " if side["is_limit"] else ""
        cells.append((f"{letter.upper()}  {side['name']}", bound + amount(side["published"], unit),
                      amount(side["ours"], unit)))
    published = "–" if gap["published"] is None else change(gap["published"], unit)
    return [*cells, ("B - A", published, change(gap["modelled"], unit))]


HEAD = ("what differs", "first, from A", "last, to B", "share", "of the gap", "range of the share")
"""Heads of the table of shares."""


def cells(row: Row, unit: str) -> list[str]:
    """One row of the table of shares."""
    alone = [change(row[name], unit) if row["kind"] == SWAPPED else "" for name in ("from_a", "from_b")]
    return [str(row["says"]), *alone, change(row["share"], unit), of_gap(row["of_gap"]), span(row, unit)]


def total(found: Swap) -> list[str]:
    """The last row of that table: the gap that the shares add up to."""
    return ["B - A", "", "", change(float(found.table["share"].sum()), found.manifest["unit"]), "", ""]


def evidence(row: Row, side: str) -> str:
    """Value, range, grade and source of an assumption on one side: `22 M$ (21.5 to 22.5; press, cbo2026)`."""
    found = value(row["key"], row[f"value_{side}"])
    wide = row[f"high_{side}"] > row[f"low_{side}"]
    ends_of = f"{short(row[f'low_{side}'])} to {short(row[f'high_{side}'])}; " if wide else ""
    page = f", {row[f'page_{side}']}" if row[f"page_{side}"] else ""
    return f"{found} ({ends_of}{row[f'grade_{side}']}, {row[f'source_{side}']}{page})"
