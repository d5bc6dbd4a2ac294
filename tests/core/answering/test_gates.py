"""Each claim passes the gate of its kind, or is withheld with a reason that a reader understands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.answering.gates import check
from core.answering.ledger import Ledger, exhibit, names_of
from core.evidence import (
    Citation,
    Claim,
    Description,
    Fact,
    FactInput,
    Locator,
    Passage,
    Period,
    Source,
    Value,
)

YEAR = Period(date(2022, 12, 31), date(2022, 1, 1))
SOURCE = Source("s", "acme.pdf", "acme.pdf", "c", "application/pdf", 3, "en",
                Description("Acme", "10-K", "Acme 10-K FY2022", YEAR, meta={"fiscal_year": "2022"}))  # fmt: skip
OTHER = replace(SOURCE, id="o", description=replace(SOURCE.description, entity="Bolt", title="Bolt 10-K FY2022"))
PROSE = (
    "In 2021 the Halden plant produced 87% of all valves. Net sales of pumps increased 5% to $412 million in 2022, "
    "because of higher volumes. The company does not expect further closures. Demand may weaken in Norway."
)
TABLE = (
    "Consolidated Statements of Income\n(In millions)\n2022\t2021\nTotal net sales\t$1,749\t$1,652\n"
    "Cost of sales\t1,022\t998\nNet income\t$210\t$233"
)


def ledger(text: str = PROSE, kind: str = "text", quote: str = "", values: tuple[Value, ...] = ()) -> Ledger:
    passage = Passage("p", "s", 0, kind, text, Locator(page=2))  # type: ignore[arg-type]
    citation = Citation(1, SOURCE.label, "s", "10-K", "", Locator(page=2), quote or text, "p")
    return Ledger({1: exhibit(citation, SOURCE, [passage], values)}, {}, names_of([SOURCE, OTHER]))


def ok(text: str, of: Ledger | None = None, kind: str = "quoted", n: int = 1) -> bool:
    return check(Claim(text, kind, (n,)), of or ledger()).ok  # type: ignore[arg-type]


TABLED = ledger(TABLE, "table")


@pytest.mark.parametrize(
    "claim",
    [
        "In 2021 the Halden plant produced 87% of all valves.",
        "The Halden plant produced 87% of all valves in 2021.",
        "Acme's net sales of pumps rose 5% to $412 million in 2022.",
        "Acme does not expect further closures.",
        "Acme states: “The company does not expect further closures.”",
    ],
)
def test_words_of_the_source_and_their_restatement_pass(claim: str) -> None:
    assert ok(claim)


def test_a_wrong_share_and_a_wrong_year_are_both_caught() -> None:
    assert not ok("The Halden plant produced 85% of all valves in 2022.")
    assert not ok("The Halden plant produced 85% of all valves in 2021.")
    assert not ok("The Halden plant produced 87% of all valves in 2022.")


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("Net sales of pumps decreased 5% to $412 million in 2022.", "direction"),
        ("Net sales of pumps rose 5% to $412 billion in 2022.", "stands nowhere"),
        ("Net sales of pumps rose 5% to €412 million in 2022.", "unit"),
        ("Bolt's net sales of pumps rose 5% to $412 million in 2022.", "Bolt"),
        ("Zenith's net sales of pumps rose 5% to $412 million in 2022.", "Zenith"),
        ("The company expects further closures.", "denies"),
        ("The Halden plant did not produce 87% of all valves in 2021.", "deny"),
        ("Demand weakens in Norway.", "may be so"),
        ("The Halden plant is the largest producer of valves.", "largest"),
        ("Acme states: “The company does not expect further openings.”", "quoted words"),
    ],
)
def test_each_break_of_a_restatement_is_withheld_with_its_reason(broken: str, why: str) -> None:
    verdict = check(Claim(broken, "quoted", (1,)), ledger())
    assert not verdict.ok
    assert why in verdict.why


@pytest.mark.parametrize(
    "claim",
    [
        "Acme's net sales were $1.7 billion in 2022.",
        "Acme reported revenue of $1,749 million for fiscal 2022.",
        "Net income fell from $233 million in 2021 to $210 million in 2022.",
        "Net income decreased in 2022 compared with 2021.",
    ],
)
def test_a_row_may_be_said_in_other_words(claim: str) -> None:
    assert ok(claim, TABLED)


@pytest.mark.parametrize(
    "claim",
    [
        "Acme's cost of sales was $1,749 million in 2022.",
        "Acme's net sales were $1,652 million in 2022.",
        "Acme's net sales were $1,749 in 2022.",
        "Acme's net sales were $1,749 billion in 2022.",
        "Net income rose from $233 million in 2021 to $210 million in 2022.",
        "Net income increased in 2022 compared with 2021.",
    ],
)
def test_the_right_number_for_another_row_year_scale_or_direction_is_withheld(claim: str) -> None:
    assert not ok(claim, TABLED)


def test_a_citation_that_was_not_handed_out_is_withheld() -> None:
    verdict = check(Claim("The Halden plant produced 87% of all valves in 2021.", "quoted", (7,)), ledger())
    assert not verdict.ok
    assert "[7]" in verdict.why


def test_a_citation_whose_words_do_not_stand_at_its_page_is_withheld() -> None:
    forged = ledger(quote="The Halden plant produced 99% of all valves.")
    assert not ok("The Halden plant produced 99% of all valves.", forged)


def test_a_statement_without_evidence_is_withheld() -> None:
    assert not check(Claim("Acme is well known.", "quoted", ()), ledger()).ok


def value(metric: str, printed: str, number: str) -> Value:
    row = next(line for line in TABLE.splitlines() if printed in line)
    return Value(f"v{metric}", "s", "Acme", metric, row.split("\t")[0], YEAR, Decimal(number), "USD", printed,
                 Locator(page=2), 6, None, "income_statement", (), row)  # fmt: skip


def computed(fact_value: str, number: str = "210e6") -> Ledger:
    values = (value("revenue", "$1,749", "1749e6"), value("net_income", "$210", "210e6"))
    exhibits = ledger(TABLE, "table", values=values).exhibits
    fact = Fact(2, "Acme", "net profit margin", Decimal(fact_value), "ratio", "FY2022", "net income / revenue",
                (FactInput("net income", Decimal(number), "USD", 1), FactInput("revenue", Decimal("1749e6"), "USD", 1)),
                display="12.0%")  # fmt: skip
    return Ledger(exhibits, {2: fact}, names_of([SOURCE]))


def test_a_computed_claim_passes_when_its_fact_re_evaluates() -> None:
    margin = str(Decimal("210e6") / Decimal("1749e6"))
    assert ok("Acme's net profit margin was 12.0% in FY2022.", computed(margin), "computed", 2)
    assert not ok("Acme's net profit margin was 12.4% in FY2022.", computed(margin), "computed", 2)
    assert not ok("Acme's net profit margin was 12.0% in FY2021.", computed(margin), "computed", 2)
    assert not ok("Bolt's net profit margin was 12.0% in FY2022.", computed(margin), "computed", 2)


def test_a_fact_with_a_false_value_or_an_input_that_is_not_printed_is_withheld() -> None:
    assert not ok("Acme's net profit margin was 12.0% in FY2022.", computed("0.1201"), "computed", 2)
    other = str(Decimal("209e6") / Decimal("1749e6"))
    assert not ok("Acme's net profit margin was 11.9% in FY2022.", computed(other, "209e6"), "computed", 2)


def test_a_judgement_rests_on_claims_that_passed_and_brings_no_number_of_its_own() -> None:
    base = Claim("Acme does not expect further closures.", "quoted", (1,), support=1.0)
    assert check(Claim("The network looks settled.", "judgement", (), (0,)), ledger(), [base]).ok
    assert not check(Claim("The network looks settled.", "judgement", (), (0,)), ledger(), [None]).ok
    assert not check(Claim("The network looks settled.", "judgement"), ledger(), [base]).ok
    assert not check(Claim("Closures fall by 40%.", "judgement", (), (0,)), ledger(), [base]).ok
