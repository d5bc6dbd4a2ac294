"""A question as a row of marks: every metric, fiscal year, quarter and statement that it names stands as one mark, the
other words as they are (in the form of `metrics.stem`). Grammars read this row and never the raw text.

    "What is the FY2019 cash conversion cycle (CCC) for Acme?"
    → what is the <y2019> <m:cash_conversion_cycle> for ?
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verticals.finance.metrics import WORD, metrics, stem, stems

Phrases = Mapping[tuple[str, ...], str]
"""Stemmed words of a name → its mark."""

_FY = (
    r"(?:(?:f\.?y\.?e?|cy|fiscal(?:\s+years?)?|financial\s+years?|calendar\s+years?)\s*(?:ended?\s+|of\s+)?['’]?(?:19|20)?\d\d"
    r"|(?<![\d.,$€£-])(?:18|19|20)\d\d)(?![\d%]|[.,]\d)"
)
_PIECE = re.compile(
    rf"(?P<quarter>\b(?:q[1-4]|[1-4]q|(?:first|second|third|fourth|1st|2nd|3rd|4th)\s+(?:fiscal\s+)?quarter)"
    rf"\s*(?:of|in|for|,|/)?\s*(?:the\s+)?(?:{_FY}|['’]?(?:(?:19|20)\d\d|\d\d)(?!\d))?)"
    rf"|(?P<year>(?<![A-Za-z]){_FY})"
    rf"|(?P<word>{WORD.pattern})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One piece of a question. `text` is a word, a sign, or a mark such as `<m:revenue>`; `written` is the original."""

    text: str
    written: str
    start: int
    end: int

    @property
    def metric(self) -> str | None:
        return self.text[3:-1] if self.text.startswith("<m:") else None

    @property
    def year(self) -> int | None:
        return int(self.text[2:-1]) if re.fullmatch(r"<y\d+>", self.text) else None


@cache
def phrases() -> Phrases:
    """Names of metrics and statements → their marks."""
    found: dict[tuple[str, ...], str] = {}
    for m in metrics().values():
        for name in m.synonyms:
            found.setdefault(stems(name), f"<m:{m.name}>")
    for row in (Path(__file__).parent / "statements.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        tag, words, _source = row.split("\t")
        for name in words.split("|"):
            found[stems(name)] = f"<s:{tag}>"
    return found


@cache
def metric_abbreviations() -> frozenset[str]:
    """Upper-case forms of one-word metric names (EPS, CCC, EBITDA): never a ticker."""
    return frozenset(name.upper() for m in metrics().values() for name in m.synonyms if " " not in name)


def read(text: str, more: Phrases | None = None) -> list[Mark]:
    """Cuts `text` into marks; the longest name wins. `more`: names that the question itself defines."""
    pieces: list[Mark] = []
    for match in _PIECE.finditer(text.replace("’", "'")):
        pieces.append(Mark(_form(match, pieces, text), match.group(), match.start(), match.end()))
    known = {**phrases(), **(more or {})}
    longest = max(map(len, known))
    out: list[Mark] = []
    i = 0
    while i < len(pieces):
        found = _longest(pieces, i, known, longest)
        if found:
            mark, end = found
            first, last = pieces[i], pieces[end - 1]
            out.append(Mark(mark, text[first.start : last.end], first.start, last.end))
            i = end
        elif pieces[i].text == "~":
            i += 1
        else:
            out.append(pieces[i])
            i += 1
    return _without_echoes(out)


def _longest(pieces: list[Mark], start: int, known: Phrases, longest: int) -> tuple[str, int] | None:
    """The mark of the longest known name that starts at `start`, and where it ends; commas and joining hyphens inside
    a name do not count."""
    words: list[str] = []
    best: tuple[str, int] | None = None
    for i in range(start, len(pieces)):
        if pieces[i].text in (",", "~") and words:
            continue
        words.append(pieces[i].text)
        if len(words) > longest:
            break
        mark = known.get(tuple(words))
        if mark:
            best = (mark, i + 1)
    return best


def _form(match: re.Match[str], before: list[Mark], text: str) -> str:
    raw = match.group()
    if match["quarter"]:
        number = re.search(r"[1-4]", raw[:3]) or re.search("first|second|third|fourth", raw.lower())
        assert number is not None
        n = {"first": "1", "second": "2", "third": "3", "fourth": "4"}.get(number.group(), number.group())
        year = re.search(r"(\d{4}|\d\d)\s*$", raw[2:])
        return f"<q{n}-{_full(year.group(1)) if year else ''}>"
    if match["year"]:
        year = re.search(r"\d+$", raw)
        assert year is not None
        return f"<y{_full(year.group())}>"
    if raw in "–—−":
        raw = "-"
    if raw == "-":
        # Between two words without spaces it joins them ("short-term"); elsewhere it is a minus or a range.
        left, right = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return "-" if not (left.isalpha() and right.isalpha()) else "~"
    return stem(raw)


def _full(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _without_echoes(marks: list[Mark]) -> list[Mark]:
    """Drops an abbreviation in brackets after its own name: "cash conversion cycle (CCC)"."""
    out: list[Mark] = []
    i = 0
    while i < len(marks):
        if (
            marks[i].text == "("
            and i + 2 < len(marks)
            and marks[i + 2].text == ")"
            and out
            and marks[i + 1].metric is not None
            and marks[i + 1].metric == out[-1].metric
        ):
            i += 3
            continue
        out.append(marks[i])
        i += 1
    return out
