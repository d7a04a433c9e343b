"""A scenario as a form: one row for each value that may be changed, made from the JSON Schema and the scenario's data.

The schema gives each row its kind, help, limits and choices; the data give its value; the catalogue gives the entries
that the scenario uses, whose numbers it may override. There is no list of fields: a key added to the schema has a row.
Left out are lists of plain values (waypoints, longitudes), tables of free keys, observations (what was reported is not
to be changed), variants, and the numbers of runs and seeds, which are asked for beside the form.
"""

import functools
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from opendome.catalogue import Catalogue, shipped, with_overrides
from opendome.scenario import keys
from opendome.scenario.problems import dotted
from opendome.scenario.schema import schema
from opendome.units import SUFFIXES, unit_of

Node = Mapping[str, Any]
"""A piece of a JSON Schema."""

Steps = tuple[str, ...]
"""Where a value stands, as in `scenario.keys`."""

LEFT_OUT = ("format", "variants", "observations", "catalogue", "runs", "seed")
"""Keys of a scenario that have no rows; the catalogue has them by entry."""

ENTRY_LEFT_OUT = ("kind", "note", "threat_class", "mode")
"""Settings of a catalogue entry that say what it is; another entry has others."""

QUANTITY = "#/$defs/Quantity"

WHOLE = "scenario"
"""Group of what stands in no table."""

KINDS = {"number": "number", "integer": "integer", "string": "text", "boolean": "switch"}
"""Kinds of rows by type of the schema."""


class Row(NamedTuple):
    """One value that may be changed. Fields are those of the API; `steps`, `is_quantity` and `stated` are not sent."""

    path: str
    group: str
    label: str
    kind: str
    value: Any
    default: Any
    unit: str
    low: float | None
    high: float | None
    minimum: float | None
    maximum: float | None
    choices: list[Any] | None
    help: str
    grade: str
    why: str
    source: Mapping[str, Any] | None
    sampled: bool
    of: str
    steps: Steps
    is_quantity: bool
    stated: Any
    """What stands in the scenario or catalogue: a number, a quantity's table, a date; None where nothing does."""


SENT = tuple(name for name in Row._fields if name not in ("steps", "is_quantity", "stated"))
"""Fields of a row that are sent."""


class Form(NamedTuple):
    """The rows of a scenario by path, and its groups in order: name to label and note."""

    rows: Mapping[str, Row]
    groups: Mapping[str, tuple[str, str]]


def form(data: Mapping[str, Any]) -> Form:
    """The form of plain data of a scenario, which may have faults: what cannot be read has no row."""
    overrides = data.get("catalogue")
    catalogue, _ = with_overrides(shipped(), overrides if isinstance(overrides, Mapping) else {})
    maker = _Maker(catalogue, is_sampled=data.get("assumptions", "sampled") == "sampled")
    own = scenario_schema()
    inside = {**own, "properties": {k: v for k, v in own["properties"].items() if k not in LEFT_OUT}}
    rows = [maker.row(own, steps, node, stated, "scenario")
            for steps, node, stated in leaves(own, inside, data, ()) if kind_of(own, node)]
    whole = catalogue_schema()
    for section, name in keys.used(data):
        entry = getattr(catalogue, section).get(name)
        if entry is not None:
            node = whole["properties"][section]["additionalProperties"]
            rows += [maker.row(whole, steps, found, stated, "catalogue") for steps, found, stated in
                     leaves(whole, node, entry.model_dump(), ("catalogue", section, name))
                     if steps[3] not in ENTRY_LEFT_OUT]
    known = {row.path: row for row in rows}
    return Form(known, {row.group: _group(row.group, row.steps, data, own, catalogue) for row in known.values()})


@functools.cache
def scenario_schema() -> dict[str, Any]:
    """JSON Schema of scenario files, made once."""
    return schema()


@functools.cache
def catalogue_schema() -> dict[str, Any]:
    """JSON Schema of the whole catalogue."""
    return Catalogue.model_json_schema(by_alias=True)


def leaves(whole: Node, node: Node, data: Any, steps: Steps) -> Iterator[tuple[Steps, Node, Any]]:
    """Every single value that the schema allows below `data`: where, its piece of the schema, and what stands there
    (None: nothing). Tables that are not there are not gone into."""
    node = opened(whole, node, data)
    if kind_of(whole, node):
        if data is None or (not isinstance(data, list) and (is_quantity(node) or not isinstance(data, Mapping))):
            yield steps, node, data
        return
    if isinstance(data, Mapping):
        inside: Mapping[str, Any] = node.get("properties", {})
        every = node.get("additionalProperties")
        for key, found in inside.items():
            stated = data.get(key)
            if stated is not None or kind_of(whole, opened(whole, found, None)):
                yield from leaves(whole, found, stated, (*steps, key))
        if isinstance(every, Mapping):
            every = {"description": node.get("description", ""), **every}  # weights say nothing of their own
            for key, stated in data.items():
                if key not in inside:
                    yield from leaves(whole, every, stated, (*steps, str(key)))
    elif isinstance(data, list) and isinstance(node.get("items"), Mapping):
        for i, stated in enumerate(data):
            if isinstance(stated, Mapping):
                yield from leaves(whole, node["items"], stated, (*steps, str(i)))


