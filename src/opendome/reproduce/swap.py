"""Why two published results differ: the assumptions that differ are swapped, and the gap is shared out among them.

What differs between two packs is a game: its players are the differences, and the worth of a set of them is what the
model gives with the assumptions of the first pack, but for those of the set, which are the second's. Every set is
computed once. Shares are Shapley's, so they add up to the gap of the two models and no order is preferred; beside them
stand the effects of swapping one alone, from either side. What the model leaves of the published gap stands as a
shortfall of each.

    opendome.reproduce.compare("cbo-2026", "aei-2025")

Left out: whether the models themselves are right, and assumptions that both share.
Source: docs/models/swaps.md.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome import __version__
from opendome.errors import InputError, OpenDomeError, nearest
from opendome.kernel import F64Array
from opendome.reproduce import shapley
from opendome.reproduce.pack import Output, Pack
from opendome.reproduce.rebuild import model_of
from opendome.reproduce.sides import (
    Difference,
    Side,
    agreeing,
    check_model,
    differences,
    in_dollars_of,
    side_of,
    with_changes,
)
from opendome.units import unit_of

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of a swap's folder; docs/formats/compare.md."""

DRAWS, EVALUATIONS_MAX, DRAWS_MIN = 200, 3_000, 20
"""Draws of the ranges, unless that takes more evaluations of the model; then fewer, but not fewer than the last."""

LOW, HIGH = 0.05, 0.95
"""Quantiles over draws that are told."""

USUAL = "total_musd"
"""Figure that is compared where the packs are known for different ones."""

SWAPPED, PRICE_YEAR, SHORT_A, SHORT_B = "assumptions", "price year", "shortfall of A", "shortfall of B"
"""Kinds of rows."""

NUMBERS = ("a", "b", "from_a", "from_b", "share", "of_gap", "low", "high")

COLUMNS = ("rank", "kind", "group", "says", "of", *NUMBERS, "acts_with")
"""Columns of `Swap.table`."""

FACTS = ("value", "low", "high", "grade", "source", "page", "why")
"""Columns of `Swap.assumptions` for each side, with `_a` and `_b` behind the name."""

WRONG = (OpenDomeError, ArithmeticError)
"""What a model raises where it cannot work with its assumptions."""

Progress = Callable[[int, int], None]

Row = dict[str, Any]


@dataclass(frozen=True)
class Swap:
    """How the gap between two packs is shared out."""

    table: pd.DataFrame
    """One row per difference, that with the largest share first, then what is left: rank, kind, group, says; of, a and
    b (the assumption or output that says it in one number, and its value in each; empty and NaN where none does);
    from_a and from_b (the figure's change when it is swapped first of all, and when it is swapped last), share
    (Shapley's), of_gap (share of the whole gap), low and high (5 and 95 % quantiles of the share while its own
    assumptions are drawn from their ranges; NaN where none has a range), acts_with (groups that change what it does).
    The shares add up to the published gap, or to that of the models where one was not published."""
    assumptions: pd.DataFrame
    """One row per assumption: group (empty where the packs agree), key, says, unit, differs, and value, low, high,
    grade, source, page and why of each side, with `_a` and `_b` behind; NaN or empty where it does not state it."""
    manifest: Mapping[str, Any]
    """What was compared, the numbers of both sides, and what it takes to repeat it."""


