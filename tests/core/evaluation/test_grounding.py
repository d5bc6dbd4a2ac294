"""The grounding suite scores filings that the gates were not tuned on, the same for the same seed."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.evaluation.suites.grounding import TUNED_ON, chosen, grounding
from core.evaluation.suites.grounding_claims import KINDS, pairs
from core.evaluation.suites.grounding_material import load, scaled
from core.settings import Settings
from core.vertical import vertical


def test_no_filing_is_both_tuned_on_and_scored(shared_data: Path) -> None:
    scored, tuned = chosen(shared_data), chosen(shared_data, tuning=True)
    assert scored and tuned
    assert not set(scored) & set(tuned)
    assert not any(p.name.startswith(TUNED_ON) for p in scored)


def test_each_printed_form_of_a_number_is_the_number() -> None:
    from decimal import Decimal

    assert scaled(Decimal("391035000000")) == ["391.0 billion", "391.04 billion", "391,035 million"]


@pytest.mark.slow
def test_every_kind_of_break_differs_from_its_true_twin_and_repeats_for_a_seed(shared_data: Path) -> None:
    filing = load(shared_data / "finance/filings/nke-10-k-2025-07-17.html.gz", vertical("finance"))
    for kind in KINDS:
        made = [next(pairs(kind, [filing], random.Random(3))) for _ in range(2)]
        assert made[0].true == made[1].true and made[0].broken == made[1].broken
        assert made[0].true != made[0].broken or made[0].forged or made[0].uncited


@pytest.mark.slow
def test_the_gates_hold_on_filings_that_they_were_not_tuned_on(
    shared_data: Path, settings_with_models: Settings
) -> None:
    figures = grounding(shared_data, SimpleNamespace(settings=settings_with_models), each=8)  # type: ignore[arg-type]
    assert figures["n"] == 160
    assert set(figures["broken_passed_by_kind"]) == set(KINDS)
    assert figures["broken_passed"] < 0.05
    assert figures["true_refused"] < 0.10
