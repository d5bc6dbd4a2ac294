"""Column heads to periods. Year ends are those of real calendars (source named where it is a company's own)."""

from __future__ import annotations

from datetime import date

import pytest

from core.evidence import Block, Description, Document, Locator, Period
from verticals.finance.statements.periods import Calendar, columns_of, months_in, periods_of


def calendar(end: str, year: str, year_end: str, quarter: str = "FY", text: str = "") -> Calendar:
    day = date.fromisoformat(end)
    description = Description(
        kind="10-K" if quarter == "FY" else "10-Q",
        period=Period(day),
        meta={"fiscal_year": year, "fiscal_year_end": year_end, "fiscal_period": quarter},
    )
    return Calendar(Document("", "", "", (Block("text", text, Locator()),)), description)


CALENDAR_YEAR = calendar("2022-12-31", "2022", "12-31")


def ends(heads: list[str], caption: str, when: Calendar, flow: bool = True) -> list[str]:
    columns = columns_of(list(enumerate(heads, 1)), caption, when, flow)
    return [p.as_text() for p in periods_of(columns, flow)]


def test_bare_years_take_month_and_day_from_the_caption() -> None:
    assert ends(["2022", "2021"], "Years ended December 31", CALENDAR_YEAR) == [
        "2022-01-01/2022-12-31",
        "2021-01-01/2021-12-31",
    ]


def test_bare_years_take_the_documents_year_end_where_no_caption_says() -> None:
    when = calendar("2022-06-30", "2022", "06-30")
    assert ends(["2022", "2021"], "", when) == ["2021-07-01/2022-06-30", "2020-07-01/2021-06-30"]


def test_fiscal_years_of_52_and_53_weeks_end_when_the_document_says() -> None:
    # General Mills: last Sunday in May; its fiscal 2020 had 53 weeks (Form 10-K 2020, note 1).
    when = calendar(
        "2020-05-31", "2020", "05-31", text="the fiscal years ended May 31, 2020, May 26, 2019, and May 27, 2018"
    )
    assert ends(["Fiscal Year 2020", "2019", "2018"], "Fiscal Year", when) == [
        "2019-05-27/2020-05-31",
        "2018-05-28/2019-05-26",
        "2017-05-29/2018-05-27",
    ]


def test_quarter_and_year_to_date_columns() -> None:
    when = calendar("2023-07-29", "2024", "01-28", "Q2")
    heads = ["Three Months Ended July 29, 2023", "Three Months Ended July 30, 2022", "Six Months Ended July 29, 2023"]
    assert ends(heads, "", when) == ["2023-04-30/2023-07-29", "2022-05-01/2022-07-30", "2023-01-29/2023-07-29"]


def test_balances_are_instants() -> None:
    assert ends(["December 31, 2022", "December 31, 2021"], "", CALENDAR_YEAR, flow=False) == [
        "2022-12-31",
        "2021-12-31",
    ]


def test_a_fiscal_year_named_by_its_start() -> None:
    when = calendar("2020-02-01", "2019", "02-01")
    assert ends(["2019"], "Fiscal", when, flow=False)[0] == "2020-02-01"


def test_change_and_note_columns_are_no_periods() -> None:
    assert ends(["2022", "2021", "% Change", "Note"], "Years ended December 31", CALENDAR_YEAR) == [
        "2022-01-01/2022-12-31",
        "2021-01-01/2021-12-31",
    ]


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("Three Months Ended", 3),
        ("Thirteen Weeks Ended", 3),
        ("26 weeks ended", 6),
        ("Nine months ended", 9),
        ("39 Weeks Ended", 9),
        ("Fiscal years ended", 12),
        ("52 Weeks Ended", 12),
        ("Twelve Months Ended", 12),
        ("Quarter ended", 3),
        ("At December 31", None),
    ],
)
def test_months_that_a_head_covers(words: str, months: int | None) -> None:
    assert months_in(words) == months
