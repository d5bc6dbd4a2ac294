"""A question made ready for its grammar: the form of answer it asks for, the formulas that it defines, the sentences
that only instruct taken out, and the sentence that asks left as one row of marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from core.evidence import Source
from verticals.finance.formatting import Format
from verticals.finance.metrics import metric, stem, stems
from verticals.finance.planner.definitions import Unreadable, parse
from verticals.finance.ratios.expression import Node
from verticals.finance.understand.periods import NUMBER_WORDS
from verticals.finance.understand.reading import Reading, take_apart
from verticals.finance.understand.tokens import Mark, read
from verticals.finance.understand.vocabulary import neutral

SCALE = {"thousand": 3, "million": 6, "billion": 9, "mn": 6, "mm": 6, "bn": 9}
_N = rf"\d+|{'|'.join(NUMBER_WORDS)}"
_MONEY = (
    r"(?:(?:in|answer in)\s+)?(?:unit\s+of\s+)?(?:(?:us|usd|\$|u\.s\.|dollar)\s+)*"
    r"(thousand|million|billion|mn|mm|bn)(?:\s+(?:of\s+)?(?:us\s+)?(?:usd|dollar))?"
)
_FORMATS = (
    (rf"\(\s*(?:all\s+)?(?:amount\s+)?(?:expressed\s+)?in\s+{_MONEY}\s*\)", "scale"),
    (rf"\bin\s+{_MONEY}(?!\s*<)", "scale"),
    (rf"\(\s*(?:usd|\$)\s+{_MONEY}\s*\)", "scale"),
    (r"\(\s*(?:as|in)\s+(?:a\s+|an\s+)?(?:unit\s+of\s+)?(?:%|percent|percentage)\s*\)", "percent"),
    (r"\bin\s+(?:unit\s+of\s+)?(?:%|percent|percentage)(?:\s+term)?(?!\s+of)(?!\s+<)", "percent"),
    (r"\bas\s+(?:a\s+)?(?:%|percent|percentage)(?!\s+of)(?=\s*[?.,)]|\s+and|\s*$)", "percent"),
    (r"\(\s*%\s*\)|(?<=>)\s*%(?!\s*(?:of|margin|change|increase|decrease)\b)", "percent"),
    (
        rf"(?:\b(?:and\s+)?(?:please\s+)?round(?:ed|ing)?\s+)?(?:(?:your|the)?\s*(?:answer|result|figure|value|it)\s+)?"
        rf"(?:to|with|at)?\s*({_N})\s+(?:decimal(?:\s+(?:place|point|digit))?|digit\s+after\s+the\s+decimal)",
        "decimals",
    ),
    (
        r"(?:\b(?:and\s+)?round(?:ed|ing)?\s+)?(?:(?:your|the)?\s*(?:answer|result)\s+)?to\s+the\s+nearest\s+"
        r"(?:whole\s+)?(thousand|million|billion|dollar|percent|number|integer)",
        "nearest",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A question as its grammar sees it."""

    reading: Reading
    core: str
    """The sentence that asks, as marks joined by spaces; formats, definitions and instructions taken out."""
    form: Format
    definitions: dict[str, Node] = field(default_factory=dict)
    """Metric → the formula that the question gives for it."""
    labels: dict[str, str] = field(default_factory=dict)
    """Names of metrics that only the question defines → as written."""
    relevance: bool = False
    """The question asks to be told where the figure is not a useful one."""
    unread: tuple[str, ...] = ()
    """Formulas that could not be read; with any of them the question is not understood."""

    def leftover(self, row: str) -> tuple[str, ...]:
        """Words of `row` that might change what is asked."""
        return tuple(w for w in row.split() if not _harmless(w))


