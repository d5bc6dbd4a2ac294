"""`plumbline reindex`: rebuilds the derived indexes from the catalog."""

from __future__ import annotations

from core.cli.common import CollectionName, progress_bar, say


def reindex(collection: CollectionName) -> None:
    """Rebuild vectors and lexical index of a collection from the catalog, with the models now set."""
    from core.indexing import reindex as run
    from core.workspace import Workspace

    with Workspace.open() as workspace, progress_bar("Indexing", "passages") as bar:
        count = run(workspace, collection, lambda done, total: bar("passages", done, total))
    say(f"{count} passages indexed")
