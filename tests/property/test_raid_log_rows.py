"""Whatever stands in the cells of a raid log: no crash, no row lost, no number that the log does not hold."""

import csv
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.scenario.raid_cells import COUNT_MAX
from opendome.scenario.raid_log import import_raid_log, summary_lines, to_toml, totals

MESS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
TIMES = st.datetimes().map(str) | st.dates().map(str) | st.dates().map("{:%d/%m/%Y}".format) | MESS
TYPES = st.sampled_from(["Shahed-136/131", "Х-101", "Kalibr and KN-23", "Orlan-10", "GBU", "missile", "and", ""]) | MESS
COUNTS = st.integers(0, 60).map(str) | st.floats(0, 50).map(str) | st.sampled_from(["~5", "3+", "1-2", "", "-"]) | MESS
ROWS = st.lists(st.tuples(TIMES, TIMES, TYPES, COUNTS, COUNTS) | st.lists(MESS, max_size=7), max_size=12)
PLAN = {"threat_for": {"ballistic": "a", "cruise": "b", "drone": "c"}, "from_places": {"p": 1}, "at_areas": {"q": 1}}


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_every_row_is_used_or_listed(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("start", "end", "type", "launched", "destroyed"), *rows])
        log = import_raid_log(path)
    used = [row for raid in log.raids for row in raid.rows]
    listed = [row.row for row in used] + [remark.row for remark in log.unused]
    assert sorted(listed) == list(range(2, len(rows) + 2))
    assert log.rows_read == len(rows) == log.rows_used + len(log.unused)
    assert {remark.row for remark in log.flagged} <= {row.row for row in used}
    assert all(0 <= row.launched <= COUNT_MAX and row.start <= row.end for row in used)
    assert len({raid.name for raid in log.raids}) == len(log.raids)
    assert sum(entry["launched"] for entry in totals(log)) == sum(row.launched for row in used)
    assert summary_lines(log)
    assert isinstance(to_toml(log, **PLAN), str)
