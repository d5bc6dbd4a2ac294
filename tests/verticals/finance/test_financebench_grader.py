"""The grader of the `financebench` suite, on cases judged by hand. Figures and sentences are made up for this test."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from verticals.finance.suites.grading import directions, grade, verdict_of_gold
from verticals.finance.suites.numbers import numbers


def answer(
    *claims: tuple[str, str], facts: list[dict[str, Any]] | None = None, status: str = "answered"
) -> dict[str, Any]:
    """An Answer of (kind, text) claims; a computed claim cites every fact."""
    cited = [fact["n"] for fact in facts or []]
    return {
        "status": status,
        "claims": [
            {"kind": kind, "text": text, "citations": cited if kind == "computed" else [9]} for kind, text in claims
        ],
        "facts": facts or [],
    }


def fact(n: int, value: float, unit: str = "USD", of: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "n": n,
        "name": "a figure",
        "value": value,
        "unit": unit,
        "inputs": [{"name": "x", "citation": c} for c in of],
    }


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$1577.00", ["1577"]),
        ("USD 1,577 million", ["1577000000"]),
        ("US$2.5bn and $2,018mn", ["2500000000", "2018000000"]),
        ("(1,577) (1,373)", ["-1577", "-1373"]),
        ("a margin of (14.8)% against 0.6%", ["-14.8", "0.6"]),
        ("$(3.2) million", ["-3200000"]),
        ("from operations ($1.8 bn)", ["1800000000"]),
        ("Three segments (39%), (35%)", ["39", "35"]),
        ("fell to -14.76%", ["-14.76"]),
        ("a ratio of 0.67x, or 24.26 times", ["0.67", "24.26"]),
        ("80 basis points", ["0.8"]),
        ("from 982 stores to 969", ["982", "969"]),
        ("FY2015 - FY2017", []),
        ("in Q2 of FY 23, on July 1, 2022 and 31 December 2021", []),
        ("the 10-K, the 3-year average over 3 years, the 777X", []),
        ("(1) one and (2) two [3], [4, 5]", []),
        ("Acquired:\n-100% of one company\n- 51% of another", ["100", "51"]),
        ("between 10-15%", ["10", "15"]),
        ("3M paid $3M", ["3000000"]),
    ],
)
def test_numbers_are_read_as_an_analyst_writes_them(text: str, values: list[str]) -> None:
    assert [n.value for n in numbers(text)] == [Decimal(v) for v in values]


MILLIONS = "What is the FY2020 capital expenditure (in USD millions) for the company?"


@pytest.mark.parametrize(
    ("gold", "text", "outcome"),
    [
        ("$1577.00", "Capital expenditure of FY2020 was USD 1,577 million.", "right"),
        ("$1577.00", "Capital expenditure of FY2020 was $1.58 billion.", "right"),
        ("$1577.00", "Capital expenditure: 1,577", "right"),
        ("$1577.00", "Purchases of property (1,577)", "right"),
        ("$1577.00", "Capital expenditure of FY2020 was USD 1,577 thousand.", "wrong"),
        ("$1577.00", "Capital expenditure of FY2020 was USD 1,601 million.", "wrong"),
        ("$1577.00", "Capital expenditure of FY2020 was USD 1,590 million.", "right"),
        ("$1577.00", "Capital expenditure of FY2020 was USD -1,577 million.", "wrong"),
        ("$1577.00", "The company buys land.", "wrong"),
    ],
)
def test_an_amount_is_right_within_one_per_cent_in_its_scale(gold: str, text: str, outcome: str) -> None:
    assert grade(MILLIONS, gold, answer(("quoted", text))).outcome == outcome


def test_an_amount_asked_in_billions_is_compared_in_billions() -> None:
    question = "What is net property, plant and equipment? Answer in USD billions."
    assert grade(question, "$8.70", answer(("quoted", "It was USD 8,738 million."))).outcome == "right"
    assert grade(question, "$8.70", answer(("quoted", "It was USD 8,738 billion."))).outcome == "wrong"


@pytest.mark.parametrize(
    ("gold", "value", "unit", "outcome"),
    [
        ("1.9%", 0.0187, "ratio", "right"),  # 1.87% rounds to 1.9%
        ("1.9%", 0.0196, "ratio", "wrong"),  # 1.96% rounds to 2.0%, and is 3% off
        ("0.66", 0.6604, "ratio", "right"),
        ("0.66", 66.04, "%", "right"),
        ("24.26", 24.2616, "ratio", "right"),
        ("-3.7", -3.71, "days", "right"),
        ("-3.7", 3.71, "days", "wrong"),
        ("42.69", 43.5, "days", "wrong"),
    ],
)
def test_a_computed_result_is_compared_by_its_fact(gold: str, value: float, unit: str, outcome: str) -> None:
    given = answer(("computed", "The ratio of FY2020 follows."), facts=[fact(1, value, unit)])
    assert grade("What is the ratio for FY2020?", gold, given).outcome == outcome


def test_an_input_that_equals_the_gold_by_chance_does_not_make_the_result_right() -> None:
    facts = [fact(1, 0.062, "ratio"), fact(2, 0.059, "ratio", of=(1,))]
    given = answer(("computed", "The three-year average is 5.9% (FY2020: 6.2%)."), facts=facts)
    assert grade("What is the three-year average margin?", "6.2%", given).outcome == "wrong"
    assert grade("What is the three-year average margin?", "5.9%", given).outcome == "right"


def test_a_list_of_figures_that_holds_the_right_one_is_not_an_answer() -> None:
    given = answer(("quoted", "Purchases of property 1,373 1,577 1,420"))
    assert grade(MILLIONS, "$1577.00", given).outcome == "wrong"


@pytest.mark.parametrize("status", ["abstained", "refused", "needs_input"])
def test_silence_is_an_abstention_whatever_else_is_said(status: str) -> None:
    given = answer(("quoted", "USD 1,577 million"), status=status)
    assert grade(MILLIONS, "$1577.00", given).outcome == "abstained"


def test_prose_without_number_and_verdict_is_not_graded() -> None:
    gold = "Packaging for food, beverages and medicine, sold in 2022 under a 10-year contract."
    assert grade("What does it sell?", gold, answer(("quoted", "Packaging."))).outcome == "ungraded"
    assert grade("What does it sell?", gold, answer(status="abstained")).outcome == "ungraded"


MARGIN = "Does the company have an improving operating margin as of FY2022?"
MARGIN_GOLD = "No, the margin declined from 36.8% in FY2021 to 34.6% in FY2022, a drop of 2.2%."


@pytest.mark.parametrize(
    ("kind", "text", "outcome"),
    [
        ("computed", "No: the operating margin went from 36.76% to 34.64%.", "right"),
        ("computed", "The operating margin declined from 36.8% to 34.6%.", "right"),
        ("computed", "Yes: the operating margin went from 36.8% to 34.6%.", "wrong"),
        ("computed", "The operating margin improved from 36.8% to 34.6%.", "wrong"),
        ("computed", "The operating margin was 36.8% and then 34.6%.", "wrong"),  # no verdict
        ("computed", "No: the operating margin is not improving.", "wrong"),  # no number
        ("computed", "No: the margin fell to 34.6%.", "wrong"),  # one number of three
        (
            "computed",
            "The margin did not improve: 36.8%, then 34.6%.",
            "wrong",
        ),  # a verdict the grader cannot be sure of
    ],
)
def test_a_verdict_must_agree_and_half_of_its_numbers_must_be_said(kind: str, text: str, outcome: str) -> None:
    assert grade(MARGIN, MARGIN_GOLD, answer((kind, text))).outcome == outcome


def test_every_number_of_a_gold_without_a_verdict_must_be_said() -> None:
    question, gold = "What were the tax rates?", "0.62% in FY2022, compared to -14.76% in FY2021."
    assert grade(question, gold, answer(("computed", "0.6% and (14.8)%"))).outcome == "wrong"  # 0.6 is 3% off 0.62
    assert grade(question, gold, answer(("computed", "0.62% and (14.8)%"))).outcome == "right"
    assert grade(question, gold, answer(("computed", "0.62% and 14.8%"))).outcome == "wrong"
    assert grade(question, gold, answer(("computed", "0.62%"))).outcome == "wrong"


def test_a_drop_may_be_said_with_a_minus_sign() -> None:
    question, gold = "Was there any drop in cash?", "Yes, there was a decline of ~42%."
    given = answer(("computed", "Cash fell: the change is -41.8%."))
    assert grade(question, gold, given).outcome == "right"


def test_a_number_of_the_question_proves_nothing() -> None:
    question, gold = "Does any product bring more than 20% of revenue?", "Yes: one brings more than 20%, namely 39%."
    assert grade(question, gold, answer(("computed", "Yes: more than 20%."))).outcome == "wrong"
    assert grade(question, gold, answer(("computed", "Yes: 39% of revenue."))).outcome == "right"


def test_the_stricter_reading_wants_every_number() -> None:
    given = answer(("computed", "No: the operating margin went from 36.8% to 34.6%."))
    result = grade(MARGIN, MARGIN_GOLD, given)
    assert (result.outcome, result.numbers_met, result.numbers_wanted, result.all_numbers) == ("right", 2, 3, False)


@pytest.mark.parametrize(
    ("gold", "verdict"),
    [
        ("Yes, it is.", "yes"),
        ("No. Debt decreased.", "no"),
        ("The ratio has slightly improved from 0.67 to 0.69.", "up"),
        ("Real growth was flat.", "flat"),
        ("The margin rose, then fell.", ""),  # two directions in one sentence: none is sure
        ("No. 5 of the list", ""),
        ("Two companies were bought.", ""),
    ],
)
def test_the_verdict_of_a_gold(gold: str, verdict: str) -> None:
    assert verdict_of_gold(gold) == verdict


def test_a_negated_direction_is_none() -> None:
    assert directions("It did not improve; costs rose.") == ["up"]
