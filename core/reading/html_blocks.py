"""A walk over an element tree -> paragraphs, list items, headings as marked up, and tables, in reading order.

Hidden text is left out and named (see html_style). Looks (bold, size) are kept beside each block: html_headings
decides from them which paragraphs are headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from core.evidence import BlockKind, Table
from core.reading.html_source import Paths, tag_of
from core.reading.html_style import NOT_CONTENT, Seen, StyleSheet, declarations, indent, look, names, unseen
from core.reading.html_table import GridCell, Shaped, is_data, shape
from core.reading.html_tree import cells as cells_of
from core.reading.html_tree import holds_table, leading_nbsp, letters, page_break, span
from core.reading.html_tree import rows as rows_of

_BLOCKS = names(
    "html body div p section article main header footer nav aside h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre "
    "figure figcaption address center form fieldset legend details summary table thead tbody tfoot tr td th caption "
    "hgroup dir menu search dialog"
)
_INVISIBLE = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u180e\U000e0000-\U000e007f\ufff9-\ufffb]"
)
_JOINERS = re.compile("(?<=[\x00-\u024f])[\u200c\u200d]+|[\u200c\u200d]{2,}|[\u200c\u200d]+(?=[\x00-\u024f])")
_BULLET = re.compile(
    r"^(?:[\u2022\u00b7\u25cf\u25cb\u25aa\u25ab\u25a0\u25a1\u2043\u2219\u25e6\u27a2\uf0b7\uf0a7\u2013\u2014*-]|o(?=\s))\s*(?=\S)"
)
_BULLET_CELL = re.compile(
    r"^(?:[\u2022\u00b7\u25cf\u25cb\u25aa\u25ab\u25a0\u25a1\u2043\u2219\u25e6\u27a2\uf0b7\uf0a7\u2013\u2014o*-]|\(?[a-z0-9ivx]{1,4}[.)])$",
    re.I,
)
_DEEPEST = 30
"""Tables within tables that are still read as tables."""
_LONG_CELL = 1200


@dataclass
class Raw:
    """A block with the looks that tell a heading from a paragraph."""

    kind: BlockKind
    text: str
    element: etree._Element
    level: int = 0
    size: float = 12.0
    bold: float = 0.0
    """Share of the letters that are bold; likewise italic and underline."""
    italic: float = 0.0
    underline: float = 0.0
    centred: bool = False
    link: bool = False
    """All of it is a link within the document (a line of a table of contents, "Back to top")."""
    breaks_page: bool = False
    """A page break stands before it."""
    table: Table | None = None
    facts: list[tuple[etree._Element, int | None, int | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Step:
    """Something still to be done in a walk: enter an element, read a text directly in it, or leave it."""

    element: etree._Element
    seen: Seen
    text: str | None = None
    leave: Callable[[], None] | None = None


@dataclass(slots=True)
class _Piece:
    text: str
    seen: Seen
    link: bool


class Walk:
    """One pass over a tree. `raw` holds the blocks, `hidden` what was left out: (reason, letters, element)."""

    def __init__(self, root: etree._Element, paths: Paths, start: etree._Element | None = None) -> None:
        """Walks all of `root`, or only what `start` (an element of it) holds, looking as it does in the whole."""
        start = root if start is None else start
        self.paths = paths
        self.sheet = StyleSheet(root)
        self.raw: list[Raw] = []
        self.hidden: list[tuple[str, int, etree._Element]] = []
        self.zero_width = 0
        self._pieces: list[_Piece] = []
        self._facts: list[etree._Element] = []
        self._holder = start
        self._kind: BlockKind = "text"
        self._level = 0
        self._page_break = False
        self._cell = 0
        self._tables = 0
        self._link = 0
        self._pre = 0
        seen = Seen()
        for ancestor in reversed(list(start.iterancestors())):
            seen = look(ancestor, tag_of(ancestor), seen, self.sheet)
        self._visit(start, seen)
        self._flush()

    # --- elements -------------------------------------------------------------------------------------------
    def _visit(self, element: etree._Element, parent: Seen) -> None:
        """`element` and all in it, in document order. A stack of its own: markup may nest deeper than Python may."""
        stack: list[_Step] = [_Step(element, parent)]
        while stack:
            step = stack.pop()
            if step.leave is not None:
                step.leave()
            elif step.text is not None:
                self._text(step.text, step.seen, step.element)
            else:
                self._enter(step.element, step.seen, stack)

    def _enter(self, element: etree._Element, parent: Seen, stack: list[_Step]) -> None:
        tag = tag_of(element)
        if not tag or tag in NOT_CONTENT:
            return
        seen = look(element, tag, parent, self.sheet)
        if seen.hidden:
            self._leave_out(element, seen)
            return
        if tag == "br":
            self._pieces.append(_Piece("\n", seen, False))
            return
        style = element.get("style") or ""
        breaks = tag == "hr" or ("break" in style and page_break(style))
        if tag == "hr":
            self._flush()
            self._page_break = True
            return
        if tag == "table" and not self._cell and self._tables < _DEEPEST:
            self._flush()
            self._page_break = self._page_break or breaks
            self._tables += 1
            self._table(element, seen)
            self._tables -= 1
            return
        block = tag in _BLOCKS
        if "display" in style:
            display = declarations(style).get("display", "")
            block = False if display.startswith("inline") else True if display == "block" else block
        leave = self._open_block(element, tag, breaks) if block else self._open_inline(element, tag)
        stack.append(_Step(element, seen, leave=leave))
        self._push_children(element, seen, stack)

    def _push_children(self, element: etree._Element, seen: Seen, stack: list[_Step]) -> None:
        for child in reversed(element):
            if child.tail:
                stack.append(_Step(element, seen, text=child.tail))
            stack.append(_Step(child, seen))
        if element.text:
            stack.append(_Step(element, seen, text=element.text))

    def _open_block(self, element: etree._Element, tag: str, breaks: bool) -> Callable[[], None]:
        self._flush()
        before = (self._holder, self._kind, self._level)
        if breaks and "before" in (element.get("style") or ""):
            self._page_break = True
        self._holder = element
        if tag[0] == "h" and len(tag) == 2 and tag[1].isdigit():
            self._kind, self._level = "heading", int(tag[1])
        elif tag in ("li", "dd"):
            self._kind, self._level = "list", 0
        elif tag in ("td", "th", "table"):
            self._kind, self._level = "text", 0
        self._pre += tag == "pre"

        def leave() -> None:
            self._flush()
            self._pre -= tag == "pre"
            self._page_break = self._page_break or breaks
            self._holder, self._kind, self._level = before

        return leave

    def _open_inline(self, element: etree._Element, tag: str) -> Callable[[], None]:
        link = tag == "a" and (element.get("href") or "").startswith("#")
        self._link += link
        if tag == "ix:nonfraction":
            self._facts.append(element)

        def leave() -> None:
            self._link -= link

        return leave

    def _text(self, text: str, seen: Seen, element: etree._Element) -> None:
        why, suspicious = unseen(seen)
        if why:
            if suspicious and text.strip():
                self.hidden.append((why, len(text.strip()), element))
            return
        if not text.isascii():
            clean = _JOINERS.sub("", _INVISIBLE.sub("", text))
            self.zero_width += len(text) - len(clean)
            text = clean
        if not self._pre:
            text = re.sub(r"[ \t\r\n\f\u00a0]+", " ", text)
        self._pieces.append(_Piece(text, seen, bool(self._link)))

    def _leave_out(self, element: etree._Element, seen: Seen) -> None:
        if not seen.suspicious:
            return
        count = letters(element)
        if count:
            self.hidden.append((seen.hidden, count, element))

    # --- blocks ---------------------------------------------------------------------------------------------
    def _flush(self) -> None:
        if self._cell:
            self._pieces.append(_Piece("\n", Seen(), False))
            return
        pieces, facts = self._pieces, self._facts
        self._pieces, self._facts = [], []
        if not any(p.text.strip() for p in pieces):
            return
        runs: list[list[_Piece]] = [[]]
        blank = 0
        for piece in pieces:
            if piece.text == "\n":
                blank += 1
                continue
            if not piece.text.strip():
                if runs[-1] and not blank:
                    runs[-1].append(piece)
                continue
            if blank >= 2 and runs[-1]:
                runs.append([])
            elif blank and runs[-1]:
                runs[-1].append(_Piece("\n", piece.seen, False))
            blank = 0
            runs[-1].append(piece)
        for run in runs:
            self._add(run, facts)

    def _add(self, pieces: list[_Piece], facts: list[etree._Element]) -> None:
        text = tidy("".join(p.text for p in pieces))
        if not text:
            return
        kind: BlockKind = self._kind
        bullet = _BULLET.match(text)
        if bullet and kind != "heading" and len(text) > bullet.end():
            kind, text = "list", text[bullet.end() :]
        raw = Raw(kind, text, self._holder, self._level if kind == "heading" else 0)
        _measure(raw, pieces)
        raw.facts = [(f, None, None) for f in facts]
        self._push(raw)

    def _push(self, raw: Raw) -> None:
        raw.breaks_page, self._page_break = self._page_break, False
        self.raw.append(raw)

    # --- tables ---------------------------------------------------------------------------------------------
    def _table(self, table: etree._Element, seen: Seen) -> None:
        rows = rows_of(table)
        if any(holds_table(cell) for row in rows for cell in cells_of(row)) or not rows:
            self._lay_out(table, rows, seen)
            return
        grid, looks = self._grid(table, rows, seen)
        filled = [c for c in grid if c.text]
        if not filled:
            return
        by_row: dict[int, list[GridCell]] = {}
        for cell in filled:
            by_row.setdefault(cell.row, []).append(cell)
        figures = any(is_data(c.text) or c.facts for c in filled)
        if len(filled) == 1 or (not figures and any(len(c.text) > _LONG_CELL for c in filled)):
            self._lay_out(table, rows, seen)
        elif not figures and all(len(r) == 2 and _BULLET_CELL.match(r[0].text) for r in by_row.values()):
            for number, cells in by_row.items():
                self._push(
                    Raw(
                        "list",
                        cells[1].text
                        if not cells[0].text[0].isalnum() and cells[0].text[0] != "("
                        else f"{cells[0].text} {cells[1].text}",
                        rows[number],
                    )
                )
        elif not figures and len(by_row) == 1:
            raw = Raw("text", " ".join(c.text for c in filled), table)
            _measure(raw, [p for _, pieces in looks for p in pieces])
            self._push(raw)
        else:
            caption = next((tidy("".join(map(str, e.itertext()))) for e in table if tag_of(e) == "caption"), "")
            shaped = shape(grid, " ".join(caption.split()))
            if shaped:
                self._push(_table_block(shaped, table))

    def _lay_out(self, table: etree._Element, rows: list[etree._Element], seen: Seen) -> None:
        """A table that only places things: what its cells hold, one after the other."""
        for row in rows:
            row_seen = look(row, "tr", seen, self.sheet)
            if row_seen.hidden:
                self._leave_out(row, row_seen)
                continue
            for cell in cells_of(row):
                self._visit(cell, row_seen)
        if not rows:
            for child in table:
                self._visit(child, seen)
            self._flush()

    def _grid(
        self, table: etree._Element, rows: list[etree._Element], seen: Seen
    ) -> tuple[list[GridCell], list[tuple[GridCell, list[_Piece]]]]:
        cells: list[GridCell] = []
        looks: list[tuple[GridCell, list[_Piece]]] = []
        taken: dict[int, list[tuple[int, int]]] = {}
        for number, row in enumerate(rows):
            body = row.getparent()
            body_seen = look(body, tag_of(body), seen, self.sheet) if body is not None and body is not table else seen
            row_seen = look(row, "tr", body_seen, self.sheet)
            if row_seen.hidden:
                self._leave_out(row, row_seen)
                continue
            column = 0
            for element in cells_of(row):
                while over := [end for start, end in taken.get(number, ()) if start <= column < end]:
                    column = max(over)
                colspan, rowspan = span(element, "colspan", 1000), span(element, "rowspan", len(rows) - number)
                cell, pieces = self._read_cell(element, row_seen, number, column, colspan, rowspan)
                for below in range(number + 1, number + rowspan):
                    taken.setdefault(below, []).append((column, column + colspan))
                column += colspan
                if cell is not None:
                    cells.append(cell)
                    looks.append((cell, pieces))
        return cells, looks

    def _read_cell(
        self, element: etree._Element, row: Seen, number: int, column: int, colspan: int, rowspan: int
    ) -> tuple[GridCell | None, list[_Piece]]:
        tag = tag_of(element)
        seen = look(element, tag, row, self.sheet)
        if seen.hidden:
            self._leave_out(element, seen)
            return None, []
        if not len(element) and not (element.text and element.text.strip()):
            return None, []
        self._cell += 1
        self._visit(element, row)
        self._cell -= 1
        pieces, facts = self._pieces, self._facts
        self._pieces, self._facts = [], []
        joined = "".join(p.text for p in pieces)
        text = " ".join(joined.split())
        if not text:
            return None, []
        total = sum(len(p.text.strip()) for p in pieces) or 1
        bold = sum(len(p.text.strip()) for p in pieces if p.seen.bold) / total > 0.5
        lead = len(joined.replace("\n", "")) - len(joined.replace("\n", "").lstrip())
        nbsp = leading_nbsp(element) if lead else 0
        own = self.paths.own_id(facts[0]) if facts else None
        return (
            GridCell(
                row=number,
                column=column,
                text=text,
                colspan=colspan,
                rowspan=rowspan,
                header=tag == "th",
                indent=self._indent(element, seen) + nbsp * seen.size / 4,
                bold=bold,
                element=own or self.paths.of(element),
                facts=tuple(facts),
            ),
            pieces,
        )

    def _indent(self, cell: etree._Element, seen: Seen) -> float:
        total = indent(declarations(cell.get("style") or ""), seen.size)
        for child in cell:
            if tag_of(child) in ("div", "p") and child.get("style"):
                total += indent(declarations(child.get("style") or ""), seen.size)
                break
        return total


def tidy(text: str) -> str:
    """White space collapsed within lines, empty lines and outer space gone."""
    return "\n".join(line for line in (" ".join(part.split()) for part in text.split("\n")) if line)


def _table_block(shaped: Shaped, element: etree._Element) -> Raw:
    raw = Raw("table", shaped.text, element, table=shaped.table)
    raw.facts = [(fact, row, column) for fact, row, column in shaped.places]
    return raw


def _measure(raw: Raw, pieces: list[_Piece]) -> None:
    """Looks of a block, weighted by letters."""
    total = 0
    bold = italic = underline = link = 0
    sizes: dict[float, int] = {}
    for piece in pieces:
        n = len(piece.text.strip())
        if not n:
            continue
        total += n
        bold += n * piece.seen.bold
        italic += n * piece.seen.italic
        underline += n * piece.seen.underline
        link += n * piece.link
        sizes[piece.seen.size] = sizes.get(piece.seen.size, 0) + n
        raw.centred = raw.centred or piece.seen.centred
    if total:
        raw.bold, raw.italic, raw.underline = bold / total, italic / total, underline / total
        raw.link = link / total > 0.8
        raw.size = max(sizes, key=lambda s: (sizes[s], s))


__all__ = ["Raw", "Walk", "tidy"]
