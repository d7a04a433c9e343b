"""Pieces of HTML from plain data. Whatever comes from a scenario or a catalogue goes through `text`."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

POLICY = ("default-src 'none'; script-src {scripts}; style-src {styles}; style-src-attr 'unsafe-inline'; "
          "img-src data:; base-uri 'none'; form-action 'none'")
"""What a page may load: nothing but the scripts and styles that stand in it, known by their hashes. Drawings set their
strokes by style attributes, which can load nothing under this policy."""

NUMBER = "n"
"""Class of a column of numbers."""


def document(title: str, under_title: str, links: Iterable[tuple[str, str]], main: str, before: str = "", *,
             styles: Sequence[str] = (), scripts: Sequence[str] = (), end: str = "") -> str:
    """A whole page that loads nothing: title (plain text), what stands below it, links to sections (id, plain words),
    and the sections; `before` comes first in the body and `end` last.

    `styles` are style elements' texts that stand in `end`, `scripts` those of scripts: the page's policy lets these run
    and no others.
    """
    style = "\n" + (files("opendome.report") / "report.css").read_text(encoding="utf-8")
    policy = POLICY.format(scripts=" ".join(map(hashed, scripts)) or "'none'",
                           styles=" ".join(map(hashed, [style, *styles])))
    items = "".join(f'<li><a href="#{key}">{words}</a></li>' for key, words in links)
    return (f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{text(policy)}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<title>{text(title)}</title>\n<style id="report-style">{style}</style>\n</head>\n<body>\n{before}\n'
            f"<header><h1>{text(title)}</h1>{under_title}</header>\n"
            f'<nav aria-label="Sections"><ul>{items}</ul></nav>\n<main>{main}</main>\n{end}</body>\n</html>\n')


def hashed(found: str) -> str:
    """What a policy calls an inline script or style by: the hash of its text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()}'"


def text(found: object) -> str:
    """The text as it is to be read, whatever markup it holds."""
    return escape(str(found), quote=True)


def code(found: str) -> str:
    """The text with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(found))


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], *, classes: Sequence[str] = (),
          foot: Sequence[str] | None = None) -> str:
    """A table of cells that are HTML already; the first cell of a row is its header, a lone cell that of rows to come.

    `classes` are those of the columns (all but the first are numbers when left out).
    """
    classes = classes or ["", *[NUMBER] * (len(head) - 1)]
    body = "".join(_row(row, classes) for row in rows)
    top = "".join(f'<th scope="col"{_class(kind)}>{cell}</th>' for cell, kind in zip(head, classes))
    bottom = f"<tfoot>{_row(foot, classes)}</tfoot>" if foot else ""
    return (f'<div class="scroll"><table><caption>{caption}</caption><thead><tr>{top}</tr></thead>'
            f"<tbody>{body}</tbody>{bottom}</table></div>")


def how_to_repeat(command: str, manifest: Mapping[str, Any], rows: Iterable[Sequence[str]]) -> str:
    """The command that repeats what a page tells, in its folder, and what the page was made from: version, `rows` of
    plain words and a hash, environment."""
    environment = ", ".join(f"{key} {value}" for key, value in sorted(manifest["environment"].items()))
    cells = [["version of OpenDome", text(manifest["version"])],
             *([text(name), f"<code>{text(found)}</code>"] for name, found in rows), ["environment", text(environment)]]
    return (f"<p>In the folder of this page, with the same version installed:</p><pre>{text(command)}</pre>"
            + table("What this page was made from", ["", "value"], cells, classes=["", "path"]))


def figure(drawing: str, caption: str) -> str:
    """A drawing with its caption."""
    return f'<figure><div class="scroll">{drawing}</div><figcaption>{caption}</figcaption></figure>'


def link(address: str, words: str) -> str:
    """A link, if the address is one of the web; else the words alone."""
    if not address.startswith(("https://", "http://")):
        return text(words)
    return f'<a href="{text(address)}" rel="noreferrer">{text(words)}</a>'


def _row(cells: Sequence[str], classes: Sequence[str]) -> str:
    first, *others = cells
    if not others:
        return f'<tr><th scope="rowgroup" colspan="{len(classes)}">{first}</th></tr>'
    rest = "".join(f"<td{_class(kind)}>{cell}</td>" for cell, kind in zip(others, classes[1:]))
    return f'<tr><th scope="row"{_class(classes[0])}>{first}</th>{rest}</tr>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
