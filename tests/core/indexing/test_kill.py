"""A kill -9 at any point of an ingestion, then the same command again, ends in the digest of one clean run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from core.indexing import ingest
from core.retrieval import search
from core.settings import Settings
from core.vertical import vertical
from core.workspace import Workspace

pytestmark = pytest.mark.slow

CHILD = """
import os, signal, sys
from pathlib import Path

def die_at(owner, name, call, after):
    "Kills this process at the `call`-th call of owner.name, before it or after it."
    real, count = getattr(owner, name), [0]
    def wrapped(*args, **kwargs):
        count[0] += 1
        if count[0] == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if count[0] == call and after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)

home, files, point, call, after = sys.argv[1:]
import core.indexing.ingestion as ingestion
from core.catalog import Catalog
from core.indexing.lexical import LexicalIndex
from core.indexing.vectors import Segment, Vectors
from core.settings import Settings
from core.vertical import vertical
from core.workspace import Workspace

ingestion.GROUP = 10  # publish every second file, so that a kill falls between groups too
owners = {"stage": Catalog, "publish": Catalog, "clear_removals": Catalog, "keep_file": Workspace,
          "add_vectors": ingestion, "apply_removals": ingestion, "retire": Vectors,
          "lexical": LexicalIndex, "upsert": Segment, "set_segments": Catalog}
names = {"lexical": "add", "upsert": "add"}
die_at(owners[point], names.get(point, point), int(call), after == "after")
with Workspace.open(Settings(home=Path(home))) as workspace:
    ingestion.ingest(workspace, [Path(files)], vertical("education"), "c")
"""

POINTS = [
    ("keep_file", 2, "before"),
    ("stage", 1, "after"),
    ("stage", 3, "after"),  # catalogued, nothing in any index
    ("lexical", 2, "after"),  # between the lexical index and the vectors
    ("add_vectors", 3, "before"),  # between catalog and vectors
    ("upsert", 2, "after"),  # vectors written, segment not listed
    ("publish", 1, "before"),
    ("publish", 1, "after"),
    ("publish", 2, "before"),
    ("apply_removals", 1, "before"),
    ("retire", 1, "before"),
    ("clear_removals", 1, "before"),
]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> tuple[Path, str]:
    """The state to end in: first edition ingested, then the second over it (one file edited), in one clean run each."""
    base = tmp_path_factory.mktemp("clean")
    home = _home(base, weights)
    files = base / "files"
    with Workspace.open(Settings(home=home)) as workspace:
        _first_edition(files)
        ingest(workspace, [files], vertical("education"), "c")
        _second_edition(files)
        ingest(workspace, [files], vertical("education"), "c")
        return files, workspace.catalog.digest("c")


def _home(base: Path, weights: Path) -> Path:
    home = base / "home"
    home.mkdir()
    (home / "models").symlink_to(weights, target_is_directory=True)
    return home


def _first_edition(files: Path) -> None:
    files.mkdir(exist_ok=True)
    (files / "b.md").write_text("# B\n\nThe first edition of B sells pumps.\n", encoding="utf-8")


def _second_edition(files: Path) -> None:
    for name in "abcd":
        parts = "\n\n".join(f"## Part {i}\n\n{name} sells item {i}." for i in range(6))
        (files / f"{name}.md").write_text(f"# {name.upper()}\n\n{parts}\n", encoding="utf-8")


@pytest.mark.parametrize(("point", "call", "when"), POINTS)
def test_kill_then_the_same_command_ends_as_one_clean_run(
    tmp_path: Path, weights: Path, clean: tuple[Path, str], point: str, call: int, when: str
) -> None:
    _, expected = clean
    home, files = _home(tmp_path, weights), tmp_path / "files"
    settings = Settings(home=home)
    _first_edition(files)
    with Workspace.open(settings) as workspace:
        ingest(workspace, [files], vertical("education"), "c")
    _second_edition(files)
    killed = subprocess.run([sys.executable, "-c", CHILD, str(home), str(files), point, str(call), when], check=False)
    assert killed.returncode == -9, "the kill point was not reached"
    with Workspace.open(settings) as workspace:
        # A reader in between sees a finished state: the first edition or the second of B, never both or neither.
        texts = [h.passage.text for h in search(workspace, "What does B sell?", "c", 50)]
        first = any("first edition" in t for t in texts)
        second = any("b sells item" in t for t in texts)
        assert first != second
    with Workspace.open(settings) as workspace:
        report = ingest(workspace, [files], vertical("education"), "c")
        assert report.failed == []
        assert workspace.catalog.digest("c") == expected
        wanted = workspace.catalog.passage_ids("c", ready_only=False)
        assert workspace.index("c").vectors.ids() == wanted
        assert workspace.index("c").lexical.ids() == wanted
        assert workspace.catalog.pending("c") == []


def test_a_killed_ingestion_leaves_no_reader_processes(tmp_path: Path, weights: Path) -> None:
    home, files = _home(tmp_path, weights), tmp_path / "files"
    files.mkdir()
    for name in "abc":  # enough bytes for reader processes to be started
        (files / f"{name}.md").write_text(f"# {name}\n\n" + f"{name} word " * 250_000, encoding="utf-8")
    started = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "ingest", str(files), "-v", "education", "-c", "c"],
        env={**os.environ, "PLUMBLINE_HOME": str(home)},
        stderr=subprocess.DEVNULL,
    )
    readers: list[psutil.Process] = []
    while started.poll() is None and len(readers) < 2:
        readers = [c for c in psutil.Process(started.pid).children() if "spawn_main" in " ".join(c.cmdline())]
        time.sleep(0.05)
    assert len(readers) >= 2
    started.kill()
    started.wait()
    _, alive = psutil.wait_procs(readers, timeout=20)
    assert alive == []
