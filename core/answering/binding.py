"""Binds each number of a claim to a number in its evidence: same value within the claim's printed rounding, same
unit and scale, same year, same entity, and about the same thing. A number that binds to nothing sinks the claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.answering import context
from core.answering.context import (
    Standing,
    of_exhibit,
    of_fact,
    subject_words,
    widen,
    words_by_number,
    years_of,
)
from core.answering.ledger import Exhibit, Ledger
from core.answering.numbers import MONTHS, Number, dates, numbers, years
from core.answering.words import stem, tokens
from core.evidence import Claim, Fact, normalise

COVERED = 0.5
"""Share of a claim's words for a number that the number's own context must hold."""
ASTRAY = 0.25
"""By how much another sentence of the evidence may fit the whole claim better than the one that holds the number."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a claim's numbers were bound to; `why` is the reason where one was not."""

    why: str = ""
    pairs: tuple[tuple[Number, Standing], ...] = ()
    lines: tuple[tuple[int, str], ...] = ()


def bind_numbers(text: str, claim: Claim, ledger: Ledger) -> Bound:
    """Binds every number, date and year of `text` to the evidence that the claim cites."""
    shown = [ledger.exhibits[n] for n in claim.citations if n in ledger.exhibits]
    facts = [ledger.facts[n] for n in claim.citations if n in ledger.facts]
    standing = [s for e in shown for s in of_exhibit(e)] + [s for f in facts for s in of_fact(f)]
    names = names_in(ledger, shown, [f.entity for f in facts])
    why = _entity(text, ledger, shown, facts)
    if why:
        return Bound(why)
    text = _without_digits(text, ledger, {f.entity for f in facts} | {e.source.entity for e in shown if e.source})
    found = numbers(text, spelled=True)
    amounts = [x for x in found if not x.spelled]
    pairs: list[tuple[Number, Standing]] = []
    for number in found:
        if number.spelled:
            if not _spelled(number, standing, shown):
                return Bound(f"“{number.text}” stands nowhere in its evidence")
            continue
        choice = _bind(text, number, amounts, standing, shown, names)
        if isinstance(choice, str):
            return Bound(choice)
        pairs.append((number, choice))
    why = _dates(text, shown, facts_text=" ".join(f.period for f in facts)) or _years(text, pairs, standing, shown)
    if why:
        return Bound(why)
    lines = dict.fromkeys((s.n, s.quote) for _, s in pairs if s.quote and s.n in ledger.exhibits)
    return Bound("", tuple(pairs), tuple(lines))


def _bind(
    text: str, number: Number, amounts: Sequence[Number], standing: Sequence[Standing], shown: Sequence[Exhibit],
    names: frozenset[str],
) -> Standing | str:  # fmt: skip
    same = [s for s in standing if _same_value(number, s)]
    if not same:
        return f"{number.text} stands nowhere in its evidence"
    unit = [s for s in same if _same_unit(text, number, s)]
    if not unit:
        return f"{number.text} has another unit in its evidence ({same[0].unit or 'no unit'})"
    when = years_of(text, number, amounts)
    timely = [s for s in unit if (not when or not s.years or when & s.years) and _same_span(text, s)]
    if not timely:
        stated = ", ".join(str(y) for y in sorted(unit[0].years)) or "another period"
        if not any(when & s.years for s in unit):
            pass
        elif not any(_same_span(text, s) for s in unit):
            return f"{number.text} is for {unit[0].days} days in its evidence"
        return f"{number.text} belongs to {stated} in its evidence, not to {', '.join(str(y) for y in sorted(when))}"
    whole = [w for w in subject_words(text) if w not in names]
    phrase = [w for w in words_by_number(text, amounts)[number] if w not in names] or whole
    if not phrase:
        return timely[0]
    rows = [r for e in shown for r in context.rivals(e)]
    closest = max((cover(whole, s.around) for s in standing if not s.label), default=0.0)
    best: tuple[float, Standing] | None = None
    for s in timely:
        if max(cover(phrase, s.around), cover(whole, s.around)) < COVERED:
            continue
        if not s.label and not s.sure and cover(whole, s.around) < closest - ASTRAY:
            continue
        if s.sure and s.n not in ledger_numbers(shown):
            competing = [(o.words, o.label, o.known_as) for o in standing if o is not s]
        elif s.label or s.sure:
            competing = rows
        else:
            competing = [(o.words, o.label, o.known_as) for o in standing if o.group == s.group and o is not s]
        mine = fit(phrase, s.words, s.label, s.known_as)
        if any(fit(phrase, *other) > mine + 0.01 for other in competing):
            continue
        if best is None or mine > best[0]:
            best = (mine, s)
    if best is None:
        return f"{number.text} is the figure of something else in its evidence"
    return best[1]


