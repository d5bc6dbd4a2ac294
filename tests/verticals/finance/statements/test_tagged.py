"""Statements from inline XBRL: every filing's figures are those that its printed statements show.

The expected figures were read by hand from the rendered statements of each filing (source: the filing named, its
consolidated statements; as filed with the SEC, USD millions except per share; shares in millions).
"""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.evidence import Description, Document, Period, Source, Value, normalise
from core.reading.html import read_html, text_at
from verticals.finance.statements.concepts import lines
from verticals.finance.statements.tagged import has_statements, tagged_values

pytestmark = pytest.mark.slow

_YEAR_BA = Period(date(2024, 12, 31), date(2024, 1, 1))
EXPECTED: dict[str, tuple[Period, str]] = {
    "aapl-10-k-2024-11-01": (
        Period(date(2024, 9, 28), date(2023, 10, 1)),
        """revenue 391035 cost_of_revenue 210352 gross_profit 180683 research_and_development 31370
        selling_general_administrative 26097 total_operating_expenses 57467 operating_income 123216
        other_income_net 269 income_before_tax 123485 income_tax_expense 29749 net_income 93736
        eps_basic 6.11 eps_diluted 6.08 shares_basic 15343.783 shares_diluted 15408.095
        cash_and_equivalents 29943 short_term_investments 35228 accounts_receivable 33410 inventories 7286
        current_assets 152987 ppe_net 45680 total_assets 364980 accounts_payable 68960 current_liabilities 176392
        long_term_debt 85750 current_portion_long_term_debt 10912 total_liabilities 308030 total_equity 56950
        total_liabilities_and_equity 364980 depreciation_amortization 11445 stock_based_compensation 11688
        operating_cash_flow 118254 capital_expenditure 9447 investing_cash_flow 2935 dividends_paid 15234
        share_repurchases 94949 financing_cash_flow -121983 change_in_cash -794""",
    ),
    "ba-10-k-2025-02-03": (
        _YEAR_BA,
        """revenue 66517 cost_of_revenue 68508 gross_profit -1991 research_and_development 3812
        general_administrative 5021 operating_income -10707 interest_expense 2725 income_before_tax -12210
        income_tax_expense -381 net_income_including_noncontrolling -11829 net_income_noncontrolling -12
        net_income -11817 eps_basic -18.36 eps_diluted -18.36
        cash_and_equivalents 13801 inventories 87550 current_assets 127998 ppe_net 11412 goodwill 8084
        total_assets 156363 accounts_payable 11364 current_liabilities 97078 long_term_debt 52586
        total_liabilities 160277 shareholders_equity -3908 noncontrolling_interest -6 total_equity -3914
        total_liabilities_and_equity 156363 depreciation_amortization 1836 stock_based_compensation 407
        operating_cash_flow -12080 capital_expenditure 2230 investing_cash_flow -11973 financing_cash_flow 25209
        effect_of_exchange_rates -47 change_in_cash 1109 cash_end 13822""",
    ),
    "ko-10-k-2025-02-20": (
        _YEAR_BA,
        """revenue 47061 cost_of_revenue 18324 gross_profit 28737 selling_general_administrative 14582
        operating_income 9992 interest_income 988 interest_expense 1656 equity_method_income 1770
        other_income_net 1992 income_before_tax 13086 income_tax_expense 2437
        net_income_including_noncontrolling 10649 net_income_noncontrolling 18 net_income 10631
        eps_basic 2.47 eps_diluted 2.46 shares_basic 4309 shares_diluted 4320
        cash_and_equivalents 10828 accounts_receivable 3569 inventories 4728
        current_assets 25997 ppe_net 10303 goodwill 18139 total_assets 100549 short_term_debt 1499
        current_portion_long_term_debt 648 current_liabilities 25249 long_term_debt 42375
        shareholders_equity 24856 noncontrolling_interest 1516 total_equity 26372 total_liabilities_and_equity 100549
        depreciation_amortization 1075 stock_based_compensation 286 operating_cash_flow 6805 capital_expenditure 2064
        investing_cash_flow 2524 share_repurchases 1795 dividends_paid 8359 financing_cash_flow -6910
        effect_of_exchange_rates -623 change_in_cash 1796 cash_end 11488""",
    ),
    "nke-10-k-2025-07-17": (
        Period(date(2025, 5, 31), date(2024, 6, 1)),
        """revenue 46309 cost_of_revenue 26519 gross_profit 19790 marketing_expense 4689
        selling_general_administrative 16088 net_interest_expense -107 income_before_tax 3885 income_tax_expense 666
        net_income 3219 eps_basic 2.17 eps_diluted 2.16 shares_basic 1484.9 shares_diluted 1487.6
        cash_and_equivalents 7464 short_term_investments 1687 accounts_receivable 4717 inventories 7489
        current_assets 23362 ppe_net 4828 goodwill 240 intangible_assets 259 total_assets 36579 accounts_payable 3479
        current_liabilities 10566 long_term_debt 7961 total_equity 13213 total_liabilities_and_equity 36579
        depreciation_amortization 775 stock_based_compensation 709 operating_cash_flow 3698 capital_expenditure 430
        investing_cash_flow -275 share_repurchases 2985 dividends_paid 2300 financing_cash_flow -5820
        effect_of_exchange_rates 1 change_in_cash -2396 change_in_receivables -257 change_in_inventories 120""",
    ),
    "nvda-10-k-2025-02-26": (
        Period(date(2025, 1, 26), date(2024, 1, 29)),
        """revenue 130497 cost_of_revenue 32639 gross_profit 97858 research_and_development 12914
        selling_general_administrative 3491 total_operating_expenses 16405 operating_income 81453 interest_income 1786
        interest_expense 247 income_before_tax 84026 income_tax_expense 11146 net_income 72880
        eps_basic 2.97 eps_diluted 2.94 shares_basic 24555 shares_diluted 24804
        cash_and_equivalents 8589 short_term_investments 34621 accounts_receivable 23065 inventories 10080
        current_assets 80126 ppe_net 6283 goodwill 5188 intangible_assets 807 total_assets 111601
        accounts_payable 6310 short_term_debt 0 current_liabilities 18047 long_term_debt 8463 total_liabilities 32274
        total_equity 79327 total_liabilities_and_equity 111601 depreciation_amortization 1864
        stock_based_compensation 4737 operating_cash_flow 64089 capital_expenditure 3236 investing_cash_flow -20421
        share_repurchases 33706 dividends_paid 834 financing_cash_flow -42359 change_in_cash 1309
        change_in_receivables -13063 change_in_inventories -4781 change_in_payables 3357""",
    ),
    "aapl-10-q-2025-08-01": (
        Period(date(2025, 6, 28), date(2025, 3, 30)),
        """revenue 94036 cost_of_revenue 50318 gross_profit 43718 research_and_development 8866 operating_income 28202
        other_income_net -171 income_before_tax 28031 income_tax_expense 4597 net_income 23434 eps_basic 1.57
        eps_diluted 1.57 shares_diluted 14948.179 cash_and_equivalents 36269 current_assets 122491
        total_assets 331495 current_liabilities 141120 total_liabilities 265665 total_equity 65830""",
    ),
    "nvda-10-q-2025-08-27": (
        Period(date(2025, 7, 27), date(2025, 4, 28)),
        """revenue 46743 cost_of_revenue 12890 gross_profit 33853 research_and_development 4291 operating_income 28440
        interest_expense 62 income_before_tax 31206 income_tax_expense 4784 net_income 26422 eps_basic 1.08
        eps_diluted 1.08 shares_basic 24366 cash_and_equivalents 11639 current_assets 102219 total_assets 140740
        current_liabilities 24257 total_liabilities 40609 total_equity 100131""",
    ),
}
"""Filing: the period of its newest income statement column, and its figures there (balances: at the period's end)."""

