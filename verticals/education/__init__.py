"""The education vertical: course material is read, searched and asked. It recognises what a passage is for
(definition, worked example, exercise, summary), so that a question for a definition finds the definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.vertical import Query, Vertical

if TYPE_CHECKING:
    from core.evidence import Description, Document, Passage, Source
    from core.workspace import Workspace


@dataclass(frozen=True)
class EducationVertical(Vertical):
    """Teaching: course material, its parts and the questions put to it."""

    def describe(self, document: Document) -> Description:
        from verticals.education.material import describe

        return describe(document)

    def tag(self, passage: Passage, source: Source) -> tuple[str, ...]:
        from verticals.education.material import tags

        return tags(passage)

    def understand(self, question: str, workspace: Workspace, collection: str) -> Query:
        from verticals.education.material import asked

        return Query(text=question, tags=asked(question))


vertical = EducationVertical("education", "Education", package="verticals.education")
