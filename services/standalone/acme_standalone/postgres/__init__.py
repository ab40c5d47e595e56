"""PostgreSQL 18 with pgvector on this machine, from the programs of a wheel."""

from acme_standalone.postgres.server import EmbeddedPostgres, PostgresFailedError

__all__ = ["EmbeddedPostgres", "PostgresFailedError"]
