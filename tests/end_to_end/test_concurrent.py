"""While a command line writes, two readers on the same home (one long-lived, one a new process each time) see a
finished state: the old edition of everything or the new one, and no error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.indexing import ingest
from core.retrieval import search
from core.settings import Settings
from core.vertical import vertical
from core.workspace import Workspace

pytestmark = pytest.mark.slow
FILES = 24


def write_edition(folder: Path, edition: str) -> None:
    folder.mkdir(exist_ok=True)
    for i in range(FILES):
        parts = "\n\n".join(
            f"## Part {j}\n\nUnit {i} makes product {j} of the {edition} edition. " + "It is sold by weight. " * 30
            for j in range(8)
        )
        (folder / f"unit{i}.md").write_text(f"# Unit {i}\n\n{parts}\n", encoding="utf-8")


def editions(texts: list[str]) -> set[str]:
    return {e for e in ("first", "second") if any(f"{e} edition" in t for t in texts)}


def test_readers_see_the_old_or_the_new_state_while_the_command_line_writes(
    settings_with_models: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    write_edition(folder, "first")
    environment = {**os.environ, "PLUMBLINE_HOME": str(settings_with_models.home)}
    command = [sys.executable, "-m", "core.cli"]
    with Workspace.open(settings_with_models) as workspace:
        ingest(workspace, [folder], vertical("education"), "c")

        def ask_here() -> set[str]:
            return editions([h.passage.text for h in search(workspace, "Which product of the edition?", "c", 50)])

        assert ask_here() == {"first"}
        write_edition(folder, "second")
        writer = subprocess.Popen(
            [*command, "ingest", str(folder), "-v", "education", "-c", "c", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
        )
        here, elsewhere = [], []
        try:
            while writer.poll() is None:
                here.append(ask_here())
                out = subprocess.run(
                    [
                        *command,
                        "search",
                        "Which product of the edition?",
                        "-v",
                        "education",
                        "-c",
                        "c",
                        "-k",
                        "50",
                        "--json",
                    ],
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=True,
                )
                elsewhere.append(editions([h["text"] for h in json.loads(out.stdout)["hits"]]))
                time.sleep(0.05)
        finally:
            report = json.loads(writer.communicate()[0])
        assert report["replaced"] == FILES
        assert ask_here() == {"second"}
    assert len(here) >= 2
    assert all(len(seen) == 1 for seen in here + elsewhere)
