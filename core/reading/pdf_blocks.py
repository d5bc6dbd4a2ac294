"""Lines of all pages -> blocks: headings with levels, paragraphs, lists, tables. Running heads are never headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from core.evidence import Block, Box, Locator
from core.reading.pdf_grid import build
from core.reading.pdf_layout import Line
from core.reading.pdf_tables import UNIT, find_tables
from core.reading.pdf_turn import turned_back
from core.reading.pdf_words import Frame

_ITEM = re.compile(r"^\s*item\s+\d{1,2}[a-c]?\s*[.:—–-]?(\s|$)", re.I)
_PART = re.compile(r"^\s*part\s+[ivx]{1,4}\s*[.:—–-]?\s*$", re.I)
_PAGE_NUMBER = re.compile(r"[-–—. ]*(?:page )?(?:[a-z]{0,2}-?[.]?\d{1,4}|[ivxl]{1,6})(?: (?:of|/) \d+)?[-–—. ]*")
_BULLET = re.compile(r"^\s*([•●▪■◦○·‣–—*-]|\(?[a-z0-9]{1,3}[.)]|\([ivx]{1,4}\))\s+\S")
_MARK = re.compile(r"^\s*[•●▪■◦○·‣]\s*$")


Draft = tuple[Block, tuple[float, bool, bool] | None]
"""A block and, for a heading, its style: size, capitals, bold."""


@dataclass(slots=True)
class PageLines:
    """One page as laid out."""

    number: int
    frame: Frame
    lines: list[Line]
    angle: int = 0
    """Direction of writing for which `lines` are laid out; boxes are turned back by it."""


def blocks_of(pages: Sequence[PageLines]) -> tuple[Block, ...]:
    """Blocks in reading order. The texts of a page's blocks, one after another, are the text of the page."""
    mark_running(pages)
    body = body_size(pages)
    drafts: list[Draft] = []
    for page in pages:
        for part in _parts(page.lines):
            if isinstance(part, Block):
                found: list[Draft] = [(replace(part, locator=replace(part.locator, page=page.number)), None)]
            else:
                found = [_block(group, page.number, body) for group in _groups(part)]
            drafts.extend((turned_back(block, page.frame, page.angle), style) for block, style in found)
    return _levels(drafts, body)


def _parts(lines: Sequence[Line]) -> Iterator[Block | list[Line]]:
    """Tables as blocks (their page still open) and the lines between them, in reading order."""
    for _, region in groupby(lines, key=lambda line: line.region):
        rows, tables = find_tables(list(region))
        done = 0
        for found in tables:
            if found.first > done:
                yield [row.line for row in rows[done : found.first]]
            table, text = build(rows, found)
            boxes = [rows[i].line.box for i in range(found.first, found.last + 1)]
            yield Block("table", text, Locator(box=union(boxes)), table=table)
            done = found.last + 1
        if done < len(rows):
            yield [row.line for row in rows[done:]]


