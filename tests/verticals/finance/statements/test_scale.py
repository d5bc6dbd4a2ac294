"""Unit lines as printed in filings, and what they say of money, shares and per-share amounts."""

from __future__ import annotations

import pytest

from verticals.finance.statements.scale import read_scale, row_scale


@pytest.mark.parametrize(
    ("words", "money", "shares"),
    [
        ("(in millions, except per share data)", 6, 6),
        ("(In millions, except per-share amounts)", 6, 6),
        ("(in thousands, except share and per share amounts)", 3, 0),
        ("(Amounts in millions, except share data)", 6, 0),
        ("(In millions, except number of shares, which are reflected in thousands, and per-share amounts)", 6, 3),
        ("$ and shares in millions, except per share amounts", 6, 6),
        ("(Dollars in millions, shares in thousands)", 6, 3),
        ("(Shares in thousands, dollars in millions)", 6, 3),
        ("(Millions)", 6, 6),
        ("(MILLIONS, EXCEPT PER COMMON SHARE DATA)", 6, 6),
        ("(in billions of dollars)", 9, 9),
        ("($ in 000s)", 3, 3),
        ("(Dollars in millions, except per share and par value)", 6, 6),
    ],
)
def test_scale_of_a_unit_line(words: str, money: int, shares: int) -> None:
    scale = read_scale(words)
    assert scale.stated
    assert (scale.money, scale.shares, scale.per_share) == (money, shares, 0)


def test_no_scale_is_said_to_be_none() -> None:
    assert not read_scale("Consolidated Balance Sheets").stated


@pytest.mark.parametrize(
    ("words", "currency"),
    [("(in millions)", "USD"), ("(€ in millions)", "EUR"), ("(in millions of Canadian dollars)", "CAD")],
)
def test_currency(words: str, currency: str) -> None:
    assert read_scale(words).currency == currency


def test_a_row_may_state_its_own_scale() -> None:
    assert row_scale("Average shares outstanding (in thousands)") == 3
    assert row_scale("Average shares outstanding") is None
