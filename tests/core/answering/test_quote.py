"""Which sentences and rows may answer a question, before any model scores them."""

from __future__ import annotations

from datetime import date

import pytest

from core.answering.quote import Unit, _latest, _units, fits
from core.evidence import BlockKind, Description, Locator, Passage, Period, Source
from core.vertical import Hit, Query


def unit(text: str, kind: BlockKind = "text", section: str = "Discussion", year: int = 2024) -> Unit:
    period = Period(date(year, 12, 31), date(year, 1, 1))
    description = Description(
        "Acme Pumps", "10-K", f"Acme Pumps 10-K FY{year}", period, meta={"fiscal_year": str(year)}
    )
    source = Source(f"s{year}", "acme.pdf", "/acme.pdf", "c", "application/pdf", 9, "en", description)
    passage = Passage("p", source.id, 0, kind, text, Locator(page=3), (section,))
    return Unit(text, text, passage, source, 0)


@pytest.mark.parametrize(
    ("question", "text", "answers"),
    [
        ("What was adjusted EBITDA in 2024?", "Adjusted EBITDA was $45 million in 2024.", True),
        ("What was adjusted EBITDA in 2024?", "Adjusted free cash flow was $45 million in 2024.", False),
        ("Is the business cyclical?", "Our business is cyclical.", True),
        ("Is the business subject to cyclicality?", "Our business is subject to cyclical demand.", True),
        ("Is the business subject to cyclicality?", "Our business is subject to currency risk.", False),
        ("How many employees were there in 2024?", "We had 1,200 employees in 2024.", True),
        ("How many employees were there in 2024?", "Our employees are our strength in 2024.", False),
        ("How many employees were there in 2019?", "We had 1,200 employees in 2024.", False),
    ],
)
def test_a_sentence_answers_only_what_is_asked(question: str, text: str, answers: bool) -> None:
    assert fits(Query(question), unit(text)) is answers


def test_a_row_of_figures_does_not_say_where_or_who() -> None:
    row = "Buildings and plants 101,940 93,118"
    assert not fits(Query("Where are the plants?"), unit(row, "table"))


def test_the_words_of_a_section_count_for_its_sentences() -> None:
    question = Query("What are the legal proceedings?")
    sentence = "We are one of 46 defendants in a group of lawsuits."
    assert fits(question, unit(sentence, section="Item 3. Legal Proceedings"))
    assert not fits(question, unit(sentence, section="Item 2. Properties"))


def test_lines_that_only_lead_elsewhere_are_no_answers() -> None:
    text = "Legal proceedings are described in Item 3. One claim is for $2.6 million in damages. The claims were these:"
    shown = unit(text)
    units = _units(Query("What are the claims?"), [Hit(shown.passage, shown.source, 1.0)])
    assert [u.text for u in units] == ["One claim is for $2.6 million in damages."]


def test_without_a_year_the_latest_filing_speaks() -> None:
    old, new = unit("We dispute the claim.", year=2023), unit("We settled the claim.", year=2024)
    assert _latest(Query("What became of the claim?"), [(0.9, old), (0.8, new)]) == [(0.8, new)]
    both = [(0.9, old), (0.8, new)]
    assert _latest(Query("What became of the claim in 2023?"), both) == both