_PART = re.compile(
    r"\b(?:quarter\w*|[1-4]Q|Q[1-4]|half|H[12]|months?|weeks?|interim|year[- ]to[- ]date)\b"
    r"|\b(?:three|six|nine)[- ]month",
    re.IGNORECASE,
)


def _same_span(text: str, s: Standing) -> bool:
    """A quarter's figure is not a year's: a claim about one says so."""
    if not s.sure or not s.days:
        return True
    part = bool(_PART.search(text))
    if s.days < context.FULL_YEAR:
        return part
    return (
        not part
        or bool(re.search(r"\b(?:twelve|12)[- ]months?\b|\bfull year\b", text, re.IGNORECASE))
        or (s.days > context.FULL_YEAR and not re.search(r"\bquarter|\bQ[1-4]\b", text, re.IGNORECASE))
    )


def ledger_numbers(shown: Sequence[Exhibit]) -> set[int]:
    return {e.citation.n for e in shown}


def fit(phrase: Sequence[str], words: frozenset[str], label: frozenset[str], known_as: frozenset[str]) -> float:
    """How well words that a claim has for a number fit a row: the share of them that its label or section holds, and
    the share of its own label (or standard name) that the claim says. Running text has no label: the first alone."""
    covered = cover(phrase, words)
    if not label and not known_as:
        return covered
    said = widen(phrase)
    exact = max(_said(label, said), _said(known_as, said))
    return covered * (0.5 + 0.5 * exact)


def _said(label: frozenset[str], said: frozenset[str]) -> float:
    return cover(sorted(label), said) if label else 0.0


def cover(phrase: Sequence[str], words: frozenset[str]) -> float:
    """Share of `phrase` (weak words count a quarter) that is among `words`."""
    from core.answering.words import lexicon

    weak = {stem(w) for w in lexicon("weak")}
    weights = [(w, 0.25 if w in weak else 1.0) for w in dict.fromkeys(phrase)]
    total = sum(x for _, x in weights)
    return sum(x for w, x in weights if w in words) / total if total else 1.0


def _same_value(number: Number, s: Standing) -> bool:
    value = s.value
    if s.unit == "ratio":
        if number.unit in ("percent", "points"):
            value = value * 100
    elif s.unit == "percent" and number.unit not in ("percent", "points"):
        return False
    if not number.meets(value):
        return False
    # An exact zero is printed as zero; a figure rounded away to nothing proves nothing.
    if number.value == 0 and value != 0:
        return False
    return not (number.negative and value > 0 and s.sure)


def _same_unit(text: str, number: Number, s: Standing) -> bool:
    mine = number.unit
    theirs = s.unit
    if mine in ("percent", "points"):
        return theirs in (mine, "ratio", "%") or (mine == "percent" and theirs == "percent")
    if mine == "times":
        return theirs in ("times", "ratio", "")
    noun = re.match(r"\s*(?:of\s+|common\s+|ordinary\s+)*shares?\b", text[number.end :], re.IGNORECASE)
    if mine == "":
        if theirs in ("percent", "points"):
            return False
        if noun:
            return theirs in ("shares", "")
        return theirs != "shares" or bool(re.search(r"\bshares?\b", text, re.IGNORECASE))
    # Money: the same currency; "$" in a table's other rows makes its bare cells money.
    return theirs in (mine, "money?") or (theirs == "" and not s.sure and _no_other_unit(s))


def _no_other_unit(s: Standing) -> bool:
    return s.group == "table" and not re.search(r"\bshares\b|employees|percent|%", s.quote, re.IGNORECASE)


def _spelled(number: Number, standing: Sequence[Standing], shown: Sequence[Exhibit]) -> bool:
    word = number.text.lower()
    for e in shown:
        if word in tokens(e.citation.quote):
            return True
    return any(abs(s.value) == number.value for s in standing)


def _dates(text: str, shown: Sequence[Exhibit], facts_text: str = "") -> str:
    known = set()
    for e in shown:
        whole = " ".join(
            [e.citation.quote, facts_text, *(" ".join((p.text, p.context, *p.heading_path)) for p in e.passages)]
        )
        known |= {iso for _, _, iso in dates(whole)}
        known |= {v.period.end.isoformat() for v in e.values}
        if e.source and e.source.description.period:
            known.add(e.source.description.period.end.isoformat())
    known |= {iso for _, _, iso in dates(facts_text)} | set(re.findall(r"\d{4}-\d\d-\d\d", facts_text))
    for _, _, iso in dates(text):
        if iso not in known:
            return f"the date {iso} stands nowhere in its evidence"
    return ""


