"""Finds tables among the lines of a page, also without any ruled line: rows whose numbers stand under one another.

A table is a run of rows with numbers to the right of their labels. Section rows and wrapped labels between them belong
to it, as do the header rows above; title lines above these become its caption. Prose never does: a line that runs
through the place of the numbers ends a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.reading.pdf_cells import FILLER, Segment, segments_of
from core.reading.pdf_layout import Line

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
PERIOD = re.compile(
    rf"\b(?:{_MONTH}\.?\s+\d{{1,2}}\b|{_MONTH}\.?,?\s+(?:19|20)\d{{2}}|(?:19|20)\d{{2}}\b|fiscal|quarters?|"
    rf"(?:three|six|nine|twelve)\s+months|(?:years?|months?|weeks?|quarters?|periods?)\s+end(?:ed|ing)|as\s+of|q[1-4]\b|{_MONTH}\s*$)",
    re.I,
)
UNIT = re.compile(
    r"\(?(?:[^().]{0,60}\b)?(?:in|of|expressed in|stated in)\s+(?:\w+\s+){0,3}"
    r"(?:millions|thousands|billions|dollars)\b[^()]*\)?"
    r"|\(\s*(?:\w+\s+){0,3}(?:millions|thousands|billions)\b[^()]*\)|\(\s*(?:unaudited|dollars|percent)[^()]*\)"
    r"|\bmillions of dollars\b|\(\s*\$\s*(?:000s?|in [^()]*)\)",
    re.I,
)


_MARK = re.compile(r"^\([a-z0-9]{1,2}\)$")
_SECTION = re.compile(r"\s*(?:part\s+[ivx]+\b|item\s+\d{1,2}[a-c]?\b)", re.I)


@dataclass(slots=True)
class Row:
    """A line cut into segments."""

    line: Line
    segments: list[Segment]
    values: int = 0
    """Numbers (years not counted) to the right of the label."""
    years: int = 0

    @property
    def single(self) -> bool:
        return len(self.segments) == 1


@dataclass(slots=True)
class Found:
    """A table's rows among the lines of a region: caption, header and body as half-open ranges of line numbers."""

    caption: list[int]
    head: list[int]
    body: list[int]
    columns: list[tuple[float, float]] = field(default_factory=list)
    """Left and right edge of each column of numbers."""

    @property
    def first(self) -> int:
        return (self.head or self.body)[0]

    @property
    def last(self) -> int:
        return self.body[-1]


def find_tables(lines: Sequence[Line]) -> tuple[list[Row], list[Found]]:
    """(rows, tables) of the lines of one region, tables from top to bottom and without overlap."""
    rows = [_row(line, lines) for line in lines]
    width = (min(x.x0 for x in lines), max(x.x1 for x in lines)) if lines else (0.0, 0.0)
    found: list[Found] = []
    floor = 0
    for body in _bodies(rows, width):
        columns = columns_of([rows[i] for i in body])
        if not _is_table(rows, body, columns):
            continue
        head, body = _head(rows, body, columns, floor)
        caption = _caption(rows, (head or body)[0], floor)
        body = _tail(rows, body, columns)
        found.append(Found(caption, head, body, columns))
        floor = body[-1] + 1
    return rows, found


def _row(line: Line, lines: Sequence[Line]) -> Row:
    segments = [] if line.running else segments_of(line)
    row = Row(line, segments)
    if segments:
        left = min(x.x0 for x in lines)
        right = max(x.x1 for x in lines)
        start = 0 if segments[0].number and segments[0].x0 > left + 0.3 * (right - left) else 1
        row.values = sum(s.value for s in segments[start:])
        row.years = sum(s.year for s in segments[start:])
    return row


def headerlike(row: Row) -> bool:
    """Whether a row names periods over columns and holds no value."""
    if row.values or not row.segments:
        return False
    if row.years >= 2:
        return True
    if len(row.segments) > 1 and UNIT.fullmatch(row.segments[0].text):
        return True
    over = row.segments[1:] if len(row.segments) > 1 else []
    if len(row.segments) >= 3 and not any(s.number or FILLER.match(s.text) for s in row.segments):
        return True
    return len(over) >= 1 and sum(bool(PERIOD.search(s.text)) or s.year for s in over) * 2 >= len(over)


def _bodies(rows: list[Row], width: tuple[float, float]) -> list[list[int]]:
    """Runs of row numbers from the first row with values to the last, rows without values between them included."""
    out: list[list[int]] = []
    current: list[int] = []
    for i, row in enumerate(rows):
        if not row.values:
            continue
        if current and not _continues(rows, current, i, width):
            out.append(current)
            current = []
        current = list(range(current[0], i + 1)) if current else [i]
    if current:
        out.append(current)
    return out


