"""Intervals for shares and tests for paired results."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Z95 = 1.959963984540054
"""97.5th percentile of the standard normal distribution."""


def wilson(k: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson score interval of a share of `k` in `n` (Wilson 1927, JASA 22:209-212); (0, 1) where n is 0."""
    if not 0 <= k <= n:
        msg = f"A share needs 0 <= k <= n, got k={k}, n={n}"
        raise ValueError(msg)
    if n == 0:
        return 0.0, 1.0
    p = k / n
    centre = p + z * z / (2 * n)
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # The interval ends exactly at 0 or 1 there; floating point would leave a trace beyond it.
    low = 0.0 if k == 0 else (centre - spread) / scale
    high = 1.0 if k == n else (centre + spread) / scale
    return low, high


def mcnemar(wins: int, losses: int) -> float:
    """Exact two-sided McNemar p-value: `wins` items only B got, `losses` only A got (Binomial(n, 1/2))."""
    n, fewer = wins + losses, min(wins, losses)
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, i) for i in range(fewer + 1)) / (1 << n)
    return min(1.0, 2 * tail)


def paired_bootstrap(
    a: Sequence[float], b: Sequence[float], seed: int, rounds: int = 10_000
) -> tuple[float, float, float]:
    """Mean of b - a over resampled items: (low, high) of its 95% percentile interval, and a two-sided p-value.

    p is twice the smaller share of resamples on the other side of zero (Efron & Tibshirani 1993, ch. 16), never below
    1 / rounds.
    """
    difference = np.asarray(b, dtype=np.float64) - np.asarray(a, dtype=np.float64)
    if difference.size == 0:
        return 0.0, 0.0, 1.0
    random = np.random.default_rng(seed)
    means = np.empty(rounds)
    for start in range(0, rounds, 500):
        stop = min(start + 500, rounds)
        picked = random.integers(0, difference.size, size=(stop - start, difference.size))
        means[start:stop] = difference[picked].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    other_side = min(float((means <= 0).mean()), float((means >= 0).mean()))
    return float(low), float(high), min(1.0, max(2 * other_side, 1 / rounds))
