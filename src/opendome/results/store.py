"""Results folders: written whole or not at all, and read back with every problem named at once."""

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from opendome.errors import InputError
from opendome.results.tables import COLUMNS, Tables
from opendome.scenario import reader
from opendome.scenario.specs import Scenario

FORMAT = 4
"""Version of the results format; docs/formats/results.md."""

MANIFEST, SCENARIO, REPORT = "manifest.json", "scenario.toml", "report.html"
FILES = (MANIFEST, SCENARIO, *(f"{name}.parquet" for name in COLUMNS))
"""What a results folder holds."""

MANIFEST_KEYS = ("format", "version", "title", "scenario_sha256", "catalogue_sha256", "seed", "runs", "fidelity",
                 "environment")
"""What a manifest says."""


def check_target(folder: str | Path, known: Collection[str] = (*FILES, REPORT), what: str = "results") -> Path:
    """The folder as a path if results may be written there; `InputError` otherwise.

    A folder may be new, empty, or hold earlier results (which are replaced) and nothing else: a manifest, and files of
    the `known` names. `what` is written there, in words.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; {what} need a folder")
    above = next(path for path in folder.absolute().parents if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise InputError(f"{folder}: cannot be made, as {above} is no folder that may be written to\n"
                         "hint: name a folder elsewhere")
    if not folder.is_dir() or not (found := sorted(path.name for path in folder.iterdir())):
        return folder
    foreign = [name for name in found if name not in known]
    if MANIFEST not in found or foreign:
        named = ", ".join((foreign or found)[:3])
        raise InputError(f"{folder}: holds files that are not {what} ({named}), so it is left as it is\n"
                         "hint: name a new or empty folder")
    return folder


def save(folder: str | Path, tables: Tables, scenario: Scenario, manifest: Mapping[str, Any]) -> Path:
    """Write a results folder under its name only once it is complete; equal results give equal bytes."""
    files = {f"{name}.parquet": getattr(tables, name) for name in COLUMNS}
    return write(check_target(folder), {**files, SCENARIO: reader.to_toml(scenario),
                                        MANIFEST: json_text({**manifest, "format": FORMAT})})


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write a folder of texts, bytes and tables (data frames, as Parquet) by file name, whole or not at all."""
    target = folder.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _becoming(target) as temporary:
            for name, content in files.items():
                if isinstance(content, str):
                    (temporary / name).write_text(content, encoding="utf-8", newline="\n")
                elif isinstance(content, bytes):
                    (temporary / name).write_bytes(content)
                else:
                    _write_table(content, temporary / name)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror or error}\n"
                         "hint: name a folder elsewhere, or make room") from None
    return folder


def json_text(found: Mapping[str, Any]) -> str:
    """A manifest as it is stored."""
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@contextmanager
def _becoming(target: Path) -> Iterator[Path]:
    """A folder beside `target` that takes its place at the end, or vanishes if anything goes wrong."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    before = target.with_name(f".{target.name}.{os.getpid()}.before")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        if target.exists():
            target.rename(before)
        try:
            temporary.rename(target)
        except BaseException:
            if before.exists():
                before.rename(target)
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)


def _write_table(frame: Any, path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    parquet.write_table(table, path, compression="zstd")


def read(folder: str | Path) -> tuple[Tables, Scenario, dict[str, Any]]:
    """Tables, scenario and manifest of a results folder; `InputError` naming every file that cannot be used."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: {'is a file' if folder.exists() else 'no such folder'}; "
                         "results are a folder that `opendome run --out` wrote")
    problems = [f"{name}: is missing" for name in FILES if not (folder / name).is_file()]
    found: dict[str, Any] = {}
    for name, read_one in _readers().items():
        if (folder / name).is_file():
            try:
                found[name] = read_one(folder / name)
            except (OSError, ValueError) as error:  # damaged Parquet, JSON, TOML and text all derive from these
                problems.append(f"{name}: cannot be read ({str(error).splitlines()[0]})")
    if problems:
        raise InputError(f"{folder}: not a complete results folder\n  " + "\n  ".join(problems))
    tables = Tables(**{name: found[f"{name}.parquet"] for name in COLUMNS})
    return tables, found[SCENARIO], found[MANIFEST]


def _readers() -> dict[str, Any]:
    return {MANIFEST: _read_manifest, SCENARIO: _read_scenario,
            **{f"{name}.parquet": _read_table for name in COLUMNS}}


def _read_scenario(path: Path) -> Scenario:
    return reader.parse(path.read_text(encoding="utf-8"), source=SCENARIO)


def _read_manifest(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        version = found.get("format") if isinstance(found, dict) else None
        raise ValueError(f"format {version!r}; this version of OpenDome reads format {FORMAT}")
    if missing := [key for key in MANIFEST_KEYS if key not in found]:
        raise ValueError(f"lacks {', '.join(missing)}")
    kinds = {"seed": int, "runs": int, "environment": dict}
    if wrong := [key for key, kind in kinds.items() if not isinstance(found[key], kind)]:
        raise ValueError(f"{', '.join(wrong)}: of the wrong kind")
    return found


def _read_table(path: Path) -> Any:
    from pyarrow import parquet

    from opendome.results.tables import conform

    frame = parquet.read_table(path).to_pandas()
    with suppress(TypeError):
        return conform(path.stem, frame)
    raise ValueError("holds columns of the wrong type")
