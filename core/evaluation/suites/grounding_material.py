"""What the grounding suite builds claims from: figures of table rows with their period, unit and neighbours in the same
table, and sentences of running text. Read by rules of its own, so that a mistake of the gates is not repeated here.
"""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from core.evidence import Passage, Source, Value, normalise
from core.vertical import Vertical


@dataclass(frozen=True, slots=True)
class Figure:
    """A typed value whose row stands in a passage, the same row a year before, and another row of the same table."""

    value: Value
    passage: Passage
    earlier: Value | None
    other: Value | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of running text, as printed."""

    text: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing as the suite sees it."""

    source: Source
    passages: Sequence[Passage]
    values: Sequence[Value]
    figures: Sequence[Figure] = field(default=())
    sentences: Sequence[Sentence] = field(default=())


def load(path: Path, vertical: Vertical) -> Filing:
    """Reads a filing (`.pdf`, `.html`, `.html.gz`) and finds its figures and sentences. Raises UnreadableFile."""
    from core.indexing.passages import passages
    from core.reading import read

    with tempfile.TemporaryDirectory() as folder:
        plain = path
        if path.suffix == ".gz":
            plain = Path(folder) / path.stem
            plain.write_bytes(gzip.decompress(path.read_bytes()))
        document = read(plain)
    description = vertical.describe(document)
    source = Source(
        document.sha256,
        plain.name,
        plain.name,
        "grounding",
        document.media_type,
        document.pages,
        document.lang,
        description,
    )
    cut = passages(document, description, source.id)
    values = list(vertical.values(document, source))
    return Filing(source, cut, values, tuple(_figures(cut, values)), tuple(_sentences(cut)))


def _figures(passages: Sequence[Passage], values: Sequence[Value]) -> Iterator[Figure]:
    by_row: dict[str, list[Value]] = {}
    for v in values:
        if v.quote and v.statement and not v.dimensions and v.printed.strip("$() ") and _said(v.label):
            by_row.setdefault(normalise(v.quote), []).append(v)
    rows = list(by_row)
    for passage in passages:
        if passage.kind != "table":
            continue
        text = normalise(passage.text)
        there = [row for row in rows if row in text]
        for row in there:
            for v in by_row[row]:
                # Rows that repeat within a table cannot say which of them a figure is from.
                if text.count(row) != 1 or not v.value or 0 < v.period.days < 350:
                    continue
                before = next((w for w in by_row[row] if _year_before(w, v) and w.value != v.value), None)
                others = [
                    w for o in there for w in by_row[o]
                    if o != row and w.period == v.period and w.unit == v.unit and w.value != v.value
                    and _said(w.label) and _unlike(_said(w.label), _said(v.label))
                ]  # fmt: skip
                yield Figure(v, passage, before, others[v.label.__len__() % len(others)] if others else None)


def _year_before(w: Value, v: Value) -> bool:
    if (w.period.start is None) != (v.period.start is None):
        return False
    return 350 <= (v.period.end - w.period.end).days <= 380 and abs(w.period.days - v.period.days) <= 8


def said(label: str) -> str:
    """A row's label as a sentence would say it: no footnote marks, no dash asides, lower case but for names."""
    return _said(label)


def _said(label: str) -> str:
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]|[—–:*†].*$", " ", label)
    text = " ".join(text.split()).strip(" ,.-")
    if not 4 <= len(text) <= 60 or len(text.split()) > 8 or re.search(r"\d", text):
        return ""
    return text[:1].lower() + text[1:] if not re.match(r"[A-Z]{2}|[A-Z]&", text) else text


def _unlike(a: str, b: str) -> bool:
    """Whether two labels say different things: each has a word of weight that the other lacks."""
    small = {"total", "net", "other", "and", "of", "the", "from", "in", "to", "for"}
    mine, theirs = set(a.lower().split()) - small, set(b.lower().split()) - small
    return bool(mine - theirs) and bool(theirs - mine)


def _sentences(passages: Sequence[Passage]) -> Iterator[Sentence]:
    for passage in passages:
        if passage.kind not in ("text", "list"):
            continue
        flat = " ".join(passage.text.split())
        for text in re.findall(r"(?<=[.!?] )[A-Z][^.!?]*(?:\.\d[^.!?]*)*\.(?= [A-Z]|$)", ". " + flat):
            words = text.split()
            if (
                8 <= len(words) <= 45
                and re.search(r"[a-z]", text)
                and not re.search(r"[•|\t]|U\.S$|Inc$|\bNo\.$", text)
                and _closed(text)
            ):
                yield Sentence(text, passage)


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("“") == text.count("”")


def year_of(value: Value, source: Source) -> int:
    """The fiscal year in which a value's period ends, counted in whole years from the filing's own period end."""
    end = value.period.end
    period = source.description.period
    stated = str(source.description.meta.get("fiscal_year", ""))
    if period is None or not stated.isdigit():
        return end.year
    close = str(source.description.meta.get("fiscal_year_end", "")) or f"{period.end:%m-%d}"
    # The last fiscal year's end on or before (give or take a week) the filing's own period end.
    ends = [date(y, int(close[:2]), min(int(close[3:]), 28)) for y in range(period.end.year - 1, period.end.year + 2)]
    current = next(e for e in ends if (e - period.end).days > -12)
    whole = round((current - end).days / 365.25 - 0.45)
    return int(stated) - max(whole, 0)


def amount(value: Value, pick: Callable[[Sequence[str]], str]) -> str:
    """The value as an analyst writes it: "$391.0 billion", "$391,035 million", "$6.08"."""
    number = abs(value.value)
    if value.unit in ("USD", "EUR", "GBP"):
        sign = {"USD": "$", "EUR": "€", "GBP": "£"}[value.unit]
        return pick([sign + form for form in scaled(number)])
    if "/" in value.unit:
        return f"${number:.2f}"
    if value.unit == "shares":
        return pick([f"{form} shares" for form in scaled(number)])
    return f"{number * 100:.1f}%"


def scaled(number: Decimal) -> list[str]:
    """Ways to print an unscaled number, none of which changes it by more than its rounding."""
    if number >= 10**9:
        return [f"{number / 10**9:.1f} billion", f"{number / 10**9:.2f} billion", f"{number / 10**6:,.0f} million"]
    if number >= 10**6:
        return (
            [f"{number / 10**6:,.0f} million", f"{number / 10**6:,.1f} million"]
            if number < 10**8
            else [f"{number / 10**6:,.0f} million"]
        )
    if number >= 10**3:
        return [f"{number:,.0f}"]
    return [f"{number.normalize():f}"]
