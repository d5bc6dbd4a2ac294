"""Statements printed in a document without tags: its table blocks to typed Values.

The tables that are statements are found by their lines (`recognise`), their columns become periods (`periods`), their
unit line a scale (`scale`), each row label a standard line where the concept map knows it (`lines`), with the sign
that the line has by definition. A row that is no standard line is kept under a slug of its label. One table a kind
is the document's statement: parent-only, pro forma, segment and summary tables are passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from core.evidence import Block, Description, Document, Locator, Period, Source, Value, content_id, normalise
from verticals.finance.statements.grid import Grid, Row, heads_text, labels_of, read_grid
from verticals.finance.statements.mapping import Mapped, assign
from verticals.finance.statements.periods import Calendar, Column, periods_of
from verticals.finance.statements.recognise import Recognised, recognise
from verticals.finance.statements.scale import UNIT_LINE, Scale, read_scale, row_scale

VALUED = ("income_statement", "balance_sheet", "cash_flow", "comprehensive_income")
_LOOK_BACK = 4
"""Blocks above a table whose words may hold its title and unit line."""


@dataclass(slots=True)
class Statement:
    """One statement of a document: its kind, the table blocks it stands in and its rows under period columns."""

    kind: str
    blocks: list[Block]
    rows: list[Row]
    columns: list[Column]
    periods: list[Period]
    scale: Scale
    title: str
    seen: Recognised


def values(document: Document, source: Source) -> list[Value]:
    """The Values of all statements that the document prints, in reading order."""
    found: list[Value] = []
    for statement in statements(document, source.description):
        if statement.kind in VALUED:
            found += _values(statement, source)
    return found


def statements(document: Document, description: Description) -> list[Statement]:
    """The document's statements, at most one a kind, joined where they go on in the next table."""
    tables = [(i, b) for i, b in enumerate(document.blocks) if b.table and b.table.rows >= 4]
    calendar = Calendar(document, description)
    titles = {i: _title(document.blocks, i) for i, _ in tables}
    candidates: list[tuple[float, int, Recognised]] = []
    for position, (i, block) in enumerate(tables):
        assert block.table
        labels = labels_of(block.table)
        if len(labels) < 5:
            continue
        heads = heads_text(block.table)
        for partial in (False, True):
            seen = recognise(labels, f"{titles[i]}\n{heads}", heads, partial)
            if seen:
                candidates.append((seen.score - (5 if partial else 0), position, seen))
                break
    chosen: dict[str, tuple[float, int, Recognised]] = {}
    for score, position, seen in candidates:
        held = chosen.get(seen.kind)
        if score > 5 and (held is None or score > held[0]):
            chosen[seen.kind] = (score, position, seen)
    out = []
    taken = {position for _, position, _ in chosen.values()}
    for kind, (_, position, seen) in sorted(chosen.items(), key=lambda item: item[1][1]):
        out.append(_build(kind, position, seen, tables, titles, calendar, document, taken))
    return [s for s in out if s is not None]


def _title(blocks: Sequence[Block], at: int) -> str:
    """The words above a table that can be its title: the last few headings and short lines, then its own caption."""
    words: list[str] = []
    page = blocks[at].locator.page
    for block in reversed(blocks[max(0, at - _LOOK_BACK) : at]):
        if block.kind == "table" or (page and block.locator.page and block.locator.page < page):
            break
        if len(block.text) < 200:
            words.append(block.text)
    table = blocks[at].table
    return "\n".join([*reversed(words), table.caption if table else ""])


def _build(
    kind: str,
    position: int,
    seen: Recognised,
    tables: Sequence[tuple[int, Block]],
    titles: dict[int, str],
    calendar: Calendar,
    document: Document,
    taken: set[int],
) -> Statement | None:
    flow = kind != "balance_sheet"
    index, block = tables[position]
    grid = read_grid(block, titles[index], calendar, flow)
    blocks = [block]
    labels = [f"{r.label}" for r in grid.rows]
    step = position
    # A statement that lacks the lines every one has goes on below, or (cut by a page) began above.
    while not seen.complete and len(blocks) < 4 and step + 1 < len(tables):
        step += 1
        joined = (
            _join(kind, grid, labels, tables[step], titles, calendar, flow, block, seen) if step not in taken else None
        )
        if joined is None:
            break
        grid, labels, seen = joined
        blocks.append(tables[step][1])
    step = position
    while not seen.complete and len(blocks) < 4 and step > 0 and step - 1 not in taken:
        step -= 1
        above = tables[step]
        if not _adjacent(above[1], blocks[0]):
            break
        before = read_grid(above[1], titles[above[0]], calendar, flow, grid.columns)
        more = recognise([r.label for r in before.rows] + labels, titles[above[0]], "", True)
        if not more or more.kind != kind or len(more.lines) < len(seen.lines) + 2:
            break
        if not grid.columns:
            grid = read_grid(block, titles[index], calendar, flow, before.columns)
        grid = Grid(
            before.rows + grid.rows, before.columns or grid.columns, before.heads, before.title + "\n" + grid.title
        )
        labels, seen = [r.label for r in before.rows] + labels, more
        blocks.insert(0, above[1])
    if not grid.columns or not grid.rows:
        return None
    scale = _scale(grid, blocks, document)
    periods = periods_of(grid.columns, flow)
    return Statement(kind, blocks, grid.rows, grid.columns, periods, scale, grid.title, seen)


