"""Whether an answer is right, by the numbers and the verdict that its gold answer contains.

Rules, fixed before any answer was graded:
1. A gold without number and verdict is not graded.
2. An answer that abstains, refuses or asks back is an abstention.
3. A gold that is nothing but a number is met by the *result* of the answer: the computed fact that no other fact is
   built on, else the first number of the first claim that holds one. A list of figures that happens to hold the
   right one is not an answer.
4. A number that the question itself holds is none of the gold's. A gold with a verdict (yes, no, or a direction) is
   met when the answer gives the same verdict and at least half of the gold's numbers; one without is met when the
   answer gives all of its numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from verticals.finance.suites.numbers import Number, agree, numbers, question_scale

Outcome = Literal["right", "wrong", "abstained", "ungraded"]

ONLY_A_NUMBER = re.compile(r"[\s$()\d.,%+\u2212-]+(?:million|billion|days|times|x)?\.?\s*", re.IGNORECASE)
OPENING = re.compile(r"^\W*(yes|no)\b(?!\.?\s*\d)", re.IGNORECASE)
NOT_SAID = {"abstained", "refused", "needs_input"}


@dataclass(frozen=True, slots=True)
class Grade:
    """An outcome and what it rests on."""

    outcome: Outcome
    numbers_wanted: int = 0
    numbers_met: int = 0
    verdict_wanted: str = ""
    verdict_given: str = ""

    @property
    def all_numbers(self) -> bool:
        """Right, with every number of the gold said (stricter than rule 4 where the gold has a verdict)."""
        return self.outcome == "right" and self.numbers_met == self.numbers_wanted


def grade(question: str, gold: str, answer: Mapping[str, Any]) -> Grade:
    """Grades an Answer (as JSON) against the gold text of its question."""
    asked = {(number.value, number.percent) for number in numbers(question)}
    wanted = [number for number in numbers(gold) if (number.value, number.percent) not in asked]
    alone = bool(ONLY_A_NUMBER.fullmatch(gold)) and len(wanted) == 1
    verdict = "" if alone else verdict_of_gold(gold)
    if not wanted and not verdict:
        return Grade("ungraded")
    if answer["status"] in NOT_SAID:
        return Grade("abstained", len(wanted), 0, verdict)
    scale = question_scale(question)
    if alone:
        met = any(agree(wanted[0], said, scale) for said in results(answer))
        return Grade("right" if met else "wrong", 1, int(met))
    declining = "down" in directions(gold)
    said = all_numbers(answer)
    met_count = sum(any(agree(number, other, scale, declining) for other in said) for number in wanted)
    given = verdict_of_answer(question, answer) if verdict else ""
    enough = 2 * met_count >= len(wanted) if verdict else met_count == len(wanted)
    right = enough and _same_verdict(verdict, given, question)
    return Grade("right" if right else "wrong", len(wanted), met_count, verdict, given)


def results(answer: Mapping[str, Any]) -> list[Number]:
    """What the answer gives as its result: rule 3 above."""
    facts = {fact["n"]: fact for fact in answer.get("facts", [])}
    inner = {i["citation"] for fact in facts.values() for i in fact["inputs"] if i.get("citation") in facts}
    for claim in answer["claims"]:
        if claim["kind"] == "question":
            continue
        last = [facts[n] for n in claim["citations"] if n in facts and n not in inner]
        said = numbers(claim["text"])
        if last and claim["kind"] in ("computed", "judgement"):
            return [_of_fact(fact) for fact in last]
        if said:
            return said[:1]
    return []


def all_numbers(answer: Mapping[str, Any]) -> list[Number]:
    """Every number that the answer's claims show, and those of the facts that the claims rest on."""
    cited = {n for claim in answer["claims"] for n in claim["citations"]}
    shown = [number for claim in answer["claims"] for number in numbers(claim["text"])]
    return shown + [_of_fact(fact) for fact in answer.get("facts", []) if fact["n"] in cited]


def verdict_of_gold(gold: str) -> str:
    """ "yes", "no", "up", "down", "flat", or "" where the gold gives none."""
    opening = OPENING.match(gold)
    if opening:
        return opening.group(1).lower()
    first = re.split(r"(?<=[.:])\s", gold.strip(), maxsplit=1)[0]
    found = directions(first)
    return found[0] if len(set(found)) == 1 else ""


def verdict_of_answer(question: str, answer: Mapping[str, Any]) -> str:
    """The answer's own verdict: a claim that opens with yes or no, else the direction that its own words give.

    Quoted words are the source's and give no verdict, unless the answer has nothing else.
    """
    own = [claim["text"] for claim in answer["claims"] if claim["kind"] in ("judgement", "computed", "assumption")]
    for text in own:
        opening = OPENING.match(text)
        if opening:
            return opening.group(1).lower()
    texts = own or [claim["text"] for claim in answer["claims"]]
    for text in texts:
        found = directions(text)
        if found:
            return found[0] if len(set(found)) == 1 else ""
    return ""


def directions(text: str) -> list[str]:
    """The directions that a text words, in order; a negated one is left out ("did not improve")."""
    found = []
    for match in _words().finditer(text):
        before = text[max(0, match.start() - 24) : match.start()].lower()
        if not re.search(r"\b(?:not|no|never|without|hardly)\b[^.;,]*$", before):
            found.append(_table()[match.group(0).lower()])
    return found


def _same_verdict(wanted: str, given: str, question: str) -> bool:
    if not wanted:
        return True
    if wanted == given:
        return True
    asked = set(directions(question))
    if len(asked) != 1 or not given:
        return False
    # "Is it improving?" - "It declined" says no; "Was there any drop?" - "It fell" says yes.
    direction = asked.pop()
    means = {"yes": direction, "no": {"up": "down", "down": "up"}.get(direction, "")}
    return means.get(wanted, wanted) == means.get(given, given)


def _of_fact(fact: Mapping[str, Any]) -> Number:
    value = Decimal(str(fact["value"]))
    unit = str(fact["unit"]).lower()
    return Number(value, percent=unit in ("%", "percent", "percentage points"), scaled=True)


@cache
def _table() -> dict[str, str]:
    path = Path(__file__).with_name("verdicts.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] in ("up", "down", "flat")]
    return {word: row["kind"] for row in rows for word in row["word"].split("|")}


@cache
def _words() -> re.Pattern[str]:
    words: Sequence[str] = sorted(_table(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
