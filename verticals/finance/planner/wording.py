"""The sentences of a computed answer: one figure a sentence, the period beside it, no number that is not a fact's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.evidence import Claim, Fact


class Script:
    """Collects claims in reading order; each method returns the claim's position, for the judgements on it."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.notices: list[str] = []
        self.missing: list[str] = []

    def computed(self, text: str, *facts: Fact) -> int:
        """A claim about `facts`."""
        self.claims.append(Claim(_capital(text), "computed", citations=tuple(f.n for f in facts), support=1.0))
        return len(self.claims) - 1

    def judgement(self, text: str, based_on: Sequence[int]) -> int:
        """A verdict that rests on earlier claims."""
        cited = tuple(dict.fromkeys(n for i in based_on for n in self.claims[i].citations))
        self.claims.append(Claim(_capital(text), "judgement", citations=cited, based_on=tuple(based_on), support=1.0))
        return len(self.claims) - 1

    def assumption(self, text: str) -> None:
        """A definition or rule that the answer rests on; said once."""
        claim = Claim(_capital(text), "assumption", support=1.0)
        if claim not in self.claims:
            self.claims.append(claim)

    def notice(self, text: str) -> None:
        if text not in self.notices:
            self.notices.append(text)

    def lacks(self, what: Sequence[str]) -> None:
        self.missing.extend(w for w in what if w not in self.missing)

    def value(self, fact: Fact, instant: bool = False) -> int:
        """ "The gross margin of Acme was 43.8% in FY2022"."""
        when = f"at the end of {fact.period}" if instant else f"in {fact.period}"
        return self.computed(f"{whose(fact.entity)} {fact.name} {verb(fact)} {fact.display} {when}.", fact)

    def moved(self, fact: Fact, name: str, entity: str) -> int:
        """ "From FY2021 to FY2022 Acme's gross margin fell by 1.2 percentage points"."""
        start, _, end = fact.period.partition(" to ")
        if not is_zero(fact):
            by = f"{'rose' if fact.value > 0 else 'fell'} by {unsigned(fact.display)}"
            return self.computed(f"from {start} to {end} {whose(entity)} {name} {by}.", fact)
        return self.computed(f"from {start} to {end} {whose(entity)} {name} did not change ({fact.display}).", fact)


def whose(entity: str) -> str:
    """The possessive of a company's name."""
    return f"{entity}'" if entity.endswith("s") else f"{entity}'s"


def verb(fact: Fact) -> str:
    """ "was" or "were": plural where the name's own noun is."""
    head = re.split(r" of | from | to | on | as a |,| \(| per | less | in ", fact.name)[0]
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is", "taxes"))
    return "were" if plural and not head.startswith("days") else "was"


def unsigned(display: str) -> str:
    """`display` without its minus: a direction is told by the verb."""
    return display.replace("-", "", 1)


def is_zero(fact: Fact) -> bool:
    """Whether the fact is shown as nothing at its rounding."""
    return not any(c in "123456789" for c in fact.display)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