def _continues(rows: list[Row], current: list[int], i: int, width: tuple[float, float]) -> bool:
    """Whether row `i` with values goes on with the run, given what stands between."""
    last = current[-1]
    between = rows[last + 1 : i]
    size = rows[i].line.size
    for a, b in zip(rows[last:i], rows[last + 1 : i + 1], strict=True):
        if a.line.region != b.line.region or b.line.running:
            return False
        if b.line.top - a.line.bottom > 3.2 * size:
            return False
    if len(between) > 6 or any(headerlike(r) for r in between):
        return False
    # a row of values that is nothing but years over columns, or a new unit line, opens another table
    edge = min((s.x0 for k in current for s in rows[k].segments[1:] if s.number), default=width[1])
    wide = [r for r in between if r.line.x1 > edge + 0.15 * (width[1] - edge) and r.line.x0 < edge - 10]
    if len(wide) > 2:
        return False
    full = [r for r in wide if r.line.x1 - r.line.x0 > 0.75 * (width[1] - width[0])]
    return not any(r.line.text.rstrip().endswith((".", ":")) and len(r.line.words) > 9 for r in full)


def columns_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Edges of the columns of numbers: the spans of x that numbers of different rows share."""
    spans = sorted(
        (
            (s.n0, s.x1)
            for r in rows
            if r.values
            for k, s in enumerate(r.segments)
            if s.value and (k or r.values == 1 or s.x0 > r.line.x0)
        ),
        key=lambda p: p[1],
    )
    columns: list[list[float]] = []
    for x0, x1 in spans:
        best = None
        for column in columns[-3:]:
            overlap = min(column[1], x1) - max(column[0], x0)
            if overlap > 0.3 * min(column[1] - column[0], x1 - x0):
                best = column
        if best:
            best[0], best[1] = min(best[0], x0), max(best[1], x1)
        else:
            columns.append([x0, x1])
    columns.sort()
    merged: list[list[float]] = []
    for column in columns:
        if merged and _one_column(rows, merged[-1], column):
            merged[-1] = [min(merged[-1][0], column[0]), max(merged[-1][1], column[1])]
        else:
            merged.append(column)
    return [(c[0], c[1]) for c in merged]


def _one_column(rows: Sequence[Row], a: list[float], b: list[float]) -> bool:
    """Whether two spans are one column: they overlap by half, or lie close and no row fills both (hanging dashes)."""
    overlap = min(a[1], b[1]) - max(a[0], b[0])
    if overlap > 0.5 * min(a[1] - a[0], b[1] - b[0]):
        return True
    if overlap < -0.6 * rows[0].line.size:
        return False
    for row in rows:
        inside = [s for s in row.segments if s.value]
        if any(_in(s, a) and not _in(s, b) for s in inside) and any(_in(s, b) and not _in(s, a) for s in inside):
            return False
    return True


def _in(segment: Segment, span: list[float]) -> bool:
    return span[0] - 0.1 <= segment.n0 and segment.x1 <= span[1] + 0.1


def _is_table(rows: list[Row], body: list[int], columns: list[tuple[float, float]]) -> bool:
    data = [rows[i] for i in body if rows[i].values]
    if not columns or len(data) < 2:
        return bool(columns) and len(data) == 1 and data[0].values >= 2 and _headed(rows, body[0])
    if len(columns) == 1 and len(data) < 3 and not _headed(rows, body[0]):
        return False
    texts = [s for r in data for s in r.segments if not s.number]
    prose = sum(len(s.words) > 14 for s in texts)
    return prose <= 0.3 * len(data) + 0.5


def _headed(rows: list[Row], first: int) -> bool:
    return any(headerlike(rows[i]) or rows[i].years for i in range(max(first - 3, 0), first))


def _head(
    rows: list[Row], body: list[int], columns: list[tuple[float, float]], floor: int
) -> tuple[list[int], list[int]]:
    """(header rows, body): header rows above the first row of values; label rows between them go to the body."""
    left, right = _left_edge(rows, body, columns[0]), columns[-1][1]
    table_left = min(rows[i].line.x0 for i in body)
    marked: list[int] = []
    while len(body) > 2 and _marks_only(rows[body[0]]):
        marked.append(body.pop(0))
    if marked:
        head, _ = _head_above(rows, marked[0], left, right, table_left, floor)
        return [*head, *marked], body
    head, labels = _head_above(rows, body[0], left, right, table_left, floor)
    return head, labels + body


def _marks_only(row: Row) -> bool:
    """Whether the numbers of a row are footnote marks among the words of a header."""
    values = [s for s in row.segments[1:] if s.value]
    words = [s for s in row.segments[1:] if not s.number]
    return bool(words) and all(_MARK.match(s.text) for s in values)


def _head_above(
    rows: list[Row], top: int, left: float, right: float, table_left: float, floor: int
) -> tuple[list[int], list[int]]:
    """(header rows, label rows below them) above row `top`."""
    body: list[int] = []
    pending: list[int] = []
    head: list[int] = []
    i = top - 1
    while i >= floor and len(pending) <= 5:
        row, below = rows[i], rows[i + 1]
        gap = below.line.top - row.line.bottom
        size = row.line.size
        if row.line.region != below.line.region or not row.segments or gap > (1.6 if head else 2.6) * size:
            break
        kind = _place(row, left, right, table_left)
        if kind == "head":
            head = [i, *head, *pending] if head else [i]
            if not head[1:]:
                body = pending + body
            pending = []
        elif kind == "label":
            if head and (gap > 0.8 * size or pending):
                break  # a line in the label column above the header rows: a title
            pending = [i, *pending]
        else:
            break
        i -= 1
    return head, body


def _left_edge(rows: list[Row], body: list[int], column: tuple[float, float]) -> float:
    """Left edge of the first column of numbers, currency signs included."""
    numbers = [
        s for i in body for k, s in enumerate(rows[i].segments) if k and s.number and s.n0 < column[1] < s.x1 + 1
    ]
    return min([column[0], *(s.x0 for s in numbers)])


def _place(row: Row, left: float, right: float, table_left: float) -> str:
    """ "head" for a row over the columns of numbers, "label" for one in the label column, "" for prose and titles."""
    span = right - left
    over = over_columns(row, left, right, table_left)
    if row.values and not all(s.number and _small(s) for s in over):
        return "head" if over and all(_small(s) for s in over if s.value) else ""
    if len(row.segments) > 1:
        return "head" if over else ""
    only = row.segments[0]
    centre = (table_left + right) / 2
    titled = abs(only.middle - centre) < min(0.04 * (right - table_left), abs(only.middle - (left + right) / 2) + 1)
    if (
        titled
        and (len(only.words) > 1 or only.x0 < left)
        and (not PERIOD.search(only.text) or only.x0 < left - 0.1 * span)
    ):
        return ""  # centred on the page and not over the columns: a title
    if over and only.x0 > table_left + 0.2 * (right - table_left) and only.x1 < right + 0.3 * span + 12:
        return "head"
    if only.x0 < left and only.x1 < left + 0.6 * span and len(only.words) < 16 and not only.text.endswith("."):
        return "label"
    return ""


def over_columns(row: Row, left: float, right: float, table_left: float) -> list[Segment]:
    """The pieces of a row that stand over the columns of numbers and not in the label column."""
    span = right - left
    return [
        s
        for k, s in enumerate(row.segments)
        if (s.middle > left - 0.1 * span - 12 and s.x0 > left - max(0.45 * span, 30))
        or (k > 0 and s.x1 > left and s.x0 > table_left + 0.35 * (right - table_left))
    ]


def _small(segment: Segment) -> bool:
    """A number that may stand in a header: a year, a day of the month, a percent sign's column number."""
    return segment.year or (segment.text.isdigit() and len(segment.text) <= 2)


