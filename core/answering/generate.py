"""The model's way to a draft: numbered evidence in, claims that cite it out, one repair for what fails its gate.

The model sees evidence as data, may cite only the numbers it is shown, and everything it writes goes through the
gates. Whatever goes wrong with it (timeout, refused key, server error, nonsense) gives no draft and a notice, never
an error: the answer is then composed from quotes.
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.answering.draft import Draft
from core.answering.gates import Verdict
from core.answering.parse import as_computed, parse
from core.answering.quote import citation
from core.evidence import Citation, Claim, Fact
from core.guard import as_data, without_instructions
from core.vertical import Hit, Query, Vertical

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

SECONDS = 120.0
"""Time that one generation may take."""
CHARACTERS = 6000
"""Length at which a generation is cut."""
EVIDENCE = 9000
"""Characters of evidence in a prompt; the packaged model's window holds them."""
MOST_CLAIMS = 6


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model drafted, and how: for the trace."""

    draft: Draft
    model: str
    prompt_sha256: str


class GenerationFailed(Exception):
    """The model gave nothing usable; the message says why, in the user's words."""


def generate(
    chat: BaseChatModel,
    model: str,
    vertical: Vertical,
    query: Query,
    hits: Sequence[Hit],
    gate: Callable[[Draft], tuple[list[Claim | None], list[Verdict]]],
    tell: Callable[[str, Mapping[str, Any]], None],
    facts: Sequence[Fact] = (),
) -> Generated:
    """A draft by `chat` over the evidence in `hits`. Raises GenerationFailed."""
    template, digest = prompt("draft", vertical)
    citations = evidence(hits)
    if not citations:
        raise GenerationFailed("there is no evidence that may be put before a model")
    shown = _numbered(citations, facts)
    question = as_data(query.text)
    filled = _fill(template, evidence=shown, question=question, max_claims=str(MOST_CLAIMS))
    text, tokens = _invoke(chat, filled, tell)
    claims, missing = parse(text)
    if not claims and not missing:
        raise GenerationFailed("the chat model gave no statement that can be checked")
    known = {f.n for f in facts}
    draft = Draft(
        "model", tuple(as_computed(claims, known)), tuple(citations), tuple(facts), tuple(missing), tokens=tokens
    )
    draft = _attributed(draft, gate)
    kept, verdicts = gate(draft)
    failed = [(c, v) for c, k, v in zip(draft.claims, kept, verdicts, strict=True) if k is None]
    if failed:
        draft = _repaired(chat, vertical, draft, failed, shown, question, gate, tell)
    return Generated(draft, model, digest)


def prompt(name: str, vertical: Vertical) -> tuple[str, str]:
    """(text, SHA-256) of a prompt file: the vertical's own where it has one of that name, else the core's."""
    folder = vertical.prompts()
    own = Path(folder) / f"{name}.md" if folder else None
    text = (
        own.read_text("utf-8")
        if own and own.is_file()
        else (files("core.answering") / "prompts" / f"{name}.md").read_text("utf-8")
    )
    return text, hashlib.sha256(text.encode("utf-8")).hexdigest()


def evidence(hits: Sequence[Hit]) -> list[Citation]:
    """The hits as numbered citations, each a contiguous run of its passage that does not address the assistant."""
    out: list[Citation] = []
    size = 0
    for hit in hits:
        for run in without_instructions(hit.passage.text):
            if size + len(run) > EVIDENCE and out:
                return out
            size += len(run)
            out.append(citation(len(out) + 1, hit.passage, hit.source, run))
    return out


def _numbered(citations: Sequence[Citation], facts: Sequence[Fact]) -> str:
    parts = [
        f"[{c.n}] ({as_data(c.source)}{', page ' + str(c.locator.page) if c.locator.page else ''})\n{as_data(c.quote)}"
        for c in citations
    ]
    parts += [f"[{f.n}] calculated: {f.entity} {f.name} ({f.period}) = {f.display or f.value}" for f in facts]
    return "\n\n".join(parts)


