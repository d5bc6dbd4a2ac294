"""`plumbline forget`: removes sources everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

from core.cli.common import AsJson, CollectionName, print_json, say


def forget(
    sources: Annotated[list[str], typer.Argument(help="Path as ingested, file name, or content hash.")],
    collection: CollectionName,
    json: AsJson = False,
) -> None:
    """Remove sources from a collection: catalog, vectors, lexical index and stored file."""
    from core.errors import UsageError
    from core.indexing import forget as run
    from core.workspace import Workspace

    gone, failed = 0, []
    with Workspace.open() as workspace:
        for name in sources:
            try:
                gone += run(workspace, name, collection)
            except UsageError as error:
                failed.append(str(error))
    if json:
        print_json({"forgotten": gone, "failed": failed})
    else:
        say(f"{gone} forgotten")
    for reason in failed:
        say(f"failed: {reason}")
    if failed:
        raise typer.Exit(3 if gone else 1)
