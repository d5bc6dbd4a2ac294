"""Identities: what holds within rounding holds, what is off by more does not, what is not all there is not checked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.evidence import Locator, Period, Value
from verticals.finance.statements.checks import check

YEAR = Period(date(2022, 12, 31), date(2022, 1, 1))
END = Period(date(2022, 12, 31))


def value(metric: str, millions: str, period: Period = YEAR, row: int = 0, statement: str = "") -> Value:
    amount = Decimal(millions.replace("(", "-").replace(")", ""))
    return Value(
        f"{metric}{row}", "s", "Acme", metric, metric, period, amount * 10**6, "USD", millions,
        Locator(page=1, row=row), scale=6, statement=statement,
    )  # fmt: skip


def holding(*values: Value) -> dict[str, bool]:
    return {c.name: c.holds for c in check(values)}


def test_a_balance_sheet_that_balances() -> None:
    values = (
        value("total_assets", "1000", END),
        value("total_liabilities", "600", END),
        value("total_equity", "400", END),
        value("total_liabilities_and_equity", "1000", END),
    )
    assert holding(*values) == {"balance sheet balances": True, "liabilities and equity": True}


def test_a_digit_off_is_seen() -> None:
    assert holding(value("total_assets", "1010", END), value("total_liabilities_and_equity", "1000", END)) == {
        "balance sheet balances": False
    }


@pytest.mark.parametrize(("change", "holds"), [("41", True), ("42", True), ("43", False)])
def test_rounding_of_the_parts_is_allowed_and_no_more(change: str, holds: bool) -> None:
    # 100 - 30 - 30 = 40: four printed figures, each half a million from its exact amount at most.
    values = (
        value("operating_cash_flow", "100"),
        value("investing_cash_flow", "(30)"),
        value("financing_cash_flow", "(30)"),
        value("change_in_cash", change),
    )
    assert holding(*values) == {"cash flow reconciles": holds}


def test_printed_decimals_narrow_the_tolerance() -> None:
    values = (value("total_assets", "1000.4", END), value("total_liabilities_and_equity", "1000.0", END))
    assert holding(*values) == {"balance sheet balances": False}


def test_what_is_not_reported_is_not_checked() -> None:
    assert holding(value("revenue", "100"), value("gross_profit", "40")) == {}
    assert holding() == {}


def test_figures_of_different_periods_are_not_mixed() -> None:
    other = Period(date(2021, 12, 31))
    assert holding(value("total_assets", "5", END), value("total_liabilities_and_equity", "6", other)) == {}


def test_tax_with_results_of_affiliates_between() -> None:
    values = (
        value("income_before_tax", "369"),
        value("income_tax_expense", "96"),
        value("equity_method_income", "1"),
        value("net_income", "274"),
    )
    assert holding(*values) == {"income after tax": True}


def test_costs_between_cost_of_sales_and_gross_profit_are_counted() -> None:
    where = {"statement": "income_statement"}
    values = (
        value("revenue", "39528", row=1, **where),
        value("cost_of_revenue", "30334", row=2, **where),
        value("restructuring_costs_of_goods", "3", row=3, **where),
        value("gross_profit", "9191", row=4, **where),
    )
    assert holding(*values) == {"gross profit": True}


def test_cash_rolls_forward_from_beginning_to_end() -> None:
    start = Period(date(2021, 12, 31))
    values = (
        value("cash_beginning", "90", start),
        value("change_in_cash", "10"),
        value("cash_end", "100", END),
    )
    assert holding(*values) == {"cash rolls forward": True}
