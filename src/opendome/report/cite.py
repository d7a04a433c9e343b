"""The report's sections on how to cite it, and on what the simulator behind it was checked against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from opendome.report.html import text

if TYPE_CHECKING:
    from opendome.results import Results

AUTHORS, YEAR = "The OpenDome developers", 2026
TITLE = "OpenDome: an open, end-to-end simulator of a layered missile defence"
"""As CITATION.cff has them; a test compares."""


def section(results: Results) -> str:
    """How to cite these results: a sentence, and the same as BibTeX."""
    return ("<p>With the version, the scenario and the seed, so that others can repeat it:</p>"
            f"<p>{text(sentence(results))}</p><pre>{text(bibtex(results.manifest))}</pre>")


def sentence(results: Results) -> str:
    """Who, when, what, and from which version, scenario and seed."""
    manifest = results.manifest
    return (f"{AUTHORS} ({YEAR}). {TITLE}. Version {manifest['version']}. Scenario “{manifest['title']}” "
            f"(SHA-256 {str(manifest['scenario_sha256'])[:12]}), {int(manifest['runs']):,} runs, seed "
            f"{int(manifest['seed'])}.")


def bibtex(manifest: Mapping[str, Any]) -> str:
    """An entry for a list of references."""
    note = (f"Scenario: {plain(manifest['title'])} (SHA-256 {plain(manifest['scenario_sha256'])}); "
            f"{int(manifest['runs'])} runs, seed {int(manifest['seed'])}")
    fields = {"author": f"{{{AUTHORS}}}", "title": f"{{{TITLE}}}", "year": str(YEAR),
              "version": plain(manifest["version"]), "note": note}
    inside = ",\n".join(f"  {name:<8}= {{{found}}}" for name, found in fields.items())
    return f"@software{{opendome{YEAR},\n{inside}\n}}"


def plain(found: object) -> str:
    """A text that cannot end a field of an entry or begin a command: without backslashes and braces, on one line."""
    kept = str(found).replace("\\", "").replace("{", "").replace("}", "")
    for sign in "%&#$_":
        kept = kept.replace(sign, f"\\{sign}")
    return " ".join(kept.split())


def checked() -> dict[str, Any]:
    """What was counted on docs/validation.md and docs/packs.md when the package was made."""
    found: dict[str, Any] = json.loads((files("opendome") / "data" / "checked.json").read_text(encoding="utf-8"))
    return found


def badge() -> str:
    """A line that says what parts of the simulator were compared with, and how many comparisons hold."""
    found = checked()
    rows, packs = found["validation"], found["packs"]
    return ('<p class="badge"><b>Checked in parts.</b> '
            f"{rows['within']:,} of {rows['rows']:,} comparisons of single models with published numbers, other "
            f"programs and closed forms hold, in {rows['tests']} tests (docs/validation.md). Of {packs['published']:,} "
            f"numbers of {packs['packs']} published studies that were rebuilt, {packs['within']:,} come out within "
            f"their tolerance and {packs['not_computed']:,} are not computed (docs/packs.md). The whole, a raid from "
            "launch to leak, is checked against nothing but the observations shown here, if any.</p>")
