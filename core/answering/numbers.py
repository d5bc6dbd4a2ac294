"""Numbers as a reader sees them in running text: value, rounding, unit and scale, and which are years or dates.

The gates compare numbers only through `Number`, so that "391,035 (in millions)" and "$391.0 billion" can meet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from core.answering.words import spelled_numbers

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:{MONTHS}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
DATE = re.compile(rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b|\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b"
                  rf"|\b(\d{{1,2}})\s+({_MONTH})\s+((?:19|20)\d\d)\b", re.IGNORECASE)  # fmt: skip
YEAR = re.compile(
    r"(?<![\w$€£¥.,-])(?:FY|CY|fiscal\s+|[1-4]Q|Q[1-4]\s*)?\s?'?((?:19|20)\d\d)(?![\w%]|,\d{3}|\.\d)|\b(?:FY|CY)'?\s?(\d\d)\b",
    re.IGNORECASE,
)
_CURRENCIES = {"$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
               "¥": "JPY", "jpy": "JPY", "rmb": "CNY", "cny": "CNY", "元": "CNY"}  # fmt: skip
_NUMBER = re.compile(
    r"""
    (?P<open>\()?\s*(?P<sign>[-\u2212\u2013])?\s*
    (?P<cur>(?:US\$|\$|€|£|¥)|\b(?:USD|EUR|GBP|JPY|CNY|RMB)\s)?\s*
    (?P<open2>\()?(?P<sign2>[-\u2212])?
    (?P<num>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)
    (?P<close>\s?\))?
    (?P<suffix>
        \s*(?:%|％|percentage\s+points?|percent\b|per\s+cent\b|basis\s+points?|bps\b|pp\b)
      | \s*-?\s*(?:thousands?|millions?|billions?|trillions?)\b
      | \s?(?:mn|mm|bn|tn)\b(?!\s*-)
      | (?<=[\d.])(?:(?<=\.\d)|(?<=\.\d\d)|(?<=\d\d)|(?<=[$€£¥]\d))\s?[kmbKMB]\b(?!\s*-)
      | (?:万|亿|億)
      | \s?(?:x|×|times)(?!\w)
    )?
    (?P<tail>\s*(?:US\s)?(?:dollars?|euros?|pounds?|yen|yuan|USD|EUR|GBP|JPY|元)\b)?
    (?P<close2>\s?\))?
    """,
    re.VERBOSE,
)
_TAILS = {"dollar": "USD", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY", "usd": "USD", "eur": "EUR",
          "gbp": "GBP", "jpy": "JPY", "元": "CNY"}  # fmt: skip


@cache
def scales() -> dict[str, int]:
    """Scale words and their powers of ten (`data/scales.tsv`)."""
    text = (files("core.answering") / "data" / "scales.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {word: int(power) for word, power, _ in rows[1:]}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed. `value` and `step` are unscaled; `step` is one unit of its last printed digit."""

    text: str
    start: int
    end: int
    value: Decimal
    step: Decimal
    unit: str
    """"USD", "EUR", … for money; "percent", "points" (percentage points, basis points in their hundredth),
    "times", or "" where none is printed."""
    power: int = 0
    """Power of ten that a scale word beside the number states; 0 where there is none."""
    negative: bool = False
    spelled: bool = False

    def meets(self, other: Decimal, other_step: Decimal = Decimal(0)) -> bool:
        """Whether `other`, rounded as this number is printed, gives this number (signs aside)."""
        tolerance = max(self.step, Decimal(0)) / 2
        return abs(abs(self.value) - abs(other)) <= tolerance * Decimal("1.0001")


def step_of(digits: str) -> Decimal:
    """One unit of the last printed digit: "391.0" → 0.1, "391,035" → 1."""
    _, dot, fraction = digits.partition(".")
    return Decimal(1).scaleb(-len(fraction)) if dot else Decimal(1)


def dates(text: str) -> list[tuple[int, int, str]]:
    """(start, end, ISO date) of each full date in `text`."""
    out = []
    for m in DATE.finditer(text):
        if m[4]:
            year, month, day = int(m[4]), int(m[5]), int(m[6])
        else:
            name, day, year = (m[1], int(m[2]), int(m[3])) if m[1] else (m[8], int(m[7]), int(m[9]))
            month = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].index(
                name[:3].lower()
            ) + 1
        out.append((m.start(), m.end(), f"{year:04d}-{month:02d}-{day:02d}"))
    return out


def years(text: str) -> list[tuple[int, int, int]]:
    """(start, end, year) of each year named in `text`, those inside full dates included."""
    out = []
    for m in YEAR.finditer(text):
        year = int(m[1]) if m[1] else 2000 + int(m[2])
        out.append((m.start(), m.end(), year))
        # "2020-2022" and "2021/22" name a range; the second half is found here because it follows a digit.
        ranged = re.match(r"\s?[-\u2013/]\s?(?:FY)?((?:19|20)\d\d)\b", text[m.end() :])
        if ranged:
            out.append((m.end(), m.end() + ranged.end(), int(ranged[1])))
    return sorted(set(out))


