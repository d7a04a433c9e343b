"""The catalogue as data: shipped entries, a scenario's changes to them, a digest, and what `opendome show` prints.

Left out: search and sampling; a study samples the ranges through `quantity.quantities`.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter, ValidationError

from opendome.catalogue.entries import AnyInterceptor, Reference, Sensor, Threat
from opendome.errors import InputError, Problem, ScenarioError, nearest
from opendome.scenario.problems import dotted, problems_from, short
from opendome.scenario.quantity import Quantity, Spec, quantities
from opendome.units import unit_of

FORMAT = 1
"""Version of the catalogue files' format."""

ASSUMPTION = "assumption"
"""The source of a value that is declared, not found; it needs no entry in references.toml."""

_ENTRY_TYPES: dict[str, Any] = {"threats": Threat, "sensors": Sensor, "interceptors": AnyInterceptor}
_TYPES: dict[str, Any] = {**_ENTRY_TYPES, "references": Reference}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {section: TypeAdapter(kind) for section, kind in _TYPES.items()}

SECTIONS = tuple(_ENTRY_TYPES)
"""Kinds of entries, each one file and one table of a scenario's `[catalogue]`."""


class Catalogue(Spec):
    """Named systems and the references behind their values."""

    threats: dict[str, Threat]
    sensors: dict[str, Sensor]
    interceptors: dict[str, AnyInterceptor]
    references: dict[str, Reference]


@dataclass(frozen=True)
class Row:
    """One value of an entry, as `opendome show` prints it; a plain setting has no range, grade or source."""

    field: str
    value: float | str | bool
    low: float | None
    high: float | None
    unit: str
    grade: str
    source: str
    page: str
    why: str
    meaning: str


