"""Statements of real filings, read against what stands on their pages (values noted by eye from the page images)."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest

from core.evidence import Document, Table, normalise
from core.reading import locate, read

pytestmark = pytest.mark.slow

# filing, page, row label, cells of the row, a header over the first column of numbers, words of the unit
ROWS = [
    ("3M_2018_10K", 58, "Total assets", ["$36,500", "$37,987"], "2018", "Dollars in millions"),
    (
        "3M_2018_10K",
        60,
        "Purchases of property, plant and equipment (PP&E)",
        ["(1,577)", "(1,373)", "(1,420)"],
        "2018",
        "Millions",
    ),
    ("ACTIVISIONBLIZZARD_2019_10K", 69, "Total assets", ["$19,845", "$17,890"], "At December 31, 2019", "millions"),
    ("ACTIVISIONBLIZZARD_2019_10K", 73, "Capital expenditures", ["(116)", "(131)", "(155)"], "2019", "millions"),
    ("ADOBE_2015_10K", 59, "Total current assets", ["4,821,892", "4,602,328"], "November 27,", "thousands"),
    ("AMCOR_2023_10K", 52, "Work in process and finished goods", ["1,221", "1,325"], "2023", "millions"),
    ("BESTBUY_2024Q2_10Q", 3, "Additional paid-in capital", ["-", "21", "20"], "July 29, 2023", "millions"),
    ("BOEING_2018_10K", 53, "Net earnings", ["$10,460", "$8,458", "$5,034"], "2018", "Dollars in millions"),
    ("BOEING_2018_10K", 53, "Purchase of distribution rights", ["(69)", "(131)", ""], "2018", "Dollars in millions"),
    ("GENERALMILLS_2019_10K", 55, "Total assets", ["$30,111.2", "$30,624.0"], "May 26,", "Millions"),
    (
        "KRAFTHEINZ_2019_10K",
        50,
        "Operating income/(loss)",
        ["3,070", "(10,205)", "6,057"],
        "December 28, 2019",
        "millions",
    ),
    (
        "LOCKHEEDMARTIN_2020_10K",
        67,
        "Gross profit",
        ["8,654", "8,367", "7,274"],
        "Years Ended December 31,",
        "millions",
    ),
    ("MICROSOFT_2016_10K", 54, "Total assets", ["$193,694", "$174,472"], "2016", "millions"),
    (
        "NETFLIX_2015_10K",
        40,
        "Operating income",
        ["305,826", "402,648", "228,347"],
        "Year ended December 31,",
        "thousands",
    ),
    (
        "NIKE_2018_10K",
        49,
        "Additions to property, plant and equipment",
        ["(1,028)", "(1,105)", "(1,143)"],
        "Year Ended May 31,",
        "millions",
    ),
    (
        "Pfizer_2023Q2_10Q",
        8,
        "Revenues",
        ["$12,734", "$27,742", "$31,015", "$53,402"],
        "Three Months Ended",
        "MILLIONS",
    ),
    (
        "WALMART_2018_10K",
        62,
        "Payments for property and equipment",
        ["(10,051)", "(10,619)", "(11,477)"],
        "2018",
        "millions",
    ),
]


@pytest.fixture(scope="module")
def filings(shared_data: Path) -> Path:
    folder = shared_data / "finance" / "financebench" / "filings"
    if not folder.is_dir():
        pytest.skip("the filings are not at hand")
    return folder


@cache
def document(path: Path) -> Document:
    return read(path)


def tables(path: Path, page: int) -> list[Table]:
    return [b.table for b in document(path).blocks if b.table and b.locator.page == page]


@pytest.mark.parametrize(("filing", "page", "label", "cells", "header", "unit"), ROWS)
def test_a_statement_row_reads_as_printed(
    filings: Path, filing: str, page: int, label: str, cells: list[str], header: str, unit: str
) -> None:
    path = filings / f"{filing}.pdf"
    found = [(t, row) for t in tables(path, page) for row in t.grid() if row[0] == label]
    assert [row[1:] for _, row in found][:1] == [cells]
    table = found[0][0]
    assert header in [row[1] for row in table.grid()[: table.header_rows]]
    assert unit in table.unit
    printed = next(c for c in table.cells if c.text == cells[0])
    assert printed.box is not None


@pytest.mark.parametrize("filing", ["Pfizer_2023Q2_10Q", "AMCOR_2023Q4_EARNINGS"])
def test_each_line_of_a_table_can_be_marked_on_its_page(filings: Path, filing: str) -> None:
    path = filings / f"{filing}.pdf"
    lines = [(b.locator.page, line) for b in document(path).blocks if b.table for line in b.text.split("\n")][:200:20]
    assert lines
    for page, line in lines:
        assert page is not None and locate(path, page, normalise(line)), line


def test_a_filing_encrypted_with_aes_and_an_empty_password_opens(filings: Path) -> None:
    path = filings / "ADOBE_2022_10K.pdf"
    assert b"/AESV" in path.read_bytes()
    assert document(path).pages == 99


def test_a_filing_is_read_at_more_than_twenty_pages_a_second_of_one_core(filings: Path) -> None:
    start = time.process_time()
    pages = read(filings / "NETFLIX_2017_10K.pdf").pages
    assert pages / (time.process_time() - start) > 20  # 50 and more alone; room for a machine that is shared
