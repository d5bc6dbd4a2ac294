"""Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) and the folding of near-duplicates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.evidence import normalise

RRF_K = 60
"""The constant of the paper."""
SAME = 0.9
"""Jaccard similarity of word triples from which two passages say the same."""


def reciprocal_rank(rankings: Sequence[tuple[Sequence[str], float]]) -> list[tuple[str, float]]:
    """Fuses weighted rankings of ids; score = sum of weight / (60 + rank), best first, ties by id."""
    scores: dict[str, float] = {}
    for ids, weight in rankings:
        for rank, passage_id in enumerate(ids, 1):
            scores[passage_id] = scores.get(passage_id, 0.0) + weight / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def fold(texts: Sequence[str]) -> list[int]:
    """Positions of `texts` to keep: the first of each group of near-duplicates, in order. Digits count as written,
    so that two years of one table are different texts."""
    kept: list[int] = []
    shingles: list[frozenset[tuple[str, ...]]] = []
    for position, text in enumerate(texts):
        mine = _shingles(text)
        if not any(_similar(mine, other) for other in shingles):
            kept.append(position)
            shingles.append(mine)
    return kept


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", normalise(text).lower())
    return frozenset(tuple(words[i : i + 3]) for i in range(max(len(words) - 2, 1)))


def _similar(a: frozenset[tuple[str, ...]], b: frozenset[tuple[str, ...]]) -> bool:
    small, large = sorted((len(a), len(b)))
    if small < SAME * large:
        return False
    return len(a & b) >= SAME * len(a | b)
