"""The search over a real index: filters, languages, order, and the LangChain face of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import UsageError
from core.indexing import ingest
from core.retrieval import search
from core.settings import Settings
from core.vertical import Query, Vertical
from core.workspace import Workspace

pytestmark = pytest.mark.slow
PLAIN = Vertical(name="education", title="Plain")

FILES = {
    "pumps.md": "# Pumps\n\nVertical pumps lift water from deep wells.\n\n## Care\n\nGrease bearings every month.\n",
    "valves.md": "# Valves\n\nGate valves close a pipe. They are cast in Duluth.\n",
    "copy.md": "# Pumps\n\nVertical pumps lift water from deep wells.\n\n## Care\n\nGrease bearings every month!\n",
    "zh.md": "# 公司\n\n公司的总部设在上海，生产水泵和阀门。\n",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[Workspace]:
    base = tmp_path_factory.mktemp("search")
    (base / "home").mkdir()
    (base / "home" / "models").symlink_to(weights, target_is_directory=True)
    for name, text in FILES.items():
        (base / name).write_text(text, encoding="utf-8")
    with Workspace.open(Settings(home=base / "home")) as opened:
        ingest(opened, [base / name for name in FILES], PLAIN, "c")
        yield opened


def names(workspace: Workspace, query: Query | str, k: int = 5) -> list[str]:
    return [h.source.name for h in search(workspace, query, "c", k)]


def test_the_passage_that_answers_comes_first_with_its_section_and_line(workspace: Workspace) -> None:
    hit = search(workspace, "How often are bearings greased?", "c", 1)[0]
    assert "Grease bearings" in hit.passage.text
    assert hit.passage.heading_path == ("Pumps", "Care")
    assert hit.passage.locator.line == 5


def test_scores_never_rise_down_the_list(workspace: Workspace) -> None:
    scores = [h.score for h in search(workspace, "water pumps and valves", "c", 10)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 2


def test_near_duplicates_of_two_files_are_shown_once(workspace: Workspace) -> None:
    texts = [h.passage.text for h in search(workspace, "Vertical pumps lift water", "c", 10)]
    assert sum("deep wells" in t for t in texts) == 1


def test_only_the_named_sources_are_searched_and_none_means_none(workspace: Workspace) -> None:
    (valves,) = workspace.catalog.find("c", "valves.md")
    assert set(names(workspace, Query("pumps lift water", source_ids=(valves.id,)))) == {"valves.md"}
    assert names(workspace, Query("pumps", source_ids=())) == []


def test_a_chinese_question_finds_the_chinese_passage(workspace: Workspace) -> None:
    assert names(workspace, "总部在哪里？", 1) == ["zh.md"]


def test_an_unknown_collection_is_named_with_those_there_are(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=r"'nosuch'.*There are: c"):
        search(workspace, "x", "nosuch")


def test_the_langchain_retriever_gives_documents_with_their_place(workspace: Workspace) -> None:
    from core.retrieval.langchain import PlumblineRetriever

    documents = PlumblineRetriever(workspace=workspace, collection="c", k=2).invoke("Where are gate valves cast?")
    assert "Duluth" in documents[0].page_content
    assert documents[0].metadata["source"] == "valves.md"
    assert documents[0].metadata["locator"] == {"line": 1}
    assert len(documents) == 2
