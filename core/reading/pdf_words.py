"""The words of a PDF page with their boxes and type, by few calls into PDFium: what all PDF reading stands on.

PDFium is not thread safe: every call into it in this package is made under `LOCK`.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from core.evidence import Box

LOCK = threading.RLock()

_WORD = re.compile("[^\\s\x00\x02\ufffe]+[\x02\ufffe]?")
_INVISIBLE_MODES = (3, 7)


@dataclass(slots=True)
class Word:
    """A run of characters without white space. Box and size in points of the page as shown, origin top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    start: int
    """Index of the first character in PDFium's text of the page: the order in which the file draws its text."""
    bold: bool = False
    angle: int = 0
    """Direction of writing on the page as shown, in degrees clockwise: 0, 90, 180 or 270."""
    mode: int = 0
    """PDF text rendering mode; 3 = drawn without ink."""
    colour: tuple[int, int, int, int] = (0, 0, 0, 255)

    @property
    def size(self) -> float:
        """Height of the line box of the type, in points: near 1.1 times the font size."""
        return self.bottom - self.top

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)


@dataclass(slots=True)
class Frame:
    """How the page's own coordinates come to the page as shown: crop box, rotation, axes."""

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float]
    rotation: int

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        a, b, c, d, e, f = self.matrix
        xa, ya = a * left + c * bottom + e, b * left + d * bottom + f
        xb, yb = a * right + c * top + e, b * right + d * top + f
        return (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def frame_of(page: Any) -> Frame:
    """The frame of a loaded page (a raw FPDF_PAGE)."""
    width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(px: float, py: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, round(width * 1000), round(height * 1000), 0, px, py, x, y)
        return x.value / 1000, y.value / 1000

    e, f = device(0, 0)
    ax, ay = device(1000, 0)
    cx, cy = device(0, 1000)
    matrix = ((ax - e) / 1000, (ay - f) / 1000, (cx - e) / 1000, (cy - f) / 1000, e, f)
    return Frame(width, height, matrix, raw.FPDFPage_GetRotation(page))


def page_text(text_page: Any) -> str:
    """PDFium's text of a page, one code unit a character index (halves of a surrogate pair stay apart)."""
    count = raw.FPDFText_CountChars(text_page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    units = list(buffer[:count]) if got == count else [_unit(text_page, i) for i in range(count)]
    return "".join(map(chr, units))


def _unit(text_page: Any, index: int) -> int:
    value = int(raw.FPDFText_GetUnicode(text_page, index))
    return value if value < 0x110000 else 0


def whole(text: str) -> str:
    """Text of single code units with surrogate pairs joined, and PDFium's mark of a line-end hyphen as a hyphen."""
    if text.isascii() and text[-1] != "\x02":
        return text
    if text[-1] in "\x02\ufffe":
        text = text[:-1] + "-"
    if any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def words_of(text_page: Any, frame: Frame) -> list[Word]:
    """All words of a page in the order in which the file draws them, hidden ones too."""
    text = page_text(text_page)
    rect = raw.FS_RECTF()
    reference = ctypes.byref(rect)
    loose = raw.FPDFText_GetLooseCharBox
    a, b, c, d, e, f = frame.matrix
    plain = abs(b) < 1e-6 and abs(c) < 1e-6

    def box(index: int) -> Box:
        loose(text_page, index, reference)
        if plain:
            return (a * rect.left + e, d * rect.top + f, a * rect.right + e, d * rect.bottom + f)
        return frame.box(rect.left, rect.bottom, rect.right, rect.top)

    out: list[Word] = []
    style = _Style(text_page, frame)
    for match in _WORD.finditer(text):
        first, last = match.start(), match.end() - 1
        p = box(first)
        q = box(last) if last > first else p
        if q[2] - q[0] <= 0 and last > first and text[last] in "\x02\ufffe":
            q = box(last - 1)
        height = p[3] - p[1]
        tall = max(q[3], p[3]) - min(q[1], p[1])
        wide = max(q[2], p[2]) - min(q[0], p[0])
        if last > first and (tall > 1.6 * height or wide > 1.1 * height * (last - first + 1)):
            for part in _parts(text, first, last, box):
                out.append(style.word(text, part[0], part[1], part[2]))
            continue
        out.append(style.word(text, first, last, (min(p[0], q[0]), min(p[1], q[1]), max(p[2], q[2]), max(p[3], q[3]))))
    return out


def _parts(text: str, first: int, last: int, box: Any) -> list[tuple[int, int, Box]]:
    """A run that jumps (a wide gap, another line) cut where it jumps; writing in another direction stays whole."""
    boxes = [box(i) for i in range(first, last + 1)]
    xs = [(p[0] + p[2]) / 2 for p in boxes]
    ys = [(p[1] + p[3]) / 2 for p in boxes]
    upright = max(xs) - min(xs) >= max(ys) - min(ys) * 1.0
    parts: list[tuple[int, int, Box]] = []
    start = 0
    for i in range(1, len(boxes) + 1):
        if i < len(boxes):
            p, q = boxes[i - 1], boxes[i]
            height = max(p[3] - p[1], 1.0)
            if upright:
                jump = abs(ys[i] - ys[i - 1]) > 0.8 * height or q[0] - p[2] > 0.9 * height or q[2] < p[0] - height
            else:
                jump = abs(xs[i] - xs[i - 1]) > 2 * max(p[2] - p[0], height)
            if not jump:
                continue
        run = boxes[start:i]
        union = (min(r[0] for r in run), min(r[1] for r in run), max(r[2] for r in run), max(r[3] for r in run))
        parts.append((first + start, first + i - 1, union))
        start = i
    return parts


class _Style:
    """Type of the words of one page: weight, direction, ink."""

    def __init__(self, text_page: Any, frame: Frame) -> None:
        self.page = text_page
        self.turn = frame.rotation * 90
        self.name = ctypes.create_string_buffer(128)
        self.flags = ctypes.c_int()
        self.flags_ref = ctypes.byref(self.flags)
        self.rgba = [ctypes.c_uint() for _ in range(4)]
        self.rgba_refs = [ctypes.byref(v) for v in self.rgba]
        self.bold: dict[bytes, bool] = {}

    def word(self, text: str, first: int, last: int, box: Box) -> Word:
        page = self.page
        length = raw.FPDFText_GetFontInfo(page, first, self.name, 128, self.flags_ref)
        name = self.name.raw[: max(length - 1, 0)]
        bold = self.bold.get(name)
        if bold is None:
            lower = name.lower()
            bold = self.bold[name] = any(k in lower for k in (b"bold", b"black", b"heavy", b"demi"))
        if not bold:
            bold = raw.FPDFText_GetFontWeight(page, first) >= 650
        raw.FPDFText_GetFillColor(page, first, *self.rgba_refs)
        r, g, b, a = (v.value for v in self.rgba)
        angle = (round(math.degrees(raw.FPDFText_GetCharAngle(page, first)) / 90) * 90 + self.turn) % 360
        mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(page, first))
        return Word(whole(text[first : last + 1]), *box, first, bold, angle, mode, (r, g, b, a))


def open_document(data: bytes, password: str | None) -> pdfium.PdfDocument:
    """PDFium's document; the caller holds LOCK and closes it. Raises pdfium.PdfiumError."""
    return pdfium.PdfDocument(data, password=password)
