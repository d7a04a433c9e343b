"""Two packs of one model side by side: what each assumes, and in what they differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import NamedTuple

from opendome.errors import InputError, Problem, ScenarioError, nearest
from opendome.reproduce.pack import Group, Output, Pack, PackAssumption, load, packs

EQUAL = 1e-12
"""Values that differ by less than this share of themselves agree."""

SET_BY = "set for this comparison"
"""Why of an assumption that was changed."""


@dataclass(frozen=True)
class Side:
    """A pack, or one of its cases, as it takes part in a comparison."""

    name: str
    """Name of the pack, with a colon and the case behind it if it is one."""
    pack: Pack
    case: str
    """The case; empty for the pack itself."""
    assumptions: Mapping[str, PackAssumption]
    """What it rests on by key, with the values of the case and with changes in their place."""
    changed: tuple[str, ...]
    """Assumptions that were changed, so that what was published no longer is of these."""

    @property
    def values(self) -> dict[str, float]:
        """The assumptions' values by key."""
        return {key: found.value for key, found in self.assumptions.items()}

    def output(self, figure: str) -> Output | None:
        """What was published of a figure; nothing where nothing was, or where assumptions were changed."""
        return None if self.changed else self.pack.outputs.get(f"{self.case}.{figure}" if self.case else figure)


class Difference(NamedTuple):
    """Assumptions that two packs state otherwise, and that are swapped together."""

    key: str
    """Name of the group, or the assumption where it stands alone."""
    says: str
    a: tuple[str, ...]
    """Assumptions that are taken out of the first pack."""
    b: tuple[str, ...]
    """Assumptions of the second that are put in."""
    shows: str = ""
    """Assumption or output that says it in one number; empty where none does."""


def side_of(pack: str | Pack) -> Side:
    """A pack by its name, or NAME:CASE for one of its cases. Raises `InputError` for unknown names."""
    if isinstance(pack, Pack):
        return Side(pack.title, pack, "", pack.assumptions, ())
    name, _, case = pack.partition(":")
    found = load(name)
    if case and case not in found.cases:
        hint = nearest(case, found.cases)
        raise InputError(f"{pack}: {name} has no case {case}" + (f"\nhint: {hint}" if hint else ""))
    values = found.cases[case] if case else {}
    own = {key: PackAssumption(says=key.replace("_", " "), value=value, why="stated in this case alone")
           for key, value in values.items() if key not in found.assumptions}
    return Side(pack, found, case, {key: _with(one, values[key], f"in the case {case}") if key in values else one
                                    for key, one in found.assumptions.items()} | own, ())


def known_packs(*names: object) -> list[str]:
    """Those of the names that are packs, or cases of packs."""
    shipped = set(packs())
    return [name for name in names if isinstance(name, str) and name.partition(":")[0] in shipped]


def _with(found: PackAssumption, value: float, why: str) -> PackAssumption:
    """The assumption at another value, without a range."""
    return found.model_copy(update={"value": float(value), "low": None, "high": None, "why": why})


def check_model(a: Side, b: Side) -> None:
    """Raise `InputError` for packs of different models, and name those that can be compared."""
    if a.pack.model == b.pack.model:
        return
    models: dict[str, list[str]] = {}
    for name in packs():
        models.setdefault(load(name).model, []).append(name)
    several = "; ".join(", ".join(names) for names in models.values() if len(names) > 1)
    raise InputError(f"{a.name} and {b.name} are rebuilt by different models ({a.pack.model} and {b.pack.model}), "
                     "whose assumptions are not the same things\n  must be packs of one model"
                     + (f"\nhint: can be compared with each other: {several}" if several else ""))


def with_changes(a: Side, b: Side, changes: Mapping[str, float]) -> tuple[Side, Side]:
    """Both with assumptions changed: those of `a.KEY` in the first, of `b.KEY` in the second, of `KEY` in each that has
    it. Raises `ScenarioError` with every unknown key and every value that is no number."""
    sides = {"a": a, "b": b}
    problems = []
    for key, value in changes.items():
        letter, _, rest = key.partition(".")
        letters, name = ((letter,), rest) if letter in sides and rest else (("a", "b"), key)
        having = [one for one in letters if name in sides[one].assumptions]
        if not having:
            known = {name for one in letters for name in sides[one].assumptions}
            where = f"{sides[letters[0]].name}" if len(letters) == 1 else f"{a.name} or {b.name}"
            problems.append(Problem(key, repr(value), f"is not an assumption of {where}", nearest(name, known)))
        elif not isinstance(value, Real) or isinstance(value, bool) or not math.isfinite(value):
            problems.append(Problem(key, repr(value), "must be a number"))
        else:
            for one in having:
                sides[one] = _changed(sides[one], name, float(value))
    if problems:
        raise ScenarioError(f"{a.name} and {b.name}", problems)
    return sides["a"], sides["b"]


