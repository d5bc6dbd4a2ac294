"""The `financebench` suite, whole, on the demo company's reports: their questions and pages were written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import UsageError
from core.evaluation.runner import run
from core.settings import Settings
from verticals.finance.suites.financebench import figures, load

DEMO = Path(__file__).resolve().parents[3] / "data" / "finance"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite's layout, over the demo reports."""
    folder = tmp_path_factory.mktemp("financebench")
    (folder / "filings").mkdir()
    for path in DEMO.glob("*.pdf"):
        (folder / "filings" / path.name).symlink_to(path)
    newest = "penstock-10-k-2024"

    def row(id: str, question: str, answer: str, page: int, kind: str) -> dict[str, Any]:
        evidence = [{"doc_name": newest, "page": page, "text": ""}]
        return {
            "id": id,
            "question": question,
            "answer": answer,
            "type": kind,
            "doc_name": newest,
            "evidence": evidence,
        }

    rows = [
        row(
            "capex",
            "What is Penstock's FY2024 capital expenditure (in USD millions)?",
            "$58.65",
            12,
            "metrics-generated",
        ),
        row("wrong gold", "What is Penstock's FY2024 revenue (in USD millions)?", "$1000.00", 9, "metrics-generated"),
        row("absent", "What was Penstock's revenue in fiscal year 2018?", "$500.00", 9, "metrics-generated"),
        row(
            "verdict",
            "Did Penstock's gross margin improve in FY2024?",
            "Yes, from 34.1% to 36.1%.",
            9,
            "novel-generated",
        ),
        row("prose", "What does Penstock make?", "Pumps for waterworks.", 2, "novel-generated"),
    ]
    (folder / "questions.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    return folder


@pytest.fixture(scope="module")
def home(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("home")
    (folder / "models").symlink_to(weights, target_is_directory=True)
    return Settings(home=folder)


@pytest.fixture(scope="module")
def result(data: Path, home: Settings) -> dict[str, Any]:
    return run("financebench", data, home)


@pytest.mark.slow
def test_each_question_is_graded_by_what_its_answer_says(result: dict[str, Any]) -> None:
    assert {item["id"]: item["outcome"] for item in result["items"]} == {
        "capex": "right",
        "wrong gold": "wrong",
        "absent": "abstained",
        "verdict": "right",
        "prose": "ungraded",
    }
    assert (result["metric_right"], result["metric_wrong"], result["metric_abstained"]) == pytest.approx((1 / 3,) * 3)
    assert (result["right"], result["wrong"], result["abstained"]) == pytest.approx((0.5, 0.25, 0.25))
    assert result["ungraded"] == pytest.approx(0.2)
    assert result["routes"]["planner"] >= 0.6 and sum(result["routes"].values()) == pytest.approx(1)


@pytest.mark.slow
def test_pages_are_found_and_recall_never_falls_with_depth(result: dict[str, Any]) -> None:
    for name in ("page_recall", "page_recall_doc_known"):
        assert set(result[name]) == {"1", "5", "10"}
        assert 0 <= result[name]["1"] <= result[name]["5"] <= result[name]["10"] <= 1
        assert result["intervals"][name]["5"]["n"] == 5
    assert result["page_recall_doc_known"]["10"] >= 0.6


@pytest.mark.slow
def test_a_second_run_reuses_what_was_ingested_and_scores_the_same(
    data: Path, home: Settings, result: dict[str, Any]
) -> None:
    assert result["ingest_pages_per_s"] > 0 and not result["settings"]["ingested"]["reused"]
    again = run("financebench", data, home, {"answers": "false"})
    assert again["settings"]["ingested"]["reused"]
    assert again["ingest_pages_per_s"] == result["ingest_pages_per_s"]
    assert again["page_recall"] == result["page_recall"]
    assert "right" not in again


def test_figures_are_shares_of_the_right_questions() -> None:
    def item(kind: str, outcome: str, at: tuple[bool, bool, bool]) -> dict[str, Any]:
        found = dict(zip(("1", "5", "10"), at, strict=True))
        return {
            "type": kind,
            "outcome": outcome,
            "route": "planner",
            "all_numbers": outcome == "right",
            "page_recall": found,
            "page_recall_doc_known": found,
        }

    made = figures(
        [
            item("metrics-generated", "right", (True, True, True)),
            item("metrics-generated", "wrong", (False, True, True)),
            item("novel-generated", "abstained", (False, False, True)),
            item("novel-generated", "ungraded", (False, False, False)),
        ]
    )
    assert made["page_recall"] == {"1": 0.25, "5": 0.5, "10": 0.75}
    assert (made["metric_right"], made["metric_wrong"], made["metric_abstained"]) == (0.5, 0.5, 0.0)
    assert (made["right"], made["wrong"], made["abstained"]) == pytest.approx((1 / 3,) * 3)
    assert (made["ungraded"], made["routes"]["planner"]) == (0.25, 1.0)
    assert made["intervals"]["right"]["n"] == 3 and made["intervals"]["metric_right"]["n"] == 2


def test_a_folder_without_the_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no FinanceBench data"):
        load(tmp_path)
