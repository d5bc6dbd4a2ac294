"""Fixtures shared by all tests: the development data (skipped where missing) and a fresh home with the weights."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The development data folder: PLUMBLINE_SHARED_DATA, else `shared/data` beside the checkout."""
    folder = Path(os.environ.get("PLUMBLINE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("development data not at hand (set PLUMBLINE_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def weights() -> Path:
    """The installed packaged weights of the user's own home; tests link to them and never download."""
    folder = Settings().models_dir
    if not any(folder.glob("*/*")):
        pytest.skip("packaged weights not installed (run `plumbline models install`)")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh, empty home."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
def settings_with_models(tmp_path: Path, weights: Path) -> Settings:
    """Settings of a fresh home that sees the installed weights."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(weights, target_is_directory=True)
    return Settings(home=home)
