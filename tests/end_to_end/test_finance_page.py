"""The analyst's page in a real browser, over the demo company's filings."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from core.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DEMO = Path(__file__).resolve().parents[2] / "data" / "finance"
FILINGS = sorted(DEMO.glob("*.pdf"))
WAIT = 90_000
"""Milliseconds; reading and answering are real here."""


@pytest.fixture(scope="module")
def page_address(app_server: Callable[[str], tuple[str, Path]]) -> tuple[str, Path]:
    return app_server("finance")


@pytest.fixture
def page(chromium: Any, page_address: tuple[str, Path]) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    opened = context.new_page()
    opened.set_default_timeout(WAIT)
    opened.goto(page_address[0])
    opened.get_by_role("heading", name="Plumbline Finance").wait_for()
    yield opened
    context.close()


@pytest.fixture(scope="module")
def filled(chromium: Any, page_address: tuple[str, Path]) -> tuple[str, Path]:
    """The demo filings, uploaded through the page itself."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(page_address[0])
    page.locator('[data-testid="stSidebar"] input[type="file"]').set_input_files([str(f) for f in FILINGS])
    page.get_by_role("button", name="Read these files").click()
    page.get_by_text(re.compile(r"2 added, 0 replaced")).wait_for()
    context.close()
    return page_address


def ask(page: Any, question: str) -> Any:
    """Asks and gives back the last answer's element."""
    before = page.locator('[data-testid="stChatMessage"]').count()
    page.get_by_placeholder("Ask about these filings").fill(question)
    page.keyboard.press("Enter")
    page.locator('[data-testid="stChatMessage"]').nth(before + 1).get_by_role("button", name="Correct").or_(
        page.locator('[data-testid="stChatMessage"]').nth(before + 1).get_by_text("Correct this answer")
    ).first.wait_for()
    return page.locator('[data-testid="stChatMessage"]').nth(before + 1)


def picture(page: Any, name: str) -> None:
    """Keeps a screenshot where PLUMBLINE_PICTURES names a folder (for looking at, and for the guides)."""
    folder = os.environ.get("PLUMBLINE_PICTURES")
    if folder:
        page.wait_for_timeout(800)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_an_uploaded_filing_is_recognised_and_listed(filled: tuple[str, Path], page: Any) -> None:
    page.get_by_text("2 in this collection").wait_for()
    assert page.get_by_text(re.compile("10-K")).count() >= 2
    picture(page, "finance-filings")


def test_an_answer_opens_the_page_picture_with_the_words_marked(filled: tuple[str, Path], page: Any) -> None:
    answer = ask(page, "What was capital expenditure in FY2024?")
    answer.get_by_text("Answered from the sources").wait_for()
    picture(page, "finance-ask")
    answer.get_by_role("button", name=re.compile(r"^Open")).last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("the cited words marked").first.wait_for()
    image = dialog.locator("img").first
    image.wait_for()
    assert image.evaluate("i => i.naturalWidth") > 800
    picture(page, "finance-evidence")


def test_an_unanswerable_question_abstains_and_says_what_is_missing(filled: tuple[str, Path], page: Any) -> None:
    answer = ask(page, "What was the revenue of the Ottoman Railway Company in 1884?")
    answer.get_by_text("Not in these sources").wait_for()
    assert "Ottoman Railway Company" in answer.inner_text()


def test_markup_in_a_question_is_shown_and_not_run(filled: tuple[str, Path], page: Any) -> None:
    ask(page, "<img src=x onerror=\"document.title='owned'\"> **bold** net sales?")
    assert page.title() != "owned"
    assert "**bold**" in page.locator('[data-testid="stChatMessage"]').first.inner_text()


