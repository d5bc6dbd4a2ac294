"""The periods that a question names: fiscal years, ranges of them, quarters and calendar dates.

A year in a question about a company is its fiscal year, as analysts write it ("FY2022", "fiscal 2022", "in 2022").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": 4}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

# A year as an analyst writes it: FY2022, FY22, FY'22, fiscal (year) 2022, year end 2018, or bare 2022.
FY = r"(?:f\.?y\.?(?:e)?|fiscal(?:\s+years?)?|financial\s+years?|calendar\s+years?|cy)\s*(?:ended?\s+|of\s+)?['’]?"
YEAR = rf"(?:{FY}\s*(?P<{{0}}a>(?:19|20)\d\d|\d\d)(?!\d)|(?<![\d.,$€£-])(?P<{{0}}b>(?:18|19|20)\d\d)(?![\d%]|[.,]\d))"
QUARTER = rf"(?:q(?P<{{0}}q>[1-4])|(?P<{{0}}r>[1-4])q|(?P<{{0}}w>{'|'.join(ORDINALS)})\s+(?:fiscal\s+)?quarter)"

_YEAR = re.compile(YEAR.format("y"), re.IGNORECASE)
_QUARTER = re.compile(
    rf"\b{QUARTER.format('q')}\s*(?:of|in|for|,|/)?\s*(?:the\s+)?(?:{FY}\s*)?['’]?(?P<year>(?:19|20)\d\d|\d\d)?(?!\d)",
    re.IGNORECASE,
)
_LINK = r"\s*(?:-|–|—|to|through|thru|until|till|and)\s*(?:the\s+)?"
_RANGE = re.compile(
    rf"(?P<lead>\b(?:between|from)\s+(?:the\s+)?)?{YEAR.format('s')}{_LINK}{YEAR.format('e')}", re.IGNORECASE
)
_SHORT_RANGE = re.compile(r"\b(?P<s>(?:19|20)\d\d)\s*[-–/]\s*(?P<e>\d\d)\b(?![-/])")
_SPAN = re.compile(
    rf"\b(?:the\s+)?(?:last\s+|past\s+|previous\s+)?(?P<n>\d|{'|'.join(NUMBER_WORDS)})[\s-](?:fiscal\s+)?years?"
    rf"\s+(?:to|ending|ended|up\s+to|through)\s+(?:in\s+)?{YEAR.format('t')}",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\b(?:last|past|latest|most\s+recent)\s+(?P<n>\d|{'|'.join(NUMBER_WORDS)})\s+(?:fiscal\s+|financial\s+)?years?\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{MONTH})\.?,?\s+(?P<y1>(?:19|20)\d\d)"
    rf"|(?P<m2>{MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A fiscal quarter; `year` is None where the question names none."""

    year: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Periods:
    """What a question says about time."""

    years: tuple[int, ...] = ()
    """Fiscal years named, ranges filled, ascending."""
    ranges: tuple[tuple[int, int], ...] = ()
    quarters: tuple[Quarter, ...] = ()
    dates: tuple[date, ...] = ()
    last: int | None = None
    """"the last three years": how many, ending with the latest there is."""
    rest: str = ""
    """The question with all of these blanked out by as many spaces."""


def find(question: str) -> Periods:
    """Reads every period out of `question`. Two-digit years are of this century."""
    rest = question
    years: set[int] = set()
    ranges: list[tuple[int, int]] = []
    quarters: list[Quarter] = []
    dates: list[date] = []
    last: int | None = None

    for m in _DATE.finditer(rest):
        day = _date(m)
        if day:
            dates.append(day)
            rest = _blank(rest, m)
    for m in _QUARTER.finditer(rest):
        number = int(m["qq"] or m["qr"] or ORDINALS[m["qw"].lower()])
        quarters.append(Quarter(_year(m["year"]) if m["year"] else None, number))
        rest = _blank(rest, m)
    for m in _SPAN.finditer(rest):
        n = _number(m["n"])
        end = _year(m["ta"] or m["tb"])
        ranges.append((end - n + 1, end))
        rest = _blank(rest, m)
    for m in _LAST.finditer(rest):
        last = _number(m["n"])
        rest = _blank(rest, m)
    for m in _RANGE.finditer(rest):
        start, end = _year(m["sa"] or m["sb"]), _year(m["ea"] or m["eb"])
        link = m.group().lower()
        if " and " in link and not m["lead"]:
            continue  # "FY2021 and FY2022" is a list, not a range
        ranges.append((min(start, end), max(start, end)))
        rest = _blank(rest, m)
    for m in _SHORT_RANGE.finditer(rest):
        start = int(m["s"])
        end = start // 100 * 100 + int(m["e"])
        if 0 < end - start < 30:
            ranges.append((start, end))
            rest = _blank(rest, m)
    for m in _YEAR.finditer(rest):
        years.add(_year(m["ya"] or m["yb"]))
        rest = _blank(rest, m)
    for start, end in ranges:
        if end - start <= 30:
            years.update(range(start, end + 1))
    return Periods(tuple(sorted(years)), tuple(ranges), tuple(quarters), tuple(dates), last, rest)


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS[text.lower()]


def _date(m: re.Match[str]) -> date | None:
    year, month, day = m["y1"] or m["y2"] or m["y3"], m["m1"] or m["m2"] or m["m3"], m["d1"] or m["d2"] or m["d3"]
    try:
        return date(int(year), int(month) if month.isdigit() else MONTHS[month.lower()], int(day))
    except ValueError:
        return None
