"""What an analyst who is paid to doubt would ask: do the statements tie out, what was restated, which figures want a
reason that the filings do not give in numbers.
"""

from __future__ import annotations

from decimal import Decimal

from core.evidence import Fact, FactInput, Value
from verticals.finance.formatting import display
from verticals.finance.metrics import metrics
from verticals.finance.report.accounts import fy
from verticals.finance.report.company import Company, threshold
from verticals.finance.report.parts import Ref, Row, Section, Sentence, Table, ref
from verticals.finance.statements.checks import Check, check


def questions(company: Company, alone: bool = True) -> Section:
    """Questions that the figures raise; each stands beside the figures that raise it."""
    section = Section("questions", "Open questions")
    _faster(company, section, "accounts_receivable", "Why did receivables grow faster than revenue?", "receivables")
    _faster(company, section, "inventories", "Why did inventories grow faster than revenue?", "inventories")
    intensity = company.fact("capex_to_depreciation")
    if intensity and intensity.value >= threshold("investing"):
        section.say("Capital expenditure to depreciation of ", fy(company.year), " was ", ref(intensity), ".")
        _ask(section, "What return does the company expect of the assets that it adds, and when?")
    conversion, net = company.fact("cash_conversion"), company.fact("net_income")
    if conversion and net and net.value > 0 and conversion.value < threshold("cash_thin"):
        section.say("Cash conversion of ", fy(company.year), " was ", ref(conversion), ".")
        _ask(section, "Why did so little of net income arrive as cash?")
    _advances(company, section)
    _acquired(company, section)
    if net and net.value < 0:
        section.say("Net income of ", fy(company.year), " was ", ref(net), ".")
        _ask(section, "What has to change for the company to earn a profit, and how long does its cash last?")
    if alone:
        _ask(section, "What would the competitors' filings say of the same markets?")
    return section


def _ask(section: Section, text: str) -> None:
    section.items.append(Sentence("question", (text,)))


def _faster(company: Company, section: Section, line: str, text: str, noun: str) -> None:
    grown, revenue = company.growth(line), company.growth("revenue")
    if grown and revenue and grown.value - revenue.value > threshold("working_capital_gap"):
        label = metrics()[line].label
        section.say(
            f"Growth of {label} in ", fy(company.year), " was ", ref(grown), "; growth of revenue was ", ref(revenue),
            ".", key=noun,
        )  # fmt: skip
        _ask(section, text)


def _advances(company: Company, section: Section) -> None:
    later, earlier = company.fact("deferred_revenue"), company.fact("deferred_revenue", company.year - 1)
    revenue = company.growth("revenue")
    grown, cash = company.growth("deferred_revenue"), company.fact("operating_cash_flow")
    if not (later and earlier and grown and revenue and cash):
        return
    weighs = later.value - earlier.value >= threshold("advances_share") * cash.value > 0
    if weighs and grown.value - revenue.value > threshold("working_capital_gap"):
        section.say(
            "Deferred revenue was ", ref(later), " at the end of ", fy(company.year), " and ", ref(earlier),
            " at the end of ", fy(company.year - 1), ".", key="advances",
        )  # fmt: skip
        _ask(section, "How much of the operating cash flow were advances of customers that will not come again?")


def _acquired(company: Company, section: Section) -> None:
    goodwill, intangible, assets = (company.fact(m) for m in ("goodwill", "intangible_assets", "total_assets"))
    parts = [f for f in (goodwill, intangible) if f]
    if not parts or assets is None:
        return
    total = sum((f.value for f in parts), Decimal(0))
    share = total / assets.value
    if share < threshold("goodwill_share"):
        return
    names = [f"{f.name} {f.period}" for f in (*parts, assets)]
    inputs = [FactInput(name, f.value, f.unit, f.n, f.period) for name, f in zip(names, (*parts, assets), strict=True)]
    top = " + ".join(names[:-1])
    text = f"({top}) / {names[-1]}" if len(parts) > 1 else f"{top} / {names[-1]}"
    fact = company.book.add(
        "goodwill and intangible assets as a share of total assets", share, "ratio", assets.period, text, inputs,
        "share of total assets", display(share, "ratio", "percent"),
    )  # fmt: skip
    section.say(
        "Goodwill and intangible assets as a share of total assets were ", ref(fact), " in ", fy(company.year), "."
    )
    _ask(section, "What would an impairment test with a higher discount rate or lower growth find?")


