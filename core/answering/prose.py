"""The gate for restated prose: direction, negation, superlatives, certainty and wording against the cited sentences.

Text similarity decides only here, and only after numbers, names, directions and negations have agreed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.answering.binding import Bound, fit, names_in
from core.answering.context import Standing, of_exhibit, subject_words, widen, without_numbers
from core.answering.ledger import Exhibit, Ledger
from core.answering.numbers import Number, numbers, years
from core.answering.words import bounds, clauses, content, directions, lexicon, sentences, stem, tokens
from core.evidence import normalise

Scorer = Callable[[str, Sequence[str]], Sequence[float]]

LEAST_COVERED = 0.6
"""Share of a claim's content words that its evidence must hold; below it no similarity helps."""
LEAST_OWN = 0.34
"""Share of a claim's content words that the cited words hold by themselves, without headings and titles."""
LEAST_SUPPORT = 0.5
"""Support below which a restatement is withheld."""


@dataclass(frozen=True, slots=True)
class Worded:
    """The verdict on a claim's wording."""

    why: str = ""
    support: float = 0.0
    lines: tuple[tuple[int, str], ...] = ()


def check(text: str, shown: Sequence[Exhibit], ledger: Ledger, bound: Bound, scorer: Scorer | None) -> Worded:
    """Holds the wording of `text` against the sentences of its citations that come closest to it."""
    names = names_in(ledger, shown, ())
    evidence = [(e.citation.n, s) for e in shown for s in _units(e)]
    if not evidence:
        return Worded("its evidence holds no words")
    bound_lines = {normalise(s.quote) for _, s in bound.pairs}
    claim_words = [w for w in content(without_numbers(text), drop=("filler", "approximate")) if w not in names]
    ranked = sorted(evidence, key=lambda pair: -_overlap(claim_words, pair[1]) - (normalise(pair[1]) in bound_lines))
    near = [s for _, s in ranked[:2]]
    why = (
        contradicted_direction(text, bound)
        or _direction(text, near, bound, shown, names)
        or _bounds(text, [s for _, s in evidence])
        or _negation(text, near)
        or _exclusive(text, [s for _, s in evidence], bound)
        or _certainty(text, near[0], bound)
        or _bare_units(text, [s for _, s in evidence])
    )
    if why:
        return Worded(why)
    held = " ".join([s for _, s in evidence] + [c for e in shown for c in _around(e)])
    held_words = widen(content(held)) | {w for _, s in bound.pairs for w in s.words | s.around}
    meant = [w for w in claim_words if w not in _direction_stems()]
    covered = _share(meant, held_words)
    # Headings and titles say what a passage is about; what is said must stand in the cited words themselves.
    own = widen(content(" ".join(s for _, s in evidence))) | {w for _, s in bound.pairs for w in s.words}
    if meant and _share(meant, own) < LEAST_OWN:
        return Worded("the cited words do not say it", covered)
    if covered < LEAST_COVERED:
        lacking = [w for w in meant if w not in held_words]
        return Worded(f"its evidence does not speak of {', '.join(lacking[:4])}", covered)
    support = covered
    if scorer is not None:
        scores = list(scorer(text, near))
        # A table row says little to a reader of sentences: where the numbers are bound, the words' cover decides.
        support = max(max(scores, default=0.0), covered if bound.pairs or covered >= 0.9 else 0.0)
    if support < LEAST_SUPPORT:
        return Worded("its evidence does not support the wording", support)
    return Worded("", min(support, 1.0), tuple(ranked[:1]) if not bound.lines else ())


def contradicted_direction(text: str, bound: Bound) -> str:
    """Where a claim names a direction and two years of one thing, the numbers decide: "rose from 5 in 2021 to 4 in
    2022" is withheld. A number whose sign is the change itself decides too."""
    found = directions(text)
    if len(found) != 1:
        return ""
    _, end, way = found[0]
    # "increased by $5 million", "a decrease of 3%": the number is the change, not a level to compare.
    if re.match(r"\s+(?:\w+\s+){0,6}?(?:by|of)\s+(?:\w+\s+)?[($€£]?\d", text[end:]):
        return _change_sign(bound, way)
    # The claim's own numbers, by the years of what they are bound to: signs are as the claim's reader sees them.
    dated = [(max(s.years), n.value, n) for n, s in bound.pairs if len(s.years) == 1]
    dated.sort(key=lambda item: item[0])
    if len(dated) == 2 and dated[0][0] != dated[1][0] and dated[0][2].unit == dated[1][2].unit:
        actual = "+" if dated[1][1] > dated[0][1] else "-" if dated[1][1] < dated[0][1] else "0"
        if actual != way:
            return "its numbers move the other way"
        return ""
    moved = re.search(r"\bfrom\b.*\bto\b", text)
    if moved and len(bound.pairs) >= 2:
        inside = [(n, s) for n, s in bound.pairs if n.start >= moved.start()][:2]
        if len(inside) == 2 and inside[0][0].unit == inside[1][0].unit:
            first, second = (abs(s.value) for _, s in inside)
            if first != second and ("+" if second > first else "-") != way:
                return "its numbers move the other way"
    return _change_sign(bound, way)


