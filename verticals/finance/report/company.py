"""One company of the report: its frame, its book, the years that are shown and how its amounts are printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from core.evidence import Fact
from verticals.finance.formatting import rounded
from verticals.finance.metrics import metric
from verticals.finance.ratios.evaluate import says_little
from verticals.finance.report.evidence import Evidence, SharedBook, label_of
from verticals.finance.report.parts import Ref, Row
from verticals.finance.statements.frame import Frame

SHOWN = 5
"""Fiscal years in a table, at most."""


@dataclass(frozen=True, slots=True)
class Company:
    """What the sections draw from."""

    frame: Frame
    book: SharedBook
    evidence: Evidence
    years: tuple[int, ...]
    """Fiscal years with an income statement, ascending, the last `SHOWN`."""

    @property
    def name(self) -> str:
        return self.frame.entity

    @property
    def year(self) -> int:
        return self.years[-1]

    @property
    def currency(self) -> str:
        """The currency of the statements."""
        for line in ("revenue", "net_income", "total_assets"):
            for value in self.frame.values(line):
                return value.unit
        return "USD"

    def fact(self, name: str, year: int | None = None, wanted: bool = False) -> Fact | None:
        """A metric of a year (the last by default), None where it cannot be computed or says little here."""
        if says_little(self.frame, metric(name)):
            return None
        return self.evidence.figure(self.book, name, year if year is not None else self.year, wanted)

    def growth(self, name: str, year: int | None = None) -> Fact | None:
        """Growth on the year before."""
        return self.evidence.growth(self.book, name, year if year is not None else self.year)

    def scale(self) -> int:
        """Power of ten of the amounts in tables: millions, or thousands for a company of less than ten million."""
        sizes = [abs(v.value) for line in ("revenue", "total_assets") if (v := self.frame.get(line, self.year))]
        return 6 if not sizes or max(sizes) >= 10_000_000 else 3


def open_company(evidence: Evidence, frame: Frame) -> Company:
    """The company of a frame; `years` is empty where the frame has no income statement."""
    wanted = ("revenue", "net_income", "net_income_including_noncontrolling", "operating_income")
    years = [y for y in frame.fiscal_years() if any(frame.get(m, y) for m in wanted)]
    return Company(frame, evidence.open(frame), evidence, tuple(years[-SHOWN:]))


@dataclass(frozen=True, slots=True)
class Spec:
    """A row of `rows.tsv`."""

    metric: str
    form: str
    wanted: bool


@cache
def rows(section: str) -> tuple[Spec, ...]:
    """The rows that a section's table has."""
    lines = (Path(__file__).parent / "rows.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return tuple(Spec(name, form, wanted == "yes") for of, name, form, wanted in cells if of == section)


@cache
def threshold(name: str) -> Decimal:
    """A value of `thresholds.tsv`."""
    lines = (Path(__file__).parent / "thresholds.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {row[0]: Decimal(row[1]) for row in (line.split("\t") for line in lines)}[name]


def cell(fact: Fact | None, scale: int) -> Ref | None:
    """A figure as a table cell: amounts in the table's unit, without currency."""
    if fact is None:
        return None
    if fact.unit in ("ratio", "days", "pure"):
        return Ref(fact.n, minus(fact.display.replace(" days", "")))
    if fact.unit == "times" or "/" in fact.unit:
        return Ref(fact.n, minus(f"{rounded(fact.value, 2):,.2f}"))
    value = fact.value.scaleb(-scale)
    decimals = 0 if abs(value) >= 10_000 or value == value.to_integral_value() else 1
    return Ref(fact.n, minus(f"{rounded(value, decimals):,.{decimals}f}"), scale)


def minus(text: str) -> str:
    """The text with a typographic minus sign."""
    return text.replace("-", "−")


def table_rows(company: Company, section: str, years: tuple[int, ...] | None = None) -> tuple[Row, ...]:
    """The rows of a section over the company's years; rows without any figure are left out."""
    scale = company.scale()
    found = []
    for spec in rows(section):
        if spec.form == "growth":
            label, facts = (
                f"{label_of(spec.metric)} growth",
                [company.growth(spec.metric, y) for y in years or company.years],
            )
        else:
            label = label_of(spec.metric)
            facts = [company.fact(spec.metric, y, spec.wanted) for y in years or company.years]
        cells = tuple(cell(f, scale) for f in facts)
        if any(cells):
            found.append(Row(label + _unit(facts), cells, {"growth": "ratio"}.get(spec.form, spec.form)))
    return tuple(found)


def _unit(facts: list[Fact | None]) -> str:
    """What a row says of its own unit, where the table's unit line does not hold for it."""
    unit = next((f.unit for f in facts if f), "")
    if unit == "days":
        return " (days)"
    return f" ({unit.split('/')[0]})" if "/" in unit else ""
