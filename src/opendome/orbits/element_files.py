"""Element sets of real satellites from files: OMM as JSON, XML, KVN or CSV, and two-line elements.

Every problem of a file is found before anything is refused. The elements themselves are understood by the `sgp4`
library; what it would take without a word (a broken checksum, letters where a number belongs) is checked here.
Formats: CCSDS 502.0-B (orbit data messages); CelesTrak's description of two-line elements.
"""

import difflib
import io
import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sgp4 import omm
from sgp4.alpha5 import from_alpha5
from sgp4.api import Satrec
from sgp4.io import compute_checksum

from opendome.errors import InputError, Problem, ScenarioError
from opendome.orbits.element_sets import ElementSets

NUMBERS = {"MEAN_MOTION": (0.0, 20.0), "ECCENTRICITY": (0.0, 1.0), "INCLINATION": (0.0, 180.0),
           "RA_OF_ASC_NODE": (-360.0, 360.0), "ARG_OF_PERICENTER": (-360.0, 360.0), "MEAN_ANOMALY": (-360.0, 360.0),
           "BSTAR": (-math.inf, math.inf)}
"""Fields of an OMM that must be there, and between which numbers; MEAN_MOTION in revolutions a day, angles in deg."""

DEFAULTS = {"OBJECT_NAME": "", "OBJECT_ID": "", "CLASSIFICATION_TYPE": "U", "EPHEMERIS_TYPE": "0",
            "ELEMENT_SET_NO": "0", "REV_AT_EPOCH": "0", "MEAN_MOTION_DOT": "0", "MEAN_MOTION_DDOT": "0"}
"""Fields of an OMM that may be missing, and what stands for them."""

