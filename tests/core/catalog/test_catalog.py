"""The catalog: migrations, visibility, replacement, answers and feedback."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from core.catalog import Catalog, schema
from core.catalog.tables import metadata
from core.errors import StorageError
from core.evidence import Answer, Description, Locator, Passage, Period, Source, Value


def source(sha: str, path: str = "/in/a.md", collection: str = "c") -> Source:
    return Source(sha, Path(path).name, path, collection, "text/markdown", 0, "en", Description(entity="Acme"))


def passage(sha: str, ordinal: int, words: str) -> Passage:
    return Passage(f"{sha}-{ordinal}", sha, ordinal, "text", words, Locator(line=ordinal + 1))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    opened = Catalog(f"sqlite:///{tmp_path / 'catalog.db'}")
    opened.ensure_collection("c", "finance", "v1")
    return opened


def test_migrated_schema_equals_the_tables(catalog: Catalog) -> None:
    with catalog.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert schema.revision(catalog.engine) == schema.HEAD


def test_a_catalog_of_a_newer_program_is_refused_with_the_remedy(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    Catalog(url).close()
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match=r"9999.*newer.*Update plumbline"):
        Catalog(url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match=r"broken\.db"):
        Catalog(f"sqlite:///{tmp_path / 'broken.db'}")


def test_a_staged_source_is_invisible_until_it_is_published(catalog: Catalog) -> None:
    staged = source("s1")
    catalog.stage(staged, [passage("s1", 0, "words")], [], [])
    assert catalog.sources("c") == []
    assert catalog.passages("c", ["s1-0"]) == []
    assert [s.id for s in catalog.pending("c")] == ["s1"]
    before = catalog.generation("c")
    catalog.publish([staged], "c", ["seg"])
    assert [s.id for s in catalog.sources("c")] == ["s1"]
    assert [p.text for p in catalog.passages("c", ["s1-0"])] == ["words"]
    assert catalog.segments("c", "v1") == ["seg"]
    assert catalog.generation("c") > before


def test_publishing_new_content_at_a_path_removes_the_old_in_the_same_step(catalog: Catalog) -> None:
    old, new = source("s1"), source("s2")
    catalog.stage(old, [passage("s1", 0, "old")], [], [])
    catalog.publish([old], "c", ["a"])
    catalog.stage(new, [passage("s2", 0, "new")], [], [])
    assert catalog.publish([new], "c", ["a", "b"]) == ["s1"]
    assert [s.id for s in catalog.sources("c")] == ["s2"]
    assert catalog.passage_ids("c") == {"s2-0"}
    assert catalog.removals("c") == ["s1-0"]


def test_content_that_also_lies_elsewhere_stays_when_one_of_its_files_is_edited(catalog: Catalog) -> None:
    kept, new = source("s1"), source("s2")
    catalog.stage(kept, [passage("s1", 0, "shared")], [], [])
    catalog.publish([kept], "c", ["a"])
    catalog.locate("c", "/in/copy.md", "s1")
    catalog.stage(new, [passage("s2", 0, "edited")], [], [])
    assert catalog.publish([new], "c", ["a"]) == []
    assert {s.id for s in catalog.sources("c")} == {"s1", "s2"}


def test_values_keep_their_exact_decimal_and_every_field(catalog: Catalog) -> None:
    value = Value(
        id="v1",
        source_id="s1",
        entity="Acme",
        metric="eps_diluted",
        label="Diluted",
        period=Period(date(2024, 9, 28), date(2023, 10, 1)),
        value=Decimal("6.0800"),
        unit="USD/shares",
        printed="6.08",
        locator=Locator(page=3, box=(1.0, 2.0, 3.0, 4.0), row=2, column=1),
        scale=0,
        concept="us-gaap:EarningsPerShareDiluted",
        statement="income_statement",
        dimensions=(("srt:ProductAxis", "aapl:IPhone"),),
        quote="Diluted $ 6.08",
    )
    staged = source("s1")
    catalog.stage(staged, [], [value], [])
    catalog.publish([staged], "c", [])
    assert catalog.values("c", metrics=["eps_diluted"]) == [value]
    assert str(catalog.values("c")[0].value) == "6.0800"


def test_digest_depends_on_content_and_not_on_order(tmp_path: Path) -> None:
    digests = []
    for name, order in (("one", ["s1", "s2"]), ("two", ["s2", "s1"])):
        catalog = Catalog(f"sqlite:///{tmp_path / name}.db")
        catalog.ensure_collection("c", "finance", "v1")
        for sha in order:
            staged = source(sha, f"/{name}/{sha}.md")
            catalog.stage(staged, [passage(sha, 0, f"text of {sha}")], [], [])
            catalog.publish([staged], "c", [])
        digests.append(catalog.digest("c"))
    assert digests[0] == digests[1]
    catalog.remove("c", "s1")
    assert catalog.digest("c") != digests[0]


def test_an_answer_is_opened_again_exactly_as_it_was_and_takes_feedback(catalog: Catalog) -> None:
    answer = Answer("a1", "2026-01-01T00:00:00Z", "What?", "abstained", "Nothing found.", missing=("revenue",))
    catalog.save_answer(answer, "finance", "c")
    assert catalog.answer("a1") == answer.as_json()
    catalog.add_feedback("a1", -1, claim=0, correction="It was 12.", user="ann")
    assert [(f["rating"], f["correction"], f["claim"]) for f in catalog.feedback()] == [(-1, "It was 12.", 0)]
    with pytest.raises(StorageError, match="nosuch"):
        catalog.add_feedback("nosuch", 1)
    with pytest.raises(ValueError, match="rating"):
        catalog.add_feedback("a1", 5)


def test_a_source_is_found_by_path_file_name_and_content_hash(catalog: Catalog) -> None:
    staged = source("abcdef1234567890")
    catalog.stage(staged, [], [], [])
    catalog.publish([staged], "c", [])
    for name in ("/in/a.md", "a.md", "abcdef12"):
        assert [s.id for s in catalog.find("c", name)] == ["abcdef1234567890"]
    assert catalog.find("c", "abc") == []
