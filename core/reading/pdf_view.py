"""A PDF page as a picture, and where on it a quote stands: what a citation opens."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as raw

from core.errors import UnreadableFile
from core.evidence import Box, normalise
from core.reading import load
from core.reading.pdf import open_pdf
from core.reading.pdf_layout import lines_of
from core.reading.pdf_words import LOCK, Word, frame_of, words_of

if TYPE_CHECKING:
    from PIL.Image import Image


def page_image(path: Path, page: int, scale: float, password: str | None) -> Image:
    """Page `page` (1-based) drawn at `scale` pixels a point. Raises UnreadableFile, also for a page beyond the end."""
    from PIL import Image as pillow

    with LOCK:
        document = open_pdf(load(path), path.name, password)
        try:
            _within(page, len(document), path.name)
            bitmap = document[page - 1].render(scale=scale, rev_byteorder=True)
            picture = bitmap.to_pil()
            return picture.convert("RGB") if isinstance(picture, pillow.Image) else picture
        finally:
            document.close()


def locate(path: Path, page: int, quote: str, password: str | None) -> list[Box]:
    """Boxes of the words of `quote` on a page, joined along each printed line; [] where it does not stand there."""
    with LOCK:
        document = open_pdf(load(path), path.name, password)
        try:
            _within(page, len(document), path.name)
            handle = raw.FPDF_LoadPage(document, page - 1)
            try:
                words = _page_words(handle)
            finally:
                raw.FPDF_ClosePage(handle)
        finally:
            document.close()
    wanted = _letters(quote)
    if not wanted:
        return []
    for order in ([w for line in lines_of(words) for w in line.words], words):
        found = _find(order, wanted)
        if found:
            return _by_line(found)
    return []


def _page_words(handle: Any) -> list[Word]:
    text_page = raw.FPDFText_LoadPage(handle)
    if not text_page:
        return []
    try:
        return words_of(text_page, frame_of(handle))
    finally:
        raw.FPDFText_ClosePage(text_page)


def _within(page: int, pages: int, name: str) -> None:
    if not 1 <= page <= pages:
        raise UnreadableFile(f"{name} has no page {page}", f"It has pages 1 to {pages}.")


def _letters(text: str) -> str:
    """Text without white space and hyphens: how a quote is found over line ends; `normalise` decides what is equal."""
    text = normalise(text)
    return "".join(c for c in text if not c.isspace() and c not in "-\u00ad\u2010")


def _find(words: list[Word], wanted: str) -> list[Word]:
    parts = [_letters(unicodedata.normalize("NFKC", w.text)) for w in words]
    joined = "".join(parts)
    at = joined.find(wanted)
    if at < 0:
        return []
    end = at + len(wanted)
    out, position = [], 0
    for word, part in zip(words, parts, strict=True):
        if part and position < end and position + len(part) > at:
            out.append(word)
        position += len(part)
    return out


def _by_line(words: list[Word]) -> list[Box]:
    boxes: list[Box] = []
    for w in words:
        if boxes:
            x0, top, x1, bottom = boxes[-1]
            same = min(bottom, w.bottom) - max(top, w.top) > 0.5 * min(bottom - top, w.bottom - w.top)
            if same and -2 * w.size < w.x0 - x1 < 40 * w.size:
                boxes[-1] = (min(x0, w.x0), min(top, w.top), max(x1, w.x1), max(bottom, w.bottom))
                continue
        boxes.append(w.box)
    return [(round(a, 2), round(b, 2), round(c, 2), round(d, 2)) for a, b, c, d in boxes]