def _fill(template: str, **slots: str) -> str:
    # One pass over the template, so that braces in the evidence are never taken for slots.
    import re

    return re.sub(r"\{(\w+)\}", lambda m: slots.get(m.group(1), m.group()), template)


def _invoke(
    chat: BaseChatModel, text: str, tell: Callable[[str, Mapping[str, Any]], None]
) -> tuple[str, tuple[int, int]]:
    """Streams one generation, bounded in time and length. Raises GenerationFailed."""
    from langchain_core.messages import HumanMessage

    items: queue.Queue[Any] = queue.Queue()
    stopped = threading.Event()

    def read() -> None:
        try:
            for chunk in chat.stream([HumanMessage(text)]):
                if stopped.is_set():
                    return
                items.put(chunk)
            items.put(None)
        except Exception as error:  # whatever a provider raises: its own types, HTTP errors, timeouts
            items.put(error)

    threading.Thread(target=read, daemon=True, name="generation").start()
    deadline = time.monotonic() + SECONDS
    written, tokens = "", (0, 0)
    try:
        while True:
            try:
                item = items.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise GenerationFailed(f"the chat model took longer than {SECONDS:.0f} seconds") from None
            if item is None:
                break
            if isinstance(item, Exception):
                raise GenerationFailed(f"the chat model failed ({_reason(item)})") from item
            delta = (
                item.content
                if isinstance(item.content, str)
                else "".join(part if isinstance(part, str) else str(part.get("text", "")) for part in item.content)
            )
            usage = getattr(item, "usage_metadata", None)
            if usage:
                tokens = (tokens[0] + usage.get("input_tokens", 0), tokens[1] + usage.get("output_tokens", 0))
            if delta:
                written += delta
                tell("draft", {"delta": delta})
            if len(written) > CHARACTERS:
                break
    finally:
        stopped.set()
    if not written.strip():
        raise GenerationFailed("the chat model wrote nothing")
    return written[:CHARACTERS], tokens


def _reason(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return f"status {status}" if status else type(error).__name__


def _attributed(draft: Draft, gate: Callable[[Draft], tuple[list[Claim | None], list[Verdict]]]) -> Draft:
    """Statements without a citation get the evidence that proves them, where one piece does by itself."""
    from core.answering.words import content

    claims = list(draft.claims)
    for i, claim in enumerate(claims):
        if claim.kind != "quoted" or claim.citations:
            continue
        words = set(content(claim.text))
        order = sorted(draft.citations, key=lambda c: -len(words & set(content(c.quote))))[:3]
        for c in order:
            tried = replace(claim, citations=(c.n,))
            kept, _ = gate(replace(draft, claims=(tried,)))
            if kept[0] is not None:
                claims[i] = tried
                break
    return replace(draft, claims=tuple(claims))


def _repaired(
    chat: BaseChatModel,
    vertical: Vertical,
    draft: Draft,
    failed: Sequence[tuple[Claim, Verdict]],
    shown: str,
    question: str,
    gate: Callable[[Draft], tuple[list[Claim | None], list[Verdict]]],
    tell: Callable[[str, Mapping[str, Any]], None],
) -> Draft:
    """One more generation for the statements that failed. Those that pass now are added at the end; the failed ones
    stay in the draft, so that the answer lists them as withheld."""
    template, _ = prompt("repair", vertical)
    listing = "\n".join(f"- {as_data(c.text)} ({v.why})" for c, v in failed)
    try:
        text, tokens = _invoke(chat, _fill(template, evidence=shown, question=question, failed=listing), tell)
    except GenerationFailed:
        return draft
    known = {f.n for f in draft.facts}
    said = {c.text for c in draft.claims}
    again = [c for c in as_computed(parse(text)[0], known) if c.kind != "judgement" and c.text not in said]
    kept, _ = gate(replace(draft, claims=tuple(again)))
    better = tuple(c for c, k in zip(again, kept, strict=True) if k is not None)
    total = (draft.tokens[0] + tokens[0], draft.tokens[1] + tokens[1])
    return replace(draft, claims=(*draft.claims, *better), tokens=total)
