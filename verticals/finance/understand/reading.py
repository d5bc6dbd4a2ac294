"""A question about companies, taken apart: who, when, which figures, from which statements and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.evidence import Source
from verticals.finance.understand import companies, documents, periods
from verticals.finance.understand.companies import Companies
from verticals.finance.understand.periods import Periods
from verticals.finance.understand.tokens import Mark, metric_abbreviations, read


@dataclass(frozen=True, slots=True)
class Reading:
    """What `understand` and `planner` both start from."""

    question: str
    companies: Companies
    periods: Periods
    kinds: tuple[str, ...]
    marks: tuple[Mark, ...]
    """The question without the names of companies."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics named, in order, each once."""
        return tuple(dict.fromkeys(m.metric for m in self.marks if m.metric))

    @property
    def statements(self) -> tuple[str, ...]:
        """Statements named."""
        return tuple(dict.fromkeys(m.text[3:-1] for m in self.marks if m.text.startswith("<s:")))


def take_apart(question: str, sources: Sequence[Source]) -> Reading:
    """Reads a question against the sources of a collection."""
    when = periods.find(question)
    who = companies.find(when.rest, sources, metric_abbreviations())
    # Names are blanked out of the original, which still holds its years.
    bare = "".join(q if r != " " or w == " " else " " for q, w, r in zip(question, when.rest, who.rest, strict=True))
    return Reading(question, who, when, documents.kinds_named(question), tuple(read(bare)))
