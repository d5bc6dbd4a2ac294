"""The sections that the statements speak for: results, position, cash flow, returns, peers. Sentences are templates
over Facts; which of them is said depends on what the figures did.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.evidence import Fact
from verticals.finance import charts
from verticals.finance.report.company import Company, cell, rows, table_rows
from verticals.finance.report.evidence import label_of
from verticals.finance.report.parts import Chart, Ref, Row, Section, Table, bare, ref

SCALES = {3: "thousand", 6: "million"}


def results(company: Company) -> Section:
    """Revenue, margins and earnings over the years."""
    section = Section("results", "Results")
    y = company.year
    revenue, grown = company.fact("revenue"), company.growth("revenue")
    if revenue and grown:
        section.say(
            "Revenue of ", fy(y), " was ", ref(revenue), f", {more(grown)} by ", bare(grown), " on ", fy(y - 1), ".",
            key="growth",
        )  # fmt: skip
    elif revenue:
        section.say("Revenue of ", fy(y), " was ", ref(revenue), ".", key="revenue")
    _compound(company, section)
    _moved(company, section, "gross_margin", "margin_gross")
    _moved(company, section, "operating_margin", "margin")
    net, eps = company.fact("net_income"), company.fact("eps_diluted")
    if net:
        section.say("Net income of ", fy(y), " was ", ref(net), ".", key="net")
    if eps and (before := company.fact("eps_diluted", y - 1)):
        section.say(
            "Diluted earnings per share were ", ref(eps), " in ", fy(y), " and ", ref(before), " in ", fy(y - 1), ".",
            key="eps",
        )  # fmt: skip
    _drawn(section, _bars(company, [("revenue", "Revenue")], "Revenue"))
    _drawn(
        section,
        _lines(
            company,
            [("gross_margin", "Gross margin"), ("operating_margin", "Operating margin"), ("net_margin", "Net margin")],
            "Margins, share of revenue",
        ),
    )
    section.items.append(_table(company, "results", "Income statement and margins"))
    return section


def position(company: Company) -> Section:
    """Assets, debt and liquidity."""
    section = Section("position", "Financial position")
    y = company.year
    cash, debt = company.fact("cash_and_short_term_investments"), company.fact("total_debt")
    if cash and debt:
        section.say(
            "At the end of ", fy(y), " cash and short-term investments were ", ref(cash), " and total debt was ",
            ref(debt), ".", key="debt",
        )  # fmt: skip
    elif cash:
        section.say("Cash and short-term investments at the end of ", fy(y), " were ", ref(cash), ".", key="cash")
    leverage = company.fact("net_debt_to_ebitda")
    if leverage and leverage.value > 0:
        section.say("Net debt to EBITDA was ", ref(leverage), " in ", fy(y), ".", key="leverage")
    net = company.fact("net_debt")
    if net and net.value < 0:
        section.say("Net debt at the end of ", fy(y), " was ", ref(net), ": more cash than debt.", key="net_cash")
    coverage = company.fact("interest_coverage")
    if coverage and coverage.value > 0:
        section.say("Interest coverage was ", ref(coverage), " in ", fy(y), ".", key="coverage")
    current, before = company.fact("current_ratio"), company.fact("current_ratio", y - 1)
    if current and before:
        section.say(
            "The current ratio was ", ref(current), " in ", fy(y), " and ", ref(before), " in ", fy(y - 1), ".",
            key="liquidity",
        )  # fmt: skip
    equity = company.fact("equity_ratio")
    if equity and not debt:
        section.say("The equity ratio was ", ref(equity), " in ", fy(y), ".", key="equity")
    _drawn(
        section,
        _bars(
            company,
            [("cash_and_short_term_investments", "Cash and short-term investments"), ("total_debt", "Total debt")],
            "Cash and debt at the end of the fiscal year",
        ),
    )
    section.items.append(_table(company, "position", "Balance sheet, liquidity and leverage"))
    return section


def cash_flow(company: Company) -> Section:
    """Where the cash came from and where it went."""
    section = Section("cash-flow", "Cash flow")
    y = company.year
    operating, spent, free = (company.fact(m) for m in ("operating_cash_flow", "capital_expenditure", "free_cash_flow"))
    if operating:
        section.say("Net cash from operating activities was ", ref(operating), " in ", fy(y), ".", key="operating_cash")
    if spent and free:
        section.say(
            "After capital expenditure of ", ref(spent), ", free cash flow of ", fy(y), " was ", ref(free), ".",
            key="free_cash",
        )  # fmt: skip
    conversion = company.fact("cash_conversion")
    net = company.fact("net_income")
    if conversion and net and net.value > 0:
        section.say("Cash conversion was ", ref(conversion), " of net income in ", fy(y), ".", key="conversion")
    intensity = company.fact("capex_to_depreciation")
    if intensity:
        section.say(
            "Capital expenditure to depreciation was ", ref(intensity), " in ", fy(y), ".", key="investing"
        )  # fmt: skip
    returned = company.fact("shareholder_returns")
    if returned:
        section.say("Cash returned to shareholders was ", ref(returned), " in ", fy(y), ".", key="returned")
    _drawn(
        section,
        _bars(
            company,
            [("operating_cash_flow", "Operating cash flow"), ("capital_expenditure", "Capital expenditure"),
             ("free_cash_flow", "Free cash flow")],
            "Operating cash flow, capital expenditure and free cash flow",
        ),
    )  # fmt: skip
    section.items.append(_table(company, "cash", "Cash flow"))
    return section


def returns(company: Company) -> Section:
    """What the capital earned and how fast it turned."""
    section = Section("returns", "Returns and efficiency")
    _pair(company, section, "return_on_invested_capital", "roic")
    _pair(company, section, "return_on_equity", "roe")
    _pair(company, section, "cash_conversion_cycle", "cycle")
    section.items.append(_table(company, "returns", "Returns and efficiency"))
    return section


def peers(company: Company, others: Sequence[Company]) -> Section:
    """The last fiscal year of the company beside that of its peers."""
    section = Section("peers", "Peers")
    if not others:
        return section
    everyone = [company, *others]
    scale = max(c.scale() for c in everyone)
    found: list[Row] = []
    for spec in rows("peers"):
        facts = [(c.growth(spec.metric) if spec.form == "growth" else c.fact(spec.metric)) for c in everyone]
        label = label_of(spec.metric) + (" growth" if spec.form == "growth" else "")
        days = " (days)" if any(f and f.unit == "days" for f in facts) else ""
        cells = tuple(cell(f, scale) for f in facts)
        if any(cells):
            found.append(Row(label + days, cells, "" if spec.form == "line" else "ratio"))
    heads = tuple(f"{c.name} {fy(c.year)}" for c in everyone)
    currencies = " and ".join(sorted({c.currency for c in everyone}))
    section.items.append(
        Table("Latest fiscal year of each company", f"{currencies} {SCALES[scale]}", heads, tuple(found))
    )
    return section


def fy(year: int) -> str:
    """ "FY2024"."""
    return f"FY{year}"


def more(fact: Fact) -> str:
    """The direction of a growth rate."""
    return "higher" if fact.value > 0 else "lower"


def _compound(company: Company, section: Section) -> None:
    from verticals.finance.ratios import Missing, cagr

    known = [y for y in company.years if company.frame.get("revenue", y)]
    if len(known) < 3:
        return
    later, earlier = company.fact("revenue", known[-1]), company.fact("revenue", known[0])
    if later is None or earlier is None:
        return
    try:
        rate = cagr(company.book, later, earlier, known[-1] - known[0])
    except Missing:
        return
    section.say(
        "The compound annual growth rate of revenue from ", fy(known[0]), " to ", fy(known[-1]), " was ", ref(rate),
        ".", key="cagr",
    )  # fmt: skip


def _moved(company: Company, section: Section, name: str, key: str) -> None:
    """A margin in two years, with the direction that it took."""
    later, earlier = company.fact(name), company.fact(name, company.year - 1)
    if later is None:
        return
    label = label_of(name)
    if earlier is None:
        section.say(label, " was ", ref(later), " in ", fy(company.year), ".", key=key)
        return
    verb = "rose" if later.value > earlier.value else "fell" if later.value < earlier.value else "stayed"
    if later.display == earlier.display:
        section.say(label, " was ", ref(later), " in ", fy(company.year), " and ", ref(earlier), " in ",
                    fy(company.year - 1), ".", key=key)  # fmt: skip
        return
    section.say(
        label, f" {verb} to ", ref(later), " in ", fy(company.year), " from ", ref(earlier), " in ",
        fy(company.year - 1), ".", key=key,
    )  # fmt: skip


def _pair(company: Company, section: Section, name: str, key: str) -> None:
    later, earlier = company.fact(name), company.fact(name, company.year - 1)
    label = label_of(name)
    if later and earlier:
        section.say(label, " was ", ref(later), " in ", fy(company.year), " and ", ref(earlier), " in ",
                    fy(company.year - 1), ".", key=key)  # fmt: skip
    elif later:
        section.say(label, " was ", ref(later), " in ", fy(company.year), ".", key=key)


def _table(company: Company, section: str, caption: str) -> Table:
    """The section's figures over the years of which there are any."""
    unit = f"{company.currency} {SCALES[company.scale()]} unless stated otherwise"
    found = table_rows(company, section)
    kept = [i for i in range(len(company.years)) if any(r.cells[i] for r in found)]
    heads = tuple(fy(company.years[i]) for i in kept)
    return Table(caption, unit, heads, tuple(Row(r.label, tuple(r.cells[i] for i in kept), r.style) for r in found))


