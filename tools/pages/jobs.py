"""docs/reference/jobs.md, from the catalogue and the workers' plans."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from acme_config.jobs import JobName
from acme_jobs.catalogue import CATALOGUE
from acme_jobs.contracts import JobContract, Payload
from acme_main import relay, worker
from acme_media import worker as media_worker

HEAD = """A job is a row of the outbox, written in the transaction of its cause; the queue carries its id only
([decision 1](../decisions/0001-one-outbox-for-every-job.md)). A try that fails is repeated after one second,
then two, four and so on, up to five minutes; after its last try a job has failed, and its subject says so.

| Job | Queue | Of | Tries | Time-out |
|---|---|---|---:|---:|
"""
CLOCK = """
## By the clock

Each of these runs once at its time, however many workers there are.

| Job | Worker |
|---|---|
"""
WORKERS: dict[str, ModuleType] = {
    "relay": relay,
    "main": worker,
    "images and faces": media_worker,
}


def page(written: str) -> str:
    rows = sorted(_row(contract) for contract in CATALOGUE)
    found = sorted((name, where) for where, module in WORKERS.items() for name in _periodic(module))
    clock = [f"| `{name}` | {where} |\n" for name, where in found]
    return "# Jobs\n\n" + written + "\n" + HEAD + "".join(rows) + CLOCK + "".join(clock)


def _row(contract: JobContract[Payload]) -> str:
    fields = ", ".join(f"`{name}`" for name in contract.payload.model_fields)
    return (
        f"| `{contract.name}` | `{contract.queue}` | {fields} | {contract.max_attempts} "
        f"| {contract.timeout_s:g} s |\n"
    )


def _periodic(module: ModuleType) -> Iterator[JobName]:
    """The jobs that the module gives times to: `Periodic(JobName.X, ...)`."""
    tree = ast.parse(Path(inspect.getfile(module)).read_text())
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="Periodic"),
                args=[ast.Attribute(value=ast.Name(id="JobName"), attr=name), *_],
            ):
                yield JobName[name]
