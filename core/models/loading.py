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
        if model.runtime == "transformers":
            from core.models.hf import HfEmbedder

            return HfEmbedder(settings, str(name), str(folder))
        from core.models.onnx import OnnxEmbedder

        return OnnxEmbedder(settings, model, folder)
    if name.kind == "hf":
        from core.models.hf import HfEmbedder, where

        return HfEmbedder(settings, str(name), where(name.name))
    from core.models.remote import RemoteEmbedder

    return RemoteEmbedder(settings, name)


def load_reranker(settings: Settings, name: ModelName) -> Reranker:
    """Loads a reranker; raises ModelUnavailable, MissingExtra or UsageError."""
    if name.kind == "packaged":
        model = packaged_model(name.name, "reranker")
        folder = model_folder(settings, model)
        from core.models.onnx import OnnxReranker

        return OnnxReranker(settings, model, folder)
    if name.kind == "hf":
        from core.models.hf import HfReranker, where

        return HfReranker(settings, str(name), where(name.name))
    raise UsageError(f"{name} cannot rerank", "Name a packaged:NAME or an hf:ORG/NAME cross-encoder.")


def load_chat(settings: Settings, name: ModelName) -> BaseChatModel:
    """Loads a chat model; raises ModelUnavailable, MissingExtra or UsageError."""
    if name.kind == "packaged":
        model = packaged_model(name.name, "chat")
        folder = model_folder(settings, model)
        from core.models.llama import packaged_chat

        return packaged_chat(settings, model, folder)
    if name.kind == "hf":
        from core.models.hf import where
        from core.models.hf_chat import hf_chat

        return hf_chat(settings, str(name), where(name.name))
    from core.models.remote import remote_chat

    return remote_chat(settings, name)
