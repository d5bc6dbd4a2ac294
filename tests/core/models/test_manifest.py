"""The manifest pins what the design names, and a name means exactly one thing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import UsageError
from core.models import chat, embedder, reranker
from core.models.manifest import is_plain_path, packaged, packaged_model, read_manifest
from core.models.names import parse
from core.settings import Settings

# First and last digits as the design document prints them.
PINNED = {
    ("bge-small-en-v1.5", "model.onnx"): ("68807e3f", "e27df743"),
    ("ms-marco-MiniLM-L-12-v2", "model.onnx"): ("1225ccd6", "b3837ffd1"),
    ("answerai-colbert-small-v1", "model.onnx"): ("49809836", "d21e05df0"),
    ("all-MiniLM-L6-v2", "model.safetensors"): ("53aa51172d142c89d9012cce15ae4d6c", "acb4fab128d9db"),
    ("SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct.Q4_1.gguf"): ("b179c9523d0e6a0f98a330c7", "a373728110db53"),
}


@pytest.mark.parametrize(("model", "file"), PINNED)
def test_the_weights_are_those_of_the_design(model: str, file: str) -> None:
    first, last = PINNED[model, file]
    found = next(f.sha256 for f in packaged()[model].files if f.path == file)
    assert found.startswith(first) and found.endswith(last) and len(found) == 64


def test_every_model_names_its_licence_and_origin() -> None:
    assert {m.licence for m in packaged().values()} == {"MIT", "Apache-2.0"}
    assert all("/" in m.origin for m in packaged().values())


def test_only_data_files_are_named() -> None:
    suffixes = {Path(f.path).suffix for m in packaged().values() for f in m.files}
    assert suffixes == {".json", ".onnx", ".safetensors", ".txt", ".gguf"}


def test_the_defaults_of_the_settings_are_installed_by_default(settings: Settings) -> None:
    for name in (settings.chat, settings.embedder, settings.reranker):
        assert packaged_model(parse(name).name).default


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../b", "a\\b", "C:evil", ""])
def test_a_path_that_leaves_the_folder_is_no_plain_path(path: str) -> None:
    assert not is_plain_path(path)


def test_a_manifest_with_such_a_path_is_refused(manifest_file: Path) -> None:
    manifest_file.write_text(manifest_file.read_text().replace('path = "sub/config.json"', 'path = "../config.json"'))
    with pytest.raises(ValueError, match="not a plain relative path"):
        read_manifest(manifest_file)


@pytest.mark.parametrize("name", ["gpt-4", "packaged:", "file:model", "", "ollama:x"])
def test_a_name_of_no_valid_form_lists_the_forms(name: str, settings: Settings) -> None:
    for load in (embedder, reranker, chat):
        with pytest.raises(
            UsageError, match=r"packaged:NAME.*hf:ORG/NAME or hf:FOLDER.*openai:NAME.*google_genai:NAME"
        ):
            load(settings, name or " ")


def test_an_unknown_packaged_name_lists_those_that_fit(settings: Settings) -> None:
    with pytest.raises(UsageError, match=r"Packaged: packaged:bge-small-en-v1\.5, packaged:all-MiniLM-L6-v2\."):
        embedder(settings, "packaged:bge-large")
    with pytest.raises(UsageError, match="is a reranker, not a chat"):
        chat(settings, "packaged:ms-marco-MiniLM-L-12-v2")


def test_a_colon_in_the_name_belongs_to_the_name() -> None:
    assert parse("openai:llama3.2:3b").name == "llama3.2:3b"


def test_importing_the_room_loads_no_model_library() -> None:
    heavy = (
        "onnxruntime",
        "torch",
        "transformers",
        "langchain_core",
        "langchain_openai",
        "xllamacpp",
        "tokenizers",
        "numpy",
    )
    code = (
        f"import sys, core.models, core.cli.models, core.cli.doctor; print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
