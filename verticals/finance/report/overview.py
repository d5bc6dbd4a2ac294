"""The first page: headline figures and a thesis. The thesis is judgement: each sentence is worded as one, rests on
named computed sentences of the report, and its thresholds stand with their sources in `thresholds.tsv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.evidence import Fact
from verticals.finance.report.accounts import fy
from verticals.finance.report.company import Company, cell, minus, threshold
from verticals.finance.report.parts import Ref, Section, Sentence, Tile, amount, ref


def tiles(company: Company, market: Section) -> list[Tile]:
    """Six to eight headline figures of the last fiscal year, each with its change where there is one."""
    out: list[Tile] = []
    for name, label in (("revenue", "Revenue"), ("operating_income", "Operating income"), ("net_income", "Net income")):
        fact, grown = company.fact(name), company.growth(name)
        if fact:
            note: tuple[str | Ref, ...] = (ref(grown, _signed(grown)), f" on {fy(company.year - 1)}") if grown else ()
            out.append(Tile(f"{label}, {fy(company.year)}", ref(fact), note))
    for name, label in (
        ("operating_margin", "Operating margin"),
        ("free_cash_flow", "Free cash flow"),
        ("return_on_invested_capital", "Return on invested capital"),
        ("return_on_equity", "Return on equity"),
        ("net_debt_to_ebitda", "Net debt to EBITDA"),
        ("eps_diluted", "Diluted earnings per share"),
    ):
        fact, before = company.fact(name), company.fact(name, company.year - 1)
        if fact and not (name == "return_on_equity" and any("invested" in t.label for t in out)):
            told = (ref(before, minus(amount(before))), f" in {fy(company.year - 1)}") if before else ()
            out.append(Tile(f"{label}, {fy(company.year)}", ref(fact, minus(amount(fact))), told))
    close = next((i for i in market.items if isinstance(i, Sentence) and i.key == "close"), None)
    if close is not None:
        shown = next(p for p in close.parts if isinstance(p, Ref))
        out.append(Tile(f"Last close, {close.parts[1]}", shown))
    return out[:8]


@dataclass(frozen=True, slots=True)
class _View:
    """One judgement with its leaning: +1 speaks for the company, -1 against it, 0 neither."""

    text: str
    on: tuple[str, ...]
    leaning: int


def thesis(company: Company, sections: Sequence[Section]) -> Section:
    """Judgements on growth, profitability, cash, debt and investment, and what they come to."""
    said = {i.key for s in sections for i in s.items if isinstance(i, Sentence) and i.kind == "computed" and i.key}
    section = Section(
        "thesis", "Thesis", lead="Judgements of this report, each resting on the figures that it links to."
    )
    drafted = (*_growth(company), *_margin(company), *_cash(company), *_debt(company), *_assets(company), *_doubts())
    views = [v for v in drafted if set(v.on) <= said]
    if not views:
        company.evidence.lack(f"a thesis on {company.name}: too few figures to judge by")
        return section
    balance = sum(v.leaning for v in views)
    for_it, against = (sum(v.leaning == s for v in views) for s in (1, -1))
    if for_it and against:
        weight = (
            "with more that is favourable than not"
            if balance > 0
            else "with more that is unfavourable than not"
            if balance < 0
            else "for and against in equal parts"
        )
        overall = f"On balance the picture appears mixed, {weight}"
    elif for_it:
        overall = "On balance the figures of the year appear favourable; none of those judged here points the other way"
    elif against:
        overall = "On balance the figures of the year appear unfavourable"
    else:
        overall = "On balance the figures appear to point neither way"
    on = tuple(dict.fromkeys(k for v in views for k in v.on))
    section.judge(overall + ", as far as these filings go; price and prospects are not part of this view.", on=on)
    for view in views:
        section.judge(view.text, on=view.on)
    return section


def _growth(company: Company) -> list[_View]:
    now, before = company.growth("revenue"), company.growth("revenue", company.year - 1)
    if now is None:
        return []
    if now.value <= 0:
        return [_View("The business appears to be shrinking.", ("growth",), -1)]
    if before is None:
        return [_View("The business appears to be growing.", ("growth",), 1)]
    gap = now.value - before.value
    if gap > threshold("growth_move"):
        return [_View("Growth appears to be gaining pace.", ("growth",), 1)]
    if gap < -threshold("growth_move"):
        return [_View("The business appears to grow, but at a slower pace than the year before.", ("growth",), 0)]
    return [_View("Growth appears steady.", ("growth",), 1)]


def _margin(company: Company) -> list[_View]:
    now, before = company.fact("operating_margin"), company.fact("operating_margin", company.year - 1)
    if now is None or before is None:
        return []
    gap = now.value - before.value
    if now.value < 0:
        return [_View("The business does not appear to cover its operating costs.", ("margin",), -1)]
    if gap > threshold("margin_move"):
        return [_View("Profitability appears to be improving.", ("margin",), 1)]
    if gap < -threshold("margin_move"):
        return [_View("Profitability appears to be weakening.", ("margin",), -1)]
    return [_View("Profitability appears steady.", ("margin",), 0)]


def _cash(company: Company) -> list[_View]:
    conversion, free = company.fact("cash_conversion"), company.fact("free_cash_flow")
    net = company.fact("net_income")
    views: list[_View] = []
    if conversion and net and net.value > 0:
        if conversion.value >= threshold("cash_backed"):
            views.append(_View("Earnings appear to be backed by cash.", ("conversion",), 1))
        elif conversion.value < threshold("cash_thin"):
            views.append(_View("Earnings appear to run ahead of the cash that they bring in.", ("conversion",), -1))
    if free and free.value < 0:
        views.append(_View("The company appears to spend more cash than its business brings in.", ("free_cash",), -1))
    return views


def _debt(company: Company) -> list[_View]:
    leverage, coverage = company.fact("net_debt_to_ebitda"), company.fact("interest_coverage")
    net, ebitda = company.fact("net_debt"), company.fact("ebitda")
    views: list[_View] = []
    if net and net.value < 0:
        views.append(_View("Debt does not appear to weigh on the company.", ("net_cash",), 1))
    elif leverage and ebitda and ebitda.value > 0:
        if leverage.value <= threshold("leverage_low"):
            views.append(_View("Net debt appears low against earnings.", ("leverage",), 1))
        elif leverage.value >= threshold("leverage_high"):
            views.append(_View("Net debt appears heavy against earnings.", ("leverage",), -1))
        else:
            views.append(_View("Net debt appears moderate against earnings.", ("leverage",), 0))
    if coverage and 0 < coverage.value < threshold("coverage_thin"):
        views.append(_View("Earnings appear to cover interest only thinly.", ("coverage",), -1))
    return views


def _assets(company: Company) -> list[_View]:
    intensity = company.fact("capex_to_depreciation")
    roic, before = (
        company.fact("return_on_invested_capital"),
        company.fact("return_on_invested_capital", company.year - 1),
    )
    views: list[_View] = []
    if roic and before and roic.value - before.value > threshold("growth_move"):
        views.append(_View("Capital appears to earn more than the year before.", ("roic",), 1))
    elif roic and before and before.value - roic.value > threshold("growth_move"):
        views.append(_View("Capital appears to earn less than the year before.", ("roic",), -1))
    if intensity and intensity.value >= threshold("investing"):
        views.append(_View("The company appears to be in a phase of investment, whose reward is still to be shown.",
                           ("investing",), 0))  # fmt: skip
    return views


def _doubts() -> list[_View]:
    """What the open questions weigh: each only where its sentence was said."""
    return [
        _View("Sales appear to be collected more slowly than they are made.", ("receivables",), -1),
        _View("Stocks appear to grow faster than sales need.", ("inventories",), -1),
        _View("A part of the cash flow appears to come from customers' advances, which may not repeat.",
              ("advances", "operating_cash"), -1),
    ]  # fmt: skip


def _signed(fact: Fact) -> str:
    text = minus(amount(fact))
    return text if text.startswith("−") else f"+{text}"


__all__ = ["cell", "thesis", "tiles"]
