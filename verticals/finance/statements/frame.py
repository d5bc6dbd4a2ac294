"""One company's statements as a typed frame: standard line × fiscal period -> the Value that proves it.

    frame = Frame.load(workspace, "filings", "Best Buy")
    frame.fiscal_years()                        # [2019, 2020, ...] that an annual figure exists for
    frame.get("revenue", 2023)                  # Value of the fiscal year; Value.value is unscaled (46298000000)
    frame.get("total_assets", 2023)             # balance at the fiscal year's end
    frame.get("revenue", 2023, quarter=2)       # the quarter alone (three months), never the year to date
    frame.year_to_date("revenue", 2024, 2)      # six months to the end of the second quarter
    frame.history("revenue", 2022)              # the same figure in every filing that reports it, latest filing first

Fiscal years carry the company's own name for them. Where the sources say it (description meta `fiscal_year` beside
the period that it names) that decides between naming by the year of the end and by the year of the start; else the
year of the end. A 52/53-week year that ends in the first days of a January counts to the year before.

Signs are those of the standard lines (`concepts.tsv`): capital_expenditure, dividends_paid, share_repurchases and costs
are positive amounts; income, net cash flows and changes keep their sign. A missing figure is None: nothing is guessed
from other figures here. Values with dimensions (segments, products, members of equity) stay out of `get`; they are
in `values(metric, dimensions=True)`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.evidence import Period, Source, Value
from verticals.finance.statements.concepts import by_tag, lines

if TYPE_CHECKING:
    from core.workspace import Workspace

YEAR_DAYS = range(345, 386)
"""Lengths of a fiscal year in days (52 and 53 weeks, calendar years, a few days of calendar change)."""
QUARTER_DAYS = range(75, 116)
"""Lengths of a fiscal quarter (12 to 16 weeks)."""
_EARLY_JANUARY = timedelta(days=7)
_KIND_ORDER = {"10-K": 3, "20-F": 3, "annual report": 3, "10-Q": 2, "earnings release": 1, "8-K": 0}


def short_name(name: str) -> str:
    """A company's name for comparison: no case, punctuation, legal form or state ("3M Co", "The 3M Company")."""
    plain = re.sub(r"[^a-z0-9& ]", "", name.lower().replace("/de/", "").replace("-", " "))
    plain = re.sub(r"^the ", "", plain)
    legal = (
        r"(inc|incorporated|corp|corporation|co|company|companies|plc|ltd|limited|llc|lp|sa|nv|ag|group|holdings?|the)"
    )
    while (shorter := re.sub(rf"\s+(&\s*)?{legal}$", "", plain).strip()) != plain:
        plain = shorter
    return plain.strip()


def base_year(end: date) -> int:
    """The calendar year that a period ending on `end` belongs to; the first days of January belong to the last."""
    return (end - _EARLY_JANUARY).year