def compare(a: str | Pack, b: str | Pack, *, figure: str | None = None, changes: Mapping[str, float] | None = None,
            draws: int = DRAWS, seed: int = 1, progress: Progress | None = None) -> Swap:
    """Share out the gap between two packs among the assumptions in which they differ.

    `a`, `b`: names of packs, or NAME:CASE for a case of one. `figure`: an output of their model (default: what both are
    known for, else `total_musd`). `changes`: assumptions by key, as {"a.life_years": 7} for the first pack, with "b."
    for the second, without for both. `draws`: how often the ranges are drawn (0: not at all). `progress` is told the
    evaluations done and their total. Money is compared in dollars of the first pack's price year.

    Raises `InputError` for unknown names, packs of different models, and where nothing differs; `ScenarioError` for
    changes that cannot be made.
    """
    if draws < 0:
        raise InputError(f"draws = {draws}\n  must be 0 or more")
    given = side_of(a), side_of(b)
    check_model(*given)
    one, as_given = with_changes(*given, changes or {})
    other = in_dollars_of(as_given, one.pack.price_year)
    found = differences(one, other)
    if not found:
        raise InputError(f"{one.name} and {other.name}: no assumption differs, so there is no gap to share out\n"
                         "  must be packs or --set that say something else")
    shapley.check(len(found))
    name, notes = _figure(one, other, figure)
    model = _Model(one, other, found, name, progress)
    worth = model.worths()
    partners = shapley.acts_with(worth)
    n_draws = _draws(draws, partners, model)
    low, high, failed = model.spreads(worth, partners, n_draws, seed)
    known = {"a": _shown(one, found), "b": _shown(other, found), "low": low, "high": high}
    ours = {"a": float(worth[0]), "b": model.alone(as_given), "b_in_dollars_of_a": float(worth[-1])}
    gaps = _gaps(one, as_given, name, ours)
    table = _table(found, known, worth, partners, gaps, _rest(one, as_given, gaps))
    notes += _notes(one, as_given, name, draws, n_draws, failed)
    manifest = {
        "format": FORMAT, "kind": "swap", "version": __version__, "model": one.pack.model, "figure": name,
        "says": _says(one, as_given, name), "unit": _unit(one, as_given, name), "seed": seed, "draws": n_draws,
        "evaluations": model.done, "changes": dict(changes or {}), "a": _described(one, name, ours["a"]),
        "b": _described(as_given, name, ours["b"]), "gap": gaps, "agree": agreeing(one, other), "notes": notes,
        "environment": {"python": platform.python_version(), "platform": f"{platform.system()} {platform.machine()}",
                        "numpy": np.__version__},
    }
    return Swap(table, _assumptions(one, other, found), manifest)


def _figure(a: Side, b: Side, asked: str | None) -> tuple[str, list[str]]:
    """The output that is compared, and what must be known of the choice."""
    outputs = [set(_outputs(side)) for side in (a, b)]
    shared = outputs[0] & outputs[1]
    if asked is not None:
        if asked not in shared:
            hint = nearest(asked, shared)
            raise InputError(f"figure {asked!r}: is not computed of both {a.name} and {b.name}"
                             + (f"\nhint: {hint}" if hint else ""))
        return asked, []
    heads = [side.pack.headline.rpartition(".")[2] for side in (a, b)]
    if heads[0] == heads[1] and heads[0] in shared:
        return heads[0], []
    if USUAL in shared:
        return USUAL, [f"{a.name} is known for {heads[0]} and {b.name} for {heads[1]}; {USUAL} is compared."]
    raise InputError(f"{a.name} is known for {heads[0]} and {b.name} for {heads[1]}, which are not the same\n"
                     f"  must be compared in one figure of both: {', '.join(sorted(shared)) or 'there is none'}\n"
                     "hint: name one with --figure")


def _outputs(side: Side) -> Mapping[str, float]:
    try:
        return model_of(side.pack)(side.values)
    except WRONG as error:
        raise InputError(f"{side.name}: {error}") from None


# ---- evaluations ----------------------------------------------------------------------------------------------


