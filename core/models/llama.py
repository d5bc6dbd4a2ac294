"""The packaged generator: llama.cpp inside this process, spoken to over HTTP in the OpenAI protocol like any other.

One server a process and weights, on a free port of the loopback address, behind a key made for this process: no
other user of the machine and no web page can read or use it.
"""

from __future__ import annotations

import atexit
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from core.errors import ModelUnavailable
from core.models.extras import require
from core.models.manifest import Packaged

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from core.settings import Settings

MAX_NEW_TOKENS = 512
"""Longest reply unless a caller binds another; a small model that repeats itself would else fill the window."""
TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class Running:
    """A started server and how to reach it."""

    server: Any
    base_url: str
    api_key: SecretStr


_running: dict[tuple[object, ...], Running] = {}
_starting = threading.Lock()


def serve(weights: Path, threads: int = 0, context: int = 8192, embedding: bool = False) -> Running:
    """The server of these weights in this process, started on first use and stopped at exit.

    `context` is the window in tokens; with `embedding` it answers /v1/embeddings (mean pooling) instead of chat.
    Raises MissingExtra without `xllamacpp`, ModelUnavailable where llama.cpp cannot load the file.
    """
    # A forked child does not inherit the server's threads: the process is part of the key.
    key = (os.getpid(), str(weights), threads, context, embedding)
    with _starting:
        if key not in _running:
            _running[key] = _start(weights, threads, context, embedding)
        return _running[key]


def _start(weights: Path, threads: int, context: int, embedding: bool) -> Running:
    llama = require("xllamacpp", "Running packaged text generation")
    if not weights.is_file():
        raise ModelUnavailable(f"{weights} is not there", "Run `plumbline models install`.")
    key = secrets.token_urlsafe(24)
    params = llama.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {weights.name.partition(".Q")[0]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system picks a free one: two processes never meet
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False
    params.n_ctx = context
    params.n_gpu_layers = 0
    params.verbosity = -1
    params.sampling.seed = 0
    # One request at a time and no reuse of earlier prompts: equal prompts give equal words, whatever came before.
    params.n_parallel = 1
    params.cache_prompt = False
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = threads or os.cpu_count() or 1
    params.cpuparams_batch.n_threads = params.cpuparams.n_threads
    if embedding:
        params.embedding = True
        params.pooling_type = llama.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    try:
        server = llama.Server(params)
    except Exception as error:
        raise ModelUnavailable(
            f"llama.cpp cannot load {weights.name}: {error}", "Run `plumbline models install` again, or free memory."
        ) from error
    return Running(server, f"{server.listening_address}/v1", SecretStr(key))


@atexit.register
def stop() -> None:
    """Stops every server of this process; the next use starts a new one."""
    with _starting:
        _running.clear()


def packaged_chat(settings: Settings, model: Packaged, folder: Path) -> BaseChatModel:
    """A LangChain chat model on the in-process server: temperature 0, seeded, streaming and structured output."""
    from langchain_openai import ChatOpenAI

    running = serve(folder / model.file(".gguf").path, settings.threads, model.max_length)
    return ChatOpenAI(
        model=model.name,
        base_url=running.base_url,
        api_key=running.api_key,
        temperature=0.0,
        seed=settings.seed,
        max_completion_tokens=MAX_NEW_TOKENS,
        max_retries=0,
        timeout=TIMEOUT,
        stream_usage=True,
        use_responses_api=False,
    )
