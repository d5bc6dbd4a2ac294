"""The words of questions by what they may do (`words.tsv`): a neutral word never changes which figure is asked for;
a qualifier does, or stands for a subject that no statement line answers. Neither is ever a company's name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def _words() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for row in (Path(__file__).parent / "words.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        kind, words, _source = row.split("\t")
        kinds.setdefault(kind, set()).update(words.split())
    return {kind: frozenset(words) for kind, words in kinds.items()}


def neutral() -> frozenset[str]:
    """Words that may stay unexplained in a question without changing which figure is meant."""
    return _words()["neutral"]


def ordinary() -> frozenset[str]:
    """Words that are never by themselves a company's name."""
    return _words()["neutral"] | _words()["qualifier"]
