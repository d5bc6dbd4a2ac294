"""Answers without generation: the sentences or table rows of the best passages that answer the question, word for
word. Where none does, it says what the sources lack instead of coming close.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.answering import table
from core.answering.conditions import conditions
from core.answering.context import subject_words, widen
from core.answering.draft import Draft
from core.answering.numbers import numbers, years
from core.answering.thresholds import threshold
from core.answering.words import content, lexicon, sentences, stem, tokens
from core.evidence import Citation, Claim, Passage, Source
from core.guard import is_instruction, without_instructions
from core.vertical import Hit, Query

if TYPE_CHECKING:
    from core.workspace import Workspace

PASSAGES = 8
UNITS = 40
"""Sentences and rows that the reranker reads: half a second on two cores."""
LONGEST = 700
LONG = 7
"""Letters from which the stem of a word is rarely a common one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or row that may answer. `quote` is as printed; `text` is how it is said (a row with its columns)."""

    quote: str
    text: str
    passage: Passage
    source: Source
    rank: int


def draft(workspace: Workspace, query: Query, hits: Sequence[Hit]) -> Draft:
    """One to three verbatim claims for `query` out of `hits`, or a draft without claims that says what is missing."""
    units = _units(query, hits)
    if not units:
        return Draft("quote", missing=(_lacking(query),))
    from core.models import reranker

    scores = reranker(workspace.settings).score(query.text, [_reading(u) for u in units])
    ranked = sorted(((_sigmoid(float(s)), u) for s, u in zip(scores, units, strict=True)), key=lambda p: -p[0])
    fitting = _latest(query, [(s, u) for s, u in ranked if s >= threshold("quote_least") and fits(query, u)])
    if not fitting:
        return Draft("quote", missing=(_lacking(query, ranked[0][1]),))
    best = fitting[0][0]
    chosen: list[tuple[float, Unit]] = []
    for score, unit in fitting:
        if score < best * threshold("quote_share") or len(chosen) == 3:
            break
        if not any(_same(unit.quote, other.quote) for _, other in chosen):
            chosen.append((score, unit))
    chosen.sort(key=lambda p: (p[1].rank, p[1].passage.text.find(p[1].quote)))
    citations = tuple(cite(n, u) for n, (_, u) in enumerate(chosen, 1))
    claims = tuple(Claim(u.text, "quoted", (n,), support=s) for n, (s, u) in enumerate(chosen, 1))
    return Draft("quote", claims, citations)


def _latest(query: Query, fitting: list[tuple[float, Unit]]) -> list[tuple[float, Unit]]:
    """Without a year in the question, what the latest source of an entity says: an older one may no longer hold."""
    if query.years or query.periods or years(query.text):
        return fitting
    newest: dict[str, date] = {}
    for _, unit in fitting:
        if period := unit.source.description.period:
            newest[unit.source.entity] = max(newest.get(unit.source.entity, date.min), period.end)
    return [
        (s, u)
        for s, u in fitting
        if not (period := u.source.description.period) or period.end == newest[u.source.entity]
    ]


def cite(n: int, unit: Unit) -> Citation:
    return citation(n, unit.passage, unit.source, unit.quote)


def citation(n: int, passage: Passage, source: Source, quote: str) -> Citation:
    """A citation of `quote` at the passage's place."""
    day = source.description.date or (source.description.period.end if source.description.period else None)
    return Citation(
        n,
        source.label,
        source.id,
        source.description.kind,
        day.isoformat() if day else "",
        passage.locator,
        quote,
        passage.id,
    )