def test_nothing_of_one_session_reaches_another(filled: tuple[str, Path], chromium: Any) -> None:
    pages = []
    for _ in range(2):
        context = chromium.new_context()
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.goto(filled[0])
        page.get_by_placeholder("Ask about these filings").wait_for()
        pages.append(page)
    questions = ["What was net income in FY2024?", "What was net income in FY2023?"]
    for page, question in zip(pages, questions, strict=True):  # both under way at once
        page.get_by_placeholder("Ask about these filings").fill(question)
        page.keyboard.press("Enter")
    for page in pages:
        page.get_by_text("Correct this answer").first.wait_for()
    for page, mine, other in ((pages[0], *questions), (pages[1], *questions[::-1])):
        text = page.locator('[data-testid="stMain"]').inner_text()
        assert mine in text
        assert other not in text
        page.context.close()


def test_thumbs_and_corrections_are_kept_as_feedback(filled: tuple[str, Path], page: Any) -> None:
    answer = ask(page, "What was revenue in FY2023?")
    answer.locator('[data-testid="stFeedback"] button, [data-testid="stButtonGroup"] button').first.click()
    page.get_by_text("your rating is kept").wait_for()
    answer.get_by_text("Correct this answer").click()
    page.get_by_label("What should it say?").fill("Say it in thousands.")
    page.get_by_role("button", name="Send correction").click()
    page.get_by_text("your correction is kept").wait_for()
    with Workspace.open(Settings(home=filled[1])) as workspace:
        kept = workspace.catalog.feedback()
        assert [(f["rating"], f["correction"]) for f in kept][-2:] == [(1, ""), (-1, "Say it in thousands.")]
        answered = workspace.catalog.answer(kept[-1]["answer_id"])
        assert answered is not None
        assert answered["question"] == "What was revenue in FY2023?"


def test_statements_and_ratios_stand_in_tables_and_a_chart(filled: tuple[str, Path], page: Any) -> None:
    page.get_by_role("tab", name="Statements").click()
    page.get_by_text("Select a figure to open the page").wait_for()
    page.locator('[data-testid="stDataFrame"]').first.wait_for()
    page.get_by_text(re.compile(r"Checks: (\d+) of \1 identities hold")).wait_for()
    picture(page, "finance-statements")
    page.get_by_role("tab", name="Ratios").click()
    page.locator('[data-testid="stVegaLiteChart"]').first.wait_for()
    page.locator('[data-testid="stTabPanel"]:visible [data-testid="stExpander"]').first.click()
    page.get_by_text("Formula:").first.wait_for()
    picture(page, "finance-ratios")


def test_a_click_on_a_figure_opens_its_page(filled: tuple[str, Path], page: Any) -> None:
    page.get_by_role("tab", name="Statements").click()
    grid = page.locator('[data-testid="stDataFrame"]').first
    grid.wait_for()
    page.wait_for_timeout(1500)
    box = grid.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 40, box["y"] + 52)
    page.get_by_role("dialog").get_by_text("the cited words marked").first.wait_for()


def test_the_report_is_built_shown_and_downloaded(filled: tuple[str, Path], page: Any, tmp_path: Path) -> None:
    page.get_by_role("tab", name="Report").click()
    page.get_by_role("button", name="Build the report").click()
    download = page.get_by_role("button", name="Download the report")
    download.wait_for()
    picture(page, "finance-report")
    with page.expect_download() as waiting:
        download.click()
    saved = tmp_path / "report.html"
    waiting.value.save_as(saved)
    assert len(saved.read_text(encoding="utf-8")) > 20_000


def test_a_broken_file_is_named_and_the_good_one_is_taken(filled: tuple[str, Path], page: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(FILINGS[0].read_bytes()[:3000])
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nPenstock plans a second works.\n", encoding="utf-8")
    page.locator('[data-testid="stSidebar"] input[type="file"]').set_input_files([str(broken), str(note)])
    page.get_by_role("button", name="Read these files").click()
    page.get_by_text(re.compile("1 added")).wait_for()
    assert "broken.pdf" in page.locator('[data-testid="stSidebar"]').inner_text()
