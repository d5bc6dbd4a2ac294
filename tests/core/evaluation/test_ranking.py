"""Ranking measures on rankings small enough to compute by hand."""

from __future__ import annotations

import pytest

from core.evaluation.ranking import distinct, found, ndcg, recall, reciprocal_rank

RANKED = ["a", "b", "c", "d"]


def test_recall_is_the_share_of_what_is_relevant() -> None:
    assert recall(RANKED, {"b": 1, "d": 1, "x": 1}, 2) == pytest.approx(1 / 3)
    assert recall(RANKED, {"b": 1, "d": 1, "x": 1}, 4) == pytest.approx(2 / 3)


def test_a_zero_gain_is_not_relevant() -> None:
    assert recall(RANKED, {"a": 0, "b": 1}, 1) == 0
    assert not found(RANKED, {"a": 0}, 4)


def test_found_needs_one_relevant_id() -> None:
    assert found(RANKED, {"c": 1, "x": 1}, 3)
    assert not found(RANKED, {"c": 1}, 2)


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    # Gains 3 at rank 2 and 1 at rank 4: (3/log2(3) + 1/log2(5)) / (3/log2(2) + 1/log2(3)) = 2.32347 / 3.63093.
    assert ndcg(RANKED, {"b": 3, "d": 1}, 4) == pytest.approx(0.639909, abs=1e-6)
    assert ndcg(RANKED, {"a": 2, "b": 1}, 4) == pytest.approx(1.0)
    # Only the first two count, of what is there and of what would be best.
    assert ndcg(RANKED, {"b": 1, "c": 1, "d": 1}, 2) == pytest.approx(0.386853, abs=1e-6)


def test_the_reciprocal_rank_is_that_of_the_first_relevant_id() -> None:
    assert reciprocal_rank(RANKED, {"c": 1, "d": 1}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"d": 1}, 3) == 0


@pytest.mark.parametrize("measure", [recall, ndcg, reciprocal_rank])
def test_nothing_relevant_scores_nothing(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure(RANKED, {}, 10) == 0


def test_a_page_counts_where_it_first_stands() -> None:
    assert distinct([("a", 1), ("b", 2), ("a", 1)]) == [("a", 1), ("b", 2)]
