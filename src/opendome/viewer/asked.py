"""What a request of the studio may say: strict JSON of a few plain things, each bounded."""

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from opendome.errors import InputError, Problem, ScenarioError
from opendome.scenario import reader

TOML_MAX = 300_000
"""Largest scenario that is taken, bytes; the largest that is shipped has 40,000."""

DEPTH_MAX = 16
"""Tables within tables of a scenario."""

DOTS_MAX = 400
"""Dots on a line of a scenario: reading a key of many parts takes room by the square of their number."""

LEAVES_MAX = 20_000
"""Values in a scenario."""

CHANGES_MAX = 500
"""Values that may be changed at once."""

RUNS_MAX = 5_000
"""Most runs of each scenario that are asked for here; `opendome run` takes more."""

SEED_MAX = 2**63 - 1
DIGITS_MAX = 19


class Base(NamedTuple):
    """What is started from: a name of the list, or the text of a scenario."""

    start: str | None
    toml: str | None


class Bad(InputError):
    """A request that is not as it must be."""


def body_of(text: bytes) -> dict[str, Any]:
    """The JSON object that a body holds. Raises `Bad` for anything else, for a key that stands twice, and for numbers
    and texts that are none."""
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant,
                           parse_float=_finite, parse_int=_whole)
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text
    except Bad:
        raise
    except (ValueError, RecursionError):
        raise Bad("the body must be JSON") from None
    if not isinstance(found, dict):
        raise Bad("the body must be a JSON object")
    return found


def base_of(body: Mapping[str, Any], allowed: tuple[str, ...] = ()) -> Base:
    """What a body starts from. Raises `Bad` if it names nothing, both, or keys beyond the `allowed`."""
    if more := sorted(set(body) - {"start", "toml", *allowed}):
        raise Bad(f"unknown key {more[0][:60]!r}; may have: {', '.join(('start', 'toml', *allowed))}")
    start, toml = body.get("start"), body.get("toml")
    if (start is None) == (toml is None):
        raise Bad("must have either start, a name of the list, or toml, the text of a scenario")
    if not isinstance(start, str | None) or not isinstance(toml, str | None):
        raise Bad("start and toml must be text")
    if toml is not None and len(toml.encode()) > TOML_MAX:
        raise Bad(f"the scenario has {len(toml.encode()):,} bytes; at most {TOML_MAX:,} are taken here\n"
                  "hint: opendome run takes larger ones")
    return Base(start, toml)


def changes_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The changes that a body asks for, by path."""
    found = body.get("changes", {})
    if not isinstance(found, dict):
        raise Bad("changes must be an object of values by path")
    if len(found) > CHANGES_MAX:
        raise Bad(f"{len(found):,} changes; at most {CHANGES_MAX} are taken at once")
    return found


def whole_of(body: Mapping[str, Any], name: str, low: int, high: int) -> int:
    """A whole number of a body."""
    found = body.get(name)
    if isinstance(found, bool) or not isinstance(found, int) or not low <= found <= high:
        raise Bad(f"{name} must be a whole number from {low:,} to {high:,}")
    return found


def data_of(toml: str) -> dict[str, Any]:
    """The plain data of a scenario's text. Raises `ScenarioError` where it is not TOML, nested too deeply, or holds too
    many values."""
    for i, line in enumerate(toml.split("\n"), 1):
        if (n_dots := line.count(".")) > DOTS_MAX:
            _refuse(f"{n_dots:,} dots on line {i}", f"at most {DOTS_MAX} are taken here",
                    'a long text may stand on several lines, between """')
    data = reader.read_toml(toml, "the scenario")
    waiting: list[tuple[Any, int]] = [(data, 0)]
    n_leaves = 0
    while waiting:
        found, depth = waiting.pop()
        if depth > DEPTH_MAX:
            _refuse("", "is nested too deeply to be a scenario")
        inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
        waiting += [(one, depth + 1) for one in inside]
        n_leaves += 1
    if n_leaves > LEAVES_MAX:
        _refuse(f"{n_leaves:,} values", f"at most {LEAVES_MAX:,} are taken here", "opendome run takes larger ones")
    return data


def _refuse(found: str, expected: str, hint: str = "") -> NoReturn:
    raise ScenarioError("the scenario", [Problem("file", found, expected, hint)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Bad("a key stands there twice")
    return found


def _no_constant(text: str) -> NoReturn:
    raise Bad(f"{text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Bad(f"{text[:40]} is too large a number")
    return number


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > DIGITS_MAX:
        raise Bad(f"{text[:40]} is too large a number")
    return int(text)