def _caption(rows: list[Row], first: int, floor: int) -> list[int]:
    """Title lines directly above a table, from top to bottom."""
    out: list[int] = []
    i = first - 1
    while i >= floor and len(out) < 7:
        row, below = rows[i], rows[i + 1]
        gap = below.line.top - row.line.bottom
        if row.line.region != below.line.region or not row.segments or gap > 4 * row.line.size:
            break
        text = row.line.text.strip()
        if _SECTION.match(text) or (gap > 2.2 * row.line.size and len(text) > 90):
            break
        ends = text.endswith((";", ",")) or (
            text.endswith(".") and len(row.line.words) > 6
        )  # "Example, Inc." is a title
        title = (len(text) < 160 and not ends) or (UNIT.search(text) is not None and len(text) < 160)
        styled = (
            row.line.bold or text.upper() == text or PERIOD.search(text) is not None or UNIT.search(text) is not None
        )
        if row.values or not title or not (styled or len(text) < 70):
            break
        if (
            not (row.line.bold or rows[i - 1].line.bold)
            and text.upper() != text
            and i > 0
            and rows[i - 1].line.x1 > row.line.x1 + 40
            and (row.line.top - rows[i - 1].line.bottom < 0.4 * row.line.size)
        ):
            break  # the last line of a paragraph
        out.append(i)
        i -= 1
    return out[::-1]


def _tail(rows: list[Row], body: list[int], columns: list[tuple[float, float]]) -> list[int]:
    """The body with the lines of its last label that follow the last row of values."""
    end = body[-1]
    while end + 1 < len(rows):
        row, above = rows[end + 1], rows[end]
        if row.line.region != above.line.region or not row.single or row.values or row.line.x1 > columns[0][0]:
            break
        tight = row.line.top - above.line.bottom < 0.35 * row.line.size
        if not tight or not row.segments[0].text[:1].islower() or abs(row.line.size - above.line.size) > 1:
            break
        end += 1
    return [*body, *range(body[-1] + 1, end + 1)]


__all__ = ["FILLER", "PERIOD", "UNIT", "Found", "Row", "columns_of", "find_tables", "headerlike", "over_columns"]
