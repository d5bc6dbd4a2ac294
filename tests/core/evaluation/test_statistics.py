"""Intervals and tests, against published or hand-computed values."""

from __future__ import annotations

import pytest

from core.evaluation.statistics import mcnemar, paired_bootstrap, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        # Newcombe 1998 (Statistics in Medicine 17:857-872), table I, method 3 (score without continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_has_the_published_values(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_nothing_counted_leaves_everything_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_share_above_one_is_an_error() -> None:
    with pytest.raises(ValueError, match="k=3, n=2"):
        wilson(3, 2)


@pytest.mark.parametrize(
    ("wins", "losses", "p"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),
        (1, 5, 2 * (1 + 6) / 64),  # Binomial(6, 1/2): P(X <= 1) = 7/64
        (10, 0, 2 / 1024),
    ],
)
def test_mcnemar_is_the_exact_binomial_test(wins: int, losses: int, p: float) -> None:
    assert mcnemar(wins, losses) == pytest.approx(p)


def test_a_constant_gain_is_certain_and_its_interval_has_no_width() -> None:
    low, high, p = paired_bootstrap([0.1] * 30, [0.3] * 30, seed=7)
    assert (low, high) == pytest.approx((0.2, 0.2))
    assert p == pytest.approx(1e-4)


def test_the_same_scores_do_not_differ() -> None:
    assert paired_bootstrap([0.2, 0.9], [0.2, 0.9], seed=7) == (0.0, 0.0, 1.0)


def test_the_bootstrap_interval_agrees_with_the_normal_approximation() -> None:
    # 200 differences of +1 and -1 in equal number: mean 0, standard error 1 / sqrt(200) = 0.0707, 1.96 of it 0.1386.
    low, high, p = paired_bootstrap([0.0, 1.0] * 100, [1.0, 0.0] * 100, seed=7)
    assert (low, high) == pytest.approx((-0.1386, 0.1386), abs=0.012)
    assert p > 0.9


def test_a_seed_gives_the_same_result_again() -> None:
    a, b = [0.1, 0.5, 0.3, 0.9], [0.2, 0.4, 0.6, 0.9]
    assert paired_bootstrap(a, b, seed=3) == paired_bootstrap(a, b, seed=3)
