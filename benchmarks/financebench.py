"""Plumbline beside the LangChain quickstart on FinanceBench's filings: page recall and ingestion speed, in one run on
one machine, one after the other. Prints a table, and writes both results whole where `--out` names a file.

    .venv/bin/python benchmarks/financebench.py --data DIR [--files N] [--peer-python .venv-bench/bin/python] [--out F]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from machine import described  # noqa: E402

CUTS = ("1", "5", "10")


def main() -> None:
    """Runs both systems on the same files and prints how they compare."""
    arguments = _arguments()
    peer_python = arguments.peer_python.absolute()
    if not peer_python.exists():
        sys.exit(f"{peer_python} is not there. Make it: python3 -m venv .venv-bench && "
                 ".venv-bench/bin/pip install -r benchmarks/requirements.txt")  # fmt: skip
    with tempfile.TemporaryDirectory() as work:
        ours = plumbline(arguments, Path(work))
        peer = None if arguments.without_peer else quickstart(arguments, peer_python, Path(work))
    print(table(ours, peer))
    if arguments.out:
        report = {"machine": described(), "plumbline": ours, "quickstart": peer}
        arguments.out.write_text(json.dumps(report, indent=1))


def plumbline(arguments: argparse.Namespace, work: Path) -> dict[str, Any]:
    """The suite on a fresh home that sees the installed weights, so that ingestion is timed in this run."""
    from core.settings import Settings

    home = work / "home"
    home.mkdir()
    (home / "models").symlink_to(Settings().models_dir, target_is_directory=True)
    data = _first(arguments.data, arguments.files, work / "data")
    command = [sys.executable, "-m", "core.cli", "eval", "financebench", "--data", str(data), "--json"]
    command += ["-o", f"answers={'false' if arguments.pages_only else 'true'}"]
    return dict(_json(command, {**os.environ, "PLUMBLINE_HOME": str(home)}))


def quickstart(arguments: argparse.Namespace, python: Path, work: Path) -> dict[str, Any]:
    """The peer, in its own environment, on the same files."""
    from core.models import install
    from core.settings import Settings

    settings = Settings()
    install(settings, ["all-MiniLM-L6-v2"])
    model = settings.models_dir / "all-MiniLM-L6-v2"
    command = [
        str(python),
        str(HERE / "quickstart.py"),
        "--data",
        str(_first(arguments.data, arguments.files, work / "data")),
    ]
    command += ["--model", str(model), "--work", str(work)]
    return dict(_json(command, {**os.environ, "TOKENIZERS_PARALLELISM": "true", "ANONYMIZED_TELEMETRY": "False"}))


def table(ours: dict[str, Any], peer: dict[str, Any] | None) -> str:
    """Markdown rows: figure, Plumbline with its interval, the quickstart, the ratio."""
    rows = ["| figure | Plumbline | 95% interval | LangChain quickstart | ratio |", "| --- | --- | --- | --- | --- |"]
    for name, title in (("page_recall", "one store"), ("page_recall_doc_known", "document known")):
        for k in CUTS:
            low, high = (ours["intervals"][name][k][side] for side in ("low", "high"))
            rows.append(
                _row(f"page recall at {k}, {title}", ours[name][k], peer and peer[name][k], f"{low:.2f} to {high:.2f}")
            )
    rows.append(_row("ingestion, pages/s", ours["ingest_pages_per_s"], peer and peer["ingest_pages_per_s"], ""))
    for name in ("metric_right", "metric_wrong", "metric_abstained", "right", "wrong", "abstained", "ungraded"):
        if name in ours:
            interval = ours["intervals"][name]
            spread = f"{interval['low']:.2f} to {interval['high']:.2f} (n={interval['n']})"
            rows.append(f"| {name} | {ours[name]:.2f} | {spread} | | |")
    return "\n".join(rows)


def _row(title: str, mine: float, theirs: float | None, spread: str) -> str:
    ratio = f"{mine / theirs:.1f}" if theirs else ""
    return f"| {title} | {mine:.2f} | {spread} | {'' if theirs is None else f'{theirs:.2f}'} | {ratio} |"


def _first(data: Path, files: int, folder: Path) -> Path:
    """The data folder, or one of links to its first filings and the questions on them."""
    if not files:
        return data.absolute()
    if not folder.exists():
        (folder / "filings").mkdir(parents=True)
        kept = sorted((data / "filings").glob("*.pdf"))[:files]
        for path in kept:
            (folder / "filings" / path.name).symlink_to(path.absolute())
        names = {path.stem for path in kept}
        lines = [line for line in (data / "questions.jsonl").read_text().splitlines() if line]
        held = [line for line in lines if json.loads(line)["doc_name"] in names]
        (folder / "questions.jsonl").write_text("\n".join(held) + "\n")
    return folder


def _json(command: list[str], env: dict[str, str]) -> Any:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=env, cwd=HERE.parent)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} … failed (exit {done.returncode}).")
    return json.loads(done.stdout)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with questions.jsonl and filings/")
    parser.add_argument("--files", type=int, default=0, help="only the first N filings (0 = all)")
    parser.add_argument("--peer-python", type=Path, default=HERE.parent / ".venv-bench" / "bin" / "python")
    parser.add_argument("--without-peer", action="store_true", help="Plumbline alone")
    parser.add_argument("--pages-only", action="store_true", help="leave the answers out")
    parser.add_argument("--out", type=Path, default=None, help="write both results whole to this JSON file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
