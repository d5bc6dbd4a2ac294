"""The vectors: Chroma, in segments. A segment is a Chroma folder that is written by one process, listed in the catalog
when it is complete, and never written again. Chroma's files cannot be read by one process while another writes them;
segments give every reader a finished state without a server. Small segments are merged; removal rewrites the
segments concerned, so that nothing of a removed passage stays on disk.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from core.errors import StorageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPACE = "ip"
"""Inner product: the packaged embedders give normalised vectors."""
NAME = "passages"
BATCH = 2000
SMALL = 20_000
"""Passages up to which a segment takes part in merging."""
MANY = 6
"""Segments at which small ones are merged."""


class Segment:
    """One Chroma folder with one collection of (passage id, vector, source id)."""

    def __init__(self, folder: Path) -> None:
        """Opens or creates the folder. Raises StorageError where Chroma cannot."""
        import chromadb
        from chromadb.config import Settings

        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._client = chromadb.PersistentClient(
                str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
            )
            self._collection = self._client.get_or_create_collection(
                NAME, embedding_function=None, configuration=cast(Any, {"hnsw": {"space": SPACE, "ef_search": 200}})
            )
        except Exception as error:  # Chroma raises its own, Rust's and SQLite's errors alike
            raise StorageError(
                f"The vector segment {folder.name} cannot be opened: {error}", "Run `plumbline reindex`."
            ) from error

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32], source_ids: Sequence[str]) -> None:
        """Adds vectors of shape (n, d); ids already there are replaced."""
        try:
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                self._collection.upsert(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    metadatas=[{"source": s} for s in source_ids[part]],
                )
        except Exception as error:
            raise StorageError(
                f"The vector segment {self.folder.name} cannot be written: {error}",
                "Free disk space, then run the same command again.",
            ) from error

    def search(
        self, vector: NDArray[np.float32], k: int, source_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest `k` (passage id, inner product)."""
        where: Any = {"source": {"$in": list(source_ids)}} if source_ids is not None else None
        found = self._collection.query(
            query_embeddings=cast(Any, [vector]), n_results=k, where=where, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)]

    def ids(self) -> set[str]:
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        return int(self._collection.count())

    def rows(self, drop: set[str]) -> Iterator[tuple[list[str], Any, list[str]]]:
        """(ids, vectors, source ids) in batches, without the ids in `drop`."""
        import numpy as np

        kept = sorted(self.ids() - drop)
        for start in range(0, len(kept), BATCH):
            got = self._collection.get(ids=kept[start : start + BATCH], include=["embeddings", "metadatas"])
            metadatas = got["metadatas"] or []
            yield got["ids"], np.asarray(got["embeddings"], dtype=np.float32), [str(m["source"]) for m in metadatas]

    def close(self) -> None:
        cast(Any, self._client).close()


class Vectors:
    """The segments of one index version. `listed` is the catalog's list; other folders are unfinished or retired."""

    def __init__(self, folder: Path, listed: Sequence[str]) -> None:
        self.folder = folder
        self.listed = list(listed)
        self._open: dict[str, Segment] = {}

    def _segment(self, name: str) -> Segment:
        if name not in self._open:
            if not (self.folder / name).is_dir():
                raise StorageError(f"The vector segment {name} is missing", "Run `plumbline reindex`.")
            self._open[name] = Segment(self.folder / name)
        return self._open[name]

    def search(
        self, vector: NDArray[np.float32], k: int, source_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The nearest `k` (passage id, inner product) of all listed segments."""
        if source_ids is not None and not source_ids:
            return []
        hits = {i: score for name in self.listed for i, score in self._segment(name).search(vector, k, source_ids)}
        return sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def count(self) -> int:
        """Vectors in the listed segments."""
        return sum(self._segment(name).count() for name in self.listed)

    def ids(self) -> set[str]:
        """Ids in the listed segments."""
        return set().union(*(self._segment(name).ids() for name in self.listed))

    # --- writing: only under the workspace's lock -----------------------------------------------------------
    def unfinished(self) -> Segment:
        """The segment to write to: the one that a killed run left, where it still opens, else a new one."""
        for folder in sorted(self.folder.glob("*")) if self.folder.is_dir() else []:
            if folder.is_dir() and folder.name not in self.listed:
                try:
                    return Segment(folder)
                except StorageError:
                    shutil.rmtree(folder, ignore_errors=True)
        return self.fresh()

    def fresh(self) -> Segment:
        """A new, empty segment, not listed."""
        return Segment(self.folder / uuid.uuid4().hex)

    def rewritten(self, removed: set[str]) -> list[str]:
        """Names of the segments after `removed` passages have left and small segments have merged.

        New segments are complete on return; the caller lists them in the catalog, then calls `retire`.
        """
        sizes = {name: self._segment(name).count() for name in self.listed}
        touched = {name for name in self.listed if removed and removed & self._segment(name).ids()}
        small = {name for name, size in sizes.items() if size <= SMALL}
        merge = touched | (small if len(small) >= MANY else set())
        if not merge:
            return list(self.listed)
        target = self.fresh()
        for name in sorted(merge):
            for ids, vectors, source_ids in self._segment(name).rows(removed):
                target.add(ids, vectors, source_ids)
        empty = target.count() == 0
        target.close()
        if empty:
            shutil.rmtree(target.folder, ignore_errors=True)
        kept = [name for name in self.listed if name not in merge]
        return kept if empty else [*kept, target.folder.name]

    def retire(self, listed: Sequence[str]) -> None:
        """Takes the new list and deletes every folder that is not on it."""
        self.listed = list(listed)
        for name in [n for n in self._open if n not in self.listed]:
            self._open.pop(name).close()
        if self.folder.is_dir():
            for folder in self.folder.iterdir():
                if folder.name not in self.listed:
                    shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        for segment in self._open.values():
            segment.close()
        self._open.clear()
