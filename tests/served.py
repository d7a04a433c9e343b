"""A page and a study made up for tests of the server: no build, no flight."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from opendome.viewer import parts
from opendome.viewer.shelf import Shelf

FILES = {"index.html": "<!doctype html><title>OpenDome</title>", "app.js": "'page'" * 200, "app.css": "p { margin: 0 }",
         "licences.md": "# Licences"}

MARKUP = "</script><img src=x onerror=alert(1)>\"'&"
"""Markup that must come through as the text that it is."""

INDEX: dict[str, Any] = {"format": 1, "title": MARKUP, "runs": 3, "raids": [{"name": "night"}, {"name": "a/b"},
                                                                            {"name": MARKUP}]}


def pieces(run: int, raid: str) -> Mapping[str, bytes]:
    """A replay that says which it is."""
    return {"meta.json": f'{{"run": {run}}}'.encode(), "objects.arrow": f"{run} {raid}".encode() * 50}


def shelf(fly: Callable[[int, str], Mapping[str, bytes]] = pieces, index: Mapping[str, Any] = INDEX,
          name: str = "", among: int = 1) -> Shelf:
    """A study of three runs and three raids."""
    return Shelf(index, fly, name=name, among=among)


def built_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the built page."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    monkeypatch.setattr(parts, "page_folder", lambda: folder)
    return folder
