"""Names what a passage of course material is for, from its headings and kind. Words are in `material.tsv`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.evidence import Description

if TYPE_CHECKING:
    from core.evidence import Document, Passage

BLOCK_TAGS = {"glossary": "definition", "exercise": "exercise"}
"""Kinds of block that say by themselves what they are for."""


def describe(document: Document) -> Description:
    """The title: the document's own, else its first heading, else its file name."""
    first = next((b.text.strip() for b in document.blocks if b.kind == "heading" and b.text.strip()), "")
    return Description(title=document.title or first or document.name, kind="course material")


def tags(passage: Passage) -> tuple[str, ...]:
    """What the passage is for, from its kind and its two innermost headings."""
    heading = " ".join(passage.heading_path[-2:])
    found = [tag for tag, (headings, _) in _patterns().items() if headings.search(heading)]
    by_kind = BLOCK_TAGS.get(passage.kind)
    if by_kind and by_kind not in found:
        found.insert(0, by_kind)
    return tuple(found)


def asked(question: str) -> tuple[str, ...]:
    """What kind of passage a question asks for; () where it does not say."""
    return tuple(tag for tag, (_, words) in _patterns().items() if words.search(question))


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    rows = (Path(__file__).parent / "material.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {tag: (_any(headings), _any(questions)) for tag, headings, questions, _ in (r.split("\t") for r in rows)}


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(re.escape(w) for w in words.split('|'))})\b", re.IGNORECASE)
