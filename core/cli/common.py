"""What the verbs share: option types, JSON on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from core.errors import UsageError

VerticalName = Annotated[
    str, typer.Option("--vertical", "-v", help="The profession: finance, healthcare, education, …")
]
CollectionName = Annotated[
    str, typer.Option("--collection", "-c", help="The collection of sources (default: the vertical's name).")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output and nothing else.")]


def print_json(document: Any) -> None:
    """Prints the one JSON document of a `--json` call."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def say(text: str) -> None:
    """A line for the user on standard error."""
    print(text, file=sys.stderr)


def read_lines(path: Path) -> list[dict[str, str]]:
    """Rows of a `{"id", "text"}`-a-line file. Raises UsageError that names the line."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "Give a UTF-8 file with one JSON object a line.") from error
    rows = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows.append({"id": str(row["id"]), "text": str(row["text"])})
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}, line {number}, is not a question", 'Each line is {"id": "…", "text": "…"}.'
            ) from error
    return rows


@contextmanager
def progress_bar(title: str, unit: str, divisor: float = 1.0) -> Iterator[Any]:
    """A bar with rate and time left on standard error (nothing where that is no terminal). Yields a function
    `(label, done, total)`."""
    if not sys.stderr.isatty():
        yield lambda label, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None, rate="")

        def update(label: str, done: int, total: int) -> None:
            speed = progress.tasks[0].speed
            rate = f"{speed / divisor:,.1f} {unit}/s" if speed else ""
            progress.update(task, description=f"{title} {label}"[:60], completed=done, total=total, rate=rate)

        yield update
