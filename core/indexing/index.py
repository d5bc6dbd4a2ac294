"""The derived indexes of one collection, opened together, reconciled with the catalog, searched by one call each.

What a search returns is ids; only the catalog says which of them are visible. An index may therefore hold more than
is visible (half of an ingestion, a passage just removed) and never shows it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import StorageError
from core.indexing import lexical, passages
from core.indexing.lexical import LexicalIndex
from core.indexing.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.workspace import Workspace


def index_version(workspace: Workspace) -> str:
    """Names what an index is made with: embedder, passage rules, lexical analysis."""
    from core.models import embedder

    model = embedder(workspace.settings)
    return hashlib.sha256("|".join([model.version, passages.VERSION, lexical.VERSION]).encode()).hexdigest()[:16]


def folder_of(workspace: Workspace, collection: str, version: str) -> Path:
    return workspace.root / "indexes" / collection / version


class Index:
    """Searches see the state of the collection at the call, also when another process has changed it since."""

    def __init__(self, workspace: Workspace, collection: str, version: str) -> None:
        self._catalog = workspace.catalog
        self.collection = collection
        self.version = version
        self.folder = folder_of(workspace, collection, version)
        self.lexical = LexicalIndex(self.folder / "lexical")
        self._generation = self._catalog.generation(collection)
        self.vectors = Vectors(self.folder / "vectors", self._catalog.segments(collection, version))

    @classmethod
    def open(cls, workspace: Workspace, collection: str) -> Index:
        """Opens the indexes of an existing collection.

        Raises UsageError where there is no such collection, StorageError where it was indexed with other models than
        the settings name, or where an index does not hold what the catalog holds.
        """
        row = workspace.catalog.collection(collection)
        version = index_version(workspace)
        if row.index_version != version:
            raise StorageError(
                f"Collection {collection!r} was indexed with another embedder than {workspace.settings.embedder}",
                f"Set the embedder back, or run `plumbline reindex -c {collection}`.",
            )
        index = cls(workspace, collection, version)
        index.reconcile()
        return index

    def refresh(self) -> None:
        """Takes up what another process has published since the last call."""
        generation = self._catalog.generation(self.collection)
        if generation != self._generation:
            listed = self._catalog.segments(self.collection, self.version)
            if listed != self.vectors.listed:
                self.vectors.close()
                self.vectors = Vectors(self.folder / "vectors", listed)
            self._generation = generation

    def reconcile(self) -> None:
        """Holds the indexes against the catalog. Raises StorageError where visible passages are not indexed.

        Equal counts settle it; the ids are compared only where they differ (an ingestion under way, or a loss).
        """
        count = self._catalog.count_passages(self.collection)
        if self.lexical.count() == count == self.vectors.count():
            return
        wanted = self._catalog.passage_ids(self.collection)
        for name, held in (("lexical", self.lexical.ids()), ("vector", self.vectors.ids())):
            lost = len(wanted - held)
            if lost:
                raise StorageError(
                    f"The {name} index of collection {self.collection!r} lacks {lost} of {len(wanted)} passages",
                    f"Run `plumbline reindex -c {self.collection}`.",
                )

    def dense(
        self, vector: NDArray[np.float32], k: int, source_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest `k` (passage id, inner product)."""
        self.refresh()
        try:
            return self.vectors.search(vector, k, source_ids)
        except Exception:
            # A segment may have been retired by a writer between the list and its opening: look once more.
            self.vectors.close()
            self.vectors = Vectors(self.folder / "vectors", self._catalog.segments(self.collection, self.version))
            return self.vectors.search(vector, k, source_ids)

    def bm25(
        self, query: str, k: int, source_ids: Sequence[str] | None = None, expansions: Sequence[str] = ()
    ) -> list[tuple[str, float]]:
        """The best `k` (passage id, BM25 score)."""
        return self.lexical.search(query, k, source_ids, expansions)

    def remove_retired_versions(self) -> None:
        """Deletes the folders of index versions that are no longer read."""
        for folder in self.folder.parent.iterdir():
            if folder != self.folder:
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        self.vectors.close()
