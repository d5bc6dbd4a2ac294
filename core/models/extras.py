"""Optional packages: which extra each belongs to, and the one message when it is missing."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from core.errors import MissingExtra

EXTRAS = {"transformers": "hf", "torch": "hf", "langchain_google_genai": "google", "streamlit": "app", "altair": "app"}
"""Import name → extra of the distribution that brings it."""


def require(module: str, purpose: str) -> ModuleType:
    """Imports an optional package. Raises MissingExtra that names the extra, or the package where it is a base one."""
    try:
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).split(".")[0]
        extra = EXTRAS.get(module.split(".")[0])
        wanted = f"plumbline[{extra}]" if extra else missing.replace("_", "-")
        raise MissingExtra(f"{purpose} needs the package {missing}", f"Run `pip install '{wanted}'`.") from error
