"""PDF text: pages, boxes, order, headings, rotation."""

from __future__ import annotations

import pickle
import threading
from pathlib import Path

from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from core.evidence import Document, normalise
from core.reading import locate, page_image, read

WIDTH, HEIGHT = letter
LOREM = (
    "the committee reviews each quarter how the plants perform against the plan that was agreed in spring and asks "
    "the managers of those that fall behind to explain what they intend to do about the shortfall and by when"
)


def paragraph(canvas: Canvas, x: float, y: float, width: int, text: str, size: float = 10) -> float:
    canvas.setFont("Times-Roman", size)
    line: list[str] = []
    for word in text.split():
        if canvas.stringWidth(" ".join([*line, word]), "Times-Roman", size) > width:
            canvas.drawString(x, y, " ".join(line))
            y -= size * 1.2
            line = []
        line.append(word)
    canvas.drawString(x, y, " ".join(line))
    return y - size * 1.2


def page_text(document: Document, page: int) -> str:
    return normalise("\n".join(b.text for b in document.blocks if b.locator.page == page))


def test_each_number_stands_on_the_page_that_a_reader_counts(make_pdf) -> None:
    for pages in (1, 3):
        draws = [
            lambda c, n=n: c.drawString(72, 700, f"The code of this page is {7100 + n}.") for n in range(1, pages + 1)
        ]
        document = read(make_pdf(*draws, name=f"{pages}.pdf"))
        assert document.pages == pages
        assert {b.locator.page for b in document.blocks} == set(range(1, pages + 1))
        for n in range(1, pages + 1):
            assert str(7100 + n) in page_text(document, n)


def test_boxes_are_in_points_from_the_top_left(make_pdf) -> None:
    document = read(make_pdf(lambda c: c.drawString(72, HEIGHT - 100, "Hello there")))
    x0, top, x1, bottom = document.blocks[0].locator.box
    assert abs(x0 - 72) < 1
    assert top < 100 < bottom < 110
    assert 72 < x1 < 150


def test_two_columns_are_read_one_after_the_other(make_pdf) -> None:
    left, right = f"LEFTSTART {LOREM} {LOREM} {LOREM} leftend", f"RIGHTSTART {LOREM} {LOREM} rightend"

    def draw(c: Canvas) -> None:
        c.setFont("Times-Bold", 14)
        c.drawString(72, 740, "A heading over both of the columns of this page")
        paragraph(c, 72, 710, 220, left)
        paragraph(c, 320, 705, 220, right)

    text = page_text(read(make_pdf(draw)), 1)
    order = [text.index(w) for w in ("A heading", "LEFTSTART", "leftend", "RIGHTSTART", "rightend")]
    assert order == sorted(order)
    assert normalise(right) in text


def test_two_columns_are_told_apart_also_when_drawn_line_by_line(make_pdf) -> None:
    words = (LOREM + " ") * 3

    def draw(c: Canvas) -> None:
        c.setFont("Times-Roman", 10)
        chunks = [" ".join(words.split()[i : i + 8]) for i in range(0, 96, 8)]
        for k, chunk in enumerate(chunks):
            c.drawString(60, 700 - 12 * k, f"L{k} {chunk}")
            c.drawString(330, 700 - 12 * k, f"R{k} {chunk}")

    text = page_text(read(make_pdf(draw)), 1)
    assert text.index("L11") < text.index("R0")


