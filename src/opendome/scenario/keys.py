"""Keys by which values of a scenario are named, in `--set`, `--over` and variants: full paths and short keys.

    layers.upper.salvo      the full path; items of a list by number, as in raids.night.waves.0.count
    layer.salvo             of the only layer, or of the only one that states it
    layers.salvo            of every layer
    waves.count             of every wave of every raid
    lines.seekers.per_year  of one line of the stockpile, and in the same way of its stocks, orders, uses ...
    threats.burn_s          of every threat of the catalogue that the scenario uses and whose kind has it
    threats.srbm.burn_s     of one threat of the catalogue, for this scenario
"""

import copy
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from opendome.errors import Problem, nearest
from opendome.scenario.specs import Scenario

Steps = tuple[str, ...]
"""Where a value stands: keys of tables, and numbers of list items as text."""

TABLES = {
    "places": ("places", "*"), "areas": ("areas", "*"), "sensors": ("sensors", "*"),
    "constellations": ("constellations", "*"), "layers": ("layers", "*"), "sites": ("layers", "*", "sites", "*"),
    "raids": ("raids", "*"), "waves": ("raids", "*", "waves", "*"), "campaigns": ("campaigns", "*"),
    **{name: ("stockpile", name, "*") for name in ("stocks", "return_to", "components", "lines", "orders", "transfers",
                                                   "uses")},
    **{name: ("cost", name, "*") for name in ("elements", "launchers", "milestones")},
}
"""Tables and lists that can be spoken of as a whole, or in the singular where they have one entry; `*` is any entry."""

USED = {"threats": ("raids", "*", "waves", "*", "threat"), "sensors": ("sensors", "*", "type"),
        "interceptors": ("layers", "*", "interceptor")}
"""Sections of the catalogue, and where the scenario names entries of them."""

STOCKED = ("stockpile", "interceptors", "*", "type")
"""Where a stockpile names entries of the catalogue, for their prices; short keys do not mean these."""

LISTED_MAX = 8
"""Most full keys that an error lists."""

NOTE = "note"
"""Key of a variant that is its description and changes nothing."""


class Miss(NamedTuple):
    """Why a key names nothing, and what might have been meant."""

    expected: str
    hint: str = ""


def put(data: dict[str, Any], key: str, value: Any) -> list[Problem]:
    """Put a value wherever a key points to (see `resolve`); a problem, and nothing changed, where that is nowhere."""
    found = resolve(data, key, is_table=isinstance(value, Mapping))
    if isinstance(found, Miss):
        return [Problem(key, repr(value), *found)]
    for steps in found:
        _put(data, steps, copy.deepcopy(value))
    return []


def resolve(data: Mapping[str, Any], key: str, *, is_table: bool = False) -> list[Steps] | Miss:
    """The full paths that a key stands for in the plain data of a scenario: one, or several for some short keys.

    Tables below `catalogue` need not be there: a scenario names only what it changes. A table (`is_table`) may also
    become a new entry of a table.
    """
    steps = tuple(re.sub(r"\[(\d+)\]", r".\1", key).split("."))
    head, rest = steps[0], steps[1:]
    table = data.get(head)
    is_entry = bool(rest) and isinstance(table, Mapping) and (rest[0] in table or (is_table and len(rest) == 1))
    found: list[Steps] | Miss = [steps]
    if rest and not is_entry:
        if is_table and len(rest) == 1 and _is_new(data, head, rest[0]):
            found = [(*TABLES[head][:-1], *rest)]
        elif head + "s" in TABLES:
            found = _only(data, head + "s", rest)
        elif head in USED:
            found = _in_catalogue(data, head, rest)
        elif head in TABLES:
            found = _every(data, head, rest)
    if isinstance(found, Miss):
        return found
    return next(filter(None, (_no_way(data, path) for path in found)), found)


