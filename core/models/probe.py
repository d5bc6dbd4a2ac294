"""Asks each configured model for a little, to see whether it answers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core import models
from core.models.failures import failure, without_secrets

if TYPE_CHECKING:
    from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Probe:
    """Whether a configured model answers; where not, why and how to mend it."""

    job: str
    name: str
    answers: bool
    seconds: float
    problem: str = ""
    remedy: str = ""


def probe(settings: Settings) -> list[Probe]:
    """One small request to the configured embedder, reranker and chat model each. Raises nothing."""
    jobs = {
        "embedder": (settings.embedder, _embed),
        "reranker": (settings.reranker, _rerank),
        "chat": (settings.chat, _chat),
    }
    out = []
    for job, (name, ask) in jobs.items():
        begun = time.perf_counter()
        problem = remedy = ""
        try:
            ask(settings)
        except Exception as error:
            problem, remedy = _told(error, settings, name)
        out.append(Probe(job, name, not problem, round(time.perf_counter() - begun, 3), problem, remedy))
    return out


def _embed(settings: Settings) -> None:
    model = models.embedder(settings)
    if len(model.embed_query("Is anybody there?")) != model.dimensions:
        msg = f"vectors are not of length {model.dimensions}"
        raise ValueError(msg)


def _rerank(settings: Settings) -> None:
    model = models.reranker(settings)
    good, bad = model.score("What was the revenue?", ["Revenue was 5 million dollars.", "Cats sleep all day."])
    if not good > bad:
        msg = "it ranks an unrelated text above the answer"
        raise ValueError(msg)


def _chat(settings: Settings) -> None:
    model = models.chat(settings)
    limit: dict[str, Any] = {} if settings.chat.startswith("google_genai:") else {"max_tokens": 4}
    # The first piece of the reply is enough; closing the stream stops the rest.
    next(iter(model.stream("Reply with the word yes.", **limit)))


def _told(error: Exception, settings: Settings, name: str) -> tuple[str, str]:
    # A name of no valid form comes here as the UsageError that `failure` hands through.
    known = failure(error, settings, name)
    return without_secrets(known.what, settings), without_secrets(known.remedy, settings)