def _years(
    text: str, pairs: Sequence[tuple[Number, Standing]], standing: Sequence[Standing], shown: Sequence[Exhibit]
) -> str:
    """A year of a claim must be one that its evidence speaks of; where numbers were bound, theirs."""
    known: set[int] = set()
    for s in standing:
        known |= s.years
    for e in shown:
        known |= {y for _, _, y in years(e.citation.quote)}
        if e.passages:
            own = {y for _, _, y in years(e.citation.quote)}
            known |= own or set(context.passage_years(e))
            known |= {y for _, _, y in years(" ".join(e.passages[0].heading_path))}
    undated = not known
    for _, _, year in years(text):
        if year not in known and not undated:
            return f"{year} is not a year that its evidence speaks of"
    return "" if not undated or not years(text) else "its evidence names no year"


def names_in(ledger: Ledger, shown: Sequence[Exhibit], entities: Iterable[str]) -> frozenset[str]:
    """Stems of the names of the cited sources' entities: they say whose a number is, not what it measures."""
    out: set[str] = set()
    wanted = {e.source.entity for e in shown if e.source} | set(entities)
    for entity in wanted:
        for name in (*ledger.entities.get(entity, ()), entity):
            out |= {stem(t) for t in tokens(name)}
    return frozenset(out)


def _without_digits(text: str, ledger: Ledger, entities: Iterable[str]) -> str:
    """`text` with the digits of its own entities' names masked: the 3 of "3M" is no amount. Lengths stay."""
    names = {name for entity in entities for name in (*ledger.entities.get(entity, ()), entity)}
    for name in sorted(names, key=len, reverse=True):
        if re.search(r"\d", name):
            masked = re.sub(r"\d", "x", name)
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: masked, text)  # noqa: B023
    return text


_NO_NAME = re.compile(rf"(?:FY|CY|Q[1-4]|H[12]|USD|EUR|GBP|I|The|In|For|GAAP|Compared|{MONTHS})\d*")
_NAME = re.compile(r"\b[A-Z][\w&'’.-]*(?:\s+(?:of|the|and|&)?\s*[A-Z][\w&'’.-]*)*")


def _entity(text: str, ledger: Ledger, shown: Sequence[Exhibit], facts: Sequence[Fact]) -> str:
    """A claim may name only the entity of its evidence, or names that stand in the cited words themselves."""
    own = {e.source.entity for e in shown if e.source and e.source.entity} | {f.entity for f in facts if f.entity}
    own_names = " ".join(name for entity in own for name in (*ledger.entities.get(entity, ()), entity))
    whole = normalise(" ".join([own_names, *(e.citation.quote for e in shown),
                                *(f"{f.name} {f.formula}" for f in facts),
                                *(" ".join((p.text, p.context, *p.heading_path)) for e in shown
                                  for p in e.passages[:1]),
                                *(f"{e.source.label} {e.source.name}" for e in shown if e.source)]))  # fmt: skip
    low = whole.lower()
    quoted = normalise(" ".join(e.citation.quote for e in shown)).lower()
    for entity, names in ledger.entities.items():
        if entity in own:
            continue
        for name in names:
            if len(name) > 1 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) and name.lower() not in quoted \
                    and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", own_names, re.IGNORECASE):  # fmt: skip
                return f"it names {entity}, and its evidence is about {', '.join(sorted(own)) or 'something else'}"
    spoken = {stem(t) for t in tokens(low)}
    for m in re.finditer(r"[A-Za-z][\w&'’-]*", text):
        word = re.sub(r"['’]s?$", "", m.group())
        if not word[:1].isupper() or (word.isupper() and len(word) <= 1):
            continue
        first = m.start() == 0 or bool(re.search(r"[.!?:;]\s*[\"“]?$", text[: m.start()]))
        possessive = m.group() != word or text[m.end() : m.end() + 2] in ("'s", "’s")
        if first and not possessive and not _speaks(text[m.end() :]):
            continue
        known = word.lower() in low or stem(word.lower()) in spoken or widen([stem(word.lower())]) & spoken
        if not known and not _NO_NAME.fullmatch(word):
            return f"{word} is not named in its evidence"
    return ""


def _speaks(rest: str) -> bool:
    """Whether what follows makes the first word a subject that acts: "Acme reported …"."""
    verbs = (
        r"reported|posted|recorded|generated|had|has|spent|paid|earned|repurchased|booked|delivered|showed|disclosed"
        r"|acquired|sold|ended|held|saw|achieved|expects|plans|is|was"
    )
    return bool(re.match(rf"\s+(?:{verbs})\b", rest))
