"""Dates of a price file: one format for the whole column, chosen by what reads every row of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

FORMATS = (
    "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d.%m.%Y",
    "%Y/%m/%d", "%Y%m%d", "%m/%d/%y", "%d/%m/%y", "%d-%b-%y", "%m-%d-%Y", "%b %Y", "%Y-%m",
)  # fmt: skip
"""In the order in which they are tried; American month/day comes before day/month where both read every row."""


def reader(texts: Sequence[str]) -> Callable[[str], date] | None:
    """The format that reads all of `texts`, ordered dates preferred where two do; None where none does."""
    cleaned = [clean(t) for t in texts]
    fitting: list[tuple[str, list[date]]] = []
    for form in FORMATS:
        found = _read_all(cleaned, form)
        if found is not None:
            fitting.append((form, found))
    if not fitting:
        return None
    form = next((f for f, days in fitting if _ordered(days)), fitting[0][0])
    return lambda text: _read(clean(text), form)


def best(texts: Sequence[str]) -> tuple[str, int] | None:
    """The format that reads most of `texts` and the position of the first that it does not read: for the error."""
    cleaned = [clean(t) for t in texts]
    scores = []
    for form in FORMATS:
        bad = [i for i, t in enumerate(cleaned) if not _reads(t, form)]
        scores.append((len(bad), form, bad[0] if bad else -1))
    count, form, first = min(scores, key=lambda s: s[0])
    return (form, first) if count < len(cleaned) else None


def clean(text: str) -> str:
    """A date's text without commas, a time of day and doubled spaces."""
    text = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", "", text.strip())
    return " ".join(text.replace(",", " ").split())


def _read(text: str, form: str) -> date:
    return datetime.strptime(text, form).date()


def _reads(text: str, form: str) -> bool:
    try:
        _read(text, form)
    except ValueError:
        return False
    return True


def _read_all(texts: Sequence[str], form: str) -> list[date] | None:
    try:
        return [_read(t, form) for t in texts]
    except ValueError:
        return None


def _ordered(days: Sequence[date]) -> bool:
    return list(days) == sorted(days) or list(days) == sorted(days, reverse=True)
