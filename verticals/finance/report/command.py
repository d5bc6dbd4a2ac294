"""`plumbline report`: a first investment report on a company of the collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import AsJson, print_json


def report(
    company: Annotated[str, typer.Option("--company", help="Name or ticker, as the filings give it.")],
    out: Annotated[Path, typer.Option("--out", help="File to write; its suffix decides the format (.html).")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="The collection of filings.")] = "finance",
    peer: Annotated[
        list[str] | None, typer.Option("--peer", help="A company to compare with; may be repeated.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option("--prices", help="Prices: one series, a column a ticker, or symbol/date/price.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Write a report: results, position, cash flow, market and risks, every figure traced to its page or formula."""
    from core.workspace import Workspace
    from verticals.finance.report import build

    with Workspace.open() as workspace:
        made = build(workspace, collection, company, out, peer or [], prices)
    if json:
        print_json(made)
        return
    print(f"{made['out']}: {made['claims']} claims, {made['facts']} computed figures, {made['seconds']:.1f} s")
    for item in made["dropped"]:
        print(f"  withheld: {item['text']} ({item['why']})")
    for what in made["missing"]:
        print(f"  missing: {what}")