YEAR_TO_DATE = {
    "aapl-10-q-2025-08-01": (
        Period(date(2025, 6, 28), date(2024, 9, 29)),
        "revenue 313695 net_income 84544 operating_cash_flow 81754 investing_cash_flow 17782 "
        "financing_cash_flow -93210 change_in_cash 6326 capital_expenditure 9473 dividends_paid 11559 "
        "share_repurchases 70579",
    ),
    "nvda-10-q-2025-08-27": (
        Period(date(2025, 7, 27), date(2025, 1, 27)),
        "revenue 90805 net_income 45197 operating_cash_flow 42779 investing_cash_flow -12343 "
        "financing_cash_flow -27386 change_in_cash 3050 capital_expenditure 3122 dividends_paid 488",
    ),
}
"""Cash flows of a 10-Q run from the start of the fiscal year."""

OLDER = {
    "aapl-10-k-2024-11-01": {2023: "revenue 383285 net_income 96995 eps_diluted 6.13", 2022: "revenue 394328"},
    "ba-10-k-2025-02-03": {2023: "revenue 77794 net_income -2222 operating_cash_flow 5960", 2022: "net_income -4935"},
    "ko-10-k-2025-02-20": {2023: "revenue 45754 net_income 10714 capital_expenditure 1852", 2022: "revenue 43004"},
    "nke-10-k-2025-07-17": {2024: "revenue 51362 net_income 5700 dividends_paid 2169", 2023: "revenue 51217"},
    "nvda-10-k-2025-02-26": {2024: "revenue 60922 net_income 29760", 2023: "income_tax_expense -187 net_income 4368"},
}
"""Earlier columns, by the calendar year in which they end."""


