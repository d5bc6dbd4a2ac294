"""Printed numbers are read as a person reads them. Expected values are read off the printed form by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading.numbers import is_none, parse_number


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("32,285", "32285", ""),
        ("(17,686)", "-17686", ""),
        ("(1.2)%", "-1.2", "%"),
        ("(1.2%)", "-1.2", "%"),
        ("\u22125", "-5", ""),
        ("\u20135", "-5", ""),
        ("-5.0", "-5.0", ""),
        ("$ (0.17)", "-0.17", "USD"),
        ("$(0.17)", "-0.17", "USD"),
        ("($0.17)", "-0.17", "USD"),
        ("-$1,200", "-1200", "USD"),
        ("12.5x", "12.5", "x"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("€ 1.234.567", "1234567", "EUR"),
        ("1\u202f234,5", "1234.5", ""),
        ("1 234 567", "1234567", ""),
        ("1'234.50", "1234.50", ""),
        ("12,5", "12.5", ""),
        (".65", "0.65", ""),
        ("$ 3,461,123", "3461123", "USD"),
        ("1,234 (1)", "1234", ""),
        ("1,234(a)", "1234", ""),
        ("(1,234)(2)", "-1234", ""),
        ("1,234*", "1234", ""),
        ("1,234¹", "1234", ""),
        ("1,234 †", "1234", ""),
        ("(17,686", "-17686", ""),
        ("17,686)", "-17686", ""),
        ("2018", "2018", ""),
        ("+3.1%", "3.1", "%"),
        ("(3)", "-3", ""),
    ],
)
def test_number_is_read_with_its_sign_and_unit(printed: str, value: str, unit: str) -> None:
    number = parse_number(printed)
    assert number is not None
    assert number.value == Decimal(value)
    assert number.unit == unit


@pytest.mark.parametrize("printed", ["", "—", "–", "-", "$ —", "$—", "—%", "n/a", "N/M", "(—)", "nil"])
def test_dash_and_blank_are_no_number(printed: str) -> None:
    assert parse_number(printed) is None


@pytest.mark.parametrize("printed", ["—", "–", "$ —", "n/a"])
def test_dash_says_nothing_here(printed: str) -> None:
    assert is_none(printed)


@pytest.mark.parametrize(
    "printed", ["Total assets", "12/31/2018", "December 31", "1,23,4", "Note 5", "10-K", "12 of 13", "1.2.3", "12 34"]
)
def test_words_dates_and_broken_grouping_are_no_number(printed: str) -> None:
    assert parse_number(printed) is None


def test_scale_word_is_kept_beside_the_value() -> None:
    number = parse_number("$1.2 billion")
    assert number is not None
    assert (number.value, number.scale, number.unit) == (Decimal("1.2"), 9, "USD")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_every_number_printed_the_american_way_is_read_back(value: Decimal) -> None:
    printed = f"({-value:,.2f})" if value < 0 else f"{value:,.2f}"
    number = parse_number(printed)
    assert number is not None and number.value == value and number.places == 2
