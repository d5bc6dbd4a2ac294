"""Numbers in running text, as a reader takes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.answering.numbers import dates, numbers, stated_scale, years


def read(text: str) -> list[tuple[Decimal, str]]:
    return [(n.value, n.unit) for n in numbers(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$391.0 billion", Decimal("391.0e9"), "USD"),
        ("USD 5,409 million", Decimal("5409e6"), "USD"),
        ("€3.4bn", Decimal("3.4e9"), "EUR"),
        ("5.5 million euros", Decimal("5.5e6"), "EUR"),
        ("46.2 percent", Decimal("46.2"), "percent"),
        ("(3.2)%", Decimal("-3.2"), "percent"),
        ("$(1,749) million", Decimal("-1749e6"), "USD"),
        ("0.67x", Decimal("0.67"), "times"),
        ("12 bps", Decimal("0.12"), "points"),
        ("1,749 (in millions)", Decimal("1749e6"), ""),
        ("a face amount of600 million", Decimal("600e6"), ""),
    ],
)
def test_an_amount_is_read_with_its_sign_unit_and_scale(text: str, value: Decimal, unit: str) -> None:
    assert read(text) == [(value, unit)]


@pytest.mark.parametrize(
    "text", ["the 10-K", "According to 3M", "Note 12", "ASC 606", "in 2022", "FY2022", "[3]", "June 30, 2023"]
)
def test_years_dates_and_digits_of_names_are_no_amounts(text: str) -> None:
    assert read(text) == []


def test_a_minus_is_a_sign_only_where_it_touches_its_number() -> None:
    assert read("from -4.3% to 5.1%") == [(Decimal("-4.3"), "percent"), (Decimal("5.1"), "percent")]
    assert [y for _, _, y in years("2020-2022")] == [2020, 2022]


def test_the_printed_rounding_decides_what_meets() -> None:
    printed = numbers("$391.0 billion")[0]
    assert printed.meets(Decimal("391035e6"))
    assert not printed.meets(Decimal("391.2e9"))


def test_full_dates_are_found_in_each_common_form() -> None:
    assert [d for _, _, d in dates("September 28, 2024; 2024-09-28; 28 September 2024")] == ["2024-09-28"] * 3


@pytest.mark.parametrize(
    ("text", "power"),
    [("(In millions, except per share data)", 6), ("Dollars in thousands", 3), ("(Millions)", 6), ("Net sales", None)],
)
def test_the_scale_of_a_table_is_what_its_unit_line_states(text: str, power: int | None) -> None:
    assert stated_scale(text) == power
