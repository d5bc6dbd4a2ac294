"""The standard lines of financial statements: `concepts.tsv` read, and a printed label or a tag matched to its line.

A label is brought to a plain form first (`plain_label`: lower case, no punctuation, parenthesised alternatives such as
"(loss)" and amounts left out, "stockholders" and "shareowners" as "shareholders"); the patterns of the file are
written against that form. `section > label` patterns read the header under which a row stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

Unit = str
"""money, per_share, shares, ratio or count: what a line's numbers count."""


@dataclass(frozen=True, slots=True)
class Line:
    """One standard line: its statement, how it is shown, its tags and its printed names in order of preference."""

    name: str
    statement: str
    label: str
    unit: Unit
    sign: str
    """as_printed; positive (a cost or deduction: magnitude, whichever way it is printed); spent (a payment:
    magnitude); outflow (a net payment: printed sign turned); income (a lone "loss" in the label turns a printed
    positive); net_cash, change (likewise for "used in" and "decrease"); tax (turned where the statement deducts it in
    parentheses); other_income (turned where the label names the expense first)."""
    tags: tuple[str, ...]
    synonyms: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Match:
    """A line that a label may be, and the position of the synonym that matched (lower is surer)."""

    line: Line
    rank: int


@cache
def lines() -> dict[str, Line]:
    """All standard lines by name, in the order of the file."""
    text = files(__package__).joinpath("concepts.tsv").read_text("utf-8")
    head, *rows = [row.split("\t") for row in text.splitlines() if row and not row.startswith("#")]
    found = {}
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        found[cells["line"]] = Line(
            name=cells["line"],
            statement=cells["statement"],
            label=cells["label"],
            unit=cells["unit"],
            sign=cells["sign"],
            tags=tuple(t.strip() for t in cells["tags"].split(",") if t.strip()),
            synonyms=tuple(s.strip() for s in cells["synonyms"].split(" | ") if s.strip()),
            source=cells["source"],
        )
    return found


@cache
def _by_tag() -> dict[str, list[tuple[Line, int]]]:
    found: dict[str, list[tuple[Line, int]]] = {}
    for line in lines().values():
        for rank, tag in enumerate(line.tags):
            found.setdefault(tag, []).append((line, rank))
    return found


def by_tag(concept: str) -> tuple[Match, ...]:
    """The lines that a us-gaap concept (with or without its prefix) may stand for, surest first.

    A tag can be the first choice of one line and a fallback of another (ProfitLoss, StockholdersEquity): who reads a
    filing picks, for each line, the lowest rank that the filing holds.
    """
    local = concept.rpartition(":")[2]
    return tuple(sorted((Match(line, rank) for line, rank in _by_tag().get(local, ())), key=lambda m: m.rank))


_DASHES = re.compile(r"[\u2010-\u2015\u2212\-\u2044/]+")
_NOTE = re.compile(
    r"\((?:see )?(?:notes?|schedule|exhibit)\b[^)]*\)|\(?\b(?:see )?notes? \d+[a-z]?(?:(?:,| and| &) ?\d+)*\)?"
)
_AMOUNT = re.compile(r"(?:of )?\$ ?[\d.,]+(?: and \$ ?[\d.,]+)*(?: (?:million|billion|thousand)s?)?")
_OWNERS = re.compile(
    r"\b(?:stock|share)(?:holder|owner)'?s?'?|\bmember'?s'?(?= (?:equity|deficit))|\bpartners'?(?= (?:equity|capital))"
)
_TAIL = re.compile(
    r"(?:,|;|:|\bat)? (?:par value|no par|authorized|without par|issued and outstanding|"
    r"\d[\d,.]* shares?|shares? authorized).*$"
)


_NET_OF = re.compile(r" (?:net of|less(?! accumulated)|excluding|including) .*$")


@lru_cache(maxsize=65536)
def plain_label(label: str) -> str:
    """A printed label in the form that the patterns of `concepts.tsv` are written against."""
    text = unicodedata.normalize("NFKC", label).lower().replace("\u2019", "'").replace("\u2018", "'")
    text = _NOTE.sub(" ", text)
    text = re.sub(r"\([^()]*\)", " ", text)  # "(loss)", "(in dollars)", "(1)"
    text = re.sub(r"\[[^\]]*\]|\*+|[†‡§]|\.{2,}", " ", text)
    text = re.sub(r"u\.\s?s\.", "us", text)
    text = _AMOUNT.sub(" ", re.sub(r",? respectively\b", "", text))
    text = _OWNERS.sub("shareholders", text)
    text = text.replace("&", " and ").replace("non-", "non").replace("'", "")
    text = re.sub(r"\be\.?p\.?s\.?\b", "eps", text)
    text = _DASHES.sub(" ", text)
    text = re.sub(r"\bnon (?=controlling|current|operating|interest|redeemable|cash)", "non", text)
    text = text.replace("amortisation", "amortization").replace("in process", "in process")
    text = (
        _TAIL.sub("", text)
        if not text.startswith(("weighted", "average", "shares", "number", "basic", "dil"))
        else text
    )
    text = re.sub(r"[^a-z0-9% ]", " ", text)
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Matcher:
    """A line's synonyms: one pattern of all to reject most labels at once, each alone only where that one matches."""

    line: Line
    plain: re.Pattern[str] | None
    sectioned: re.Pattern[str] | None

    def rank(self, names: Collection[str], unders: Collection[str]) -> int | None:
        by_name = self.plain is not None and any(map(self.plain.fullmatch, names))
        by_section = self.sectioned is not None and any(map(self.sectioned.fullmatch, unders))
        if not by_name and not by_section:
            return None
        for rank, synonym in enumerate(self.line.synonyms):
            texts = unders if " > " in synonym else names
            if any(re.fullmatch(synonym, text) for text in texts):
                return rank
        return None


@cache
def _matchers(statement: str) -> tuple[_Matcher, ...]:
    return tuple(_matcher(line) for line in lines().values() if statement in ("", line.statement))


@cache
def _matcher(line: Line) -> _Matcher:
    def union(synonyms: list[str]) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{s})" for s in synonyms)) if synonyms else None

    return _Matcher(
        line,
        union([s for s in line.synonyms if " > " not in s]),
        union([s for s in line.synonyms if " > " in s]),
    )


@lru_cache(maxsize=65536)
def match(label: str, statement: str = "", section: str = "") -> tuple[Match, ...]:
    """The lines that a printed row label may be, best first (lowest rank, then order of the file).

    `statement` limits the lines to those of one statement ("" = any); `section` is the header that the row stands
    under, for rows such as "Basic" or "Total".
    """
    name = plain_label(label)
    if not name:
        return ()
    short = _NET_OF.sub("", name)  # "additions to property, net of non-cash expenditures"
    names = {name, short} if short else {name}
    unders = {f"{plain_label(section)} > {n}" for n in names} if section else set()
    ranked = ((m.line, m.rank(names, unders)) for m in _matchers(statement))
    found = [Match(line, rank) for line, rank in ranked if rank is not None]
    return tuple(sorted(found, key=lambda m: m.rank))
