"""Ratios: the dictionary is whole, every value is the one done by hand, and what is missing is named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.answering.formula import verify
from core.evidence import Fact
from tests.verticals.finance.made_up import LATHE, frame, source, value
from verticals.finance import ratios
from verticals.finance.metrics import by_group, metric, metrics, stems
from verticals.finance.ratios import Book, Missing, figure
from verticals.finance.statements.concepts import lines
from verticals.finance.statements.frame import Frame

# Done by hand from LATHE, FY2022 (averages of FY2021 and FY2022).
BY_HAND = {
    "gross_profit": "480000000",
    "gross_margin": "0.4",
    "operating_margin": "0.2",
    "pretax_margin": "0.18",
    "net_margin": "0.135",
    "effective_tax_rate": "0.25",
    "ebitda": "300000000",
    "ebitda_margin": "0.25",
    "current_ratio": "1.6",
    "quick_ratio": "1.04",  # (90 + 30 + 140) / 250
    "cash_ratio": "0.48",
    "operating_cash_flow_ratio": "0.864",
    "net_working_capital": "150000000",
    "total_debt": "300000000",  # 20 + 10 + 270
    "net_debt": "180000000",
    "debt_to_equity": "0.75",
    "debt_to_assets": "0.3",
    "debt_to_ebitda": "1",
    "net_debt_to_ebitda": "0.6",
    "financial_leverage": "2.5",  # 900 / 360
    "interest_coverage": "10",
    "ebitda_interest_coverage": "12.5",
    "return_on_assets": "0.18",  # 162 / 900
    "return_on_equity": "0.45",  # 162 / 360
    "return_on_capital_employed": "0.32",  # 240 / 750
    "asset_turnover": "1.333333333",
    "fixed_asset_turnover": "3",  # 1200 / 400
    "inventory_turnover": "8",  # 720 / 90
    "receivables_turnover": "10",
    "days_inventory": "45.625",  # 365 * 90 / 720
    "days_sales": "36.5",
    "days_payable": "39.459459459",  # 365 * 80 / (720 + 20)
    "cash_conversion_cycle": "42.665540541",
    "free_cash_flow": "132000000",
    "free_cash_flow_conversion": "0.814814815",
    "cash_conversion": "1.333333333",
    "capex_to_revenue": "0.07",
    "capital_intensity": "0.833333333",
    "fixed_assets_to_assets": "0.45",
    "payout_ratio": "0.5",
    "retention_ratio": "0.5",
    "sustainable_growth_rate": "0.225",
    "return_on_invested_capital": "0.342857143",  # 240 * 0.75 / ((480 + 570) / 2 + ... see below)
}
# Invested capital: FY2021 250 + 320 - 80 = 490, FY2022 300 + 400 - 120 = 580, mean 535; 180 / 535.
BY_HAND["return_on_invested_capital"] = "0.336448598"


@pytest.mark.parametrize("name", BY_HAND)
def test_a_ratio_is_the_value_done_by_hand(name: str) -> None:
    fact = figure(Book(frame()), name, 2022)
    assert fact.value == pytest.approx(Decimal(BY_HAND[name]), rel=Decimal("1e-8"))


@pytest.mark.parametrize("name", BY_HAND)
def test_the_formula_of_every_fact_gives_its_value_again(name: str) -> None:
    book = Book(frame())
    figure(book, name, 2022)
    assert [verify(fact) for fact in book.facts] == [""] * len(book.facts)


@pytest.mark.parametrize("name", BY_HAND)
def test_every_input_cites_the_row_that_it_stands_in_or_a_fact(name: str) -> None:
    book = Book(frame())
    figure(book, name, 2022)
    cited = {c.n: c for c in book.citations}
    facts = {f.n for f in book.facts}
    assert len(cited) + len(facts) == max(*cited, *facts), "one numbering, without holes"
    for fact in book.facts:
        for item in fact.inputs:
            assert item.citation in facts or f"{abs(item.value) / 1_000_000:,}" in cited[item.citation or 0].quote


def test_the_dictionary_holds_every_kind_of_ratio() -> None:
    groups = by_group()
    for name in (
        "margins",
        "liquidity",
        "leverage",
        "coverage",
        "returns",
        "efficiency",
        "cash conversion",
        "per share",
        "payout",
    ):
        assert len(groups[name]) >= 3, name
    assert sum(len(m) for g, m in groups.items() if g != "line") >= 60


def test_every_metric_rests_on_standard_lines_and_names_its_source() -> None:
    for m in metrics().values():
        assert set(m.lines()) <= set(lines()), m.name
        assert m.source and m.label and m.good in ("up", "down", "none"), m.name


def test_no_name_means_two_metrics() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for m in metrics().values():
        for name in m.synonyms:
            assert seen.setdefault(stems(name), m.name) == m.name, name


def test_agrees_with_the_ratios_that_a_company_prints_itself() -> None:
    # Apple, Form 10-K 2023: net sales 383,285; cost of sales 214,137; "gross margin percentage, total: 44.1%";
    # income before taxes 113,736; provision 16,741; "effective tax rate: 14.7%".
    apple = {
        "revenue": [383285],
        "cost_of_revenue": [214137],
        "income_before_tax": [113736],
        "income_tax_expense": [16741],
    }
    book = Book(frame("Apple", apple, first=2023))
    assert figure(book, "gross_margin", 2023).display == "44.1%"
    assert figure(book, "effective_tax_rate", 2023).display == "14.7%"


def test_a_missing_input_is_named_with_its_year_and_what_there_is() -> None:
    without = {k: v for k, v in LATHE.items() if k != "capital_expenditure"}
    with pytest.raises(Missing, match=r"capital expenditure of FY2022 for Lathe Works"):
        figure(Book(frame(figures=without)), "free_cash_flow", 2022)
    with pytest.raises(Missing, match=r"revenue of FY2030 .*the filings give it for FY2020, FY2021, FY2022"):
        figure(Book(frame()), "revenue", 2030)


def test_an_average_without_the_year_before_is_missing_not_halved() -> None:
    with pytest.raises(Missing, match="total assets of FY2019"):
        figure(Book(frame()), "return_on_assets", 2020)


def test_a_printed_gross_profit_comes_before_a_derived_one() -> None:
    printed = {**LATHE, "gross_profit": (320, 400, 470)}
    fact = figure(Book(frame(figures=printed)), "gross_margin", 2022)
    assert fact.value == pytest.approx(Decimal(470) / 1200)


def test_a_line_that_a_read_balance_sheet_lacks_counts_as_none_and_is_said() -> None:
    without = {k: v for k, v in LATHE.items() if k != "short_term_debt"}
    book = Book(frame(figures=without))
    assert figure(book, "total_debt", 2022).value == 280_000_000
    assert ("short-term debt", "FY2022") in book.absent


def test_a_line_of_an_unread_statement_is_missing_not_none() -> None:
    only_debt = {"long_term_debt": LATHE["long_term_debt"]}
    with pytest.raises(Missing, match="short-term debt"):
        figure(Book(frame(figures=only_debt)), "total_debt", 2022)


def test_the_preferred_filing_wins_and_a_restatement_is_kept() -> None:
    first = value("Lathe Works", "revenue", 2022, 1200, "first")
    later = value("Lathe Works", "revenue", 2022, 1150, "later")
    sources = [source("Lathe Works", "first", 2022), source("Lathe Works", "later", 2023)]
    both = Frame("Lathe Works", [first, later], sources)
    assert figure(Book(both), "revenue", 2022).value == later.value
    book = Book(both, prefer=["first"])
    assert figure(book, "revenue", 2022).value == first.value
    assert book.restated == [(first, later)]


def test_two_currencies_do_not_add_up() -> None:
    mixed = Frame(
        "Lathe Works",
        [
            value("Lathe Works", "operating_cash_flow", 2022, 216),
            value("Lathe Works", "capital_expenditure", 2022, 84, unit="EUR"),
        ],
        [source("Lathe Works")],
    )
    with pytest.raises(Missing, match="EUR and USD"):
        figure(Book(mixed), "free_cash_flow", 2022)


def test_the_currency_of_the_statements_is_the_facts() -> None:
    book = Book(frame(unit="EUR"))
    assert figure(book, "free_cash_flow", 2022).display == "EUR 132 million"


def _two(book: Book, name: str) -> tuple[Fact, Fact]:
    return figure(book, name, 2022), figure(book, name, 2020)


def test_compound_growth_over_two_years() -> None:
    book = Book(frame())
    rate = ratios.cagr(book, *_two(book, "revenue"), 2)
    assert rate.display == "22.5%"  # (1200 / 800) ^ (1/2) - 1 = 0.2247
    assert verify(rate) == ""


def test_growth_from_a_loss_has_no_rate() -> None:
    book = Book(frame(figures={**LATHE, "net_income": (-10, 5, 20)}))
    with pytest.raises(Missing, match="not positive"):
        ratios.growth(book, *_two(book, "net_income"))


def test_a_mean_of_years_is_a_fact_over_facts() -> None:
    book = Book(frame())
    mean = ratios.mean(book, [figure(book, "capex_to_revenue", y) for y in (2020, 2021, 2022)])
    assert mean.value == pytest.approx((Decimal("0.0625") + Decimal("0.06") + Decimal("0.07")) / 3)
    assert {i.citation for i in mean.inputs} <= {f.n for f in book.facts}


def test_a_bank_has_no_gross_margin() -> None:
    bank = frame(
        "Quay Bank", {"net_interest_income": [10], "noninterest_income": [4], "deposits": [200], "loans_net": [150]}
    )
    assert ratios.industry(bank) == "bank"
    assert "bank" in ratios.says_little(bank, metric("gross_margin"))
    assert ratios.says_little(bank, metric("return_on_equity")) == ""
    assert ratios.says_little(frame(), metric("gross_margin")) == ""


def test_a_ratio_over_nothing_is_missing_not_infinite() -> None:
    idle = {**LATHE, "current_liabilities": (150, 200, 0)}
    with pytest.raises(Missing, match="the divisor is zero"):
        figure(Book(frame(figures=idle)), "current_ratio", 2022)


def test_a_companys_own_tag_in_a_note_is_not_the_statement_line() -> None:
    plain = value("Lathe Works", "cash_and_short_term_investments", 2022, 500)
    note = replace(plain, concept="lathe:CashAndAllMarketableSecurities", statement="")
    others = [value("Lathe Works", m, 2022, n) for m, n in (("cash_and_equivalents", 90), ("total_assets", 1000))]
    book = Book(Frame("Lathe Works", [note, *others], [source("Lathe Works")]))
    assert figure(book, "cash_and_short_term_investments", 2022).value == 90_000_000
    assert book.find("cash_and_short_term_investments", 2022) is None
