"""The sidebar: choose a collection, add filings with progress, see what is there, remove it."""

from __future__ import annotations

import streamlit as st

from core.errors import PlumblineError
from core.indexing import IngestReport, forget
from core.ui.escape import literal
from core.ui.session import take_uploads, workspace
from verticals.finance import vertical

TYPES = ["pdf", "html", "htm", "xhtml", "txt", "md", "csv"]


def sidebar() -> str | None:
    """Draws the sidebar; returns the chosen collection, or None while there is none."""
    with st.sidebar:
        st.header("Filings")
        catalog = workspace().catalog
        names = [n for n in catalog.collections() if catalog.collection(n).vertical == vertical.name]
        chosen = st.selectbox("Collection", names, key="collection") if names else None
        _add(chosen)
        if chosen:
            _list(chosen)
    return chosen


def _add(chosen: str | None) -> None:
    with st.form("add", clear_on_submit=True):
        files = st.file_uploader("Add filings", type=TYPES, accept_multiple_files=True)
        target = st.text_input("Into collection", value=chosen or "filings", max_chars=64)
        sent = st.form_submit_button("Read these files")
    if sent and not files:
        st.warning("Choose one or more files first.")
    if sent and files:
        try:
            report = take_uploads(files, vertical, target.strip())
        except PlumblineError as error:
            st.error(str(error))
            return
        st.session_state["ingested"] = report
        st.rerun()
    if "ingested" in st.session_state:
        _told(st.session_state.pop("ingested"))


def _told(report: IngestReport) -> None:
    st.success(
        f"{report.added} added, {report.replaced} replaced, {report.unchanged} already there: "
        f"{report.pages} pages in {report.seconds:.0f} s"
    )
    for failure in report.failed:
        st.error(literal(failure["error"]))
    for row in report.warnings:
        for warning in row["warnings"]:
            st.caption(literal(warning))


def _list(collection: str) -> None:
    sources = workspace().catalog.sources(collection)
    st.subheader(f"{len(sources)} in this collection")
    for source in sources:
        described = source.description
        period = described.meta.get("fiscal_year", "")
        title = " · ".join(part for part in (described.entity, described.kind, period) if part) or source.name
        with st.expander(literal(title)):
            st.caption(literal(source.name) + (f", {source.pages} pages" if source.pages else ""))
            if described.period:
                st.caption(f"Period to {described.period.end.isoformat()}")
            if st.button("Remove", key=f"forget-{source.id}", help=f"Remove {source.name} from this collection"):
                forget(workspace(), source.id, collection)
                st.rerun()
