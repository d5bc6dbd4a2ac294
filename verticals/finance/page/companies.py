"""Choosing a company of the collection, the same way on every tab."""

from __future__ import annotations

import streamlit as st

from core.ui.session import workspace
from verticals.finance.statements.frame import Frame


def entities(collection: str) -> list[str]:
    """Companies that the collection's filings are about."""
    return sorted({s.entity for s in workspace().catalog.sources(collection) if s.entity})


def chosen_frame(collection: str, key: str) -> Frame | None:
    """A select box of companies and the frame of the chosen one; None where no company is known."""
    names = entities(collection)
    if not names:
        st.info("No company was recognised in these files.")
        return None
    name = st.selectbox("Company", names, key=key)
    return Frame.load(workspace(), collection, name)
