"""PDF -> text blocks, headings and tables with page and box, in reading order.

Built on PDFium's text layer alone. What the file holds beside the text that a reader sees (metadata, hidden text)
never becomes text of a block.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from core.errors import UnreadableFile
from core.evidence import Document
from core.reading.pdf_blocks import PageLines, blocks_of
from core.reading.pdf_hidden import Hidden, is_blank, visible
from core.reading.pdf_layout import lines_of
from core.reading.pdf_turn import by_direction
from core.reading.pdf_words import LOCK, Frame, Word, frame_of, open_document, words_of
from core.reading.text import invisible_warning, language, strip_invisible

_COUNT = re.compile(rb"/Count\s+(\d{1,6})\b")
_LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d+)")
_GET_AGAIN = "Get the file again: its transfer or saving was cut short."


def read_pdf(data: bytes, name: str, password: str | None = None) -> Document:
    """Blocks of all pages. Pages without text and text that no reader can see are named in `warnings`.

    Raises UnreadableFile for a file that is encrypted, damaged, cut, or without any text layer.
    """
    with LOCK:
        document = open_pdf(data, name, password)
    try:
        return _read(document, data, name)
    finally:
        with LOCK:
            document.close()


def open_pdf(data: bytes, name: str, password: str | None = None) -> pdfium.PdfDocument:
    """The opened file; the caller holds LOCK and closes it. Raises UnreadableFile that says what is wrong."""
    try:
        document = open_document(data, password)
    except pdfium.PdfiumError as error:
        message = str(error).lower()
        if "password" in message:
            what = "a password is needed to open it" if password is None else "the password given does not open it"
            raise UnreadableFile(f"{name} is encrypted: {what}", "Give its password.") from None
        if "security" in message:
            msg = f"{name} is encrypted in a way that is not supported"
            raise UnreadableFile(msg, "Save it without encryption first.") from None
        if cut_short(data):
            raise UnreadableFile(
                f"{name} is cut short: its end is missing and it cannot be opened", _GET_AGAIN
            ) from None
        msg = f"{name} is a damaged PDF: it cannot be opened"
        raise UnreadableFile(
            msg, "Get the file again, or open and save it with a PDF program that repairs it."
        ) from None
    pages = len(document)
    if not pages:
        document.close()
        raise UnreadableFile(f"{name} is a PDF without pages", "Get the file again.")
    return document


def cut_short(data: bytes) -> bool:
    """Whether the end of the file is missing: no end-of-file mark near its end, or shorter than it says it is."""
    tail = data[-4096:]
    stated = _LINEARIZED.search(data[:2048])
    if stated and len(data) < int(stated.group(1)):
        return True
    return b"%%EOF" not in tail and b"startxref" not in tail


def _read(document: pdfium.PdfDocument, data: bytes, name: str) -> Document:
    pages: list[PageLines] = []
    silent: list[int] = []
    broken: list[int] = []
    hidden = Hidden()
    glyphless = 0
    blank: list[int] = []
    count = len(document)
    for number in range(1, count + 1):
        with LOCK:  # page by page: others may draw or search a page meanwhile
            page = raw.FPDF_LoadPage(document, number - 1)
            if not page:
                broken.append(number)
                continue
            try:
                frame, words = _words(page)
                shown = visible(page, frame, words, number, hidden)
                if not words and is_blank(page, frame):
                    blank.append(number)
            finally:
                raw.FPDF_ClosePage(page)
        kept: list[Word] = []
        for word in shown:
            word.text, lost = strip_invisible(word.text)
            glyphless += lost
            if word.text:
                kept.append(word)
        if not kept:
            silent.append(number)
        for angle, group in by_direction(kept, frame):
            pages.append(PageLines(number, frame, lines_of(group), angle))
    _check(count, data, name, silent, broken, hidden)
    silent = [n for n in silent if n not in blank]
    blocks = blocks_of(pages)
    warnings = list(hidden.warnings())
    warnings += invisible_warning(glyphless)
    if silent:
        warnings.append(f"{_pages(silent)} without a text layer (scanned or drawn): not read; OCR is not available yet")
    if broken:
        warnings.append(f"{_pages(broken)} damaged: not read")
    if cut_short(data):
        warnings.append("The end of the file is missing; all its pages could still be read")
    with LOCK:
        meta = {key: value for key, value in _meta(document).items() if value}
    sample = " ".join(b.text for b in blocks[:200])
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type="application/pdf",
        blocks=blocks,
        pages=count,
        title=meta.get("Title", ""),
        lang=language(sample),
        meta=meta,
        warnings=tuple(warnings),
    )


def _words(page: Any) -> tuple[Frame, list[Word]]:
    frame = frame_of(page)
    text_page = raw.FPDFText_LoadPage(page)
    if not text_page:
        return frame, []
    try:
        return frame, words_of(text_page, frame)
    finally:
        raw.FPDFText_ClosePage(text_page)


def _check(
    count: int,
    data: bytes,
    name: str,
    silent: list[int],
    broken: list[int],
    hidden: Hidden,
) -> None:
    """Raises UnreadableFile where nothing can be read, or where a cut file has lost pages."""
    stated = max((int(n) for n in _COUNT.findall(data)), default=count)
    if cut_short(data) and (broken or stated > count or len(silent) > 0):
        lost = f"{len(broken) + len(silent) + max(stated - count, 0)} of {max(stated, count)} pages are lost or empty"
        raise UnreadableFile(f"{name} is cut short: its end is missing and {lost}", _GET_AGAIN)
    if len(broken) == count:
        raise UnreadableFile(f"{name} is a damaged PDF: none of its {count} pages can be opened", "Get the file again.")
    if len(silent) + len(broken) == count:
        if hidden.counts:
            msg = f"{name} holds no text that a reader can see ({'; '.join(hidden.warnings())})"
            raise UnreadableFile(msg, "Give a file whose text is visible.")
        msg = f"{name} has no text layer on any of its {count} pages (a scan or pictures)"
        raise UnreadableFile(msg, "OCR is not available yet: run it through an OCR program first.")


def _meta(document: pdfium.PdfDocument) -> dict[str, str]:
    try:
        return {k: strip_invisible(v)[0].strip() for k, v in document.get_metadata_dict(skip_empty=True).items()}
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return {}


def _pages(numbers: list[int]) -> str:
    """ "Page 3" or "Pages 3, 5-8" """
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    text = ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)
    return f"Page{'s' if len(numbers) > 1 else ''} {text}"
