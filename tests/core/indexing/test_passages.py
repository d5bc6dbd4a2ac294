"""Cutting: structure is kept, tables are cut between rows with their head repeated."""

from __future__ import annotations

from core.evidence import Block, Cell, Description, Document, Locator, Table
from core.indexing.passages import LIMIT, TABLE_LIMIT, TARGET, passages, sentences_to

PLACES = ("Duluth", "Tulsa", "Monterrey", "Rochester", "Fargo", "Mesa")


def document(*blocks: Block) -> Document:
    return Document("sha", "a.pdf", "application/pdf", blocks, pages=9)


def text(words: str, page: int = 1) -> Block:
    return Block("text", words, Locator(page=page))


def heading(words: str, level: int, page: int = 1) -> Block:
    return Block("heading", words, Locator(page=page), level)


def table(rows: int, page: int = 1) -> Block:
    head = ["(in millions)\t\t", "\t2022\t2021"]
    body = [f"Line item number {r} of the statement\t{r},{r:03}\t({r})" for r in range(1, rows)]
    lines = [*head, *body]
    cells = tuple(
        Cell(r, c, cell, header=r < 2, box=(0.0, 10.0 * r, 10.0, 10.0 * r + 9))
        for r, line in enumerate(lines)
        for c, cell in enumerate(line.split("\t"))
    )
    grid = Table(len(lines), 3, cells, caption="Consolidated Balance Sheets", unit="(in millions)", header_rows=2)
    return Block("table", "\n".join(lines), Locator(page=page), table=grid)


def test_a_passage_never_crosses_a_page_or_a_heading() -> None:
    cut = passages(
        document(heading("One", 1), text("a"), text("b", 2), heading("Two", 1, 2), text("c", 2)), Description(), "s"
    )
    assert [(p.text, p.locator.page, p.heading_path) for p in cut] == [
        ("One\na", 1, ("One",)),
        ("b", 2, ("One",)),
        ("Two\nc", 2, ("Two",)),
    ]


def test_the_heading_path_follows_the_levels() -> None:
    blocks = [heading("Item 7", 1), heading("Liquidity", 2), text("x"), heading("Item 8", 1), text("y")]
    assert [p.heading_path for p in passages(document(*blocks), Description(), "s")] == [
        ("Item 7", "Liquidity"),
        ("Item 8",),
    ]


def test_a_long_table_is_cut_between_rows_and_every_piece_holds_the_whole_head() -> None:
    block = table(200)
    cut = passages(document(block), Description(), "s")
    assert len(cut) > 2
    rows = block.text.split("\n")[2:]
    seen: list[str] = []
    for piece in cut:
        lines = piece.text.split("\n")
        assert lines[:3] == ["Consolidated Balance Sheets", "(in millions)\t\t", "\t2022\t2021"]
        assert len(piece.text) <= TABLE_LIMIT
        seen += lines[3:]
    assert seen == rows


def test_a_table_of_usual_size_stays_whole_and_is_embedded_without_its_digits() -> None:
    (piece,) = passages(document(table(20)), Description(), "s")
    assert "Line item number 7 of the statement" in piece.search_text
    assert "7,007" in piece.text
    assert "7,007" not in piece.search_text


def test_long_text_is_cut_between_sentences_without_loss() -> None:
    words = " ".join(f"Sentence number {i} says what sentence {i} says." for i in range(200))
    cut = passages(document(text(words)), Description(), "s")
    assert all(len(p.text) <= LIMIT for p in cut)
    assert " ".join(p.text for p in cut) == words


def test_a_sentence_longer_than_the_limit_is_cut_between_words() -> None:
    parts = list(sentences_to("word " * 1000, TARGET))
    assert all(len(p) <= 2 * TARGET for p in parts)
    assert " ".join(parts).split() == ["word"] * 1000


def test_the_contextual_header_names_entity_document_and_section() -> None:
    description = Description(entity="Acme", kind="10-K", meta={"fiscal_year": "2022"})
    (piece,) = passages(document(heading("Item 7", 1), text("x")), description, "s")
    assert piece.context == "Acme | 10-K 2022 | Item 7"


def test_ids_come_from_content_and_place() -> None:
    one = passages(document(text("a"), text("b", 2)), Description(), "s")
    two = passages(document(text("a"), text("b", 2)), Description(), "s")
    assert [p.id for p in one] == [p.id for p in two]
    assert len({p.id for p in one}) == 2


def test_running_heads_and_feet_are_no_part_of_a_passage() -> None:
    blocks = [
        block
        for page in range(1, 7)
        for block in (
            text("Acme annual report", page),
            text(f"The works at {PLACES[page - 1]}.", page),
            text(f"Confidential {page + 2}", page),
        )
    ]
    cut = passages(document(*blocks), Description(), "s")
    assert [p.text for p in cut] == [f"The works at {place}." for place in PLACES]


def test_a_line_that_differs_by_more_than_the_page_number_stays() -> None:
    numbers = [48213, 1702, 77, 940, 31, 8]
    blocks = [text(f"The number of this page is {n}.", page) for page, n in enumerate(numbers, 1)]
    assert len(passages(document(*blocks), Description(), "s")) == 6


def test_a_page_that_holds_nothing_else_keeps_its_running_head() -> None:
    blocks = [text("Left blank on purpose", page) for page in range(1, 6)]
    assert len(passages(document(*blocks), Description(), "s")) == 5
