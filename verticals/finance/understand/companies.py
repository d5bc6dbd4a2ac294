"""The companies that a question names: those of the collection by name, alias or ticker (misspelt ones with care),
and names that look like a company and are none of them, so that the answer can say so instead of guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.evidence import Source
from verticals.finance.understand.vocabulary import ordinary

DESIGNATORS = (
    r"inc|incorporated|corp|corporation|co|company|companies|plc|ltd|limited|llc|lp|llp|sa|s\.a|ag|se|nv|n\.v|ab|oyj|spa|gmbh"
    r"|group|holdings?|bancorp|bank|trust|partners|industries|enterprises|railways?|railroad|airlines|motors|insurance"
)
_SUFFIX = re.compile(
    r"[\s,]+(?:inc|incorporated|corp|corporation|co|company|companies|plc|ltd|limited|llc|lp|llp|sa|s\.a|ag|se|nv|n\.v|ab"
    r"|oyj|spa|gmbh|holdings?|group|and subsidiaries|& subsidiaries|the)\.?$",
    re.IGNORECASE,
)
_NAME_WORD = r"(?:[A-Z][\w&.'’-]*|[0-9]+[A-Z][\w&-]*)"
_CAPITALS = re.compile(rf"\b{_NAME_WORD}(?:\s+(?:(?:of|and|the|de|&)\s+)?{_NAME_WORD})*")
_DESIGNATED = re.compile(rf"(?:^|\s)(?:{DESIGNATORS})\.?$", re.IGNORECASE)
TOO_COMMON = frozenset(
    {
        "american",
        "united",
        "general",
        "national",
        "first",
        "global",
        "international",
        "southern",
        "northern",
        "eastern",
        "western",
        "pacific",
        "atlantic",
    }
)
"""First words that many companies share."""
FUZZY = 88.0
"""Least rapidfuzz ratio (0 to 100) of a misspelt name; names under five letters are never matched that way."""


@dataclass(frozen=True, slots=True)
class Companies:
    """What a question says about companies."""

    known: tuple[str, ...] = ()
    """Entities of the collection, in the order of the question."""
    unknown: tuple[str, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()
    """(as written, entity) of names that were matched though misspelt."""
    rest: str = ""
    """The question with the names blanked out by as many spaces."""
    names: frozenset[str] = field(default_factory=frozenset)
    """The words of the question that name a known company, as written."""


def core_name(name: str) -> str:
    """The name without article and legal form: "The Boeing Company" → "Boeing"."""
    name = re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE)
    while True:
        shorter = _SUFFIX.sub("", name).rstrip(" ,.&")
        if shorter in ("", name):
            return name
        name = shorter


def same_company(sources: Iterable[Source]) -> dict[str, str]:
    """Every entity of the collection → the name that its latest source gives the same company.

    Two entities are one company where a name of the one is a name of the other ("Adobe Systems", also known as
    "Adobe", and "Adobe").
    """
    latest: dict[str, str] = {}
    known: dict[str, set[str]] = {}
    for source in sources:
        if source.entity:
            day = source.description.date or (source.description.period.end if source.description.period else None)
            latest[source.entity] = max(latest.get(source.entity, ""), day.isoformat() if day else "")
            known.setdefault(source.entity, set()).update(_names(source))
    out: dict[str, str] = {}
    for entity, names in known.items():
        same = {entity} | {other for other, others in known.items() if names & others}
        out[entity] = max(same, key=lambda e: (latest[e], e))
    return out


def _names(source: Source) -> set[str]:
    """The forms in which a source's company may be named, lower case, without legal form."""
    return {core_name(n).lower() for n in (source.entity, *source.description.aliases) if n}


