"""Fusion after the published formula; near-duplicates folded, but never two years of one table."""

from __future__ import annotations

import pytest

from core.retrieval.fusion import fold, reciprocal_rank


def test_scores_are_the_sum_of_weighted_reciprocal_ranks() -> None:
    # Cormack, Clarke and Büttcher 2009, k = 60: a is 1st and 2nd, b 2nd and absent, c absent and 1st.
    fused = dict(reciprocal_rank([(["a", "b"], 1.0), (["c", "a"], 0.5)]))
    assert fused["a"] == pytest.approx(1 / 61 + 0.5 / 62)
    assert fused["b"] == pytest.approx(1 / 62)
    assert fused["c"] == pytest.approx(0.5 / 61)
    assert [i for i, _ in reciprocal_rank([(["a", "b"], 1.0), (["c", "a"], 0.5)])] == ["a", "b", "c"]


def test_ties_are_broken_the_same_way_always() -> None:
    assert [i for i, _ in reciprocal_rank([(["b"], 1.0), (["a"], 1.0)])] == ["a", "b"]


def test_near_duplicates_keep_their_first() -> None:
    text = " ".join(
        f"In the year {1900 + i} the works at site {i} made {i * i} tons of product {i}." for i in range(12)
    )
    assert fold([text, text.replace("tons", "tonnes", 1), "Something else entirely about debt."]) == [0, 2]


def test_two_years_of_one_table_are_different_texts() -> None:
    def rows(base: int) -> str:
        return "\n".join(f"Line {i}\t{base + 17 * i:,}\t{base + 31 * i:,}" for i in range(20))

    assert fold([rows(1000), rows(5000)]) == [0, 1]


def test_white_space_and_case_make_no_difference() -> None:
    assert fold(["Net  sales\nrose sharply in Europe", "net sales rose SHARPLY in europe"]) == [0]
