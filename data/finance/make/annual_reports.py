"""Writes the two annual reports of the demo company (PDF) from its ledger and the text in `report.md.j2`.

    python data/finance/make/annual_reports.py [FOLDER]

Needs reportlab (the `dev` extra). The same ledger and text give the same bytes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ledger import Ledger
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from tables import Grid, notes, statements

HERE = Path(__file__).resolve().parent
NAME = "Penstock Water Technologies, Inc."
BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=13, spaceAfter=6)
BULLET = ParagraphStyle("bullet", parent=BODY, leftIndent=16, bulletIndent=4)
CENTRE = ParagraphStyle("centre", parent=BODY, alignment=TA_CENTER)
BIG = ParagraphStyle("big", parent=CENTRE, fontName="Times-Bold", fontSize=17, leading=22)
PART = ParagraphStyle(
    "part", parent=CENTRE, fontName="Times-Bold", fontSize=13, leading=18, spaceBefore=10, keepWithNext=1
)
ITEM = ParagraphStyle(
    "item", parent=BODY, fontName="Times-Bold", fontSize=11.5, leading=15, spaceBefore=10, keepWithNext=1
)
SUB = ParagraphStyle(
    "sub", parent=BODY, fontName="Times-BoldItalic", fontSize=10, spaceBefore=5, spaceAfter=3, keepWithNext=1
)
CAPTION = ParagraphStyle("caption", parent=CENTRE, fontName="Times-Bold", spaceAfter=0, spaceBefore=6)
UNIT = ParagraphStyle("unit", parent=CENTRE, fontName="Times-Italic", fontSize=9, leading=11, spaceAfter=3)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=9, leading=11, spaceAfter=0)


def millions(thousands: float, digits: int = 1) -> str:
    """ "$805.9 million" from an amount in thousands."""
    return f"${thousands / 1000:,.{digits}f} million"


def share(part: float, whole: float) -> str:
    """ "36.1%"."""
    return f"{part / whole * 100:.1f}%"


def growth(values: dict[int, float], year: int) -> str:
    """ "14.3%": the change on the year before."""
    return f"{(values[year] / values[year - 1] - 1) * 100:.1f}%"


def text(ledger: Ledger, year: int) -> str:
    """The report's words, figures filled in."""
    env = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, trim_blocks=True, autoescape=False)
    return env.get_template("report.md.j2").render(
        L=ledger,
        y=year,
        mil=millions,
        share=share,
        growth=growth,
        n=lambda x: f"{x:,}",
        usd2=lambda x: f"${x:.2f}",
        ratio=lambda x: f"{x:.1f}",
    )


