"""Where a suite ingests its documents: a workspace of its own, kept between runs and made anew when the program that
read them has changed, so that no figure is measured on what an older reader left behind.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import core
from core.errors import PlumblineError, UsageError
from core.evaluation.provenance import commit, tree_sha256

if TYPE_CHECKING:
    from core.settings import Settings
    from core.vertical import Vertical
    from core.workspace import Workspace

MARK = "evaluation.json"
ROOMS = ("reading", "indexing", "models", "evidence.py")
"""The parts of the core that decide what an ingestion leaves."""
NOT_READING = {"suites", "prompts", "adapters", "__pycache__"}
"""Folders of a vertical that do not."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What stands in a suite's collection and what the ingestion that put it there took."""

    collection: str
    pages: int
    passages: int
    seconds: float
    commit: str
    """Of the program that ingested; another than the result's own where an earlier ingestion was kept on request."""
    reused: bool

    @property
    def pages_per_s(self) -> float:
        """Pages of PDF per second of wall clock, reading to searchable; 0 where nothing was measured."""
        return self.pages / self.seconds if self.seconds else 0.0


def open_workspace(settings: Settings, suite: str, owner: Vertical | None, keep: bool = False) -> Workspace:
    """The workspace of a suite under the home, emptied first where another program version ingested into it.

    With `keep`, what an earlier version ingested stays. Raises UsageError where a tenant of the user's has its name.
    """
    from core.workspace import Workspace

    tenant = f"eval-{suite}"
    root = settings.home / "tenants" / tenant
    mark = root / MARK
    program = fingerprint(settings, owner)
    if root.exists() and any(root.iterdir()) and not mark.is_file():
        raise UsageError(
            f"Tenant {tenant!r} exists and was not made by an evaluation",
            "Rename it, or set PLUMBLINE_HOME to another folder.",
        )
    known = json.loads(mark.read_text()) if mark.is_file() else {}
    if known and known.get("program") != program and not keep:
        shutil.rmtree(root)
        known = {}
    root.mkdir(parents=True, exist_ok=True)
    if not known:
        _write(mark, {"program": program, "collections": {}})
    return Workspace.open(settings, tenant=tenant)


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    vertical: Vertical,
    collection: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> Ingested:
    """Brings a suite's collection to exactly `paths`: new files are ingested, others that it holds are forgotten.

    Pages and seconds are those of the run that ingested all of them; they are kept for later runs that find the
    collection unchanged. Raises PlumblineError where a file cannot be read: a figure over part of the data would lie.
    """
    from core.indexing import forget
    from core.indexing import ingest as run

    mark = workspace.root / MARK
    known = json.loads(mark.read_text())
    wanted = {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    held = workspace.catalog.sources(collection) if collection in workspace.catalog.collections() else []
    for source in held:
        if source.id not in wanted:
            forget(workspace, source.id, collection)
    report = run(workspace, paths, vertical, collection, progress)
    if report.failed:
        named = "; ".join(f"{Path(row['path']).name}: {row['error']}" for row in report.failed)
        raise PlumblineError(
            f"{len(report.failed)} of {len(paths)} files could not be ingested: {named}", "Mend the data."
        )
    before = known["collections"].get(collection)
    if report.added + report.replaced == 0 and before:
        return Ingested(**{**before, "reused": True})
    whole = report.added + report.replaced == len(paths)
    measured = Ingested(
        collection=collection,
        pages=report.pages,
        passages=report.passages,
        # Where only a part was new (a run was stopped), the rest was timed by nobody: no rate is claimed.
        seconds=report.seconds if whole else 0.0,
        commit=commit(),
        reused=False,
    )
    known["collections"][collection] = asdict(measured)
    _write(mark, known)
    return measured


def fingerprint(settings: Settings, owner: Vertical | None) -> str:
    """A hash over the program text and settings that decide what an ingestion leaves in a catalog and its indexes."""
    here = Path(core.__file__).parent
    files = [file for room in ROOMS for file in _code(here / room)]
    digest = hashlib.sha256(tree_sha256(files, here).encode())
    digest.update(settings.embedder.encode())
    if owner is not None and owner.package:
        from importlib.util import find_spec

        spec = find_spec(owner.package)
        if spec is not None and spec.origin is not None:
            folder = Path(spec.origin).parent
            digest.update(tree_sha256(_code(folder), folder).encode())
    return digest.hexdigest()


def _code(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    kinds = {".py", ".tsv", ".csv", ".toml", ".json"}
    return [
        file
        for file in path.rglob("*")
        if file.suffix in kinds and not NOT_READING.intersection(file.relative_to(path).parts)
    ]


def _write(path: Path, content: object) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1))
    part.replace(path)
