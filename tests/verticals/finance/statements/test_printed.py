"""Printed statements become typed values. Expected figures of filings were read by hand from the page images
(`gold_read_from_pages.tsv`: file, page, line, period, value); made-up statements state theirs in the test."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from core.evidence import Block, Description, Document, Period, Source, Value, normalise
from verticals.finance.describe import describe
from verticals.finance.statements.checks import Check, check
from verticals.finance.statements.printed import statements, values

YEAR = Description(
    "Acme",
    "10-K",
    period=Period(date(2022, 12, 31), date(2022, 1, 1)),
    meta={"fiscal_year": "2022", "fiscal_year_end": "12-31", "fiscal_period": "FY"},
)
INCOME = """
                                        | 2022    | 2021
Net sales                               | $ 1,200 | $ 1,000
Cost of sales                           | (700)   | (600)
Gross profit                            | 500     | 400
Selling, general and administrative     | (200)   | (180)
Operating income                        | 300     | 220
Interest expense                        | (20)    | (20)
Income before income taxes              | 280     | 200
Provision for income taxes              | (70)    | (50)
Net income                              | 210     | 150
Less: Net income attributable to noncontrolling interests | (10) | —
Net income attributable to Acme Inc.    | $ 200   | $ 150
Earnings per share:                     |         |
> Basic                                 | $ 2.00  | $ 1.50
> Diluted                               | $ 1.98  | $ 1.49
Weighted average shares:                |         |
> Basic                                 | 100.0   | 100.0
> Diluted                               | 101.0   | 100.7
"""
BALANCE = """
                                 | 2022  | 2021
Current assets:                  |       |
Cash and cash equivalents        | $ 100 | $ 90
Marketable securities            | 10    | 10
Accounts receivable, net         | 200   | 180
Inventories                      | 150   | 140
Total current assets             | 460   | 420
Marketable securities            | 40    | 30
Property, plant and equipment, net | 500 | 450
Goodwill                         | 100   | 100
Total assets                     | $ 1,100 | $ 1,000
Current liabilities:             |       |
Accounts payable                 | $ 150 | $ 130
Long-term debt                   | 20    | 20
Total current liabilities        | 170   | 150
Long-term debt                   | 300   | 320
Retained earnings                | 500   | 420
Total Acme Inc. shareholders' equity | 600 | 500
Noncontrolling interests         | 30    | 30
Total equity                     | 630   | 530
Total liabilities and equity     | $ 1,100 | $ 1,000
"""
CASH = """
                                       | 2022  | 2021
Operating activities:                  |       |
Net income                             | $ 210 | $ 150
Depreciation and amortization          | 60    | 55
Inventories                            | (10)  | (5)
Net cash provided by operating activities | 260 | 200
Investing activities:                  |       |
Purchases of property, plant and equipment | (120) | (100)
Net cash used in investing activities  | (120) | (100)
"""
CASH_GOES_ON = """
                                       | 2022  | 2021
