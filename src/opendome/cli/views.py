"""`opendome view`: the page that replays a run, served on this computer alone."""

from pathlib import Path
from typing import Annotated

import typer

from opendome.cli import talk

TWIN = 'Python: opendome.viewer.view("results/gulf-2026")'


def view(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `opendome run --out` wrote.")],
    beside: Annotated[Path | None, typer.Option(metavar="DIR2",
                                                help="A second folder, to look at next to the first.")] = None,
    port: Annotated[int, typer.Option(metavar="N", help="Port to listen on (0: a free one).")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open nothing.")] = False,
    run: Annotated[int | None, typer.Option(metavar="N", help="Run to open first, from 0.")] = None,
) -> None:
    """Replay the runs of a results folder on a globe, in the browser. Ctrl-C stops it.

    It listens on this computer alone, changes nothing, and asks nothing of any network.
    """
    from opendome.viewer.server import view as serve_view

    serve_view(folder, beside=beside, port=port, open_browser=not no_browser, run=run, say=talk.answer)
