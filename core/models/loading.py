"""From a parsed name to a loaded model: picks the room that can run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UsageError
from core.models.install import model_folder
from core.models.manifest import packaged_model
from core.models.names import ModelName

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from core.models.base import Embedder, Reranker
    from core.settings import Settings


def load_embedder(settings: Settings, name: ModelName) -> Embedder:
    """Loads an embedder; raises ModelUnavailable, MissingExtra or UsageError."""
    if name.kind == "packaged":
        model = packaged_model(name.name, "embedder")
        folder = model_folder(settings, model)
        if model.runtime == "onnx":
            from core.models.onnx import OnnxEmbedder

            return OnnxEmbedder(settings, model, folder)
    raise UsageError(f"{name} cannot embed")


def load_reranker(settings: Settings, name: ModelName) -> Reranker:
    """Loads a reranker; raises ModelUnavailable, MissingExtra or UsageError."""
    if name.kind == "packaged":
        from core.models.onnx import OnnxReranker

        model = packaged_model(name.name, "reranker")
        return OnnxReranker(settings, model, model_folder(settings, model))
    raise UsageError(f"{name} cannot rerank")


def load_chat(settings: Settings, name: ModelName) -> BaseChatModel:
    """Loads a chat model; raises ModelUnavailable, MissingExtra or UsageError."""
    raise UsageError(f"{name} cannot chat")
