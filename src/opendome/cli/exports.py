"""`opendome export`: the recorded run, or the tables, in formats of other tools."""

from pathlib import Path
from typing import Annotated

import typer

from opendome.cli import options, talk

TWIN = 'Python: opendome.write_export("results/gulf-2026", "gulf.czml", to="czml")'

OPENS = {"czml": "drop it on a Cesium globe", "kml": "open it in Google Earth", "geojson": "open it in a map program",
         "oem": "read it with an orbit tool", "csv": "docs/formats/results.md says what the columns hold",
         "parquet": "docs/formats/results.md says what the columns hold"}
"""What is next, by format."""


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `opendome run --out` wrote.")],
    to: Annotated[str, typer.Option(metavar="FORMAT", help=f"One of: {', '.join(OPENS)}.")],
    out: Annotated[Path, typer.Option(
        metavar="FILE", help="The file; of oem, and of csv and parquet without --table, a folder.")],
    raid: Annotated[str | None, typer.Option(
        metavar="NAME", help="The recorded run in this raid alone (czml, kml, geojson, oem).")] = None,
    table: Annotated[str | None, typer.Option(
        metavar="NAME", help="One table alone, as threats or sites (csv, parquet).")] = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the recorded run, or the tables, of a results folder for other tools.

    czml, kml, geojson and oem place and date what was recorded of one run: threats, events, satellites, sites. oem is a
    folder with a file for each object; csv and parquet are one with a file for each table that has rows. Only past,
    simulated runs are written; nothing is live.
    """
    from opendome.export.formats import write_export
    from opendome.kernel import announce_compiling

    with announce_compiling(), talk.progress_of("raids placed", quiet) as progress:
        written = write_export(folder, out, to=to, raid=raid, table=table, progress=progress)
    talk.answer(str(written))
    if not quiet:
        talk.say(OPENS[to])
