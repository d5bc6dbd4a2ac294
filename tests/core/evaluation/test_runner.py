"""A suite's result is stamped with all that a figure is traced by; what was ingested by another program goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.errors import UsageError
from core.evaluation import registry, store
from core.evaluation.figures import shares
from core.evaluation.provenance import files_of, tree_sha256
from core.evaluation.runner import run
from core.evaluation.table import comparison_table, result_table
from core.settings import Settings
from core.workspace import Workspace


def lines(data: Path, workspace: Workspace, *, least: int = 3, strict: bool = False) -> Mapping[str, Any]:
    """A suite: which lines of a file are long enough."""
    texts = (data / "lines.txt").read_text().splitlines()
    items = [{"id": str(n), "long": len(text) >= least} for n, text in enumerate(texts)]
    return {"version": "3", **shares({"long": [item["long"] for item in items]}), "items": items}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "lines.txt").write_text("a\nabc\nabcd\n")
    return folder


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "suites", lambda: {"lines": registry.Declared("lines", lines)})


def test_a_result_holds_the_contract_fields(data: Path, settings: Settings) -> None:
    result = run("lines", data, settings, {"least": "4"})
    assert result["suite"] == "lines" and result["version"] == "3" and result["n"] == 3
    assert result["long"] == pytest.approx(1 / 3)
    assert result["intervals"]["long"]["k"] == 1 and result["intervals"]["long"]["n"] == 3
    assert 0 < result["intervals"]["long"]["low"] < 1 / 3 < result["intervals"]["long"]["high"] < 1
    assert result["models"]["embedder"] == settings.embedder and result["seed"] == settings.seed
    assert result["settings"]["least"] == 4
    assert result["commit"] and result["seconds"] >= 0 and len(result["items"]) == 3
    inner = hashlib.sha256((data / "lines.txt").read_bytes()).hexdigest()
    assert result["data_sha256"] == hashlib.sha256(f"lines.txt\0{inner}\n".encode()).hexdigest()
    json.dumps(result)


def test_the_data_hash_is_of_names_and_bytes_and_not_of_the_place(tmp_path: Path) -> None:
    hashes = []
    for folder, content in (("a", "1"), ("b", "1"), ("c", "2")):
        (tmp_path / folder / "inner").mkdir(parents=True)
        (tmp_path / folder / "inner" / "x.txt").write_text(content)
        (tmp_path / folder / ".hidden").write_text(folder)
        hashes.append(tree_sha256(files_of(tmp_path / folder), tmp_path / folder))
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("nosuch", {}, "There are: lines"),
        ("lines", {"depth": "3"}, "It has: least, strict"),
        ("lines", {"least": "many"}, "not a whole number"),
        ("lines", {"strict": "perhaps"}, "not true or false"),
    ],
)
def test_wrong_use_names_what_would_be_right(
    name: str, options: dict[str, str], said: str, data: Path, settings: Settings
) -> None:
    with pytest.raises(UsageError, match=said):
        run(name, data, settings, options)


def test_missing_data_is_named(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(UsageError, match="nowhere does not exist"):
        run("lines", tmp_path / "nowhere", settings)


def test_a_workspace_of_another_program_is_emptied_unless_it_is_to_be_kept(settings: Settings) -> None:
    with store.open_workspace(settings, "toy", None) as workspace:
        root = workspace.root
    (root / "left").write_text("behind")
    with store.open_workspace(settings, "toy", None):
        assert (root / "left").exists(), "the same program keeps what it ingested"
    mark = root / store.MARK
    mark.write_text(json.dumps({**json.loads(mark.read_text()), "program": "another"}))
    with store.open_workspace(settings, "toy", None, keep=True):
        assert (root / "left").exists()
    with store.open_workspace(settings, "toy", None):
        assert not (root / "left").exists()


def test_a_users_own_tenant_is_never_emptied(settings: Settings) -> None:
    with Workspace.open(settings, tenant="eval-toy") as workspace:
        (workspace.root / "mine").write_text("private")
        with pytest.raises(UsageError, match="not made by an evaluation"):
            store.open_workspace(settings, "toy", None)
        assert (workspace.root / "mine").exists()


def test_tables_show_figures_with_counts_and_intervals(data: Path, settings: Settings) -> None:
    from rich.console import Console

    from core.evaluation.compare import compare

    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    result = run("lines", data, settings)
    console.print(result_table(result))
    console.print(comparison_table(compare(result, run("lines", data, settings, {"least": "4"}))))
    text = console.export_text()
    assert "0.667" in text and "2/3" in text and settings.embedder in text
    assert "-0.333" in text and "0/1" in text
