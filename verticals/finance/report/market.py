"""The market section: the trend of the share price and, where the closes allow it, what the price pays for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from core.evidence import Fact
from verticals.finance import charts
from verticals.finance.market import Market, Price, Series, Unpriced, read_prices
from verticals.finance.market.figures import STALE
from verticals.finance.report.accounts import fy
from verticals.finance.report.company import Company, cell, minus
from verticals.finance.report.parts import Chart, Note, Ref, Row, Section, Sentence, Table, ref

POINTS = 62
"""Points of the price chart, at most."""


def market(company: Company, prices: Path | None) -> Section:
    """Price trend, returns, risk and multiples; empty without a price file. Raises UnreadableFile."""
    section = Section("market", "Market trend")
    if prices is None:
        company.evidence.lack("market figures: no price file was given")
        return section
    names = [a for s in company.frame.sources.values() for a in (s.entity, *s.description.aliases)]
    tickers = [t for s in company.frame.sources.values() for t in _tickers(company, s.id)]
    series = read_prices(prices, (company.name, *names, *tickers))
    company.evidence.series = series
    m = Market(series, company.book, company.currency)
    _trend(company, m, section)
    section.items.append(
        Sentence(
            "assumption",
            (f"Prices are taken to be of this company's shares and in {company.currency}; the file does not say so.",),
        )
    )
    section.items.append(_chart(m))
    _multiples(company, m, section)
    return section


def _tickers(company: Company, source_id: str) -> list[str]:
    """Symbols that a cover page states."""
    found = []
    for passage in company.evidence.passages(source_id):
        if passage.ordinal > 20 or (passage.locator.page or 1) > 4:
            break
        found += re.findall(r"(?i:trading symbols?(?:\(s\))?)\W{0,40}\b([A-Z]{1,5}(?:[.\-][A-Z])?)\b", passage.text)
        found += re.findall(r"(?:NYSE|NASDAQ|Nasdaq)\W{1,3}([A-Z]{1,5})\b", passage.text)
        if re.search(r"(?i)trading symbol", passage.text):
            found += re.findall(r"(?<![A-Za-z])([A-Z]{2,5})(?![A-Za-z])", passage.text)
    return list(dict.fromkeys(found))


def _trend(company: Company, m: Market, section: Section) -> None:
    last = m.close()
    section.say("The closing price of ", last.period, " was ", ref(last), ".", key="close")
    one = _try(company, lambda: m.total_return(1))
    if one:
        section.say("The share price return over one year to ", last.period, " was ", ref(one, minus(one.display)), ".",
                    key="return_1")  # fmt: skip
    five = _try(company, lambda: m.total_return(5))
    rows: list[tuple[str, Fact | None]] = [("Last close", last), ("Return over one year", one)]
    rows.append(("Return over three years", _try(company, lambda: m.total_return(3))))
    rows.append(("Return over five years", five))
    rows.append(("Compound annual return over five years", _try(company, lambda: m.cagr(5)) if five else None))
    if five is None:
        rows.append(("Return since the first price", _try(company, m.return_since_start)))
        rows.append(("Compound annual return since the first price", _try(company, m.cagr)))
    volatility = _try(company, m.volatility)
    rows.append(("Annualised volatility over one year", volatility))
    if volatility:
        section.say("Annualised volatility over one year was ", ref(volatility), ".", key="volatility")
    fall = _try(company, lambda: m.drawdown(5)) if five else _try(company, m.drawdown)
    rows.append(("Maximum drawdown over the same period", fall))
    rows.append(("Highest close of 52 weeks", _try(company, m.high)))
    rows.append(("Lowest close of 52 weeks", _try(company, m.low)))
    rows.append(("Last close against that high", _try(company, m.from_high) if m.series.per_year >= 52 else None))
    shown = tuple(Row(label, (cell(f, 0),), "") for label, f in rows if f)
    section.items.append(
        Table(
            f"Share price to {last.period}", f"{company.currency} a share, or share of the price", (last.period,), shown
        )
    )


def _multiples(company: Company, m: Market, section: Section) -> None:
    """Market value against the statements, at the fiscal year's end."""
    year = company.year
    eps, dividends = company.fact("eps_diluted"), company.fact("dividends_per_share")
    revenue, equity = company.fact("revenue"), company.fact("shareholders_equity")
    shares = company.frame.get("shares_outstanding", year) or company.frame.get("shares_diluted", year)
    ends = [v.period.end for name in ("revenue", "net_income", "total_assets") if (v := company.frame.get(name, year))]
    if not ends:
        return
    end = ends[0]
    if m.series.last.day < end:
        what = (
            f"The price series ends on {m.series.last.day}, before the end of {fy(year)}, and says nothing of that year"
        )
        section.items.append(Note(f"{what}."))
        company.evidence.lack(f"share prices of {fy(year)}: the series ends on {m.series.last.day}")
    elif m.series.last.day - end > STALE:
        section.items.append(Note(f"The multiples are those at the end of {fy(year)}, not those of the last price."))
    rows: list[tuple[str, Fact | None]] = []
    if eps:
        rows.append(("Price to earnings", _try(company, lambda: m.price_to("pe", eps, end))))
    cap = _try(company, lambda: m.market_cap(shares, year)) if shares else None
    rows.append(("Market capitalisation" + ("" if shares and shares.metric == "shares_outstanding" else
                                            " (on diluted weighted-average shares)"), cap))  # fmt: skip
    if cap and revenue:
        rows.append(("Price to sales", _try(company, lambda: m.cap_to("ps", cap, revenue))))
    if cap and equity:
        rows.append(("Price to book", _try(company, lambda: m.cap_to("pb", cap, equity))))
    if dividends:
        rows.append(("Dividend yield", _try(company, lambda: m.price_to("dividend_yield", dividends, end))))
    scale = company.scale()
    shown = tuple(Row(label, (cell(f, scale),)) for label, f in rows if f)
    if not shown:
        return
    pe = rows[0][1]
    if pe and pe.unit == "times":
        section.say("Price to earnings at the end of ", fy(year), " was ", ref(pe), ".", key="pe")
    unit = f"{company.currency} {'million' if scale == 6 else 'thousand'}, or times"
    section.items.append(Table(f"What the price paid for at the end of {fy(year)}", unit, (fy(year),), shown))


def _try(company: Company, make: Callable[[], Fact]) -> Fact | None:
    try:
        return make()
    except Unpriced as error:
        company.evidence.lack(str(error))
        return None


def _chart(m: Market) -> Chart:
    """Up to five years of month-end closes, the first, last, highest and lowest printed."""
    series = m.series
    start = series.last.day - timedelta(days=5 * 365 + 2)
    chosen = _month_ends(series, [p for p in series.prices if p.day >= start])
    step = -(-len(chosen) // POINTS)
    chosen = [p for i, p in enumerate(chosen) if (len(chosen) - 1 - i) % step == 0]
    points = [(Ref(m.cite([p]), f"{p.close:f}"), p.close, p.day.isoformat()) for p in chosen]
    high = max(range(len(points)), key=lambda i: points[i][1])
    low = min(range(len(points)), key=lambda i: points[i][1])
    marked = {0: "first", len(points) - 1: "last", high: "highest", low: "lowest"}
    every = "Month-end close" if series.per_year > 12 else "Close"
    return charts.prices(f"{every}, {points[0][2]} to {points[-1][2]}", points, marked)


def _month_ends(series: Series, prices: Sequence[Price]) -> list[Price]:
    last: dict[tuple[int, int], Price] = {}
    for price in prices:
        last[(price.day.year, price.day.month)] = price
    return list(last.values())
