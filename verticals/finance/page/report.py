"""The report: build it, read it here, download it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from core.ui.escape import literal
from core.ui.session import plain_name, workspace
from verticals.finance.page.companies import entities
from verticals.finance.report import build


def show(collection: str) -> None:
    """A form for the report, and the last one built in this session."""
    names = entities(collection)
    if not names:
        st.info("No company was recognised in these files.")
        return
    with st.form("report"):
        company = st.selectbox("Company", names)
        peers = st.multiselect("Compare with", names)
        prices = st.file_uploader("Prices (CSV, optional)", type=["csv", "gz"])
        sent = st.form_submit_button("Build the report", type="primary")
    built: dict[str, dict[str, Any]] = st.session_state.setdefault("reports", {})
    if sent:
        with st.spinner("Computing, quoting, verifying…"):
            built[collection] = _build(collection, company, [p for p in peers if p != company], prices)
    if collection in built:
        _show(built[collection])


def _build(collection: str, company: str, peers: list[str], prices: Any) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        series = None
        if prices is not None:
            series = Path(folder) / plain_name(prices.name)
            series.write_bytes(prices.getbuffer())
        out = Path(folder) / "report.html"
        result = build(workspace(), collection, company, out, peers=peers, prices=series)
        return {**result, "company": company, "html": out.read_text(encoding="utf-8")}


def _show(report: dict[str, Any]) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    dropped = report["dropped"] if isinstance(report["dropped"], int) else len(report["dropped"])
    left.markdown(
        f"**{literal(report['company'])}**: {report['claims']} claims, {report['facts']} computed figures, "
        f"{dropped} withheld, {len(report['missing'])} missing"
    )
    name = re.sub(r"\W+", "-", report["company"]).strip("-").lower() or "report"
    right.download_button(
        "Download the report", report["html"], file_name=f"{name}.html", mime="text/html", on_click="ignore"
    )
    st.iframe(report["html"], height=900, alt=f"Report on {report['company']}")
