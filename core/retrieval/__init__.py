"""A question to ranked passages: dense, lexical and tagged candidates, fused, folded, reranked, filtered."""

from core.retrieval.search import search

__all__ = ["search"]
