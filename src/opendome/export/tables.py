"""Tables of results as CSV or Parquet: docs/formats/results.md says what their columns hold."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from opendome.errors import InputError, nearest
from opendome.results.tables import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from opendome.results import Results


def csv(frame: pd.DataFrame) -> bytes:
    """A table as CSV: UTF-8, a header, commas, dots, empty where nothing is known, as many digits as are stored."""
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def parquet(frame: pd.DataFrame) -> bytes:
    """A table as Parquet, compressed with zstd."""
    import pyarrow as pa
    from pyarrow import parquet as writer

    buffer = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    writer.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def filled(results: Results) -> dict[str, pd.DataFrame]:
    """The tables of results that have rows, by name."""
    every = {name: getattr(results.tables, name) for name in COLUMNS}
    return {name: frame for name, frame in every.items() if len(frame)}


def one(results: Results, name: str) -> pd.DataFrame:
    """A table by name; `InputError` where there is none, or it has no rows."""
    found = filled(results)
    if name in found:
        return found[name]
    if name in COLUMNS:
        raise InputError(f"--table {name}: has no rows in these results\nhint: those with rows: {', '.join(found)}")
    hint = nearest(name, COLUMNS)
    raise InputError(f"--table {name!r}: there is no such table" + (f"\nhint: {hint}" if hint else ""))
