"""Two results of one suite, item by item: what differs, and whether by more than chance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import UsageError
from core.evaluation.statistics import mcnemar, paired_bootstrap

Result = Mapping[str, Any]


def load(path: Path) -> Result:
    """A result as `plumbline eval SUITE --json` printed it. Raises UsageError that names the file and its fault."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "Name a file written by `plumbline eval`."
        ) from error
    except ValueError as error:
        raise UsageError(f"{path} is not JSON", "Write it with `plumbline eval SUITE --data DIR --json`.") from error
    missing = [
        key for key in ("suite", "version", "items", "data_sha256") if not isinstance(result, dict) or key not in result
    ]
    if missing:
        raise UsageError(f"{path} is no result of a suite: it has no {', '.join(missing)}")
    return dict(result)


def compare(a: Result, b: Result, seed: int = 7) -> dict[str, Any]:
    """Per-item scores that both results hold, compared: shares by McNemar's exact test, measures by paired bootstrap.

    Returns `{"suite", "n", "only_in_a", "only_in_b", "notes", "figures": [{"name", "n", "a", "b", "difference", "low",
    "high", "p", "test", "wins", "losses"}]}`; `wins` are items where B is better. Raises UsageError where the two are
    of different suites or share no item.
    """
    if a["suite"] != b["suite"]:
        raise UsageError(
            f"The results are of different suites: {a['suite']} and {b['suite']}", "Compare like with like."
        )
    left, right = _scores(a), _scores(b)
    ids = [id for id in left if id in right]
    if not ids:
        raise UsageError(f"The two results of {a['suite']} share no item", "Run both on the same data.")
    names = sorted({name for id in ids for name in left[id].keys() & right[id].keys()})
    return {
        "suite": a["suite"],
        "n": len(ids),
        "only_in_a": [id for id in left if id not in right],
        "only_in_b": [id for id in right if id not in left],
        "notes": [
            f"{key} differs: {a[key]} and {b[key]}"
            for key in ("version", "data_sha256", "seed")
            if a.get(key) != b.get(key)
        ],
        "figures": [_figure(name, [(left[id], right[id]) for id in ids], seed) for name in names],
    }


def _figure(
    name: str, pairs: list[tuple[dict[str, float | bool], dict[str, float | bool]]], seed: int
) -> dict[str, Any]:
    both = [(one[name], two[name]) for one, two in pairs if name in one and name in two]
    first, second = [float(one) for one, _ in both], [float(two) for _, two in both]
    wins = sum(two > one for one, two in zip(first, second, strict=True))
    losses = sum(two < one for one, two in zip(first, second, strict=True))
    low, high, p = paired_bootstrap(first, second, seed)
    test = "paired bootstrap"
    if all(isinstance(one, bool) and isinstance(two, bool) for one, two in both):
        p, test = mcnemar(wins, losses), "McNemar exact"
    n = len(both)
    return {
        "name": name,
        "n": n,
        "a": sum(first) / n,
        "b": sum(second) / n,
        "difference": (sum(second) - sum(first)) / n,
        "low": low,
        "high": high,
        "p": p,
        "test": test,
        "wins": wins,
        "losses": losses,
    }


def _scores(result: Result) -> dict[str, dict[str, float | bool]]:
    """Numbers and truth values of each item by its id; a mapping's become `name@key`."""
    found: dict[str, dict[str, float | bool]] = {}
    for item in result["items"]:
        scores: dict[str, float | bool] = {}
        for name, value in item.items():
            inner = value.items() if isinstance(value, Mapping) else [(None, value)]
            for cut, score in inner:
                if isinstance(score, (bool, int, float)) and name != "id":
                    scores[name if cut is None else f"{name}@{cut}"] = score
        found[str(item["id"])] = scores
    return found
