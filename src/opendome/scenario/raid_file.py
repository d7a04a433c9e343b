"""The file of a raid log: its rows, its delimiter, and which column holds what."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from opendome.errors import InputError, nearest

COLUMN_NAMES: dict[str, tuple[str, ...]] = {
    "start": ("time_start", "start_time", "start", "started", "date_start", "start_date", "datetime", "date_time",
              "timestamp", "time_utc", "time", "date", "day"),
    "end": ("time_end", "end_time", "end", "ended", "date_end", "end_date"),
    "clock": (),
    "type": ("model", "type", "weapon", "weapon_type", "threat", "threat_type", "missile", "missile_type", "munition"),
    "launched": ("launched", "fired", "number_launched", "n_launched", "launches", "detected", "number", "count",
                 "quantity"),
    "destroyed": ("destroyed", "intercepted", "shot_down", "downed", "number_destroyed", "n_destroyed", "neutralised",
                  "neutralized"),
}
"""Column names that are known, first choice first; capitals, spaces and punctuation do not matter.
`clock` is a time of day that stands in a column of its own, beside a start that is a date."""
NEEDED = ("start", "type", "launched", "destroyed")


def find_columns(header: Sequence[str], asked: Mapping[str, str], source: str) -> dict[str, str]:
    """The column for start, end (if any), type, launched and destroyed; `asked` goes before the known names."""
    listing = "columns found: " + (", ".join(f'"{name}"' for name in header[:60]) or "none")
    for name, column in asked.items():
        if name not in COLUMN_NAMES:
            raise InputError(f"{source}: columns: {name!r}\n  can be set: {', '.join(COLUMN_NAMES)}")
        if column not in header:
            hint = nearest(column, header)
            raise InputError(f"{source}: no column {column!r} for {name}\n  {listing}\n  hint: {hint or 'see above'}")
    by_plain: dict[str, str] = {}
    for column in header:
        by_plain.setdefault(_plain_column(column), column)
    found = dict(asked)
    for name, known in COLUMN_NAMES.items():
        match = next((by_plain[word] for word in known if word in by_plain), None)
        if name not in found and match is not None:
            found[name] = match
    if "start" not in asked and found.get("start") == by_plain.get("time") and "date" in by_plain:
        found |= {"start": by_plain["date"], "clock": by_plain["time"]}  # "date" and "time" stand apart
    missing = [name for name in NEEDED if name not in found]
    if missing:
        example = f'{missing[0]}="{header[0] if header else "..."}"'
        raise InputError(
            f"{source}: no column for {', '.join(missing)}\n  {listing}\n"
            f"  hint: name the file's own columns, for instance {example}; the first row must hold the column names"
        )
    return found


def _plain_column(name: str) -> str:
    return "_".join("".join(char if char.isalnum() else " " for char in name.casefold()).split())


def records(path: Path) -> Iterator[list[str]]:
    """The file's rows as lists of cells, header first, names in it stripped; reads on as rows are asked for."""
    source = path.name
    try:
        _check_is_text(path)
        with path.open(encoding="utf-8-sig", newline="") as lines:
            delimiter = _delimiter(lines.readline())
            lines.seek(0)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            yield [name.strip() for name in next(reader, [])]
            yield from reader
    except UnicodeDecodeError as trouble:
        raise InputError(
            f"{source}: holds byte {trouble.object[trouble.start]:#x}, no UTF-8\n  raid logs are read as UTF-8\n"
            f"  hint: convert it first, for instance: iconv -f WINDOWS-1251 -t UTF-8 {source} > utf8.csv"
        ) from None
    except csv.Error as trouble:
        raise InputError(
            f"{source}: after line {reader.line_num}: {trouble}\n  quotes must be closed, and doubled inside quotes"
        ) from None
    except OSError as trouble:
        raise InputError(f"{path}: cannot be read: {trouble.strerror}") from None


_KINDS = {
    b"PK\x03\x04": "a spreadsheet or zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\x1f\x8b": "compressed by gzip",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
}
_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def _check_is_text(path: Path) -> None:
    """Refuses, with what to do, a file that is no text in UTF-8."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    for mark, encoding in _ENCODINGS.items():
        if head.startswith(mark):
            raise InputError(
                f"{path.name}: is {encoding}\n  raid logs are read as UTF-8\n"
                f"  hint: convert it first: iconv -f {encoding} -t UTF-8 {path.name} > utf8.csv"
            )
    kind = next((kind for mark, kind in _KINDS.items() if head.startswith(mark)), "binary" if b"\0" in head else "")
    if kind:
        raise InputError(f"{path.name}: is {kind}, not a CSV file\n  hint: export the table as CSV (UTF-8)")
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InputError(f"{path.name}: is empty\n  the first row must hold the column names")


def _delimiter(header: str) -> str:
    """The delimiter that stands most often in the header, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(",;\t", key=bare.count)
