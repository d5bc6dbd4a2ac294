"""`plumbline eval`: score a suite, or compare two results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core.cli.common import AsJson, print_json, progress_bar


def eval(
    suite: Annotated[str, typer.Argument(help="The suite's name, or `compare`.")],
    results: Annotated[
        list[Path] | None, typer.Argument(help="With `compare`: two results, A.json and B.json.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The suite's data folder or file.")] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", "-o", help="NAME=VALUE, an option of the suite; may be repeated.")
    ] = None,
    keep: Annotated[
        bool, typer.Option(help="Keep the documents that an earlier version of the program ingested.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Score a suite on a data folder, or compare two results item by item.

    A suite's documents are ingested into a workspace of its own and kept there for the next run.
    """
    from core.errors import UsageError

    if suite == "compare":
        _compare(results or [], json)
        return
    if data is None or results:
        raise UsageError("A suite needs its data folder", f"Example: plumbline eval {suite} --data DIR")
    options: dict[str, str] = {}
    for text in option or []:
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"--option {text} has no value", "Write it as NAME=VALUE.")
        options[name.strip().replace("-", "_")] = value.strip()

    from core.evaluation.runner import run
    from core.settings import Settings

    with progress_bar(f"eval {suite}", "questions") as progress:
        result = run(suite, data, Settings(), options, progress, keep)
    if json:
        print_json(result)
        return
    from rich.console import Console

    from core.evaluation.table import result_table

    Console().print(result_table(result))


def _compare(results: list[Path], json: bool) -> None:
    from core.errors import UsageError
    from core.evaluation.compare import compare, load

    if len(results) != 2:
        raise UsageError("Two results are needed", "Example: plumbline eval compare A.json B.json")
    comparison = compare(load(results[0]), load(results[1]))
    if json:
        print_json(comparison)
        return
    from rich.console import Console

    from core.evaluation.table import comparison_table

    Console().print(comparison_table(comparison))
