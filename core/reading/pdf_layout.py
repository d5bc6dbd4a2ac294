"""Words of a page -> lines in reading order: rows by height on the page, columns by the empty strips between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from core.evidence import Box
from core.reading.pdf_words import Word


@dataclass(slots=True)
class Line:
    """Words that stand on one line of one column, from left to right."""

    words: list[Word]
    x0: float = 0.0
    top: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    region: int = 0
    """Number of the column or band that the line belongs to, in reading order."""
    running: bool = field(default=False)
    """A line that repeats at the top or bottom of many pages."""

    def __post_init__(self) -> None:
        self.x0 = min(w.x0 for w in self.words)
        self.top = min(w.top for w in self.words)
        self.x1 = max(w.x1 for w in self.words)
        self.bottom = max(w.bottom for w in self.words)

    @property
    def text(self) -> str:
        return " ".join(w.text for w in self.words)

    @property
    def size(self) -> float:
        return median(w.size for w in self.words)

    @property
    def bold(self) -> bool:
        letters = [w for w in self.words if any(c.isalnum() for c in w.text)]
        return bool(letters) and all(w.bold for w in letters)

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Lines of a page in reading order; `region` tells which belong to one column or band."""
    out: list[Line] = []
    for number, region in enumerate(_regions(list(words), 0)):
        for line in rows_of(region):
            line.region = number
            out.append(line)
    return out


def rows_of(words: Sequence[Word]) -> list[Line]:
    """Rows of words that share a height on the page, from top to bottom."""
    rows: list[list[Word]] = []
    middles: list[float] = []
    heights: list[float] = []
    for word in sorted(words, key=lambda w: w.top + w.bottom):
        middle, height = (word.top + word.bottom) / 2, word.bottom - word.top
        if rows and middle - middles[-1] <= 0.42 * max(min(heights[-1], 1.6 * height), height * 0.6):
            rows[-1].append(word)
            if height > heights[-1]:  # the tallest type of a row carries its line; marks raised above it do not
                heights[-1], middles[-1] = height, middle
            continue
        rows.append([word])
        middles.append(middle)
        heights.append(height)
    return [Line(sorted(row, key=lambda w: (w.x0, w.start))) for row in rows]


def _regions(words: list[Word], depth: int) -> list[list[Word]]:
    """Groups of words in reading order: one for a page of one column; above, left, right, below otherwise."""
    if depth > 4 or len(words) < 40:
        return [words] if words else []
    split = _gutter(words)
    if split is None:
        return [words]
    x, top, bottom = split
    above = [w for w in words if (w.top + w.bottom) / 2 < top]
    below = [w for w in words if (w.top + w.bottom) / 2 > bottom]
    inside = [w for w in words if top <= (w.top + w.bottom) / 2 <= bottom]
    left = [w for w in inside if (w.x0 + w.x1) / 2 < x]
    right = [w for w in inside if (w.x0 + w.x1) / 2 >= x]
    out: list[list[Word]] = []
    for part in (above, left, right, below):
        out.extend(_regions(part, depth + 1))
    return out


def _gutter(words: list[Word]) -> tuple[float, float, float] | None:
    """(x, top, bottom) of the tallest empty strip with prose on both sides, None where the page has one column."""
    rows = rows_of(words)
    if len(rows) < 6:
        return None
    x0, x1 = min(r.x0 for r in rows), max(r.x1 for r in rows)
    width = x1 - x0
    if width < 150:
        return None
    best: tuple[int, float, float, float] | None = None
    for x in _strips(rows, x0, x1):
        for run in _runs(rows, x):
            used = min(sum(r.x0 < x for r in run), sum(r.x1 > x for r in run))
            if (best is None or used > best[0]) and _two_columns(run, x):
                best = (used, x, run[0].top, run[-1].bottom)
    return best[1:] if best else None