def _figures(text: str) -> dict[str, Decimal]:
    words = text.split()
    return {name: Decimal(figure) for name, figure in zip(words[::2], words[1::2], strict=True)}


@pytest.fixture(scope="module")
def filings(shared_data: Path) -> dict[str, tuple[bytes, Document, list[Value]]]:
    out = {}
    for path in sorted((shared_data / "finance" / "filings").glob("*.html.gz")):
        data = gzip.decompress(path.read_bytes())
        name = path.name.removesuffix(".html.gz")
        document = read_html(data, path.name)
        source = Source(
            document.sha256,
            path.name,
            str(path),
            "c",
            document.media_type,
            0,
            "en",
            Description(entity=name.split("-")[0]),
        )
        out[name] = (data, document, tagged_values(document, source))
    return out


def _one(values: list[Value], metric: str, period: Period) -> Value | None:
    """The consolidated value of a flow over `period`, or of a balance at its end."""
    found = [v for v in values if v.metric == metric and not v.dimensions and v.period in (period, Period(period.end))]
    assert len(found) <= 1, f"{metric}: {[(v.value, v.concept) for v in found]}"
    return found[0] if found else None


def _in_print(value: Value) -> Decimal:
    """Millions, except figures per share."""
    return value.value if "/" in value.unit else value.value / 1_000_000


@pytest.mark.parametrize("name", EXPECTED)
def test_figures_are_those_of_the_printed_statements(filings, name: str) -> None:  # type: ignore[no-untyped-def]
    period, text = EXPECTED[name]
    values = filings[name][2]
    got = {m: (_in_print(v) if (v := _one(values, m, period)) else None) for m in _figures(text)}
    assert got == _figures(text)


@pytest.mark.parametrize("name", YEAR_TO_DATE)
def test_cumulative_figures_of_a_quarterly_report_keep_their_own_period(filings, name: str) -> None:  # type: ignore[no-untyped-def]
    period, text = YEAR_TO_DATE[name]
    values = filings[name][2]
    got = {m: (_in_print(v) if (v := _one(values, m, period)) else None) for m in _figures(text)}
    assert got == _figures(text)


@pytest.mark.parametrize("name", OLDER)
def test_earlier_columns_are_kept_with_their_period(filings, name: str) -> None:  # type: ignore[no-untyped-def]
    for year, text in OLDER[name].items():
        for metric, expected in _figures(text).items():
            annual = [
                v
                for v in filings[name][2]
                if v.metric == metric and not v.dimensions and v.period.end.year == year and v.period.days > 350
            ]
            assert [_in_print(v) for v in annual] == [expected], (year, metric)


def test_apple_2024(filings) -> None:  # type: ignore[no-untyped-def]
    """Net sales 391,035, net income 93,736 (USD millions), diluted EPS 6.08: 10-K and company facts agree on them."""
    values = filings["aapl-10-k-2024-11-01"][2]
    period = EXPECTED["aapl-10-k-2024-11-01"][0]
    revenue, income, eps = (_one(values, m, period) for m in ("revenue", "net_income", "eps_diluted"))
    assert revenue and income and eps
    assert (revenue.value, income.value, eps.value) == (391_035_000_000, 93_736_000_000, Decimal("6.08"))
    assert (revenue.unit, revenue.scale, eps.unit) == ("USD", 6, "USD/shares")
    assert (revenue.printed, eps.printed, revenue.statement) == ("391,035", "$6.08", "income_statement")


def test_totals_tie_out_in_every_filing(filings) -> None:  # type: ignore[no-untyped-def]
    """Assets = liabilities + equity (redeemable interests included); the cash flow reconciles; gross profit = revenue
    less cost. Checked in each period that reports the lines, and every filing must have been checked."""
    checked: dict[str, set[str]] = {}
    for name, (_, _, values) in filings.items():
        by_period: dict[Period, dict[str, Decimal]] = {}
        for v in values:
            if not v.dimensions and v.statement:
                by_period.setdefault(v.period, {})[v.metric] = v.value
        for shown in by_period.values():
            if "total_assets" in shown:
                assert shown["total_assets"] == shown["total_liabilities_and_equity"], name
                if "total_liabilities" in shown:
                    owners = shown["total_equity"] + shown.get("redeemable_noncontrolling_interest", Decimal(0))
                    assert shown["total_assets"] == shown["total_liabilities"] + owners, name
                    checked.setdefault(name, set()).add("balance")
                if "noncontrolling_interest" in shown:
                    assert shown["total_equity"] == shown["shareholders_equity"] + shown["noncontrolling_interest"]
            if "change_in_cash" in shown:
                parts = [shown[f"{k}_cash_flow"] for k in ("operating", "investing", "financing")]
                assert sum(parts) + shown.get("effect_of_exchange_rates", Decimal(0)) == shown["change_in_cash"], name
                checked.setdefault(name, set()).add("cash flow")
            if {"gross_profit", "revenue", "cost_of_revenue"} <= shown.keys():
                assert shown["gross_profit"] == shown["revenue"] - shown["cost_of_revenue"], name
                checked.setdefault(name, set()).add("gross profit")
            if {"income_before_tax", "income_tax_expense"} <= shown.keys():
                after = shown["income_before_tax"] - shown["income_tax_expense"]
                assert after == shown.get("net_income_including_noncontrolling", shown["net_income"]), name
    for name in EXPECTED:
        wanted = {"cash flow", "gross profit"} | (set() if name.startswith(("ko", "nke")) else {"balance"})
        assert wanted <= checked[name], name


