"""Reads and writes of the catalog. A source is visible only while its state is "ready": readers see a finished
state, old or new, whatever a writer is doing.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from core.catalog import schema
from core.catalog.rows import (
    description_to_json,
    passage_from_row,
    passage_to_row,
    source_from_row,
    value_from_row,
    value_to_row,
)
from core.catalog.tables import answers, collections, feedback, locations, passages, removals, segments, sources, values
from core.errors import StorageError, UsageError
from core.evidence import Answer, Passage, Source, Value

PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=NORMAL", "secure_delete=ON")
"""WAL lets readers go on while one process writes; foreign keys make a source's rows go with it; secure_delete
overwrites what is deleted, so that a forgotten source leaves no text in free pages."""
CHUNK = 500
"""Bound parameters of one IN list; SQLite's limit on variables is far above."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of sources that are searched together."""

    name: str
    vertical: str
    index_version: str
    generation: int
    """Grows with every visible change."""


class Catalog:
    """One tenant's catalog. Safe to share between threads; open one a process."""

    def __init__(self, url: str) -> None:
        """Opens (and migrates) the catalog at a SQLAlchemy `url`. Raises StorageError where that cannot be done."""
        self.url = url
        self.engine = _engine(url)
        try:
            if schema.revision(self.engine) != schema.HEAD:
                schema.upgrade(self.engine)
        except (OperationalError, DatabaseError) as error:
            raise StorageError(
                f"The catalog {schema.where(self.engine)} cannot be opened: {_reason(error)}",
                "Check the disk and its permissions; a backup can be restored over a corrupt file.",
            ) from error

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction; all of it or nothing. Raises StorageError (disk full, locked) and rolls back."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StorageError(
                f"The catalog cannot be written: {_reason(error)}", "Free disk space, then run the same command again."
            ) from error

    # --- collections ----------------------------------------------------------------------------------------
    def collections(self) -> list[str]:
        """Names of all collections."""
        with self.engine.connect() as c:
            return list(c.execute(select(collections.c.name).order_by(collections.c.name)).scalars())

    def collection(self, name: str) -> Collection:
        """A collection by its name. Raises UsageError that lists those there are."""
        with self.engine.connect() as c:
            row = c.execute(select(collections).where(collections.c.name == name)).one_or_none()
        if row is None:
            known = ", ".join(self.collections()) or "none yet"
            raise UsageError(f"No collection named {name!r}", f"There are: {known}. Files go in by `plumbline ingest`.")
        return Collection(row.name, row.vertical, row.index_version, row.generation)

    def ensure_collection(self, name: str, vertical: str, index_version: str) -> None:
        """Creates a collection where it does not exist; an existing one keeps its vertical and index version."""
        if name not in self.collections():
            with self.transaction() as c:
                c.execute(insert(collections).values(name=name, vertical=vertical, index_version=index_version))

    def generation(self, collection: str) -> int:
        """A counter that grows with every visible change of the collection; 0 where it does not exist."""
        with self.engine.connect() as c:
            query = select(collections.c.generation).where(collections.c.name == collection)
            return c.execute(query).scalar() or 0

    # --- sources --------------------------------------------------------------------------------------------
    def sources(self, collection: str) -> list[Source]:
        """The ready sources, by name."""
        return self._sources(sources.c.collection == collection, sources.c.state == "ready")

    def source(self, collection: str, source_id: str) -> Source | None:
        """A ready source by its id."""
        found = self._sources(sources.c.collection == collection, sources.c.id == source_id, sources.c.state == "ready")
        return found[0] if found else None

    def pending(self, collection: str) -> list[Source]:
        """Sources whose ingestion was cut off: catalogued, not yet visible."""
        return self._sources(sources.c.collection == collection, sources.c.state == "pending")

    def find(self, collection: str, name: str) -> list[Source]:
        """Ready sources by path as ingested, file name, or content hash (8 digits and more)."""
        path = str(Path(name).expanduser().absolute())
        with self.engine.connect() as c:
            at = set(
                c.execute(
                    select(locations.c.source_id).where(
                        locations.c.collection == collection, locations.c.path.in_([name, path])
                    )
                ).scalars()
            )
        found = []
        for source in self.sources(collection):
            by_hash = len(name) >= 8 and source.id.startswith(name.lower())
            if source.id in at or source.name == name or by_hash:
                found.append(source)
        return found

    def _sources(self, *where: Any) -> list[Source]:
        with self.engine.connect() as c:
            rows = c.execute(select(sources).where(*where).order_by(sources.c.name, sources.c.id)).all()
        return [source_from_row(row) for row in rows]

    def source_at(self, collection: str, path: str) -> str | None:
        """Id of the source that was last ingested from `path` (ready or pending)."""
        with self.engine.connect() as c:
            return c.execute(
                select(locations.c.source_id).where(locations.c.collection == collection, locations.c.path == path)
            ).scalar()

    def locate(self, collection: str, path: str, source_id: str) -> None:
        """Notes that a known source also lies at `path`."""
        with self.transaction() as c:
            _set_location(c, collection, path, source_id)

    def stage(
        self,
        source: Source,
        source_passages: Sequence[Passage],
        source_values: Sequence[Value],
        warnings: Sequence[str],
    ) -> None:
        """Writes a source with its passages and values in one transaction, invisible until `publish`."""
        with self.transaction() as c:
            c.execute(delete(sources).where(sources.c.collection == source.collection, sources.c.id == source.id))
            c.execute(
                insert(sources).values(
                    collection=source.collection,
                    id=source.id,
                    name=source.name,
                    path=source.path,
                    media_type=source.media_type,
                    pages=source.pages,
                    lang=source.lang,
                    description=description_to_json(source.description),
                    warnings=list(warnings),
                    state="pending",
                    added=time.time(),
                )
            )
            if source_passages:
                c.execute(insert(passages), [passage_to_row(p, source.collection) for p in source_passages])
            if source_values:
                c.execute(insert(values), [value_to_row(v, source.collection) for v in source_values])

    def publish(self, staged: Sequence[Source], collection: str, segments: Sequence[str]) -> list[str]:
        """Makes staged sources visible together, with the vector segments that hold them, in one transaction; what
        they replace at their paths goes in the same transaction.

        `segments` is the whole new list for the collection's index version. Returns the ids of replaced sources.
        """
        replaced: list[str] = []
        with self.transaction() as c:
            for source in staged:
                before = c.execute(
                    select(locations.c.source_id).where(
                        locations.c.collection == collection, locations.c.path == source.path
                    )
                ).scalar()
                c.execute(
                    update(sources)
                    .where(sources.c.collection == collection, sources.c.id == source.id)
                    .values(state="ready")
                )
                _set_location(c, collection, source.path, source.id)
                if before not in (None, source.id) and not _still_located(c, collection, str(before)):
                    _remove(c, collection, str(before))
                    replaced.append(str(before))
            version = c.execute(
                select(collections.c.index_version).where(collections.c.name == collection)
            ).scalar_one()
            _set_segments(c, collection, version, segments)
            _advance(c, collection)
        return replaced

    def segments(self, collection: str, index_version: str) -> list[str]:
        """Names of the finished vector segments of an index version."""
        query = select(segments.c.name).where(
            segments.c.collection == collection, segments.c.index_version == index_version
        )
        with self.engine.connect() as c:
            return list(c.execute(query.order_by(segments.c.name)).scalars())

    def set_segments(self, collection: str, index_version: str, names: Sequence[str]) -> None:
        """Swaps the list of segments of an index version and makes that version the one that searches read."""
        with self.transaction() as c:
            _set_segments(c, collection, index_version, names)
            c.execute(update(collections).where(collections.c.name == collection).values(index_version=index_version))
            _advance(c, collection)

    def remove(self, collection: str, source_id: str) -> None:
        """Deletes a source, its passages, values and locations; the indexes follow by `removals`."""
        with self.transaction() as c:
            _remove(c, collection, source_id)
            _advance(c, collection)

    # --- passages and values --------------------------------------------------------------------------------
    def passages(self, collection: str, ids: Sequence[str]) -> list[Passage]:
        """Visible passages in the order of `ids`; ids that are not (or no longer) visible are left out."""
        found: dict[str, Passage] = {}
        with self.engine.connect() as c:
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                rows = c.execute(
                    select(passages)
                    .join(
                        sources,
                        (sources.c.collection == passages.c.collection) & (sources.c.id == passages.c.source_id),
                    )
                    .where(passages.c.collection == collection, passages.c.id.in_(chunk), sources.c.state == "ready")
                )
                found.update((row.id, passage_from_row(row)) for row in rows)
        return [found[i] for i in ids if i in found]

    def passages_of(
        self, collection: str, source_id: str, tags: Iterable[str] | None = None, *, page: int | None = None
    ) -> list[Passage]:
        """Passages of one source (ready or pending) in reading order, by tag and page where these are given."""
        where = [passages.c.collection == collection, passages.c.source_id == source_id]
        if page is not None:
            where.append(passages.c.page == page)
        wanted = set(tags) if tags is not None else None
        with self.engine.connect() as c:
            rows = c.execute(select(passages).where(*where).order_by(passages.c.ordinal)).all()
        return [passage_from_row(row) for row in rows if wanted is None or wanted.intersection(row.tags)]

    def passage_ids(self, collection: str, *, ready_only: bool = True) -> set[str]:
        """Ids of all passages."""
        query = select(passages.c.id).where(passages.c.collection == collection)
        if ready_only:
            query = query.join(
                sources, (sources.c.collection == passages.c.collection) & (sources.c.id == passages.c.source_id)
            ).where(sources.c.state == "ready")
        with self.engine.connect() as c:
            return set(c.execute(query).scalars())

    def count_passages(self, collection: str) -> int:
        """Number of passages, pending ones among them."""
        with self.engine.connect() as c:
            query = select(func.count()).select_from(passages).where(passages.c.collection == collection)
            return c.execute(query).scalar() or 0

    def values(
        self,
        collection: str,
        source_ids: Iterable[str] | None = None,
        entity: str | None = None,
        metrics: Iterable[str] | None = None,
        statement: str | None = None,
    ) -> list[Value]:
        """Typed values of ready sources, narrowed by what is given, in a stable order."""
        query = (
            select(values)
            .join(sources, (sources.c.collection == values.c.collection) & (sources.c.id == values.c.source_id))
            .where(values.c.collection == collection, sources.c.state == "ready")
        )
        if source_ids is not None:
            query = query.where(values.c.source_id.in_(list(source_ids)))
        if entity is not None:
            query = query.where(values.c.entity == entity)
        if metrics is not None:
            query = query.where(values.c.metric.in_(list(metrics)))
        if statement is not None:
            query = query.where(values.c.statement == statement)
        with self.engine.connect() as c:
            return [value_from_row(row) for row in c.execute(query.order_by(values.c.source_id, values.c.id))]

    # --- following the derived indexes ----------------------------------------------------------------------
    def removals(self, collection: str) -> list[str]:
        """Ids of passages that the derived indexes have still to drop."""
        with self.engine.connect() as c:
            return list(c.execute(select(removals.c.passage_id).where(removals.c.collection == collection)).scalars())

    def clear_removals(self, collection: str, ids: Sequence[str]) -> None:
        with self.transaction() as c:
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                c.execute(delete(removals).where(removals.c.collection == collection, removals.c.passage_id.in_(chunk)))

    def digest(self, collection: str) -> str:
        """SHA-256 over the sorted (source hash, locator, passage text, typed values): equal for equal content,
        whatever the engine, the order of ingestion or the number of attempts."""
        lines: list[str] = []
        for source in self.sources(collection):
            for p in self.passages_of(collection, source.id):
                lines.append(json.dumps([source.id, "passage", p.locator.as_json(), p.text], sort_keys=True))
            for v in self.values(collection, source_ids=[source.id]):
                row = value_to_row(v, "")
                lines.append(json.dumps([source.id, "value", row], sort_keys=True))
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    # --- answers and feedback -------------------------------------------------------------------------------
    def save_answer(self, answer: Answer, vertical: str, collection: str) -> None:
        """Keeps an answer so that it can be opened again exactly as it was."""
        with self.transaction() as c:
            c.execute(
                insert(answers).values(
                    id=answer.id,
                    created=answer.created,
                    vertical=vertical,
                    collection=collection,
                    question=answer.question,
                    body=answer.as_json(),
                )
            )

    def answer(self, answer_id: str) -> dict[str, Any] | None:
        """A kept answer as JSON types, or None."""
        with self.engine.connect() as c:
            body: dict[str, Any] | None = c.execute(select(answers.c.body).where(answers.c.id == answer_id)).scalar()
            return body

    def answers(self, collection: str, limit: int = 50) -> list[dict[str, Any]]:
        """Kept answers of a collection, newest first."""
        query = select(answers.c.body).where(answers.c.collection == collection)
        with self.engine.connect() as c:
            return list(c.execute(query.order_by(answers.c.created.desc()).limit(limit)).scalars())

    def add_feedback(
        self, answer_id: str, rating: int, claim: int | None = None, correction: str = "", user: str = ""
    ) -> None:
        """Stores a thumb (`rating` 1 or -1) and a correction on an answer or one of its claims.

        Raises ValueError for another rating, StorageError for an answer that is not kept.
        """
        if rating not in (1, -1):
            msg = f"rating is 1 or -1, not {rating}"
            raise ValueError(msg)
        if self.answer(answer_id) is None:
            raise StorageError(f"No answer {answer_id!r} is kept here", "Ask again, then give feedback.")
        with self.transaction() as c:
            c.execute(
                insert(feedback).values(
                    created=datetime.now(UTC).isoformat(timespec="seconds"),
                    answer_id=answer_id,
                    claim=claim,
                    rating=rating,
                    correction=correction,
                    user=user,
                )
            )

    def feedback(self) -> list[dict[str, Any]]:
        """All feedback, oldest first."""
        with self.engine.connect() as c:
            return [dict(row._mapping) for row in c.execute(select(feedback).order_by(feedback.c.id))]