class Frame:
    """The statement values of one entity (see the module's docstring)."""

    def __init__(self, entity: str, values: Iterable[Value], sources: Iterable[Source] = ()) -> None:
        self.entity = entity
        self.sources: dict[str, Source] = {s.id: s for s in sources}
        self._values: dict[str, list[Value]] = {}
        for value in values:
            self._values.setdefault(value.metric, []).append(value)
        self._year_ends = self._find_year_ends()
        self._end_months = Counter((end - _EARLY_JANUARY).month for end in self._year_ends)
        self._offset = 0
        self._offset = self._find_offset()

    @staticmethod
    def load(workspace: Workspace, collection: str, entity: str) -> Frame:
        """The frame of `entity` (its shown name, legal name, an alias or a ticker) over all sources of a collection."""
        wanted = {short_name(entity)}
        sources: list[Source] = []
        while True:  # a registrant renamed over the years is one company where an alias or the ticker says so
            found = [s for s in workspace.catalog.sources(collection) if s.entity == entity or _names(s) & wanted]
            wanted |= {n for s in found for n in _names(s)}
            if len(found) == len(sources):
                break
            sources = found
        if not sources:
            return Frame(entity, ())
        values = workspace.catalog.values(collection, source_ids=tuple(s.id for s in sources))
        return Frame(sources[0].entity, values, sources)

    # --- fiscal calendar ------------------------------------------------------------------------------------
    def _find_year_ends(self) -> set[date]:
        ends = {
            v.period.end
            for group in self._values.values()
            for v in group
            if v.period.start and v.period.days in YEAR_DAYS
        }
        ends |= {
            s.description.period.end
            for s in self.sources.values()
            if s.description.period and s.description.period.days in YEAR_DAYS
        }
        months = Counter((end - _EARLY_JANUARY).month for end in ends)
        if len(months) > 1:  # trailing-twelve-month columns of a 10-Q are years too, but not fiscal ones
            known = {
                int(m) for s in self.sources.values() if (m := _month(s.description.meta.get("fiscal_year_end", "")))
            }
            keep = known or {months.most_common(1)[0][0]}
            near = {m for k in keep for m in (k, k % 12 + 1, (k - 2) % 12 + 1)}
            ends = {end for end in ends if (end - _EARLY_JANUARY).month in near}
        return ends

    def _find_offset(self) -> int:
        """Company's name of a fiscal year minus the calendar year in which it ends (by `base_year`)."""
        offsets: Counter[int] = Counter()
        for source in self.sources.values():
            period, year = source.description.period, source.description.meta.get("fiscal_year", "")
            if period and year.isdigit() and source.description.kind != "8-K":
                by_end = self.fiscal_year(period)
                if by_end is not None and (offset := int(year) - by_end) in (-1, 0, 1):
                    offsets[offset] += 1
        return offsets.most_common(1)[0][0] if offsets else 0

    def fiscal_year_end_month(self) -> int | None:
        """Month (1 to 12) in which the company's fiscal year ends; None where no source says."""
        if self._end_months:
            return self._end_months.most_common(1)[0][0]
        for source in self.sources.values():
            if month := _month(source.description.meta.get("fiscal_year_end", "")):
                return month
        return None

    def fiscal_year(self, period: Period) -> int | None:
        """The fiscal year, by the company's own naming, in which `period` ends; None where the calendar is unknown.

        For a quarter or an instant inside a year this is the year that it belongs to.
        """
        month = self.fiscal_year_end_month()
        if month is None:
            return None
        end = period.end - _EARLY_JANUARY
        return end.year + (1 if end.month > month else 0) + self._offset

    def quarter(self, period: Period) -> int | None:
        """The fiscal quarter (1 to 4) that `period` ends with; None where the calendar is unknown."""
        month = self.fiscal_year_end_month()
        if month is None:
            return None
        past = ((period.end - _EARLY_JANUARY).month - month - 1) % 12 + 1  # months since the year's end, 1 to 12
        return (past - 1) // 3 + 1

    def fiscal_years(self) -> list[int]:
        """Fiscal years for which a figure of the whole year, or a balance at its end, is known; ascending."""
        years = {self.fiscal_year(v.period) for group in self._values.values() for v in group if self._is_annual(v)}
        return sorted(y for y in years if y is not None)

    def _is_annual(self, value: Value) -> bool:
        if value.period.start:
            return value.period.days in YEAR_DAYS and value.period.end in self._year_ends
        return self._is_year_end(value.period.end)

    def _is_year_end(self, day: date) -> bool:
        if any(abs((day - end).days) <= 3 for end in self._year_ends):
            return True
        month = self.fiscal_year_end_month()
        return month is not None and (day - _EARLY_JANUARY).month == month and self.quarter(Period(day)) == 4

    # --- figures --------------------------------------------------------------------------------------------
    def metrics(self) -> set[str]:
        """Standard lines (and slugs of other rows) that the frame has any undimensioned value of."""
        return {m for m, group in self._values.items() if m and any(not v.dimensions for v in group)}

    def values(self, metric: str, dimensions: bool = False) -> list[Value]:
        """All values of a metric, latest period first; those with dimensions only where asked for."""
        found = [v for v in self._values.get(metric, ()) if dimensions or not v.dimensions]
        return sorted(found, key=lambda v: (v.period.end, self._preference(v)), reverse=True)

    def get(self, metric: str, year: int, quarter: int | None = None) -> Value | None:
        """The latest filing's figure of a fiscal year (a balance: at its end) or of a quarter alone; else None."""
        found = self.history(metric, year, quarter)
        return found[0] if found else None

    def history(self, metric: str, year: int, quarter: int | None = None) -> list[Value]:
        """The figure as each source reports it: one Value a source, latest filing first (restatements show here)."""
        found = [
            v
            for v in self._values.get(metric, ())
            if not v.dimensions and self._fits(v, quarter) and self.fiscal_year(v.period) == year
        ]
        return self._one_a_source(found)

    def year_to_date(self, metric: str, year: int, quarter: int) -> Value | None:
        """The flow from the fiscal year's start to the end of its `quarter` (for the first, the quarter itself)."""
        days = range(91 * quarter - 16 * min(quarter, 2), 91 * quarter + 26)
        found = [
            v
            for v in self._values.get(metric, ())
            if not v.dimensions
            and v.period.start
            and v.period.days in days
            and self.fiscal_year(v.period) == year
            and self.quarter(v.period) == quarter
        ]
        return next(iter(self._one_a_source(found)), None)

    def _fits(self, value: Value, quarter: int | None) -> bool:
        if quarter is None:
            return self._is_annual(value)
        if self.quarter(value.period) != quarter:
            return False
        return not value.period.start or value.period.days in QUARTER_DAYS

    def _one_a_source(self, found: Sequence[Value]) -> list[Value]:
        best: dict[str, Value] = {}
        for value in found:
            held = best.get(value.source_id)
            if held is None or self._within(value) > self._within(held):
                best[value.source_id] = value
        return sorted(best.values(), key=self._preference, reverse=True)

    def _within(self, value: Value) -> tuple[int, int, int]:
        """Which of two values of one source is meant: its home statement's, the surer tag's, the more exact one."""
        line = lines().get(value.metric)
        home = int(bool(line) and value.statement == (line.statement if line else ""))
        rank = next((m.rank for m in by_tag(value.concept or "") if m.line.name == value.metric), 0)
        return (home, -rank, -(value.scale or 0))

    def _preference(self, value: Value) -> tuple[date, int, date]:
        source = self.sources.get(value.source_id)
        if source is None:
            return (date.min, 0, value.period.end)
        described = source.description
        end = described.period.end if described.period else date.min
        return (described.date or end, _KIND_ORDER.get(described.kind, 0), end)


def _names(source: Source) -> set[str]:
    return {short_name(n) for n in (source.entity, *source.description.aliases) if n} - {""}


def _month(text: str) -> int | None:
    """The month of "--12-31", "12-31", "0131" or "December 31"; None where there is none."""
    if found := re.match(r"-{0,2}(\d{2})-?\d{2}$", text.strip()):
        month = int(found.group(1))
        return month if 1 <= month <= 12 else None
    names = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    start = text.strip().lower()[:3]
    return names.index(start) + 1 if start in names else None
