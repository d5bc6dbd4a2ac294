"""A statement's table as labelled rows under period columns, whatever the extraction's quirks: heads over several
rows or in the caption, "$" and ")" in cells of their own, labels broken over two rows, tables over two pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.evidence import Block, Cell, Table
from core.reading.numbers import Number, is_none, parse_number
from verticals.finance.statements.periods import Calendar, Column, columns_of

_YEARISH = re.compile(r"\s*(?:fy\s*|fiscal\s*)?['\u2019]?(?:19|20)\d\d\s*(?:\(\w\)|\*)?\s*", re.I)


@dataclass(slots=True)
class Row:
    """A labelled row: its printed label, the header it stands under and its numbers by period column."""

    label: str
    section: str
    numbers: dict[int, tuple[Cell, Number]] = field(default_factory=dict)
    """By position in the statement's columns (0 = first period)."""
    block: Block | None = None
    index: int = 0
    """Row in the block's table."""
    indent: float = 0.0
    per_row_scale: str = ""
    """Label and section words, where a row's own scale may be stated."""


@dataclass(slots=True)
class Grid:
    """Rows and period columns of one table (or of a statement joined from several)."""

    rows: list[Row]
    columns: list[Column]
    heads: str
    title: str


def labels_of(table: Table) -> list[str]:
    """The row labels of a table (header rows left out), for recognition."""
    first = first_value_column(table)
    start = header_rows(table, first)
    return [label for r in range(start, table.rows) if (label := _label(table.row_cells(r), first))]


def heads_text(table: Table) -> str:
    """All words of the head rows, a line a row: an extraction may have kept a statement's title among them."""
    start = header_rows(table, first_value_column(table))
    return "\n".join(" ".join(c.text for c in table.row_cells(r)) for r in range(start))


def first_value_column(table: Table) -> int:
    """The first grid column that holds numbers more often than words."""
    numbers: dict[int, int] = {}
    words: dict[int, int] = {}
    for c in table.cells:
        if c.text.strip():
            is_number = parse_number(c.text) is not None or is_none(c.text)
            (numbers if is_number else words)[c.column] = (numbers if is_number else words).get(c.column, 0) + 1
    columns = [k for k, n in numbers.items() if k > 0 and n >= max(2, words.get(k, 0))]
    return min(columns, default=1)


def header_rows(table: Table, first: int) -> int:
    """Rows above the first one that has a label and a number that is not a year."""
    for r in range(table.rows):
        cells = table.row_cells(r)
        label = _label(cells, first)
        values = [c.text for c in cells if c.column >= first and c.text.strip()]
        numeric = [v for v in values if (parse_number(v) is not None or is_none(v)) and not _YEARISH.fullmatch(v)]
        if label and numeric:
            # Section headers directly above it ("Current assets:") are rows, not column heads.
            while r > 0 and not any(c.column >= first and c.text.strip() for c in table.row_cells(r - 1)):
                if _heads_all_columns(table.row_cells(r - 1), first):
                    break
                r -= 1
            return r
    return table.header_rows


def _heads_all_columns(cells: Sequence[Cell], first: int) -> bool:
    """Whether a row is one head over the whole grid ("(in millions) Years ended 2022"), not a section ("ASSETS")."""
    spans = any(c.header and c.colspan > 1 and c.column + c.colspan > first for c in cells)
    return spans and not re.fullmatch(r"[A-Za-z\u2019', &:]+", _label(cells, first) or "0")


def _label(cells: Sequence[Cell], first: int) -> str:
    return " ".join(c.text.strip() for c in cells if c.column < first and c.text.strip())


def heads_of(table: Table, start: int, first: int) -> list[tuple[int, str]]:
    """The words above each value column, spans included, top row first; a group head that an extraction placed on one
    column only covers the columns after it up to the next group head."""
    heads = []
    for column in range(first, table.columns):
        words = []
        for r in range(start):
            cells = [c for c in table.row_cells(r) if c.text.strip() and c.column + c.colspan > first]
            over = [c for c in cells if c.column <= column < c.column + c.colspan]
            if not over and cells and len(cells) > 1 and re.search(r"ended|months|weeks|quarter", cells[0].text, re.I):
                before = [c for c in cells if c.column <= column]
                over = before[-1:]
            words += [c.text for c in over]
        heads.append((column, " ".join(words)))
    return heads


