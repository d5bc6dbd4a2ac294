"""What a filing says of itself. Made-up covers follow the layout of the forms; the table of development filings was
written from their cover pages (company, form, period end, fiscal year as the company names it)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.evidence import Block, Document, Locator
from verticals.finance.describe import describe
from verticals.finance.names import as_written, display_name, shorter_names, tidy_company

COVER = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
FORM {form}
{report} PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934
For the {what} ended {end}
Commission file number 1-9999
{name}
(Exact name of registrant as specified in its charter)
Common Stock, par value $0.10 per share {symbol} New York Stock Exchange
"""


def filing(text: str, body: str = "", name: str = "x.pdf", meta: dict[str, str] | None = None) -> Document:
    blocks = (Block("text", text, Locator(page=1)), Block("text", body, Locator(page=5)))
    return Document("0", name, "application/pdf", blocks, pages=9, meta=meta or {})


def annual(end: str, name: str = "ACME STORES CO., INC.", body: str = "") -> Document:
    text = COVER.format(form="10-K", report="ANNUAL REPORT", what="fiscal year", end=end, name=name, symbol="ACM")
    return filing(text, body)


def test_an_annual_report_by_its_cover() -> None:
    found = describe(annual("December 31, 2022"))
    assert (found.entity, found.kind, found.title) == ("Acme Stores", "10-K", "Acme Stores 10-K FY2022")
    assert found.period is not None and found.period.as_text() == "2022-01-01/2022-12-31"
    assert set(found.aliases) == {"Acme Stores Co., Inc.", "Acme", "ACM"}
    assert found.meta["fiscal_year_end"] == "12-31" and found.meta["ticker"] == "ACM"


def test_a_quarterly_report_knows_its_quarter_and_fiscal_year() -> None:
    text = COVER.format(
        form="10-Q", report="QUARTERLY REPORT", what="quarterly period", end="July 29, 2023", name="Acme", symbol="ACM"
    )
    found = describe(filing(text, "our Annual Report for the fiscal year ended January 28, 2023"))
    assert found.kind == "10-Q"
    assert (found.meta["fiscal_year"], found.meta["fiscal_period"]) == ("2024", "Q2")
    assert found.period is not None and found.period.days == 91


@pytest.mark.parametrize(
    ("body", "year"),
    [
        (
            "Fiscal 2019 sales rose. Fiscal 2019 had 52 weeks. Stores of fiscal 2019. Fiscal 2020 will differ.",
            "2019",
        ),
        ("In fiscal 2020 sales rose. Fiscal 2020 had 52 weeks. In fiscal 2019 sales fell.", "2020"),
        ("Fiscal 2019 comprised the 52 weeks ended February 1, 2020.", "2019"),
        ("", "2020"),
    ],
)
def test_a_year_ending_in_winter_is_named_as_the_company_names_it(body: str, year: str) -> None:
    assert describe(annual("February 1, 2020", body=body)).meta["fiscal_year"] == year


def test_a_year_that_ends_in_the_first_days_of_january_is_the_year_before() -> None:
    assert describe(annual("January 2, 2021")).meta["fiscal_year"] == "2020"


def test_facts_of_inline_xbrl_come_before_the_words() -> None:
    meta = {
        "dei:EntityRegistrantName": "ACME STORES CO INC",
        "dei:DocumentType": "10-K",
        "dei:DocumentPeriodEndDate": "2020-02-01",
        "dei:DocumentFiscalYearFocus": "2019",
        "dei:CurrentFiscalYearEndDate": "--02-01",
        "dei:TradingSymbol": "ACM",
    }
    found = describe(filing("Form 10-Q", meta=meta))
    assert (found.entity, found.kind, found.meta["fiscal_year"]) == ("Acme Stores", "10-K", "2019")


def test_an_earnings_release_without_a_form() -> None:
    text = "Acme reports fiscal 2023 results\nTwelve Months Ended June 30,\n2022 2023\nNet sales 14,544 14,694"
    found = describe(filing(text))
    assert (found.entity, found.kind) == ("Acme", "earnings release")
    assert found.period is not None and found.period.end == date(2023, 6, 30)


