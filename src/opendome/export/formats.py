"""The formats by name, and how a file of one is written: whole or not at all, and never over something else.

A further format is one function and one row of `FORMATS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
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
    """Writes the recorded run as one file."""
    objects: Callable[[Scene], dict[str, str]] | None = None
    """Writes the recorded run as a folder of files, each named without its suffix."""
    table: Callable[[Any], bytes] | None = None
    """Writes one table: all of them are a folder of files."""


FORMATS: dict[str, Format] = {
    "czml": Format("the recorded run for the Cesium globe", ".czml", (b'[\n{"id":"document"',), czml.czml),
    "kml": Format("the recorded run for Google Earth", ".kml", (kml.HEAD.encode(),), kml.kml),
    "geojson": Format("the recorded run for map programs", ".geojson", (b'{"type":"FeatureCollection","name":',),
                      geo.geojson),
    "oem": Format("its ephemerides for orbit tools", ".oem", (b"CCSDS_OEM_VERS",), objects=oem.oem),
    "csv": Format("all tables as text", ".csv", tuple(",".join(c).encode() + b"\n" for c in COLUMNS.values()),
                  table=tables.csv),
    "parquet": Format("all tables as Parquet", ".parquet", (b"PAR1",), table=tables.parquet),
}


def write_export(results: Results | str | Path, out: str | Path, *, to: str, raid: str | None = None,
                 table: str | None = None, progress: Callable[[int, int], None] | None = None) -> Path:
    """Write results, or those of a results folder, for other tools; returns the path of what was written.

    `to` names one of `FORMATS`. czml, kml, geojson and oem hold the recorded run, of all raids or of `raid` alone; oem
    is a folder with a file for each object, since its standard allows no more in one. csv and parquet hold every table
    that has rows, a file each in the folder `out`, or the one `table` in the file `out`.
    `progress` is told how many raids have been placed, of how many.
    Written whole or not at all; a file or folder that is not an earlier export of the kind is left as it is.
    Raises `InputError` for what cannot be exported or written.
    """
    from opendome.results import Results

    kind = _format(to)
    _check_options(to, kind, raid, table)
    out = Path(out)
    is_folder = kind.run is None and table is None
    target = _check_folder(out, to, kind) if is_folder else _check_file(out, to, kind)
    found = results if isinstance(results, Results) else Results.open(results)
    if kind.run is not None:
        return _write(target, kind.run(scene(found, raid, progress=progress)).encode("utf-8"))
    if kind.table is not None and table is not None:
        return _write(target, kind.table(tables.one(found, table)))
    files = {f"{name}{kind.suffix}": content for name, content in _files(found, kind, raid, progress).items()}
    return store.write(target, {**files, store.MANIFEST: store.json_text(found.manifest)})


def _files(results: Results, kind: Format, raid: str | None,
           progress: Callable[[int, int], None] | None) -> Mapping[str, str | bytes]:
    """Contents of a folder by name without suffix."""
    if kind.objects is not None:
        return kind.objects(scene(results, raid, progress=progress))
    assert kind.table is not None
    return {name: kind.table(frame) for name, frame in tables.filled(results).items()}


def _format(to: str) -> Format:
    if to in FORMATS:
        return FORMATS[to]
    hint = nearest(to.lower(), FORMATS) or f"known: {', '.join(FORMATS)}"
    raise InputError(f"--to {to!r}: there is no such format\nhint: {hint}")


def _check_options(to: str, kind: Format, raid: str | None, table: str | None) -> None:
    if raid is not None and kind.table is not None:
        raise InputError(f"--raid\n  goes with formats of the recorded run, and {to} holds tables of all runs\n"
                         "hint: leave it out; tables have a column raid")
    if table is not None and kind.table is None:
        known = " and ".join(name for name, one in FORMATS.items() if one.table)
        raise InputError(f"--table\n  goes with formats of tables, and {to} holds the recorded run\nhint: {known}")


def _check_folder(out: Path, to: str, kind: Format) -> Path:
    """The folder, if it may be written: new, empty, or with nothing in it but files that we wrote."""
    ours = [path.name for path in out.iterdir() if path.suffix == kind.suffix and path.is_file()
            and _is_ours(path, kind)] if out.is_dir() else []
    return store.check_target(out, (store.MANIFEST, *ours), f"an export to {to}")


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
    if out.exists() and not _is_ours(out, kind):
        raise InputError(f"{out}: exists, and is no file that --to {to} wrote, so it is left as it is\n"
                         "hint: name another file")
    return out


def _is_ours(path: Path, kind: Format) -> bool:
    with path.open("rb") as file:
        head = file.read(max(map(len, kind.starts)))
    return head.startswith(kind.starts)


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
