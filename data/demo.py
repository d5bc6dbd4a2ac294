"""What `make demo` shows: two annual reports of a made-up company are read, five questions are asked (one has no answer
in them), and an investment report is built. Every step is a command that works the same on other companies' filings.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(__file__).resolve().parent / "finance"
COMPANY = "Penstock Water Technologies"
COLLECTION = "demo"
OUT = ROOT / "build" / "demo" / "penstock-report.html"


def main() -> int:
    """Runs the demo; returns the exit code of the first command that fails, else 0."""
    started = time.perf_counter()
    os.chdir(ROOT)
    reports = [str(path.relative_to(ROOT)) for path in sorted(DATA.glob("*.pdf"))]
    prices = next(DATA.glob("*prices*.csv")).relative_to(ROOT)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    out = OUT.relative_to(ROOT)
    place = ["-v", "finance", "-c", COLLECTION]

    title("Two annual reports become passages and typed figures")
    code = plumbline("ingest", *reports, *place)
    lines = (DATA / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if code:
            return code
        title(f"Question {number} of {len(lines)}")
        code = plumbline("ask", json.loads(line)["text"], *place)
    title("A first investment report")
    code = code or plumbline(
        "report", "--company", COMPANY, "-c", COLLECTION, "--prices", str(prices), "--out", str(out)
    )
    if code:
        return code
    title("What now")
    print(f"The report:  {OUT}")
    print("The page:    .venv/bin/plumbline app finance")
    print(f"Ask on:      .venv/bin/plumbline ask 'What are the main risks?' -v finance -c {COLLECTION}")
    print(f"\nDone in {time.perf_counter() - started:.0f} seconds.")
    return 0


def plumbline(*arguments: str) -> int:
    """Runs one command line, shown as a user would type it; returns its exit code."""
    from core.cli.tree import build
    from core.errors import PlumblineError

    print(f"$ plumbline {' '.join(map(quoted, arguments))}\n", flush=True)
    try:
        code = build()(list(arguments), standalone_mode=False)
    except PlumblineError as error:
        print(f"plumbline: {error}", file=sys.stderr)
        return error.exit_code
    return code if isinstance(code, int) else 0


def quoted(argument: str) -> str:
    """As a person would type it: double quotes around a sentence, apostrophes and all."""
    return f'"{argument}"' if " " in argument and not set('"$`\\!') & set(argument) else shlex.quote(argument)


def title(text: str) -> None:
    """A heading."""
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n## {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
