"""A folder of small Markdown files and a workspace with the packaged embedder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import Settings
from core.workspace import Workspace


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, fact in (("alpha", "pumps"), ("beta", "valves"), ("gamma", "filters"), ("delta", "meters")):
        body = "\n\n".join(f"## Part {i}\n\n{name.title()} sells {fact} of type {i}." for i in range(6))
        (folder / f"{name}.md").write_text(f"# {name.title()} Works\n\n{body}\n", encoding="utf-8")
    return folder


@pytest.fixture
def workspace(settings_with_models: Settings) -> Iterator[Workspace]:
    with Workspace.open(settings_with_models) as opened:
        yield opened
