"""Text of a PDF page that no reader can see is left out: no ink, ink of the background's colour, specks, off the page.

An invisible text layer over a picture (what OCR programs write) is kept: its reader sees the same words in the picture.
What colour alone cannot tell is told by drawing the page and looking whether the word leaves a trace.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

from core.evidence import Box
from core.reading.pdf_words import Frame, Word

SPECK = 2.0
"""Type lower than this many points cannot be read."""
_LIGHT = 200
_SAME = 24
_CONTRAST = 12
_SCALE = 3.0
_FORM, _PATH, _IMAGE = raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE


@dataclass
class Hidden:
    """What was left out, by reason, with its pages."""

    counts: dict[str, int] = field(default_factory=dict)
    pages: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, page: int, words: int) -> None:
        if words:
            self.counts[reason] = self.counts.get(reason, 0) + words
            self.pages.setdefault(reason, []).append(page)

    def warnings(self) -> list[str]:
        return [
            f"{count} words left out because no reader can see them ({reason}) on page"
            f"{'s' if len(self.pages[reason]) > 1 else ''} {', '.join(map(str, self.pages[reason][:20]))}"
            for reason, count in self.counts.items()
        ]


def visible(page: Any, frame: Frame, words: Sequence[Word], number: int, hidden: Hidden) -> list[Word]:
    """The words of a page that a reader can see, in order; the others are counted in `hidden` by reason."""
    reasons: dict[int, str] = {}
    doubtful: list[int] = []
    scene: _Scene | None = None
    for i, w in enumerate(words):
        if w.x1 < 0.5 or w.bottom < 0.5 or w.x0 > frame.width - 0.5 or w.top > frame.height - 0.5:
            reasons[i] = "off the page"
        elif min(w.bottom - w.top, w.x1 - w.x0 if w.angle in (90, 270) else 1e9) < SPECK:
            reasons[i] = "tiny type"
        elif w.mode in (3, 7):
            scene = scene or _Scene(page, frame)
            if not scene.under_picture(w.box):
                reasons[i] = "drawn without ink"
        elif w.colour[3] < 16 and w.mode in (0, 4):
            reasons[i] = "transparent"
        elif min(w.colour[:3]) >= _LIGHT:
            doubtful.append(i)
    scene = scene or _Scene(page, frame)
    scene.keep_colours_of(words)
    if scene.fills:
        known = set(doubtful)
        for i, w in enumerate(words):
            if i not in reasons and i not in known and w.mode not in (3, 7) and scene.same_colour(w):
                doubtful.append(i)
    if doubtful:
        picture = _Picture(page, frame)
        for i in doubtful:
            if not picture.shows(words[i].box):
                reasons[i] = "the colour of its background"
    if not reasons:
        return list(words)
    for reason in dict.fromkeys(reasons.values()):
        hidden.add(reason, number, sum(r == reason for r in reasons.values()))
    return [w for i, w in enumerate(words) if i not in reasons]


def is_blank(page: Any, frame: Frame) -> bool:
    """Whether nothing is drawn on a page, or no more than a rule."""
    return raw.FPDFPage_CountObjects(page) == 0 or _Picture(page, frame).inked_rows() < 0.02


class _Scene:
    """Pictures and filled shapes of a page."""

    def __init__(self, page: Any, frame: Frame) -> None:
        self.frame = frame
        self.pictures: list[Box] = []
        self.fills: list[tuple[Box, tuple[int, int, int]]] = []
        self.left, self.bottom, self.right, self.top = (ctypes.c_float() for _ in range(4))
        self.rgba = [ctypes.c_uint() for _ in range(4)]
        self.mode, self.stroke = ctypes.c_int(), ctypes.c_int()
        get, kind = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType
        for i in range(raw.FPDFPage_CountObjects(page)):
            item = get(page, i)
            what = kind(item)
            if what in (_IMAGE, _FORM):
                box = self._box(item)
                if what == _IMAGE or box is None:
                    self.pictures.append(box or (0, 0, 0, 0))
                elif self._holds_picture(item):
                    self.pictures.append(box)
            elif what == _PATH:
                self._fill(item)

    def _box(self, item: Any) -> Box | None:
        if not raw.FPDFPageObj_GetBounds(item, self.left, self.bottom, self.right, self.top):
            return None
        return self.frame.box(self.left.value, self.bottom.value, self.right.value, self.top.value)

    def _holds_picture(self, form: Any) -> bool:
        count = raw.FPDFFormObj_CountObjects(form)
        return any(raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(form, i)) == _IMAGE for i in range(min(count, 50)))

    def _fill(self, item: Any) -> None:
        if not raw.FPDFPath_GetDrawMode(item, self.mode, self.stroke) or not self.mode.value:
            return
        box = self._box(item)
        if box is None or box[2] - box[0] < 4 or box[3] - box[1] < 4:
            return
        raw.FPDFPageObj_GetFillColor(item, *self.rgba)
        r, g, b, a = (v.value for v in self.rgba)
        if a > 16:
            self.fills.append((box, (r, g, b)))

    def under_picture(self, box: Box) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(p[0] <= x <= p[2] and p[1] <= y <= p[3] for p in self.pictures)

    def keep_colours_of(self, words: Sequence[Word]) -> None:
        """Forgets the fills in whose colour no word is drawn."""
        inks = {w.colour[:3] for w in words}
        near = {
            c: any(max(abs(p - q) for p, q in zip(c, ink, strict=True)) < _SAME for ink in inks) for _, c in self.fills
        }
        self.fills = [(box, colour) for box, colour in self.fills if near[colour]]

    def same_colour(self, word: Word) -> bool:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return any(
            all(abs(p - q) < _SAME for p, q in zip(colour, word.colour, strict=False))
            and box[0] <= x <= box[2]
            and box[1] <= y <= box[3]
            for box, colour in self.fills
        )


class _Picture:
    """The page as drawn, in grey, to look whether a word leaves a trace."""

    def __init__(self, page: Any, frame: Frame) -> None:
        self.width, self.height = max(int(frame.width * _SCALE), 1), max(int(frame.height * _SCALE), 1)
        bitmap = raw.FPDFBitmap_CreateEx(self.width, self.height, raw.FPDFBitmap_Gray, None, 0)
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, self.width, self.height, 0xFFFFFFFF)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, self.width, self.height, 0, raw.FPDF_GRAYSCALE)
        self.stride = raw.FPDFBitmap_GetStride(bitmap)
        self.pixels = ctypes.string_at(raw.FPDFBitmap_GetBuffer(bitmap), self.stride * self.height)
        raw.FPDFBitmap_Destroy(bitmap)

    def inked_rows(self) -> float:
        """Share of the rows of pixels that are not of one colour."""
        rows = (self.pixels[y * self.stride : y * self.stride + self.width] for y in range(self.height))
        return sum(max(row) - min(row) >= _CONTRAST for row in rows) / self.height

    def shows(self, box: Box) -> bool:
        x0, x1 = max(int(box[0] * _SCALE), 0), min(int(box[2] * _SCALE) + 1, self.width)
        y0, y1 = max(int(box[1] * _SCALE), 0), min(int(box[3] * _SCALE) + 1, self.height)
        low, high = 255, 0
        for y in range(y0, y1):
            row = self.pixels[y * self.stride + x0 : y * self.stride + x1]
            if row:
                low, high = min(low, min(row)), max(high, max(row))
        return high - low >= _CONTRAST
