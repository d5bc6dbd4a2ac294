"""Ask: a question, the answer as it is verified, the evidence one click away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.answering import answer
from core.errors import PlumblineError
from core.ui.answers import show_answer
from core.ui.escape import literal
from core.ui.session import history, workspace
from verticals.finance import vertical


def show(collection: str) -> None:
    """The dialogue of this session on one collection."""
    turns = history(collection)
    for position, turn in enumerate(turns):
        with st.chat_message("user"):
            st.markdown(literal(turn["question"]))
        with st.chat_message("assistant"):
            show_answer(turn, collection, f"answer-{position}-{turn['id'][:8]}")
    if not turns:
        st.caption('For example: "What was capital expenditure in FY2023?", "Is the gross margin improving?"')
    question = st.chat_input("Ask about these filings")
    if question:
        with st.chat_message("user"):
            st.markdown(literal(question))
        with st.chat_message("assistant"), st.status("Looking for evidence…") as status:
            try:
                found = answer(
                    workspace(),
                    vertical,
                    question,
                    collection,
                    history=turns,
                    on_event=lambda k, d: _tell(status, k, d),
                )
            except PlumblineError as error:
                status.update(label="No answer", state="error")
                st.error(str(error))
                return
        turns.append(found.as_json())
        st.rerun()


def _tell(status: Any, kind: str, data: Mapping[str, Any]) -> None:
    """Progress in words; a draft is never shown, only what has passed its gate."""
    if kind == "retrieved":
        status.update(label=f"Read {len(data['hits'])} passages; verifying…")
    elif kind == "claim":
        status.write(literal(str(data.get("text", ""))))
