"""Cells of an HTML table as laid out -> a core Table as a reader sees it.

SEC filings spread one printed column over several grid columns: a spacer, a "$", the number, a ")". Signs are joined
to their number, and grid columns that hold one printed column are folded into one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.evidence import Cell, Table

DASH = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_CURRENCY = (
    r"(?:US|CA?|AU?|HK|NT|NZ|S|R|RMB|CHF|EUR|USD|GBP|Rs\.?)?\s?[$\u20ac\u00a3\u00a5\u20a9\u20b9]|RMB|CHF|EUR|USD|GBP"
)
_PREFIX = re.compile(rf"^(?:{_CURRENCY})?\s*[(\[]?$|^[{DASH}+]$")
_SUFFIX = re.compile(r"^(?:[)\]]|%|[)\]]\s*%|%\s*[)\]]|(?:pts?|bps|pp)\.?|x|\u00d7)$")
NUMBER = re.compile(
    rf"^[({DASH}+]?\s*(?:{_CURRENCY})?\s*[({DASH}]?\s*(?:\d[\d,.\u2019' ]*|\.\d+)\s*\)?"
    r"\s*(?:%|x|\u00d7|pts?|bps|pp)?\s*\)?(?:\s*\(?[\da-z*\u2020\u2021]\)?)?$"
)
_DASH_ONLY = re.compile(rf"^(?:{_CURRENCY})?\s*[{DASH}]+\s*%?$")
_YEAR = re.compile(r"^(?:FY\s?|fiscal\s)?(?:19|20)\d\d(?:\s*\(?\w\)?)?$", re.IGNORECASE)
_SCALES = r"(?:thousands?|millions?|billions?|trillions?)"
UNIT = re.compile(
    rf"\b(?:in|of)\s+(?:[\w.$\u20ac\u00a3]+\s+){{0,3}}{_SCALES}\b"
    rf"|(?:\$|US\$|\u20ac|\u00a3|dollars|unaudited,?)\s*(?:in\s+)?{_SCALES}\b|^\(\s*{_SCALES}\b"
    r"|(?:\$|\u20ac|\u00a3)\s?'?000s?\b|\b000['\u2019]?s\b|['\u2019]000\b|\b000\s+omitted"
    r"|\b(?:in|as)\s+(?:whole\s+)?(?:U\.?S\.?\s+)?(?:dollars|percent(?:ages?)?|shares|euros)\b",
    re.IGNORECASE,
)
"""Words that state unit and scale, inside parentheses or on a line of their own."""
_UNIT_LINE = re.compile(
    rf"^(?:[\w.$\u20ac\u00a3]+\W+){{0,4}}?in\s+(?:[\w.$\u20ac\u00a3]+\s+){{0,3}}{_SCALES}\b", re.IGNORECASE
)


@dataclass(frozen=True)
class GridCell:
    """One cell of the table's own grid, before anything is folded."""

    row: int
    column: int
    text: str
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    indent: float = 0.0
    bold: bool = False
    element: str | None = None
    facts: tuple[Any, ...] = field(default=())
    """Elements of the tagged numbers that the cell prints; handed back with the folded cell."""

    @property
    def end(self) -> int:
        return self.column + self.colspan


@dataclass(frozen=True)
class Shaped:
    """A folded table, its rows as text, and where each tagged number went."""

    table: Table
    text: str
    places: tuple[tuple[Any, int, int], ...] = ()


def is_number(text: str) -> bool:
    """Whether a cell holds a figure or a dash that stands for one."""
    return bool(NUMBER.match(text) or _DASH_ONLY.match(text))


def is_data(text: str) -> bool:
    """A figure that is not a year of a column head."""
    return is_number(text) and not _YEAR.match(text)


