"""Statements as other filers and their software set them: split over pages, with own tags, wrapped in FONT and P."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.evidence import Description, Document, Period, Source, Value
from core.reading.html import read_html
from verticals.finance.statements.tagged import has_statements, statement_tables, tagged_values

_HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2015-02-26" xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:us-gaap="http://fasb.org/us-gaap/2023"
 xmlns:acme="http://acme.example/2023"><head><title>x</title></head><body><div style="display:none"><ix:header>
<ix:resources>{contexts}<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit></ix:resources>
</ix:header></div>"""
_CONTEXT = (
    '<xbrli:context id="{id}"><xbrli:entity><xbrli:identifier scheme="c">1</xbrli:identifier>{segment}</xbrli:entity>'
    "<xbrli:period>{period}</xbrli:period></xbrli:context>"
)
_INSTANT = "<xbrli:instant>2023-12-31</xbrli:instant>"
_YEAR = "<xbrli:startDate>2023-01-01</xbrli:startDate><xbrli:endDate>2023-12-31</xbrli:endDate>"
_PARENT = (
    '<xbrli:segment><xbrldi:explicitMember dimension="srt:ConsolidatedEntitiesAxis">srt:ParentCompanyMember'
    "</xbrldi:explicitMember></xbrli:segment>"
)


def _row(
    label: str, tag: str, text: str, context: str = "i", before: str = "$", after: str = "&#160;", sign: str = ""
) -> str:
    tag = tag if ":" in tag else f"us-gaap:{tag}"
    fact = (
        f'<ix:nonFraction name="{tag}" contextRef="{context}" unitRef="usd" scale="3" decimals="-3" '
        f'format="ixt:numdotdecimal"{sign}>{text}</ix:nonFraction>'
    )
    return (
        f'<tr><td valign="top"><p style="margin-left:10pt;text-indent:-10pt"><font size="2">{label}</font></p></td>'
        f'<td><font size="2">&#160;</font></td><td><font size="2">{before}</font></td>'
        f'<td align="right"><font size="2">{fact}</font></td><td><font size="2">{after}</font></td></tr>'
    )


def _table(*rows: str) -> str:
    head = '<tr><td>&#160;</td><td>&#160;</td><td colspan="2" align="center"><b>2023</b></td><td>&#160;</td></tr>'
    return f'<table cellpadding="0" cellspacing="0" width="100%">{head}{"".join(rows)}</table>'


def _filing(body: str) -> tuple[Document, list[Value]]:
    contexts = (
        _CONTEXT.format(id="i", segment="", period=_INSTANT)
        + _CONTEXT.format(id="y", segment="", period=_YEAR)
        + _CONTEXT.format(id="p", segment=_PARENT, period=_INSTANT)
    )
    document = read_html((_HEAD.format(contexts=contexts) + body + "</body></html>").encode(), "acme.htm")
    source = Source(document.sha256, "acme.htm", "", "c", document.media_type, 0, "en", Description(entity="Acme"))
    return document, tagged_values(document, source)


_ASSETS = (
    _row("Cash and cash equivalents", "CashAndCashEquivalentsAtCarryingValue", "100"),
    _row("Receivables, net", "AccountsReceivableNetCurrent", "200"),
    _row("Inventories", "acme:FinishedGoodsAndKits", "50"),
    _row("Total current assets", "AssetsCurrent", "350"),
    _row("Property and equipment, net", "PropertyPlantAndEquipmentNet", "650"),
    _row("Goodwill", "Goodwill", "1,000"),
    _row("Total assets", "Assets", "2,000"),
)
_CLAIMS = (
    _row("Accounts payable", "AccountsPayableCurrent", "300"),
    _row("Total current liabilities", "LiabilitiesCurrent", "400"),
    _row("Long-term debt", "LongTermDebtNoncurrent", "600"),
    _row("Total liabilities", "Liabilities", "1,000"),
    _row("Total stockholders\u2019 equity", "StockholdersEquity", "1,000"),
    _row("Total liabilities and stockholders\u2019 equity", "LiabilitiesAndStockholdersEquity", "2,000"),
)


def _metrics(values: list[Value]) -> dict[str, Decimal]:
    return {v.metric: v.value for v in values if not v.dimensions}


