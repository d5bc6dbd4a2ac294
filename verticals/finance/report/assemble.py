"""Puts a report together: the company found, its sections drafted, everything gated, the file written."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import PlumblineError, UsageError
from verticals.finance.report import accounts, doubts, market, overview, words
from verticals.finance.report.company import Company, open_company
from verticals.finance.report.evidence import Evidence
from verticals.finance.report.parts import Section
from verticals.finance.statements.frame import Frame, short_name

if TYPE_CHECKING:
    from core.workspace import Workspace

LATER = {".docx", ".pdf", ".xlsx"}


def assemble(
    workspace: Workspace, collection: str, company: str, out: Path, peers: Sequence[str], prices: Path | None
) -> dict[str, Any]:
    """See `verticals.finance.report.build`."""
    started = time.perf_counter()
    _writable(out)
    evidence = Evidence(workspace, collection)
    main = _company(evidence, company)
    others = [_company(evidence, p) for p in peers]
    sections = _sections(main, others, prices)
    tiles = overview.tiles(main, next(s for s in sections if s.id == "market"))
    gated = evidence.gate(sections, tiles)

    from verticals.finance.report.render import render

    page, facts = render(main, others, sections, tiles, gated, evidence, date.today())
    _write(out, page)
    return {
        "out": str(out),
        "claims": len(gated.claims),
        "facts": facts,
        "dropped": [{"text": d.text, "why": d.why} for d in evidence.dropped],
        "missing": list(evidence.missing),
        "seconds": round(time.perf_counter() - started, 3),
    }


def _sections(main: Company, others: Sequence[Company], prices: Path | None) -> list[Section]:
    results, cash = accounts.results(main), accounts.cash_flow(main)
    results.items += words.explained(main)
    cash.items += words.liquid(main)
    body = [
        words.business(main),
        results,
        accounts.position(main),
        cash,
        accounts.returns(main),
        accounts.peers(main, others),
        market.market(main, prices),
        words.risks(main),
        doubts.questions(main, alone=not others),
        doubts.checks(main),
    ]
    return [overview.thesis(main, body), *body]


def _company(evidence: Evidence, name: str) -> Company:
    """The company called `name`. Raises PlumblineError that lists the collection's companies."""
    catalog = evidence.workspace.catalog
    known = catalog.collections()
    if evidence.collection not in known:
        raise UsageError(
            f"There is no collection {evidence.collection!r}",
            f"There is: {', '.join(known) or 'none; ingest files first'}.",
        )
    frame = Frame.load(evidence.workspace, evidence.collection, name)
    entities = sorted({s.entity for s in catalog.sources(evidence.collection) if s.entity})
    if not frame.sources:
        wanted = short_name(name)
        near = [e for e in entities if wanted and f" {short_name(e)} ".startswith(f" {wanted} ")]
        if len(near) == 1:
            frame = Frame.load(evidence.workspace, evidence.collection, near[0])
    if not frame.sources:
        raise PlumblineError(
            f"No filing in collection {evidence.collection!r} is about {name!r}",
            f"It has filings of: {', '.join(entities) or 'no company that was recognised'}.",
        )
    company = open_company(evidence, frame)
    if not company.years:
        labels = ", ".join(s.label for s in frame.sources.values())
        raise PlumblineError(
            f"No annual income statement of {frame.entity} could be read from {labels}",
            "Ingest an annual report (10-K) that holds the financial statements.",
        )
    return company


def _writable(out: Path) -> None:
    suffix = out.suffix.lower()
    if suffix in LATER:
        raise UsageError(f"Reports as {suffix} are not available yet", f"Write --out {out.with_suffix('.html')}.")
    if suffix != ".html":
        raise UsageError(f"{suffix or out.name!r} is no format of a report", "Write --out FILE.html.")
    if not out.parent.is_dir():
        raise UsageError(f"The folder {out.parent} does not exist", "Make it, or name another --out.")


def _write(out: Path, page: str) -> None:
    """Writes beside the file and moves into place, so that a reader never sees half a report."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(out)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise PlumblineError(f"{out} cannot be written ({error.strerror})", "Name another --out.") from error
