"""The finance vertical: filings into typed statements, questions into lookups and formulas over them.

Every hook delegates to a room that is imported when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.vertical import Hit, Policy, Query, Suite, Vertical

if TYPE_CHECKING:
    from core.answering.draft import Draft
    from core.evidence import Description, Document, Passage, Source, Value
    from core.workspace import Workspace


@dataclass(frozen=True)
class FinanceVertical(Vertical):
    """Companies, their filings and their figures."""

    def describe(self, document: Document) -> Description:
        from verticals.finance.describe import describe

        return describe(document)

    def values(self, document: Document, source: Source) -> Iterable[Value]:
        from verticals.finance.statements import values

        return values(document, source)

    def tag(self, passage: Passage, source: Source) -> tuple[str, ...]:
        from verticals.finance.tag import tag

        return tag(passage, source)

    def policy(self, question: str) -> Policy:
        from verticals.finance.understand import policy

        return policy(question)

    def understand(self, question: str, workspace: Workspace, collection: str) -> Query:
        from verticals.finance.understand import understand

        return understand(question, workspace, collection)

    def rank(self, query: Query, hits: Sequence[Hit]) -> Sequence[Hit]:
        from verticals.finance.ranking import rank

        return rank(query, hits)

    def compute(self, query: Query, workspace: Workspace, collection: str) -> Draft | None:
        from verticals.finance.planner import compute

        return compute(query, workspace, collection)

    def suites(self) -> Mapping[str, Suite]:
        from verticals.finance.suites.financebench import financebench

        return {"financebench": financebench}

    def commands(self) -> Mapping[str, Callable[..., Any]]:
        from verticals.finance.report.command import report

        return {"report": report}

    def page(self) -> Path | None:
        return Path(__file__).parent / "app.py"


vertical = FinanceVertical("finance", "Finance", package="verticals.finance")
