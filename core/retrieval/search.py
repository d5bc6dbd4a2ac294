"""The one search: every face, suite and answer goes through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.evidence import Passage
from core.retrieval.fusion import RRF_K, fold, reciprocal_rank
from core.vertical import Hit, Query, Vertical

if TYPE_CHECKING:
    from core.workspace import Workspace

CANDIDATES = 60
"""Passages that each ranking gives to the fusion."""
RERANKED = 28
"""Fused candidates that the cross-encoder reads; half a second on two cores."""
RERANK_CHARACTERS = 900
"""Characters of a passage that the cross-encoder reads."""
FUSED_WEIGHT = 0.7
"""Weight of the fusion's order beside the cross-encoder's."""
TAGGED_WEIGHT = 1.0
ATTEMPTS = 5
"""How often a search starts over because the collection changed under it."""


def search(
    workspace: Workspace,
    query: Query | str,
    collection: str,
    k: int = 10,
    vertical: Vertical | None = None,
    *,
    rerank: bool = True,
) -> list[Hit]:
    """The best `k` passages of a collection for a query, best first.

    A text is first understood by the vertical, where one is given. Raises UsageError for an unknown collection.
    """
    if isinstance(query, str):
        query = vertical.understand(query, workspace, collection) if vertical else Query(text=query)
    workspace.index(collection)
    if query.source_ids is not None and not query.source_ids:
        return []
    hits = _candidates(workspace, query, collection)
    if rerank and hits:
        hits = _rerank(workspace, query, hits)
    ranked = vertical.rank(query, hits) if vertical else hits
    # The policy moves passages by rank, so the score that goes out is the final rank's: never higher below.
    return [replace(hit, score=RRF_K / (RRF_K + rank)) for rank, hit in enumerate(list(ranked)[:k])]


def _candidates(workspace: Workspace, query: Query, collection: str) -> list[Hit]:
    """Fused and folded candidates, all of one state of the collection: where another process publishes while they
    are gathered, they are gathered again."""
    catalog, index = workspace.catalog, workspace.index(collection)
    for _ in range(ATTEMPTS):
        generation = catalog.generation(collection)
        rankings = [
            (_dense(workspace, query, collection), 1.0),
            ([i for i, _ in index.bm25(query.text, CANDIDATES, query.source_ids, query.expansions)], 1.0),
        ]
        tagged = _tagged(workspace, query, collection)
        if tagged:
            rankings.append((tagged, TAGGED_WEIGHT))
        scores = dict(reciprocal_rank(rankings))
        passages = catalog.passages(collection, list(scores))[: 4 * RERANKED]
        sources = {s.id: s for s in catalog.sources(collection)}
        if catalog.generation(collection) == generation:
            break
    kept = [passages[i] for i in fold([p.text for p in passages])]
    return [Hit(p, sources[p.source_id], scores[p.id]) for p in kept if p.source_id in sources]


def _dense(workspace: Workspace, query: Query, collection: str) -> list[str]:
    import numpy as np

    from core.models import embedder

    vector = np.asarray(embedder(workspace.settings).embed_query(query.text), dtype=np.float32)
    return [i for i, _ in workspace.index(collection).dense(vector, CANDIDATES, query.source_ids)]


def _tagged(workspace: Workspace, query: Query, collection: str) -> list[str]:
    """Passages with a tag that the question asks for; of the named sources, in the order in which they are named."""
    if not query.tags or query.source_ids is None:
        return []
    found: list[Passage] = []
    for source_id in query.source_ids[:4]:
        found.extend(workspace.catalog.passages_of(collection, source_id, query.tags))
    return [p.id for p in found[:CANDIDATES]]


def _rerank(workspace: Workspace, query: Query, hits: Sequence[Hit]) -> list[Hit]:
    from core.models import reranker

    head, tail = list(hits[:RERANKED]), list(hits[RERANKED:])
    scores = reranker(workspace.settings).score(query.text, [_reading(h.passage) for h in head])
    order = sorted(range(len(head)), key=lambda i: (-float(scores[i]), i))
    # The two orders are fused: the cross-encoder reads one passage, the fusion knows what several rankings agree on.
    blended = reciprocal_rank([([str(i) for i in order], 1.0), ([str(i) for i in range(len(head))], FUSED_WEIGHT)])
    ranked = [int(i) for i, _ in blended]
    reranked = [replace(head[i], score=score) for i, (_, score) in zip(ranked, blended, strict=True)]
    # What was not read stays below what was, in the fusion's order.
    return reranked + [replace(h, score=min(s for _, s in blended) * h.score) for h in tail]


def _reading(passage: Passage) -> str:
    return f"{passage.context}\n{passage.search_text or passage.text}"[:RERANK_CHARACTERS]
