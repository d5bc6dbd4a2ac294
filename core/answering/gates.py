"""The gates: every claim passes the gate of its kind or is withheld with the reason.

quoted      its words stand at the locator; restated prose keeps numbers, entity, period, direction, negation, wording
computed    the facts re-evaluate, and every number of the claim is one of theirs or stands in a cited quote
judgement   names claims that passed, and brings no number of its own
assumption  passes as such (it is shown as an assumption)
question    passes; it asks and states nothing
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import core.answering.prose as prose
from core.answering import formula
from core.answering.binding import bind_numbers, names_in
from core.answering.ledger import Exhibit, Ledger
from core.answering.numbers import numbers
from core.answering.words import content
from core.evidence import Claim, Fact, normalise

Scorer = Callable[[str, Sequence[str]], Sequence[float]]
"""`scorer(claim, evidence texts)` → how well each supports the claim, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim may be shown; `why` names the reason where not. `lines` are the words of each cited source
    on which it rests, by citation number (to narrow a wide citation to what it proves)."""

    ok: bool
    why: str = ""
    support: float = 0.0
    lines: tuple[tuple[int, str], ...] = ()


def check(claim: Claim, ledger: Ledger, before: Sequence[Claim | None] = (), scorer: Scorer | None = None) -> Verdict:
    """Sends one claim through the gate of its kind. `before` holds the answer's claims by position, None where
    dropped (a judgement may rest on those that passed). Without a `scorer`, prose is judged by its words alone."""
    unknown = [n for n in claim.citations if not ledger.has(n)]
    if unknown:
        return Verdict(False, f"cites {_list(unknown)}, which is not among the evidence")
    if not claim.text.strip():
        return Verdict(False, "is empty")
    if claim.kind == "judgement":
        return _judgement(claim, ledger, before)
    if claim.kind == "assumption":
        return Verdict(True, support=1.0)
    if claim.kind == "question":
        if numbers(claim.text):
            return Verdict(False, "a question that states a number")
        return Verdict(True, support=1.0)
    if not claim.citations:
        return Verdict(False, "names no evidence")
    for n in claim.citations:
        shown = ledger.exhibits.get(n)
        if shown is not None and not shown.verbatim:
            return Verdict(False, f"the words of [{n}] do not stand in {shown.citation.source} at the place named")
    for n in claim.citations:
        if n in ledger.facts:
            why = check_fact(ledger.facts[n], ledger)
            if why:
                return Verdict(False, why)
    if claim.kind == "quoted":
        return _quoted(claim, ledger, scorer)
    return _computed(claim, ledger)


def check_fact(fact: Fact, ledger: Ledger, seen: frozenset[int] = frozenset()) -> str:
    """ "" where the fact is its formula over inputs that stand in their citations; else why not."""
    if fact.n in seen:
        return f"{fact.name} rests on itself"
    why = formula.verify(fact)
    if why:
        return why
    for item in fact.inputs:
        if item.citation is None:
            return f"{fact.name}: nothing is cited for {item.name}"
        if item.citation in ledger.facts:
            other = ledger.facts[item.citation]
            known = {other.value, *(i.value for i in other.inputs)}
            if item.value not in known:
                return f"{fact.name}: {item.name} is not the value of [{item.citation}]"
            why = check_fact(other, ledger, seen | {fact.n})
            if why:
                return why
            continue
        shown = ledger.exhibits.get(item.citation)
        if shown is None or not shown.verbatim:
            return f"{fact.name}: the source of {item.name} does not stand at the place named"
        if not _printed_there(item.value, item.citation, ledger):
            return f"{fact.name}: {item.name} is not printed in [{item.citation}]"
    return ""


def _printed_there(value: object, n: int, ledger: Ledger) -> bool:
    from decimal import Decimal

    from core.answering.context import of_exhibit

    shown = ledger.exhibits[n]
    wanted = Decimal(str(value))
    if any(v.value == wanted for v in shown.values):
        return True
    for standing in of_exhibit(shown):
        if standing.value in (wanted, -wanted) or (
            standing.unit == "percent" and abs(standing.value) == abs(wanted) * 100
        ):
            return True
    # The same digits at another power of ten: a table whose unit line is out of the passage's sight.
    digits = re.sub(r"0+$", "", re.sub(r"\D", "", format(abs(wanted), "f")).lstrip("0"))
    printed = [re.sub(r"0+$", "", re.sub(r"\D", "", x.text).lstrip("0")) for x in numbers(shown.citation.quote)]
    return (digits or "0") in [p or "0" for p in printed]


def _quoted(claim: Claim, ledger: Ledger, scorer: Scorer | None) -> Verdict:
    shown = [ledger.exhibits[n] for n in claim.citations if n in ledger.exhibits]
    if not shown:
        return Verdict(False, "a quotation that cites no source")
    text = strip_marks(claim.text)
    for exhibit in shown:
        if _stands(text, exhibit.citation.quote):
            return Verdict(True, support=1.0)
    quotations = re.findall(r"[“\"]([^”\"]{3,})[”\"]", text)
    for quoted in quotations:
        if not any(_within(quoted, e.citation.quote) for e in shown):
            return Verdict(False, f"the quoted words {_short(quoted)} are not those of the source")
    if quotations and _only_attributed(re.sub(r"[“\"][^”\"]*[”\"]", " ", text), shown, ledger):
        return Verdict(True, support=1.0)
    bound = bind_numbers(text, claim, ledger)
    if bound.why:
        return Verdict(False, bound.why)
    worded = prose.check(text, shown, ledger, bound, scorer)
    if worded.why:
        return Verdict(False, worded.why, worded.support)
    return Verdict(True, support=worded.support, lines=(*bound.lines, *worded.lines))


def _computed(claim: Claim, ledger: Ledger) -> Verdict:
    text = strip_marks(claim.text)
    bound = bind_numbers(text, claim, ledger)
    if bound.why:
        return Verdict(False, bound.why)
    why = prose.contradicted_direction(text, bound)
    return Verdict(not why, why, 0.0 if why else 1.0, lines=bound.lines)


def _judgement(claim: Claim, ledger: Ledger, before: Sequence[Claim | None]) -> Verdict:
    if not claim.based_on:
        return Verdict(False, "a judgement that names no claims")
    rests = []
    for position in claim.based_on:
        base = before[position] if 0 <= position < len(before) else None
        if base is None:
            return Verdict(False, "a claim that this judgement rests on was withheld")
        rests.append(base)
    cited = tuple(dict.fromkeys([*claim.citations, *(n for base in rests for n in base.citations)]))
    stated = {x.value for base in rests for x in numbers(base.text)}
    own = [x for x in numbers(strip_marks(claim.text)) if x.value not in stated]
    if own:
        bound = bind_numbers(strip_marks(claim.text), Claim(claim.text, "computed", cited), ledger)
        if bound.why:
            return Verdict(False, bound.why)
    return Verdict(True, support=min((base.support for base in rests), default=1.0))


def _only_attributed(rest: str, shown: Sequence[Exhibit], ledger: Ledger) -> bool:
    """Whether what stands around a quotation says no more than whose words it is."""
    names = names_in(ledger, shown, ())
    return not numbers(rest) and all(w in names for w in content(rest, drop=("filler",)))


def strip_marks(text: str) -> str:
    """The claim's words without its citation marks."""
    return re.sub(r"\s*\[\d+(?:\s*,\s*\d+)*\]", "", text).strip()


