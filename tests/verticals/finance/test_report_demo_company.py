"""The demo company's reports tie out, are what the scripts make, and hold the answers that the questions expect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest

DATA = Path(__file__).resolve().parents[3] / "data" / "finance"
QUESTIONS = [json.loads(line) for line in (DATA / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


def page_text(file: str, page: int) -> str:
    with pdfium.PdfDocument(DATA / file) as pdf:
        return " ".join(pdf[page - 1].get_textpage().get_text_range().split())


def test_reports_and_prices_are_the_bytes_that_the_scripts_write(tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    subprocess.run([sys.executable, DATA / "make" / "annual_reports.py", tmp_path], check=True, capture_output=True)
    subprocess.run([sys.executable, DATA / "make" / "prices.py", tmp_path / "penstock-prices.csv"], check=True)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (DATA / made.name).read_bytes(), made.name


@pytest.mark.parametrize("year", [2023, 2024])
def test_an_annual_report_has_fifteen_pages_and_more_each_with_text(year: int) -> None:
    with pdfium.PdfDocument(DATA / f"penstock-10-k-{year}.pdf") as pdf:
        assert len(pdf) >= 15
        assert all(len(page.get_textpage().get_text_range()) > 200 for page in pdf)
    assert (DATA / f"penstock-10-k-{year}.pdf").stat().st_size < 300_000


def test_the_two_reports_print_the_same_figures_for_the_years_they_share() -> None:
    for printed in ("704,785", "634,526", "464,152", "44,618"):  # revenue, cost of revenue, net income
        assert printed in page_text("penstock-10-k-2024.pdf", 9)
        assert printed in page_text("penstock-10-k-2023.pdf", 9)


def test_five_questions_of_which_one_cannot_be_answered() -> None:
    assert len(QUESTIONS) == 5
    assert [q["id"] for q in QUESTIONS if not q["answerable"]] == ["revenue-2018"]
    assert all("2018" not in page_text("penstock-10-k-2024.pdf", page) for page in range(1, 21))


def test_the_expected_answers_stand_on_the_pages_named() -> None:
    by_id = {q["id"]: q for q in QUESTIONS}
    assert "58,645" in page_text(**_place(by_id["capex-2024"]))
    assert by_id["customer"]["expected"]["quote"] in page_text(**_place(by_id["customer"]))
    income = page_text(**_place(by_id["gross-margin"]))
    assert all(figure in income for figure in ("291,137", "805,896", "240,633", "704,785"))
    # By hand: 291,137 / 805,896 - 240,633 / 704,785 = 0.36126 - 0.34143.
    assert by_id["gross-margin"]["expected"]["value"] == pytest.approx(0.36126 - 0.34143, abs=5e-5)


def _place(question: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    return question["pages"][0]
