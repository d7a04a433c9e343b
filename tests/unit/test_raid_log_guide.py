"""The guide to raid logs does what it says: its code runs and prints the text that stands below it."""

import contextlib
import io
import re
from pathlib import Path

from opendome.scenario.raid_file import COLUMN_NAMES

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def test_the_guide_prints_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    printed = ""
    for kind, text in BLOCK.findall((DOCS / "guide/raid-logs.md").read_text(encoding="utf-8")):
        if kind == "csv":
            Path("log.csv").write_text(text, encoding="utf-8")
        elif kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(text, names)
            printed = out.getvalue()
        else:
            assert printed == text
    assert '[[raids.2031-03-01-1700.waves]]\nthreat = "srbm"' in str(names["text"])


def test_the_format_page_names_every_column():
    page = (DOCS / "formats/raid-log.md").read_text(encoding="utf-8")
    for field, known in COLUMN_NAMES.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{field}` |"))
        assert ", ".join(known) in row
