"""Lines -> segments: the pieces of a line that a wide gap sets apart, with currency signs, brackets and percent
signs that stand in text runs of their own joined to the number they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.evidence import Box
from core.reading.pdf_layout import Line
from core.reading.pdf_words import Word

_CURRENCY = r"(?:[A-Z]{0,3}[$€£¥₹₩])"
_SUFFIX = r"(?:%|x|X|¢|bps|bp|pts?|pp|ppts?|percent)"
NUMBER = re.compile(
    rf"^{_CURRENCY}?[(\[]?[-+−–—~<>]?{_CURRENCY}?[(]?[-+−–—]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:[.,]\d+)?"
    rf"{_SUFFIX}?[)\]]?{_SUFFIX}?(?:[*†‡]|\([a-z0-9]{{1,2}}\))*$"
)
DASH = re.compile(rf"^(?:{_CURRENCY})?[(]?[-−–—‒]{{1,3}}[)]?%?$")
FILLER = re.compile(r"^(?:n/?a|n\.a\.|nm|n\.m\.|n/m|nil|none|\*+|n/?mf?)$", re.I)
YEAR = re.compile(r"^(?:19|20)\d{2}(?:\([a-z0-9]{1,2}\)|\*)*$")
LEADER = re.compile(r"^[.…·_\s]{2,}$|^\.$")
_LED = re.compile(r"\s*(?:[.…·]\s?){3,}$|\s*_{3,}$")
_DIGIT_OR_DASH = re.compile(r"[\d—–−‒-]")
_DAY = re.compile(r"\d{1,2},$")
_OPENS = re.compile(rf"^(?:{_CURRENCY}|[(]|{_CURRENCY}[(])$")
_CLOSES = re.compile(rf"^(?:[)\]]|{_SUFFIX}|[)]{_SUFFIX})$")
_NUMERIC_TOKEN = re.compile(r"^[$€£¥(\-−–—+]*\d[\d,.]*[)%]*$")


@dataclass(slots=True)
class Segment:
    """Words of a line between two wide gaps. `text` is the cell's text, number parts joined."""

    words: list[Word]
    text: str
    printed: str
    """The words as printed, leader dots included."""
    x0: float
    x1: float
    n0: float
    """Left edge of the number without a currency sign in front of it."""
    number: bool
    year: bool

    @property
    def box(self) -> Box:
        return (self.x0, min(w.top for w in self.words), self.x1, max(w.bottom for w in self.words))

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def value(self) -> bool:
        """A number (or a dash in its place) that is not a year."""
        return self.number and not self.year


def segments_of(line: Line) -> list[Segment]:
    """The segments of a line from left to right; leader dots end a segment and belong to its printed form alone."""
    groups: list[list[Word]] = []
    led = False
    for word in line.words:
        if LEADER.match(word.text):
            if groups and len(word.text) < 3 and word.x0 - groups[-1][-1].x1 < 0.3 * word.size and not led:
                groups[-1].append(word)
                continue
            if groups:
                groups[-1].append(word)
            led = True
            continue
        if groups and not led and not _apart(groups[-1][-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
        led = False
    return [make_segment(words) for words in _joined(groups)]


def _apart(a: Word, b: Word) -> bool:
    gap = b.x0 - a.x1
    size = min(a.size, b.size) or 1.0
    numeric = _NUMERIC_TOKEN.match(b.text) is not None or b.text in "$€£¥—–-"
    if numeric and (_NUMERIC_TOKEN.match(a.text) or a.text in ("%", ")", ")%", "—", "–", "-")):
        return gap > 0.5 * size
    return gap > (0.75 if numeric else 0.9) * size


def _joined(groups: list[list[Word]]) -> list[list[Word]]:
    """Currency signs and opening brackets joined to the number after them, closing ones to the number before."""
    out: list[list[Word]] = []
    opened: list[Word] = []
    for words in groups:
        text = "".join(w.text for w in words)
        if opened:
            if numeric_text(text) or _OPENS.match(text):
                words = opened + words
            else:
                out.append(opened)
            opened = []
            text = "".join(w.text for w in words)
        if _OPENS.match(text):
            opened = words
            continue
        if out and _CLOSES.match(text) and words[0].x0 - out[-1][-1].x1 < 4 * words[0].size:
            before = "".join(w.text for w in out[-1])
            if numeric_text(before) or numeric_text(before + text):
                out[-1] = out[-1] + words
                continue
        # "(1,749" or "$ (28" whose bracket is closed later reads as a number all the same
        out.append(words)
    if opened:
        out.append(opened)
    return _untangled(out)


def _untangled(groups: list[list[Word]]) -> list[list[Word]]:
    """A currency sign at the end of a text or a number belongs to the number that follows it."""
    for i in range(len(groups) - 1):
        words = groups[i]
        if len(words) > 1 and words[-1].text in "$€£¥" and numeric_text("".join(w.text for w in groups[i + 1])):
            groups[i], groups[i + 1] = words[:-1], [words[-1]] + groups[i + 1]
    return groups


def numeric_text(text: str) -> bool:
    """Whether text without spaces is a printed number or the dash that stands for none."""
    if DASH.match(text):
        return True
    return any(c.isdigit() for c in text) and NUMBER.match(text) is not None


def make_segment(words: list[Word]) -> Segment:
    """One segment of these words; leader dots at its end count for its printed form alone."""
    printed = " ".join(w.text for w in words)
    while len(words) > 1 and LEADER.match(words[-1].text):
        words = words[:-1]
    bare = "".join(w.text for w in words)
    number = numeric_text(bare) and not (len(words) == 2 and _DAY.match(words[0].text) and YEAR.match(words[1].text))
    text = bare if number else _LED.sub("", " ".join(w.text for w in words))
    first = next((w for w in words if _DIGIT_OR_DASH.search(w.text)), words[0]) if number else words[0]
    return Segment(
        words,
        text,
        printed,
        min(w.x0 for w in words),
        max(w.x1 for w in words),
        first.x0,
        number,
        number and YEAR.match(bare) is not None,
    )
