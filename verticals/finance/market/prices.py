"""Reads a price file into a dated series whose every price knows its line. Three layouts are told apart by the header:
one series (`Date, Open, High, Low, Close, …`), wide (`Date` and a column a ticker) and long (`symbol, date, price`).
"""

from __future__ import annotations

import bisect
import csv
import gzip
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Literal

from core.errors import UnreadableFile, UsageError
from verticals.finance.market import dates

Layout = Literal["series", "wide", "long"]
_DATE = {"date", "day", "datetime", "timestamp", "time", "trade date", "trading date", "period"}
_SYMBOL = {"symbol", "ticker", "name", "security", "instrument", "stock"}
_ADJUSTED = {"adj close", "adjusted close", "adjclose", "adj_close", "close (adjusted)", "adjusted_close", "adj. close"}
_CLOSE = {"close", "last", "close/last", "closing price", "close price", "price", "px_last", "settle", "value"}
_FIELDS = {"open", "high", "low", "volume", "vol.", "change %", "change", "vwap", "dividends", "stock splits",
           "dividend", "split", "currency", "exchange", "turnover", "trades"}  # fmt: skip
LAYOUTS = "It takes `Date, Open, High, Low, Close, …`, `Date` and a column a ticker, or `symbol, date, price`"


@dataclass(frozen=True, slots=True)
class Price:
    """A closing price and the line of the file that states it."""

    day: date
    close: Decimal
    line: int
    """1-based line of the (decompressed) file."""
    row: str
    """The line as it stands in the file."""


