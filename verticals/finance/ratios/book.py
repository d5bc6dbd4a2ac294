"""The evidence of one calculation: figures looked up in a Frame, each with its citation, and the facts made of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.evidence import Citation, Fact, FactInput, Value
from verticals.finance.metrics import metric
from verticals.finance.statements.frame import Frame


class Missing(Exception):
    """Inputs that the statements do not give, each worded for the reader ("capital expenditure of FY2019")."""

    def __init__(self, *what: str) -> None:
        self.what = tuple(dict.fromkeys(what))
        super().__init__("; ".join(self.what))


class Book:
    """Numbers citations and facts from `start`, in one numbering; the same Value is cited once.

    `prefer` lists source ids whose figures win over later restatements (the filing of the year asked for); other
    sources stand in where these do not report a figure. Figures restated elsewhere are kept in `restated`.
    """

    def __init__(
        self, frame: Frame, prefer: Sequence[str] = (), start: int = 1, only: Sequence[str] | None = None
    ) -> None:
        self.frame = frame
        self.prefer = tuple(prefer)
        self.only = frozenset(only) if only is not None else None
        self.citations: list[Citation] = []
        self.facts: list[Fact] = []
        self.restated: list[tuple[Value, Value]] = []
        self.absent: list[tuple[str, str]] = []
        """(line, period) counted as none because the statement of that date has no such line."""
        self.partial: list[str] = []
        """Printed labels of depreciation that say nothing of amortization, where both were asked for."""
        self._next = start
        self._cited: dict[tuple[object, ...], int] = {}
        self._facts: dict[tuple[object, ...], Fact] = {}

    def number(self) -> int:
        """The next free number."""
        n, self._next = self._next, self._next + 1
        return n

    def find(self, line: str, year: int, quarter: int | None = None) -> Value | None:
        """The Value of a standard line: of the preferred sources in their order, else of the latest filing."""
        found = [v for v in self.frame.history(line, year, quarter) if _standard(v, line)]
        if self.only is not None:
            found = [v for v in found if v.source_id in self.only]
        if not found:
            return None
        chosen = next((v for s in self.prefer for v in found if v.source_id == s), found[0])
        for other in found:
            if other.value != chosen.value and other.period == chosen.period and not _rounding(chosen, other):
                self.restated.append((chosen, other))
                break
        if line == "depreciation_amortization" and "amort" not in chosen.label.lower() and not chosen.concept:
            self.partial.append(chosen.label)
        return chosen

    def cite(self, value: Value) -> int:
        """The number of the citation that proves `value`, made on first use; figures of one printed row share one."""
        place = value.locator
        key = (value.source_id, place.page, place.element, place.row, value.quote or value.id)
        if key not in self._cited:
            source = self.frame.sources.get(value.source_id)
            described = source.description if source else None
            n = self.number()
            self._cited[key] = n
            self.citations.append(
                Citation(
                    n,
                    source.label if source else value.source_id,
                    value.source_id,
                    described.kind if described else "",
                    described.date.isoformat() if described and described.date else "",
                    value.locator,
                    value.quote or value.printed,
                )
            )
        return self._cited[key]

    def add(
        self,
        name: str,
        value: Decimal,
        unit: str,
        period: str,
        formula: str,
        inputs: Sequence[FactInput],
        definition: str = "",
        display: str = "",
    ) -> Fact:
        """A Fact with the next number; the same calculation twice is one Fact."""
        key = (name, period, formula, tuple(inputs), display)
        if key not in self._facts:
            fact = Fact(
                self.number(), self.frame.entity, name, value, unit, period, formula, tuple(inputs), definition, display
            )
            self._facts[key] = fact
            self.facts.append(fact)
        return self._facts[key]


def period_name(year: int, quarter: int | None = None) -> str:
    """ "FY2022", "Q2 FY2024"."""
    return f"FY{year}" if quarter is None else f"Q{quarter} FY{year}"


def missing_line(frame: Frame, line: str, year: int, quarter: int | None = None) -> str:
    """How the absence of a figure is worded: what, when, and what the filings do cover."""
    label = metric(line).label
    known = sorted({y for v in frame.values(line) if (y := frame.fiscal_year(v.period)) is not None})
    where = f" (the filings give it for {', '.join(f'FY{y}' for y in known)})" if known else ""
    return f"{label} of {period_name(year, quarter)} for {frame.entity}{where}"


def _standard(value: Value, line: str) -> bool:
    """Whether a figure stands for the line: in the line's own statement, or under a tag of the common taxonomy. A
    company's own tag in a note ("cash and all marketable securities") is not the line of that name."""
    from verticals.finance.statements.concepts import lines

    known = lines().get(line)
    own_tag = value.concept is not None and not value.concept.startswith(("us-gaap:", "dei:", "ifrs-full:"))
    return not own_tag or known is None or value.statement == known.statement


def _rounding(a: Value, b: Value) -> bool:
    """Whether two printings of one figure differ by no more than the coarser one's rounding."""
    return abs(a.value - b.value) <= Decimal(1).scaleb(max(a.scale or 0, b.scale or 0))
