"""What every vertical can do, whoever wrote it. Its test inherits `VerticalConformance` and says what it reads.

The class sees a vertical only as the core does: by its entry point and its hooks.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar

import pytest
import typer

from core.answering import answer
from core.evidence import Answer, Description, Source, Value, normalise
from core.indexing import IngestReport, ingest
from core.reading import read
from core.retrieval import search
from core.settings import Settings
from core.vertical import GROUP, Policy, Query, SupportsVertical, Vertical, verticals
from core.workspace import Workspace

HEAVY = (
    "torch",
    "chromadb",
    "transformers",
    "onnxruntime",
    "pandas",
    "matplotlib",
    "streamlit",
    "pdfplumber",
    "langchain",
)


def paged_pdf(path: Path, pages: tuple[str, ...]) -> Path:
    """A PDF with one paragraph a page."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    style = getSampleStyleSheet()["BodyText"]
    story: list[object] = []
    for text in pages:
        story += [Paragraph(text, style), PageBreak()]
    SimpleDocTemplate(str(path), invariant=1).build(story[:-1])
    return path


class VerticalConformance:
    """Inherit, set what the vertical reads, and every test below holds for it."""

    name: ClassVar[str]
    """The vertical's name, as in its entry point."""
    module: ClassVar[str]
    """What its entry point imports."""
    markdown: ClassVar[str]
    """A document of the profession, written for the test."""
    pages: ClassVar[tuple[str, ...]]
    """The pages of a PDF of the profession."""
    question: ClassVar[str]
    """Answered by one sentence of the Markdown document."""
    words: ClassVar[str]
    """Words that the citation must hold."""
    page_question: ClassVar[str]
    """Answered by the PDF's second page."""
    page_words: ClassVar[str]
    absent: ClassVar[str]
    """A question of the profession that neither document answers."""
    path: ClassVar[str] = ""
    """Extra PYTHONPATH of subprocesses."""

    # --- as the core sees it -----------------------------------------------------------------------------------
    @pytest.fixture(scope="class")
    @classmethod
    def vertical(cls) -> Vertical:
        found = verticals()
        assert cls.name in found, f"no entry point {cls.name!r} in group {GROUP!r}"
        return found[cls.name]

    @pytest.fixture(scope="class")
    @classmethod
    def documents(cls, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
        folder = tmp_path_factory.mktemp(cls.name)
        note = folder / "document.md"
        note.write_text(cls.markdown, encoding="utf-8")
        return [note, paged_pdf(folder / "pages.pdf", cls.pages)]

    @pytest.fixture(scope="class")
    @classmethod
    def workspace(cls, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
        home = tmp_path_factory.mktemp("home")
        (home / "models").symlink_to(weights, target_is_directory=True)
        with Workspace.open(Settings(home=home)) as workspace:
            yield workspace

    @pytest.fixture(scope="class")
    @classmethod
    def ingested(cls, workspace: Workspace, vertical: Vertical, documents: list[Path]) -> IngestReport:
        return ingest(workspace, documents, vertical, "conformance")

    def ask(self, workspace: Workspace, vertical: Vertical, question: str) -> Answer:
        return answer(workspace, vertical, question, "conformance")

    # --- found, and cheap to find ------------------------------------------------------------------------------
    def test_it_is_found_by_its_entry_point_and_carries_its_name(self, vertical: Vertical) -> None:
        assert next(iter(entry_points(group=GROUP, name=self.name))).value.startswith(self.module)
        assert isinstance(vertical, SupportsVertical)
        assert vertical.name == self.name and vertical.title

    def test_importing_it_loads_no_heavy_library(self) -> None:
        code = f"import sys, {self.module}; print([m for m in {HEAVY!r} if m in sys.modules])"
        assert self.python("-c", code) == "[]"

    # --- hooks return what the core expects --------------------------------------------------------------------
    def test_its_reading_hooks_return_the_nouns(self, vertical: Vertical, documents: list[Path]) -> None:
        for path in documents:
            document = read(path)
            described = vertical.describe(document)
            assert isinstance(described, Description) and (described.title or described.entity)
            source = Source(
                document.sha256,
                path.name,
                str(path),
                "c",
                document.media_type,
                document.pages,
                document.lang,
                described,
            )
            assert all(isinstance(value, Value) for value in vertical.values(document, source))

    def test_its_policy_lets_its_own_questions_through(self, vertical: Vertical) -> None:
        policy = vertical.policy(self.question)
        assert isinstance(policy, Policy) and not policy.refuse and not policy.asks

    def test_what_it_names_exists(self, vertical: Vertical) -> None:
        for folder in (vertical.prompts(), vertical.adapters()):
            assert folder is None or folder.is_dir()
        for prompt in (vertical.prompts() or Path("/nonexistent")).glob("*"):
            assert prompt.suffix != ".md" or prompt.read_text(encoding="utf-8").strip(), f"{prompt} is empty"
        page = vertical.page()
        assert page is None or page.is_file()
        assert vertical.routes() is None or hasattr(vertical.routes(), "routes")

    def test_its_suites_take_data_and_workspace(self, vertical: Vertical) -> None:
        assert isinstance(vertical.suites(), Mapping)
        for suite in vertical.suites().values():
            assert list(inspect.signature(suite).parameters)[:2] == ["data", "workspace"]

    def test_its_verbs_show_on_the_command_line(self, vertical: Vertical) -> None:
        commands = vertical.commands()
        assert all(callable(command) or isinstance(command, typer.Typer) for command in commands.values())
        shown = self.python("-m", "core.cli", "--help")
        assert "ingest" in shown
        for verb in commands:
            assert f" {verb} " in shown
            assert "Usage" in self.python("-m", "core.cli", verb, "--help")

    # --- read, search, ask --------------------------------------------------------------------------------------
    @pytest.mark.slow
    def test_it_ingests_and_a_second_time_changes_nothing(
        self, workspace: Workspace, vertical: Vertical, documents: list[Path], ingested: IngestReport
    ) -> None:
        assert ingested.added == len(documents) and not ingested.failed
        assert ingested.pages == len(self.pages) and ingested.passages >= len(self.pages)
        before = workspace.catalog.digest("conformance")
        again = ingest(workspace, documents, vertical, "conformance")
        assert (again.added, again.unchanged, again.passages) == (0, len(documents), 0)
        assert workspace.catalog.digest("conformance") == before

    @pytest.mark.slow
    def test_it_understands_and_ranks_its_own_questions(
        self, workspace: Workspace, vertical: Vertical, ingested: IngestReport
    ) -> None:
        query = vertical.understand(self.question, workspace, "conformance")
        assert isinstance(query, Query) and query.text
        hits = search(workspace, query, "conformance", 5, vertical)
        assert self.words in normalise(hits[0].passage.text)
        assert sorted(h.passage.id for h in vertical.rank(query, hits)) == sorted(h.passage.id for h in hits)
        assert all(isinstance(tag, str) for hit in hits for tag in vertical.tag(hit.passage, hit.source))

    @pytest.mark.slow
    def test_it_answers_with_the_words_of_the_source(
        self, workspace: Workspace, vertical: Vertical, documents: list[Path], ingested: IngestReport
    ) -> None:
        given = self.ask(workspace, vertical, self.question)
        assert given.status in ("answered", "partial"), given.missing
        assert any(self.words in normalise(c.quote) for c in given.citations)
        self.check_quotes(given, documents)

    @pytest.mark.slow
    def test_it_cites_the_page_that_holds_the_words(
        self, workspace: Workspace, vertical: Vertical, documents: list[Path], ingested: IngestReport
    ) -> None:
        given = self.ask(workspace, vertical, self.page_question)
        assert given.status in ("answered", "partial"), given.missing
        cited = [c for c in given.citations if self.page_words in normalise(c.quote)]
        assert cited and all(c.locator.page == 2 for c in cited)
        self.check_quotes(given, documents)

    @pytest.mark.slow
    def test_it_abstains_where_no_source_answers_and_says_what_is_missing(
        self, workspace: Workspace, vertical: Vertical, ingested: IngestReport
    ) -> None:
        given = self.ask(workspace, vertical, self.absent)
        assert given.status == "abstained", given.text
        assert given.missing
        assert not given.claims

    @pytest.mark.slow
    def test_the_command_line_gives_the_same_answer(
        self, workspace: Workspace, vertical: Vertical, ingested: IngestReport
    ) -> None:
        shown = self.python(
            "-m", "core.cli", "ask", self.question, "-v", self.name, "-c", "conformance", "--json",
            home=workspace.settings.home,
        )  # fmt: skip
        here = self.ask(workspace, vertical, self.question)
        assert json.loads(shown)["text"] == here.text
        assert json.loads(shown)["claims"] == here.as_json()["claims"]

    # --- helpers ------------------------------------------------------------------------------------------------
    def check_quotes(self, given: Answer, documents: list[Path]) -> None:
        """Every quote stands in its source, on its page where the source has pages."""
        read_again = {document.sha256: document for document in map(read, documents)}
        assert given.citations
        for citation in given.citations:
            blocks = read_again[citation.source_id].blocks
            page = citation.locator.page
            text = "\n".join(block.text for block in blocks if page is None or block.locator.page == page)
            assert normalise(citation.quote) in normalise(text)

    def python(self, *arguments: str, home: Path | None = None) -> str:
        """Standard output of a fresh interpreter that sees the same packages as this one."""
        env = {**os.environ, "COLUMNS": "200", "TERM": "dumb"}
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [self.path, env.get("PYTHONPATH", "")]))
        if home is not None:
            env["PLUMBLINE_HOME"] = str(home)
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=env, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
