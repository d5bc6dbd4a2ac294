"""The report on a company: figures as Facts, words of the filings as quotes, judgements that name what they rest on.

    build(workspace, collection, "Best Buy", Path("report.html"), peers=["Walmart"], prices=Path("prices.csv"))

Sections draft (`overview`, `accounts`, `market`, `words`, `doubts`), `evidence` gates every sentence and every cell,
`render` writes one self-contained file. No sentence about the company is written by a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.workspace import Workspace


def build(
    workspace: Workspace,
    collection: str,
    company: str,
    out: Path,
    peers: Sequence[str] = (),
    prices: Path | None = None,
) -> dict[str, Any]:
    """Writes the report and returns `{"out", "claims", "facts", "dropped", "missing", "seconds"}`.

    Raises UsageError for a format that is not available, PlumblineError for an unknown company (listing those of the
    collection) or one without statements, UnreadableFile for a price file that cannot be read.
    """
    from verticals.finance.report.assemble import assemble

    return assemble(workspace, collection, company, out, peers, prices)


__all__ = ["build"]
