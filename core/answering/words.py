"""The gates' view of words: tokens, light stems, content words, and the lexicon of directions and negations.

The lexicon is a data file (`data/lexicon.tsv`); nothing here knows a profession.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

TOKEN = re.compile(r"[A-Za-z][A-Za-z'’&]*(?:\.[A-Za-z])*|[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]|\d[\d,.]*")
_SUFFIXES = (
    "ations", "ation", "ating", "ated", "ates", "ate", "itions", "ition", "ions", "ion", "ments", "ment",
    "ings", "ing", "ively", "ive", "ities", "ity", "ably", "able", "ally", "al", "ies", "ied", "ers", "er",
    "ors", "or", "ly", "es", "ed", "s", "e", "y",
)  # fmt: skip
STOPWORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "by",
        "with",
        "as",
        "and",
        "or",
        "but",
        "if",
        "than",
        "then",
        "into",
        "onto",
        "over",
        "under",
        "out",
        "off",
        "per",
        "via",
        "its",
        "it",
        "their",
        "they",
        "them",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "he",
        "she",
        "his",
        "her",
        "we",
        "our",
        "us",
        "you",
        "your",
        "i",
        "my",
        "me",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "has",
        "have",
        "had",
        "having",
        "do",
        "does",
        "did",
        "so",
        "such",
        "s",
        "t",
        "will",
        "shall",
        "upon",
        "while",
        "because",
        "due",
        "from",
        "up",
    ]
)


@cache
def lexicon(group: str) -> frozenset[str]:
    """The words of one group of the lexicon ("up", "down", "negation", …)."""
    return frozenset(word.partition(":")[0] for word in _rows()[group])


@cache
def spelled_numbers() -> dict[str, float]:
    """Spelled-out numbers and their values: {"two": 2, "half": 0.5, …}."""
    return {word: float(value) for word, _, value in (entry.partition(":") for entry in _rows()["spelled"])}


@cache
def _rows() -> dict[str, tuple[str, ...]]:
    text = (files("core.answering") / "data" / "lexicon.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {row[0]: tuple(row[1].split()) for row in rows[1:]}


def tokens(text: str) -> list[str]:
    """Lower-case word and number tokens; each CJK character is one; a possessive 's is dropped."""
    return [re.sub(r"['’]s?$", "", t.lower().rstrip(".,")) for t in TOKEN.findall(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem: common English endings off, at least three letters left ("operations", "operating" → "oper")."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            return word[: -len(suffix)]
    return word


def content(text: str, drop: Iterable[str] = ()) -> list[str]:
    """Stems of the content words of `text` in order: no stop words, no numbers, none of the lexicon groups `drop`."""
    gone = STOPWORDS.union(*(lexicon(group) for group in drop))
    return [stem(t) for t in tokens(text) if t not in gone and not t[0].isdigit() and (len(t) > 1 or not t.isascii())]


def split_camel(name: str) -> str:
    """ "us-gaap:PaymentsToAcquireBusinesses" → "Payments To Acquire Businesses"; snake_case likewise."""
    name = name.rpartition(":")[2].replace("_", " ")
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)


_ABBREVIATION = re.compile(
    r"(?:\b(?:U\.S|U\.K|Inc|Corp|Co|Ltd|No|Nos|vs|Mr|Ms|Dr|St|e\.g|i\.e|etc|approx|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|[A-Z]))\.$"
)


def sentences(text: str) -> list[str]:
    """Splits prose into sentences, exactly as printed (white space at the ends removed)."""
    out: list[str] = []
    start = 0
    for match in re.finditer(r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9•])|[。！？]|\n\s*\n|\n(?=\s*[•\-–*·]\s)", text):
        piece = text[start : match.end()].strip()
        if match.group()[0] == "." and _ABBREVIATION.search(text[start : match.start() + 1]):
            continue
        if piece:
            out.append(piece)
        start = match.end()
    if text[start:].strip():
        out.append(text[start:].strip())
    return out


_CLAUSE = re.compile(
    r"[;:]|,(?!\d)|\b(?:while|whereas|but|although|(?:partially |partly )?offset by"
    r"|due (?:primarily |mainly |largely |in part )?to|(?:primarily |mainly |largely )?(?:because|owing to|driven by)"
    r"|attributable to|result(?:ed|ing|s)? (?:from|in)|reflecting|as a result of|caused by|thanks to)\b"
)


def clauses(text: str) -> list[str]:
    """Splits a sentence at commas, semicolons, and the words that join statements or lead to their causes."""
    return [p for p in _CLAUSE.split(text) if p.strip()]


_BOUND = re.compile(r"\s+(?:than\b|of\s+(?:the\s+)?(?:cost|either|two|its|\(|a\)))", re.IGNORECASE)


def bounds(text: str) -> list[str]:
    """ ">" or "<" for each comparison in `text`: "more than 5", "lower of cost", "less than expected"."""
    out = []
    for m in re.finditer(r"[A-Za-z]+", text):
        word = m.group().lower()
        for group, sign in (("bound_high", ">"), ("bound_low", "<")):
            if word in lexicon(group) and _BOUND.match(text[m.end() :]):
                out.append(sign)
    return out


def directions(text: str) -> list[tuple[int, int, str]]:
    """(start, end, "+" or "-") of each word that states a direction: "fell", "lower sales". Not "Greater China" (a
    name), "more than" and "up to" (a bound), "lower of cost" (a rule)."""
    up, down = lexicon("up"), lexicon("down")
    out = []
    for m in re.finditer(r"[A-Za-z]+", text):
        word = m.group().lower()
        if word not in up and word not in down:
            continue
        rest = text[m.end() :]
        if _BOUND.match(rest) and (word in lexicon("bound_high") or word in lexicon("bound_low")):
            continue
        if m.group()[0].isupper() and m.start() and re.match(r"\s[A-Z]", rest):
            continue
        if m.group()[0].isupper() and re.match(r"\s[A-Z][a-z]+\s(?!of\b)", rest) and word == "greater":
            continue
        if re.match(r"\s+(?:than\b|to\s+\$?\d|of\s+(?:cost|\(i\)))", rest) and word in (
            "more",
            "less",
            "greater",
            "up",
            "lower",
            "higher",
            "fewer",
        ):
            continue
        if word in ("less", "more") and re.match(r"\s*:|\s+accumulated\b", rest):
            continue
        out.append((m.start(), m.end(), "+" if word in up else "-"))
    return out
