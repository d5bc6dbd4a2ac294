"""A wheel built from the project installs into an empty environment and works there, away from the checkout.

The third-party packages are lent from this environment by a path file, so that the test needs no network; the project
itself comes from the wheel alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.slow


def tracked(*folders: str) -> list[str]:
    """Files of the project as git knows them, new ones among them; all files where there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return [name for name in done.stdout.splitlines() if (ROOT / name).is_file()]
    return [
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    for name in tracked("core", "verticals", "pyproject.toml", "README.md", "LICENSE"):
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that holds the wheel and the lent packages."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, timeout=300)
    (Path(site) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in tracked("core", "verticals") if name not in held]
    assert not missing
    assert not [name for name in held if not name.startswith(("core/", "verticals/", "plumbline-"))]


def test_it_declares_its_licence_types_and_entry_points(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    read = {Path(n).name: archive.read(n).decode() for n in archive.namelist() if ".dist-info/" in n}
    assert "License-Expression: Apache-2.0" in read["METADATA"]
    assert "plumbline = core.cli:main" in read["entry_points.txt"]
    assert {"core/py.typed", "verticals/py.typed"} <= set(archive.namelist())
    assert "Apache License" in read["LICENSE"]


def test_it_works_where_it_is_installed(python: Path, weights: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(weights, target_is_directory=True)
    env = {**os.environ, "PLUMBLINE_HOME": str(home), "PYTHONPATH": ""}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(arguments, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=300)

    where = run(str(python), "-c", "import core, verticals; print(core.__file__, verticals.__file__)").stdout
    assert all(path.startswith(str(python.parent.parent)) for path in where.split()), "the wheel's packages are used"

    plumbline = str(python.parent / "plumbline")
    doctor = run(plumbline, "doctor", "--json")
    assert doctor.returncode in (0, 3), doctor.stderr
    assert "Traceback" not in doctor.stderr
    json.loads(doctor.stdout)

    note = tmp_path / "note.md"
    note.write_text("# Pumps\n\nThe old pump house was closed in March because its roof leaked.\n")
    ingested = run(plumbline, "ingest", str(note), "-v", "education", "--json")
    assert ingested.returncode == 0, ingested.stderr
    given = run(plumbline, "ask", "Why was the old pump house closed?", "-v", "education", "--json")
    assert given.returncode == 0, given.stderr
    answer = json.loads(given.stdout)
    assert answer["status"] == "answered" and "its roof leaked" in answer["citations"][0]["quote"]
