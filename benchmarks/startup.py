"""What waiting feels like: importing the core, the command line's help, and a question to a cited answer.

    .venv/bin/python benchmarks/startup.py [--collection C --vertical V --questions FILE.jsonl]

Imports and help run in fresh interpreters, the best and the median of several. Questions run in one process, as they
do in a page or a service, the models loaded by a first question that is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from machine import described  # noqa: E402

LIMITS = {"import core": 0.100, "plumbline --help": 0.400, "ask, median": 2.0}
"""Seconds that the design allows."""


def main() -> int:
    """Measures and prints; 1 where a limit is exceeded."""
    arguments = _arguments()
    figures = {
        "import core": statistics.median(_imported(arguments.runs)),
        "plumbline --help": statistics.median(_fresh(arguments.runs, "-m", "core.cli", "--help")),
    }
    if arguments.questions:
        taken = _asked(arguments.vertical, arguments.collection, arguments.questions)
        figures["ask, median"] = statistics.median(taken)
        figures["ask, slowest"] = max(taken)
    print(json.dumps({"machine": described(), "runs": arguments.runs}, indent=1))
    print("| figure | seconds | limit |\n| --- | --- | --- |")
    for name, value in figures.items():
        print(f"| {name} | {value:.3f} | {LIMITS.get(name, '')} |")
    return int(any(value > LIMITS.get(name, float("inf")) for name, value in figures.items()))


def _fresh(runs: int, *arguments: str) -> list[float]:
    """Seconds of each run in an interpreter of its own; the first, which fills the disk cache, is not counted."""
    taken = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=HERE.parent)
        taken.append(time.perf_counter() - started)
    return taken[1:]


def _imported(runs: int) -> list[float]:
    """Seconds of the import itself, each in a fresh interpreter; the interpreter's own start is not counted."""
    code = "import time; t = time.perf_counter(); import core; print(time.perf_counter() - t)"
    outputs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=HERE.parent)
        for _ in range(runs + 1)
    ]
    return [float(done.stdout) for done in outputs[1:]]


def _asked(name: str, collection: str, path: Path) -> list[float]:
    from core.answering import answer
    from core.settings import Settings
    from core.vertical import vertical
    from core.workspace import Workspace

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = [row.get("text") or row["question"] for row in rows]
    taken = []
    with Workspace.open(Settings(draft="never")) as workspace:
        for text in [texts[0], *texts]:
            started = time.perf_counter()
            answer(workspace, vertical(name), text, collection)
            taken.append(time.perf_counter() - started)
    return taken[1:]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--vertical", default="finance")
    parser.add_argument("--collection", default="fb", help="an ingested collection of the user's home")
    parser.add_argument("--questions", type=Path, default=None, help='a file with {"id", "text"} or a question a line')
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
