"""What a figure is traced by: the commit of the program and the hash of the data it was measured on."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

import core


def commit() -> str:
    """The git commit the program runs from, `-dirty` where files differ from it; the version where there is no git."""
    root = Path(core.__file__).resolve().parent.parent
    if not (root / ".git").exists():
        return f"v{core.__version__}"
    try:
        head = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", "core", "verticals")
    except (OSError, subprocess.SubprocessError):
        return f"v{core.__version__}"
    return f"{head}-dirty" if changed else head


def tree_sha256(paths: Iterable[Path], root: Path) -> str:
    """A hash over the files' names below `root` and their bytes, whatever the order they are given in."""
    digest = hashlib.sha256()
    named = sorted((path.relative_to(root).as_posix() if path != root else path.name, path) for path in paths)
    for name, path in named:
        with path.open("rb") as file:
            inner = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{name}\0{inner}\n".encode())
    return digest.hexdigest()


def files_of(data: Path) -> list[Path]:
    """All files of a data folder (hidden ones left out), or the one file named."""
    if data.is_file():
        return [data]
    return [
        path
        for path in data.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(data).parts)
    ]


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout.strip()
