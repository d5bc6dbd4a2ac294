"""Market figures from a price file: readers that cite the row of every price, and figures as Facts.

    series = read_prices(Path("prices.csv"), names=("PSWT", "Penstock Water Technologies, Inc."))
    series.on_or_before(date(2024, 12, 31))      # Price(day, close, line, row) or None
    figures = market_figures(series, entity, ledger_of_prices)   # see figures.py

A period that the series does not cover has no price: nothing is interpolated and nothing carried over a gap.
"""

from verticals.finance.market.figures import Market, Unpriced
from verticals.finance.market.prices import Price, Series, read_prices, symbols

__all__ = ["Market", "Price", "Series", "Unpriced", "read_prices", "symbols"]
