"""Says a row of a table passage as a reader would: its label, then each cell with the heading of its column."""

from __future__ import annotations

import re

from core.answering.context import table_rows
from core.answering.numbers import numbers, stated_scale, years
from core.evidence import Passage

_POWERS = {3: "thousand", 6: "million", 9: "billion"}


def rows(passage: Passage, text: str) -> list[tuple[str, str]]:
    """(row as printed, row as said) for each row of `text` (a part of the passage) that holds a label and a number."""
    power = stated_scale(passage.text) or stated_scale(f"{' '.join(passage.heading_path)}\n{passage.context}")
    columns: list[str] = []
    for line in passage.text.splitlines():
        found = years(line)
        if found and not numbers(line):
            columns = [str(y) for _, _, y in found]
    out = []
    for label, line, section in table_rows(text):
        cells = [n for n in numbers(line) if n.start >= len(label)]
        if not label or not cells:
            continue
        said = [_cell(n.text, power, label) for n in cells]
        if columns and len(columns) == len(cells):
            said = [f"{cell} ({column})" for cell, column in zip(said, columns, strict=True)]
        head = f"{section.rstrip(' ,:')}: {label}" if section and section.lower() not in label.lower() else label
        out.append((line.strip(), f"{head.rstrip(' ,:')}: {', '.join(said)}"))
    return out


def _cell(printed: str, power: int | None, label: str) -> str:
    plain = " ".join(printed.split())
    if (
        "%" in plain
        or power not in _POWERS
        or re.search(r"per\s+(?:\w+\s+)?share|percent|ratio|rate", label, re.IGNORECASE)
    ):
        return plain
    return f"{plain} {_POWERS[power]}"
