"""`plumbline ingest`: files and folders into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import AsJson, CollectionName, VerticalName, print_json, progress_bar, say


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; the kind is detected by content.")],
    vertical: VerticalName,
    collection: CollectionName = "",
    engine: Annotated[str, typer.Option(help="local (ray comes with the service).")] = "local",
    password: Annotated[str, typer.Option(help="Opens encrypted files.", envvar="PLUMBLINE_PASSWORD")] = "",
    json: AsJson = False,
) -> None:
    """Read files into a collection; unchanged ones are skipped, edited ones replaced.

    Exit code 3: some files failed, each named; 1: all failed.
    """
    from core.errors import UsageError
    from core.indexing import ingest as run
    from core.vertical import vertical as find
    from core.workspace import Workspace

    if engine != "local":
        raise UsageError(f"Engine {engine!r} is not available", "Use --engine local.")
    with Workspace.open() as workspace, progress_bar("Ingesting", "MB", 1e6) as progress:
        report = run(workspace, paths, find(vertical), collection or vertical, progress, password or None)
    if json:
        print_json(report.as_json())
    else:
        say(
            f"{report.added} added, {report.unchanged} unchanged, {report.replaced} replaced, "
            f"{len(report.failed)} failed; "
            f"{report.pages} pages, {report.passages} passages in {report.seconds:.1f} s"
        )
    for row in report.warnings:
        for warning in row["warnings"]:
            say(f"note: {Path(row['path']).name}: {warning}")
    for failure in report.failed:
        say(f"failed: {failure['path']}: {failure['error']}")
    if report.failed:
        raise typer.Exit(3 if report.added + report.unchanged + report.replaced else 1)
