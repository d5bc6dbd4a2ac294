"""Reads a follow-up as the whole question it means: entity, year and wording missing from it are carried over from
the turn before. Deterministic, so that the same conversation always asks the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.answering.numbers import years
from core.answering.words import lexicon, tokens
from core.evidence import Answer
from core.vertical import Query

_LEAD = re.compile(
    r"^\s*(?:(?:and|so|ok|okay|then|now|but)\b[,\s]*)?(?:what|how)\s+about\s+"
    r"|^\s*(?:and|same for|the same for|also)\b[,\s]*(?:for\b|in\b)?\s*",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(its|their|theirs|it|they|them|the company(?:'s)?|the firm(?:'s)?|this company(?:'s)?)\b", re.IGNORECASE
)


def resolve(question: str, history: Sequence[Any], understand: Callable[[str], Query]) -> str:
    """`question` with what it leaves out taken from the last turn of `history` (Answers, mappings with "question", or
    texts)."""
    before = asked(history[-1]) if history else ""
    if not before.strip():
        return question
    query = understand(question)
    if query.unknown_entities:
        return question
    previous = understand(before)
    lead = _LEAD.match(question)
    rest = question[lead.end() :].strip(" ?。？") if lead else question.strip(" ?。？")
    elliptical = bool(lead) or not _has_verb(question)
    if elliptical and _only_year(rest):
        return _with_year(before, years(rest)[0][2])
    if elliptical and query.entities and not set(tokens(rest)) - _names(query):
        return _with_entity(before, previous, query)
    if query.entities or not previous.entities:
        return question
    entity = previous.entities[0]
    if elliptical:
        when = "" if years(rest) or not years(before) else f" in {_year_text(before)}"
        rest = re.sub(r"^(?:the|its|their)\s+", "", rest, flags=re.IGNORECASE)
        return f"What was the {rest} of {entity}{when}?"
    if _PRONOUN.search(question):
        return _PRONOUN.sub(lambda m: _in_place_of(m.group(1), entity), question, count=1)
    return f"{question.strip().rstrip('?').rstrip()} ({entity})?"


def asked(turn: Any) -> str:
    """The question of a turn, as it was understood then."""
    if isinstance(turn, Answer):
        return str(turn.trace.get("asked") or turn.question)
    if isinstance(turn, Mapping):
        trace = turn.get("trace") or {}
        return str(
            (trace.get("asked") if isinstance(trace, Mapping) else "") or turn.get("question") or turn.get("text") or ""
        )
    return str(turn)


def _has_verb(question: str) -> bool:
    return bool(lexicon("verb") & set(tokens(question)) or re.search(r"[\u3400-\u9fff]", question))


def _only_year(text: str) -> bool:
    left = set(tokens(re.sub(r"\b(?:FY|CY)?'?\d{2,4}\b", " ", text))) - {
        "in",
        "for",
        "year",
        "fiscal",
        "the",
        "during",
        "of",
    }
    return bool(years(text)) and not left


def _names(query: Query) -> set[str]:
    return {t for e in query.entities for t in tokens(e)} | lexicon("pronoun") | {"for", "in", "of", "at", "the"}


def _with_year(question: str, year: int) -> str:
    found = years(question)
    if not found:
        return f"{question.strip().rstrip('?').rstrip()} in {year}?"
    start, end, old = found[-1]
    return (
        question[:start]
        + question[start:end].replace(str(old), str(year)).replace(f"{old % 100:02d}", f"{year % 100:02d}")
        + question[end:]
    )


def _with_entity(question: str, previous: Query, query: Query) -> str:
    new = query.entities[0]
    for old in previous.entities:
        for name in (old, old.split()[0]):
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE):
                return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", new, question, flags=re.IGNORECASE)
    return f"{question.strip().rstrip('?').rstrip()} ({new})?"


def _year_text(question: str) -> str:
    start, end, year = years(question)[-1]
    return question[start:end].strip() or str(year)


def _in_place_of(pronoun: str, entity: str) -> str:
    possessive = pronoun.lower() in ("its", "their", "theirs") or pronoun.lower().endswith("'s")
    return f"{entity}'s" if possessive else entity
