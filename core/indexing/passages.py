"""Blocks to passages: structure-aware, never across a page or a heading; tables whole, or cut between rows with
caption, unit and header repeated. What is embedded is the contextual header and the text; for a table its captions
and row labels, because digits tell an embedder nothing and cost it its window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.evidence import Block, BlockKind, Box, Description, Document, Locator, Passage, Table, content_id

VERSION = "2"
"""Part of the index version: a change of these rules makes new passages."""
TARGET = 1200
"""Characters at which a text passage closes; about 300 tokens, well inside the embedder's window of 512."""
LIMIT = 1800
"""Characters that a passage of one paragraph may reach before it is cut between sentences."""
FURNITURE = 90
"""Characters that a running head or foot may have."""
LEAD_IN = 400
"""Characters of headings and text before a table that belong to the table's passage."""
TABLE_LIMIT = 3600
"""Characters of a table that stays whole; longer ones are cut between rows."""
EMBEDDED = 700
"""Characters of a passage that are embedded beside its contextual header: the topic stands at the beginning, and the
lexical index holds the whole. Embedding is what ingestion spends its time on (docs/measuring.md)."""

SENTENCE_END = re.compile(r"(?<=[.!?。！？])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9\u4e00-\u9fff])")


@dataclass
class _Open:
    """The passage being filled."""

    blocks: list[Block] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(len(b.text) + 1 for b in self.blocks)


def passages(document: Document, description: Description, source_id: str) -> list[Passage]:
    """The passages of a document in reading order, with ordinals from 0."""
    out: list[Passage] = []
    for kind, text, locator, path, search_text in _pieces(without_furniture(document.blocks)):
        if not text.strip():
            continue
        ordinal = len(out)
        out.append(
            Passage(
                id=content_id(source_id, str(ordinal), text),
                source_id=source_id,
                ordinal=ordinal,
                kind=kind,
                text=text,
                locator=locator,
                heading_path=path,
                context=context(description, path),
                search_text=search_text,
            )
        )
    return out