@dataclass(frozen=True, slots=True)
class Series:
    """One security's closing prices in ascending order of date."""

    symbol: str
    """The name of the column or of the symbol; "" where the file holds one unnamed series."""
    file: str
    sha256: str
    column: str
    """Header of the column that the prices were read from."""
    header: str
    """The header line as it stands in the file."""
    prices: tuple[Price, ...]
    adjusted: bool | None
    """True: the column says it is adjusted. False: a plain close beside other fields of a day. None: the file does
    not say."""
    layout: Layout = "series"
    days: tuple[date, ...] = field(default=(), repr=False)
    cell: int = 1
    """0-based position of the column in a row."""

    @property
    def first(self) -> Price:
        return self.prices[0]

    @property
    def last(self) -> Price:
        return self.prices[-1]

    @property
    def per_year(self) -> int:
        """Prices a year, by the usual gap between them: 252, 52, 12, 4 or 1."""
        gaps = sorted((b - a).days for a, b in zip(self.days, self.days[1:], strict=False))
        gap = gaps[len(gaps) // 2] if gaps else 1
        return 252 if gap <= 4 else 52 if gap <= 10 else 12 if gap <= 45 else 4 if gap <= 120 else 1

    @property
    def patience(self) -> timedelta:
        """How far before a date its price may lie: over a long weekend, or one step of a slower series."""
        return timedelta(days={252: 7, 52: 10, 12: 31, 4: 92, 1: 366}[self.per_year])

    def on_or_before(self, day: date) -> Price | None:
        """The last price at `day` or shortly before it; None where the series does not cover the day."""
        at = bisect.bisect_right(self.days, day)
        if at == 0 or day - self.days[at - 1] > self.patience:
            return None
        return self.prices[at - 1]

    def between(self, start: date, end: date) -> tuple[Price, ...]:
        """The prices from `start` to `end`, both included."""
        return self.prices[bisect.bisect_left(self.days, start) : bisect.bisect_right(self.days, end)]


def read_prices(path: Path, names: Sequence[str] = ()) -> Series:
    """The series of the company known by `names` (tickers, company names); of a file with one series, that one.

    Raises UnreadableFile naming file and line, and UsageError listing the symbols where none of `names` is among them.
    """
    table = _Table(path)
    if table.layout == "series":
        return table.series("", table.price_column, range(len(table.rows)))
    wanted = {_plain(n) for n in names if n}
    found = [s for s in table.symbols if _plain(s) in wanted]
    if not found and len(table.symbols) == 1:
        found = table.symbols
    if not found:
        raise UsageError(
            f"{path.name} has no prices for {names[0] if names else 'the company'}",
            f"It has: {', '.join(table.symbols[:40])}.",
        )
    return table.of_symbol(found[0])


def symbols(path: Path) -> list[str]:
    """The names of the series in a price file; [""] for a file with one unnamed series."""
    table = _Table(path)
    return [""] if table.layout == "series" else list(table.symbols)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


class _Table:
    """The file as rows with line numbers, its layout and columns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        content, self.sha256 = _content(path)
        self.lines = content.splitlines()
        self.delimiter, self.at, self.head = _header(path, self.lines)
        self.rows: list[tuple[int, list[str]]] = []
        for i, line in enumerate(self.lines[self.at + 1 :], self.at + 2):
            if line.strip():
                cells = [c.strip() for c in next(csv.reader([line], delimiter=self.delimiter))]
                if len(cells) < len(self.head):
                    cells += [""] * (len(self.head) - len(cells))
                self.rows.append((i, cells))
        if not self.rows:
            raise UnreadableFile(f"{path.name} has a header but no prices", "Give a file with one row a date")
        low = [h.lower().strip() for h in self.head]
        self.date_column = next((i for i, h in enumerate(low) if h in _DATE), 0)
        self._layout(low)
        texts = [cells[self.date_column] for _, cells in self.rows]
        read = dates.reader(texts)
        if read is None:
            self._bad_date(texts)
            raise AssertionError  # _bad_date raises
        self.dates = [read(t) for t in texts]

    def _layout(self, low: list[str]) -> None:
        others = [i for i in range(len(low)) if i != self.date_column]
        symbol = next((i for i in others if low[i] in _SYMBOL), None)
        close = next((i for i in others if low[i] in _CLOSE), None)
        adjusted = next((i for i in others if low[i] in _ADJUSTED), None)
        self.layout: Layout
        self.symbols: list[str] = []
        self.adjusted: bool | None = None
        price = close if close is not None else adjusted
        if symbol is not None and price is not None:
            self.layout, self.symbol_column, self.price_column = "long", symbol, price
            self.symbols = list(dict.fromkeys(cells[symbol] for _, cells in self.rows if cells[symbol]))
        elif price is not None and all(low[i] in _CLOSE | _ADJUSTED | _FIELDS for i in others):
            self.layout, self.price_column = "series", price
        else:
            self.layout = "wide"
            self.symbols = [self.head[i] for i in others if self.head[i]]
            if not self.symbols:
                raise UnreadableFile(
                    f"{self.path.name} has no column of prices (its header: {self.lines[self.at]!r})", LAYOUTS
                )
        if self.layout != "wide":
            if close is None:
                self.adjusted = True
            elif adjusted is not None or any(low[i] in ("open", "high", "low") for i in others):
                self.adjusted = False

    def of_symbol(self, symbol: str) -> Series:
        """The series of one symbol of a wide or a long file."""
        if self.layout == "wide":
            return self.series(symbol, self.head.index(symbol), range(len(self.rows)))
        mine = [i for i, (_, cells) in enumerate(self.rows) if cells[self.symbol_column] == symbol]
        return self.series(symbol, self.price_column, mine)

    def series(self, symbol: str, column: int, rows: Iterable[int]) -> Series:
        """Prices of `column` at `rows`; empty cells are days without a price."""
        found: dict[date, Price] = {}
        for i in rows:
            line, cells = self.rows[i]
            text = cells[column]
            if text.lower() in ("", "na", "n/a", "nan", "null", "-", "."):
                continue
            price = Price(self.dates[i], self._amount(text, line, self.head[column]), line, self.lines[line - 1])
            held = found.get(price.day)
            if held is not None and held.close != price.close:
                raise UnreadableFile(
                    f"{self.path.name}, line {line}: a second price for {price.day} beside line {held.line}",
                    "Keep one row a date",
                )
            found[price.day] = price
        if not found:
            raise UnreadableFile(f"{self.path.name} has no price in column {self.head[column]!r}", LAYOUTS)
        prices = tuple(found[d] for d in sorted(found))
        return Series(
            symbol, self.path.name, self.sha256, self.head[column], self.lines[self.at], prices, self.adjusted,
            self.layout, tuple(p.day for p in prices), column,
        )  # fmt: skip

    def _amount(self, text: str, line: int, column: str) -> Decimal:
        plain = re.sub(r"^[$€£]\s*", "", text.replace(" ", ""))
        if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", plain):
            plain = plain.replace(",", "")
        elif self.delimiter != "," and re.fullmatch(r"\d+,\d+", plain):
            plain = plain.replace(",", ".")
        try:
            value = Decimal(plain)
        except InvalidOperation:
            value = Decimal(0)
        if not value.is_finite() or value <= 0:
            raise UnreadableFile(
                f"{self.path.name}, line {line}: {text!r} in column {column!r} is not a price", "Give positive numbers"
            )
        return value

    def _bad_date(self, texts: list[str]) -> None:
        nearest = dates.best(texts)
        if nearest is None:
            raise UnreadableFile(
                f"{self.path.name}, line {self.rows[0][0]}: {texts[0]!r} is not a date that is known here", LAYOUTS
            )
        line = self.rows[nearest[1]][0]
        raise UnreadableFile(
            f"{self.path.name}, line {line}: {texts[nearest[1]]!r} is not a date in the form of the other rows",
            "Write all dates in one form, 2024-12-31 for example",
        )


def _content(path: Path) -> tuple[str, str]:
    """Text of the file (decompressed where it is gzip) and the SHA-256 of its bytes as they lie on disk."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read ({error.strerror})", "Check the path") from error
    digest = hashlib.sha256(raw).hexdigest()
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError) as error:
            raise UnreadableFile(f"{path.name} is a damaged gzip file", "Fetch or pack it again") from error
    if not raw.strip():
        raise UnreadableFile(f"{path.name} is empty", LAYOUTS)
    try:
        return raw.decode("utf-8-sig"), digest
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path.name} is not a text file of prices", LAYOUTS) from error


def _header(path: Path, lines: list[str]) -> tuple[str, int, list[str]]:
    """Delimiter, position and cells of the header: the first line of cells that names a date or holds no number."""
    for at, line in enumerate(lines[:20]):
        for delimiter in (",", "\t", ";", "|"):
            cells = [c.strip() for c in next(csv.reader([line], delimiter=delimiter), [])]
            dated = any(c.lower() in _DATE for c in cells)
            if len(cells) >= 2 and (dated or not any(re.fullmatch(r"[\d.,/\- ]+", c) for c in cells if c)):
                return delimiter, at, cells
        if line.strip() and re.match(r"\s*\"?\d", line):
            break
    raise UnreadableFile(f"{path.name}, line 1: no header with a date column", LAYOUTS)
