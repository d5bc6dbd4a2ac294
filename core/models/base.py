"""What every embedder and reranker is, whatever runs it: LangChain's Embeddings with arrays, and a pair scorer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Embedder(Embeddings):
    """LangChain Embeddings that also give arrays. Rows have length 1, so a dot product is the cosine."""

    name: str
    """As in the settings: "packaged:bge-small-en-v1.5"."""
    dimensions: int
    version: str
    """Changes whenever the same text would get another vector: part of an index's version."""

    @abstractmethod
    def embed_array(self, texts: Sequence[str]) -> Floats:
        """The passages' vectors as float32 of shape (len(texts), dimensions)."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.embed_array(texts).tolist()
        return rows


class Reranker(ABC):
    """Scores how well texts answer a query. Scores compare within one call only; higher is better."""

    name: str

    @abstractmethod
    def score(self, query: str, texts: Sequence[str]) -> Floats:
        """Scores of shape (len(texts),)."""