def vary(data: dict[str, Any], name: str) -> list[Problem]:
    """Make plain data of a scenario those of one of its variants: changed, with its name behind the title."""
    variants = data.pop("variants", {})
    if not isinstance(variants, Mapping) or not isinstance(variants.get(name), Mapping):
        known = sorted(variants) if isinstance(variants, Mapping) else []
        close, every = nearest(name, known), f"variants: {', '.join(known)}" if known else "it has none"
        return [Problem("variants", repr(name), "is not a variant of this scenario",
                        " ".join(filter(None, (close if close.startswith("did") else "", every))))]
    problems: list[Problem] = []
    for key, value in variants[name].items():
        if key == NOTE:
            continue
        if isinstance(value, Mapping) and "." not in key and isinstance(data.get(key), Mapping):
            problems.append(Problem(key, "{...}", "is a whole table, not a value",
                                    f'write the key of each value in quotes: "{key}.NAME.FIELD" = ...'))
        else:
            problems += put(data, key, value)
    data["title"] = f"{data.get('title', '')} ({name})"
    return problems


def used(data: Mapping[str, Any]) -> list[Steps]:
    """Section and name of every entry of the catalogue that plain data of a scenario name, each once."""
    named = [(section, name) for section, pattern in (*USED.items(), ("interceptors", STOCKED))
             for _, name in _walk(data, pattern) if isinstance(name, str)]
    return list(dict.fromkeys(named))


# ---- short keys -------------------------------------------------------------------------------------------------


def _only(data: Mapping[str, Any], table: str, rest: Steps) -> list[Steps] | Miss:
    """The value of a table's only entry, or of the only one whose own table states it."""
    every, dots = list(_walk(data, TABLES[table])), ".".join(rest)
    stated = [steps for steps, entry in every if rest[0] in _table(entry)]
    entries = stated if len(stated) == 1 else [steps for steps, _ in every]
    if not entries:
        return Miss(f"the scenario has no {table}")
    named = [steps for steps, _ in every if steps[-1] == rest[0]]
    if named and rest[1:]:
        return _unknown_field(data, table, rest[1:]) or [(*steps, *rest[1:]) for steps in named]
    if miss := _unknown_field(data, table, rest):
        return miss
    if len(entries) > 1:
        full = [".".join((*steps, *rest)) for steps in entries[:LISTED_MAX]]
        more = f" and {len(entries) - LISTED_MAX} more" if len(entries) > LISTED_MAX else ""
        return Miss(f"the scenario has {len(entries)} {table}: name one, or all of them by {table}.{dots}",
                    f"known: {', '.join(full)}{more}")
    return [(*entries[0], *rest)]


def _every(data: Mapping[str, Any], table: str, rest: Steps) -> list[Steps] | Miss:
    """The value of every entry of a table, or that of one entry of a table which lies deeper."""
    entries = [steps for steps, _ in _walk(data, TABLES[table])]
    named = [steps for steps in entries if steps[-1] == rest[0] and not rest[0].isdigit()]
    if named and rest[1:]:
        return [(*steps, *rest[1:]) for steps in named]
    if miss := _unknown_field(data, table, rest):
        return miss
    return [(*steps, *rest) for steps in entries] or Miss(f"the scenario has no {table}")


def _is_new(data: Mapping[str, Any], table: str, name: str) -> bool:
    """Whether a name would be a new entry of a table of the stockpile or programme, and not a value of its entries."""
    pattern = TABLES.get(table, ())
    if pattern[:1] not in (("stockpile",), ("cost",)) or name in _fields(pattern):
        return False
    return all(steps[-1] != name for steps, _ in _walk(data, pattern))


def _unknown_field(data: Mapping[str, Any], table: str, rest: Steps) -> Miss | None:
    """Why the first part of `rest` can be no field of a table's entries."""
    fields = _fields(TABLES[table])
    if rest[0] in fields:
        return None
    entries = [steps[-1] for steps, _ in _walk(data, TABLES[table]) if not steps[-1].isdigit()]
    if rest[1:] and not entries:
        return Miss(f"the scenario has no {table}")
    known = entries if rest[1:] else [*entries, *fields]  # what has a part of its own is the name of an entry
    return Miss(f"there is no {rest[0]!r} in the scenario", _hint(rest[0], known, entries or fields))


