"""One tenant's catalog, files and settings, opened once and passed down. Isolation is in the layout: every tenant
has its own root under the home, and nothing here takes a tenant's name after opening.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from core.errors import Busy, StorageError, UsageError

if TYPE_CHECKING:
    from core.catalog import Catalog
    from core.evidence import Source
    from core.indexing.index import Index
    from core.settings import Settings

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Workspace:
    """Open with `Workspace.open`; close it, or use it as a context manager. Safe to share between threads."""

    def __init__(self, settings: Settings, tenant: str, root: Path, catalog: Catalog) -> None:
        self.settings = settings
        self.tenant = tenant
        self.root = root
        self.catalog = catalog
        self._indexes: dict[str, Index] = {}

    @classmethod
    def open(cls, settings: Settings | None = None, tenant: str | None = None) -> Workspace:
        """Opens a tenant's root under `settings.home`, made where it does not exist.

        Raises UsageError for a tenant name that is not a plain name, StorageError where the home cannot be written.
        """
        from core.catalog import Catalog
        from core.settings import Settings

        settings = settings or Settings()
        tenant = tenant or settings.tenant
        check_name(tenant, "tenant")
        root = settings.home / "tenants" / tenant
        try:
            (root / "files").mkdir(parents=True, exist_ok=True)
            # SQLite and Chroma make their files under this root; nobody else on the machine reads a tenant's data.
            root.chmod(0o700)
        except OSError as error:
            raise StorageError(
                f"The data folder {settings.home} cannot be written: {error.strerror}",
                "Set PLUMBLINE_HOME to a folder with space and write permission.",
            ) from error
        return cls(settings, tenant, root, Catalog(f"sqlite:///{root / 'catalog.db'}"))

    def index(self, collection: str) -> Index:
        """The derived indexes (vectors and lexical) of a collection, opened once and reconciled with the catalog.

        Raises StorageError where they were built by other models than the settings name.
        """
        from core.indexing.index import Index

        if collection not in self._indexes:
            self._indexes[collection] = Index.open(self, collection)
        return self._indexes[collection]

    def drop_index(self, collection: str) -> None:
        """Closes an index so that the next use opens it anew."""
        index = self._indexes.pop(collection, None)
        if index is not None:
            index.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the one writer lock of this tenant. Raises Busy after `settings.lock_wait` seconds."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.root / "write.lock")
        try:
            lock.acquire(timeout=self.settings.lock_wait)
        except Timeout as error:
            raise Busy(
                f"Another process is writing to {self.root}",
                "Wait until it has finished, or stop it; readers can go on meanwhile.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def file(self, source: Source) -> Path:
        """The stored original bytes of a source, named by their hash with the original suffix."""
        return self.root / "files" / f"{source.id}{Path(source.name).suffix.lower()}"

    def keep_file(self, source: Source, original: Path) -> None:
        """Stores the bytes of a source once, whole or not at all. Raises StorageError when the disk is full."""
        target = self.file(source)
        if target.exists():
            return
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            shutil.copyfile(original, part)
            os.replace(part, target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StorageError(
                f"{original.name} cannot be stored under {self.root}: {error.strerror}",
                "Free disk space, then run the same command again.",
            ) from error

    def drop_file(self, source: Source) -> None:
        """Deletes the stored bytes, unless another collection still holds the same source."""
        if not any(self.catalog.source(name, source.id) for name in self.catalog.collections()):
            self.file(source).unlink(missing_ok=True)

    def close(self) -> None:
        for collection in list(self._indexes):
            self.drop_index(collection)
        self.catalog.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def check_name(name: str, what: str) -> str:
    """A tenant's or collection's name: letters, digits, `.`, `_`, `-`. Raises UsageError."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is not a {what} name",
            "Use letters, digits, '.', '_' and '-', at most 64, a letter or digit first.",
        )
    return name
