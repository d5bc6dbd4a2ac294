"""The rows of a found table -> its grid: labels, columns, header cells over the columns they name, labels unwrapped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from core.evidence import Box, Cell, Table
from core.reading.pdf_cells import FILLER, LEADER, YEAR, Segment, make_segment
from core.reading.pdf_tables import PERIOD, UNIT, Found, Row, over_columns

Span = tuple[float, float]


@dataclass(slots=True)
class _Entry:
    """A body row while it is put together: pieces by column in the order in which they are printed."""

    pieces: list[tuple[int, Segment]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def build(rows: Sequence[Row], found: Found) -> tuple[Table, str]:
    """(table, its text): one line of text a row, cells joined by a tab, words as printed."""
    spans = _columns(rows, found)
    left = spans[0][0] if spans else 0.0
    table_left = min((rows[i].line.x0 for i in found.body), default=left)
    wide = _with_signs(rows, found, spans)
    entries = [_entry(rows, i, spans) for i in found.body]
    entries = _wrapped(rows, entries)
    base = min((s.x0 for e in entries for c, s in e.pieces if c == 0), default=left)
    cells: list[Cell] = []
    texts: list[str] = []
    first = len(found.head)
    placed = _placed(rows, found, wide, table_left)
    for r, i in enumerate(found.head):
        cells += _header_cells(rows[i], placed[r], r)
        texts.append("\t".join(s.printed for s in rows[i].segments))
    for r, entry in enumerate(entries, first):
        by_column: dict[int, list[Segment]] = {}
        for column, segment in entry.pieces:
            by_column.setdefault(column, []).append(segment)
        for column in sorted(by_column):
            cells.append(_cell(r, column, by_column[column], base))
        texts.append("\t".join(_printed(run) for run in _runs(entry.pieces)))
    caption = "\n".join(rows[i].line.text for i in found.caption)
    table = Table(
        rows=first + len(entries),
        columns=len(spans) + 1,
        cells=tuple(cells),
        caption=caption,
        unit=_unit(rows, found, wide, table_left),
        header_rows=first,
    )
    return table, "\n".join(texts)


def _runs(pieces: list[tuple[int, Segment]]) -> list[list[Segment]]:
    runs: list[list[Segment]] = []
    last = None
    for column, segment in pieces:
        if column == last:
            runs[-1].append(segment)
        else:
            runs.append([segment])
        last = column
    return runs


def _columns(rows: Sequence[Row], found: Found) -> list[Span]:
    """Edges of all columns right of the labels: those of numbers, and those of words that stand apart from both."""
    spans = list(found.columns)
    extra: list[list[float]] = []
    for i in found.body:
        row = rows[i]
        for segment in row.segments[1:]:
            if segment.number or any(_overlap(segment, s) > 0 for s in spans):
                continue
            for column in extra:
                if min(column[1], segment.x1) - max(column[0], segment.x0) > 0:
                    column[0], column[1] = min(column[0], segment.x0), max(column[1], segment.x1)
                    break
            else:
                extra.append([segment.x0, segment.x1])
    spans += [(c[0], c[1]) for c in extra if not any(c[0] < s[1] and s[0] < c[1] for s in spans)]
    return sorted(spans + _empty_columns(rows, found, spans))


def _empty_columns(rows: Sequence[Row], found: Found, spans: Sequence[Span]) -> list[Span]:
    """Columns that only their header shows: pieces of the finest header row that stand over no other column."""
    if not spans or not found.head:
        return []
    left, right = min(s[0] for s in spans), max(s[1] for s in spans)
    table_left = min(rows[i].line.x0 for i in found.body)
    finest = max((over_columns(rows[i], left, right, table_left) for i in found.head), key=len)
    if len(finest) <= len(spans):
        return []
    taken = {max(range(len(finest)), key=lambda k: _overlap_of(finest[k], span)) for span in spans}
    free = [s for k, s in enumerate(finest) if k not in taken and s.x0 > left]
    return [(s.x0, s.x1) for s in free if not any(_overlap_of(s, span) > 0.5 * (span[1] - span[0]) for span in spans)]


def _overlap_of(segment: Segment, span: Span) -> float:
    return min(segment.x1, span[1]) - max(segment.x0, span[0])


def _with_signs(rows: Sequence[Row], found: Found, spans: Sequence[Span]) -> list[Span]:
    """The columns with the currency signs in front of their numbers: what header pieces are centred over."""
    wide = [list(s) for s in spans]
    for i in found.body:
        for segment in rows[i].segments[1:]:
            if segment.number and segment.x0 < segment.n0:
                column = wide[_nearest(segment, spans) - 1]
                column[0] = min(column[0], segment.x0)
    return [(c[0], c[1]) for c in wide]


def _overlap(segment: Segment, span: Span) -> float:
    return min(segment.x1, span[1]) - max(segment.n0 if segment.number else segment.x0, span[0])


def _nearest(segment: Segment, spans: Sequence[Span]) -> int:
    """The column (from 1) that a piece belongs to: the one it overlaps most, else the nearest."""
    return 1 + max(range(len(spans)), key=lambda k: _overlap(segment, spans[k]))


def _entry(rows: Sequence[Row], i: int, spans: Sequence[Span]) -> _Entry:
    entry = _Entry(lines=[i])
    row = rows[i]
    left = spans[0][0]
    for k, segment in enumerate(row.segments):
        label = k == 0 and (segment.x0 < left - 4 and (not segment.number or _overlap(segment, spans[0]) <= 0))
        if not label and k == 0 and not segment.number and not FILLER.match(segment.text) and len(row.segments) == 1:
            label = segment.x0 < left or len(segment.words) > 6
        if (
            not label
            and k
            and not segment.number
            and entry.pieces
            and segment.x1 < left - 2
            and all(c == 0 for c, _ in entry.pieces)
        ):
            label = not any(_overlap(segment, s) > 0 for s in spans)
        entry.pieces.append((0 if label else _nearest(segment, spans), segment))
    return entry


def _label(entry: _Entry) -> str:
    return " ".join(s.text for c, s in entry.pieces if c == 0)


def _has_values(entry: _Entry) -> bool:
    return any(c > 0 for c, _ in entry.pieces)


def _wrapped(rows: Sequence[Row], entries: list[_Entry]) -> list[_Entry]:
    """Rows whose label or words go on over several lines, joined into one."""
    out: list[_Entry] = []
    pitch = _pitch(rows, entries)
    for k, entry in enumerate(entries):
        if out and (
            _tight(rows, out[-1], entry, pitch)
            or _joins(rows, out[-1], entry, entries[k + 1] if k + 1 < len(entries) else None)
        ):
            out[-1].pieces += entry.pieces
            out[-1].lines += entry.lines
        else:
            out.append(entry)
    return out


def _pitch(rows: Sequence[Row], entries: list[_Entry]) -> float:
    """The usual distance from one row with values to the next, 0 where rows are set no wider than lines."""
    steps = [
        rows[b.lines[0]].line.bottom - rows[a.lines[0]].line.bottom
        for a, b in pairwise(entries)
        if _has_values(a) and _has_values(b)
    ]
    if len(steps) < 3:
        return 0.0
    pitch = median(steps)
    height = median(rows[e.lines[0]].line.size for e in entries)
    return pitch if pitch > 1.35 * height else 0.0


def _tight(rows: Sequence[Row], above: _Entry, entry: _Entry, pitch: float) -> bool:
    """Whether a row stands so much closer to the one above than rows do that both are lines of one row."""
    if not pitch or (_has_values(above) and _has_values(entry)) or not _label(above) or not _label(entry):
        return False
    a, b = rows[above.lines[-1]].line, rows[entry.lines[0]].line
    step = _label_bottom(entry) - _label_bottom(above)  # of the labels: numbers may be set a little lower
    return 0 < step < 0.8 * pitch and not _label(above).endswith(":") and a.bold == b.bold


def _label_bottom(entry: _Entry) -> float:
    return max(w.bottom for c, s in entry.pieces if c == 0 for w in s.words)


_OPEN_END = re.compile(r"(?:[,–—-]|\b(?:and|or|of|the|to|in|for|from|on|at|by|with|a|an|than|as|per|less))$", re.I)


def _joins(rows: Sequence[Row], above: _Entry, entry: _Entry, after: _Entry | None) -> bool:
    """Whether a row goes on with the label of the row above."""
    a, b = rows[above.lines[-1]].line, rows[entry.lines[0]].line
    if b.top - a.bottom > 0.55 * b.size or abs(a.size - b.size) > 0.15 * a.size:
        return False
    label, more = _label(above), _label(entry)
    if not more and not _has_values(above):
        return b.top - a.bottom < -0.2 * b.size  # values set lower than their label
    if not label or not more or label.rstrip().endswith(":"):
        return False
    goes_on = (
        more[:1].islower()
        or (label.rstrip().endswith(";") and more[:1].isdigit())
        or bool(_OPEN_END.search(label.rstrip()))
        or (more[:1] in "(&" and not label.endswith(")"))
    )
    if not goes_on or (a.bold != b.bold and rows[above.lines[-1]].single and rows[entry.lines[0]].single):
        return False
    if _has_values(above) and _has_values(entry):
        return False
    if _has_values(above):
        # numbers on the first line: the continuation stands alone, and does not open the next row's label
        if not more[:1].islower():
            return False
        if after is None or not _has_values(after):
            return True
        return not _label(after)[:1].islower()
    return True


def _cell(row: int, column: int, segments: Sequence[Segment], base: float) -> Cell:
    text = segments[0].text
    for segment in segments[1:]:
        text += segment.text if _BROKEN.search(text) and segment.text[:1].islower() else f" {segment.text}"
    indent = max(segments[0].x0 - base, 0.0) if column == 0 else 0.0
    return Cell(row, column, text, box=_box(segments), indent=round(indent, 1))


_BROKEN = re.compile(r"\w[-\u2010]$")


def _printed(segments: Sequence[Segment]) -> str:
    """The words of a cell as printed, joined over a line-end hyphen as `core.evidence.normalise` joins them."""
    text = segments[0].printed
    for a, b in pairwise(segments):
        lines = b.words[0].top > a.words[-1].bottom - 0.3 * a.words[-1].size
        text = f"{text[:-1]}{b.printed}" if lines and _BROKEN.search(text) else f"{text} {b.printed}"
    return text


def _box(segments: Sequence[Segment]) -> Box:
    boxes = [s.box for s in segments]
    return (
        round(min(b[0] for b in boxes), 2),
        round(min(b[1] for b in boxes), 2),
        round(max(b[2] for b in boxes), 2),
        round(max(b[3] for b in boxes), 2),
    )


Placed = tuple[Segment, tuple[int, int]]
"""A header piece and the first and last column (from 0) that it stands over."""


def _placed(rows: Sequence[Row], found: Found, spans: Sequence[Span], table_left: float) -> list[list[Placed]]:
    """The pieces of each header row over the columns, placed from the lowest row upwards."""
    out: list[list[Placed]] = []
    for i in reversed(found.head):
        over = _by_year(over_columns(rows[i], spans[0][0], spans[-1][1], table_left), spans)
        out.insert(0, list(zip(over, _ranges(over, spans, out[0] if out else ()), strict=True)))
    return out


def _header_cells(row: Row, placed: Sequence[Placed], number: int) -> list[Cell]:
    """Header cells of a row: its words in the label column, then each piece over the columns that it names."""
    labels = [s for s in row.segments if not any(s.x0 <= o.x0 and o.x1 <= s.x1 for o, _ in placed)]
    cells = [Cell(number, 0, " ".join(s.text for s in labels), header=True, box=_box(labels))] if labels else []
    for segment, (first, last) in placed:
        cells.append(Cell(number, first + 1, segment.text, colspan=last - first + 1, header=True, box=_box([segment])))
    return _distinct(cells)


def _by_year(over: Sequence[Segment], spans: Sequence[Span]) -> list[Segment]:
    """Header pieces that run together ("Fiscal 2024 Fiscal 2023") cut after each year, where they stand over as many
    columns as they hold pieces."""
    out: list[Segment] = []
    for segment in over:
        cuts = [k + 1 for k, w in enumerate(segment.words) if YEAR.match(w.text)]
        if cuts and cuts[-1] != len(segment.words):
            cuts.append(len(segment.words))
        touched = sum(_overlap(segment, span) > 1.0 for span in spans)
        years = sum(YEAR.match(w.text) is not None for w in segment.words)
        if len(cuts) < 2 or len(cuts) != touched or (years < 2 and "%" not in segment.text):
            out.append(segment)
            continue
        out += [make_segment(segment.words[a:b]) for a, b in pairwise([0, *cuts])]
    return out


def _distinct(cells: list[Cell]) -> list[Cell]:
    """Header pieces that fell on the same column, joined."""
    out: list[Cell] = []
    for cell in cells:
        if out and out[-1].column == cell.column and out[-1].box and cell.box:
            a, b = out[-1].box, cell.box
            box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
            out[-1] = Cell(
                cell.row,
                cell.column,
                f"{out[-1].text} {cell.text}",
                max(out[-1].colspan, cell.colspan),
                header=True,
                box=box,
            )
        else:
            out.append(cell)
    return out


def _ranges(over: Sequence[Segment], spans: Sequence[Span], below: Sequence[Placed] = ()) -> list[tuple[int, int]]:
    """First and last column (from 0) that each header piece stands over, in order and without overlap.

    `below`: the pieces of the next header row with their columns; a piece flush with one of them is the upper line of
    its header and has its columns.
    """
    n, k = len(spans), len(over)
    if not k:
        return []
    if k == n:
        return [(i, i) for i in range(n)]
    shared = _shared(over, spans)
    if not shared and len(below) == n:  # the pieces of a row with one for each column may show better where these stand
        spans = [(p.x0, p.x1) for p, _ in below]
        shared = _shared(over, spans)
    if shared:
        return shared
    own = [_nearest(s, spans) - 1 for s in over]
    out: list[tuple[int, int]] = []
    for i, segment in enumerate(over):
        low = out[-1][1] + 1 if out else 0
        high = own[i + 1] - 1 if i + 1 < k else n - 1
        under = min(below, key=lambda p: abs(p[0].middle - segment.middle), default=None)
        if under and _flush(segment, under[0]) and low <= under[1][0]:
            out.append(under[1])
        else:
            out.append(_best_range(segment, spans, low, max(high, own[i]), own[i]))
    return out


def _flush(a: Segment, b: Segment) -> bool:
    size = a.words[0].size
    return min(abs(a.x0 - b.x0), abs(a.x1 - b.x1)) < 0.4 * size or abs(a.middle - b.middle) < 0.7 * size


def _shared(over: Sequence[Segment], spans: Sequence[Span]) -> list[tuple[int, int]]:
    """All columns shared out to the nearest header piece, where each piece then stands centred over its share."""
    near = [
        min(range(len(over)), key=lambda i: max(over[i].x0 - (a + b) / 2, (a + b) / 2 - over[i].x1, 0.0))
        for a, b in spans
    ]
    if near != sorted(near) or set(near) != set(range(len(over))):
        return []
    out = []
    for i, segment in enumerate(over):
        first, last = near.index(i), len(near) - 1 - near[::-1].index(i)
        left, right = spans[first][0], spans[last][1]
        if last > first and abs((left + right) / 2 - segment.middle) > 0.35 * (right - left) / (last - first + 1):
            return []
        if not _covers(segment, spans, first, last, True):
            return []
        out.append((first, last))
    return out


def _covers(segment: Segment, spans: Sequence[Span], first: int, last: int, alone: bool) -> bool:
    """Whether a piece may name a run of columns: it reaches near their middle; and, where it stands alone over an odd
    number of columns, it is more than the upper line of the middle one's own header."""
    count = last - first + 1
    if count == 1:
        return True
    if count % 2 == 0:
        middle = (spans[first + count // 2 - 1][1] + spans[first + count // 2][0]) / 2
        slack = 0.2 * (spans[last][1] - spans[first][0]) / count
        return segment.x0 - slack < middle < segment.x1 + slack
    centre = spans[first + count // 2]
    return (
        not alone or PERIOD.search(segment.text) is not None or segment.x1 - segment.x0 >= 1.6 * (centre[1] - centre[0])
    )


def _best_range(segment: Segment, spans: Sequence[Span], low: int, high: int, own: int) -> tuple[int, int]:
    """The run of columns around `own` whose middle lies nearest to the middle of a header piece.

    One column wins where the piece is flush with it on either side; otherwise a run of columns that is centred
    under the piece.
    """
    low = min(low, own)
    touched = [c for c in range(low, high + 1) if _overlap(segment, spans[c]) > 1.0]
    size = segment.words[0].size
    pitch = (spans[-1][1] - spans[0][0]) / len(spans)
    if len(touched) <= 1:
        x0, x1 = spans[own]
        flush = (
            abs(segment.x1 - x1) < 0.9 * size
            or abs(segment.x0 - x0) < 0.9 * size
            or abs(segment.middle - (x0 + x1) / 2) < max(0.8 * size, 0.3 * pitch)
        )
        if flush:
            return own, own
    best = (own, own)
    score = None
    for a in range(low, own + 1):
        for b in range(own, high + 1):
            if touched and (a > touched[0] or b < touched[-1]):
                continue
            if not _covers(segment, spans, a, b, False):
                continue
            off = abs((spans[a][0] + spans[b][1]) / 2 - segment.middle)
            value = off + 0.15 * size * (b - a)
            if score is None or value < score:
                best, score = (a, b), value
    return best


def _unit(rows: Sequence[Row], found: Found, spans: Sequence[Span], table_left: float) -> str:
    """The words that state unit and scale of the whole table: in the label column of the header, over all columns,
    or in the caption. A unit over one column is that column's alone and stays in its header cell."""
    for i in [*found.head, *reversed(found.caption)]:
        row = rows[i]
        pieces = [row.line.text]
        if i in found.head:
            over = over_columns(row, spans[0][0], spans[-1][1], table_left) if spans else []
            whole = len(over) == 1 and _ranges(over, spans) == [(0, len(spans) - 1)]
            pieces = [s.text for s in row.segments if whole or s not in over]
        for piece in pieces:
            match = _BRACKETED.search(piece) or (UNIT.search(piece) if len(piece) < 90 else None)
            if match and re.search(r"million|thousand|billion|dollar|000", match.group(0), re.I):
                return _closed(match.group(0).strip(), rows, i)
    return ""


_BRACKETED = re.compile(r"\([^()]*\b(?:millions?|thousands|billions|dollars|000s?)\b[^()]*\)", re.I)


def _closed(text: str, rows: Sequence[Row], i: int) -> str:
    """A unit in brackets with the words of the next line that close them."""
    if text.startswith("(") and ")" not in text and i + 1 < len(rows) and rows[i + 1].segments:
        more = rows[i + 1].segments[0].text
        if ")" in more:
            return f"{text} {more.partition(')')[0]})"
    return text


__all__ = ["LEADER", "build"]
