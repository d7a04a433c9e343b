"""Write docs/validation.md: run the validation tests and set their cards and rows on one page.

Numbers are cut to a hundredth of their tolerance, so that the page changes only when a result does.
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import make_checked

ROOT = Path(__file__).parents[1]
ROWS = ROOT / "build" / "validation"
HEAD = ROOT / "docs" / "validation_head.md"
PAGE = ROOT / "docs" / "validation.md"
KEYS = ("verifies", "source", "inputs", "tolerance", "left out")
"""Lines of a card, in order; the last one is optional."""


def read_card(text: str) -> tuple[str, dict[str, str]]:
    """Title and lines of a card: the docstring that a validation module opens with."""
    title, _, rest = text.strip().partition("\n")
    parts = re.split(rf"^({'|'.join(KEYS)})\s+", rest, flags=re.MULTILINE)
    return title, {key: " ".join(found.split()) for key, found in zip(parts[1::2], parts[2::2])}


def collect(folder: Path) -> dict[str, dict[str, Any]]:
    """Card and rows of each module; rows in the natural order of their names."""
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"rows": []})
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        found[data["module"]]["card"] = data["card"]
        found[data["module"]]["rows"] += data["rows"]
    for module in found.values():
        module["rows"].sort(key=lambda row: natural(row["case"]))
    return dict(sorted(found.items()))


def natural(text: str) -> list[tuple[int, float, str]]:
    """A sort key by which "300 km" stands before "10,000 km"."""
    parts = re.split(r"(\d+(?:\.\d+)?)", re.sub(r"(?<=\d),(?=\d{3})", "", text))
    return [(0, float(part), "") if part[:1].isdigit() else (1, 0.0, part) for part in parts if part]


def rounded(value: float, grain: float) -> str:
    """A number to the decimal place of `grain`; six digits when there is no grain."""
    if value == 0 or grain <= 0:
        return f"{value:.6g}"
    place = math.floor(math.log10(grain) + 1e-9)
    cut = round(value / 10.0**place)
    if cut == 0:
        return "0"
    digits = max(len(str(abs(cut))), 1)
    size = abs(value)
    if 1e-4 <= size < 1e7:
        return f"{cut * 10.0**place:.{max(-place, 0)}f}"
    return f"{cut * 10.0**place:.{digits - 1}e}"


def row_text(row: dict[str, Any]) -> str:
    """One line of the table."""
    reference, ours, tolerance = row["reference"], row["ours"], row["tolerance"]
    within = "yes" if row["within"] else "**no**"
    if row["limit"]:
        cells = [f"at most {reference:.6g}", rounded(ours, reference / 100), "", ""]
    else:
        grain = tolerance / 100
        cells = [rounded(reference, grain), rounded(ours, grain), rounded(ours - reference, grain), f"{tolerance:.3g}"]
    return f"| {row['case']} | {row['unit']} | {' | '.join(cells)} | {within} |"


def page(modules: dict[str, dict[str, Any]]) -> str:
    """The whole page."""
    lines = [HEAD.read_text(encoding="utf-8").strip(), "", "## At a glance", "", "| what | rows | within |",
             "|---|---|---|"]
    for module in modules.values():
        rows = module["rows"]
        title, _ = read_card(module["card"])
        lines.append(f"| {title.rstrip('.')} | {len(rows)} | {sum(row['within'] for row in rows)} |")
    for name, module in modules.items():
        title, card = read_card(module["card"])
        lines += ["", f"## {title.rstrip('.')}", ""]
        lines += [f"- **{key}**: {card[key]}" for key in KEYS if key in card]
        lines += [f"- **test**: `tests/validation/{name}`", "",
                  "| case | unit | reference | ours | difference | tolerance | within |",
                  "|---|---|---|---|---|---|---|"]
        lines += [row_text(row) for row in module["rows"]]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the validation tests afresh and write the page, rows that fall short included."""
    shutil.rmtree(ROWS, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "pytest", "tests/validation"], cwd=ROOT, check=False,
                          env=os.environ | {"OPENDOME_VALIDATION": "write"})
    PAGE.write_text(page(collect(ROWS)), encoding="utf-8", newline="\n")
    print(f"wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)
    make_checked.main()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
