"""An Answer on a page: text with numbered marks, the evidence behind each number, what was withheld, feedback."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from core.evidence import shown_number
from core.ui.escape import literal
from core.ui.evidence import open_citation
from core.ui.session import workspace

STATUS: dict[str, tuple[str, Literal["green", "orange", "gray", "red", "blue"]]] = {
    "answered": ("✓ Answered from the sources", "green"),
    "partial": ("◐ Answered in part", "orange"),
    "abstained": ("○ Not in these sources", "gray"),
    "refused": ("✕ Refused", "red"),
    "needs_input": ("? Needs your input", "blue"),
}
"""Words and a sign for each status: colour is never the only signal."""


def show_answer(answer: dict[str, Any], collection: str, key: str) -> None:
    """Shows one kept answer. `key` makes its widgets unique on the page."""
    label, colour = STATUS[answer["status"]]
    st.badge(label, color=colour)
    st.markdown(literal(answer["text"]))
    for ask in answer["asks"]:
        st.info(literal(ask))
    _facts(answer, collection, key)
    _citations(answer, collection, key)
    if answer["missing"]:
        st.markdown("**Missing:** " + literal("; ".join(answer["missing"])))
    if answer["dropped"]:
        with st.expander(f"Withheld: {len(answer['dropped'])} statements that failed verification"):
            for dropped in answer["dropped"]:
                st.markdown(f"~~{literal(dropped['text'])}~~  \n{literal(dropped['why'])}")
    for notice in answer["notices"]:
        st.caption(literal(notice))
    _feedback(answer, key)


def _facts(answer: dict[str, Any], collection: str, key: str) -> None:
    by_number = {c["n"]: c for c in answer["citations"]}
    for fact in answer["facts"]:
        shown = fact.get("display") or f"{shown_number(fact['value'])} {fact['unit']}"
        with st.expander(f"[{fact['n']}] {literal(fact['name'])}, {literal(fact['period'])}: {literal(shown)}"):
            st.markdown(f"**Formula:** {literal(fact['formula'])}")
            if fact.get("definition"):
                st.caption("Definition: " + literal(fact["definition"]))
            for position, item in enumerate(fact["inputs"]):
                left, right = st.columns([4, 1], vertical_alignment="center")
                period = f" ({item['period']})" if item.get("period") else ""
                left.markdown(literal(f"{item['name']}{period}: {shown_number(item['value'])} {item['unit']}"))
                citation = by_number.get(item["citation"])
                if citation and right.button(
                    f"Open [{citation['n']}]", key=f"{key}-fact-{fact['n']}-{position}", help=_place(citation)
                ):
                    open_citation(collection, citation)


def _citations(answer: dict[str, Any], collection: str, key: str) -> None:
    for citation in answer["citations"]:
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"**[{citation['n']}]** {literal(_place(citation))}  \n“{literal(_short(citation['quote']))}”")
        if right.button("Open", key=f"{key}-citation-{citation['n']}", help=f"Open {_place(citation)}"):
            open_citation(collection, citation)


def _place(citation: dict[str, Any]) -> str:
    page = citation["locator"].get("page")
    return f"{citation['source']}, page {page}" if page else str(citation["source"])


def _short(quote: str, length: int = 240) -> str:
    quote = " ".join(quote.split())
    return quote if len(quote) <= length else quote[: length - 1] + "…"


def _feedback(answer: dict[str, Any], key: str) -> None:
    left, right = st.columns([1, 5], vertical_alignment="center")
    with left:
        thumb = st.feedback("thumbs", key=f"{key}-thumb")
    with right.popover("Correct this answer"), st.form(f"{key}-correction", border=False):
        correction = st.text_area("What should it say?", key=f"{key}-text")
        sent = st.form_submit_button("Send correction")
    said: set[str] = st.session_state.setdefault("feedback_given", set())
    if thumb is not None and f"{key}-{thumb}" not in said:
        said.add(f"{key}-{thumb}")
        workspace().catalog.add_feedback(answer["id"], 1 if thumb == 1 else -1)
        st.toast("Thank you: your rating is kept.")
    if sent and correction.strip():
        workspace().catalog.add_feedback(answer["id"], -1, correction=correction.strip())
        st.toast("Thank you: your correction is kept.")
