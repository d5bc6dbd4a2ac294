"""A model's name → LangChain chat model, embeddings or reranker. `packaged:` by default; any other by its name.

Importing this package loads no model library. Everything is loaded once per process and settings.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.models.failures import failure
from core.models.install import ModelStatus, install, status

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from core.models.base import Embedder, Reranker
    from core.settings import Settings

T = TypeVar("T")

_loaded: dict[tuple[object, ...], Any] = {}
_loading = threading.RLock()


def embedder(settings: Settings, name: str | None = None) -> Embedder:
    """The embedder that `name` (default: the setting `embedder`) means.

    Raises UsageError for a name of no valid form, ModelUnavailable where its weights are missing, MissingExtra where
    a package is.
    """
    from core.models.names import parse

    model = parse(name or settings.embedder, "embedder")

    def load() -> Embedder:
        from core.models.loading import load_embedder

        return load_embedder(settings, model)

    return _once("embedder", settings, str(model), load)


def reranker(settings: Settings, name: str | None = None) -> Reranker:
    """The reranker that `name` (default: the setting `reranker`) means. Raises as `embedder`."""
    from core.models.names import parse

    model = parse(name or settings.reranker, "reranker")

    def load() -> Reranker:
        from core.models.loading import load_reranker

        return load_reranker(settings, model)

    return _once("reranker", settings, str(model), load)


def chat(settings: Settings, name: str | None = None) -> BaseChatModel:
    """The chat model that `name` (default: the setting `chat`) means, temperature 0, seeded. Raises as `embedder`."""
    from core.models.names import parse

    model = parse(name or settings.chat, "chat model")

    def load() -> BaseChatModel:
        from core.models.loading import load_chat

        return load_chat(settings, model)

    return _once("chat", settings, str(model), load)


def _once(job: str, settings: Settings, name: str, load: Callable[[], T]) -> T:
    key = (job, name, *_fingerprint(settings))
    with _loading:
        if key not in _loaded:
            _loaded[key] = load()
        loaded: T = _loaded[key]
    return loaded


def _fingerprint(settings: Settings) -> tuple[object, ...]:
    """The settings that change what a model is; secrets go in as hashes so that no cache key can show one."""
    secrets = tuple(
        hash(s.get_secret_value()) if s else None for s in (settings.openai_api_key, settings.google_api_key)
    )
    home: Path = settings.models_dir
    return (os.getpid(), str(home), settings.threads, settings.seed, settings.openai_base_url, *secrets)


__all__ = ["ModelStatus", "chat", "embedder", "failure", "install", "reranker", "status"]
