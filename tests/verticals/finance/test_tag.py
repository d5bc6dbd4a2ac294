"""Passages are named by the statement that they hold and the section that they are of."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.evidence import Description, Locator, Passage, Source
from verticals.finance.tag import tag

SOURCE = Source("s", "filing.pdf", "", "c", "application/pdf", 100, "en", Description("Acme", "10-K"))
CASH = """Consolidated Statements of Cash Flows
(in millions)\t2022\t2021
Operating activities:
Net income\t$ 210\t$ 150
Depreciation and amortization\t60\t55
Inventories\t(10)\t(5)
Net cash provided by operating activities\t260\t200
Purchases of property, plant and equipment\t(120)\t(100)
Net cash used in investing activities\t(120)\t(100)
Dividends paid\t(100)\t(80)
Net cash used in financing activities\t(130)\t(100)
Net increase in cash and cash equivalents\t10\t—
Cash and cash equivalents at end of year\t$ 100\t$ 90"""


def passage(text: str, path: tuple[str, ...] = (), kind: str = "text", page: int = 50) -> Passage:
    return Passage("p", "s", 500, kind, text, Locator(page=page), path)  # type: ignore[arg-type]


def test_the_statement_itself_gets_its_tag() -> None:
    path = ("Item 8. Financial Statements", "Consolidated Statements of Cash Flows")
    assert tag(passage(CASH, path, "table"), SOURCE)[0] == "cash_flow"


def test_text_that_mentions_a_statement_does_not() -> None:
    text = "The consolidated statements of cash flows show that net cash provided by operating activities grew."
    assert "cash_flow" not in tag(passage(text, ("Item 7. Management's Discussion",)), SOURCE)


def test_a_summary_in_the_discussion_does_not() -> None:
    text = """Cash flows (in millions)\t2022\t2021
Net cash provided by operating activities\t260\t200
Net cash used in investing activities\t(120)\t(100)
Net cash used in financing activities\t(130)\t(100)
Effect of exchange rates\t1\t2
Net increase in cash\t10\t—"""
    assert "cash_flow" not in tag(passage(text, ("Liquidity and Capital Resources",), "table"), SOURCE)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Item 1A. Risk Factors", "risk_factors"),
        ("ITEM 3. LEGAL PROCEEDINGS", "legal_proceedings"),
        ("Item 7. Management’s Discussion and Analysis", "mdna"),
        ("Item 7A. Quantitative and Qualitative Disclosures About Market Risk", "market_risk"),
        ("Item 1. Business", "business"),
        ("Note 6. Income Taxes", "tax_note"),
        ("NOTE 10 – DEBT", "debt_note"),
        ("Note 4. Acquisitions and Divestitures", "acquisitions"),
        ("Note 17. Segment Information", "segments"),
        ("Restructuring charges", "restructuring"),
    ],
)
def test_a_section_is_told_by_its_heading(heading: str, name: str) -> None:
    assert name in tag(passage("Some words.", ("PART", heading)), SOURCE)


def test_the_cover_with_registered_notes_answers_about_debt_too() -> None:
    text = "Securities registered pursuant to Section 12(b): Title of each class\n1.5% Notes due 2026"
    assert {"cover", "debt_note"} <= set(tag(passage(text, page=1), SOURCE))
    assert "cover" not in tag(passage(text, page=60), SOURCE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "pages"),
    [  # the consolidated statements' pages, read in the filing
        ("NIKE_2018_10K", {"income_statement": 46, "balance_sheet": 48, "cash_flow": 49}),
        ("BESTBUY_2024Q2_10Q", {"balance_sheet": 3, "income_statement": 4, "cash_flow": 6}),
        ("KRAFTHEINZ_2019_10K", {"income_statement": 50, "balance_sheet": 52, "cash_flow": 54}),
    ],
)
def test_statement_pages_of_a_filing(name: str, pages: dict[str, int], shared_data: Path) -> None:
    from core.indexing.passages import passages
    from core.reading import read
    from verticals.finance.describe import describe

    document = read(shared_data / "finance" / "financebench" / "filings" / f"{name}.pdf")
    found: dict[str, set[int | None]] = {}
    for p in passages(document, describe(document), "s"):
        for kind in tag(p, SOURCE):
            found.setdefault(kind, set()).add(p.locator.page)
    for kind, page in pages.items():
        assert page in found[kind] and len(found[kind]) <= 3, (kind, found[kind])