def _change_sign(bound: Bound, way: str) -> str:
    """Whether a fact or typed value that is itself a change has the other sign."""
    for number, s in bound.pairs:
        change = re.search(r"growth|change|increase|decrease|decline|cagr", f"{s.text} {' '.join(s.words)}")
        if s.sure and change and s.value != 0 and not number.negative and ("+" if s.value > 0 else "-") != way:
            return "the change has the other sign"
    return ""


def _stated(text: str) -> set[str]:
    return {way for _, _, way in directions(text)}


def _direction(text: str, near: Sequence[str], bound: Bound, shown: Sequence[Exhibit], names: frozenset[str]) -> str:
    """Every direction of the claim is stated, of the same thing, in the nearest sentence or follows from numbers."""
    for position, (way, words) in enumerate(span for spans in _spans(text) for span in spans):
        verdicts = [_stated_of(words, way, s, position) for s in near]
        if any(v == "same" for v in verdicts[:1]):
            continue
        if any(v == "other" for v in verdicts[:1]):
            return f"its evidence states the other direction for {' '.join(sorted(words)[:3])}"
        if any(v == "same" for v in verdicts):
            continue
        moved = _moved(text, shown, names) if not bound.pairs else ""
        if moved and moved != way:
            return "its evidence moves the other way"
        if not moved and not _follows(way, bound):
            return "its evidence states no such direction"
    return ""


def _spans(text: str) -> list[list[tuple[str, frozenset[str]]]]:
    """For each clause, its directions with the words from the direction before to the one after."""
    out = []
    for clause in clauses(text):
        found = directions(clause)
        spans = []
        for i, (_, _, way) in enumerate(found):
            start = found[i - 1][1] if i else 0
            end = found[i + 1][0] if i + 1 < len(found) else len(clause)
            spans.append((way, frozenset(subject_words(clause[start:end]))))
        out.append(spans)
    return out


def _stated_of(words: frozenset[str], way: str, sentence: str, position: int = 0) -> str:
    """ "same", "other" or "" (unsaid): what the direction of `sentence` that shares most words with `words` says; of
    equals the one nearest to `position` among the sentence's directions."""
    best, said = -1.0, ""
    wide = widen(words)
    for i, (other, theirs) in enumerate(span for spans in _spans(sentence) for span in spans):
        share = len(wide & theirs) / max(1, len(theirs)) + len(wide & theirs) / max(1, len(words))
        share -= 0.05 * abs(i - position)
        if share > best:
            best, said = share, "same" if other == way else "other"
    return said


def _moved(text: str, shown: Sequence[Exhibit], names: frozenset[str]) -> str:
    """ "+" or "-": how the row that the claim speaks of moved between the two years that it names; "" where no row
    says. For claims that state a change and no number."""
    named = sorted({y for _, _, y in years(text)})
    if len(named) == 1:
        named = [named[0] - 1, named[0]]
    if len(named) != 2:
        return ""
    phrase = [w for w in subject_words(text) if w not in names]
    rows: dict[str, list[Standing]] = {}
    for e in shown:
        for s in of_exhibit(e):
            if s.label and len(s.years) == 1:
                rows.setdefault(s.quote, []).append(s)
    found: list[tuple[float, str]] = []
    for cells in rows.values():
        by_year = {next(iter(s.years)): abs(s.value) for s in cells if s.unit not in ("percent", "points")}
        if named[0] in by_year and named[1] in by_year and by_year[named[0]] != by_year[named[1]]:
            best = max(fit(phrase, s.words, s.label, s.known_as) for s in cells)
            found.append((best, "+" if by_year[named[1]] > by_year[named[0]] else "-"))
    if not found:
        return ""
    best, way = max(found)
    rivals = {w for f, w in found if f > best - 0.05}
    return way if best >= 0.4 and len(rivals) == 1 else ""


def _follows(way: str, bound: Bound) -> bool:
    """Whether the bound numbers themselves show the direction: two years of one row."""
    dated = sorted({(max(s.years), s.value) for _, s in bound.pairs if s.years})
    if len(dated) >= 2 and dated[0][0] != dated[-1][0]:
        return ("+" if dated[-1][1] > dated[0][1] else "-") == way
    for _, s in bound.pairs:
        if s.unit in ("percent", "ratio") and s.value < 0:
            return way == "-"
    return False


def negated(text: str) -> bool:
    return any(t in lexicon("negation") or t.endswith("n't") for t in tokens(text))


def _heads(text: str) -> list[frozenset[str]]:
    """For each negation word, the stems of the words that follow it up to the next break: what is negated."""
    out = []
    for m in re.finditer(r"[A-Za-z][A-Za-z'’]*", text):
        word = m.group().lower()
        if word in lexicon("negation") or word.endswith(("n't", "n’t")):
            after = re.split(r"[,;:.()]|\b(?:and|but|nor)\b", text[m.end() :])[0]
            out.append(frozenset(content(" ".join(after.split()[:7]), drop=("negation",))[:4]))
    return out


