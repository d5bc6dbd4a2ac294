"""Starting is quick: the command line is used interactively, and every start pays for what is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "chromadb",
    "transformers",
    "onnxruntime",
    "pandas",
    "matplotlib",
    "streamlit",
    "pdfplumber",
    "sqlalchemy",
}


def fresh(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize(
    "started", ["import core", "import core.evidence, core.vertical", "import core.cli.tree as t; t.build()"]
)
def test_nothing_heavy_is_loaded_before_it_is_used(started: str) -> None:
    loaded = set(fresh(f"import sys\n{started}\nprint(*sys.modules)").split())
    assert not HEAVY & loaded