def make(question: str, sources: Sequence[Source]) -> Request:
    """Takes `question` apart for planning."""
    question = re.sub(r"\bvs\.", "vs", re.sub(r"\bU\.\s?S\.(?=\s)", "US", question))
    question = re.sub(r"\byear[- ]o(?:n|ver)[- ]year\b|\byoy\b|\by/y\b", "yoy", question, flags=re.IGNORECASE)
    question = re.sub(r"(?<=\d)\s*-\s*(?=year)", " ", question)
    question = re.sub(r"(?<=[a-z])\(s\)", "", question)
    question = re.sub(r"\(\s*or (?:an )?exact[\w\s]* if possible\s*\)", "", question)
    reading = take_apart(question, sources)
    own, labels = _own_names(question)
    if own:
        reading = replace(reading, marks=tuple(read(_blanked(reading), own)))
    row, form = _formats(_one_name(" ".join(m.text for m in reading.marks)))
    definitions: dict[str, Node] = {}
    unread: list[str] = []
    kept: list[str] = []
    relevance = False
    for sentence in _sentences(row):
        if re.match(r"^(?:if|in case)\b.*\b(?:not|n't)\b.*", sentence) and not re.search(r"<y\d+>", sentence):
            relevance = True
            continue
        sentence, found, problem = _define(sentence)
        definitions.update(found)
        unread.extend(problem)
        if sentence and not _instruction(sentence):
            kept.append(
                re.sub(
                    r"^when (?=(?:primarily |mainly |only |solely )*(?:referencing|using|considering|consulting))",
                    "",
                    sentence,
                )
            )
    return Request(reading, " . ".join(kept), form, definitions, labels, relevance, tuple(unread))


@cache
def _stemmed_neutral() -> frozenset[str]:
    return frozenset(stem(w) for w in neutral()) | frozenset(neutral())


def _harmless(word: str) -> bool:
    return (
        word in _stemmed_neutral()
        or word in ("$", "?", ",", ":", "(", ")", ".", "'", '"', "“", "”", ";", "!")
        or word.startswith("<s:")
    )


def _blanked(reading: Reading) -> str:
    """The question with the names of companies blanked out (as the marks were read)."""
    out = [" "] * len(reading.question)
    for mark in reading.marks:
        out[mark.start : mark.end] = reading.question[mark.start : mark.end]
    return "".join(out)


def _own_names(question: str) -> tuple[dict[tuple[str, ...], str], dict[str, str]]:
    """Names that the question defines and the dictionary does not know."""
    names: dict[tuple[str, ...], str] = {}
    labels: dict[str, str] = {}
    for match in re.finditer(
        r"(?:^|[.?!:]\s+)([A-Z][\w%&/'’ -]{2,60}?)\s+(?:here\s+)?is\s+(?:defined|calculated|computed)\s+(?:as|by)\b"
        r"|\b[Dd]efin(?:e|ing)\s+([\w%&/'’ -]{3,60}?)\s+as\b",
        question,
    ):
        written = (match[1] or match[2]).strip()
        marks = read(written)
        if len(marks) == 1 and marks[0].metric:
            continue
        key = tuple(w for w in stems(written) if w != "the")
        slug = "own:" + "_".join(w for w in key if w.isalnum())
        names[key] = f"<m:{slug}>"
        labels[slug] = written
    return names, labels


def _one_name(row: str) -> str:
    """`row` with a metric named once where it stands twice running ("net sales / revenue", "operating income (EBIT)"),
    and without brackets that only say where a figure comes from."""
    row = re.sub(r"(<m:[\w:]+>)(?:\s*(?:/|or|,|\()\s*(?:or\s+|i e\s+)?\1\s*\)?)+", r"\1", row)
    return re.sub(r"[\[(]\s*(?:as )?(?:shown |reported )?(?:from|on|in|per)?\s*(?:the\s+)?<s:\w+>\s*[\])]", " ", row)