def _bounds(text: str, evidence: Sequence[str]) -> str:
    """A comparison ("lower of cost", "more than expected") turns no way that the evidence does not turn."""
    mine = set(bounds(text))
    if not mine:
        return ""
    said = set(bounds(" ".join(evidence)))
    words = set(tokens(" ".join(evidence)))
    said |= {
        sign
        for group, sign in (("bound_high", ">"), ("bound_low", "<"))
        if words & (lexicon(group) - {"higher", "lower", "more", "less"})
    }
    return "" if mine <= said else "its evidence makes no such comparison"


def _negation(text: str, near: Sequence[str]) -> str:
    """What the claim denies its evidence denies, and what its evidence denies of the same thing it denies too."""
    mine = [h for h in _heads(text) if h]
    theirs = [h for s in near for h in _heads(s) if h]
    for head in mine:
        if not any(len(widen(head) & widen(other)) >= min(2, len(head), len(other)) for other in theirs):
            return "it denies what its evidence does not deny"
    close = [h for h in (_heads(near[0]) if near else []) if h]
    # A "not" before a number has no words to compare: it counts.
    if len(_heads(text)) > max((len(_heads(s)) for s in near), default=0):
        return "it denies what its evidence does not deny"
    said = widen(content(text))
    for head in close:
        spoken = len(widen(head) & said) >= max(1, len(head) - 1)
        if spoken and not any(widen(head) & widen(other) for other in mine):
            return "its evidence denies it"
    return ""


def _exclusive(text: str, evidence: Sequence[str], bound: Bound) -> str:
    """A superlative or an "only" must be the source's own."""
    said = set(tokens(" ".join(evidence)))
    for group in ("superlative_high", "superlative_low", "exclusive"):
        words = lexicon(group)
        mine = {t for t in tokens(text) if t in words}
        if not mine:
            continue
        if group == "exclusive":
            strong = mine - {"first", "last", "record", "all", "every"} or mine
            if not (strong & said) and not (mine & said) and not (words & said and "only" in mine):
                return f"its evidence does not say “{sorted(mine)[0]}”"
        elif not words & said:
            return f"its evidence does not say “{sorted(mine)[0]}”"
    return ""


def _certainty(text: str, sentence: str, bound: Bound) -> str:
    """What a source only holds possible or expects is not stated as having happened."""
    if bound.pairs:
        return ""
    modal = lexicon("modal")
    theirs = {t for t in tokens(sentence) if t in modal}
    mine = {t for t in tokens(text) if t in modal}
    if theirs & {"may", "might", "could"} and not mine and not mine_hedged(text):
        return "its evidence only says that it may be so"
    return ""


def _bare_units(text: str, evidence: Sequence[str]) -> str:
    """A unit or scale word that belongs to no number of the claim must be the source's own."""
    said = {t.rstrip("s") for t in tokens(" ".join(evidence))}
    if "%" in " ".join(evidence):
        said.add("percent")
    bare = without_amounts(text)
    for t in tokens(bare):
        if (
            re.fullmatch(r"(?:thousand|million|billion|trillion|percent|dollar|euro|pound|yen)s?", t)
            and t.rstrip("s") not in said
        ):
            return f"its evidence does not say “{t}”"
    return ""


def without_amounts(text: str) -> str:
    out, at = [], 0
    for n in numbers(text):
        out.append(text[at : max(at, n.start)])
        at = max(at, n.end, text.find(n.text, at) + len(n.text) if n.text in text[at:] else 0)
    return " ".join([*out, text[at:]])


def mine_hedged(text: str) -> bool:
    return bool(re.search(r"\b(?:risk|if|possib|potential|subject to|exposed?|depend)", text, re.IGNORECASE))


def _units(e: Exhibit) -> list[str]:
    passage = e.passages[0] if e.passages else None
    if passage is not None and (passage.kind == "table" or "\t" in passage.text):
        return [line for line in e.citation.quote.splitlines() if line.strip()] or [e.citation.quote]
    return sentences(e.citation.quote)


def _around(e: Exhibit) -> list[str]:
    out = [e.source.label, e.source.entity] if e.source else []
    for p in e.passages[:1]:
        out += [*p.heading_path, p.context]
    return out


def _overlap(words: Sequence[str], sentence: str) -> float:
    held = widen(content(sentence))
    return _share(words, held)


def _share(words: Sequence[str], held: frozenset[str] | set[str]) -> float:
    distinct = list(dict.fromkeys(words))
    return sum(1 for w in distinct if w in held) / len(distinct) if distinct else 1.0


def _direction_stems() -> frozenset[str]:
    return frozenset(stem(w) for g in ("up", "down", "flat", "negation", "modal") for w in lexicon(g))


__all__ = ["Bound", "Number", "Standing", "Worded", "check", "contradicted_direction", "negated", "years"]
