"""A stand-in for the page and the data inside a briefing."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from hostile_results import EVIL
from opendome.export import page as page_data
from opendome.report import briefing

SCRIPT = 'const a = "</script><!--"; document.querySelector("#app").textContent = "played";\n'
STYLE = "#app { color: green }\n"


def arrow(**columns: Any) -> bytes:
    """Columns as an Arrow stream."""
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def parts(points: int = 50, noise_km: float = 0.0, beliefs: int = 0) -> dict[str, bytes]:
    """Parts of one raid: two threats, one of which leaks, on arcs of `points` points each, off by chance; and so many
    beliefs of each, 1.7 km and 20 s apart."""
    t = np.tile(np.linspace(0.0, 600.0, points), 2)
    rng = np.random.default_rng(5)
    x, y, z = (7000.0 * f(t / 4000.0) + noise_km * rng.standard_normal(len(t)) for f in (np.cos, np.sin, np.tanh))
    return {
        "meta.json": json.dumps({"end_s": 600.0, "thinned_m": 200.0, "gmst_rad": 0.0, "notes": []}).encode(),
        "objects.arrow": arrow(id=[0, 1], kind=["threat", "threat"], name=["shahed 3" + EVIL, "srbm 0"],
                               type=["shahed" + EVIL, "srbm"], fate=["leaked", "destroyed"],
                               reason=["no stock" + EVIL, ""], end_s=[330.0, 180.0]),
        "tracks.arrow": arrow(id=np.repeat(np.array([0, 1], np.int32), points), t_s=t.astype(np.float32),
                              x_km=x.astype(np.float32), y_km=y.astype(np.float32), z_km=z.astype(np.float32),
                              phase=np.zeros(2 * points, np.uint8)),
        **({"beliefs.arrow": arrow(object=np.repeat(np.array([0, 1], np.int32), beliefs),
                                   t_s=np.tile(20.0 * np.arange(beliefs), 2).astype(np.float32),
                                   **{f"{axis}_km": np.tile(np.arange(beliefs), 2) + rng.standard_normal(2 * beliefs)
                                      for axis in "xyz"})} if beliefs else {}),
    }


def stand_in(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Every raid has the parts above, and the built page is this script."""
    monkeypatch.setattr(page_data, "index", lambda found, _: {"format": 1, "title": found.scenario.title})
    monkeypatch.setattr(page_data, "replay_raids",
                        lambda found, run: ((raid, parts()) for raid in found.scenario.raids))
    built = briefing.Page(briefing.script_text(script), STYLE)
    monkeypatch.setattr(briefing, "built", lambda: built)
