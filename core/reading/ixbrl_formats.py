"""Printed numbers of inline XBRL -> Decimal, by the transformation that the tag names.

Source: XBRL Transformation Rules Registry 1 to 5 (https://www.xbrl.org/Specification/inlineXBRL-transformationRegistry/)
and the SEC's registry (ixt-sec, EDGAR Filer Manual volume II). Names differ between registries only by hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

_ZERO = {"zerodash", "fixedzero", "numdash", "nocontent", "fixedempty"}
_COMMA_DECIMAL = {"numcommadecimal", "numdotcomma", "numspacecomma", "numcommadecimalapos"}
_UNIT_DECIMAL = {"numunitdecimal", "numunitdecimalin"}
_WORDS = {"numwordsen"}

_WORDS_TO_19 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ONES = {word: number for number, word in enumerate(_WORDS_TO_19.split())}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_POWERS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def transform(text: str, fmt: str) -> Decimal | None:
    """The unsigned, unscaled number that `text` prints under the format `fmt` ("" = none). None where it is none."""
    name = fmt.rpartition(":")[2].replace("-", "").lower()
    text = unicodedata.normalize("NFKC", text).strip()
    if name in _ZERO:
        return Decimal(0)
    if name in _WORDS:
        return words(text)
    if name in _UNIT_DECIMAL:
        digits = re.findall(r"\d[\d,.]*", text)
        if not digits:
            return None
        whole = re.sub(r"\D", "", digits[0])
        part = re.sub(r"\D", "", digits[1]) if len(digits) > 1 else ""
        return Decimal(f"{whole}.{part.zfill(2)}" if part else whole)
    if name in _COMMA_DECIMAL:
        text = re.sub(r"[\s.'\u2019\u00a0]", "", text).replace(",", ".")
    else:
        text = re.sub(r"[\s,'\u2019\u00a0]", "", text)
    if not name and text in {"-", "\u2013", "\u2014", "\u2212"}:
        return Decimal(0)
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def words(text: str) -> Decimal | None:
    """A cardinal number in English words: "twenty-five", "one hundred and two", "no", "none"."""
    cleaned = re.sub(r"[\s\u2010\u2011-]+", " ", text.lower()).strip()
    if cleaned in {"no", "none", "nil"}:
        return Decimal(0)
    if re.fullmatch(r"[\d,]+(\.\d+)?", cleaned):
        return Decimal(cleaned.replace(",", ""))
    total, group = 0, 0
    for word in cleaned.split():
        if word in _ONES:
            group += _ONES[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _POWERS:
            total += max(group, 1) * _POWERS[word]
            group = 0
        elif word not in {"and", "a", "an"}:
            return None
    return Decimal(total + group) if cleaned else None