def fits(query: Query, unit: Unit) -> bool:
    """Whether a unit speaks of what is asked: its names, years and numbers, most of its words, and the kind of
    answer (a figure for "how much")."""
    passage, source = unit.passage, unit.source
    names_of_source = (source.label, source.entity, *source.description.aliases)
    around = "\n".join([unit.quote, passage.text, *passage.heading_path, passage.context, *names_of_source])
    words = {stem(t) for t in tokens(around)}
    for name in names(query.text):
        if stem(name.lower()) not in words:
            return False
    asked = {y for _, _, y in years(query.text)} | set(query.years)
    # A sentence that names years speaks of those; one that names none, of its headings' and its source's.
    own_years = {y for _, _, y in years(unit.text)}
    spoken = own_years or {y for _, _, y in years(around)} | _period_years(unit.source)
    if asked and not asked & spoken:
        return False
    bounds = conditions(query.text)
    if not all(c.met_by(unit.quote) for c in bounds):
        return False
    figures = {n.value for n in numbers(query.text)} - {c.bound.value for c in bounds}
    if figures and not figures & {n.value for n in numbers(around)}:
        return False
    named = {stem(name.lower()) for name in names(query.text)}
    wanted = [w for w in question_words(query, unit.source) if w not in named]
    if wanted and sum(w in widen(words) for w in wanted) / len(wanted) < threshold("covered_least"):
        return False
    if not _covers_long(wanted, words):
        return False
    # An abbreviation names the very thing that is asked for: a neighbour in the same table is another thing.
    if any(re.fullmatch(r"[A-Z]{3,}", name) and not _said(name, unit) for name in names(query.text)):
        return False
    if unit.passage.kind == "table" and re.match(r"\s*(?:where|who|whom|why)\b", query.text, re.IGNORECASE):
        return False
    if re.match(r"\s*who\b", query.text, re.IGNORECASE) and not set(names(unit.quote)) - set(names(query.text)):
        return False
    # At least one of the words must stand in the sentence itself, unless its section is about nothing else
    # ("Legal Proceedings"): other headings alone answer nothing.
    own = widen(stem(t) for t in tokens(unit.text))
    section = {stem(t) for t in tokens(" ".join(unit.passage.heading_path[-1:]))}
    named_there = sum(w in section for w in wanted)
    if named_there > 1 and named_there >= len(wanted) * threshold("covered_least"):
        own = own | section
    if (wanted or named) and not any(w in own for w in [*wanted, *named]):
        return False
    return (
        not asks_figure(query.text)
        or bool(numbers(unit.quote))
        or bool(years(unit.quote) and "when" in tokens(query.text))
    )


def _covers_long(wanted: Sequence[str], words: set[str]) -> bool:
    """Whether the long words of the question, those that say most, stand in the passage in some form ("cyclicality",
    "cyclical")."""
    known = widen(words)
    long = [w for w in wanted if len(w) >= LONG]
    return all(w in known or any(k.startswith(w[:-2]) for k in known) for w in long)


def _said(name: str, unit: Unit) -> bool:
    """Whether the unit itself, or its source's own names, hold an abbreviation."""
    own = " ".join([unit.text, unit.source.entity, *unit.source.description.aliases])
    return stem(name.lower()) in {stem(t.lower()) for t in tokens(own)}


def names(question: str) -> list[str]:
    """Capitalised words inside the question, and words of capitals and digits: names that an answer must be about."""
    out = []
    for m in re.finditer(r"[A-Za-z][\w&'’-]*", question):
        word = re.sub(r"['’]s?$", "", m.group())
        if m.start() == 0 or re.search(r"[.!?:]\s*$", question[: m.start()]) or not word[:1].isupper():
            continue
        if re.fullmatch(r"(?:FY|CY|Q)\d*|I|USD|US|EUR|GBP|SEC|Q[1-4]\d*", word) or word.lower() in lexicon("question"):
            continue
        out.append(word)
    return out


def question_words(query: Query, source: Source) -> list[str]:
    """Content stems of the question, without question words and the entity's own names."""
    gone = {stem(t) for name in (source.entity, *source.description.aliases, *query.entities) for t in tokens(name)}
    known = {stem(w) for w in lexicon("question")}
    for drop in (("filler", "question"), ("question",)):
        words = [w for w in dict.fromkeys(content(query.text, drop=drop)) if w not in gone and w not in known]
        if words:
            return words
    return []


def asks_figure(question: str) -> bool:
    return bool(_FIGURE.search(question))


_FIGURE = re.compile(
    r"\bhow (?:much|many|large|big|high|long|often|old)\b"
    r"|\bwhat (?:was|is|were|are) (?:the|its|their|\w+(?:'s|’s))\s+(?:\w+\s+){0,5}?"
    r"(?:amount|total|number|percentage|percent|rate|ratio|margin|revenue|sales|income|cost|value|price|size|dose)\b"
    r"|多少|几",
    re.IGNORECASE,
)


