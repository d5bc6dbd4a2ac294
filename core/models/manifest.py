"""The packaged weights as data: what each is for, which wheel holds it, and the checksums that it must have."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from core.errors import UsageError

Job = Literal["embedder", "reranker", "late-interaction", "chat"]
Runtime = Literal["onnx", "transformers", "llama"]


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pinned wheel of the package index, used as a container of data files."""

    name: str
    version: str
    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model: its path under the model's folder, size and checksum."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Packaged:
    """A packaged model. `folder` is where its files lie in the wheel."""

    name: str
    job: Job
    runtime: Runtime
    wheel: Wheel
    folder: str
    files: tuple[WeightFile, ...]
    licence: str
    origin: str
    about: str
    default: bool
    """Whether `models install` takes it without being asked by name."""
    max_length: int
    """Tokens that the model reads; longer text is cut."""
    dimensions: int = 0
    pooling: str = ""
    query_prefix: str = ""

    @property
    def bytes(self) -> int:
        return sum(f.bytes for f in self.files)

    def file(self, suffix: str) -> WeightFile:
        """The one file that holds the weights, by suffix (".onnx", ".gguf")."""
        return next(f for f in self.files if f.path.endswith(suffix))


def read_manifest(path: Path) -> dict[str, Packaged]:
    """A manifest file's models by name, in the order of the file.

    Raises ValueError for a path in it that would leave the model's folder.
    """
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    wheels = {name: Wheel(name=name, **fields) for name, fields in data["wheels"].items()}
    models = {}
    for entry in data["models"]:
        files = tuple(WeightFile(**f) for f in entry["files"])
        for name in (entry["name"], *(f.path for f in files)):
            if not is_plain_path(name):
                msg = f"{path.name}: {name!r} is not a plain relative path"
                raise ValueError(msg)
        models[entry["name"]] = Packaged(**{**entry, "wheel": wheels[entry["wheel"]], "files": files})
    return models


def is_plain_path(name: str) -> bool:
    """Whether a name is a relative path that stays below the folder it is joined to, on any system."""
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
    )


@cache
def packaged() -> dict[str, Packaged]:
    """The packaged models by name."""
    return read_manifest(Path(__file__).with_name("packaged.toml"))


def packaged_model(name: str, job: Job | None = None) -> Packaged:
    """The packaged model called `name`, fit for `job` where given. Raises UsageError that lists the valid names."""
    model = packaged().get(name)
    if model is None or (job and model.job != job):
        fit = [m.name for m in packaged().values() if not job or m.job == job]
        what = (
            f"{name!r} is not a packaged {job or 'model'}"
            if model is None
            else f"{name!r} is a {model.job}, not a {job}"
        )
        raise UsageError(what, f"Packaged: {', '.join(f'packaged:{n}' for n in fit)}.")
    return model
