"""What a scenario says where parts of it cannot be read: they are cut out, or something plain stands in for them."""

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from opendome.errors import Problem
from opendome.scenario import Scenario
from opendome.scenario.months import FORM
from opendome.scenario.problems import dotted, problems_from

ROUNDS = 20
"""How often broken parts are cut out before the rest is given up; each round can empty the tables of the one before."""

NOBODY = "?"
"""Name of what stands in for a part that cannot be read."""

Steps = tuple[int | str, ...]
"""Where something stands in a file: keys, and numbers in lists."""

_WAVE = {"threat": NOBODY, "count": 1, "from": {NOBODY: 1.0}, "at": {NOBODY: 1.0}}
_OBSERVATION = {"raids": [NOBODY], "threat_class": "drone", "launched": 0, "destroyed": 0, "used_for": "test",
                "source": NOBODY}
_RAID = {"day": "0001-01-01", "launched": {"drone": 0}}
_ITEMS: dict[str, Any] = {
    "raids.*.waves": _WAVE, "observations": _OBSERVATION, "campaigns.*.raids": _RAID,
    "campaigns.*.against.*.tiers": {"interceptor": NOBODY, "p_kill": 0.5},
    "campaigns.*.doctrine": {"interceptor": NOBODY, "below": 0.0, "set": {"catalogue": {}}},
    "stockpile.components.*.priority": NOBODY, "stockpile.lines.*.priority": NOBODY,
    "stockpile.lines.*.may_supply": NOBODY, "cost.elements.*.counts": NOBODY,
}
"""What stands in for an item of a list, so that the others keep their numbers."""

_MISSING: dict[str, Any] = {
    "title": NOBODY,
    "price_year": 2026,
    "places": {NOBODY: {"lat_deg": 0.0, "lon_deg": 0.0}},
    "areas": {NOBODY: {"lat_deg": 1.0, "lon_deg": 0.0, "radius_km": 1.0}},
    "raids": {NOBODY: {"start": datetime(2026, 1, 1, tzinfo=UTC), "waves": [_WAVE]}},
    "stockpile.owners": {NOBODY: {}}, "stockpile.interceptors": {NOBODY: {}},
    "stockpile.components.*.per_year": 1.0,
    "stockpile.lines.*.owner": NOBODY, "stockpile.lines.*.interceptor": NOBODY, "stockpile.lines.*.per_year": 1.0,
    "stockpile.orders.*.owner": NOBODY, "stockpile.orders.*.interceptor": NOBODY, "stockpile.orders.*.rounds": 0.0,
    "stockpile.orders.*.contract": "0000-01",
    "stockpile.transfers.*.from": NOBODY, "stockpile.transfers.*.to": NOBODY,
    "stockpile.transfers.*.interceptor": NOBODY, "stockpile.transfers.*.rounds": 0.0,
    "stockpile.transfers.*.month": "0000-01",
    "stockpile.uses.*.owner": NOBODY, "stockpile.uses.*.interceptor": NOBODY, "stockpile.uses.*.first": "0000-01",
    "campaigns.*.owner": NOBODY, "campaigns.*.against.*.tiers.*.interceptor": NOBODY,
    "campaigns.*.against.*.tiers.*.p_kill": 0.5, "campaigns.*.process.classes.*.per_day": 1.0,
    "cost.start": "2026-01", "cost.elements": {NOBODY: {"n_units": 0.0, "unit_musd": 0.0}},
}
"""What stands in for a value that is missing."""

_RAMP = ("ramp", "ceiling_per_year", "ramp_from", "ramp_to", "learning", "experience", "opens")
_SIMPLER: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "stockpile.components.*": (_RAMP, {"per_year": 1.0}),
    "stockpile.lines.*": (_RAMP, {"per_year": 1.0}),
    "stockpile.orders.*": (("due_from",), {"lead_months": 0.0}),
    "stockpile.uses.*": (("per_month", "share"), {"rounds": 0.0}),
    "campaigns.*": (("process", "fight", "doctrine"), {"raids": [_RAID]}),
}
"""Tables whose values do not fit together: what is left out of them, and what is put in."""

_MONTHS = {"start": "until", "until": "start"}
"""Ends of a stockpile's months: each stands in for the other."""


