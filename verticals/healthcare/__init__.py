"""The healthcare vertical: clinical documents are read, searched and asked. It recognises what a document is
(label, guideline, trial report, note) and which part of it a passage belongs to, so that a question about
a contraindication finds the section of that name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.vertical import Query, Vertical

if TYPE_CHECKING:
    from core.evidence import Description, Document, Passage, Source
    from core.workspace import Workspace


@dataclass(frozen=True)
class HealthcareVertical(Vertical):
    """Medicine: documents, their sections and the questions put to them."""

    def describe(self, document: Document) -> Description:
        from verticals.healthcare.sections import describe

        return describe(document)

    def tag(self, passage: Passage, source: Source) -> tuple[str, ...]:
        from verticals.healthcare.sections import tags

        return tags(" ".join(passage.heading_path[-2:]))

    def understand(self, question: str, workspace: Workspace, collection: str) -> Query:
        from verticals.healthcare.sections import tags

        return Query(text=question, tags=tags(question))


vertical = HealthcareVertical("healthcare", "Healthcare", package="verticals.healthcare")
