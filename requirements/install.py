"""Makes the environment that the Makefile's commands run in, step by step; a step whose inputs have not changed is
skipped. Needs nothing but Python: it runs before anything is installed.

    python requirements/install.py lock      .venv, the hash-checked lock and this project in editable form
    python requirements/install.py torch     torch, pinned by version (the hash differs between its builds)
    python requirements/install.py browser   a Chromium for the page tests, where the system's package manager has one
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
OLDEST = (3, 11)


def main(steps: list[str]) -> int:
    """Runs the named steps in order; returns the exit code."""
    known = {"lock": lock, "torch": torch, "browser": browser}
    if not steps or any(step not in known for step in steps):
        print(f"Name one or more of: {', '.join(known)}.", file=sys.stderr)
        return 2
    try:
        for step in steps:
            known[step]()
    except subprocess.CalledProcessError as error:
        print(f"The step failed: {' '.join(map(str, error.cmd))} (exit {error.returncode}).", file=sys.stderr)
        return 1
    return 0


def lock() -> None:
    """The environment itself, the locked packages by hash, and the project in editable form."""
    if not _runs(PYTHON):
        if sys.version_info < OLDEST:
            found = ".".join(map(str, sys.version_info[:3]))
            sys.exit(f"Python {found} is too old: 3.11 or newer is needed. Name one: make PYTHON=python3.12 …")
        print(f"Making the environment {ENVIRONMENT.name} with Python {sys.version.split()[0]}")
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    packages = REQUIREMENTS / "lock.txt"
    _once("lock", [packages], lambda: _pip("--require-hashes", "--only-binary", ":all:", "-r", str(packages)))
    # The entry points are written at installation, so the project is installed anew when its metadata changes.
    editable = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    _once("project", [packages, ROOT / "pyproject.toml"], lambda: _pip(*editable))


def torch() -> None:
    """torch by version. Its own dependencies stand in the lock already."""
    _once("torch", [REQUIREMENTS / "torch.txt"], lambda: _pip("-r", str(REQUIREMENTS / "torch.txt")))


def browser() -> None:
    """Chromium by apt where that is possible; elsewhere the page tests say why they are skipped."""
    if any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print("No Chromium found and no right to install one: the page tests will be skipped.", file=sys.stderr)
        return
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing Chromium for the page tests")
    subprocess.run(["apt-get", "update"], check=False, env=env, **quiet)
    if subprocess.run(command, check=False, env=env, **quiet).returncode:
        print("Chromium could not be installed: the page tests will be skipped.", file=sys.stderr)


def _pip(*arguments: str) -> None:
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *arguments], check=True, cwd=ROOT)


def _once(name: str, inputs: list[Path], do: Callable[[], None]) -> None:
    """Runs `do` unless it has run in this environment with the same bytes of `inputs`."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
    stamp = ENVIRONMENT / f"{name}.installed"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    print(f"Installing: {name}")
    do()
    stamp.write_text(digest)


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    return subprocess.run([python, "-c", check], check=False, capture_output=True).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
