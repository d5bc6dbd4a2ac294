"""What the filings say in their own words: verbatim sentences of the latest annual report, chosen by topic
(`topics.tsv`) and, for risks, by the report's own headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.answering.words import sentences
from core.evidence import Passage, Source
from core.guard import is_instruction
from verticals.finance.report.company import Company
from verticals.finance.report.parts import Item, Note, Quote, Section

LONGEST = 420
"""Characters of one quotation, at most."""
SHORTEST = 40
RISKS = 7
_ANNUAL = ("10-K", "20-F", "annual report", "10-K/A")
_BOILERPLATE = re.compile(
    r"forward-looking|private securities|table of contents|incorporated (?:herein )?by reference|"
    r"see (?:item|note|part|“)|refer to|carefully consider|should be read|not the only risks|not (?:be )?(?:complete|"
    r"exhaustive)|(?:additional|further|more) (?:information|discussion|detail)|described (?:below|above)|"
    r"discussed (?:below|above)|the following|^(?:part [iv]+|item \d|risk factors)\b",
    re.I,
)
_INTRODUCTION = re.compile(r"\W*(?:item\s+1a|risk factors)", re.I)
"""A heading over risk factors as a whole, not over one of them."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of `topics.tsv`."""

    section: str
    name: str
    pattern: re.Pattern[str]