class _Model:
    """The model of two packs, evaluated for sets of differences; counts its evaluations."""

    def __init__(self, a: Side, b: Side, found: Sequence[Difference], figure: str, progress: Progress | None) -> None:
        self.a, self.b, self.found, self.figure, self.progress = a, b, found, figure, progress
        self.compute = model_of(a.pack)
        self.values = a.values, b.values
        self.done, self.total = 0, 1 << len(found)

    def alone(self, side: Side) -> float:
        """The figure of a side as it is."""
        return float(_outputs(side)[self.figure])

    def worths(self) -> F64Array:
        """(2^n,) the figure for every set of differences that are swapped."""
        found = np.empty(1 << len(self.found))
        for i in range(len(found)):
            try:
                found[i] = self.at(i, *self.values)
            except WRONG as error:
                raise InputError(self._explained(i, str(error))) from None
            if not np.isfinite(found[i]):
                raise InputError(self._explained(i, f"{self.figure} is not known then"))
        return found

    def at(self, swapped: int, a: Mapping[str, float], b: Mapping[str, float]) -> float:
        """The figure with the values of `a`, those of the differences in the set `swapped` being taken from `b`."""
        mixed = dict(a)
        for i, one in enumerate(self.found):
            if swapped >> i & 1:
                for key in one.a:
                    mixed.pop(key, None)
                mixed.update((key, b[key]) for key in one.b)
        self.done += 1
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)
        return float(self.compute(mixed)[self.figure])

    def _explained(self, swapped: int, error: str) -> str:
        names = [one.says for i, one in enumerate(self.found) if swapped >> i & 1]
        return (f"{self.a.name} with these of {self.b.name} ({', '.join(names) or 'none'}) cannot be computed: "
                f"{error}\nhint: assumptions that only make sense together belong in one group of the pack")

    def ranges(self, i: int) -> list[list[str]]:
        """Assumptions of a difference that have a range, of each side."""
        one = self.found[i]
        return [[key for key in keys if side.assumptions[key].is_uncertain]
                for side, keys in ((self.a, one.a), (self.b, one.b))]

    def per_draw(self, i: int, partners: Sequence[int]) -> int:
        """Evaluations that one draw of a difference takes: half of its sets are those of one side."""
        return sum(bool(keys) for keys in self.ranges(i)) << len(partners)

    def spreads(self, worth: F64Array, partners: Sequence[Sequence[int]], draws: int,
                seed: int) -> tuple[list[float], list[float], int]:
        """Quantiles of each share while its own assumptions are drawn, and how many draws could not be computed."""
        self.total = self.done + draws * sum(self.per_draw(i, partners[i]) for i in range(len(self.found)))
        low, high, failed = [], [], 0
        for i in range(len(self.found)):
            found = self._drawn(worth, i, partners[i], draws, seed) if any(self.ranges(i)) and draws else np.empty(0)
            good = found[np.isfinite(found)]
            failed += len(found) - len(good)
            low.append(float(np.quantile(good, LOW)) if len(good) else np.nan)
            high.append(float(np.quantile(good, HIGH)) if len(good) else np.nan)
        return low, high, failed

    def _drawn(self, worth: F64Array, i: int, partners: Sequence[int], draws: int, seed: int) -> F64Array:
        """(draws,) shares of a difference, in the game of it and those that it acts with; NaN where not computed."""
        from opendome.rng import key as key_of
        from opendome.sampling import Sampler

        sampler = Sampler(key_of(seed), draws, True)
        columns = [{key: sampler.column(f"{side.name.partition(':')[0]}.{key}", side.assumptions[key]) for key in keys}
                   for side, keys in zip((self.a, self.b), self.ranges(i))]
        players = [i, *partners]
        sets = [sum((one >> j & 1) << player for j, player in enumerate(players)) for one in range(1 << len(players))]
        shares = np.full(draws, np.nan)
        for draw in range(draws):
            a, b = ({**values, **{key: float(column[draw]) for key, column in drawn.items()}}
                    for values, drawn in zip(self.values, columns))
            try:
                game = [self.at(one, a, b) if columns[one >> i & 1] else worth[one] for one in sets]
            except WRONG:
                continue
            shares[draw] = shapley.shares(np.array(game))[0]
        return shares


