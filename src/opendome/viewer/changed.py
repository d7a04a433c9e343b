"""A scenario with some values changed, and what is said of that in the file that is written.

A reader of the file must never be told that a source gives a number that it does not. So a changed quantity loses its
source, page and grade: it is `assumed`, and its `why` says that it was changed in the studio, from what, and what that
rested on. A range that still holds the value stays, and `why` says that it is the earlier one; a range that does not
is left out, so that the value is the same in every run. Where a table with a note of its own, or a source, has a plain
value changed, the note says so and the source is `assumption`. The scenario's title and note say that it was changed.
Comments, layout and variants of the file that was started from are not kept.
"""

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

from opendome.catalogue import ASSUMPTION
from opendome.errors import InputError, nearest
from opendome.scenario.toml_out import dumps
from opendome.viewer.form import Form, Row, date_of

MARK = "changed in the studio"
"""What every mark begins with."""

LISTED_MAX = 20
"""Most changes that the scenario's note lists."""

WORDS_MAX = 300
"""Longest piece of an earlier reason, or of a value, that a mark repeats."""

TITLE_MAX = 200
"""Longest title of a scenario."""

TEXT_MAX = 5_000
"""Longest text that a value may be changed to, characters."""


class Made(NamedTuple):
    """One change: the row as it was, the value it has now, and whether that is outside of the row's declared range."""

    row: Row
    value: Any
    is_outside: bool

    def __str__(self) -> str:
        return f"{self.row.path} from {shown(self.row.value)} to {shown(self.value)}"


class Changed(NamedTuple):
    """A scenario with changes made to it."""

    data: dict[str, Any]
    toml: str
    made: list[Made]


def changed(data: Mapping[str, Any], found: Form, changes: Mapping[str, Any]) -> Changed:
    """Plain data of a scenario with values changed by the paths of its form's rows; values that are as they were change
    nothing. Raises `InputError` for a path that is no row's, and for a value that is no single value or too long."""
    new = copy.deepcopy(dict(data))
    new.pop("variants", None)
    made = []
    rows = {path: _row(found, path) for path in changes}
    for path in sorted(changes, key=lambda path: rows[path].steps[-1] != "note"):  # marks go behind a new note
        row, value = rows[path], value_of(rows[path], changes[path])
        if _is_same(row, value):
            continue
        made.append(Made(row, value, row.low is not None and not _holds(row, value)))
        _put(new, row, value)
    if made:
        _mark_whole(new, made)
    return Changed(new, dumps(new), made)


def _row(found: Form, path: str) -> Row:
    row = found.rows.get(path)
    if row is None:
        hint = nearest(path[:WORDS_MAX], found.rows)
        raise InputError(f"{path[:WORDS_MAX]}: this scenario has no such value to change"
                         + (f"\nhint: {hint}" if hint else ""))
    return row


def _is_same(row: Row, value: Any) -> bool:
    """Whether a value is the one that is there."""
    if row.kind == "date" and isinstance(value, str) and isinstance(row.value, str):
        return date_of(value) == date_of(row.value)
    return bool(value == row.value) and isinstance(value, bool) == isinstance(row.value, bool)


def value_of(row: Row, given: Any) -> Any:
    """A value as it came, for a row: whole numbers where the row wants those. Raises `InputError` for what is no single
    value, or too long to be one."""
    if isinstance(given, Mapping | list):
        raise InputError(f"{row.path}: must be a single value")
    if given is None and row.of == "catalogue":
        raise InputError(f"{row.path}: a number of the catalogue cannot be left out")
    if isinstance(given, str) and len(given) > TEXT_MAX:
        raise InputError(f"{row.path}: a text may have {TEXT_MAX:,} characters")
    if isinstance(given, float) and given.is_integer() and abs(given) < 2**53 and (
            row.kind == "integer" or (isinstance(row.value, int) and not isinstance(row.value, bool))):
        return int(given)
    return given


