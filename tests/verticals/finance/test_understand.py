"""Questions understood: who is meant, when, which figures, and which filings may answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.evidence import Period, Source
from core.vertical import Hit, Query
from tests.verticals.finance.made_up import source
from verticals.finance.understand import query_of
from verticals.finance.understand.companies import core_name, find
from verticals.finance.understand.periods import find as periods
from verticals.finance.understand.tokens import read


def quarter(entity: str, name: str, year: int, number: int, end: date) -> Source:
    base = source(entity, name, year, "10-Q", fiscal_period=f"Q{number}")
    return replace(base, description=replace(base.description, period=Period(end)))


SOURCES = [
    source("Lathe Works", "lathe-2020", 2020, aliases="Lathe Works, Inc.|LTHW"),
    source("Lathe Works", "lathe-2022", 2022, aliases="Lathe Works, Inc.|LTHW"),
    quarter("Lathe Works", "lathe-q2-2023", 2023, 2, date(2023, 6, 30)),
    source("Target", "target-2022", 2022, aliases="Target Corporation|TGT"),
    source("The Brass & Bell Company", "bell-2022", 2022),
    source("5N Plating Co.", "plating-2022", 2022),
]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("revenue of FY2022", (2022,)),
        ("revenue of FY22", (2022,)),
        ("revenue of FY'22", (2022,)),
        ("in fiscal 2022", (2022,)),
        ("in fiscal year 2022", (2022,)),
        ("in 2022", (2022,)),
        ("year end 2018", (2018,)),
        ("between FY2017 and FY2019", (2017, 2018, 2019)),
        ("from FY2017 to 2019", (2017, 2018, 2019)),
        ("FY2017 - FY2019", (2017, 2018, 2019)),
        ("2017–2019", (2017, 2018, 2019)),
        ("2019-21", (2019, 2020, 2021)),
        ("three years to 2019", (2017, 2018, 2019)),
        ("FY2021 and FY2023", (2021, 2023)),
        ("in FY2023, FY2022 and FY2021", (2021, 2022, 2023)),
        ("a charge of $2,018 million", ()),
        ("version 2022.1 of the standard", ()),
        ("was 2022% higher", ()),
    ],
)
def test_fiscal_years(text: str, years: tuple[int, ...]) -> None:
    assert periods(text).years == years


@pytest.mark.parametrize(
    ("text", "year", "number"),
    [
        ("Q2 FY2024", 2024, 2),
        ("Q22023", 2023, 2),
        ("Q2'2023", 2023, 2),
        ("Q3 of 2021", 2021, 3),
        ("2Q23", 2023, 2),
        ("second quarter of fiscal 2023", 2023, 2),
        ("the fourth quarter of FY22", 2022, 4),
        ("Q1 revenue", None, 1),
    ],
)
def test_quarters(text: str, year: int | None, number: int) -> None:
    found = periods(text)
    assert [(q.year, q.number) for q in found.quarters] == [(year, number)]
    assert found.years == ()


def test_a_calendar_date_is_not_a_fiscal_year() -> None:
    found = periods("the filing dated 1st July 2022")
    assert found.dates == (date(2022, 7, 1),)
    assert found.years == ()


@pytest.mark.parametrize(
    ("question", "company"),
    [
        ("What was Lathe Works' revenue in FY2022?", "Lathe Works"),
        ("What was the revenue of Lathe Works, Inc. in FY2022?", "Lathe Works"),
        ("LTHW revenue FY2022", "Lathe Works"),
        ("what was the revenue of lathe works in fy2022?", "Lathe Works"),
        ("What was the revenue of Brass and Bell?", "The Brass & Bell Company"),
        ("Does 5N Plating have debt?", "5N Plating Co."),
        ("What did Target earn in FY2022?", "Target"),
        ("What was the revenue of Lahte Works in FY2022?", "Lathe Works"),
    ],
)
def test_a_company_by_name_alias_ticker_or_slip(question: str, company: str) -> None:
    assert query_of(question, SOURCES).entities == (company,)


@pytest.mark.parametrize(
    "question",
    [
        "Did the company miss its target for FY2022?",
        "What is the working capital target of the group?",
    ],
)
def test_a_common_word_is_not_the_company_of_that_name(question: str) -> None:
    assert "Target" not in find(question, SOURCES).known


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What was the revenue of the Ottoman Railway Company in 1884?", "Ottoman Railway Company"),
        ("What was Quillfeather's FY2022 revenue?", "Quillfeather"),
        ("Does Quillfeather have an improving gross margin?", "Quillfeather"),
        ("Which has the higher gross margin, Lathe Works or Quillfeather?", "Quillfeather"),
    ],
)
def test_a_company_that_no_source_is_about_is_said_to_be_unknown(question: str, unknown: str) -> None:
    assert query_of(question, SOURCES).unknown_entities == (unknown,)


def test_nothing_can_answer_for_an_unknown_company() -> None:
    query = query_of("What was the revenue of the Ottoman Railway Company in 1884?", SOURCES)
    assert query.entities == ()
    assert query.source_ids == ()


@pytest.mark.parametrize(
    "question",
    [
        "How much does Lathe Works expect to pay to spin off Upjohn?",
        "Does Lathe Works sell the Model Nine in Germany?",
        "What is the EBITDA margin of Lathe Works?",
        "What are the primary risks in Q2 of FY2023?",
    ],
)
def test_names_of_products_places_and_terms_are_not_unknown_companies(question: str) -> None:
    assert query_of(question, SOURCES).unknown_entities == ()


def test_two_companies_in_the_order_of_the_question() -> None:
    query = query_of("Compare the gross margin of Target and Lathe Works in FY2022", SOURCES)
    assert query.entities == ("Target", "Lathe Works")
    assert query.source_ids is not None
    assert query.source_ids[:2] == ("target-2022", "lathe-2022")


def test_renamed_companies_are_one_under_the_latest_name() -> None:
    old = source("Lathe Systems", "old", 2015, aliases="Lathe Systems Incorporated|Lathe")
    new = source("Lathe", "new", 2022)
    query = query_of("What was the revenue of Lathe in FY2015?", [old, new])
    assert query.entities == ("Lathe",)
    assert query.source_ids is not None
    assert query.source_ids[0] == "old"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Revenue of Lathe Works in FY2020?", "lathe-2020"),
        ("Revenue of Lathe Works in FY2021?", "lathe-2022"),  # printed as the year before
        ("Revenue of Lathe Works in FY2022?", "lathe-2022"),
        ("Revenue of Lathe Works in Q2 FY2023?", "lathe-q2-2023"),
        ("Revenue growth of Lathe Works from FY2020 to FY2022?", "lathe-2022"),
        ("What does Lathe Works make?", "lathe-2022"),
        ("What does the 10-Q of Lathe Works say about risks?", "lathe-q2-2023"),
    ],
)
def test_the_filing_of_the_year_comes_first(question: str, first: str) -> None:
    query = query_of(question, SOURCES)
    assert query.source_ids is not None
    assert query.source_ids[0] == first


def test_the_only_report_on_a_quarter_says_which_company_is_meant() -> None:
    assert query_of("Was there any drop in cash in Q2 of FY2023?", SOURCES).entities == ("Lathe Works",)


@pytest.mark.parametrize(
    ("question", "metric", "tag"),
    [
        ("capex of Lathe Works", "capital_expenditure", "cash_flow"),
        ("net PPNE of Lathe Works", "ppe_net", "balance_sheet"),
        ("Lathe Works' COGS", "cost_of_revenue", "income_statement"),
        ("Lathe Works' property, plant, and equipment", "ppe_net", "balance_sheet"),
        ("SG&A of Lathe Works", "selling_general_administrative", "income_statement"),
        ("cash conversion cycle (CCC) of Lathe Works", "cash_conversion_cycle", "balance_sheet"),
        ("free cashflow conversion of Lathe Works", "free_cash_flow_conversion", "cash_flow"),
    ],
)
def test_metrics_by_their_synonyms_bring_the_statement_that_holds_them(question: str, metric: str, tag: str) -> None:
    query = query_of(question, SOURCES)
    assert query.metrics == (metric,)
    assert tag in query.tags


def test_a_question_that_needs_three_statements_asks_for_them() -> None:
    query = query_of("Is Lathe Works capital-intensive?", SOURCES)
    assert {"income_statement", "balance_sheet", "cash_flow"} <= set(query.tags)


def test_the_printed_names_of_a_metric_widen_the_search() -> None:
    assert "capital expenditure" in query_of("capex of Lathe Works", SOURCES).expansions


def test_core_name_drops_article_and_legal_form_only() -> None:
    assert core_name("The Brass & Bell Company") == "Brass & Bell"
    assert core_name("Best Co., Inc.") == "Best"
    assert core_name("General Mills, Inc.") == "General Mills"
    assert core_name("Group") == "Group"


def test_an_abbreviation_after_its_name_is_the_same_metric() -> None:
    marks = [m.text for m in read("What is the FY2019 cash conversion cycle (CCC)?")]
    assert marks == ["what", "is", "the", "<y2019>", "<m:cash_conversion_cycle>", "?"]


def test_the_ranking_brings_the_asked_statement_of_the_asked_year_to_the_front() -> None:
    from core.evidence import Locator, Passage
    from verticals.finance.ranking import rank

    def hit(name: str, src: Source, *tags: str) -> Hit:
        return Hit(Passage(name, src.id, 0, "table", name, Locator(page=1), tags=tags), src, 1.0)

    old, new = SOURCES[0], SOURCES[1]
    hits = [
        hit("prose", new),
        hit("old statement", old, "cash_flow"),
        hit("statement", new, "cash_flow"),
        hit("x", new),
    ]
    query = Query("capex", years=(2022,), tags=("cash_flow",), source_ids=(new.id, old.id))
    assert [h.passage.id for h in rank(query, hits)][:2] == ["statement", "old statement"]
