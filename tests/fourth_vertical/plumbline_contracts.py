"""Contracts: reads agreements, knows their parties and clauses, and lists the clauses of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.vertical import Query, Vertical

if TYPE_CHECKING:
    from core.evidence import Description, Document, Passage, Source
    from core.workspace import Workspace

CLAUSES = {"termination": "terminat", "liability": "liab", "payment": "pay", "law": "govern|jurisdiction"}


def clauses(text: str) -> tuple[str, ...]:
    return tuple(name for name, words in CLAUSES.items() if re.search(words, text, re.IGNORECASE))


@dataclass(frozen=True)
class Contracts(Vertical):
    def describe(self, document: Document) -> Description:
        from core.evidence import Description

        text = " ".join(block.text for block in document.blocks[:8])
        parties = re.search(r"between (.+?) and (.+?)[,.;(]", text)
        entity = " and ".join(parties.groups()) if parties else ""
        return Description(entity=entity, kind="contract", title=document.title or document.name)

    def tag(self, passage: Passage, source: Source) -> tuple[str, ...]:
        return clauses(" ".join(passage.heading_path))

    def understand(self, question: str, workspace: Workspace, collection: str) -> Query:
        return Query(text=question, tags=clauses(question))

    def commands(self) -> Mapping[str, Callable[..., Any]]:
        return {"clauses": list_clauses}


def list_clauses(collection: str = "contracts") -> None:
    """List the clauses of each contract in a collection."""
    from core.workspace import Workspace

    with Workspace.open() as workspace:
        for source in workspace.catalog.sources(collection):
            for passage in workspace.catalog.passages_of(collection, source.id):
                if passage.tags:
                    print(f"{source.label}: {passage.heading_path[-1]} ({', '.join(passage.tags)})")


vertical = Contracts("contracts", "Contracts", package="plumbline_contracts")