@dataclass(frozen=True)
class Description:
    """One entry as plain data: its values row by row, and the references that they name."""

    name: str
    section: str
    kind: str
    note: str
    rows: tuple[Row, ...]
    references: dict[str, Reference]


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with OpenDome; raises `ScenarioError` with everything wrong in its files."""
    read = {section: _read(section) for section in _TYPES}
    found: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for section, entries in read.items():
        found[section] = {}
        for name, data in entries.items():
            _check(section, name, data, section, found, problems)
    catalogue = _assemble(found)
    problems += _unknown_sources(catalogue, "")
    if problems:
        raise ScenarioError("catalogue", problems)
    return catalogue


def with_overrides(
    catalogue: Catalogue, overrides: Mapping[Any, Mapping[str, Mapping[str, Any]]]
) -> tuple[Catalogue, list[Problem]]:
    """The catalogue with a scenario's `[catalogue.SECTION.NAME]` tables laid over it, and every problem found.

    Over a shipped name the given keys replace the shipped ones; a bare number replaces a value and clears its
    range. A new name is a whole new entry. Values so given are assumptions unless they say otherwise.
    `[catalogue.references.KEY]` adds a source. An entry with a problem stays as it was.
    """
    found: dict[str, dict[str, Any]] = {section: dict(getattr(catalogue, section)) for section in _TYPES}
    problems: list[Problem] = []
    for section, entries in overrides.items():
        path = dotted("catalogue", str(section))
        if section not in _TYPES:
            problems.append(Problem(path, short(entries), "unknown key", nearest(section, _TYPES)))
            continue
        if not isinstance(entries, Mapping):
            problems.append(Problem(path, short(entries), "must be a table of entries, each a table"))
            continue
        for name, given in entries.items():
            base = found[section].get(name)
            problem = _cannot_apply(section, name, given, base, list(found[section]))
            if problem:
                problems.append(problem)
                continue
            data = _merge(base.model_dump(exclude_none=True), given) if base is not None else given
            _check(section, name, data, path, found, problems)
    changed = _assemble(found)
    return changed, problems + _unknown_sources(changed, "catalogue.")


def digest(catalogue: Catalogue) -> str:
    """SHA-256 of everything in the catalogue; the order of entries and keys in the files does not matter."""
    text = json.dumps(catalogue.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def names(section: str) -> list[str]:
    """The shipped names of one section (`threats`, `sensors` or `interceptors`), in the order of its file."""
    if section not in SECTIONS:
        raise InputError(f"unknown section {section!r}: {nearest(section, SECTIONS)}")
    return list(getattr(shipped(), section))


def describe(catalogue: Catalogue, name: str) -> Description:
    """Every value of one entry with its range, unit, grade and source, and the references it names."""
    for section in SECTIONS:
        entry = getattr(catalogue, section).get(name)
        if entry is not None:
            rows = tuple(_rows(entry))
            keys = dict.fromkeys(row.source for row in rows if row.source not in ("", ASSUMPTION))
            cited = {key: catalogue.references[key] for key in keys}
            return Description(name, section, entry.kind, entry.note, rows, cited)
    every = [known for section in SECTIONS for known in getattr(catalogue, section)]
    hint = nearest(name, every) or "see `opendome list threats`, `list sensors`, `list interceptors`"
    raise InputError(f"nothing called {name!r} in the catalogue: {hint}")


def _read(section: str) -> dict[str, Any]:
    name = f"{section}.toml"
    text = (files("opendome") / "data" / name).read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(name, [Problem(name, "", f"is not valid TOML: {error}")]) from None
    if table.get("format") != FORMAT or set(table) != {"format", section}:
        expected = f"must be {FORMAT}, and every table [{section}.NAME]"
        raise ScenarioError(name, [Problem("format", short(table.get("format")), expected)])
    entries: dict[str, Any] = table[section]
    return entries


def _check(
    section: str, name: str, data: Any, path: str, found: dict[str, dict[str, Any]], problems: list[Problem]
) -> None:
    """Put the entry into `found` if it is sound, else what is wrong into `problems`."""
    try:
        found[section][name] = _ADAPTERS[section].validate_python(data)
    except ValidationError as error:
        problems += problems_from(error, data, f"{path}.{dotted(name)}", _TYPES[section])


def _assemble(found: dict[str, dict[str, Any]]) -> Catalogue:
    return Catalogue.model_validate(found)  # takes the entries as they are: `_check` has validated each


def _cannot_apply(section: str, name: str, given: Any, base: Any, known: list[str]) -> Problem | None:
    """Why a scenario's table cannot be laid over the catalogue at all, or None."""
    path = dotted("catalogue", section, name)
    if not isinstance(given, Mapping):
        return Problem(path, short(given), "must be a table")
    if section == "references":
        return None  # has no kinds
    if base is None and "kind" not in given:
        expected = "is not in the catalogue: a change needs a known name, a new entry needs its kind"
        return Problem(path, short(given), expected, nearest(name, known))
    if base is not None and "kind" in given and given["kind"] != base.kind:
        return Problem(f"{path}.kind", short(given["kind"]), f"must stay {short(base.kind)}", "use a new name")
    return None


def _merge(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, new in given.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            merged[key] = _merge_quantity(old, new) if "value" in old else _merge(old, new)
        else:
            merged[key] = new
    return merged


def _merge_quantity(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """A changed number no longer comes from the old source: it is an assumption unless the change says otherwise."""
    is_other_number = any(key in new for key in ("value", "low", "high"))
    kept = {key: old[key] for key in ("value", "low", "high") if key in old} if is_other_number else old
    return {**kept, **new}


def _unknown_sources(catalogue: Catalogue, prefix: str) -> list[Problem]:
    known = catalogue.references
    return [
        Problem(f"{prefix}{dotted(section, name)}.{path}.source", short(quantity.source),
                f"must be a key of references, or {ASSUMPTION}", nearest(quantity.source, known))
        for section in SECTIONS
        for name, entry in getattr(catalogue, section).items()
        for path, quantity in quantities(entry)
        if quantity.source != ASSUMPTION and quantity.source not in known
    ]


def _rows(spec: Spec, path: str = "") -> Iterator[Row]:
    for name, field in type(spec).model_fields.items():
        found = getattr(spec, name)
        meaning = field.description or ""
        if isinstance(found, Quantity):
            yield Row(path + name, found.value, found.low, found.high, unit_of(name), found.grade, found.source,
                      found.page or "", found.why, meaning)
        elif isinstance(found, Spec):
            yield from _rows(found, f"{path}{name}.")
        elif found is not None and name not in ("kind", "note"):
            yield Row(path + name, found, None, None, "", "", "", "", "", meaning)
