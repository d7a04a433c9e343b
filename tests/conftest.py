"""What all tests share: the record that the validation page is made of."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("searching")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
"""Drawn cases are the same each time, so that a red test is one of the change at hand; `make soak` searches anew."""

ROOT = Path(__file__).parents[1]
ROWS, PAGE = ROOT / "build" / "validation", ROOT / "docs" / "validation.md"


@pytest.fixture
def validation(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """`validation(case, reference, ours, tolerance, unit)`: one row of docs/validation.md, checked and written down.

    The row is recorded before it is checked, so a row that falls short is on the page too.
    `tolerance` is absolute, in `unit`; `limit=True` means "ours must not exceed reference".
    """
    rows: list[dict[str, object]] = []

    def record(case: str, reference: float, ours: float, tolerance: float, unit: str, *, limit: bool = False) -> None:
        within = ours <= reference if limit else abs(ours - reference) <= tolerance
        rows.append({"case": case, "reference": reference, "ours": ours, "tolerance": tolerance, "unit": unit,
                     "limit": limit, "within": bool(within)})
        _write(request, rows)
        assert within, f"{case}: reference {reference} {unit}, ours {ours}, tolerance {tolerance}"

    yield record
    if os.environ.get("OPENDOME_VALIDATION") != "write":
        page = PAGE.read_text(encoding="utf-8")
        missing = [row["case"] for row in rows if f"| {row['case']} |" not in page]
        assert not missing, "not on docs/validation.md: run `make validation`"


def _write(request: pytest.FixtureRequest, rows: list[dict[str, object]]) -> None:
    ROWS.mkdir(parents=True, exist_ok=True)
    module = request.module
    path = ROWS / f"{Path(module.__file__).stem}--{request.node.name.replace('/', '_')}.json"
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"module": Path(module.__file__).name, "card": module.__doc__, "rows": rows}))
    temporary.replace(path)
