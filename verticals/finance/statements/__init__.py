"""Statements: printed and tagged numbers of filings brought into one typed frame.

`values` is the finance vertical's hook: tags decide where a document has them, else its printed tables are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.evidence import Document, Source, Value


def values(document: Document, source: Source) -> Iterable[Value]:
    """The statement Values of a document: from its own tags where it has them, else from its printed tables."""
    if any(t.concept.startswith("us-gaap:") for t in document.tagged):
        from verticals.finance.statements import tagged

        return tagged.tagged_values(document, source)
    from verticals.finance.statements import printed

    return printed.values(document, source)
