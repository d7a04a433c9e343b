"""Write src/opendome/data/checked.json: how many comparisons docs/validation.md and docs/packs.md show, and how many
hold. `make validation` does it too; after `docs/make_packs.py`, run this."""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OUT = ROOT / "src" / "opendome" / "data" / "checked.json"


def counts(validation: str, packs: str) -> dict[str, Any]:
    """What both pages say at a glance, from their texts."""
    tests = [[int(cell) for cell in row] for row in
             re.findall(r"^\| [^|]+ \| (\d+) \| (\d+) \|$", glance(validation), re.MULTILINE)]
    rebuilt = [[int(cell) for cell in row] for row in
               re.findall(r"^\| \[[^|]+ \| [^|]+ \| (\d+) \| (\d+) \| (\d+) \|", glance(packs), re.MULTILINE)]
    rows, within = map(sum, zip(*tests, strict=True))
    published, matched, missing = map(sum, zip(*rebuilt, strict=True))
    return {"validation": {"tests": len(tests), "rows": rows, "within": within},
            "packs": {"packs": len(rebuilt), "published": published, "within": matched, "not_computed": missing}}


def glance(page: str) -> str:
    """The part of a page under `At a glance`."""
    return page.partition("\n## At a glance\n")[2].partition("\n## ")[0]


def current() -> dict[str, Any]:
    """The counts of the pages as they are."""
    return counts(*((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("validation.md", "packs.md")))


def main() -> None:
    """Write the file."""
    OUT.write_text(json.dumps(current(), indent=2) + "\n", encoding="utf-8", newline="\n")
    print(f"wrote {OUT.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