def test_a_balance_sheet_on_two_pages_is_one_statement() -> None:
    document, values = _filing(
        "<p align='center'><b>CONSOLIDATED BALANCE SHEET</b></p>" + _table(*_ASSETS) + "<p>12</p><hr/>"
        "<p align='center'><b>CONSOLIDATED BALANCE SHEET (continued)</b></p>" + _table(*_CLAIMS)
    )
    assert list(statement_tables(document).values()) == ["balance_sheet", "balance_sheet"]
    assert has_statements(document)
    found = _metrics(values)
    assert found["total_assets"] == found["total_liabilities"] + found["total_equity"] == 2_000_000
    assert {v.statement for v in values} == {"balance_sheet"}
    assert {v.period for v in values} == {Period(date(2023, 12, 31))}


def test_a_row_with_a_tag_of_the_filers_own_is_known_by_its_label() -> None:
    (value,) = [v for v in _filing(_table(*_ASSETS))[1] if v.metric == "inventories"]
    assert (value.value, value.concept, value.quote) == (50_000, "acme:FinishedGoodsAndKits", "Inventories\t$50")


def test_a_note_does_not_overrule_the_statement() -> None:
    """A rounded or partial figure of the same tag in a note stands aside for the one in the statement."""
    note = _table(_row("Goodwill of the segment before allocation", "Goodwill", "999"), _row("x", "acme:X", "1"))
    _, values = _filing(note + "<p>Notes come first in this file.</p>" + _table(*_ASSETS))
    (value,) = [v for v in values if v.metric == "goodwill"]
    assert (value.value, value.statement) == (1_000_000, "balance_sheet")


def test_figures_of_the_parent_alone_are_not_the_groups() -> None:
    parent = _table(
        *(_row(f"Line {n}", tag, "7", context="p") for n, tag in enumerate(("Assets", "Goodwill", "Liabilities")))
    )
    document, values = _filing(_table(*_ASSETS) + "<p>Schedule I: the parent company alone.</p>" + parent)
    assert _metrics(values)["total_assets"] == 2_000_000
    assert {v.value for v in values if v.metric == "total_assets" and v.dimensions} == {Decimal(7000)}
    assert list(statement_tables(document).values()) == ["balance_sheet"]


def test_payments_are_positive_and_changes_follow_their_effect_on_cash() -> None:
    rows = [
        _row("Depreciation", "DepreciationDepletionAndAmortization", "40", "y"),
        _row("(Increase) in receivables", "IncreaseDecreaseInAccountsReceivable", "30", "y", "(", ")"),
        _row("Increase in payables", "IncreaseDecreaseInAccountsPayable", "20", "y"),
        _row("Cash from operations", "NetCashProvidedByUsedInOperatingActivities", "130", "y"),
        _row("Capital expenditures", "PaymentsToAcquirePropertyPlantAndEquipment", "60", "y", "(", ")"),
        _row("Cash used in investing", "NetCashProvidedByUsedInInvestingActivities", "60", "y", "(", ")", ' sign="-"'),
        _row("Dividends", "PaymentsOfDividends", "10", "y", "(", ")"),
        _row("Cash used in financing", "NetCashProvidedByUsedInFinancingActivities", "10", "y", "(", ")", ' sign="-"'),
    ]
    document, values = _filing(_table(*rows))
    assert list(statement_tables(document).values()) == ["cash_flow"]
    found = {k: v / 1000 for k, v in _metrics(values).items()}
    assert found == {
        "depreciation_amortization": 40,
        "change_in_receivables": -30,
        "change_in_payables": 20,
        "operating_cash_flow": 130,
        "capital_expenditure": 60,
        "investing_cash_flow": -60,
        "dividends_paid": 10,
        "financing_cash_flow": -10,
    }
    assert {v.printed for v in values if v.metric == "capital_expenditure"} == {"(60)"}


def test_a_filing_with_tags_but_no_statement_says_so() -> None:
    document, values = _filing(
        "<p>Cover.</p>" + _table(_row("Reserve", "acme:Reserve", "5"), _row("Used", "acme:Used", "4"))
    )
    assert not has_statements(document)
    assert values == []
