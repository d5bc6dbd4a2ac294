"""Starting is quick: the command line is used interactively, and every start pays for what is imported."""

from __future__ import annotations

import subprocess
import sys
import time

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


@pytest.mark.slow
def test_importing_the_core_takes_less_than_a_tenth_of_a_second() -> None:
    code = "import time; t = time.perf_counter(); import core; print(time.perf_counter() - t)"
    assert min(float(fresh(code)) for _ in range(5)) < 0.100


@pytest.mark.slow
def test_help_is_there_in_less_than_four_tenths_of_a_second() -> None:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "core.cli", "--help"], check=True, stdout=subprocess.DEVNULL, timeout=60)
        return time.perf_counter() - started

    # The best of several: what other processes take from a shared machine is not the program's.
    assert min(once() for _ in range(7)) < 0.400
