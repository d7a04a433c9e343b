"""`opendome studio`: a scenario as a form in the browser, served on this computer alone."""

from pathlib import Path
from typing import Annotated

import typer

from opendome.cli import talk

TWIN = 'Python: opendome.viewer.studio("gulf-2026")'


def studio(
    start: Annotated[str, typer.Argument(
        metavar="[START]", help="What to start from: a shipped scenario's name, or a file; with :VARIANT behind it, "
        "one of its variants. Left out, the page lists the shipped ones.")] = "",
    port: Annotated[int, typer.Option(metavar="N", help="Port to listen on (0: a free one).")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open nothing.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Keep results below this folder.")] = Path("results/studio"),
) -> None:
    """Change a scenario in a form, run it and compare it with where it started from. Ctrl-C stops it.

    Each number stands there with its range, source and grade. What is run is a scenario file, which the page saves; it
    runs here, one at a time, and its results are kept. It listens on this computer alone and asks nothing of any
    network; only who has the address with its token can start work.
    """
    from opendome.viewer.studio import studio as serve_studio

    serve_studio(start, port=port, open_browser=not no_browser, out=out, say=talk.answer)
