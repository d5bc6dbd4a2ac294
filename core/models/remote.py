"""Models of other makers by name, through LangChain: any server of the OpenAI protocol, and Gemini."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ModelUnavailable
from core.models.base import Embedder, Floats
from core.models.extras import require
from core.models.failures import failure
from core.models.names import ModelName

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from core.settings import Settings

TIMEOUT = 120.0
RETRIES = 2
NO_KEY = "none"
"""Sent to a server that was given no key of its own: a local server ignores it, and a key that stands in the
environment for somebody else's service is not sent to it."""
BATCH = 64


def remote_chat(settings: Settings, name: ModelName) -> BaseChatModel:
    """A chat model by LangChain's `init_chat_model`, temperature 0 (and seeded where the provider takes a seed).

    Raises MissingExtra without the provider's package, ModelUnavailable without a key.
    """
    from langchain.chat_models import init_chat_model

    options = {"temperature": 0.0, "max_retries": RETRIES, "timeout": TIMEOUT, **_access(settings, name)}
    if name.kind == "openai":
        options |= {"seed": settings.seed, "stream_usage": True, "use_responses_api": False}
    model: BaseChatModel = init_chat_model(name.name, model_provider=name.kind, **options)
    return model


class RemoteEmbedder(Embedder):
    """Embeddings of a provider; the length of a vector is learnt from a first request."""

    def __init__(self, settings: Settings, name: ModelName) -> None:
        self.name = str(name)
        self._settings = settings
        self._model = _embeddings(settings, name)
        self.dimensions = len(self.embed_query("length"))
        self.version = f"{name}@{settings.openai_base_url or ''}/{self.dimensions}"

    def embed_array(self, texts: Sequence[str]) -> Floats:
        rows: list[list[float]] = []
        try:
            for start in range(0, len(texts), BATCH):
                rows += self._model.embed_documents(list(texts[start : start + BATCH]))
        except Exception as error:
            raise failure(error, self._settings, self.name) from error
        array = np.asarray(rows, dtype=np.float32).reshape(len(texts), -1 if rows else self.dimensions)
        return _unit(array)

    def embed_query(self, text: str) -> list[float]:
        try:
            row = self._model.embed_query(text)
        except Exception as error:
            raise failure(error, self._settings, self.name) from error
        out: list[float] = _unit(np.asarray([row], dtype=np.float32))[0].tolist()
        return out


def _embeddings(settings: Settings, name: ModelName) -> Embeddings:
    access = _access(settings, name)
    if name.kind == "google_genai":
        module = require("langchain_google_genai", f"{name}")
        model: Embeddings = module.GoogleGenerativeAIEmbeddings(model=name.name, **access)
        return model
    from langchain_openai import OpenAIEmbeddings

    options = {"timeout": TIMEOUT, "max_retries": RETRIES, **access}
    # Compatible servers take text, not the token numbers of OpenAI's own tokenizer.
    return OpenAIEmbeddings(model=name.name, check_embedding_ctx_length=settings.openai_base_url is None, **options)


def _access(settings: Settings, name: ModelName) -> dict[str, Any]:
    """Address and key of a provider, from the settings, else from the provider's own environment variable."""
    if name.kind == "google_genai":
        require("langchain_google_genai", f"{name}")
        if settings.google_api_key:
            return {"google_api_key": settings.google_api_key}
        if os.environ.get("GOOGLE_API_KEY") or os.environ.get("GEMINI_API_KEY"):
            return {}
        raise ModelUnavailable(f"{name} needs a key", "Set PLUMBLINE_GOOGLE_API_KEY (or GOOGLE_API_KEY).")
    require("langchain_openai", f"{name}")
    if settings.openai_base_url:
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else NO_KEY
        return {"base_url": settings.openai_base_url, "api_key": key}
    if settings.openai_api_key:
        return {"api_key": settings.openai_api_key}
    if os.environ.get("OPENAI_API_KEY"):
        return {}
    raise ModelUnavailable(
        f"{name} needs a key",
        "Set PLUMBLINE_OPENAI_API_KEY (or OPENAI_API_KEY), or PLUMBLINE_OPENAI_BASE_URL for a server of your own.",
    )


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), dtype=np.float32)
