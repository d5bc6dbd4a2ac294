"""Packaged embedder and reranker on ONNX Runtime: no torch, no padding, every core busy."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from core.errors import ModelUnavailable
from core.models.base import Embedder, Floats, Reranker
from core.models.manifest import Packaged

if TYPE_CHECKING:
    from core.settings import Settings

RECIPE = 1
"""Counts changes of how the same weights are run that change vectors (1: each text alone)."""


class Encoder:
    """An ONNX transformer and its tokenizer: texts (or pairs) in, one row of `reduce(output)` each out.

    Each text is a run of its own on one core, as many at a time as there are cores. That is at least as fast as a
    batch (CPU time a text of 231 tokens: 50 ms alone, 72 ms in length-sorted batches of 32; of 37 tokens: equal), and
    the only way to a vector that depends on its text alone: the weights are int8 with activation scales taken over
    the whole input tensor, so in a batch the neighbours change the result (mean cosine 0.997 between a text alone
    and the same text among 15 others).
    """

    def __init__(self, folder: Path, model: Packaged, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self.session = onnxruntime.InferenceSession(
                str(folder / model.file(".onnx").path), options, providers=["CPUExecutionProvider"]
            )
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise types of their own for damaged files
            raise ModelUnavailable(
                f"The weights of packaged:{model.name} cannot be loaded",
                f"Run `plumbline models install {model.name}`.",
            ) from error
        self.tokenizer.enable_truncation(model.max_length)
        self.tokenizer.no_padding()
        self.pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, thread_name_prefix="onnx")

    def run(self, inputs: Sequence[Any], reduce: Callable[[NDArray[Any]], Floats]) -> list[Floats]:
        """One reduced output row for each input, in the order given. Safe to call from several threads."""
        encodings = self.tokenizer.encode_batch(list(inputs))
        # Longest first, so that no core is left alone with a long text at the end.
        order = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids), reverse=True)
        work = self.pool.map(lambda i: reduce(self.session.run(None, _feed(encodings[i]))[0])[0], order)
        rows = dict(zip(order, work, strict=True))
        return [rows[i] for i in range(len(encodings))]


def _feed(encoding: Encoding) -> dict[str, NDArray[np.int64]]:
    ids = np.asarray([encoding.ids], dtype=np.int64)
    return {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": np.asarray([encoding.type_ids], dtype=np.int64),
    }


class OnnxEmbedder(Embedder):
    """A packaged embedder: pooled as its manifest says, normalised, the query prefix put before queries alone."""

    def __init__(self, settings: Settings, model: Packaged, folder: Path) -> None:
        self.name = f"packaged:{model.name}"
        self.dimensions = model.dimensions
        self.version = f"{model.name}@{model.file('.onnx').sha256[:12]}/{model.max_length}/{model.pooling}/{RECIPE}"
        self._prefix = model.query_prefix
        self._encoder = Encoder(folder, model, settings.threads)

    def embed_array(self, texts: Sequence[str]) -> Floats:
        rows = self._encoder.run(texts, _cls)
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self.embed_array([self._prefix + text])[0].tolist()
        return row


class OnnxReranker(Reranker):
    """A packaged cross-encoder: the raw relevance logit of each (query, text) pair, higher is better."""

    def __init__(self, settings: Settings, model: Packaged, folder: Path) -> None:
        self.name = f"packaged:{model.name}"
        self._encoder = Encoder(folder, model, settings.threads)

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        rows = self._encoder.run([(query, text) for text in texts], _logit)
        return np.asarray(rows, dtype=np.float32).reshape(len(texts))


def _cls(hidden: NDArray[Any]) -> Floats:
    first: Floats = hidden[:, 0].astype(np.float32, copy=False)
    norm = np.linalg.norm(first, axis=1, keepdims=True)
    return np.asarray(first / np.maximum(norm, 1e-12), dtype=np.float32)


def _logit(logits: NDArray[Any]) -> Floats:
    return np.asarray(logits[:, 0], dtype=np.float32)
