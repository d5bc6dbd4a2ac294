"""A draft: what a tool, a model or the composer proposes, before the gates. Nothing here is shown as such.

A draft numbers its own evidence from 1; citations and facts share one numbering, as in the Answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.evidence import Citation, Claim, Fact


@dataclass(frozen=True, slots=True)
class Draft:
    """Claims in the order in which they are to be read, with the evidence that they name."""

    route: str
    """"planner", "quote" or "model": becomes `trace.route`."""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    """What is not in the sources, worded for the reader ("capital expenditure of FY2019: no cash flow statement")."""
    asks: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    tokens: tuple[int, int] = (0, 0)
    """Input and output tokens of a chat model, where one drafted."""