def numbers(text: str, spelled: bool = False) -> list[Number]:
    """Amounts in `text`, in order: no years, dates, citation marks, or digits of a name ("10-K", "737-9").

    `spelled` adds numbers written as words ("two", "doubled").
    """
    taken = [(s, e) for s, e, _ in dates(text)] + [(s, e) for s, e, _ in years(text)]
    taken += [
        m.span() for m in re.finditer(rf"\b{_MONTH}\s+\d{{1,2}}\b(?!\s*(?:%|million|billion|percent))|\[\d+\]", text)
    ]
    out = []
    for m in _NUMBER.finditer(text):
        start, end = m.start("num"), m.end("num")
        if any(s < end and start < e for s, e in taken) or _part_of_name(text, start, end, m):
            continue
        out.append(_number(m, text))
    if spelled:
        for m in re.finditer(r"\b[A-Za-z]+\b", text):
            value = spelled_numbers().get(m.group().lower())
            if value is not None:
                out.append(Number(m.group(), m.start(), m.end(), Decimal(str(value)), Decimal(0), "", spelled=True))
        out.sort(key=lambda n: n.start)
    return out


def _part_of_name(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    before, after = text[:start], text[end:]
    # "of600": a space that a PDF's text lost does not make a name.
    lost = re.search(
        r"\b(?:of|to|at|than|and|or|was|were|by|from|with|rates?|in|for|over|about|increase[ds]?)\Z", before
    )
    if re.search(r"[A-Za-z]\Z", before) and not lost and not re.search(r"(?:US|USD|EUR|GBP|JPY|CNY|RMB)\s?\Z", before):
        return True
    if re.search(r"[A-Za-z\d]-\Z", before) and not re.search(r"\d-\Z", before):
        return True
    if match["suffix"] or match["cur"]:
        return False
    if re.match(r"-?[A-Za-z]", after) and not re.match(
        r"-(?:year|month|day|week|quarter|for|to|point|fold|hour)", after
    ):
        return True
    # "Item 7", "Note 3", "Topic 606": a number that names a part of a document.
    return bool(_PART_OF_DOCUMENT.search(before))


_PART_OF_DOCUMENT = re.compile(
    r"\b(?:Item|Note|Topic|Section|Part|Exhibit|Level|Rule|Form|Chapter|Page|No\.|Article|Tier|Phase"
    r"|ASC|ASU|IFRS|IAS|SFAS)\s*$"
)


def _number(m: re.Match[str], text: str) -> Number:
    digits = m["num"].replace(",", "")
    suffix = re.sub(r"[\s-]+", " ", m["suffix"] or "").strip().lower()
    unit, power = "", 0
    currency = (m["cur"] or "").strip().lower()
    if currency:
        unit = _CURRENCIES[currency]
    factor = Decimal(1)
    if suffix in ("%", "％", "percent", "per cent"):
        unit = "percent"
    elif suffix.startswith("percentage point") or suffix == "pp":
        unit = "points"
    elif suffix.startswith("basis point") or suffix == "bps":
        unit, factor = "points", Decimal("0.01")
    elif suffix in ("x", "×", "times"):
        unit = "times"
    elif suffix:
        power = scales()[suffix]
    if m["tail"]:
        unit = _TAILS[re.sub(r"^us\s", "", m["tail"].strip().lower()).rstrip("s")]
    if not power:
        stated = re.match(r"\s*\(?\s*in\s+(thousand|million|billion)s?\b", text[m.end() :], re.IGNORECASE)
        power = scales()[stated[1].lower()] if stated and unit not in ("percent", "points") else 0
    factor = factor.scaleb(power)
    bracketed = bool((m["open"] or m["open2"]) and (m["close"] or m["close2"]))
    # A minus stands apart from what precedes it and touches what follows: "from -4.3%", not "2020-2022" or "5 - 3".
    minus = bool(m["sign"]) and m.end("sign") < len(text) and not text[m.end("sign")].isspace()
    minus = minus and not re.search(r"[^\s(]$", text[: m.start("sign")])
    negative = bracketed or bool(m["sign2"]) or minus
    # "(increase of $5 million)": brackets that hold words are not a sign.
    value = Decimal(digits) * factor
    return Number(
        text[m.start() : m.end()].strip(),
        m.start("num"),
        m.end(),
        -value if negative else value,
        step_of(digits) * factor,
        unit,
        power,
        negative,
    )


def stated_scale(text: str) -> int | None:
    """Power of ten that a table's unit line states: "(in millions, except per share data)" → 6; None where none."""
    found = re.search(
        r"\b(?:in|of|expressed in|dollars in|amounts in|\$ in|us\$)\s+(thousand|million|billion)s\b"
        r"|\(\s*(?:u\.?s\.?\s)?(?:dollars\s+)?(?:in\s+)?(thousand|million|billion)s\b|^\s*(thousand|million|billion)s\b",
        text,
        re.IGNORECASE | re.MULTILINE,
    )
    return scales()[next(g for g in found.groups() if g).lower()] if found else None