def _draws(asked: int, partners: Sequence[Sequence[int]], model: _Model) -> int:
    """As many draws as were asked for, or as `EVALUATIONS_MAX` leaves."""
    per_draw = sum(model.per_draw(i, partners[i]) for i in range(len(partners)))
    return min(asked, max(DRAWS_MIN, EVALUATIONS_MAX // per_draw)) if per_draw else 0


# ---- tables ---------------------------------------------------------------------------------------------------


def _table(found: Sequence[Difference], known: Mapping[str, Sequence[float]], worth: F64Array,
           partners: Sequence[Sequence[int]], gaps: Mapping[str, float | None], rest: Sequence[Row]) -> pd.DataFrame:
    """The rows of differences, with what is `known` of each (a, b, low, high), and of the rest."""
    import pandas as pd

    numbers: dict[str, Any] = {**known, "from_a": shapley.first(worth), "from_b": shapley.last(worth),
                               "share": shapley.shares(worth)}
    rows: list[Row] = [{"kind": SWAPPED, "group": one.key, "says": one.says, "of": one.shows,
                        **{name: float(column[i]) for name, column in numbers.items()},
                        "acts_with": ", ".join(found[j].key for j in partners[i])} for i, one in enumerate(found)]
    rows = sorted(rows, key=lambda row: -abs(row["share"])) + list(rest)
    whole = gaps["modelled"] if gaps["published"] is None else gaps["published"]
    table = pd.DataFrame([{"rank": rank, "of_gap": row["share"] / whole if whole else np.nan, **row}
                          for rank, row in enumerate(rows, 1)], columns=pd.Index(COLUMNS))
    return table.astype(dict.fromkeys(NUMBERS, "float64")).fillna(dict.fromkeys(("group", "of", "acts_with"), ""))


def _rest(a: Side, b: Side, gaps: Mapping[str, float | None]) -> list[Row]:
    """What the assumptions leave of the gap: the rows of each part that is known."""
    parts = [(PRICE_YEAR, f"dollars of {b.pack.price_year}, not of {a.pack.price_year}", gaps["price_year"]),
             (SHORT_A, f"what our model of {a.name} leaves", gaps["shortfall_a"]),
             (SHORT_B, f"what our model of {b.name} leaves", gaps["shortfall_b"])]
    return [{"kind": kind, "says": says, "share": part} for kind, says, part in parts if part is not None]


def _gaps(a: Side, b: Side, figure: str, ours: Mapping[str, float]) -> dict[str, float | None]:
    """The gap as published and as modelled, and what stands between the two; nothing where it is not known."""
    published = [_published(side, figure) for side in (a, b)]
    gaps: dict[str, float | None] = dict.fromkeys(("published", "modelled", "price_year", "shortfall_a", "shortfall_b"))
    gaps["modelled"] = ours["b"] - ours["a"]
    if None not in (a.pack.price_year, b.pack.price_year) and a.pack.price_year != b.pack.price_year:
        gaps["price_year"] = ours["b"] - ours["b_in_dollars_of_a"]
    if published[0] is not None and published[1] is not None:
        gaps["published"] = published[1] - published[0]
        gaps["shortfall_a"], gaps["shortfall_b"] = ours["a"] - published[0], published[1] - ours["b"]
    return gaps


def _shown(side: Side, found: Sequence[Difference]) -> list[float]:
    """The number of a side that says each difference, NaN where none does or it is not stated."""
    known = {**_outputs(side), **side.values}
    return [float(known.get(one.shows, np.nan)) for one in found]


def _published(side: Side, figure: str) -> float | None:
    output = side.output(figure)
    return None if output is None else output.published


def _says(a: Side, b: Side, figure: str) -> str:
    """What the figure is, in the words of a pack that has it published."""
    known = _known(a, b, figure)
    return known[0].says if known else figure.replace("_", " ")


def _unit(a: Side, b: Side, figure: str) -> str:
    known = _known(a, b, figure)
    return known[0].unit if known else "M$" if figure.endswith("_musd") else ""


def _known(a: Side, b: Side, figure: str) -> list[Output]:
    """The figure as either pack has it published."""
    return [side.pack.outputs[name] for side in (a, b) for name in (f"{side.case}.{figure}", figure)
            if name in side.pack.outputs]


def _described(side: Side, figure: str, ours: float) -> dict[str, Any]:
    output = side.output(figure)
    known = ("published", "tolerance", "because", "is_limit", "grade", "source", "page", "falls_short")
    return {"name": side.name, "title": side.pack.title, "price_year": side.pack.price_year, "ours": ours,
            **{name: None if output is None else getattr(output, name) for name in known},
            "changed": {key: side.assumptions[key].value for key in side.changed},
            "sha256": sha256(side.pack.model_dump_json().encode()).hexdigest()}


def _notes(a: Side, b: Side, figure: str, asked: int, draws: int, failed: int) -> list[str]:
    """What must be known to read the numbers, as sentences."""
    notes = []
    for side in (a, b):
        output = side.output(figure)
        if side.changed:
            notes.append(f"{', '.join(side.changed)} of {side.name} changed: what was published is not of this.")
        elif output is None or output.published is None:
            notes.append(f"No {figure} of {side.name} was published, or none was seen.")
        elif output.is_limit:
            notes.append(f"{side.name} was published as {output.is_limit} this.")
    if None in (a.pack.price_year, b.pack.price_year) and a.pack.price_year != b.pack.price_year:
        notes.append("One of the two names no price year, so its dollars are taken as they are.")
    if 0 < draws < asked:
        notes.append(f"Ranges were drawn {draws} times, not {asked}: more would take more than {EVALUATIONS_MAX:,} "
                     "evaluations of the model.")
    if failed:
        notes.append(f"{failed} draws of ranges could not be computed and are left out.")
    return notes


def _assumptions(a: Side, b: Side, found: Sequence[Difference]) -> pd.DataFrame:
    import pandas as pd

    groups = {key: one.key for one in found for key in (*one.a, *one.b)}
    keys = sorted(dict.fromkeys([*a.assumptions, *b.assumptions]), key=lambda key: key not in groups)
    rows = [(groups.get(key, ""), key, _either(a, b, key).says, unit_of(key), key in groups,
             *_facts(a, key), *_facts(b, key)) for key in keys]
    columns = ["group", "key", "says", "unit", "differs", *(f"{name}_{side}" for side in "ab" for name in FACTS)]
    table = pd.DataFrame(rows, columns=pd.Index(columns))
    return table.astype({f"{name}_{side}": "float64" for side in "ab" for name in FACTS[:3]})


def _either(a: Side, b: Side, key: str) -> Any:
    return (a if key in a.assumptions else b).assumptions[key]


def _facts(side: Side, key: str) -> tuple[Any, ...]:
    found = side.assumptions.get(key)
    if found is None:
        return (np.nan, np.nan, np.nan, "", "", "", "")
    return (found.value, found.low_or_value, found.high_or_value, found.grade, found.source, found.page or "",
            found.why)