def body_size(pages: Sequence[PageLines]) -> float:
    """The size of type in which most of the document is set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def mark_running(pages: Sequence[PageLines]) -> None:
    """Marks lines that repeat (but for digits) at the edge of at least three pages and a tenth of them, and page
    numbers there."""
    seen: Counter[str] = Counter()
    edges: list[list[list[tuple[str, Line]]]] = []
    for page in pages:
        height = page.frame.height
        down = sorted(page.lines, key=lambda line: line.top)
        top = [(_key(line), line) for line in down[:3] if line.top < 0.13 * height]
        bottom = [(_key(line), line) for line in down[:-4:-1] if line.bottom > 0.87 * height]
        if down and not bottom:
            bottom = [(_key(down[-1]), down[-1])] if _PAGE_NUMBER.fullmatch(down[-1].text.lower()) else []
        edges.append([top, bottom])
        seen.update({key for key, _ in top + bottom})
    enough = max(3, len(pages) // 10)
    for top, bottom in edges:
        for edge in (top, bottom):
            for key, line in edge:  # from the edge inwards, as far as it repeats
                repeats = seen[key] >= enough and len(key) < 120 and not UNIT.search(key)
                if not repeats and not _PAGE_NUMBER.fullmatch(line.text.lower()):
                    break
                line.running = True


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text).strip().lower()


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines cut into paragraphs: where the gap widens, the type changes, or an item begins."""
    groups: list[list[Line]] = []
    gaps = [b.top - a.bottom for a, b in pairwise(lines) if a.region == b.region and b.top > a.top]
    usual = max(median(gaps), 0.0) if gaps else 0.0
    for line in lines:
        if not groups:
            groups.append([line])
            continue
        last = groups[-1][-1]
        gap = line.top - last.bottom
        apart = (
            line.region != last.region
            or line.running != last.running
            or gap > max(0.45 * line.size, min(usual, line.size) * 1.5)
            or abs(line.size - last.size) > 0.12 * last.size
            or line.bold != last.bold
            or _BULLET.match(line.text) is not None
            or _ITEM.match(line.text) is not None
            or (line.x0 - min(x.x0 for x in groups[-1]) > 1.2 * line.size and len(groups[-1]) > 1)
        )
        if apart:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _block(lines: list[Line], page: int, body: float) -> Draft:
    text = "\n".join(line.text for line in lines)
    locator = Locator(page=page, box=union([line.box for line in lines]))
    style = heading_style(lines, text, body)
    if style:
        return Block("heading", text, locator, level=1), style
    kind = "list" if _BULLET.match(text) else "text"
    return Block("list" if kind == "list" else "text", text, locator), None


def union(boxes: Sequence[Box]) -> Box:
    return (
        round(min(b[0] for b in boxes), 2),
        round(min(b[1] for b in boxes), 2),
        round(max(b[2] for b in boxes), 2),
        round(max(b[3] for b in boxes), 2),
    )


def heading_style(lines: Sequence[Line], text: str, body: float) -> tuple[float, bool, bool] | None:
    """(size, capitals, bold) of a heading, None for other text."""
    letters = sum(c.isalpha() for c in text)
    if (
        lines[0].running
        or len(lines) > 3
        or len(text) > 220
        or letters < 3
        or letters < 0.5 * len(text.replace(" ", ""))
    ):
        return None
    item = _ITEM.match(text) or _PART.match(text)
    if text.rstrip().endswith((".", ",", ";")) and not item:
        return None
    size = lines[0].size
    capitals = text.upper() == text and letters >= 4
    bold = all(line.bold for line in lines)
    if item and (bold or capitals or size > 1.1 * body or len(text) < 80):
        return (size, capitals, bold)
    large = size >= 1.15 * body
    if large or bold or (capitals and len(text) > 5 and len(lines) <= 2):
        return (round(size), capitals, bold)
    return None


def _levels(drafts: list[Draft], body: float) -> tuple[Block, ...]:
    """Heading levels: parts and items first where a document has them, then by size, capitals and weight."""
    filing = sum(_ITEM.match(b.text) is not None for b, s in drafts if s) >= 3
    styles = [s for b, s in drafts if s and not (filing and _named(b.text))]
    sizes = sorted({round(s[0]) for s in styles if s[0] >= 1.15 * body}, reverse=True)[: 1 if filing else 3]
    first = 3 if filing else 1
    out = []
    for block, style in drafts:
        if style is None:
            out.append(block)
            continue
        if filing and _named(block.text):
            level = 1 if _PART.match(block.text) else 2
        else:
            size, capitals, bold = style
            if size >= 1.15 * body:
                place = sizes.index(round(size)) if round(size) in sizes else len(sizes) - 1
            else:
                place = len(sizes) + (0 if capitals and bold else 1 if bold or capitals else 2)
            level = min(first + place, 6)
        out.append(Block("heading", block.text, block.locator, level=level))
    return tuple(out)


def _named(text: str) -> bool:
    return bool(_ITEM.match(text) or _PART.match(text))
