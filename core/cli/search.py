"""`plumbline search`: ranked passages for a query or a file of queries."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from core.cli.common import AsJson, CollectionName, VerticalName, print_json, read_lines
from core.vertical import Hit


def search(
    vertical: VerticalName,
    query: Annotated[str, typer.Argument(help="What to look for.")] = "",
    collection: CollectionName = "",
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    queries: Annotated[Path | None, typer.Option(help='A file with {"id", "text"} a line.')] = None,
    json: AsJson = False,
) -> None:
    """Find passages: dense and lexical search, fused and reranked, with page and locator."""
    from core.errors import UsageError
    from core.retrieval import search as run
    from core.vertical import vertical as find
    from core.workspace import Workspace

    if bool(query) == (queries is not None):
        raise UsageError(
            "Give a query, or a file of them by --queries", 'Example: plumbline search "net sales" -v finance'
        )
    started = time.perf_counter()
    profession = find(vertical)
    with Workspace.open() as workspace:
        if queries is not None:
            rows = read_lines(queries)
            results: list[dict[str, Any]] = [
                {"id": r["id"], "hits": as_json(run(workspace, r["text"], collection or vertical, k, profession))}
                for r in rows
            ]
            print_json({"results": results, "seconds": _since(started)})
            return
        hits = run(workspace, query, collection or vertical, k, profession)
    if json:
        print_json({"hits": as_json(hits), "seconds": _since(started)})
        return
    for rank, hit in enumerate(hits, 1):
        page = f", page {hit.passage.locator.page}" if hit.passage.locator.page else ""
        print(f"{rank}. {hit.source.name}{page}  ({hit.score:.2f})")
        print("   " + " ".join(hit.passage.text.split())[:300])


def as_json(hits: list[Hit]) -> list[dict[str, Any]]:
    """Hits in the form of the contract."""
    return [
        {
            "rank": rank,
            "source": hit.source.name,
            "source_id": hit.source.id,
            "passage_id": hit.passage.id,
            "locator": hit.passage.locator.as_json(),
            "text": hit.passage.text,
            "score": round(hit.score, 6),
        }
        for rank, hit in enumerate(hits, 1)
    ]


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
