"""Statements as tables: a click on a figure opens the page it stands on; identity checks below."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import streamlit as st

from core.evidence import Value
from core.ui.escape import literal
from core.ui.evidence import open_citation
from core.ui.session import workspace
from verticals.finance.page.companies import chosen_frame
from verticals.finance.statements.checks import check
from verticals.finance.statements.concepts import lines
from verticals.finance.statements.frame import Frame

NAMES = {"income_statement": "Income statement", "balance_sheet": "Balance sheet", "cash_flow": "Cash flow"}
SCALES = {0: "units", 3: "thousands", 6: "millions", 9: "billions"}


def show(collection: str) -> None:
    """The three statements of one company over its fiscal years."""
    frame = chosen_frame(collection, "statements-company")
    if frame is None:
        return
    if not frame.fiscal_years():
        st.info("These files hold no financial statements of this company.")
        return
    statement = (
        st.segmented_control(
            "Statement", list(NAMES), format_func=NAMES.__getitem__, default="income_statement", key="statement"
        )
        or "income_statement"
    )
    years, rows = table(frame, statement)
    if not rows:
        st.info("No figures of this statement were found.")
        return
    scale = printed_scale(rows)
    shown = pd.DataFrame(
        [[label, *(figure(v, scale) for v in values)] for label, values in rows],
        columns=[f"{currency(rows)} {SCALES[scale]}, per share as stated", *(f"FY{y}" for y in years)],
    )
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        key=f"table-{collection}-{frame.entity}-{statement}",
        column_config={f"FY{y}": st.column_config.TextColumn(alignment="right") for y in years},
        height="content",
        alt=f"{NAMES[statement]} of {frame.entity}",
    )
    st.caption("Select a figure to open the page it stands on.")
    _open_selected(collection, rows, years, event)
    _checks(collection, frame)


def table(frame: Frame, statement: str) -> tuple[list[int], list[tuple[str, list[Value | None]]]]:
    """Fiscal years, latest first, and (label, a Value or None a year) of every standard line that a statement has;
    years and lines without any figure are left out."""
    years = frame.fiscal_years()[::-1]
    found = [
        (line.label, [frame.get(name, year) for year in years])
        for name, line in lines().items()
        if line.statement == statement
    ]
    kept = [i for i, _ in enumerate(years) if any(values[i] for _, values in found)]
    rows = [(label, [values[i] for i in kept]) for label, values in found if any(values)]
    return [years[i] for i in kept], rows


def printed_scale(rows: list[tuple[str, list[Value | None]]]) -> int:
    """The power of ten in which most money figures are printed (0, 3, 6 or 9)."""
    scales = Counter(v.scale for _, values in rows for v in values if v and "/" not in v.unit and v.scale in SCALES)
    return scales.most_common(1)[0][0] or 0 if scales else 6


def figure(value: Value | None, scale: int) -> str:
    """The figure in the table's scale, as statements print it ("(58,645)"); per share as it is; "" for none."""
    if value is None:
        return ""
    amount = value.value if "/" in value.unit else value.value.scaleb(-scale)
    places = max(0, -int(amount.normalize().as_tuple().exponent))
    places = max(places, 2) if "/" in value.unit else min(places, 3)
    text = f"{abs(amount):,.{places}f}"
    return f"({text})" if amount < 0 else text


def currency(rows: list[tuple[str, list[Value | None]]]) -> str:
    """The currency of the first money figure."""
    units = (v.unit for _, values in rows for v in values if v and v.unit != "shares")
    return next(units, "USD").split("/")[0]


def _open_selected(collection: str, rows: list[tuple[str, list[Value | None]]], years: list[int], event: Any) -> None:
    cells = event.selection.cells if event and event.selection else []
    seen = st.session_state.get("opened-cell")
    cell = tuple(cells[0]) if cells else None
    st.session_state["opened-cell"] = cell
    if cell is None or cell == seen or not str(cell[1]).startswith("FY"):
        return
    value = rows[int(cell[0])][1][years.index(int(str(cell[1])[2:]))]
    source = workspace().catalog.source(collection, value.source_id) if value else None
    if value is None or source is None:
        return
    open_citation(
        collection,
        {
            "source_id": value.source_id,
            "source": source.name,
            "locator": value.locator.as_json(),
            "quote": value.quote or value.printed,
        },
    )


def _checks(collection: str, frame: Frame) -> None:
    results = [
        (source, c)
        for source in frame.sources.values()
        for c in check(workspace().catalog.values(collection, source_ids=[source.id]))
    ]
    if not results:
        return
    failed = sum(not c.holds for _, c in results)
    with st.expander(f"Checks: {len(results) - failed} of {len(results)} identities hold", expanded=bool(failed)):
        for source, c in sorted(results, key=lambda item: item[1].holds):
            verdict = "✓ holds" if c.holds else f"✕ off by {c.difference:,}"
            when = c.period.end.isoformat()
            st.markdown(f"{verdict}: {literal(f'{c.name}, {when} ({c.formula}), {source.label}')}")
