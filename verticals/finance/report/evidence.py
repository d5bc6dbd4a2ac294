"""The evidence of one report: one numbering of facts and citations over all companies and the price file, and the
gates that every sentence and every cell passes before it is shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.answering.gates import check, check_fact
from core.answering.ledger import Exhibit, Ledger, exhibit, names_of
from core.evidence import (
    Citation,
    Claim,
    Description,
    Dropped,
    Fact,
    Locator,
    Passage,
    Period,
    Source,
    Value,
    content_id,
    normalise,
)
from verticals.finance.market.prices import Price, Series
from verticals.finance.metrics import metric
from verticals.finance.ratios import Book, Missing, figure, growth
from verticals.finance.report.parts import Chart, Item, Quote, Ref, Row, Section, Sentence, Table, Tile
from verticals.finance.statements.frame import Frame

if TYPE_CHECKING:
    from core.workspace import Workspace


class SharedBook(Book):
    """A Book whose numbers come from the counter that all books of the report share."""

    def __init__(self, frame: Frame, counter: itertools.count[int]) -> None:
        super().__init__(frame)
        self.counter = counter

    def number(self) -> int:
        return next(self.counter)


@dataclass(slots=True)
class Gated:
    """What passed: the claims in the order of gating, and each sentence's position among them."""

    claims: list[Claim] = field(default_factory=list)
    position: dict[int, int] = field(default_factory=dict)
    """id() of a Sentence or Quote → position of its claim."""


