"""Plain text -> paragraphs with line numbers, its encoding detected; and the guess of a text's language by script."""

from __future__ import annotations

import hashlib
import re

from core.errors import UnreadableFile
from core.evidence import Block, Document, Locator

INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
"""Characters without any glyph that can carry text past a reader (zero width, direction marks, tag characters)."""
_JOINERS = re.compile("(?<=[\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\u02ff])")


def strip_invisible(text: str) -> tuple[str, int]:
    """`text` without characters that have no glyph, and how many were taken out. Joiners between letters of
    scripts that need them (Persian, Hindi) stay."""
    if text.isascii():
        return text, 0
    text, n = INVISIBLE.subn("", text)
    text, m = _JOINERS.subn("", text)
    return text, n + m


def invisible_warning(count: int) -> tuple[str, ...]:
    """The warning that names characters taken out, () for none."""
    return (f"{count} characters without a glyph (zero-width or direction marks) were left out",) if count else ()


def decode(data: bytes, name: str) -> tuple[str, str]:
    """(text, encoding): byte order mark, then UTF-8, then Windows-1252 or what the bytes' statistics say.

    Raises UnreadableFile for binary data.
    """
    if data[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return _strict(data, "utf-32", name), "utf-32"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _strict(data, "utf-16", name), "utf-16"
    if b"\x00" in data:
        raise UnreadableFile(f"{name} is binary data, not text", "Readable are PDF, HTML, Markdown, text and CSV.")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if text and _reads_as_western(text):
        return text, "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise UnreadableFile(f"{name} is text in no encoding that is known here", "Save it as UTF-8.")
    try:
        return data.decode(best.encoding), best.encoding
    except UnicodeDecodeError:
        return data.decode(best.encoding, "replace"), best.encoding


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        msg = f"{name} starts like {encoding.upper()} text but breaks at byte {error.start}"
        raise UnreadableFile(msg, "The file may be cut or damaged: get it again, or save it as UTF-8.") from None


def _reads_as_western(text: str) -> bool:
    """Whether non-ASCII characters stand as they do in Western text: mostly single letters or punctuation."""
    odd = re.findall(r"[^\x00-\x7f]+", text)
    long = sum(len(run) for run in odd if len(run) > 2)
    return long <= 0.2 * sum(map(len, odd))


def language(text: str) -> str:
    """A BCP 47 language guessed by script: "zh", "ja", "ko", "ru", "ar", "he", "el", "hi", "th", else "en"."""
    sample = text[:20_000]
    letters = sum(c.isalpha() for c in sample) or 1
    kana = len(re.findall("[\u3040-\u30ff]", sample))
    han = len(re.findall("[\u3400-\u9fff]", sample))
    hangul = len(re.findall("[\uac00-\ud7af]", sample))
    if (kana + han + hangul) > 0.15 * letters:
        if hangul > kana + han:
            return "ko"
        return "ja" if kana > 0.1 * (kana + han) else "zh"
    for lang, script in (
        ("ru", "[\u0400-\u04ff]"),
        ("ar", "[\u0600-\u06ff]"),
        ("he", "[\u0590-\u05ff]"),
        ("el", "[\u0370-\u03ff]"),
        ("hi", "[\u0900-\u097f]"),
        ("th", "[\u0e00-\u0e7f]"),
    ):
        if len(re.findall(script, sample)) > 0.3 * letters:
            return lang
    return "en"


def read_text(data: bytes, name: str) -> Document:
    """Paragraphs (separated by blank lines) as blocks, each with the number of its first line.

    Raises UnreadableFile for binary data.
    """
    text, encoding = decode(data, name)
    text, hidden = strip_invisible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n"))
    blocks = tuple(
        Block("text", "\n".join(lines), Locator(line=first)) for first, lines in _paragraphs(text.split("\n"))
    )
    if not blocks:
        raise UnreadableFile(f"{name} holds no visible text", "Give the file that has the content.")
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type="text/plain",
        blocks=blocks,
        lang=language(text),
        meta={"encoding": encoding},
        warnings=invisible_warning(hidden),
    )


def _paragraphs(lines: list[str], longest: int = 60) -> list[tuple[int, list[str]]]:
    """(first line number, lines) of each paragraph; one without blank lines is cut at `longest` lines."""
    out: list[tuple[int, list[str]]] = []
    current: list[str] = []
    first = 1
    for number, line in enumerate(lines, 1):
        if line.strip() and len(current) < longest:
            first = first if current else number
            current.append(line.rstrip())
            continue
        if current:
            out.append((first, current))
        current, first = ([line.rstrip()], number) if line.strip() else ([], number)
    if current:
        out.append((first, current))
    return out
