"""Cleans text on its way to a model (`as_data`) and from it (`without_active_content`)."""

from __future__ import annotations

import re
import unicodedata

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\U000e0000-\U000e007f]")
_CONTROL = re.compile(
    r"<\|[^|<>]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>|<(?:bos|eos|pad|unk)>|<end▁of▁sentence>",
    re.IGNORECASE,
)
_ROLE = re.compile(r"^(\s*)(system|assistant|user|developer|human)(\s*:)", re.IGNORECASE | re.MULTILINE)


def visible(text: str) -> str:
    """What a reader sees: NFKC, without zero-width, direction and tag characters."""
    return unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))


def as_data(text: str, marks: tuple[str, ...] = ("<evidence", "</evidence", "<question", "</question")) -> str:
    """Evidence as it may stand in a prompt: no chat control token, no role marker, none of the prompt's own `marks`."""
    text = _CONTROL.sub(" ", _ZERO_WIDTH.sub("", text))
    text = _ROLE.sub(r"\1\2 -", text)
    for mark in marks:
        text = re.sub(re.escape(mark), mark.replace("<", "("), text, flags=re.IGNORECASE)
    return text


def without_active_content(text: str) -> str:
    """A model's words without anything that acts in a page: images and links (their words stay), bare addresses,
    HTML, scripts, control tokens, hidden characters and reasoning that was not meant to be shown."""
    text = re.sub(r"<think>.*?(?:</think>|\Z)", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"<(script|style)\b.*?(?:</\1>|\Z)", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)?", " ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)?", r"\1", text)
    text = re.sub(r"^\s*\[[^\]]+\]:\s*\S+.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"(?:https?|ftp|file|data|javascript|mailto):\S+|\bwww\.\S+", " ", text, flags=re.IGNORECASE)
    text = re.sub(r"</?[A-Za-z][^<>]{0,500}>|<!--.*?(?:-->|\Z)", " ", text, flags=re.DOTALL)
    text = _CONTROL.sub(" ", _ZERO_WIDTH.sub("", text))
    return re.sub(r"[ \t]{2,}", " ", text).strip()
