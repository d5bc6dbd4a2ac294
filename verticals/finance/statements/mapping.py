"""Rows of one statement to standard lines: each line its best row, each row its best line, signs as the line means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from verticals.finance.statements.concepts import Line, lines, match, plain_label
from verticals.finance.statements.grid import Row

_GENERIC = re.compile(
    r"(?:total|other|others|products?|services?|basic|diluted|net|other net|current|noncurrent|domestic|foreign|"
    r"licenses?|subscriptions?|equipment|interest|taxes|maintenance)"
)
_COMPONENTS = {"cost_of_revenue", "revenue"}
"""Lines whose parts can carry the same words ("Cost of products", "Cost of services"): no part stands for the whole."""
_NONCURRENT = {
    *("long_term_debt", "operating_lease_liabilities_noncurrent", "finance_lease_liabilities_noncurrent"),
    *("deferred_revenue_noncurrent", "other_liabilities", "other_assets", "long_term_investments", "ppe_net"),
    *("goodwill", "long_term_income_taxes"),
}
_CURRENT = {
    *("short_term_investments", "other_current_assets", "prepaid_and_other_current_assets", "prepaid_expenses"),
    *("short_term_debt", "current_portion_long_term_debt", "operating_lease_liabilities_current"),
    *("finance_lease_liabilities_current", "deferred_revenue", "other_current_liabilities", "accrued_income_taxes"),
    *("accounts_payable", "accounts_receivable"),
}
"""Lines of the one part of a classified balance sheet, which a row of the other cannot be whatever its label."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A row with its metric, the unit of its numbers and the sign that they take."""

    row: Row
    metric: str
    line: Line | None
    unit: str
    turn: bool
    magnitude: bool
    negative: bool = False
    """A lone "loss", "used" or "decrease" in the label: a positive print is a negative amount."""

    def sign_of(self, value: Decimal) -> int:
        if self.magnitude:
            return -1 if value < 0 else 1
        if self.negative:
            return -1 if value > 0 else 1
        return -1 if self.turn else 1


def assign(kind: str, rows: Sequence[Row]) -> list[Mapped]:
    """The rows of a statement with their metrics; a row may serve two lines (basic and diluted; total equity)."""
    sections = _balance_sections(rows) if kind == "balance_sheet" else [""] * len(rows)
    wanted: list[tuple[int, int, int, Line]] = []
    for position, row in enumerate(rows):
        if not row.numbers:
            continue
        best: dict[str, tuple[int, Line]] = {}
        for section in (row.section, sections[position]):
            for m in match(row.label, kind, section):
                if not _plausible(m.line, row) or _misplaced(m.line, sections[position]):
                    continue
                if m.line.name not in best or m.rank < best[m.line.name][0]:
                    best[m.line.name] = (m.rank, m.line)
        for order, (rank, line) in enumerate(sorted(best.values(), key=lambda b: b[0])):
            wanted.append((rank, order, position, line))
    line_of: dict[int, list[Line]] = {}
    taken: set[str] = set()
    for rank, _, position, line in sorted(wanted, key=lambda w: (w[0], w[1], w[2])):
        if line.name in taken:
            continue
        if position in line_of and not _also(line_of[position], line, rows[position]):
            continue
        if line.name in _COMPONENTS and _is_one_of_parts(wanted, rank, position, line, rows):
            continue
        line_of.setdefault(position, []).append(line)
        taken.add(line.name)
    _complete_equity(kind, line_of, taken)
    _complete_costs(rows, line_of, taken)
    costs_negative = _costs_printed_negative(rows, line_of)
    out: list[Mapped] = []
    used: dict[str, int] = {}
    for position, row in enumerate(rows):
        for line in line_of.get(position, []):
            out.append(_signed(row, line, costs_negative, rows, line_of))
        if position not in line_of and row.numbers:
            slug = _slug(row, used)
            if slug:
                out.append(Mapped(row, slug, None, _guess_unit(row), False, False))
    return out


def _also(held: Sequence[Line], line: Line, row: Row) -> bool:
    """Whether a row that already serves a line may serve another."""
    names = {h.name for h in held} | {line.name}
    both = bool(re.search(r"basic and (?:fully )?diluted", plain_label(row.label)))
    if both and (names <= {"eps_basic", "eps_diluted"} or names <= {"shares_basic", "shares_diluted"}):
        return True
    if names <= {"net_income", "net_income_common"}:  # "attributable to common shareholders" where no other row is it
        return True
    return names <= {"shareholders_equity", "total_equity"} and not re.search(
        r"(?:and|including) (?:noncontrolling|minority)", plain_label(row.label)
    )