def _adjacent(first: Block, second: Block) -> bool:
    if first.locator.page is None or second.locator.page is None:
        return True
    return 0 <= second.locator.page - first.locator.page <= 1


def _join(
    kind: str,
    grid: Grid,
    labels: list[str],
    following: tuple[int, Block],
    titles: dict[int, str],
    calendar: Calendar,
    flow: bool,
    block: Block,
    seen: Recognised,
) -> tuple[Grid, list[str], Recognised] | None:
    index, next_block = following
    if not _adjacent(block, next_block):
        return None
    more_grid = read_grid(next_block, titles[index], calendar, flow, grid.columns)
    if len(more_grid.columns) != len(grid.columns):
        return None
    more = recognise(labels + [r.label for r in more_grid.rows], grid.title, "", True)
    if not more or more.kind != kind or len(more.lines) <= len(seen.lines):
        return None
    rows = grid.rows + more_grid.rows
    return Grid(rows, grid.columns, grid.heads, grid.title), [r.label for r in rows], more


def _scale(grid: Grid, blocks: Sequence[Block], document: Document) -> Scale:
    """The scale from the unit line, the caption, the page's other words, or what the document's tables mostly state."""
    for words in (*(b.table.unit for b in blocks if b.table), grid.title):
        if words and (scale := read_scale(words)).stated:
            return scale
    pages = {b.locator.page for b in blocks if b.locator.page}
    for block in document.blocks:
        if block.locator.page in pages and block.kind != "table" and len(block.text) < 300:
            for line in UNIT_LINE.finditer(block.text):
                if (scale := read_scale(line[0])).stated:
                    return scale
    units = Counter(
        b.table.unit for b in document.blocks if b.table and b.table.unit and read_scale(b.table.unit).stated
    )
    return read_scale(units.most_common(1)[0][0]) if units else Scale()


def _values(statement: Statement, source: Source) -> Iterable[Value]:
    mapped = assign(statement.kind, statement.rows)
    for item in mapped:
        row = item.row
        for position, (cell, number) in sorted(row.numbers.items()):
            if position >= len(statement.periods) or number.unit in ("%", "x"):
                continue
            power, unit = _unit(item, statement.scale, number.value)
            value = number.value * item.sign_of(number.value) * Decimal(10) ** (power or 0)
            period = _period(item.metric, statement.periods[position])
            assert row.block is not None
            base = row.block.locator
            locator = Locator(
                page=cell.page or base.page,
                box=cell.box or base.box,
                element=base.element,  # where the quoted row stands; row and column pin the cell
                line=base.line,
                row=cell.row,
                column=cell.column,
            )
            yield Value(
                id=content_id(source.id, item.metric, period.as_text(), statement.kind, repr(locator)),
                source_id=source.id,
                entity=source.entity,
                metric=item.metric,
                label=row.label,
                period=period,
                value=value,
                unit=unit,
                printed=cell.text,
                locator=locator,
                scale=power,
                statement=statement.kind,
                quote=_quote(row),
            )


def _period(metric: str, period: Period) -> Period:
    if metric in ("cash_beginning", "cash_beginning_held_for_sale") and period.start:
        return Period(period.start - timedelta(days=1))
    return Period(period.end) if metric == "cash_end" else period


def _unit(item: Mapped, scale: Scale, value: Decimal) -> tuple[int | None, str]:
    """Power of ten and unit of a row's numbers."""
    own = row_scale(item.row.per_row_scale) if re.search(r"shares?\b", item.row.per_row_scale, re.I) else None
    if item.unit == "per_share":
        return 0, f"{scale.currency}/shares"
    if item.unit == "shares":
        power = own if own is not None else scale.shares
        # No listed company has so few shares: a unit line that frees "share data" can mean par values only.
        if own is None and power == 0 and abs(value) < 100_000 and scale.money:
            power = scale.money
        return power, "shares"
    if item.unit == "ratio":
        return 0, "pure"
    return (scale.money if scale.stated else None), scale.currency


def _quote(row: Row) -> str:
    """The row as it stands in its block: the line of the block's text (whose words may stand further apart than in
    the cells: "$ 566,092"), else its cells, else its label."""
    block = row.block
    assert block is not None and block.table is not None
    cells = [c.text for c in block.table.row_cells(row.index) if c.text.strip()]
    for quote in ("\t".join(cells), " ".join(cells)):
        if normalise(quote) in normalise(block.text):
            return quote
    bare = re.sub(r"\s", "", "".join(cells))
    return next((line for line in block.text.splitlines() if re.sub(r"\s", "", line) == bare), row.label)
