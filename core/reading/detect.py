"""What a file is, told by its bytes. The name only decides between kinds of text that look alike (Markdown, CSV)."""

from __future__ import annotations

import re
from pathlib import PurePath

from core.errors import UnreadableFile

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", "image"),
    (b"\xff\xd8\xff", "a JPEG picture", "image"),
    (b"GIF87a", "a GIF picture", "image"),
    (b"GIF89a", "a GIF picture", "image"),
    (b"II*\x00", "a TIFF picture", "image"),
    (b"MM\x00*", "a TIFF picture", "image"),
    (b"BM", "a bitmap picture", "image"),
    (b"PK\x03\x04", "a ZIP archive or an Office document", "archive"),
    (b"PK\x05\x06", "an empty ZIP archive", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "archive"),
    (b"Rar!\x1a\x07", "a RAR archive", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document of the old binary format", "office"),
    (b"SQLite format 3\x00", "an SQLite database", "database"),
    (b"\x7fELF", "a program", "program"),
    (b"MZ", "a program", "program"),
    (b"ID3", "a sound file", "sound"),
    (b"OggS", "a sound or video file", "sound"),
    (b"fLaC", "a sound file", "sound"),
    (b"{\\rtf", "an RTF document", "office"),
)
_REMEDY = {
    "image": "Pictures are not read yet (no OCR); give a file with text: PDF, HTML, Markdown, text or CSV.",
    "archive": "Unpack or save it as PDF, HTML, Markdown, text or CSV first.",
    "office": "Save it as PDF or HTML first.",
}
_OTHER = "Readable are PDF, HTML (inline XBRL too), Markdown, text and CSV."
_HTML = re.compile(
    rb"<(!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|div[\s>]|table[\s>]|p[\s>]|ix:|xbrl[\s>:]|document>\s*<type>)",
    re.I,
)
_MARKDOWN = re.compile(r"^(#{1,6} \S|```|\|.*\|\s*$|[-*+] \S|---\s*$|> \S)", re.M)

PDF, HTML, MARKDOWN, TEXT, CSV = "application/pdf", "text/html", "text/markdown", "text/plain", "text/csv"


def media_type(data: bytes, name: str) -> str:
    """The media type of `data`, one of PDF, HTML, MARKDOWN, TEXT, CSV.

    Raises UnreadableFile for an empty file and for content that no reader takes; the message says what it is.
    """
    if not data.strip(b"\x00\t\n\r\x0c "):
        what = "is empty" if not data else "holds nothing but white space"
        raise UnreadableFile(f"{name} {what}", "Give the file that has the content.")
    if b"%PDF-" in data[:1024]:
        return PDF
    head = data[:4096]
    for magic, what, kind in _MAGIC:
        if head.startswith(magic) and not (len(magic) < 4 and _is_text(head)):
            raise UnreadableFile(_mislabelled(name, what), _REMEDY.get(kind, _OTHER))
    if head[4:12] in (b"ftypmp42", b"ftypisom", b"ftypheic", b"ftypM4A "):
        raise UnreadableFile(_mislabelled(name, "a video, sound or picture file"), _OTHER)
    if head[:4] == b"RIFF":
        raise UnreadableFile(_mislabelled(name, "a picture or sound file"), _OTHER)
    if not _is_text(head):
        raise UnreadableFile(f"{name} is binary data of a kind that is not known here", _OTHER)
    if _looks_like_html(head):
        return HTML
    from core.reading.text import decode

    text, _ = decode(data, name)
    return _kind_of_text(text, PurePath(name).suffix.lower())


def _looks_like_html(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return _HTML.search(start) is not None
    return re.search(rb"<(!doctype\s+html|html[\s>])", start[:1024], re.I) is not None


def _mislabelled(name: str, what: str) -> str:
    return f"{name} is {what}" + (", not what its name says" if PurePath(name).suffix else "")


def _is_text(head: bytes) -> bool:
    """Whether the bytes may be text: no NUL outside UTF-16/32 with a byte order mark, few control characters."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\x00" in head:
        return False
    control = sum(b < 32 and b not in (9, 10, 12, 13, 27) for b in head) + head.count(b"\x7f")
    return control <= len(head) * 0.01


def _kind_of_text(text: str, suffix: str) -> str:
    from core.reading.delimited import delimiter_of

    if suffix in (".md", ".markdown", ".mdown"):
        return MARKDOWN
    if suffix in (".csv", ".tsv"):
        return CSV
    if suffix in (".txt", ".text", ".log"):
        return TEXT
    if suffix in (".htm", ".html", ".xhtml") and re.search(r"</?[a-z][a-z0-9]*[\s>/]", text[:4096], re.I):
        return HTML
    if len({m.group(0)[:2] for m in _MARKDOWN.finditer(text[:8000])}) >= 2 and re.search(r"^#{1,6} \S", text, re.M):
        return MARKDOWN
    return CSV if delimiter_of(text, strict=True) else TEXT