def shape(cells: Sequence[GridCell], caption: str = "", unit: str = "") -> Shaped | None:
    """The table that `cells` show; None where no cell holds text."""
    filled = [c for c in cells if c.text]
    if not filled:
        return None
    by_row: dict[int, list[GridCell]] = {}
    for cell in sorted(filled, key=lambda c: (c.row, c.column)):
        by_row.setdefault(cell.row, []).append(cell)
    rows = sorted(by_row)
    merged = {r: _join_signs(by_row[r]) for r in rows}
    columns = _columns([c for r in rows for c in merged[r]])
    position = {r: i for i, r in enumerate(rows)}
    out: list[Cell] = []
    places: list[tuple[Any, int, int]] = []
    lines: list[str] = []
    header_rows = _header_rows([merged[r] for r in rows], columns)
    for r in rows:
        for cell in merged[r]:
            covered = [i for i, (start, end) in enumerate(columns) if cell.column < end and start < cell.end]
            tall = sum(1 for other in rows if r <= other < r + cell.rowspan)
            made = Cell(
                row=position[r],
                column=covered[0],
                text=cell.text,
                colspan=covered[-1] - covered[0] + 1,
                rowspan=max(tall, 1),
                header=position[r] < header_rows,
                indent=round(cell.indent, 1) if covered[0] == 0 else 0.0,
                element=cell.element,
            )
            out.append(made)
            places.extend((fact, made.row, made.column) for fact in cell.facts)
        lines.append("\t".join(c.text for c in merged[r]))
    head = [c.text for r in rows[: header_rows + 1] for c in merged[r]]
    unit = unit_of(*head) or unit
    table = Table(
        rows=len(rows), columns=len(columns), cells=tuple(out), caption=caption, unit=unit, header_rows=header_rows
    )
    return Shaped(table, "\n".join(lines), tuple(places))


def unit_of(*texts: str) -> str:
    """The words that state unit and scale in the first of `texts` that has any: "(in millions, except EPS)"."""
    for text in texts:
        if len(text) > 600 or is_number(text):
            continue
        inside = [m for m in re.findall(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", text) if UNIT.search(m)]
        if inside:
            return str(inside[-1])
        if len(text) < 120 and _UNIT_LINE.match(text) and not re.search(r"\d", text):
            return text.strip()
    return ""


def _join_signs(row: Sequence[GridCell]) -> list[GridCell]:
    """ "$", "(" and "-" joined to the number on their right; ")", "%" to the one on their left."""
    out: list[GridCell] = []
    waiting: GridCell | None = None
    for cell in row:
        if waiting is not None:
            near = cell.column - waiting.end <= 1
            if near and (
                is_number(cell.text) or is_number(waiting.text + cell.text) or re.match(r"^[(\[]?\d", cell.text)
            ):
                cell = replace(
                    cell,
                    column=waiting.column,
                    colspan=cell.end - waiting.column,
                    text=waiting.text + cell.text,
                    bold=cell.bold,
                    facts=waiting.facts + cell.facts,
                )
            else:
                out.append(waiting)
            waiting = None
        if _PREFIX.match(cell.text) and not cell.facts:
            waiting = cell
            continue
        if (
            out
            and _SUFFIX.match(cell.text)
            and cell.column - out[-1].end <= 1
            and re.search(r"\d|^[(]?[$]?\s*[-\u2013\u2014]", out[-1].text)
        ):
            previous = out[-1]
            gap = " " if cell.text[0].isalpha() and cell.text != "x" else ""
            out[-1] = replace(
                previous,
                colspan=cell.end - previous.column,
                text=previous.text + gap + cell.text,
                facts=previous.facts + cell.facts,
            )
            continue
        out.append(cell)
    if waiting is not None:
        out.append(waiting)
    return out


def _columns(cells: Sequence[GridCell]) -> list[tuple[int, int]]:
    """Grid ranges of the printed columns: cells that overlap share one; a cell over several spans them.

    Narrow cells are placed first, so that a heading over three years joins no two of them.
    """
    found: list[list[int]] = []
    for cell in sorted(cells, key=lambda c: (c.colspan, c.column)):
        over = [f for f in found if cell.column < f[1] and f[0] < cell.end]
        if not over:
            found.append([cell.column, cell.end])
        elif len(over) == 1:
            over[0][0] = min(over[0][0], cell.column)
            over[0][1] = max(over[0][1], cell.end)
    return [(a, b) for a, b in sorted(found)]


def _header_rows(rows: Sequence[Sequence[GridCell]], columns: Sequence[tuple[int, int]]) -> int:
    """How many leading rows are column heads: those before the first figure, less section labels just above it."""
    label_end = columns[0][1] if columns else 0
    count = 0
    for row in rows:
        body = [c for c in row if c.column >= label_end]
        if any(is_data(c.text) or (c.facts and not c.header) for c in body):
            break
        if (
            body
            and not any(c.bold or c.header for c in row)
            and count
            and not any(_YEAR.match(c.text) for c in body)
            and (row[0].column < label_end and not unit_of(row[0].text) and not is_number(row[0].text))
        ):
            break
        count += 1
    else:
        # No figures at all: a text table. Its first row is a head where it is set as one.
        first = rows[0] if rows else ()
        return 1 if len(rows) > 1 and len(first) > 1 and all(c.bold or c.header for c in first) else 0
    while count and all(c.column < label_end and c.end <= label_end for c in rows[count - 1]):
        if unit_of(rows[count - 1][0].text) and count == 1:
            break
        count -= 1
    return count
