"""Formulas over standard lines as a small tree: numbers, figures of a year, averages, and arithmetic.

first(gross_profit, revenue - cost_of_revenue)      the first that the statements give
365 * avg(inventories) / cost_of_revenue            avg: of this year's and last year's end
cost_of_revenue + change(inventories)               change: this year less last year; prior(x): last year
opt(short_term_debt) + long_term_debt               opt: nothing where the statements have no such line
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal


class Node:
    """A formula; evaluated for a year by `ratios.evaluate`."""

    def children(self) -> tuple[Node, ...]:
        return ()

    def items(self) -> Iterator[str]:
        """Names of the figures used, in reading order, repeated as they stand."""
        if isinstance(self, Item):
            yield self.name
        for child in self.children():
            yield from child.items()


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A constant."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Item(Node):
    """A figure: of the fiscal year `year`, or of the year asked for, `shift` years on. `raw`: the line as reported,
    never the metric of that name."""

    name: str
    shift: int = 0
    year: int | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Average(Node):
    """The mean of its parts."""

    parts: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic on two formulas."""

    operator: str
    left: Node
    right: Node

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True, slots=True)
class First(Node):
    """The first of `options` whose figures are all known."""

    options: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.options


@dataclass(frozen=True, slots=True)
class Optional(Node):
    """A figure that counts as none where the statements of that date are known and have no such line."""

    part: Node

    def children(self) -> tuple[Node, ...]:
        return (self.part,)


def shifted(node: Node, years: int) -> Node:
    """`node` as it was `years` later (negative: earlier)."""
    if isinstance(node, Item):
        year = None if node.year is None else node.year + years
        return Item(node.name, node.shift + years if node.year is None else 0, year, node.raw)
    if isinstance(node, Average):
        return Average(tuple(shifted(p, years) for p in node.parts))
    if isinstance(node, Binary):
        return Binary(node.operator, shifted(node.left, years), shifted(node.right, years))
    if isinstance(node, First):
        return First(tuple(shifted(o, years) for o in node.options))
    if isinstance(node, Optional):
        return Optional(shifted(node.part, years))
    return node


_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z_][a-z0-9_]*)|([-+*/(),]))")


def parse(text: str, raw: bool = False) -> Node:
    """Reads a formula of the dictionary; `raw` makes every name a line as reported (the formula of a line itself).

    Raises ValueError that shows where it cannot be read.
    """
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if not match:
            msg = f"cannot read {text[at:]!r} in the formula {text!r}"
            raise ValueError(msg)
        tokens.append(match.group().strip())
        at = match.end()
    node, rest = _sum(tokens)
    if rest:
        msg = f"{' '.join(rest)!r} follows the end of the formula {text!r}"
        raise ValueError(msg)
    return as_reported(node) if raw else node


def as_reported(node: Node) -> Node:
    """`node` with every name read as a line as reported."""
    if isinstance(node, Item):
        return replace(node, raw=True)
    if isinstance(node, Average):
        return Average(tuple(as_reported(p) for p in node.parts))
    if isinstance(node, Binary):
        return Binary(node.operator, as_reported(node.left), as_reported(node.right))
    if isinstance(node, First):
        return First(tuple(as_reported(o) for o in node.options))
    return Optional(as_reported(node.part)) if isinstance(node, Optional) else node


def _sum(tokens: list[str]) -> tuple[Node, list[str]]:
    left, tokens = _product(tokens)
    while tokens and tokens[0] in "+-":
        operator = tokens[0]
        right, tokens = _product(tokens[1:])
        left = Binary(operator, left, right)
    return left, tokens


def _product(tokens: list[str]) -> tuple[Node, list[str]]:
    left, tokens = _atom(tokens)
    while tokens and tokens[0] in "*/":
        operator = tokens[0]
        right, tokens = _atom(tokens[1:])
        left = Binary(operator, left, right)
    return left, tokens


def _atom(tokens: list[str]) -> tuple[Node, list[str]]:
    if not tokens:
        msg = "the formula ends where a figure is expected"
        raise ValueError(msg)
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        node, rest = _sum(rest)
        return node, _expect(")", rest)
    if head[0].isdigit():
        return Number(Decimal(head)), rest
    if rest[:1] == ["("]:
        arguments: list[Node] = []
        rest = ["(", *rest[1:]]
        while rest and rest[0] in "(,":
            node, rest = _sum(rest[1:])
            arguments.append(node)
        return _call(head, arguments), _expect(")", rest)
    if not head[0].isalpha() and head[0] != "_":
        msg = f"{head!r} where a figure is expected"
        raise ValueError(msg)
    return Item(head), rest


def _call(name: str, arguments: list[Node]) -> Node:
    if name == "first":
        return First(tuple(arguments))
    if name not in ("avg", "prior", "change", "opt") or len(arguments) != 1:
        msg = (
            f"no function {name!r} of {len(arguments)} arguments; known: first(…), avg(x), prior(x), change(x), opt(x)"
        )
        raise ValueError(msg)
    x = arguments[0]
    if name == "avg":
        return Average((shifted(x, -1), x))
    if name == "prior":
        return shifted(x, -1)
    if name == "change":
        return Binary("-", x, shifted(x, -1))
    return Optional(x)


def _expect(sign: str, tokens: list[str]) -> list[str]:
    if tokens[:1] != [sign]:
        msg = f"expected {sign!r}, found {tokens[0] if tokens else 'the end'!r}"
        raise ValueError(msg)
    return tokens[1:]
