"""Figures of a suite from its items: every share with its counts and its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.evaluation.statistics import wilson

Interval = dict[str, float]


def share(outcomes: Iterable[bool]) -> tuple[float, Interval]:
    """The share of true outcomes and its 95% Wilson interval as `{"k", "n", "low", "high"}`; 0 where there is none."""
    taken = [bool(outcome) for outcome in outcomes]
    k, n = sum(taken), len(taken)
    low, high = wilson(k, n)
    return (k / n if n else 0.0), {"k": k, "n": n, "low": low, "high": high}


def shares(named: Mapping[str, Iterable[bool] | Mapping[str, Iterable[bool]]]) -> dict[str, Any]:
    """Shares by name, a name's shares by cut-off where it maps to a mapping, with `intervals` of the same shape.

    >>> shares({"right": [True, False], "recall": {"1": [True]}})["recall"]
    {'1': 1.0}
    """
    figures: dict[str, Any] = {}
    intervals: dict[str, Any] = {}
    for name, outcomes in named.items():
        if isinstance(outcomes, Mapping):
            pairs = {cut: share(values) for cut, values in outcomes.items()}
            figures[name] = {cut: figure for cut, (figure, _) in pairs.items()}
            intervals[name] = {cut: interval for cut, (_, interval) in pairs.items()}
        else:
            figures[name], intervals[name] = share(outcomes)
    return {**figures, "intervals": intervals}
