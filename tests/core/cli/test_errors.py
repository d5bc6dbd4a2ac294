"""Whatever goes wrong, the user reads a sentence and gets an exit code; never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(home: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core.cli", *args],
        env={**os.environ, "PLUMBLINE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("args", "environment", "code", "says"),
    [
        (["ask"], {}, 2, "Missing option"),
        (["ask", "x", "-v", "law"], {}, 2, "finance"),
        (["ask", "x", "-v", "finance", "-c", "nosuch"], {}, 2, "nosuch"),
        (["search", "x", "-v", "finance", "-c", "../up"], {}, 2, "../up"),
        (["forget", "a.pdf", "-c", "nosuch"], {}, 1, "nosuch"),
        (["ingest", "/no/such/file.pdf", "-v", "finance"], {}, 1, "file.pdf"),
        (["ingest", ".", "-v", "finance", "--engine", "ray"], {}, 2, "ray"),
        (["catalog", "digest", "-c", "nosuch"], {}, 2, "nosuch"),
        (["catalog", "list"], {"PLUMBLINE_THREADS": "many"}, 2, "PLUMBLINE_THREADS"),
        (["catalog", "list"], {"PLUMBLINE_TENANT": "../other"}, 2, "tenant"),
        (["search", "--queries", "/no/such/file.jsonl", "-v", "finance"], {}, 2, "file.jsonl"),
    ],
)
def test_a_wrong_call_names_the_input_and_leaves_standard_output_empty(
    settings_with_models: object, tmp_path: Path, args: list[str], environment: dict[str, str], code: int, says: str
) -> None:
    done = run(tmp_path / "home", *args, **environment)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_home_that_cannot_be_written_names_the_folder_and_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    done = run(tmp_path / "home", "catalog", "list")
    assert done.returncode == 1
    assert "PLUMBLINE_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_catalog_that_is_no_database_is_named(tmp_path: Path) -> None:
    root = tmp_path / "home" / "tenants" / "default"
    root.mkdir(parents=True)
    (root / "catalog.db").write_bytes(b"nonsense" * 1000)
    done = run(tmp_path / "home", "catalog", "list")
    assert done.returncode == 1
    assert "catalog.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_weights_name_the_command_that_installs_them(tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    note.write_text("# Note\n\nSome words.\n")
    done = run(tmp_path / "home", "ingest", str(note), "-v", "finance", "-c", "c")
    assert done.returncode == 1
    assert "plumbline models install" in done.stderr
    assert "Traceback" not in done.stderr
