"""Writes the synthetic daily price series of the demo company's shares.

    python data/finance/make/prices.py [FILE]

A geometric random walk with seed 1926 is bent so that it passes through the anchor prices below (a Brownian bridge in
logarithms), on weekdays that are not holidays of a United States exchange. Nothing in it is a price that anyone paid.
Closes are neither split- nor dividend-adjusted (the fictitious shares never split).
"""

from __future__ import annotations

import csv
import math
import random
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

SEED = 1926
VOLATILITY = 0.0165
"""Standard deviation of a day's logarithmic return."""
ANCHORS = [
    (date(2019, 12, 31), 30.80), (date(2020, 2, 19), 32.40), (date(2020, 3, 23), 19.10), (date(2020, 12, 31), 33.90),
    (date(2021, 11, 9), 41.60), (date(2021, 12, 31), 39.20), (date(2022, 9, 30), 29.70), (date(2022, 12, 30), 32.85),
    (date(2023, 2, 14), 30.90), (date(2023, 12, 29), 38.40), (date(2024, 4, 30), 46.20), (date(2024, 12, 31), 53.15),
    (date(2025, 2, 21), 57.30), (date(2025, 2, 28), 55.72),
]  # fmt: skip
"""What the reports tell: the purchases of shares at about these prices, the furnace, the PFAS rule, the results."""


def easter(year: int) -> date:
    """Easter Sunday (anonymous Gregorian algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> set[date]:
    """Days on which United States exchanges are closed (regular holidays only)."""

    def nth(month: int, weekday: int, n: int) -> date:
        first = date(year, month, 1)
        return first + timedelta((weekday - first.weekday()) % 7 + 7 * (n - 1))

    def observed(day: date) -> date:
        return day + timedelta({5: -1, 6: 1}.get(day.weekday(), 0))

    last_of_may = date(year, 5, 31)
    days = {
        nth(1, 0, 3), nth(2, 0, 3), easter(year) - timedelta(2), last_of_may - timedelta(last_of_may.weekday()),
        observed(date(year, 7, 4)), nth(9, 0, 1), nth(11, 3, 4), observed(date(year, 12, 25)),
    }  # fmt: skip
    if date(year, 1, 1).weekday() != 5:
        days.add(observed(date(year, 1, 1)))
    if year >= 2022:
        days.add(observed(date(year, 6, 19)))
    return days


def trading_days(first: date, last: date) -> list[date]:
    """Weekdays from `first` to `last` without holidays."""
    closed = {h for year in range(first.year, last.year + 1) for h in holidays(year)}
    all_days = (first + timedelta(i) for i in range((last - first).days + 1))
    return [d for d in all_days if d.weekday() < 5 and d not in closed]


def rows() -> list[tuple[str, str, str, str, str, int]]:
    """Date, Open, High, Low, Close, Volume of every trading day."""
    rng = random.Random(SEED)
    days = trading_days(ANCHORS[0][0], ANCHORS[-1][0])
    logs = {ANCHORS[0][0]: math.log(ANCHORS[0][1])}
    for (start, low), (end, high) in pairwise(ANCHORS):
        leg = [d for d in days if start < d <= end]
        walk, total = [], 0.0
        for _ in leg:
            total += rng.gauss(0.0, VOLATILITY)
            walk.append(total)
        drift = (math.log(high / low) - total) / len(leg)
        for i, day in enumerate(leg):
            logs[day] = math.log(low) + walk[i] + drift * (i + 1)
    out, before = [], ANCHORS[0][1]
    for day in days:
        close = round(math.exp(logs[day]), 2)
        opened = round(before * math.exp(rng.gauss(0.0, 0.004)), 2)
        high = round(max(opened, close) * (1 + abs(rng.gauss(0.0, 0.005))), 2)
        low = round(min(opened, close) * (1 - abs(rng.gauss(0.0, 0.005))), 2)
        volume = int(210_000 * math.exp(rng.gauss(0.0, 0.35) + 9 * abs(math.log(close / before))))
        out.append((day.isoformat(), f"{opened:.2f}", f"{high:.2f}", f"{low:.2f}", f"{close:.2f}", volume))
        before = close
    return out


def main() -> None:
    """Writes the file named, else `data/finance/penstock-prices.csv`."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "penstock-prices.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Date", "Open", "High", "Low", "Close", "Volume"])
        writer.writerows(rows())


if __name__ == "__main__":
    main()
