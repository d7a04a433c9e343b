"""Whatever a scenario writes under [catalogue]: never an exception, and either problems or a sound catalogue."""

import datetime
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendome.catalogue import digest, shipped, with_overrides

KEYS = st.sampled_from(["kind", "note", "cost_musd", "p_kill", "ballistic", "value", "low", "high", "grade", "source",
                        "why", "range_max_km", "range_max", "swerling", "year"]) | st.text(max_size=4)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(
    ["ballistic", "interceptor", "radar", "assumption", datetime.date(2026, 3, 1)])
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))
NAMES = st.sampled_from(["thaad", "srbm", "tpy-2", "ir-geo-stare", "aei2025", "gun"]) | st.text(max_size=4)
SECTIONS = st.sampled_from(["threats", "sensors", "interceptors", "references"]) | st.text(max_size=4)
ENTRIES = st.dictionaries(NAMES, st.dictionaries(KEYS, ANYTHING, max_size=4) | ANYTHING, max_size=3)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(SECTIONS, ENTRIES | ANYTHING, max_size=3))
@example({"references": {"aei2025": {"kind": None}}})
@example({"\n": {}})
def test_any_change_is_taken_or_explained(overrides: dict[Any, Any]) -> None:
    catalogue, problems = with_overrides(shipped(), overrides)
    digest(catalogue)
    for problem in problems:
        assert problem.where.startswith("catalogue.")
        assert problem.expected
        assert "\n" not in problem.where + problem.found + problem.expected
