"""One typed settings object: environment `PLUMBLINE_*` over `plumbline.toml` over the defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """What a user may set. Model names follow `core.models`: `packaged:NAME`, `hf:ORG/NAME`, `openai:NAME`, …"""

    model_config = SettingsConfigDict(env_prefix="PLUMBLINE_", extra="ignore", toml_file="plumbline.toml")

    home: Path = Field(default_factory=lambda: user_data_path("plumbline"))
    """The one data folder: weights, tenants, caches."""
    tenant: str = "default"

    chat: str = "packaged:SmolLM2-135M-Instruct"
    embedder: str = "packaged:bge-small-en-v1.5"
    reranker: str = "packaged:ms-marco-MiniLM-L-12-v2"

    draft: Literal["auto", "always", "never"] = "auto"
    """When the chat model words an answer: `auto` leaves it to deterministic composition while `chat` is packaged."""
    openai_base_url: str | None = None
    openai_api_key: SecretStr | None = None
    google_api_key: SecretStr | None = None
    threads: int = 0
    """Threads of the packaged models and readers; 0 = all cores."""
    lock_wait: float = 30.0
    """Seconds to wait for another writer on the same home before giving up."""
    seed: int = 7

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def models_dir(self) -> Path:
        return self.home / "models"

    def public(self) -> dict[str, Any]:
        """The settings without secrets, for traces and `doctor`."""
        return {k: str(v) for k, v in self.model_dump().items() if not isinstance(v, SecretStr)}


def wrong_settings(error: ValidationError) -> list[str]:
    """What is wrong with each setting, named as in the environment; values are left out: one of them may be a key."""
    return [
        f"The setting PLUMBLINE_{'_'.join(str(part) for part in e['loc']).upper()} is wrong: {e['msg']}"
        for e in error.errors(include_input=False, include_url=False)
    ]