def checks(company: Company) -> Section:
    """Identities of the statements, filing by filing, and figures that a later filing restated."""
    section = Section("checks", "Do the statements tie out?")
    made: dict[str, list[Check]] = {}
    for source in company.frame.sources.values():
        values = company.evidence.workspace.catalog.values(company.evidence.collection, source_ids=(source.id,))
        for one in check(values):
            year = company.frame.fiscal_year(one.period)
            if year in company.years and (one.period.start is None or one.period.days > 340):
                made.setdefault(f"{one.name}\t{source.label}", []).append(one)
    rows: list[Row] = []
    scale = company.scale()
    for key, found in made.items():
        name, label = key.split("\t")
        by_year = {company.frame.fiscal_year(c.period): c for c in found}
        cells = tuple(
            _difference(company, name, by_year[y], label, scale) if y in by_year else None for y in company.years
        )
        if any(cells):
            rows.append(Row(f"{name[:1].upper()}{name[1:]}, {label}", cells))
    if rows:
        unit = f"{company.currency} {'million' if scale == 6 else 'thousand'}; nought: both sides are equal"
        section.items.append(
            Table("Left side less right side of each identity", unit, tuple(fy(y) for y in company.years), tuple(rows))
        )
    else:
        company.evidence.lack(f"identity checks: too few totals were read for {company.name}")
    _restated(company, section)
    return section


def _difference(company: Company, name: str, one: Check, label: str, scale: int) -> Ref | None:
    """The difference of an identity as a Fact over its figures; None where its terms have other signs than listed."""
    values = one.values
    signs = _signs(one)
    if signs is None:
        return None
    year = company.frame.fiscal_year(one.period)
    inputs: list[FactInput] = []
    terms: list[str] = []
    for value, sign in zip(values, signs, strict=True):
        title = _title(value, company, year)
        inputs.append(FactInput(title, value.value, value.unit, company.book.cite(value), value.period.as_text()))
        terms.append(("- " if sign < 0 else "+ ") + title)
    text = " ".join(terms).removeprefix("+ ")
    difference = sum((s * v.value for s, v in zip(signs, values, strict=True)), Decimal(0))
    fact = company.book.add(
        f"{name} ({label})", difference, company.currency, f"FY{year}", text, inputs,
        f"accounting identity: {one.formula}", display(difference, company.currency),
    )  # fmt: skip
    shown = difference.scaleb(-scale)
    return Ref(fact.n, f"{shown:,.1f}".replace("-0.0", "0.0"), scale)


def _title(value: Value, company: Company, year: int | None) -> str:
    label = metrics()[value.metric].label if value.metric in metrics() else value.metric.replace("_", " ")
    return f"{label} {fy(year or 0)}" if value.metric != "cash_beginning" else f"{label} of {fy(year or 0)}"


def _signs(one: Check) -> list[int] | None:
    """+1 and -1 for the identity's figures, so that their sum is left less right; found by trial, small as they are."""
    from itertools import product

    n = len(one.values)
    for rest in product((-1, 1), repeat=n - 1):
        signs = [1, *rest]
        if sum((s * v.value for s, v in zip(signs, one.values, strict=True)), Decimal(0)) == one.difference:
            return signs
    return None


def _restated(company: Company, section: Section) -> None:
    seen: set[tuple[str, str]] = set()
    for chosen, other in company.book.restated:
        year = company.frame.fiscal_year(chosen.period)
        key = (chosen.metric, chosen.period.as_text())
        if key in seen or chosen.metric not in metrics() or year not in company.years:
            continue
        seen.add(key)
        now, before = _stated(company, chosen, year), _stated(company, other, year)
        label = metrics()[chosen.metric].label
        section.say(
            f"{label[:1].upper()}{label[1:]} of ", fy(year), " is ", ref(now), " in the later filing and ", ref(before),
            " in the earlier one.",
        )  # fmt: skip


def _stated(company: Company, value: Value, year: int) -> Fact:
    label = metrics()[value.metric].label
    source = company.frame.sources.get(value.source_id)
    name = f"{label} {fy(year)}"
    return company.book.add(
        label, value.value, value.unit, fy(year), name,
        [FactInput(name, value.value, value.unit, company.book.cite(value), value.period.as_text())],
        f"as reported in {source.label}" if source else "as reported", display(value.value, value.unit),
    )  # fmt: skip