def readable_part(data: dict[str, Any], problems: list[Problem]) -> tuple[Scenario | None, list[Steps]]:
    """The scenario without the parts that cannot be read, or None when too little is left; and what stands in for them.

    Adds the problems of those parts to `problems`.
    """
    rest = copy.deepcopy(data)
    stand_ins: list[Steps] = [("raids", NOBODY)]
    for attempt in range(ROUNDS):
        try:
            return Scenario.model_validate(rest), stand_ins
        except ValidationError as error:
            if attempt == 0:
                problems += problems_from(error, data, known=Scenario)
            found = error.errors(include_url=False)
            mends = [(e["type"], _steps(rest, e["loc"], is_missing=e["type"] == "missing")) for e in found]
            for kind, steps in mends:
                _mend(rest, kind, steps, stand_ins)
    return None, stand_ins


def stands_in(where: str, stand_ins: Sequence[Steps]) -> bool:
    """Whether a problem is about something that only stands in for what could not be read."""
    return any(where == (path := path_of(steps)) or where.startswith((f"{path}.", f"{path}[")) for steps in stand_ins)


def path_of(steps: Steps) -> str:
    """Steps as the path of a problem."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{dotted(step)}"
    return text


def _steps(data: Any, place: Sequence[int | str], *, is_missing: bool) -> Steps:
    """The steps of an error's place that stand in the file, with the last one if that is what is missing.

    Steps that are pydantic's own (the kind of a union, the name of a type) do not stand in the file.
    """
    steps: list[int | str] = []
    for part in place[:-1] if is_missing else place:
        if _has(data, part):
            steps.append(part)
            data = data[part]
    return (*steps, place[-1]) if is_missing else tuple(steps)


def _has(data: Any, part: int | str) -> bool:
    return part in data if isinstance(data, dict) else isinstance(data, list) and part in range(len(data))


def _mend(rest: dict[str, Any], kind: str, steps: Steps, stand_ins: list[Steps]) -> None:
    """Put something plain where one error is, or cut it out."""
    if kind == "missing":
        *outer, key = steps
        holder = _at(rest, outer)
        if not isinstance(holder, dict) or key in holder:
            return
        value = _fitting(_MISSING, steps)
        if outer == ["stockpile"] and key in _MONTHS:
            other = holder.get(_MONTHS[str(key)])
            value = other if isinstance(other, str) and FORM.fullmatch(other) else "2026-01"
        if value is None:
            _cut(rest, tuple(outer), stand_ins)
        else:
            holder[str(key)] = copy.deepcopy(value)
            stand_ins.append(steps)
        return
    holder, simpler = _at(rest, steps), _fitting(_SIMPLER, steps)
    if kind != "value_error" or not isinstance(holder, dict) or not (simpler or steps == ("stockpile",)):
        _cut(rest, steps, stand_ins)
        return
    dropped, put = simpler or ((), {"until": holder.get("start")})
    for key in dropped:
        holder.pop(key, None)
    kept = holder if steps[0] == "campaigns" else {}
    holder.update(copy.deepcopy({key: value for key, value in put.items() if key not in kept}))
    stand_ins += [(*steps, key) for key in (*dropped, *put)]


def _fitting(table: Mapping[str, Any], steps: Steps) -> Any:
    """The value of the pattern in a table that steps fit, or None."""
    for pattern, value in table.items():
        parts = pattern.split(".")
        if len(parts) == len(steps) and all(part in ("*", str(step)) for part, step in zip(parts, steps, strict=True)):
            return value
    return None


def _at(data: Any, steps: Sequence[int | str]) -> Any:
    """What stands at the end of steps, or None when it went with another part."""
    for part in steps:
        if not _has(data, part):
            return None
        data = data[part]
    return data


def _cut(data: Any, steps: Steps, stand_ins: list[Steps]) -> None:
    """Remove a part; an item of a list gives way to its stand-in, or goes with its list where it has none."""
    while len(steps) > 1 and isinstance(steps[-1], int) and _fitting(_ITEMS, steps[:-1]) is None:
        steps = steps[:-1]
    holder = _at(data, steps[:-1])
    if not steps or not _has(holder, steps[-1]):
        return
    if isinstance(holder, list):
        holder[int(steps[-1])] = copy.deepcopy(_fitting(_ITEMS, steps[:-1]))
        stand_ins.append(steps)
    else:
        del holder[steps[-1]]