def opened(whole: Node, node: Node, data: Any) -> Node:
    """A piece of the schema with its references followed, its choice of None taken off, and the kind that the data
    name picked. A quantity stays a reference."""
    while True:
        options = [one for one in node.get("anyOf", ()) if one != {"type": "null"}]
        rest = {key: found for key, found in node.items() if key not in ("anyOf", "$ref", "oneOf", "discriminator")}
        if len(options) == 1:
            node = {**options[0], **rest}
        elif "$ref" in node and not is_quantity(node):
            node = {**whole["$defs"][node["$ref"].rpartition("/")[2]], **rest}
        elif "discriminator" in node:
            kind = data.get(node["discriminator"]["propertyName"]) if isinstance(data, Mapping) else None
            mapping = node["discriminator"]["mapping"]
            node = {"$ref": mapping[kind], **rest} if isinstance(kind, str) and kind in mapping else rest
        else:
            return node


def is_quantity(node: Node) -> bool:
    """Whether a piece of the schema is a number with its range, grade and source."""
    return bool(node.get("$ref") == QUANTITY)


def kind_of(whole: Node, node: Node) -> str:
    """The kind of row of an opened piece of the schema; "" for tables, lists, and what has one value alone."""
    if is_quantity(node):
        return "number"
    if "const" in node:
        return ""
    if "enum" in node:
        return "choice"
    if node.get("format") == "date-time":
        return "date"
    return KINDS.get(str(node.get("type")), "")


class _Maker(NamedTuple):
    """Makes rows of one scenario."""

    catalogue: Catalogue
    is_sampled: bool

    def row(self, whole: Node, steps: Steps, node: Node, stated: Any, of: str) -> Row:
        """The row of a value."""
        is_one = is_quantity(node)
        table: Mapping[str, Any] = stated if is_one and isinstance(stated, Mapping) else {}
        default = node.get("default")
        if is_one and isinstance(default, Mapping):
            default = default.get("value")
        value = table.get("value") if table else default if stated is None else stated
        low, high = (_number(table.get(end)) for end in ("low", "high"))
        if low is not None or high is not None:  # an end that is left out is the value itself
            low, high = (_number(value) if end is None else end for end in (low, high))
        choices = node.get("enum") or self._names(steps)
        group = group_of(steps)
        path = dotted(*steps)
        grade = str(table.get("grade") or "assumed") if is_one and value is not None else ""
        return Row(path, group, label_of(steps, group), "choice" if choices else kind_of(whole, node), sendable(value),
                   default, unit_of(path), low, high, *_limits(node), list(choices) if choices else None,
                   first_sentence(str(node.get("description", ""))), grade,
                   str(table.get("why") or ""), self._cited(table),
                   bool(self.is_sampled and None not in (low, high) and low != high), of, steps, is_one, stated)

    def _names(self, steps: Steps) -> list[str] | None:
        """The entries of the catalogue that may stand where the scenario names one."""
        for section, pattern in (*keys.USED.items(), ("interceptors", keys.STOCKED)):
            if len(steps) == len(pattern) and all(part in ("*", step) for part, step in zip(pattern, steps)):
                return sorted(getattr(self.catalogue, section))
        return None

    def _cited(self, table: Mapping[str, Any]) -> dict[str, Any] | None:
        key = table.get("source")
        found = self.catalogue.references.get(key) if isinstance(key, str) else None
        if found is None:
            return None
        return {"key": key, "author": found.author, "title": found.title, "year": found.year,
                "publisher": found.publisher, "link": found.link, "page": str(table.get("page") or "")}


def group_of(steps: Steps) -> str:
    """The group of a value: that of its table, two steps deep; of an entry of the catalogue, three."""
    if len(steps) == 1:
        return WHOLE
    deep = 3 if steps[0] == "catalogue" else 2 if len(steps) > 2 else 1
    return dotted(*steps[:deep])


def label_of(steps: Steps, group: str) -> str:
    """What a row is called within its group: `sites battery: stock`."""
    inside = steps[0 if group == WHOLE else 3 if steps[0] == "catalogue" else min(2, len(steps) - 1):]
    name = inside[-1]
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            name = name.removesuffix(suffix)
            break
    name = name.replace("_", " ")
    return f"{' '.join(inside[:-1])}: {name}" if inside[1:] else name


def first_sentence(text: str) -> str:
    """The first sentence of a description, on one line."""
    words = " ".join(text.split("\n\n")[0].split())
    return words.partition(". ")[0].rstrip(".") + "." if words else ""


def sendable(value: Any) -> Any:
    """A single value as JSON can say it: dates as text, what is not a finite number as None."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | float):
        return _number(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def date_of(text: str) -> datetime | str:
    """The date that a text says, or the text where it says none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _number(found: Any) -> float | int | None:
    """A finite number, or None."""
    is_one = isinstance(found, int | float) and not isinstance(found, bool)
    return found if is_one and abs(found) <= 1e300 else None


def _limits(node: Node) -> tuple[float | None, float | None]:
    return (node.get("minimum", node.get("exclusiveMinimum")), node.get("maximum", node.get("exclusiveMaximum")))


def _group(group: str, steps: Steps, data: Mapping[str, Any], own: Node, catalogue: Catalogue) -> tuple[str, str]:
    """Label and note of a group: the note of its own table, or what the schema says of it."""
    if group == WHOLE:
        return "the scenario", ""
    if steps[0] == "catalogue":
        return f"{steps[1]}: {steps[2]}", str(getattr(catalogue, steps[1])[steps[2]].note)
    table, node = data[steps[0]], opened(own, own["properties"][steps[0]], data[steps[0]])
    if len(steps) > 2:
        node = opened(own, node.get("properties", {}).get(steps[1], node), None)
        table = table[steps[1]] if isinstance(table, Mapping) else table
    note = table.get("note") if isinstance(table, Mapping) else None
    label = f"{steps[0]}: {steps[1]}" if len(steps) > 2 else steps[0]
    return label, note if isinstance(note, str) and note else first_sentence(str(node.get("description", "")))