def _changed(side: Side, key: str, value: float) -> Side:
    old = side.assumptions[key]
    new = _with(old, value, SET_BY).model_copy(update={"grade": "assumed", "source": "assumption", "page": None})
    return replace(side, assumptions={**side.assumptions, key: new}, changed=(*side.changed, key))


def in_dollars_of(side: Side, price_year: int | None) -> Side:
    """The side with its money in dollars of a year; as it is where one of the two names no year."""
    if price_year is None or side.pack.price_year in (None, price_year):
        return side
    from opendome.cost.index import factor

    times = factor(side.pack.price_year, price_year)
    return replace(side, assumptions={key: _times(found, times) if is_money(key) else found
                                      for key, found in side.assumptions.items()})


def _times(found: PackAssumption, times: float) -> PackAssumption:
    scaled = {name: None if (end := getattr(found, name)) is None else end * times for name in ("value", "low", "high")}
    return found.model_copy(update=scaled)


def is_money(key: str) -> bool:
    """Whether a key's unit is of dollars."""
    return bool({"usd", "musd"} & set(key.split("_")))


def agreeing(a: Side, b: Side) -> list[str]:
    """Assumptions that both state with one value, in the order of the first."""
    return [key for key in a.assumptions if _agrees(a, b, key)]


def _agrees(a: Side, b: Side, key: str) -> bool:
    one, other = a.assumptions.get(key), b.assumptions.get(key)
    return one is not None and other is not None and math.isclose(one.value, other.value, rel_tol=EQUAL)


def differences(a: Side, b: Side) -> list[Difference]:
    """What the sides state otherwise, in the order of the first, then of the second.

    Assumptions that a group of either pack names are swapped together, and so are those of groups of one name in both,
    so that one pack may state a ratio where the other states what it follows from. Groups that share an assumption are
    one. What is in no group is swapped alone, also where it is stated in one of the two alone. What is context alone is
    not swapped, since it moves nothing.
    """
    found = []
    for keys in _joined(a, b):
        in_a, in_b = ([key for key in keys if key in side.assumptions and not side.assumptions[key].is_context
                       and not _agrees(a, b, key)] for side in (a, b))
        if in_a or in_b:
            name, says, shows = _named(a, b, keys, in_a, in_b)
            found.append(Difference(name, says, tuple(in_a), tuple(in_b), shows))
    return found


def _joined(a: Side, b: Side) -> Iterator[list[str]]:
    """All keys of both, in lists of those that are swapped together."""
    keys = list(dict.fromkeys([*a.assumptions, *b.assumptions]))
    together = {key: {key} for key in keys}
    for name in dict.fromkeys([*a.pack.groups, *b.pack.groups]):
        inside = [key for side in (a, b) if name in side.pack.groups for key in side.pack.groups[name].keys]
        joined = set().union(*(together[key] for key in inside if key in together))
        together.update(dict.fromkeys(joined, joined))
    told: set[str] = set()
    for key in keys:
        if key not in told:
            told |= together[key]
            yield [other for other in keys if other in together[key]]


def _named(a: Side, b: Side, keys: Iterable[str], in_a: list[str], in_b: list[str]) -> tuple[str, str, str]:
    """Key and words of what is swapped together, and what says it in one number: of the assumption, if it is one alone,
    else of its groups."""
    changed = dict.fromkeys([*in_a, *in_b])
    if len(changed) == 1:
        key = next(iter(changed))
        return key, (a if key in a.assumptions else b).assumptions[key].says, key
    inside = set(keys)
    groups: dict[str, Group] = {}
    for side in (a, b):
        for name, group in side.pack.groups.items():
            if inside & set(group.keys):
                groups.setdefault(name, group)
    shows = next(iter(groups.values())).shows if len(groups) == 1 else ""
    return "+".join(groups), " and ".join(group.says for group in groups.values()), shows
