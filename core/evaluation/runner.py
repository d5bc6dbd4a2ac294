"""Runs a suite and stamps its result with all that a figure is traced by."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.evaluation.provenance import commit, files_of, tree_sha256
from core.evaluation.registry import checked, suite
from core.evaluation.store import open_workspace

if TYPE_CHECKING:
    from core.settings import Settings

Progress = Callable[[str, int, int], None]

FIRST = ("suite", "version", "n", "models", "settings", "seed", "commit", "data_sha256", "seconds")


def run(
    name: str,
    data: Path,
    settings: Settings,
    options: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    keep: bool = False,
) -> dict[str, Any]:
    """Scores suite `name` on `data`: its figures, and suite, version, n, models, settings, seed, commit, data_sha256,
    items, seconds, intervals.

    A suite gives its figures with `items`, and may give `version`, `n`, `intervals`, and `files` (those that it read;
    otherwise all of `data` are hashed). Raises UsageError for an unknown suite or option or missing data.
    """
    declared = suite(name)
    if not data.exists():
        raise UsageError(f"{data} does not exist", "Name the suite's data folder with --data.")
    typed = checked(declared, options or {})
    given = dict(typed)
    if progress is not None and "progress" in declared.options():
        given["progress"] = progress
    started = time.perf_counter()
    with open_workspace(settings, name, declared.owner, keep) as workspace:
        figures = dict(declared.run(data, workspace, **given))
    items = list(figures.pop("items"))
    files = figures.pop("files", None) or files_of(data)
    stamped = {
        "suite": name,
        "version": figures.pop("version", 1),
        "n": figures.pop("n", len(items)),
        "models": figures.pop("models", _models(settings)),
        "settings": {**_settings(settings), **typed, **figures.pop("settings", {})},
        "seed": settings.seed,
        "commit": commit(),
        "data_sha256": tree_sha256(files, data),
        "seconds": round(time.perf_counter() - started, 3),
    }
    intervals = figures.pop("intervals", {})
    return {**stamped, **figures, "intervals": intervals, "items": items}


def _models(settings: Settings) -> dict[str, str]:
    return {"embedder": settings.embedder, "reranker": settings.reranker, "chat": settings.chat}


def _settings(settings: Settings) -> dict[str, Any]:
    """What may change a figure; not where data lies, and no secret."""
    return {"draft": settings.draft, "threads": settings.threads}
