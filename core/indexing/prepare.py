"""One file to what the catalog keeps of it; runs in worker processes, so it takes and gives plain picklable values."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import PlumblineError
from core.evidence import Passage, Source, Value
from core.indexing.passages import passages


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file read, described and cut."""

    source: Source
    passages: Sequence[Passage]
    values: Sequence[Value]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be taken, and why (for the user)."""

    path: str
    error: str


def end_with_parent(parent: int) -> None:
    """Ends this worker process when its parent has gone: a killed ingestion leaves no readers behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def prepare(
    path: Path, sha: str, vertical_name: str, collection: str, password: str | None = None
) -> Prepared | Failed:
    """Reads a file, lets the vertical describe it, cuts it into tagged passages and typed values."""
    from core.guard import is_instruction
    from core.reading import read
    from core.vertical import vertical

    try:
        document = read(path, password)
        if document.sha256 != sha:
            return Failed(str(path), f"{path.name} changed while it was read. Ingest it again.")
        profession = vertical(vertical_name)
        description = profession.describe(document)
        if is_instruction(description.title):
            # A title names a source to every reader; one that gives orders names nothing.
            description = replace(description, title=path.name)
        source = Source(
            id=sha,
            name=path.name,
            path=str(path),
            collection=collection,
            media_type=document.media_type,
            pages=document.pages,
            lang=document.lang,
            description=description,
        )
        cut = [replace(p, tags=tuple(profession.tag(p, source))) for p in passages(document, description, sha)]
        if not cut:
            return Failed(str(path), f"{path.name} holds no text. Nothing was ingested from it.")
        return Prepared(source, cut, list(profession.values(document, source)), document.warnings)
    except PlumblineError as error:
        return Failed(str(path), str(error))
    except OSError as error:
        return Failed(str(path), f"{path} cannot be read: {error.strerror or error}.")
    except Exception as error:  # a defect in a reader must not lose the rest of the batch
        return Failed(
            str(path), f"{path.name} could not be read ({type(error).__name__}: {error}). Please report this file."
        )