def without_furniture(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without running heads and feet: short text at a page's edge that stands on many pages, alike but for a
    number that counts with the pages. A page that holds nothing else keeps it."""
    edges: dict[int, list[int]] = {}
    for position, block in enumerate(blocks):
        if block.locator.page is not None:
            edges.setdefault(block.locator.page, []).append(position)
    pages_of: dict[str, set[int]] = {}
    keys: dict[int, str] = {}
    for page, positions in edges.items():
        for position in {*positions[:2], *positions[-2:]}:
            block = blocks[position]
            if block.kind in ("text", "heading") and len(block.text) <= FURNITURE:
                keys[position] = _counted(block.text, page)
                pages_of.setdefault(keys[position], set()).add(page)
    least = max(4, len(edges) // 5)
    drop = {p for p, key in keys.items() if len(pages_of[key]) >= least}
    bare = {page for page, positions in edges.items() if drop.issuperset(positions)}
    return [b for p, b in enumerate(blocks) if p not in drop or b.locator.page in bare]


def _counted(text: str, page: int) -> str:
    """`text` with small numbers replaced by their distance from the page's: equal on pages that are numbered alike."""
    return re.sub(r"\b\d{1,4}\b", lambda m: f"#{int(m.group()) - page}", " ".join(text.split()))


def context(description: Description, heading_path: Sequence[str]) -> str:
    """The contextual header: entity, kind and period of the document, section."""
    period = description.meta.get("fiscal_year") or (str(description.period.end.year) if description.period else "")
    document = " ".join(part for part in (description.kind, period) if part)
    parts = [description.entity, document or description.title, *heading_path[-2:]]
    return " | ".join(part for part in parts if part)


def embedding_text(passage: Passage) -> str:
    """What of a passage is embedded: its contextual header and the beginning of its text, or of a table's captions and
    row labels."""
    body = (passage.search_text or passage.text)[:EMBEDDED]
    return f"{passage.context}\n{body}" if passage.context else body


_Piece = tuple[BlockKind, str, Locator, tuple[str, ...], str]


def _pieces(blocks: Sequence[Block]) -> Iterator[_Piece]:
    headings: list[Block] = []
    current = _Open()

    def path() -> tuple[str, ...]:
        return tuple(h.text.strip() for h in headings)

    def close() -> Iterator[_Piece]:
        nonlocal current
        if current.blocks:
            text = "\n".join(b.text for b in current.blocks)
            kind: BlockKind = current.blocks[-1].kind if len(current.blocks) == 1 else "text"
            yield kind, text, _union(current.blocks), path(), ""
        current = _Open()

    for block in blocks:
        if block.kind == "heading":
            # Headings that follow one another open one passage; anything else before a heading closes it.
            if not _only_headings(current.blocks, block):
                yield from close()
            while headings and headings[-1].level >= block.level:
                headings.pop()
            headings.append(block)
            current.blocks.append(block)
        elif block.kind == "table" and block.table is not None:
            if not _leads_in(current, block):
                yield from close()
            above = [b.text for b in current.blocks]
            current = _Open()
            yield from _table(block, block.table, path(), above)
        else:
            fits = _same_page(current.blocks, block) and current.size + len(block.text) <= TARGET
            if not fits and not _only_headings(current.blocks, block):
                yield from close()
            if len(block.text) > LIMIT:
                if current.blocks:
                    block = replace(block, text="\n".join([*(b.text for b in current.blocks), block.text]))
                    current = _Open()
                for part in sentences_to(block.text, TARGET):
                    yield block.kind, part, block.locator, path(), ""
                continue
            current.blocks.append(block)
    yield from close()


def _same_page(open_blocks: Sequence[Block], block: Block) -> bool:
    return all(b.locator.page == block.locator.page for b in open_blocks)


def _leads_in(current: _Open, table: Block) -> bool:
    """Whether what is open introduces the table on its page ("… were as follows:") and is read with it."""
    return _same_page(current.blocks, table) and current.size <= LEAD_IN


def _only_headings(open_blocks: Sequence[Block], block: Block) -> bool:
    """Whether what is open is nothing but headings on the page of `block`, so that they belong with it."""
    return _same_page(open_blocks, block) and all(b.kind == "heading" for b in open_blocks)


def _table(block: Block, table: Table, path: tuple[str, ...], above: Sequence[str]) -> Iterator[_Piece]:
    lines = block.text.split("\n")
    known = "\n".join([*above, block.text])
    above = [*above, *(line for line in (table.caption, table.unit) if line and line not in known)]
    labels = _labels(table)
    head = lines[: table.header_rows]
    body = lines[table.header_rows :]
    if len(block.text) <= TABLE_LIMIT or not body:
        yield "table", "\n".join([*above, *lines]), block.locator, path, _search_text(above, table, head, labels)
        return
    room = max(TABLE_LIMIT - sum(map(len, above)) - sum(map(len, head)), TABLE_LIMIT // 2)
    start = 0
    while start < len(body):
        end, size = start, 0
        while end < len(body) and (end == start or size + len(body[end]) < room):
            size += len(body[end]) + 1
            end += 1
        box = _rows_box(table, table.header_rows + start, table.header_rows + end)
        part_labels = labels[start:end] if len(labels) == len(body) else labels
        yield (
            "table",
            "\n".join([*above, *head, *body[start:end]]),
            replace(block.locator, box=box or block.locator.box, row=table.header_rows + start),
            path,
            _search_text(above, table, head, part_labels),
        )
        start = end


def _labels(table: Table) -> list[str]:
    grid = table.grid()
    return [next((cell.strip() for cell in row if cell.strip()), "") for row in grid[table.header_rows :]]


def _search_text(above: Sequence[str], table: Table, head: Sequence[str], labels: Sequence[str]) -> str:
    parts = [*above, table.caption, table.unit, *(" ".join(line.split()) for line in head), *labels]
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _rows_box(table: Table, first: int, last: int) -> Box | None:
    boxes = [c.box for c in table.cells if c.box and first <= c.row < last and c.page is None]
    return _box(boxes)


def _box(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def _union(blocks: Sequence[Block]) -> Locator:
    first = blocks[0].locator
    same = [b.locator.box for b in blocks if b.locator.box and b.locator.page == first.page]
    return replace(first, box=_box(same) if same else first.box)


def sentences_to(text: str, size: int) -> Iterator[str]:
    """Cuts a long text between sentences into parts of about `size` characters; a single longer sentence is cut
    between words."""
    part = ""
    for sentence in SENTENCE_END.split(text):
        while len(sentence) > 2 * size:
            at = sentence.rfind(" ", 0, size)
            at = at if at > 0 else size
            if part:
                yield part
                part = ""
            yield sentence[:at]
            sentence = sentence[at:].lstrip()
        if part and len(part) + len(sentence) > size:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
    if part:
        yield part
