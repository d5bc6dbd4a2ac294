"""The frame: fiscal years by the company's own names, quarters alone, the latest filing's figure.

Calendars are real: Best Buy's fiscal 2023 ended 28 January 2023 (named by the year of its end), Target's fiscal 2022
ended on the same day (named by the year of its start), Intel's 52/53-week years end on the last Saturday of December
(fiscal 2016 on 31 December 2016, fiscal 2022 on 31 December 2022), some years of such companies in early January.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.evidence import Description, Locator, Period, Source, Value
from verticals.finance.statements.frame import Frame, short_name


def day(text: str) -> date:
    return date.fromisoformat(text)


def source(name: str, kind: str, end: str, year: str, filed: str, year_end: str = "", start: str = "") -> Source:
    period = Period(day(end), day(start) if start else None)
    meta = {"fiscal_year": year, "fiscal_year_end": year_end}
    description = Description("Acme", kind, period=period, date=day(filed), aliases=("Acme Inc.", "ACM"), meta=meta)
    return Source(name, name, "", "c", "", 1, "en", description)


def value(metric: str, amount: int | str, end: str, start: str = "", source_id: str = "a", **more: object) -> Value:
    fields: dict[str, object] = {"statement": "", "dimensions": (), "scale": 6, "concept": None, **more}
    return Value(
        id=f"{metric}{end}{start}{source_id}{amount}",
        source_id=source_id,
        entity="Acme",
        metric=metric,
        label=metric,
        period=Period(day(end), day(start) if start else None),
        value=Decimal(amount),
        unit="USD",
        printed=str(amount),
        locator=Locator(page=1),
        **fields,  # type: ignore[arg-type]
    )


BEST_BUY_WAY = source("a", "10-K", "2023-01-28", "2023", "2023-03-17", "01-28", "2022-01-30")
TARGET_WAY = source("a", "10-K", "2023-01-28", "2022", "2023-03-08", "01-28", "2022-01-30")


@pytest.mark.parametrize(("filing", "year"), [(BEST_BUY_WAY, 2023), (TARGET_WAY, 2022)])
def test_a_fiscal_year_carries_the_companys_own_name(filing: Source, year: int) -> None:
    values = [
        value("revenue", 100, "2023-01-28", "2022-01-30"),
        value("revenue", 90, "2022-01-29", "2021-01-31"),
        value("total_assets", 50, "2023-01-28"),
    ]
    frame = Frame("Acme", values, [filing])
    assert frame.fiscal_years() == [year - 1, year]
    revenue, assets = frame.get("revenue", year), frame.get("total_assets", year)
    assert revenue and assets and (revenue.value, assets.value) == (100, 50)
    assert frame.get("revenue", year + 1) is None


def test_a_year_that_ends_in_the_first_days_of_january_belongs_to_the_year_before() -> None:
    filing = source("a", "10-K", "2021-01-02", "2020", "2021-02-25", "01-02", "2019-12-29")
    values = [
        value("revenue", 3, "2021-01-02", "2019-12-29"),
        value("revenue", 2, "2019-12-28", "2018-12-30"),
        value("revenue", 1, "2018-12-29", "2017-12-31"),
    ]
    frame = Frame("Acme", values, [filing])
    assert frame.fiscal_years() == [2018, 2019, 2020]
    assert [v.value for y in (2018, 2019, 2020) if (v := frame.get("revenue", y))] == [1, 2, 3]


def test_a_quarter_is_the_three_months_alone_and_the_year_to_date_is_asked_for() -> None:
    filing = source("a", "10-Q", "2023-07-29", "2024", "2023-09-01", "01-28", "2023-04-30")
    values = [
        value("revenue", 9583, "2023-07-29", "2023-04-30"),
        value("revenue", 19050, "2023-07-29", "2023-01-29"),
        value("total_assets", 15318, "2023-07-29"),
        value("total_assets", 15803, "2023-01-28"),
    ]
    frame = Frame("Acme", values, [filing])
    quarter, year_to_date = frame.get("revenue", 2024, 2), frame.year_to_date("revenue", 2024, 2)
    assert quarter and quarter.value == 9583
    assert year_to_date and year_to_date.value == 19050
    balance, year_end = frame.get("total_assets", 2024, 2), frame.get("total_assets", 2023)
    assert balance and balance.value == 15318
    assert year_end and year_end.value == 15803
    assert frame.get("revenue", 2024) is None


def test_the_latest_filing_wins_and_the_earlier_figure_is_kept() -> None:
    old = source("old", "10-K", "2021-12-31", "2021", "2022-02-01", "12-31", "2021-01-01")
    new = source("new", "10-K", "2022-12-31", "2022", "2023-02-01", "12-31", "2022-01-01")
    values = [
        value("revenue", 100, "2021-12-31", "2021-01-01", "old"),
        value("revenue", 98, "2021-12-31", "2021-01-01", "new"),
    ]
    frame = Frame("Acme", values, [old, new])
    assert [v.value for v in frame.history("revenue", 2021)] == [98, 100]
    latest = frame.get("revenue", 2021)
    assert latest and latest.source_id == "new"


def test_of_two_places_in_one_filing_the_lines_own_statement_is_taken() -> None:
    filing = source("a", "10-K", "2022-12-31", "2022", "2023-02-01", "12-31", "2022-01-01")
    values = [
        value("revenue", 7, "2022-12-31", "2022-01-01", statement="", scale=6),
        value("revenue", 8, "2022-12-31", "2022-01-01", statement="income_statement", scale=6),
    ]
    found = Frame("Acme", values, [filing]).get("revenue", 2022)
    assert found and found.value == 8


def test_segments_stay_out_of_the_companys_figures() -> None:
    filing = source("a", "10-K", "2022-12-31", "2022", "2023-02-01", "12-31", "2022-01-01")
    part = value("revenue", 5, "2022-12-31", "2022-01-01", dimensions=(("Segment", "East"),))
    frame = Frame("Acme", [part], [filing])
    assert frame.get("revenue", 2022) is None
    assert frame.values("revenue") == [] and frame.values("revenue", dimensions=True) == [part]
    assert frame.metrics() == set()


def test_nothing_known_is_none_not_an_error() -> None:
    frame = Frame("Acme", ())
    assert frame.fiscal_years() == [] and frame.metrics() == set()
    assert frame.get("revenue", 2022) is None and frame.fiscal_year(Period(date(2022, 12, 31))) is None


def test_trailing_twelve_months_of_a_quarterly_report_are_no_fiscal_year() -> None:
    filing = source("a", "10-Q", "2022-09-30", "2022", "2022-11-01", "12-31", "2022-07-01")
    values = [value("revenue", 9, "2022-09-30", "2021-10-01"), value("revenue", 8, "2021-12-31", "2021-01-01")]
    frame = Frame("Acme", values, [filing])
    assert frame.fiscal_years() == [2021]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3M Company", "3M CO"),
        ("BEST BUY CO INC", "Best Buy Co., Inc."),
        ("The Boeing Company", "Boeing Co"),
        ("Amcor plc", "AMCOR PLC"),
        ("LOCKHEED MARTIN CORP", "Lockheed Martin Corporation"),
        ("COCA COLA CO", "The Coca-Cola Company"),
        ("WALMART INC.", "Walmart"),
    ],
)
def test_one_company_under_its_different_writings(one: str, other: str) -> None:
    assert short_name(one) == short_name(other)
