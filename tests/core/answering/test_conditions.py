"""A bound in a question is a condition on the answer's figure."""

from __future__ import annotations

import pytest

from core.answering.conditions import conditions


@pytest.mark.parametrize(
    ("question", "sentence", "met"),
    [
        ("Which customer accounted for more than 10% of revenue?", "Acme accounted for 10.4% of revenue.", True),
        ("Which customer accounted for more than 10% of revenue?", "Acme accounted for 8.7% of revenue.", False),
        ("Which segments have sales under $5 million?", "Valves had sales of $4.2 million.", True),
        ("Which segments have sales under $5 million?", "Pumps had sales of $42 million.", False),
        ("Which loans exceed 7 percent?", "The notes bear 7.25% interest.", True),
        ("Did any customer exceed 20%?", "No other customer had more than 400 orders.", False),
    ],
)
def test_a_figure_of_the_same_unit_on_the_asked_side_meets_a_bound(question: str, sentence: str, met: bool) -> None:
    (condition,) = conditions(question)
    assert condition.met_by(sentence) is met


def test_a_number_without_a_comparison_is_no_bound() -> None:
    assert conditions("What was the 10% senior note's balance in 2024?") == []