def test_values_match_every_total_that_the_filing_tags(filings) -> None:  # type: ignore[no-untyped-def]
    """Independent of how lines are chosen: each value is a fact of the filing with the same period and tag, or its
    negative where the line turns the tag's sign, and its printed digits are those of the fact."""
    for name, (_, document, values) in filings.items():
        facts = {(t.concept, t.period, t.dimensions, abs(t.value)) for t in document.tagged}
        for v in values:
            assert (v.concept, v.period, v.dimensions, abs(v.value)) in facts, (name, v)


def test_ibm_files_no_statements_and_is_said_to_have_none(filings) -> None:  # type: ignore[no-untyped-def]
    _, document, values = filings["ibm-10-k-2025-02-25"]
    assert not has_statements(document)
    assert not [v for v in values if v.statement]
    assert not [v for v in values if v.metric in ("revenue", "net_income", "total_assets", "operating_cash_flow")]
    assert all(has_statements(d) for name, (_, d, _) in filings.items() if not name.startswith("ibm"))


def test_every_quote_stands_at_its_locator_and_holds_the_number(filings) -> None:  # type: ignore[no-untyped-def]
    for name, (data, _, values) in filings.items():
        texts: dict[str, str] = {}
        for v in values[:: max(1, len(values) // 60)]:
            element = v.locator.element or ""
            if element not in texts:
                texts[element] = normalise(text_at(data, element))
            assert normalise(v.quote) in texts[element], (name, v)
            assert normalise(v.printed) in normalise(v.quote), (name, v)


def test_segment_values_keep_their_dimensions_beside_the_consolidated_one(filings) -> None:  # type: ignore[no-untyped-def]
    """Apple's note on segments: net sales of the Americas 167,045 in 2024."""
    values = filings["aapl-10-k-2024-11-01"][2]
    americas = [
        v
        for v in values
        if v.metric == "revenue"
        and v.period.end == date(2024, 9, 28)
        and ("us-gaap:StatementBusinessSegmentsAxis", "aapl:AmericasSegmentMember") in v.dimensions
    ]
    assert {v.value for v in americas} == {Decimal(167_045_000_000)}
    assert _one(values, "revenue", EXPECTED["aapl-10-k-2024-11-01"][0]) is not None


def test_one_consolidated_value_for_each_metric_and_period(filings) -> None:  # type: ignore[no-untyped-def]
    for name, (_, _, values) in filings.items():
        keys = [(v.metric, v.period, v.unit) for v in values if not v.dimensions]
        assert len(keys) == len(set(keys)), name
        assert len({v.id for v in values}) == len(values), name


def test_a_row_of_the_filers_own_is_kept_under_its_label_in_the_sign_printed(filings) -> None:  # type: ignore[no-untyped-def]
    """NVIDIA's cash flow statement: "Principal payments on property and equipment and intangible assets" (129)."""
    period = EXPECTED["nvda-10-k-2025-02-26"][0]
    value = _one(
        filings["nvda-10-k-2025-02-26"][2], "principal_payments_on_property_and_equipment_and_intangible_assets", period
    )
    assert value is not None
    assert (value.value, value.printed, value.statement) == (-129_000_000, "(129)", "cash_flow")


def test_tags_agree_with_the_printed_reading_of_the_same_statements(filings) -> None:  # type: ignore[no-untyped-def]
    """Two ways to the same standard lines: the tags, and the printed table read without them. They may differ in
    coverage, and in which of two rows a line is (NVIDIA: "Other, net", "Other income (expense), net"), nowhere else."""
    from verticals.finance.statements import printed

    compared = 0
    for name, (_, document, values) in filings.items():
        source = Source(document.sha256, name, name, "c", document.media_type, 0, "en", Description(entity=name))
        tagged = {(v.metric, v.period): v.value for v in values if not v.dimensions and v.statement}
        read = {(v.metric, v.period): v.value for v in printed.values(document, source) if not v.dimensions}
        both = [k for k in read if k in tagged and k[0] in lines() and k[0] != "other_income_net"]
        assert {k: read[k] for k in both} == {k: tagged[k] for k in both}, name
        compared += len(both)
    assert compared > 900