CONSTANTS = {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC", "MEAN_ELEMENT_THEORY": "SGP4"}
"""Fields that may be missing but can have one value only."""

WHOLE = {"NORAD_CAT_ID": 339999, "EPHEMERIS_TYPE": 2**31 - 1, "ELEMENT_SET_NO": 2**31 - 1, "REV_AT_EPOCH": 2**31 - 1}
"""Fields of an OMM that are whole numbers, and the largest that SGP4's library takes."""

TLE_LENGTH = 69
TLE_FIELDS = ({"epoch": (18, 32), "first derivative of the mean motion": (33, 43)},
              {"inclination": (8, 16), "right ascension of the node": (17, 25), "eccentricity": (26, 33),
               "argument of perigee": (34, 42), "mean anomaly": (43, 51), "mean motion": (52, 63)})
TLE_KEYS = {"inclination": "INCLINATION", "right ascension of the node": "RA_OF_ASC_NODE",
            "eccentricity": "ECCENTRICITY", "argument of perigee": "ARG_OF_PERICENTER",
            "mean anomaly": "MEAN_ANOMALY", "mean motion": "MEAN_MOTION"}
TLE_DAY = (20, 32)
TLE_LINE = re.compile(r"[12] [ A-Z0-9][ 0-9]{4}")


class Entry(NamedTuple):
    """One object of an OMM file."""

    where: str
    """For messages: its number or line."""
    fields: dict[str, str]


class Found(NamedTuple):
    """One object that was read."""

    name: str
    satrec: Satrec


def read_elements(path: str | Path) -> ElementSets:
    """The element sets in a file: OMM (JSON, XML, KVN, CSV) or two-line elements with or without names.

    The format is told by the content. Raises ScenarioError, an InputError, with every problem of the file.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}\n  cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}\n  must be text: it is not UTF-8 at byte {error.start}") from error
    return parse_elements(text, str(path))


def parse_elements(text: str, source: str = "elements") -> ElementSets:
    """The element sets in a text; `source` names it in messages. See `read_elements`."""
    problems: list[Problem] = []
    found = list(_reader(text, source)(text, problems))
    if not found and not problems:
        problems.append(Problem("file", "", "holds no element set"))
    if problems:
        raise ScenarioError(source, problems)
    return ElementSets.of([item.satrec for item in found], [item.name for item in found])


Reader = Callable[[str, list[Problem]], Iterable[Found]]


def _reader(text: str, source: str) -> Reader:
    """What reads a text like this."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ScenarioError(source, [Problem("file", "", "is empty: must hold OMM or two-line elements")])
    head = lines[0].strip()
    if head[0] in "[{":
        return lambda t, p: _from_entries(_json(t, p), p)
    if head[0] == "<":
        return lambda t, p: _from_entries(_xml(t, p), p)
    if any(TLE_LINE.match(line) for line in lines):
        return _tle
    if "," in head and "MEAN_MOTION" in head:
        return lambda t, p: _from_entries(_csv(t, p), p)
    if any(re.match(r"\s*[A-Z_]+\s*=", line) for line in lines):
        return lambda t, p: _from_entries(_kvn(t, p), p)
    raise ScenarioError(source, [Problem("file", repr(head[:40]), "must be OMM as JSON, XML, KVN or CSV, or two-line "
                                         "elements: none of these begins like this")])


# ---- OMM -----------------------------------------------------------------------------------------------------------


def _json(text: str, problems: list[Problem]) -> Iterator[Entry]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        problems.append(Problem(f"line {error.lineno}", "", f"is not JSON: {error.msg} at column {error.colno}"))
        return
    for number, item in enumerate(data if isinstance(data, list) else [data], 1):
        if isinstance(item, dict):
            yield Entry(f"entry {number}", {key: str(value) for key, value in item.items() if value is not None})
        else:
            problems.append(Problem(f"entry {number}", repr(item)[:40], "must be an object with the fields of an OMM"))


def _xml(text: str, problems: list[Problem]) -> Iterator[Entry]:
    try:
        for number, fields in enumerate(omm.parse_xml(io.StringIO(text)), 1):
            yield Entry(f"segment {number}", {key: value or "" for key, value in fields.items()})
    except ET.ParseError as error:
        problems.append(Problem(f"line {error.position[0]}", "", f"is not XML: {error}"))
    except (TypeError, AttributeError):  # the library found a part missing
        problems.append(Problem("file", "", "must hold metadata, meanElements and tleParameters in every segment"))


def _csv(text: str, problems: list[Problem]) -> Iterator[Entry]:
    rows = omm.parse_csv(io.StringIO(text))
    for row in rows:
        where = f"line {rows.line_num}"
        if None in row or None in row.values():
            problems.append(Problem(where, "", f"must have {len(rows.fieldnames or ())} columns, as line 1 has"))
            continue
        yield Entry(where, {key.strip(): value.strip() for key, value in row.items()})


def _kvn(text: str, problems: list[Problem]) -> Iterator[Entry]:
    """Messages of KEY = VALUE lines; each begins with CCSDS_OMM_VERS, or where a field comes a second time."""
    fields: dict[str, str] = {}
    first = 1
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, value = (part.strip() for part in line.partition("="))
        if not key or key.startswith("COMMENT"):
            continue
        if not equals:
            problems.append(Problem(f"line {number}", repr(line.strip()[:40]), "must be KEYWORD = value"))
            continue
        if key == "CCSDS_OMM_VERS" or key in fields:
            if len(fields) > 1:
                yield Entry(f"message at line {first}", fields)
            fields, first = {}, number
        fields[key] = re.sub(r"\s*\[[^\]]*\]$", "", value)
    if fields:
        yield Entry(f"message at line {first}", fields)


def _from_entries(entries: Iterable[Entry], problems: list[Problem]) -> Iterator[Found]:
    for entry in entries:
        wrong = list(_problems_of(entry))
        problems += wrong
        if wrong:
            continue
        fields = {**DEFAULTS, **{key: value for key, value in entry.fields.items() if value != ""}}
        fields["EPOCH"] = _instant(fields["EPOCH"]).strftime("%Y-%m-%dT%H:%M:%S.%f")
        satrec = Satrec()
        omm.initialize(satrec, fields)
        yield from _if_sound(fields["OBJECT_NAME"].strip(), satrec, entry.where, problems)


def _problems_of(entry: Entry) -> Iterator[Problem]:
    where = entry.where + (f", {entry.fields['OBJECT_NAME']}" if entry.fields.get("OBJECT_NAME") else "")
    missing = [key for key in (*NUMBERS, "NORAD_CAT_ID", "EPOCH") if not entry.fields.get(key)]
    if missing:
        yield Problem(where, "", f"lacks {', '.join(missing)}", _misspelt(missing, entry.fields))
    for key, (low, high) in NUMBERS.items():
        yield from _number(where, key, entry.fields, low, high)
    for key in ("MEAN_MOTION_DOT", "MEAN_MOTION_DDOT"):
        yield from _number(where, key, entry.fields, -math.inf, math.inf)
    for key, most in WHOLE.items():
        text = entry.fields.get(key)
        if text and not re.fullmatch(r"[0-9]+", text):
            yield Problem(f"{where}: {key}", repr(text), "must be a whole number")
        elif text and (len(text) > 20 or int(text) > most):
            yield Problem(f"{where}: {key}", repr(text[:40]), f"must be at most {most}: SGP4 takes no larger one")
    for key, only in CONSTANTS.items():
        if entry.fields.get(key) and entry.fields[key].upper() not in (only, f"SGP/{only}"):
            yield Problem(f"{where}: {key}", repr(entry.fields[key]), f"must be {only}: SGP4 takes no elements of "
                          "another kind")
    if entry.fields.get("EPOCH"):
        try:
            _instant(entry.fields["EPOCH"])
        except ValueError:
            yield Problem(f"{where}: EPOCH", repr(entry.fields["EPOCH"]), "must be an instant such as "
                          "2026-02-28T22:00:00.000000")


def _number(where: str, key: str, fields: Mapping[str, str], low: float, high: float) -> Iterator[Problem]:
    if not fields.get(key):
        return
    try:
        value = float(fields[key])
    except ValueError:
        value = math.nan
    if not _is_within(key, value, low, high):
        yield Problem(f"{where}: {key}", repr(fields[key]), f"must be a number{_bounds(low, high)}")


def _is_within(key: str, value: float, low: float, high: float) -> bool:
    if (key == "ECCENTRICITY" and value == 1.0) or (key == "MEAN_MOTION" and value == 0.0):
        return False
    return low <= value <= high


def _bounds(low: float, high: float) -> str:
    return "" if math.isinf(low) else f" from {low:g} to {high:g}"


def _misspelt(missing: list[str], fields: Mapping[str, str]) -> str:
    """A hint at a field of no known name that is meant for one that is missing, or ""."""
    unknown = [key for key in fields if key not in {*NUMBERS, *DEFAULTS, *CONSTANTS, *WHOLE, "EPOCH"}]
    pairs = [(close[0], key) for key in missing if (close := difflib.get_close_matches(key, unknown, 1, 0.7))]
    return f"is {pairs[0][0]} meant for {pairs[0][1]}?" if pairs else ""


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))