def printed(cell: object, money: bool) -> str:
    """A cell as an annual report prints it: thousands separated, losses in parentheses, a dash for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    assert isinstance(cell, int | float) and float(cell).is_integer()
    if cell == 0 and money:
        return "—"
    return f"({abs(int(cell)):,})" if cell < 0 else f"{int(cell):,}"


def table(grid: Grid) -> list[Flowable]:
    """Caption, unit line and the grid, with a column of dollar signs before each column of amounts."""
    dollars = grid.money and not grid.widths
    each = [12.0, 62.0, 10.0] if dollars else [0.0]
    widths = grid.widths or [62.0] * len(grid.heads)
    data: list[list[Any]] = []
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), "Times-Roman", 9),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT" if grid.money or not grid.widths else "LEFT"),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
        ("LEFTPADDING", (0, 0), (-1, -1), 1),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1),
    ]

    def spread(cells: Iterable[tuple[str, str]]) -> list[str]:
        flat: list[str] = []
        for sign, body in cells:
            flat += [sign, body, ""] if dollars else [body]
        return flat

    if grid.over and dollars:
        data.append(["", grid.over] + [""] * (3 * len(grid.heads) - 1))
        style += [
            ("SPAN", (1, 0), (-1, 0)),
            ("ALIGN", (1, 0), (-1, 0), "CENTER"),
            ("FONT", (1, 0), (-1, 0), "Times-Bold", 9),
        ]
    head = len(data)
    wrap = ParagraphStyle("head", parent=CELL, fontName="Times-Bold", alignment=2 if grid.money else 0)
    heads = [("", h) for h in grid.heads]
    data.append(["", *(spread(heads) if not grid.widths else [Paragraph(h, wrap) for _, h in heads])])
    style += [("FONT", (0, head), (-1, head), "Times-Bold", 9), ("LINEBELOW", (1, head), (-1, head), 0.6, colors.black)]
    first = True
    for label, cells in grid.rows:
        r = len(data)
        total, heading = label.startswith("="), label.startswith("#")
        name = label.lstrip("=#")
        sign = "$" if (first or total) and cells and not heading else ""
        bodies = [(sign if printed(c, grid.money) and not _ratio(c) else "$" if _dollar(c) else "",
                   printed(c, grid.money)) for c in cells]  # fmt: skip
        data.append([Paragraph(name, ParagraphStyle("l", parent=CELL, leftIndent=0 if total or heading else 8,
                     fontName="Times-Bold" if heading or total else "Times-Roman")),
                     *(spread(bodies) if cells else [""] * (len(each) * len(grid.heads)))])  # fmt: skip
        if total:
            style += [("LINEABOVE", (1, r), (-1, r), 0.5, colors.black), ("FONT", (1, r), (-1, r), "Times-Bold", 9)]
        first = first and (heading or not cells)
    amounts = each * len(grid.heads) if dollars else widths
    laid = Table(data, colWidths=[6.5 * inch - sum(amounts), *amounts], repeatRows=head + 1)
    laid.setStyle(TableStyle(style))
    above: list[Flowable] = [Paragraph(grid.caption, CAPTION)]
    above.append(Paragraph(grid.unit, UNIT) if grid.unit else Spacer(1, 3))
    return [KeepTogether([*above, laid, Spacer(1, 8)])]


def _ratio(cell: object) -> bool:
    return isinstance(cell, str)


def _dollar(cell: object) -> bool:
    return isinstance(cell, str) and bool(re.fullmatch(r"\d+\.\d\d", cell))


def cover(ledger: Ledger, year: int) -> Iterator[Flowable]:
    """The cover page in the form of a Form 10-K."""
    lines = [
        ("DEMONSTRATION DOCUMENT OF A FICTITIOUS COMPANY", CENTRE),
        ("Not filed with any authority", CENTRE),
        ("", CENTRE),
        ("FORM 10-K", BIG),
        ("ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934", CENTRE),
        (f"For the fiscal year ended December 31, {year}", PART),
        ("", CENTRE),
        (NAME, BIG),
        ("(Exact name of registrant as specified in its charter)", UNIT),
        ("", CENTRE),
        ("Minnesota", CENTRE),
        ("(State or other jurisdiction of incorporation or organization)", UNIT),
        ("100 Foundry Landing, Duluth, Minnesota", CENTRE),
        ("(Address of principal executive offices)", UNIT),
        ("", CENTRE),
        ("Title of each class: Common Stock, $0.01 par value", CENTRE),
        ("Trading symbol: PSWT", CENTRE),
        ("Name of each exchange on which registered: none (fictitious)", CENTRE),
        ("", CENTRE),
        (f"Shares of common stock outstanding at February {'14, 2025' if year == 2024 else '16, 2024'}: "
         f"{ledger.outstanding[year]:,}", CENTRE),
    ]  # fmt: skip
    yield Spacer(1, 40)
    for words, style in lines:
        yield Paragraph(words, style) if words else Spacer(1, 14)


def contents(source: str) -> Iterator[Flowable]:
    """The list of parts and items, without page numbers."""
    yield Paragraph("TABLE OF CONTENTS", PART)
    for line in source.splitlines():
        if line.startswith("# "):
            yield Paragraph(f"<b>{line[2:]}</b>", BODY)
        elif line.startswith("## "):
            yield Paragraph(line[3:], BULLET)
    yield Spacer(1, 12)
    yield Paragraph(
        "Forward-looking statements. This report contains expectations about orders, costs, regulation and capital "
        "spending. They rest on what we know today and may prove wrong; Item 1A names the main reasons.",
        BODY,
    )


def story(ledger: Ledger, year: int) -> Iterator[Flowable]:
    """All flowables of one report, from the marked-up text."""
    words = text(ledger, year)
    grids = notes(ledger, year)
    primary = statements(ledger, year)
    for raw in words.splitlines():
        line = raw.strip()
        if not line:
            continue
        if line == "@cover":
            yield from cover(ledger, year)
        elif line == "@page":
            yield PageBreak()
        elif line == "@contents":
            yield from contents(words)
        elif line.startswith("@table "):
            yield from table(grids[line[7:]])
        elif line.startswith("@statement "):
            yield from table(primary[line[11:]])
            yield Paragraph("See accompanying notes to consolidated financial statements.", UNIT)
        elif line.startswith("# "):
            yield Paragraph(line[2:], PART)
        elif line.startswith("## "):
            yield CondPageBreak(90)
            yield Paragraph(line[3:], ITEM)
        elif line.startswith("### "):
            yield CondPageBreak(70)
            yield Paragraph(line[4:], SUB)
        elif line.startswith("- "):
            yield Paragraph(line[2:], BULLET, bulletText="•")
        else:
            yield Paragraph(line, BODY)


def write(ledger: Ledger, year: int, folder: Path) -> Path:
    """Writes the annual report of `year` and returns its path."""
    path = folder / f"penstock-10-k-{year}.pdf"

    def foot(canvas: Any, doc: Any) -> None:
        canvas.setFont("Times-Roman", 8)
        canvas.drawCentredString(letter[0] / 2, 34, str(doc.page))
        canvas.drawString(inch, 34, "Fictitious company, for demonstration")

    doc = BaseDocTemplate(
        str(path), pagesize=letter, leftMargin=inch, rightMargin=inch, topMargin=0.8 * inch, bottomMargin=0.8 * inch,
        title=f"{NAME} annual report {year}", author="The Plumbline founders", subject="Fictitious company",
        invariant=1,
    )  # fmt: skip
    frame = Frame(doc.leftMargin, doc.bottomMargin, doc.width, doc.height, id="page", leftPadding=0, rightPadding=0)
    doc.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=foot)])
    doc.build(list(story(ledger, year)))
    return path


def main() -> None:
    """Writes both reports into the folder named, else into `data/finance`."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent
    ledger = Ledger()
    for year in (2023, 2024):
        path = write(ledger, year, folder)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