def _bars(company: Company, series: Sequence[tuple[str, str]], caption: str) -> Chart | None:
    scale = company.scale()
    drawn = []
    for name, label in series:
        facts = [company.fact(name, y) for y in company.years]
        if sum(f is not None for f in facts) >= 2:
            drawn.append((label, [(cell(f, scale), f.value if f else None) for f in facts]))
    if not drawn:
        return None
    unit = f"{company.currency} {SCALES[scale]}"
    kept = [i for i in range(len(company.years)) if any(points[i][0] for _, points in drawn)]
    heads = [fy(company.years[i]) for i in kept]
    return charts.bars(caption, unit, heads, [(label, [points[i] for i in kept]) for label, points in drawn])


def _lines(company: Company, series: Sequence[tuple[str, str]], caption: str) -> Chart | None:
    drawn = []
    for name, label in series:
        facts = [company.fact(name, y) for y in company.years]
        if sum(f is not None for f in facts) >= 2:
            drawn.append((label, [(cell(f, 0), f.value if f else None) for f in facts]))
    return charts.lines(caption, [fy(y) for y in company.years], drawn) if drawn else None


def _drawn(section: Section, chart: Chart | None) -> None:
    if chart is not None:
        section.items.append(chart)


__all__ = ["Ref", "cash_flow", "fy", "peers", "position", "results", "returns"]