def read_grid(block: Block, title: str, calendar: Calendar, flow: bool, inherited: Sequence[Column] = ()) -> Grid:
    """The rows and period columns of a table block; `inherited`: columns of the table that it continues."""
    table = block.table
    assert table is not None
    first = first_value_column(table)
    start = header_rows(table, first)
    heads = heads_of(table, start, first)
    words = " ".join(h for _, h in heads)
    label_heads = " ".join(_label(table.row_cells(r), first) for r in range(start))
    caption = f"{title}\n{table.caption}\n{table.unit}\n{label_heads}"
    columns = columns_of(heads, caption, calendar, flow)
    used = _value_columns(table, start, first)
    columns = [c for c in columns if c.index in used or not used] if len(columns) > len(used) else columns
    if not columns:
        columns = _from_caption(caption, used, calendar, flow)
    if not columns and inherited:
        columns = list(inherited)
    rows = _rows(block, table, start, first, columns, used)
    return Grid(rows, columns, words, caption)


def _value_columns(table: Table, start: int, first: int) -> list[int]:
    counts: dict[int, int] = {}
    for c in table.cells:
        if c.row >= start and c.column >= first and (parse_number(c.text) is not None):
            counts[c.column] = counts.get(c.column, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(k for k, n in counts.items() if n >= max(2, most / 4))


def _from_caption(caption: str, used: Sequence[int], calendar: Calendar, flow: bool) -> list[Column]:
    """Columns whose heads an extraction left in the caption: as many years or dates in a row as there are columns."""
    for line in reversed(caption.splitlines()):
        years = re.findall(r"(?<![\d,.$])(?:19|20)\d\d(?![\d,])", line)
        if used and len(years) == len(used):
            whole = re.findall(r"[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+(?:19|20)\d\d", line)
            words = whole if len(whole) == len(used) else years
            return columns_of(list(zip(used, words, strict=True)), caption, calendar, flow)
    return []


def _rows(
    block: Block, table: Table, start: int, first: int, columns: Sequence[Column], used: Sequence[int]
) -> list[Row]:
    position = {c.index: i for i, c in enumerate(columns)}
    rows: list[Row] = []
    section = ""
    pending = ""
    for r in range(start, table.rows):
        cells = table.row_cells(r)
        label = _label(cells, first)
        numbers = [(c, n) for c in cells if c.column >= first and (n := parse_number(c.text)) is not None]
        blanks = [c for c in cells if c.column >= first and is_none(c.text)]
        if not numbers and not blanks:
            if label:
                joins = pending and (label[:1].islower() or pending.rstrip().endswith(("and", "of", "in", ",", "to")))
                pending = f"{pending} {label}" if joins else label
                section = pending
            continue
        broken = pending and (
            label[:1].islower() or re.search(r"\b(?:and|of|in|to|from|for|by|the)$|[,\u2014-]$", pending)
        )
        if broken and not pending.rstrip().endswith(":"):
            label = f"{pending} {label}"
            section = rows[-1].section if rows else ""
        pending = ""
        row = Row(
            label, section, {}, block, r, next((c.indent for c in cells if c.column == 0), 0.0), f"{section} {label}"
        )
        filled = [c for c in cells if c.column >= first and c.text.strip(" $%)(")]
        for i, (cell, number) in _placed(numbers, filled, position, columns):
            row.numbers[i] = (cell, number)
        rows.append(row)
        if re.match(r"total\b", label, re.I):
            section = f"after {label}"
    return rows


def _placed(
    numbers: Sequence[tuple[Cell, Number]], filled: Sequence[Cell], position: dict[int, int], columns: Sequence[Column]
) -> list[tuple[int, tuple[Cell, Number]]]:
    """Numbers with the position of their period: by grid column, else in order where there are as many as periods."""
    by_column = [
        (i, pair)
        for pair in numbers
        for k, i in position.items()
        if pair[0].column <= k < pair[0].column + max(1, pair[0].colspan)
    ]
    if len(by_column) == len(numbers) or not columns:
        return by_column
    if len(numbers) == len(columns):
        return list(enumerate(numbers))
    if len(filled) == len(columns):
        order = {id(c): i for i, c in enumerate(filled)}
        return [(order[id(c)], (c, n)) for c, n in numbers if id(c) in order]
    nearest = []
    for pair in numbers:
        close = min(columns, key=lambda c: abs(c.index - pair[0].column))
        if abs(close.index - pair[0].column) <= 1:
            nearest.append((position[close.index], pair))
    taken = {i for i, _ in by_column}
    return by_column + [n for n in nearest if n[0] not in taken and n[1] not in [p for _, p in by_column]]
