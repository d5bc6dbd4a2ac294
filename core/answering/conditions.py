"""Bounds in a question: "more than 10%" asks for a figure beyond 10%, not for a sentence that prints 10%."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.answering.numbers import Number, numbers

_BOUND = re.compile(
    r"\b(?:(?P<above>(?:more|greater|higher|larger|bigger) than|over|above|at least|exceed(?:s|ed|ing)?|no less than)"
    r"|(?P<below>(?:less|fewer|lower|smaller) than|under|below|at most|up to|no more than))\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A bound and its side."""

    bound: Number
    above: bool

    def met_by(self, text: str) -> bool:
        """Whether some number of the same unit in `text` lies on the asked side of the bound (or on it)."""
        found = [n for n in numbers(text) if n.unit == self.bound.unit]
        return any(n.value >= self.bound.value if self.above else n.value <= self.bound.value for n in found)


def conditions(question: str) -> list[Condition]:
    """The bounds that a question sets."""
    out = []
    for number in numbers(question):
        match = _BOUND.search(question[: number.start].rstrip("$€£¥ "))
        if match:
            out.append(Condition(number, match["above"] is not None))
    return out
