"""Whatever is put in, a scenario comes out or a list of problems: never another exception, and nothing in between."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.errors import InputError, ScenarioError
from opendome.scenario import Scenario, reader
from opendome.scenario.toml_out import dumps
from opendome.study.checking import problems_of
from tiny_file import TEXT

TINY_DATA = tomllib.loads(TEXT)

KEYS = st.sampled_from(["title", "areas", "lat_deg", "stock", "at", "value", "kind", "?"]) | st.text(max_size=8)
SCALARS = (st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8)
           | st.datetimes() | st.dates() | st.times()).filter(lambda x: x is not None)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(KEYS, v, max_size=3), max_leaves=6)
EXTREME = st.sampled_from([0, -1, 1e-300, 1e300, -1e300, float("nan"), float("inf"), 2**63, -(2**63), 180, 90.0, "", [],
                           {}, "eye", "night", "city", True])


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value, table and list inside."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in inside for place in ((*path, key), *_places(value, (*path, key)))]


@st.composite
def _mutated(draw: st.DrawFn) -> dict[str, Any]:
    """The tiny scenario with a few keys dropped, renamed or given another value."""
    data = copy.deepcopy(TINY_DATA)
    for _ in range(draw(st.integers(1, 4))):
        places = _places(data)
        if not places:
            break
        *outer, last = draw(st.sampled_from(places))
        here: Any = data
        for part in outer:
            here = here[part]
        change = draw(st.sampled_from(["drop", "rename", "value", "extreme", "twice"]))
        if change == "drop":
            del here[last]
        elif change == "rename" and isinstance(here, dict):
            here[draw(KEYS)] = here.pop(last)
        elif change == "twice" and isinstance(here, list):
            here.append(copy.deepcopy(here[last]))
        else:
            here[last] = draw(EXTREME if change == "extreme" else VALUES)
    return data


def _attempt(read: Callable[..., Scenario], *given: Any, **more: Any) -> Scenario | None:
    """The scenario, or None when its problems were named; anything else that is raised fails the test."""
    try:
        return read(*given, **more)
    except ScenarioError as error:
        problems = error.problems
    assert problems
    assert all(p.where and p.expected for p in problems)
    return None


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.toml"
    path.write_bytes(content)
    _attempt(reader.load, path)


@given(st.text(max_size=200))
def test_any_text(text):
    _attempt(reader.parse, text)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_data(data):
    _attempt(reader.from_data, data)


@given(st.integers(0, len(TEXT)))
def test_cut_off_anywhere(length):
    _attempt(reader.parse, TEXT[:length])


@settings(max_examples=60, deadline=None)
@given(_mutated())
def test_mutations_give_a_scenario_or_every_problem(data):
    scenario = _attempt(reader.from_data, data)
    try:
        text = dumps(data)
    except InputError:
        return  # a number that TOML cannot hold
    problems = problems_of(text)
    assert problems or scenario is not None
    assert len({str(p) for p in problems}) == len(problems)
    if scenario is not None:
        assert reader.parse(reader.to_toml(scenario)) == scenario


@given(path=st.lists(KEYS, min_size=1, max_size=4).map(".".join), value=VALUES)
def test_any_change(path, value):
    _attempt(reader.parse, TEXT, changes={path: value})
