"""Done once at each start, before the services: `python -m acme_standalone.supervisor.steps NAME`.

A step runs in a process of its own (its libraries are heavy and the supervisor stays small), reads the
settings from the environment, and may run any number of times.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

Work = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True)
class Step:
    name: str
    after: tuple[str, ...]
    work: Work


def migrate(environment: Mapping[str, str]) -> None:
    import_module("acme_db.migrations").upgrade(environment["DATABASE_URL"])


def make_bucket(environment: Mapping[str, str]) -> None:
    settings = import_module("acme_config.settings")
    gateway = import_module("acme_storage.gateway").ObjectStorage(settings.StorageSettings())
    asyncio.run(gateway.ensure_bucket(json.loads(environment["CORS_ORIGINS"])))


STEPS = (
    Step("migrations", ("postgres",), migrate),
    Step("bucket", ("objectstore",), make_bucket),
)


def main() -> None:
    step = next(step for step in STEPS if step.name == sys.argv[1])
    step.work(os.environ)


if __name__ == "__main__":
    main()