def names_of(sources: Sequence[Source]) -> dict[str, str]:
    """Every way to name a company of the collection → its entity (see `same_company`). Longer names come first.

    A name that would mean two companies is left out, except where it is the whole name of one.
    """
    company = same_company(sources)
    found: dict[str, set[str]] = {}
    for source in sources:
        if not source.entity:
            continue
        given = (source.entity, *source.description.aliases)
        for name in {*given, *map(core_name, given), *_leading(source.entity)}:
            for form in {name, name.replace("&", "and"), name.replace(".", ""), name.replace("-", " ")}:
                if len(form.strip()) > 1:
                    found.setdefault(form.strip(), set()).add(company[source.entity])
    certain = {
        name: (name if name in entities else next(iter(entities)))
        for name, entities in found.items()
        if len(entities) == 1 or name in entities
    }
    return dict(sorted(certain.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def _leading(entity: str) -> tuple[str, ...]:
    """The first word of a longer name, where it is a word of its own ("Lockheed", not "Best" or "General"): people
    shorten so, and `names_of` drops it where two companies of the collection would be meant."""
    words = core_name(entity).split()
    if len(words) < 2 or len(words[0]) < 4 or not words[0].isalpha() or words[0].lower() in ordinary():
        return ()
    return () if words[0].lower() in TOO_COMMON else (words[0],)


def find(question: str, sources: Sequence[Source], metric_words: frozenset[str] = frozenset()) -> Companies:
    """Companies named in `question`. `metric_words`: upper-case abbreviations that are metrics (EPS, CCC)."""
    names = names_of(sources)
    rest = question
    hits: list[tuple[int, str]] = []
    written: set[str] = set()
    for name, entity in names.items():
        for match in _mention(name, name.lower() not in entity.lower(), metric_words).finditer(rest):
            hits.append((match.start(), entity))
            written.add(match["name"])
            rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
    read_as: list[tuple[str, str]] = []
    unknown: list[str] = []
    for start, candidate, strong in _candidates(rest, metric_words):
        closest = _closest(candidate, names)
        if closest:
            hits.append((start, closest))
            read_as.append((candidate, closest))
        elif strong or not hits:
            unknown.append(candidate)
        else:
            continue
        rest = rest[:start] + " " * len(candidate) + rest[start + len(candidate) :]
    rest = re.sub(r"(?<=\s)['’]s?\b", lambda m: " " * len(m.group()), rest)
    ordered = tuple(dict.fromkeys(entity for _, entity in sorted(hits)))
    if ordered:
        unknown = [u for u in unknown if _strong(question, u)]
    return Companies(ordered, tuple(dict.fromkeys(unknown)), tuple(read_as), rest, frozenset(written))


def _mention(name: str, ticker: bool, metric_words: frozenset[str]) -> re.Pattern[str]:
    body = r"[\s-]+".join(re.escape(w) for w in name.split())
    legal = r"(?:,?\s+(?:Inc|Corp|Corporation|Co|Company|plc|PLC|Ltd|N\.V|S\.A)\b\.?)?"
    article = r"(?:\b[Tt]he\s+)?"
    # A one-word name that is also a common word ("Target", "Block") and a ticker count only as they are written.
    exact = name.lower() in ordinary() or (ticker and name.isupper() and len(name) <= 5)
    if name.upper() in metric_words:
        return re.compile(r"(?P<name>(?!))")
    if len(name) == 1 or (len(name) == 2 and name.isalpha() and name.lower() in ordinary()):
        body = rf"(?:\$|\b(?:NYSE|NASDAQ|Nasdaq)\s*:\s*){body}"
    flags = 0 if exact else re.IGNORECASE
    return re.compile(rf"(?<![\w]){article}(?P<name>{body}{legal})(?![\w])(?:['’]s?(?!\w))?", flags)


def _candidates(text: str, metric_words: frozenset[str]) -> list[tuple[int, str, bool]]:
    """(position, name, strong) of capitalised runs that could be a company; strong: its form or place says so."""
    found = []
    for match in _CAPITALS.finditer(text):
        words = match.group().split()
        offset = match.start()
        # Leading words of the run that are only capitalised because a sentence starts there, or are finance terms.
        while words and _ordinary(words[0], metric_words):
            skipped = words.pop(0)
            offset = text.index(skipped, offset) + len(skipped)
        if not words:
            continue
        offset = text.index(words[0], offset)
        end = match.end()
        while words and _ordinary(words[-1], metric_words) and not _DESIGNATED.search(words[-1]):
            end = text.rindex(words[-1], offset, end)
            words.pop()
        name = re.sub(r"['’]s?$", "", text[offset:end].rstrip(" ,.?!;:"))
        if len(name) < 2 or not words:
            continue
        found.append((offset, name, _strong(text, name)))
    return found


def _ordinary(word: str, metric_words: frozenset[str]) -> bool:
    plain = re.sub(r"['’]s?$", "", word).strip(".,?!;:()&'’")
    parts = [p for p in re.split(r"[-/&]", plain) if p]
    return (
        not parts
        or plain.upper() in metric_words
        or all(p.lower() in ordinary() or p.upper() in metric_words or p.isdigit() for p in parts)
    )


def _strong(text: str, name: str) -> bool:
    """Whether form (a legal designator) or place (the second of a comparison) make `name` a company."""
    if _DESIGNATED.search(" " + name) and " " in name:
        return True
    quoted = re.escape(name)
    return bool(
        re.search(rf"(?:\b(?:vs\.?|versus|than|compared\s+(?:to|with)|relative\s+to)\s+(?:the\s+)?){quoted}", text)
        or (
            re.search(
                rf"(?:\bor|,|\band)\s+{quoted}\s*(?:['’]s?)?\s*[?,]?\s*(?:$|\?|\bin\b|\bas\b|\bfor\b|\bhas\b|\bhave\b|\bon\b|\bby\b|\bover\b)",
                text,
            )
            and re.search(
                r"\b(?:which|who|higher|lower|better|more|less|greater|larger|compare)\b", text, re.IGNORECASE
            )
        )
    )


def _closest(candidate: str, names: dict[str, str]) -> str | None:
    """The one entity whose name `candidate` misspells, or None."""
    from rapidfuzz import fuzz

    plain = core_name(candidate).lower()
    if len(plain) < 5:
        return None
    scores: dict[str, float] = {}
    for name, entity in names.items():
        if len(name) >= 5 and name[:1].lower() == plain[:1]:
            scores[entity] = max(scores.get(entity, 0.0), fuzz.ratio(plain, core_name(name).lower()))
    best = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
    if not best or best[0][1] < FUZZY or (len(best) == 2 and best[0][1] - best[1][1] < 5):
        return None
    return best[0][0]
