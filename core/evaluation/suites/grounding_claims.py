"""Writes the grounding suite's claims: true ones as a model would word them, and for each a broken twin that differs
in one thing. The words come from a data file and templates, never from the gates.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from core.evaluation.suites.grounding_material import Figure, Filing, Sentence, amount, said, scaled, year_of
from core.evidence import Passage, normalise

KINDS = (
    "digit", "scale", "year", "company", "direction", "negation", "unit", "wrong metric", "altered quote",
    "invented citation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A true claim and its broken twin over the same passage. Where `forged` is set, the twin cites those words instead
    of the passage's; where `uncited` is set, it cites a number that was not handed out."""

    kind: str
    filing: Filing
    passage: Passage
    true: str
    broken: str
    forged: str = ""
    uncited: bool = False


Maker = Callable[[Filing, Sequence[Figure], Sequence[Sentence], Sequence[Filing], random.Random], Iterator[Pair]]
"""Pairs of one kind from one filing: its figures and sentences in random order, all filings, the generator."""


@cache
def _words(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    text = (files("core.evaluation.suites") / "grounding_words.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((r[1], tuple(r[2].split("|"))) for r in rows[1:] if r[0] == kind)


def pairs(kind: str, filings: Sequence[Filing], rng: random.Random) -> Iterator[Pair]:
    """An endless supply of pairs of one kind, filings in turn; ends where they hold no more."""
    makers = {
        "digit": _digit, "scale": _scale, "year": _year, "company": _company, "direction": _direction,
        "negation": _negation, "unit": _unit, "wrong metric": _metric, "altered quote": _quote,
        "invented citation": _citation,
    }  # fmt: skip
    supplies = []
    for filing in filings:
        figures, texts = list(filing.figures), list(filing.sentences)
        rng.shuffle(figures)
        rng.shuffle(texts)
        supplies.append(_supply(makers[kind], filing, figures, texts, filings, rng))
    while supplies:
        for supply in list(supplies):
            pair = next(supply, None)
            if pair is None:
                supplies.remove(supply)
            else:
                yield pair


def _supply(
    make: Maker,
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    used: set[str] = set()
    for pair in make(filing, figures, texts, filings, rng):
        key = f"{pair.passage.id} {pair.true[:60]}"
        if pair.true != pair.broken and key not in used:
            used.add(key)
            yield pair
        elif pair.forged or pair.uncited:
            yield pair


# --- wording ------------------------------------------------------------------------------------------------
def _when(figure: Figure, filing: Filing, rng: random.Random) -> str:
    year = year_of(figure.value, filing.source)
    return rng.choice([f"fiscal {year}", f"fiscal year {year}", f"FY{year}", f"{year}"])


def _statement(
    figure: Figure,
    filing: Filing,
    rng: random.Random,
    *,
    company: str = "",
    label: str = "",
    printed: str = "",
    when: str = "",
) -> str:
    """ "Boeing's inventories were $87.6 billion at the end of fiscal 2024." and other ways to say so."""
    who = company or filing.source.entity
    what = label or said(figure.value.label)
    much = printed or amount(figure.value, rng.choice)
    then = when or _when(figure, filing, rng)
    verb = "were" if re.search(r"s$", what.split()[-1]) and not what.endswith("ss") else "was"
    if figure.value.period.start is None:
        forms = [
            f"At the end of {then}, {who} had {what} of {much}.",
            f"{who}'s {what} {verb} {much} at the end of {then}.",
            f"{who} reported {what} of {much} as of year-end {then}.",
        ]
    else:
        forms = [
            f"{who}'s {what} {verb} {much} in {then}.",
            f"In {then}, {who} reported {what} of {much}.",
            f"{who} recorded {much} of {what} in {then}.",
            f"For {then}, {what} at {who} came to {much}.",
        ]
    return rng.choice(forms)


def restated(text: str, filing: Filing, rng: random.Random) -> str:
    """A sentence reworded: the company by its name, synonyms, attribution, asides left out."""
    who = filing.source.entity or "the company"
    out = re.sub(r"\s*\([^)]*\)", "", text)
    out = re.sub(r"\b(?:We|The Company|the Company)\b(?!['’])", who, out)
    out = re.sub(r"(?<=[a-z,] )we\b", who, out)
    out = re.sub(r"\b[Oo]ur\b|\bthe Company['’]s\b", f"{who}'s", out)
    for old, new in sorted(_words("restate"), key=lambda w: -len(w[0])):
        if re.search(rf"\b{old}\b", out) and rng.random() < 0.8:
            out = re.sub(rf"\b{old}\b", rng.choice(new), out, count=1)
    lead = re.match(r"^(In|During|For) ([^,]{4,25}), (.+)\.$", out)
    if lead and rng.random() < 0.6:
        rest = lead[3]
        out = f"{rest[:1].upper()}{rest[1:]} {lead[1].lower()} {lead[2]}."
    elif rng.random() < 0.3 and not out.startswith((who, "If", "As ")):
        lower = out.split()[0].lower() in _COMMON and not re.match(r"[A-Z]+[A-Z]|I ", out)
        out = f"According to {who}, {out[:1].lower() + out[1:] if lower else out}"
    return " ".join(out.split())


_COMMON = {
    "the",
    "these",
    "this",
    "in",
    "for",
    "a",
    "an",
    "if",
    "as",
    "such",
    "any",
    "all",
    "certain",
    "some",
    "there",
    "during",
}


def _good(figures: Sequence[Figure]) -> Iterator[Figure]:
    yield from (f for f in figures if f.value.value and f.value.unit in ("USD", "shares", "USD/shares"))


# --- one maker a kind ---------------------------------------------------------------------------------------
def _digit(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    for figure in _good(figures):
        true = amount(figure.value, rng.choice)
        spots = [i for i, c in enumerate(true) if c.isdigit()]
        at = rng.choice(spots)
        new = rng.choice([d for d in "0123456789" if d != true[at] and not (d == "0" and at == spots[0])])
        broken = true[:at] + new + true[at + 1 :]
        seed = rng.random()
        yield _pair("digit", filing, figure, seed, true, broken)
    yield from _from_sentences(
        "digit", filing, texts, rng, r"\b\d[\d,.]*\d(?=%| percent| million| billion)", _other_digits
    )


def _pair(kind: str, filing: Filing, figure: Figure, seed: float, true: str, broken: str) -> Pair:
    return Pair(
        kind, filing, figure.passage,
        _statement(figure, filing, random.Random(seed), printed=true),
        _statement(figure, filing, random.Random(seed), printed=broken),
    )  # fmt: skip


def _other_digits(number: str, rng: random.Random) -> str:
    spots = [i for i, c in enumerate(number) if c.isdigit()]
    at = rng.choice(spots)
    return number[:at] + rng.choice([d for d in "123456789" if d != number[at]]) + number[at + 1 :]


def _from_sentences(
    kind: str,
    filing: Filing,
    texts: Sequence[Sentence],
    rng: random.Random,
    pattern: str,
    change: Callable[[str, random.Random], str],
) -> Iterator[Pair]:
    for sentence in texts:
        true = restated(sentence.text, filing, rng)
        found = list(re.finditer(pattern, true))
        if found:
            m = rng.choice(found)
            yield Pair(
                kind, filing, sentence.passage, true, true[: m.start()] + change(m.group(), rng) + true[m.end() :]
            )


def _scale(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    for figure in _good(figures):
        if figure.value.unit == "USD/shares" or abs(figure.value.value) < 10**6:
            continue
        true = amount(figure.value, rng.choice)
        swap = {"million": ["billion", "thousand"], "billion": ["million", "trillion"]}
        word = "billion" if "billion" in true else "million"
        yield _pair("scale", filing, figure, rng.random(), true, true.replace(word, rng.choice(swap[word])))
    yield from _from_sentences(
        "scale",
        filing,
        texts,
        rng,
        r"(?<=\d )(?:million|billion)",
        lambda w, r: "billion" if w == "million" else "million",
    )


def _year(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    for figure in _good(figures):
        year = year_of(figure.value, filing.source)
        wrong = year + rng.choice([-1, 1])
        if figure.earlier is not None and scaled(abs(figure.earlier.value)) == scaled(abs(figure.value.value)):
            continue
        form = rng.choice(["fiscal {}", "FY{}", "{}"])
        seed, printed = rng.random(), amount(figure.value, rng.choice)
        yield Pair(
            "year", filing, figure.passage,
            _statement(figure, filing, random.Random(seed), printed=printed, when=form.format(year)),
            _statement(figure, filing, random.Random(seed), printed=printed, when=form.format(wrong)),
        )  # fmt: skip


def _company(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    near = [f.source.entity for f in filings if f.source.entity and f.source.entity != filing.source.entity]
    far = _words("company")[0][1]
    for n, figure in enumerate(_good(figures)):
        seed, printed = rng.random(), amount(figure.value, rng.choice)
        wrong = rng.choice(near) if near and n % 2 else rng.choice([c for c in far if c not in near])
        yield Pair(
            "company", filing, figure.passage,
            _statement(figure, filing, random.Random(seed), printed=printed),
            _statement(figure, filing, random.Random(seed), printed=printed, company=wrong),
        )  # fmt: skip


def _direction(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    from_tables = _direction_of_rows(filing, figures, rng)
    from_text = _direction_of_sentences(filing, texts, rng)
    while True:
        made = [next(from_tables, None), next(from_text, None)]
        if made == [None, None]:
            return
        yield from (pair for pair in made if pair)


def _direction_of_rows(filing: Filing, figures: Sequence[Figure], rng: random.Random) -> Iterator[Pair]:
    for figure in _good(figures):
        before = figure.earlier
        if before is None or figure.value.value <= 0 or before.value <= 0:
            continue
        a, b = abs(before.value), abs(figure.value.value)
        if abs(b - a) / a < Decimal("0.02"):
            continue
        up = b > a
        first, second = amount(before, lambda forms: forms[0]), amount(figure.value, lambda forms: forms[0])
        if first == second:
            continue
        year = year_of(figure.value, filing.source)
        what, who = said(figure.value.label), filing.source.entity
        verbs = rng.choice([("rose", "fell"), ("increased", "decreased"), ("grew", "declined")])
        way, other = verbs if up else verbs[::-1]
        forms = [
            f"{who}'s {what} {{}} from {first} in {year - 1} to {second} in {year}.",
            f"{who}'s {what} {{}} to {second} in {year} from {first} in {year - 1}.",
            f"Between {year - 1} and {year}, {what} at {who} {{}} from {first} to {second}.",
            f"{who}'s {what} {{}} in fiscal {year} compared with {year - 1}.",
        ]
        form = rng.choice(forms)
        yield Pair("direction", filing, figure.passage, form.format(way), form.format(other))


def _direction_of_sentences(filing: Filing, texts: Sequence[Sentence], rng: random.Random) -> Iterator[Pair]:
    flips = dict(_words("flip"))
    for sentence in texts:
        if not re.search(r"\b(?:increased|decreased|declined|grew|higher|lower)\b", sentence.text) or re.search(
            r"\b(?:may|could|might|if)\b", sentence.text
        ):
            continue
        true = restated(sentence.text, filing, rng)
        found = [m for m in re.finditer(r"[a-z]+(?: up| down)?", true) if m.group() in flips]
        if found:
            m = found[0]
            yield Pair(
                "direction", filing, sentence.passage, true, true[: m.start()] + flips[m.group()][0] + true[m.end() :]
            )


def _negation(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    removals = [w for w in _words("negate") if "not" in w[0]]
    insertions = [w for w in _words("negate") if "not" not in w[0]]
    for n, sentence in enumerate(texts):
        true = restated(sentence.text, filing, rng)
        for old, new in [*removals, *insertions] if n % 2 else [*insertions, *removals]:
            at = true.find(f" {old}")
            if at >= 0 and (old in dict(removals) or not re.search(r"\b(?:no|not|nor|never|cannot)\b", true)):
                yield Pair(
                    "negation",
                    filing,
                    sentence.passage,
                    true,
                    true[: at + 1] + new[0].lstrip() + true[at + 1 + len(old) :],
                )
                break


def _unit(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    for figure in _good(figures):
        true = amount(figure.value, rng.choice)
        if figure.value.unit == "shares":
            broken = "$" + true.replace(" shares", "")
        elif figure.value.unit == "USD/shares":
            broken = rng.choice([true.replace("$", "") + "%", true.replace("$", "€")])
        else:
            broken = rng.choice([true.replace("$", "€"), true.replace("$", "£"), true.replace("$", "") + " shares"])
        yield _pair("unit", filing, figure, rng.random(), true, broken)
    yield from _from_sentences(
        "unit",
        filing,
        texts,
        rng,
        r"(?<=\d)%|(?<=\d) percent\b",
        lambda w, r: r.choice([" million", " basis points", " times"]),
    )


def _metric(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    for figure in _good(figures):
        if figure.other is None:
            continue
        seed, printed = rng.random(), amount(figure.value, rng.choice)
        yield Pair(
            "wrong metric", filing, figure.passage,
            _statement(figure, filing, random.Random(seed), printed=printed),
            _statement(figure, filing, random.Random(seed), printed=printed, label=said(figure.other.label)),
        )  # fmt: skip


def _quote(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    swaps = dict(_words("swap"))
    who = filing.source.entity
    for sentence in texts:
        found = [
            m for m in re.finditer(r"[\w-]+", sentence.text) if m.group() in swaps or re.fullmatch(r"\d+", m.group())
        ]
        if not found:
            continue
        m = rng.choice(found)
        new = _other_digits(m.group(), rng) if m.group().isdigit() else swaps[m.group()][0]
        altered = sentence.text[: m.start()] + new + sentence.text[m.end() :]
        form = rng.choice([f"{who} states: “{{}}”", "“{}”", "In the words of the filing, “{}”"])
        yield Pair("altered quote", filing, sentence.passage, form.format(sentence.text), form.format(altered))


def _citation(
    filing: Filing,
    figures: Sequence[Figure],
    texts: Sequence[Sentence],
    filings: Sequence[Filing],
    rng: random.Random,
) -> Iterator[Pair]:
    for n, (figure, sentence) in enumerate(zip(_good(figures), texts, strict=False)):
        if n % 2:
            text = _statement(figure, filing, rng)
            yield Pair("invented citation", filing, figure.passage, text, text, uncited=True)
        else:
            text = restated(sentence.text, filing, rng)
            # Words that do stand in the passage are no forgery.
            if normalise(text.rstrip(".")) not in normalise(sentence.passage.text):
                yield Pair("invented citation", filing, sentence.passage, text, text, forged=text)


__all__ = ["KINDS", "Pair", "Sentence", "pairs", "restated"]