def _in_catalogue(data: Mapping[str, Any], section: str, rest: Steps) -> list[Steps] | Miss:
    """The value of one entry of the catalogue, or of every one that the scenario uses and whose kind has it."""
    shipped, own = _shipped(section), _table(_table(data.get("catalogue")).get(section))
    if rest[0] in (*shipped, *own) and rest[1:]:
        return [("catalogue", section, *rest)]
    entries = {name: _laid_over(shipped.get(name, {}), _table(own.get(name))) for name in (*shipped, *own)}
    names = [name for _, name in _walk(data, USED[section]) if isinstance(name, str) and name in entries]
    used = {name: entries[name] for name in dict.fromkeys(names)}
    if not used:
        return Miss(f"the scenario uses no {section} of the catalogue")
    kinds = {name: _fields_of_kind(entry.get("kind"), entries.values()) for name, entry in used.items()}
    fits = [name for name, entry in used.items() if rest[0] in kinds[name] and _holds(entry, rest)]
    if fits:
        return [("catalogue", section, name, *rest) for name in fits]
    known = sorted({field for fields in kinds.values() for field in fields})
    own_names = [*_table(data.get(section)), *used]
    return Miss(f"none of the {section} that the scenario uses has {'.'.join(rest)!r} ({', '.join(used)})",
                _hint(rest[0], [*known, *own_names], known))


def _laid_over(old: Any, new: Any) -> Any:
    """What an entry holds after a scenario's changes to it."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return new
    return {**old, **{key: _laid_over(old[key], value) if key in old else value for key, value in new.items()}}


def _fields_of_kind(kind: Any, entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """Keys that entries of a kind have, `kind` and `note` aside."""
    return {key for entry in entries if entry.get("kind") == kind for key in entry} - {"kind", NOTE}


def _holds(entry: Mapping[str, Any], rest: Steps) -> bool:
    """Whether tables inside an entry have the path; its first key may be one that the entry leaves out."""
    here: Any = entry.get(rest[0])
    for part in rest[1:]:
        if not isinstance(here, Mapping) or part not in here:
            return False
        here = here[part]
    return True


@cache
def _shipped(section: str) -> dict[str, Any]:
    """The shipped entries of a section as they stand in the catalogue's file."""
    text = (files("opendome") / "data" / f"{section}.toml").read_text(encoding="utf-8")
    entries: dict[str, Any] = tomllib.loads(text)[section]
    return entries


# ---- full paths -------------------------------------------------------------------------------------------------


def _no_way(data: Mapping[str, Any], steps: Steps) -> Miss | None:
    """Where a path ends before its last step."""
    here: Any = data
    for part in steps[:-1]:
        known = list(here) if isinstance(here, Mapping) else [str(i) for i in range(len(here))]
        if part not in known:
            if steps[0] == "catalogue" and isinstance(here, Mapping):
                return None
            heads = [*USED, *TABLES, *(name.removesuffix("s") for name in TABLES)] if here is data else []
            return Miss(f"there is no {part!r} in the scenario", _hint(part, [*known, *heads], known))
        here = here[part] if isinstance(here, Mapping) else here[int(part)]
        if not isinstance(here, Mapping | list):
            return Miss(f"{part!r} holds a value, not a table")
    if isinstance(here, list) and not (steps[-1].isdigit() and int(steps[-1]) < len(here)):
        return Miss(f"{steps[-1]!r} is not an item of the list (0 to {len(here) - 1})")
    return None


def _put(data: Any, steps: Steps, value: Any) -> None:
    for part in steps[:-1]:
        data = data.setdefault(part, {}) if isinstance(data, dict) else data[int(part)]
    if isinstance(data, dict):
        data[steps[-1]] = value
    else:
        data[int(steps[-1])] = value


def _walk(data: Any, pattern: Steps, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every path that fits a pattern, with what stands there."""
    if not pattern:
        yield steps, data
        return
    items = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    for key, inner in items:
        if pattern[0] in ("*", str(key)):
            yield from _walk(inner, pattern[1:], (*steps, str(key)))


def _fields(pattern: Steps) -> list[str]:
    """Names that a file uses for the fields of a table's entries."""
    models: list[type[BaseModel]] = [Scenario]
    for name in (part for part in pattern if part != "*"):
        inside = [m.model_fields[name].annotation for m in models if name in m.model_fields]
        models = [model for annotation in inside for model in _models(annotation)]
    return sorted({field.alias or name for model in models for name, field in model.model_fields.items()})


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models inside an annotation such as `dict[str, Layer]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _table(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _hint(name: str, known: Iterable[str], listed: Collection[str]) -> str:
    """The nearest known names, else all those listed if they are few."""
    near = nearest(name, set(known))
    return near if near.startswith("did") else nearest(name, listed)
