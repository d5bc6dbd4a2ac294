"""Names the sections of clinical documents from their headings, and the kind of document from its sections.

The words and their sources are in `sections.tsv`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.evidence import Description

if TYPE_CHECKING:
    from core.evidence import Document


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of section: its tag, a pattern for its headings, and the kind of document it speaks for."""

    tag: str
    pattern: re.Pattern[str]
    kind: str


@cache
def sections() -> tuple[Section, ...]:
    """The section kinds of `sections.tsv`, in its order."""
    rows = (Path(__file__).parent / "sections.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for row in rows:
        tag, words, kind, _source = row.split("\t")
        alternatives = "|".join(re.escape(w) for w in sorted(words.split("|"), key=len, reverse=True))
        found.append(Section(tag, re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE), kind))
    return tuple(found)


def tags(text: str) -> tuple[str, ...]:
    """Tags of the sections that a heading (or a question) names, in the file's order."""
    return tuple(s.tag for s in sections() if s.pattern.search(text))


def describe(document: Document) -> Description:
    """Title and kind. The kind is the one that most of the recognised headings speak for; "" where under two do."""
    headings = [b.text for b in document.blocks if b.kind == "heading"]
    seen = Counter(s.kind for s in sections() if any(s.pattern.search(h) for h in headings))
    kind, count = seen.most_common(1)[0] if seen else ("", 0)
    title = document.title or (headings[0].strip() if headings else "") or document.name
    return Description(title=title, kind=kind if count >= 2 else "")
