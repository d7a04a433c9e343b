"""The formats by name, and how a file of one is written: whole or not at all, and never over something else.

A further format is one function and one row of `FORMATS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome.errors import InputError, nearest
from opendome.export import czml, geo, kml, oem, tables
from opendome.export.scene import Scene, scene
from opendome.results import store
from opendome.results.tables import COLUMNS

if TYPE_CHECKING:
    from opendome.results import Results


@dataclass(frozen=True)
class Format:
    """What can be written."""

    meaning: str
    """What it is, in a few words."""
    suffix: str
    """How its files are named."""
    starts: tuple[bytes, ...]
    """How a file starts that we wrote: only such a file is replaced."""
    run: Callable[[Scene], str] | None = None
    """Writes the recorded run; None for a format of tables."""
    table: Callable[[Any], bytes] | None = None
    """Writes one table; None for a format of the run."""


FORMATS: dict[str, Format] = {
    "czml": Format("the recorded run for the Cesium globe", ".czml", (b'[\n{"id":"document"',), czml.czml),
    "kml": Format("the recorded run for Google Earth", ".kml", (kml.HEAD.encode(),), kml.kml),
    "geojson": Format("the recorded run for map programs", ".geojson", (b'{"type":"FeatureCollection","name":',),
                      geo.geojson),
    "oem": Format("its ephemerides for orbit tools", ".oem", (b"CCSDS_OEM_VERS",), oem.oem),
    "csv": Format("all tables as text", ".csv", tuple(",".join(c).encode() + b"\n" for c in COLUMNS.values()),
                  table=tables.csv),
    "parquet": Format("all tables as Parquet", ".parquet", (b"PAR1",), table=tables.parquet),
}


def write_export(results: Results | str | Path, out: str | Path, *, to: str, raid: str | None = None,
                 table: str | None = None) -> Path:
    """Write results, or those of a results folder, for other tools; returns the path of what was written.

    `to` names one of `FORMATS`. czml, kml, geojson and oem hold the recorded run, of all raids or of `raid` alone. csv
    and parquet hold every table that has rows, a file each in the folder `out`, or the one `table` in the file `out`.
    Written whole or not at all; a file or folder that is not an earlier export of the kind is left as it is.
    Raises `InputError` for what cannot be exported or written.
    """
    from opendome.results import Results

    kind = _format(to)
    _check_options(to, kind, raid, table)
    out = Path(out)
    is_folder = kind.table is not None and table is None
    target = _check_folder(out, kind) if is_folder else _check_file(out, to, kind)
    found = results if isinstance(results, Results) else Results.open(results)
    if kind.run is not None:
        return _write(target, kind.run(scene(found, raid)).encode("utf-8"))
    assert kind.table is not None
    if table is not None:
        return _write(target, kind.table(tables.one(found, table)))
    files = {f"{name}{kind.suffix}": kind.table(frame) for name, frame in tables.filled(found).items()}
    return store.write(target, {**files, store.MANIFEST: store.json_text(found.manifest)})


def _format(to: str) -> Format:
    if to in FORMATS:
        return FORMATS[to]
    raise InputError(f"--to {to!r}: there is no such format\nhint: "
                     + (nearest(to.lower(), FORMATS) or f"known: {', '.join(FORMATS)}"))


def _check_options(to: str, kind: Format, raid: str | None, table: str | None) -> None:
    if raid is not None and kind.run is None:
        raise InputError(f"--raid\n  goes with formats of the recorded run, and {to} holds tables of all runs\n"
                         "hint: leave it out; tables have a column raid")
    if table is not None and kind.table is None:
        known = " and ".join(name for name, one in FORMATS.items() if one.table)
        raise InputError(f"--table\n  goes with formats of tables, and {to} holds the recorded run\nhint: {known}")


def _check_folder(out: Path, kind: Format) -> Path:
    known = (store.MANIFEST, *(f"{name}{kind.suffix}" for name in COLUMNS))
    return store.check_target(out, known, f"an export to {kind.suffix[1:]}")


def _check_file(out: Path, to: str, kind: Format) -> Path:
    if out.is_dir():
        raise InputError(f"{out}: is a folder\nhint: name a file, for example {out / f'run{kind.suffix}'}")
    other = next((name for name, one in FORMATS.items() if one.suffix == out.suffix.lower() and one is not kind), None)
    if other is not None:
        raise InputError(f"{out}: ends as a file of {other}, and --to {to} was asked for\n"
                         f"hint: --to {other}, or {out.with_suffix(kind.suffix)}")
    if out.name in store.FILES and (out.parent / store.MANIFEST).exists():
        raise InputError(f"{out}: is part of the results in {out.parent}, and is left as it is\n"
                         "hint: name another file")
    if out.exists():
        _check_ours(out, to, kind)
    return out


def _check_ours(out: Path, to: str, kind: Format) -> None:
    with out.open("rb") as file:
        head = file.read(max(map(len, kind.starts)))
    if not any(head.startswith(start) for start in kind.starts):
        raise InputError(f"{out}: exists, and is no file that --to {to} wrote, so it is left as it is\n"
                         "hint: name another file")


def _write(out: Path, content: bytes) -> Path:
    temporary = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(out)
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror or error}\n"
                         "hint: name a file elsewhere, or make room") from None
    finally:
        if temporary.exists():
            temporary.unlink()
    return out
