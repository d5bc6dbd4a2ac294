"""Do a filing's own totals tie out? Accounting identities over the Values of one source, by period.

Each check names the figures that it compares and allows for their printed rounding: half a unit of the last printed
place for each figure on both sides. A check whose figures are not all there is not made, never passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from core.evidence import Period, Value
from core.reading.numbers import parse_number
from verticals.finance.statements.concepts import lines


@dataclass(frozen=True, slots=True)
class Check:
    """One identity at one period: what should be equal, by how much it is off, and what rounding allows."""

    name: str
    formula: str
    period: Period
    left: Decimal
    right: Decimal
    tolerance: Decimal
    values: tuple[Value, ...]

    @property
    def difference(self) -> Decimal:
        return self.left - self.right

    @property
    def holds(self) -> bool:
        return abs(self.difference) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Identity:
    """left = sum of right; terms prefixed "-" are subtracted, "?" are taken as zero where not reported."""

    name: str
    left: str
    right: tuple[str, ...]
    forbidden: tuple[str, ...] = ()
    """Lines that, where reported, make this identity another one."""


IDENTITIES = (
    Identity("balance sheet balances", "total_assets", ("total_liabilities_and_equity",)),
    Identity(
        "liabilities and equity",
        "total_liabilities_and_equity",
        ("total_liabilities", "total_equity", "?redeemable_noncontrolling_interest"),
    ),
    Identity("assets by term", "total_assets", ("current_assets", "noncurrent_assets")),
    Identity("liabilities by term", "total_liabilities", ("current_liabilities", "noncurrent_liabilities")),
    Identity("equity and noncontrolling interests", "total_equity", ("shareholders_equity", "noncontrolling_interest")),
    Identity("gross profit", "gross_profit", ("revenue", "-cost_of_revenue")),
    Identity(
        "net income by owner",
        "net_income_including_noncontrolling",
        ("net_income", "net_income_noncontrolling"),
        ("preferred_dividends",),
    ),
    Identity(
        "cash flow reconciles",
        "change_in_cash",
        (
            *("operating_cash_flow", "investing_cash_flow", "financing_cash_flow", "?effect_of_exchange_rates"),
            *("?discontinued_cash_flow", "?cash_held_for_sale_change"),
        ),
    ),
)


def check(values: Iterable[Value]) -> list[Check]:
    """All identities that the undimensioned values of one source allow, in the order of `IDENTITIES` by period."""
    held = list(values)
    table = _by_period(held)
    found = [c for identity in IDENTITIES for period in table for c in _apply(identity, period, table[period])]
    found = [_with_rows_between(c, held) if c.name == "gross profit" and not c.holds else c for c in found]
    return found + _tax(table) + _cash(table) + _net_income(table)


def _by_period(values: Iterable[Value]) -> dict[Period, dict[str, Value]]:
    table: dict[Period, dict[str, Value]] = {}
    for value in values:
        line = lines().get(value.metric)
        if line is None or value.dimensions:
            continue
        row = table.setdefault(value.period, {})
        # A line's own statement is asked before others that repeat it.
        if value.metric not in row or (value.statement == line.statement != row[value.metric].statement):
            row[value.metric] = value
    return dict(sorted(table.items(), key=lambda item: (item[0].end, item[0].days), reverse=True))


def _apply(identity: Identity, period: Period, row: Mapping[str, Value]) -> list[Check]:
    if identity.left not in row or any(f in row for f in identity.forbidden):
        return []
    total = Decimal(0)
    used = [row[identity.left]]
    for term in identity.right:
        name = term.lstrip("-?")
        if name not in row:
            if term.startswith("?"):
                continue
            return []
        used.append(row[name])
        total += -row[name].value if term.startswith("-") else row[name].value
    formula = f"{identity.left} = " + " + ".join(t.lstrip("?") for t in identity.right).replace("+ -", "- ")
    return [_check(identity.name, formula, period, row[identity.left].value, total, used)]


def _with_rows_between(gross: Check, values: list[Value]) -> Check:
    """The same check with further costs that stand between cost of revenue and gross profit taken into account."""
    profit, _, cost = gross.values[0], gross.values[1], gross.values[2]
    low, high = cost.locator.row, profit.locator.row
    if low is None or high is None or cost.statement != profit.statement:
        return gross
    between = [
        v
        for v in values
        if v.period == gross.period and v.statement == profit.statement and v.locator.row and low < v.locator.row < high
    ]
    if not between:
        return gross
    right = gross.right - sum((v.value for v in between), Decimal(0))
    return _check(gross.name, gross.formula, gross.period, gross.left, right, [*gross.values, *between])


def _check(name: str, formula: str, period: Period, left: Decimal, right: Decimal, used: list[Value]) -> Check:
    # Rounded parts and a rounded total: at least one unit of the last place is allowed.
    tolerance = sum((rounding(v) for v in used), Decimal(0))
    return Check(name, formula, period, left, right, tolerance, tuple(used))


def rounding(value: Value) -> Decimal:
    """Half a unit of the last place that the value prints."""
    number = parse_number(value.printed)
    places = number.places if number else 0
    return Decimal(5) * Decimal(10) ** ((value.scale or 0) - places - 1)


def _tax(table: Mapping[Period, Mapping[str, Value]]) -> list[Check]:
    """Income before tax - tax = income after it; equity-method and discontinued results may stand between."""
    found = []
    for period, row in table.items():
        if not {"income_before_tax", "income_tax_expense"} <= row.keys():
            continue
        names = ("income_continuing_operations", "net_income_including_noncontrolling", "net_income")
        after = next((row[n] for n in names if n in row), None)
        if after is None:
            continue
        used = [row["income_before_tax"], row["income_tax_expense"], after]
        result = used[0].value - used[1].value
        between = [row[n] for n in ("equity_method_income", "income_discontinued_operations") if n in row]
        if after.metric == "net_income" and "net_income_noncontrolling" in row:
            between.append(row["net_income_noncontrolling"])
        choices = _sums(result, between)
        best = min(choices, key=lambda c: abs(c - after.value))
        formula = "income before tax - income tax (± equity-method and discontinued results) = income after tax"
        found.append(_check("income after tax", formula, period, best, after.value, used + between))
    return found


def _sums(start: Decimal, terms: list[Value]) -> list[Decimal]:
    choices = [start]
    for term in terms:
        choices += [c + s * term.value for c in choices for s in (1, -1)]
    return choices


def _cash(table: Mapping[Period, Mapping[str, Value]]) -> list[Check]:
    found = []
    for period, row in table.items():
        if period.start is None or "change_in_cash" not in row:
            continue
        begin = table.get(Period(period.start - timedelta(days=1)), {}).get("cash_beginning")
        end = table.get(Period(period.end), {}).get("cash_end")
        if begin is None or end is None:
            continue
        used = [end, begin, row["change_in_cash"]]
        used += [v for v in [table[Period(begin.period.end)].get("cash_beginning_held_for_sale")] if v]
        formula = "cash at end = cash at beginning + change in cash"
        total = sum((v.value for v in used[1:]), Decimal(0))
        found.append(_check("cash rolls forward", formula, period, end.value, total, used))
    return found


def _net_income(table: Mapping[Period, Mapping[str, Value]]) -> list[Check]:
    """The cash flow starts from the income statement's result."""
    found = []
    for period, row in table.items():
        start = row.get("net_income_cash_flow")
        results = [
            row[n]
            for n in ("net_income_including_noncontrolling", "net_income", "income_continuing_operations")
            if n in row
        ]
        if start is None or not results:
            continue
        best = min(results, key=lambda v: abs(v.value - start.value))
        formula = "result in the cash flow statement = result in the income statement"
        found.append(
            _check("cash flow starts from the result", formula, period, start.value, best.value, [start, best])
        )
    return found
