"""Renders a report into one HTML file that needs no network: style and script inline, all evidence inside, every figure
linked to the entry that proves it and marked for machines (`data-fact`, `data-citation`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from core.evidence import Citation, Fact, FactInput, plain_number
from verticals.finance.report.company import Company
from verticals.finance.report.evidence import Evidence, Gated
from verticals.finance.report.parts import Chart, Note, Quote, Ref, Section, Sentence, Table, Tile

FOLDER = Path(__file__).parent
MANY = 8
"""Inputs of a Fact that are listed; of more, the first and last few are."""


def render(
    company: Company,
    peers: Sequence[Company],
    sections: Sequence[Section],
    tiles: Sequence[Tile],
    gated: Gated,
    evidence: Evidence,
    today: date,
) -> tuple[str, int]:
    """The page, and the number of Facts that it shows or rests on."""
    shown = [s for s in sections if any(not isinstance(i, Note) for i in s.items)]
    facts = {f.n: f for f in evidence.facts()}
    citations = {c.n: c for c in evidence.citations()}
    used = _closure(_used(shown, tiles, gated), facts)
    files = {s.id: s.name for c in (company, *peers) for s in c.frame.sources.values()}
    if evidence.series:
        files[evidence.series.sha256] = evidence.series.file
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["figures"] = lambda parts: _figures(parts, facts)
    env.filters["prose"] = _collapse
    env.tests.update({k.__name__.lower(): _is(k) for k in (Sentence, Quote, Table, Chart, Note)})
    page = env.get_template("report.html.j2").render(
        company=company,
        peers=peers,
        sections=shown,
        tiles=tiles,
        position=lambda item: gated.position[id(item)],
        rests=lambda item: _rests(item, gated),
        evidence=evidence,
        today=today,
        sources=_sources(company, peers),
        facts=[_entry(facts[n], citations) for n in sorted(used) if n in facts],
        citations=[_citation(citations[n], files) for n in sorted(used) if n in citations],
        attribute=lambda n: Markup("data-fact") if n in facts else Markup("data-citation"),
        css=Markup((FOLDER / "report.css").read_text(encoding="utf-8")),
        js=Markup((FOLDER / "report.js").read_text(encoding="utf-8")),
        machine=_machine(company, gated, [facts[n] for n in sorted(used) if n in facts],
                         [citations[n] for n in sorted(used) if n in citations], evidence, files),
    )  # fmt: skip
    return page, sum(n in facts for n in used)


def _rests(item: Sentence, gated: Gated) -> list[int]:
    """The evidence of the claims that a judgement rests on."""
    claim = gated.claims[gated.position[id(item)]]
    return list(dict.fromkeys(n for i in claim.based_on for n in gated.claims[i].citations))


def _is(kind: type) -> Any:
    return lambda item: isinstance(item, kind)


def _collapse(text: str) -> str:
    return " ".join(text.split())


def _figures(parts: Iterable[str | Ref], facts: dict[int, Fact]) -> Markup:
    """Words and linked figures."""
    out = Markup()
    for part in parts:
        if isinstance(part, str):
            out += escape(part)
        else:
            kind = "data-fact" if part.n in facts else "data-citation"
            out += Markup('<a class="f" href="#e{n}" {kind}="{n}" data-scale="{scale}">{text}</a>').format(
                n=part.n, kind=Markup(kind), scale=part.scale, text=part.text
            )
    return out


def _used(sections: Sequence[Section], tiles: Sequence[Tile], gated: Gated) -> set[int]:
    found: set[int] = {n for c in gated.claims for n in c.citations}
    for section in sections:
        for item in section.items:
            if isinstance(item, Table):
                found |= {c.n for row in item.rows for c in row.cells if c}
            elif isinstance(item, Chart):
                found |= {r.n for r in item.refs}
            elif isinstance(item, Quote):
                found |= {item.n, *([item.head_n] if item.head_n else [])}
    for tile in tiles:
        found |= {tile.value.n, *(p.n for p in tile.note if isinstance(p, Ref))}
    return found


def _closure(start: set[int], facts: dict[int, Fact]) -> set[int]:
    """`start` and all that its facts rest on."""
    found: set[int] = set()
    todo = list(start)
    while todo:
        n = todo.pop()
        if n not in found:
            found.add(n)
            todo += [i.citation for i in facts[n].inputs if i.citation is not None] if n in facts else []
    return found


def _sources(company: Company, peers: Sequence[Company]) -> list[dict[str, str]]:
    rows = []
    for one in (company, *peers):
        for source in sorted(one.frame.sources.values(), key=lambda s: s.name):
            d = source.description
            rows.append(
                {
                    "company": one.name,
                    "label": source.label,
                    "kind": d.kind,
                    "period": d.period.end.isoformat() if d.period else "",
                    "date": d.date.isoformat() if d.date else "",
                    "file": source.name,
                }
            )
    return rows


def _entry(fact: Fact, citations: dict[int, Citation]) -> dict[str, Any]:
    """A Fact for the list of evidence; `inputs` holds None where entries were left out for length."""
    inputs: list[FactInput | None] = list(fact.inputs)
    if len(inputs) > MANY + 1:
        inputs = [*inputs[:3], None, *inputs[-3:]]
    return {"fact": fact, "inputs": [_input(i) for i in inputs], "value": _exact(fact.value)}


def _input(item: FactInput | None) -> dict[str, Any] | None:
    return (
        None
        if item is None
        else {"name": item.name, "value": _exact(item.value), "unit": item.unit, "n": item.citation}
    )


def _exact(value: Decimal) -> str:
    """The value with all digits that matter, thousands separated."""
    if value == value.to_integral_value():
        return f"{value:,.0f}".replace("-", "−")
    text = f"{value:,.10f}".rstrip("0") if abs(value) >= Decimal("1e-8") else f"{value:.3E}"
    return text.replace("-", "−")


def _citation(citation: Citation, files: dict[str, str]) -> dict[str, Any]:
    file = files.get(citation.source_id, citation.source)
    place = citation.locator
    where = f"{file}#page={place.page}" if place.page else f"{file}, line {place.line}" if place.line else file
    if place.element and not place.page:
        where = f"{file}, element {place.element}"
    lines = citation.quote.splitlines() or [""]
    if len(lines) > MANY:
        lines = [*lines[:3], "…", *lines[-2:]]
    return {"citation": citation, "where": where, "lines": [re.sub(r"\s*\t\s*", "   ", line) for line in lines]}


def _machine(
    company: Company, gated: Gated, facts: Sequence[Fact], citations: Sequence[Citation], evidence: Evidence,
    files: dict[str, str],
) -> Markup:  # fmt: skip
    """The whole trace as JSON for programs that read the report again."""
    document = {
        "company": company.name,
        "claims": [
            {"text": c.text, "kind": c.kind, "citations": c.citations, "based_on": c.based_on, "support": c.support}
            for c in gated.claims
        ],
        "facts": [
            {
                "n": f.n, "entity": f.entity, "name": f.name, "value": str(f.value), "number": plain_number(f.value),
                "unit": f.unit, "period": f.period, "formula": f.formula, "definition": f.definition,
                "display": f.display,
                "inputs": [
                    {"name": i.name, "value": str(i.value), "unit": i.unit, "citation": i.citation, "period": i.period}
                    for i in f.inputs
                ],
            }
            for f in facts
        ],
        "citations": [
            {
                "n": c.n, "source": c.source, "file": files.get(c.source_id, c.source), "sha256": c.source_id,
                "kind": c.kind, "date": c.date, "locator": c.locator.as_json(), "quote": c.quote,
            }
            for c in citations
        ],
        "dropped": [{"text": d.text, "why": d.why} for d in evidence.dropped],
        "missing": list(evidence.missing),
    }  # fmt: skip
    text = json.dumps(document, ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