def _complete_equity(kind: str, line_of: dict[int, list[Line]], taken: set[str]) -> None:
    """Without noncontrolling interests, the one total of equity is the shareholders' too."""
    if kind != "balance_sheet" or "noncontrolling_interest" in taken or "shareholders_equity" in taken:
        return
    for held in line_of.values():
        if any(line.name == "total_equity" for line in held):
            held.append(lines()["shareholders_equity"])


_AFTER_COSTS = {
    "selling_general_administrative",
    "general_administrative",
    "research_and_development",
    "operating_income",
}


def _complete_costs(rows: Sequence[Row], line_of: dict[int, list[Line]], taken: set[str]) -> None:
    """Costs of sales printed in parts: the total before the operating expenses is theirs, and a row without a label
    that is revenue less that total is the gross profit."""
    where = {line.name: position for position, held in line_of.items() for line in held}
    if "cost_of_revenue" not in taken and "total_costs_and_expenses" in where:
        total = where["total_costs_and_expenses"]
        parts = [i for i, row in enumerate(rows[:total]) if re.match(r"costs? of ", plain_label(row.label))]
        if parts and all(where[name] > total for name in _AFTER_COSTS if name in where):
            line_of[total].append(lines()["cost_of_revenue"])
            where["cost_of_revenue"] = total
    if "gross_profit" in taken or not {"revenue", "cost_of_revenue"} <= where.keys():
        return
    revenue, cost = (rows[where[name]].numbers for name in ("revenue", "cost_of_revenue"))
    for position, row in enumerate(rows[where["cost_of_revenue"] + 1 :], where["cost_of_revenue"] + 1):
        if row.label or not row.numbers or position in line_of:
            continue
        if all(
            i in revenue and i in cost and n.value == revenue[i][1].value - abs(cost[i][1].value)
            for i, (_, n) in row.numbers.items()
        ):
            line_of[position] = [lines()["gross_profit"]]
            return


def _plausible(line: Line, row: Row) -> bool:
    numbers = [n for _, n in row.numbers.values()]
    if line.unit == "per_share":
        return all((abs(n.value) < 100_000 and n.places > 0) or abs(n.value) < 10 for n in numbers)
    if line.unit == "shares":
        return all(abs(n.value) >= 5 and n.unit == "" for n in numbers)
    if line.unit == "ratio":
        return any(n.unit == "%" or n.places for n in numbers)
    return not all(n.unit == "%" for n in numbers)


def _misplaced(line: Line, section: str) -> bool:
    """Whether a row of this part of the balance sheet ("Long-term debt" under current liabilities) is not this line."""
    if section.startswith("current"):
        return line.name in _NONCURRENT
    return section.startswith("noncurrent") and line.name in _CURRENT


def _is_one_of_parts(
    wanted: Sequence[tuple[int, int, int, Line]], rank: int, position: int, line: Line, rows: Sequence[Row]
) -> bool:
    """Whether other rows match the line just as well, with other numbers: then none of them is the total."""
    mine = {i: n.value for i, (_, n) in rows[position].numbers.items()}
    for other_rank, _, other, other_line in wanted:
        if other != position and other_line.name == line.name and other_rank == rank:
            theirs = {i: n.value for i, (_, n) in rows[other].numbers.items()}
            if theirs != mine:
                return True
    return False


def _balance_sections(rows: Sequence[Row]) -> list[str]:
    """Where each row of a classified balance sheet stands, from its totals: the printed headers are often missing."""
    plain = [plain_label(r.label) for r in rows]
    classified = any(p.startswith("total current assets") for p in plain)
    out = []
    part = "current assets" if classified else "assets"
    debts_classified = any(p.startswith("total current liabilities") for p in plain)
    for row, name in zip(rows, plain, strict=True):
        header = plain_label(row.section)
        if part.endswith("assets") and (header.startswith(("liabilities", "current liabilities"))):
            part = "current liabilities" if debts_classified else "liabilities"
        out.append(part)
        if name.startswith("total current assets"):
            part = "noncurrent assets"
        elif name.startswith("total assets"):
            part = "current liabilities" if debts_classified else "liabilities"
        elif name.startswith("total current liabilities"):
            part = "noncurrent liabilities"
        elif name.startswith("total liabilities") and "equity" not in name:
            part = "equity"
    return out


