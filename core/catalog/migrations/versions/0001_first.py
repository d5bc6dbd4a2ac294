"""The first schema: collections, sources, passages, values, segments, answers, feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created", sa.String(length=40), nullable=False),
        sa.Column("vertical", sa.String(length=64), nullable=False),
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("answers_created", "answers", ["created"], unique=False)
    op.create_table(
        "collections",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("vertical", sa.String(length=64), nullable=False),
        sa.Column("index_version", sa.String(length=64), server_default="", nullable=False),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "removals",
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("passage_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("collection", "passage_id"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("created", sa.String(length=40), nullable=False),
        sa.Column("answer_id", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "segments",
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("index_version", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection"],
            ["collections.name"],
        ),
        sa.PrimaryKeyConstraint("collection", "index_version", "name"),
    )
    op.create_table(
        "sources",
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=16), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("added", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection"],
            ["collections.name"],
        ),
        sa.PrimaryKeyConstraint("collection", "id"),
    )
    op.create_table(
        "locations",
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["collection", "source_id"], ["sources.collection", "sources.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collection", "path"),
    )
    op.create_index("locations_source", "locations", ["collection", "source_id"], unique=False)
    op.create_table(
        "passages",
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("locator", sa.JSON(), nullable=False),
        sa.Column("heading_path", sa.JSON(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["collection", "source_id"], ["sources.collection", "sources.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collection", "id"),
    )
    op.create_index("passages_source", "passages", ["collection", "source_id", "ordinal"], unique=False)
    op.create_table(
        "values",
        sa.Column("collection", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("metric", sa.String(length=128), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("printed", sa.Text(), nullable=False),
        sa.Column("locator", sa.JSON(), nullable=False),
        sa.Column("scale", sa.Integer(), nullable=True),
        sa.Column("concept", sa.Text(), nullable=True),
        sa.Column("statement", sa.String(length=64), nullable=False),
        sa.Column("dimensions", sa.JSON(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["collection", "source_id"], ["sources.collection", "sources.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("collection", "id"),
    )
    op.create_index("values_metric", "values", ["collection", "entity", "metric"], unique=False)
    op.create_index("values_source", "values", ["collection", "source_id"], unique=False)


def downgrade() -> None:
    op.drop_index("values_source", table_name="values")
    op.drop_index("values_metric", table_name="values")
    op.drop_table("values")
    op.drop_index("passages_source", table_name="passages")
    op.drop_table("passages")
    op.drop_index("locations_source", table_name="locations")
    op.drop_table("locations")
    op.drop_table("sources")
    op.drop_table("segments")
    op.drop_table("feedback")
    op.drop_table("removals")
    op.drop_table("collections")
    op.drop_index("answers_created", table_name="answers")
    op.drop_table("answers")
