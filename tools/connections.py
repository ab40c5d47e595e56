"""Writes the budget of database connections into docs/scaling.md, from the values of chart and PgBouncer.

Raises where the greatest fleet would ask for more than there is.
"""

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from acme_config.settings import DatabaseSettings
from tools.tables import keep, markdown

ROOT = Path(__file__).resolve().parent.parent
VALUES = ROOT / "deploy" / "helm" / "acme-photos" / "values.yaml"
PGBOUNCER = ROOT / "deploy" / "pgbouncer.ini"
PAGE = ROOT / "docs" / "scaling.md"

SURGE = 1
"""Pods of a deployment beyond its most, while it is rolled out."""
POSTGRES_DEFAULT = 100
RESERVED = 3
"""max_connections of PostgreSQL as it comes, and those that it keeps for its superusers."""
MIGRATION = 1
VERIFY = 1
"""Past PgBouncer: a migration, and `acme verify` by the clock."""


@dataclass(frozen=True)
class Share:
    """What all pods of one kind may hold at once."""

    name: str
    pods: int
    processes: int
    pool: int
    replica_pool: int = 0

    @property
    def primary(self) -> int:
        return self.pods * self.processes * self.pool

    @property
    def replica(self) -> int:
        return self.pods * self.processes * self.replica_pool


@dataclass(frozen=True)
class Budget:
    shares: tuple[Share, ...]
    clients: int
    """That PgBouncer takes."""
    servers: int
    """That it opens itself, of one database and user."""

    @property
    def asked(self) -> int:
        return sum(share.primary for share in self.shares)

    @property
    def opened(self) -> int:
        """At PostgreSQL, with PgBouncer between."""
        return min(self.asked, self.servers) + MIGRATION + VERIFY

    def require_enough(self, max_connections: int = POSTGRES_DEFAULT) -> None:
        """Raises ValueError."""
        if self.asked > self.clients:
            raise ValueError(f"{self.asked} connections are asked of PgBouncer, which takes {self.clients}")
        if self.opened > max_connections - RESERVED:
            raise ValueError(
                f"{self.opened} connections are opened to PostgreSQL, which has {max_connections}"
            )


def budget(values: Mapping[str, Any], pgbouncer: str) -> Budget:
    limits = configparser.ConfigParser(interpolation=None)
    limits.read_string(pgbouncer)
    clients, servers = (int(limits["pgbouncer"][name]) for name in ("max_client_conn", "default_pool_size"))
    return Budget(tuple(_shares(values)), clients, servers)


def _shares(values: Mapping[str, Any]) -> Iterator[Share]:
    config = values["config"]
    pool = int(config.get("DATABASE_POOL_SIZE", _default("pool_size")))
    replica_pool = int(config.get("DATABASE_REPLICA_POOL_SIZE", _default("replica_pool_size")))
    for name, api in values["apis"].items():
        reads = replica_pool if "DATABASE_REPLICA_URL" in api["optionalSecrets"] else 0
        yield Share(f"api-{name}", api["replicas"]["max"] + SURGE, int(config["API_WORKERS"]), pool, reads)
    for name, worker in values["workers"].items():
        yield Share(f"worker-{name}", worker["replicas"]["max"] + SURGE, 1, pool)


def _default(name: str) -> int:
    return int(DatabaseSettings.model_fields[name].default)


def table(planned: Budget) -> str:
    rows = [
        (
            share.name,
            str(share.pods),
            str(share.processes),
            str(share.pool),
            str(share.primary),
            str(share.replica),
        )
        for share in planned.shares
    ]
    replica = sum(share.replica for share in planned.shares)
    rows.append(("**together**", "", "", "", f"**{planned.asked}**", f"**{replica}**"))
    head = ("Process", "Pods at most", "Processes each", "Pool of each", "Connections", "To the replica")
    return markdown(head, rows) + (
        f"\nOf PgBouncer {planned.asked} are asked, which takes {planned.clients}; it opens "
        f"{min(planned.asked, planned.servers)} to PostgreSQL, a migration {MIGRATION} and "
        f"`acme verify` {VERIFY} past it: {planned.opened} of the {POSTGRES_DEFAULT - RESERVED} "
        "that PostgreSQL has for them as it comes.\n"
    )


def main() -> int:
    planned = budget(yaml.safe_load(VALUES.read_text()), PGBOUNCER.read_text())
    planned.require_enough()
    return keep(PAGE, {"connections": table(planned)})


if __name__ == "__main__":
    raise SystemExit(main())
