"""Nouns to rows and back. The only place that knows how evidence is laid out in the tables."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, cast

from core.evidence import BlockKind, Description, Locator, Passage, Period, Source, Value


def description_to_json(description: Description) -> dict[str, Any]:
    return {
        **asdict(description),
        "period": description.period.as_text() if description.period else None,
        "date": description.date.isoformat() if description.date else None,
        "meta": dict(description.meta),
    }


def description_from_json(data: dict[str, Any]) -> Description:
    return Description(
        entity=data["entity"],
        kind=data["kind"],
        title=data["title"],
        period=Period.from_text(data["period"]) if data["period"] else None,
        date=date.fromisoformat(data["date"]) if data["date"] else None,
        aliases=tuple(data["aliases"]),
        meta=data["meta"],
    )


def source_from_row(row: Any) -> Source:
    return Source(
        id=row.id,
        name=row.name,
        path=row.path,
        collection=row.collection,
        media_type=row.media_type,
        pages=row.pages,
        lang=row.lang,
        description=description_from_json(row.description),
    )


def passage_to_row(passage: Passage, collection: str) -> dict[str, Any]:
    return {
        "collection": collection,
        "id": passage.id,
        "source_id": passage.source_id,
        "ordinal": passage.ordinal,
        "kind": passage.kind,
        "text": passage.text,
        "page": passage.locator.page,
        "locator": passage.locator.as_json(),
        "heading_path": list(passage.heading_path),
        "context": passage.context,
        "tags": list(passage.tags),
        "search_text": passage.search_text,
    }


def passage_from_row(row: Any) -> Passage:
    return Passage(
        id=row.id,
        source_id=row.source_id,
        ordinal=row.ordinal,
        kind=cast(BlockKind, row.kind),
        text=row.text,
        locator=Locator.from_json(row.locator),
        heading_path=tuple(row.heading_path),
        context=row.context,
        tags=tuple(row.tags),
        search_text=row.search_text,
    )


def value_to_row(value: Value, collection: str) -> dict[str, Any]:
    return {
        "collection": collection,
        "id": value.id,
        "source_id": value.source_id,
        "entity": value.entity,
        "metric": value.metric,
        "label": value.label,
        "period": value.period.as_text(),
        "value": str(value.value),
        "unit": value.unit,
        "printed": value.printed,
        "locator": value.locator.as_json(),
        "scale": value.scale,
        "concept": value.concept,
        "statement": value.statement,
        "dimensions": [list(pair) for pair in value.dimensions],
        "quote": value.quote,
    }


def value_from_row(row: Any) -> Value:
    return Value(
        id=row.id,
        source_id=row.source_id,
        entity=row.entity,
        metric=row.metric,
        label=row.label,
        period=Period.from_text(row.period),
        value=Decimal(row.value),
        unit=row.unit,
        printed=row.printed,
        locator=Locator.from_json(row.locator),
        scale=row.scale,
        concept=row.concept,
        statement=row.statement,
        dimensions=tuple((axis, member) for axis, member in row.dimensions),
        quote=row.quote,
    )
