"""A small way to write a printed statement in a test, and the development filings read once a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from core.evidence import Block, Cell, Description, Document, Locator, Source, Table


@pytest.fixture
def table() -> Callable[..., Block]:
    """`table(text, caption, unit, page)`: lines of cells divided by "|"; a leading ">" a level of indent."""

    def make(text: str, caption: str = "", unit: str = "", page: int = 1) -> Block:
        rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]
        width = max(map(len, rows))
        cells = [
            Cell(r, k, cell.lstrip("> "), indent=10.0 * cell.count(">"))
            for r, row in enumerate(rows)
            for k, cell in enumerate(row)
            if cell
        ]
        grid = Table(len(rows), width, tuple(cells), caption, unit)
        return Block("table", "\n".join("\t".join(row) for row in rows), Locator(page=page), table=grid)

    return make


@pytest.fixture
def document() -> Callable[..., Document]:
    """A document of these blocks (strings become text blocks)."""

    def make(*blocks: Block | str, name: str = "filing.pdf") -> Document:
        whole = tuple(Block("text", b, Locator(page=1)) if isinstance(b, str) else b for b in blocks)
        return Document("0" * 64, name, "application/pdf", whole, pages=3)

    return make


def source_of(document: Document, description: Description) -> Source:
    """The source under which a test's values stand."""
    return Source(document.sha256, document.name, "", "c", document.media_type, document.pages, "en", description)


@pytest.fixture(scope="session")
def filing(shared_data: Path) -> Callable[[str], Document]:
    """A filing of the development data by file name, read once a session."""
    from core.reading import read

    @cache
    def load(name: str) -> Document:
        return read(shared_data / "finance" / "financebench" / "filings" / name)

    return load
