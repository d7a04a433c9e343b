"""Pieces of the page as they are sent: compressed once, named by their content, and answered from memory."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from opendome.errors import InputError

PAGE_FILES = {
    "index.html": "text/html; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    "licences.md": "text/markdown; charset=utf-8",
}
"""The files of the built page and what they are."""

KINDS = {"json": "application/json", "arrow": "application/vnd.apache.arrow.stream"}
"""What data are, by the end of their name."""


class Part(NamedTuple):
    """One thing that can be asked for."""

    kind: str
    """Its media type."""
    packed: bytes
    """Its content, by gzip."""
    etag: str
    """A name of its content: two parts of equal content have equal names."""


def part(kind: str, content: bytes) -> Part:
    """Content as it is sent, of a media type."""
    return Part(kind, gzip.compress(content, 6, mtime=0), f'W/"{hashlib.sha256(content).hexdigest()[:32]}"')


def named_part(name: str, content: bytes) -> Part:
    """Content as it is sent, of the kind that its name ends in."""
    return part(KINDS[name.rpartition(".")[2]], content)


def json_part(found: Any) -> Part:
    """Plain data as JSON; numbers that are not finite are refused (`ValueError`), as JSON has none."""
    return part(KINDS["json"], json.dumps(found, ensure_ascii=False, allow_nan=False).encode())


def page_folder() -> Path:
    """Where the built page lies. Raises `InputError` where it was not built."""
    folder = Path(__file__).parent / "_web"
    missing = [name for name in PAGE_FILES if name != "licences.md" and not (folder / name).is_file()]
    if missing:
        raise InputError(f"{folder}: {', '.join(missing)} not found: the page was not built\n"
                         "hint: install again without OPENDOME_SKIP_WEB (`pip install .`), or in a checkout run "
                         "`make web`; `opendome report` needs no page")
    return folder


def page_parts() -> dict[str, Part]:
    """The files of the built page by name, read once. Raises `InputError` where it was not built."""
    folder = page_folder()
    return {name: part(kind, (folder / name).read_bytes()) for name, kind in PAGE_FILES.items()
            if (folder / name).is_file()}


def answer(request: Request, found: Part) -> Response:
    """A part as an answer; 304 without a body if the browser has it already."""
    headers = {"etag": found.etag, "cache-control": "no-cache", "vary": "accept-encoding"}
    known = request.headers.get("if-none-match", "")
    if found.etag in [name.strip() for name in known.split(",")]:
        return Response(status_code=304, headers=headers)
    headers["content-type"] = found.kind
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "content-encoding": "gzip"})
    return Response(gzip.decompress(found.packed), headers=headers)
