"""The columns of a statement as periods: printed heads ("Three Months Ended July 29, 2023", "2018") to dates.

Where a head prints only a year, the month and day come from the caption, else from the document's own period end;
a fiscal year of 52 or 53 weeks starts the day after the year before it ended, where a neighbouring column says when.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.evidence import Description, Document, Period
from verticals.finance.describe import MONTH_DAY, dates_in, week_start

_YEAR = re.compile(r"(?<![\d,.$/])(?:fy\s*)?['\u2019]?((?:19|20)\d\d)(?![\d,%])", re.I)
_SPAN = re.compile(
    r"\b(?:(?P<count>three|six|nine|twelve|3|6|9|12)[- ]months?|(?P<weeks>\d\d|thirteen|fourteen|twenty[- ]six|"
    r"twenty[- ]seven|thirty[- ]nine|forty|fifty[- ](?:two|three))[- ]weeks?|(?P<quarter>quarter(?:ly)?(?: period)?s?)|"
    r"(?P<half>half[- ]year|first half)|(?P<year>(?:fiscal )?years?(?:[- ]to[- ]date)?|annual))\b",
    re.I,
)
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "3": 3, "6": 6, "9": 9, "12": 12}
_WEEKS = {"thirteen": 3, "fourteen": 3, "twenty six": 6, "twenty seven": 6, "thirty nine": 9, "forty": 9}
_WEEKS |= {"fifty two": 12, "fifty three": 12}
_NOT_A_PERIOD = re.compile(
    r"change|variance|increase|decrease|%|\bnotes?\b|\bvs\.?\b|versus|target|pro forma|adjust", re.I
)


@dataclass(frozen=True, slots=True)
class Column:
    """A value column: its position in the grid, its end and, for flows, the months that it covers."""

    index: int
    end: date
    months: int | None
    head: str


class Calendar:
    """The document's dates: its period end and the full dates that its text mentions, for heads that print years."""

    def __init__(self, document: Document, description: Description) -> None:
        self.end = description.period.end if description.period else None
        self.kind = description.kind
        self.quarter = description.meta.get("fiscal_period", "")
        year = description.meta.get("fiscal_year", "")
        self.fiscal_year = int(year) if year.isdigit() else None
        month_day = description.meta.get("fiscal_year_end", "")
        self.year_end = (int(month_day[:2]), int(month_day[3:])) if re.fullmatch(r"\d\d-\d\d", month_day) else None
        self.mentioned: Counter[date] = Counter()
        for block in document.blocks:
            self.mentioned.update(dates_in(block.text))

    def near(self, day: date, within: int = 8) -> date:
        """The date that the document mentions most within some days of `day`; `day` itself where it mentions none."""
        found = [(n, d) for d, n in self.mentioned.items() if abs((d - day).days) <= within]
        exact = self.mentioned.get(day, 0)
        best = max(found, default=(0, day))
        return day if exact and exact >= best[0] / 4 else best[1]

    def year_end_of(self, year: int) -> date | None:
        """The end of the fiscal year called `year` by the document (its own name for its years)."""
        if self.year_end is None:
            return date(year, 12, 31) if self.end is None else None
        if self.end and self.fiscal_year:
            annual = self.quarter in ("", "FY") and self.kind != "8-K"
            if annual:
                return self._shift(self.end, year - self.fiscal_year)
            month, day = self.year_end
            # The year that a quarter belongs to ends at the next year end.
            next_end = _safe(self.end.year, month, day)
            if next_end < self.end - timedelta(days=7):
                next_end = _safe(self.end.year + 1, month, day)
            return self._shift(next_end, year - self.fiscal_year)
        return self._shift(_safe(year, *self.year_end), 0)

    def _shift(self, end: date, years: int) -> date:
        if years == 0:
            return self.near(end) if self.end != end else end
        last = (end + timedelta(days=1)).day == 1
        moved = _safe(end.year + years, end.month, end.day)
        if last:
            first = moved.replace(day=1)
            moved = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return self.near(moved)


def columns_of(heads: Sequence[tuple[int, str]], caption: str, calendar: Calendar, flow: bool) -> list[Column]:
    """The period columns among `heads` (grid column, its head's words); others (a change, a note) are left out.

    `flow`: whether the statement reports flows (then months are given) or balances.
    """
    found = []
    caption_day = MONTH_DAY.search(caption)
    caption_span = months_in(caption) if flow else None
    for index, head in heads:
        days = dates_in(head)
        years = [int(y) for y in _YEAR.findall(head)]
        if not days and not years:
            continue
        if _NOT_A_PERIOD.search(re.sub(r"\([^)]*\)", "", head)) and not days:
            continue
        if days:
            end = days[-1]
        else:
            own = MONTH_DAY.search(head)
            end_or_none = _end_of(years[-1], own or caption_day, head, calendar)
            if end_or_none is None:
                continue
            end = end_or_none
        months = None
        if flow:
            months = months_in(head) or caption_span or _default_months(calendar)
        found.append(Column(index, end, months, " ".join(head.split())))
    return found


def _end_of(year: int, month_day: re.Match[str] | None, head: str, calendar: Calendar) -> date | None:
    if month_day and not re.search(r"\bfiscal\b|\bfy\b", head, re.I):
        from verticals.finance.describe import month_number

        day = _safe(year, month_number(month_day["month"]), int(month_day["day"]))
        return calendar.near(day, 3) if calendar.mentioned.get(day, 0) == 0 else day
    return calendar.year_end_of(year)


def months_in(words: str) -> int | None:
    """Months that a head's words cover ("Three Months Ended" 3, "52 weeks" 12, "Years ended" 12), or None."""
    spans = []
    for m in _SPAN.finditer(words):
        if m["count"]:
            spans.append(_COUNTS[m["count"].lower()])
        elif m["weeks"]:
            weeks = m["weeks"].lower().replace("-", " ")
            spans.append(_WEEKS.get(weeks) or (round(int(weeks) / 13) * 3 if weeks.isdigit() else 12))
        elif m["quarter"]:
            spans.append(3)
        elif m["half"]:
            spans.append(6)
        elif m["year"]:
            spans.append(12)
    return spans[0] if spans else None


def _default_months(calendar: Calendar) -> int:
    return {"Q1": 3, "Q2": 6, "Q3": 9}.get(calendar.quarter, 12)


def periods_of(columns: Sequence[Column], flow: bool) -> list[Period]:
    """The period of each column; a year starts the day after the one before it where another column ends there."""
    if not flow:
        return [Period(c.end) for c in columns]
    out = []
    for column in columns:
        months = column.months or 12
        before = [
            c.end
            for c in columns
            if months == 12 and c.months == months and timedelta(355) <= column.end - c.end <= timedelta(375)
        ]
        start = before[0] + timedelta(days=1) if before else week_start(column.end, months)
        out.append(Period(column.end, start))
    # The earliest 52/53-week year has no neighbour; its length stays that of 52 weeks.
    return out


def _safe(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)
