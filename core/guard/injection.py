"""Finds text that addresses the assistant: orders to ignore the question, false system messages, dictated answers.

Such text is never evidence: it is not quoted, not put before a model, and supports no claim. The signs are a data
file; each needs a verb of command and an object that only an assistant has, so that a risk factor ("investors should
not rely …") stays evidence.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from core.guard.text import visible

REACH = 600
"""Characters after a sign that are distrusted too, up to the end of its paragraph."""


@cache
def _signs() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = (files("core.guard") / "data" / "injection.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((row[0], re.compile(row[1], re.IGNORECASE | re.MULTILINE)) for row in rows[1:])


def instruction_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of the stretches of `text` that address the assistant: from the start of the sentence that holds a
    sign to the end of its paragraph (what an order dictates stands after it)."""
    found = []
    for _, sign in _signs():
        for match in sign.finditer(text):
            # A sign may begin with the end of what stands before it.
            lead = re.match(r"[\s.!?:;,>\]}。！？]*", match.group())
            at = match.start() + (lead.end() if lead else 0)
            found.append((_sentence_start(text, at), _paragraph_end(text, match.end())))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def is_instruction(text: str) -> str:
    """The name of the sign by which `text` addresses the assistant; "" where it does not. Sees through zero-width
    and look-alike characters."""
    plain = visible(text)
    return next((name for name, sign in _signs() if sign.search(plain)), "")


def without_instructions(text: str) -> list[str]:
    """The runs of `text`, each contiguous and as it stands, that do not address the assistant."""
    out, at = [], 0
    for start, end in instruction_spans(text):
        out.append(text[at:start])
        at = end
    out.append(text[at:])
    return [run.strip() for run in out if run.strip() and not is_instruction(run)]


def _sentence_start(text: str, at: int) -> int:
    ends = [m.end() for m in re.finditer(r"[.!?。！？][\"”')]?\s+|\n\s*\n", text[:at])]
    return ends[-1] if ends else 0


def _paragraph_end(text: str, at: int) -> int:
    blank = re.search(r"\n\s*\n", text[at:])
    end = at + blank.start() if blank else len(text)
    if end - at <= REACH:
        return end
    # A long paragraph is not lost for one order in it: the order and what it can dictate are.
    close = re.search(r"[.!?。！？]\s", text[at + REACH :])
    return at + REACH + close.end() if close else end
