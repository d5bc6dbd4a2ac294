"""Rules by which figures become a verdict (`verdicts.tsv`): a threshold for a metric, what passing it means, and where
the rule comes from. A verdict always states its rule as an assumption that the reader may reject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rule:
    """One test of one metric."""

    name: str
    metric: str
    test: str
    """">=" or "<="."""
    threshold: Decimal
    means: str
    source: str

    def holds(self, value: Decimal) -> bool:
        """Whether `value` passes the test."""
        return value >= self.threshold if self.test == ">=" else value <= self.threshold


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """All rules by name, in the file's order."""
    found: dict[str, list[Rule]] = {}
    for row in (Path(__file__).parent / "verdicts.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, metric, test, threshold, means, source = row.split("\t")
        found.setdefault(name, []).append(Rule(name, metric, test, Decimal(threshold), means, source))
    return {name: tuple(members) for name, members in found.items()}


def rule(name: str, metric: str = "") -> Rule | None:
    """The rule `name` for `metric`; None where there is none."""
    return next((r for r in rules().get(name, ()) if r.metric == metric), None)


def majority(name: str, values: Mapping[str, Decimal]) -> tuple[bool, int, int]:
    """Whether more than half of the rules called `name` hold for the `values` given; how many hold, of how many."""
    tested = [r for r in rules()[name] if r.metric in values]
    held = sum(r.holds(values[r.metric]) for r in tested)
    return 2 * held > len(tested), held, len(tested)
