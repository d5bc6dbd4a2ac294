"""Brings a catalog's schema up to date with Alembic, and refuses a catalog newer than this program."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from core.errors import StorageError

HEAD = "0001"
"""The newest revision in `migrations/versions`; a test holds it to that. Known here so that opening an
up-to-date catalog does not load Alembic."""


def where(engine: Engine) -> str:
    """The catalog's URL without its password, for messages."""
    return engine.url.render_as_string(hide_password=True)


def revision(engine: Engine) -> str | None:
    """The revision a catalog is at, None where it has no schema yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine) -> None:
    """Migrates to HEAD in one transaction. Raises StorageError for a revision that this program does not know."""
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    current = revision(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise StorageError(
            f"The catalog {where(engine)} is at revision {current}, newer than this program",
            "Update plumbline, or set PLUMBLINE_HOME to another folder.",
        )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
