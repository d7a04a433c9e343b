"""What a request of the studio may say: strict JSON, few keys, bounded sizes."""

import pytest

from opendome.errors import ScenarioError
from opendome.viewer import asked
from opendome.viewer.asked import Bad, base_of, body_of, changes_of, data_of, whole_of


@pytest.mark.parametrize("text", [
    b"", b"x", b"{", b"[1]", b"1", b'"a"', b"null", b'{"a": 1', b'{"a": 1}{}', b"\xff\xfe", b'{"a": NaN}',
    b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": -1e999}', b'{"a": ' + b"9" * 20 + b"}",
    b'{"a": ' + b"9" * 5000 + b"}", b'{"a": 1, "a": 2}', b'{"a": {"b": 1, "b": 2}}', b'{"a": "\\ud800"}',
    b'{"\\udfff": 1}', b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"{'a': 1}", b'{"a": 0x10}', b'{"a": 01}'])
def test_what_is_no_plain_json_object_is_refused(text):
    with pytest.raises(Bad):
        body_of(text)


def test_a_plain_object_is_taken_as_it_is():
    assert body_of(b'{"a": [1, 2.5, "\xc3\xa9", null, true, {"b": -9223372036854775808}]}') == {
        "a": [1, 2.5, "é", None, True, {"b": -2**63}]}


@pytest.mark.parametrize("body", [
    {}, {"start": "a", "toml": "b"}, {"start": 5}, {"toml": ["a"]}, {"start": None}, {"start": "a", "path": "/etc"},
    {"start": "a", "runs": 5}, {"toml": "é" * (asked.TOML_MAX // 2 + 1)}])
def test_a_base_is_a_name_or_a_text(body):
    with pytest.raises(Bad):
        base_of(body)


def test_changes_and_numbers_are_bounded():
    assert changes_of({}) == {}
    for found in ([], "a", None, {str(i): 1 for i in range(asked.CHANGES_MAX + 1)}):
        with pytest.raises(Bad):
            changes_of({"changes": found})
    for found in (None, True, 0, 11, 5.0, "5", [5]):
        with pytest.raises(Bad, match="runs must be a whole number from 1 to 10"):
            whole_of({"runs": found}, "runs", 1, 10)
    assert whole_of({"runs": 10}, "runs", 1, 10) == 10


@pytest.mark.parametrize(("text", "says"), [
    (".".join("a" * 500) + " = 1", "499 dots on line 1"), ("a = " + "[" * 100_000, "nested too deeply"),
    ("a = " + "{a=" * 17 + "1" + "}" * 17, "nested too deeply"), ("a = [" + "1," * 20_001 + "]", "20,00"),
    ("a = " + "1" * 5000, "not valid TOML"), ("a = ", "not valid TOML")])
def test_texts_that_would_take_long_are_refused_at_once(text, says):
    with pytest.raises(ScenarioError, match=says):
        data_of(text)
