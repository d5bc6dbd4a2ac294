"""The metric dictionary (`metrics.tsv`): every figure that a question may name, what it is called, how it is computed
from standard lines, what it is good for and where its definition stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from verticals.finance.ratios.expression import Node

Unit = Literal["money", "percent", "times", "days", "per_share", "shares", "count"]
"""percent: a ratio that is shown as a percentage; times: a ratio that is shown as it is."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure by name. A line of a statement is the metric whose formula is its own name."""

    name: str
    label: str
    group: str
    unit: Unit
    good: Literal["up", "down", "none"]
    """Which direction is an improvement."""
    formula: str
    synonyms: tuple[str, ...]
    not_for: tuple[str, ...]
    """Industries for which the figure says little ("bank", "insurer")."""
    source: str
    note: str
    """Which of several usual definitions this is; stated with every answer. "" where there is only one."""

    @property
    def is_line(self) -> bool:
        return self.group == "line"

    @property
    def definition(self) -> str:
        """The definition's source, and which variant it is."""
        return f"{self.source}; {self.note}" if self.note else self.source

    @property
    def expression(self) -> Node:
        return _expression(self.formula, self.is_line)

    def lines(self) -> tuple[str, ...]:
        """Names of the standard lines that the formula rests on, in reading order."""
        return _lines(self.name)


@cache
def metrics() -> Mapping[str, Metric]:
    """All metrics by name, in the file's order."""
    rows = (Path(__file__).parent / "metrics.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found: dict[str, Metric] = {}
    for row in rows:
        name, label, group, unit, good, formula, synonyms, not_for, source, note = row.split("\t")
        found[name] = Metric(
            name,
            label,
            group,
            unit,  # type: ignore[arg-type]
            good,  # type: ignore[arg-type]
            formula,
            tuple(dict.fromkeys((*synonyms.split("|"), label))),
            tuple(i for i in not_for.split("|") if i),
            source,
            note,
        )
    return found


def metric(name: str) -> Metric:
    """The metric called `name`; a standard line without an entry is its own metric. Raises KeyError for neither."""
    found = metrics().get(name)
    if found is not None:
        return found
    from verticals.finance.statements.concepts import lines

    line = lines()[name]
    unit: Unit = {"money": "money", "per_share": "per_share", "shares": "shares", "count": "count"}.get(
        line.unit, "times"
    )  # type: ignore[assignment]
    label = line.label[:1].lower() + line.label[1:]
    return Metric(name, label, "line", unit, "none", name, (label,), (), line.source, "")


@cache
def by_group() -> Mapping[str, tuple[Metric, ...]]:
    """Metrics by group ("margins", "liquidity", …; "line" holds the statement lines)."""
    groups: dict[str, list[Metric]] = {}
    for m in metrics().values():
        groups.setdefault(m.group, []).append(m)
    return {name: tuple(members) for name, members in groups.items()}


def stems(text: str) -> tuple[str, ...]:
    """The words of `text` in the form in which metric names are compared: lower case, singular, "&" as "and",
    hyphens between words and commas left out."""
    return tuple(stem(w) for w in WORD.findall(re.sub(r"(?<=[A-Za-z])-(?=[A-Za-z])|,", " ", text.replace("’", "'"))))


WORD = re.compile(r"[A-Za-z][A-Za-z]*(?:'s\b)?|\d+(?:\.\d+)?|[&%/()+=*]|[^\sA-Za-z\d]")
"""A word, a number or a single sign; what names of metrics and questions are both cut into."""


def stem(word: str) -> str:
    """One word of `stems`: "Liabilities" → "liability", "company's" → "company", "&" → "and"."""
    word = word.lower().removesuffix("'s")
    if word == "&":
        return "and"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def _expression(formula: str, raw: bool) -> Node:
    from verticals.finance.ratios.expression import parse

    return parse(formula, raw)


@cache
def _lines(name: str) -> tuple[str, ...]:
    m = metric(name)
    found: dict[str, None] = {}
    for item in m.expression.items():
        if m.is_line or metric(item).formula == item:
            found[item] = None
        else:
            found.update(dict.fromkeys(_lines(item)))
    return tuple(found)
