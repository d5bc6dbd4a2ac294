"""Ratios: figures of the metric dictionary computed over a Frame into Facts whose inputs cite the rows they stand in.

    book = Book(frame)                       # numbers citations and facts, one numbering
    fact = figure(book, "gross_margin", 2022)
    book.citations, book.facts               # what a Draft or a report needs

A figure whose inputs are not all in the statements raises `Missing`, which names each of them.
"""

from verticals.finance.ratios.book import Book, Missing
from verticals.finance.ratios.evaluate import (
    cagr,
    change,
    figure,
    growth,
    industry,
    mean,
    of_expression,
    says_little,
    try_figure,
)

__all__ = [
    "Book",
    "Missing",
    "cagr",
    "change",
    "figure",
    "growth",
    "industry",
    "mean",
    "of_expression",
    "says_little",
    "try_figure",
]