Financing activities:                  |       |
Dividends paid                         | (100) | (80)
Repurchases of common stock            | (30)  | (20)
Net cash used in financing activities  | (130) | (100)
Net increase in cash and cash equivalents | 10 | —
Cash and cash equivalents at beginning of year | 90 | 90
Cash and cash equivalents at end of year | $ 100 | $ 90
"""


def source(document: Document, description: Description = YEAR) -> Source:
    return Source(document.sha256, document.name, "", "c", document.media_type, document.pages, "en", description)


def by_metric(found: list[Value], end: date = date(2022, 12, 31)) -> dict[str, Decimal]:
    return {v.metric: v.value for v in found if v.period.end == end}


@pytest.fixture
def filing_of_acme(table: Callable[..., Block], document: Callable[..., Document]) -> Document:
    unit = "(in millions, except per share data)"
    return document(
        table(INCOME, "Consolidated Statements of Income\nYears ended December 31,", unit, 1),
        table(BALANCE, "Consolidated Balance Sheets\nDecember 31,", "(in millions)", 2),
        table(CASH, "Consolidated Statements of Cash Flows\nYears ended December 31,", "(in millions)", 3),
        table(CASH_GOES_ON, "Consolidated Statements of Cash Flows (continued)", "(in millions)", 4),
    )


def test_amounts_are_unscaled_and_per_share_figures_left_alone(filing_of_acme: Document) -> None:
    found = by_metric(values(filing_of_acme, source(filing_of_acme)))
    assert found["revenue"] == 1_200_000_000
    assert found["eps_diluted"] == Decimal("1.98")
    assert found["shares_diluted"] == 101_000_000


def test_costs_printed_in_parentheses_are_positive_costs(filing_of_acme: Document) -> None:
    found = by_metric(values(filing_of_acme, source(filing_of_acme)))
    assert found["cost_of_revenue"] == 700_000_000
    assert found["selling_general_administrative"] == 200_000_000
    assert found["income_tax_expense"] == 70_000_000
    assert found["net_income_noncontrolling"] == 10_000_000


def test_spending_is_positive_and_net_cash_keeps_its_sign(filing_of_acme: Document) -> None:
    found = by_metric(values(filing_of_acme, source(filing_of_acme)))
    assert found["capital_expenditure"] == 120_000_000
    assert found["dividends_paid"] == 100_000_000
    assert found["investing_cash_flow"] == -120_000_000


def test_net_income_is_the_companys_and_the_wider_one_is_kept_beside_it(filing_of_acme: Document) -> None:
    found = by_metric(values(filing_of_acme, source(filing_of_acme)))
    assert found["net_income"] == 200_000_000
    assert found["net_income_including_noncontrolling"] == 210_000_000
    assert found["total_equity"] == 630_000_000
    assert found["shareholders_equity"] == 600_000_000


def test_a_row_is_read_in_the_section_it_stands_in(filing_of_acme: Document) -> None:
    found = by_metric(values(filing_of_acme, source(filing_of_acme)))
    assert (found["short_term_investments"], found["long_term_investments"]) == (10_000_000, 40_000_000)
    assert (found["current_portion_long_term_debt"], found["long_term_debt"]) == (20_000_000, 300_000_000)
    assert found["change_in_inventories"] == -10_000_000
    assert found["inventories"] == 150_000_000


def test_a_statement_over_two_pages_is_one(filing_of_acme: Document) -> None:
    cash = next(s for s in statements(filing_of_acme, YEAR) if s.kind == "cash_flow")
    assert [b.locator.page for b in cash.blocks] == [3, 4]
    found = values(filing_of_acme, source(filing_of_acme))
    assert {v.locator.page for v in found if v.metric == "dividends_paid"} == {4}
    assert all(c.holds for c in check(found)) and {"cash flow reconciles", "cash rolls forward"} <= {
        c.name for c in check(found)
    }


def test_a_dash_gives_no_value(filing_of_acme: Document) -> None:
    found = values(filing_of_acme, source(filing_of_acme))
    assert not [v for v in found if v.metric == "net_income_noncontrolling" and v.period.end.year == 2021]


def test_every_quote_stands_in_its_block(filing_of_acme: Document) -> None:
    texts = [normalise(b.text) for b in filing_of_acme.blocks]
    for value in values(filing_of_acme, source(filing_of_acme)):
        assert any(normalise(value.quote) in text for text in texts)
        assert value.printed in value.quote


def test_a_row_without_a_standard_line_is_kept_under_its_own_words(
    table: Callable[..., Block], document: Callable[..., Document]
) -> None:
    text = INCOME.replace("Operating income   ", "Gain on sale of the harbour division | 5 | —\nOperating income   ")
    doc = document(table(text, "Consolidated Statements of Income\nYears ended December 31,", "(in millions)"))
    assert by_metric(values(doc, source(doc)))["gain_on_sale_of_the_harbour_division"] == 5_000_000


@pytest.mark.parametrize(
    "title", ["Condensed Parent Company Only Statements of Income", "Segment results", "Pro forma"]
)
def test_tables_that_only_look_like_the_statement_do_not_replace_it(
    title: str, filing_of_acme: Document, table: Callable[..., Block], document: Callable[..., Document]
) -> None:
    other = table(INCOME.replace("1,200", "9,999"), title + "\nYears ended December 31,", "(in millions)", 9)
    doc = document(other, *filing_of_acme.blocks, other)
    assert by_metric(values(doc, source(doc)))["revenue"] == 1_200_000_000


def test_a_loss_printed_without_parentheses_is_negative(
    table: Callable[..., Block], document: Callable[..., Document]
) -> None:
    text = """
                               | 2022    | 2021
    Revenue                    | $ 100   | $ 90
    Cost of revenue            | 60      | 50
    Research and development   | 70      | 60
    Loss from operations       | 30      | 20
    Loss before income taxes   | (30)    | (20)
    Provision for income taxes | 1       | 1
    Net loss                   | $ (31)  | $ (21)
    Net loss per share, basic and diluted | $ (0.31) | $ (0.21)
    """
    doc = document(table(text, "Consolidated Statements of Operations\nYears ended December 31,", "(in thousands)"))
    found = by_metric(values(doc, source(doc)))
    assert found["operating_income"] == -30_000
    assert found["net_income"] == -31_000
    assert found["eps_basic"] == found["eps_diluted"] == Decimal("-0.31")


def test_costs_printed_in_parts_are_not_mistaken_for_the_whole(
    table: Callable[..., Block], document: Callable[..., Document]
) -> None:
    text = """
                                 | 2022    | 2021
    Sales of products            | $ 80    | $ 70
    Sales of services            | 40      | 30
    Total revenues               | 120     | 100
    Cost of products             | (50)    | (45)
    Cost of services             | (20)    | (15)
    Total costs and expenses     | (70)    | (60)
                                 | 50      | 40
    General and administrative expense | (10) | (10)
    Earnings from operations     | 40      | 30
    Earnings before income taxes | 40      | 30
    Income tax expense           | (10)    | (10)
    Net earnings                 | $ 30    | $ 20
    """
    doc = document(table(text, "Consolidated Statements of Operations\nYears ended December 31,", "(in millions)"))
    found = by_metric(values(doc, source(doc)))
    assert found["revenue"] == 120_000_000
    assert found["cost_of_revenue"] == 70_000_000
    assert found["gross_profit"] == 50_000_000


def test_text_without_statements_gives_nothing(document: Callable[..., Document]) -> None:
    doc = document("Our balance sheet is strong and net income grew.", "Total assets rose.")
    assert values(doc, source(doc)) == []


# --- real filings -------------------------------------------------------------------------------------------

with (Path(__file__).parent / "gold_read_from_pages.tsv").open(encoding="utf-8") as file:
    GOLD = list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="session")
def read_values(filing: Callable[[str], Document]) -> Callable[[str], list[Value]]:
    @cache
    def load(name: str) -> list[Value]:
        document = filing(name)
        return values(document, source(document, describe(document)))

    return load


@pytest.mark.slow
@pytest.mark.parametrize("row", GOLD, ids=lambda r: f"{r['file'][:-4]} {r['metric']} {r['end']}")
def test_figure_of_a_filing_is_the_one_on_its_page(
    row: dict[str, str], read_values: Callable[[str], list[Value]]
) -> None:
    period = Period(date.fromisoformat(row["end"]), None if row["start"] == "-" else date.fromisoformat(row["start"]))
    found = [v for v in read_values(row["file"]) if v.metric == row["metric"] and v.period == period]
    assert Decimal(row["value"]) in {v.value for v in found if v.locator.page == int(row["page"])}


@pytest.mark.slow
def test_totals_of_the_development_filings_tie_out(
    shared_data: Path, read_values: Callable[[str], list[Value]]
) -> None:
    """At least 95% of all identities hold, and every filing with statements has its four main ones checked."""
    folder = shared_data / "finance" / "financebench" / "filings"
    made: list[tuple[str, Check]] = []
    for path in sorted(folder.glob("*.pdf")):
        made += [(path.name, c) for c in check(read_values(path.name))]
    broken = [(name, c.name, c.period.as_text(), c.difference) for name, c in made if not c.holds]
    assert len(broken) <= 0.05 * len(made), broken
    main = {"balance sheet balances", "cash flow reconciles", "cash rolls forward", "income after tax"}
    for name in {path.name for path in folder.glob("*_10[KQ].pdf")}:
        assert main <= {c.name for n, c in made if n == name}, name
