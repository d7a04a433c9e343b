"""What is said of a comparison, the same on the screen and on the page: sentences, and numbers with their signs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opendome.results import with_error
from opendome.results.campaign_text import share_text
from opendome.results.figures import FIGURES
from opendome.study.attack import Attack, is_date
from opendome.study.compare import ALL, CLEAR, LETTERS, Comparison, is_clear
from opendome.study.differences import Change, gathered

MEANING = (f"The difference is the mean of the differences run by run, with its paired standard error. * marks a "
           f"difference of more than {CLEAR:.0f} paired errors")
"""What stands in the column of differences."""

BAND, SHARES, GAIN = "90 % of runs", "better/=/worse, %", "gain"

COLUMNS = {BAND: "nine of ten differences of a run lie there",
           SHARES: "per cent of the runs in which the other is better, equal, worse than A for the defence",
           GAIN: "the error without pairing over the paired error"}
"""Heads of the other columns, and what stands in them."""

PER_HUNDRED_CLEAR = 4.6
"""Rows of a hundred that are marked though nothing differs: what lies beyond two errors of a normal distribution."""


def size(found: Comparison) -> str:
    """How many runs of how many scenarios under which seed, in words."""
    manifest = found.manifest
    runs = int(manifest["runs"])
    return f"{runs:,} run{'s' * (runs != 1)} of each, seed {manifest['seed']}; the same random numbers in all"


def own_settings(found: Comparison) -> list[str]:
    """A sentence for each scenario whose own number of runs or seed is not that of the first."""
    base, *others = found.manifest["scenarios"]
    return [f"{other['letter']}'s own {other['own_runs']:,} runs and seed {other['own_seed']} were not used."
            for other in others if (other["own_runs"], other["own_seed"]) != (base["own_runs"], base["own_seed"])]


def changes(found: Comparison, i: int) -> list[Change]:
    """What differs between the base and the i-th other scenario, those alike as one."""
    return gathered(found.changes[i])


def attack(found: Comparison, i: int) -> str:
    """How far the attack of the i-th other scenario is that of the base, as a sentence."""
    base, other = found.scenarios[0], found.scenarios[i + 1]
    if base.stockpile is not None:
        return _campaigns(found.attacks[i], LETTERS[i + 1], int(found.manifest["runs"]),
                          bool(base.campaigns or other.campaigns))
    dates = [change.key for change in gathered([change for change in found.changes[i] if is_date(change)])]
    return _attack(found.attacks[i], LETTERS[i + 1], int(found.manifest["runs"]), dates)


def _attack(found: Attack, letter: str, runs: int, dates: Sequence[str] = ()) -> str:
    is_same = found.runs_same == runs
    if found.is_declared_same and is_same:
        at = f", at another date ({', '.join(dates)})" if dates else ""
        return f"A and {letter} meet the same attack{at}, launch by launch in every run."
    if found.is_declared_same:
        return (f"A and {letter} state the same raids, but launches differ in {runs - found.runs_same:,} of {runs:,} "
                "runs: this should not be; please report it.")
    if is_same:
        return (f"Places, areas, raids or threats are stated otherwise in {letter}, yet every launch is that of A in "
                "type, place, area and time. What else differs in the attack is part of the difference.")
    return (f"A and {letter} do not meet the same attack: {100 * found.threats_same:.0f} % of the launches are the "
            "same in type, place, area and time. What differs in the attack is part of the difference, and pairing "
            "helps less.")


def _campaigns(found: Attack, letter: str, runs: int, has_raids: bool) -> str:
    if not has_raids:
        return f"There are no raids in A and {letter}: rounds are used as stated."
    is_same = found.runs_same == runs
    if found.is_declared_same and is_same:
        return f"A and {letter} meet the same attack, month by month in every run."
    if found.is_declared_same:
        return (f"A and {letter} state the same raids, but launches differ in {runs - found.runs_same:,} of {runs:,} "
                "runs: this should not be; please report it.")
    if is_same:
        return (f"Months, raids or threats are stated otherwise in {letter}, yet as many of each class are launched in "
                "every month as in A. What else differs in the attack is part of the difference.")
    return (f"A and {letter} do not meet the same attack: {100 * found.threats_same:.0f} % of the launches are the "
            "same in campaign, month and class. What differs in the attack is part of the difference, and pairing "
            "helps less.")


def caution(found: Comparison) -> str:
    """What to make of the marks, and of runs without a value."""
    return " ".join(filter(None, (_marks(found), _not_back(found), _left_out(found))))


def _not_back(found: Comparison) -> str:
    """In how many runs stocks are not back by the end, and what `return_after` makes of those."""
    shares = found.manifest.get("not_back", {})
    groups = list(dict.fromkeys(group for one in shares.values() for group in one))
    if not groups:
        return ""
    told = "; ".join(f"{group}: " + ", ".join(f"{share_text(one.get(group, 0.0))} of {letter}"
                                              for letter, one in shares.items()) for group in groups)
    return ("Where a stock is not back by the end, return_after counts all months of the study, the least that it can "
            f"be. Runs that are not back: {told}.")


def _left_out(found: Comparison) -> str:
    """How many runs have a figure of campaigns in one of two scenarios alone, which is then not compared in them."""
    if found.scenarios[0].stockpile is None:
        return ""
    told = [f"{label(row)}: {row['runs_a'] - row['runs']:,} runs of A, {row['runs_b'] - row['runs']:,} of {row['b']}"
            for row in found.table.to_dict(orient="records") if row["runs"] < max(row["runs_a"], row["runs_b"])]
    return f"Left out, since they have a value in one of the two alone: {'; '.join(told)}." if told else ""


def _marks(found: Comparison) -> str:
    """What to make of the marks: how many would be there if nothing differed."""
    rows = found.table[found.table["runs"] > 1]
    if found.scenarios[0].stockpile is not None:  # most of its stocks may have nothing to do with what differs
        rows = rows[[not is_equal(row) for row in rows.to_dict(orient="records")]]
    marked = sum(is_clear(row) for row in rows.to_dict(orient="records"))
    expected = PER_HUNDRED_CLEAR * len(rows) / 100
    return (f"{marked} of {len(rows)} differences are marked; if nothing had any effect, chance alone would mark about "
            f"{'one in 22' if expected < 1 else f'{expected:.0f}'}.")


def is_equal(row: Mapping[Any, Any]) -> bool:
    """Whether a row has the same value on both sides in every run."""
    return bool(row["runs"] == row["runs_a"] == row["runs_b"] and row["difference"] == row["low"] == row["high"] == 0.0
                and not row["error"] > 0.0)


def label(row: Mapping[Any, Any]) -> str:
    """Figure and group of a row: `shots, upper`."""
    return str(row["figure"]) if row["group"] == ALL else f"{row['figure']}, {row['group']}"


def named(figure: str) -> str:
    """A figure with its unit: `cost (M$)`."""
    return f"{figure} ({FIGURES[figure].unit})"


def meanings(heads: Iterable[str] = tuple(COLUMNS)) -> str:
    """What stands in the other columns, as sentences."""
    return " ".join(f"{head}: {COLUMNS[head]}." for head in heads)


def units(found: Comparison) -> str:
    """Units of the figures that are neither shares nor counts, as a sentence; nothing where there are none."""
    told = [f"{name} in {FIGURES[name].unit}" for name in dict.fromkeys(found.table["figure"])
            if FIGURES[name].unit in ("s", "M$", "months", "days")]
    return f"{', '.join(told)}." if told else ""


def alone(row: Mapping[Any, Any], side: str) -> str:
    """The value of one side (`a` or `b`) with its error."""
    return with_error(row[f"value_{side}"], row[f"error_{side}"]) if row[f"runs_{side}"] else "–"


def difference(row: Mapping[Any, Any]) -> str:
    """The difference with its sign, paired error and mark."""
    if not row["runs"]:
        return "–"
    words = with_error(row["difference"], row["error"])
    is_above = row["difference"] > 0 and set(words.partition(" ")[0]) & set("123456789")
    return f"{'+' if is_above else ''}{words}{' *' if is_clear(row) else ''}"


def shares(row: Mapping[Any, Any]) -> str:
    """Per cent of the runs in which b is better, equal, worse; nothing where no way is better."""
    found = [row[name] for name in ("better", "equal", "worse")]
    return "" if any(math.isnan(share) for share in found) else " / ".join(f"{100 * share:.0f}" for share in found)


def gain(row: Mapping[Any, Any]) -> str:
    """The error without pairing over that with it, in words."""
    return "" if math.isnan(row["gain"]) else f"{row['gain']:.1f}"
