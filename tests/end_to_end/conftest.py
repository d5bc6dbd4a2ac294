"""A real page server and a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium of the system, driven by Playwright; skipped where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def app_server(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[Callable[[str], tuple[str, Path]]]:
    """Starts `plumbline app NAME` on a fresh home; gives its address and that home. One server a name and module."""
    running: dict[str, tuple[subprocess.Popen[bytes], str, Path]] = {}

    def start(name: str) -> tuple[str, Path]:
        if name not in running:
            home = tmp_path_factory.mktemp(f"home-{name}")
            (home / "models").symlink_to(weights, target_is_directory=True)
            port = free_port()
            process = subprocess.Popen(
                [sys.executable, "-m", "core.cli", "app", name, "--port", str(port)],
                env={**os.environ, "PLUMBLINE_HOME": str(home)},
                start_new_session=True,
            )
            running[name] = (process, f"http://127.0.0.1:{port}", home)
            _wait_until_healthy(process, f"http://127.0.0.1:{port}/_stcore/health")
        _, address, home = running[name]
        return address, home

    yield start
    for process, _, _ in running.values():
        os.killpg(process.pid, 15)
        process.wait(20)


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(240):
        assert process.poll() is None, "the page server stopped"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail("the page server did not become healthy in 60 seconds")