class Evidence:
    """Facts, citations, what is missing and what was withheld."""

    def __init__(self, workspace: Workspace, collection: str) -> None:
        self.workspace = workspace
        self.collection = collection
        self.counter = itertools.count(1)
        self.books: list[SharedBook] = []
        self.series: Series | None = None
        self.quotes: list[Citation] = []
        self.missing: dict[str, None] = {}
        self.dropped: list[Dropped] = []
        self._passages: dict[str, list[Passage]] = {}
        self._plain: dict[str, str] = {}
        self._verdicts: dict[int, str] = {}
        self._ledger: Ledger | None = None

    def open(self, frame: Frame) -> SharedBook:
        """A book for one company."""
        book = SharedBook(frame, self.counter)
        self.books.append(book)
        return book

    # --- figures ----------------------------------------------------------------------------------------------
    def figure(self, book: Book, name: str, year: int, wanted: bool = True) -> Fact | None:
        """The metric of a year, or None; where it is `wanted`, its absence is listed."""
        try:
            return figure(book, name, year)
        except Missing as error:
            if wanted:
                self.lack(*error.what)
            return None

    def growth(self, book: Book, name: str, year: int) -> Fact | None:
        """Growth of a metric on the year before, or None."""
        later, earlier = self.figure(book, name, year, False), self.figure(book, name, year - 1, False)
        if later is None or earlier is None:
            return None
        try:
            return growth(book, later, earlier)
        except Missing as error:
            self.lack(*error.what)
            return None

    def lack(self, *what: str) -> None:
        """Lists what the sources do not give."""
        self.missing.update(dict.fromkeys(what))

    # --- words ------------------------------------------------------------------------------------------------
    def passages(self, source_id: str) -> list[Passage]:
        """The passages of a source, read once."""
        if source_id not in self._passages:
            self._passages[source_id] = self.workspace.catalog.passages_of(self.collection, source_id)
        return self._passages[source_id]

    def quote(self, source: Source, passage: Passage, words: str) -> int:
        """The number of a citation of `words`, which stand in `passage`."""
        n = next(self.counter)
        described = source.description
        self.quotes.append(
            Citation(
                n, source.label, source.id, described.kind, described.date.isoformat() if described.date else "",
                passage.locator, words, passage.id,
            )
        )  # fmt: skip
        return n

    # --- ledger -----------------------------------------------------------------------------------------------
    def facts(self) -> list[Fact]:
        """All facts by number."""
        return sorted((f for b in self.books for f in b.facts), key=lambda f: f.n)

    def citations(self) -> list[Citation]:
        """All citations by number."""
        return sorted([*(c for b in self.books for c in b.citations), *self.quotes], key=lambda c: c.n)

    def ledger(self) -> Ledger:
        """What the gates may consult: every citation with the passages and values of its page."""
        if self._ledger is None:
            sources = {s.id: s for s in self.workspace.catalog.sources(self.collection)}
            values: dict[str, dict[int | None, list[Value]]] = {}
            exhibits: dict[int, Exhibit] = {}
            for citation in self.citations():
                source = sources.get(citation.source_id)
                if source is None:
                    exhibits[citation.n] = self._price_exhibit(citation)
                    continue
                if source.id not in values:
                    values[source.id] = _by_page(
                        self.workspace.catalog.values(self.collection, source_ids=(source.id,))
                    )
                near = self._near(citation)
                exhibits[citation.n] = exhibit(citation, source, near, values[source.id].get(citation.locator.page, []))
            facts = {f.n: f for f in self.facts()}
            self._ledger = Ledger(exhibits, facts, names_of(s for s in sources.values() if s.entity))
        return self._ledger

    def _near(self, citation: Citation) -> list[Passage]:
        wanted = normalise(citation.quote)
        page = citation.locator.page
        found = []
        for passage in self.passages(citation.source_id):
            if page is not None and passage.locator.page not in (page, None):
                continue
            if passage.id not in self._plain:
                self._plain[passage.id] = normalise(passage.text)
            if passage.id == citation.passage_id or wanted in self._plain[passage.id]:
                found.append(passage)
        return found

    def _price_exhibit(self, citation: Citation) -> Exhibit:
        """A citation of rows of the price file: the rows are held against the series as it was read."""
        series = self.series
        if series is None or citation.source_id != series.sha256:
            return Exhibit(citation)
        lines = {p.line: p.row for p in series.prices}
        rows = citation.quote.splitlines()
        start = citation.locator.line or 0
        if rows and rows[0] != lines.get(start):
            return Exhibit(citation)
        if any(row not in set(lines.values()) for row in rows):
            return Exhibit(citation)
        passage = Passage(
            citation.source_id[:32], citation.source_id, 0, "table", citation.quote, Locator(line=start),
            context=f"{series.header} {series.symbol}",
        )  # fmt: skip
        source = Source(
            series.sha256, series.file, series.file, self.collection, "text/csv", 0, "en",
            Description(entity=self.books[0].frame.entity, kind="prices", title=series.file),
        )  # fmt: skip
        cited = set(rows)
        values = tuple(_price_value(series, p) for p in series.prices if p.row in cited)
        return Exhibit(citation, source, (passage,), values)

    # --- gates ------------------------------------------------------------------------------------------------
    def stands(self, n: int) -> str:
        """ "" where the fact or citation holds, else why it does not."""
        if n not in self._verdicts:
            ledger = self.ledger()
            if n in ledger.facts:
                self._verdicts[n] = check_fact(ledger.facts[n], ledger)
            else:
                shown = ledger.exhibits.get(n)
                ok = shown is not None and shown.verbatim
                self._verdicts[n] = "" if ok else f"the words of [{n}] do not stand at the place named"
        return self._verdicts[n]

    def gate(self, sections: Sequence[Section], tiles: list[Tile]) -> Gated:
        """Sends everything through its gate; what fails leaves its section and is listed. Judgements come last."""
        gated = Gated()
        keys: dict[str, int] = {}
        verdicts: list[Claim | None] = []
        order = [i for s in sections for i in s.items if isinstance(i, Sentence | Quote)]
        order.sort(key=lambda i: isinstance(i, Sentence) and i.kind == "judgement")
        refused: set[int] = set()
        for item in order:
            claim = self._claim(item, keys)
            verdict = check(claim, self.ledger(), verdicts) if claim else None
            if claim is None or verdict is None or not verdict.ok:
                why = verdict.why if verdict else "a claim that this judgement rests on was withheld"
                self.dropped.append(Dropped(item.text, why))
                refused.add(id(item))
                continue
            if isinstance(item, Sentence) and item.key:
                keys[item.key] = len(gated.claims)
            gated.position[id(item)] = len(gated.claims)
            passed = replace(claim, support=round(verdict.support, 4))
            gated.claims.append(passed)
            verdicts.append(passed)
        for section in sections:
            section.items = [i for item in section.items if id(item) not in refused for i in self._figures(item)]
        tiles[:] = [t for t in tiles if not self._refused(t.label, [t.value, *_refs(t.note)])]
        return gated

    def _claim(self, item: Sentence | Quote, keys: dict[str, int]) -> Claim | None:
        if isinstance(item, Quote):
            return Claim(item.text, "quoted", (item.n,))
        if any(k not in keys for k in item.based_on):
            return None
        based = tuple(dict.fromkeys(keys[k] for k in item.based_on))
        return Claim(item.text, item.kind, item.citations, based)

    def _figures(self, item: Item) -> Iterable[Item]:
        """Tables and charts with the figures that stand; a table without any is left out."""
        if isinstance(item, Table):
            rows = []
            for row in item.rows:
                cells = tuple(
                    None if c is None or self._refused(f"{row.label}: {c.text}", [c]) else c for c in row.cells
                )
                if any(cells):
                    rows.append(Row(row.label, cells, row.style))
            return [replace(item, rows=tuple(rows))] if rows else []
        if isinstance(item, Chart) and self._refused(item.caption, item.refs):
            return []
        return [item]

    def _refused(self, what: str, refs: Iterable[Ref]) -> bool:
        for r in refs:
            why = self.stands(r.n)
            if why:
                self.dropped.append(Dropped(what, why))
                return True
        return False


def _refs(parts: Iterable[str | Ref]) -> list[Ref]:
    return [p for p in parts if isinstance(p, Ref)]


def _price_value(series: Series, price: Price) -> Value:
    """A close as a typed value of its row."""
    return Value(
        id=content_id(series.sha256, str(price.line), series.column),
        source_id=series.sha256,
        entity=series.symbol,
        metric="close",
        label=series.column,
        period=Period(price.day),
        value=price.close,
        unit="",
        printed=str(price.close),
        locator=Locator(line=price.line, column=series.cell),
        quote=price.row,
    )


def _by_page(values: Iterable[Value]) -> dict[int | None, list[Value]]:
    found: dict[int | None, list[Value]] = {}
    for value in values:
        found.setdefault(value.locator.page, []).append(value)
    return found


def label_of(name: str) -> str:
    """A metric's label with a capital."""
    label = metric(name).label
    return label[:1].upper() + label[1:]
