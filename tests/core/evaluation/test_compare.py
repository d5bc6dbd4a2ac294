"""Two results of one suite, compared item by item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import UsageError
from core.evaluation.compare import compare, load


def result(items: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    return {"suite": "toy", "version": "1", "data_sha256": "d", "seed": 7, "items": items, **fields}


def test_truth_values_are_paired_by_item() -> None:
    a = result([{"id": str(i), "right": i < 2} for i in range(8)])
    b = result([{"id": str(i), "right": i < 7} for i in reversed(range(8))])
    row = compare(a, b)["figures"][0]
    assert (row["name"], row["n"], row["a"], row["b"]) == ("right", 8, 0.25, 0.875)
    assert (row["wins"], row["losses"], row["test"]) == (5, 0, "McNemar exact")
    assert row["p"] == pytest.approx(2 / 32)


def test_measures_are_compared_by_bootstrap_and_cut_offs_by_name() -> None:
    a = result([{"id": "1", "recall": {"5": 0.5}}, {"id": "2", "recall": {"5": 0.0}}])
    b = result([{"id": "1", "recall": {"5": 1.0}}, {"id": "2", "recall": {"5": 0.5}}])
    row = compare(a, b)["figures"][0]
    assert (row["name"], row["test"], row["difference"]) == ("recall@5", "paired bootstrap", 0.5)
    assert (row["low"], row["high"]) == (0.5, 0.5)


def test_items_and_scores_that_only_one_holds_are_named_or_left_out() -> None:
    a = result([{"id": "1", "x": 1.0}, {"id": "2", "x": 1.0}])
    b = result([{"id": "2", "x": 0.0, "y": 1.0}, {"id": "3", "x": 1.0}])
    compared = compare(a, b)
    assert (compared["only_in_a"], compared["only_in_b"], compared["n"]) == (["1"], ["3"], 1)
    assert [row["name"] for row in compared["figures"]] == ["x"]


def test_other_data_is_said() -> None:
    items = [{"id": "1", "x": 1.0}]
    assert compare(result(items), result(items, data_sha256="e"))["notes"] == ["data_sha256 differs: d and e"]


def test_results_of_different_suites_are_refused() -> None:
    items = [{"id": "1", "x": 1.0}]
    with pytest.raises(UsageError, match="different suites: toy and other"):
        compare(result(items), result(items, suite="other"))


def test_a_file_that_is_no_result_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}")
    with pytest.raises(UsageError, match=r"a\.json is no result of a suite: it has no suite"):
        load(path)
    path.write_text("not json")
    with pytest.raises(UsageError, match="is not JSON"):
        load(path)
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "none.json")
    path.write_text(json.dumps(result([])))
    assert load(path)["suite"] == "toy"
