"""CSV and its kin (tab, semicolon, bar) -> one table; the delimiter is found by how evenly it cuts the rows."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from pathlib import PurePath

from core.errors import UnreadableFile
from core.evidence import Block, Cell, Document, Locator, Table
from core.reading.text import decode, invisible_warning, language, strip_invisible

_DELIMITERS = (",", "\t", ";", "|")


def delimiter_of(text: str, strict: bool = False) -> str | None:
    """The delimiter that cuts the first rows most evenly into most columns, None where none does.

    `strict` asks for what plain prose cannot show: at least three rows, all of the same width.
    """
    sample = text[:20_000]
    if len(text) > len(sample):
        sample = sample.rsplit("\n", 1)[0]
    best: tuple[float, int, str] | None = None
    for mark in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if any(row)]
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        even = times / len(widths)
        if width < 2 or (strict and (len(widths) < 3 or even < 1.0)):
            continue
        if best is None or (even, width) > best[:2]:
            best = (even, width, mark)
    return best[2] if best and best[0] >= 0.5 else None


def read_csv(data: bytes, name: str) -> Document:
    """One table block with a cell per field; the first row is the header unless it holds a number.

    The block's text has one line a row, fields joined by a tab; each cell's `element` is the line it starts at.
    Raises UnreadableFile where no row can be read.
    """
    text, encoding = decode(data, name)
    text, hidden = strip_invisible(text)
    mark = delimiter_of(text) or ("\t" if PurePath(name).suffix.lower() == ".tsv" else ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows: list[list[str]] = []
    starts: list[int] = []
    try:
        before = 0
        for row in reader:
            if any(field.strip() for field in row):
                rows.append([field.strip() for field in row])
                starts.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(
            f"{name} cannot be read as CSV at line {reader.line_num}: {error}", "Mend the row."
        ) from None
    if not rows:
        raise UnreadableFile(f"{name} holds no rows", "Give the file that has the content.")
    width = max(map(len, rows))
    header = 1 if len(rows) > 1 and not any(_number(field) for field in rows[0]) else 0
    cells = tuple(
        Cell(r, c, field, header=r < header, element=f"line {starts[r]}")
        for r, row in enumerate(rows)
        for c, field in enumerate(row)
        if field
    )
    caption = PurePath(name).stem
    table = Table(len(rows), width, cells, caption=caption, header_rows=header)
    lines = "\n".join("\t".join(" ".join(field.split()) for field in row) for row in rows)
    ragged = sum(len(row) != width for row in rows)
    warnings = invisible_warning(hidden)
    if ragged:
        warnings += (f"{ragged} of {len(rows)} rows have fewer than {width} fields",)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type="text/csv",
        blocks=(Block("table", lines, Locator(line=starts[0]), table=table),),
        title=caption,
        lang=language(text),
        meta={"encoding": encoding, "delimiter": mark},
        warnings=warnings,
    )


def _number(field: str) -> bool:
    """Whether a field is a number; a year or a name of a column that starts with a digit is not."""
    bare = field.strip().replace(",", "").lstrip("$€£-+(").rstrip("%)")
    try:
        float(bare)
    except ValueError:
        return False
    return not (len(bare) == 4 and bare.isdigit() and 1900 <= int(bare) <= 2100)
