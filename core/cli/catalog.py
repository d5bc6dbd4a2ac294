"""`plumbline catalog …`: what the catalog holds."""

from __future__ import annotations

import typer

from core.cli.common import AsJson, CollectionName, print_json

app = typer.Typer(help="What the catalog holds.", no_args_is_help=True)


@app.command()
def digest(collection: CollectionName) -> None:
    """Print a SHA-256 over a collection's content: equal for equal content, whatever the order or engine."""
    from core.workspace import Workspace

    with Workspace.open() as workspace:
        workspace.catalog.collection(collection)
        print(workspace.catalog.digest(collection))


@app.command("list")
def list_sources(collection: CollectionName = "", json: AsJson = False) -> None:
    """List collections, or the sources of one."""
    from core.workspace import Workspace

    with Workspace.open() as workspace:
        if not collection:
            names = workspace.catalog.collections()
            if json:
                print_json({"collections": names})
            else:
                print("\n".join(names))
            return
        workspace.catalog.collection(collection)
        sources = workspace.catalog.sources(collection)
    if json:
        rows = [
            {
                "id": s.id,
                "name": s.name,
                "path": s.path,
                "entity": s.entity,
                "kind": s.description.kind,
                "pages": s.pages,
            }
            for s in sources
        ]
        print_json({"sources": rows})
        return
    for s in sources:
        print(f"{s.id[:12]}  {s.name}  {s.entity}  {s.description.kind}  {s.pages} pages")