def _units(query: Query, hits: Sequence[Hit]) -> list[Unit]:
    out: list[Unit] = []
    for rank, hit in enumerate(hits[:PASSAGES]):
        for run in without_instructions(hit.passage.text):
            if hit.passage.kind == "table":
                out += [Unit(row, said, hit.passage, hit.source, rank) for row, said in table.rows(hit.passage, run)]
            else:
                out += [
                    Unit(q, " ".join(q.split()), hit.passage, hit.source, rank) for q in _sentences(run, hit.passage)
                ]
    out = [u for u in out if not is_instruction(u.quote)]
    if len(out) <= UNITS:
        return out
    wanted = widen(subject_words(query.text)) | set(content(query.text))
    years_asked = {y for _, _, y in years(query.text)}

    def promise(unit: Unit) -> float:
        words = {stem(t) for t in tokens(unit.text)}
        year = bool(years_asked & {y for _, _, y in years(unit.text)})
        return len(words & wanted) + 0.5 * year - 0.15 * unit.rank

    return sorted(out, key=promise, reverse=True)[:UNITS]


def _sentences(run: str, passage: Passage) -> list[str]:
    """The sentences of a run; one that begins with "it" or "these" comes with the sentence that says what is meant."""
    out: list[str] = []
    before = -1
    run = _body(run, passage)
    for sentence in sentences(run):
        start = run.find(sentence, max(before, 0))
        if _heading(sentence, passage) or len(sentence) < 20:
            before = -1
            continue
        quote = run[before : start + len(sentence)] if before >= 0 and _ANAPHOR.match(sentence) else sentence
        out.append(quote if len(quote) <= LONGEST else sentence)
        before = start
    return [q for q in out if len(q) <= LONGEST]


def _body(run: str, passage: Passage) -> str:
    """The text of a passage after the headings that it begins with: a heading is no part of a sentence."""
    text, before = run.lstrip(), ""
    while text != before:
        before = text
        for heading in passage.heading_path:
            if heading.strip() and text.startswith(heading.strip()):
                text = text[len(heading.strip()) :].lstrip(" \n.:")
    return text


_ANAPHOR = re.compile(
    r"(?:It|They|This|These|Those|Such|He|She|Its|Their|The (?:increase|decrease|decline|change|company))\b"
)


_POINTER = re.compile(r"\b(?:Item|Part|Note|Section)\s+(?:\d+[A-C]?|[IVX]+)\b", re.IGNORECASE)


def _heading(text: str, passage: Passage) -> bool:
    """Whether a line is a heading, one of a table of contents, or leads elsewhere ("are as follows:", "in Item 3")."""
    if text.rstrip().endswith((":", "：")) or (len(tokens(text)) < 12 and _POINTER.search(text)):
        return True
    return any(text == h.strip() for h in passage.heading_path) or (len(tokens(text)) < 4 and not numbers(text))


def _reading(unit: Unit) -> str:
    head = " ".join(part for part in (unit.source.entity, *unit.passage.heading_path[-1:]) if part)
    return (f"{head}: {unit.text}" if head else unit.text)[:LONGEST]


def _same(a: str, b: str) -> bool:
    """Whether one quote says nothing beyond the other."""
    small, large = sorted((set(tokens(a)), set(tokens(b))), key=len)
    return small <= large


def _period_years(source: Source) -> set[int]:
    period = source.description.period
    stated = str(source.description.meta.get("fiscal_year", ""))
    return ({period.end.year} if period else set()) | ({int(stated)} if stated.isdigit() else set())


def _lacking(query: Query, nearest: Unit | None = None) -> str:
    topic = query.text.strip().rstrip("?").strip()
    if nearest is None:
        return f"nothing in these sources speaks of: {topic}"
    page = f", page {nearest.passage.locator.page}" if nearest.passage.locator.page else ""
    return f"no passage that answers: {topic} (closest: {nearest.source.label}{page})"


def _sigmoid(x: float) -> float:
    from math import exp

    return 1 / (1 + exp(-x)) if x > -700 else 0.0
