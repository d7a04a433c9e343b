"""Rounding never says more, nor anything else, than value and error support."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from opendome.results import with_error

values = st.floats(-1e9, 1e9)
errors = st.floats(1e-9, 1e9)


def read(text: str) -> tuple[Decimal, Decimal]:
    value, error = text.replace(",", "").split(" ± ")
    return Decimal(value), Decimal(error)


@given(values, errors)
def test_rounding_moves_neither_number_by_more_than_half_a_digit(value: float, error: float) -> None:
    shown_value, shown_error = read(with_error(value, error))
    # worst: 2.5 shown as 2 or 3 (1.5 keeps two digits)
    assert abs(shown_error - Decimal(repr(error))) <= Decimal(repr(error)) / 4
    assert abs(shown_value - Decimal(repr(value))) <= Decimal(repr(error)) / 2


@given(values, errors)
def test_both_end_at_the_same_digit_and_the_error_has_one_or_two(value: float, error: float) -> None:
    shown_value, shown_error = (part.replace(",", "") for part in with_error(value, error).split(" ± "))
    decimals = [len(part.partition(".")[2]) for part in (shown_value, shown_error)]
    assert decimals[0] == decimals[1]
    digits = shown_error.replace(".", "").strip("0")
    assert len(digits) == 1 or (len(digits) == 2 and digits[0] == "1")


@given(values, errors)
def test_reading_it_back_and_rounding_again_changes_nothing(value: float, error: float) -> None:
    text = with_error(value, error)
    shown_value, shown_error = read(text)
    assert with_error(float(shown_value), float(shown_error)) == text
