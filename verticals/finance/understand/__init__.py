"""A question put to a collection of filings, understood: companies, fiscal periods, metrics, passages and sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.evidence import Period, Source
from core.vertical import Policy, Query
from verticals.finance.metrics import metric
from verticals.finance.understand.companies import same_company
from verticals.finance.understand.documents import NON_GAAP, choose, fiscal_quarter, fiscal_year
from verticals.finance.understand.reading import Reading, take_apart

if TYPE_CHECKING:
    from core.workspace import Workspace

EXPANSIONS = 8
"""Further wordings at most; more would drown the question's own words."""


def policy(question: str) -> Policy:
    """No question about filings is refused; advice to trade is not given, and the answer says so."""
    if re.search(r"\bshould\s+(?:i|we)\s+(?:buy|sell|short|hold)\b", question, re.IGNORECASE):
        return Policy(notices=("This is what the filings say; it is not advice to buy or sell a security.",))
    return Policy()


def understand(question: str, workspace: Workspace, collection: str) -> Query:
    """`question` as a Query over the sources of `collection`."""
    return query_of(question, workspace.catalog.sources(collection))


def query_of(question: str, sources: Sequence[Source]) -> Query:
    """`question` as a Query over `sources`."""
    reading = take_apart(question, sources)
    entities = companies_meant(reading, sources)
    source_ids: tuple[str, ...] | None = None
    if reading.companies.unknown and not entities:
        source_ids = ()
    elif entities:
        company = same_company(sources)
        outside = bool(NON_GAAP.search(question))
        chosen = [
            choose([s for s in sources if company.get(s.entity) == e], reading.periods, reading.kinds, outside)
            for e in entities
        ]
        source_ids = tuple(s.id for s in _by_turns(chosen))
    return Query(
        text=question,
        entities=entities,
        unknown_entities=reading.companies.unknown,
        periods=tuple(Period(d) for d in reading.periods.dates),
        years=_years(reading),
        metrics=reading.metrics,
        tags=tags(reading),
        source_ids=source_ids,
        expansions=expansions(reading),
    )


def _years(reading: Reading) -> tuple[int, ...]:
    when = reading.periods
    return tuple(sorted({*when.years, *(q.year for q in when.quarters if q.year is not None)}))


def companies_meant(reading: Reading, sources: Sequence[Source]) -> tuple[str, ...]:
    """The companies named; where none is, the collection's only one, or the only one with that quarter's report."""
    if reading.companies.known or reading.companies.unknown:
        return reading.companies.known
    company = same_company(sources)
    if len(set(company.values())) == 1:
        return tuple(set(company.values()))
    quarters = {(q.year, q.number) for q in reading.periods.quarters if q.year is not None}
    there = {company[s.entity] for s in sources if s.entity and (fiscal_year(s), fiscal_quarter(s)) in quarters}
    return tuple(there) if len(there) == 1 else ()


def tags(reading: Reading) -> tuple[str, ...]:
    """Tags of the passages asked for: statements that hold the metrics' lines, then those named, then topics."""
    from verticals.finance.statements.concepts import lines

    known = lines()
    wanted: dict[str, None] = {}
    for name in reading.metrics:
        for line in metric(name).lines():
            if line in known and known[line].statement not in ("", "other"):
                wanted[known[line].statement] = None
    wanted.update(dict.fromkeys(reading.statements))
    wanted.update(dict.fromkeys(_shape_tags(reading)))
    wanted.update(dict.fromkeys(tag for tag, words in _topics().items() if words.search(reading.question)))
    return tuple(wanted)


def _shape_tags(reading: Reading) -> tuple[str, ...]:
    """Statements that a judgement needs though the question names none of their lines."""
    text = reading.question.lower()
    if re.search(r"capital[\s-]intensive|capital[\s-]intensity", text):
        return ("cash_flow", "income_statement", "balance_sheet")
    if re.search(r"\b(?:operations|operating)\b.*\binvesting\b.*\bfinancing\b", text):
        return ("cash_flow",)
    return ()


def expansions(reading: Reading) -> tuple[str, ...]:
    """Printed names of the lines that the question's metrics rest on."""
    from verticals.finance.statements.concepts import lines

    known = lines()
    found: dict[str, None] = {}
    for name in reading.metrics:
        for line in metric(name).lines():
            found[known[line].label.lower() if line in known else metric(line).label] = None
    return tuple(found)[:EXPANSIONS]


def _by_turns(groups: Sequence[Sequence[Source]]) -> list[Source]:
    """The groups' members, the first of each, then the second of each, and so on."""
    out: dict[str, Source] = {}
    for i in range(max(map(len, groups), default=0)):
        for group in groups:
            if i < len(group):
                out.setdefault(group[i].id, group[i])
    return list(out.values())


@cache
def _topics() -> dict[str, re.Pattern[str]]:
    found = {}
    for row in (Path(__file__).parent / "topics.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        tag, words, _source = row.split("\t")
        found[tag] = re.compile(rf"\b(?:{'|'.join(map(re.escape, words.split('|')))})\b", re.IGNORECASE)
    return found


__all__ = ["companies_meant", "policy", "query_of", "understand"]
