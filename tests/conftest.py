"""What all tests share: the record that the validation page is made of."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROWS = Path(__file__).parents[1] / "build" / "validation"


@pytest.fixture
def validation(request: pytest.FixtureRequest) -> Callable[..., None]:
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

    return record


def _write(request: pytest.FixtureRequest, rows: list[dict[str, object]]) -> None:
    ROWS.mkdir(parents=True, exist_ok=True)
    module = request.module
    path = ROWS / f"{Path(module.__file__).stem}--{request.node.name.replace('/', '_')}.json"
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"module": Path(module.__file__).name, "card": module.__doc__, "rows": rows}))
    temporary.replace(path)
