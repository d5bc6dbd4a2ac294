"""The relational tables. Changing one means a new migration in `migrations/versions`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

collections = Table(
    "collections",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("vertical", String(64), nullable=False),
    Column("index_version", String(64), nullable=False, server_default=""),
    Column("generation", Integer, nullable=False, server_default="0"),
)

sources = Table(
    "sources",
    metadata,
    Column("collection", String(128), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("description", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("added", Float, nullable=False),
    ForeignKeyConstraint(["collection"], ["collections.name"]),
)

locations = Table(
    "locations",
    metadata,
    Column("collection", String(128), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("source_id", String(64), nullable=False),
    ForeignKeyConstraint(["collection", "source_id"], ["sources.collection", "sources.id"], ondelete="CASCADE"),
    Index("locations_source", "collection", "source_id"),
)

passages = Table(
    "passages",
    metadata,
    Column("collection", String(128), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("source_id", String(64), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("page", Integer),
    Column("locator", JSON, nullable=False),
    Column("heading_path", JSON, nullable=False),
    Column("context", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("search_text", Text, nullable=False),
    ForeignKeyConstraint(["collection", "source_id"], ["sources.collection", "sources.id"], ondelete="CASCADE"),
    Index("passages_source", "collection", "source_id", "ordinal"),
)

values = Table(
    "values",
    metadata,
    Column("collection", String(128), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("source_id", String(64), nullable=False),
    Column("entity", Text, nullable=False),
    Column("metric", String(128), nullable=False),
    Column("label", Text, nullable=False),
    Column("period", String(32), nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", String(64), nullable=False),
    Column("printed", Text, nullable=False),
    Column("locator", JSON, nullable=False),
    Column("scale", Integer),
    Column("concept", Text),
    Column("statement", String(64), nullable=False),
    Column("dimensions", JSON, nullable=False),
    Column("quote", Text, nullable=False),
    ForeignKeyConstraint(["collection", "source_id"], ["sources.collection", "sources.id"], ondelete="CASCADE"),
    Index("values_metric", "collection", "entity", "metric"),
    Index("values_source", "collection", "source_id"),
)

removals = Table(
    "removals",
    metadata,
    Column("collection", String(128), primary_key=True),
    Column("passage_id", String(64), primary_key=True),
)
"""Passages gone from the catalog and not yet from the derived indexes: written in the transaction that deletes
them, cleared when the indexes have followed, so that a kill in between loses nothing."""

segments = Table(
    "segments",
    metadata,
    Column("collection", String(128), primary_key=True),
    Column("index_version", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    ForeignKeyConstraint(["collection"], ["collections.name"]),
)
"""The finished vector segments that searches read; a segment is listed in the transaction that makes its sources
visible and is never written to afterwards."""

answers = Table(
    "answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("created", String(40), nullable=False),
    Column("vertical", String(64), nullable=False),
    Column("collection", String(128), nullable=False),
    Column("question", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Index("answers_created", "created"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("created", String(40), nullable=False),
    Column("answer_id", String(64), nullable=False),
    Column("claim", Integer),
    Column("rating", Integer, nullable=False),
    Column("correction", Text, nullable=False),
    Column("user", String(128), nullable=False),
    ForeignKeyConstraint(["answer_id"], ["answers.id"]),
)
