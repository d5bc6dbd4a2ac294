"""Made-up companies for the tests of ratios and planner: round figures, so that expected values are done by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.evidence import Description, Locator, Period, Source, Value
from verticals.finance.statements.concepts import lines
from verticals.finance.statements.frame import Frame

MILLION = 1_000_000
LATHE: Mapping[str, Sequence[float]] = {
    # FY2020, FY2021, FY2022, in millions
    "revenue": (800, 1000, 1200),
    "cost_of_revenue": (480, 600, 720),
    "research_and_development": (40, 50, 72),
    "selling_general_administrative": (120, 150, 168),
    "operating_income": (160, 200, 240),
    "interest_expense": (20, 20, 24),
    "income_before_tax": (140, 180, 216),
    "income_tax_expense": (28, 45, 54),
    "net_income": (112, 135, 162),
    "cash_and_equivalents": (50, 60, 90),
    "short_term_investments": (10, 20, 30),
    "accounts_receivable": (80, 100, 140),
    "inventories": (60, 80, 100),
    "current_assets": (220, 300, 400),
    "ppe_net": (300, 350, 450),
    "total_assets": (700, 800, 1000),
    "accounts_payable": (60, 70, 90),
    "short_term_debt": (10, 20, 20),
    "current_portion_long_term_debt": (5, 10, 10),
    "current_liabilities": (150, 200, 250),
    "long_term_debt": (200, 220, 270),
    "total_equity": (300, 320, 400),
    "shareholders_equity": (300, 320, 400),
    "operating_cash_flow": (150, 180, 216),
    "capital_expenditure": (50, 60, 84),
    "investing_cash_flow": (-60, -80, -100),
    "financing_cash_flow": (-70, -90, -86),
    "depreciation_amortization": (40, 50, 60),
    "dividends_paid": (28, 27, 81),
}
"""A manufacturer whose year is the calendar year."""


def value(entity: str, line: str, year: int, amount: float, source: str = "filing", unit: str = "USD") -> Value:
    """A Value as a reader would have made it from a table in millions."""
    known = lines()[line]
    flow = known.statement in ("income_statement", "cash_flow")
    period = Period(date(year, 12, 31), date(year, 1, 1) if flow else None)
    printed = f"{amount:,}"
    return Value(
        f"{source}/{line}/{year}", source, entity, line, known.label, period, Decimal(str(amount)) * MILLION, unit,
        printed, Locator(page=1), 6, statement=known.statement, quote=f"{known.label}\t{printed}",
    )  # fmt: skip


def source(entity: str, name: str = "filing", year: int = 2022, kind: str = "10-K", **more: str) -> Source:
    """A described filing of a calendar year."""
    period = Period(date(year, 12, 31), date(year, 1, 1))
    aliases = tuple(more.pop("aliases", "").split("|")) if "aliases" in more else ()
    described = Description(
        entity,
        kind,
        f"{entity} {kind} {year}",
        period,
        date(year + 1, 2, 1),
        aliases,
        {"fiscal_year": str(year), **more},
    )
    return Source(name, f"{name}.pdf", f"/{name}.pdf", "c", "application/pdf", 1, "en", described)


def frame(
    entity: str = "Lathe Works",
    figures: Mapping[str, Sequence[float]] = LATHE,
    name: str = "filing",
    unit: str = "USD",
    first: int = 2020,
) -> Frame:
    """A company with three years of statements in one filing."""
    values = [
        value(entity, line, first + i, amount, name, unit)
        for line, row in figures.items()
        for i, amount in enumerate(row)
    ]
    return Frame(entity, values, [source(entity, name)])
