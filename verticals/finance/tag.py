"""Names for a passage by which questions of an analyst choose it: the statement that it holds, the section it is of.

A statement is told by its lines (`statements.recognise`): the page with the consolidated statement gets its tag, pages
that mention or summarise it do not. Sections are told by their headings, some topics by their words (`tags.tsv`).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from core.evidence import Passage, Source
from verticals.finance.statements.recognise import recognise

_SURE = 11.0
"""Score at which rows are taken for the whole statement: its lines and either its title or most of them."""
_PART = 9.0
"""The same for a piece of a statement that a page or a cut divided; its title must say what it is."""
_TITLED = re.compile(
    r"\b(?:consolidated|condensed|combined)\b(?!.{0,20}\bresults of).{0,40}"
    r"\b(?:statements?|balance sheets?|income|earnings|operations|cash flows?)\b|"
    r"\bstatements? of\b.{0,30}\b(?:income|operations|earnings|cash flows?|financial (?:position|condition)|equity|"
    r"comprehensive|profit|shareholders|stockholders|shareowners)|\bbalance sheets?\b",
    re.I | re.S,
)
_NOT_A_STATEMENT = re.compile(
    r"item 6|selected|parent company|pro forma|supplemental|consolidating|guarantor|obligor|operations data|"
    r"\bnotes? \d+|accounting (?:changes|pronouncements|standards)|summary|highlights|segment|results of operations|"
    r"\bas (?:previously |originally )?reported\b|\brestated\b|impact of|year review",
    re.I,
)
_FEW = 3
"""Mentions after which a text passage of ordinary length is about its words."""


@cache
def _rules() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    text = files("verticals.finance").joinpath("tags.tsv").read_text("utf-8")
    rows = [row.split("\t") for row in text.splitlines()[1:] if row and not row.startswith("#")]
    return tuple((tag, where, re.compile(pattern, re.I)) for tag, where, pattern, _ in rows)


def tag(passage: Passage, source: Source) -> tuple[str, ...]:
    """The tags of a passage, statements first, in the order of `tags.tsv`; () where none fits."""
    found: dict[str, None] = {}
    if passage.kind == "table" and (kind := statement_of(passage)):
        found[kind] = None
    headings = [h.strip() for h in passage.heading_path[-3:]]
    for name, where, pattern in _rules():
        if where == "section":
            if any(pattern.search(h) for h in headings):
                found[name] = None
        elif name == "cover":
            if _on_cover(passage) and pattern.search(passage.text):
                found[name] = None
                if re.search(r"\bnotes? due\b|\bdebentures\b", passage.text, re.I):
                    found["debt_note"] = None
        elif len(pattern.findall(passage.text)) >= (_FEW if len(passage.text) > 1500 else 1):
            found[name] = None
    return tuple(found)


def _on_cover(passage: Passage) -> bool:
    return passage.locator.page <= 3 if passage.locator.page else passage.ordinal < 20


def statement_of(passage: Passage) -> str:
    """The statement whose rows a table passage holds ("balance_sheet", …), or ""."""
    lines = passage.text.split("\n")
    first = next((i for i, line in enumerate(lines) if len(line.split("\t")) > 1 and _numbers(line)), 0)
    labels = [line.split("\t")[0].strip() for line in lines[first:]]
    if len(labels) < 5:
        return ""
    # The nearest words above the rows; the last heading only where it is the statement's own title.
    title = "\n".join([*passage.heading_path[-1:], *lines[:first]])
    heads = "\n".join(line for line in lines[:first] if "\t" in line)
    seen = recognise(labels, title, heads)
    outside = _NOT_A_STATEMENT.search(" | ".join([*passage.heading_path[-2:], *lines[:first]]))
    titled = bool(_TITLED.search(title))
    needed = _SURE if titled and not outside else _SURE + (8 if outside else 4)
    if seen and seen.score >= needed:
        return seen.kind
    part = recognise(labels, title, heads, partial=True)
    if part and titled and not outside and part.score >= _PART:
        return part.kind
    return ""


def _numbers(line: str) -> bool:
    """Whether a row prints amounts, not only the years of a head."""
    cells = [c.strip() for c in line.split("\t")[1:]]
    return any(re.search(r"\d", c) and not re.search(r"\b(?:19|20)\d\d$", c) for c in cells) and bool(
        line.split("\t")[0]
    )
