"""Finds and runs the migrations under `alembic/` at the root of the workspace."""

import os
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from alembic import command


def migrations_dir() -> Path:
    """`ACME_MIGRATIONS_DIR`, else the workspace's own folder."""
    configured = os.environ.get("ACME_MIGRATIONS_DIR")
    return Path(configured) if configured else Path(__file__).resolve().parents[3] / "alembic"


def alembic_config(url: str | None = None) -> Config:
    folder = migrations_dir()
    if not (folder / "env.py").is_file():
        raise FileNotFoundError(f"no migrations in {folder}: set ACME_MIGRATIONS_DIR")
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(rev)s_%%(slug)s")
    if url is not None:
        config.attributes["url"] = url
    return config


def head() -> str | None:
    """The newest revision that this code has."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def upgrade(url: str, revision: str = "head") -> None:
    command.upgrade(alembic_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(alembic_config(url), revision)


def check(url: str) -> None:
    """Raise when the models and the migrated database differ."""
    command.check(alembic_config(url))


def revision(url: str, message: str) -> None:
    """Write a new migration from the difference between the models and the database."""
    command.revision(alembic_config(url), message=message, autogenerate=True)
