"""The texts do what they say: snippets run, commands and links exist, and the words are the project's own."""

import ast
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from opendome import study
from opendome.scenario import reader
from opendome.study.checking import problems_of

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "scenarios").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
TESTED_ELSEWHERE = {"docs/guide/raid-logs.md", "docs/formats/commands.md"}
"""Pages whose Python is run by a test of their own, or only looked at because it takes long."""


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *kinds: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind in kinds]


def pages_with(*kinds: str) -> list[Path]:
    return [page for page in PAGES if blocks(page, *kinds)]


@pytest.mark.parametrize("page", [p for p in pages_with("python") if name(p) not in TESTED_ELSEWHERE], ids=name)
def test_python_runs(page, tmp_path, monkeypatch, capsys):
    """The blocks of a page, one after the other, in an empty folder; hundreds of runs are cut to twenty."""
    monkeypatch.chdir(tmp_path)
    small = study.only_raids(reader.load("gulf-2026"), ["mar-09"])
    for folder in ("before", "after"):
        if "Results.open" in page.read_text(encoding="utf-8"):
            study.run(small, runs=3, seed=7, out=tmp_path / "results" / folder)
    names: dict[str, object] = {}
    for text in blocks(page, "python"):
        fewer = re.sub(r"\bruns=\d{3,}", "runs=20", text)
        exec(compile(fewer, name(page), "exec"), names)
    assert capsys.readouterr().out


@pytest.mark.parametrize("page", pages_with("toml"), ids=name)
def test_toml_fits_a_scenario(page):
    """Scenario parts are laid over `gulf-2026`, catalogue entries over its changes to the catalogue; both must fit."""
    for text in blocks(page, "toml"):
        part = tomllib.loads(text)
        data = reader.to_data(reader.load("gulf-2026"))
        if not set(part) & set(data):
            continue  # lines of an entry, shown alone: the catalogue's own test reads such
        assert problems_of(reader.dumps(_merged(data, part))) == []


def test_python_twins_of_the_commands_exist():
    """Every `opendome.…` name on the page of commands can be had."""
    text = "\n".join(blocks(ROOT / "docs/formats/commands.md", "python"))
    chains = {ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    names = [chain for chain in chains if re.fullmatch(r"opendome(\.\w+)+", chain)]
    assert len(names) >= 5
    for chain in names:
        pkgutil.resolve_name(chain)  # raises when it is not there


def _merged(old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    return new


@cache
def help_of(command: str) -> str:
    done = subprocess.run([sys.executable, "-m", "opendome", *command.split(), "--help"], capture_output=True,
                          encoding="utf-8", check=False, env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.returncode == 0, f"opendome {command}: no such command"
    return done.stdout


def shell_lines() -> list[tuple[str, str]]:
    return [(name(page), line.split("#")[0].strip().removeprefix("$ ")) for page in PAGES
            for text in blocks(page, "sh", "text") for line in text.splitlines()
            if not line.startswith("#") and (line.startswith("$ ") or line in "\n".join(blocks(page, "sh")))]


@pytest.mark.parametrize(("page", "line"), sorted({(p, line) for p, line in shell_lines() if line}))
def test_commands_exist(page, line):
    """`opendome` lines: the command and its options stand in its help. `make` lines: the target stands in Makefile."""
    word, *rest = line.split()
    if word == "make":
        assert re.search(rf"^{rest[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif word == "opendome":
        command = " ".join(rest[:2] if rest[0] == "raids" else [] if rest[0].startswith("--") else rest[:1])
        options = [part for part in rest if part.startswith("--")]
        assert all(option in help_of(command) for option in options)
    else:
        assert word in {"source", "cp", "pip", "python"}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [t.split("#")[0] for t in re.findall(r"\]\(([^)\s]+)\)", text) if not t.startswith(("http", "#"))]
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_every_guide_and_model_can_be_reached():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    everything = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for page in (ROOT / "docs" / "guide").glob("*.md"):
        assert f"(docs/guide/{page.name})" in readme
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in everything or page.name == "validation_head.md"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_plain_words(page):
    text = page.read_text(encoding="utf-8")
    empty = r"\b(simply|obviously|leverag\w+|seamless\w*|state-of-the-art|blazing\w*)\b"
    assert not re.search(empty, text, re.IGNORECASE)


def test_the_first_two_commands_of_the_readme():
    first = blocks(ROOT / "README.md", "sh")[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make demo", "make test"]


def test_readme_output_can_be_filled():
    sys.path.insert(0, str(ROOT / "scripts"))
    from readme_output import COMMAND, replaced

    text = replaced((ROOT / "README.md").read_text(encoding="utf-8"), "leak_through 0.1\n")
    assert f"```text\n$ {' '.join(COMMAND)}\nleak_through 0.1\n```\n<!-- /output -->" in text


def test_share_of_assumptions_is_as_the_texts_say():
    """`limits.md` says about 92 %; the README, about nine of ten."""
    from opendome.catalogue import SECTIONS, shipped
    from opendome.scenario.quantity import quantities

    every = [q for s in SECTIONS for entry in getattr(shipped(), s).values() for _, q in quantities(entry)]
    share = sum(q.grade == "assumed" for q in every) / len(every)
    found = re.search(r"About (\d+) % of the values", (ROOT / "docs" / "limits.md").read_text(encoding="utf-8"))
    assert found is not None
    assert abs(int(found[1]) - 100 * share) < 1
    assert 0.85 < share < 0.95
