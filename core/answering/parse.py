"""Reads a model's answer, however it is formatted, into claims that cite evidence numbers. It trusts nothing: a number
that was not handed out stays in the claim, so that the gate can refuse it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from core.answering.words import sentences
from core.evidence import Claim
from core.guard import without_active_content

LONGEST = 600
MOST = 12
_MARK = re.compile(
    r"[\[(【]\s*(?:evidence|sources?|refs?\.?|passages?)?\s*#?(\d{1,3}(?:\s*(?:,|;|and|-|–)\s*#?\d{1,3})*)\s*[\])】]",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•–](?=\s)|\d{1,2}[.)](?=\s))\s*")
_INSUFFICIENT = re.compile(
    r"^\W*(?:INSUFFICIENT\b\s*:?"
    r"|(?:the|this) (?:provided |given )?(?:evidence|context|documents?|passages?|sources?)"
    r" (?:do(?:es)? not|do(?:es)?n't)\b)"
    r"\s*",
    re.IGNORECASE,
)


_FRAGMENT = re.compile(r"[a-z][a-z'-]*(?: [a-z'-]+)?\W*")
"""One or two words in lower case: the end of a sentence that was cut, never a statement."""


def parse(raw: str) -> tuple[list[Claim], list[str]]:
    """(claims, what the model says is missing). Citation marks are taken off the text; a judgement's `based_on` is
    every earlier claim that cites one of its numbers."""
    text = without_active_content(raw)
    pieces = _from_json(text) or _lines(text)
    claims: list[Claim] = []
    missing: list[str] = []
    for piece, numbers in pieces:
        lacks = _INSUFFICIENT.match(piece)
        if lacks:
            missing.append(piece[lacks.end() :].strip(" .") or "what the question asks for")
            continue
        cited = tuple(dict.fromkeys([*numbers, *_cited(piece)]))
        words = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_MARK.sub(" ", piece).split())).strip()
        if not re.search(r"\w{2}", words) or len(words) > LONGEST or _FRAGMENT.fullmatch(words):
            continue
        judged = re.match(r"\W*(?:judg(?:e)?ment|assessment|opinion)\W*[:\-–]\s*", words, re.IGNORECASE)
        if judged:
            words = words[judged.end() :]
            rests = tuple(i for i, c in enumerate(claims) if set(c.citations) & set(cited) and c.kind == "quoted")
            claims.append(Claim(words, "judgement", (), rests))
        else:
            claims.append(Claim(words, "quoted", cited))
        if len(claims) == MOST:
            break
    return claims, missing


def as_computed(claims: list[Claim], facts: set[int]) -> list[Claim]:
    """Claims that cite a fact are of kind "computed"."""
    return [replace(c, kind="computed") if c.kind == "quoted" and set(c.citations) & facts else c for c in claims]


def _lines(text: str) -> list[tuple[str, list[int]]]:
    text = re.sub(r"^```\w*\s*$", "", text, flags=re.MULTILINE)
    out: list[tuple[str, list[int]]] = []
    for line in text.splitlines():
        plain = re.sub(r"\*\*|__|^#+\s*", "", _BULLET.sub("", line)).strip()
        if not plain or (plain.endswith(":") and not _MARK.search(plain)):
            continue
        parts = sentences(re.sub(r"([.!?])\s*((?:\[\d+\]\s*)+)", r" \2\1 ", plain))
        # Marks at a line's end prove all of its sentences that carry none of their own.
        last = _cited(parts[-1]) if parts else []
        out += [(part, [] if _cited(part) else last) for part in parts]
    return out


def _from_json(text: str) -> list[tuple[str, list[int]]]:
    found = re.search(r"[\[{].*[\]}]", text, re.DOTALL)
    if not found:
        return []
    try:
        data: Any = json.loads(found.group())
    except ValueError:
        return []
    rows = data.get("claims", data.get("statements", [])) if isinstance(data, dict) else data
    out = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(row.get("text", row.get("claim")), str):
            cited = row.get("citations", row.get("evidence", []))
            cited = cited if isinstance(cited, list) else [cited]
            out.append(
                (str(row.get("text", row.get("claim"))), [int(n) for n in cited if re.fullmatch(r"\d+", str(n))])
            )
        elif isinstance(row, str):
            out.append((row, []))
    return out


def _cited(text: str) -> list[int]:
    out: list[int] = []
    for mark in _MARK.finditer(text):
        # "(2021)" and "(5)" in running text are not citations; square brackets are.
        if mark.group()[0] == "(" and not re.search(r"[A-Za-z#]", mark.group()):
            continue
        out += [int(n) for n in re.findall(r"\d+", mark.group(1))]
    return out
