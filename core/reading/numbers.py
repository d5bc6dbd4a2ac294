"""A printed number, read as a person reads it: parentheses and all kinds of minus are negative, a dash is none,
footnote marks, currency signs and thousands separators are not part of it.

Pure functions over one cell's text; what a number counts (its caption's unit and scale) is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_CURRENCIES = {"us$": "USD", "usd": "USD", "$": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY"}
_CURRENCIES |= {
    "jpy": "JPY",
    "rmb": "CNY",
    "cny": "CNY",
    "chf": "CHF",
    "c$": "CAD",
    "cad": "CAD",
    "₹": "INR",
    "₩": "KRW",
}
_CURRENCY = "|".join(sorted((re.escape(c) for c in _CURRENCIES), key=len, reverse=True))
_SCALES = {
    "thousand": 3,
    "k": 3,
    "million": 6,
    "mn": 6,
    "m": 6,
    "billion": 9,
    "bn": 9,
    "b": 9,
    "trillion": 12,
    "tn": 12,
}
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u002d"
_SPACES = "\u00a0\u2007\u2009\u202f"
_MARKS = re.compile(r"[*†‡§#¹²³⁰⁴-⁹ᵃ-ᶻ]+|\[\w{1,3}\]")
_NOTE = re.compile(r"(?<=[\d)%])\s*\((?:\d{1,2}|[a-z]{1,2}|[ivx]{1,4})\)(?:,?\s*\((?:\d{1,2}|[a-z]{1,2})\))*$", re.I)
_NONE = re.compile(rf"(?:(?:{_CURRENCY})\s*)?(?:[{_DASHES}]+|n/?[am]|nil|none|nm|\*|\(\s*[{_DASHES}]+\s*\))\s*%?", re.I)
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[+{_DASHES}])?\s*(?P<cur1>{_CURRENCY})?\s*(?P<open2>\()?\s*(?P<sign2>[+{_DASHES}])?\s*"
    rf"(?P<digits>\d[\d.,'{_SPACES} ]*|[.,]\d+)\s*(?P<close2>\))?\s*(?P<unit>%|percent|x|×|bps|pp|pts?)?\s*"
    rf"(?P<scale>thousand|million|billion|trillion|mn|bn|tn|[kmb](?![a-z]))?s?\s*(?P<cur2>{_CURRENCY})?\s*"
    rf"(?P<close>\))?\s*(?P<unit2>%|x)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: `value` carries the sign, but neither its own scale word nor its per cent sign applied."""

    value: Decimal
    unit: str = ""
    """"%", "x" (a multiple), "bps", a currency code ("USD"), or "" where nothing is printed with it."""
    scale: int = 0
    """Power of ten of a scale word printed with it: 6 for "1.2 million"."""
    places: int = 0
    """Decimal places printed; the rounding is half a unit of the last one."""


def is_none(text: str) -> bool:
    """Whether a cell says "nothing here" in print: a dash, "n/a", "nil"."""
    return bool(_NONE.fullmatch(_MARKS.sub("", unicodedata.normalize("NFKC", text)).strip()))


def parse_number(text: str) -> Number | None:
    """The number that a whole cell prints, or None where it prints none (empty, a dash, words, a date).

    >>> parse_number("$ (0.17)").value
    Decimal('-0.17')
    """
    plain = _MARKS.sub("", text.strip())
    plain = unicodedata.normalize("NFKC", plain).strip()
    plain = _NOTE.sub("", plain).strip()
    if not plain or _NONE.fullmatch(plain):
        return None
    found = _NUMBER.fullmatch(plain)
    if not found:
        return None
    digits = _plain_digits(found["digits"].strip())
    if digits is None:
        return None
    value = Decimal(digits)
    minus = found["sign"] not in (None, "+") or found["sign2"] not in (None, "+")
    # A parenthesis may be cut off into a neighbouring cell: one of the two is enough.
    if minus or any(found[g] for g in ("open", "open2", "close", "close2")):
        value = -value
    unit = (found["unit"] or found["unit2"] or "").lower()
    unit = {"percent": "%", "×": "x", "pts": "pp", "pt": "pp"}.get(unit, unit)
    currency = (found["cur1"] or found["cur2"] or "").lower()
    places = len(digits.partition(".")[2])
    scale = _SCALES.get((found["scale"] or "").lower(), 0)
    return Number(value, unit or _CURRENCIES.get(currency, ""), scale, places)


def _plain_digits(text: str) -> str | None:
    """Digits with a decimal point and no separators; None where the separators make no number (a date, a list)."""
    text = re.sub(rf"(?<=\d)[{_SPACES} '](?=\d{{3}}(?!\d))", "", text)
    if re.search(rf"[{_SPACES} ']", text):
        return None
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        decimal = max(text.rfind("."), text.rfind(","))
        group = "," if text[decimal] == "." else "."
        whole, fraction = text[:decimal], text[decimal + 1 :]
        return _grouped(whole, group, fraction)
    if commas:
        if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
            return text.replace(",", "")
        if re.fullmatch(r"\d{1,3}(,\d{2})*,\d{3}", text):  # Indian grouping: 12,34,567
            return text.replace(",", "")
        return text.replace(",", ".") if commas == 1 and re.fullmatch(r"\d*,\d+", text) else None
    if dots > 1:
        return text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else None
    return text.rstrip(".") if re.fullmatch(r"\d+\.?|\d*\.\d+", text) else None


def _grouped(whole: str, group: str, fraction: str) -> str | None:
    if not fraction.isdigit() or not re.fullmatch(rf"\d{{1,3}}({re.escape(group)}\d{{2,3}})*", whole):
        return None
    return whole.replace(group, "") + "." + fraction
