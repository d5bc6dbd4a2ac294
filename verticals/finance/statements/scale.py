"""What a statement's numbers count: the words "(in millions, except per share data)" as powers of ten."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {"thousand": 3, "million": 6, "billion": 9, "000": 3}
_SCALE = (
    r"(?P<scale>thousand|million|billion)s?|"
    r"(?:\$|us\$|usd|dollars)?\s*(?:in\s+)?['\u2019(]?(?P<zeros>000)['\u2019]?s\b"
)
_MONEY = re.compile(rf"(?:{_SCALE})", re.I)
_DOLLARS = re.compile(
    r"(?:\$|dollars?|dollar amounts?|amounts)[^,;()\n]{0,12}\b(?P<scale>thousand|million|billion)s?", re.I
)
_SHARES = re.compile(
    r"(?:\bnumber of )?\b(?<!per )(?<!per-)shares?\b[^,;.]{0,20}?,?[^,;.]{0,24}?"
    r"\bin (?P<scale>thousand|million|billion)s?",
    re.I,
)
_EXCEPT = re.compile(r"\b(?:except|other than|excluding|unless)\b(?P<what>.*)", re.I | re.S)
_CURRENCY = (
    (re.compile(r"€|\beuros?\b|\bEUR\b"), "EUR"),
    (re.compile(r"£|\bpounds sterling\b|\bGBP\b"), "GBP"),
    (re.compile(r"¥|\byen\b|\bJPY\b"), "JPY"),
    (re.compile(r"\b(?:RMB|renminbi|CNY)\b"), "CNY"),
    (re.compile(r"C\$|\bCanadian dollars\b|\bCAD\b"), "CAD"),
)
UNIT_LINE = re.compile(
    r"\(?[^()\n]{0,40}\b(?:in|amounts?|dollars?|\$|usd)?\s*\(?\b(?:thousands|millions|billions)\b"
    r"[^()\n]{0,120}\)?|\(?\$?\s*in 000s?\)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Powers of ten for money, counts of shares and amounts per share; `stated` is False where no words say it."""

    money: int = 0
    shares: int = 0
    per_share: int = 0
    currency: str = "USD"
    stated: bool = False


def read_scale(words: str, currency: str = "USD") -> Scale:
    """The scale that a unit line states.

    "except per share" frees per-share amounts only: share counts are then in the scale of the money; "except share
    and per share data" frees both; "number of shares, which are reflected in thousands" gives theirs.
    """
    found = _DOLLARS.search(words) or _MONEY.search(words)
    for pattern, code in _CURRENCY:
        if pattern.search(words):
            currency = code
            break
    if not found:
        return Scale(currency=currency)
    money = _WORDS[(found["scale"] or "000").lower()]
    shares = money
    if own := _SHARES.search(words):
        shares = _WORDS[own["scale"].lower()]
    elif excepted := _EXCEPT.search(words):
        rest = re.sub(r"\bper[- ](?:common |ordinary )?share\b|\bpar value\b", "", excepted["what"], flags=re.I)
        if re.search(r"\bshares?\b|\bshare (?:data|amounts?)", rest, re.I):
            shares = 0
    return Scale(money, shares, 0, currency, True)


def row_scale(label: str) -> int | None:
    """The scale that a row's or section's own label states ("Average shares (in millions)"), or None."""
    found = re.search(r"\(?\b(?:in )?(thousand|million|billion)s\b\)?", label, re.I)
    return _WORDS[found[1].lower()] if found else None
