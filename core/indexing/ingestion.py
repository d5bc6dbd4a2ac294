"""Files into a collection: read in parallel, catalogued, embedded, indexed, then published in groups.

The order of writes makes a kill at any point harmless. (1) A source is staged in the catalog, invisible. (2) Its
vectors go to a segment that nobody reads and its text to the lexical index, whose hits the catalog hides. (3) One
transaction makes the source visible, lists the segment and removes what the source replaces. (4) The indexes drop
what was removed. A second run finds staged sources and finishes them from (2).
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import StorageError
from core.evidence import Source
from core.indexing.files import expand, sha256
from core.indexing.index import Index, index_version
from core.indexing.maintain import add_vectors, apply_removals
from core.indexing.prepare import Failed, Prepared, end_with_parent, prepare
from core.vertical import Vertical
from core.workspace import check_name

if TYPE_CHECKING:
    from core.indexing.vectors import Segment
    from core.workspace import Workspace

GROUP = 4000
"""Passages after which the sources so far are published: what a kill makes to be done again is never more."""
INLINE_BYTES = 3_000_000
"""Inputs up to this size are read in this process: starting workers would take longer."""

Progress = Callable[[str, int, int], None]
"""Called with (file name, bytes done, bytes in all)."""


@dataclass
class IngestReport:
    """What an ingestion did; `as_json` is the contract of `plumbline ingest --json`."""

    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)
    pages: int = 0
    passages: int = 0
    seconds: float = 0.0
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Task:
    path: Path
    sha: str
    size: int


def ingest(
    workspace: Workspace,
    paths: Iterable[Path | str],
    vertical: Vertical,
    collection: str,
    progress: Progress | None = None,
    password: str | None = None,
) -> IngestReport:
    """Ingests files and folders. A file that fails is named in the report and the rest goes on.

    Raises UsageError for a bad collection name, Busy when another process writes, StorageError when the disk is full;
    what was published until then stays.
    """
    check_name(collection, "collection")
    started = time.perf_counter()
    report = IngestReport()
    with workspace.writing():
        workspace.catalog.ensure_collection(collection, vertical.name, index_version(workspace))
        workspace.drop_index(collection)
        run = _Run(workspace, vertical, collection, report)
        try:
            run.finish_staged()
            tasks = list(run.tasks(Path(p).expanduser() for p in paths))
            total, done = sum(t.size for t in tasks), 0
            for task, outcome in _prepared(workspace, tasks, vertical.name, collection, password):
                run.take(task, outcome)
                done += task.size
                if progress:
                    progress(task.path.name, done, total)
            run.publish()
            apply_removals(workspace, run.index)
        finally:
            run.close()
    report.seconds = round(time.perf_counter() - started, 3)
    return report


class _Run:
    """The state of one ingestion under the writer lock."""

    def __init__(self, workspace: Workspace, vertical: Vertical, collection: str, report: IngestReport) -> None:
        self.workspace = workspace
        self.catalog = workspace.catalog
        self.vertical = vertical
        self.collection = collection
        self.report = report
        row = self.catalog.collection(collection)
        if row.index_version != index_version(workspace):
            raise StorageError(
                f"Collection {collection!r} was indexed with another embedder than {workspace.settings.embedder}",
                f"Set the embedder back, or run `plumbline reindex -c {collection}` first.",
            )
        self.index = Index(workspace, collection, row.index_version)
        self._segment: Segment | None = None
        self._staged: list[Source] = []
        self._size = 0
        self._seen: set[str] = set()

    def tasks(self, paths: Iterable[Path]) -> Iterator[_Task]:
        """The files that need reading; unchanged ones are counted, unreadable ones reported."""
        for path in expand(paths):
            try:
                path = path.absolute()
                sha, size = sha256(path), path.stat().st_size
            except OSError as error:
                self.report.failed.append({"path": str(path), "error": f"{path} cannot be read: {error.strerror}."})
                continue
            if self.catalog.source(self.collection, sha) or sha in self._seen:
                # Known content: only its place may be new, or may have held something else until now.
                self.report.unchanged += 1
                if sha not in self._seen:
                    self._relocate(str(path), sha)
                continue
            self._seen.add(sha)
            yield _Task(path, sha, size)

    def _relocate(self, path: str, sha: str) -> None:
        source = self.catalog.source(self.collection, sha)
        if source is not None and self.catalog.source_at(self.collection, path) != sha:
            self.catalog.locate(self.collection, path, sha)

    def take(self, task: _Task, outcome: Prepared | Failed) -> None:
        """Stages and indexes one file."""
        if isinstance(outcome, Failed):
            self.report.failed.append({"path": outcome.path, "error": outcome.error})
            return
        source = outcome.source
        self.workspace.keep_file(source, task.path)
        before = self.catalog.source_at(self.collection, source.path)
        self.catalog.stage(source, outcome.passages, outcome.values, outcome.warnings)
        self._index(source)
        if before is not None and before != source.id:
            self.report.replaced += 1
        else:
            self.report.added += 1
        if outcome.warnings:
            self.report.warnings.append({"path": source.path, "warnings": list(outcome.warnings)})
        self.report.pages += source.pages
        self.report.passages += len(outcome.passages)
        if self._size >= GROUP:
            self.publish()

    def finish_staged(self) -> None:
        """Takes up sources that a killed run had staged."""
        for source in self.catalog.pending(self.collection):
            self._index(source)
            self.report.added += 1
            self.report.pages += source.pages
            self.report.passages += len(self.catalog.passages_of(self.collection, source.id))
        self.publish()

    def _index(self, source: Source) -> None:
        if self._segment is None:
            self._segment = self.index.vectors.unfinished()
        staged = self.catalog.passages_of(self.collection, source.id)
        self.index.lexical.add(staged)
        add_vectors(self.workspace, self._segment, staged)
        self._staged.append(source)
        self._size += len(staged)

    def publish(self) -> None:
        """Makes everything staged so far visible."""
        if self._segment is None or not self._staged:
            return
        self._segment.close()
        listed = [*self.index.vectors.listed, self._segment.folder.name]
        self.catalog.publish(self._staged, self.collection, listed)
        self.index.vectors.listed = listed
        self._segment, self._staged, self._size = None, [], 0

    def close(self) -> None:
        if self._segment is not None:
            self._segment.close()
        self.index.close()


def _prepared(
    workspace: Workspace, tasks: list[_Task], vertical: str, collection: str, password: str | None
) -> Iterator[tuple[_Task, Prepared | Failed]]:
    """Outcomes in the order of the tasks; large inputs are read by worker processes a few files ahead."""
    workers = min(workspace.settings.threads or os.cpu_count() or 1, len(tasks))
    if workers < 2 or sum(t.size for t in tasks) <= INLINE_BYTES:
        for task in tasks:
            yield task, prepare(task.path, task.sha, vertical, collection, password)
        return
    with _Readers(workers) as readers:
        waiting: deque[tuple[_Task, Future[Prepared | Failed]]] = deque()
        for task in tasks:
            waiting.append((task, readers.submit(task, vertical, collection, password)))
            if len(waiting) > 2 * workers:
                yield waiting[0][0], readers.outcome(*waiting.popleft(), vertical, collection, password)
        while waiting:
            yield waiting[0][0], readers.outcome(*waiting.popleft(), vertical, collection, password)


class _Readers:
    """Worker processes. One that dies (out of memory, a crash in a native library) costs its file and no other."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._new(workers)

    @staticmethod
    def _new(workers: int) -> ProcessPoolExecutor:
        # "spawn": the models' and Chroma's threads in this process would not survive a fork.
        return ProcessPoolExecutor(
            workers, mp_context=get_context("spawn"), initializer=end_with_parent, initargs=(os.getpid(),)
        )

    def submit(self, task: _Task, *how: Any) -> Future[Prepared | Failed]:
        try:
            return self._pool.submit(prepare, task.path, task.sha, *how)
        except BrokenProcessPool:
            self._pool = self._new(self.workers)
            return self._pool.submit(prepare, task.path, task.sha, *how)

    def outcome(self, task: _Task, future: Future[Prepared | Failed], *how: Any) -> Prepared | Failed:
        """The result; where a worker died, every file it had in hand is read once more, in a process of its own."""
        try:
            return future.result()
        except BrokenProcessPool:
            with self._new(1) as alone:
                try:
                    return alone.submit(prepare, task.path, task.sha, *how).result()
                except BrokenProcessPool:
                    return Failed(
                        str(task.path),
                        f"{task.path.name} stops its reader (a crash or too little memory). Leave it out.",
                    )

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