def _costs_printed_negative(rows: Sequence[Row], line_of: dict[int, list[Line]]) -> bool:
    """Whether the statement deducts its costs in parentheses (most of the amounts of its cost lines are negative)."""
    below = above = Decimal(0)
    for position, held in line_of.items():
        if any(line.sign == "cost" for line in held):
            for _, number in rows[position].numbers.values():
                if number.value < 0:
                    below -= number.value
                else:
                    above += number.value
    return below > above


def _signed(row: Row, line: Line, costs_negative: bool, rows: Sequence[Row], line_of: dict[int, list[Line]]) -> Mapped:
    name = plain_label(row.label)
    turn = magnitude = negative = False
    if line.sign in ("positive", "spent"):
        magnitude = True
    elif line.sign == "outflow":
        turn = True
    elif line.sign == "cost":
        turn = costs_negative
    elif line.sign == "tax":
        after = ("income_continuing_operations", "net_income_including_noncontrolling", "net_income")
        result = next((name for name in after if _numbers(rows, line_of, name)), "")
        turn = _is_deducted(rows, line_of, "income_before_tax", line.name, result, costs_negative)
    elif line.sign == "noncontrolling":
        turn = _is_deducted(rows, line_of, "net_income_including_noncontrolling", line.name, "net_income", False)
    elif line.sign == "net_interest":
        turn = bool(re.search(r"\bincome\b", name)) and "expense" not in name.split("income")[0]
        magnitude = not turn
    elif line.sign == "other_income":
        turn = bool(re.match(r"(?:total )?other (?:\w+ )?(?:expenses?|deductions|loss)", name)) and "(" in row.label
    elif line.sign == "income":
        negative = bool(re.search(r"\b(?:loss|losses|deficit|deficiency)\b", name)) and not re.search(
            r"income|earnings|profit|equity|comprehensive", name
        )
    elif line.sign == "net_cash":
        negative = bool(re.search(r"\bused\b", name)) and not re.search(r"provided|generated|from\b", name)
    elif line.sign == "change":
        negative = bool(re.search(r"\bdecrease\b", name)) and not re.search(r"increase|change", name)
    return Mapped(row, line.name, line, line.unit, turn, magnitude, negative)


def _numbers(rows: Sequence[Row], line_of: dict[int, list[Line]], name: str) -> dict[int, Decimal]:
    for position, held in line_of.items():
        if any(line.name == name for line in held):
            return {i: n.value for i, (_, n) in rows[position].numbers.items()}
    return {}


def _is_deducted(
    rows: Sequence[Row], line_of: dict[int, list[Line]], before: str, part: str, after: str, otherwise: bool
) -> bool:
    """Whether a deduction is printed with the sign that it has in the sum: before + part = after."""
    start, parts, result = (_numbers(rows, line_of, name) for name in (before, part, after))
    votes = 0
    for i in start.keys() & parts.keys() & result.keys():
        added = abs(start[i] + parts[i] - result[i])
        deducted = abs(start[i] - parts[i] - result[i])
        votes += 1 if added < deducted else -1 if deducted < added else 0
    return votes > 0 if votes else otherwise


def _guess_unit(row: Row) -> str:
    words = f"{row.section} {row.label}".lower()
    if re.search(r"per (?:\w+ ){0,2}share", words) and all(abs(n.value) < 10_000 for _, n in row.numbers.values()):
        return "per_share"
    if re.search(r"\bshares\b", row.label.lower()) and not re.search(
        r"proceeds|repurchase|issu|purchase|\$", row.label.lower()
    ):
        return "shares"
    return "money"


def _slug(row: Row, used: dict[str, int]) -> str:
    plain = plain_label(row.label)
    if not plain:
        return ""
    section = plain_label(row.section.removeprefix("after "))
    base = f"{section} {plain}" if section and (_GENERIC.fullmatch(plain) or plain in used) else plain
    slug = re.sub(r"[^a-z0-9]+", "_", base).strip("_")[:80]
    used[plain] = used.get(plain, 0) + 1
    if slug in lines():
        slug = f"{slug}_line"
    return slug
