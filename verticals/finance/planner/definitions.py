"""Formulas that a question writes itself ("DPO is defined as: 365 * (average accounts payable between FY2017 and
FY2018) / (FY2018 COGS + change in inventory …)"), read from its marks by recursive descent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from verticals.finance.ratios.expression import Average, Binary, Item, Node, Number, shifted

PLUS = {"+": "+", "plus": "+", "-": "-", "minus": "-", "less": "-"}
TIMES = {"*": "*", "×": "*", "x": "*", "time": "*", "/": "/", "÷": "/", "over": "/", "divided": "/", "multiplied": "*"}
NOISE = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "total",
        "annual",
        "year",
        "end",
        "for",
        "in",
        "at",
        "during",
        "as",
        "on",
        "from",
        "its",
        "company",
        "fiscal",
        "day",
        "reported",
        "stated",
        "shown",
        "full",
        "both",
    ]
)
"""Words beside a figure that do not change which figure it is."""


class Unreadable(Exception):
    """The text is not a formula over known figures."""


def parse(marks: Sequence[str]) -> Node:
    """The formula that `marks` write. Raises Unreadable where a part is not understood."""
    parser = _Parser([m for m in marks if m not in (",", ":", '"', "'", "“", "”")])
    node = parser.sum()
    parser.skip()
    if parser.peek() is not None:
        raise Unreadable(parser.peek())
    return node


class _Parser:
    def __init__(self, marks: list[str]) -> None:
        self.marks = marks
        self.at = 0

    def peek(self, ahead: int = 0) -> str | None:
        i = self.at + ahead
        return self.marks[i] if i < len(self.marks) else None

    def skip(self) -> None:
        """Steps over noise and over the statement that a figure is said to come from."""
        while (mark := self.peek()) is not None and (mark in NOISE or mark.startswith("<s:")):
            self.at += 1

    def sum(self) -> Node:
        left = self.product()
        while (mark := self.peek()) in PLUS:
            self.at += 1
            left = Binary(PLUS[str(mark)], left, self.product())
        return left

    def product(self) -> Node:
        left = self.atom()
        while (mark := self.peek()) in TIMES:
            self.at += 1
            if mark in ("divided", "multiplied"):
                if self.peek() != "by":
                    raise Unreadable(str(mark))
                self.at += 1
            left = Binary(TIMES[str(mark)], left, self.atom())
        return left

    def atom(self) -> Node:
        self.skip()
        mark = self.peek()
        if mark is None:
            raise Unreadable("the formula ends too early")
        if mark == "(":
            self.at += 1
            node = self.sum()
            self.skip()
            if self.peek() != ")":
                raise Unreadable(self.peek() or "a bracket is left open")
            self.at += 1
            return self._dated(node)
        if re.fullmatch(r"\d+(?:\.\d+)?", mark):
            self.at += 1
            self.skip()
            return Number(Decimal(mark))
        return self.operand()

    def operand(self) -> Node:
        """A figure with its years: "FY2019 revenue", "average PP&E between FY2018 and FY2019"."""
        kind = ""
        years: tuple[int, ...] = ()
        name: str | None = None
        while (mark := self.peek()) is not None:
            if mark in ("average", "avg", "mean") and not kind and name is None:
                kind = "average"
            elif mark in ("change", "increase") and not kind and name is None:
                kind = "change"
            elif mark.startswith("<m:") and name is None:
                name = mark[3:-1]
            elif mark.startswith("<y") and not years:
                years = self._years()
                continue
            elif mark in ("between", "from", "of", "for", "in") and (self.peek(1) or "").startswith("<y") and not years:
                pass
            elif not (mark in NOISE or mark.startswith("<s:")):
                break
            self.at += 1
        if name is None:
            raise Unreadable(self.peek() or "a figure is missing")
        return _figure(kind, name, years)

    def _dated(self, node: Node) -> Node:
        """A bracket followed by a year: "(total assets - cash) in FY2019"."""
        return node

    def _years(self) -> tuple[int, ...]:
        first = _year(self.marks[self.at])
        self.at += 1
        if self.peek() in ("and", "to", "-", "through"):
            step = 2 if self.peek(1) == "the" else 1
            second = self.peek(step)
            if second is not None and second.startswith("<y"):
                self.at += step + 1
                return (first, _year(second))
        return (first,)


def _year(mark: str) -> int:
    return int(mark[2:-1])


def _figure(kind: str, name: str, years: tuple[int, ...]) -> Node:
    if len(years) == 2 and abs(years[1] - years[0]) > 1 and kind == "average":
        raise Unreadable("an average over a span of which only the ends are named")
    if not kind:
        if len(years) > 1:
            raise Unreadable("two years for one figure")
        return Item(name, year=years[0] if years else None)
    if len(years) == 1:
        later: Node = Item(name, year=years[0])
        earlier = shifted(later, -1)
    elif years:
        later, earlier = Item(name, year=max(years)), Item(name, year=min(years))
    else:
        later, earlier = Item(name), Item(name, -1)
    return Average((earlier, later)) if kind == "average" else Binary("-", later, earlier)
