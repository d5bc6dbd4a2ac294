"""Puts an Answer together from claims that passed: numbers the evidence by first use, narrows each citation to the
words that prove the claim, and writes the text with its [n] marks. Nothing enters the text that is not a claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.answering.gates import strip_marks
from core.evidence import Citation, Claim, Fact, normalise


@dataclass(frozen=True, slots=True)
class Composed:
    """Text and renumbered evidence of an answer."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    facts: tuple[Fact, ...]


def compose(
    claims: Sequence[Claim | None],
    lines: Sequence[tuple[tuple[int, str], ...]],
    citations: Sequence[Citation],
    facts: Sequence[Fact],
) -> Composed:
    """`claims` by their drafted position, None where withheld; `lines` are the gate's proofs for each (same length)."""
    by_number: Mapping[int, Citation] = {c.n: c for c in citations}
    fact_of: Mapping[int, Fact] = {f.n: f for f in facts}
    numbers: dict[tuple[int, str], int] = {}
    out_citations: list[Citation] = []
    out_facts: list[Fact] = []

    def cite(n: int, quote: str) -> int:
        citation = by_number[n]
        narrowed = quote if quote and normalise(quote) in normalise(citation.quote) else citation.quote
        for key, known in numbers.items():
            old = next((c for c in out_citations if c.n == known), None)
            if (
                old
                and key[0] >= 0
                and (old.source_id, old.locator, old.quote) == (citation.source_id, citation.locator, narrowed)
            ):
                return known
        return new((n, narrowed), replace(citation, quote=narrowed))

    def new(key: tuple[int, str], citation: Citation) -> int:
        number = len(numbers) + 1
        numbers[key] = number
        out_citations.append(replace(citation, n=number))
        return number

    def state(n: int) -> int:
        if (-n, "") in numbers:
            return numbers[(-n, "")]
        fact = fact_of[n]
        number = len(numbers) + 1
        numbers[(-n, "")] = number
        at = len(out_facts)
        out_facts.append(fact)
        inputs = tuple(
            replace(
                i,
                citation=None
                if i.citation is None
                else state(i.citation)
                if i.citation in fact_of
                else cite(i.citation, ""),
            )
            for i in fact.inputs
        )
        out_facts[at] = replace(fact, n=number, inputs=inputs)
        return number

    kept: list[Claim] = []
    position: dict[int, int] = {}
    for i, claim in enumerate(claims):
        if claim is None:
            continue
        proofs = dict(lines[i]) if i < len(lines) else {}
        cited = []
        for n in claim.citations:
            if n in fact_of:
                cited.append(state(n))
            elif n in proofs or not proofs or claim.kind == "computed":
                own = [quote for m, quote in (lines[i] if i < len(lines) else ()) if m == n] or [""]
                cited += [cite(n, quote) for quote in own[:3]]
        position[i] = len(kept)
        kept.append(
            replace(
                claim,
                text=strip_marks(claim.text),
                citations=tuple(dict.fromkeys(cited)),
                based_on=tuple(position[b] for b in claim.based_on if b in position),
            )
        )
    return Composed(" ".join(_marked(c) for c in kept), tuple(kept), tuple(out_citations), tuple(out_facts))


def _marked(claim: Claim) -> str:
    text = claim.text.rstrip()
    if not text.endswith((".", "!", "?", "。", "！", "？", ":", "”")):
        text += "."
    marks = "".join(f"[{n}]" for n in claim.citations)
    return f"{text} {marks}" if marks else text
