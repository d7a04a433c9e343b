"""Whatever plain data goes through the TOML writer comes back equal from the standard library's reader."""

import math
import tomllib
from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from opendome.scenario import toml_out

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ZONES = st.none() | st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SCALARS = (
    TEXT
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.datetimes(timezones=ZONES)
    | st.dates()
    | st.times()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=20
)


def _same(a, b):
    """Equal, of the same type all the way down (1 is not 1.0, nor true)."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, float):
        return isinstance(b, float) and a == b and math.copysign(1, a) == math.copysign(1, b)
    return type(a) is type(b) and a == b


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_round_trip(data):
    assert _same(tomllib.loads(toml_out.dumps(data)), data)
