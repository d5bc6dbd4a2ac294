"""Market figures as Facts: each names its formula, the source of its definition and, as inputs, prices cited by row.

A figure that the series does not cover raises `Unpriced` ("no price for this period"). Closes that the file calls
adjusted, or of which it does not say that they are plain, serve for returns only: never for a market value or a P/E.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.answering.formula import evaluate
from core.evidence import Citation, Fact, FactInput, Locator, Value
from verticals.finance.formatting import display
from verticals.finance.market.prices import Price, Series

if TYPE_CHECKING:
    from verticals.finance.ratios.book import Book

NO_PRICE = "no price for this period"
LEAST = {252: 120, 52: 26, 12: 6}
"""Least number of prices in a year for a volatility, by prices a year: half of them."""
STALE = timedelta(days=400)
"""A yearly figure is set against a price at most this long after the fiscal year's end."""


class Unpriced(Exception):
    """Why there is no market figure, worded for the reader."""

    def __init__(self, what: str, why: str = NO_PRICE) -> None:
        self.what = what
        super().__init__(f"{what}: {why}")


@dataclass(frozen=True, slots=True)
class Definition:
    """A row of `definitions.tsv`."""

    label: str
    unit: str
    definition: str
    source: str


@cache
def definitions() -> dict[str, Definition]:
    """What each market figure is called and where it is defined."""
    lines = (Path(__file__).parent / "definitions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {name: Definition(*rest) for name, *rest in (line.split("\t") for line in lines)}


class Market:
    """Figures of one series, added to a book of citations and facts.

    `currency` is the currency that the prices are taken to be in: the file does not say (an assumption to be shown).
    """

    def __init__(self, series: Series, book: Book, currency: str = "USD") -> None:
        self.series = series
        self.book = book
        self.currency = currency
        self.price_unit = f"{currency}/shares"
        self._cited: dict[tuple[int, int], int] = {}

    # --- prices -----------------------------------------------------------------------------------------------
    def cite(self, prices: Sequence[Price]) -> int:
        """The number of the citation of a run of rows, as they stand in the file."""
        ordered = sorted(prices, key=lambda p: p.line)
        key = (ordered[0].line, ordered[-1].line)
        if key not in self._cited:
            n = self.book.number()
            self._cited[key] = n
            self.book.citations.append(
                Citation(
                    n, self.series.file, self.series.sha256, "prices", ordered[-1].day.isoformat(),
                    Locator(line=ordered[0].line, column=self.series.cell), "\n".join(p.row for p in ordered),
                )
            )  # fmt: skip
        return self._cited[key]

    def at(self, day: date, what: str) -> Price:
        """The price at `day`. Raises Unpriced."""
        price = self.series.on_or_before(day)
        if price is None:
            raise Unpriced(
                f"{what} at {day.isoformat()}",
                f"{NO_PRICE} (the series runs from {self.series.first.day} to {self.series.last.day})",
            )
        return price

    def close(self, day: date | None = None) -> Fact:
        """The closing price at `day`, by default the last one."""
        price = self.series.last if day is None else self.at(day, "closing price")
        name = _name(price)
        return self._add("close", price.close, price.day.isoformat(), name, [self._input(price)])

    # --- returns ----------------------------------------------------------------------------------------------
    def total_return(self, years: int) -> Fact:
        """Return over the last `years` years."""
        start = self._years_ago(years, "share price return")
        return self._return(start, _over(years))

    def return_since_start(self) -> Fact:
        """Return since the first price of the file."""
        return self._return(self.series.first, " since the first price")

    def cagr(self, years: int | None = None) -> Fact:
        """Compound annual return over `years` years, or since the first price (in years of 365.25 days)."""
        end = self.series.last
        if years is not None:
            start, power = self._years_ago(years, "compound annual share price return"), f"1 / {years}"
            name = _over(years)
        else:
            start = self.series.first
            if (end.day - start.day).days < 730:
                raise Unpriced("compound annual share price return", "the series is shorter than two years")
            power, name = f"365.25 / {(end.day - start.day).days}", " since the first price"
        inputs = [self._input(end), self._input(start)]
        return self._computed("cagr", f"({_name(end)} / {_name(start)}) ^ ({power}) - 1", start, end, inputs, name)

    def _return(self, start: Price, suffix: str) -> Fact:
        end = self.series.last
        inputs = [self._input(end), self._input(start)]
        return self._computed("return", f"{_name(end)} / {_name(start)} - 1", start, end, inputs, suffix)

    def _years_ago(self, years: int, what: str) -> Price:
        return self.at(_years_before(self.series.last.day, years), what + _over(years))

    # --- risk -------------------------------------------------------------------------------------------------
    def volatility(self, years: int = 1) -> Fact:
        """Annualised volatility of the returns of the last `years` years."""
        start, rows = self._years_ago(years, "annualised volatility"), self._window(years)
        per_year = self.series.per_year
        if per_year not in LEAST or len(rows) < LEAST[per_year] * years:
            raise Unpriced("annualised volatility", "too few prices in the period")
        if rows[0].line != start.line and start.day < rows[0].day:
            rows = (start, *rows)
        cited = self.cite(rows)
        inputs = [FactInput(_name(p), p.close, self.price_unit, cited, p.day.isoformat()) for p in rows]
        text = f"sqrt({per_year}) * stdev(log_returns(each(close)))"
        return self._computed("volatility", text, rows[0], rows[-1], inputs, _over(years))

    def drawdown(self, years: int | None = None) -> Fact:
        """The deepest fall from a high, over the last `years` years or the whole series."""
        rows = self.series.prices
        if years is not None:
            self._years_ago(years, "maximum drawdown")
            rows = self._window(years)
        peak = high = low = rows[0]
        for price in rows:
            if price.close > peak.close:
                peak = price
            if price.close / peak.close < low.close / high.close:
                high, low = peak, price
        inputs = [self._input(low), *([self._input(high)] if high is not low else [])]
        name = _over(years) if years else " since the first price"
        return self._computed("drawdown", f"{_name(low)} / {_name(high)} - 1", rows[0], rows[-1], inputs, name)

    def high(self) -> Fact:
        """Highest close of 52 weeks."""
        return self._extreme("high", "max")

    def low(self) -> Fact:
        """Lowest close of 52 weeks."""
        return self._extreme("low", "min")

    def from_high(self) -> Fact:
        """Last close against the highest close of 52 weeks."""
        last, top = self.close(), self.high()
        inputs = [FactInput(f.name, f.value, f.unit, f.n, f.period) for f in (last, top)]
        return self._add("from_high", last.value / top.value - 1, last.period, f"{last.name} / {top.name} - 1", inputs)

    def _extreme(self, name: str, function: str) -> Fact:
        start = self.series.last.day - timedelta(weeks=52)
        self.at(start, definitions()[name].label)
        rows = self.series.between(start, self.series.last.day)
        cited = self.cite(rows)
        inputs = [FactInput(_name(p), p.close, self.price_unit, cited, p.day.isoformat()) for p in rows]
        return self._computed(name, f"{function}(each(close))", rows[0], rows[-1], inputs)

    def _window(self, years: int) -> tuple[Price, ...]:
        return self.series.between(_years_before(self.series.last.day, years), self.series.last.day)

    # --- values -----------------------------------------------------------------------------------------------
    def refuses_value(self) -> str:
        """Why these closes may not be multiplied by a share count; "" where they may."""
        if self.series.adjusted is True:
            return f"the prices of {self.series.file} are adjusted closes, which are no market prices"
        if self.series.adjusted is None:
            return f"{self.series.file} does not say that its prices are unadjusted closes"
        return ""

    def market_cap(self, shares: Value, year: int) -> Fact:
        """Close at the date of the share count (a weighted average: at its period's end) times the shares."""
        price = self._for_value("market capitalisation", shares.period.end)
        counted = FactInput(
            f"shares FY{year}", shares.value, shares.unit, self.book.cite(shares), shares.period.as_text()
        )
        name = _name(price)
        return self._add(
            "market_cap", price.close * shares.value, price.day.isoformat(), f"{name} * {counted.name}",
            [self._input(price), counted],
        )  # fmt: skip

    def price_to(self, name: str, below: Fact, end: date) -> Fact:
        """Price at the fiscal year's end over a per-share figure ("pe"), or that figure over the price
        ("dividend_yield"). Raises Unpriced where the figure is not positive or its date is not covered."""
        label = definitions()[name].label
        price = self._for_value(label, end)
        if below.value <= 0:
            raise Unpriced(label, f"{below.name} of {below.period} is not positive")
        figure = FactInput(f"{below.name} {below.period}", below.value, below.unit, below.n, below.period)
        if name == "dividend_yield":
            value, text = below.value / price.close, f"{figure.name} / {_name(price)}"
        else:
            value, text = price.close / below.value, f"{_name(price)} / {figure.name}"
        return self._add(name, value, price.day.isoformat(), text, [self._input(price), figure])

    def cap_to(self, name: str, cap: Fact, below: Fact) -> Fact:
        """Market capitalisation over a figure of the statements ("ps", "pb")."""
        label = definitions()[name].label
        if below.value <= 0:
            raise Unpriced(label, f"{below.name} of {below.period} is not positive")
        top = FactInput(cap.name, cap.value, cap.unit, cap.n, cap.period)
        figure = FactInput(f"{below.name} {below.period}", below.value, below.unit, below.n, below.period)
        return self._add(name, cap.value / below.value, cap.period, f"{top.name} / {figure.name}", [top, figure])

    def _for_value(self, what: str, day: date) -> Price:
        refused = self.refuses_value()
        if refused:
            raise Unpriced(what, refused)
        return self.at(day, what)

    # --- facts ------------------------------------------------------------------------------------------------
    def _input(self, price: Price) -> FactInput:
        return FactInput(_name(price), price.close, self.price_unit, self.cite([price]), price.day.isoformat())

    def _computed(
        self, name: str, text: str, start: Price, end: Price, inputs: Sequence[FactInput], suffix: str = ""
    ) -> Fact:
        value = evaluate(text, {i.name: i.value for i in inputs})
        return self._add(name, value, f"{start.day.isoformat()} to {end.day.isoformat()}", text, inputs, suffix)

    def _add(
        self, name: str, value: Decimal, period: str, text: str, inputs: Sequence[FactInput], suffix: str = ""
    ) -> Fact:
        known = definitions()[name]
        unit = {"price": self.price_unit, "percent": "ratio", "money": self.currency}.get(known.unit, known.unit)
        with localcontext() as context:
            context.prec = 34
            value = +value
        shown = display(value, unit, known.unit)
        if known.unit == "money":
            shown = display(Decimal(round(value, -5)), unit, known.unit)
        return self.book.add(
            known.label + suffix, value, unit, period, text, inputs, f"{known.definition}; {known.source}", shown
        )


def _name(price: Price) -> str:
    return f"close {price.day.isoformat()}"


def _over(years: int) -> str:
    word = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 10: "ten"}.get(years, str(years))
    return f" over {word} year{'s' if years > 1 else ''}"


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