# ---- two-line elements ---------------------------------------------------------------------------------------------


def _tle(text: str, problems: list[Problem]) -> Iterator[Found]:
    name, first, first_number = "", "", 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        if not line:
            continue
        if not TLE_LINE.match(line):
            if first:
                problems.append(Problem(f"line {number}", repr(line[:40]), f"must be line 2 of the set whose line 1 is "
                                        f"line {first_number}"))
            name, first = line.removeprefix("0 ").strip(), ""
            continue
        if line[0] == "1":
            if first:
                problems.append(Problem(f"line {first_number}", "", "is a line 1 without a line 2 after it"))
            first, first_number = line, number
        elif not first:
            problems.append(Problem(f"line {number}", "", "is a line 2 without a line 1 before it"))
            name = ""
        else:
            yield from _pair(name, (first_number, number), (first, line), problems)
            name, first = "", ""
    if first:
        problems.append(Problem(f"line {first_number}", "", "is a line 1 without a line 2 after it"))


def _pair(name: str, numbers: tuple[int, int], lines: tuple[str, str], problems: list[Problem]) -> Iterator[Found]:
    wrong = [problem for which in (0, 1) for problem in _problems_of_line(numbers[which], lines[which], which)]
    if not wrong and lines[0][2:7] != lines[1][2:7]:
        wrong.append(Problem(f"lines {numbers[0]} and {numbers[1]}", f"{lines[0][2:7]} and {lines[1][2:7]}",
                             "must name one and the same satellite"))
    problems += wrong
    if not wrong:
        satrec = Satrec.twoline2rv(*lines)
        yield from _if_sound(name, satrec, f"line {numbers[0]}", problems)


def _problems_of_line(number: int, line: str, which: int) -> Iterator[Problem]:
    where = f"line {number}"
    if len(line) != TLE_LENGTH:
        yield Problem(where, f"{len(line)} characters", f"must have {TLE_LENGTH}")
        return
    expected = compute_checksum(line)
    if line[68] != str(expected):
        yield Problem(where, f"checksum {line[68]}", f"must be {expected}: some character of the line is wrong")
    for field, (start, end) in TLE_FIELDS[which].items():
        text = line[start:end].strip()
        if not re.fullmatch(r"[-+]?\d*\.?\d+", text.replace(" ", "0")):
            yield Problem(f"{where}, columns {start + 1} to {end}", repr(line[start:end]), f"must be a number: {field}")
        elif field in TLE_KEYS:
            key, digits = TLE_KEYS[field], text.replace(" ", "0")
            low, high = NUMBERS[key]
            value = float(f"0.{digits}") if key == "ECCENTRICITY" and digits.isdigit() else float(digits)
            if not _is_within(key, value, low, high):
                yield Problem(f"{where}, columns {start + 1} to {end}", repr(line[start:end]),
                              f"must be a number{_bounds(low, high)}: {field}")
        elif field == "epoch":
            yield from _epoch_day(where, line)
    try:
        from_alpha5(line[2:7].strip())
    except (ValueError, IndexError):
        yield Problem(f"{where}, columns 3 to 7", repr(line[2:7]), "must be a catalogue number")


def _epoch_day(where: str, line: str) -> Iterator[Problem]:
    start, end = TLE_DAY
    text = line[start:end]
    if not re.fullmatch(r" *\d+(\.\d*)? *", text) or not 1.0 <= float(text) < 367.0:
        yield Problem(f"{where}, columns {start + 1} to {end}", repr(text), "must be a day of the year from 1 to 366, "
                      "with its fraction: epoch")


def _if_sound(name: str, satrec: Satrec, where: str, problems: list[Problem]) -> Iterator[Found]:
    if satrec.error:
        problems.append(Problem(where, name, "SGP4 cannot use these elements: " + ElementSets.sentence(satrec.error)))
    else:
        yield Found(name or str(satrec.satnum), satrec)
