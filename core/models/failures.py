"""What went wrong when a model was asked, in words that name the remedy and never hold a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import ModelUnavailable, PlumblineError
from core.models.names import parse

if TYPE_CHECKING:
    from core.settings import Settings

UNREACHABLE = (
    "APIConnectionError",
    "APITimeoutError",
    "ConnectError",
    "ConnectTimeout",
    "ReadTimeout",
    "ConnectionError",
)


def failure(error: Exception, settings: Settings, name: str | None = None) -> PlumblineError:
    """A provider's exception as an error for the user; `name` is the model asked (default: the setting `chat`)."""
    if isinstance(error, PlumblineError):
        return error
    name = name or settings.chat
    kind = parse(name).kind
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    at = f" at {settings.openai_base_url}" if kind == "openai" and settings.openai_base_url else ""
    key = "PLUMBLINE_GOOGLE_API_KEY" if kind == "google_genai" else "PLUMBLINE_OPENAI_API_KEY"
    detail = without_secrets(str(error), settings).strip().splitlines()[:1] or [type(error).__name__]
    if any(c.__name__ in UNREACHABLE for c in type(error).__mro__) or isinstance(
        error, (ConnectionError, TimeoutError)
    ):
        remedy = "Start the server, or mend PLUMBLINE_OPENAI_BASE_URL." if at else "Check the network connection."
        return ModelUnavailable(f"{name} does not answer{at}", remedy)
    if status in (401, 403) or "api key not valid" in detail[0].lower():
        # The provider's own words may repeat the key: they are left out.
        return ModelUnavailable(f"{name}{at} refuses the key", f"Set {key} to a valid one.")
    if status == 404:
        return ModelUnavailable(
            f"{name} is not known{at}", "Name a model that the server offers, or check the address."
        )
    if status == 429:
        return ModelUnavailable(f"{name}{at} takes no more requests now", "Wait, or raise the account's limit.")
    return ModelUnavailable(f"{name}{at} failed: {detail[0][:300]}", "Shorten the input, or choose another model.")


def without_secrets(text: str, settings: Settings) -> str:
    """`text` with every configured key replaced by stars."""
    for secret in (settings.openai_api_key, settings.google_api_key):
        if secret and secret.get_secret_value():
            text = text.replace(secret.get_secret_value(), "***")
    return text
