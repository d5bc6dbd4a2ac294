"""Each way in which a file cannot be read has its own message, with what to do about it."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from core.errors import UnreadableFile
from core.reading import page_image, read

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(40)


def body(c: Canvas) -> None:
    for k in range(40):
        c.drawString(72, 740 - 15 * k, f"Line {k} of a page that holds enough text to be cut in the middle of it.")


def refusal(path: Path, password: str | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(path, password)
    assert caught.value.remedy
    return str(caught.value)


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_encrypted_files_ask_for_their_password_and_open_with_it(make_pdf) -> None:
    path = make_pdf(body, encrypt=StandardEncryption("sesame", ownerPassword="boss", strength=128))
    assert "a password is needed" in refusal(path)
    assert "the password given does not open it" in refusal(path, "wrong")
    assert read(path, "sesame").pages == 1
    assert page_image(path, 1, scale=0.5, password="sesame").width == 306


def test_a_file_encrypted_with_an_empty_password_opens_unasked(make_pdf) -> None:
    path = make_pdf(body, encrypt=StandardEncryption("", ownerPassword="boss", strength=128))
    assert read(path).pages == 1


def test_empty_files(tmp_path: Path) -> None:
    assert "is empty" in refusal(write(tmp_path, "a.pdf", b""))
    assert "nothing but white space" in refusal(write(tmp_path, "b.txt", b" \n\t \n"))


def test_a_pdf_without_a_text_layer_names_ocr(make_pdf) -> None:
    message = refusal(make_pdf(lambda c: c.rect(100, 100, 300, 300, fill=1)))
    assert "no text layer" in message and "OCR is not available yet" in message


def test_a_page_without_a_text_layer_among_others_is_named(make_pdf) -> None:
    document = read(make_pdf(body, lambda c: c.rect(100, 100, 300, 300, fill=1), body))
    assert document.pages == 3
    assert any(w.startswith("Page 2 without a text layer") for w in document.warnings)


def test_a_blank_page_is_nothing_to_warn_of(make_pdf) -> None:
    assert read(make_pdf(body, lambda c: None, body)).warnings == ()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.97])
def test_a_file_that_was_cut_is_refused_and_said_to_be_cut(make_pdf, tmp_path: Path, share: float) -> None:
    data = make_pdf(*[body] * 6).read_bytes()
    assert "cut short" in refusal(write(tmp_path, "cut.pdf", data[: int(len(data) * share)]))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    data = b"%PDF-1.7\n" + os.urandom(3000) + b"\nstartxref\n99\n%%EOF\n"
    assert "damaged PDF" in refusal(write(tmp_path, "noise.pdf", data))


def test_content_decides_and_not_the_name(make_pdf, tmp_path: Path) -> None:
    html = b"<!DOCTYPE html><html><body><h1>Results</h1><p>Revenue was 5.</p></body></html>"
    assert read(write(tmp_path, "page.pdf", html)).media_type == "text/html"
    assert read(make_pdf(body, name="report.txt")).media_type == "application/pdf"
    assert "is a PNG picture" in refusal(write(tmp_path, "scan.pdf", PNG))
    assert "ZIP archive" in refusal(write(tmp_path, "x.csv", b"PK\x03\x04" + bytes(50)))
    assert "binary data" in refusal(write(tmp_path, "x.txt", bytes(range(256)) * 8))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nowhere.pdf")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"text")
    path.chmod(0)
    assert "may not be read" in refusal(path)


def test_a_page_beyond_the_end_is_refused(make_pdf) -> None:
    with pytest.raises(UnreadableFile, match="no page 2"):
        page_image(make_pdf(body), 2)


def test_gzip_is_unpacked_and_damaged_gzip_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"A line of text.\n")
    assert read(write(tmp_path, "a.txt.gz", packed)).blocks[0].text == "A line of text."
    assert "damaged gzip" in refusal(write(tmp_path, "b.txt.gz", packed[:-6]))