def _stands(text: str, quote: str) -> bool:
    """Whether the whole claim is a run of the source's words, cut at no place that would turn its meaning."""
    bare = text.strip().strip('“”"').strip()
    if not _within(bare, quote):
        return False
    whole, plain = normalise(quote), normalise(bare)
    at = whole.find(plain)
    lead = re.split(r"[.!?;]\s", whole[:at])[-1]
    after = whole[at + len(plain) : at + len(plain) + 1]
    cut_number = plain[-1:].isdigit() and after.isdigit()
    return not prose.negated(lead) and not cut_number


def _within(text: str, quote: str) -> bool:
    plain, whole = normalise(text).rstrip("."), normalise(quote)
    if not plain:
        return False
    at = whole.find(plain)
    while at >= 0:
        end = at + len(plain)
        left = at == 0 or not (whole[at - 1].isalnum() and plain[0].isalnum() and plain[0].isascii())
        # "391" is not a quotation of "391,035", nor "5" of "5.2".
        right = end == len(whole) or not re.match(r"\w|[.,]\d", whole[end:]) or not plain[-1].isascii()
        digits = at > 0 and plain[0].isdigit() and whole[at - 1] in ".,-($"
        if left and right and not digits:
            return True
        at = whole.find(plain, at + 1)
    return False


def _list(ns: Sequence[int]) -> str:
    return ", ".join(f"[{n}]" for n in ns)


def _short(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"
