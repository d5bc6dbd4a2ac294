"""Price files of every layout are read with their lines, and market figures are what a hand computes from two rows."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from core.answering.formula import verify
from core.errors import UnreadableFile, UsageError
from core.evidence import Locator, Period, Value
from verticals.finance.market import Market, Series, Unpriced, read_prices, symbols
from verticals.finance.ratios import Book
from verticals.finance.statements.frame import Frame

DEMO = Path(__file__).resolve().parents[3] / "data" / "finance" / "penstock-prices.csv"


def written(folder: Path, text: str, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def market(series: Series) -> Market:
    return Market(series, Book(Frame("Acme", ())))


# --- layouts ----------------------------------------------------------------------------------------------------
def test_one_series_of_days_reads_the_close_and_knows_that_it_is_plain(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Date,Open,High,Low,Close,Adj Close,Volume\n1/4/1999,10,12,9,11.5,8.25,100\n1/5/1999,11,12,9,12,8.6,90\n",
    )
    series = read_prices(path)
    assert (series.layout, series.column, series.adjusted) == ("series", "Close", False)
    assert [(p.day, p.close, p.line) for p in series.prices] == [
        (date(1999, 1, 4), Decimal("11.5"), 2),
        (date(1999, 1, 5), Decimal("12"), 3),
    ]
    assert series.first.row == "1/4/1999,10,12,9,11.5,8.25,100"


def test_a_wide_file_gives_the_column_of_the_ticker_whatever_its_case(tmp_path: Path) -> None:
    path = written(tmp_path, "Date,AAPL,BRK.B\n2020-01-02,75.1,226\n2020-01-03,74.4,\n")
    assert symbols(path) == ["AAPL", "BRK.B"]
    series = read_prices(path, ("Berkshire Hathaway", "brk-b"))
    assert (series.symbol, series.layout, series.adjusted) == ("BRK.B", "wide", None)
    assert [p.day for p in series.prices] == [date(2020, 1, 2)]  # an empty cell is a day without a price


def test_a_long_file_gives_the_rows_of_the_symbol(tmp_path: Path) -> None:
    path = written(tmp_path, "symbol,date,price\nMSFT,Jan 1 2000,39.81\nIBM,Jan 1 2000,100.52\nMSFT,Feb 1 2000,36.35\n")
    series = read_prices(path, ("MSFT",))
    assert series.layout == "long"
    assert [(p.day.isoformat(), str(p.close), p.line) for p in series.prices] == [
        ("2000-01-01", "39.81", 2),
        ("2000-02-01", "36.35", 4),
    ]


def test_a_packed_file_is_told_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(gzip.compress(b"Date,Close\n2020-01-02,5\n2020-01-03,6\n"))
    assert read_prices(path).last.close == 6


@pytest.mark.parametrize(
    ("first", "second", "day"),
    [
        ("2021-03-04", "2021-03-05", date(2021, 3, 5)),
        ("3/4/2021", "3/5/2021", date(2021, 3, 5)),
        ("13/04/2021", "14/04/2021", date(2021, 4, 14)),
        ("Mar 4 2021", "Mar 5 2021", date(2021, 3, 5)),
        ('"March 4, 2021"', '"March 5, 2021"', date(2021, 3, 5)),
        ("20210304", "20210305", date(2021, 3, 5)),
        ("2021-03-04 00:00:00", "2021-03-05 00:00:00", date(2021, 3, 5)),
    ],
)
def test_dates_are_read_in_the_form_of_the_column(tmp_path: Path, first: str, second: str, day: date) -> None:
    assert read_prices(written(tmp_path, f"Date,Close\n{first},1\n{second},2\n")).last.day == day


def test_days_and_months_that_could_be_either_are_told_by_their_order(tmp_path: Path) -> None:
    # As month/day the rows would run 1 May, 1 June, 1 February; as day/month they are in order.
    text = "Date,Close\n05/01/2021,1\n06/01/2021,2\n02/02/2021,3\n"
    assert [p.day for p in read_prices(written(tmp_path, text)).prices] == [
        date(2021, 1, 5),
        date(2021, 1, 6),
        date(2021, 2, 2),
    ]


# --- errors name file and line ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Date,Close\n2020-01-02,5\n2020-01-03,abc\n", "line 3"),
        ("Date,Close\n2020-01-02,5\n2020-01-03,-4\n", "line 3"),
        ("Date,Close\n2020-01-02,5\n2020-13-45,4\n", "line 3"),
        ("Date,Close\n2020-01-02,5\n2020-01-02,6\n", "line 3"),
        ("Date,Close\nsoon,5\n", "line 2"),
        ("2020-01-02,5\n2020-01-03,6\n", "line 1"),
        ("Date,Close\n", "no prices"),
        ("", "empty"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_line(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UnreadableFile, match=r"prices.csv") as caught:
        read_prices(written(tmp_path, text))
    assert named in str(caught.value)


def test_a_company_that_is_not_in_the_file_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="AAPL, MSFT"):
        read_prices(written(tmp_path, "Date,AAPL,MSFT\n2020-01-02,75,160\n"), ("Best Buy", "BBY"))


# --- figures ------------------------------------------------------------------------------------------------------
def test_a_period_that_the_series_does_not_cover_has_no_price(tmp_path: Path) -> None:
    series = read_prices(written(tmp_path, "Date,Open,Close\n2020-01-02,5,5\n2020-01-03,6,6\n"))
    with pytest.raises(Unpriced, match="no price for this period"):
        market(series).total_return(1)
    with pytest.raises(Unpriced, match="no price for this period"):
        market(series).close(date(2020, 6, 30))
    assert series.on_or_before(date(2020, 1, 5)) == series.last  # over the week-end
    assert series.on_or_before(date(2020, 1, 1)) is None


def test_drawdown_is_from_the_high_before_the_low_not_from_the_highest(tmp_path: Path) -> None:
    # 100 to 60 is a fall of 40%; the later high of 120 falls to 90 only, 25%.
    rows = "2020-01-02,100,100\n2020-01-03,60,60\n2020-01-06,120,120\n2020-01-07,90,90\n"
    fact = market(read_prices(written(tmp_path, "Date,Open,Close\n" + rows))).drawdown()
    assert fact.value == Decimal("-0.4")
    assert [i.period for i in fact.inputs] == ["2020-01-03", "2020-01-02"]


def shares(count: int, day: date) -> Value:
    return Value(
        "v", "s", "Acme", "shares_outstanding", "shares", Period(day), Decimal(count), "shares", str(count), Locator()
    )


def test_market_value_needs_plain_closes(tmp_path: Path) -> None:
    day = date(2020, 1, 2)
    plain = market(read_prices(written(tmp_path, "Date,Open,Close\n2020-01-02,9,10\n", "plain.csv")))
    assert plain.market_cap(shares(3_000_000, day), 2019).value == 30_000_000
    for text, why in (
        ("Date,Adj Close\n2020-01-02,10\n", "adjusted closes"),
        ("Date,ACME\n2020-01-02,10\n", "does not say"),
    ):
        with pytest.raises(Unpriced, match=why):
            market(read_prices(written(tmp_path, text, f"{len(text)}.csv"))).market_cap(shares(3_000_000, day), 2019)


def test_the_demo_series_gives_what_its_first_and_last_rows_give() -> None:
    m = market(read_prices(DEMO))
    # By hand from the file: 55.72 on 2025-02-28, 42.12 a year before.
    rows = {line.split(",")[0]: line.split(",")[4] for line in DEMO.read_text().splitlines()}
    year = Decimal(rows["2025-02-28"]) / Decimal(rows["2024-02-28"]) - 1
    assert m.total_return(1).value == pytest.approx(year)
    made = [m.close(), m.total_return(5), m.cagr(5), m.volatility(), m.drawdown(), m.high(), m.low(), m.from_high()]
    for fact in made:
        assert verify(fact) == ""
        assert fact.definition
        assert all(i.citation for i in fact.inputs)


# --- the development data, values computed outside this code ---------------------------------------------------------
@pytest.mark.slow
def test_the_index_fell_in_the_financial_crisis_as_is_widely_told(shared_data: Path) -> None:
    # S&P 500: 1,565.15 on 2007-10-09 and 676.53 on 2009-03-09, a fall of 56.8% (S&P Dow Jones Indices, widely told).
    fact = market(read_prices(shared_data / "finance" / "prices" / "sp500-daily.csv.gz")).drawdown()
    assert [i.value.quantize(Decimal("0.01")) for i in fact.inputs] == [Decimal("676.53"), Decimal("1565.15")]
    assert fact.value == pytest.approx(Decimal("-0.5678"), abs=Decimal("0.0001"))


@pytest.mark.slow
def test_returns_of_a_share_by_hand(shared_data: Path) -> None:
    path = shared_data / "finance" / "prices" / "stocks-monthly.csv"
    m = market(read_prices(path, ("AAPL",)))
    # 223.02 on Mar 1 2010; 105.12 on Mar 1 2009; 41.67 on Mar 1 2005: by pocket calculator.
    assert m.close().value == Decimal("223.02")
    assert m.total_return(1).value == pytest.approx(Decimal(223.02 / 105.12 - 1))
    assert m.cagr(5).value == pytest.approx(Decimal((223.02 / 41.67) ** 0.2 - 1))


@pytest.mark.slow
def test_volatility_agrees_with_the_standard_library(shared_data: Path) -> None:
    import math
    import statistics

    path = shared_data / "finance" / "prices" / "sp500-close-1990-2022.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()[1:]
    closes = [float(x.split(",")[1]) for x in lines if "2021-12-28" <= x.split(",")[0] <= "2022-12-28"]
    returns = [math.log(b / a) for a, b in pairwise(closes)]
    by_hand = statistics.stdev(returns) * math.sqrt(252)
    assert float(market(read_prices(path)).volatility().value) == pytest.approx(by_hand, rel=1e-9)
