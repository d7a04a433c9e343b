"""The TOML writer: what the text looks like, and what TOML cannot hold."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone

import numpy as np
import pytest

from opendome.errors import InputError
from opendome.scenario import reader, toml_out


def test_a_raid_reads_as_a_person_would_write_it():
    data = {
        "title": 'The "first" night',
        "raids": {
            "night-1": {
                "start": "2026-02-28T06:00:00Z",
                "waves": [
                    {"threat": "fast", "count": 3, "from": {"north site": 0.25, "south": 1}, "start_min": 0.0},
                    {"threat": "slow", "count": 40, "at": {}},
                ],
            }
        },
    }
    text = toml_out.dumps(data)
    assert text == (
        'title = "The \\"first\\" night"\n'
        "\n"
        "[raids.night-1]\n"
        'start = "2026-02-28T06:00:00Z"\n'
        "\n"
        "[[raids.night-1.waves]]\n"
        'threat = "fast"\n'
        "count = 3\n"
        'from = { "north site" = 0.25, south = 1 }\n'
        "start_min = 0.0\n"
        "\n"
        "[[raids.night-1.waves]]\n"
        'threat = "slow"\n'
        "count = 40\n"
        "at = {}\n"
    )
    assert tomllib.loads(text) == data


def test_nothing_gives_nothing():
    assert toml_out.dumps({}) == ""


@pytest.mark.parametrize(
    "value",
    [
        "tab\t, line\nbreak\r\n, bell\x07, delete\x7f, quote\", backslash\\, Кинжал, 🛰",
        "",
        -(2**63),
        1e-05,
        1e16,
        -0.0,
        float("inf"),
        True,
        date(2026, 2, 28),
        time(6, 30, 0, 5),
        datetime(2026, 2, 28, 6, 0, 0, 250),
        datetime(2026, 2, 28, 6, 0, tzinfo=UTC),
        datetime(2026, 2, 28, 6, 0, tzinfo=timezone(timedelta(hours=-3, minutes=-30))),
        [],
        [[1, 2], ["a"]],
        [{"a": 1}, 2],
        {"": {"": {"deep": [[{"x": []}]]}}},
        {"empty": {}, "list": [{}, {"b": [{}]}]},
        [f"a long item, number {n}" for n in range(20)],
        {"long": {f"key {n}": "some text" for n in range(12)}},
    ],
    ids=repr,
)
def test_what_was_written_is_read_back(value):
    for data in ({"k": value}, {"table": {"k": value}}, {"list": [{"k": value}]}):
        assert repr(tomllib.loads(toml_out.dumps(data))) == repr(data)


def test_numbers_of_numpy_are_numbers():
    assert toml_out.dumps({"a": np.float64(0.5), "b": np.int64(3)}) == "a = 0.5\nb = 3\n"


def test_long_lists_get_a_line_for_each_item():
    text = toml_out.dumps({"names": ["x" * 50] * 3})
    assert text == "names = [\n" + f'    "{"x" * 50}",\n' * 3 + "]\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"a": {"b": None}}, "a.b = None\n  TOML cannot hold a NoneType like this\n  hint: TOML has no empty"),
        ({"a": 2**63}, "a = 9223372036854775808\n  whole numbers in TOML have 64 bits"),
        ({"a": [object]}, "TOML cannot hold a type like this"),
        ({"a": "\ud800"}, "half of a surrogate pair"),
        ({"a": {1: 2}}, "a.1: the key 1\n  keys must be text"),
        ({"a": time(1, tzinfo=UTC)}, "TOML cannot hold a time like this"),
        ({"a": datetime(1900, 1, 1, tzinfo=timezone(timedelta(seconds=90)))}, "TOML cannot hold a datetime like this"),
    ],
)
def test_what_toml_cannot_hold_is_named(data, message):
    with pytest.raises(InputError) as caught:
        toml_out.dumps(data)
    assert message in str(caught.value)


def test_tables_keep_their_order_whichever_fit_on_one_line():
    """A scenario says by order who is asked first, so what is written must be read back in it."""
    data = {"sensors": {"far": {"note": "x" * 130}, "near": {"lat_deg": 1.0}, "last": {"note": "y" * 130}}}
    assert list(tomllib.loads(toml_out.dumps(data))["sensors"]) == ["far", "near", "last"]


def test_every_shipped_scenario_has_the_same_hash_when_it_is_read_back():
    for name in reader.shipped_names():
        scenario = reader.load(name)
        assert reader.digest(reader.parse(reader.to_toml(scenario), source=name)) == reader.digest(scenario)
