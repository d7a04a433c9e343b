"""Whatever is written about stocks and campaigns, a scenario comes out or a list of problems, and never a traceback."""

import copy
import tomllib
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from opendome import cli
from opendome.cli import show
from opendome.errors import InputError, ScenarioError
from opendome.scenario import Scenario, reader
from opendome.scenario.toml_out import dumps
from opendome.study.checking import problems_in
from stocks_file import TEXT
from tiny_file import TEXT as RAID_TEXT

FIGHT = {"fight": "surface", "template": "night",
         "doctrine": [{"interceptor": "lower", "below": 0.5, "set": {"layers.lower.salvo": 1}}]}
RATES = tomllib.loads(TEXT)
FOUGHT = tomllib.loads(TEXT + RAID_TEXT[RAID_TEXT.index("[places]"):])
FOUGHT["campaigns"]["nights"] |= FIGHT

NAMES = st.sampled_from(["home", "ally", "upper", "lower", "seeker", "lower-line", "upper-line", "night", "drone",
                         "ballistic", "loan", "?", "a.b", ""])
MONTHS = st.sampled_from(["2025-12", "2026-01", "2026-05", "2027-12", "2028-01", "0000-01", "9999-12", "2026-13",
                          "2026-04-01", "2026-02-30"])
NUMBERS = st.sampled_from([0, -1, 1, 0.5, 1.0, 3, 1e-300, 1e300, float("nan"), float("inf"), 2**63, True])
PLAIN = NAMES | MONTHS | NUMBERS | st.text(max_size=4) | st.dates()
VALUES = (PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(NAMES, PLAIN, max_size=2)
          | st.sampled_from(["priority", "contracted", "learning", "step", "raid", "surface", "rates"]))


def _places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value, table and list inside."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in inside for place in ((*path, key), *_places(value, (*path, key)))]


@st.composite
def _mutated(draw: st.DrawFn, base: dict[str, Any]) -> dict[str, Any]:
    """A scenario with a few of the things about stocks and campaigns dropped, renamed, moved or changed."""
    data = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, 5))):
        places = [p for p in _places(data) if p[0] in ("stockpile", "campaigns")]
        if not places:
            break
        *outer, last = draw(st.sampled_from(places))
        here: Any = data
        for part in outer:
            here = here[part]
        change = draw(st.sampled_from(["drop", "rename", "value", "copy", "twice", "number"]))
        if change == "drop":
            del here[last]
        elif change == "rename" and isinstance(here, dict):
            here[draw(NAMES)] = here.pop(last)
        elif change == "copy" and isinstance(here, dict):
            here[draw(NAMES)] = copy.deepcopy(here[last])
        elif change == "twice" and isinstance(here, list):
            here.append(copy.deepcopy(here[last]))
        else:
            here[last] = draw(NUMBERS if change == "number" else VALUES)
    return data


def _attempt(read: Callable[..., Scenario], *given: Any, **more: Any) -> Scenario | None:
    """The scenario, or None when its problems were named; anything else that is raised fails the test."""
    try:
        return read(*given, **more)
    except ScenarioError as error:
        problems = error.problems
    assert problems
    assert all(problem.where and problem.expected for problem in problems)
    return None


def _holds(data: dict[str, Any]) -> None:
    """Loaded or refused with every problem; what is loaded is shown, and written and read back the same."""
    scenario = _attempt(reader.from_data, data)
    problems = problems_in(copy.deepcopy(data))
    assert problems or scenario is not None
    assert len({str(problem) for problem in problems}) == len(problems)
    assert not [str(problem) for problem in problems if "'?'" in str(problem) and "?" not in str(data)]
    if scenario is not None:
        assert show.outline_text(show.outline("any", scenario))
        assert reader.parse(reader.to_toml(scenario)) == scenario


@settings(max_examples=120, deadline=None)
@given(_mutated(RATES))
def test_any_stockpile(data):
    _holds(data)


@settings(max_examples=60, deadline=None)
@given(_mutated(FOUGHT))
def test_any_simulated_campaign(data):
    _holds(data)


@settings(max_examples=25, deadline=None)
@given(_mutated(RATES))
def test_any_file_on_the_command_line(tmp_path_factory, data):
    try:
        text = dumps(data)
    except InputError:
        return  # a number that TOML cannot hold
    file = tmp_path_factory.mktemp("any") / "any.toml"
    file.write_text(text, encoding="utf-8")
    assert cli.main(["check", str(file)]) in (0, 2)
    assert cli.main(["show", str(file)]) in (0, 2)


@settings(max_examples=60, deadline=None)
@given(path=st.lists(st.sampled_from(["stockpile", "campaigns"]) | NAMES | st.sampled_from(
    ["lines", "orders", "stocks", "uses", "components", "per_year", "rounds", "nights", "against", "0"]),
    min_size=1, max_size=5).map(".".join), value=VALUES)
def test_any_change(path, value):
    _attempt(reader.parse, TEXT, changes={path: value})
