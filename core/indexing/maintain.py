"""Keeping the derived indexes true to the catalog: removing a source everywhere, rebuilding from the catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.evidence import Passage
from core.indexing.index import Index, index_version
from core.indexing.passages import embedding_text

if TYPE_CHECKING:
    from core.indexing.vectors import Segment
    from core.workspace import Workspace

Progress = Callable[[int, int], None]
"""Called with (passages done, passages in all)."""


def add_vectors(workspace: Workspace, segment: Segment, passages: list[Passage]) -> None:
    """Embeds the passages that the segment does not hold yet, and adds them."""
    from core.models import embedder

    held = segment.ids()
    missing = [p for p in passages if p.id not in held]
    if missing:
        vectors = embedder(workspace.settings).embed_array([embedding_text(p) for p in missing])
        segment.add([p.id for p in missing], vectors, [p.source_id for p in missing])


def apply_removals(workspace: Workspace, index: Index) -> None:
    """Lets the indexes follow what has left the catalog, and merges small segments; under the writer lock."""
    catalog, collection = workspace.catalog, index.collection
    removed = catalog.removals(collection)
    if removed:
        index.lexical.remove(removed)
    listed = index.vectors.rewritten(set(removed))
    if listed != index.vectors.listed:
        catalog.set_segments(collection, index.version, listed)
    index.vectors.retire(listed)
    catalog.clear_removals(collection, removed)


def forget(workspace: Workspace, name: str, collection: str) -> int:
    """Removes a source (path as ingested, file name, or content hash) everywhere: catalog, indexes, stored file.

    Returns how many sources went. Raises UsageError where the name fits none, and lists what there is.
    """
    catalog = workspace.catalog
    row = catalog.collection(collection)
    with workspace.writing():
        found = catalog.find(collection, name)
        if not found:
            names = ", ".join(s.name for s in catalog.sources(collection)[:20]) or "none"
            raise UsageError(f"No source {name!r} in collection {collection!r}", f"There are: {names}.")
        workspace.drop_index(collection)
        index = Index(workspace, collection, row.index_version)
        try:
            for source in found:
                catalog.remove(collection, source.id)
                workspace.drop_file(source)
            apply_removals(workspace, index)
        finally:
            index.close()
    return len(found)


def reindex(workspace: Workspace, collection: str, progress: Progress | None = None) -> int:
    """Rebuilds the derived indexes of a collection from the catalog, with the models that the settings name.

    Searches go on with the old index until the new one is complete. Returns the number of passages indexed.
    """
    catalog = workspace.catalog
    catalog.collection(collection)
    with workspace.writing():
        version = index_version(workspace)
        workspace.drop_index(collection)
        index = Index(workspace, collection, version)
        wanted = catalog.passage_ids(collection, ready_only=False)
        index.lexical.remove(index.lexical.ids() - wanted)
        # A rebuild trusts nothing: the segment is new even where the version has not changed.
        segment = index.vectors.fresh()
        done = 0
        try:
            for source in [*catalog.sources(collection), *catalog.pending(collection)]:
                passages = catalog.passages_of(collection, source.id)
                index.lexical.add(passages)
                add_vectors(workspace, segment, passages)
                done += len(passages)
                if progress:
                    progress(done, len(wanted))
        finally:
            segment.close()
        listed = [segment.folder.name] if done else []
        catalog.set_segments(collection, version, listed)
        index.vectors.retire(listed)
        catalog.clear_removals(collection, catalog.removals(collection))
        index.remove_retired_versions()
        index.close()
    return done
