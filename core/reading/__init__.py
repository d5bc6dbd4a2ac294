"""A file -> a Document of addressable blocks, by what the file holds and not by what its name says.

Each reader is a module of its own and is loaded when a file needs it.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

    from core.evidence import Box, Document

LARGEST_UNPACKED = 1 << 30
"""Bytes that a compressed file may unpack to; more is taken for a decompression bomb."""


def read(path: Path | str, password: str | None = None, name: str | None = None) -> Document:
    """The document in the file at `path`. `name` (default: the file's own) is what messages and sources show.

    Raises UnreadableFile, with a remedy, for a file that is missing, empty, encrypted, damaged, without text,
    or of a kind that no reader takes.
    """
    path = Path(path)
    name = name or path.name
    raw = _bytes(path)
    document = read_bytes(_unpacked(raw, name), name, password)
    # The file as it lies is the source, packed or not: its hash names it.
    return replace(document, sha256=hashlib.sha256(raw).hexdigest()) if _is_packed(raw) else document


def read_bytes(data: bytes, name: str, password: str | None = None) -> Document:
    """The document in `data`, as `read` makes it. Raises UnreadableFile."""
    from core.reading import detect

    kind = detect.media_type(data, name)
    if kind == detect.PDF:
        from core.reading.pdf import read_pdf

        return read_pdf(data, name, password)
    if kind == detect.HTML:
        from core.reading.html import read_html

        return read_html(data, name)
    if kind == detect.MARKDOWN:
        from core.reading.markdown import read_markdown

        return read_markdown(data, name)
    if kind == detect.CSV:
        from core.reading.delimited import read_csv

        return read_csv(data, name)
    from core.reading.text import read_text

    return read_text(data, name)


def load(path: Path, name: str | None = None) -> bytes:
    """The bytes of a file, gzip unpacked. Raises UnreadableFile where the file is missing or may not be read."""
    return _unpacked(_bytes(path), name or path.name)


def _is_packed(data: bytes) -> bool:
    return data[:3] == b"\x1f\x8b\x08"


def _unpacked(data: bytes, name: str) -> bytes:
    return _gunzip(data, name) if _is_packed(data) else data


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"{path} does not exist", "Check the path.") from None
    except IsADirectoryError:
        raise UnreadableFile(f"{path} is a folder, not a file", "Name the files in it.") from None
    except PermissionError:
        raise UnreadableFile(f"{path} may not be read by this user", "Change the file's permissions.") from None
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read: {error.strerror or error}", "Check the disk and the path."
        ) from None


def _gunzip(data: bytes, name: str) -> bytes:
    import io

    try:
        with gzip.open(io.BytesIO(data)) as file:
            out = file.read(LARGEST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{name} is a damaged gzip file: {error}", "Get the file again.") from None
    if len(out) > LARGEST_UNPACKED:
        raise UnreadableFile(f"{name} unpacks to more than {LARGEST_UNPACKED >> 20} MB", "Unpack and split it first.")
    return out


def page_image(path: Path | str, page: int, scale: float = 2.0, password: str | None = None) -> Image:
    """Page `page` (1-based) of a PDF as a picture, `scale` pixels a point. Raises UnreadableFile."""
    from core.reading.pdf_view import page_image as draw

    return draw(Path(path), page, scale, password)


def locate(path: Path | str, page: int, quote: str, password: str | None = None) -> list[Box]:
    """The boxes (one a printed line) where `quote` stands on page `page` of a PDF; [] where it does not.

    Compared as quotes are everywhere: `core.evidence.normalise`. Raises UnreadableFile.
    """
    from core.reading.pdf_view import locate as find

    return find(Path(path), page, quote, password)


__all__ = ["load", "locate", "page_image", "read", "read_bytes"]
