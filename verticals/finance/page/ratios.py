"""Ratios as a table and a chart; each figure with its formula and inputs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from core.evidence import Fact, shown_number
from core.ui.escape import literal
from core.ui.evidence import open_citation
from verticals.finance.metrics import Metric, by_group
from verticals.finance.page.companies import chosen_frame
from verticals.finance.ratios import Book, try_figure
from verticals.finance.statements.frame import Frame


def show(collection: str) -> None:
    """All ratios that the statements of one company give, by group, over its fiscal years."""
    frame = chosen_frame(collection, "ratios-company")
    if frame is None:
        return
    years = frame.fiscal_years()[::-1]
    groups = [g for g in by_group() if g != "line"]
    group = st.segmented_control("Group", groups, default=groups[0], key="ratio-group") or groups[0]
    book = Book(frame)
    found = figures(book, by_group()[group], years)
    kept = [i for i, _ in enumerate(years) if any(facts[i] for _, facts in found)]
    if not kept:
        st.info("The statements do not give what these ratios need.")
        return
    shown = pd.DataFrame(
        [[m.label, *(f.display if (f := facts[i]) else "" for i in kept)] for m, facts in found],
        columns=["Ratio", *(f"FY{years[i]}" for i in kept)],
    )
    right = {f"FY{years[i]}": st.column_config.TextColumn(alignment="right") for i in kept}
    st.dataframe(shown, hide_index=True, height="content", column_config=right, alt=f"{group} of {frame.entity}")
    chosen = st.selectbox("Show one", [m.name for m, _ in found], format_func=lambda n: _label(found, n), key="ratio")
    facts = next((facts for m, facts in found if m.name == chosen), found[0][1])
    _chart(frame, _label(found, chosen), [f for f in facts if f])
    _formulas(collection, book, [f for f in facts if f])


def figures(book: Book, members: tuple[Metric, ...], years: list[int]) -> list[tuple[Metric, list[Fact | None]]]:
    """(metric, a Fact or None a year) of every metric that at least one year gives."""
    rows = [(m, [try_figure(book, m.name, year) for year in years]) for m in members]
    return [(m, facts) for m, facts in rows if any(facts)]


def _label(found: list[tuple[Metric, list[Fact | None]]], name: str) -> str:
    return next((m.label for m, _ in found if m.name == name), name)


def _chart(frame: Frame, label: str, facts: list[Fact]) -> None:
    data = pd.DataFrame({"year": [f.period for f in facts], "value": [float(f.value) for f in facts]})
    data["shown"] = [f.display for f in facts]
    chart = (
        alt.Chart(data)
        .mark_line(point=True)
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", title=label, scale=alt.Scale(zero=False), axis=alt.Axis(format="~s")),
            tooltip=["year", "shown"],
        )
        .properties(height=260)
    )
    words = "; ".join(f"{f.period} {f.display}" for f in reversed(facts))
    st.altair_chart(chart, alt=f"{label} of {frame.entity}: {words}")


def _formulas(collection: str, book: Book, facts: list[Fact]) -> None:
    citations = {c.n: c for c in book.citations}
    numbered = {f.n: f for f in book.facts}
    for fact in facts:
        with st.expander(literal(f"{fact.name}, {fact.period}: {fact.display}")):
            st.markdown(f"**Formula:** {literal(fact.formula)}")
            st.caption("Definition: " + literal(fact.definition))
            for position, item in enumerate(_leaves(fact, numbered)):
                left, right = st.columns([4, 1], vertical_alignment="center")
                left.markdown(literal(f"{item.name} ({item.period}): {shown_number(item.value)} {item.unit}"))
                citation = citations.get(item.citation or 0)
                if citation and right.button("Open", key=f"ratio-{fact.n}-{position}"):
                    open_citation(collection, {**asdict(citation), "locator": citation.locator.as_json()})


def _leaves(fact: Fact, numbered: dict[int, Fact]) -> list[Any]:
    out: list[Any] = []
    for item in fact.inputs:
        inner = numbered.get(item.citation or 0)
        out += _leaves(inner, numbered) if inner else [item]
    return out
