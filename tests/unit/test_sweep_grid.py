"""Values to sweep over, from text and from lists."""

import math

import numpy as np
import pytest

from opendome.errors import InputError
from opendome.study.grid import POINTS_MAX, check_size, text_of, values_of


@pytest.mark.parametrize(("text", "values"), [
    ("500:2000:500", [500, 1000, 1500, 2000]),
    ("500:2100:500", [500, 1000, 1500, 2000]),
    ("0.1:0.5:0.1", [0.1, 0.2, 0.3, 0.4, 0.5]),
    ("0.7:1:0.1", [0.7, 0.8, 0.9, 1.0]),
    ("3:1:-1", [3, 2, 1]),
    ("-1:1:1", [-1, 0, 1]),
    ("0:1:0.5", [0.0, 0.5, 1.0]),
    ("1:2.9:1", [1, 2]),
    ("1e3:2e3:5e2", [1000.0, 1500.0, 2000.0]),
    ("7:7:1", [7]),
    ("120,180,240", [120, 180, 240]),
    ("120, 180", [120, 180]),
    ("1:3:1,10,20:40:10", [1, 2, 3, 10, 20, 30, 40]),
    ("salvo,shoot-look-shoot", ["salvo", "shoot-look-shoot"]),
    ("0.5", [0.5]),
    ("1_000", [1000]),
    ('"1:2"', ["1:2"]),
    ("true,false", [True, False]),
    ("true,1", [True, 1]),
    ("2026-03-01T00:00:00Z,2026-03-02T12:30:00Z", ["2026-03-01T00:00:00Z", "2026-03-02T12:30:00Z"]),
])
def test_texts(text, values):
    found = values_of("--over key", text)
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


def test_lists_and_what_numpy_makes():
    assert values_of("key", [1, 2.5, "a"]) == [1, 2.5, "a"]
    assert values_of("key", range(3)) == [0, 1, 2]
    found = values_of("key", np.arange(2))
    assert (found, type(found[0])) == ([0, 1], int)
    assert values_of("key", np.float64(0.5)) == [0.5]
    assert values_of("key", 4) == [4]


@pytest.mark.parametrize(("given", "words"), [
    ("", "--over key=\n  a value is missing"),
    ("1,,2", "--over key=1,,2\n  a value is missing"),
    ("1:5", "'1:5' is no range: must be three numbers FROM:TO:STEP, as 500:20000:500"),
    ("1:5:1:2", "is no range"),
    ("a:b:c", "is no range"),
    ("1:inf:2", "is no range"),
    ("1::2", "is no range"),
    ("1:5:0", "the step of '1:5:0' is 0: must be above 0"),
    ("5:1:0", "must be below 0"),
    ("1:5:-1", "'1:5:-1' leads away from its end: the step must be above 0"),
    ("5:1:1", "the step must be below 0"),
    ("1,2,1", "--over key: 1 stands there twice"),
    ("1:3:1,2", "2 stands there twice"),
    ("0:1e6:1", "'0:1e6:1' has 1,000,001 values: must be at most 100,000"),
    ("0:1:1e-30", "has 1.0e+30 values: must be at most 100,000"),
    ("0:1:1e-999999", "values: must be at most 100,000"),
    ("0:1e999999:1e-999999", "has too many values"),
    ("nan", "nan cannot be swept over\n  must be a finite number, a word, or true or false"),
    ("1e400", "inf cannot be swept over"),
    ("{ value = 1, low = 0 }", "{ value = 1 cannot be swept over"),
    ("[1,2]", "cannot be swept over"),
    ([], "--over key: holds no values"),
    ([math.inf], "inf cannot be swept over"),
    ([None], "None cannot be swept over"),
    ({"value": 1}, "{'value': 1} cannot be swept over"),
    ([[1]], "[1] cannot be swept over"),
])
def test_what_is_no_value(given, words):
    with pytest.raises(InputError) as error:
        values_of("--over key", given)
    assert str(error.value).startswith("--over key")
    assert words in str(error.value)


def test_too_many_points():
    check_size([POINTS_MAX])
    with pytest.raises(InputError, match=r"--over: 1,000 x 101 = 101,000 points\n  must be at most 100,000"):
        check_size([1000, 101])


def test_values_are_written_as_they_are_read():
    values = [1, 0.1, "a", True, -2.5e-7, 1e22]
    assert values_of("key", ",".join(map(text_of, values))) == values
