"""Ingestion: nothing is doubled, nothing is lost, a failing file does not stop the rest, a forgotten one is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import Busy, StorageError, UsageError
from core.indexing import forget, ingest, reindex
from core.retrieval import search
from core.settings import Settings
from core.vertical import Vertical
from core.workspace import Workspace

pytestmark = pytest.mark.slow

PLAIN = Vertical(name="education", title="Plain")
"""Reads, cuts and searches with no hook of its own; named as an installed one, for the reader's worker processes."""


def found(workspace: Workspace, query: str) -> list[str]:
    return [h.passage.text for h in search(workspace, query, "c", 5)]


def test_a_second_run_changes_nothing(workspace: Workspace, files: Path) -> None:
    first = ingest(workspace, [files], PLAIN, "c")
    digest = workspace.catalog.digest("c")
    second = ingest(workspace, [files], PLAIN, "c")
    assert (first.added, first.unchanged, first.failed) == (4, 0, [])
    assert (second.added, second.unchanged, second.replaced) == (0, 4, 0)
    assert workspace.catalog.digest("c") == digest


def test_the_same_content_under_another_name_gives_no_second_passage(workspace: Workspace, files: Path) -> None:
    ingest(workspace, [files], PLAIN, "c")
    count = workspace.catalog.count_passages("c")
    shutil.copy(files / "alpha.md", files / "renamed.md")
    report = ingest(workspace, [files], PLAIN, "c")
    assert (report.added, report.unchanged) == (0, 5)
    assert workspace.catalog.count_passages("c") == count
    # Both places are known: the content goes only when it is edited at both, or forgotten.
    assert len(workspace.catalog.find("c", str(files / "renamed.md"))) == 1


def test_the_same_content_twice_in_one_call_is_taken_once(workspace: Workspace, files: Path) -> None:
    shutil.copy(files / "alpha.md", files / "twin.md")
    report = ingest(workspace, [files], PLAIN, "c")
    assert (report.added, report.unchanged) == (4, 1)


def test_an_edited_file_replaces_the_old_one(workspace: Workspace, files: Path) -> None:
    ingest(workspace, [files], PLAIN, "c")
    (files / "alpha.md").write_text("# Alpha Works\n\nAlpha now sells turbines.\n", encoding="utf-8")
    report = ingest(workspace, [files], PLAIN, "c")
    assert (report.added, report.replaced, report.unchanged) == (0, 1, 3)
    assert any("turbines" in t for t in found(workspace, "What does Alpha sell?"))
    assert not any("pumps" in t for t in found(workspace, "Alpha sells pumps of type 3"))
    assert workspace.catalog.removals("c") == []


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(workspace: Workspace, files: Path) -> None:
    (files / "empty.md").write_text("", encoding="utf-8")
    report = ingest(workspace, [files, files / "missing.pdf"], PLAIN, "c")
    assert report.added == 4
    assert sorted(Path(f["path"]).name for f in report.failed) == ["empty.md", "missing.pdf"]
    assert all(f["error"] for f in report.failed)


def test_a_forgotten_source_is_gone_at_once_and_after_reopening(
    settings_with_models: Settings, files: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Vault\n\nThe secret code is QX-7719-ZETA.\n", encoding="utf-8")
    with Workspace.open(settings_with_models) as workspace:
        ingest(workspace, [files, secret], PLAIN, "c")
        assert any("QX-7719" in t for t in found(workspace, "What is the secret code?"))
        (gone,) = workspace.catalog.find("c", "secret.md")
        stored = workspace.file(gone)
        assert stored.exists()
        assert forget(workspace, "secret.md", "c") == 1
        assert not any("QX-7719" in t for t in found(workspace, "What is the secret code?"))
        assert not stored.exists()
    with Workspace.open(settings_with_models) as workspace:
        assert not any("QX-7719" in t for t in found(workspace, "What is the secret code?"))
        wanted = workspace.catalog.passage_ids("c")
        assert workspace.index("c").lexical.ids() == wanted
        assert workspace.index("c").vectors.ids() == wanted
    root = settings_with_models.home / "tenants"
    holding = [f for f in root.rglob("*") if f.is_file() and b"QX-7719" in f.read_bytes()]
    assert holding == []


def test_forgetting_what_is_not_there_lists_what_is(workspace: Workspace, files: Path) -> None:
    ingest(workspace, [files], PLAIN, "c")
    with pytest.raises(UsageError, match=r"nosuch\.md.*alpha\.md"):
        forget(workspace, "nosuch.md", "c")


def test_reindex_rebuilds_lost_indexes_and_the_digest_stays(workspace: Workspace, files: Path) -> None:
    ingest(workspace, [files], PLAIN, "c")
    digest, hits = workspace.catalog.digest("c"), found(workspace, "valves of type 2")
    workspace.drop_index("c")
    shutil.rmtree(workspace.root / "indexes")
    with pytest.raises(StorageError, match="plumbline reindex"):
        search(workspace, "valves", "c")
    assert reindex(workspace, "c") == workspace.catalog.count_passages("c")
    assert found(workspace, "valves of type 2") == hits
    assert workspace.catalog.digest("c") == digest


def test_a_second_writer_is_told_to_wait(settings_with_models: Settings, files: Path) -> None:
    hasty = settings_with_models.model_copy(update={"lock_wait": 0.1})
    with (
        Workspace.open(settings_with_models) as one,
        Workspace.open(hasty) as two,
        one.writing(),
        pytest.raises(Busy, match="Another process"),
    ):
        ingest(two, [files], PLAIN, "c")


def test_tenants_do_not_see_each_other(settings_with_models: Settings, files: Path) -> None:
    with Workspace.open(settings_with_models, "one") as one, Workspace.open(settings_with_models, "two") as two:
        ingest(one, [files], PLAIN, "c")
        assert two.catalog.collections() == []
        with pytest.raises(UsageError, match="No collection"):
            search(two, "pumps", "c")
    with pytest.raises(UsageError, match="tenant name"):
        Workspace.open(settings_with_models, "../one")


def test_many_small_ingestions_stay_few_segments_and_lose_nothing(workspace: Workspace, tmp_path: Path) -> None:
    for i in range(9):
        note = tmp_path / f"note{i}.md"
        note.write_text(f"# Note {i}\n\nThe marker of note {i} is MK{i}{i}{i}.\n", encoding="utf-8")
        ingest(workspace, [note], PLAIN, "c")
    assert len(workspace.catalog.segments("c", workspace.index("c").version)) < 7
    assert workspace.index("c").vectors.count() == 9
    for i in range(9):
        assert f"MK{i}{i}{i}" in found(workspace, f"marker MK{i}{i}{i}")[0]