def _advance(c: Connection, collection: str) -> None:
    c.execute(
        update(collections).where(collections.c.name == collection).values(generation=collections.c.generation + 1)
    )


def _still_located(c: Connection, collection: str, source_id: str) -> bool:
    query = select(locations.c.path).where(locations.c.collection == collection, locations.c.source_id == source_id)
    return c.execute(query.limit(1)).first() is not None


def _remove(c: Connection, collection: str, source_id: str) -> None:
    gone = select(passages.c.collection, passages.c.id).where(
        passages.c.collection == collection, passages.c.source_id == source_id
    )
    known = select(removals.c.passage_id).where(removals.c.collection == collection)
    c.execute(insert(removals).from_select(["collection", "passage_id"], gone.where(passages.c.id.not_in(known))))
    c.execute(delete(sources).where(sources.c.collection == collection, sources.c.id == source_id))


def _set_segments(c: Connection, collection: str, index_version: str, names: Sequence[str]) -> None:
    c.execute(delete(segments).where(segments.c.collection == collection, segments.c.index_version == index_version))
    for name in names:
        c.execute(insert(segments).values(collection=collection, index_version=index_version, name=name))


def _set_location(c: Connection, collection: str, path: str, source_id: str) -> None:
    c.execute(delete(locations).where(locations.c.collection == collection, locations.c.path == path))
    c.execute(insert(locations).values(collection=collection, path=path, source_id=source_id))


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    return engine


__all__ = ["Catalog"]