@cache
def topics(section: str) -> tuple[Topic, ...]:
    """The topics of a section."""
    lines = (Path(__file__).parent / "topics.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return tuple(Topic(s, name, re.compile(pattern, re.I | re.S)) for s, name, pattern, _ in cells if s == section)


def latest_annual(company: Company) -> Source | None:
    """The newest annual report of the company; the newest filing where there is none."""
    sources = list(company.frame.sources.values())
    annual = [s for s in sources if s.description.kind in _ANNUAL]
    dated = sorted(annual or sources, key=_dated)
    return dated[-1] if dated else None


def _dated(source: Source) -> tuple[str, str]:
    described = source.description
    end = described.period.end.isoformat() if described.period else ""
    return (end or (described.date.isoformat() if described.date else ""), source.name)


def business(company: Company) -> Section:
    """What the company says it is."""
    return _by_topics(company, Section("business", "Business, in the company's words"), "business", ("business",))


def explained(company: Company) -> list[Item]:
    """What management gives as reasons for the results."""
    return _quotes(company, topics("mdna"), ("mdna",), each=2)


def liquid(company: Company) -> list[Item]:
    """What management says of liquidity and spending to come."""
    return _quotes(company, topics("liquidity"), ("mdna",))


def risks(company: Company) -> Section:
    """Risk factors: the report's headings with the sentences that say most."""
    section = Section("risks", "Risks that the company names")
    source = latest_annual(company)
    if source is None:
        return section
    passages = [p for p in company.evidence.passages(source.id) if "risk_factors" in p.tags and p.kind != "table"]
    named = [p for p in passages if p.heading_path and not _INTRODUCTION.match(p.heading_path[-1])]
    chosen = sorted(_distinct(named or passages), key=_tells, reverse=True)[:RISKS]
    for passage in sorted(chosen, key=lambda p: p.ordinal):
        quote = _risk(company, source, passage)
        if quote is not None:
            section.items.append(quote)
    if section.items:
        section.lead = (
            "In the order of the filing; chosen for what is particular to this company, not ranked by weight."
        )
    else:
        company.evidence.lack(f"risk factors of {company.name}: {source.label} has no such section that could be read")
    return section


def _risk(company: Company, source: Source, passage: Passage) -> Quote | None:
    head = passage.heading_path[-1] if passage.heading_path else ""
    body = passage.text
    at = body.find(head) if head else -1
    head = head if at >= 0 and not re.match(r"(?i)item\s+1a|risk factors", head) else ""
    if head:
        body = body[at + len(head) :]
    told = [s for s in sentences(body) if _fit(s)]
    if not told:
        return None
    best = max(told[:6], key=lambda s: (bool(re.search(r"\d", s)), -told.index(s)))
    first = told[0]
    words = first if first == best else best
    run = _run(body, told, words)
    n = company.evidence.quote(source, passage, run)
    head_n = company.evidence.quote(source, passage, head) if head else None
    return Quote(n, run, _where(source, passage), head, head_n)


def _run(body: str, told: Sequence[str], words: str) -> str:
    """The sentence with the one before it, where both stand together and are short enough."""
    i = list(told).index(words)
    if i:
        both = body[body.find(told[i - 1]) : body.find(words) + len(words)]
        if len(both) <= LONGEST and both.startswith(told[i - 1]):
            return both
    return words


def _distinct(passages: Iterable[Passage]) -> list[Passage]:
    """The first passage under each heading."""
    seen: dict[tuple[str, ...], Passage] = {}
    for passage in passages:
        seen.setdefault(passage.heading_path, passage)
    return list(seen.values())


def _tells(passage: Passage) -> tuple[int, int]:
    """How particular a risk factor is: its amounts and shares, then its place in the filing."""
    figures = len(re.findall(r"[$€£]\s?\d|\d\s?%|\b\d[\d,.]*\s(?:million|billion)|\b(?:19|20)\d\d\b", passage.text))
    return (min(figures, 4), -passage.ordinal)


def _by_topics(company: Company, section: Section, name: str, tags: Sequence[str]) -> Section:
    section.items += _quotes(company, topics(name), tags)
    if not section.items:
        company.evidence.lack(f"{section.title.lower()}: nothing that could be quoted for {company.name}")
    return section


def _quotes(company: Company, wanted: Sequence[Topic], tags: Sequence[str], each: int = 1) -> list[Item]:
    source = latest_annual(company)
    if source is None:
        return []
    passages = [
        p
        for p in company.evidence.passages(source.id)
        if set(tags) & set(p.tags) and p.kind != "table" and "\t" not in p.text
        if not ("mdna" in tags and {"business", "risk_factors"} & set(p.tags))
    ]
    units = [(s, p) for p in passages for s in sentences(_body(p)) if _fit(s)]
    used: set[str] = set()
    out: list[Item] = []
    for topic in wanted:
        fitting = [(s, p) for s, p in units if s not in used and topic.pattern.search(s)]
        fitting.sort(key=lambda unit: -_introduces(unit[0], company.name))  # stable: else in the filing's order
        for words, passage in fitting[:each]:
            used.add(words)
            out.append(
                Quote(company.evidence.quote(source, passage, words), words, _where(source, passage), f"{topic.name}:")
            )
    return out


def _introduces(sentence: str, name: str) -> int:
    """How much a sentence reads as the first on its matter: it names the company, or begins with it."""
    plain = " ".join(sentence.split())
    begins = re.match(
        r"(?:We|The Company|Our (?:Company|principal business)\b.{0,12})\s"
        r"(?:are|is|design|develop|operate|provide|manufactur|sell|offer|face|compete|have|had|employ)",
        plain,
    )
    return 2 * (name.split()[0] in plain[:80]) + bool(begins)


def _body(passage: Passage) -> str:
    """The text without the heading lines that begin it."""
    text = passage.text
    for head in passage.heading_path:
        if text.startswith(head):
            text = text[len(head) :].lstrip()
    return text


def _fit(sentence: str) -> bool:
    """Whether a sentence can stand alone: whole, of fair length, no boilerplate, nothing that addresses the reader."""
    plain = " ".join(sentence.split())
    return (
        SHORTEST <= len(plain) <= LONGEST
        and plain[-1] in ".!"
        and (plain[0].isupper() or plain[0] in '"“')
        and not _BOILERPLATE.search(plain)
        and not re.search(r":\s*\n|[•▪●]|\n\s*\n", sentence)
        and plain.count("“") == plain.count("”")
        and plain.count('"') % 2 == 0
        and not is_instruction(plain)
    )


def _where(source: Source, passage: Passage) -> str:
    page = passage.locator.page
    return f"{source.label}, page {page}" if page else source.label


__all__ = ["Note", "business", "explained", "latest_annual", "liquid", "risks"]
