"""The planner's way in: a Query becomes a program, the program runs over the companies' frames, a Draft comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.answering.draft import Draft
from core.evidence import Source
from core.vertical import Query
from verticals.finance.planner import execute, forms, request
from verticals.finance.planner.program import Program
from verticals.finance.statements.frame import Frame

if TYPE_CHECKING:
    from core.workspace import Workspace

ROUTE = "planner"


def plan(question: str, sources: Sequence[Source], companies: int = 1) -> Program | None:
    """The program of a question over `companies` companies; None where it is not wholly understood."""
    return forms.read(request.make(question, sources), companies)


def compute(query: Query, workspace: Workspace, collection: str) -> Draft | None:
    """Facts and claims for a question about figures; None where it is another kind of question."""
    if not query.entities or (query.unknown_entities and len(query.entities) == 0):
        return None
    sources = workspace.catalog.sources(collection)
    program = plan(query.text, sources, len(query.entities) + len(query.unknown_entities))
    if program is None:
        return None
    frames = [Frame.load(workspace, collection, entity) for entity in query.entities]
    draft = over(program, frames, query.source_ids or (), query.unknown_entities)
    notices = _assumed(query, sources)
    return Draft(
        ROUTE, draft.claims, draft.citations, draft.facts, draft.missing, draft.asks, (*notices, *draft.notices)
    )


def over(program: Program, frames: Sequence[Frame], prefer: Sequence[str] = (), unknown: Sequence[str] = ()) -> Draft:
    """Runs a program over frames. `unknown`: companies asked for that no source is about."""
    run = execute.run(program, frames, prefer)
    missing = [*(f"no source about {name}" for name in unknown), *run.script.missing]
    return Draft(
        ROUTE, tuple(run.script.claims), run.citations, run.facts, tuple(missing), (), tuple(run.script.notices)
    )


def _assumed(query: Query, sources: Sequence[Source]) -> tuple[str, ...]:
    """What was taken for granted about the company: a misspelt name read as one, or none named at all."""
    from verticals.finance.understand.reading import take_apart

    named = take_apart(query.text, sources).companies
    if not named.known:
        return (f"The question names no company; {' and '.join(query.entities)} is the one that these sources fit.",)
    return tuple(f"“{written}” is read as {entity}." for written, entity in named.read_as)
