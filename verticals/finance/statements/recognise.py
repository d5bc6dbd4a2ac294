"""Which statement a table is, told by its lines (not by its title alone), and how sure that is.

Works on row labels and the words above them, so that a table block and a passage cut from it are judged alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from verticals.finance.statements.concepts import match, plain_label

_HINT = re.compile(
    r"total assets|operating activities|financing activities|investing activities|net (?:income|earnings|loss|profit)|"
    r"comprehensive (?:income|loss|earnings)|profit for the|retained earnings|liabilities and",
    re.I,
)
_TITLES = {
    "balance_sheet": r"balance sheets?|financial position|statements? of (?:financial )?condition|"
    r"assets and liabilities",
    "income_statement": r"statements? of (?:consolidated |condensed |combined )*(?:net )?"
    r"(?:income|operations|earnings|profit|loss)|income statements?|results of operations|profit and loss|"
    r"statements? of (?:comprehensive )?(?:income|earnings|loss)|"
    r"(?:consolidated|condensed) (?:results|income|earnings|operations)",
    "cash_flow": r"cash ?flows?",
    "comprehensive_income": r"comprehensive (?:income|loss|earnings)",
    "equity_statement": r"(?:equity|shareholders|stockholders|shareowners)",
}
_STATEMENT_WORD = re.compile(r"\b(?:consolidated|condensed|combined)\b|\bstatements?\b", re.I)
_NOT_THE_STATEMENT = re.compile(
    r"\bparent(?: company)?[- ]only\b|\bparent company\b|registrant only|\bschedule i+\b|guarantor|"
    r"condensed consolidating|consolidating (?:statement|balance|schedule)|pro[- ]forma|\bsegments?\b|"
    r"selected (?:financial|consolidated|data|quarterly)|\bsummary\b|summarized|five[- ]year|ten[- ]year|"
    r"quarterly (?:financial|results|data)|unconsolidated|reconciliation|"
    r"non-?gaap|adjusted|percentage of|as a percent|discontinued operations|\bvie\b|acquired|purchase price|"
    r"fair value|per diluted|change in",
    re.I,
)
_NEEDED: dict[str, tuple[frozenset[str], ...]] = {
    "balance_sheet": (frozenset({"total_assets", "total_liabilities_and_equity"}),),
    "income_statement": (
        frozenset({"net_income", "net_income_including_noncontrolling", "net_income_common"}),
        frozenset({"income_tax_expense", "income_before_tax"}),
        frozenset(
            {"revenue", "total_costs_and_expenses", "net_interest_income", "noninterest_income", "premiums_earned"}
        ),
    ),
    "cash_flow": (frozenset({"operating_cash_flow", "investing_cash_flow", "financing_cash_flow"}),),
}
_LEAST = {"balance_sheet": 6, "income_statement": 6, "cash_flow": 6}
COMPLETE: dict[str, tuple[frozenset[str], ...]] = {
    "balance_sheet": (frozenset({"total_assets"}), frozenset({"total_liabilities_and_equity"})),
    "income_statement": _NEEDED["income_statement"],
    "cash_flow": (
        frozenset({"operating_cash_flow"}),
        frozenset({"investing_cash_flow"}),
        frozenset({"financing_cash_flow"}),
    ),
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A statement kind, how sure (higher is surer; comparable within one kind) and the standard lines seen."""

    kind: str
    score: float
    lines: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether the lines that every such statement has are all there (else it may go on in another table)."""
        return all(self.lines & group for group in COMPLETE.get(self.kind, ()))


def recognise(labels: Sequence[str], title: str = "", heads: str = "", partial: bool = False) -> Recognised | None:
    """The statement that rows with these labels make, or None.

    `title`: the words above the table; `heads`: its column heads. With `partial`, a piece of a statement is taken
    too: a cash flow with one of its three parts, a balance sheet's one side.
    """
    joined = "\n".join(labels)
    if not _HINT.search(joined) and not _HINT.search(title):
        return None
    found: list[Recognised] = []
    for kind in ("balance_sheet", "income_statement", "cash_flow"):
        lines = _lines(labels, kind)
        needed = _NEEDED[kind]
        seen = [bool(lines & group) for group in needed]
        enough = all(seen) if not partial else any(seen)
        if kind == "cash_flow" and not partial:
            enough = len(lines & needed[0]) >= 2
        if kind == "income_statement" and "comprehensive" in title.lower() and not lines & {"revenue", "eps_basic"}:
            continue
        if not enough or len(lines) < (_LEAST[kind] if not partial else 3):
            continue
        found.append(Recognised(kind, len(lines) + _title_score(kind, title, heads), lines))
    if other := _other(labels, title, heads):
        found.append(other)
    return max(found, key=lambda r: r.score, default=None)


def _lines(labels: Sequence[str], kind: str) -> frozenset[str]:
    out: set[str] = set()
    for label in labels:
        if candidates := match(label, kind):
            out.update(m.line.name for m in candidates[:2])
    if kind == "cash_flow":  # "Net earnings" alone says nothing of a cash flow
        out -= {"net_income_cash_flow"} if len(out) < 4 else set()
    return frozenset(out)


def _title_score(kind: str, title: str, heads: str) -> float:
    score = 0.0
    of_discussion = re.search(r"results of operations", title, re.I) and not re.search(r"\bstatements?\b", title, re.I)
    if re.search(_TITLES[kind], title, re.I) and not of_discussion:
        score += 6 if _STATEMENT_WORD.search(title) else 2
    last = title[-400:]
    if _NOT_THE_STATEMENT.search(last):
        score -= 8
    if re.search(r"%|\bchange\b|\bincrease\b|\bvs\b|percent", heads, re.I):
        score -= 5
    if re.search(
        r"\brestated\b|\breported\b|\badjustments?\b|\bimpact\b|\beffects? of\b|\beliminations?\b", heads, re.I
    ):
        score -= 5
    return score


def _other(labels: Sequence[str], title: str, heads: str) -> Recognised | None:
    """Comprehensive income and equity statements."""
    plain = [plain_label(label) for label in labels]
    balances = sum(1 for p in plain if re.match(r"(?:beginning |ending )?balances?\b", p))
    members = heads.lower()
    members_seen = sum(
        w in members for w in ("retained", "paid-in", "capital", "treasury", "comprehensive", "common", "total")
    )
    named = bool(re.search(r"equity|shareholders|stockholders|shareowners|shareholders.{0,3} investment", title, re.I))
    if balances >= 2 and (members_seen >= 2 or named) and len(plain) >= 6:
        score: float = 8 + members_seen + (6 if named and _STATEMENT_WORD.search(title) else 0)
        return Recognised(
            "equity_statement", score - (8 if _NOT_THE_STATEMENT.search(title[-400:]) else 0), frozenset()
        )
    lines = _lines(labels, "comprehensive_income")
    parts = sum(
        1
        for p in plain
        if re.search(r"translation|pension|postretirement|unrealized|hedg|available for sale|derivative", p)
    )
    if "comprehensive_income" in lines and parts >= 2 and not _lines(labels, "income_statement") & {"revenue"}:
        score = 6 + parts + _title_score("comprehensive_income", title, heads)
        return Recognised("comprehensive_income", score, lines)
    return None
