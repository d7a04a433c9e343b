"""Pydantic's errors in the words of the file that was read."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, Field, ValidationError

from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError, at
from opendome.scenario.problems import problems_from, short
from opendome.scenario.quantity import NotNegative, Quantity, Spec


class _Fixed(Spec):
    kind: Literal["fixed"]
    height_m: NotNegative
    """Height over ground."""


class _Moving(Spec):
    kind: Literal["moving"]
    speed_m_s: NotNegative


class _Wave(Spec):
    threat: str
    """What comes."""
    from_: Annotated[str, Field(alias="from")]
    """Where it comes from."""
    count: Annotated[int, Field(ge=1)] = 1
    via: list[list[float]] = []  # noqa: RUF012 - pydantic copies defaults


class _Study(Spec):
    title: str = ""
    start: Annotated[AwareDatetime, Field(strict=False)] | None = None
    price_year: int = 2026
    loss: Annotated[float, Field(gt=0, le=1)] | None = None
    stock: Quantity | None = None
    """Rounds at the start."""
    waves: list[_Wave] = []  # noqa: RUF012
    posts: dict[str, Annotated[_Fixed | _Moving, Field(discriminator="kind")]] | None = None
    changes: dict[Literal["threats", "sensors"], dict[str, Any]] | None = None


def _problems(data: dict[str, Any], prefix: str = "") -> list[Problem]:
    with pytest.raises(ValidationError) as caught:
        _Study.model_validate(data)
    return problems_from(caught.value, data, prefix, _Study)


@pytest.mark.parametrize(("data", "text"), [
    ({"titel": "x"}, 'titel = "x"\n  unknown key\n  hint: did you mean title?'),
    ({"title": 3}, "title = 3\n  must be text in quotes"),
    ({"price_year": 2026.5}, "price_year = 2026.5\n  must be a whole number"),
    ({"loss": 0}, "loss = 0\n  must be above 0"),
    ({"loss": 1.5}, "loss = 1.5\n  must be at most 1"),
    ({"stock": "ten"}, 'stock = "ten"\n  must be a number, or a table such as { value = 5, low = 4, high = 6 } '
                       "(rounds at the start)"),
    ({"stock": {"value": "3"}}, 'stock.value = "3"\n  must be a number (the value used when assumptions are fixed, '
                                "and the mode of the range when they are sampled)"),
    ({"stock": {"value": 3, "low": 4}}, "stock = {...}\n  low <= value <= high must hold, found 4 <= 3 <= 3 "
                                        "(rounds at the start)"),
    ({"start": "2026-03-01T00:00:00"},
     'start = "2026-03-01T00:00:00"\n  must say its time zone, for example 2026-02-28T06:00:00Z'),
    ({"waves": 3}, "waves = 3\n  must be an array [ ... ]"),
    ({"waves": [{"from": "a"}]}, "waves[0].threat\n  is required (what comes)"),
    ({"waves": [{"threat": "x", "from": "a"}, {"threat": "x", "from": "a", "count": 0}]},
     "waves[1].count = 0\n  must be at least 1"),
    ({"waves": [{"threat": "x"}]}, "waves[0].from\n  is required (where it comes from)"),
    ({"waves": [{"threat": "x", "from": "a", "via": [[1, 2], [3, "x"]]}]},
     'waves[0].via[1][1] = "x"\n  must be a number'),
    ({"posts": {"hill": {"kind": "fixed", "height_m": -3}}},
     "posts.hill.height_m = -3\n  must be at least 0 (height over ground)"),
    ({"posts": {"hill": {"kind": "fixd"}}},
     'posts.hill.kind = "fixd"\n  must be one of: fixed, moving\n  hint: did you mean fixed?'),
    ({"posts": {"hill": {}}}, "posts.hill.kind\n  is required, one of: fixed, moving"),
    ({"posts": {"hill": 4}}, "posts.hill = 4\n  must be a table"),
    ({"posts": {"old hill": 4}}, 'posts."old hill" = 4\n  must be a table'),
    ({"posts": {"hill": {"kind": "fixed", "height_m": 3, "height": 3}}},
     "posts.hill.height = 3\n  unknown key\n  hint: units are part of the name: did you mean height_m?"),
    ({"posts": {"hill": {"kind": "moving", "speed_m_s": 3, "speed_km_s": 3}}},
     "posts.hill.speed_km_s = 3\n  unknown key\n"
     "  hint: this value is read in metres per second: did you mean speed_m_s?"),
    ({"changes": {"threat": {}}}, "changes.threat\n  unknown key\n  hint: did you mean threats?"),
])
def test_messages(data: dict[str, Any], text: str) -> None:
    assert [str(p) for p in _problems(data)] == [text]


def test_all_problems_come_at_once_with_their_prefix() -> None:
    found = _problems({"title": 1, "loss": 2, "waves": [{}]}, prefix="study")
    assert [p.where for p in found] == ["study.title", "study.loss", "study.waves[0].threat", "study.waves[0].from"]


def test_without_the_type_the_messages_are_shorter() -> None:
    with pytest.raises(ValidationError) as caught:
        _Study.model_validate({"titel": 1, "waves": [{}]})
    found = problems_from(caught.value, {"titel": 1, "waves": [{}]})
    assert [str(p) for p in found] == ["waves[0].threat\n  is required", "waves[0].from\n  is required",
                                       "titel = 1\n  unknown key"]


@pytest.mark.parametrize(("value", "text"), [
    (True, "true"), ("a\nb", '"a\\nb"'), ({}, "{}"), ({"a": 1}, "{...}"), ([1], "[...]"), (1e-6, "1e-06"),
    ("x" * 200, '"' + "x" * 55 + " ..."),
])
def test_values_are_shown_as_in_the_file_on_one_short_line(value: object, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(("error", "text"), [
    (InputError("runs = 0\n  must be at least 1"), "night: runs = 0\n  must be at least 1"),
    (ScenarioError("scenario", [Problem("layers.a.salvo", "0", "must be at least 1")]),
     "night: scenario: 1 problem\nlayers.a.salvo = 0\n  must be at least 1"),
])
def test_an_error_can_say_where_it_was_met(error: OpenDomeError, text: str) -> None:
    found = at("night", error)
    assert type(found) is type(error)
    assert str(found) == text