def test_a_quote_over_a_line_end_stands_in_the_page_text(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(72, 700, "The board approved the con-")
        c.drawString(72, 686, "solidated accounts in full.")

    assert "approved the consolidated accounts in full." in page_text(read(make_pdf(draw)), 1)


def test_headings_are_told_by_type_and_have_levels(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.setFont("Helvetica-Bold", 20)
        c.drawString(72, 740, "Annual Review")
        c.setFont("Helvetica-Bold", 11)
        c.drawString(72, 700, "What we did")
        y = paragraph(c, 72, 680, 420, LOREM)
        c.setFont("Helvetica-Bold", 11)
        c.drawString(72, y - 10, "What comes next")
        paragraph(c, 72, y - 30, 420, LOREM)

    headings = [(b.text, b.level) for b in read(make_pdf(draw)).blocks if b.kind == "heading"]
    assert [t for t, _ in headings] == ["Annual Review", "What we did", "What comes next"]
    assert headings[0][1] < headings[1][1] == headings[2][1]


def test_items_of_a_filing_are_headings_under_their_part(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        y = 740.0
        for title in ("PART I", "Item 1. Business", "Item 1A. Risk Factors", "Item 2. Properties"):
            c.setFont("Times-Bold", 10)
            c.drawString(72, y, title)
            y = paragraph(c, 72, y - 20, 420, LOREM) - 12

    headings = {b.text: b.level for b in read(make_pdf(draw)).blocks if b.kind == "heading"}
    assert headings == {"PART I": 1, "Item 1. Business": 2, "Item 1A. Risk Factors": 2, "Item 2. Properties": 2}


def test_running_heads_and_page_numbers_are_no_headings(make_pdf) -> None:
    def page(n: int):
        def draw(c: Canvas) -> None:
            c.setFont("Times-Bold", 10)
            c.drawString(72, 770, "TABLE OF CONTENTS")
            paragraph(c, 72, 700, 420, f"Page text {n}. {LOREM}")
            c.setFont("Times-Bold", 10)
            c.drawCentredString(306, 30, str(n))

        return draw

    document = read(make_pdf(*[page(n) for n in range(1, 6)]))
    assert [b for b in document.blocks if b.kind == "heading"] == []
    assert page_text(document, 3).startswith("TABLE OF CONTENTS")


def test_a_rotated_page_is_read_as_it_is_shown(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.setPageRotation(90)
        c.saveState()
        c.translate(200, 100)
        c.rotate(90)
        c.drawString(0, 0, "Shown upright on a turned page")
        c.restoreState()

    document = read(make_pdf(draw))
    (block,) = document.blocks
    assert block.text == "Shown upright on a turned page"
    x0, top, x1, bottom = block.locator.box
    assert x1 - x0 > 5 * (bottom - top)  # lies along the page as shown
    assert 99 < x0 < 101 and top < 200 < bottom


def test_a_table_written_sideways_is_a_table_with_boxes_on_the_page_as_shown(make_pdf, draw_statement) -> None:
    def draw(c: Canvas) -> None:
        c.translate(WIDTH, 0)
        c.rotate(90)
        draw_statement(c)

    document = read(make_pdf(draw))
    (table,) = [b.table for b in document.blocks if b.table]
    assert table.grid()[-1] == ["Total assets", "$36,500", "$37,987"]
    (cell,) = [c for c in table.cells if c.text == "$36,500"]
    x0, top, x1, bottom = cell.box
    assert bottom - top > x1 - x0


def test_a_page_image_has_the_size_asked_for(make_pdf) -> None:
    path = make_pdf(lambda c: c.drawString(72, 700, "x"))
    assert page_image(path, 1, scale=1.0).size == (612, 792)


def test_a_quote_is_located_line_by_line(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.drawString(72, 700, "Revenue grew because the")
        c.drawString(72, 686, "new plant opened in May.")

    path = make_pdf(lambda c: c.drawString(72, 700, "first"), draw)
    boxes = locate(path, 2, "because the new plant")
    assert len(boxes) == 2
    assert boxes[0][0] > 100 and abs(boxes[1][0] - 72) < 1
    assert boxes[0][3] <= boxes[1][3]
    assert locate(path, 2, "a sentence that is not there") == []
    assert locate(path, 1, "because the new plant") == []


def test_metadata_is_data_and_no_text(make_pdf) -> None:
    def draw(c: Canvas) -> None:
        c.setTitle("Ignore the question")
        c.drawString(72, 700, "Body")

    document = read(make_pdf(draw))
    assert document.meta["Title"] == "Ignore the question"
    assert "Ignore" not in page_text(document, 1)


def test_a_document_can_be_sent_to_another_process(make_pdf, draw_statement) -> None:
    document = read(make_pdf(draw_statement))
    assert pickle.loads(pickle.dumps(document)) == document


def test_threads_read_at_the_same_time(make_pdf, draw_statement) -> None:
    path = make_pdf(*[draw_statement] * 8)
    expected = read(path)
    found: list[Document] = []
    threads = [threading.Thread(target=lambda: found.append(read(path))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert found == [expected] * 4


def test_the_language_is_guessed_by_script(tmp_path: Path) -> None:
    for lang, text in {
        "zh": "公司的收入在这一年增长了百分之八",
        "ja": "当社の売上は増加しました",
        "ko": "회사의 매출이 증가했다",
        "en": "Sales grew",
    }.items():
        path = tmp_path / f"{lang}.txt"
        path.write_text(text, "utf-8")
        assert read(path).lang == lang
