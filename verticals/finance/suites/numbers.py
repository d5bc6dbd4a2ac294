"""Numbers as people write them in an analyst's answer ("$1577.00", "USD 1,577 million", "(14.8)%", "0.67x"), for
grading. Deliberately independent of the gates' own parser: a fault of theirs must not hide itself here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SCALES = {
    "thousand": 3,
    "k": 3,
    "million": 6,
    "millions": 6,
    "mn": 6,
    "mm": 6,
    "m": 6,
    "billion": 9,
    "billions": 9,
    "bn": 9,
    "b": 9,
    "trillion": 12,
    "tn": 12,
}
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)

NUMBER = re.compile(
    r"""
    (?<![\w.,$])                                     # not inside a word or another number
    (?P<open>\()?
    (?P<sign>[-\u2212\u2013+](?=[\d$.(U]))?          # a sign stands directly before its number
    (?:(?P<money>(?:US)?\$|USD\s|EUR\s|\u20ac)\s?(?P<inner>[-\u2212(](?=\d))?)?
    (?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
    (?P<close>\))?
    \s?(?P<percent>%|percent\b|percentage\s+points?\b|pp\b|bps\b|basis\s+points?\b)?
    (?P<times>(?-i:x)\b)?
    (?:[\s-]?(?P<scale>thousand|millions?|mn|mm|billions?|bn|trillion|tn)\b|(?P<letter>[kmb])\b)?
    (?P<close2>\))?
    (?![\w]|[-\u2011][A-Za-z]|,\d|\.\d)                # "10-K", "3-year", "777X", "1st" are names
    """,
    re.VERBOSE | re.IGNORECASE,
)
DAY_BEFORE = re.compile(rf"\b(?:{MONTHS})\.?\s+$", re.IGNORECASE)
DAY_AFTER = re.compile(rf"^\s*(?:of\s+)?(?:{MONTHS})\b", re.IGNORECASE)
SPAN_AFTER = re.compile(r"^\s*(?:years?|months?|quarters?|weeks?)\b", re.IGNORECASE)
QUARTER_BEFORE = re.compile(r"\b(?:Q|quarter|FY|fiscal|year|note|item|page|part)\s*$", re.IGNORECASE)
QUESTION_SCALE = re.compile(r"\b(thousand|million|billion)s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written. `value` is scaled by its own scale word and signed; percentages are in percent."""

    value: Decimal
    percent: bool = False
    scaled: bool = False
    """Whether it stands with a scale word, or is known to be unscaled (a computed fact)."""
    step: Decimal = Decimal(0)
    """One unit of the last printed digit, scaled; 0 where the number was not printed."""
    bracketed: bool = False
    """Negative by parentheses alone, as outflows are printed."""


def numbers(text: str) -> list[Number]:
    """The numbers of a text in order; years, dates, periods, enumerators, citation marks and names are none."""
    found = []
    text = re.sub(r"\[\d+(?:,\s*\d+)*\]", " ", text)
    # A dash that begins a line of several is a bullet, not a sign.
    if "\n" in text:
        text = re.sub(r"(?m)^\s*[-\u2022\u2013]\s?(?=\S)", " ", text)
    for match in NUMBER.finditer(text):
        number = _number(match, text)
        if number is not None:
            found.append(number)
    return found


def question_scale(question: str) -> int:
    """The power of ten that the question asks its answer in ("in USD millions" = 6); 0 where it names none."""
    match = QUESTION_SCALE.search(question)
    return SCALES[match.group(1).lower()] if match else 0


def agree(gold: Number, said: Number, scale: int = 0, declining: bool = False) -> bool:
    """Whether what was said is the gold number, within 1% or the rounding in which the gold is printed.

    `scale`: the power of ten of the question, for a gold or a said number that states none. `declining`: the gold
    words a decrease, so that its number may be said with a minus sign.
    """
    wanted, step = gold.value, gold.step
    if not gold.scaled and not gold.percent:
        wanted, step = wanted.scaleb(scale), step.scaleb(scale)
    tolerance = max(abs(wanted) / 100, step / 2)
    for value in _readings(gold, said, scale):
        close = abs(value - wanted) <= tolerance
        mirrored = abs(-value - wanted) <= tolerance and value < 0 < wanted
        if close or (mirrored and (declining or said.bracketed)):
            return True
    return False


def _readings(gold: Number, said: Number, scale: int) -> list[Decimal]:
    """What the said number may mean beside the gold: a ratio is also a percentage, an unscaled number is read in the
    scale of the question or of the gold."""
    if gold.percent:
        return [said.value] if said.percent else [said.value * 100]
    if said.percent:
        return [said.value / 100] if not gold.scaled and scale == 0 else []
    readings = [said.value]
    if not said.scaled:
        readings.append(said.value.scaleb(scale))
        if gold.scaled:
            readings.append(said.value.scaleb(_scale_of(gold)))
    return readings


def _scale_of(gold: Number) -> int:
    """The power of ten of a scaled gold: "$2,018mn" = 6."""
    exponent = gold.step.adjusted() if gold.step else 0
    return max((s for s in (3, 6, 9, 12) if s <= exponent + 3 and s <= gold.value.copy_abs().adjusted()), default=0)


def _number(match: re.Match[str], text: str) -> Number | None:
    digits = match["digits"].replace(",", "")
    if match["letter"] and not match["money"]:
        return None  # "3M" is a company; "$3M" is an amount
    bare = not (
        match["money"]
        or match["percent"]
        or match["scale"]
        or match["letter"]
        or "," in match["digits"]
        or "." in digits
    )
    before, after = text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 14]
    closed = bool(match["close"] or match["close2"])
    if bare and _no_quantity(int(digits), before, after, bool(match["open"]) and closed):
        return None
    value = Decimal(digits)
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    # "($1.8 bn)" and "(39%)" are asides of prose; "(1,577)", "(14.8)%" and "$(3.2)" are negative, as statements print.
    bracketed = bool(match["close"] and (match["open"] or match["inner"] == "("))
    if bracketed or (match["sign"] or match["inner"] or "+") in "-\u2212\u2013":
        value = -value
    percent = bool(match["percent"])
    if percent and match["percent"].lower().startswith(("bps", "basis")):
        value, step = value / 100, step / 100
    word = match["scale"] or match["letter"]
    scale = SCALES[word.lower()] if word else 0
    return Number(value.scaleb(scale), percent, bool(word), step.scaleb(scale), bracketed)


def _no_quantity(value: int, before: str, after: str, enclosed: bool) -> bool:
    if 1900 <= value <= 2100 or (enclosed and value < 10):
        return True
    dated = value <= 31 and (DAY_BEFORE.search(before) or DAY_AFTER.search(after))
    return bool(dated or SPAN_AFTER.search(after) or QUARTER_BEFORE.search(before))