def _formats(row: str) -> tuple[str, Format]:
    """`row` without the words on the answer's form, and that form."""
    form = Format()
    for pattern, what in _FORMATS:
        for match in re.finditer(pattern, row):
            if what == "scale":
                form = replace(form, scale=SCALE[match[1]])
            elif what == "percent":
                form = replace(form, percent=True)
            elif what == "decimals":
                form = replace(form, decimals=int(match[1]) if match[1].isdigit() else NUMBER_WORDS[match[1]])
            else:
                form = replace(form, decimals=0, scale=SCALE.get(match[1], form.scale))
        row = re.sub(pattern, " ", row)
    return " ".join(row.split()), form


def _sentences(row: str) -> list[str]:
    """`row` cut at its ends of sentences; "?" stays with what it ends."""
    return [s.strip() for s in re.split(r"(?<=\?)\s+|\s\.(?:\s|$)|\s;\s|\s!\s", f"{row} ") if s.strip(" .")]


_SUBJECT = r"<m:([\w:]+)>"
_DEFINING = (
    re.compile(
        rf"^(?:(?:and|where|here|note that)\s+)*(?:the\s+)?{_SUBJECT}\s+(?:here\s+)?(?:is|are|be)\s+(?:here\s+)?"
        r"(?:defined|calculated|computed)\s+(?:as|by|using)\s*:?\s*(?P<body>.+)$"
    ),
    re.compile(rf"^(?:please\s+)?(?:define|calculate|compute|defining)\s+(?:the\s+)?{_SUBJECT}\s+(?:as|by|using|=)\s*:?\s*(?P<body>.+)$"),
    re.compile(rf"^(?:(?:and|where|here)\s+)*(?:the\s+)?{_SUBJECT}\s*(?:=|equal|mean)\s*(?:to\s+)?(?P<body>.+)$"),
    re.compile(rf"(?:,|\()\s*(?:where|with|and|assuming)?\s*(?:the\s+)?{_SUBJECT}\s*(?:=|(?:is\s+)?(?:defined|calculated)\s+as\s*:?|equal)\s*(?:to\s+)?(?P<body>[^?]+?)\s*\)?\s*(?=\?|$)"),
)  # fmt: skip
_USING = re.compile(rf"{_SUBJECT}\s*\(?\s*\b(?:using|based on|from|with)\s+(?P<body>[^?()]*<m:[\w:]+>[^?()]*)\)?")


def _define(sentence: str) -> tuple[str, dict[str, Node], list[str]]:
    """Takes a definition out of a sentence: what is left of it, the definition, and what could not be read."""
    for pattern in _DEFINING:
        match = pattern.search(sentence)
        if not match:
            continue
        body = match["body"].strip(" ?.")
        left = f"{sentence[: match.start()]} {sentence[match.end() :]}".strip(" ,")
        try:
            return left, {match[1]: parse(body.split())}, []
        except Unreadable:
            if _same_parts(match[1], body):
                return left, {}, []
            return left, {}, [body]
    match = _USING.search(sentence)
    if match and _same_parts(match[1], match["body"]):
        return f"{sentence[: match.start()]} <m:{match[1]}> {sentence[match.end() :]}", {}, []
    return sentence, {}, []


def _same_parts(name: str, body: str) -> bool:
    """Whether `body` only lists the figures that the dictionary's own formula of `name` is made of."""
    listed = set(re.findall(r"<m:([\w:]+)>", body))
    rest = [w for w in body.split() if not w.startswith("<m:") and not _harmless(w) and w != "+"]
    if name.startswith("own:") or rest or len(listed) < 2:
        return False
    return listed == set(metric(name).expression.items())


def _instruction(sentence: str) -> bool:
    """Whether a sentence asks for nothing itself: no metric, year or company matter, harmless words only."""
    words = sentence.split()
    if any(w.startswith(("<m:", "<y", "<q")) for w in words):
        return False
    return all(_harmless(w) or w in ("who", "which", "if", "where") for w in words) and not sentence.endswith("?")


__all__ = ["Mark", "Request", "make"]
