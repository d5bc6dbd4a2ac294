"""A follow-up means a whole question; the company and the year carry over."""

from __future__ import annotations

import pytest

from core.answering.followup import resolve
from core.vertical import Query


def understand(question: str) -> Query:
    return Query(question, entities=tuple(e for e in ("Apple", "Nike") if e in question))


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What was Apple's revenue in FY2022?", "And in 2021?", "What was Apple's revenue in FY2021?"),
        ("What was Apple's revenue in FY2022?", "What about Nike?", "What was Nike's revenue in FY2022?"),
        ("What was Apple's revenue in FY2022?", "And net income?", "What was the net income of Apple in FY2022?"),
        ("What was Apple's revenue in FY2022?", "What are its main risks?", "What are Apple's main risks?"),
        ("What was Apple's revenue in FY2022?", "What was the gross margin?", "What was the gross margin (Apple)?"),
        ("What was Apple's revenue in FY2022?", "What was Nike's gross margin?", "What was Nike's gross margin?"),
    ],
)
def test_what_a_follow_up_leaves_out_is_carried_over(before: str, question: str, meant: str) -> None:
    assert resolve(question, [{"question": before}], understand) == meant


def test_a_third_turn_builds_on_the_second_as_it_was_understood() -> None:
    second = {"question": "And in 2021?", "trace": {"asked": "What was Apple's revenue in FY2021?"}}
    assert resolve("And in 2020?", [second], understand) == "What was Apple's revenue in FY2020?"


def test_without_history_a_question_is_itself() -> None:
    assert resolve("And in 2021?", [], understand) == "And in 2021?"
