"""Text written sideways or upside down on a page: laid out as if the page were turned, its boxes turned back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.evidence import Block, Box, Table
from core.reading.pdf_words import Frame, Word


def by_direction(words: Sequence[Word], frame: Frame) -> list[tuple[int, list[Word]]]:
    """Words by their direction of writing (degrees clockwise), most used first, each turned upright."""
    counts = Counter(w.angle for w in words)
    if set(counts) <= {0}:
        return [(0, list(words))] if words else []
    groups = []
    for angle, _ in counts.most_common():
        chosen = [w for w in words if w.angle == angle]
        for w in chosen:
            w.x0, w.top, w.x1, w.bottom = _upright(w.box, frame, angle)
        groups.append((angle, chosen))
    return groups


def _upright(box: Box, frame: Frame, angle: int) -> Box:
    x0, top, x1, bottom = box
    if angle == 90:
        return (top, frame.width - x1, bottom, frame.width - x0)
    if angle == 180:
        return (frame.width - x1, frame.height - bottom, frame.width - x0, frame.height - top)
    if angle == 270:
        return (frame.height - bottom, x0, frame.height - top, x1)
    return box


def _as_shown(box: Box, frame: Frame, angle: int) -> Box:
    x0, top, x1, bottom = box
    if angle == 90:
        box = (frame.width - bottom, x0, frame.width - top, x1)
    elif angle == 180:
        box = (frame.width - x1, frame.height - bottom, frame.width - x0, frame.height - top)
    elif angle == 270:
        box = (top, frame.height - x1, bottom, frame.height - x0)
    a, b, c, d = box
    return (round(a, 2), round(b, 2), round(c, 2), round(d, 2))


def turned_back(block: Block, frame: Frame, angle: int) -> Block:
    """`block` with the boxes of its locator and cells on the page as shown."""
    if not angle:
        return block
    locator = (
        replace(block.locator, box=_as_shown(block.locator.box, frame, angle)) if block.locator.box else block.locator
    )
    table: Table | None = block.table
    if table:
        cells = tuple(replace(c, box=_as_shown(c.box, frame, angle)) if c.box else c for c in table.cells)
        table = replace(table, cells=cells)
    return replace(block, locator=locator, table=table)
