"""What the gates may consult: for each citation its source, the stored passages in which its quote stands and the
typed values printed there; for each fact its inputs. Nothing outside the ledger supports a claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.evidence import Citation, Fact, Passage, Source, Value, normalise

if TYPE_CHECKING:
    from core.workspace import Workspace


REPEATED = 20
"""Characters from which a row with its numbers is taken for the same row wherever in its source it stands."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A citation with all that is known about the place it names; no `passages` where the quote stands nowhere."""

    citation: Citation
    source: Source | None = None
    passages: tuple[Passage, ...] = ()
    values: tuple[Value, ...] = ()

    @property
    def verbatim(self) -> bool:
        return bool(self.passages)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Exhibits and facts by number, and the names of every entity in the collection."""

    exhibits: Mapping[int, Exhibit] = field(default_factory=dict)
    facts: Mapping[int, Fact] = field(default_factory=dict)
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Entity → the names (itself and its aliases) under which a text may mean it."""

    def has(self, n: int) -> bool:
        return n in self.exhibits or n in self.facts


def collect(workspace: Workspace, collection: str, citations: Sequence[Citation], facts: Sequence[Fact]) -> Ledger:
    """Looks up in the catalog what each citation names. A passage counts only where the quote stands in it."""
    catalog = workspace.catalog
    sources = {source.id: source for source in catalog.sources(collection)}
    cited = {c.source_id for c in citations}
    named = {c.passage_id for c in citations if c.passage_id}
    by_id = {p.id: p for p in catalog.passages(collection, sorted(named))} if named else {}
    all_of: dict[str, list[Passage]] = {}
    values: dict[str, list[Value]] = {}
    exhibits = {}
    for citation in citations:
        source = sources.get(citation.source_id)
        if source is None:
            exhibits[citation.n] = Exhibit(citation)
            continue
        passage = by_id.get(citation.passage_id or "")
        near: Iterable[Passage]
        if passage is not None and passage.source_id == source.id:
            near = [passage]
        else:
            if source.id not in all_of:
                all_of[source.id] = catalog.passages_of(collection, source.id)
            near = all_of[source.id]
        if source.id not in values:
            values[source.id] = catalog.values(collection, source_ids=[source.id])
        exhibits[citation.n] = exhibit(citation, source, near, values[source.id])
    return Ledger(exhibits, {f.n: f for f in facts}, names_of(s for s in sources.values() if s.id in cited or s.entity))


def exhibit(citation: Citation, source: Source, passages: Iterable[Passage], values: Iterable[Value]) -> Exhibit:
    """A citation joined with those of `passages` in which its quote stands (at its page, where it names one) and
    those of `values` that are printed there."""
    quote = normalise(citation.quote)
    page = citation.locator.page
    standing = []
    for p in passages:
        if quote and quote in normalise(p.text) and (page is None or p.locator.page in (page, None)):
            standing.append(p)
    standing.sort(key=lambda p: (p.id != citation.passage_id, len(p.text)))
    if not standing:
        return Exhibit(citation, source)
    text = normalise(standing[0].text)
    there = []
    for v in values:
        row = normalise(v.quote)
        # A statement's row that is repeated word for word on another page says the same there.
        if page is not None and v.locator.page not in (page, None) and len(row) < REPEATED:
            continue
        if (row in text) if row else (normalise(v.printed) in text and normalise(v.label) in text):
            there.append(v)
    return Exhibit(citation, source, tuple(standing[:3]), tuple(there))


def names_of(sources: Iterable[Source]) -> dict[str, tuple[str, ...]]:
    """Entity → its names, over `sources`."""
    out: dict[str, set[str]] = {}
    for source in sources:
        if source.entity:
            out.setdefault(source.entity, set()).update({source.entity, *source.description.aliases})
    return {entity: tuple(sorted(names)) for entity, names in out.items()}
