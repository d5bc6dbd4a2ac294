"""A fact is only what its formula gives over its inputs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.answering.formula import FormulaError, evaluate, verify
from core.evidence import Fact, FactInput

D = Decimal


def test_names_with_spaces_and_years_are_inputs() -> None:
    inputs = {"gross profit FY2022": D(3), "revenue FY2022": D(12)}
    assert evaluate("gross margin = gross profit FY2022 / revenue FY2022 × 100%", inputs) == D("0.25")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("(a + b) / 2", "2"),
        ("avg(a, b)", "2"),
        ("(b / a) ^ (1/2) - 1", "0.7320508"),
        ("-a + 2 * b", "5"),
        ("abs(a - b)", "2"),
    ],
)
def test_arithmetic_reads_as_written(formula: str, value: str) -> None:
    assert abs(evaluate(formula, {"a": D(1), "b": D(3)}) - D(value)) < D("1e-6")


@pytest.mark.parametrize("formula", ["__import__('os')", "a; b", "a / 0", "c", "a b", "", "a +", "open(a)"])
def test_what_is_not_arithmetic_over_the_inputs_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(formula, {"a": D(1), "b": D(3)})


def test_a_fact_whose_value_is_not_its_formula_says_so() -> None:
    inputs = (FactInput("a", D(1), "USD", 1), FactInput("b", D(4), "USD", 1))
    assert verify(Fact(2, "X", "share", D("0.25"), "ratio", "FY2022", "a / b", inputs)) == ""
    assert "not 0.26" in verify(Fact(2, "X", "share", D("0.26"), "ratio", "FY2022", "a / b", inputs))
