"""The analyst's page: filings in, questions answered with their evidence, statements and ratios, the report."""

from __future__ import annotations

import streamlit as st

from core.errors import PlumblineError
from verticals.finance.page import ask, filings, ratios, report, statements

st.set_page_config(page_title="Plumbline · Finance", page_icon="📐", layout="wide")


def main() -> None:
    st.title("Plumbline Finance")
    st.caption("Every statement leads to its page, every number to its formula. Not investment advice.")
    collection = filings.sidebar()
    if collection is None:
        st.info("Add filings on the left to begin: 10-K, 10-Q, 8-K or earnings releases, as PDF or HTML.")
        return
    tabs = st.tabs(["Ask", "Statements", "Ratios", "Report"])
    for tab, room in zip(tabs, (ask.show, statements.show, ratios.show, report.show), strict=True):
        with tab:
            try:
                room(collection)
            except PlumblineError as error:
                st.error(str(error))


main()