def shown(value: Any) -> str:
    """A value in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:.12g}" if isinstance(value, float) else str(value)
    return text if len(text) <= WORDS_MAX else text[:WORDS_MAX - 1] + "…"


def _holds(row: Row, value: Any) -> bool:
    """Whether the row's range holds a value; one that is no number is not outside of it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return not is_number or (row.low is not None and row.high is not None and row.low <= value <= row.high)


def _put(data: dict[str, Any], row: Row, value: Any) -> None:
    """Put a value where its row stands; None takes it away."""
    tables: list[Any] = [data]
    for step in row.steps[:-1]:
        here = tables[-1]
        inside = here.setdefault(step, {}) if isinstance(here, dict) else here[int(step)] if step.isdigit() else None
        if not isinstance(inside, dict | list):
            raise InputError(f"{row.path}: what it stands in is not a table")
        tables.append(inside)
    key, table = row.steps[-1], tables[-1]
    if not isinstance(table, dict):
        raise InputError(f"{row.path}: what it stands in is not a table")
    if value is None:
        table.pop(key, None)
    elif row.is_quantity:
        table[key] = _quantity(row, value)
    else:
        table[key] = date_of(value) if row.kind == "date" and isinstance(value, str) else value
    if row.of == "scenario" and not row.is_quantity:
        _mark_tables(tables[1:], row)


def _quantity(row: Row, value: Any) -> Any:
    """What stands for a changed quantity: a bare number where there was one (or nothing), else a table with the
    reason."""
    if not isinstance(row.stated, Mapping):
        return value
    table: dict[str, Any] = {"value": value}
    has_range = row.low is not None and row.low != row.high
    is_kept = has_range and _holds(row, value)
    if is_kept:
        table |= {"low": row.low, "high": row.high}
    elif row.of == "catalogue":
        table |= {"low": value, "high": value}  # else the catalogue's own range would be laid under it
    told = f"{MARK} from {shown(row.value)}, which was {_earlier(row)}"
    if has_range:
        kept = "its range is kept" if is_kept else "its range does not hold this value and is left out"
        told += f"; {kept} ({shown(row.low)} to {shown(row.high)})" if not is_kept else f"; {kept}"
    return {**table, "grade": "assumed", "source": ASSUMPTION, "why": told}


def _earlier(row: Row) -> str:
    """What the number that was there rested on."""
    if row.source is None:
        why = row.why if len(row.why) <= WORDS_MAX else row.why[:WORDS_MAX - 1] + "…"
        return f"{shown(row.grade)} ({why})" if why else shown(row.grade)
    page = f", {row.source['page']}" if row.source["page"] else ""
    return f"{shown(row.grade)} ({row.source['key']}{page})"


def _mark_tables(tables: list[Any], row: Row) -> None:
    """Say of the tables around a plain value that it was changed: in the nearest note there is, and in place of a
    source."""
    told = f"{MARK}: {row.steps[-1]}, from {shown(row.value)}"
    if row.steps[-1] == "note":
        return
    if tables and isinstance(tables[-1], dict) and isinstance(tables[-1].get("source"), str):
        tables[-1]["source"] = ASSUMPTION
    for table in reversed(tables):
        if isinstance(table, dict) and isinstance(table.get("note"), str) and table["note"]:
            table["note"] += f" [{told}]"
            return


def _mark_whole(data: dict[str, Any], made: list[Made]) -> None:
    """Say of the whole scenario that it was changed."""
    title, own = data.get("title"), {one.row.path for one in made}
    tail = f" ({MARK})"
    if isinstance(title, str) and "title" not in own and not title.endswith(tail):
        data["title"] = title[:TITLE_MAX - len(tail)] + tail
    note = data.get("note", "")
    if isinstance(note, str) and "note" not in own:
        listed = "; ".join(str(one) for one in made[:LISTED_MAX])
        more = f"; and {len(made) - LISTED_MAX:,} more" if len(made) > LISTED_MAX else ""
        data["note"] = f"{note}\n\n" * bool(note) + f"{MARK.capitalize()}: {listed}{more}."
