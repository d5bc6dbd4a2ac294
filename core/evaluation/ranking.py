"""Measures of a ranking. `ranked` holds ids, best first, each once; `relevant` maps ids to gains (0 = not relevant)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


def recall(ranked: Sequence[Id], relevant: Mapping[Id, float], k: int) -> float:
    """Share of the relevant ids that stand among the first k; 0 where nothing is relevant."""
    wanted = {id for id, gain in relevant.items() if gain > 0}
    return len(wanted.intersection(ranked[:k])) / len(wanted) if wanted else 0.0


def found(ranked: Sequence[Id], relevant: Mapping[Id, float], k: int) -> bool:
    """Whether at least one relevant id stands among the first k ("success at k")."""
    return any(relevant.get(id, 0) > 0 for id in ranked[:k])


def ndcg(ranked: Sequence[Id], relevant: Mapping[Id, float], k: int) -> float:
    """Normalised discounted cumulative gain with linear gain and log2(rank + 1), as trec_eval's `ndcg_cut`.

    Järvelin & Kekäläinen 2002 (ACM TOIS 20:422-446); 0 where nothing is relevant.
    """
    gained = _dcg([relevant.get(id, 0.0) for id in ranked[:k]])
    best = _dcg(sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[:k])
    return gained / best if best else 0.0


def reciprocal_rank(ranked: Sequence[Id], relevant: Mapping[Id, float], k: int) -> float:
    """1 / rank of the first relevant id among the first k, else 0. Its mean over queries is MRR@k."""
    for rank, id in enumerate(ranked[:k], start=1):
        if relevant.get(id, 0) > 0:
            return 1 / rank
    return 0.0


def distinct(ranked: Sequence[Id]) -> list[Id]:
    """The ids in order, each where it first stands."""
    return list(dict.fromkeys(ranked))


def _dcg(gains: Sequence[float]) -> float:
    return sum(max(gain, 0.0) / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
