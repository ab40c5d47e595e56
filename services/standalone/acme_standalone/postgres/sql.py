"""Statements that need the superuser, through the wheel's psql: callable where an event loop already runs."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from acme_standalone.postgres.cluster import ROLE
from acme_standalone.processes.binaries import postgres_program
from acme_standalone.processes.command import Command

# psql quotes :"name" itself; standard input is the only place where it replaces variables.
CREATE = f'CREATE DATABASE :"name" OWNER {ROLE};'
COPY = f'CREATE DATABASE :"name" OWNER {ROLE} TEMPLATE :"template" STRATEGY file_copy;'
DROP = 'DROP DATABASE IF EXISTS :"name" WITH (FORCE);'


def create_database(superuser_url: str, name: str, template: str | None) -> None:
    if template is None:
        _run(superuser_url, CREATE, name=name)
    else:
        _run(superuser_url, COPY, name=name, template=template)


def drop_database(superuser_url: str, name: str) -> None:
    _run(superuser_url, DROP, name=name)


def _run(superuser_url: str, statement: str, **names: str) -> None:
    url = urlsplit(superuser_url)
    # In the environment rather than on the command line, which everybody can read.
    environment = {"PATH": os.defpath, "PGPASSWORD": url.password or "", "PGPASSFILE": os.devnull}
    variables = [f"--set={key}={value}" for key, value in {"ON_ERROR_STOP": "1", **names}.items()]
    target = (
        f"--host={url.hostname}",
        f"--port={url.port}",
        f"--username={url.username}",
        "--dbname=template1",
    )
    psql = str(Path(postgres_program("psql")))
    Command((psql, "--no-psqlrc", "--quiet", "--no-password", *variables, *target), environment).run(
        statement
    )
