"""`make demo`, as a reader of the README runs it: its answers are those worked out by hand in questions.jsonl."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTIONS = [json.loads(line) for line in (ROOT / "data/finance/questions.jsonl").read_text().splitlines()]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the demo prints on a fresh home."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(weights, target_is_directory=True)
    env = {**os.environ, "PLUMBLINE_HOME": str(home), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "data/demo.py"], capture_output=True, text=True, env=env, cwd=ROOT, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def part(shown: str, question: str) -> str:
    """What is printed under a question's command."""
    return shown.split(f'$ plumbline ask "{question}"', 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("row", [q for q in QUESTIONS if q["answerable"]], ids=lambda row: row["id"])
def test_it_answers_with_the_figure_worked_out_by_hand_and_cites_the_page(row: dict, demo: str) -> None:  # type: ignore[type-arg]
    shown = " ".join(part(demo, row["text"]).split())
    expected = row["expected"]
    if "quote" in expected:
        assert expected["quote"] in shown
    elif expected["unit"] == "USD":
        assert f"{expected['value'] / 1e6:.1f} million" in shown or f"{expected['value'] // 1000:,}" in shown
    else:
        # A ratio is shown in percent, or in percentage points, rounded to one decimal at least.
        assert re.search(rf"\b{expected['value'] * 100:.1f}\d?\s?(%|percentage points)", shown), shown
    cited = [f"page {p['page']}" for p in row["pages"]]
    assert any(page in shown for page in cited), shown


@pytest.mark.parametrize("row", [q for q in QUESTIONS if not q["answerable"]], ids=lambda row: row["id"])
def test_it_says_that_it_cannot_answer_and_cites_nothing(row: dict, demo: str) -> None:  # type: ignore[type-arg]
    shown = part(demo, row["text"])
    assert "[1]" not in shown and "Sources" not in shown
    assert "2018" in shown.split("\n\n", 1)[1]


def test_it_builds_the_report_and_says_where_and_how_to_go_on(demo: str) -> None:
    path = Path(re.search(r"The report:\s+(\S+)", demo).group(1))  # type: ignore[union-attr]
    assert path.is_file() and "<html" in path.read_text(encoding="utf-8")[:500].lower()
    assert "plumbline app finance" in demo
