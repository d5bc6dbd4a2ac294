"""One question's way to an Answer: policy, understanding, computation or retrieval, draft, gates, composition.

Every face calls `answer`; none has a way of its own. Nothing that did not pass its gate is in what it returns.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.answering import quote
from core.answering.compose import compose
from core.answering.draft import Draft
from core.answering.followup import resolve
from core.answering.gates import Verdict, check
from core.answering.ledger import collect
from core.evidence import Answer, Claim, Dropped, Status
from core.guard import is_instruction
from core.vertical import Hit, Policy, Query, Vertical

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from core.workspace import Workspace

Listener = Callable[[str, Mapping[str, Any]], None]
"""`on_event(kind, data)`: "understood", "retrieved", "draft" (a delta, ungated: progress, never an answer), "claim"
(passed), "dropped", "notice", "done" (the Answer as JSON)."""
RETRIEVED = 10


def answer(
    workspace: Workspace,
    vertical: Vertical,
    question: str,
    collection: str,
    history: Sequence[Any] = (),
    chat: BaseChatModel | None = None,
    on_event: Listener | None = None,
) -> Answer:
    """Answers `question` from the sources of `collection`, keeps the Answer in the catalog and returns it.

    `history` holds earlier turns (Answers or mappings with "question"); `chat` overrides the model of the settings.
    Raises UsageError for an empty question or an unknown collection; a failing remote model does not raise.
    """
    from core.errors import UsageError

    if not question.strip():
        raise UsageError("The question is empty", "Ask something, for example: What was net income in FY2023?")
    run = _Run(workspace, vertical, question.strip(), collection, chat, on_event or (lambda kind, data: None))
    finished = run.go(history)
    workspace.catalog.save_answer(finished, vertical.name, collection)
    run.tell("done", finished.as_json())
    return finished


class _Run:
    """The state of one question on its way."""

    def __init__(
        self,
        workspace: Workspace,
        vertical: Vertical,
        question: str,
        collection: str,
        chat: BaseChatModel | None,
        tell: Listener,
    ) -> None:
        self.workspace = workspace
        self.vertical = vertical
        self.question = question
        self.collection = collection
        self.chat = chat
        self.tell = tell
        self.seconds: dict[str, float] = {"retrieve": 0.0, "draft": 0.0, "verify": 0.0}
        self.asked = question
        self.lang = "en"
        self.trace: dict[str, Any] = {"model": "none", "prompt_sha256": "", "adapters": []}
        self.notices: list[str] = []
        self.dropped: list[Dropped] = []

    def go(self, history: Sequence[Any]) -> Answer:
        policy: Policy = self.vertical.policy(self.question)
        self.notices += policy.notices
        if policy.refuse:
            return self._finish("refused", policy.refuse, Draft("abstain"))
        if policy.asks:
            return self._finish("needs_input", " ".join(policy.asks), Draft("abstain", asks=policy.asks))
        # An unknown collection is a mistake of the caller, and is said before anything else is tried.
        self.trace["index_version"] = self.workspace.catalog.collection(self.collection).index_version
        if history:
            self.asked = resolve(self.question, history, lambda q: self._understand(q))
        query = self._understand(self.asked)
        self.lang = query.lang
        self.tell("understood", {"question": self.asked, "entities": list(query.entities), "years": list(query.years)})
        if query.unknown_entities and not query.entities:
            return self._abstain(_unknown(query.unknown_entities))
        if query.source_ids == ():
            return self._abstain(_no_source(query))
        absent = _unknown(query.unknown_entities)
        computed = self._timed("draft", lambda: self.vertical.compute(query, self.workspace, self.collection))
        missing: tuple[str, ...] = absent
        if computed is not None:
            if computed.asks and not computed.claims:
                return self._finish("needs_input", " ".join(computed.asks), computed)
            done = self._gated(computed, missing)
            if done is not None:
                return done
            missing += computed.missing
            self.notices += computed.notices
        hits = self._timed("retrieve", lambda: self._search(query))
        self.tell("retrieved", {"hits": [_shown(hit) for hit in hits]})
        if not hits:
            return self._abstain(missing or ("nothing in these sources speaks of it",))
        self._notice_instructions(hits)
        for draft in self._drafts(query, hits):
            done = self._gated(draft, missing)
            if done is not None:
                return done
            missing += tuple(m for m in draft.missing if m not in missing)
        return self._abstain(missing or ("no passage answers the question",))

    def _understand(self, question: str) -> Query:
        return self.vertical.understand(question, self.workspace, self.collection)

    def _search(self, query: Query) -> list[Hit]:
        from core.retrieval import search

        return search(self.workspace, query, self.collection, RETRIEVED, self.vertical)

    def _drafts(self, query: Query, hits: Sequence[Hit]) -> Any:
        """The model's draft where one is to word the answer, then the quotes: each only when the one before failed."""
        if self._generates():
            made = self._timed("draft", lambda: self._generated(query, hits))
            if made is not None:
                yield made
        yield self._timed("draft", lambda: quote.draft(self.workspace, query, hits))

    def _generated(self, query: Query, hits: Sequence[Hit]) -> Draft | None:
        """A draft by the chat model, or None with a notice where it gave nothing usable."""
        from core.answering.generate import GenerationFailed, generate
        from core.errors import PlumblineError

        name = self.workspace.settings.chat
        try:
            chat = self.chat
            if chat is None:
                from core.models import chat as load

                chat = load(self.workspace.settings)
            else:
                name = str(getattr(chat, "model_name", None) or getattr(chat, "model", None) or type(chat).__name__)
            self._notice_instructions(hits)
            made = generate(chat, name, self.vertical, query, hits, self._quietly, self.tell)
        except (GenerationFailed, PlumblineError) as error:
            self._notice(f"Answered without {name}: {error}.".replace("..", "."))
            return None
        self.trace |= {"model": made.model, "prompt_sha256": made.prompt_sha256}
        return made.draft

    def _quietly(self, draft: Draft) -> tuple[list[Claim | None], list[Verdict]]:
        tell, self.tell = self.tell, lambda kind, data: None
        try:
            claims, verdicts, _ = self.gate(draft)
        finally:
            self.tell = tell
        return claims, verdicts

    def _generates(self) -> bool:
        setting = self.workspace.settings.draft
        if setting == "never":
            return False
        packaged = self.chat is None and self.workspace.settings.chat.startswith("packaged:")
        return setting == "always" or not packaged

    def _gated(self, draft: Draft, missing: tuple[str, ...]) -> Answer | None:
        """The Answer made of what passes, or None where nothing does."""
        if not draft.claims:
            return None
        started = time.perf_counter()
        claims, verdicts, dropped = self.gate(draft)
        self.seconds["verify"] += time.perf_counter() - started
        kept = [c for c in claims if c is not None]
        self.dropped += [d for d in dropped if d not in self.dropped]
        if not any(c.kind in ("quoted", "computed", "judgement") for c in kept):
            return None
        made = compose(claims, [v.lines for v in verdicts], draft.citations, draft.facts)
        missing += tuple(m for m in draft.missing if m not in missing)
        status: Status = "partial" if missing or dropped else "answered"
        self.notices += draft.notices
        return self._answer(
            status, made.text, draft.route, claims=made.claims, citations=made.citations, facts=made.facts,
            dropped=tuple(self.dropped), missing=missing, asks=draft.asks, tokens=draft.tokens,
        )  # fmt: skip

    def gate(self, draft: Draft) -> tuple[list[Claim | None], list[Verdict], list[Dropped]]:
        """Every claim of a draft through its gate: by position the claim or None, its verdict, and what was dropped."""
        ledger = collect(self.workspace, self.collection, draft.citations, draft.facts)
        claims: list[Claim | None] = []
        verdicts: list[Verdict] = []
        dropped: list[Dropped] = []
        for claim in draft.claims:
            sign = is_instruction(claim.text)
            verdict = (
                Verdict(False, "it repeats text of a source that addresses the assistant")
                if sign
                else check(claim, ledger, claims, self._scorer())
            )
            verdicts.append(verdict)
            if verdict.ok:
                claims.append(replace(claim, support=round(verdict.support, 4)))
                self.tell("claim", {"text": claim.text, "kind": claim.kind})
            else:
                claims.append(None)
                dropped.append(Dropped(claim.text, verdict.why))
                self.tell("dropped", {"text": claim.text, "why": verdict.why})
        return claims, verdicts, dropped

    def _scorer(self) -> Callable[[str, Sequence[str]], Sequence[float]]:
        def score(claim: str, texts: Sequence[str]) -> list[float]:
            from core.answering.quote import _sigmoid
            from core.models import reranker

            return [_sigmoid(float(s)) for s in reranker(self.workspace.settings).score(claim, list(texts))]

        return score

    def _notice_instructions(self, hits: Sequence[Hit]) -> None:
        named = {hit.source.label for hit in hits if is_instruction(hit.passage.text)}
        for label in sorted(named):
            self._notice(f"{label} holds text that addresses the assistant; it was left out.")

    def _notice(self, text: str) -> None:
        if text not in self.notices:
            self.notices.append(text)
            self.tell("notice", {"text": text})

    def _abstain(self, missing: tuple[str, ...]) -> Answer:
        text = f"The sources do not answer this. Missing: {'; '.join(missing)}."
        return self._answer("abstained", text, "abstain", missing=missing, dropped=tuple(self.dropped))

    def _finish(self, status: Status, text: str, draft: Draft) -> Answer:
        self.notices += draft.notices
        return self._answer(status, text, "abstain", missing=draft.missing, asks=draft.asks)

    def _answer(self, status: Status, text: str, route: str, tokens: tuple[int, int] = (0, 0), **parts: Any) -> Answer:
        trace = {"index_version": "", **self.trace, "route": route}
        if self.asked != self.question:
            trace["asked"] = self.asked
        if route != "model":
            trace |= {"model": "none", "prompt_sha256": ""}
        return Answer(
            id=uuid.uuid4().hex,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            question=self.question,
            status=status,
            text=text,
            lang=self.lang,
            notices=tuple(dict.fromkeys(self.notices)),
            trace=trace,
            usage={"input_tokens": tokens[0], "output_tokens": tokens[1]},
            seconds={k: round(v, 4) for k, v in self.seconds.items()},
            **parts,
        )

    def _timed(self, part: str, call: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        try:
            return call()
        finally:
            self.seconds[part] += time.perf_counter() - started


def _unknown(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"no source about {name}" for name in names)


def _no_source(query: Query) -> tuple[str, ...]:
    about = ", ".join(query.entities) or "it"
    when = f" for {', '.join(map(str, query.years))}" if query.years else ""
    return (f"no source about {about}{when} in this collection",)


def _shown(hit: Hit) -> dict[str, Any]:
    return {
        "source": hit.source.label,
        "page": hit.passage.locator.page,
        "passage_id": hit.passage.id,
        "score": hit.score,
    }
