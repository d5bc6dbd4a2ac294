"""Small PDFs drawn for one test each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
MakePdf = Callable[..., Path]


@pytest.fixture
def make_pdf(tmp_path: Path) -> MakePdf:
    """`make_pdf(draw, …, name="a.pdf", encrypt=None)`: a PDF with one page for each `draw`."""

    def make(*pages: Draw, name: str = "drawn.pdf", encrypt: object = None) -> Path:
        path = tmp_path / name
        canvas = Canvas(str(path), pagesize=letter, encrypt=encrypt, pageCompression=0)
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return path

    return make


def statement(canvas: Canvas) -> None:
    """A balance sheet without a ruled line: signs and brackets in text runs of their own, as filings print them."""
    canvas.setFont("Times-Bold", 10)
    canvas.drawString(60, 740, "Plumb Instruments, Inc.")
    canvas.drawString(60, 728, "Consolidated Balance Sheets")
    canvas.setFont("Times-Roman", 10)
    canvas.drawString(60, 716, "(Dollars in millions, except per share amounts)")
    canvas.setFont("Times-Bold", 9)
    canvas.drawCentredString(460, 690, "December 31,")
    canvas.drawRightString(430, 678, "2024")
    canvas.drawRightString(520, 678, "2023")
    canvas.setFont("Times-Roman", 9)
    rows: list[tuple[int, str, str, str]] = [
        (0, "Current assets:", "", ""),
        (12, "Cash and cash equivalents", "$ 2,853", "$ 3,053"),
        (12, "Accounts receivable, net of allowances of $95 and", "", ""),
        (12, "$103, respectively", "5,020", "4,911"),
        (12, "Held for sale", "—", "12"),
        (24, "Total current assets", "7,873", "7,976"),
        (0, "Less: accumulated depreciation", "(16,135", "(16,048"),
        (0, "Total assets", "$ 36,500", "$ 37,987"),
    ]
    y = 660
    for indent, label, *values in rows:
        canvas.drawString(60 + indent, y, label)
        for right, value in zip((430, 520), values, strict=True):
            sign, _, number = value.rpartition(" ")
            if sign:
                canvas.drawString(right - 60, y, sign)
            canvas.drawRightString(right, y, number)
            if number.startswith("("):
                canvas.drawString(right + 0.4, y, ")")
        y -= 12


@pytest.fixture
def draw_statement() -> Draw:
    return statement
