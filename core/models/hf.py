"""Models of the Transformers library, from its hub (`hf:ORG/NAME`) or a folder (`hf:FOLDER`): embeddings and reranking.

Pooling, length and query prompt are read from the model's own sentence-transformers files where it has them. Code
that comes with a model is never run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ModelUnavailable, UsageError
from core.models.base import Embedder, Floats, Reranker
from core.models.extras import require

if TYPE_CHECKING:
    from core.settings import Settings

BATCH = 32
HUB = re.compile(r"[\w.-]+(/[\w.-]+)?")
POOLINGS = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max",
            "pooling_mode_lasttoken": "last"}  # fmt: skip


def where(name: str) -> str:
    """A folder as an absolute path, or the hub's ORG/NAME. Raises UsageError for neither."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return str(folder.resolve())
    if HUB.fullmatch(name):
        return name
    raise UsageError(
        f"hf:{name} names no folder and no model of the hub", "Give hf:ORG/NAME or hf: and a model's folder."
    )


def load(auto: str, source: str, name: str, **options: Any) -> Any:
    """`transformers.AUTO.from_pretrained(source)`. Raises MissingExtra, or ModelUnavailable where nothing loads."""
    require("torch", name)
    transformers = require("transformers", name)
    transformers.utils.logging.disable_progress_bar()
    try:
        return getattr(transformers, auto).from_pretrained(source, trust_remote_code=False, **options)
    except (OSError, ValueError, KeyError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelUnavailable(
            f"{name} cannot be loaded as {auto}: {reason}",
            "Check the name or folder, and that the hub can be reached (or that the model is in its cache).",
        ) from error


def version_of(source: str, model: Any) -> str:
    """What pins the weights: a hash of a folder's files, else the hub's commit."""
    if not Path(source).is_dir():
        return str(getattr(model.config, "_commit_hash", None) or "unknown")[:12]
    digest = hashlib.sha256()
    for path in sorted(p for p in Path(source).rglob("*") if p.suffix in (".json", ".safetensors", ".bin", ".txt")):
        with path.open("rb") as stream:
            digest.update(path.relative_to(source).as_posix().encode() + hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]


class HfEmbedder(Embedder):
    """Token states pooled and normalised. Length-sorted batches, padding masked."""

    def __init__(self, settings: Settings, name: str, source: str) -> None:
        self.name = name
        self._tokenizer = load("AutoTokenizer", source, name)
        self._model = load("AutoModel", source, name).eval()
        _threads(settings)
        modules = _json(source, "modules.json") or []
        pooling_dir = next((m["path"] for m in modules if m["type"].endswith("Pooling")), "1_Pooling")
        pooling = _json(source, f"{pooling_dir}/config.json") or {}
        chosen = [kind for key, kind in POOLINGS.items() if pooling.get(key)]
        self.pooling = chosen[0] if chosen else str(pooling.get("pooling_mode") or "mean")
        own = (_json(source, "sentence_bert_config.json") or {}).get("max_seq_length")
        self.max_length = min(n for n in (own, _window(self._model, self._tokenizer)) if n)
        prompts = (_json(source, "config_sentence_transformers.json") or {}).get("prompts") or {}
        self._query_prompt = str(prompts.get("query") or "")
        self._passage_prompt = str(prompts.get("document") or prompts.get("passage") or "")
        self.dimensions = int(self._model.config.hidden_size)
        self.version = f"{name}@{version_of(source, self._model)}/{self.max_length}/{self.pooling}"

    def embed_array(self, texts: Sequence[str]) -> Floats:
        return self._embed([self._passage_prompt + t for t in texts])

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self._embed([self._query_prompt + text])[0].tolist()
        return row

    def _embed(self, texts: Sequence[str]) -> Floats:
        import torch

        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for order, part in _batches(texts):
            fed = self._tokenizer(part, padding=True, truncation=True, max_length=self.max_length, return_tensors="pt")
            with torch.inference_mode():
                hidden = self._model(**fed).last_hidden_state
                pooled = _pool(hidden, fed["attention_mask"], self.pooling)
                out[order] = torch.nn.functional.normalize(pooled.float(), dim=1).numpy()
        return out


class HfReranker(Reranker):
    """A sequence classifier over (query, text): its one logit, or that of the last class ("relevant")."""

    def __init__(self, settings: Settings, name: str, source: str) -> None:
        self.name = name
        self._tokenizer = load("AutoTokenizer", source, name)
        self._model = load("AutoModelForSequenceClassification", source, name).eval()
        self._max_length = _window(self._model, self._tokenizer)
        _threads(settings)

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        import torch

        out = np.zeros(len(texts), dtype=np.float32)
        for order, part in _batches(texts):
            fed = self._tokenizer(
                [query] * len(part),
                part,
                padding=True,
                truncation=True,
                max_length=self._max_length,
                return_tensors="pt",
            )
            with torch.inference_mode():
                out[order] = self._model(**fed).logits[:, -1].float().numpy()
        return out


def _pool(hidden: Any, mask: Any, pooling: str) -> Any:
    import torch

    wide = mask.unsqueeze(-1).to(hidden.dtype)
    if pooling == "cls":
        return hidden[:, 0]
    if pooling == "max":
        return hidden.masked_fill(wide == 0, float("-inf")).max(dim=1).values
    if pooling in ("last", "lasttoken"):
        # The last position with a mask of 1, on whichever side the padding stands.
        last = (mask * torch.arange(mask.shape[1])).argmax(dim=1)
        return hidden[torch.arange(hidden.shape[0]), last]
    return (hidden * wide).sum(dim=1) / wide.sum(dim=1).clamp(min=1)


def _batches(texts: Sequence[str]) -> Iterator[tuple[list[int], list[str]]]:
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]), reverse=True)
    for start in range(0, len(order), BATCH):
        part = order[start : start + BATCH]
        yield part, [texts[i] for i in part]


def _window(model: Any, tokenizer: Any) -> int:
    """The tokens that the model has positions for, and that its tokenizer admits."""
    limits = [getattr(model.config, "max_position_embeddings", None), tokenizer.model_max_length]
    return int(min([n for n in limits if n and n < 10**6] or [512]))


def _json(source: str, file: str) -> Any:
    """A side file of a model as JSON, from its folder or the hub; None where it has none."""
    if Path(source).is_dir():
        path = Path(source) / file
    else:
        from transformers.utils.hub import cached_file

        found = cached_file(source, file, _raise_exceptions_for_missing_entries=False,
                            _raise_exceptions_for_connection_errors=False)  # fmt: skip
        if found is None:
            return None
        path = Path(found)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _threads(settings: Settings) -> None:
    import torch

    if settings.threads:
        torch.set_num_threads(settings.threads)