def test_a_current_report_is_dated_by_its_report_date() -> None:
    text = """UNITED STATES SECURITIES AND EXCHANGE COMMISSION
FORM 8-K
CURRENT REPORT Pursuant to Section 13 or 15(d)
Date of Report (Date of earliest event reported): July 1, 2022
ACME PLC
(Exact name of registrant as specified in its charter)"""
    found = describe(filing(text))
    assert (found.entity, found.kind, found.date) == ("Acme", "8-K", date(2022, 7, 1))


def test_the_files_name_is_asked_only_where_the_content_is_silent() -> None:
    found = describe(filing("Some words without a form.", name="ACME_2021_10K.pdf"))
    assert (found.entity, found.kind) == ("Acme", "10-K")
    renamed = replace(annual("December 31, 2022"), name="OTHER_2019_10Q.pdf")
    assert (describe(renamed).entity, describe(renamed).kind) == ("Acme Stores", "10-K")


def test_a_document_that_is_no_filing_stays_undescribed() -> None:
    found = describe(filing("Minutes of the gardening club.", name="notes.txt"))
    assert (found.entity, found.kind, found.period) == ("", "other", None)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("BEST BUY CO., INC.", "Best Buy"),
        ("3M COMPANY", "3M"),
        ("LOCKHEED MARTIN CORPORATION", "Lockheed Martin"),
        ("The Boeing Company", "Boeing"),
        ("AMCOR PLC", "Amcor"),
        ("ADOBE SYSTEMS INCORPORATED", "Adobe Systems"),
        ("JPMorgan Chase & Co.", "JPMorgan Chase"),
        ("Johnson & Johnson", "Johnson & Johnson"),
        ("American Water Works Company, Inc.", "American Water Works"),
        ("MGM Resorts International", "MGM Resorts International"),
        ("PayPal Holdings, Inc.", "PayPal Holdings"),
    ],
)
def test_shown_name(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_names_as_people_write_them() -> None:
    assert shorter_names("Adobe Systems") == ("Adobe",)
    assert shorter_names("General Electric") == ()
    assert tidy_company("BEST BUY CO., INC.") == "Best Buy Co., Inc."
    assert as_written("COCA COLA CO", "The Coca-Cola Company and Coca-Cola bottlers") == "Coca-Cola Co"
    assert as_written("NVIDIA CORP", "NVIDIA and www.nvidia.com; NVIDIA") == "NVIDIA CORP"


FILINGS = {
    "3M_2018_10K": ("3M", "10-K", "2018-12-31", "2018"),
    "ADOBE_2022_10K": ("Adobe", "10-K", "2022-12-02", "2022"),
    "AMCOR_2022_8K_dated-2022-07-01": ("Amcor", "8-K", "2022-07-01", None),
    "AMCOR_2023Q2_10Q": ("Amcor", "10-Q", "2022-12-31", "2023"),
    "AMCOR_2023Q4_EARNINGS": ("Amcor", "earnings release", "2023-06-30", "2023"),
    "BESTBUY_2017_10K": ("Best Buy", "10-K", "2017-01-28", "2017"),
    "BESTBUY_2024Q2_10Q": ("Best Buy", "10-Q", "2023-07-29", "2024"),
    "MICROSOFT_2016_10K": ("Microsoft", "10-K", "2016-06-30", "2016"),
    "Pfizer_2023Q2_10Q": ("Pfizer", "10-Q", "2023-07-02", "2023"),
    "WALMART_2020_10K": ("Walmart", "10-K", "2020-01-31", "2020"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILINGS)
def test_development_filing_under_a_name_that_says_nothing(name: str, shared_data: Path) -> None:
    from core.reading import read

    entity, kind, end, year = FILINGS[name]
    found = describe(read(shared_data / "finance" / "financebench" / "filings" / f"{name}.pdf", name="file.pdf"))
    assert (found.entity, found.kind) == (entity, kind)
    assert found.period is not None and found.period.end.isoformat() == end
    if year:
        assert found.meta["fiscal_year"] == year
