"""Which filings of a company may answer: those of the asked year and kind first, later ones that still print that
year's figures next. Everything is told from the sources' descriptions; nothing is read from file names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from core.evidence import Source
from verticals.finance.understand.periods import Periods

KINDS = (
    ("10-K", r"10-?\s?k(?:s|/a)?|annual\s+reports?|form\s+10-?k"),
    ("10-Q", r"10-?\s?q(?:s|/a)?|quarterly\s+reports?|form\s+10-?q"),
    ("8-K", r"8-?\s?k(?:s|/a)?|form\s+8-?k|current\s+reports?"),
    ("20-F", r"20-?f|form\s+20-?f"),
    ("earnings release", r"earnings\s+(?:press\s+)?releases?|earnings\s+reports?|earnings\s+calls?|press\s+releases?"),
)
ANNUAL = ("10-K", "20-F", "annual report")
LATER = 2
"""A 10-K prints income and cash flow of two earlier years (Regulation S-X, rule 3-02)."""


NON_GAAP = re.compile(
    r"\b(?:adjusted|non-?\s?gaap|organic|constant\s+currency|comparable|exclud(?:e|es|ing))\b", re.IGNORECASE
)
"""Figures outside the standards stand in earnings releases before anywhere else (Regulation G)."""


def kinds_named(question: str) -> tuple[str, ...]:
    """Document kinds that the question names."""
    return tuple(kind for kind, words in KINDS if re.search(rf"\b(?:{words})\b", question, re.IGNORECASE))


def fiscal_year(source: Source) -> int | None:
    """The fiscal year that a source reports on, by the company's own name for it where the source says."""
    named = source.description.meta.get("fiscal_year", "")
    if named.isdigit():
        return int(named)
    period = source.description.period
    if period is not None:
        return (period.end - timedelta(days=7)).year
    day = source.description.date
    return day.year if day else None


def fiscal_quarter(source: Source) -> int | None:
    """The quarter that a source reports on, where it says one."""
    named = source.description.meta.get("fiscal_period", "")
    match = re.fullmatch(r"[Qq]([1-4])", named)
    return int(match.group(1)) if match else None


def choose(
    sources: Sequence[Source], periods: Periods, kinds: Sequence[str], releases_first: bool = False
) -> tuple[Source, ...]:
    """`sources` (of one company) that may answer, the likeliest first.

    With a year: filings of that year (of the last one, for several), then later ones that still print it, then those
    of the other years named. Without: the latest annual report first, then by date. A kind or date that the question
    names decides before the year; `releases_first` puts the earnings release of a year before its annual report.
    """
    named = [s for s in sources if s.description.kind in kinds]
    pool = named or list(sources)
    if periods.dates:
        exact = [s for s in pool if s.description.date in periods.dates]
        exact = exact or [s for s in pool if s.description.period and s.description.period.end in periods.dates]
        if exact:
            return tuple(exact)
    years = sorted({*periods.years, *(q.year for q in periods.quarters if q.year is not None)}, reverse=True)
    if not years and periods.dates:
        years = sorted({d.year for d in periods.dates}, reverse=True)
    if not years:
        return tuple(sorted(pool, key=lambda s: _recency(s), reverse=True))
    quarters = {(q.year, q.number) for q in periods.quarters}
    last = years[0]

    def order(source: Source) -> tuple[int, int, int, str]:
        year = fiscal_year(source)
        if year is None:
            return (3, 0, 0, source.id)
        asked_quarter = (year, fiscal_quarter(source)) in quarters
        annual = source.description.kind in ANNUAL
        if quarters:
            group = 0 if asked_quarter else 1 if year in years and annual else 2 if year in years else 3
        else:
            group = 0 if year == last else 1 if last < year <= last + LATER and annual else 2 if year in years else 3
        first = source.description.kind == "earnings release" if releases_first else annual
        return (group, 0 if first else 1, abs(year - last), source.id)

    ranked = sorted(pool, key=order)
    covering = [s for s in ranked if order(s)[0] < 3]
    return tuple(covering or ranked)


def _recency(source: Source) -> tuple[int, str, str]:
    annual = 1 if source.description.kind in ANNUAL else 0
    end = source.description.period.end if source.description.period else source.description.date
    return (annual, end.isoformat() if end else "", source.id)
