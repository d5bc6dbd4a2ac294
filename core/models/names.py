"""A model's name: `KIND:NAME`. One place decides what a name means; everything else takes the parsed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from core.errors import UsageError

Kind = Literal["packaged", "hf", "openai", "google_genai"]

FORMS = (
    "packaged:NAME (weights of `plumbline models list`)",
    "hf:ORG/NAME or hf:FOLDER (through Transformers)",
    "openai:NAME (OpenAI, or any compatible server at PLUMBLINE_OPENAI_BASE_URL)",
    "google_genai:NAME (Gemini)",
)


@dataclass(frozen=True, slots=True)
class ModelName:
    """A parsed model name; `str()` gives it back."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def parse(name: str, what: str = "model") -> ModelName:
    """Parses `KIND:NAME`; `what` names the setting in the error. Raises UsageError that lists the valid forms."""
    kind, colon, rest = name.strip().partition(":")
    if not colon or not rest.strip() or kind not in get_args(Kind):
        raise UsageError(f"{name!r} names no {what}", f"Valid forms: {'; '.join(FORMS)}.")
    return ModelName(kind, rest.strip())  # type: ignore[arg-type]
