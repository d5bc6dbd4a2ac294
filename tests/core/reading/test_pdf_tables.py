"""Tables of PDFs without ruled lines: header, unit, caption, labels, numbers as printed."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from core.evidence import Table, normalise
from core.reading import read


def only_table(document) -> Table:
    (table,) = [b.table for b in document.blocks if b.table]
    return table


def test_a_statement_without_ruled_lines_is_a_grid(make_pdf, draw_statement) -> None:
    table = only_table(read(make_pdf(draw_statement)))
    assert table.grid() == [
        ["", "December 31,", "December 31,"],
        ["", "2024", "2023"],
        ["Current assets:", "", ""],
        ["Cash and cash equivalents", "$2,853", "$3,053"],
        ["Accounts receivable, net of allowances of $95 and $103, respectively", "5,020", "4,911"],
        ["Held for sale", "—", "12"],
        ["Total current assets", "7,873", "7,976"],
        ["Less: accumulated depreciation", "(16,135)", "(16,048)"],
        ["Total assets", "$36,500", "$37,987"],
    ]
    assert table.header_rows == 2
    assert [c.header for c in table.cells if c.row == 1] == [True, True]
    assert not any(c.header for c in table.cells if c.row > 1)


def test_caption_and_unit_are_the_title_lines_above(make_pdf, draw_statement) -> None:
    table = only_table(read(make_pdf(draw_statement)))
    assert table.caption.split("\n")[:2] == ["Plumb Instruments, Inc.", "Consolidated Balance Sheets"]
    assert table.unit == "(Dollars in millions, except per share amounts)"


def test_labels_carry_their_indent_and_cells_their_boxes(make_pdf, draw_statement) -> None:
    table = only_table(read(make_pdf(draw_statement)))
    indent = {c.text: c.indent for c in table.cells if c.column == 0}
    assert indent["Current assets:"] == 0
    assert abs(indent["Cash and cash equivalents"] - 12) < 1
    assert abs(indent["Total current assets"] - 24) < 1
    (cell,) = [c for c in table.cells if c.text == "(16,135)"]
    x0, _, x1, _ = cell.box
    assert x0 < 430 < x1 < 436


def test_a_line_of_the_block_text_is_a_row_as_printed(make_pdf, draw_statement) -> None:
    document = read(make_pdf(draw_statement))
    (block,) = [b for b in document.blocks if b.table]
    lines = block.text.split("\n")
    assert len(lines) == block.table.rows
    assert normalise(lines[-1]) == "Total assets $ 36,500 $ 37,987"


def test_a_header_over_groups_of_columns_spans_them(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.setFont("Times-Roman", 9)
        c.drawCentredString(305, 700, "Three Months Ended June 30,")
        c.drawCentredString(465, 700, "Six Months Ended June 30,")
        rights = (290, 360, 450, 520)
        for right, text in zip(rights, ("2024", "2023", "2024", "2023"), strict=True):
            c.drawRightString(right, 686, text)
        for k, (label, *values) in enumerate(
            [
                ("Revenues", "410", "398", "812", "790"),
                ("Cost of sales", "(200)", "(190)", "(401)", "(380)"),
                ("Gross profit", "210", "208", "411", "410"),
            ]
        ):
            c.drawString(60, 670 - 14 * k, label)
            for right, text in zip(rights, values, strict=True):
                c.drawRightString(right, 670 - 14 * k, text)

    table = only_table(read(make_pdf(draw)))
    spans = [(c.text, c.column, c.colspan) for c in table.cells if c.row == 0]
    assert spans == [("Three Months Ended June 30,", 1, 2), ("Six Months Ended June 30,", 3, 2)]
    assert table.grid()[-1] == ["Gross profit", "210", "208", "411", "410"]


def test_prose_with_numbers_is_no_table(make_pdf) -> None:
    lines = [
        "In 2024 the company sold 1,200 units at $ 35 each, up from 1,100 units at $ 33 in 2023, and closed 3 of",
        "its 14 plants. Capital expenditure of $ 410 million was 8.2% of revenue against 7.9% a year earlier, which",
        "the board had approved in March 2023 together with a dividend of $1.20 a share. Interest of $ 12 million",
        "was capitalised. See Note 4 and Note 9 for the years ended December 31, 2024 and 2023, respectively.",
    ]

    def draw(c: Canvas) -> None:
        c.setFont("Times-Roman", 10)
        for k, line in enumerate(lines * 3):
            c.drawString(60, 720 - 12 * k, line)

    assert not [b for b in read(make_pdf(draw)).blocks if b.table]


def test_two_tables_of_one_page_stay_apart(make_pdf, draw_statement) -> None:
    def draw(c: Canvas) -> None:
        draw_statement(c)
        c.translate(0, -300)
        draw_statement(c)

    tables = [b.table for b in read(make_pdf(draw)).blocks if b.table]
    assert len(tables) == 2
    assert tables[0].grid() == tables[1].grid()
    assert tables[0].caption == tables[1].caption


def test_a_unit_over_one_column_is_not_the_unit_of_the_table(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.setFont("Times-Roman", 9)
        c.drawRightString(400, 700, "Shares")
        c.drawRightString(500, 700, "(in millions)")
        for k, (label, a, b) in enumerate(
            [("January", "714,575", "4,894"), ("February", "1,420,634", "4,562"), ("March", "1,791,496", "4,152")]
        ):
            c.drawString(60, 684 - 12 * k, label)
            c.drawRightString(400, 684 - 12 * k, a)
            c.drawRightString(500, 684 - 12 * k, b)

    table = only_table(read(make_pdf(draw)))
    assert table.unit == ""
    assert table.grid()[0] == ["", "Shares", "(in millions)"]