def _strips(rows: list[Line], x0: float, x1: float) -> list[float]:
    """Middles of the strips that fewest rows cross, with at least five rows on each side; emptiest first."""
    step, count = 2.0, int((x1 - x0) / 2.0) + 2
    crossing, left, right = [0] * (count + 1), [0] * (count + 1), [0] * (count + 1)
    for row in rows:
        spans: list[list[float]] = []
        for w in row.words:
            if spans and w.x0 - spans[-1][1] < 7:
                spans[-1][1] = max(spans[-1][1], w.x1)
            else:
                spans.append([w.x0, w.x1])
        for a, b in spans:
            crossing[max(int((a - x0) / step), 0)] += 1
            crossing[min(int((b - x0) / step) + 1, count)] -= 1
        left[min(int((spans[0][1] - x0) / step) + 1, count)] += 1
        right[max(int((spans[-1][0] - x0) / step), 0)] += 1
    found: list[tuple[int, float]] = []
    crossed, on_left, on_right = 0, 0, sum(right)
    start, previous = 0, -1
    for i in range(count):
        crossed, on_left, on_right = crossed + crossing[i], on_left + left[i], on_right - right[i]
        inside = 0.15 * count < i < 0.85 * count
        score = min(on_left, on_right) - crossed if inside and min(on_left, on_right) >= 5 else -1
        if score != previous:
            if previous > 0 and (i - start) * step >= 4:
                found.append((previous, x0 + step * (start + i) / 2))
            start, previous = i, score
    found.sort(key=lambda f: -f[0])
    return [x for _, x in found[:6]]


def _runs(rows: list[Line], x: float) -> list[list[Line]]:
    """Longest stretches of rows that no word crosses at `x`, cut to where both sides are used."""
    runs: list[list[Line]] = []
    current: list[Line] = []
    for row in rows:
        if any(w.x0 - 2 < x < w.x1 + 2 for w in row.words):
            if current:
                runs.append(current)
            current = []
        else:
            current.append(row)
    if current:
        runs.append(current)
    out = []
    for run in runs:
        sides = [(r.x0 < x, r.x1 > x) for r in run]
        first = next((i for i, s in enumerate(sides) if s == (True, True) or s != sides[0]), None)
        if first is None:
            continue
        both = [i for i, s in enumerate(sides) if s == (True, True)]
        if len(both) >= 3 or (any(s[0] for s in sides) and any(s[1] for s in sides)):
            out.append(_trim(run, sides))
    return out


def _trim(run: list[Line], sides: list[tuple[bool, bool]]) -> list[Line]:
    """A stretch without the one-sided lines at its head: a title over the columns belongs above them."""
    start = 0
    while start < len(run) and sides[start] == (True, False) and _far(run, start):
        start += 1
    return run[start:]


def _far(run: list[Line], i: int) -> bool:
    """Whether row `i` stands apart from the next one by more than a line."""
    return i + 1 < len(run) and run[i + 1].top - run[i].bottom > 0.8 * (run[i].bottom - run[i].top)


def _two_columns(run: list[Line], x: float) -> bool:
    left = [Line(ws) for r in run if (ws := [w for w in r.words if w.x1 <= x + 2])]
    right = [Line(ws) for r in run if (ws := [w for w in r.words if w.x0 >= x - 2])]
    if len(left) < 4 or len(right) < 4:
        return False
    prose_left, prose_right = _prose(left), _prose(right)
    if prose_left and prose_right:
        return True
    if not (prose_left or prose_right):
        return False
    # One side is a table or a list: columns all the same where the file draws one side wholly before the other
    # and their lines do not stand at the same heights.
    first = max(w.start for line in left for w in line.words) < min(w.start for line in right for w in line.words)
    tops = sorted(line.bottom for line in left)
    aligned = sum(_near(tops, line.bottom) < 1.0 for line in right)
    return first and aligned < 0.5 * len(right)


def _near(sorted_values: list[float], value: float) -> float:
    i = bisect_left(sorted_values, value)
    return min(abs(sorted_values[k] - value) for k in (i - 1, i) if 0 <= k < len(sorted_values))


def _prose(lines: list[Line]) -> bool:
    """Whether lines look like running text that fills its column."""
    words = [w for line in lines for w in line.words]
    letters = sum(any(c.isalpha() for c in w.text) for w in words)
    wide = sum(len(w.text) > 12 and not w.text.isascii() for w in words)  # scripts without spaces: a line is a word
    if letters < 0.75 * len(words) or (len(words) < 3.5 * len(lines) and wide < 0.5 * len(lines)):
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    full = sum(line.x1 - line.x0 for line in lines) / len(lines)
    loose = sum(b.x0 - a.x1 > 1.6 * a.size for line in lines for a, b in pairwise(line.words))
    return full >= 0.6 * width and loose <= 0.15 * len(lines)
