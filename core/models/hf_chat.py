"""Text generation by a Transformers `text-generation` pipeline as a LangChain chat model, streaming included.

Works with models that have a chat template and with plain ones (GPT-2): those read the messages as paragraphs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from core.models.extras import require
from core.models.hf import load

if TYPE_CHECKING:
    from core.settings import Settings

ROLES = {"human": "user", "ai": "assistant", "system": "system"}
MAX_NEW_TOKENS = 512


class HfChat(BaseChatModel):
    """Greedy decoding (temperature 0). A prompt longer than the window keeps its end, where the question stands."""

    model: str
    pipeline: Any = Field(exclude=True, repr=False)
    max_new_tokens: int = MAX_NEW_TOKENS

    @property
    def _llm_type(self) -> str:
        return "transformers"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": self.model, "max_new_tokens": self.max_new_tokens}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        fed, options = self._prepare(messages, stop, kwargs)
        import torch

        with torch.inference_mode():
            output = self.pipeline.model.generate(**fed, **options)[0]
        taken = fed["input_ids"].shape[1]
        text = _before_stop(self.pipeline.tokenizer.decode(output[taken:], skip_special_tokens=True), stop)
        usage = {"input_tokens": taken, "output_tokens": len(output) - taken, "total_tokens": len(output)}
        message = AIMessage(content=text, usage_metadata=usage, response_metadata={"model_name": self.model})
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import TextIteratorStreamer

        fed, options = self._prepare(messages, stop, kwargs)
        streamer: Any = TextIteratorStreamer(self.pipeline.tokenizer, skip_prompt=True, skip_special_tokens=True)
        failed: list[BaseException] = []

        def work() -> None:
            try:
                self.pipeline.model.generate(**fed, **options, streamer=streamer)
            except BaseException as error:  # handed to the reader below, who would else wait for ever
                failed.append(error)
                streamer.end()

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        whole = ""
        sent = 0
        for piece in streamer:
            whole += piece
            kept = _before_stop(whole, stop)
            if len(kept) > sent:
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=kept[sent:]))
                sent = len(kept)
                if run_manager:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        thread.join()
        if failed:
            raise failed[0]

    def _prepare(self, messages: list[BaseMessage], stop: list[str] | None, kwargs: dict[str, Any]) -> Any:
        tokenizer, model = self.pipeline.tokenizer, self.pipeline.model
        new = int(kwargs.get("max_tokens") or kwargs.get("max_new_tokens") or self.max_new_tokens)
        window = getattr(model.config, "max_position_embeddings", None) or 2048
        new = min(new, max(window // 2, 1))
        ids = tokenizer(self.prompt(messages), add_special_tokens=not tokenizer.chat_template)["input_ids"]
        import torch

        # An empty prompt has nothing to continue: it starts at the model's own first token.
        ids = ids[-(window - new) :] or [tokenizer.bos_token_id or tokenizer.eos_token_id or 0]
        batch = torch.tensor([ids], device=model.device)
        fed = {"input_ids": batch, "attention_mask": torch.ones_like(batch)}
        pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
        options: dict[str, Any] = {"max_new_tokens": new, "do_sample": False, "pad_token_id": pad}
        if stop:
            options |= {"stop_strings": stop, "tokenizer": tokenizer}
        return fed, options

    def prompt(self, messages: list[BaseMessage]) -> str:
        """The messages in the model's chat template, or as paragraphs where it has none."""
        tokenizer = self.pipeline.tokenizer
        if not tokenizer.chat_template:
            return "\n\n".join(str(m.text) for m in messages)
        turns = [{"role": ROLES.get(m.type, "user"), "content": str(m.text)} for m in messages]
        text: str = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        return text


def hf_chat(settings: Settings, name: str, source: str) -> HfChat:
    """Loads a `text-generation` pipeline. Raises MissingExtra or ModelUnavailable."""
    from core.models.hf import _threads

    tokenizer = load("AutoTokenizer", source, name)
    model = load("AutoModelForCausalLM", source, name)
    _threads(settings)
    pipeline = require("transformers", name).pipeline("text-generation", model=model, tokenizer=tokenizer)
    # The model's own sampling defaults would only draw warnings beside greedy decoding.
    pipeline.model.generation_config.update(do_sample=False, temperature=None, top_p=None, top_k=None, max_length=None)
    return HfChat(model=name, pipeline=pipeline)


def _before_stop(text: str, stop: list[str] | None) -> str:
    cuts = [text.find(s) for s in stop or () if s and s in text]
    return text[: min(cuts)] if cuts else text
