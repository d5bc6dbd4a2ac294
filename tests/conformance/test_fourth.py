"""A vertical in a distribution of its own, installed beside Plumbline: the core finds it and needs no change."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.vertical import verticals
from tests.conformance.vertical import VerticalConformance

DISTRIBUTION = Path(__file__).resolve().parent.parent / "fourth_vertical"


class TestContracts(VerticalConformance):
    name = "contracts"
    module = "plumbline_contracts"
    markdown = """# Supply agreement

This agreement is made between Alder Mills Ltd and Brook Paper GmbH, on pulp.

## Termination

Either party may terminate this agreement with ninety days of written notice.

## Liability

The supplier is liable for late delivery up to the price of the delivery.

## Governing law

This agreement is governed by the law of Finland.
"""
    pages = (
        "Lease. The landlord lets the warehouse in Tampere to the tenant.",
        "Payment. The tenant pays the rent on the third working day of each month.",
        "Repairs. The landlord repairs the roof and the tenant repairs the doors.",
    )
    question = "How can a party terminate the supply agreement?"
    words = "ninety days of written notice"
    page_question = "On which day does the tenant pay the rent?"
    page_words = "third working day of each month"
    absent = "Which court decided on the patents of the Wright brothers?"

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def installed(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
        """Installs the distribution into a folder of its own and puts that on the import path, here and below."""
        target = tmp_path_factory.mktemp("site")
        build = tmp_path_factory.mktemp("build")
        for file in DISTRIBUTION.glob("*.*"):
            (build / file.name).write_bytes(file.read_bytes())
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
        subprocess.run([*command, "--target", str(target), str(build)], check=True, timeout=120)
        sys.path.insert(0, str(target))
        cls.path = str(target)
        verticals.cache_clear()
        yield target
        sys.path.remove(str(target))
        sys.modules.pop(cls.module, None)
        verticals.cache_clear()

    def test_it_is_short(self) -> None:
        assert len((DISTRIBUTION / "plumbline_contracts.py").read_text().splitlines()) < 60

    @pytest.mark.slow
    def test_its_verb_runs(self, workspace, ingested) -> None:  # type: ignore[no-untyped-def]
        shown = self.python("-m", "core.cli", "clauses", "--collection", "conformance", home=workspace.settings.home)
        assert "Supply agreement: Termination (termination)" in shown
