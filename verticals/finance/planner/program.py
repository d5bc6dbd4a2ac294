"""What a planned question is: which figures, of which periods and companies, combined in which form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from verticals.finance.formatting import Format
from verticals.finance.ratios.expression import Node

Form = Literal[
    "value",
    "mean",
    "cagr",
    "growth",
    "change",
    "compare",
    "trend",
    "steady",
    "sign",
    "healthy",
    "intensity",
    "activities",
    "highest",
    "drivers",
]


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A fiscal year, or one of its quarters. Points sort by their ends."""

    year: int
    end: int = 4
    """Quarter with which it ends."""
    quarter: int | None = None

    @staticmethod
    def of(year: int, quarter: int | None = None) -> Point:
        return Point(year, quarter or 4, quarter)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to compute: a metric of the dictionary, or one that the question defines."""

    name: str
    label: str
    node: Node
    unit: str
    good: str
    definition: str
    note: str = ""
    line: bool = False
    """Read as reported, not computed."""
    instant: bool = False
    """A balance at a date, not a flow over a period."""


@dataclass(frozen=True, slots=True)
class Program:
    """A typed program. `points` is empty where the question names no period: the latest filing decides."""

    form: Form
    figures: tuple[Figure, ...]
    points: tuple[Point, ...]
    format: Format
    direction: str = ""
    """"up", "down", "better", "worse" or "" (either): what a yes/no question asks about; "max"/"min" for highest."""
    tolerance: float | None = None
    """Percentage points within which a margin counts as steady, where the question says."""
    years_back: int | None = None
    """Length of the window that ends with the last point, where the question gives only its length."""
    relevance: bool = False
    """Say so where the figure is not a useful one for this company."""
