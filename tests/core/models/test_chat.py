"""Text generation through LangChain: the packaged generator, and `openai:` models over real HTTP against it."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import numpy as np
import pytest
from pydantic import BaseModel, SecretStr

from core.errors import MissingExtra, ModelUnavailable
from core.models import chat, embedder, failure
from core.models.llama import Running, serve
from core.settings import Settings

NAME = "SmolLM2-135M-Instruct"
QUESTION = "Say hello to Ann in one short sentence."


@pytest.fixture
def gguf(weights: Path) -> Path:
    return weights / NAME / f"{NAME}.Q4_1.gguf"


@pytest.fixture
def server(gguf: Path) -> Running:
    """The same in-process server, in the role of somebody's OpenAI-compatible one."""
    return serve(gguf, context=8192)


def remote(settings: Settings, server: Running, **changes: object) -> Settings:
    values = {"chat": f"openai:{NAME}", "openai_base_url": server.base_url, "openai_api_key": server.api_key, **changes}
    return settings.model_copy(update=values)


class Spending(BaseModel):
    """A structured reply."""

    company: str
    year: int


@pytest.mark.slow
class TestPackaged:
    def test_equal_prompts_give_equal_words_whatever_came_before(self, settings_with_models: Settings) -> None:
        model = chat(settings_with_models)
        first = model.invoke(QUESTION).text
        model.invoke("Name a colour.")
        assert first and model.invoke(QUESTION).text == first

    def test_tokens_are_counted(self, settings_with_models: Settings) -> None:
        usage = chat(settings_with_models).invoke(QUESTION).usage_metadata
        assert usage and usage["input_tokens"] > 10 and usage["output_tokens"] > 0

    def test_streamed_pieces_make_up_the_reply(self, settings_with_models: Settings) -> None:
        model = chat(settings_with_models)
        pieces = [chunk.text for chunk in model.stream(QUESTION)]
        assert len([p for p in pieces if p]) > 1
        assert "".join(pieces) == model.invoke(QUESTION).text

    def test_a_structured_reply_has_its_form(self, settings_with_models: Settings) -> None:
        model = chat(settings_with_models).with_structured_output(Spending, method="json_schema")
        assert isinstance(model.invoke("Which company and year? In 2022, Acme spent 5 dollars."), Spending)

    def test_a_prompt_longer_than_the_window_is_an_error_with_a_remedy(self, settings_with_models: Settings) -> None:
        with pytest.raises(Exception) as caught:
            chat(settings_with_models).invoke("word " * 9000)
        told = failure(caught.value, settings_with_models)
        assert isinstance(told, ModelUnavailable)
        assert "exceeds the available context size" in told.what

    def test_nobody_without_the_key_is_served(self, server: Running) -> None:
        assert urlparse(server.base_url).hostname == "127.0.0.1"
        request = urllib.request.Request(f"{server.base_url}/chat/completions", data=b"{}")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(request, timeout=10)

    def test_each_process_has_a_server_of_its_own_that_ends_with_it(self, gguf: Path, server: Running) -> None:
        code = (
            f"from pathlib import Path; from core.models.llama import serve; print(serve(Path({str(gguf)!r})).base_url)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
        other = urlparse(done.stdout.strip())
        assert other.port != urlparse(server.base_url).port
        assert done.stderr == ""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", other.port or 0), timeout=5)

    def test_weights_that_are_no_model_are_named(self, tmp_path: Path) -> None:
        (tmp_path / "broken.gguf").write_bytes(b"GGUF" + b"\0" * 100)
        with pytest.raises(ModelUnavailable, match=r"llama\.cpp cannot load broken\.gguf"):
            serve(tmp_path / "broken.gguf")


@pytest.mark.slow
class TestOpenAi:
    def test_any_compatible_server_answers_like_the_packaged_model(
        self, settings_with_models: Settings, server: Running
    ) -> None:
        reply = chat(remote(settings_with_models, server)).invoke(QUESTION)
        assert reply.text == chat(settings_with_models).invoke(QUESTION).text

    def test_streaming_and_structure_work_over_http(self, settings: Settings, server: Running) -> None:
        model = chat(remote(settings, server))
        assert len([c for c in model.stream(QUESTION) if c.text]) > 1
        structured = model.with_structured_output(Spending, method="json_schema")
        assert isinstance(structured.invoke("In 2022, Acme grew."), Spending)

    def test_a_wrong_key_is_told_and_not_shown(self, settings: Settings, server: Running) -> None:
        wrong = remote(settings, server, openai_api_key=SecretStr("sk-wrong-0123456789"))
        with pytest.raises(Exception) as caught:
            chat(wrong).invoke(QUESTION)
        told = failure(caught.value, wrong)
        assert "refuses the key" in told.what and "PLUMBLINE_OPENAI_API_KEY" in told.remedy
        assert "sk-wrong" not in str(told)

    def test_a_server_that_is_not_there_is_told(self, settings: Settings) -> None:
        nowhere = settings.model_copy(update={"chat": "openai:x", "openai_base_url": "http://127.0.0.1:9/v1"})
        with pytest.raises(Exception) as caught:
            chat(nowhere).invoke(QUESTION)
        assert str(failure(caught.value, nowhere)) == (
            "openai:x does not answer at http://127.0.0.1:9/v1. Start the server, or mend PLUMBLINE_OPENAI_BASE_URL."
        )

    def test_embeddings_come_from_the_same_kind_of_server(self, settings: Settings, gguf: Path) -> None:
        server = serve(gguf, context=512, embedding=True)
        model = embedder(remote(settings, server, embedder=f"openai:{NAME}"))
        rows = model.embed_array(["Revenue rose.", "Cats sleep.", "Revenue rose."])
        # 576: the width of SmolLM2-135M (its config.json, hidden_size).
        assert rows.shape == (3, 576) == (3, model.dimensions)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        assert rows[0] @ rows[2] > rows[0] @ rows[1]


class TestKeys:
    @pytest.fixture(autouse=True)
    def no_keys(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
            monkeypatch.delenv(name, raising=False)

    @pytest.mark.parametrize(("name", "key"), [("openai:m", "PLUMBLINE_OPENAI_API_KEY"),
                                               ("google_genai:m", "PLUMBLINE_GOOGLE_API_KEY")])  # fmt: skip
    def test_without_a_key_the_setting_is_named(self, settings: Settings, name: str, key: str) -> None:
        for load in (chat, embedder):
            with pytest.raises(ModelUnavailable, match=f"{name} needs a key. Set {key}"):
                load(settings, name)

    def test_a_key_of_another_service_is_not_sent_to_a_server_of_one_s_own(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
        model = chat(settings.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1"}), "openai:m")
        assert model.openai_api_key.get_secret_value() == "none"  # type: ignore[attr-defined]

    @pytest.mark.parametrize(("name", "field"), [("openai:m", "openai_api_key"), ("google_genai:m", "google_api_key")])
    def test_a_key_is_never_shown(self, settings: Settings, name: str, field: str) -> None:
        own = settings.model_copy(update={field: SecretStr("secret-0123456789")})
        model = chat(own, name)
        for shown in (repr(model), str(model), repr(own), str(own.public()), str(model._identifying_params)):
            assert "secret-0123456789" not in shown

    def test_without_the_provider_s_package_the_extra_is_named(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "langchain_google_genai", None)
        for load in (chat, embedder):
            with pytest.raises(MissingExtra, match=r"pip install 'plumbline\[google\]'"):
                load(settings, "google_genai:gemini-3-flash")
